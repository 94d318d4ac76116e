"""The digest of what was sent with a client id: cases from before have none."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from tests.migrations.conftest import Scratch

MIGRATION = ("seizures", "2026-11-25T14:10:00:000000")
CASE = (
    "INSERT INTO seizures.case_file (id, export_id, origin, status, case_kind, event_date, country,"
    " entered_at, client_uuid) VALUES (gen_random_uuid(), gen_random_uuid(), 'FORM', 'DRAFT',"
    " 'SEIZURE', '2026-01-05', 'XX', now(), $1)"
)


async def test_cases_from_before_have_none(scratch: Scratch) -> None:
    await scratch.before(*MIGRATION)
    await scratch.execute(CASE, UUID(int=1))
    await scratch.run(*MIGRATION)
    found = await scratch.fetch("SELECT client_uuid, client_digest FROM seizures.case_file")
    assert found == [(UUID(int=1), None)]


async def test_staging_takes_the_columns_of_a_case(scratch: Scratch) -> None:
    await scratch.before(*MIGRATION)
    await scratch.run(*MIGRATION)
    columns = (
        "SELECT column_name, data_type FROM information_schema.columns"
        " WHERE table_schema = 'seizures' AND table_name = $1"
    )
    case = set(await scratch.fetch(columns, "case_file"))
    assert ("client_digest", "bytea") in case
    assert case - {("search", "tsvector")} <= set(await scratch.fetch(columns, "staged_case_file"))
