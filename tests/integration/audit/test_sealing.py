"""Sealing against a real database: what is sealed, in which order, and what never is too early."""

import asyncio

import asyncpg
import pytest

from appliance.app.audit import limits, trail
from appliance.app.audit.chain import FIRST_PREVIOUS, SealRow, unpack_digests
from appliance.app.audit.sealing import seal_all, seal_once
from appliance.core import audit, clock, db
from appliance.core.audit import Action
from appliance.core.errors import Corrupt
from tests.conftest import as_owner

pytestmark = pytest.mark.usefixtures("database")


async def write(count: int = 1) -> None:
    for number in range(count):
        await audit.record(Action.READ, "seizures", f"case-{number}")


async def seals() -> list[SealRow]:
    return await trail.seals_after(0, 1 << 40, 1000)


def numbers(found: list[SealRow]) -> list[int]:
    return [n for seal in found for n, _ in unpack_digests(seal.row_digests)]


async def entry_numbers() -> list[int]:
    return [row["n"] for row in await db.fetch("SELECT n FROM audit.entry ORDER BY xid, n")]


async def test_entries_are_sealed_in_order_and_once() -> None:
    await write(5)
    assert await seal_all() == 5
    await write(2)
    assert await seal_all() == 2
    found = await seals()
    assert [seal.entries for seal in found] == [5, 2]
    assert numbers(found) == await entry_numbers()
    assert found[0].previous == FIRST_PREVIOUS
    assert found[1].previous == found[0].sha256


async def test_nothing_new_makes_no_seal() -> None:
    assert await seal_all() == 0
    await write()
    assert await seal_all() == 1
    assert await seal_all() == 0
    assert len(await seals()) == 1


async def test_nothing_is_sealed_past_an_open_transaction() -> None:
    slow = await asyncpg.connect(**db.connection_options())
    try:
        opened = slow.transaction()
        await opened.start()
        await slow.execute(
            audit.INSERT, clock.now(), *[""] * 6, "READ", "seizures", "slow", "", "", "{}"
        )
        await write(3)
        assert await seal_all() == 0
        await opened.commit()
    finally:
        await slow.close()
    assert await seal_all() == 4
    assert numbers(await seals()) == await entry_numbers()
    first = await db.fetch_value("SELECT record FROM audit.entry ORDER BY xid, n LIMIT 1")
    assert first == "slow"


async def fail_after_writing() -> None:
    async with db.transaction():
        await write()
        raise ZeroDivisionError


async def test_what_was_rolled_back_leaves_no_trace() -> None:
    await write()
    with pytest.raises(ZeroDivisionError):
        await fail_after_writing()
    await write()
    assert await seal_all() == 2
    assert numbers(await seals()) == [1, 3]


async def test_many_entries_of_one_transaction_fill_several_seals() -> None:
    async with db.transaction():
        await write(7)
    assert [await seal_once(3) for _ in range(4)] == [3, 3, 1, 0]
    assert numbers(await seals()) == list(range(1, 8))


async def test_two_sealers_do_not_meet() -> None:
    await write(400)
    sealed = await asyncio.gather(*(seal_once(50) for _ in range(4)))
    assert sum(sealed) == 50 * sum(1 for part in sealed if part)
    while await seal_once(50):
        pass
    assert numbers(await seals()) == await entry_numbers()


async def test_writers_and_a_sealer_side_by_side_lose_nothing() -> None:
    async def writer(number: int) -> None:
        for _ in range(40):
            async with db.transaction():
                await write(1 + number % 3)

    async def sealer() -> None:
        while True:
            await seal_once(25)

    sealing = asyncio.create_task(sealer())
    await asyncio.gather(*(writer(number) for number in range(5)))
    sealing.cancel()
    await asyncio.gather(sealing, return_exceptions=True)
    while await seal_once(25):
        pass
    assert numbers(await seals()) == await entry_numbers()
    assert len(await entry_numbers()) == 40 * (1 + 2 + 3 + 1 + 2)


async def test_a_long_pause_is_caught_up_with() -> None:
    async def fill(connection: asyncpg.Connection) -> None:
        await connection.execute(
            "INSERT INTO audit.entry (at, action, room) SELECT now(), 'READ', 'x'"
            " FROM generate_series(1, $1)",
            limits.SEAL_ROWS * 2 + 1,
        )

    await as_owner(fill)
    assert await seal_all() == limits.SEAL_ROWS * 2 + 1
    assert [seal.entries for seal in await seals()] == [limits.SEAL_ROWS, limits.SEAL_ROWS, 1]


async def test_a_chain_that_is_ahead_of_the_database_is_not_continued() -> None:
    await write()
    await seal_all()

    async def leap(connection: asyncpg.Connection) -> None:
        await connection.execute("UPDATE audit.seal SET to_xid = '99999999999'")

    await as_owner(leap)
    await write()
    with pytest.raises(Corrupt):
        await seal_once()


CHANGES = (
    "UPDATE audit.{} SET at = now()",
    "DELETE FROM audit.{}",
    "TRUNCATE audit.{}",
    "ALTER TABLE audit.{} ADD COLUMN x int",
    "DROP TABLE audit.{}",
)


async def test_the_application_can_only_add() -> None:
    await write()
    await seal_all()
    for table in ("entry", "seal"):
        for statement in CHANGES:
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await db.execute(statement.format(table))


async def test_the_application_cannot_choose_number_or_transaction() -> None:
    for column in ("n", "xid"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await db.execute(
                f"INSERT INTO audit.entry ({column}, at, action, room) OVERRIDING SYSTEM VALUE"
                " VALUES ('7', now(), 'READ', 'x')"
            )
