"""What keepers do about the access of somebody: block, open, reset, end sessions and tokens."""

from typing import Any

from litestar import Request, Response, post
from litestar.params import FromPath

from appliance.app.accounts.routes.door import person_of
from appliance.app.accounts.routes.people import account_id, show_codes
from appliance.app.accounts.routes.sign_in import first
from appliance.app.accounts.service import duties, tokens
from appliance.app.web.auth import recently_confirmed, requires
from appliance.app.web.forms import read_typed
from appliance.app.web.pages import redirect
from appliance.core import ids
from appliance.core.errors import NotFound
from appliance.core.i18n import N_

RESET = requires("accounts.reset")
BLOCK = requires("accounts.block")


@post("/accounts/{account:str}/block", guards=[BLOCK, recently_confirmed], include_in_schema=False)
async def block(request: Request[Any, Any, Any], account: FromPath[str]) -> Response[Any]:
    wanted = account_id(account)
    await duties.block(person_of(request), wanted)
    text = N_("The account is blocked; its sessions and API tokens have ended.")
    return redirect(f"/accounts/{wanted}", "success", text)


@post(
    "/accounts/{account:str}/unblock", guards=[BLOCK, recently_confirmed], include_in_schema=False
)
async def unblock(request: Request[Any, Any, Any], account: FromPath[str]) -> Response[Any]:
    wanted = account_id(account)
    await duties.unblock(person_of(request), wanted)
    return redirect(f"/accounts/{wanted}", "success", N_("The account is open again."))


@post("/accounts/{account:str}/reset", guards=[RESET, recently_confirmed], include_in_schema=False)
async def reset(request: Request[Any, Any, Any], account: FromPath[str]) -> Response[Any]:
    typed = await read_typed(request)
    drop = bool(first(typed, "drop_factor"))
    code = await duties.reset(person_of(request), account_id(account), drop_factor=drop)
    return show_codes(request, [code])


@post(
    "/accounts/{account:str}/end-sessions",
    guards=[BLOCK, recently_confirmed],
    include_in_schema=False,
)
async def end_sessions(request: Request[Any, Any, Any], account: FromPath[str]) -> Response[Any]:
    wanted = account_id(account)
    await duties.end_sessions(person_of(request), wanted)
    text = N_("All sessions and API tokens of this account have ended.")
    return redirect(f"/accounts/{wanted}", "success", text)


@post(
    "/accounts/{account:str}/tokens/{token:str}/end",
    guards=[BLOCK, recently_confirmed],
    include_in_schema=False,
)
async def end_token(
    request: Request[Any, Any, Any], account: FromPath[str], token: FromPath[str]
) -> Response[Any]:
    owner, wanted = account_id(account), ids.parse_id(token)
    if wanted is None:
        raise NotFound(tokens.NOT_FOUND)
    await duties.end_token(person_of(request), owner, wanted)
    text = N_("The token has ended; it works no more.")
    return redirect(f"/accounts/{owner}", "success", text)


ROUTES = [block, unblock, reset, end_sessions, end_token]
