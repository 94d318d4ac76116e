"""What pages and resources share: reading filters and addresses, and the choices of the coded filters."""

import functools
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from litestar import Request

from appliance.app import ROOM_NAMES
from appliance.app.audit import service
from appliance.app.audit.schemas import ACTION_LABELS, FILTERS, NUMBER_DIGITS, SEAL_LABELS
from appliance.app.web.forms import Form, plain_number, typed_from
from appliance.core import ids
from appliance.core.errors import Invalid, NotFound
from appliance.core.fields import Field
from appliance.core.i18n import N_, Message, translate
from appliance.core.room import load_rooms

PERSON = N_("In an address a person is named by the account's id, so that no name stands there.")


@functools.cache
def room_titles() -> Mapping[str, str]:
    """The parts of the application, by name."""
    return {room.name: room.title for room in load_rooms(ROOM_NAMES)}


def room_title(name: str) -> str:
    """A part of the application in the reader's language."""
    return translate(room_titles().get(name, name))


def room_codes() -> tuple[str, ...]:
    """The parts of the application, as codes of a list."""
    return tuple(name.upper() for name in ROOM_NAMES)


def choices(field: Field) -> Iterable[tuple[str, str, str]]:
    """The choices of a coded filter, in the reader's language."""
    if field.code_list == "ACTION":
        return [(action.value, translate(label), "") for action, label in ACTION_LABELS.items()]
    if field.code_list == "SEAL":
        return [(state.value, translate(label), "") for state, label in SEAL_LABELS.items()]
    return [(name.upper(), translate(title), "") for name, title in room_titles().items()]


def filter_form(typed: Mapping[str, Sequence[str]]) -> Form:
    """The filters as typed, read; blank ones do not count."""
    form = Form(FILTERS, typed, choices=choices)
    form.read()
    form.values = {name: value for name, value in form.values.items() if value is not None}
    return form


def address_form(typed: Mapping[str, Sequence[str]]) -> Form:
    """The filters in an address, as links from records' pages and programs make them."""
    form = filter_form(typed)
    person = form.values.get("person")
    if person and ids.parse_id(person) is None:
        form.errors["person"] = Message(PERSON)
    return form


def search_id_of(text: str) -> UUID:
    """The id of a search in an address.

    Raises:
        NotFound: it is none.
    """
    found = ids.parse_id(text)
    if found is None:
        raise NotFound(N_("There is no such search. Begin a new one."))
    return found


async def asked_form(text: str) -> Form:
    """The filters of a search that was asked before; looking at it again is noted where it must be.

    Raises:
        NotFound: there is none of that id.
    """
    asked = await service.asked_search(search_id_of(text))
    await service.note_return(asked)
    return filter_form(typed_from(asked.filters))


def number_in(request: Request[Any, Any, Any], name: str) -> int | None:
    """An entry's number in an address.

    Raises:
        Invalid: it is no number.
    """
    raw = request.query_params.get(name, "")
    if not raw:
        return None
    number = plain_number(raw, NUMBER_DIGITS)
    if number is None:
        raise Invalid(
            N_("The list was not read."),
            fields={name: Message(N_("This is not the number of an entry."))},
        )
    return number
