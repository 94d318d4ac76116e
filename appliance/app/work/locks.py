"""Advisory locks: what a process does is held by its connection, so that a kill lets go of it."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
from uuid import UUID

import asyncpg

from appliance.core import db


def lock_number(job_id: UUID | str) -> int:
    """The advisory lock of a job."""
    return int.from_bytes(hashlib.sha256(str(job_id).encode()).digest()[:8], "big", signed=True)


class Locks:
    """Advisory locks on one connection of their own; they vanish with this process.

    PostgreSQL would give a session the same lock twice; so what is held is noted here too, and it
    stays held for this process when the connection, and with it the lock, is lost.
    """

    def __init__(self) -> None:
        self.connection: asyncpg.Connection | None = None
        self.gate = asyncio.Lock()
        self.held: set[int] = set()

    async def open(self) -> asyncpg.Connection:
        """The connection, opened again after the database went away."""
        if self.connection is None or self.connection.is_closed():
            self.connection = await asyncpg.connect(**db.connection_options())
        return self.connection

    async def take(self, number: int) -> bool:
        """Try to take a lock."""
        async with self.gate:
            if number in self.held:
                return False
            connection = await self.open()
            if await connection.fetchval("SELECT pg_try_advisory_lock($1)", number):
                self.held.add(number)
            return number in self.held

    async def release(self, number: int) -> None:
        """Give a lock back."""
        async with self.gate:
            self.held.discard(number)
            with contextlib.suppress(*db.CONNECTION_ERRORS):
                await (await self.open()).execute("SELECT pg_advisory_unlock($1)", number)

    async def close(self) -> None:
        """Give all locks back."""
        if self.connection is not None:
            with contextlib.suppress(*db.CONNECTION_ERRORS):
                await self.connection.close()
