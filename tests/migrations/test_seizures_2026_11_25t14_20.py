"""Indexes for the filters of the list: cases from before are in them, those that say the usual are not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from appliance.app.seizures.queries import USUAL

if TYPE_CHECKING:
    from tests.migrations.conftest import Scratch

MIGRATION = ("seizures", "2026-11-25T14:20:00:000000")
CASE = (
    "INSERT INTO seizures.case_file (id, export_id, origin, status, case_kind, event_date, country,"
    " entered_at) VALUES (gen_random_uuid(), gen_random_uuid(), 'IMPORT', 'VALIDATED', 'SEIZURE',"
    " '2026-01-05', 'XX', now())"
)
INDEXES = (
    "SELECT indexdef FROM pg_indexes WHERE schemaname = 'seizures' AND tablename = 'case_file'"
)
FILTERED = {**USUAL, "status": "VALIDATED"}


@pytest.mark.parametrize("column", FILTERED)
async def test_each_filter_has_an_index_without_the_usual(scratch: Scratch, column: str) -> None:
    await scratch.before(*MIGRATION)
    await scratch.execute(CASE)
    await scratch.run(*MIGRATION)
    defined = [row[0] for row in await scratch.fetch(INDEXES)]
    (found,) = [text for text in defined if f"({column}, event_date DESC, id DESC)" in text]
    assert f"<> '{FILTERED[column]}'" in found


async def test_cases_from_before_are_found_by_them(scratch: Scratch) -> None:
    await scratch.before(*MIGRATION)
    await scratch.execute(CASE)
    await scratch.execute(CASE.replace("'SEIZURE'", "'ABANDONED'"))
    await scratch.run(*MIGRATION)
    await scratch.execute("SET enable_seqscan = off")
    found = await scratch.fetch(
        "SELECT case_kind FROM seizures.case_file WHERE case_kind = 'ABANDONED'"
        " AND case_kind <> 'SEIZURE' ORDER BY event_date DESC, id DESC LIMIT 51"
    )
    assert found == [("ABANDONED",)]
