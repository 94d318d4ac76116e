"""The page of a case, and what moves a case on from there."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from appliance.app.seizures import moving, policy, queries, service
from appliance.app.seizures.fields import ORIGIN_LABELS, SIMPLIFIED, STATUS_LABELS
from appliance.app.seizures.routes.history import event, last_return
from appliance.app.seizures.routes.reading import case_id_of, read_version
from appliance.app.seizures.routes.shown import coded, sections
from appliance.app.seizures.schemas import Case, Status
from appliance.app.web.auth import Principal, principal_of, requires
from appliance.app.web.forms import read_typed
from appliance.app.web.pages import redirect, render, show_date
from appliance.core import clock
from appliance.core.audit import Action
from appliance.core.errors import AppError, Conflict, Invalid
from appliance.core.i18n import N_, translate

READ = requires("seizures.read")
ENTER = requires("seizures.enter")
VALIDATE = requires("seizures.validate")


@get("/seizures/{case:str}", guards=[READ], include_in_schema=False)
async def case_page(request: Request[Any, Any, Any], case: FromPath[str]) -> Response[str]:
    principal = principal_of(request)
    found = await service.get_case(case_id_of(case), principal)
    return await show_case(request, found, principal)


@get("/seizures/{case:str}/print", guards=[READ], include_in_schema=False)
async def print_page(request: Request[Any, Any, Any], case: FromPath[str]) -> Response[str]:
    principal = principal_of(request)
    found = await service.get_case(case_id_of(case), principal, Action.PRINT)
    return render(
        request,
        "seizures/print.html",
        case=found,
        title=case_title(found),
        status_label=translate(STATUS_LABELS[found.status]),
        origin_label=translate(ORIGIN_LABELS[found.origin]),
        sections=sections(found),
        handling=handling_line(principal),
    )


def handling_line(principal: Principal) -> str:
    """What stands above and below a case on paper: how to treat it, who printed it and when."""
    return translate(
        N_("For official use. Printed by %(name)s, %(moment)s UTC."),
        name=principal.name,
        moment=f"{clock.now():%Y-%m-%d %H:%M}",
    )


async def show_case(
    request: Request[Any, Any, Any],
    found: Case,
    principal: Principal,
    error: AppError | None = None,
    reason: str = "",
) -> Response[str]:
    """The page of a case."""
    wrong = error.fields if error else {}
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
        missing=[translate(SIMPLIFIED[name].label) for name in wrong if name in SIMPLIFIED.by_name],
        reason=reason,
    )


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


ROUTES = [case_page, print_page, submit, validate, send_back]
