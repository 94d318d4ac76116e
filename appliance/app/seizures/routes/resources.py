"""The API of the seizure database."""

from typing import Annotated, Any

import msgspec
from litestar import Request, Response, get, post
from litestar.params import Body, FromPath

from appliance.app.seizures import moving, queries, service, simplified
from appliance.app.seizures.fields import (
    FILTERS,
    PAGE,
    SIMPLIFIED,
    STATUS_LABELS,
)
from appliance.app.seizures.routes.reading import (
    VERSION,
    audit_list,
    case_id_of,
    choices_now,
    page_rows,
    read_question,
    read_version,
)
from appliance.app.seizures.schemas import Case, CasePage, Origin, Version
from appliance.app.web.auth import principal_of, requires
from appliance.app.web.finished import FinishedJSON
from appliance.app.web.forms import Form, typed_from
from appliance.core import audit, ids
from appliance.core.audit import Action
from appliance.core.errors import Invalid
from appliance.core.i18n import N_

READ = requires("seizures.read")
ENTER = requires("seizures.enter")
VALIDATE = requires("seizures.validate")


class NewSeizure(msgspec.Struct, forbid_unknown_fields=True):
    """A case in the simplified form; the same fields and rules as on the page. Numbers may be texts, to stay exact."""

    event_date: str
    office_code: str
    case_kind: str = ""
    direction: str = ""
    how_found: str = ""
    subtype: str = ""
    quantity: str = ""
    unit: str = ""
    narrative: str = ""
    client_uuid: str = ""
    submit: bool = False


class Reason(msgspec.Struct, forbid_unknown_fields=True):
    """Why a case is returned."""

    reason: Annotated[str, msgspec.Meta(max_length=2000)] = ""


class Stored(msgspec.Struct):
    """Where a case was stored."""

    id: str
    case_ref: str
    status: str


@get(
    "/api/v1/seizures",
    guards=[READ],
    summary="Cases, newest event first, by filters",
    opt={"query": (*FILTERS, *PAGE), "codes": {"STATUS": STATUS_LABELS}},
)
async def list_resource(request: Request[Any, Any, Any]) -> FinishedJSON[CasePage]:
    question = await read_question(request, page_rows(request))
    if question.form.errors:
        raise Invalid(N_("The list was not read."), fields=question.form.errors)
    principal = principal_of(request)
    found = await queries.list_cases(question.wanted, service.viewer_of(principal))
    await audit_list(question, principal)
    return FinishedJSON(f'{{"cases":{found.cases},"next":"{found.next}"}}')


@get("/api/v1/seizures/{case:str}", guards=[READ], summary="A whole case")
async def case_resource(request: Request[Any, Any, Any], case: FromPath[str]) -> FinishedJSON[Case]:
    case_id = case_id_of(case)
    found = await queries.case_json(case_id, service.viewer_of(principal_of(request)))
    if found is None:
        raise service.no_such_case()
    await audit.record(Action.READ, service.ROOM, case_id)
    return FinishedJSON(found)


@get("/api/v1/seizures/{case:str}/history", guards=[READ], summary="What happened to a case")
async def history_resource(request: Request[Any, Any, Any], case: FromPath[str]) -> list[Version]:
    found = await service.get_case(case_id_of(case), principal_of(request))
    return await service.history(found.id)


@post("/api/v1/seizures", guards=[ENTER], summary="Enter a case in the simplified form")
async def create_resource(
    request: Request[Any, Any, Any], data: Annotated[NewSeizure, Body()]
) -> Response[Stored]:
    principal = principal_of(request)
    values = msgspec.structs.asdict(data)
    client, submit = values.pop("client_uuid"), values.pop("submit")
    form = Form(SIMPLIFIED, typed_from(values), choices=await choices_now())
    client_uuid = ids.parse_id(client) if client else None
    if client and client_uuid is None:
        raise Invalid(N_("The client_uuid is not a UUID. Nothing was stored."))
    if not await simplified.read(form, whole=submit):
        raise Invalid(N_("The case was not stored."), fields=form.errors)
    case = await simplified.new_case(form.values, form.typed, client_uuid)
    sent = await service.create(case, principal, Origin.API, submit=submit)
    stored = await service.get_case(sent.id, principal)
    return Response(Stored(str(stored.id), stored.case_ref, stored.status), status_code=201)


@post(
    "/api/v1/seizures/{case:str}/submit",
    guards=[ENTER],
    summary="Submit a case",
    status_code=200,
    opt={"query": (VERSION,)},
)
async def submit_resource(request: Request[Any, Any, Any], case: FromPath[str]) -> Stored:
    return await moved(request, case, "submit", "")


@post(
    "/api/v1/seizures/{case:str}/validate",
    guards=[VALIDATE],
    summary="Validate a case",
    status_code=200,
    opt={"query": (VERSION,)},
)
async def validate_resource(request: Request[Any, Any, Any], case: FromPath[str]) -> Stored:
    return await moved(request, case, "validate", "")


@post(
    "/api/v1/seizures/{case:str}/return",
    guards=[VALIDATE],
    summary="Return a case",
    status_code=200,
    opt={"query": (VERSION,)},
)
async def return_resource(
    request: Request[Any, Any, Any], case: FromPath[str], data: Annotated[Reason, Body()]
) -> Stored:
    return await moved(request, case, "return", data.reason)


async def moved(request: Request[Any, Any, Any], case: str, name: str, reason: str) -> Stored:
    """Move a case and say where it stands."""
    principal = principal_of(request)
    before = await service.get_case(case_id_of(case), principal)
    seen = read_version(request.query_params.get("version", ""))
    await moving.move(before, name, principal, reason, seen)
    after = await service.get_case(before.id, principal)
    return Stored(str(after.id), after.case_ref, after.status)


ROUTES = [
    list_resource,
    case_resource,
    history_resource,
    create_resource,
    submit_resource,
    validate_resource,
    return_resource,
]
