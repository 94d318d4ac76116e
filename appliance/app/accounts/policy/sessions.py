"""When a session is over, how long failed tries wait, who is idle, what a browser is called."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from appliance.app.accounts import limits

# A session that seems to begin later than this after now was made by a clock that ran ahead.
AHEAD = timedelta(days=1)
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
