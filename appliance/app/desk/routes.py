"""The desk page and its resource."""

from typing import Any

import msgspec
from litestar import Request, Response, get

from appliance.app.desk import service
from appliance.app.seizures import api as seizures
from appliance.app.web.auth import principal_of, requires
from appliance.app.web.pages import render
from appliance.core.i18n import translate

READ = requires("desk.read")
LATEST_ROWS = 8


class WaitingItem(msgspec.Struct):
    """Something that waits."""

    label: str
    count: int
    url: str


@get("/", guards=[READ], include_in_schema=False)
async def desk_page(request: Request[Any, Any, Any]) -> Response[str]:
    principal = principal_of(request)
    return render(
        request,
        "desk/desk.html",
        waiting=[item for item in await service.waiting_for(principal) if item.number],
        latest=await seizures.latest(principal, LATEST_ROWS),
        status_label=seizures.status_label,
        origin_label=seizures.origin_label,
    )


@get("/api/v1/desk", guards=[READ], summary="What waits for the caller")
async def desk_resource(request: Request[Any, Any, Any]) -> list[WaitingItem]:
    waiting = await service.waiting_for(principal_of(request))
    return [WaitingItem(translate(item.label), item.number, item.url) for item in waiting]


ROUTES = [desk_page, desk_resource]
