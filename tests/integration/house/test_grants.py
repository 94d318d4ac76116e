"""What each database role may do: exactly what the rooms declare, and nothing by accident."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest

from appliance.app import ROOM_NAMES
from appliance.core.migrate import CORE_GRANTS
from appliance.core.room import load_rooms

SCHEMAS = ("core", *ROOM_NAMES)
FUNCTIONS = ("figures", "blobs", "audit_head")
KINDS = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER")
# "INSERT (a, b)" gives columns, "INSERT" the whole table.
GRANT = re.compile(r"([A-Z]+)\s*(?:\(([^)]*)\))?")
Grants = dict[str, set[str]]


def declared() -> Grants:
    """What core and rooms declare, as {schema.table: {"SELECT", "INSERT a", ...}}."""
    found: Grants = {}
    grants = {"core": CORE_GRANTS, **{room.name: room.grants for room in load_rooms(ROOM_NAMES)}}
    for schema, tables in grants.items():
        for table, text in tables.items():
            rights = found.setdefault(f"{schema}.{table}", set())
            for right, columns in GRANT.findall(text):
                names = [name.strip() for name in columns.split(",")] if columns else [""]
                rights |= {f"{right} {name}".strip() for name in names}
    return found


@pytest.fixture
async def owner(cluster: Path) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(host=str(cluster), user="ncen_owner", database="ncen")
    yield connection
    await connection.close()


async def tables_of(connection: asyncpg.Connection) -> set[str]:
    rows = await connection.fetch(
        "SELECT schemaname || '.' || tablename AS name FROM pg_tables WHERE schemaname = ANY($1)",
        list(SCHEMAS),
    )
    return {row["name"] for row in rows}


async def granted(connection: asyncpg.Connection, role: str) -> Grants:
    """What the database says that a role may do with whole tables, and with single columns."""
    found: Grants = {}
    whole = await connection.fetch(
        "SELECT t.schemaname || '.' || t.tablename AS name, k.kind FROM pg_tables t, unnest($2::text[]) k(kind)"
        " WHERE t.schemaname = ANY($3)"
        " AND has_table_privilege($1, quote_ident(t.schemaname) || '.' || quote_ident(t.tablename), k.kind)",
        role,
        list(KINDS),
        list(SCHEMAS),
    )
    for row in whole:
        found.setdefault(row["name"], set()).add(row["kind"])
    columns = await connection.fetch(
        "SELECT table_schema || '.' || table_name AS name, privilege_type, column_name"
        " FROM information_schema.column_privileges WHERE grantee = $1 AND table_schema = ANY($2)",
        role,
        list(SCHEMAS),
    )
    for row in columns:
        rights = found.setdefault(row["name"], set())
        if row["privilege_type"] not in rights:
            rights.add(f"{row['privilege_type']} {row['column_name']}")
    return found


async def test_every_table_has_declared_grants(owner: asyncpg.Connection) -> None:
    assert await tables_of(owner) - declared().keys() == set()


async def test_no_grant_names_a_table_that_is_not_there(owner: asyncpg.Connection) -> None:
    assert declared().keys() - await tables_of(owner) == set()


async def test_the_application_may_do_exactly_what_is_declared(owner: asyncpg.Connection) -> None:
    assert await granted(owner, "ncen_app") == declared()


async def test_the_application_owns_nothing_and_makes_nothing(owner: asyncpg.Connection) -> None:
    owned = await owner.fetchval(
        "SELECT count(*) FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner WHERE r.rolname = 'ncen_app'"
    )
    schemas = await owner.fetch(
        "SELECT nspname FROM pg_namespace WHERE has_schema_privilege('ncen_app', oid, 'CREATE')"
        " AND nspname !~ '^pg_'"
    )
    assert owned == 0
    assert [row["nspname"] for row in schemas] == []
    assert not await owner.fetchval("SELECT has_database_privilege('ncen_app', 'ncen', 'CREATE')")


async def test_the_reading_role_reads_no_table_of_any_room(owner: asyncpg.Connection) -> None:
    assert await granted(owner, "ncen_read") == {}


async def test_the_reading_role_calls_the_figures(cluster: Path) -> None:
    reader = await asyncpg.connect(host=str(cluster), user="ncen_read", database="ncen")
    try:
        figures = {
            row["relation"]: row["rows"]
            for row in await reader.fetch("SELECT * FROM ncen.figures()")
        }
        assert figures["reference.entry"] > 0
        await reader.fetch("SELECT * FROM ncen.blobs()")
        await reader.fetch("SELECT * FROM ncen.audit_head()")
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await reader.fetch("SELECT * FROM seizures.case_file")
    finally:
        await reader.close()


@pytest.mark.parametrize("name", FUNCTIONS)
async def test_the_application_does_not_need_the_figures(
    owner: asyncpg.Connection, name: str
) -> None:
    assert not await owner.fetchval(
        "SELECT has_function_privilege('ncen_app', $1, 'EXECUTE')", f"ncen.{name}()"
    )


async def test_the_trail_cannot_be_changed_by_the_application(cluster: Path) -> None:
    app = await asyncpg.connect(host=str(cluster), user="ncen_app", database="ncen")
    try:
        for statement in (
            "UPDATE audit.entry SET label = 'x'",
            "DELETE FROM audit.entry",
            "TRUNCATE audit.entry",
            "UPDATE audit.seal SET entries = 1",
            "DELETE FROM audit.seal",
        ):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await app.execute(statement)
    finally:
        await app.close()
