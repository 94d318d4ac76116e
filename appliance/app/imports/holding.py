"""Loading the rows that an import held back, after somebody decided that they are seizures of their own.

Like an import it may be killed at any moment: staging begins again, publishing is one transaction.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import closing
from dataclasses import astuple
from uuid import UUID

import asyncpg

from appliance.app.imports import limits, queries
from appliance.app.imports.counting import (
    Block,
    PlacedRow,
    ReadRow,
    Seen,
    Sorted,
    Tally,
    add_notes,
    blocks,
)
from appliance.app.imports.loading import (
    ROOM,
    Stopped,
    audit_blocks,
    check_disk,
    open_batch,
    totals,
)
from appliance.app.imports.mapping import find_mapping
from appliance.app.imports.schemas import Batch, HeldState
from appliance.app.imports.source import Table
from appliance.app.seizures import api as seizures
from appliance.app.seizures.schemas import Origin
from appliance.core import audit, db
from appliance.core.audit import Action, Actor

MOVE_COUNTS = """
UPDATE imports.batch SET held = held - $2, loaded = loaded + $3, duplicates = duplicates + $4,
    rejected = rejected + $5, rounded = rounded + $6, other_values = other_values + $7, notes = $8,
    held_state = 'LOADED'
WHERE id = $1 AND held_state = 'LOADING'
"""


class HeldLoader:
    """Reads the held rows of one import again and stages them."""

    def __init__(self, batch: Batch, actor: Actor, keys: Mapping[int, UUID]) -> None:
        self.batch = batch
        self.keys = keys
        self.stamp = seizures.stamp_now(batch.id, Origin.IMPORT, actor)
        self.tally = Tally()
        self.notes = batch.notes
        self.digests: list[Block] = []
        self.refused: list[Sorted] = []

    async def read(self, table: Table) -> None:
        """Stage all held rows, some at a time."""
        rows = table.pick(self.keys)
        while part := await asyncio.to_thread(next, rows, None):
            await self.keep(part)

    async def keep(self, rows: list[ReadRow]) -> None:
        """Stage some rows."""
        check_disk()
        placed = [PlacedRow(row, Seen(1, row.row), self.keys[row.row]) for row in rows]
        known = await seizures.known_source_keys([item.source_key for item in placed])
        found = Sorted()
        for item in placed:
            found.take(item, known, hold=False)
        found.count_notes()
        add_notes(self.notes, found)
        self.tally = Tally(*map(sum, zip(astuple(self.tally), astuple(found.tally), strict=True)))
        self.digests += blocks([row.row for row in rows], found.staged)
        if found.problems:
            self.refused.append(found)
        await seizures.stage(found.staged, self.stamp)


async def publish(loader: HeldLoader) -> None:
    """Make the staged rows visible and move their counts, in one transaction.

    Raises:
        Stopped: another process did it.
    """
    batch, tally = loader.batch, loader.tally
    async with db.transaction():
        await queries.hold_batch(batch.id)
        await seizures.publish(batch.id)
        counts = (tally.loaded, tally.duplicates, tally.rejected, tally.rounded, tally.other_values)
        notes = queries.encode(loader.notes).decode()
        if not await db.execute(MOVE_COUNTS, batch.id, tally.rows, *counts, notes):
            raise Stopped
        await queries.forget_held(batch.id)
        for found in loader.refused:
            await queries.add_problems(batch.id, found.problems)
        await audit_blocks(batch, loader.digests, "held rows")
        after = await open_batch(batch.id)
        detail = {"what": "held rows loaded", **totals(after)}
        await audit.record(Action.IMPORT, ROOM, batch.id, label=batch.file_name, detail=detail)


async def load_held(batch_id: UUID, actor: Actor) -> None:
    """Load the held rows of an import.

    Raises:
        Stopped: nobody asked for it any more.
        Refused: the disk is nearly full; the rows wait for another decision.
    """
    for tries in range(1, limits.PUBLISH_TRIES + 1):
        batch = await open_batch(batch_id)
        if batch.held_state is not HeldState.LOADING:
            raise Stopped
        await seizures.discard(batch_id)
        loader = HeldLoader(batch, actor, await queries.held_rows(batch_id))
        with closing(
            await asyncio.to_thread(Table, batch.blob, find_mapping(batch.mapping))
        ) as table:
            await loader.read(table)
        try:
            await publish(loader)
        except asyncpg.UniqueViolationError:
            # Another import of the same rows was published meanwhile: reading again finds duplicates.
            if tries == limits.PUBLISH_TRIES:
                raise
        else:
            return
