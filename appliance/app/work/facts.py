"""The outbox: facts that a room told, handed to the rooms that listen, at least once."""

from __future__ import annotations

import logging
from collections.abc import Sequence

import asyncpg

from appliance.app.work.outcomes import failure_text, retry_delay
from appliance.core import clock, db, outbox
from appliance.core.room import Room, load_attribute

log = logging.getLogger(__name__)

OUTBOX_ATTEMPTS = 8


async def deliver(rooms: Sequence[Room]) -> None:
    """Hand new facts to the rooms that listen, each in a transaction of its own."""
    while await deliver_one(rooms):
        pass


async def deliver_one(rooms: Sequence[Room]) -> bool:
    """Deliver one fact; return whether there was one."""
    async with db.transaction() as connection:
        row = await connection.fetchrow(
            "SELECT id, room, event, payload, attempts FROM core.outbox WHERE state = 'NEW'"
            " AND due_at <= $1 ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED",
            clock.now(),
        )
        if row is None:
            return False
        savepoint = connection.transaction()
        await savepoint.start()
        try:
            await tell_listeners(rooms, f"{row['room']}.{row['event']}", row["payload"])
        except Exception as error:
            await savepoint.rollback()
            log.exception("a fact was not delivered", extra={"fact": str(row["id"])})
            await postpone(row, error)
        else:
            await savepoint.commit()
            await db.execute("UPDATE core.outbox SET state = 'DONE' WHERE id = $1", row["id"])
    return True


async def tell_listeners(rooms: Sequence[Room], event: str, payload: str) -> None:
    """Call every listener of an event."""
    for room in rooms:
        if event in room.listens:
            await load_attribute(room.name, room.listens[event])(outbox.decode(payload))


async def postpone(row: asyncpg.Record, error: Exception) -> None:
    """Try a fact again later, and give up after some attempts."""
    attempts = row["attempts"] + 1
    await db.execute(
        "UPDATE core.outbox SET attempts = $2, due_at = $3, error = $4, state = $5 WHERE id = $1",
        row["id"],
        attempts,
        clock.now() + retry_delay(attempts),
        failure_text(error),
        "FAILED" if attempts >= OUTBOX_ATTEMPTS else "NEW",
    )
