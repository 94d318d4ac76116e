"""The only source of time: wall clock, monotonic clock, and whether the wall clock is believed.

A battery dies and a box wakes in 1970; a wrong setting throws it to 2038. Nothing is deleted, expired or
blocked by a clock that is not trusted. The floor is the newest trusted moment this installation has seen.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from appliance.core.files import write_atomically

RELEASE_TIME = datetime(2026, 11, 1, tzinfo=UTC)
# Clocks drift and are corrected backwards by minutes; a day is more than any honest correction.
BACKWARD_TOLERANCE = timedelta(days=1)
# A box may lie in a store for a year; a longer jump is more likely a wrong clock.
FORWARD_TOLERANCE = timedelta(days=400)
FLOOR_FILE = "clock-floor"


def now() -> datetime:
    """The wall clock, in UTC."""
    return datetime.fromtimestamp(time.time(), UTC)


def monotonic() -> float:
    """Seconds that never run backwards; for durations only."""
    return time.monotonic()


def believable(moment: datetime, floor: datetime) -> bool:
    """Whether a wall-clock reading fits the newest trusted moment."""
    return -BACKWARD_TOLERANCE <= moment - floor <= FORWARD_TOLERANCE


def read_floor(state: Path) -> datetime:
    """The newest trusted moment seen, never before the release was made."""
    try:
        seen = datetime.fromisoformat((state / FLOOR_FILE).read_text(encoding="ascii").strip())
    except (OSError, ValueError):
        return RELEASE_TIME
    return max(RELEASE_TIME, seen) if seen.tzinfo else RELEASE_TIME


def trusted(state: Path) -> bool:
    """Whether the wall clock of this box is believed now."""
    return believable(now(), read_floor(state))


def raise_floor(state: Path) -> bool:
    """Remember the present moment as seen, if it is believed; return whether it was. The floor never sinks."""
    moment, floor = now(), read_floor(state)
    if not believable(moment, floor):
        return False
    write_atomically(state / FLOOR_FILE, max(moment, floor).isoformat().encode("ascii"))
    return True


def confirm(state: Path) -> None:
    """An administrator says that the clock is right: believe it from here on."""
    write_atomically(state / FLOOR_FILE, now().isoformat().encode("ascii"))
