"""Carrying out a claimed job: in this process, or in a child that may need memory or a whole core."""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from appliance.app.work.outcomes import note_failure, note_success
from appliance.core import db, outbox
from appliance.core.room import Job, JobContext, Room, load_attribute

log = logging.getLogger(__name__)

Kinds = Mapping[tuple[str, str], tuple[Room, Job]]


def job_kinds(rooms: Sequence[Room]) -> Kinds:
    """Every job of every room, by room and kind."""
    return {(room.name, job.kind): (room, job) for room in rooms for job in room.jobs}


async def run_handler(room: Room, job: Job, row: outbox.JobRow) -> None:
    """Run a claimed job in a task of its own and note how it ended."""
    context = JobContext(
        job_id=str(row.id),
        payload=row.payload,
        report=lambda progress: outbox.report_progress(row.id, row.attempts, progress),
    )
    try:
        handler: Callable[[JobContext], Awaitable[Mapping[str, Any] | None]] = load_attribute(
            room.name, job.handler
        )
        result = await handler(context)
    except Exception as error:
        log.exception("job failed", extra={"job": str(row.id), "kind": job.kind})
        await note_failure(row, job, error)
    else:
        await note_success(row, job, result or {})


async def run_child(job: Job, row: outbox.JobRow) -> None:
    """Run a heavy job as a child that ends when this process ends."""
    child = await asyncio.create_subprocess_exec(
        *("setpriv", "--pdeathsig", "KILL", sys.executable, "-m", "appliance.cli"),
        *("work", "--job", str(row.id), "--attempt", str(row.attempts)),
    )
    try:
        code = await child.wait()
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    if code:
        await note_failure(row, job, RuntimeError(f"the process ended with {code}"))


async def run_single(rooms: Sequence[Room], job_id: UUID, attempt: int) -> int:
    """Run one attempt of a claimed job in this process; return the exit code."""
    await db.start_pool(size=4)
    try:
        row = await outbox.find_job(job_id)
        if row is None or row.state != "RUNNING" or row.attempts != attempt:
            return 1
        room, job = job_kinds(rooms)[(row.room, row.kind)]
        await run_handler(room, job, row)
    finally:
        await db.close_pool()
    return 0
