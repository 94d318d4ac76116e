"""A mapping made ready: one row of a file becomes a case, or the reasons why it cannot. Pure.

Everything is decided once, before the first row; for each row little more than dictionary look-ups is left.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from operator import itemgetter
from typing import Any, NamedTuple

import msgspec

from appliance.app.imports import cells, limits
from appliance.app.imports.cells import NOT_RECORDED, Cell, Codes, Lists, Remembered
from appliance.app.imports.mapping import Line, Mapping, Rule
from appliance.app.imports.reading import Layout
from appliance.app.seizures.schemas import NewCase, NewCommodity, NewConcealment, NewLeg
from appliance.core.errors import Corrupt
from appliance.core.i18n import N_, Message

KEY_BYTES = 16
GAP = "\x1f"
MASS_TAG = "kg:"
TYPED_APART = ("quantity", "unit")  # columns of their own keep these as typed
Row = Sequence[str]
Take = Callable[[Row], str]
# What was noticed: kind, column, field, and the spelling where no list knows it.
Note = tuple[str, str, str, str]


class Problem(NamedTuple):
    """Why a row is rejected: the column, its cell, the reason."""

    column: str
    value: str
    reason: Message


# A line of a case, or nothing where it is not made; what was noticed; what is wrong.
ReadLine = tuple[Any, list[Note], list[Problem]]


class Outcome(NamedTuple):
    """What one row became: a case, or problems; and what was noticed on the way."""

    case: NewCase | None
    notes: list[Note]
    problems: list[Problem]


class FieldPlan(NamedTuple):
    """One field of a line: its name, what its column is called, where its cell is, what cells mean."""

    name: str
    column: str
    take: Take
    read: Remembered


class ParentPlan(NamedTuple):
    """A field that gets the code above another field's code."""

    name: str
    of: str
    parent: Callable[[str], str]


class Part:
    """A line as read from one row: its values, the cells that need care, what was noticed and what is wrong."""

    __slots__ = ("notes", "odd", "problems", "values")

    def __init__(self, constants: dict[str, Any]) -> None:
        self.values = dict(constants)
        self.odd: dict[str, Cell] = {}
        self.notes: list[Note] = []
        self.problems: list[Problem] = []

    def take_care(self, plan: FieldPlan, kind: str, raw: str, cell: Cell) -> None:
        """Note what is not plain about a cell."""
        self.odd[plan.name] = cell
        if cell.problem is not None:
            self.problems.append(Problem(plan.column, cells.shown(raw), cell.problem))
        elif cell.note:
            spelling = cells.shown(raw.strip()) if cell.note == cells.OTHER else ""
            self.notes.append((cell.note, plan.column, f"{kind}.{plan.name}", spelling))

    def typed(self) -> dict[str, str]:
        """What was typed where it differs from what is stored."""
        return {name: cell.typed for name, cell in self.odd.items() if cell.typed}


class LinePlan(NamedTuple):
    """One line of a case, or the case itself: constants, fields, and the cell without which it is not made."""

    kind: str
    constants: dict[str, Any]
    fields: tuple[FieldPlan, ...]
    parents: tuple[ParentPlan, ...]
    when: Take | None

    def read(self, row: Row) -> Part:
        """Read the line from one row."""
        part = Part(self.constants)
        values = part.values
        for plan in self.fields:
            raw = plan.take(row)
            cell = plan.read[raw]
            values[plan.name] = cell.value
            if cell.typed or cell.note or cell.problem is not None:
                part.take_care(plan, self.kind, raw, cell)
        for parent in self.parents:
            values[parent.name] = parent.parent(values[parent.of] or "")
        return part


def unusable(reason: str) -> Corrupt:
    """What is said of a mapping that contradicts itself."""
    return Corrupt(N_("The mapping cannot be used: %(reason)s. Nothing was loaded."), reason=reason)


def joiner(places: Sequence[int], separator: str) -> Take:
    """Takes the cells that are not empty, put together."""

    def take(row: Row) -> str:
        return separator.join(cell for place in places if (cell := row[place].strip()))

    return take


class Compiler:
    """Turns the rules of a mapping into plans for one file."""

    def __init__(self, mapping: Mapping, layout: Layout, lists: Lists, today: date | None) -> None:
        self.mapping = mapping
        self.layout = layout
        self.lists = lists
        self.today = today

    def place(self, column: str) -> int:
        """Where a column stands in the file.

        Raises:
            Corrupt: the mapping reads a column that it does not ask for.
        """
        if column not in self.layout.places:
            raise unusable(f"column {column} is not among its columns")
        return self.layout.places[column]

    def reader(self, name: str, rule: Rule) -> cells.Reader:
        """What the cells of a field mean."""
        if rule.kind == "date":
            return cells.date_reader(name, rule, self.today)
        if rule.kind == "quantity":
            return cells.quantity_reader(name, rule)
        if not rule.code_list:
            return cells.text_reader(name, rule)
        values = self.mapping.values.get(rule.values, {})
        patterns = self.mapping.patterns.get(rule.patterns, [])
        return cells.code_reader(name, rule, Codes(rule, self.lists, values, patterns))

    def field(self, name: str, rule: Rule) -> FieldPlan:
        """A field that is read from the file."""
        columns = rule.join or [rule.column or ""]
        places = [self.place(column) for column in columns]
        take: Take = joiner(places, rule.separator) if rule.join else itemgetter(places[0])
        return FieldPlan(name, " + ".join(columns), take, Remembered(self.reader(name, rule)))

    def parent(self, name: str, rule: Rule, rules: dict[str, Rule]) -> ParentPlan:
        """A field that gets the code above another one's."""
        of = rule.parent_of or ""
        code_list = rules[of].code_list if of in rules else ""
        if not code_list:
            raise unusable(f"{name} asks for the parent of {of}, which is no coded field")

        @functools.cache
        def above(code: str) -> str:
            entry = self.lists.entry(code_list, code)
            return (entry.parent if entry else "") or rule.otherwise or NOT_RECORDED

        return ParentPlan(name, of, above)

    def line(self, kind: str, target: type[msgspec.Struct], rules: Line) -> LinePlan:
        """A line of a case.

        Raises:
            Corrupt: the line names a field that its record does not have, or leaves out a needed one.
        """
        fields = {name: rule for name, rule in rules.items() if isinstance(rule, Rule)}
        known = {item.name: item for item in msgspec.structs.fields(target)}
        needed = {name for name, item in known.items() if item.required}
        if not needed <= fields.keys() <= known.keys():
            raise unusable(f"a {kind} has other fields than {sorted(needed ^ fields.keys())}")
        when = rules.get("when")
        place = self.place(when) if isinstance(when, str) else None
        return LinePlan(
            kind=kind,
            constants={n: r.constant for n, r in fields.items() if r.constant is not None},
            fields=tuple(self.field(n, r) for n, r in fields.items() if r.column or r.join),
            parents=tuple(self.parent(n, r, fields) for n, r in fields.items() if r.parent_of),
            when=itemgetter(place) if place is not None else None,
        )


class RememberedLine:
    """A line that depends on few spellings only, such as a leg of the route: made once for each."""

    def __init__(self, plan: LinePlan, target: type[Any]) -> None:
        self.plan = plan
        self.target = target
        self.takes = [field.take for field in plan.fields]
        self.known: dict[tuple[str, ...], ReadLine] = {}
        self.characters = 0

    def read(self, row: Row) -> ReadLine:
        """The line, or nothing where it is not made; what was noticed; what is wrong."""
        if self.plan.when is not None and not self.plan.when(row).strip():
            return None, [], []
        spellings = tuple([take(row) for take in self.takes])
        found = self.known.get(spellings)
        if found is None:
            part = self.plan.read(row)
            made = None if part.problems else self.target(**part.values, typed=part.typed())
            found = (made, part.notes, part.problems)
            self.remember(spellings, found)
        return found

    def remember(self, spellings: tuple[str, ...], found: ReadLine) -> None:
        """Keep a line, within bounds of number and of characters; long spellings hardly come again."""
        length = sum(map(len, spellings))
        if length > limits.CACHED_VALUE_CHARS:
            return
        self.characters += length
        if len(self.known) >= limits.CACHED_LINES or self.characters > limits.CACHED_CHARS:
            self.known.clear()
            self.characters = length
        self.known[spellings] = found


class RowReader:
    """Reads the rows of one file by one mapping."""

    def __init__(self, mapping: Mapping, layout: Layout, lists: Lists, today: date | None) -> None:
        compiler = Compiler(mapping, layout, lists, today)
        self.lists = lists
        self.case = compiler.line("case", NewCase, dict(mapping.case))
        self.goods = [compiler.line("commodity", NewCommodity, line) for line in mapping.commodity]
        self.legs = [
            RememberedLine(compiler.line("leg", NewLeg, line), NewLeg) for line in mapping.leg
        ]
        self.places = [
            RememberedLine(compiler.line("concealment", NewConcealment, line), NewConcealment)
            for line in mapping.concealment
        ]
        self.width = layout.width
        self.start = hashlib.sha256(f"{mapping.name}\x1e".encode())
        wanted = [layout.places[name] for name in mapping.source.key or mapping.source.columns]
        further = (
            [] if mapping.source.key else [layout.extra[name] for name in sorted(layout.extra)]
        )
        self.identity = [*wanted, *further]

    def key(self, row: Row) -> bytes:
        """What tells this row from others: by the columns that name a record, or else by all of them."""
        digest = self.start.copy()
        digest.update(GAP.join([row[place] for place in self.identity]).encode())
        return digest.digest()[:KEY_BYTES]

    def read(self, row: Row) -> Outcome:
        """What a row means."""
        case = self.case.read(row)
        notes, problems = case.notes, case.problems
        goods = tuple(self.read_goods(row, notes, problems))
        legs = tuple(self.read_lines(self.legs, row, notes, problems))
        places = tuple(self.read_lines(self.places, row, notes, problems))
        if problems:
            return Outcome(None, [], problems[: limits.ROW_PROBLEMS])
        made = NewCase(
            **case.values, typed=case.typed(), commodities=goods, legs=legs, concealments=places
        )
        return Outcome(made, notes, [])

    def read_lines(
        self, lines: Sequence[RememberedLine], row: Row, notes: list[Note], problems: list[Problem]
    ) -> list[Any]:
        """The lines of one table that this row has."""
        found = []
        for line in lines:
            made, noticed, wrong = line.read(row)
            notes += noticed
            problems += wrong
            if made is not None:
                found.append(made)
        return found

    def read_goods(
        self, row: Row, notes: list[Note], problems: list[Problem]
    ) -> list[NewCommodity]:
        """The goods of this row."""
        found = []
        for line in self.goods:
            if line.when is None or line.when(row).strip():
                part = line.read(row)
                self.measure(part)
                notes += part.notes
                problems += part.problems
                if not part.problems:
                    found.append(NewCommodity(**part.values))
        return found

    def measure(self, part: Part) -> None:
        """Bring the quantity to the unit's measure and to kilograms; keep both as typed."""
        values, odd = part.values, part.odd
        for name in TYPED_APART:
            if name in odd:
                values[f"{name}_typed"] = odd[name].typed
        values["typed"] = {n: c.typed for n, c in odd.items() if c.typed and n not in TYPED_APART}
        quantity, unit = values.get("quantity"), odd.get("unit")
        if quantity is None:
            return
        if unit is not None and unit.factor != cells.ONE:
            quantity = values["quantity"] = multiplied(quantity, unit.factor)
        if quantity.adjusted() >= cells.WHOLE_DIGITS:
            reason = Message(
                N_("“%(value)s” is too large a number."), {"value": str(quantity)[:40]}
            )
            part.problems.append(Problem("", str(quantity)[: limits.EXAMPLE_CHARS], reason))
        factor = self.kilograms(values.get("unit", NOT_RECORDED))
        if factor is not None:
            values["kg_equivalent"] = multiplied(quantity, factor)

    @functools.lru_cache(maxsize=1000)  # noqa: B019 - one reader lives as long as its import
    def kilograms(self, unit: str) -> Decimal | None:
        """How many kilograms one of a unit weighs; nothing where it is no mass."""
        entry = self.lists.entry("UNIT", unit)
        tags = [tag for tag in entry.tags if tag.startswith(MASS_TAG)] if entry else []
        return Decimal(tags[0].removeprefix(MASS_TAG)) if tags else None


def multiplied(value: Decimal, factor: Decimal) -> Decimal:
    """An exact product, rounded to the decimals of a quantity."""
    return cells.settle(cells.EXACT.multiply(value, factor))[0]


def numbered_key(key: bytes, occurrence: int) -> bytes:
    """The key of the n-th exact repeat of a row; the first one's own key is that of the row."""
    if not occurrence:
        return key
    return hashlib.sha256(key + occurrence.to_bytes(8, "big")).digest()[:KEY_BYTES]
