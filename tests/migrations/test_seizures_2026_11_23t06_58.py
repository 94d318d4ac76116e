"""The tables of cases, goods, routes and hiding places."""

from __future__ import annotations

from typing import TYPE_CHECKING

import asyncpg
import pytest

if TYPE_CHECKING:
    from tests.migrations.conftest import Scratch

MIGRATION = ("seizures", "2026-11-23T06:58:28:352392")
CASE = (
    "INSERT INTO seizures.case_file (id, export_id, origin, status, case_kind, event_date, country,"
    " entered_at) VALUES (gen_random_uuid(), gen_random_uuid(), 'FORM', 'DRAFT', 'SEIZURE',"
    " '2026-01-05', 'XX', now()) RETURNING id"
)


async def test_code_lists_stay(scratch: Scratch) -> None:
    await scratch.before(*MIGRATION)
    await scratch.execute(
        "INSERT INTO reference.entry (id, list_name, code) VALUES ('MODE.SEA', 'MODE', 'SEA')"
    )
    await scratch.run(*MIGRATION)
    assert await scratch.fetch("SELECT code FROM reference.entry") == [("SEA",)]


async def test_what_a_case_does_not_say_is_marked_as_not_recorded(scratch: Scratch) -> None:
    await scratch.before(*MIGRATION)
    await scratch.run(*MIGRATION)
    await scratch.value(CASE)
    stored = await scratch.fetch(
        "SELECT direction, mode, how_found, case_ref, version, quantity, typed, offence_types, lines"
        " FROM seizures.case_file"
    )
    unsaid = "NOT_RECORDED"
    assert stored == [(unsaid, unsaid, unsaid, "", 1, None, "{}", [], 0)]


async def test_a_case_without_a_date_is_refused(scratch: Scratch) -> None:
    await scratch.before(*MIGRATION)
    await scratch.run(*MIGRATION)
    with pytest.raises(asyncpg.NotNullViolationError):
        await scratch.value(CASE.replace("'2026-01-05'", "NULL"))


async def test_quantities_keep_every_digit(scratch: Scratch) -> None:
    await scratch.before(*MIGRATION)
    await scratch.run(*MIGRATION)
    case = await scratch.value(CASE)
    await scratch.execute(
        "INSERT INTO seizures.commodity (id, case_id, quantity)"
        " VALUES (gen_random_uuid(), $1, 1234567890123456.123456789012)",
        case,
    )
    stored = await scratch.value("SELECT quantity::text FROM seizures.commodity")
    assert stored == "1234567890123456.123456789012"


@pytest.mark.parametrize("table", ["commodity", "route_leg", "concealment"])
async def test_a_case_with_lines_cannot_be_deleted(scratch: Scratch, table: str) -> None:
    await scratch.before(*MIGRATION)
    await scratch.run(*MIGRATION)
    case = await scratch.value(CASE)
    column, value = ("role", "ORIGIN") if table == "route_leg" else ("seq", 1)
    await scratch.execute(
        f"INSERT INTO seizures.{table} (id, case_id, {column}) VALUES (gen_random_uuid(), $1, $2)",
        case,
        value,
    )
    with pytest.raises(asyncpg.ForeignKeyViolationError):
        await scratch.execute("DELETE FROM seizures.case_file WHERE id = $1", case)


async def test_a_version_is_written_once(scratch: Scratch) -> None:
    await scratch.before(*MIGRATION)
    await scratch.run(*MIGRATION)
    case = await scratch.value(CASE)
    version = (
        "INSERT INTO seizures.case_version (id, case_id, version, at)"
        " VALUES (gen_random_uuid(), $1, 1, now())"
    )
    await scratch.execute(version, case)
    with pytest.raises(asyncpg.UniqueViolationError):
        await scratch.execute(version, case)
