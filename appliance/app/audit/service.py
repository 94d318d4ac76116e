"""What auditors do with the trail: search it, open an entry, take a list along, have the seals checked.

Each of these is an entry itself. A search is remembered by its entry, so that no name stands in an address.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from appliance.app.audit import export, limits, search, trail
from appliance.app.audit.findings import Report
from appliance.app.audit.schemas import AskedSearch, AuditEntry, AuditPage, SealFacts
from appliance.core import audit, clock, db, ids, outbox
from appliance.core.audit import Action, current_actor
from appliance.core.errors import Invalid, NotFound
from appliance.core.i18n import N_
from appliance.core.settings import get_settings

ROOM = "audit"
VERIFY = "verify"


def as_texts(filters: Mapping[str, Any]) -> dict[str, str]:
    """Filters as the trail keeps them."""
    return {
        name: value.isoformat() if isinstance(value, date) else str(value)
        for name, value in filters.items()
        if value is not None
    }


async def begin_search(filters: Mapping[str, Any]) -> UUID:
    """Note a search in the trail; the id that is returned stands for its filters."""
    search_id = ids.new_id()
    await audit.record(Action.SEARCH, ROOM, search_id, detail={"filters": as_texts(filters)})
    return search_id


async def asked_search(search_id: UUID) -> AskedSearch:
    """A search that somebody asked for.

    Raises:
        NotFound: there is none of that id.
    """
    row = await db.fetch_row(
        "SELECT at, actor_id, detail FROM audit.entry WHERE record = $1 AND record <> ''"
        " AND room = $2 AND action = $3 ORDER BY n LIMIT 1",
        str(search_id),
        ROOM,
        Action.SEARCH.value,
    )
    if row is None:
        raise NotFound(N_("There is no such search. Begin a new one."))
    filters = outbox.decode(row["detail"]).get("filters", {})
    return AskedSearch(search_id, row["at"], row["actor_id"], filters)


async def note_return(asked: AskedSearch) -> None:
    """Looking at somebody else's search, or at an old one, is a search of one's own."""
    age = clock.now() - asked.at
    fresh = timedelta() <= age <= timedelta(seconds=limits.SEARCH_KEPT_SECONDS)
    if asked.actor_id != current_actor.get().id or not fresh:
        await audit.record(Action.SEARCH, ROOM, asked.id, detail={"filters": asked.filters})


async def wanted_of(filters: Mapping[str, Any], **page: Any) -> search.Wanted:
    """Filters with what they mean at this moment: the people a name fits, the head of the chain."""
    person = filters.get("person")
    return search.Wanted(
        filters=filters,
        people=await search.people_named(person) if person else (),
        zone=ZoneInfo(get_settings().time_zone),
        head=trail.end_of(await trail.last_seal()),
        **page,
    )


async def find_page(filters: Mapping[str, Any], **page: Any) -> AuditPage:
    """One page of the trail."""
    return await search.find_page(await wanted_of(filters, **page))


async def count(filters: Mapping[str, Any], cap: int) -> int:
    """How many entries fit, up to one more than the cap."""
    return await search.count(await wanted_of(filters), cap)


async def open_entry(n: int) -> tuple[AuditEntry, SealFacts | None]:
    """One entry and its seal; opening it is noted.

    Raises:
        NotFound: there is no entry of that number.
    """
    known = 0 < n < limits.ENTRY_NUMBERS
    entry = await search.find_entry(n, trail.end_of(await trail.last_seal())) if known else None
    if entry is None:
        raise NotFound(N_("There is no entry of that number."))
    await audit.record(Action.READ, ROOM, str(n))
    return entry, await search.seal_holding(n) if entry.sealed else None


async def begin_export(filters: Mapping[str, Any], purpose: str) -> AsyncIterator[str]:
    """Note the export, and hand over the lines of the file.

    Raises:
        Invalid: more lines than a file may have.
    """
    wanted = await wanted_of(filters)
    lines = await search.count(wanted, limits.EXPORT_ROWS)
    if lines > limits.EXPORT_ROWS:
        raise Invalid(
            N_("More than %(limit)s entries fit. Nothing was exported; choose a shorter time."),
            limit=limits.EXPORT_ROWS,
        )
    newest = await db.fetch_value("SELECT max(n) FROM audit.entry")
    detail = {"filters": as_texts(filters), "lines": lines}
    await audit.record(Action.EXPORT, ROOM, purpose=purpose, detail=detail)
    return exported(wanted._replace(before=(newest or 0) + 1))


async def exported(wanted: search.Wanted) -> AsyncIterator[str]:
    """The lines of the file, as they were when the export was asked for."""
    yield export.csv_head()
    async for entries in search.all_pages(wanted):
        yield export.csv_lines(entries)


async def latest_check() -> outbox.JobRow | None:
    """The check of the seals that was asked for last."""
    job_id = await db.fetch_value(
        "SELECT id FROM core.job WHERE room = $1 AND kind = $2 ORDER BY id DESC LIMIT 1",
        ROOM,
        VERIFY,
    )
    return await outbox.find_job(job_id) if job_id else None


async def ask_check() -> None:
    """Have the seals checked; while a check waits or runs, nothing more is asked for."""
    async with db.transaction() as connection:
        await connection.execute("SELECT pg_advisory_xact_lock(hashtext('audit.verify'))")
        latest = await latest_check()
        if latest is None or latest.state in {"DONE", "FAILED"}:
            await audit.record(Action.SYSTEM, ROOM, label=VERIFY)
            await outbox.enqueue(ROOM, VERIFY, {})


def report_of(job: outbox.JobRow) -> Report | None:
    """What a check found, once it has ended well."""
    return msgspec.convert(job.result, Report) if job.state == "DONE" else None
