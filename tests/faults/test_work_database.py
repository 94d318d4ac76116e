"""The database goes away under `ncen work`: it comes back by itself, and nothing is done twice or lost."""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Awaitable, Callable
from pathlib import Path
from uuid import UUID

import asyncpg
import pytest

from appliance.core.errors import Unavailable
from appliance.core.outbox import enqueue, publish
from tests.conftest import RUN, as_owner
from tests.faults.working import Work, traces, until, until_state, until_traced, value, working

pytestmark = pytest.mark.usefixtures("database")

AWAY = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError)


async def crash_database() -> None:
    """Kill one server process as a fault would: PostgreSQL ends all others and recovers."""
    connection = await asyncpg.connect(host=str(RUN), user="ncen_owner", database="ncen")
    os.kill(await connection.fetchval("SELECT pg_backend_pid()"), signal.SIGKILL)
    with contextlib.suppress(*AWAY):
        await connection.fetchval("SELECT 1")
    await until(answers)


async def answers() -> bool:
    with contextlib.suppress(*AWAY):
        return int(await value("SELECT 1")) == 1
    return False


async def end_connections() -> None:
    """End every connection of the application, as an administrator's restart does."""

    async def end(connection: asyncpg.Connection) -> None:
        await connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'ncen_app'"
        )

    await as_owner(end)


async def ask(number: int) -> UUID:
    """Ask for a job, again while this process's own connections are being opened anew."""
    for _ in range(20):
        with contextlib.suppress(Unavailable):
            return await enqueue("probe", "slow", {"number": number})
    raise AssertionError


async def all_is_well_again(work: Work) -> None:
    """New jobs are done, facts are delivered, entries are sealed."""
    sealed = await value("SELECT count(*) FROM audit.seal")
    new = await ask(99)
    await publish("probe", "told", {"number": 99})
    await until_state(new, "DONE", work)
    await until_traced("heard 99", work)

    async def sealed_more() -> bool:
        return bool(await value("SELECT count(*) > $1 FROM audit.seal", sealed))

    await until(sealed_more, work)


@pytest.mark.parametrize(
    "fault", [crash_database, end_connections], ids=lambda fault: fault.__name__
)
async def test_a_running_job_and_what_comes_after_it_end(
    tmp_path: Path, fault: Callable[[], Awaitable[None]]
) -> None:
    with working(tmp_path / "heard") as work:
        job_id = await enqueue("probe", "slow", {"number": 1, "seconds": 2})
        await until_traced("begin 1", work)
        await fault()
        await until_state(job_id, "DONE", work)
        await all_is_well_again(work)
    assert (await traces()).count("end 1") == 1


async def test_a_heavy_job_goes_on_in_another_attempt(tmp_path: Path) -> None:
    with working(tmp_path / "heard") as work:
        job_id = await enqueue("audit", "verify", {})
        await until_state(job_id, "RUNNING", work)
        await crash_database()
        done = await until_state(job_id, "DONE", work)
        assert done.result["verdict"] == "OK"
        await all_is_well_again(work)


async def test_it_comes_back_after_many_faults_in_a_row(tmp_path: Path) -> None:
    with working(tmp_path / "heard") as work:
        for number in range(5):
            await ask(number)
            await end_connections()
        await all_is_well_again(work)

        async def all_done() -> bool:
            return (
                int(
                    await value(
                        "SELECT count(*) FROM core.job WHERE room = 'probe' AND state <> 'DONE'"
                    )
                )
                == 0
            )

        await until(all_done, work)
        assert work.stop() < 3
        assert work.process.returncode == 0, work.said()
