"""Finding entries: filters become conditions (pure), and pages of the newest first."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from appliance.app.audit import limits
from appliance.app.audit.chain import START, Place
from appliance.app.audit.schemas import AuditEntry, AuditPage, SealFacts, SealState
from appliance.core import db, ids
from appliance.core import limits as core_limits

COLUMNS = (
    "n, at, actor_id, actor_name, actor_unit, address, session, request, action, room, record, label,"
    " purpose, detail::text AS detail"
)
# The people of the trail, each with the first and the newest name: one index probe per person.
PEOPLE = """
WITH RECURSIVE people AS (
    (SELECT actor_id FROM audit.entry ORDER BY actor_id LIMIT 1)
    UNION ALL
    SELECT (SELECT e.actor_id FROM audit.entry e WHERE e.actor_id > p.actor_id ORDER BY e.actor_id LIMIT 1)
    FROM people p WHERE p.actor_id IS NOT NULL
)
SELECT p.actor_id,
    (SELECT e.actor_name FROM audit.entry e WHERE e.actor_id = p.actor_id ORDER BY e.n LIMIT 1) AS first,
    (SELECT e.actor_name FROM audit.entry e WHERE e.actor_id = p.actor_id ORDER BY e.n DESC LIMIT 1) AS newest
FROM people p WHERE p.actor_id IS NOT NULL
"""


SIMPLE = {
    "action": "action = {0}",
    "room": "room = lower({0})",
    "purpose": "purpose <> '' AND strpos(lower(purpose), lower({0})) > 0",
}


class Wanted(NamedTuple):
    """A question to the trail: filters as parsed, the people a name fits, the clock of the house."""

    filters: Mapping[str, Any]
    people: Sequence[str] = ()
    zone: ZoneInfo = ZoneInfo("UTC")
    head: Place = START
    before: int | None = None
    after: int | None = None
    rows: int = core_limits.PAGE_ROWS


class Statement:
    """Conditions under construction with their numbered arguments."""

    def __init__(self) -> None:
        self.arguments: list[Any] = []
        self.conditions: list[str] = ["true"]

    def place(self, value: Any) -> str:
        """Add an argument; return its placeholder."""
        self.arguments.append(value)
        return f"${len(self.arguments)}"

    def where(self, text: str, *values: Any) -> None:
        """Add a condition; its arguments are written as {0}, {1}."""
        self.conditions.append(text.format(*(self.place(value) for value in values)))

    @property
    def text(self) -> str:
        """All conditions."""
        return " AND ".join(self.conditions)


def day_begins(day: date, zone: ZoneInfo) -> datetime:
    """The first moment of a day where the installation stands."""
    return datetime.combine(day, time.min, zone).astimezone(UTC)


def add_person(statement: Statement, name: str, people: Sequence[str]) -> None:
    """Entries of the people that a name fits; without an account it must fit the entry itself."""
    statement.where(
        "actor_id = ANY({0}::text[]) AND (actor_id <> '' OR strpos(lower(actor_name), lower({1})) > 0)",
        list(people),
        name,
    )


def add_record(statement: Statement, text: str) -> None:
    """Entries about a record: by its id, or by a part of what it was called."""
    record_id = ids.parse_id(text)
    if record_id is not None:
        statement.where("record <> '' AND record = {0}", str(record_id))
    else:
        statement.where("(strpos(lower(label), lower({0})) > 0 OR record = {0})", text)


def add_filter(statement: Statement, name: str, value: Any, wanted: Wanted) -> None:
    """One filter as a condition."""
    if name == "person":
        add_person(statement, value, wanted.people)
    elif name == "record":
        add_record(statement, value)
    elif name == "from":
        statement.where("at >= {0}", day_begins(value, wanted.zone))
    elif name == "to":
        statement.where("at < {0}", day_begins(value + timedelta(days=1), wanted.zone))
    elif name == "seal":
        sign = "<=" if value == SealState.SEALED else ">"
        statement.where(f"(xid, n) {sign} ({{0}}, {{1}})", *wanted.head)
    else:
        statement.where(SIMPLE[name], value)


def conditions(wanted: Wanted) -> Statement:
    """The conditions of a question."""
    statement = Statement()
    for name, value in wanted.filters.items():
        if value is not None:
            add_filter(statement, name, value, wanted)
    return statement


def names_fitting(people: Sequence[tuple[str, str, str]], text: str) -> list[str]:
    """The ids of those whose first or newest name contains a text, or whose id it is."""
    looked_for = text.casefold()
    return [
        actor_id
        for actor_id, first, newest in people
        if looked_for in first.casefold()
        or looked_for in newest.casefold()
        or looked_for == actor_id
    ][: limits.PERSONS]


async def people_named(text: str) -> list[str]:
    """The ids of the people a name fits."""
    rows = await db.fetch(PEOPLE)
    return names_fitting([(row["actor_id"], row["first"], row["newest"]) for row in rows], text)


def entry_of(record: Mapping[str, Any]) -> AuditEntry:
    """A stored entry as readers see it."""
    return AuditEntry(**{**record, "detail": msgspec.Raw(record["detail"].encode())})


def sealed_column(statement: Statement, head: Place) -> str:
    """Whether an entry is under a seal, as a column."""
    return f"(xid, n) <= ({statement.place(head.xid)}, {statement.place(head.n)}) AS sealed"


async def find_page(wanted: Wanted) -> AuditPage:
    """One page of the trail, newest first."""
    statement = conditions(wanted)
    backwards = wanted.after is not None
    if backwards:
        statement.where("n > {0}", wanted.after)
    elif wanted.before is not None:
        statement.where("n < {0}", wanted.before)
    sealed = sealed_column(statement, wanted.head)
    rows = await db.fetch(
        f"SELECT {COLUMNS}, {sealed} FROM audit.entry WHERE {statement.text}"  # noqa: S608 - our own names
        f" ORDER BY n {'ASC' if backwards else 'DESC'} LIMIT {wanted.rows + 1}",
        *statement.arguments,
    )
    entries = [entry_of(dict(row)) for row in rows[: wanted.rows]]
    more = len(rows) > wanted.rows
    if backwards:
        entries.reverse()
    has_next = backwards or more
    has_previous = more if backwards else wanted.before is not None
    return AuditPage(
        entries,
        next=entries[-1].n if entries and has_next else None,
        previous=entries[0].n if entries and has_previous else None,
    )


async def count(wanted: Wanted, cap: int) -> int:
    """How many entries there are, counted up to one more than the cap."""
    statement = conditions(wanted)
    found: int = await db.fetch_value(
        f"SELECT count(*) FROM (SELECT 1 FROM audit.entry WHERE {statement.text}"  # noqa: S608 - as above
        f" LIMIT {cap + 1}) s",
        *statement.arguments,
    )
    return found


async def all_pages(wanted: Wanted) -> AsyncIterator[list[AuditEntry]]:
    """Every entry that fits, newest first, in chunks."""
    page = await find_page(wanted._replace(rows=limits.EXPORT_CHUNK))
    while page.entries:
        yield page.entries
        if page.next is None:
            return
        page = await find_page(wanted._replace(rows=limits.EXPORT_CHUNK, before=page.next))


async def find_entry(n: int, head: Place) -> AuditEntry | None:
    """One entry."""
    statement = Statement()
    statement.where("n = {0}", n)
    sealed = sealed_column(statement, head)
    row = await db.fetch_row(
        f"SELECT {COLUMNS}, {sealed} FROM audit.entry WHERE {statement.text}",  # noqa: S608 - as above
        *statement.arguments,
    )
    return entry_of(dict(row)) if row else None


async def seal_holding(n: int) -> SealFacts | None:
    """The seal that holds an entry."""
    row = await db.fetch_row(
        "SELECT s.number, s.at, encode(s.sha256, 'hex') AS sha256 FROM audit.entry e"
        " JOIN LATERAL (SELECT * FROM audit.seal WHERE (to_xid, last_n) >= (e.xid, e.n)"
        " ORDER BY to_xid, last_n LIMIT 1) s ON true WHERE e.n = $1",
        n,
    )
    return SealFacts(**dict(row)) if row else None
