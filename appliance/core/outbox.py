"""Facts that leave a transaction: the outbox, and work that is due. Both are rows, so a kill loses nothing.

A row is taken by state and SKIP LOCKED, never by "id greater than the last": ids of slow transactions come late.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from appliance.core import clock, db, ids

encode = msgspec.json.Encoder().encode
decode = msgspec.json.Decoder(dict[str, Any]).decode

LONGEST_PAUSE = timedelta(hours=2)  # no failed attempt waits longer for its next one


class JobRow(msgspec.Struct, frozen=True):
    """A job as people see it."""

    id: UUID
    room: str
    kind: str
    state: str
    attempts: int
    payload: dict[str, Any]
    progress: dict[str, Any]
    result: dict[str, Any]
    error: str
    due_at: datetime
    started_at: datetime | None
    ended_at: datetime | None


async def publish(room: str, event: str, payload: Mapping[str, Any]) -> None:
    """Tell other rooms a fact; it is delivered after this transaction commits, at least once."""
    await db.execute(
        "INSERT INTO core.outbox (id, room, event, payload, made_at) VALUES ($1,$2,$3,$4,$5)",
        ids.new_id(),
        room,
        event,
        encode(payload).decode(),
        clock.now(),
    )


async def enqueue(
    room: str, kind: str, payload: Mapping[str, Any], due_at: datetime | None = None
) -> UUID:
    """Ask `ncen work` for a job; return its id."""
    job_id = ids.new_id()
    await db.execute(
        "INSERT INTO core.job (id, room, kind, payload, due_at) VALUES ($1,$2,$3,$4,$5)",
        job_id,
        room,
        kind,
        encode(payload).decode(),
        due_at or clock.now(),
    )
    await db.execute("SELECT pg_notify('ncen_work', $1)", kind)
    return job_id


def put_off_by_clock(job_id: UUID, due_at: datetime) -> bool:
    """Whether a job far ahead was asked for at once, by a clock that was far ahead then or is far behind now."""
    apart = timedelta(seconds=due_at.timestamp() - ids.made_at(job_id))
    return abs(apart) <= LONGEST_PAUSE


async def draw_back() -> None:
    """Make due again what a wrong clock put off; what was planned for a later day stays where it is."""
    moment = clock.now()
    await db.execute(
        "UPDATE core.outbox SET due_at = $1 WHERE state = 'NEW' AND due_at > $2",
        moment,
        moment + LONGEST_PAUSE,
    )
    ahead = await db.fetch(
        "SELECT id, due_at FROM core.job WHERE state = 'DUE' AND due_at > $1 ORDER BY due_at LIMIT 100",
        moment + LONGEST_PAUSE,
    )
    for row in ahead:
        if put_off_by_clock(row["id"], row["due_at"]):
            await db.execute(
                "UPDATE core.job SET due_at = $3 WHERE id = $1 AND due_at = $2 AND state = 'DUE'",
                row["id"],
                row["due_at"],
                moment,
            )


def job_row(record: asyncpg.Record) -> JobRow:
    """A stored job as a value."""
    fields = dict(record)
    for name in ("payload", "progress", "result"):
        fields[name] = decode(fields[name])
    return JobRow(**fields)


JOB_COLUMNS = "id, room, kind, state, attempts, payload, progress, result, error, due_at, started_at, ended_at"


async def find_job(job_id: UUID) -> JobRow | None:
    """A job by its id."""
    found = await db.fetch_row(f"SELECT {JOB_COLUMNS} FROM core.job WHERE id = $1", job_id)  # noqa: S608
    return job_row(found) if found else None


async def report_progress(job_id: UUID, attempt: int, progress: Mapping[str, Any]) -> None:
    """Note how far an attempt of a job is."""
    await db.execute(
        "UPDATE core.job SET progress = $3 WHERE id = $1 AND state = 'RUNNING' AND attempts = $2",
        job_id,
        attempt,
        encode(progress).decode(),
    )
