"""The code lists' table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import asyncpg
import pytest

if TYPE_CHECKING:
    from tests.migrations.conftest import Scratch

MIGRATION = ("reference", "2026-11-23T06:58:27:178581")
ENTRY = "INSERT INTO reference.entry (id, list_name, code) VALUES ($1, $2, $3)"


async def test_a_code_needs_only_its_list_and_its_name(scratch: Scratch) -> None:
    await scratch.before(*MIGRATION)
    await scratch.run(*MIGRATION)
    await scratch.execute(ENTRY, "MODE.SEA", "MODE", "SEA")
    stored = await scratch.fetch(
        "SELECT parent, labels, aliases, tags, valid_from, valid_to, replaced_by, sort, origin"
        " FROM reference.entry"
    )
    assert stored == [("", "{}", [], [], None, None, "", 0, "WCO")]


async def test_a_code_stands_once_in_its_list(scratch: Scratch) -> None:
    await scratch.before(*MIGRATION)
    await scratch.run(*MIGRATION)
    await scratch.execute(ENTRY, "MODE.SEA", "MODE", "SEA")
    await scratch.execute(ENTRY, "PLACE.SEA", "PLACE", "SEA")
    with pytest.raises(asyncpg.UniqueViolationError):
        await scratch.execute(ENTRY, "MODE.OTHER", "MODE", "SEA")


async def test_what_is_needed_has_no_silent_default(scratch: Scratch) -> None:
    await scratch.before(*MIGRATION)
    await scratch.run(*MIGRATION)
    with pytest.raises(asyncpg.NotNullViolationError):
        await scratch.execute("INSERT INTO reference.entry (id, code) VALUES ('X.Y', 'Y')")


async def test_facts_of_the_kernel_stay(scratch: Scratch) -> None:
    await scratch.before(*MIGRATION)
    await scratch.execute("INSERT INTO core.fact (name, value) VALUES ('release', 'before')")
    await scratch.run(*MIGRATION)
    assert await scratch.value("SELECT value FROM core.fact WHERE name = 'release'") == "before"
