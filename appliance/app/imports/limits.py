"""Limits of imports, with their units."""

from __future__ import annotations

FILE_BYTES = 1 << 31  # a file given on the command line; uploads have the web layer's smaller limit
UNPACKED_BYTES = 4 << 30  # the CSV inside an archive
UNPACKED_RATIO = 200  # bytes unpacked per byte packed; tables of text reach about 30
RATIO_FREE_BYTES = 64 << 20  # below this size a good ratio threatens nobody
ARCHIVE_LIST_BYTES = 1 << 16  # the list of files in an archive that holds one CSV
READ_BYTES = 1 << 20  # read at a time
HEAD_BYTES = 1 << 18  # read of a new file to answer at once whether it can be imported
LINE_CHARS = 1 << 20  # one line of the file
FIELD_CHARS = 1 << 17  # one value as it stands in the file
COLUMNS = 500  # columns of a file
CHUNK_ROWS = 4_000  # rows that are checked and staged in one transaction
CHUNK_CHARS = 4 << 20  # characters of these rows; ordinary ones have a fifth of it
BLOCK_ROWS = 1_000  # rows that one audit entry answers for, at most; divides CHUNK_ROWS
SKIP_ROWS = 20_000  # rows counted at a time while a resumed import finds its place
CACHED_VALUES = 20_000  # spellings of one column whose meaning is remembered
CACHED_LINES = 5_000  # combinations of spellings of one line of a case
CACHED_CHARS = 500_000  # characters of what is remembered of one column or line, in all
CACHED_VALUE_CHARS = 200  # a longer spelling hardly comes again and is not remembered
DISTINCT_ROWS = 300_000  # rows told apart in memory; further ones are told apart in the database
EXAMPLES = 50  # spellings listed for each column
EXAMPLE_CHARS = 80  # of a value shown in a report
ROW_PROBLEMS = 5  # problems listed for one row
PUBLISH_TRIES = 3  # two imports of one file at once: the later one reads again
FILE_NAME_CHARS = 200
NOTICE_SECONDS = 15  # after this the command says that nobody takes up the import
WAIT_SECONDS = 120  # after this the command stops waiting for a start
POLL_SECONDS = 0.3
STALE_SECONDS = 60  # how often imports whose job has ended are looked for

TEXT_CHARS = 400  # texts of a case, where the next lines say nothing else
TEXT_CHARS_OF = {
    "event_time": 20,
    "office_code": 20,
    "locode": 5,
    "hs6": 6,
    "currency": 3,
    "language": 10,
    "admin_division": 200,
    "operation": 200,
    "narrative": 20_000,
    "modus_operandi": 20_000,
}

IMPORTS_A_MINUTE = 20  # for one person
EXPORTS_A_MINUTE = 10  # for one person
