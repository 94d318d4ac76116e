"""What other rooms and the API know of a seizure or offence: frozen values, never tables.

Codes stand in the lists of reference; an empty code means that the source did not say (NOT_RECORDED is written then).
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

import msgspec

NOT_RECORDED = "NOT_RECORDED"
UNKNOWN = "UNKNOWN"
# The parts of a case that lie in tables of their own.
PARTS = frozenset({"commodities", "legs", "concealments"})


class Status(StrEnum):
    """Where a case stands in its workflow."""

    DRAFT = "DRAFT"
    SUBMITTED = "SUBMITTED"
    RETURNED = "RETURNED"
    VALIDATED = "VALIDATED"
    LOCKED = "LOCKED"
    EXPUNGED = "EXPUNGED"


class Origin(StrEnum):
    """How a case came into this database."""

    FORM = "FORM"
    API = "API"
    IMPORT = "IMPORT"
    DEMO = "DEMO"


class NewCommodity(msgspec.Struct, frozen=True, kw_only=True):
    """One line of goods; the typed texts stand beside the normalised values."""

    heading: str
    subtype: str = NOT_RECORDED
    hs6: str = ""
    description: str = ""
    quantity: Decimal | None = None
    unit: str = NOT_RECORDED
    quantity_typed: str = ""
    unit_typed: str = ""
    quantity2: Decimal | None = None
    unit2: str = NOT_RECORDED
    measure_quality: str = NOT_RECORDED
    kg_equivalent: Decimal | None = None
    packages: int | None = None
    package_type: str = NOT_RECORDED
    origin_country: str = NOT_RECORDED
    condition: str = NOT_RECORDED
    attributes: dict[str, Any] = {}
    typed: dict[str, str] = {}


class NewLeg(msgspec.Struct, frozen=True, kw_only=True):
    """One point of the route."""

    role: str
    country: str = NOT_RECORDED
    locode: str = ""
    place_text: str = ""
    mode: str = NOT_RECORDED
    confidence: str = NOT_RECORDED
    typed: dict[str, str] = {}


class NewConcealment(msgspec.Struct, frozen=True, kw_only=True):
    """Where and how the goods were hidden."""

    place: str
    description: str = ""
    typed: dict[str, str] = {}


class NewCase(msgspec.Struct, frozen=True, kw_only=True):
    """A case as it enters, from a form, the API, an import or the generator."""

    case_kind: str
    event_date: date
    country: str
    event_time: str = ""
    office_code: str = ""
    place_type: str = NOT_RECORDED
    locode: str = ""
    place_text: str = ""
    admin_division: str = ""
    direction: str = NOT_RECORDED
    procedure: str = NOT_RECORDED
    declared: str = NOT_RECORDED
    mode: str = NOT_RECORDED
    why_selected: str = NOT_RECORDED
    how_found: str = NOT_RECORDED
    offence_types: tuple[str, ...] = ()
    operation: str = ""
    legal_basis: str = ""
    narrative: str = ""
    modus_operandi: str = ""
    estimated_value: Decimal | None = None
    currency: str = ""
    valuation_basis: str = NOT_RECORDED
    legal_state: str = NOT_RECORDED
    outcome: str = NOT_RECORDED
    exceptional: bool = False
    language: str = ""
    typed: dict[str, str] = {}
    client_uuid: UUID | None = None
    commodities: tuple[NewCommodity, ...] = ()
    legs: tuple[NewLeg, ...] = ()
    concealments: tuple[NewConcealment, ...] = ()


class StagedRow(msgspec.Struct, frozen=True, kw_only=True):
    """A case on its way in by bulk: its row in the source and the key that finds it again in a second import."""

    row_no: int | None
    source_key: UUID | None
    case: NewCase


class CaseRow(msgspec.Struct, frozen=True, kw_only=True):
    """A case in a list."""

    id: UUID
    case_ref: str
    status: str
    origin: str
    case_kind: str
    event_date: date
    office_code: str
    country: str
    place_text: str
    direction: str
    mode: str
    how_found: str
    heading: str
    subtype: str
    quantity: Decimal | None
    unit: str
    lines: int
    source_row: int | None = None


class CasePage(msgspec.Struct, frozen=True, kw_only=True):
    """A page of a list: rows, the cursor of the next page, and a count that is capped and says so."""

    cases: list[CaseRow]
    next: str = ""
    count: int | None = None
    count_capped: bool = False


class Commodity(NewCommodity, frozen=True, kw_only=True):
    """A stored line of goods."""

    id: UUID
    seq: int


class Leg(NewLeg, frozen=True, kw_only=True):
    """A stored point of the route."""

    id: UUID
    seq: int


class Concealment(NewConcealment, frozen=True, kw_only=True):
    """A stored hiding place."""

    id: UUID
    seq: int


class Version(msgspec.Struct, frozen=True, kw_only=True):
    """A change of a case: who, when, why, what."""

    version: int
    at: datetime
    by_name: str
    what: str
    reason: str = ""
    changes: dict[str, Any] = {}


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """A whole case."""

    id: UUID
    case_ref: str
    export_id: UUID
    status: str
    origin: str
    version: int
    case_kind: str
    event_date: date
    event_time: str
    country: str
    office_code: str
    place_type: str
    locode: str
    place_text: str
    admin_division: str
    direction: str
    procedure: str
    declared: str
    mode: str
    why_selected: str
    how_found: str
    offence_types: list[str]
    operation: str
    legal_basis: str
    narrative: str
    modus_operandi: str
    estimated_value: Decimal | None
    currency: str
    valuation_basis: str
    legal_state: str
    outcome: str
    exceptional: bool
    language: str
    typed: dict[str, str]
    batch_id: UUID | None
    source_row: int | None
    entered_by_name: str
    entered_at: datetime
    submitted_at: datetime | None
    validated_by_name: str
    validated_at: datetime | None
    commodities: list[Commodity]
    legs: list[Leg]
    concealments: list[Concealment]
