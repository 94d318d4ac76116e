"""Limits that hold everywhere, with their units. Parts with more limits keep their own limits.py."""

from __future__ import annotations

REQUEST_BYTES = 1 << 20  # an ordinary form or JSON body
FORM_FIELDS = 400  # parts of one form
TEXT_CHARS = 200  # one line of text
LONG_TEXT_CHARS = 20_000  # narrative, remarks (domain dictionary, 3.1)
QUERY_CHARS = 200  # a search
PAGE_ROWS = 50  # rows of a list page
PAGE_ROWS_MAX = 200  # rows an API caller may ask for
COUNT_CAP = 1_000  # a list says "more than" beyond this
QUANTITY_DIGITS = 28  # digits of a quantity in all
QUANTITY_DECIMALS = 12  # decimals of a quantity
STATEMENT_SECONDS = 30  # a web request's SQL statement
CONNECTION_SECONDS = 10  # waiting for a free database connection, and for one that is called off
POOL_CONNECTIONS = 8  # database connections of one process
JSON_DEPTH = 8  # nesting of a stored payload
FREE_DISK_BYTES = 256 << 20  # below this nothing large is accepted and nothing new starts
RUN_PATH_BYTES = 90  # a socket's folder; the kernel allows 107 bytes for the whole path
EARLIEST_YEAR = 1900  # a date in a record
LATEST_YEAR = 2100
