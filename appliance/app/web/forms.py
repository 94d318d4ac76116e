"""Forms: reads what was typed, collects every error at once, and hands all of it back to be shown again.

A blank is nothing recorded; a list field takes one value or many. Drawing is the template macros' work.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from litestar import Request
from litestar.datastructures import UploadFile

from appliance.core import limits
from appliance.core.errors import AppError, Invalid
from appliance.core.fields import Field, FieldProblem, FieldSet, Kind, parse_value
from appliance.core.i18n import N_, Message, current_language, translate

COMMA_LANGUAGES = frozenset({"fr"})
NEEDED = N_("This field is needed.")
Typed = Mapping[str, Sequence[str]]


class Option(NamedTuple):
    """A choice of a select box."""

    value: str
    label: str
    selected: bool = False
    group: str = ""


Choices = Callable[[Field], Iterable[tuple[str, str, str]]]


@dataclass(slots=True)
class BoundField:
    """A field with what was typed into it, as the macros draw it."""

    field: Field
    typed: Sequence[str] = ()
    error: str = ""
    required: bool = False
    options: list[Option] = dataclasses.field(default_factory=list)
    list_url: str = ""
    placeholder: str = ""
    autofocus: bool = False

    @property
    def name(self) -> str:
        """The name in the form."""
        return self.field.name

    @property
    def id(self) -> str:
        """The id in the page."""
        return f"f-{self.field.name}"

    @property
    def label(self) -> str:
        """The label in the reader's language."""
        return translate(self.field.label)

    @property
    def help(self) -> str:
        """A hint under the field."""
        return translate(self.field.help)

    @property
    def kind(self) -> str:
        """How it is drawn."""
        return self.field.kind.value

    @property
    def value(self) -> Any:
        """What was typed: a list for many-valued fields, else one text."""
        if self.field.kind is Kind.CODES:
            return list(self.typed)
        return self.typed[0] if self.typed else ""

    @property
    def max_length(self) -> int:
        """Characters the field takes."""
        return self.field.max_length

    @property
    def autocomplete(self) -> str:
        """What the browser may fill in."""
        return self.field.autocomplete

    @property
    def dir(self) -> str:
        """Writing direction: numbers and codes stay left to right."""
        free = {Kind.TEXT, Kind.LONG_TEXT, Kind.SEARCH}
        return "auto" if self.field.kind in free else "ltr"

    @property
    def inputmode(self) -> str:
        """The keyboard a telephone shows."""
        return {Kind.DECIMAL: "decimal", Kind.INTEGER: "numeric", Kind.EMAIL: "email"}.get(
            self.field.kind, ""
        )


class Form:
    """What was typed, what it means, and what is wrong with it."""

    def __init__(
        self,
        fields: FieldSet,
        typed: Typed | None = None,
        *,
        required: Iterable[str] = (),
        choices: Choices | None = None,
    ) -> None:
        self.fields = fields
        self.typed: Typed = typed or {}
        self.required = frozenset(required)
        self.choices = choices
        self.values: dict[str, Any] = {}
        self.errors: dict[str, Message] = {}
        self.message: Message | None = None

    def read(self) -> bool:
        """Read every field; return whether all are right."""
        for item in self.fields:
            if item.name not in self.typed and item.name not in self.required:
                # Most filters of most lists; a list is read more often than anything else.
                self.values[item.name] = [] if item.kind is Kind.CODES else None
                continue
            try:
                self.values[item.name] = self.read_field(item)
            except FieldProblem as problem:
                self.errors[item.name] = problem.message
        self.check_period()
        return not self.errors

    def check_period(self) -> None:
        """Refuse a period that ends before it begins: nothing could ever fit it."""
        begins, ends = self.values.get("from"), self.values.get("to")
        if isinstance(begins, date) and isinstance(ends, date) and begins > ends:
            self.errors["from"] = Message(
                N_("“%(start)s” lies after “%(end)s”. Exchange the two dates."),
                {
                    "start": translate(self.fields["from"].label),
                    "end": translate(self.fields["to"].label),
                },
            )

    def read_field(self, item: Field) -> Any:
        """Read one field.

        Raises:
            FieldProblem: what was typed cannot stand.
        """
        comma = current_language.get() in COMMA_LANGUAGES
        texts = [text for text in self.typed.get(item.name, ()) if text.strip()]
        if item.kind is Kind.CODES:
            value: Any = [parse_value(item, text, comma_decimal=comma) for text in texts]
        elif len(texts) > 1:
            raise FieldProblem(N_("This field was sent more than once. Choose one value."))
        else:
            value = parse_value(item, texts[0], comma_decimal=comma) if texts else None
        if item.name in self.required and value in (None, [], False):
            raise FieldProblem(NEEDED)
        if item.code_list and value:
            self.check_codes(item, value if isinstance(value, list) else [value])
        return value

    def check_codes(self, item: Field, codes: list[str]) -> None:
        """Refuse a code that the list does not hold.

        Raises:
            FieldProblem: the code is not one of the choices.
        """
        if self.choices is None:
            return
        known = {value for value, _, _ in self.choices(item)}
        for code in codes:
            if code not in known:
                raise FieldProblem(N_("“%(value)s” is not one of the choices."), value=code[:40])

    def add_errors(self, error: AppError) -> None:
        """Take over what a service found wrong."""
        self.errors.update(error.fields)
        self.message = error.message

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return not self.errors and self.message is None

    def bound(self, name: str) -> BoundField:
        """One field, ready to be drawn."""
        item = self.fields[name]
        typed = self.typed.get(name, ())
        options = []
        if self.choices is not None and item.code_list:
            chosen = {text.upper() for text in typed}
            options = [
                Option(value, label, value in chosen, group)
                for value, label, group in self.choices(item)
            ]
        message = self.errors.get(name)
        return BoundField(
            field=item,
            typed=typed,
            error=message.text() if message else "",
            required=name in self.required,
            options=options,
        )

    def __iter__(self) -> Any:
        return (self.bound(item.name) for item in self.fields)

    def __getitem__(self, name: str) -> BoundField:
        return self.bound(name)

    @property
    def summary(self) -> list[BoundField]:
        """The fields that are wrong, in the order of the form."""
        return [self.bound(item.name) for item in self.fields if item.name in self.errors]

    @property
    def stray_errors(self) -> list[str]:
        """Errors that belong to no shown field."""
        strays = [m.text() for name, m in self.errors.items() if name not in self.fields.by_name]
        return strays + ([self.message.text()] if self.message and not self.errors else [])


async def read_typed(request: Request[Any, Any, Any]) -> dict[str, list[str]]:
    """What a form sent, as lists of texts; files are read by the routes that take them.

    Raises:
        Invalid: too many fields, or not UTF-8.
    """
    try:
        form = await request.form()
    except (ValueError, LookupError) as error:
        raise Invalid(N_("The form was not sent as UTF-8 text. Nothing was stored.")) from error
    items = list(form.multi_items())
    if len(items) > limits.FORM_FIELDS:
        raise Invalid(N_("The form has too many fields. Nothing was stored."))
    typed: dict[str, list[str]] = {}
    for name, value in items:
        if not isinstance(value, UploadFile):
            typed.setdefault(str(name), []).append(str(value))
    return typed


def typed_from(values: Mapping[str, Any]) -> dict[str, list[str]]:
    """Stored values as texts, to fill a form."""
    return {
        name: [str(part) for part in (value if isinstance(value, list | tuple) else [value])]
        for name, value in values.items()
        if value is not None
    }


def plain_number(text: str, digits: int) -> int | None:
    """A whole number as an address of ours carries it: ASCII digits, not many; nothing for anything else."""
    plain = text.isascii() and text.isdecimal() and len(text) <= digits
    return int(text) if plain else None


def typed_query(request: Request[Any, Any, Any]) -> dict[str, list[str]]:
    """The query part of the address, as lists of texts."""
    typed: dict[str, list[str]] = {}
    for name, value in request.query_params.multi_items():
        typed.setdefault(str(name), []).append(str(value))
    return typed
