"""Language and light or dark: kept in the browser, so they hold before anybody signs in."""

from typing import Any

from litestar import Request, Response, post

from appliance.app.accounts.routes.door import remember
from appliance.app.web.auth import public
from appliance.app.web.forms import read_typed
from appliance.app.web.pages import THEMES, redirect, safe_next
from appliance.core.errors import Invalid
from appliance.core.i18n import LANGUAGES, N_


async def chosen(request: Request[Any, Any, Any], name: str, known: Any) -> Response[Any]:
    """Keep a choice and go back to the page where it was made.

    Raises:
        Invalid: it is none of the known ones.
    """
    typed = await read_typed(request)
    value = typed.get(name, [""])[0]
    if value not in known:
        raise Invalid(N_("This is not one of the choices. Nothing was changed."))
    answer = redirect(safe_next(typed.get("next", [""])[0]))
    return remember(answer, request, {"language": "lang"}.get(name, name), value)


@post("/preferences/language", guards=[public], include_in_schema=False)
async def language(request: Request[Any, Any, Any]) -> Response[Any]:
    return await chosen(request, "language", LANGUAGES)


@post("/preferences/theme", guards=[public], include_in_schema=False)
async def theme(request: Request[Any, Any, Any]) -> Response[Any]:
    return await chosen(request, "theme", THEMES)


ROUTES = [language, theme]
