"""The seizure database's own tables. None of them leaves this room; the full-text column is search's.

Required is a property of a form, not of a table: old and foreign records live here too.
"""

from __future__ import annotations

from piccolo.columns import (
    JSONB,
    UUID,
    Array,
    Boolean,
    Bytea,
    Date,
    ForeignKey,
    Integer,
    Numeric,
    OnDelete,
    Text,
    Timestamptz,
    Varchar,
)
from piccolo.constraints import Unique
from piccolo.table import Table

SCHEMA = "seizures"
NR = "NOT_RECORDED"


class CaseFile(Table, tablename="case_file", schema=SCHEMA):
    """A seizure or an offence (domain dictionary 3.1)."""

    id = UUID(primary_key=True, default=None)
    client_uuid = UUID(null=True, default=None)
    client_digest = Bytea(null=True, default=None)
    export_id = UUID()
    case_ref = Varchar(length=60, default="")
    origin = Varchar(length=10, default=None)
    status = Varchar(length=10, default=None)
    version = Integer(default=1)
    case_kind = Varchar(length=40, default=None)
    event_date = Date(default=None)
    event_time = Varchar(length=20, default="")
    country = Varchar(length=20, default=None)
    office_code = Varchar(length=20, default="")
    place_type = Varchar(length=40, default=NR)
    locode = Varchar(length=5, default="")
    place_text = Varchar(length=400, default="")
    admin_division = Varchar(length=200, default="")
    direction = Varchar(length=40, default=NR)
    procedure = Varchar(length=40, default=NR)
    declared = Varchar(length=40, default=NR)
    mode = Varchar(length=40, default=NR)
    why_selected = Varchar(length=40, default=NR)
    how_found = Varchar(length=40, default=NR)
    offence_types = Array(Varchar(length=40), default=list)
    operation = Varchar(length=200, default="")
    legal_basis = Varchar(length=400, default="")
    narrative = Text(default="")
    modus_operandi = Text(default="")
    estimated_value = Numeric(null=True, default=None)
    currency = Varchar(length=3, default="")
    valuation_basis = Varchar(length=40, default=NR)
    legal_state = Varchar(length=40, default=NR)
    outcome = Varchar(length=40, default=NR)
    exceptional = Boolean(default=False)
    language = Varchar(length=10, default="")
    typed = JSONB(default="{}")
    heading = Varchar(length=40, default=NR)
    subtype = Varchar(length=40, default=NR)
    quantity = Numeric(null=True, default=None)
    unit = Varchar(length=40, default=NR)
    lines = Integer(default=0)
    search_text = Text(default="")
    batch_id = UUID(null=True, default=None)
    source_row = Integer(null=True, default=None)
    source_key = UUID(null=True, default=None)
    lists_edition = Varchar(length=20, default="")
    entered_by = UUID(null=True, default=None)
    entered_by_name = Varchar(length=200, default="")
    entered_at = Timestamptz(default=None)
    submitted_at = Timestamptz(null=True, default=None)
    validated_by = UUID(null=True, default=None)
    validated_by_name = Varchar(length=200, default="")
    validated_at = Timestamptz(null=True, default=None)


class CommodityLine(Table, tablename="commodity", schema=SCHEMA):
    """Goods of a case (3.2); quantities keep all their digits, the typed text stands beside."""

    id = UUID(primary_key=True, default=None)
    case_id = ForeignKey(CaseFile, on_delete=OnDelete.restrict, null=False, index=True)
    seq = Integer(default=1)
    heading = Varchar(length=40, default=NR)
    subtype = Varchar(length=40, default=NR)
    hs6 = Varchar(length=6, default="")
    description = Varchar(length=400, default="")
    quantity = Numeric(null=True, default=None)
    unit = Varchar(length=40, default=NR)
    quantity_typed = Varchar(length=80, default="")
    unit_typed = Varchar(length=80, default="")
    quantity2 = Numeric(null=True, default=None)
    unit2 = Varchar(length=40, default=NR)
    measure_quality = Varchar(length=40, default=NR)
    kg_equivalent = Numeric(null=True, default=None)
    packages = Integer(null=True, default=None)
    package_type = Varchar(length=40, default=NR)
    origin_country = Varchar(length=20, default=NR)
    condition = Varchar(length=40, default=NR)
    attributes = JSONB(default="{}")
    typed = JSONB(default="{}")


class RouteLeg(Table, tablename="route_leg", schema=SCHEMA):
    """A point of the route (3.6)."""

    id = UUID(primary_key=True, default=None)
    case_id = ForeignKey(CaseFile, on_delete=OnDelete.restrict, null=False, index=True)
    seq = Integer(default=1)
    role = Varchar(length=40, default=None)
    country = Varchar(length=20, default=NR)
    locode = Varchar(length=5, default="")
    place_text = Varchar(length=400, default="")
    mode = Varchar(length=40, default=NR)
    confidence = Varchar(length=40, default=NR)
    typed = JSONB(default="{}")


class HidingPlace(Table, tablename="concealment", schema=SCHEMA):
    """Where and how the goods were hidden (3.5)."""

    id = UUID(primary_key=True, default=None)
    case_id = ForeignKey(CaseFile, on_delete=OnDelete.restrict, null=False, index=True)
    seq = Integer(default=1)
    place = Varchar(length=40, default=NR)
    description = Text(default="")
    typed = JSONB(default="{}")


class CaseVersion(Table, tablename="case_version", schema=SCHEMA):
    """What changed in a case, by whom and why."""

    id = UUID(primary_key=True, default=None)
    case_id = ForeignKey(CaseFile, on_delete=OnDelete.restrict, null=False, index=True)
    version = Integer(default=1)
    at = Timestamptz(default=None)
    by_id = UUID(null=True, default=None)
    by_name = Varchar(length=200, default="")
    what = Varchar(length=40, default="")
    reason = Text(default="")
    changes = JSONB(default="{}")

    once = Unique([case_id, version])


class NumberCounter(Table, tablename="number_counter", schema=SCHEMA):
    """The next case number of an office in a year."""

    id = Varchar(length=40, primary_key=True, default=None)
    next_number = Integer(default=1)


TABLES: list[type[Table]] = [
    CaseFile,
    CommodityLine,
    RouteLeg,
    HidingPlace,
    CaseVersion,
    NumberCounter,
]
