"""Imports belong to an office; of those from before nobody knows it, so they belong to who started them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.migrations.conftest import Scratch

MIGRATION = ("imports", "2026-11-25T14:31:52:652836")
BATCH = (
    "INSERT INTO imports.batch (id, state, mapping, blob, repeats, made_at)"
    " VALUES (gen_random_uuid(), 'DONE', 'unodc-ids', 'ab', 'hold', now())"
)


async def test_imports_from_before_belong_to_no_office(scratch: Scratch) -> None:
    await scratch.before(*MIGRATION)
    await scratch.execute(BATCH)
    await scratch.run(*MIGRATION)
    assert await scratch.fetch("SELECT made_by_office FROM imports.batch") == [("",)]
