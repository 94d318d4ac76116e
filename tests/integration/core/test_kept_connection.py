"""Statements of one short piece of work share a connection; nobody else is kept out by it, and nothing of it leaks."""

import asyncio

import pytest

from appliance.core import db, limits
from appliance.core.errors import Unavailable

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("database")]

BACKEND = "SELECT pg_backend_pid()"


def idle_connections() -> int:
    pool = db.engine().pool
    assert pool is not None
    return int(pool.get_idle_size())


async def test_statements_of_one_piece_of_work_share_a_connection() -> None:
    async with db.keep_connection():
        first = await db.fetch_value(BACKEND)
        others = [await db.fetch_value(BACKEND) for _ in range(3)]
        async with db.transaction():
            inside = await db.fetch_value(BACKEND)
    assert {first, inside, *others} == {first}


async def test_it_is_taken_at_the_first_statement_and_given_back_at_the_end() -> None:
    await db.fetch_value(BACKEND)
    before = idle_connections()
    async with db.keep_connection():
        assert idle_connections() == before
        await db.fetch_value(BACKEND)
        assert idle_connections() == before - 1
    assert idle_connections() == before


async def test_statements_side_by_side_take_connections_of_their_own() -> None:
    async with db.keep_connection():
        slow = asyncio.create_task(db.fetch_value("SELECT pg_backend_pid() FROM pg_sleep(0.2)"))
        await asyncio.sleep(0.05)
        meanwhile = await db.fetch_value(BACKEND)
        assert await slow != meanwhile


async def test_work_that_goes_on_after_the_end_asks_anew() -> None:
    async with db.keep_connection() as kept:
        await db.fetch_value(BACKEND)
        await kept.end()
        before = idle_connections()
        assert await db.fetch_value("SELECT 1") == 1
        assert idle_connections() == before


async def test_an_end_in_the_middle_of_a_transaction_waits_for_it() -> None:
    async with db.keep_connection() as kept:
        async with db.transaction():
            first = await db.fetch_value(BACKEND)
            await kept.end()
            assert await db.fetch_value(BACKEND) == first
            before = idle_connections()
        assert idle_connections() == before + 1


async def test_a_broken_connection_is_replaced() -> None:
    async with db.keep_connection():
        with pytest.raises(Unavailable):
            await db.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        assert await db.fetch_value("SELECT 1") == 1


async def test_more_at_once_than_the_pool_holds_all_get_their_turn() -> None:
    async def work() -> int:
        async with db.keep_connection():
            await db.fetch_value("SELECT pg_sleep(0.01)")
            return int(await db.fetch_value("SELECT 1"))

    assert sum(await asyncio.gather(*(work() for _ in range(3 * limits.POOL_CONNECTIONS)))) == 24


async def test_a_cancelled_piece_of_work_gives_its_connection_back() -> None:
    async def work() -> None:
        async with db.keep_connection(), db.transaction():
            await db.fetch_value("SELECT pg_sleep(5)")

    await db.fetch_value(BACKEND)
    before = idle_connections()
    task = asyncio.create_task(work())
    await asyncio.sleep(0.1)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert idle_connections() == before


async def test_a_transaction_that_was_left_open_does_not_reach_the_next() -> None:
    async with db.connection() as used:
        await used.execute("BEGIN")
        await used.execute("SET LOCAL lock_timeout = '7s'")
    assert await db.fetch_value("SELECT current_setting('lock_timeout')") == "0"
    assert await db.fetch_value("SELECT txid_current_if_assigned()") is None
