"""A part of a case number finds its case by an index, also one from before."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.migrations.conftest import Scratch

MIGRATION = ("seizures", "2026-11-25T14:40:00:000000")
CASE = (
    "INSERT INTO seizures.case_file (id, export_id, origin, status, case_kind, event_date, country,"
    " entered_at, search_text, case_ref)"
    " VALUES (gen_random_uuid(), gen_random_uuid(), 'FORM', 'VALIDATED', 'SEIZURE', '2026-01-05', 'XX',"
    " now(), '', $1)"
)
FIND = (
    "SELECT case_ref FROM seizures.case_file c WHERE c.case_ref <> ''"
    " AND to_tsvector('simple', replace(c.case_ref, '-', ' ')) @@ to_tsquery('simple', $1)"
)


async def test_numbers_from_before_are_found_by_a_part(scratch: Scratch) -> None:
    await scratch.before(*MIGRATION)
    await scratch.execute(CASE, "PH-SEA1-2026-000002")
    await scratch.execute(CASE, "PH-AIR1-2026-000017")
    await scratch.execute(CASE, "")
    await scratch.run(*MIGRATION)
    assert await scratch.fetch(FIND, "sea1:*") == [("PH-SEA1-2026-000002",)]
    assert await scratch.fetch(FIND, "000017:*") == [("PH-AIR1-2026-000017",)]
    assert (
        await scratch.value("SELECT count(*) FROM pg_indexes WHERE indexname = 'case_number_words'")
        == 1
    )
