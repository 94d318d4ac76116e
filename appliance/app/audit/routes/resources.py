"""The API of the trail; reading it through a program is noted like reading it on a page."""

from typing import Any

from litestar import Request, get
from litestar.params import FromPath

from appliance.app.audit import service
from appliance.app.audit.routes.reading import address_form, number_in, room_codes
from appliance.app.audit.schemas import (
    ACTION_LABELS,
    FILTERS,
    PAGE,
    SEAL_LABELS,
    AuditEntry,
    AuditPage,
)
from appliance.app.web.auth import requires
from appliance.app.web.forms import typed_query
from appliance.core import limits
from appliance.core.errors import Invalid
from appliance.core.i18n import N_, Message

READ = requires("audit.read")
CODES = {"ACTION": ACTION_LABELS, "SEAL": SEAL_LABELS, "ROOM": room_codes()}
ROWS = Message(N_("A number from 1 to %(limit)s."), {"limit": limits.PAGE_ROWS_MAX})


def page_rows(request: Request[Any, Any, Any]) -> int:
    """How many entries a program asks for.

    Raises:
        Invalid: not a number within the limit.
    """
    rows = number_in(request, "rows")
    if rows is None:
        return limits.PAGE_ROWS
    if not 1 <= rows <= limits.PAGE_ROWS_MAX:
        raise Invalid(N_("The list was not read."), fields={"rows": ROWS})
    return rows


@get(
    "/api/v1/audit",
    guards=[READ],
    summary="Entries of the trail, newest first, by filters",
    opt={"query": (*FILTERS, *PAGE), "codes": CODES},
)
async def list_resource(request: Request[Any, Any, Any]) -> AuditPage:
    form = address_form(typed_query(request))
    if form.errors:
        raise Invalid(N_("The list was not read."), fields=form.errors)
    rows, before = page_rows(request), number_in(request, "before")
    after = number_in(request, "after")
    await service.begin_search(form.values)
    return await service.find_page(form.values, before=before, after=after, rows=rows)


@get("/api/v1/audit/{n:int}", guards=[READ], summary="One entry of the trail")
async def entry_resource(n: FromPath[int]) -> AuditEntry:
    entry, _ = await service.open_entry(n)
    return entry


ROUTES = [list_resource, entry_resource]
