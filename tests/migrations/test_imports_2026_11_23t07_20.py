"""Checks of the imports: an end that does not add up, an unknown state or a negative count is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import asyncpg
import pytest

if TYPE_CHECKING:
    from tests.migrations.conftest import Scratch

MIGRATION = ("imports", "2026-11-23T07:20:00:000000")
BATCH = (
    "INSERT INTO imports.batch (id, state, mapping, blob, repeats, made_at, rows, loaded, held, duplicates,"
    " rejected, held_state) VALUES (gen_random_uuid(), $1, 'unodc-ids', 'ab', $2, now(), $3, $4, $5, $6, $7, $8)"
)


async def test_imports_from_before_pass(scratch: Scratch) -> None:
    await scratch.before(*MIGRATION)
    await scratch.execute(BATCH, "DONE", "hold", 10, 4, 3, 2, 1, "WAITING")
    await scratch.run(*MIGRATION)
    assert await scratch.value("SELECT count(*) FROM imports.batch") == 1


@pytest.mark.parametrize(
    "values",
    [
        ("DONE", "hold", 10, 4, 3, 2, 0, "NONE"),
        ("CHECKED", "hold", 1, 0, 0, 0, 0, "NONE"),
        ("NONSENSE", "hold", 0, 0, 0, 0, 0, "NONE"),
        ("READING", "skip", 0, 0, 0, 0, 0, "NONE"),
        ("READING", "hold", 0, -1, 0, 0, 0, "NONE"),
        ("DONE", "hold", 0, 0, 0, 0, 0, "NONSENSE"),
    ],
    ids=["a row is lost", "a row is lost in a check", "state", "repeats", "negative", "held"],
)
async def test_what_cannot_be_is_refused(scratch: Scratch, values: tuple[object, ...]) -> None:
    await scratch.before(*MIGRATION)
    await scratch.run(*MIGRATION)
    with pytest.raises(asyncpg.CheckViolationError):
        await scratch.execute(BATCH, *values)


async def test_while_it_is_read_an_import_need_not_add_up(scratch: Scratch) -> None:
    await scratch.before(*MIGRATION)
    await scratch.run(*MIGRATION)
    await scratch.execute(BATCH, "READING", "hold", 10, 4, 3, 2, 0, "NONE")
    assert await scratch.value("SELECT rows FROM imports.batch") == 10


async def test_files_of_imports_are_known_to_the_backup(scratch: Scratch) -> None:
    await scratch.before(*MIGRATION)
    await scratch.run(*MIGRATION)
    await scratch.execute(BATCH, "READING", "hold", 0, 0, 0, 0, 0, "NONE")
    assert await scratch.fetch("SELECT * FROM ncen.blobs()") == [("ab",)]
