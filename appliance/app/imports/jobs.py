"""What `ncen work` does for this room: carry out imports, load held rows, end what was left open."""

from __future__ import annotations

import contextlib
import errno
import gc
from collections.abc import Awaitable, Callable, Iterator, Mapping
from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from appliance.app.imports import holding, loading, queries
from appliance.app.imports.schemas import HeldState, State
from appliance.app.reference import api as reference
from appliance.app.seizures import api as seizures
from appliance.core import audit, db
from appliance.core.audit import Action, Actor, current_actor
from appliance.core.errors import AppError, Refused, Unavailable
from appliance.core.i18n import N_, Message
from appliance.core.room import JobContext

# Objects made before the collector looks, and looks between its deeper ones.
SELDOM = (100_000, 50, 100)


def full_disk() -> Refused:
    """What is said when the disk filled up all the same."""
    return Refused(
        N_(
            "The disk of this server is full. Nothing of this import was loaded; free some space, then import the file again."
        )
    )


@contextlib.contextmanager
def rare_collections() -> Iterator[None]:
    """Let the collector of reference cycles look seldom: rows make none, and it took a third of an import's time."""
    usual = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(*SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*usual)
        gc.unfreeze()


async def carry_out(context: JobContext, act: Callable[[UUID, Actor], Awaitable[None]]) -> UUID:
    """Run a step of an import in the name of the person who asked for it.

    Raises:
        AppError: it cannot be done, with a sentence why.
    """
    batch_id = UUID(context.payload["batch"])
    actor = msgspec.convert(context.payload["actor"], Actor)
    current_actor.set(actor)
    await reference.load_lists()
    try:
        with rare_collections():
            await act(batch_id, actor)
    except loading.Stopped:
        pass
    except Unavailable as error:
        if isinstance(error.__cause__, asyncpg.DiskFullError):
            raise full_disk() from error
        raise
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise full_disk() from error
        raise
    return batch_id


async def run_import(context: JobContext) -> Mapping[str, Any]:
    """Carry out one import; a file that cannot be read ends it with a sentence."""
    try:
        batch_id = await carry_out(context, loading.load)
    except Unavailable:
        raise
    except AppError as error:
        await fail(UUID(context.payload["batch"]), error.message)
        raise
    batch = await queries.find_batch(batch_id)
    if batch is not None and not batch.ended:
        raise overtaken()
    if batch is not None and batch.state is State.CANCELLED:
        await clear(batch_id)
    return {"batch": str(batch_id)}


def overtaken() -> Unavailable:
    """The import stands elsewhere than this process left it and has no end: the job has none either."""
    return Unavailable(
        N_("Another process goes on with this import. It is looked at again in a while.")
    )


async def run_held(context: JobContext) -> Mapping[str, Any]:
    """Load the held rows of one import; if it fails they wait again."""
    try:
        batch_id = await carry_out(context, holding.load_held)
    except Unavailable:
        raise
    except AppError as error:
        await return_held(UUID(context.payload["batch"]), error.message)
        raise
    batch = await queries.find_batch(batch_id)
    if batch is not None and batch.held_state is HeldState.LOADING:
        raise overtaken()
    return {"batch": str(batch_id)}


async def clear(batch_id: UUID) -> None:
    """Forget what was staged for an import that will not be published."""
    async with db.transaction():
        await seizures.discard(batch_id)
        await queries.forget_seen(batch_id)


async def fail(batch_id: UUID, message: Message) -> None:
    """An import ends without anything loaded."""
    async with db.transaction():
        if await queries.fail(batch_id, message):
            detail = {"what": "end", "state": "FAILED", "why": message.text("en")}
            await audit.record(Action.IMPORT, loading.ROOM, batch_id, detail=detail)
    await clear(batch_id)


async def return_held(batch_id: UUID, message: Message) -> None:
    """Held rows could not be loaded: they wait for another decision."""
    error = queries.encode(message).decode()
    async with db.transaction():
        await queries.move_held(
            batch_id, HeldState.LOADING.value, HeldState.WAITING.value, error=error
        )
    await clear(batch_id)


async def end_orphans(_: JobContext) -> None:
    """Imports whose job has ended without them: a job that failed too often leaves one behind."""
    for batch_id in await queries.orphans():
        message = Message(
            N_(
                "The import stopped too often before its end. Nothing of it was loaded; import the file again, and tell your administrator if it stops again."
            )
        )
        batch = await loading.open_batch(batch_id)
        if batch.held_state is HeldState.LOADING:
            await return_held(batch_id, message)
        else:
            await fail(batch_id, message)
