"""An import whose processes are killed at any moment goes on and is published once, whole."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from appliance.core import db
from appliance.core.errors import Unavailable
from tests.conftest import as_owner
from tests.data.unodc_like import as_csv, rows
from tests.gates.budgets import few_now
from tests.integration.imports.conftest import start

ROWS = 16_000
CONTENT = as_csv(rows(77, ROWS))
PATIENCE_SECONDS = 90

Ready = Callable[[Any], Awaitable[bool]]


class Work:
    """One `ncen work` with its children."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "appliance.cli", "work"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            env=dict(os.environ),
        )

    def children(self) -> list[int]:
        listed = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(number) for number in listed.read_text(encoding="ascii").split()]

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(10)


@asynccontextmanager
async def working() -> AsyncIterator[Work]:
    work = Work()
    try:
        yield work
    finally:
        work.kill()


async def state_of(batch_id: UUID) -> Any:
    from appliance.app.imports import service

    return await service.get(batch_id)


async def cases() -> int:
    found: int = await db.fetch_value("SELECT count(*) FROM seizures.case_file")
    return found


async def until(batch_id: UUID, ready: Ready) -> Any:
    """Look at an import until it stands as wanted. A job that failed comes back at once, not after its pause."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        try:
            await db.execute(
                "UPDATE core.job SET due_at = now() WHERE state = 'DUE' AND room = 'imports'"
            )
            batch = await state_of(batch_id)
            visible = await cases()
            assert visible == 0 or (await state_of(batch_id)).state == "DONE"
            if await ready(batch):
                return batch
        except (Unavailable, *db.CONNECTION_ERRORS):
            pass
        await asyncio.sleep(0.02)
    raise AssertionError(await state_of(batch_id))


async def ended(batch: Any) -> bool:
    return bool(batch.ended)


async def expected() -> Any:
    """What an undisturbed check of the same file tells."""
    from tests.integration.imports.conftest import run_jobs

    checked = await start(CONTENT, dry_run=True)
    assert await run_jobs() == []
    return await state_of(checked.id)


def counts(batch: Any) -> tuple[int, ...]:
    return (batch.rows, batch.loaded, batch.held, batch.duplicates, batch.rejected)


async def assert_published_once(batch: Any, wanted: Any) -> None:
    assert batch.state == "DONE"
    assert counts(batch) == counts(wanted)
    assert batch.notes == wanted.notes
    assert await cases() == batch.loaded
    for table in ("commodity", "staged_case_file", "staged_route_leg"):
        found = await db.fetch_value(f"SELECT count(*) FROM seizures.{table}")
        assert found == (batch.loaded if table == "commodity" else 0)
    told = await db.fetch_value(
        "SELECT sum((detail ->> 'cases')::int) FROM audit.entry WHERE record = $1 AND detail ->> 'what' = 'rows'",
        str(batch.id),
    )
    assert told == batch.loaded
    problems = await db.fetch_value(
        "SELECT count(DISTINCT row_no) FROM imports.row_problem WHERE batch_id = $1", batch.id
    )
    assert problems == batch.held + batch.rejected


@pytest.mark.parametrize("seed", few_now([1, 2], 1))
async def test_killed_at_random_moments(database: None, seed: int) -> None:  # noqa: ARG001 - a clean database
    draw = random.Random(seed)
    wanted = await expected()
    batch = await start(CONTENT)
    for _ in range(4):
        async with working() as work:
            moment = draw.randrange(0, ROWS)

            async def far_enough(found: Any, moment: int = moment) -> bool:
                return bool(found.ended or found.rows >= moment)

            found = await until(batch.id, far_enough)
            if found.ended:
                break
            if draw.random() < 0.5:
                for child in work.children():
                    os.kill(child, signal.SIGKILL)
                await asyncio.sleep(draw.random())
    async with working():
        await assert_published_once(await until(batch.id, ended), wanted)


async def test_killed_while_it_is_published(database: None) -> None:  # noqa: ARG001 - a clean database
    wanted = await expected()
    batch = await start(CONTENT)

    async def publishing(found: Any) -> bool:
        return found.state in {"PUBLISHING", "DONE"}

    for _ in range(3):
        async with working() as work:
            found = await until(batch.id, publishing)
            if found.state == "DONE":
                break
            await asyncio.sleep(0.05)
            for child in work.children():
                os.kill(child, signal.SIGKILL)
    async with working():
        await assert_published_once(await until(batch.id, ended), wanted)


async def test_held_rows_that_are_being_loaded_survive_a_kill(database: None) -> None:  # noqa: ARG001 - a clean database
    from appliance.app.imports import service

    batch = await start(CONTENT)
    async with working():
        before = await until(batch.id, ended)
    await service.decide(batch.id, load=True)

    async def loaded(found: Any) -> bool:
        return bool(found.held_state == "LOADED")

    for pause in (0.7, 1.2):
        async with working():
            await asyncio.sleep(pause)
    async with working():
        after = await until(batch.id, loaded)
    assert counts(after) == (before.rows, before.loaded + before.held, 0, 0, before.rejected)
    assert await cases() == after.loaded


async def crash(connection: asyncpg.Connection) -> None:
    """Kill one server process of PostgreSQL: all others end too, and unlogged tables are emptied."""
    pid = await connection.fetchval(
        "SELECT pid FROM pg_stat_activity WHERE usename = 'ncen_app' AND pid <> pg_backend_pid() LIMIT 1"
    )
    os.kill(pid, signal.SIGKILL)
    connection.terminate()  # its own server process ends as well, perhaps before a farewell reaches it


async def test_a_crash_of_the_database_empties_the_staging_and_the_import_starts_again(
    database: None,  # noqa: ARG001 - a clean database
) -> None:
    wanted = await expected()
    batch = await start(CONTENT)

    async def half_way(found: Any) -> bool:
        return bool(found.rows >= ROWS // 2)

    async with working():
        await until(batch.id, half_way)
        await as_owner(crash)
        found = await until(batch.id, ended)
    await assert_published_once(found, wanted)
