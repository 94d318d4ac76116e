"""The rows that were not loaded as a file for a spreadsheet program: first the purpose, then the file."""

from collections.abc import AsyncIterator, Iterable, Sequence
from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath
from litestar.response import Stream

from appliance.app.imports import limits, service
from appliance.app.imports.routes import reading
from appliance.app.imports.routes.pages import problem_cells, problem_columns
from appliance.app.imports.schemas import Batch
from appliance.app.web.auth import recently_confirmed, recently_confirmed_or_program, requires
from appliance.app.web.exports import (
    PURPOSE,
    Exporting,
    ask_purpose,
    purpose_form,
    purpose_in,
    read_purpose,
)
from appliance.app.web.forms import read_typed
from appliance.app.web.rates import at_most
from appliance.app.web.spreadsheet import csv_download
from appliance.core.audit import Action
from appliance.core.i18n import N_, translate

READ = requires("imports.read")
ROWS_AT_ONCE = 500
WARNING = N_(
    "The file quotes the rows that were not loaded. Keep it where nobody else can read it, and delete it when it has served its purpose."
)


async def problem_rows(batch: Batch) -> AsyncIterator[Iterable[Sequence[Any]]]:
    """All problems of an import, some at a time."""
    yield [problem_columns()]
    after: int | None = 0
    while after is not None:
        page = await service.problems(batch.id, after, ROWS_AT_ONCE)
        yield [problem_cells(problem) for problem in page.problems]
        after = page.next


def asking(batch: Batch) -> Exporting:
    """The page that asks why."""
    return Exporting(
        title=translate(N_("Export the rows that were not loaded")),
        action=f"/imports/{batch.id}/problems/export",
        back=f"/imports/{batch.id}/problems",
        back_label=batch.file_name,
        warning=translate(WARNING),
    )


async def begin(batch: Batch, purpose: str) -> Stream:
    """Note the export, and hand over the file."""
    await service.note_reading(batch, "problems as a file", Action.EXPORT, purpose)
    return csv_download("problems.csv", problem_rows(batch))


@get(
    "/imports/{batch:str}/problems/export",
    guards=[READ, recently_confirmed],
    include_in_schema=False,
)
async def export_page(request: Request[Any, Any, Any], batch: FromPath[str]) -> Response[str]:
    return ask_purpose(request, asking(await reading.batch_of(request, batch)))


@post(
    "/imports/{batch:str}/problems/export",
    guards=[READ, recently_confirmed],
    include_in_schema=False,
    status_code=200,
    middleware=[at_most(limits.EXPORTS_A_MINUTE)],
)
async def export_file(
    request: Request[Any, Any, Any], batch: FromPath[str]
) -> Response[str] | Stream:
    found = await reading.batch_of(request, batch)
    form = purpose_form(await read_typed(request))
    purpose = read_purpose(form)
    return await begin(found, purpose) if purpose else ask_purpose(request, asking(found), form)


@get(
    "/api/v1/imports/{batch:str}/problems/export",
    guards=[READ, recently_confirmed_or_program],
    summary="Rows that were not loaded, as CSV; the purpose is kept in the audit trail",
    opt={"query": PURPOSE},
    media_type="text/csv",
    middleware=[at_most(limits.EXPORTS_A_MINUTE)],
)
async def export_resource(request: Request[Any, Any, Any], batch: FromPath[str]) -> Stream:
    found = await reading.batch_of(request, batch)
    return await begin(found, purpose_in(request))


ROUTES = [export_page, export_file, export_resource]
