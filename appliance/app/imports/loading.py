"""Carrying out an import: read, stage, publish at once. May be killed at any moment and started again.

Counts, problems and staged cases of a chunk are one transaction, so they always agree. After a kill the file is read
again from its start: rows done before are only counted. After a crash of the database the staging is empty: it starts
again. Publishing is one transaction, so a batch is seen whole or not at all.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from contextlib import closing
from uuid import UUID

import asyncpg

from appliance.app.imports import limits, queries
from appliance.app.imports.counting import (
    Block,
    PlacedRow,
    ReadRow,
    RowMemory,
    Seen,
    Sorted,
    add_notes,
    blocks,
    number_within,
    place,
)
from appliance.app.imports.mapping import find_mapping
from appliance.app.imports.schemas import Batch, HeldState, Repeats, State
from appliance.app.imports.source import Chunk, Table
from appliance.app.seizures import api as seizures
from appliance.app.seizures.schemas import Origin
from appliance.core import audit, clock, db, outbox
from appliance.core.audit import Action, Actor
from appliance.core.errors import Corrupt, Refused
from appliance.core.files import free_bytes
from appliance.core.i18n import N_
from appliance.core.limits import FREE_DISK_BYTES
from appliance.core.settings import get_settings

ROOM = "imports"


class Stopped(Exception):
    """The import no longer stands where this process left it."""


class Disagreement(Exception):
    """What is staged is not what was counted: the database crashed and emptied it."""


def check_disk() -> None:
    """Stop before the disk is full, so that the database never is.

    Raises:
        Refused: too little space is left.
    """
    if free_bytes(get_settings().state) < FREE_DISK_BYTES:
        raise Refused(
            N_(
                "The disk of this server is nearly full. Nothing of this import was loaded; free some space, then import the file again."
            )
        )


async def open_batch(batch_id: UUID) -> Batch:
    """An import as it stands now.

    Raises:
        Stopped: there is none.
    """
    found = await queries.find_batch(batch_id)
    if found is None:
        raise Stopped
    return found


async def start_again(batch_id: UUID) -> None:
    """Forget what was staged and counted."""
    async with db.transaction():
        await queries.forget_rows(batch_id)
        await seizures.discard(batch_id)


async def begin(batch_id: UUID) -> Batch:
    """Take up an import where it stands; what does not agree any more starts again.

    Raises:
        Stopped: it ended before.
    """
    await queries.move(batch_id, [State.UPLOADED], State.READING, started_at=clock.now())
    batch = await open_batch(batch_id)
    if batch.ended:
        raise Stopped
    staged, _ = await seizures.staged_rows(batch_id)
    if staged != (0 if batch.dry_run else batch.loaded):
        await start_again(batch_id)
        await queries.move(batch_id, [State.PUBLISHING], State.READING)
        batch = await open_batch(batch_id)
    await queries.forget_seen(batch_id)
    return batch


class Loader:
    """Reads one file to its end."""

    def __init__(self, batch: Batch, actor: Actor) -> None:
        self.batch = batch
        self.notes = batch.notes
        self.last_row = batch.last_row
        self.memory = RowMemory()
        self.stamp = seizures.stamp_now(batch.id, Origin.IMPORT, actor)

    async def read(self, table: Table) -> None:
        """Read all rows: one chunk is read in a thread while the one before goes into the database."""
        chunks = table.chunks(self.last_row)
        coming = asyncio.create_task(asyncio.to_thread(next, chunks, None))
        try:
            while (chunk := await coming) is not None:
                coming = asyncio.create_task(asyncio.to_thread(next, chunks, None))
                await self.keep(chunk)
        finally:
            await asyncio.gather(coming, return_exceptions=True)

    async def keep(self, chunk: Chunk) -> None:
        """Put the rows of a chunk where they belong and note how far the import is.

        Raises:
            Stopped: somebody cancelled the import meanwhile.
            Refused: the disk is nearly full.
        """
        placed = await self.place_rows([row for row in chunk.rows if row.key])
        if chunk.counted_only:
            return
        check_disk()
        found = await self.sort(chunk.rows, placed)
        add_notes(self.notes, found)
        last = chunk.rows[-1].row
        async with db.transaction():
            if not await queries.add_rows(
                self.batch.id, self.last_row, last, found.tally, self.notes
            ):
                raise Stopped
            await queries.add_problems(self.batch.id, found.problems)
            if not self.batch.dry_run:
                digests = list(blocks([row.row for row in chunk.rows], found.staged))
                await queries.add_blocks(self.batch.id, digests)
                await seizures.stage(found.staged, self.stamp)
        self.last_row = last

    async def place_rows(self, rows: Sequence[ReadRow]) -> list[PlacedRow]:
        """Tell each row from the equal ones before it."""
        seen = [self.memory.see(row.key, row.row) for row in rows]
        unknown = [row for row, known in zip(rows, seen, strict=True) if known is None]
        stored = iter(await self.see_in_database(unknown))
        return [
            place(row, known if known is not None else next(stored))
            for row, known in zip(rows, seen, strict=True)
        ]

    async def see_in_database(self, rows: Sequence[ReadRow]) -> Iterator[Seen]:
        """What memory has no room for is told apart in the database."""
        if not rows:
            return iter(())
        keys = [row.key for row in rows]
        found = await queries.see(self.batch.id, keys, [row.row for row in rows])
        here = Counter(keys)
        return (
            Seen(found[key][1] - here[key] + before, found[key][0])
            for key, before in zip(keys, number_within(keys), strict=True)
        )

    async def known_keys(self, placed: Sequence[PlacedRow]) -> set[UUID]:
        """Which rows are cases already, or wait in another import for a decision on its held rows."""
        known = await seizures.known_source_keys([item.source_key for item in placed])
        if self.batch.repeats is Repeats.HOLD:
            repeats = [item.source_key for item in placed if item.seen.before]
            if repeats:
                known |= await queries.held_elsewhere(self.batch.id, repeats)
        return known

    async def sort(self, rows: Sequence[ReadRow], placed: Sequence[PlacedRow]) -> Sorted:
        """Put each row of a chunk where it belongs."""
        known = await self.known_keys(placed)
        hold = self.batch.repeats is Repeats.HOLD
        found = Sorted()
        readable = iter(placed)
        for row in rows:
            if row.key:
                found.take(next(readable), known, hold=hold)
            else:
                found.refuse(row)
        found.count_notes()
        return found


async def audit_blocks(batch: Batch, digests: Collection[Block], what: str) -> None:
    """One audit entry for each thousand rows, with the digest over the keys of their cases."""
    for block in digests:
        if block.loaded:
            detail = {
                "what": what,
                "rows": [block.first_row, block.last_row],
                "cases": block.loaded,
                "sha256": block.sha256.hex(),
            }
            await audit.record(Action.IMPORT, ROOM, batch.id, label=batch.file_name, detail=detail)


def totals(batch: Batch) -> dict[str, object]:
    """The counts of an import, for its audit entry and for other rooms."""
    return {
        "file": batch.file_name,
        "sha256": batch.blob,
        "mapping": batch.mapping,
        **{name: getattr(batch, name) for name in queries.TALLIES},
    }


async def publish(batch_id: UUID) -> None:
    """Make all staged cases of an import visible, in one transaction.

    Raises:
        Stopped: the import was cancelled, or published before.
        Disagreement: the staging was lost; nothing becomes visible.
        Corrupt: the counts do not add up; nothing becomes visible.
    """
    await queries.move(batch_id, [State.READING], State.PUBLISHING)
    async with db.transaction():
        await queries.hold_batch(batch_id)
        batch = await open_batch(batch_id)
        if batch.state is not State.PUBLISHING:
            raise Stopped
        if await seizures.publish(batch_id) != batch.loaded:
            raise Disagreement
        if not batch.adds_up:
            raise Corrupt(
                N_(
                    "The counts of this import do not add up, so nothing of it was loaded. Import the file again."
                )
            )
        await audit_blocks(batch, await queries.blocks_of(batch_id), "rows")
        held = HeldState.WAITING if batch.held else HeldState.NONE
        await end(batch, State.DONE, held_state=held.value)


async def end(batch: Batch, state: State, **values: object) -> None:
    """Note that an import reached its end; call it inside a transaction.

    Raises:
        Stopped: it was cancelled meanwhile.
    """
    open_states = [State.READING, State.PUBLISHING]
    if not await queries.move(batch.id, open_states, state, ended_at=clock.now(), **values):
        raise Stopped
    detail = {"what": "end", "state": state.value, **totals(batch)}
    await audit.record(Action.IMPORT, ROOM, batch.id, label=batch.file_name, detail=detail)
    await outbox.publish(ROOM, "ended", {"batch": str(batch.id), **detail})


async def finish(batch_id: UUID) -> None:
    """End a file that was read whole: publish it, or say what would have come of it."""
    batch = await open_batch(batch_id)
    if not batch.dry_run:
        await publish(batch_id)
        return
    async with db.transaction():
        await end(batch, State.CHECKED)


async def read_file(batch: Batch, actor: Actor) -> None:
    """Read the file of an import to its end."""
    table = await asyncio.to_thread(Table, batch.blob, find_mapping(batch.mapping))
    with closing(table):
        batch.notes.left_aside = list(table.layout.extra)
        known = {"encoding": table.encoding, "lines": table.lines}
        await queries.move(batch.id, [State.READING], State.READING, **known)
        await Loader(batch, actor).read(table)


async def load(batch_id: UUID, actor: Actor) -> None:
    """Carry out an import from where it stands.

    Raises:
        Stopped: it was cancelled, or had ended before.
        Invalid: the file cannot be read.
        Refused: the disk is nearly full.
    """
    for tries in range(1, limits.PUBLISH_TRIES + 1):
        batch = await begin(batch_id)
        if batch.state is not State.PUBLISHING:
            await read_file(batch, actor)
        try:
            await finish(batch_id)
        except (asyncpg.UniqueViolationError, Disagreement):
            # Another import of the same rows was published meanwhile, or the staging was lost: read again.
            if tries == limits.PUBLISH_TRIES:
                raise
            await start_again(batch_id)
            await queries.move(batch_id, [State.PUBLISHING], State.READING)
        else:
            await queries.forget_seen(batch_id)
            return
