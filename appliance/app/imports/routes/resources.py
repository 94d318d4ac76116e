"""The API of the imports."""

from typing import Annotated, Any, Literal

import msgspec
from litestar import Request, Response, get, post
from litestar.datastructures import UploadFile
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath

from appliance.app.imports import limits, service
from appliance.app.imports.fields import PAGE, PROBLEMS
from appliance.app.imports.routes import reading
from appliance.app.imports.schemas import BatchPage, Kind, ProblemPage, Repeats, Report
from appliance.app.web import limits as web_limits
from appliance.app.web.auth import requires
from appliance.app.web.rates import at_most
from appliance.core.errors import Invalid
from appliance.core.i18n import N_

RUN = requires("imports.run")
READ = requires("imports.read")


class Upload(msgspec.Struct):
    """A file to import: a CSV, or a ZIP archive that holds exactly one."""

    file: UploadFile
    mapping: str
    repeats: str = Repeats.HOLD.value
    dry_run: str = "false"


class Decision(msgspec.Struct, forbid_unknown_fields=True):
    """What becomes of the rows that an import held back."""

    decision: Literal["load", "keep_out"]


@get("/api/v1/imports", guards=[READ], summary="Imports, newest first", opt={"query": PAGE})
async def list_resource(request: Request[Any, Any, Any]) -> BatchPage:
    found, following = await reading.batches_of(request)
    return BatchPage(imports=[service.report(batch) for batch in found], next=following)


@post(
    "/api/v1/imports",
    guards=[RUN],
    summary="Import a file",
    status_code=202,
    request_max_body_size=web_limits.UPLOAD_BYTES,
    middleware=[at_most(limits.IMPORTS_A_MINUTE)],
)
async def create_resource(
    request: Request[Any, Any, Any],
    data: Annotated[Upload, Body(media_type=RequestEncodingType.MULTI_PART)],
) -> Response[Report]:
    repeats = next((item for item in Repeats if item.value == data.repeats), None)
    if repeats is None or data.dry_run not in {"true", "false"}:
        raise Invalid(
            N_("“repeats” is hold or load, “dry_run” is true or false. Nothing was stored.")
        )
    dry_run = data.dry_run == "true"
    batch = await reading.start(request, data.file, data.mapping, repeats, dry_run=dry_run)
    return Response(service.report(batch), status_code=202)


@get("/api/v1/imports/{batch:str}", guards=[READ], summary="An import and its counts")
async def batch_resource(request: Request[Any, Any, Any], batch: FromPath[str]) -> Report:
    return service.report(await reading.batch_of(request, batch))


@get(
    "/api/v1/imports/{batch:str}/problems",
    guards=[READ],
    summary="Rows that were not loaded",
    opt={"query": PROBLEMS, "codes": {"PROBLEM_KIND": tuple(Kind)}},
)
async def problems_resource(request: Request[Any, Any, Any], batch: FromPath[str]) -> ProblemPage:
    found = await reading.batch_of(request, batch)
    await service.note_reading(found, "problems")
    return await reading.problems_of(request, found)


@post(
    "/api/v1/imports/{batch:str}/decision",
    guards=[RUN],
    summary="Decide about held rows",
    status_code=202,
)
async def decision_resource(
    request: Request[Any, Any, Any], batch: FromPath[str], data: Annotated[Decision, Body()]
) -> Report:
    found = await reading.batch_of(request, batch)
    decided = await service.decide(found.id, load=data.decision == "load")
    return service.report(decided)


@post("/api/v1/imports/{batch:str}/cancel", guards=[RUN], summary="Stop an import", status_code=200)
async def cancel_resource(request: Request[Any, Any, Any], batch: FromPath[str]) -> Report:
    found = await reading.batch_of(request, batch)
    return service.report(await service.cancel(found.id))


ROUTES = [
    list_resource,
    create_resource,
    batch_resource,
    problems_resource,
    decision_resource,
    cancel_resource,
]
