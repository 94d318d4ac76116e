"""The tables of the imports: an import, its blocks and its problems can be written, and hang together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import asyncpg
import pytest

if TYPE_CHECKING:
    from tests.migrations.conftest import Scratch

MIGRATION = ("imports", "2026-11-23T07:16:04:231714")
BATCH = (
    "INSERT INTO imports.batch (id, state, mapping, blob, repeats, made_at)"
    " VALUES (gen_random_uuid(), 'DONE', 'unodc-ids', 'ab', 'hold', now()) RETURNING id"
)


async def test_an_import_with_its_rows_can_be_written(scratch: Scratch) -> None:
    await scratch.before(*MIGRATION)
    await scratch.run(*MIGRATION)
    batch = await scratch.value(BATCH)
    await scratch.execute(
        "INSERT INTO imports.block (batch_id, sha256) VALUES ($1, $2)", batch, b"x"
    )
    await scratch.execute(
        "INSERT INTO imports.row_problem (batch_id, row_no, kind) VALUES ($1, 2, 'HELD')", batch
    )
    assert await scratch.fetch("SELECT rows, loaded, notes, held_state FROM imports.batch") == [
        (0, 0, "{}", "NONE")
    ]


async def test_an_import_with_rows_cannot_disappear(scratch: Scratch) -> None:
    await scratch.before(*MIGRATION)
    await scratch.run(*MIGRATION)
    batch = await scratch.value(BATCH)
    await scratch.execute("INSERT INTO imports.block (batch_id) VALUES ($1)", batch)
    with pytest.raises(asyncpg.ForeignKeyViolationError):
        await scratch.execute("DELETE FROM imports.batch")
