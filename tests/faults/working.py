"""Workers as processes, and what they left in the database."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg

from appliance.core import outbox
from tests.conftest import ROOT, as_owner

PATIENCE_SECONDS = 60


class Work:
    """One worker with the probe room."""

    def __init__(self, heard: Path, **changes: str) -> None:
        self.log = tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115 - closed by end
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.sims.probe_work"],
            stdout=self.log,
            stderr=self.log,
            start_new_session=True,
            cwd=ROOT,
            env={**os.environ, "PROBE_FILE": str(heard), "PROBE_RETRY": "0.1", **changes},
        )

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(10)

    def stop(self) -> float:
        """End it politely; return how many seconds that took."""
        started = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(10)
        return time.monotonic() - started

    def said(self) -> str:
        self.log.seek(0)
        return self.log.read()

    def end(self) -> None:
        self.kill()
        self.log.close()


@contextmanager
def working(heard: Path, **changes: str) -> Iterator[Work]:
    work = Work(heard, **changes)
    try:
        yield work
    finally:
        work.end()


async def traces(what: str = "") -> list[str]:
    """What the probe room's jobs and listeners left, in order."""

    async def read(connection: asyncpg.Connection) -> list[str]:
        rows = await connection.fetch(
            "SELECT label FROM audit.entry WHERE room = 'probe' AND starts_with(label, $1) ORDER BY n",
            what,
        )
        return [row["label"] for row in rows]

    return await as_owner(read)


async def job(job_id: UUID) -> outbox.JobRow:
    async def read(connection: asyncpg.Connection) -> outbox.JobRow:
        row = await connection.fetchrow(
            f"SELECT {outbox.JOB_COLUMNS} FROM core.job WHERE id = $1", job_id
        )
        return outbox.job_row(row)

    return await as_owner(read)


async def value(sql: str, *args: Any) -> Any:
    async def read(connection: asyncpg.Connection) -> Any:
        return await connection.fetchval(sql, *args)

    return await as_owner(read)


async def until(
    ready: Callable[[], Awaitable[bool]], *workers: Work, seconds: float = PATIENCE_SECONDS
) -> None:
    """Wait until it is so; workers that ended, and time that ran out, fail with what was said."""
    deadline = time.monotonic() + seconds
    while not await ready():
        said = "\n".join(worker.said() for worker in workers)
        assert all(worker.process.poll() is None for worker in workers), said
        assert time.monotonic() < deadline, said
        await asyncio.sleep(0.05)


async def until_traced(label: str, *workers: Work, times: int = 1) -> None:
    async def seen() -> bool:
        return (await traces()).count(label) >= times

    await until(seen, *workers)


async def until_state(
    job_id: UUID, state: str, *workers: Work, seconds: float = PATIENCE_SECONDS
) -> outbox.JobRow:
    async def reached() -> bool:
        return (await job(job_id)).state == state

    await until(reached, *workers, seconds=seconds)
    return await job(job_id)
