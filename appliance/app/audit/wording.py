"""Words for what rooms noted beside an entry: names of fields and labels of codes, as their rooms declare them.

A reading aid only: what is not known here is shown as it was noted, and the page keeps the exact text beside it.
"""

from __future__ import annotations

import functools
import importlib
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import msgspec

from appliance.app import ROOM_NAMES
from appliance.core.fields import Field, FieldSet
from appliance.core.i18n import N_, translate
from appliance.core.room import (
    ROLE_LABELS,
    has_part,
    load_rooms,
    rights_by_name,
    room_module,
)

# Where rooms declare fields, and the sentences of what happened to an account.
DECLARING = ("fields", "schemas")
Label = Callable[[str, str], str]

# What an entry without a record was about.
SUBJECTS: Mapping[str, str] = {
    "latest": N_("Latest cases"),
    "list": N_("List of cases"),
    "csv": N_("List of cases as a file"),
    "verify": N_("Check of the seals"),
}
KEYS: Mapping[str, str] = {
    "filters": N_("Filters"),
    "fields": N_("Changed fields"),
    "to": N_("New state"),
    "what": N_("What happened"),
    "why": N_("Reason"),
    "right": N_("Right"),
    "office": N_("Office"),
    "state": N_("State"),
    "roles": N_("Roles"),
    "wanted_roles": N_("Roles asked for"),
    "declined": N_("Roles declined"),
    "lines": N_("Lines"),
    "rows": N_("Rows"),
    "file": N_("File"),
    "mapping": N_("Layout of the file"),
}
# Codes that stand under another name than their field.
CODE_LISTS: Mapping[str, str] = {"to": "STATUS"}
ROLE_KEYS = frozenset({"roles", "wanted_roles", "declined", "role"})


@functools.cache
def declarations(room: str) -> Mapping[str, Any]:
    """What the modules of a room that declare fields hold; nothing for a room that is no more."""
    found: dict[str, Any] = {}
    for part in DECLARING:
        try:
            if has_part(room, part):
                found |= vars(importlib.import_module(room_module(room, part)))
        except ModuleNotFoundError:
            return {}
    return found


def declared_fields(room: str) -> Iterator[Field]:
    """Every field that a room declares, alone or in a set."""
    for value in declarations(room).values():
        if isinstance(value, Field):
            yield value
        elif isinstance(value, FieldSet):
            yield from value


@functools.cache
def fields_of(room: str) -> Mapping[str, Field]:
    """The fields of a room by name."""
    return {field.name: field for field in declared_fields(room)}


def key_text(room: str, key: str) -> str:
    """What a detail is called."""
    field = fields_of(room).get(key)
    known = KEYS.get(key) or (field.label if field else "")
    return translate(known) if known else key


@functools.cache
def right_labels() -> Mapping[str, str]:
    """What every right of this house is called."""
    return {name: right.label for name, right in rights_by_name(load_rooms(ROOM_NAMES)).items()}


def code_text(room: str, key: str, code: str, label: Label) -> str:
    """What a code means; anything that is none stays as it is."""
    if key == "right":
        return translate(right_labels().get(code, code))
    if key in ROLE_KEYS:
        return translate(next((text for role, text in ROLE_LABELS.items() if role == code), code))
    field = fields_of(room).get(key)
    name = CODE_LISTS.get(key) or (field.code_list if field else "")
    own = declarations(room).get(f"{name.upper()}_LABELS")
    if isinstance(own, Mapping) and code in own:
        return translate(own[code])
    return label(name, code) if name.isupper() else code


def value_text(room: str, key: str, value: Any, label: Label) -> str:
    """A detail for people."""
    match value:
        case str():
            return code_text(room, key, value, label) if value else ""
        case dict():
            parts = [
                f"{key_text(room, name)}: {value_text(room, name, part, label)}"
                for name, part in value.items()
            ]
            return "; ".join(parts) or translate(N_("None"))
        case list() if key == "fields":
            return ", ".join(key_text(room, str(name)) for name in value)
        case list():
            return ", ".join(value_text(room, key, part, label) for part in value)
        case _:
            return msgspec.json.encode(value).decode()


def detail_lines(room: str, details: Mapping[str, Any], label: Label) -> list[tuple[str, str]]:
    """What was noted beside an entry, named and put in words."""
    return [
        (key_text(room, name), value_text(room, name, value, label))
        for name, value in details.items()
    ]


def subject_text(record: str, label: str) -> str:
    """What an entry was about; what has no record of its own is named by a word of ours."""
    return translate(SUBJECTS[label]) if not record and label in SUBJECTS else label
