"""Pages of the second factor and of API tokens: what proves who somebody is."""

import functools
from datetime import timedelta
from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath

from appliance.app.accounts.routes.door import let_in, origin_of, person_of
from appliance.app.accounts.routes.own import UNFINISHED, session_of
from appliance.app.accounts.routes.sign_in import again, first
from appliance.app.accounts.schemas import FIRST_FACTOR, REMOVE_FACTOR, TOKEN
from appliance.app.accounts.service import own, second_factor, tokens
from appliance.app.web.auth import recently_confirmed, requires
from appliance.app.web.forms import Form, read_typed
from appliance.app.web.pages import redirect, render
from appliance.core import clock, ids
from appliance.core.errors import Conflict, Invalid, NotFound
from appliance.core.fields import Field
from appliance.core.i18n import N_, translate
from appliance.core.room import Right

TOKENS = requires("accounts.tokens")
DEFAULT_TOKEN_DAYS = 90


async def show_factor(
    request: Request[Any, Any, Any],
    form: Form | None = None,
    status: int = 200,
    removal: Form | None = None,
) -> Response[str]:
    """The page of the second factor, in whichever state it is."""
    principal = person_of(request)
    found = await second_factor.find_secret(principal.id)
    return render(
        request,
        "accounts/second_factor.html",
        status=status,
        form=form or Form(FIRST_FACTOR, required=["code"]),
        removal=removal or removal_form(),
        secret=found[0] if found and not found[1] else "",
        active=bool(found and found[1]),
        demanded=principal.must_set_second_factor,
        codes_left=await second_factor.codes_left(principal.id),
    )


def removal_form(typed: dict[str, list[str]] | None = None) -> Form:
    """Both proofs at once: a session left open, or a stolen password, is not enough."""
    return Form(REMOVE_FACTOR, typed, required=list(REMOVE_FACTOR.by_name))


@get("/account/second-factor", guards=[UNFINISHED], include_in_schema=False)
async def factor_page(request: Request[Any, Any, Any]) -> Response[str]:
    return await show_factor(request)


@post(
    "/account/second-factor/start",
    guards=[UNFINISHED, recently_confirmed],
    include_in_schema=False,
)
async def start_factor(request: Request[Any, Any, Any]) -> Response[Any]:
    await second_factor.start(person_of(request))
    return redirect("/account/second-factor")


@get("/account/second-factor/code.svg", guards=[UNFINISHED], include_in_schema=False)
async def factor_picture(request: Request[Any, Any, Any]) -> Response[bytes]:
    principal = person_of(request)
    secret = await second_factor.waiting_secret(principal.id)
    if secret is None:
        raise NotFound(N_("There is nothing at this address, or you may not see it."))
    login = await own.login_of(principal.id)
    return Response(second_factor.picture_of(secret, login), media_type="image/svg+xml")


@post(
    "/account/second-factor/confirm",
    guards=[UNFINISHED, recently_confirmed],
    include_in_schema=False,
)
async def confirm_factor(request: Request[Any, Any, Any]) -> Response[Any]:
    typed, principal = await read_typed(request), person_of(request)
    form = Form(FIRST_FACTOR, typed, required=["code"])
    if not form.read():
        return await show_factor(request, form, status=422)
    try:
        codes, secret = await second_factor.turn_on(
            principal, session_of(principal), form.values["code"]
        )
    except Invalid as error:
        form.add_errors(error)
        return await show_factor(request, form, status=422)
    answer = render(request, "accounts/recovery_codes.html", codes=codes)
    return let_in(answer, request, secret)


@post(
    "/account/second-factor/codes", guards=[UNFINISHED, recently_confirmed], include_in_schema=False
)
async def renew_codes(request: Request[Any, Any, Any]) -> Response[Any]:
    codes = await second_factor.renew_codes(person_of(request))
    return render(request, "accounts/recovery_codes.html", codes=codes)


@post("/account/second-factor/remove", guards=[UNFINISHED], include_in_schema=False)
async def remove_factor(request: Request[Any, Any, Any]) -> Response[Any]:
    typed, principal = await read_typed(request), person_of(request)
    form = removal_form(typed)
    if not form.read():
        return await show_factor(request, status=422, removal=form)
    proofs = second_factor.Proofs(
        first(typed, "password"), form.values["code"], origin_of(request).address
    )
    try:
        secret = await second_factor.remove(principal, session_of(principal), proofs)
    except Invalid as error:
        form.add_errors(error)
        return await show_factor(request, status=422, removal=form)
    text = N_("Your second factor is removed.")
    return let_in(redirect("/account/second-factor", "success", text), request, secret)


def token_form(
    request: Request[Any, Any, Any], typed: dict[str, list[str]] | None = None
) -> tuple[Form, list[str]]:
    """The form of a new token, and the rights that this person may give it."""
    allowed = tokens.scopes_for(person_of(request), request.app.state.rights.values())

    def scope_choices(_: Field) -> list[tuple[str, str, str]]:
        # Forms read codes as capitals; rights are written small.
        return [(name.upper(), right_label(request, name), "") for name in allowed]

    return Form(TOKEN, typed, required=list(TOKEN.by_name), choices=scope_choices), allowed


def right_label(request: Request[Any, Any, Any], name: str) -> str:
    """A right in the reader's language; one of an older release keeps its name."""
    right: Right | None = request.app.state.rights.get(name)
    return translate(right.label) if right else name


async def own_tokens(request: Request[Any, Any, Any]) -> dict[str, Any]:
    """What the page shows beside the form."""
    return {
        "tokens": await tokens.list_tokens(person_of(request).id),
        "right_label": functools.partial(right_label, request),
    }


@get("/account/tokens", guards=[TOKENS], include_in_schema=False)
async def tokens_page(request: Request[Any, Any, Any]) -> Response[str]:
    ends_on = clock.now().date() + timedelta(days=DEFAULT_TOKEN_DAYS)
    form, _ = token_form(request, {"ends_on": [ends_on.isoformat()]})
    return render(request, "accounts/tokens.html", form=form, **await own_tokens(request))


@post("/account/tokens", guards=[TOKENS, recently_confirmed], include_in_schema=False)
async def make_token(request: Request[Any, Any, Any]) -> Response[Any]:
    typed, principal = await read_typed(request), person_of(request)
    session_of(principal)
    form, allowed = token_form(request, typed)
    form.read()
    listed = await own_tokens(request)
    if not form.ok:
        return render(request, "accounts/tokens.html", status=422, form=form, **listed)
    try:
        secret = await tokens.make_token(
            principal,
            form.values["name"],
            [code.lower() for code in form.values["scope"]],
            form.values["ends_on"],
            allowed,
        )
    except (Invalid, Conflict) as error:
        return again(request, "accounts/tokens.html", form, error, **listed)
    return render(request, "accounts/token_made.html", secret=secret, name=first(typed, "name"))


@post("/account/tokens/{token:str}/revoke", guards=[TOKENS], include_in_schema=False)
async def revoke_token(request: Request[Any, Any, Any], token: FromPath[str]) -> Response[Any]:
    wanted = ids.parse_id(token)
    if wanted is None:
        raise NotFound(tokens.NOT_FOUND)
    await tokens.revoke(person_of(request).id, wanted)
    return redirect("/account/tokens", "success", N_("The token is revoked; it works no more."))


ROUTES = [
    factor_page,
    start_factor,
    factor_picture,
    confirm_factor,
    renew_codes,
    remove_factor,
    tokens_page,
    make_token,
    revoke_token,
]
