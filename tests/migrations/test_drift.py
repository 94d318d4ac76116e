"""The schema that migrations build is the schema that the Table classes say, room by room.

What the ORM cannot say is listed here with its reason; anything else that differs is a migration
that was forgotten, or a table that was changed behind its class.
"""

from __future__ import annotations

import importlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import NamedTuple

import asyncpg
import pytest

from appliance.app import ROOM_NAMES
from appliance.core.room import has_migrations, room_module
from tests.migrations.conftest import Scratch, owner

ROOMS = [name for name in ROOM_NAMES if has_migrations(name)]
# Table or column, and why no class has it.
RAW = {
    "seizures.case_file.search": "generated full text; search.py owns it",
    "seizures.staged_case_file": "unlogged staging, made like its table; staging.py owns it",
    "seizures.staged_commodity": "as above",
    "seizures.staged_route_leg": "as above",
    "seizures.staged_concealment": "as above",
    "imports.seen_row": "unlogged digests of the rows of a running import",
}
# Columns whose default the ORM cannot say, and why.
RAW_DEFAULTS = {
    "audit.entry.xid": "the number of the writing transaction, filled by the database",
}
COLUMNS = """
SELECT table_schema || '.' || table_name || '.' || column_name AS name,
    udt_name || coalesce('(' || character_maximum_length || ')', '')
    || coalesce('(' || numeric_precision || ',' || numeric_scale || ')', '') AS type,
    is_nullable = 'YES' AS nullable, coalesce(column_default, '') AS default
FROM information_schema.columns WHERE table_schema = $1
"""
CONSTRAINTS = """
SELECT conrelid::regclass || ': ' || pg_get_constraintdef(oid) AS name
FROM pg_constraint WHERE connamespace = to_regnamespace($1) AND contype IN ('p', 'u', 'f', 'c')
"""


class Column(NamedTuple):
    type: str
    nullable: bool
    default: str


Columns = dict[str, Column]


def is_raw(name: str) -> bool:
    return name in RAW or name.rpartition(".")[0] in RAW


async def build_from_classes(room: str) -> None:
    from piccolo.table import Table, sort_table_classes

    from appliance.core import db

    tables: list[type[Table]] = importlib.import_module(
        room_module(room, "piccolo_app")
    ).APP_CONFIG.table_classes
    await db.execute(f"CREATE SCHEMA {room}")
    for table in sort_table_classes(tables):
        await table.create_table()


async def columns_of(connection: asyncpg.Connection, room: str) -> Columns:
    rows = await connection.fetch(COLUMNS, room)
    return {row["name"]: Column(row["type"], row["nullable"], row["default"]) for row in rows}


async def constraints_of(connection: asyncpg.Connection, room: str) -> set[str]:
    return {row["name"] for row in await connection.fetch(CONSTRAINTS, room)}


@pytest.fixture
async def migrated(cluster: Path) -> AsyncIterator[asyncpg.Connection]:  # noqa: ARG001 - its database was migrated
    """The database that migrations built."""
    connection = await owner("ncen")
    yield connection
    await connection.close()


@pytest.mark.parametrize("room", ROOMS)
async def test_columns_are_what_the_classes_say(
    scratch: Scratch, migrated: asyncpg.Connection, room: str
) -> None:
    await build_from_classes(room)
    said = await columns_of(scratch.connection, room)
    built = await columns_of(migrated, room)
    for name in RAW_DEFAULTS.keys() & built.keys():
        built[name] = built[name]._replace(default=said[name].default)
    assert {name: column for name, column in built.items() if not is_raw(name)} == said


@pytest.mark.parametrize("room", ROOMS)
async def test_keys_and_checks_of_the_classes_are_all_there(
    scratch: Scratch, migrated: asyncpg.Connection, room: str
) -> None:
    await build_from_classes(room)
    said = await constraints_of(scratch.connection, room)
    assert said
    assert said - await constraints_of(migrated, room) == set()


async def test_every_exception_is_still_needed(
    scratch: Scratch, migrated: asyncpg.Connection
) -> None:
    for room in ROOMS:
        await build_from_classes(room)
        said = await columns_of(scratch.connection, room)
        built = await columns_of(migrated, room)
        tables = {name.rpartition(".")[0] for name in built}
        for name in (raw for raw in RAW if raw.startswith(f"{room}.")):
            assert name not in said
            assert name in built.keys() | tables
        for name in (raw for raw in RAW_DEFAULTS if raw.startswith(f"{room}.")):
            assert built[name].default != said[name].default
