"""A task may be cancelled at any moment of a transaction; its connection must find back to the pool."""

import asyncio
import contextlib

import pytest

from appliance.core import db
from appliance.core.outbox import publish

pytestmark = pytest.mark.usefixtures("database")

MOMENTS = 120  # turns of the event loop after which the task is cancelled


async def write() -> None:
    async with db.transaction():
        await publish("test", "cancelled", {})


async def all_given_back() -> bool:
    """Whether every connection comes back; the driver may still be tidying one up."""
    pool = db.engine().pool
    assert pool is not None
    for _ in range(200):
        if pool.get_size() == pool.get_idle_size():
            return True
        await asyncio.sleep(0.01)
    return False


async def test_no_moment_of_cancelling_keeps_a_connection() -> None:
    finished = 0
    for moment in range(MOMENTS):
        task = asyncio.create_task(write())
        for _ in range(moment):
            await asyncio.sleep(0)
        if task.done():
            finished += 1
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
        assert await all_given_back(), f"lost when cancelled after {moment} turns"
    assert finished < MOMENTS
    assert await db.fetch_value("SELECT 1") == 1
