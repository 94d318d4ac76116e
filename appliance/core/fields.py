"""A field is declared once; form, list column, filter, export and audit difference derive from it.

Reading what people typed is here too (pure); drawing it is web's work.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

from appliance.core import limits
from appliance.core.i18n import N_, Message


class Kind(StrEnum):
    """How a value is typed and shown."""

    TEXT = "text"
    LONG_TEXT = "longtext"
    CODE = "code"
    CODES = "codes"
    DATE = "date"
    DECIMAL = "decimal"
    INTEGER = "integer"
    BOOL = "bool"
    EMAIL = "email"
    PASSWORD = "password"  # noqa: S105 - a kind of field
    SEARCH = "search"
    FILE = "file"
    HIDDEN = "hidden"


class Sharing(StrEnum):
    """May a value leave for the global database? Nobody shares by forgetting: the default is never."""

    NEVER = "never"
    POLICY = "policy"
    YES = "yes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of a record."""

    name: str
    label: str
    kind: Kind = Kind.TEXT
    group: str = ""
    sharing: Sharing = Sharing.NEVER
    help: str = ""
    code_list: str = ""
    max_length: int = limits.TEXT_CHARS
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    in_list: bool = False
    filterable: bool = False
    exported: bool = True
    autocomplete: str = "off"
    strip_text: bool = True


class FieldSet:
    """The fields of a record, in the order people meet them."""

    def __init__(self, *fields: Field) -> None:
        self.by_name: Mapping[str, Field] = {field.name: field for field in fields}

    def __iter__(self) -> Iterator[Field]:
        return iter(self.by_name.values())

    def __getitem__(self, name: str) -> Field:
        return self.by_name[name]

    def pick(self, *names: str) -> FieldSet:
        """Some of the fields, in the order given."""
        return FieldSet(*(self.by_name[name] for name in names))

    def where(self, wanted: Callable[[Field], bool]) -> FieldSet:
        """The fields for which the question is answered yes."""
        return FieldSet(*(field for field in self if wanted(field)))


def difference(
    fields: Iterable[Field], old: Mapping[str, Any], new: Mapping[str, Any]
) -> dict[str, list[Any]]:
    """What changed, as {field: [old, new]}, for the audit trail and the version history."""
    return {
        field.name: [old.get(field.name), new.get(field.name)]
        for field in fields
        if field.name in new and old.get(field.name) != new.get(field.name)
    }


class FieldProblem(Exception):
    """What is wrong with one field."""

    def __init__(self, key: str, **params: Any) -> None:
        super().__init__(key)
        self.message = Message(key, params)


# Controls hide in pasted text; overrides turn the shown order of letters round and disguise names.
HIDDEN_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
DIRECTION_OVERRIDES = re.compile(r"[\u202a-\u202e\u2066-\u2069]")
# What our own sentences set apart in Arabic comes back when somebody copies it out of them.
SET_APART = re.compile(r"\u2068([^\u2066-\u2069]*)\u2069")
SPACES = re.compile(r"[ \t\u00a0\u2000-\u200a\u202f\u3000]+")
NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d{1,3})?", re.IGNORECASE)
GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")


def clean_text(raw: str, field: Field) -> str:
    """A text as it is stored: NFC, no hidden controls, spaces trimmed, within its length.

    Raises:
        FieldProblem: a character is refused, or the text is too long.
    """
    text = unicodedata.normalize("NFC", raw.replace("\r\n", "\n").replace("\r", "\n"))
    if HIDDEN_CONTROLS.search(text):
        raise FieldProblem(
            N_(
                "This text contains an invisible control character. Delete it or type the text again."
            )
        )
    text = SET_APART.sub(r"\1", text)
    if DIRECTION_OVERRIDES.search(text):
        raise FieldProblem(
            N_(
                "This text contains an invisible character that reverses the direction of writing. Type the text again."
            )
        )
    if field.kind is not Kind.LONG_TEXT:
        text = SPACES.sub(" ", text.replace("\n", " "))
    text = text.strip() if field.strip_text else text
    if len(text) > field.max_length:
        raise FieldProblem(
            N_("This text has %(length)s characters; at most %(limit)s are allowed here."),
            length=len(text),
            limit=field.max_length,
        )
    return text


def western_digits(text: str) -> str:
    """Digits of any script as 0-9, Arabic decimal and group signs as . and nothing."""
    text = text.replace("\u066b", ".").replace("\u066c", "").replace("\u2212", "-")
    return "".join(str(unicodedata.decimal(char)) if char.isdecimal() else char for char in text)


def parse_decimal(raw: str, *, comma_decimal: bool = False) -> Decimal:
    """A number as people write it, exactly; spaces and apostrophes may group digits.

    Raises:
        FieldProblem: no number, or one with too many digits.
    """
    text = re.sub(r"[\s\u00a0\u202f'\u2019_]", "", western_digits(raw))
    if "," in text:
        if comma_decimal and text.count(",") == 1:
            text = text.replace(".", "").replace(",", ".")
        elif GROUPED.fullmatch(text):
            text = text.replace(",", "")
    if not NUMBER.fullmatch(text):
        raise FieldProblem(N_("“%(value)s” is not a number. Write it like 1250.5."), value=raw[:40])
    try:
        value = Decimal(text)
    except InvalidOperation as error:
        raise FieldProblem(N_("“%(value)s” is not a number."), value=raw[:40]) from error
    if value and (value.adjusted() >= limits.QUANTITY_DIGITS - limits.QUANTITY_DECIMALS):
        raise FieldProblem(N_("“%(value)s” is too large a number."), value=raw[:40])
    return value


def parse_date(raw: str) -> date:
    """A date as a browser sends it (ISO 8601).

    Raises:
        FieldProblem: no such day, or a year outside the records of customs.
    """
    try:
        value = date.fromisoformat(western_digits(raw))
    except ValueError as error:
        raise FieldProblem(
            N_("“%(value)s” is not a date. Write year-month-day, like %(example)s."),
            value=raw[:40],
            example="2026-03-31",
        ) from error
    if not limits.EARLIEST_YEAR <= value.year <= limits.LATEST_YEAR:
        raise FieldProblem(N_("The year %(year)s cannot be right."), year=value.year)
    return value


def check_bounds(value: Decimal, field: Field) -> Decimal:
    """A number within the bounds of its field.

    Raises:
        FieldProblem: it is outside.
    """
    if field.minimum is not None and value < field.minimum:
        raise FieldProblem(
            N_("The smallest value allowed here is %(limit)s."), limit=str(field.minimum)
        )
    if field.maximum is not None and value > field.maximum:
        raise FieldProblem(
            N_("The largest value allowed here is %(limit)s."), limit=str(field.maximum)
        )
    return value


def parse_integer(raw: str) -> int:
    """A whole number.

    Raises:
        FieldProblem: no whole number.
    """
    value = parse_decimal(raw)
    if value != value.to_integral_value():
        raise FieldProblem(N_("“%(value)s” is not a whole number."), value=raw[:40])
    return int(value)


def parse_value(field: Field, raw: str, *, comma_decimal: bool = False) -> Any:
    """What one typed text means for its field; an empty text means nothing recorded.

    Raises:
        FieldProblem: it means nothing this field can hold.
    """
    text = clean_text(raw, field)
    if not text:
        return None
    reader = READERS.get(field.kind)
    return reader(text, field, comma_decimal) if reader else text


READERS: Mapping[Kind, Callable[[str, Field, bool], Any]] = {
    Kind.DATE: lambda text, _field, _comma: parse_date(text),
    Kind.DECIMAL: lambda text, field, comma: check_bounds(
        parse_decimal(text, comma_decimal=comma), field
    ),
    Kind.INTEGER: lambda text, field, _comma: int(
        check_bounds(Decimal(parse_integer(text)), field)
    ),
    Kind.BOOL: lambda text, _field, _comma: text.lower() in {"1", "on", "true", "yes"},
    Kind.CODE: lambda text, _field, _comma: text.upper(),
    Kind.CODES: lambda text, _field, _comma: text.upper(),
}
