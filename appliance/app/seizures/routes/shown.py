"""How the values of a case are written for people: labels of codes, dates and numbers of their language."""

from typing import Any

from appliance.app.reference import api as reference
from appliance.app.seizures.fields import STATUS_LABELS
from appliance.app.seizures.schemas import NOT_RECORDED
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


def shown_fields(fields: Any, record: Any) -> list[tuple[str, str, str, bool]]:
    """Every field of a record that says something: label, value, as typed, wide."""
    shown = []
    for field in fields:
        value = getattr(record, field.name, None)
        text = shown_value(field, value)
        typed = record.typed.get(field.name, "") or getattr(record, f"{field.name}_typed", "")
        if text or typed:
            shown.append((translate(field.label), text, typed, field.kind is Kind.LONG_TEXT))
    return shown


def says_nothing(value: Any) -> bool:
    """Whether a stored value records nothing; zero does record something."""
    return value is None or value is False or value == [] or value in ("", NOT_RECORDED)


def shown_value(field: Field, value: Any) -> str:
    """A stored value for people."""
    if says_nothing(value):
        return ""
    if field.code_list and field.code_list != "OFFICE":
        codes = value if isinstance(value, list) else [value]
        return ", ".join(coded(field.code_list, item) for item in codes)
    if field.kind is Kind.DATE:
        return show_date(value)
    if field.kind in {Kind.DECIMAL, Kind.INTEGER}:
        return show_number(value)
    return translate(N_("Yes")) if value is True else str(value)
