"""What accounts ask of `ncen work` once a day: block who is idle, forget what is over."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from appliance.app.accounts import limits
from appliance.app.accounts.service import idle
from appliance.core import clock, db
from appliance.core.room import JobContext
from appliance.core.settings import get_settings


async def block_idle(_: JobContext) -> Mapping[str, Any]:
    """Block accounts that slept through 90 days in use."""
    return {"blocked": await idle.block_idle()}


async def tidy(_: JobContext) -> Mapping[str, Any]:
    """Forget sessions, failed tries and events that nobody needs any more."""
    if not clock.trusted(get_settings().state):
        return {"skipped": "clock"}
    now = clock.now()
    sessions = await db.execute(
        "DELETE FROM accounts.session WHERE greatest(ends_at, ended_at) < $1",
        now - timedelta(days=limits.ENDED_SESSION_DAYS),
    )
    tries = await db.execute(
        "DELETE FROM accounts.attempt WHERE last_at NOT BETWEEN $1 AND $2",
        now - timedelta(days=1),
        now + timedelta(days=1),
    )
    events = await db.execute(
        "DELETE FROM accounts.security_event WHERE at < $1",
        now - timedelta(days=limits.EVENT_DAYS),
    )
    return {"sessions": sessions, "tries": tries, "events": events}
