"""The pages of the seizure database."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NamedTuple
from urllib.parse import urlencode
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from appliance.app.reference import api as reference
from appliance.app.seizures import policy, queries, service
from appliance.app.seizures.fields import (
    CASE,
    COMMODITY,
    CONCEALMENT,
    FILTERS,
    LEG,
    ORIGIN_LABELS,
    SIMPLIFIED,
    SIMPLIFIED_REQUIRED,
    STATUS_LABELS,
)
from appliance.app.seizures.routes.reading import (
    Question,
    audit_list,
    case_id_of,
    choices_now,
    read_question,
)
from appliance.app.seizures.schemas import NOT_RECORDED, Case, CaseRow, Origin, Status
from appliance.app.web.auth import Principal, principal_of, requires
from appliance.app.web.forms import Form, read_typed, typed_from
from appliance.app.web.pages import redirect, render, show_date, show_number
from appliance.core import ids, limits
from appliance.core.errors import AppError, Conflict, Invalid
from appliance.core.fields import Field, Kind
from appliance.core.i18n import N_, current_language, translate, translate_plural

READ = requires("seizures.read")
ENTER = requires("seizures.enter")
VALIDATE = requires("seizures.validate")

rows_decoder = msgspec.json.Decoder(list[CaseRow])


class Column(NamedTuple):
    """A heading of the list."""

    label: str
    kind: str = "text"
    sort_url: str = ""
    sorted: str = ""


class Cell(NamedTuple):
    """A cell that is more than a text."""

    text: str
    typed: str = ""
    kind: str = ""


class Row(NamedTuple):
    """A line of the list."""

    cells: list[Any]
    url: str


class Chip(NamedTuple):
    """A filter in force, and the address without it."""

    label: str
    value: str
    remove_url: str


COLUMNS = (
    (N_("Case number"), "code"),
    (N_("Date"), "date"),
    (N_("Goods"), "text"),
    (N_("Quantity"), "number"),
    (N_("Country"), "text"),
    (N_("Office"), "code"),
    (N_("Place"), "text"),
    (N_("How it was found"), "text"),
    (N_("State"), "text"),
)
STATUS_KINDS = {
    "DRAFT": "neutral",
    "SUBMITTED": "info",
    "RETURNED": "warning",
    "VALIDATED": "success",
    "LOCKED": "neutral",
    "EXPUNGED": "danger",
}


def coded(name: str, value: str) -> str:
    """The label of a code; nothing where nothing was recorded."""
    if value in {"", NOT_RECORDED}:
        return ""
    return reference.label(name, value, current_language.get())


def amount(quantity: Decimal | None, unit: str) -> str:
    """A quantity with its unit."""
    return f"{show_number(quantity)} {coded('UNIT', unit)}".strip() if quantity is not None else ""


def list_row(case: CaseRow) -> Row:
    """A case as a line of the list."""
    goods = coded("SUBTYPE", case.subtype) or coded("HEADING", case.heading)
    return Row(
        [
            case.case_ref or translate(ORIGIN_LABELS[case.origin]),
            show_date(case.event_date),
            f"{goods} +{case.lines - 1}" if case.lines > 1 else goods,
            amount(case.quantity, case.unit),
            coded("COUNTRY", case.country),
            case.office_code,
            case.place_text,
            coded("DETECTION", case.how_found),
            Cell(translate(STATUS_LABELS[case.status]), kind=STATUS_KINDS[case.status]),
        ],
        f"/seizures/{case.id}",
    )


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
    question.form.choices = await choices_now()
    return render(
        request,
        "seizures/list.html",
        status=422 if question.form.errors else 200,
        form=question.form,
        chips=chips(question),
        columns=[Column(translate(label), kind) for label, kind in COLUMNS],
        rows=[list_row(case) for case in rows_decoder.decode(found.cases)],
        count_text=count_text(count),
        prev_url=with_query(question, before=found.previous) if found.previous else "",
        next_url=with_query(question, after=found.next) if found.next else "",
        searching=bool(question.filters),
    )


async def blank_form(typed: Mapping[str, list[str]]) -> Form:
    """The simplified form."""
    return Form(SIMPLIFIED, typed, required=SIMPLIFIED_REQUIRED, choices=await choices_now())


def show_form(
    request: Request[Any, Any, Any], form: Form, *, status: int = 200, **context: Any
) -> Response[str]:
    """The page of the simplified form."""
    shown = {"case": None, "client_uuid": str(ids.new_id()), "version": 0, **context}
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
    moment = await service.today_at(principal.office)
    typed = typed_from({"event_date": moment.date(), "office_code": principal.office or None})
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
        if form.read():
            case = await service.new_case(form.values, typed, client_uuid)
            case_id = await service.create(case, principal, Origin.FORM, submit=submit)
            return stored(case_id, submit=submit, another="another" in typed)
    except Invalid as error:
        form.add_errors(error)
    return show_form(
        request, form, status=422, client_uuid=client_text or str(ids.new_id()), can_copy=False
    )


def stored(case_id: UUID, *, submit: bool, another: bool) -> Redirect:
    """Where to go after a case was stored."""
    message = N_("The case was submitted.") if submit else N_("The draft was saved.")
    return redirect(
        "/seizures/new?copy=last" if another else f"/seizures/{case_id}", "success", message
    )


def edited(case: Case) -> dict[str, list[str]]:
    """A stored case as the simplified form shows it."""
    values: dict[str, Any] = {field.name: getattr(case, field.name, None) for field in SIMPLIFIED}
    values |= service.first_line(case)
    return typed_from({name: value for name, value in values.items() if not says_nothing(value)})


@get("/seizures/{case:str}/edit", guards=[ENTER], include_in_schema=False)
async def edit_page(request: Request[Any, Any, Any], case: FromPath[str]) -> Response[str]:
    principal = principal_of(request)
    found = await service.get_case(case_id_of(case), principal)
    form = await blank_form(edited(found))
    return show_form(request, form, case=found, version=found.version)


@post("/seizures/{case:str}/edit", guards=[ENTER], include_in_schema=False)
async def save(request: Request[Any, Any, Any], case: FromPath[str]) -> Response[str] | Redirect:
    principal = principal_of(request)
    found = await service.get_case(case_id_of(case), principal)
    typed = await read_typed(request)
    form = await blank_form(typed)
    version_text = "".join(typed.get("version", ()))
    version = int(version_text) if version_text.isdecimal() and len(version_text) < 9 else 0  # noqa: PLR2004 - fits an int4
    try:
        if form.read():
            changed = await service.new_case(form.values, typed, None)
            await service.update(found, changed, principal, version)
            if "submit" in typed:
                await service.move(await service.get_case(found.id, principal), "submit", principal)
            return stored(found.id, submit="submit" in typed, another=False)
    except (Invalid, Conflict) as error:
        form.add_errors(error)
    return show_form(request, form, status=422, case=found, version=found.version)


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
    groups: dict[str, list[tuple[str, str, str, bool]]] = {}
    for field in CASE:
        if shown := shown_fields([field], found):
            groups.setdefault(field.group, []).extend(shown)
    status = Status(found.status)
    rights = request.app.state.rights
    return render(
        request,
        "seizures/case.html",
        status=422 if isinstance(error, Invalid) else 409 if error else 200,
        case=found,
        title=case_title(found),
        status_label=translate(STATUS_LABELS[found.status]),
        origin_label=translate(ORIGIN_LABELS[found.origin]),
        groups=[(translate(name), lines) for name, lines in groups.items()],
        commodities=[shown_fields(COMMODITY, item) for item in found.commodities],
        legs=[shown_fields(LEG, item) for item in found.legs],
        concealments=[shown_fields(CONCEALMENT, item) for item in found.concealments],
        history=await service.history(found.id),
        move_labels={
            **{name: translate(move.label) for name, move in policy.MOVES.items()},
            "draft": translate(N_("Draft saved")),
            "edit": translate(N_("Changed")),
        },
        field_labels={field.name: translate(field.label) for field in (*CASE, *COMMODITY)},
        may_edit=principal.may(rights["seizures.enter"])
        and policy.may_edit(status, found.office_code, principal.office),
        may_judge=principal.may(rights["seizures.validate"]) and status is Status.SUBMITTED,
        error=error,
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
    reason = "".join(typed.get("reason", ())).strip()[: limits.LONG_TEXT_CHARS]
    try:
        await service.move(found, name, principal, reason)
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


ROUTES = [
    list_page,
    new_page,
    create,
    edit_page,
    save,
    case_page,
    submit,
    validate,
    send_back,
]
