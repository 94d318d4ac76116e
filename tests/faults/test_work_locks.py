"""A process loses the connection that holds its locks and lives on: nobody takes its job for left."""

from __future__ import annotations

import asyncio
from pathlib import Path
from uuid import UUID

import asyncpg
import pytest

from appliance.app.work.locks import Locks, lock_number
from appliance.app.work.outcomes import hand_back, note_failure, note_left, note_success
from appliance.core import outbox
from appliance.core.outbox import enqueue
from appliance.core.room import Job
from tests.conftest import as_owner
from tests.data.unodc_like import as_csv, rows
from tests.faults.working import job, traces, until_state, until_traced, value, working
from tests.integration.imports.conftest import start

pytestmark = pytest.mark.usefixtures("database")

HOLDER = (
    "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted"
    " AND ((classid::bigint << 32) | objid::bigint) = $1"
)
SLOW = Job(kind="slow", handler="jobs:slow")


async def holder(job_id: UUID) -> int | None:
    """The server process whose session holds the lock of a job."""
    found: int | None = await value(HOLDER, lock_number(job_id))
    return found


async def cut_off(job_id: UUID) -> bool:
    """End the connection that holds the lock of a job, once one does; false if the job has ended before."""
    while (before := await holder(job_id)) is None:
        if (await job(job_id)).state != "RUNNING":
            return False
        await asyncio.sleep(0.02)
    await value("SELECT pg_terminate_backend($1, 5000)", before)
    assert await holder(job_id) != before
    return True


async def test_a_job_goes_on_when_its_lock_was_cut_off(tmp_path: Path) -> None:
    changes = {"PROBE_RECLAIM": "0.05"}
    with working(tmp_path / "heard", **changes) as first:
        job_id = await enqueue("probe", "slow", {"number": 1, "seconds": 6})
        await until_traced("begin 1", first)
        with working(tmp_path / "heard", **changes) as second:
            other = await enqueue("probe", "slow", {"number": 2})
            await until_state(other, "DONE", first, second)
            assert await cut_off(job_id)
            done = await until_state(job_id, "DONE", first, second)
    assert done.attempts == 1
    assert await traces("begin 1") == ["begin 1"]
    assert (await traces()).count("end 1") == 1


async def test_an_import_is_read_once_when_its_lock_is_cut_off_again_and_again(
    tmp_path: Path,
) -> None:
    from appliance.app.imports import service

    batch = await start(as_csv(rows(78, 12_000)))
    job_id = await value("SELECT job_id FROM imports.batch WHERE id = $1", batch.id)
    changes = {"PROBE_RECLAIM": "0.05"}
    with (
        working(tmp_path / "heard", **changes) as first,
        working(tmp_path / "heard", **changes) as second,
    ):
        await until_state(job_id, "RUNNING", first, second)
        cuts = [await cut_off(job_id) for _ in range(3)]
        assert any(cuts)
        done = await until_state(job_id, "DONE", first, second)
    assert done.attempts == 1
    ended = await service.get(batch.id)
    assert (ended.state, ended.rows, ended.adds_up) == ("DONE", 12_000, True)
    assert await value("SELECT count(*) FROM seizures.case_file") == ended.loaded
    ends = "SELECT count(*) FROM audit.entry WHERE room = 'imports' AND detail ->> 'what' = 'end'"
    assert await value(ends) == 1


async def test_a_lock_is_taken_again_or_known_to_be_lost() -> None:
    mine, other = Locks(), Locks()
    try:
        assert await mine.take(7)
        assert await mine.take(8)
        await end_session(mine)
        assert await mine.check() == frozenset()
        assert not await other.take(7)
        await end_session(mine)
        assert await other.take(7)
        assert await mine.check() == {7}
        assert not await other.take(8)
        await mine.release(7)
        assert await mine.check() == frozenset()
    finally:
        await mine.close()
        await other.close()


async def end_session(locks: Locks) -> None:
    """End the connection of some locks, as an administrator does."""
    assert locks.connection is not None
    pid = locks.connection.get_server_pid()
    await value("SELECT pg_terminate_backend($1, 5000)", pid)


async def test_an_attempt_that_was_overtaken_says_nothing_about_the_next() -> None:
    job_id = await enqueue("probe", "slow", {"number": 1})

    async def claim_twice(connection: asyncpg.Connection) -> None:
        await connection.execute(
            "UPDATE core.job SET state = 'RUNNING', attempts = 2 WHERE id = $1", job_id
        )

    await as_owner(claim_twice)
    second = await job(job_id)
    first = outbox.JobRow(
        **{**{n: getattr(second, n) for n in second.__struct_fields__}, "attempts": 1}
    )
    await note_success(first, SLOW, {})
    await note_failure(first, SLOW, RuntimeError())
    await note_left(first, SLOW)
    await hand_back(first)
    await outbox.report_progress(job_id, 1, {"rows": 1})
    assert await job(job_id) == second
    await note_success(second, SLOW, {})
    assert (await job(job_id)).state == "DONE"
