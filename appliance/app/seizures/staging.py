"""Bulk entry: cases are copied into staging tables, then appear all at once.

An import and the generator of synthetic cases come this way. The staging tables are not logged: after a crash of the
database they are empty, and the import starts its staging again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from operator import attrgetter
from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from appliance.app.seizures.schemas import (
    NOT_RECORDED,
    PARTS,
    NewCase,
    NewCommodity,
    NewConcealment,
    NewLeg,
    Origin,
    StagedRow,
    Status,
)
from appliance.app.seizures.search import search_text
from appliance.core import clock, db, ids
from appliance.core.audit import Actor

encode = msgspec.json.Encoder().encode


def shared(kind: type[msgspec.Struct], *others: str) -> tuple[str, ...]:
    """The fields of a new record that stand in columns of the same name, but for those written specially."""
    return tuple(name for name in kind.__struct_fields__ if name not in {"typed", *others})


SHARED = shared(NewCase, "offence_types", *PARTS)
CASE_COLUMNS = (
    *SHARED,
    *(
        "offence_types",
        "typed",
        "id",
        "export_id",
        "origin",
        "status",
        "case_ref",
        "heading",
        "subtype",
    ),
    *("quantity", "unit", "lines", "search_text", "batch_id", "source_row", "source_key"),
    *("entered_by", "entered_by_name", "entered_at", "submitted_at"),
    *("validated_by", "validated_by_name", "validated_at", "client_digest"),
)
COMMODITY_SHARED = shared(NewCommodity, "attributes")
COMMODITY_COLUMNS = (*COMMODITY_SHARED, "attributes", "typed", "id", "case_id", "seq")
LEG_SHARED = shared(NewLeg)
LEG_COLUMNS = (*LEG_SHARED, "typed", "id", "case_id", "seq")
CONCEALMENT_SHARED = shared(NewConcealment)
CONCEALMENT_COLUMNS = (*CONCEALMENT_SHARED, "typed", "id", "case_id", "seq")
CHILDREN = {
    "commodity": COMMODITY_COLUMNS,
    "route_leg": LEG_COLUMNS,
    "concealment": CONCEALMENT_COLUMNS,
}
# One call instead of one per column: these run for every line of every imported case.
of_case = attrgetter(*SHARED)
of_commodity = attrgetter(*COMMODITY_SHARED)
of_leg = attrgetter(*LEG_SHARED)
of_concealment = attrgetter(*CONCEALMENT_SHARED)


class Stamp(msgspec.Struct, frozen=True):
    """What cases that enter together share: who, when, and in which state they enter."""

    origin: Origin
    actor: Actor
    at: datetime
    batch_id: UUID | None = None
    status: Status = Status.VALIDATED
    case_ref: str = ""
    digest: bytes | None = None


def actor_id(actor: Actor) -> UUID | None:
    """The actor's id, if a person acts."""
    return ids.parse_id(actor.id) if actor.id else None


def case_record(case_id: UUID, export_id: UUID, row: StagedRow, stamp: Stamp) -> tuple[Any, ...]:
    """A case as a row of case_file; what enters validated is answered for by the stamp's actor."""
    case = row.case
    first = case.commodities[0] if case.commodities else None
    person = actor_id(stamp.actor)
    submitted = None if stamp.status is Status.DRAFT else stamp.at
    answered = stamp.status is Status.VALIDATED
    return (
        *of_case(case),
        list(case.offence_types),
        as_json(case.typed),
        case_id,
        export_id,
        stamp.origin.value,
        stamp.status.value,
        stamp.case_ref,
        first.heading if first else NOT_RECORDED,
        first.subtype if first else NOT_RECORDED,
        first.quantity if first else None,
        first.unit if first else NOT_RECORDED,
        len(case.commodities),
        search_text(case),
        stamp.batch_id,
        row.row_no,
        row.source_key,
        *(person, stamp.actor.name, stamp.at, submitted),
        *((person, stamp.actor.name, stamp.at) if answered else (None, "", None)),
        stamp.digest,
    )


def as_json(value: Mapping[str, Any]) -> str:
    """A stored object; most are empty."""
    return encode(value).decode() if value else "{}"


def child_records(
    parts: Sequence[Any],
    shared: Callable[[Any], tuple[Any, ...]],
    case_id: UUID,
    fresh: Iterator[UUID],
) -> Iterator[tuple[Any, ...]]:
    """The lines of a case as rows of their table."""
    for seq, part in enumerate(parts, 1):
        yield (*shared(part), as_json(part.typed), next(fresh), case_id, seq)


def commodity_records(
    case: NewCase, case_id: UUID, fresh: Iterator[UUID]
) -> Iterator[tuple[Any, ...]]:
    """The goods of a case as rows of their table."""
    for seq, part in enumerate(case.commodities, 1):
        described = (as_json(part.attributes), as_json(part.typed))
        yield (*of_commodity(part), *described, next(fresh), case_id, seq)


def count_lines(case: NewCase) -> int:
    """How many rows a case has beside its own."""
    return len(case.commodities) + len(case.legs) + len(case.concealments)


def records_of(
    rows: Sequence[tuple[UUID, StagedRow]], stamp: Stamp
) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all tables for some cases, each with its new id."""
    found: dict[str, list[tuple[Any, ...]]] = {"case_file": [], **{name: [] for name in CHILDREN}}
    fresh = iter(ids.new_ids(sum(count_lines(row.case) for _, row in rows)))
    export_ids = ids.random_ids(len(rows))
    for (case_id, row), export_id in zip(rows, export_ids, strict=True):
        case: NewCase = row.case
        found["case_file"].append(case_record(case_id, export_id, row, stamp))
        found["commodity"] += commodity_records(case, case_id, fresh)
        found["route_leg"] += child_records(case.legs, of_leg, case_id, fresh)
        found["concealment"] += child_records(case.concealments, of_concealment, case_id, fresh)
    return found


async def copy_records(
    connection: db.Connection, table: str, records: list[tuple[Any, ...]], columns: Sequence[str]
) -> None:
    """Copy rows into a table of this room."""
    if records:
        await connection.copy_records_to_table(
            table, schema_name="seizures", records=records, columns=list(columns), timeout=None
        )


async def stage(rows: Sequence[StagedRow], stamp: Stamp) -> None:
    """Copy some cases of a batch into the staging tables, in the open transaction if there is one."""
    found = records_of(list(zip(ids.new_ids(len(rows)), rows, strict=True)), stamp)
    async with db.connection() as connection:
        await copy_records(connection, "staged_case_file", found["case_file"], CASE_COLUMNS)
        for name, columns in CHILDREN.items():
            records = [(*record, stamp.batch_id) for record in found[name]]
            await copy_records(connection, f"staged_{name}", records, (*columns, "batch_id"))


async def insert(case_id: UUID, case: NewCase, stamp: Stamp) -> None:
    """Insert one case with its lines; call it inside a transaction."""
    row = StagedRow(row_no=None, source_key=None, case=case)
    found = records_of([(case_id, row)], stamp)
    for name, columns in (("case_file", CASE_COLUMNS), *CHILDREN.items()):
        await insert_records(name, columns, found[name])


async def insert_records(
    table: str, columns: Sequence[str], records: list[tuple[Any, ...]]
) -> None:
    """Insert a few rows into a table of this room."""
    places = ", ".join(f"${number}" for number in range(1, len(columns) + 1))
    await db.execute_many(
        f"INSERT INTO seizures.{table} ({', '.join(columns)}) VALUES ({places})",  # noqa: S608 - our own names
        records,
    )


async def insert_line(case_id: UUID, line: NewCommodity, line_id: UUID, seq: int) -> None:
    """Insert one line of goods of a stored case."""
    described = (as_json(line.attributes), as_json(line.typed))
    record = (*of_commodity(line), *described, line_id, case_id, seq)
    await insert_records("commodity", COMMODITY_COLUMNS, [record])


async def staged_rows(batch_id: UUID) -> tuple[int, int]:
    """How many cases of a batch are staged, and the last row of the source among them."""
    found = await db.fetch_row(
        "SELECT count(*), coalesce(max(source_row), 0) FROM seizures.staged_case_file WHERE batch_id = $1",
        batch_id,
    )
    return (found[0], found[1]) if found else (0, 0)


async def publish(batch_id: UUID) -> int:
    """Make the staged cases of a batch visible; call it inside a transaction. Return how many."""
    async with db.connection() as connection:
        columns = ", ".join(CASE_COLUMNS)
        status = await connection.execute(
            f"INSERT INTO seizures.case_file ({columns}) SELECT {columns}"  # noqa: S608 - our own names
            " FROM seizures.staged_case_file WHERE batch_id = $1 ORDER BY source_row",
            batch_id,
            timeout=None,
        )
        for name, child_columns in CHILDREN.items():
            columns = ", ".join(child_columns)
            await connection.execute(
                f"INSERT INTO seizures.{name} ({columns}) SELECT {columns}"  # noqa: S608 - our own names
                f" FROM seizures.staged_{name} WHERE batch_id = $1",
                batch_id,
                timeout=None,
            )
        await discard(batch_id)
    return int(status.rsplit(" ", 1)[-1])


async def discard(batch_id: UUID) -> None:
    """Forget what is staged for a batch."""
    async with db.connection() as connection:
        for name in ("case_file", *CHILDREN):
            await connection.execute(
                f"DELETE FROM seizures.staged_{name} WHERE batch_id = $1",  # noqa: S608 - our own names
                batch_id,
                timeout=None,
            )


async def known_source_keys(keys: Sequence[UUID]) -> set[UUID]:
    """Which of these keys belong to cases that are in the database already."""
    rows: list[asyncpg.Record] = await db.fetch(
        "SELECT source_key FROM seizures.case_file WHERE source_key = ANY($1::uuid[])", list(keys)
    )
    return {row["source_key"] for row in rows}


def stamp_now(batch_id: UUID, origin: Origin, actor: Actor) -> Stamp:
    """The stamp of a batch that enters now."""
    return Stamp(origin=origin, actor=actor, at=clock.now(), batch_id=batch_id)
