"""What people do with imports: start one, look at it, cancel it, decide about its held rows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple
from uuid import UUID

import asyncpg
import msgspec

from appliance.app.imports import limits, queries
from appliance.app.imports.counting import GAP
from appliance.app.imports.mapping import find_mapping, mapping_digest
from appliance.app.imports.policy import Viewer, may_see
from appliance.app.imports.schemas import (
    Batch,
    ColumnReport,
    HeldState,
    Kind,
    Problem,
    ProblemPage,
    Reason,
    Repeats,
    Report,
    State,
)
from appliance.core import audit, clock, db, ids, outbox
from appliance.core.audit import Action, current_actor
from appliance.core.errors import Conflict, NotFound
from appliance.core.i18n import N_, Message, translate

ROOM = "imports"
PLACEHOLDER = re.compile(r"%\(\w+\)s")


class Request(NamedTuple):
    """What is asked for: a stored file, how to read it, and what to do with exact repeats."""

    blob: str
    file_name: str
    file_bytes: int
    mapping: str
    dry_run: bool = False
    repeats: Repeats = Repeats.HOLD
    office: str = ""


def safe_file_name(name: str) -> str:
    """A file's own name for people: no folders, nothing invisible, bounded."""
    last = re.split(r"[/\\]", name)[-1]
    return "".join(char for char in last if char.isprintable())[: limits.FILE_NAME_CHARS] or "file"


async def start(request: Request) -> Batch:
    """Ask for an import; its file was looked at and lies in the blob store already.

    Raises:
        NotFound: there is no such mapping.
    """
    find_mapping(request.mapping)
    actor = current_actor.get()
    batch_id = ids.new_id()
    async with db.transaction():
        job_id = await outbox.enqueue(ROOM, "load", job_payload(batch_id))
        await queries.insert_batch(
            {
                "id": batch_id,
                "state": State.UPLOADED.value,
                "mapping": request.mapping,
                "mapping_digest": mapping_digest(request.mapping),
                "file_name": safe_file_name(request.file_name),
                "file_bytes": request.file_bytes,
                "blob": request.blob,
                "dry_run": request.dry_run,
                "repeats": request.repeats.value,
                "made_at": clock.now(),
                "made_by": ids.parse_id(actor.id) if actor.id else None,
                "made_by_name": actor.name,
                "made_by_unit": actor.unit,
                "made_by_office": request.office,
                "job_id": job_id,
            }
        )
        await note(batch_id, request.file_name, "start", sha256=request.blob, **options(request))
    return await get(batch_id)


def options(request: Request) -> dict[str, object]:
    """What was asked for, as the audit trail keeps it."""
    return {
        "mapping": request.mapping,
        "dry_run": request.dry_run,
        "repeats": request.repeats.value,
    }


def job_payload(batch_id: UUID) -> dict[str, object]:
    """What a job of this room needs to know: the import, and in whose name it acts."""
    return {"batch": str(batch_id), "actor": msgspec.to_builtins(current_actor.get())}


async def note(batch_id: UUID, file_name: str, what: str, **detail: object) -> None:
    """Write what somebody did with an import to the audit trail."""
    await audit.record(
        Action.IMPORT,
        ROOM,
        batch_id,
        label=safe_file_name(file_name),
        detail={"what": what, **detail},
    )


async def get(batch_id: UUID) -> Batch:
    """An import.

    Raises:
        NotFound: there is none of this id.
    """
    found = await queries.find_batch(batch_id)
    if found is None:
        raise no_such_import()
    return found


def no_such_import() -> NotFound:
    """There is none, or this person may not know of it: one sentence for both."""
    return NotFound(N_("There is no such import, or it is not yours to see."))


async def get_for(batch_id: UUID, viewer: Viewer) -> Batch:
    """An import that is somebody's business.

    Raises:
        NotFound: there is none of this id, or it is another office's.
    """
    found = await get(batch_id)
    if not may_see(found, viewer):
        raise no_such_import()
    return found


async def cancel(batch_id: UUID) -> Batch:
    """Stop an import before it is published; nothing of it was visible.

    Raises:
        NotFound: there is none of this id.
        Conflict: it is being published or has ended.
    """
    batch = await get(batch_id)
    async with db.transaction():
        stoppable = [State.UPLOADED, State.READING]
        if not await queries.move(batch_id, stoppable, State.CANCELLED, ended_at=clock.now()):
            raise Conflict(
                N_(
                    "This import can no longer be stopped. Nothing was changed; reload the page to see how it ended."
                )
            )
        await note(batch_id, batch.file_name, "cancel")
    return await get(batch_id)


async def decide(batch_id: UUID, *, load: bool) -> Batch:
    """Decide about all held rows of an import: load them, or keep them out.

    Raises:
        NotFound: there is none of this id.
        Conflict: nothing waits for a decision.
    """
    batch = await get(batch_id)
    state = HeldState.LOADING if load else HeldState.KEPT_OUT
    async with db.transaction():
        values: dict[str, object] = {"decided_by_name": current_actor.get().name, "error": "{}"}
        if load:
            values["job_id"] = await outbox.enqueue(ROOM, "load_held", job_payload(batch_id))
        waiting = HeldState.WAITING.value
        if not await queries.move_held(batch_id, waiting, state.value, **values):
            raise Conflict(
                N_(
                    "Nobody needs to decide about rows of this import any more. Nothing was changed; reload the page."
                )
            )
        await note(batch_id, batch.file_name, "decision", held=batch.held, decision=state.value)
    return await get(batch_id)


def open_text(key: str, language: str | None = None) -> str:
    """A sentence whose parameters are left open, for counts over many rows."""
    return PLACEHOLDER.sub("…", translate(key, language))


def reasons(batch: Batch) -> Iterator[Reason]:
    """Why rows were rejected, the most frequent reason first."""
    for name, count in sorted(batch.notes.reasons.items(), key=lambda item: -item[1]):
        column, _, key = name.partition(GAP)
        yield Reason(column, open_text(key), count)


def columns(batch: Batch) -> Iterator[ColumnReport]:
    """What was noticed in each column."""
    for name, found in batch.notes.columns.items():
        column, _, field = name.partition(GAP)
        yield ColumnReport(
            column=column,
            field=field,
            empty=found.empty,
            rounded=found.rounded,
            other=found.other,
            spellings=dict(sorted(found.spellings.items(), key=lambda item: -item[1])),
            more_spellings=found.more_spellings,
        )


def report(batch: Batch) -> Report:
    """An import as programs and pages see it, in the reader's language."""
    return Report(
        id=batch.id,
        state=batch.state.value,
        mapping=batch.mapping,
        file=batch.file_name,
        dry_run=batch.dry_run,
        repeats=batch.repeats.value,
        made_at=batch.made_at,
        made_by=batch.made_by_name,
        lines=batch.lines,
        **{name: getattr(batch, name) for name in queries.TALLIES},
        seconds=round(batch.seconds, 1),
        held_state=batch.held_state.value,
        decided_by=batch.decided_by_name,
        reasons=list(reasons(batch)),
        columns=list(columns(batch)),
        left_aside=batch.notes.left_aside,
        error=error_text(batch),
    )


def error_text(batch: Batch) -> str:
    """Why an import failed, in the reader's language."""
    return msgspec.convert(batch.error, Message).text() if batch.error else ""


def problem_of(record: asyncpg.Record) -> Problem:
    """A stored problem in the reader's language."""
    reason = Message(record["reason"], queries.decode_object(record["params"]))
    return Problem(
        id=record["id"],
        row=record["row_no"],
        kind=Kind(record["kind"]).value,
        column=record["column_name"],
        value=record["value"],
        reason=reason.text(),
    )


async def problems(batch_id: UUID, after: int, limit: int, kind: Kind | None = None) -> ProblemPage:
    """Some of the rows that are not among the cases, in the order of the file."""
    rows = await queries.problems(batch_id, after, limit + 1, kind)
    shown = [problem_of(row) for row in rows[:limit]]
    return ProblemPage(problems=shown, next=shown[-1].id if len(rows) > limit else None)


async def newest(limit: int, viewer: Viewer, before: UUID | None = None) -> tuple[list[Batch], str]:
    """The newest imports that somebody sees, and the cursor of the next ones.

    Raises:
        NotFound: the cursor names no import.
    """
    cursor = await get_for(before, viewer) if before is not None else None
    found = await queries.newest_batches(limit + 1, viewer, cursor)
    return found[:limit], str(found[limit - 1].id) if len(found) > limit else ""


async def note_reading(
    batch: Batch, what: str, action: Action = Action.READ, purpose: str = ""
) -> None:
    """The rows that were not loaded hold content of cases: who reads them is noted, and why they leave."""
    label, detail = batch.file_name, {"what": what}
    await audit.record(action, ROOM, batch.id, label=label, purpose=purpose, detail=detail)
