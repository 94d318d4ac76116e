"""Processes under measurement: their processor time and memory, children included, read from /proc."""

from __future__ import annotations

import contextlib
import time
from pathlib import Path

PROC = Path("/proc")


def children(pid: int) -> list[int]:
    """The processes that a process started and that still run."""
    found = []
    for folder in PROC.iterdir():
        with contextlib.suppress(OSError, ValueError):
            fields = (
                (folder / "stat")
                .read_text(encoding="ascii", errors="replace")
                .rsplit(") ", 1)[1]
                .split()
            )
            if int(fields[1]) == pid:
                found.append(int(folder.name))
    return found


def family(pid: int) -> list[int]:
    """A process and all that descend from it."""
    return [pid, *(one for child in children(pid) for one in family(child))]


def command(pid: int) -> str:
    """What a process was started as."""
    return (PROC / str(pid) / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")


def processor_seconds(pid: int) -> float:
    """User and system time of a process and its children, in seconds.

    By the clock of the process (clock_getcpuclockid of glibc makes its number so): /proc counts in ticks of
    10 ms, which is a tenth of a round of short requests.
    """
    total = 0.0
    for one in family(pid):
        with contextlib.suppress(OSError):  # it ended a moment ago
            total += time.clock_gettime((~one << 3) | 2)
    return total


def memory(pid: int) -> tuple[int, int]:
    """Resident and proportional memory of a process, in bytes."""
    found = {"Rss": 0, "Pss": 0}
    for line in (PROC / str(pid) / "smaps_rollup").read_text(encoding="ascii").splitlines():
        name, _, rest = line.partition(":")
        if name in found:
            found[name] = int(rest.split()[0]) * 1024
    return found["Rss"], found["Pss"]
