"""The trail's tables: nothing of an entry or a seal is filled in silently where it must be known."""

from __future__ import annotations

from typing import TYPE_CHECKING

import asyncpg
import pytest

if TYPE_CHECKING:
    from tests.migrations.conftest import Scratch

MIGRATION = ("audit", "2026-11-23T07:10:00:000000")
NEEDED = {"n": "1", "xid": "'700'", "at": "now()", "action": "'READ'", "room": "'seizures'"}


def insert(values: dict[str, str]) -> str:
    return f"INSERT INTO audit.entry ({', '.join(values)}) VALUES ({', '.join(values.values())})"


async def test_an_entry_needs_number_transaction_time_action_and_room(scratch: Scratch) -> None:
    await scratch.before(*MIGRATION)
    await scratch.run(*MIGRATION)
    await scratch.execute(insert(NEEDED))
    for name in NEEDED:
        with pytest.raises(asyncpg.NotNullViolationError):
            await scratch.execute(
                insert(
                    {key: value for key, value in NEEDED.items() if key != name} | {"label": "''"}
                )
            )
    stored = await scratch.fetch(
        "SELECT actor_id, actor_name, actor_unit, address, session, request, record, label, purpose,"
        " detail FROM audit.entry"
    )
    assert stored == [("",) * 9 + ("{}",)]


async def test_transactions_are_counted_in_64_bits(scratch: Scratch) -> None:
    await scratch.before(*MIGRATION)
    await scratch.run(*MIGRATION)
    far = 1 << 40
    await scratch.execute(insert(NEEDED | {"xid": f"'{far}'"}))
    assert await scratch.value("SELECT xid FROM audit.entry") == far


async def test_every_part_of_a_seal_is_needed(scratch: Scratch) -> None:
    await scratch.before(*MIGRATION)
    await scratch.run(*MIGRATION)
    optional = await scratch.fetch(
        "SELECT column_name FROM information_schema.columns WHERE table_schema = 'audit'"
        " AND table_name = 'seal' AND (is_nullable = 'YES' OR column_default IS NOT NULL)"
    )
    assert optional == []
