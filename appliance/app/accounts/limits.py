"""Limits of accounts, with their units."""

from __future__ import annotations

PASSWORD_CHARS_MIN = 12
PASSWORD_CHARS = 200
NAME_CHARS = 120  # of a person
LOGIN_CHARS = 40
AGENT_CHARS = 200  # what a browser says of itself
TOUCH_SECONDS = 60  # a session seen again within this time is not written
HALF_SECONDS = 600  # between password and second factor
FREE_TRIES = 5  # per login name, then each failure doubles the wait
FREE_TRIES_ADDRESS = 20  # a whole office may stand behind one address
WAIT_SECONDS_MAX = 900
FORGET_SECONDS = 3_600  # failures older than this count no more
HASHES_AT_ONCE = 2
HASHES_WAITING = 40
RECOVERY_CODES = 10
RESET_HOURS = 72
FIRST_LINK_DAYS = 7
TOKENS = 20  # live tokens of one person
TOKEN_DAYS = 365
SESSIONS_SHOWN = 50
EVENTS_SHOWN = 100
IDLE_DAYS = 90  # days in use without a sign-in of this person
IDLE_WARNING_DAYS = 10
KEPT_FIELDS = 400  # of a form that was being filled when the session ended
KEPT_CHARS = 200_000
IMPORT_ROWS = 1_000
IMPORT_BYTES = 128 << 10
ENDED_SESSION_DAYS = 30
EVENT_DAYS = 400
REDIRECT_CHARS = 2_000
