"""Facts under faults: none is lost over a kill; in the database each has its effect once."""

from __future__ import annotations

import asyncio
import random
from pathlib import Path

import msgspec
import pytest

from appliance.core import db
from appliance.core.i18n import Message
from appliance.core.outbox import publish
from tests.faults.working import traces, until, value, working

pytestmark = pytest.mark.usefixtures("database")

FACTS = 40


async def all_delivered() -> bool:
    return int(await value("SELECT count(*) FROM core.outbox WHERE state = 'NEW'")) == 0


async def test_no_fact_is_lost_or_counted_twice_over_kills(tmp_path: Path) -> None:
    heard = tmp_path / "heard"
    for number in range(FACTS):
        await publish("probe", "told", {"number": number, "seconds": 0.05})
    draw = random.Random(3)
    for turn in range(4):
        with working(heard) as work:

            async def some_heard(wanted: int = (turn + 1) * 7) -> bool:
                return len(await traces("heard")) >= wanted

            await until(some_heard, work)
            await asyncio.sleep(draw.random() / 10)
            work.kill()
    with working(heard) as last:
        await until(all_delivered, last)
    numbers = [int(line) for line in heard.read_text(encoding="ascii").split()]
    assert set(numbers) == set(range(FACTS))
    assert sorted(await traces("heard")) == sorted(f"heard {number}" for number in range(FACTS))
    assert await value("SELECT count(*) FROM core.outbox WHERE state = 'DONE'") == FACTS


async def test_a_fact_of_a_transaction_that_failed_is_never_told(tmp_path: Path) -> None:
    async def fail() -> None:
        async with db.transaction():
            await publish("probe", "told", {"number": 1})
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    await publish("probe", "told", {"number": 2})
    with working(tmp_path / "heard") as work:
        await until(all_delivered, work)
    assert await traces("heard") == ["heard 2"]


async def test_a_fact_nobody_can_hear_does_not_hold_up_others_and_is_given_up(
    tmp_path: Path,
) -> None:
    heard = tmp_path / "heard"
    await publish("probe", "told", {"number": 1, "poison": True})
    await publish("probe", "told", {"number": 2})
    with working(heard, PROBE_RETRY="0.001") as work:
        await until(all_delivered, work)
    assert await traces("heard") == ["heard 2"]  # what failed left nothing behind
    assert heard.read_text(encoding="ascii").split().count("1") == 8
    error = await value("SELECT error FROM core.outbox WHERE state = 'FAILED'")
    assert msgspec.json.decode(error, type=Message).text("en")
    assert await value("SELECT attempts FROM core.outbox WHERE state = 'FAILED'") == 8


async def test_two_workers_tell_each_fact_once(tmp_path: Path) -> None:
    for number in range(FACTS):
        await publish("probe", "told", {"number": number})
    heard = tmp_path / "heard"
    with working(heard) as first, working(heard) as second:
        await until(all_delivered, first, second)
    assert sorted(map(int, heard.read_text(encoding="ascii").split())) == list(range(FACTS))
