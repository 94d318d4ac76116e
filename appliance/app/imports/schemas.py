"""What other rooms and the API know of an import: frozen values, never tables."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import msgspec


class State(StrEnum):
    """Where an import stands."""

    UPLOADED = "UPLOADED"
    READING = "READING"
    PUBLISHING = "PUBLISHING"
    DONE = "DONE"
    CHECKED = "CHECKED"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"


ENDED = frozenset({State.DONE, State.CHECKED, State.FAILED, State.CANCELLED})


class Repeats(StrEnum):
    """What happens to rows that repeat another row of the file exactly."""

    HOLD = "hold"
    LOAD = "load"


class HeldState(StrEnum):
    """What became of the rows that an import held back."""

    NONE = "NONE"
    WAITING = "WAITING"
    LOADING = "LOADING"
    LOADED = "LOADED"
    KEPT_OUT = "KEPT_OUT"


class Kind(StrEnum):
    """Why a row of the file is not among the cases."""

    REJECTED = "REJECTED"
    HELD = "HELD"


class ColumnNotes(msgspec.Struct, kw_only=True):
    """What was noticed in one column over all loaded rows."""

    empty: int = 0
    rounded: int = 0
    other: int = 0
    spellings: dict[str, int] = {}
    more_spellings: bool = False


class Notes(msgspec.Struct, kw_only=True):
    """What a report tells beside the counts: columns left aside, notes per column, reasons of rejection."""

    left_aside: list[str] = []
    columns: dict[str, ColumnNotes] = {}
    reasons: dict[str, int] = {}


class Batch(msgspec.Struct, frozen=True, kw_only=True):
    """One import: what was asked, how far it is, and what came of every row."""

    id: UUID
    state: State
    mapping: str
    file_name: str
    file_bytes: int
    blob: str
    dry_run: bool
    repeats: Repeats
    made_at: datetime
    made_by: UUID | None
    made_by_name: str
    made_by_office: str
    started_at: datetime | None
    ended_at: datetime | None
    encoding: str
    lines: int
    last_row: int
    rows: int
    loaded: int
    held: int
    duplicates: int
    rejected: int
    rounded: int
    other_values: int
    held_state: HeldState
    decided_by_name: str
    error: dict[str, Any]
    notes: Notes

    @property
    def seconds(self) -> float:
        """How long the work took."""
        if self.started_at is None or self.ended_at is None:
            return 0.0
        return max(0.0, (self.ended_at - self.started_at).total_seconds())

    @property
    def adds_up(self) -> bool:
        """Whether every row is accounted for."""
        return self.rows == self.loaded + self.held + self.duplicates + self.rejected

    @property
    def ended(self) -> bool:
        """Whether nothing more will happen by itself."""
        return self.state in ENDED


class Reason(msgspec.Struct, frozen=True):
    """How many rows were rejected for one reason."""

    column: str
    text: str
    count: int


class ColumnReport(msgspec.Struct, frozen=True, kw_only=True):
    """What was noticed in one column that fills one field, over all loaded rows."""

    column: str
    field: str
    empty: int
    rounded: int
    other: int
    spellings: dict[str, int]
    more_spellings: bool


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """An import as programs and pages see it: every row of the file is in exactly one of four counts."""

    id: UUID
    state: str
    mapping: str
    file: str
    dry_run: bool
    repeats: str
    made_at: datetime
    made_by: str
    lines: int
    rows: int
    loaded: int
    held: int
    duplicates: int
    rejected: int
    rounded: int
    other_values: int
    seconds: float
    held_state: str
    decided_by: str
    reasons: list[Reason]
    columns: list[ColumnReport]
    left_aside: list[str]
    error: str


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """Why one row is not among the cases, in the reader's language."""

    id: int
    row: int
    kind: str
    column: str
    value: str
    reason: str


class ProblemPage(msgspec.Struct, frozen=True, kw_only=True):
    """Some problems and where the next ones begin."""

    problems: list[Problem]
    next: int | None = None


class BatchPage(msgspec.Struct, frozen=True, kw_only=True):
    """Some imports, newest first, and where the next ones begin."""

    imports: list[Report]
    next: str = ""
