"""How the values of a case are written for people: labels of codes, dates and numbers of their language."""

import functools
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from appliance.app.reference import api as reference
from appliance.app.seizures.fields import (
    CASE,
    COMMODITY,
    CONCEALMENT,
    GOODS,
    HOW,
    LAW,
    LEG,
    ROUTE,
    STATUS_LABELS,
    WHAT,
    WHERE,
)
from appliance.app.seizures.schemas import NOT_RECORDED, Case
from appliance.app.web.pages import show_date, show_number
from appliance.core.fields import Field, Kind
from appliance.core.i18n import N_, current_language, translate


def coded(name: str, value: str) -> str:
    """The label of a code; nothing where nothing was recorded."""
    if value in ("", NOT_RECORDED):
        return ""
    if name == "STATUS":
        return translate(STATUS_LABELS.get(value, value))
    return reference.label(name, value, current_language.get())


class Fact(NamedTuple):
    """A line of a record: label, value, as typed where that differs, whether it needs the whole width."""

    label: str
    shown: str
    typed: str = ""
    wide: bool = False


class Part(NamedTuple):
    """A line of goods, a point of the route, a hiding place."""

    title: str
    facts: list[Fact]


class Section(NamedTuple):
    """What a case says about one thing, in the order a reader asks."""

    title: str
    facts: list[Fact]
    parts: list[Part]


SECTIONS = (WHAT, WHERE, GOODS, HOW, ROUTE, LAW)
MEASURES = {"quantity": "unit", "quantity2": "unit2"}


def sections(case: Case) -> list[Section]:
    """A whole case for a reader; sections that say nothing are left out."""
    parts = {
        GOODS: [goods_part(item) for item in case.commodities],
        HOW: [hidden_part(item) for item in case.concealments],
        ROUTE: [leg_part(item) for item in case.legs],
    }
    found = []
    for group in SECTIONS:
        facts = shown_fields((field for field in CASE if field.group == group), case)
        if facts or parts.get(group):
            found.append(Section(translate(group), facts, parts.get(group, [])))
    return found


def goods_part(item: Any) -> Part:
    """A line of goods under the name of the goods."""
    title = coded("SUBTYPE", item.subtype) or coded("HEADING", item.heading)
    return Part(title, shown_fields(COMMODITY.where(lambda field: field.name != "subtype"), item))


def leg_part(item: Any) -> Part:
    """A point of the route under its role."""
    title = coded("LEG_ROLE", item.role) or translate(LEG["role"].label)
    return Part(title, shown_fields(LEG.where(lambda field: field.name != "role"), item))


def hidden_part(item: Any) -> Part:
    """A hiding place under its name."""
    title = coded("CONCEALMENT", item.place) or translate(N_("Concealment"))
    return Part(title, shown_fields(CONCEALMENT.pick("description"), item))


def shown_fields(fields: Iterable[Field], record: Any) -> list[Fact]:
    """Every field of a record that says something; a quantity and its unit are one line."""
    shown = []
    for field in fields:
        if field.name in MEASURES.values():
            continue
        text = shown_value(field, getattr(record, field.name, None))
        typed = typed_of(record, field.name)
        if field.name in MEASURES:
            text, typed = measure(record, field.name, MEASURES[field.name], text)
        if text or typed:
            shown.append(Fact(translate(field.label), text, typed, field.kind is Kind.LONG_TEXT))
    return shown


def measure(record: Any, quantity: str, unit: str, text: str) -> tuple[str, str]:
    """A quantity with its unit, and both as typed where that says anything else."""
    shown = f"{text} {coded('UNIT', getattr(record, unit))}".strip()
    typed = f"{typed_of(record, quantity)} {typed_of(record, unit)}".strip()
    plain = format(getattr(record, quantity) or 0, "f")
    return shown, "" if typed in (
        plain,
        f"{plain} {coded('UNIT', getattr(record, unit))}",
    ) else typed


def typed_of(record: Any, name: str) -> str:
    """What the source or the officer wrote for a field, before it was normalised."""
    found: str = record.typed.get(name, "") or getattr(record, f"{name}_typed", "")
    return found


NOTHING: tuple[Any, ...] = ("", NOT_RECORDED, [])


def says_nothing(value: Any) -> bool:
    """Whether a stored value records nothing; zero does record something."""
    return value is None or value is False or value in NOTHING


def shown_value(field: Field, value: Any) -> str:
    """A stored value for people."""
    return "" if says_nothing(value) else way_to_show(field)(value)


WAYS: Mapping[Kind, Callable[[Any], str]] = {
    Kind.DATE: show_date,
    Kind.DECIMAL: show_number,
    Kind.INTEGER: show_number,
    Kind.BOOL: lambda _: translate(N_("Yes")),
}


@functools.cache
def way_to_show(field: Field) -> Callable[[Any], str]:
    """How the values of a field are written, found out once: a list shows hundreds of them."""
    if field.code_list == "HS":
        return show_heading
    if field.kind is Kind.CODES:
        return lambda codes: ", ".join(coded(field.code_list, item) for item in codes)
    if field.code_list and field.code_list != "OFFICE":
        return lambda code: coded(field.code_list, code)
    return WAYS.get(field.kind, str)


def show_heading(code: str) -> str:
    """A heading of the Harmonized System with its label, where it has one."""
    label = coded("HS", code)
    return f"{code} · {label}" if label != code else code
