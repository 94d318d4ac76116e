"""Imports as `ncen work` carries them out, in this process: a stored file, a row that asks, the job."""

from __future__ import annotations

import io
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import pytest

from appliance.core import db
from tests.data.unodc_like import as_csv

ImportFile = Callable[..., Awaitable[Any]]


async def discard(_: Mapping[str, Any]) -> None:
    """Nobody looks at the progress of a job in a test."""


async def run_jobs() -> list[str]:
    """Run every due job of this room as a worker does; return what those that failed said."""
    from appliance.app import ROOM_NAMES
    from appliance.app.work import job_kinds, run_handler
    from appliance.core import outbox
    from appliance.core.room import load_rooms

    kinds = job_kinds(load_rooms(ROOM_NAMES))
    failures: list[str] = []
    while True:
        row = await db.fetch_row(
            "UPDATE core.job SET state = 'RUNNING', attempts = attempts + 1 WHERE id ="
            " (SELECT id FROM core.job WHERE state = 'DUE' AND room = 'imports' AND due_at <= now()"
            f" ORDER BY due_at LIMIT 1) RETURNING {outbox.JOB_COLUMNS}"
        )
        if row is None:
            return failures
        job = outbox.job_row(row)
        await run_handler(*kinds[job.room, job.kind], job)
        ended = await outbox.find_job(job.id)
        assert ended is not None
        if ended.state != "DONE":
            failures.append(ended.error)


async def start(content: bytes, name: str = "file.csv", **options: Any) -> Any:
    """Store a file and ask for its import."""
    from appliance.app.imports import limits, service
    from appliance.app.imports.mapping import find_mapping
    from appliance.app.imports.source import take_file

    digest, size = take_file(io.BytesIO(content), limits.FILE_BYTES, find_mapping("unodc-ids"))
    return await service.start(service.Request(digest, name, size, "unodc-ids", **options))


@pytest.fixture
def import_rows(database: None) -> ImportFile:  # noqa: ARG001 - the import needs it
    """Imports rows of the UNODC layout, or a whole file, and returns the import as it ended."""

    async def act(table: list[list[str]] | bytes, **options: Any) -> Any:
        from appliance.app.imports import service

        content = table if isinstance(table, bytes) else as_csv(table)
        batch = await start(content, **options)
        await run_jobs()
        return await service.get(batch.id)

    return act
