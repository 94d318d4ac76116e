"""Brings a database to this release: migrations room by room, then grants, then the rooms' own lists.

Each migration and the note that it ran are one transaction, so a kill at any moment leaves a clean start.
Run by `ncen migrate` under the role ncen_migrate; the application itself has no right to change a table.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib
import importlib.util
import io
import logging
import re
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from importlib.metadata import version
from pathlib import Path

import asyncpg

from appliance.core import db
from appliance.core.errors import CannotStart
from appliance.core.i18n import N_
from appliance.core.room import Room, has_migrations, load_attribute, room_module

log = logging.getLogger(__name__)

ID_LINE = re.compile(r'^ID = "([^"]+)"', re.MULTILINE)
LOCK_NUMBER = 0x6E43454E  # "nCEN"
CORE_GRANTS = {
    "fact": "SELECT, INSERT, UPDATE",
    "outbox": "SELECT, INSERT, UPDATE, DELETE",
    "job": "SELECT, INSERT, UPDATE, DELETE",
    "blob_column": "SELECT",
}
BOOKKEEPING = """
CREATE TABLE IF NOT EXISTS migration (
    id serial PRIMARY KEY,
    name varchar(200) NOT NULL DEFAULT '',
    app_name varchar(200) NOT NULL DEFAULT '',
    ran_on timestamp NOT NULL DEFAULT current_timestamp
)
"""


def app_folders(room_names: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Each app that has migrations, with the dotted name of their package, in the order they run."""
    yield "core", "appliance.core.migrations"
    for name in room_names:
        if has_migrations(name):
            yield name, room_module(name, "migrations")


def migration_files(package: str) -> dict[str, str]:
    """The migrations of one app as {id: module name}, oldest first, found without loading them."""
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        return {}
    found = {}
    for path in Path(spec.origin).parent.glob("*.py"):
        declared = ID_LINE.search(path.read_text(encoding="utf-8"))
        if declared:
            found[declared[1]] = f"{package}.{path.stem}"
    return dict(sorted(found.items()))


async def noted(connection: asyncpg.Connection) -> set[tuple[str, str]]:
    """The migrations this database has seen, as (app, id)."""
    if await connection.fetchval("SELECT to_regclass('public.migration')") is None:
        return set()
    rows = await connection.fetch("SELECT app_name, name FROM public.migration")
    return {(row["app_name"], row["name"]) for row in rows}


def release_stamp(room_names: Iterable[str]) -> str:
    """What a release brings beside migrations: its version, grants and the data files of its rooms."""
    digest = hashlib.sha256(version("ncen").encode())
    root = Path(__file__).resolve().parents[1] / "app"
    for name in room_names:
        for path in (root / name / "__init__.py", *sorted((root / name / "data").glob("*"))):
            digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


async def is_current(connection: asyncpg.Connection, room_names: Sequence[str]) -> bool:
    """Whether nothing is left to do, found without loading any room.

    Raises:
        CannotStart: the database was written by a newer release.
    """
    ran = await noted(connection)
    known = known_migrations(room_names)
    refuse_newer(ran, known.keys())
    if ran != known.keys():
        return False
    stamp = await connection.fetchval("SELECT value FROM core.fact WHERE name = 'release'")
    return bool(stamp == release_stamp(room_names))


def known_migrations(room_names: Iterable[str]) -> dict[tuple[str, str], str]:
    """Every migration of this release as {(app, id): module name}, in the order they run."""
    return {
        (app, migration): module
        for app, package in app_folders(room_names)
        for migration, module in migration_files(package).items()
    }


def refuse_newer(ran: AbstractSet[tuple[str, str]], known: AbstractSet[tuple[str, str]]) -> None:
    """An older release must not touch what a newer one made.

    Raises:
        CannotStart: the database holds migrations that this release does not know.
    """
    if ran - known:
        raise CannotStart(
            N_(
                "The data folder was used by a newer version of nCEN (%(example)s is unknown here)."
                " Nothing was changed. Start that version again, or name another folder with --state."
            ),
            example=" ".join(min(ran - known)),
        )


async def run_one(app: str, migration: str, module_name: str) -> None:
    """Run one migration and note it, in one transaction."""
    from piccolo.apps.migrations.auto.migration_manager import (  # noqa: PLC0415 - costs a second, rarely needed
        MigrationManager,
    )

    module = importlib.import_module(module_name)
    async with db.transaction():
        with contextlib.redirect_stdout(io.StringIO()):
            manager = await module.forwards()
            if isinstance(manager, MigrationManager):
                await manager.run()
        await db.execute("INSERT INTO migration (name, app_name) VALUES ($1, $2)", migration, app)
    log.info("migrated %s %s", app, migration)


def grant_statements(schema: str, grants: Mapping[str, str]) -> Iterator[str]:
    """The SQL that gives ncen_app what a room declares for its tables, and nothing more."""
    yield f"GRANT USAGE ON SCHEMA {schema} TO ncen_app"
    yield f"REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM ncen_app"
    yield f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {schema} TO ncen_app"
    for table, rights in grants.items():
        yield f"GRANT {rights} ON {schema}.{table} TO ncen_app"


async def apply_grants(rooms: Iterable[Room]) -> None:
    """Give each role its rights again; running it twice changes nothing."""
    statements = [*grant_statements("core", CORE_GRANTS)]
    for room in rooms:
        if room.grants:
            statements += grant_statements(room.name, room.grants)
    statements += [
        "GRANT SELECT ON public.migration TO ncen_app, ncen_read",
        "GRANT USAGE ON SCHEMA ncen TO ncen_app, ncen_read",
        "GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA ncen TO ncen_read",
    ]
    async with db.transaction():
        for statement in statements:
            await db.execute(statement)


@contextlib.asynccontextmanager
async def only_one() -> AsyncIterator[None]:
    """Hold the migration lock; a second migrating process waits."""
    connection = await db.connect(command_timeout=None)
    try:
        await connection.execute("SELECT pg_advisory_lock($1)", LOCK_NUMBER)
        yield
    finally:
        await connection.close()


async def migrate(rooms: Sequence[Room]) -> int:
    """Run what has not run; return how many migrations that were.

    Raises:
        CannotStart: the database was written by a newer release.
    """
    names = [room.name for room in rooms]
    async with only_one():
        await db.execute(BOOKKEEPING)
        async with db.connection() as connection:
            ran = await noted(connection)
        known = known_migrations(names)
        refuse_newer(ran, known.keys())
        pending = {key: module for key, module in known.items() if key not in ran}
        for (app, migration), module in pending.items():
            await run_one(app, migration, module)
        await apply_grants(rooms)
        for room in rooms:
            if room.seed:
                await load_attribute(room.name, room.seed)()
        await db.execute(
            "INSERT INTO core.fact (name, value) VALUES ('release', $1)"
            " ON CONFLICT (name) DO UPDATE SET value = $1, noted_at = now()",
            release_stamp(names),
        )
    return len(pending)
