"""What happened to a case, for its page and for whoever changes it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from appliance.app.seizures import policy
from appliance.app.seizures.fields import CASE, COMMODITY
from appliance.app.seizures.routes.shown import coded, says_nothing
from appliance.app.seizures.schemas import Case, Status, Version
from appliance.core.fields import Field, Kind
from appliance.core.i18n import N_, translate

OTHER_EVENTS = {"draft": N_("Draft saved"), "edit": N_("Changed")}
EVENT_KINDS = {"submit": "info", "return": "warning", "validate": "success"}


class Change(NamedTuple):
    """A field that changed, before and after."""

    label: str
    before: str
    after: str


class Event(NamedTuple):
    """A line of the history."""

    text: str
    when: datetime
    who: str
    kind: str
    note: str
    changes: list[Change]


def move_label(what: str) -> str:
    """What happened to a case, in words."""
    if what in policy.MOVES:
        return translate(policy.MOVES[what].label)
    return translate(OTHER_EVENTS.get(what, what))


def event(item: Version) -> Event:
    """A version of a case as a line of its history."""
    return Event(
        text=move_label(item.what),
        when=item.at,
        who=item.by_name,
        kind=EVENT_KINDS.get(item.what, ""),
        note=item.reason,
        changes=[changed(name, before, after) for name, (before, after) in item.changes.items()],
    )


def changed(name: str, before: Any, after: Any) -> Change:
    """A change of one field, which belongs to the case or to its goods."""
    field = CASE.by_name.get(name) or COMMODITY.by_name.get(name)
    if field is None:
        return Change(name, str(before or ""), str(after or ""))
    return Change(translate(field.label), noted(field, before), noted(field, after))


def noted(field: Field, value: Any) -> str:
    """A value of the history for people: labels of codes, all else as it was noted."""
    if says_nothing(value):
        return ""
    if field.kind is Kind.CODE and field.code_list != "OFFICE":
        return coded(field.code_list, str(value))
    return str(value)


def last_return(found: Case, history: Sequence[Version]) -> Version | None:
    """Why a case was returned, as long as it lies with its office."""
    if found.status != Status.RETURNED:
        return None
    return next((item for item in history if item.what == "return"), None)
