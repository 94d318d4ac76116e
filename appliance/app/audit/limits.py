"""Limits of the audit room, with their units."""

from __future__ import annotations

SEAL_ROWS = 2_000  # entries under one seal
SEALS_PER_ROUND = 20  # seals made before the sealer pauses for a second
UNSEALED_SECONDS = 60  # an entry that waits longer for its seal is worth a warning
UNSEALED_CAP = 100_000  # waiting entries are counted up to here
VERIFY_ROWS = 4_000  # sealed entries held in memory at once
VERIFY_SEALS = 50  # seals read at once
FINDINGS = 200  # findings that are named; the others are counted
EXPORT_ROWS = 100_000  # lines of one CSV file
EXPORT_CHUNK = 1_000  # entries read at once for a file
PERSONS = 200  # people whose name fits one search
SEARCH_KEPT_SECONDS = 3_600  # a search looked at again later is a new search
RECORD_ENTRIES = 200  # entries of one record that another room may ask for
ENTRY_NUMBERS = 1 << 63  # the database counts entries below this

EXPORTS_A_MINUTE = 6  # for one person
CHECKS_A_MINUTE = 6  # a check reads the whole trail
