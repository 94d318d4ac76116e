"""The audit room's jobs: sealing every second, and a check of the whole trail on request."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from appliance.app.audit import trail
from appliance.app.audit.noted import HeadNote
from appliance.app.audit.sealing import seal_all
from appliance.app.audit.verify import verify as verify_trail
from appliance.core.room import JobContext
from appliance.core.settings import get_settings

NOTE = HeadNote()


async def seal(_: JobContext) -> Mapping[str, Any]:
    """Seal what has come to rest; now and then note the head outside the database."""
    sealed = await seal_all()
    if NOTE.is_due():
        NOTE.note(get_settings().state, await trail.last_seal())
    return {"sealed": sealed}


async def verify(context: JobContext) -> Mapping[str, Any]:
    """Check the whole trail; the result is the report."""
    report: dict[str, Any] = msgspec.to_builtins(await verify_trail(context.report))
    return report
