"""Pages and API of the code lists."""

from typing import Any

from litestar import Request, Response, get
from litestar.params import FromPath

from appliance.app.reference import service
from appliance.app.reference.schemas import LIST_TITLES, CodeList
from appliance.app.web.auth import requires
from appliance.app.web.pages import render
from appliance.core import clock
from appliance.core.errors import NotFound
from appliance.core.i18n import N_, translate

READ = requires("reference.read")


def find_list(name: str) -> CodeList:
    """A list by its name.

    Raises:
        NotFound: there is no such list.
    """
    entries = service.LISTS.by_list.get(name)
    if entries is None:
        raise NotFound(N_("There is no code list of that name."))
    return CodeList(name, translate(LIST_TITLES.get(name, name)), list(entries.values()))


@get("/reference", guards=[READ], include_in_schema=False)
async def lists_page(request: Request[Any, Any, Any]) -> Response[str]:
    lists = sorted(
        (translate(LIST_TITLES.get(name, name)), name, len(entries))
        for name, entries in service.LISTS.by_list.items()
    )
    return render(request, "reference/lists.html", lists=lists)


@get("/reference/{name:str}", guards=[READ], include_in_schema=False)
async def list_page(request: Request[Any, Any, Any], name: FromPath[str]) -> Response[str]:
    found = find_list(name)
    return render(request, "reference/list.html", found=found, today=clock.now().date())


@get("/api/v1/reference", guards=[READ], summary="Names and titles of all code lists")
async def lists_resource() -> dict[str, str]:
    return {name: translate(LIST_TITLES.get(name, name)) for name in service.LISTS.by_list}


@get("/api/v1/reference/{name:str}", guards=[READ], summary="A code list with its labels")
async def list_resource(name: FromPath[str]) -> CodeList:
    return find_list(name)


ROUTES = [lists_page, list_page, lists_resource, list_resource]
