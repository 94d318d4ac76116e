"""Who did, read, searched, exported or printed what, why and from where: the line every room writes.

Entries are inserted in the caller's transaction and never changed; the audit room seals and verifies them.
"""

from __future__ import annotations

import getpass
import os
from collections.abc import Mapping
from contextvars import ContextVar
from enum import StrEnum
from typing import Any
from uuid import UUID

import msgspec

from appliance.core import clock, db
from appliance.core.log import request_id


class Action(StrEnum):
    """What was done."""

    CREATE = "CREATE"
    UPDATE = "UPDATE"
    STATE = "STATE"
    DELETE = "DELETE"
    READ = "READ"
    SEARCH = "SEARCH"
    EXPORT = "EXPORT"
    PRINT = "PRINT"
    IMPORT = "IMPORT"
    SIGN_IN = "SIGN_IN"
    SIGN_IN_FAILED = "SIGN_IN_FAILED"
    SIGN_OUT = "SIGN_OUT"
    SECURITY = "SECURITY"
    REFUSED = "REFUSED"
    SYSTEM = "SYSTEM"


class Actor(msgspec.Struct, frozen=True):
    """Who acts, as text of this moment, so that the entry stays true when names change."""

    id: str = ""
    name: str = "system"
    unit: str = ""
    address: str = ""
    session: str = ""


SYSTEM = Actor()
current_actor: ContextVar[Actor] = ContextVar("current_actor", default=SYSTEM)


def operator() -> Actor:
    """Who sits at the terminal of this machine, as the operating system says."""
    try:
        name = getpass.getuser()
    except (KeyError, OSError):
        name = str(os.getuid())
    return Actor(name=f"system (command line, {name})", address="local")


INSERT = (
    "INSERT INTO audit.entry (at, actor_id, actor_name, actor_unit, address, session, request, action,"
    " room, record, label, purpose, detail) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13)"
)
encode = msgspec.json.Encoder().encode


async def record(
    action: Action,
    room: str,
    record_id: UUID | str = "",
    *,
    label: str = "",
    purpose: str = "",
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Write one entry, in the open transaction if there is one."""
    actor = current_actor.get()
    await db.execute(
        INSERT,
        clock.now(),
        actor.id,
        actor.name,
        actor.unit,
        actor.address,
        actor.session,
        request_id.get(),
        action.value,
        room,
        str(record_id),
        label,
        purpose,
        encode(detail or {}).decode(),
    )
