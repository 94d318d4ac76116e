"""What one cell of a file means for one field: a text, a day, a quantity or a code. Pure.

Nothing is changed silently: what differs from the cell is kept as typed, and what no list knows is noted.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import Any, NamedTuple, Protocol

from appliance.app.imports import limits
from appliance.app.imports.mapping import Meaning, Pattern, Rule
from appliance.core import limits as core_limits
from appliance.core.fields import (
    Field,
    FieldProblem,
    Kind,
    clean_text,
    parse_decimal,
    western_digits,
)
from appliance.core.i18n import N_, Message

NOT_RECORDED = "NOT_RECORDED"
EMPTY, OTHER, ROUNDED = "empty", "other", "rounded"
ONE = Decimal(1)
STEP = Decimal(1).scaleb(-core_limits.QUANTITY_DECIMALS)
# Wide enough for a quantity of 28 digits times any factor: only the explicit rounding below rounds.
EXACT = Context(prec=80, rounding=ROUND_HALF_EVEN)
WHOLE_DIGITS = core_limits.QUANTITY_DIGITS - core_limits.QUANTITY_DECIMALS
THOUSANDS = re.compile(r",\d{3}(?!\d)")
BRACKETS = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]")
NOT_WORDS = re.compile(r"[\W_]+")


class Entry(Protocol):
    """What is asked of an entry of a code list."""

    @property
    def code(self) -> str: ...
    @property
    def parent(self) -> str: ...
    @property
    def labels(self) -> Mapping[str, str]: ...
    @property
    def tags(self) -> Sequence[str]: ...


class Lists(NamedTuple):
    """The code lists: a spelling to its code, a code to its entry."""

    lookup: Callable[[str, str], str | None]
    entry: Callable[[str, str], Entry | None]


class Cell(NamedTuple):
    """What a cell means: the value, what was typed where that differs, and what is to be noted."""

    value: Any
    typed: str = ""
    note: str = ""
    problem: Message | None = None
    factor: Decimal = ONE


Reader = Callable[[str], Cell]


def fold(text: str) -> str:
    """A spelling without case, accents and punctuation."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(char for char in decomposed if not unicodedata.combining(char))
    return NOT_WORDS.sub(" ", plain).strip()


def shown(raw: str) -> str:
    """A cell as it is quoted in a sentence or a report: bounded, invisible characters made visible."""
    text = "".join(char if char.isprintable() else f"\\u{ord(char):04x}" for char in raw[:200])
    return text[: limits.EXAMPLE_CHARS]


def refused(key: str, **params: Any) -> Cell:
    """A cell that rejects its row."""
    return Cell(None, problem=Message(key, params))


def checked(read: Callable[[str, str], Cell], name: str, *, required: bool, empty: Cell) -> Reader:
    """A reader that cleans the cell first and answers for empty ones."""
    kind = Kind.LONG_TEXT if limits.TEXT_CHARS_OF.get(name, 0) > limits.TEXT_CHARS else Kind.TEXT
    most = limits.TEXT_CHARS_OF.get(name, limits.TEXT_CHARS)
    field = Field(name=name, label="", kind=kind, max_length=most)

    def reader(raw: str) -> Cell:
        try:
            text = clean_text(raw, field)
            if text:
                return read(text, raw)
        except FieldProblem as problem:
            return Cell(None, problem=problem.message)
        return refused(N_("This column may not be empty.")) if required else empty

    return reader


def text_reader(name: str, rule: Rule) -> Reader:
    """A text, as typed but for spaces at its ends."""

    def read(text: str, raw: str) -> Cell:
        return Cell(text, raw if raw != text else "")

    return checked(read, name, required=rule.required, empty=Cell(""))


def parse_day(text: str, formats: Sequence[str]) -> date | None:
    """The day that a text names in one of the formats."""
    digits = western_digits(text)
    for form in formats:
        try:
            return datetime.strptime(digits, form).date()  # noqa: DTZ007 - only the day is taken
        except ValueError:
            continue
    return None


def date_reader(name: str, rule: Rule, today: date | None) -> Reader:
    """A day, not in the future if the present day is known."""
    formats = rule.formats or ["%Y-%m-%d"]

    def read(text: str, raw: str) -> Cell:
        day = parse_day(text, formats)
        if day is None:
            return refused(
                N_("“%(value)s” is not a date in a form that this mapping knows."), value=shown(raw)
            )
        if not core_limits.EARLIEST_YEAR <= day.year <= core_limits.LATEST_YEAR:
            return refused(N_("The year %(year)s cannot be right."), year=day.year)
        if today is not None and day > today:
            return refused(N_("The day %(day)s lies in the future."), day=day.isoformat())
        return Cell(day, raw if raw != day.isoformat() else "")

    return checked(read, name, required=rule.required, empty=Cell(None, note=EMPTY))


def parse_quantity(text: str) -> Decimal:
    """An amount as governments write it; a lone comma before other than three digits is a decimal comma.

    Raises:
        FieldProblem: no number, or too large a one.
    """
    lone = text.count(",") == 1 and not THOUSANDS.search(text)
    if text.count(".") > 1:
        text = text.replace(".", "")
    return parse_decimal(text, comma_decimal=lone)


def settle(value: Decimal) -> tuple[Decimal, bool]:
    """A quantity with at most twelve decimals, and whether it had to be rounded."""
    exponent = value.as_tuple().exponent
    if not isinstance(exponent, int) or exponent >= -core_limits.QUANTITY_DECIMALS:
        return value, False
    rounded = value.quantize(STEP, context=EXACT).normalize(EXACT)
    return rounded, rounded != value


def plain(value: Decimal) -> str:
    """A number without an exponent."""
    return format(value, "f")


def quantity_reader(name: str, rule: Rule) -> Reader:
    """A quantity of zero or more, exactly as far as twelve decimals go."""

    def read(text: str, raw: str) -> Cell:
        value = parse_quantity(text)
        if value < 0:
            return refused(N_("“%(value)s” is less than zero."), value=shown(raw))
        settled, rounded = settle(value)
        typed = raw if raw != plain(settled) else ""
        return Cell(settled, typed, ROUNDED if rounded else "")

    return checked(read, name, required=rule.required, empty=Cell(None, note=EMPTY))


def matches(pattern: Pattern, folded: str) -> bool:
    """Whether a folded spelling fits a pattern."""
    return (
        folded.startswith(fold(pattern.starts))
        and folded.endswith(fold(pattern.ends))
        and fold(pattern.has) in folded
    )


def spellings(text: str, *, brackets: bool) -> list[str]:
    """A spelling, then what stands outside brackets in it, then what stands inside."""
    if not brackets or not BRACKETS.search(text):
        return [text]
    inside = [left or right for left, right in BRACKETS.findall(text)]
    return [part for part in (text, BRACKETS.sub(" ", text).strip(), *inside) if part.strip()]


class Codes:
    """Finds the code that a spelling means, in the order that the head of a mapping tells."""

    def __init__(
        self,
        rule: Rule,
        lists: Lists,
        values: Mapping[str, str | Meaning],
        patterns: Sequence[Pattern],
    ) -> None:
        self.rule = rule
        self.lists = lists
        self.patterns = patterns
        self.values = {
            fold(spelling): found if isinstance(found, Meaning) else Meaning(found)
            for spelling, found in values.items()
        }

    def find(self, text: str) -> Meaning | None:
        """The code and factor that a spelling means, or none."""
        for spelling in spellings(text, brackets=self.rule.brackets):
            meaning = self.values.get(fold(spelling))
            if meaning:
                return meaning
            code = self.lists.lookup(self.rule.code_list, spelling)
            if code:
                return Meaning(code)
        folded = fold(text)
        return next((Meaning(item.code) for item in self.patterns if matches(item, folded)), None)

    def is_label(self, code: str, raw: str) -> bool:
        """Whether a cell says no more than the code does."""
        entry = self.lists.entry(self.rule.code_list, code)
        return raw == code or (entry is not None and raw == entry.labels.get("en"))

    def read(self, text: str, raw: str) -> Cell:
        """The cell of a coded field."""
        meaning = self.find(text)
        if meaning is None and self.rule.otherwise is None:
            return refused(
                N_("“%(value)s” stands in no list known for this column."), value=shown(raw)
            )
        if meaning is None:
            return Cell(self.rule.otherwise, raw, OTHER)
        factor = Decimal(meaning.factor)
        same = factor == ONE and self.is_label(meaning.code, raw)
        return Cell(meaning.code, "" if same else raw, factor=factor)


def code_reader(name: str, rule: Rule, codes: Codes) -> Reader:
    """A code of a list; an empty cell is not recorded, which is not the same as unknown."""
    empty = Cell(NOT_RECORDED, note=EMPTY)
    return checked(codes.read, name, required=rule.required, empty=empty)


class Remembered(dict[str, Cell]):
    """What the spellings of one column mean, remembered within bounds of number and of characters."""

    def __init__(self, read: Reader) -> None:
        super().__init__()
        self.read = read
        self.characters = 0

    def __missing__(self, raw: str) -> Cell:
        found = self.read(raw)
        if len(raw) <= limits.CACHED_VALUE_CHARS:
            self.characters += len(raw)
            if len(self) >= limits.CACHED_VALUES or self.characters > limits.CACHED_CHARS:
                self.clear()
                self.characters = len(raw)
            self[raw] = found
        return found
