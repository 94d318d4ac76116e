"""`ncen work`: takes what is due from core.job and runs what the rooms declare; delivers the outbox.

A running job holds an advisory lock of this process, so a row that says RUNNING without one was left by a kill
and is taken again. Heavy jobs run in a process of their own: they may need memory or a whole core.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import logging
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from appliance.core import clock, db, outbox
from appliance.core.errors import AppError, Refused
from appliance.core.i18n import N_, Message
from appliance.core.room import Job, JobContext, Room, load_attribute
from appliance.core.settings import get_settings

log = logging.getLogger(__name__)

TICK_SECONDS = 0.5
RECLAIM_SECONDS = 5.0
CLOCK_SECONDS = 60
RETRY_SECONDS = 15  # doubled at each further attempt
PULSE_SECONDS = (
    60  # what repeats more often keeps its due time in memory: a row would be rewritten for ever
)
OUTBOX_ATTEMPTS = 8
OUTBOX_DAYS = 7
LIGHT_JOBS = 4
HEAVY_JOBS = 1

Kinds = Mapping[tuple[str, str], tuple[Room, Job]]


def job_kinds(rooms: Sequence[Room]) -> Kinds:
    """Every job of every room, by room and kind."""
    return {(room.name, job.kind): (room, job) for room in rooms for job in room.jobs}


def lock_number(job_id: UUID | str) -> int:
    """The advisory lock of a job."""
    return int.from_bytes(hashlib.sha256(str(job_id).encode()).digest()[:8], "big", signed=True)


def retry_delay(attempts: int) -> timedelta:
    """How long a failed job waits before its next attempt."""
    return timedelta(seconds=RETRY_SECONDS * 2 ** min(attempts, 8))


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


def failure_text(error: Exception) -> str:
    """What is stored of a failure: our own sentences as key and parameters, others as a reference to the log."""
    message = (
        error.message
        if isinstance(error, AppError)
        else Message(N_("The job failed with an error of ours; the log tells more."))
    )
    return msgspec.json.encode(message).decode()


async def run_handler(room: Room, job: Job, row: outbox.JobRow) -> None:
    """Run a claimed job in a task of its own and note how it ended."""
    context = JobContext(
        job_id=str(row.id),
        payload=row.payload,
        report=lambda progress: outbox.report_progress(row.id, progress),
    )
    try:
        handler: Callable[[JobContext], Awaitable[Mapping[str, Any] | None]] = load_attribute(
            room.name, job.handler
        )
        result = await handler(context)
    except Exception as error:
        log.exception("job failed", extra={"job": str(row.id), "kind": job.kind})
        await note_failure(row, job, error)
    else:
        await note_success(row, job, result or {})


async def note_success(row: outbox.JobRow, job: Job, result: Mapping[str, Any]) -> None:
    """A job ended well; a repeated one becomes due again."""
    moment = clock.now()
    state = "DUE" if job.every_seconds else "DONE"
    due = moment + timedelta(seconds=job.every_seconds)
    await db.execute(
        "UPDATE core.job SET state = $2, result = $3, ended_at = $4, due_at = $5, error = '',"
        " attempts = CASE WHEN $2 = 'DUE' THEN 0 ELSE attempts END WHERE id = $1 AND state = 'RUNNING'",
        row.id,
        state,
        outbox.encode(result).decode(),
        moment,
        due,
    )


async def note_failure(row: outbox.JobRow, job: Job, error: Exception) -> None:
    """A job failed: again later while attempts are left; a refusal with a reason is final at once."""
    final = isinstance(error, AppError) and error.code != "unavailable"
    again = job.every_seconds or (not final and row.attempts < job.attempts)
    moment = clock.now()
    await db.execute(
        "UPDATE core.job SET state = $2, error = $3, ended_at = $4, due_at = $5"
        " WHERE id = $1 AND state = 'RUNNING'",
        row.id,
        "DUE" if again else "FAILED",
        failure_text(error),
        moment,
        moment + retry_delay(row.attempts),
    )


async def note_left(row: outbox.JobRow, job: Job) -> None:
    """A job whose process was killed is due again at once, unless that happened at its every attempt."""
    again = job.every_seconds or row.attempts < job.attempts
    given_up = Refused(
        N_(
            "The work was cut off %(attempts)s times and was given up. Ask for it again;"
            " if it is cut off again, tell your administrator."
        ),
        attempts=row.attempts,
    )
    await db.execute(
        "UPDATE core.job SET state = $2, error = $3, ended_at = $4, due_at = $4"
        " WHERE id = $1 AND state = 'RUNNING'",
        row.id,
        "DUE" if again else "FAILED",
        failure_text(given_up) if not again else "",
        clock.now(),
    )


async def hand_back(row: outbox.JobRow) -> None:
    """A job that a polite stop cut off is due again at once, and this was no attempt."""
    with contextlib.suppress(AppError, *db.CONNECTION_ERRORS):
        await db.execute(
            "UPDATE core.job SET state = 'DUE', attempts = $2, due_at = $3, progress = '{}'"
            " WHERE id = $1 AND state = 'RUNNING'",
            row.id,
            row.attempts - 1,
            clock.now(),
        )


class Worker:
    """One `ncen work` process."""

    def __init__(self, rooms: Sequence[Room]) -> None:
        self.rooms = rooms
        self.kinds = job_kinds(rooms)
        self.locks = Locks()
        self.running: dict[UUID, tuple[asyncio.Task[None], bool]] = {}
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
            asyncio.create_task(self.every(RECLAIM_SECONDS, self.reclaim)),
            asyncio.create_task(self.every(CLOCK_SECONDS, self.tidy)),
            asyncio.create_task(self.every(TICK_SECONDS, self.take_due)),
            asyncio.create_task(self.every(TICK_SECONDS, self.deliver)),
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

    async def every(self, seconds: float, act: Callable[[], Awaitable[None]]) -> None:
        """Repeat an act; a failure is logged and the next round comes all the same."""
        while True:
            try:
                # A task of its own: a connection lost inside a transaction leaves a mark in its context only.
                await asyncio.create_task(self.once(act))
            except Exception as error:
                known = isinstance(error, (AppError, *db.CONNECTION_ERRORS))
                log.warning("work pauses: %s", error, exc_info=None if known else error)
                await asyncio.sleep(RECLAIM_SECONDS)
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
                await self.run_child(job, claimed)
            else:
                await run_handler(room, job, claimed)
        except asyncio.CancelledError:
            await hand_back(claimed)
            raise
        finally:
            await self.locks.release(lock_number(row.id))

    async def run_child(self, job: Job, row: outbox.JobRow) -> None:
        """Run a heavy job as a child that ends when this process ends."""
        child = await asyncio.create_subprocess_exec(
            *("setpriv", "--pdeathsig", "KILL", sys.executable, "-m", "appliance.cli"),
            *("work", "--job", str(row.id)),
        )
        try:
            code = await child.wait()
        finally:
            if child.returncode is None:
                child.kill()
                await child.wait()
        if code:
            await note_failure(row, job, RuntimeError(f"the process ended with {code}"))

    async def reclaim(self) -> None:
        """Find jobs that say RUNNING while nobody holds their lock."""
        for record in await db.fetch(
            f"SELECT {outbox.JOB_COLUMNS} FROM core.job WHERE state = 'RUNNING' LIMIT 100"  # noqa: S608
        ):
            row = outbox.job_row(record)
            found = self.kinds.get((row.room, row.kind))
            number = lock_number(row.id)
            if found is None or row.id in self.running or not await self.locks.take(number):
                continue
            try:
                log.warning("job was left by a process that ended", extra={"job": str(row.id)})
                await note_left(row, found[1])
            finally:
                await self.locks.release(number)

    async def deliver(self) -> None:
        """Hand new facts to the rooms that listen, each in a transaction of its own."""
        while await self.deliver_one():
            pass

    async def deliver_one(self) -> bool:
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
                await self.tell_listeners(f"{row['room']}.{row['event']}", row["payload"])
            except Exception as error:
                await savepoint.rollback()
                log.exception("a fact was not delivered", extra={"fact": str(row["id"])})
                await self.postpone(row, error)
            else:
                await savepoint.commit()
                await db.execute("UPDATE core.outbox SET state = 'DONE' WHERE id = $1", row["id"])
        return True

    async def tell_listeners(self, event: str, payload: str) -> None:
        """Call every listener of an event."""
        for room in self.rooms:
            if event in room.listens:
                await load_attribute(room.name, room.listens[event])(outbox.decode(payload))

    async def postpone(self, row: asyncpg.Record, error: Exception) -> None:
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


async def discard_progress(_: Mapping[str, Any]) -> None:
    """A pulse has nothing to tell about its progress."""


async def run_single(rooms: Sequence[Room], job_id: UUID) -> int:
    """Run one claimed job in this process; return the exit code."""
    await db.start_pool(size=4)
    try:
        row = await outbox.find_job(job_id)
        if row is None or row.state != "RUNNING":
            return 1
        room, job = job_kinds(rooms)[(row.room, row.kind)]
        await run_handler(room, job, row)
    finally:
        await db.close_pool()
    return 0
