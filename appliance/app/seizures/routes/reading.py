"""What pages and resources share: reading filters and addresses, choices of the coded fields, audit of a search."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from litestar import Request

from appliance.app.accounts import api as accounts
from appliance.app.reference import api as reference
from appliance.app.seizures import queries
from appliance.app.seizures.fields import FILTERS, STATUS_LABELS
from appliance.app.web.auth import Principal
from appliance.app.web.forms import Form, plain_number, typed_query
from appliance.core import audit, ids, limits
from appliance.core.audit import Action
from appliance.core.errors import Invalid, NotFound
from appliance.core.fields import Field, Kind
from appliance.core.i18n import N_, Message, current_language, translate

ROWS_DIGITS = 6  # of the number of rows in an address


def case_id_of(text: str) -> UUID:
    """The id in an address.

    Raises:
        NotFound: it is none.
    """
    found = ids.parse_id(text)
    if found is None:
        raise NotFound(N_("There is no such case, or it is not yours to see."))
    return found


async def choices_now() -> Callable[[Field], Iterable[tuple[str, str, str]]]:
    """The choices of every coded field at this moment, in the reader's language."""
    language = current_language.get()
    offices = tuple(
        (item.code, f"{item.name} ({item.code})", "") for item in await accounts.list_offices()
    )
    states = tuple((code, translate(label), "") for code, label in STATUS_LABELS.items())

    def choices(field: Field) -> Iterable[tuple[str, str, str]]:
        if field.code_list == "OFFICE":
            return offices
        if field.code_list == "STATUS":
            return states
        return reference.choices(field.code_list, language)

    return choices


VERSION = Field(
    name="version",
    label=N_("Version"),
    kind=Kind.HIDDEN,
    max_length=8,
    help=N_("The version that was looked at; an older one is refused."),
)


def read_version(text: str) -> int | None:
    """The version of a case that somebody looked at, if a form or an address tells it.

    Raises:
        Invalid: it is no number.
    """
    if not text:
        return None
    number = plain_number(text, VERSION.max_length)
    if number is None:
        raise Invalid(N_("The version is not a number. Nothing was changed."))
    return number


class Question(NamedTuple):
    """What a list was asked: the form as typed, and the page wanted."""

    form: Form
    wanted: queries.Wanted

    @property
    def filters(self) -> Mapping[str, Any]:
        """The filters in force."""
        return self.wanted.filters


async def read_question(request: Request[Any, Any, Any], rows: int = limits.PAGE_ROWS) -> Question:
    """The filters and the page in an address; wrong filters are shown, not used.

    Raises:
        Invalid: a cursor is damaged.
    """
    return await question_of(typed_query(request), rows)


async def question_of(typed: Mapping[str, Sequence[str]], rows: int = limits.PAGE_ROWS) -> Question:
    """Filters and page as typed, in an address or in a form that carries them; see `read_question`.

    Raises:
        Invalid: a cursor is damaged.
    """
    form = Form(FILTERS, typed, choices=await choices_now() if has_codes(typed) else None)
    form.read()
    filters = {name: value for name, value in form.values.items() if value is not None}
    batch = filters.pop("batch", None)
    if batch and (batch_id := ids.parse_id(batch)):
        filters["batch"] = batch_id
    cursor = {
        name: queries.read_cursor("".join(typed.get(name, ()))) for name in ("after", "before")
    }
    return Question(form, queries.Wanted(filters, cursor["after"], cursor["before"], rows))


def has_codes(typed: Mapping[str, Any]) -> bool:
    """Whether a coded filter is set, so that the choices are needed."""
    return bool(typed) and any(field.code_list and typed.get(field.name) for field in FILTERS)


def page_rows(request: Request[Any, Any, Any]) -> int:
    """How many rows a program asks for.

    Raises:
        Invalid: not a number within the limit.
    """
    asked = request.query_params.get("rows") or str(limits.PAGE_ROWS)
    rows = plain_number(asked, ROWS_DIGITS)
    if rows is None or not 1 <= rows <= limits.PAGE_ROWS_MAX:
        raise Invalid(
            N_("The list was not read."),
            fields={
                "rows": Message(
                    N_("A number from 1 to %(limit)s."), {"limit": limits.PAGE_ROWS_MAX}
                )
            },
        )
    return rows


async def audit_list(question: Question, principal: Principal) -> None:
    """Note who listed or searched what."""
    shown = {name: str(value) for name, value in question.filters.items()}
    action = Action.SEARCH if shown else Action.READ
    await audit.record(
        action, "seizures", label="list", detail={"filters": shown, "office": principal.office}
    )
