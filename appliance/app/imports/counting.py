"""Where every row of a file goes: loaded, held, a duplicate, or rejected; and what the report tells. Pure.

Exact repeats are told apart in memory up to a limit; what lies beyond is counted by the database.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import NamedTuple
from uuid import UUID

from appliance.app.imports import cells, limits
from appliance.app.imports.rows import Note, Outcome, Problem, numbered_key
from appliance.app.imports.schemas import ColumnNotes, Kind, Notes
from appliance.app.seizures.schemas import StagedRow
from appliance.core.i18n import N_, Message

GAP = "\t"


class ReadRow(NamedTuple):
    """A row as read: its number, what tells it from others (nothing if unreadable), what it means."""

    row: int
    key: bytes
    outcome: Outcome


class Seen(NamedTuple):
    """How many equal rows came before, and the number of the first of them."""

    before: int
    first_row: int


class PlacedRow(NamedTuple):
    """A row with the key by which a second import finds it again."""

    row: ReadRow
    seen: Seen
    source_key: UUID


class RowMemory:
    """The rows seen so far, up to the limit of what memory may hold."""

    def __init__(self, limit: int = limits.DISTINCT_ROWS) -> None:
        self.limit = limit
        self.first_row: dict[bytes, int] = {}
        self.repeated: Counter[bytes] = Counter()

    def see(self, key: bytes, row: int) -> Seen | None:
        """Note a row; nothing is known of it when memory is full and it was not there."""
        first = self.first_row.get(key)
        if first is not None:
            self.repeated[key] += 1
            return Seen(self.repeated[key], first)
        if len(self.first_row) >= self.limit:
            return None
        self.first_row[key] = row
        return Seen(0, row)


def number_within(keys: Sequence[bytes]) -> Iterator[int]:
    """For each key, how many equal ones stand before it in the same sequence."""
    counts: Counter[bytes] = Counter()
    for key in keys:
        yield counts[key]
        counts[key] += 1


def place(row: ReadRow, seen: Seen) -> PlacedRow:
    """A row with its key."""
    return PlacedRow(row, seen, UUID(bytes=numbered_key(row.key, seen.before)))


class ProblemRow(NamedTuple):
    """A problem as it is stored."""

    row_no: int
    kind: Kind
    column: str
    value: str
    reason: Message
    source_key: UUID | None


@dataclass(slots=True)
class Tally:
    """The counts of some rows; those of a whole import are sums of these."""

    rows: int = 0
    loaded: int = 0
    held: int = 0
    duplicates: int = 0
    rejected: int = 0
    rounded: int = 0
    other_values: int = 0


class Block(NamedTuple):
    """The loaded rows among a thousand rows, and the digest over their keys in the order of the file."""

    first_row: int
    last_row: int
    loaded: int
    sha256: bytes


@dataclass(slots=True)
class Sorted:
    """Some rows of a file, each where it belongs."""

    tally: Tally = field(default_factory=Tally)
    staged: list[StagedRow] = field(default_factory=list)
    problems: list[ProblemRow] = field(default_factory=list)
    noticed: list[list[Note]] = field(default_factory=list)
    notes: Counter[Note] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)

    def reject(self, row: int, problems: Sequence[Problem]) -> None:
        """A row that cannot be a case; its first problem is the one that is counted."""
        self.tally.rejected += 1
        self.reasons[problems[0].column + GAP + problems[0].reason.key] += 1
        self.problems += [
            ProblemRow(row, Kind.REJECTED, item.column, item.value, item.reason, None)
            for item in problems
        ]

    def hold(self, placed: PlacedRow) -> None:
        """A row that repeats another one exactly: perhaps a separate seizure, perhaps not."""
        self.tally.held += 1
        reason = Message(
            N_("This row repeats row %(first)s of the file exactly."),
            {"first": placed.seen.first_row},
        )
        self.problems.append(
            ProblemRow(placed.row.row, Kind.HELD, "", "", reason, placed.source_key)
        )

    def load(self, placed: PlacedRow) -> None:
        """A row that becomes a case."""
        case = placed.row.outcome.case
        if case is None:
            raise AssertionError
        self.tally.loaded += 1
        self.staged.append(
            StagedRow(row_no=placed.row.row, source_key=placed.source_key, case=case)
        )
        self.noticed.append(placed.row.outcome.notes)

    def refuse(self, row: ReadRow) -> None:
        """A row that could not even be told apart from others."""
        self.tally.rows += 1
        self.reject(row.row, row.outcome.problems)

    def take(self, placed: PlacedRow, known: Collection[UUID], *, hold: bool) -> None:
        """Put one row where it belongs."""
        self.tally.rows += 1
        if placed.source_key in known:
            self.tally.duplicates += 1
        elif placed.row.outcome.case is None:
            self.reject(placed.row.row, placed.row.outcome.problems)
        elif hold and placed.seen.before:
            self.hold(placed)
        else:
            self.load(placed)

    def count_notes(self) -> None:
        """Sum up what was noticed."""
        self.notes.update(chain.from_iterable(self.noticed))
        for (kind, *_), count in self.notes.items():
            if kind == cells.ROUNDED:
                self.tally.rounded += count
            elif kind == cells.OTHER:
                self.tally.other_values += count


def add_notes(total: Notes, found: Sorted) -> None:
    """Add what was noticed among some rows to the notes of the whole import."""
    for reason, count in found.reasons.items():
        total.reasons[reason] = total.reasons.get(reason, 0) + count
    for (kind, column, name, spelling), count in found.notes.items():
        notes = total.columns.setdefault(column + GAP + name, ColumnNotes())
        if kind == cells.EMPTY:
            notes.empty += count
        elif kind == cells.ROUNDED:
            notes.rounded += count
        else:
            notes.other += count
            add_spelling(notes, spelling, count)


def add_spelling(notes: ColumnNotes, spelling: str, count: int) -> None:
    """Count a spelling that no list knows; very many of them are not all listed."""
    if spelling in notes.spellings or len(notes.spellings) < limits.EXAMPLES:
        notes.spellings[spelling] = notes.spellings.get(spelling, 0) + count
    else:
        notes.more_spellings = True


def blocks(rows: Sequence[int], staged: Sequence[StagedRow]) -> Iterator[Block]:
    """The digests of some rows, a thousand at a time."""
    for start in range(0, len(rows), limits.BLOCK_ROWS):
        part = rows[start : start + limits.BLOCK_ROWS]
        first, last = part[0], part[-1]
        keys = [
            item.source_key.bytes
            for item in staged
            if item.row_no is not None and item.source_key and first <= item.row_no <= last
        ]
        yield Block(first, last, len(keys), hashlib.sha256(b"".join(keys)).digest())
