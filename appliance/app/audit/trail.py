"""The trail's SQL for sealing and verifying, in the order of sealing. Searching is search.py's."""

from __future__ import annotations

from collections.abc import Sequence

import asyncpg

from appliance.app.audit import limits
from appliance.app.audit.chain import START, Place, SealRow, moment_of
from appliance.core import db

MICROSECONDS = "CASE WHEN isfinite({0}) THEN (extract(epoch FROM {0}) * 1000000)::bigint END"
ENTRY_COLUMNS = (
    f"n, xid, {MICROSECONDS.format('at')} AS micros, at::text AS at_text, actor_id, actor_name,"
    " actor_unit, address, session, request, action, room, record, label, purpose,"
    " detail::text AS detail"
)
SEAL_COLUMNS = (
    f"number, {MICROSECONDS.format('at')} AS at, version, from_xid, to_xid, first_n, last_n,"
    " entries, row_digests, sha256, previous"
)
BEYOND = "(xid, n) > ($1, $2)"
# One statement, one snapshot: below its xmin every transaction has ended, nothing comes late.
NEW_ENTRIES = (
    f"SELECT {ENTRY_COLUMNS} FROM audit.entry WHERE {BEYOND}"  # noqa: S608 - constants of this module
    " AND xid < pg_snapshot_xmin(pg_current_snapshot()) ORDER BY xid, n LIMIT $3"
)
ENTRIES_BETWEEN = (
    f"SELECT {ENTRY_COLUMNS} FROM audit.entry WHERE {BEYOND}"  # noqa: S608 - as above
    " AND (xid, n) <= ($3, $4) ORDER BY xid, n LIMIT $5"
)
ENTRIES_NUMBERED = f"SELECT {ENTRY_COLUMNS} FROM audit.entry WHERE n = ANY($1::bigint[]) ORDER BY n"  # noqa: S608
ENTRIES_TO_COME = (
    f"SELECT {ENTRY_COLUMNS} FROM audit.entry WHERE {BEYOND}"  # noqa: S608 - as above
    " AND xid >= pg_snapshot_xmax(pg_current_snapshot()) ORDER BY xid, n LIMIT $3"
)
UNSEALED = (
    f"SELECT count(*) AS entries, min({MICROSECONDS.format('at')}) AS oldest"  # noqa: S608 - as above
    f" FROM (SELECT at FROM audit.entry WHERE {BEYOND} LIMIT $3) AS waiting"
)
INSERT_SEAL = (
    "INSERT INTO audit.seal (number, at, version, from_xid, to_xid, first_n, last_n, entries,"
    " row_digests, sha256, previous) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11)"
)


def seal_of(record: asyncpg.Record) -> SealRow:
    """A stored seal as a value."""
    return SealRow(*record.values())


async def last_seal() -> SealRow | None:
    """The head of the chain."""
    found = await db.fetch_row(
        f"SELECT {SEAL_COLUMNS} FROM audit.seal ORDER BY number DESC LIMIT 1"  # noqa: S608
    )
    return seal_of(found) if found else None


async def seals_after(number: int, upto: int, limit: int) -> list[SealRow]:
    """The next seals of the chain."""
    found = await db.fetch(
        f"SELECT {SEAL_COLUMNS} FROM audit.seal WHERE number > $1 AND number <= $2"  # noqa: S608
        " ORDER BY number LIMIT $3",
        number,
        upto,
        limit,
    )
    return [seal_of(record) for record in found]


async def next_transaction() -> int:
    """The number that the next transaction gets."""
    return int(await db.fetch_value("SELECT pg_snapshot_xmax(pg_current_snapshot())"))


async def new_entries(end: Place, limit: int) -> list[asyncpg.Record]:
    """Entries not under a seal yet, whose transactions can have no sister that ends later."""
    return await db.fetch(NEW_ENTRIES, *end, limit)


async def entries_between(after: Place, end: Place, limit: int) -> list[asyncpg.Record]:
    """Entries in the order of sealing."""
    return await db.fetch(ENTRIES_BETWEEN, *after, *end, limit)


async def entries_numbered(numbers: Sequence[int]) -> list[asyncpg.Record]:
    """Entries by their numbers."""
    return await db.fetch(ENTRIES_NUMBERED, numbers)


async def unsealed_after(end: Place) -> asyncpg.Record:
    """How many entries wait for a seal, and the time of the oldest; counted up to a cap."""
    found = await db.fetch_row(UNSEALED, *end, limits.UNSEALED_CAP)
    if found is None:
        message = "an aggregate without groups always has a row"
        raise AssertionError(message)
    return found


async def entries_to_come(end: Place, limit: int) -> list[asyncpg.Record]:
    """Entries that claim a transaction which has not begun yet."""
    return await db.fetch(ENTRIES_TO_COME, *end, limit)


async def store_seal(seal: SealRow) -> None:
    """Add a link to the chain."""
    number, micros, *others = seal
    await db.execute(INSERT_SEAL, number, moment_of(micros or 0), *others)


def end_of(seal: SealRow | None) -> Place:
    """How far the chain reaches."""
    return seal.end if seal else START
