"""Limits of the web layer, with their units."""

from __future__ import annotations

URL_BYTES = 4_000
COOKIE_BYTES = 4_000
TOKEN_CHARS = 100
FLASH_CHARS = 1_500
FIRST_REQUEST_SECONDS = (
    20.0  # for the head of a connection's first request; 4 kB take half a second at 64 kbit/s
)
HEALTH_SECONDS = 2.0  # how long the database may think about whether it is well
COMPRESS_BYTES = 1_000  # smaller answers are sent as they are
UPLOAD_BYTES = 256 << 20  # an import file
REAUTHENTICATION_SECONDS = 600  # how long a repeated password counts
PURPOSE_CHARS = 3  # of what somebody says an export is for, at least
