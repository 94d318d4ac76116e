"""The one way to PostgreSQL: a pool, transactions that never nest silently, and hot reads as plain SQL.

Tables and writes are Piccolo's; both share the connection of the open transaction.
"""

from __future__ import annotations

import contextlib
import functools
import os
from collections.abc import AsyncIterator, Iterable, Sequence
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
        await engine().start_connection_pool(min_size=1, max_size=size)
    except CONNECTION_ERRORS as error:
        raise database_unavailable() from error


async def close_pool() -> None:
    """Close the pool."""
    await engine().close_connection_pool()


def current_connection() -> Connection | None:
    """The connection of the open transaction, if this task is inside one."""
    open_transaction = engine().current_transaction.get()
    return open_transaction.connection if open_transaction else None


@contextlib.asynccontextmanager
async def connection() -> AsyncIterator[Connection]:
    """A connection: the transaction's, the pool's, or one of its own where no pool runs.

    Raises:
        Unavailable: the database does not answer.
    """
    inside = current_connection()
    if inside is not None:
        yield inside
        return
    pool = engine().pool
    try:
        fresh = await (pool.acquire() if pool else connect())
    except CONNECTION_ERRORS as error:
        raise database_unavailable() from error
    try:
        yield fresh
    except CONNECTION_ERRORS as error:
        raise what_went_wrong(error, fresh) from error
    finally:
        with contextlib.suppress(*CONNECTION_ERRORS):
            await (pool.release(fresh) if pool else fresh.close())


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
    own = isinstance(error, OSError) and used is not None and not used.is_closed()
    return error if own else database_unavailable()


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
