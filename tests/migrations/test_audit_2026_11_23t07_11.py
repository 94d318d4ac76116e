"""What the database itself fills and refuses: numbers, transactions, seals that cannot be whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

import asyncpg
import pytest

if TYPE_CHECKING:
    from tests.migrations.conftest import Scratch

MIGRATION = ("audit", "2026-11-23T07:11:00:000000")
ENTRY = "INSERT INTO audit.entry (at, action, room) VALUES (now(), 'READ', 'x')"
BEFORE = "INSERT INTO audit.entry (n, xid, at, action, room) VALUES (41, '3', now(), 'READ', 'old')"
SEAL = (
    "INSERT INTO audit.seal VALUES ($1, now(), 1, '5', '5', 1, $1, $2,"
    " decode(repeat('00', $3), 'hex'), decode(repeat('00', $4), 'hex'),"
    " decode(repeat('00', 32), 'hex'))"
)


async def test_numbers_go_on_after_those_that_are_there(scratch: Scratch) -> None:
    await scratch.before(*MIGRATION)
    await scratch.execute(BEFORE)
    await scratch.run(*MIGRATION)
    await scratch.execute(ENTRY)
    assert await scratch.fetch("SELECT n FROM audit.entry ORDER BY n") == [(41,), (42,)]
    assert await scratch.value("SELECT room FROM audit.entry WHERE n = 41") == "old"


async def test_entries_of_an_empty_trail_are_numbered_from_one(scratch: Scratch) -> None:
    await scratch.before(*MIGRATION)
    await scratch.run(*MIGRATION)
    await scratch.execute(ENTRY)
    assert await scratch.value("SELECT n FROM audit.entry") == 1


async def test_an_entry_carries_its_transaction(scratch: Scratch) -> None:
    await scratch.before(*MIGRATION)
    await scratch.run(*MIGRATION)
    async with scratch.connection.transaction():
        await scratch.execute(ENTRY)
        await scratch.execute(ENTRY)
        current = await scratch.value("SELECT pg_current_xact_id()")
    await scratch.execute(ENTRY)
    first, second, later = await scratch.fetch("SELECT xid FROM audit.entry ORDER BY n")
    assert first == second == (current,)
    assert later > first


async def test_a_number_cannot_be_chosen_by_the_way(scratch: Scratch) -> None:
    await scratch.before(*MIGRATION)
    await scratch.run(*MIGRATION)
    with pytest.raises(asyncpg.GeneratedAlwaysError):
        await scratch.execute(BEFORE)


@pytest.mark.parametrize("sizes", [(0, 0, 32), (2, 24, 32), (1, 24, 31)])
async def test_a_seal_that_cannot_be_whole_is_refused(
    scratch: Scratch, sizes: tuple[int, int, int]
) -> None:
    await scratch.before(*MIGRATION)
    await scratch.run(*MIGRATION)
    with pytest.raises(asyncpg.CheckViolationError):
        await scratch.execute(SEAL, 1, *sizes)


async def test_two_seals_cannot_end_at_the_same_entry(scratch: Scratch) -> None:
    await scratch.before(*MIGRATION)
    await scratch.run(*MIGRATION)
    await scratch.execute(SEAL, 1, 1, 24, 32)
    await scratch.execute("UPDATE audit.seal SET last_n = 2")
    with pytest.raises(asyncpg.UniqueViolationError):
        await scratch.execute(SEAL, 2, 1, 24, 32)


async def test_searches_and_sealing_have_their_indexes_and_no_more(scratch: Scratch) -> None:
    await scratch.before(*MIGRATION)
    await scratch.run(*MIGRATION)
    names = await scratch.fetch(
        "SELECT indexname FROM pg_indexes WHERE schemaname = 'audit' AND tablename = 'entry'"
        " ORDER BY indexname"
    )
    assert [name for (name,) in names] == [
        "entry_actor",
        "entry_at",
        "entry_order",
        "entry_pkey",
        "entry_record",
    ]
