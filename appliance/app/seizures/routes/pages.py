"""The list of cases and the simplified form."""

from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import urlencode
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from appliance.app.reference import api as reference
from appliance.app.seizures import moving, queries, service, simplified
from appliance.app.seizures.fields import (
    FILTERS,
    GOODS_SAID,
    LIST,
    ORIGIN_LABELS,
    SIMPLIFIED,
    SIMPLIFIED_REQUIRED,
    STATUS_LABELS,
)
from appliance.app.seizures.routes.history import event, last_return
from appliance.app.seizures.routes.reading import (
    Question,
    audit_list,
    case_id_of,
    choices_now,
    read_question,
    read_version,
)
from appliance.app.seizures.routes.shown import coded, shown_value
from appliance.app.seizures.schemas import NOT_RECORDED, Case, CaseRow, Origin, Status
from appliance.app.web.auth import principal_of, requires
from appliance.app.web.errors import status_of
from appliance.app.web.forms import Form, read_typed, typed_from
from appliance.app.web.lists import Cell, Column, Row
from appliance.app.web.pages import redirect, render, show_date, show_number
from appliance.core import ids, limits
from appliance.core.errors import Conflict, Forbidden, Invalid
from appliance.core.fields import Field, Kind
from appliance.core.i18n import N_, current_language, translate, translate_plural

READ = requires("seizures.read")
ENTER = requires("seizures.enter")
VALIDATE = requires("seizures.validate")

rows_decoder = msgspec.json.Decoder(list[CaseRow])


class Chip(NamedTuple):
    """A filter in force, and the address without it."""

    label: str
    value: str
    remove_url: str


STATUS_KINDS = {
    "DRAFT": "neutral",
    "SUBMITTED": "info",
    "RETURNED": "warning",
    "VALIDATED": "success",
    "LOCKED": "neutral",
    "EXPUNGED": "danger",
}


def list_row(case: CaseRow) -> Row:
    """A case as a line of the list."""
    return Row([list_cell(field, case) for field in LIST], f"/seizures/{case.id}")


def list_cell(field: Field, case: CaseRow) -> str | Cell:
    """A cell of the list; a few say more than their own value."""
    text = shown_value(field, getattr(case, field.name))
    match field.name:
        case "case_ref":
            return text or called_by_source(case)
        case "subtype":
            goods = text or coded("HEADING", case.heading)
            return f"{goods} +{case.lines - 1}" if case.lines > 1 else goods
        case "quantity":
            return f"{text} {coded('UNIT', case.unit)}".strip()
        case "status":
            return Cell(text, kind=STATUS_KINDS[case.status])
        case _:
            return text


def called_by_source(case: CaseRow) -> str:
    """What a case without a number is called: where it came from, and its row there."""
    origin = translate(ORIGIN_LABELS[case.origin])
    return f"{origin} {case.source_row}" if case.source_row else origin


def columns() -> list[Column]:
    """The headings of the list."""
    kinds = {Kind.DATE: "date", Kind.DECIMAL: "number"}
    return [Column(translate(field.label), kinds.get(field.kind, "text")) for field in LIST]


def with_query(question: Question, **changes: str) -> str:
    """The address of the list with the filters in force and some changes."""
    kept = {
        name: texts[0]
        for name, texts in question.form.typed.items()
        if name in FILTERS.by_name and texts and texts[0]
    }
    kept |= changes
    query = urlencode({name: value for name, value in kept.items() if value})
    return f"/seizures?{query}" if query else "/seizures"


def chips(question: Question) -> list[Chip]:
    """The filters in force."""
    found = []
    for field in FILTERS:
        value = question.filters.get(field.name)
        if value is not None and field.name != "q":
            url = with_query(question, **{field.name: ""})
            found.append(Chip(translate(field.label), shown_filter(field, value), url))
    return found


def shown_filter(field: Field, value: Any) -> str:
    """A filter's value for people."""
    if field.kind is Kind.DATE:
        return show_date(value)
    if field.code_list == "STATUS":
        return translate(STATUS_LABELS[value])
    return reference.label(field.code_list, str(value), current_language.get())


def count_text(count: int) -> str:
    """How many cases there are, as a sentence."""
    if count > limits.COUNT_CAP:
        return translate(N_("More than %(n)s cases."), n=show_number(limits.COUNT_CAP))
    return translate_plural("%(shown)s case.", "%(shown)s cases.", count, shown=show_number(count))


@get("/seizures", guards=[READ], include_in_schema=False)
async def list_page(request: Request[Any, Any, Any]) -> Response[str]:
    principal = principal_of(request)
    question = await read_question(request)
    viewer = service.viewer_of(principal)
    found = await queries.list_cases(question.wanted, viewer)
    count = await queries.count_cases(question.filters, viewer)
    await audit_list(question, principal)
    shown_chips = chips(question)
    filtering = "filters" in request.query_params
    # Choices would be half of the page; they come when the filters are opened or in force.
    if shown_chips or question.form.errors or filtering:
        question.form.choices = await choices_now()
    return render(
        request,
        "seizures/list.html",
        status=422 if question.form.errors else 200,
        form=question.form,
        chips=shown_chips,
        columns=columns(),
        export_url=with_query(question).replace("/seizures", "/seizures/export", 1),
        rows=[list_row(case) for case in rows_decoder.decode(found.cases)],
        count_text=count_text(count),
        prev_url=with_query(question, before=found.previous) if found.previous else "",
        next_url=with_query(question, after=found.next) if found.next else "",
        searching=bool(question.filters),
        filtering=filtering,
    )


async def blank_form(typed: Mapping[str, list[str]]) -> Form:
    """The simplified form."""
    return Form(SIMPLIFIED, typed, choices=await choices_now())


def show_form(
    request: Request[Any, Any, Any], form: Form, *, status: int = 200, **context: Any
) -> Response[str]:
    """The page of the simplified form, marked as what is submitted needs it."""
    form.required = frozenset((*SIMPLIFIED_REQUIRED, *GOODS_SAID))
    wrong = next((name for name in form.fields.by_name if name in form.errors), "")
    empty = next((item.name for item in form if not item.value), "")
    shown = {
        "case": None,
        "stored_case": None,
        "version": 0,
        "returned": None,
        "newer": (),
    } | context
    shown.setdefault("client_uuid", str(ids.new_id()))
    shown["focus"] = wrong or ("" if shown["case"] else empty)
    return render(request, "seizures/form.html", status=status, form=form, **shown)


def copied(case: Case) -> dict[str, list[str]]:
    """What is taken over from the case entered last: what repeats, not what differs each time."""
    values = {
        name: getattr(case, name) for name in ("office_code", "case_kind", "direction", "how_found")
    }
    if case.commodities:
        values |= {name: getattr(case.commodities[0], name) for name in ("subtype", "unit")}
    return typed_from({name: value for name, value in values.items() if value != NOT_RECORDED})


@get("/seizures/new", guards=[ENTER], include_in_schema=False)
async def new_page(request: Request[Any, Any, Any]) -> Response[str]:
    principal = principal_of(request)
    today = await simplified.today_at(principal.office)
    typed = typed_from({"event_date": today, "office_code": principal.office or None})
    latest = await service.latest_of(principal)
    if latest is not None and request.query_params.get("copy") == "last":
        typed |= copied(latest)
    form = await blank_form(typed)
    return show_form(request, form, can_copy=latest is not None)


@post("/seizures", guards=[ENTER], include_in_schema=False)
async def create(request: Request[Any, Any, Any]) -> Response[str] | Redirect:
    principal = principal_of(request)
    typed = await read_typed(request)
    form = await blank_form(typed)
    client_text = "".join(typed.get("client_uuid", ()))[:40]
    client_uuid = ids.parse_id(client_text)
    submit = "submit" in typed
    try:
        if await simplified.read(form, whole=submit):
            case = await simplified.new_case(form.values, typed, client_uuid)
            sent = await service.create(case, principal, Origin.FORM, submit=submit)
            return stored(sent.id, STORED.get(sent.status, ""))
    except Invalid as error:
        form.add_errors(error)
    except Conflict as error:
        return sent_before(request, form, error)
    return show_form(
        request, form, status=422, client_uuid=client_text or str(ids.new_id()), can_copy=False
    )


def sent_before(request: Request[Any, Any, Any], form: Form, error: Conflict) -> Response[str]:
    """The form again under a new client id: saved once more, it is a case of its own."""
    form.message = error.message
    known = error.case_id if isinstance(error, service.SentBefore) else None
    return show_form(request, form, status=status_of(error), stored_case=known, can_copy=False)


STORED = {
    Status.DRAFT: N_("The draft was saved."),
    Status.SUBMITTED: N_("The case was submitted."),
    Status.RETURNED: N_("The case was returned to its office."),
    Status.VALIDATED: N_("The case was validated."),
}


def stored(case_id: UUID, message: str) -> Redirect:
    """To the page of a case that is stored; it offers to enter another."""
    return redirect(f"/seizures/{case_id}?saved=yes", "success", message)


def edited(case: Case) -> dict[str, list[str]]:
    """A stored case as the simplified form shows it."""
    return typed_from(simplified.said_by(case))


@get("/seizures/{case:str}/edit", guards=[ENTER], include_in_schema=False)
async def edit_page(
    request: Request[Any, Any, Any], case: FromPath[str]
) -> Response[str] | Redirect:
    principal = principal_of(request)
    found = await service.get_case(case_id_of(case), principal)
    try:
        service.check_may_edit(found, principal)
    except Forbidden as error:
        # An old bookmark, or a colleague was faster: the case itself shows best how it stands.
        return redirect(f"/seizures/{found.id}", "warning", error.message.key)
    form = await blank_form(edited(found))
    returned = last_return(found, await service.history(found.id))
    return show_form(request, form, case=found, version=found.version, returned=returned)


@post("/seizures/{case:str}/edit", guards=[ENTER], include_in_schema=False)
async def save(request: Request[Any, Any, Any], case: FromPath[str]) -> Response[str] | Redirect:
    principal = principal_of(request)
    found = await service.get_case(case_id_of(case), principal)
    typed = await read_typed(request)
    form = await blank_form(typed)
    status, submit, version = 422, "submit" in typed, None
    try:
        version = read_version("".join(typed.get("version", ())))
        if await simplified.read(form, whole=submit):
            said = await simplified.new_case(form.values, typed, None)
            await service.update(found, simplified.laid_over(found, said), principal, version or 0)
            if submit:
                await moving.move(await service.get_case(found.id, principal), "submit", principal)
            return stored(found.id, STORED[Status.SUBMITTED if submit else Status.DRAFT])
    except (Invalid, Conflict, Forbidden) as error:
        form.add_errors(error)
        status = status_of(error)
    history = await service.history(found.id)
    return show_form(
        request,
        form,
        status=status,
        case=found,
        version=found.version,
        returned=last_return(found, history),
        newer=[event(item) for item in history if version and item.version > version],
    )


ROUTES = [list_page, new_page, create, edit_page, save]
