"""Advisory locks: what a process does is held by its connection, so that a kill lets go of it."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
from uuid import UUID

import asyncpg

from appliance.core import db

TRIES = 5  # to take again a lock that somebody only looks at
TRY_SECONDS = 0.1


def lock_number(job_id: UUID | str) -> int:
    """The advisory lock of a job."""
    return int.from_bytes(hashlib.sha256(str(job_id).encode()).digest()[:8], "big", signed=True)


async def take_again(connection: asyncpg.Connection, number: int) -> bool:
    """Take a lock that was held a moment ago; another process may be looking at it just now."""
    for _ in range(TRIES):
        if await connection.fetchval("SELECT pg_try_advisory_lock($1)", number):
            return True
        await asyncio.sleep(TRY_SECONDS)
    return False


class Locks:
    """Advisory locks on one connection of their own; they vanish with this process.

    PostgreSQL would give a session the same lock twice; so what is held is noted here too. When the connection is
    lost its locks are taken again on the next one; what another process took meanwhile is lost.
    """

    def __init__(self) -> None:
        self.connection: asyncpg.Connection | None = None
        self.gate = asyncio.Lock()
        self.held: set[int] = set()
        self.lost: set[int] = set()

    async def open(self) -> asyncpg.Connection:
        """The connection, opened again after the database went away, with what was held."""
        if self.connection is None or self.connection.is_closed():
            fresh = await asyncpg.connect(**db.connection_options())
            try:
                for number in sorted(self.held - self.lost):
                    if not await take_again(fresh, number):
                        self.lost.add(number)
            except BaseException:
                fresh.terminate()
                raise
            self.connection = fresh
        return self.connection

    async def check(self) -> frozenset[int]:
        """Notice a lost connection, take again what it held; return what another process has now."""
        async with self.gate:
            try:
                await (await self.open()).fetchval("SELECT 1")
            except db.CONNECTION_ERRORS:
                await self.open()
            return frozenset(self.lost)

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
            self.lost.discard(number)
            with contextlib.suppress(*db.CONNECTION_ERRORS):
                await (await self.open()).execute("SELECT pg_advisory_unlock($1)", number)

    async def close(self) -> None:
        """Give all locks back."""
        if self.connection is not None:
            with contextlib.suppress(*db.CONNECTION_ERRORS):
                await self.connection.close()
