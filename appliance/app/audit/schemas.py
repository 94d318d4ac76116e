"""What the audit room shows and takes: entries as readers see them, filters, labels of actions."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

import msgspec

from appliance.core import limits
from appliance.core.audit import Action
from appliance.core.fields import Field, FieldSet, Kind
from appliance.core.i18n import N_

ACTION_LABELS: dict[Action, str] = {
    Action.CREATE: N_("Entered"),
    Action.UPDATE: N_("Changed"),
    Action.STATE: N_("Changed the state"),
    Action.DELETE: N_("Removed"),
    Action.READ: N_("Read"),
    Action.SEARCH: N_("Searched"),
    Action.EXPORT: N_("Exported"),
    Action.PRINT: N_("Printed"),
    Action.IMPORT: N_("Imported"),
    Action.SIGN_IN: N_("Signed in"),
    Action.SIGN_IN_FAILED: N_("Failed to sign in"),
    Action.SIGN_OUT: N_("Signed out"),
    Action.SECURITY: N_("Changed a right or a secret"),
    Action.REFUSED: N_("Was refused"),
    Action.SYSTEM: N_("Done by the system"),
}


class SealState(StrEnum):
    """Whether an entry is under a seal."""

    SEALED = "SEALED"
    WAITING = "WAITING"


SEAL_LABELS: dict[SealState, str] = {
    SealState.SEALED: N_("Sealed"),
    SealState.WAITING: N_("Not yet sealed"),
}

NUMBER_DIGITS = 18  # of an entry's number in an address
LARGEST_NUMBER = Decimal(10**NUMBER_DIGITS - 1)

FILTERS = FieldSet(
    Field(
        name="person",
        label=N_("Person"),
        kind=Kind.SEARCH,
        help=N_("A part of the name, or the account's id."),
    ),
    Field(name="action", label=N_("Action"), kind=Kind.CODE, code_list="ACTION"),
    Field(name="room", label=N_("Part of the application"), kind=Kind.CODE, code_list="ROOM"),
    Field(
        name="record",
        label=N_("Record"),
        kind=Kind.SEARCH,
        help=N_("A case number or a part of a title, or the record's id."),
    ),
    Field(name="purpose", label=N_("Purpose"), kind=Kind.SEARCH),
    Field(name="from", label=N_("From"), kind=Kind.DATE),
    Field(name="to", label=N_("To"), kind=Kind.DATE),
    Field(name="seal", label=N_("Seal"), kind=Kind.CODE, code_list="SEAL"),
)
# What a program may ask of the list beside the filters; a page turns by the last two.
PAGE = FieldSet(
    Field(
        name="rows",
        label=N_("Rows"),
        kind=Kind.INTEGER,
        minimum=Decimal(1),
        maximum=Decimal(limits.PAGE_ROWS_MAX),
    ),
    Field(
        name="before",
        label=N_("Next"),
        kind=Kind.INTEGER,
        minimum=Decimal(0),
        maximum=LARGEST_NUMBER,
    ),
    Field(
        name="after",
        label=N_("Previous"),
        kind=Kind.INTEGER,
        minimum=Decimal(0),
        maximum=LARGEST_NUMBER,
    ),
)


class AuditEntry(msgspec.Struct, frozen=True):
    """One line of the trail; `sealed` tells whether a seal already holds it."""

    n: int
    at: datetime
    actor_id: str
    actor_name: str
    actor_unit: str
    address: str
    session: str
    request: str
    action: str
    room: str
    record: str
    label: str
    purpose: str
    detail: msgspec.Raw
    sealed: bool

    def details(self) -> dict[str, Any]:
        """What was noted beside, as values."""
        found: dict[str, Any] = msgspec.json.decode(self.detail, type=dict[str, Any])
        return found


class AuditPage(msgspec.Struct, frozen=True):
    """A page of the trail, newest first; `next` is the number to ask `before` for the page after it."""

    entries: list[AuditEntry]
    next: int | None = None
    previous: int | None = None


class SealFacts(msgspec.Struct, frozen=True):
    """The seal that holds an entry."""

    number: int
    at: datetime
    sha256: str


class AskedSearch(msgspec.Struct, frozen=True):
    """A search as the trail itself remembers it."""

    id: UUID
    at: datetime
    actor_id: str
    filters: dict[str, str]
