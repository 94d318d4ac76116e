"""Reading what the imports room keeps, as plain SQL; and the conditional changes of an import's state."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from appliance.app.imports.counting import Block, ProblemRow, Tally
from appliance.app.imports.policy import Viewer
from appliance.app.imports.schemas import Batch, Kind, Notes, State
from appliance.core import clock, db
from appliance.core.i18n import Message

COLUMNS = (
    "id, state, mapping, file_name, file_bytes, blob, dry_run, repeats, made_at, made_by, made_by_name,"
    " made_by_unit, made_by_office, job_id, started_at, ended_at, encoding, lines, last_row, rows, loaded, held, duplicates,"
    " rejected, rounded, other_values, held_state, decided_by_name, error, notes"
)
OPEN_STATES = (State.UPLOADED, State.READING, State.PUBLISHING)
PROBLEM_COLUMNS = (
    *("batch_id", "row_no", "kind", "column_name", "value", "reason", "params", "source_key"),
)
BLOCK_COLUMNS = ("batch_id", "first_row", "last_row", "loaded", "sha256")
# The same as policy.may_see, for lists: everywhere, account, office.
SEEN = "($1 OR made_by = $2 OR (made_by_office <> '' AND made_by_office = $3))"
TALLIES = ("rows", "loaded", "held", "duplicates", "rejected", "rounded", "other_values")

encode = msgspec.json.Encoder().encode
decode_notes = msgspec.json.Decoder(Notes).decode
decode_object = msgspec.json.Decoder(dict[str, Any]).decode


def batch_of(record: asyncpg.Record) -> Batch:
    """A stored import as a value."""
    fields = dict(record)
    fields["notes"] = decode_notes(fields["notes"])
    fields["error"] = decode_object(fields["error"])
    return msgspec.convert(fields, Batch)


async def find_batch(batch_id: UUID) -> Batch | None:
    """An import by its id."""
    found = await db.fetch_row(f"SELECT {COLUMNS} FROM imports.batch WHERE id = $1", batch_id)  # noqa: S608 - our own names
    return batch_of(found) if found else None


async def hold_batch(batch_id: UUID) -> None:
    """Let nobody else change the import until this transaction ends: who would fail it waits, and finds it done."""
    await db.execute("SELECT FROM imports.batch WHERE id = $1 FOR UPDATE", batch_id)


async def newest_batches(limit: int, viewer: Viewer, before: Batch | None = None) -> list[Batch]:
    """The newest imports that somebody sees, or the newest before one."""
    further, cursor = ("", [])
    if before is not None:
        further, cursor = "AND (made_at, id) < ($5, $6)", [before.made_at, before.id]
    rows = await db.fetch(
        f"SELECT {COLUMNS} FROM imports.batch WHERE {SEEN} {further}"  # noqa: S608 - our own names
        " ORDER BY made_at DESC, id DESC LIMIT $4",
        *viewer,
        limit,
        *cursor,
    )
    return [batch_of(row) for row in rows]


async def insert_batch(values: Mapping[str, Any]) -> None:
    """Note a new import."""
    places = ", ".join(f"${number}" for number in range(1, len(values) + 1))
    await db.execute(
        f"INSERT INTO imports.batch ({', '.join(values)}) VALUES ({places})",  # noqa: S608 - our own names
        *values.values(),
    )


async def move(batch_id: UUID, old: Sequence[State], new: State, **values: Any) -> bool:
    """Change an import's state if it stands in one of the old ones; return whether it did."""
    changes = "".join(f", {name} = ${number}" for number, name in enumerate(values, 4))
    changed = await db.execute(
        f"UPDATE imports.batch SET state = $3{changes} WHERE id = $1 AND state = ANY($2::text[])",  # noqa: S608 - our own names
        batch_id,
        [state.value for state in old],
        new.value,
        *values.values(),
    )
    return changed == 1


async def move_held(batch_id: UUID, old: str, new: str, **values: Any) -> bool:
    """Change what becomes of the held rows, if nobody decided meanwhile; return whether it did."""
    changes = "".join(f", {name} = ${number}" for number, name in enumerate(values, 4))
    changed = await db.execute(
        f"UPDATE imports.batch SET held_state = $3{changes}"  # noqa: S608 - our own names
        " WHERE id = $1 AND held_state = $2 AND state = 'DONE'",
        batch_id,
        old,
        new,
        *values.values(),
    )
    return changed == 1


async def add_rows(batch_id: UUID, old_row: int, new_row: int, tally: Tally, notes: Notes) -> bool:
    """Count some rows of a reading import; false if it stands elsewhere by now."""
    sums = ", ".join(f"{name} = {name} + ${number}" for number, name in enumerate(TALLIES, 5))
    changed = await db.execute(
        f"UPDATE imports.batch SET last_row = $3, notes = $4, {sums}"  # noqa: S608 - our own names
        " WHERE id = $1 AND last_row = $2 AND state = 'READING'",
        batch_id,
        old_row,
        new_row,
        encode(notes).decode(),
        *(getattr(tally, name) for name in TALLIES),
    )
    return changed == 1


async def copy(table: str, columns: Sequence[str], records: list[tuple[Any, ...]]) -> None:
    """Copy rows into a table of this room."""
    if records:
        async with db.connection() as connection:
            await connection.copy_records_to_table(
                table, schema_name="imports", columns=list(columns), records=records
            )


async def add_problems(batch_id: UUID, problems: Sequence[ProblemRow]) -> None:
    """Store why rows are not among the cases."""
    records = [
        (
            *(batch_id, item.row_no, item.kind.value, item.column[:200], item.value[:200]),
            *(item.reason.key, encode(item.reason.params).decode(), item.source_key),
        )
        for item in problems
    ]
    await copy("row_problem", PROBLEM_COLUMNS, records)


async def add_blocks(batch_id: UUID, blocks: Sequence[Block]) -> None:
    """Store the digests of some rows."""
    await copy("block", BLOCK_COLUMNS, [(batch_id, *block) for block in blocks])


async def blocks_of(batch_id: UUID) -> list[Block]:
    """The digests of an import, in the order of the file."""
    rows = await db.fetch(
        "SELECT first_row, last_row, loaded, sha256 FROM imports.block WHERE batch_id = $1 ORDER BY id",
        batch_id,
    )
    return [Block(*row) for row in rows]


async def forget_rows(batch_id: UUID) -> None:
    """Set an import back to its first row; call it inside a transaction."""
    zeros = ", ".join(f"{name} = 0" for name in TALLIES)
    for statement in (
        "DELETE FROM imports.row_problem WHERE batch_id = $1",
        "DELETE FROM imports.block WHERE batch_id = $1",
        f"UPDATE imports.batch SET last_row = 0, notes = '{{}}', {zeros} WHERE id = $1",  # noqa: S608 - our own names
    ):
        await db.execute(statement, batch_id)


async def forget_seen(batch_id: UUID) -> None:
    """Forget the rows that were told apart in the database."""
    await db.execute("DELETE FROM imports.seen_row WHERE batch_id = $1", batch_id)


SEE = """
INSERT INTO imports.seen_row AS seen (batch_id, digest, first_row, times)
SELECT $1, digest, min(row_no), count(*) FROM unnest($2::bytea[], $3::bigint[]) AS new (digest, row_no) GROUP BY digest
ON CONFLICT (batch_id, digest) DO UPDATE SET times = seen.times + excluded.times
RETURNING digest, first_row, times
"""


async def see(
    batch_id: UUID, keys: Sequence[bytes], rows: Sequence[int]
) -> dict[bytes, tuple[int, int]]:
    """Note rows in the database; for each key its first row and how often it was seen by now."""
    found = await db.fetch(SEE, batch_id, list(keys), list(rows))
    return {row["digest"]: (row["first_row"], row["times"]) for row in found}


async def held_elsewhere(batch_id: UUID, keys: Sequence[UUID]) -> set[UUID]:
    """Which of these keys another import holds back or was told to keep out."""
    rows = await db.fetch(
        "SELECT source_key FROM imports.row_problem AS problem JOIN imports.batch ON batch.id = problem.batch_id"
        " WHERE kind = 'HELD' AND source_key = ANY($2::uuid[]) AND batch.id <> $1 AND batch.state = 'DONE'",
        batch_id,
        list(keys),
    )
    return {row["source_key"] for row in rows}


async def held_rows(batch_id: UUID) -> dict[int, UUID]:
    """The rows that an import holds back, with their keys."""
    rows = await db.fetch(
        "SELECT row_no, source_key FROM imports.row_problem WHERE batch_id = $1 AND kind = 'HELD'",
        batch_id,
    )
    return {row["row_no"]: row["source_key"] for row in rows}


async def problems(
    batch_id: UUID, after: int, limit: int, kind: Kind | None = None
) -> list[asyncpg.Record]:
    """Problems of an import in the order of the file, after one of them; of one kind or of all."""
    return await db.fetch(
        "SELECT id, row_no, kind, column_name, value, reason, params FROM imports.row_problem"
        " WHERE batch_id = $1 AND id > $2 AND ($4 = '' OR kind = $4) ORDER BY id LIMIT $3",
        batch_id,
        after,
        limit,
        kind.value if kind else "",
    )


async def orphans() -> list[UUID]:
    """Imports that are still open although their job has ended."""
    rows = await db.fetch(
        "SELECT batch.id FROM imports.batch LEFT JOIN core.job ON job.id = batch.job_id"
        " WHERE (batch.state IN ('UPLOADED', 'READING', 'PUBLISHING') OR batch.held_state = 'LOADING')"
        " AND coalesce(job.state, 'FAILED') IN ('DONE', 'FAILED')"
    )
    return [row["id"] for row in rows]


async def fail(batch_id: UUID, error: Message) -> bool:
    """An open import failed; return whether it was open."""
    return await move(
        batch_id, OPEN_STATES, State.FAILED, ended_at=clock.now(), error=encode(error).decode()
    )


async def forget_held(batch_id: UUID) -> None:
    """The held rows of an import are held no longer."""
    await db.execute(
        "DELETE FROM imports.row_problem WHERE batch_id = $1 AND kind = 'HELD'", batch_id
    )


async def count_undecided(viewer: Viewer) -> int:
    """How many imports that somebody sees have held rows about which nobody decided."""
    found: int = await db.fetch_value(
        f"SELECT count(*) FROM imports.batch WHERE held_state = 'WAITING' AND state = 'DONE' AND {SEEN}",  # noqa: S608 - our own names
        *viewer,
    )
    return found


async def count_working() -> int:
    """How many imports are being carried out."""
    found: int = await db.fetch_value(
        "SELECT count(*) FROM imports.batch WHERE state IN ('READING', 'PUBLISHING') OR held_state = 'LOADING'"
    )
    return found
