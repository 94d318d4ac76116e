"""Taking a list of the trail along as a file: first the purpose, then the file."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.response import Stream

from appliance.app.audit import limits, service
from appliance.app.audit.routes.reading import asked_form
from appliance.app.web.auth import recently_confirmed, requires
from appliance.app.web.exports import purpose_form, read_purpose
from appliance.app.web.forms import Form, read_typed
from appliance.app.web.pages import render
from appliance.app.web.rates import at_most
from appliance.core import clock
from appliance.core.errors import Invalid

EXPORT = requires("audit.export")


def show_form(
    request: Request[Any, Any, Any], form: Form, search_id: str, status: int = 200
) -> Response[str]:
    """The page that asks why."""
    return render(request, "audit/export.html", status=status, form=form, search_id=search_id)


@get("/audit/export", guards=[EXPORT, recently_confirmed], include_in_schema=False)
async def export_page(request: Request[Any, Any, Any]) -> Response[str]:
    search_id = request.query_params.get("search", "")
    await asked_form(search_id)
    return show_form(request, purpose_form(), search_id)


@post(
    "/audit/export",
    guards=[EXPORT, recently_confirmed],
    include_in_schema=False,
    status_code=200,
    middleware=[at_most(limits.EXPORTS_A_MINUTE)],
)
async def export_file(request: Request[Any, Any, Any]) -> Response[str] | Stream:
    typed = await read_typed(request)
    search_id = "".join(typed.get("search", ()))
    asked = await asked_form(search_id)
    form = purpose_form(typed)
    try:
        purpose = read_purpose(form)
        if purpose:
            lines = await service.begin_export(asked.values, purpose)
            return Stream(lines, media_type="text/csv", headers=file_headers())
    except Invalid as error:
        form.add_errors(error)
    return show_form(request, form, search_id, status=422)


def file_headers() -> dict[str, str]:
    """The name of the file."""
    name = f"audit-{clock.now():%Y%m%d-%H%M%S}.csv"
    return {"content-disposition": f'attachment; filename="{name}"'}


ROUTES = [export_page, export_file]
