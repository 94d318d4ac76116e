"""Log files of a trial: bounded in size, and read back for the one line that says why something failed."""

from __future__ import annotations

import os
from pathlib import Path

LOG_BYTES = 10 << 20  # a longer file is set aside when its process starts; one older file is kept
TAIL_BYTES = 4096  # what is read of a file's end
LINE_CHARS = 300  # what is shown of one line
FULL = "No space left on device"  # whatever else was said, this is why


def rotate(path: Path, limit: int = LOG_BYTES) -> None:
    """Set a long log file aside, in place of the one before it."""
    try:
        if path.stat().st_size > limit:
            path.replace(path.with_name(path.name + ".1"))
    except FileNotFoundError:
        return


def open_log(path: Path) -> int:
    """A handle for appending; on a full disk nothing is logged, and the process runs all the same."""
    try:
        rotate(path)
        return os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError:
        return os.open(os.devnull, os.O_WRONLY | os.O_CLOEXEC)


def size_of(path: Path) -> int:
    """Bytes that the file has now; none if it is not there."""
    try:
        return path.stat().st_size
    except OSError:
        return 0


def last_lines(path: Path, since: int = 0) -> list[str]:
    """The last lines that came after `since` bytes, each cut to a length that a terminal can show."""
    try:
        with path.open("rb") as stream:
            stream.seek(max(since, size_of(path) - TAIL_BYTES))
            text = stream.read(TAIL_BYTES).decode("utf-8", "replace")
    except OSError:
        return []
    return [line.strip()[:LINE_CHARS] for line in text.splitlines() if line.strip()]


def reason(lines: list[str]) -> str:
    """The part of the lines that says why: PostgreSQL puts advice and farewells after it, others do not."""
    if any(FULL in line for line in lines):
        return FULL
    for mark in ("FATAL:", "PANIC:", "ERROR:", "error:"):
        for line in reversed(lines):
            if mark in line:
                return line[line.index(mark) + len(mark) :].strip()
    return lines[-1] if lines else ""
