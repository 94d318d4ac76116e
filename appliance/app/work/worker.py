"""The rounds of one `ncen work` process: take what is due, find what a kill left, beat the pulses.

A running job holds an advisory lock of this process, so a row that says RUNNING without one was left by a kill
and is taken again. A lock can be lost while its process lives, with its connection: so the process takes it again
at once, and others wait a little before they believe what they see. Heavy jobs run in a process of their own: they may need memory or a whole core.
"""

from __future__ import annotations

import asyncio
import functools
import hashlib
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec

from appliance.app.work import facts
from appliance.app.work.locks import Locks, lock_number
from appliance.app.work.outcomes import hand_back, note_left
from appliance.app.work.running import job_kinds, run_child, run_handler
from appliance.core import clock, db, outbox
from appliance.core.errors import AppError
from appliance.core.room import Job, JobContext, Room, load_attribute
from appliance.core.settings import get_settings

log = logging.getLogger(__name__)

TICK_SECONDS = 0.5
RECLAIM_SECONDS = 2.0
PAUSE_SECONDS = 5.0  # after a round that failed
GUARD_SECONDS = 0.5  # how soon a lost lock is noticed, and
GRACE_SECONDS = 3.0  # how long a running job must be without one before it was left
CLOCK_SECONDS = 60
PULSE_SECONDS = (
    60  # what repeats more often keeps its due time in memory: a row would be rewritten for ever
)
OUTBOX_DAYS = 7
LIGHT_JOBS = 4
HEAVY_JOBS = 1


class Worker:
    """One `ncen work` process."""

    def __init__(self, rooms: Sequence[Room]) -> None:
        self.rooms = rooms
        self.kinds = job_kinds(rooms)
        self.locks = Locks()
        self.running: dict[UUID, tuple[asyncio.Task[None], bool]] = {}
        self.left: dict[tuple[UUID, int], float] = {}
        self.stopping = asyncio.Event()

    async def run(self) -> None:
        """Work until told to stop."""
        await db.start_pool(size=4)
        tasks = [
            asyncio.create_task(self.every(job.every_seconds, self.pulse(room, job)))
            for room, job in self.kinds.values()
            if 0 < job.every_seconds < PULSE_SECONDS
        ]
        tasks += [
            asyncio.create_task(self.every(GUARD_SECONDS, self.guard, pause=0)),
            asyncio.create_task(self.every(RECLAIM_SECONDS, self.reclaim)),
            asyncio.create_task(self.every(CLOCK_SECONDS, self.tidy)),
            asyncio.create_task(self.every(TICK_SECONDS, self.take_due)),
            asyncio.create_task(
                self.every(TICK_SECONDS, functools.partial(facts.deliver, self.rooms))
            ),
        ]
        try:
            await self.declare_repeated()
            await self.stopping.wait()
        finally:
            tasks += [task for task, _ in self.running.values()]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await self.locks.close()
            await db.close_pool()

    async def every(
        self, seconds: float, act: Callable[[], Awaitable[None]], pause: float = PAUSE_SECONDS
    ) -> None:
        """Repeat an act; a failure is logged and the next round comes all the same."""
        while True:
            try:
                # A task of its own: a connection lost inside a transaction leaves a mark in its context only.
                await asyncio.create_task(self.once(act))
            except Exception as error:
                known = isinstance(error, (AppError, *db.CONNECTION_ERRORS))
                log.warning("work pauses: %s", error, exc_info=None if known else error)
                await asyncio.sleep(pause)
            await asyncio.sleep(seconds)

    async def once(self, act: Callable[[], Awaitable[None]]) -> None:
        """One round of an act."""
        await act()

    def pulse(self, room: Room, job: Job) -> Callable[[], Awaitable[None]]:
        """A short repeated job; among several nodes one does it at a time."""
        handler = load_attribute(room.name, job.handler)
        number = lock_number(f"{room.name}.{job.kind}")
        context = JobContext(job_id="", payload={}, report=discard_progress)

        async def act() -> None:
            if await self.locks.take(number):
                try:
                    await handler(context)
                finally:
                    await self.locks.release(number)

        return act

    async def tidy(self) -> None:
        """Remember the present moment, if it is believed; then undo what a wrong clock put off, and forget old facts."""
        if clock.raise_floor(get_settings().state):
            await outbox.draw_back()
            await db.execute(
                "DELETE FROM core.outbox WHERE state = 'DONE' AND made_at < $1",
                clock.now() - timedelta(days=OUTBOX_DAYS),
            )

    async def declare_repeated(self) -> None:
        """Each repeated job has one row; a due time that a wrong clock left far ahead is drawn back."""
        for room, job in self.kinds.values():
            if job.every_seconds >= PULSE_SECONDS:
                moment = clock.now()
                await db.execute(
                    "INSERT INTO core.job (id, room, kind, due_at) VALUES ($1,$2,$3,$4)"
                    " ON CONFLICT (id) DO UPDATE SET due_at = LEAST(core.job.due_at, $5)",
                    UUID(bytes=hashlib.sha256(f"{room.name}.{job.kind}".encode()).digest()[:16]),
                    room.name,
                    job.kind,
                    moment,
                    moment + timedelta(seconds=job.every_seconds),
                )

    async def take_due(self) -> None:
        """Start what is due; light and heavy jobs are looked up apart, so that neither waits behind the other."""
        self.running = {key: (t, h) for key, (t, h) in self.running.items() if not t.done()}
        for heavy in (False, True):
            # What nobody knows or has no place must not stand before what could run.
            kinds = [
                f"{room.name}.{job.kind}"
                for room, job in self.kinds.values()
                if job.heavy == heavy and self.has_place(job)
            ]
            if kinds:
                await self.start_due(kinds)

    async def start_due(self, kinds: Sequence[str]) -> None:
        """Start the longest due of some kinds, while there is a place for them."""
        rows = await db.fetch(
            f"SELECT {outbox.JOB_COLUMNS} FROM core.job WHERE state = 'DUE' AND due_at <= $1"  # noqa: S608
            " AND room || '.' || kind = ANY($2::text[]) ORDER BY due_at LIMIT 20",
            clock.now(),
            kinds,
        )
        for row in map(outbox.job_row, rows):
            room, job = self.kinds[row.room, row.kind]
            if row.id not in self.running and self.has_place(job) and await self.claim(row):
                task = asyncio.create_task(self.carry_out(room, job, row))
                self.running[row.id] = (task, job.heavy)

    def has_place(self, job: Job) -> bool:
        """Whether one more job of this kind may run beside those that do."""
        alike = sum(1 for _, heavy in self.running.values() if heavy == job.heavy)
        return alike < (HEAVY_JOBS if job.heavy else LIGHT_JOBS)

    async def claim(self, row: outbox.JobRow) -> bool:
        """Take a job: the lock first, then the row with its old state in the WHERE."""
        number = lock_number(row.id)
        if not await self.locks.take(number):
            return False
        taken = await db.execute(
            "UPDATE core.job SET state = 'RUNNING', started_at = $2, ended_at = NULL,"
            " attempts = attempts + 1, progress = '{}' WHERE id = $1 AND state = 'DUE'",
            row.id,
            clock.now(),
        )
        if not taken:
            await self.locks.release(number)
        return bool(taken)

    async def carry_out(self, room: Room, job: Job, row: outbox.JobRow) -> None:
        """Run a claimed job here or in a process of its own, then give the lock back."""
        claimed = msgspec.structs.replace(row, attempts=row.attempts + 1)
        try:
            if job.heavy:
                await run_child(job, claimed)
            else:
                await run_handler(room, job, claimed)
        except asyncio.CancelledError:
            await hand_back(claimed)
            raise
        finally:
            await self.locks.release(lock_number(row.id))

    async def guard(self) -> None:
        """Hold what this process holds; end a job whose lock another process has by now."""
        lost = await self.locks.check()
        for job_id, (task, _) in self.running.items():
            if lock_number(job_id) in lost and not task.done():
                log.warning("another process holds the job by now", extra={"job": str(job_id)})
                task.cancel()

    async def reclaim(self) -> None:
        """Find jobs that say RUNNING while nobody holds their lock."""
        left = {}
        for record in await db.fetch(
            f"SELECT {outbox.JOB_COLUMNS} FROM core.job WHERE state = 'RUNNING' LIMIT 100"  # noqa: S608
        ):
            row = outbox.job_row(record)
            found = self.kinds.get((row.room, row.kind))
            number = lock_number(row.id)
            if found is None or row.id in self.running or not await self.locks.take(number):
                continue
            try:
                since = self.left.get((row.id, row.attempts), clock.monotonic())
                left[row.id, row.attempts] = since
                await self.conclude(row, found[1], clock.monotonic() - since)
            finally:
                await self.locks.release(number)
        self.left = left

    async def conclude(self, row: outbox.JobRow, job: Job, seconds: float) -> None:
        """A job that was without a lock for so long was left, not just disconnected."""
        if seconds >= GRACE_SECONDS:
            log.warning("job was left by a process that ended", extra={"job": str(row.id)})
            await note_left(row, job)


async def discard_progress(_: Mapping[str, Any]) -> None:
    """A pulse has nothing to tell about its progress."""
