"""When a session is over, how long failed tries wait, who is idle, what a browser is called."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from appliance.app.accounts import limits
from appliance.core import clock

# What seems to begin later than this after now was made by a clock that ran ahead.
AHEAD = clock.BACKWARD_TOLERANCE
BROWSERS = (
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
    ("curl/", "curl"),
)
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


class Times(NamedTuple):
    """The moments of a session."""

    made_at: datetime
    seen_at: datetime
    ends_at: datetime


def is_over(times: Times, now: datetime, idle: timedelta) -> bool:
    """Whether a session has ended by time, if the clock is right."""
    return now >= times.ends_at or now - times.seen_at >= idle or times.made_at - now > AHEAD


class Bounds(NamedTuple):
    """Where the moments of a code, link or token must lie for it to count."""

    ends_after: datetime
    made_until: datetime
    ends_until: datetime

    def hold(self, made_at: datetime, ends_at: datetime) -> bool:
        """Whether something made and ending then counts."""
        return made_at <= self.made_until and self.ends_after < ends_at <= self.ends_until


def bounds(now: datetime, longest: timedelta, *, believed: bool) -> Bounds:
    """What counts now, if it may last so long; a clock nobody believes lets nothing be over.

    A clock that stood years ahead gave moments years ahead: once the clock is right again, what it
    made is over, or it would live until then.
    """
    if not believed:
        always = datetime.max.replace(tzinfo=now.tzinfo)
        return Bounds(datetime.min.replace(tzinfo=now.tzinfo), always, always)
    return Bounds(now, now + AHEAD, now + longest + AHEAD)


def is_stale(seen_at: datetime, now: datetime) -> bool:
    """Whether it is time to note that a session was used."""
    return abs((now - seen_at).total_seconds()) > limits.TOUCH_SECONDS


def wait_seconds(failures: int, free: int) -> int:
    """How long the next try must wait: 1, 2, 4 … seconds once the free tries are used up."""
    if failures < free:
        return 0
    return int(min(2 ** min(failures - free, 30), limits.WAIT_SECONDS_MAX))


def is_idle(idle_days: int) -> bool:
    """Whether an account has slept through so many days in use that it is blocked."""
    return idle_days >= limits.IDLE_DAYS


def name_browser(agent: str) -> str:
    """What a person calls a browser, from what it says of itself."""
    browser = next((name for sign, name in BROWSERS if sign in agent), "")
    system = next((name for sign, name in SYSTEMS if sign in agent), "")
    return " · ".join(part for part in (browser, system) if part) or agent[:40]
