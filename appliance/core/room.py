"""What a room declares about itself: rights, grants, jobs, menu. The rest of the house loops over these.

A room never registers itself by side effect; its `__init__` holds one `ROOM = Room(...)`.
"""

from __future__ import annotations

import importlib
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from importlib.util import find_spec
from typing import Any, NamedTuple

from appliance.core.i18n import N_


class Role(StrEnum):
    """The duties a person may hold; one person may hold several."""

    OFFICER = "OFFICER"
    SUPERVISOR = "SUPERVISOR"
    INVESTIGATOR = "INVESTIGATOR"
    ANALYST = "ANALYST"
    NCP = "NCP"
    TRAINER = "TRAINER"
    AUDITOR = "AUDITOR"
    ADMIN = "ADMIN"


ROLE_LABELS: Mapping[Role, str] = {
    Role.OFFICER: N_("Officer"),
    Role.SUPERVISOR: N_("Supervisor"),
    Role.INVESTIGATOR: N_("Investigator"),
    Role.ANALYST: N_("Analyst"),
    Role.NCP: N_("National contact point"),
    Role.TRAINER: N_("Trainer"),
    Role.AUDITOR: N_("Auditor, data protection"),
    Role.ADMIN: N_("Local administrator"),
}
# The local administrator keeps the server running and never sees case content.
CASE_ROLES = frozenset(Role) - {Role.ADMIN}
ALL_ROLES = frozenset(Role)


@dataclass(frozen=True, slots=True)
class Right:
    """Something a person may do, the roles that may do it, and what it is called where somebody hands it on."""

    name: str
    roles: frozenset[Role]
    label: str


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """A line of the navigation; shown to those who hold the right."""

    label: str
    url: str
    icon: str
    right: str
    group: str = ""
    order: int = 50


class Waiting(NamedTuple):
    """Something that waits for a person: a line of the desk."""

    label: str
    number: int
    url: str
    icon: str = "inbox"
    urgent: bool = False


JobHandler = Callable[["JobContext"], Awaitable[Mapping[str, Any] | None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """Work that `ncen work` does: asked for by a row, or repeated every `every_seconds`.

    `handler` is "module:function" inside the room, loaded when first run. A heavy job runs in a process of its own.
    """

    kind: str
    handler: str
    every_seconds: int = 0
    heavy: bool = False
    attempts: int = 3


@dataclass(slots=True)
class JobContext:
    """What a running job is given: its id, what was asked, and a way to tell how far it is."""

    job_id: str
    payload: Mapping[str, Any]
    report: Callable[[Mapping[str, Any]], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """A room of the house; its name is its database schema, its address and its folder of templates.

    `listens` names handlers of other rooms' facts, `seed` what brings the room's own lists after a migration,
    `waiting` what tells a person on the desk what waits for him; each as "module:function".
    """

    name: str
    title: str
    rights: tuple[Right, ...] = ()
    grants: Mapping[str, str] = field(default_factory=dict)
    jobs: tuple[Job, ...] = ()
    menu: tuple[MenuEntry, ...] = ()
    listens: Mapping[str, str] = field(default_factory=dict)
    seed: str = ""
    waiting: str = ""


def room_module(name: str, part: str = "") -> str:
    """The dotted name of a room or of one of its parts."""
    return f"appliance.app.{name}" + (f".{part}" if part else "")


def has_part(name: str, part: str) -> bool:
    """Whether a room keeps a part such as routes or jobs."""
    return find_spec(room_module(name, part)) is not None


def has_migrations(name: str) -> bool:
    """Whether a room has tables of its own."""
    return has_part(name, "piccolo_app")


def load_rooms(names: Iterable[str]) -> tuple[Room, ...]:
    """The declarations of the named rooms."""
    return tuple(importlib.import_module(room_module(name)).ROOM for name in names)


def load_attribute(name: str, reference: str) -> Any:
    """What "module:attribute" names inside a room."""
    part, attribute = reference.split(":")
    return getattr(importlib.import_module(room_module(name, part)), attribute)


def rights_by_name(rooms: Iterable[Room]) -> dict[str, Right]:
    """Every declared right; a name declared twice is a mistake of the house."""
    found: dict[str, Right] = {}
    for room in rooms:
        for right in room.rights:
            if right.name in found:
                message = f"right {right.name} is declared twice"
                raise ValueError(message)
            found[right.name] = right
    return found
