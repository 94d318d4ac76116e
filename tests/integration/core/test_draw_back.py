"""Jobs and facts that wait for a time which a wrong clock named."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest

from appliance.core import clock, db, ids, outbox

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("database")]


async def due(job_id: uuid.UUID) -> bool:
    return bool(
        await db.fetch_value("SELECT due_at <= $2 FROM core.job WHERE id = $1", job_id, clock.now())
    )


async def test_job_of_a_clock_far_ahead_runs_now() -> None:
    ahead = clock.now() + timedelta(days=4000)
    milliseconds = int(ahead.timestamp() * 1000)
    job = uuid.UUID(int=milliseconds << 80 | ids.new_id().int & (1 << 80) - 1)
    await db.execute(
        "INSERT INTO core.job (id, room, kind, due_at) VALUES ($1, 'none', 'none', $2)", job, ahead
    )
    assert not await due(job)
    await outbox.draw_back()
    assert await due(job)


async def test_job_planned_for_later_stays() -> None:
    job = await outbox.enqueue("none", "none", {}, clock.now() + timedelta(days=30))
    await outbox.draw_back()
    assert not await due(job)


async def test_fact_of_a_clock_far_ahead_is_delivered_now() -> None:
    await outbox.publish("none", "nothing", {})
    await db.execute("UPDATE core.outbox SET due_at = $1", clock.now() + timedelta(days=4000))
    await outbox.draw_back()
    assert await db.fetch_value("SELECT bool_and(due_at <= $1) FROM core.outbox", clock.now())
