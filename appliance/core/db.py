"""The one way to PostgreSQL: a pool, transactions that never nest silently, and hot reads as plain SQL.

Tables and writes are Piccolo's; both share the connection of the open transaction.
"""

from __future__ import annotations

import contextlib
import functools
import os
from collections.abc import AsyncIterator, Iterable, Sequence
from contextvars import ContextVar
from types import TracebackType
from typing import Any, TypeAlias

import asyncpg
from asyncpg.pool import PoolConnectionProxy
from piccolo.engine.postgres import PostgresEngine

from appliance.core import limits
from appliance.core.errors import Unavailable
from appliance.core.i18n import N_
from appliance.core.settings import database_role, get_settings

os.environ.setdefault("PICCOLO_CONF", "appliance.piccolo_conf")

MIGRATING_ROLE = "ncen_migrate"
Connection: TypeAlias = asyncpg.Connection | PoolConnectionProxy
CONNECTION_ERRORS = (
    OSError,
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.TooManyConnectionsError,
    asyncpg.DiskFullError,
    asyncpg.InternalClientError,  # a connection that broke while an answer was on its way
)


def statement_limit(role: str) -> int | None:
    """Seconds a statement may take; a migration of a large table takes what it needs."""
    return None if role == MIGRATING_ROLE else limits.STATEMENT_SECONDS


def connection_options() -> dict[str, Any]:
    """How this process reaches its database."""
    settings = get_settings()
    return {
        "host": settings.socket_dir,
        "port": settings.database_port,
        "user": database_role(),
        "database": settings.database,
        "command_timeout": statement_limit(database_role()),
        "server_settings": {"application_name": "ncen", "timezone": "UTC", "jit": "off"},
    }


class Engine(PostgresEngine):
    """Piccolo's engine, without the two connections that it opens at its making to look at the server."""

    async def check_version(self) -> None:
        """Nothing: an older server than ours is not started at all."""

    async def prep_database(self) -> None:
        """Nothing: extensions come with the database, and this role could not make one."""


@functools.cache
def engine() -> PostgresEngine:
    """The engine of this process; Piccolo finds it through piccolo_conf."""
    return Engine(config=connection_options())


async def connect(**changes: Any) -> asyncpg.Connection:
    """A connection beside the pool, for whoever holds one for long.

    Raises:
        Unavailable: the database does not answer.
    """
    try:
        return await asyncpg.connect(**{**connection_options(), **changes})
    except CONNECTION_ERRORS as error:
        raise database_unavailable() from error


async def start_pool(size: int = limits.POOL_CONNECTIONS) -> None:
    """Open the pool; without it every query would open a connection of its own.

    Raises:
        Unavailable: the database does not answer.
    """
    try:
        await engine().start_connection_pool(min_size=1, max_size=size, reset=leave_clean)
    except CONNECTION_ERRORS as error:
        raise database_unavailable() from error


async def leave_clean(used: asyncpg.Connection) -> None:
    """Before a connection goes to somebody else: end a transaction that was left open.

    The driver would ask the server to forget settings, locks, cursors and listeners each time, which costs a
    round trip and as much as a statement. We leave none: settings and locks are those of a transaction here,
    and what holds one for longer opens a connection of its own by connect().
    """
    if used.is_in_transaction():
        await used.reset()


async def close_pool() -> None:
    """Close the pool."""
    await engine().close_connection_pool()


def current_connection() -> Connection | None:
    """The connection of the open transaction, if this task is inside one."""
    open_transaction = engine().current_transaction.get()
    return open_transaction.connection if open_transaction else None


class Kept:
    """The connection that a piece of work keeps between its statements."""

    __slots__ = ("connection", "ended", "lent")

    def __init__(self) -> None:
        self.connection: Connection | None = None
        self.lent = False
        self.ended = False

    async def lend(self) -> Connection:
        """The connection, for one statement or transaction at a time."""
        self.lent = True
        try:
            if self.connection is None:
                self.connection = await acquire()
        except BaseException:
            self.lent = False
            raise
        return self.connection

    async def take_back(self, *, broken: bool) -> None:
        """A statement or transaction is over; after a fault the next one begins on another connection."""
        self.lent = False
        if broken or self.ended:
            await self.put_away()

    async def end(self) -> None:
        """Give the connection back; later statements of this work take one each, as any other."""
        self.ended = True
        if not self.lent:
            await self.put_away()

    async def put_away(self) -> None:
        """Hand over what is held."""
        used, self.connection = self.connection, None
        if used is not None:
            await release(used)


kept_connection: ContextVar[Kept | None] = ContextVar("kept_connection", default=None)


@contextlib.asynccontextmanager
async def keep_connection() -> AsyncIterator[Kept]:
    """Let the statements of a short piece of work share one connection, taken at the first of them.

    Only for work that waits for nothing but the database: the pool is small, and whoever waits for a slow line
    meanwhile keeps others out.
    """
    kept = Kept()
    token = kept_connection.set(kept)
    try:
        yield kept
    finally:
        kept_connection.reset(token)
        await kept.end()


async def acquire() -> Connection:
    """A connection of the pool, or one of its own where no pool runs.

    Raises:
        Unavailable: the database does not answer.
    """
    pool = engine().pool
    try:
        if pool is None:
            return await connect()
        # One that lies ready needs no clock to be waited for with, and most do.
        seconds = None if pool.get_idle_size() else limits.CONNECTION_SECONDS
        return await pool.acquire(timeout=seconds)
    except CONNECTION_ERRORS as error:
        raise database_unavailable() from error


async def release(used: Connection) -> None:
    """Give a connection back; one that cannot even be called off is thrown away."""
    pool, seconds = engine().pool, limits.CONNECTION_SECONDS
    with contextlib.suppress(*CONNECTION_ERRORS):
        await (pool.release(used, timeout=seconds) if pool else used.close(timeout=seconds))


class Lease:
    """A connection for as long as a block runs; a class, for a generator would cost twice as much."""

    __slots__ = ("kept", "used")

    def __init__(self) -> None:
        self.used: Connection | None = None
        self.kept: Kept | None = None

    async def __aenter__(self) -> Connection:
        inside = current_connection()
        if inside is not None:
            return inside
        kept = kept_connection.get()
        if kept is None or kept.lent or kept.ended:
            self.used = await acquire()
        else:
            self.kept = kept
            self.used = await kept.lend()
        return self.used

    async def __aexit__(
        self, _: type[BaseException] | None, error: BaseException | None, __: TracebackType | None
    ) -> None:
        used = self.used
        if used is None:
            return
        fault = error if isinstance(error, CONNECTION_ERRORS) else None
        told = what_went_wrong(fault, used) if fault else None
        await (self.kept.take_back(broken=bool(fault)) if self.kept else release(used))
        if told is not None and told is not fault:
            raise told from fault


def connection() -> Lease:
    """A connection: the transaction's, the one that this work keeps, or a fresh one.

    Raises:
        Unavailable: the database does not answer.
    """
    return Lease()


@contextlib.asynccontextmanager
async def transaction() -> AsyncIterator[Connection]:
    """One transaction; a nested one is an error, for it could not be undone alone.

    Raises:
        Unavailable: the database went away; nothing of the transaction was kept.
    """
    db = engine()
    opened = db.transaction(allow_nested=False)
    # Piccolo's own way in and out loses the connection when it breaks, or when the task is cancelled while it
    # begins; so the driver begins and ends here, and Piccolo is only told what is open.
    async with connection() as conn:
        opened.connection, opened.transaction = conn, conn.transaction()
        async with opened.transaction:
            db.current_transaction.set(opened)
            try:
                yield conn
            finally:
                db.current_transaction.set(None)


def database_unavailable() -> Unavailable:
    """What a reader is told while the database is away."""
    return Unavailable(
        N_(
            "The database does not answer at the moment. Nothing was changed; try again in a minute."
        )
    )


def what_went_wrong(error: Exception, used: Connection | None) -> Exception:
    """The database's absence or slowness as a sentence; a caller's own I/O error stays what it is."""
    if isinstance(error, TimeoutError):
        return Unavailable(
            N_(
                "The database needed more than %(limit)s seconds. Nothing was changed; ask for less at once."
            ),
            limit=limits.STATEMENT_SECONDS,
        )
    if isinstance(error, asyncpg.DiskFullError):
        return Unavailable(
            N_(
                "The disk of this server is full. Nothing was changed, and what was saved before is kept. Tell your administrator."
            )
        )
    own = isinstance(error, OSError) and used is not None and not is_gone(used)
    return error if own else database_unavailable()


def is_gone(used: Connection) -> bool:
    """Whether a connection has ended; the pool takes one from its holder that broke meanwhile."""
    try:
        return bool(used.is_closed())
    except asyncpg.InterfaceError:
        return True


async def fetch(sql: str, *args: Any) -> list[asyncpg.Record]:
    """All rows of a statement."""
    async with connection() as conn:
        return list(await conn.fetch(sql, *args))


async def fetch_row(sql: str, *args: Any) -> asyncpg.Record | None:
    """The first row of a statement."""
    async with connection() as conn:
        return await conn.fetchrow(sql, *args)


async def fetch_value(sql: str, *args: Any) -> Any:
    """The first column of the first row."""
    async with connection() as conn:
        return await conn.fetchval(sql, *args)


async def execute(sql: str, *args: Any) -> int:
    """Run a statement; return the number of rows it changed."""
    async with connection() as conn:
        status = await conn.execute(sql, *args)
    last = status.rsplit(" ", 1)[-1]
    return int(last) if last.isdigit() else 0


async def execute_many(sql: str, rows: Iterable[Sequence[Any]]) -> None:
    """Run a statement once per row, in one round trip."""
    async with connection() as conn:
        await conn.executemany(sql, rows)
