"""The imports room's own tables: one row per import, per block of rows, and per row that was not loaded."""

from __future__ import annotations

from piccolo.columns import (
    JSONB,
    UUID,
    BigInt,
    BigSerial,
    Boolean,
    Bytea,
    ForeignKey,
    Integer,
    OnDelete,
    Text,
    Timestamptz,
    Varchar,
)
from piccolo.table import Table

from appliance.app.imports.limits import FILE_NAME_CHARS

SCHEMA = "imports"


class ImportBatch(Table, tablename="batch", schema=SCHEMA):
    """One import. Its counts change only together with what is staged for it."""

    id = UUID(primary_key=True, default=None)
    state = Varchar(length=12, default=None)
    mapping = Varchar(length=60, default=None)
    mapping_digest = Varchar(length=64, default="")
    file_name = Varchar(length=FILE_NAME_CHARS, default="")
    file_bytes = BigInt(default=0)
    blob = Varchar(length=64, default=None)
    dry_run = Boolean(default=False)
    repeats = Varchar(length=4, default=None)
    made_at = Timestamptz(default=None)
    made_by = UUID(null=True, default=None)
    made_by_name = Varchar(length=200, default="")
    made_by_unit = Varchar(length=200, default="")
    made_by_office = Varchar(length=20, default="")
    job_id = UUID(null=True, default=None)
    started_at = Timestamptz(null=True, default=None)
    ended_at = Timestamptz(null=True, default=None)
    encoding = Varchar(length=20, default="")
    lines = BigInt(default=0)
    last_row = BigInt(default=0)
    rows = BigInt(default=0)
    loaded = BigInt(default=0)
    held = BigInt(default=0)
    duplicates = BigInt(default=0)
    rejected = BigInt(default=0)
    rounded = BigInt(default=0)
    other_values = BigInt(default=0)
    notes = JSONB(default="{}")
    held_state = Varchar(length=10, default="NONE")
    decided_by_name = Varchar(length=200, default="")
    error = JSONB(default="{}")


class RowBlock(Table, tablename="block", schema=SCHEMA):
    """The loaded rows among a thousand rows of the file, and the digest over their keys."""

    id = BigSerial(primary_key=True)
    batch_id = ForeignKey(ImportBatch, on_delete=OnDelete.restrict, null=False, index=True)
    first_row = BigInt(default=0)
    last_row = BigInt(default=0)
    loaded = Integer(default=0)
    sha256 = Bytea(default=b"")


class RowProblem(Table, tablename="row_problem", schema=SCHEMA):
    """Why a row of the file is not among the cases."""

    id = BigSerial(primary_key=True)
    batch_id = ForeignKey(ImportBatch, on_delete=OnDelete.restrict, null=False, index=False)
    row_no = BigInt(default=0)
    kind = Varchar(length=8, default=None)
    column_name = Varchar(length=200, default="")
    value = Varchar(length=200, default="")
    reason = Text(default="")
    params = JSONB(default="{}")
    source_key = UUID(null=True, default=None)


TABLES = [ImportBatch, RowBlock, RowProblem]
