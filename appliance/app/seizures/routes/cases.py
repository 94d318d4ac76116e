"""The page of a case, and what moves a case on from there."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from litestar import Request, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from appliance.app.seizures import moving, policy, queries, service
from appliance.app.seizures.fields import CASE, COMMODITY, ORIGIN_LABELS, STATUS_LABELS
from appliance.app.seizures.routes.reading import case_id_of, read_version
from appliance.app.seizures.routes.shown import coded, says_nothing, sections
from appliance.app.seizures.schemas import Case, Status, Version
from appliance.app.web.auth import Principal, principal_of, requires
from appliance.app.web.forms import read_typed
from appliance.app.web.pages import redirect, render, show_date
from appliance.core.errors import AppError, Conflict, Invalid
from appliance.core.fields import Field, Kind
from appliance.core.i18n import N_, translate

READ = requires("seizures.read")
ENTER = requires("seizures.enter")
VALIDATE = requires("seizures.validate")

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


@get("/seizures/{case:str}", guards=[READ], include_in_schema=False)
async def case_page(request: Request[Any, Any, Any], case: FromPath[str]) -> Response[str]:
    principal = principal_of(request)
    found = await service.get_case(case_id_of(case), principal)
    return await show_case(request, found, principal)


async def show_case(
    request: Request[Any, Any, Any],
    found: Case,
    principal: Principal,
    error: AppError | None = None,
    reason: str = "",
) -> Response[str]:
    """The page of a case."""
    status, history = Status(found.status), await service.history(found.id)
    rights = request.app.state.rights
    waits = principal.may(rights["seizures.validate"]) and status is Status.SUBMITTED
    own = waits and not policy.may_judge(await queries.authors(found.id), principal.id)
    return render(
        request,
        "seizures/case.html",
        status=422 if isinstance(error, Invalid) else 409 if error else 200,
        case=found,
        title=case_title(found),
        status_label=translate(STATUS_LABELS[found.status]),
        origin_label=translate(ORIGIN_LABELS[found.origin]),
        sections=sections(found),
        events=[event(item) for item in history],
        returned=last_return(found, history),
        may_edit=principal.may(rights["seizures.enter"])
        and policy.may_edit(status, found.office_code, principal.office),
        may_judge=waits and not own,
        own_case=translate(moving.OWN_CASE) if own else "",
        may_enter=principal.may(rights["seizures.enter"]),
        saved="saved" in request.query_params,
        error=error,
        reason=reason,
    )


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


def case_title(case: Case) -> str:
    """What a case is called at the head of its page."""
    if case.case_ref:
        return case.case_ref
    goods = coded("SUBTYPE", case.commodities[0].subtype) if case.commodities else ""
    return f"{goods or translate(N_('Case'))}, {show_date(case.event_date)}"


async def act(
    request: Request[Any, Any, Any], case: str, name: str, message: str
) -> Response[str] | Redirect:
    """Move a case; what was typed stays on the page when it cannot be moved."""
    principal = principal_of(request)
    found = await service.get_case(case_id_of(case), principal)
    typed = await read_typed(request)
    reason = "".join(typed.get("reason", ())).strip()
    try:
        seen = read_version("".join(typed.get("version", ())))
        await moving.move(found, name, principal, reason, seen)
    except (Invalid, Conflict) as error:
        return await show_case(request, found, principal, error, reason)
    return redirect(f"/seizures/{found.id}", "success", message)


@post("/seizures/{case:str}/submit", guards=[ENTER], include_in_schema=False)
async def submit(request: Request[Any, Any, Any], case: FromPath[str]) -> Response[str] | Redirect:
    return await act(request, case, "submit", N_("The case was submitted."))


@post("/seizures/{case:str}/validate", guards=[VALIDATE], include_in_schema=False)
async def validate(
    request: Request[Any, Any, Any], case: FromPath[str]
) -> Response[str] | Redirect:
    return await act(request, case, "validate", N_("The case was validated."))


@post("/seizures/{case:str}/return", guards=[VALIDATE], include_in_schema=False)
async def send_back(
    request: Request[Any, Any, Any], case: FromPath[str]
) -> Response[str] | Redirect:
    return await act(request, case, "return", N_("The case was returned to its office."))


ROUTES = [case_page, submit, validate, send_back]
