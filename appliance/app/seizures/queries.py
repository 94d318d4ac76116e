"""Reading cases: plain SQL that hands over finished JSON, so that a read costs one round trip and little of Python."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from appliance.app.seizures.policy import AUTHORS_STEPS
from appliance.app.seizures.schemas import (
    NOT_RECORDED,
    PARTS,
    Case,
    CaseRow,
    Commodity,
    Concealment,
    Leg,
    Status,
)
from appliance.app.seizures.search import word_condition, words_asked
from appliance.core import db, ids, limits
from appliance.core.errors import Invalid
from appliance.core.fields import FieldProblem, parse_date
from appliance.core.i18n import N_

NUMERIC = frozenset({"estimated_value", "quantity", "quantity2", "kg_equivalent"})

# The schemas say what a reader is given; the columns are called the same.
ROW_COLUMNS = CaseRow.__struct_fields__
CASE_COLUMNS = tuple(name for name in Case.__struct_fields__ if name not in PARTS)


def selected(alias: str, columns: Sequence[str]) -> str:
    """Columns as JSON shall hold them: exact numbers as text, without zeros that nobody typed."""
    return ", ".join(
        f"trim_scale({alias}.{name})::text AS {name}" if name in NUMERIC else f"{alias}.{name}"
        for name in columns
    )


def children(table: str, columns: Sequence[str], name: str) -> str:
    """The lines of a case as a JSON array in their order."""
    return (
        f"(SELECT coalesce(json_agg(row_to_json(l) ORDER BY l.seq), '[]') FROM"  # noqa: S608 - our own names
        f" (SELECT {selected('t', columns)} FROM seizures.{table} t WHERE t.case_id = c.id) l) AS {name}"
    )


class Viewer(NamedTuple):
    """What decides which cases somebody sees."""

    account: UUID | None
    office: str
    everywhere: bool


# What is not yet validated is its office's own business; what is expunged is nobody's.
VISIBLE = (
    "(c.status IN ('VALIDATED', 'LOCKED') OR (c.status <> 'EXPUNGED' AND"
    " ({everywhere} OR c.office_code = {office} OR c.entered_by = {account})))"
)

ONE_CASE = (
    f"SELECT row_to_json(x)::text FROM (SELECT {selected('c', CASE_COLUMNS)},"  # noqa: S608 - our own names
    f" {children('commodity', Commodity.__struct_fields__, 'commodities')},"
    f" {children('route_leg', Leg.__struct_fields__, 'legs')},"
    f" {children('concealment', Concealment.__struct_fields__, 'concealments')}"
    " FROM seizures.case_file c WHERE c.id = $1 AND "
    + VISIBLE.format(everywhere="$2::boolean", office="$3", account="$4")
    + ") x"
)

case_decoder = msgspec.json.Decoder(Case)


async def case_json(case_id: UUID, viewer: Viewer) -> str | None:
    """A whole case as JSON, or nothing if there is none that this viewer may see."""
    found: str | None = await db.fetch_value(
        ONE_CASE, case_id, viewer.everywhere, viewer.office, viewer.account
    )
    return found


async def find_case(case_id: UUID, viewer: Viewer) -> Case | None:
    """A whole case, or nothing if there is none that this viewer may see."""
    found = await case_json(case_id, viewer)
    return case_decoder.decode(found) if found else None


async def authors(case_id: UUID) -> frozenset[UUID]:
    """Who entered, changed or submitted a case."""
    rows = await db.fetch(
        "SELECT entered_by AS id FROM seizures.case_file WHERE id = $1"
        " UNION SELECT by_id FROM seizures.case_version WHERE case_id = $1 AND what = ANY($2::text[])",
        case_id,
        AUTHORS_STEPS,
    )
    return frozenset(row["id"] for row in rows if row["id"])


class Cursor(NamedTuple):
    """Where a page of the list begins or ends."""

    day: date
    case_id: UUID


def read_cursor(text: str) -> Cursor | None:
    """A cursor from an address.

    Raises:
        Invalid: it is none of ours.
    """
    if not text:
        return None
    day, _, case = text.partition("_")
    case_id = ids.parse_id(case)
    try:
        if case_id is not None:
            return Cursor(parse_date(day), case_id)
    except FieldProblem:
        pass
    raise Invalid(N_("The address of this page of the list is damaged. Begin at the first page."))


class Wanted(NamedTuple):
    """A question to the list: filter values by field, words, page."""

    filters: Mapping[str, Any]
    after: Cursor | None = None
    before: Cursor | None = None
    rows: int = limits.PAGE_ROWS
    columns: tuple[str, ...] = ROW_COLUMNS


class Statement:
    """Conditions under construction with their numbered arguments."""

    def __init__(self) -> None:
        self.arguments: list[Any] = []
        self.conditions: list[str] = []

    def place(self, value: Any) -> str:
        """Add an argument; return its placeholder."""
        self.arguments.append(value)
        return f"${len(self.arguments)}"

    def where(self, text: str, value: Any) -> None:
        """Add a condition with one argument, written as {}."""
        self.conditions.append(text.format(self.place(value)))

    @property
    def text(self) -> str:
        """All conditions."""
        return " AND ".join(self.conditions)


EQUALS = frozenset(
    [
        "status",
        "heading",
        "subtype",
        "case_kind",
        "office_code",
        "country",
        "place_type",
        "direction",
        "procedure",
        "declared",
        "mode",
        "why_selected",
        "how_found",
        "legal_state",
        "outcome",
    ]
)


# What most cases say, and the indexes of these columns therefore leave out.
USUAL = {
    "office_code": "",
    "case_kind": "SEIZURE",
    **dict.fromkeys(
        (
            "subtype",
            "place_type",
            "direction",
            "procedure",
            "declared",
            "mode",
            "why_selected",
            "how_found",
            "legal_state",
            "outcome",
        ),
        NOT_RECORDED,
    ),
}


def add_equal(statement: Statement, name: str, value: str) -> None:
    """A column equals a value, said so that a plan made without knowing the value can use a partial index.

    PostgreSQL keeps such a plan after a few executions on a connection. States are few and our own, so they stand
    in the statement itself; of other values it says whether they are the usual one.
    """
    if name == "status":
        statement.conditions.append(f"c.status = '{Status(value).value}'")
        return
    statement.where(f"c.{name} = {{}}", value)
    if name in USUAL and value != USUAL[name]:
        statement.conditions.append(f"c.{name} <> '{USUAL[name]}'")


def conditions(filters: Mapping[str, Any], viewer: Viewer) -> Statement:
    """The conditions of a list."""
    statement = Statement()
    statement.conditions.append(
        VISIBLE.format(
            everywhere=statement.place(viewer.everywhere) + "::boolean",
            office=statement.place(viewer.office),
            account=statement.place(viewer.account),
        )
    )
    for name, value in filters.items():
        if value is None or value == "":
            continue
        if name in EQUALS:
            add_equal(statement, name, value)
        elif name == "from":
            statement.where("c.event_date >= {}", value)
        elif name == "to":
            statement.where("c.event_date <= {}", value)
        elif name == "batch":
            statement.where("c.batch_id = {}", value)
        elif name == "q":
            add_words(statement, value)
    return statement


def add_words(statement: Statement, text: str) -> None:
    """Search by words: each must fit; a text without any finds nothing."""
    words = words_asked(text)
    statement.conditions += [word_condition(word, statement.place) for word in words] or ["false"]


@functools.lru_cache(maxsize=256)
def page_sql(conditions: str, rows: int, columns: tuple[str, ...], *, backwards: bool) -> str:
    """The SQL of one page: the rows as JSON, first and last cursor, and whether there are more."""
    order = "ASC" if backwards else "DESC"
    return (
        f"SELECT coalesce(json_agg(j ORDER BY n {order_of_shown(backwards)}) FILTER (WHERE n <= {rows}), '[]')::text AS cases,"  # noqa: S608 - our own names
        f" max(key) FILTER (WHERE n = 1) AS first, max(key) FILTER (WHERE n = LEAST({rows}, total)) AS last,"
        f" coalesce(max(total), 0) > {rows} AS more FROM ("
        " SELECT row_to_json(p) AS j, p.event_date || '_' || p.id AS key, row_number() OVER () AS n,"
        " count(*) OVER () AS total FROM ("
        f" SELECT {selected('c', columns)} FROM seizures.case_file c WHERE {conditions}"
        f" ORDER BY c.event_date {order}, c.id {order} LIMIT {rows + 1}) p) q"
    )


def order_of_shown(backwards: bool) -> str:  # noqa: FBT001 - a direction
    """Newest first, whichever way the page was reached."""
    return "DESC" if backwards else "ASC"


class Found(NamedTuple):
    """One page of the list: rows as JSON text, and the cursors to its neighbours."""

    cases: str
    previous: str
    next: str


async def list_cases(wanted: Wanted, viewer: Viewer) -> Found:
    """One page of the cases that this viewer may see, newest event first."""
    statement = conditions(wanted.filters, viewer)
    backwards = wanted.before is not None
    cursor = wanted.before or wanted.after
    if cursor is not None:
        day, case_id = statement.place(cursor.day), statement.place(cursor.case_id)
        sign = ">" if backwards else "<"
        statement.conditions.append(f"(c.event_date, c.id) {sign} ({day}, {case_id})")
    row = await db.fetch_row(
        page_sql(statement.text, wanted.rows, wanted.columns, backwards=backwards),
        *statement.arguments,
    )
    if row is None:
        return Found("[]", "", "")
    first, last = (row["last"], row["first"]) if backwards else (row["first"], row["last"])
    has_next = backwards or row["more"]
    has_previous = row["more"] if backwards else wanted.after is not None
    return Found(
        row["cases"], (first or "") if has_previous else "", (last or "") if has_next else ""
    )


def count_sql(conditions: str) -> str:
    """The SQL of a count that stops one after the cap."""
    return (
        "SELECT count(*) FROM (SELECT 1 FROM seizures.case_file c"  # noqa: S608 - our own names
        f" WHERE {conditions} LIMIT {limits.COUNT_CAP + 1}) s"
    )


async def count_cases(filters: Mapping[str, Any], viewer: Viewer) -> int:
    """How many cases there are, counted up to one more than the cap."""
    statement = conditions(filters, viewer)
    found: int = await db.fetch_value(count_sql(statement.text), *statement.arguments)
    return found
