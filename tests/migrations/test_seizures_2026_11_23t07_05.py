"""Checks, indexes, full text and staging of cases: cases that are there already must pass and be found."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

import asyncpg
import pytest

if TYPE_CHECKING:
    from tests.migrations.conftest import Scratch

MIGRATION = ("seizures", "2026-11-23T07:05:00:000000")
CASE = (
    "INSERT INTO seizures.case_file (id, export_id, origin, status, case_kind, event_date, country,"
    " entered_at, search_text, case_ref, client_uuid, source_key)"
    " VALUES (gen_random_uuid(), gen_random_uuid(), $1, $2, 'SEIZURE', '2026-01-05', 'XX', now(),"
    " $3, $4, $5, $6)"
)
ONE, TWO = UUID(int=1), UUID(int=2)


async def test_cases_from_before_are_found_by_their_words(scratch: Scratch) -> None:
    await scratch.before(*MIGRATION)
    await scratch.execute(CASE, "IMPORT", "VALIDATED", "bogota harbour", "", None, None)
    await scratch.execute(CASE, "IMPORT", "VALIDATED", "elsewhere", "", None, None)
    await scratch.run(*MIGRATION)
    found = await scratch.fetch(
        "SELECT search_text FROM seizures.case_file WHERE search @@ to_tsquery('simple', 'bogo:*')"
    )
    assert found == [("bogota harbour",)]


async def test_a_case_in_no_known_state_stops_it_and_nothing_is_left_half_done(
    scratch: Scratch,
) -> None:
    await scratch.before(*MIGRATION)
    await scratch.execute(CASE, "FORM", "NONSENSE", "", "", None, None)
    with pytest.raises(asyncpg.CheckViolationError):
        await scratch.run(*MIGRATION)
    assert await scratch.value("SELECT count(*) FROM seizures.case_file") == 1
    assert await scratch.value("SELECT to_regclass('seizures.staged_case_file')") is None
    noted = await scratch.value("SELECT count(*) FROM migration WHERE name = $1", MIGRATION[1])
    assert noted == 0


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("N-1", None, None), ("N-1", None, None)),
        (("", ONE, None), ("", ONE, None)),
        (("", None, ONE), ("", None, ONE)),
    ],
    ids=["case number", "form sent twice", "row imported twice"],
)
async def test_what_identifies_a_case_stands_once(
    scratch: Scratch, first: tuple[object, ...], second: tuple[object, ...]
) -> None:
    await scratch.before(*MIGRATION)
    await scratch.run(*MIGRATION)
    await scratch.execute(CASE, "FORM", "DRAFT", "", *first)
    with pytest.raises(asyncpg.UniqueViolationError):
        await scratch.execute(CASE, "FORM", "DRAFT", "", *second)


async def test_cases_without_number_or_keys_do_not_clash(scratch: Scratch) -> None:
    await scratch.before(*MIGRATION)
    await scratch.execute(CASE, "FORM", "DRAFT", "", "", None, None)
    await scratch.execute(CASE, "FORM", "DRAFT", "", "", None, None)
    await scratch.run(*MIGRATION)
    assert await scratch.value("SELECT count(*) FROM seizures.case_file") == 2


@pytest.mark.parametrize(("origin", "status"), [("FORM", "NONSENSE"), ("NONSENSE", "DRAFT")])
async def test_unknown_states_and_origins_are_refused(
    scratch: Scratch, origin: str, status: str
) -> None:
    await scratch.before(*MIGRATION)
    await scratch.run(*MIGRATION)
    with pytest.raises(asyncpg.CheckViolationError):
        await scratch.execute(CASE, origin, status, "", "", None, None)


async def test_staging_takes_the_columns_of_a_case(scratch: Scratch) -> None:
    await scratch.before(*MIGRATION)
    await scratch.run(*MIGRATION)
    columns = (
        "SELECT column_name FROM information_schema.columns"
        " WHERE table_schema = 'seizures' AND table_name = $1"
    )
    case = {name for (name,) in await scratch.fetch(columns, "case_file")}
    staged = {name for (name,) in await scratch.fetch(columns, "staged_case_file")}
    assert case - staged == set()
