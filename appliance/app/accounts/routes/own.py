"""Pages of the own account: profile, password, devices, security log, the password once more."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath

from appliance.app.accounts.routes import resume
from appliance.app.accounts.routes.door import let_in, origin_of, person_of, remember
from appliance.app.accounts.routes.sign_in import again, first
from appliance.app.accounts.schemas import (
    CHANGE_PASSWORD,
    CONFIRM,
    FIRST_PASSWORD,
    PROFILE,
)
from appliance.app.accounts.service import events, own, second_factor, sessions
from appliance.app.accounts.service import sign_in as door
from appliance.app.web.auth import Principal, requires
from appliance.app.web.forms import Form, read_typed
from appliance.app.web.pages import redirect, render, safe_next
from appliance.core import ids
from appliance.core.errors import Conflict, Forbidden, Invalid, NotFound, TooMany
from appliance.core.fields import Field
from appliance.core.i18n import LANGUAGES, N_

IN_FORCE = N_("Your new password is in force. All your other sessions have ended.")
DROPPED = N_(
    "Your new password is in force. What you had typed before the session ended could not be kept; enter it again."
)
OWN = requires("accounts.own")
UNFINISHED = requires("accounts.own", unfinished=True)


def language_choices(_: Field) -> list[tuple[str, str, str]]:
    """The languages of the interface, each by its own name."""
    return [(item.code.upper(), item.name, "") for item in LANGUAGES.values()]


def session_of(principal: Principal) -> Any:
    """The id of the session behind a request.

    Raises:
        Forbidden: a program asks; it has no session.
    """
    if principal.session_id is None:
        raise Forbidden(N_("Programs cannot do this. Nothing was changed."))
    return principal.session_id


@get("/account", guards=[OWN], include_in_schema=False)
async def account_page(request: Request[Any, Any, Any]) -> Response[str]:
    principal = person_of(request)
    form = Form(PROFILE, {"language": [principal.language.upper()]}, choices=language_choices)
    return await show_account(request, form)


async def show_account(
    request: Request[Any, Any, Any], form: Form, status: int = 200
) -> Response[str]:
    """The page of the own account."""
    principal = person_of(request)
    found = await second_factor.find_secret(principal.id)
    return render(
        request,
        "accounts/account.html",
        status=status,
        form=form,
        login=await own.login_of(principal.id),
        has_factor=bool(found and found[1]),
    )


@post("/account", guards=[OWN], include_in_schema=False)
async def save_account(request: Request[Any, Any, Any]) -> Response[Any]:
    typed = await read_typed(request)
    form = Form(PROFILE, typed, required=["language"], choices=language_choices)
    if not form.read():
        return await show_account(request, form, status=422)
    language = form.values["language"].lower()
    await own.choose_language(person_of(request), language)
    answer = redirect("/account", "success", N_("Your choice is saved."))
    return remember(answer, request, "lang", language)


@get("/account/finish", guards=[UNFINISHED], include_in_schema=False)
async def finish(request: Request[Any, Any, Any]) -> Response[Any]:
    principal = person_of(request)
    if principal.must_change_password:
        return redirect("/account/password")
    if principal.must_set_second_factor:
        return redirect("/account/second-factor")
    return redirect("/")


def password_form(principal: Principal, typed: dict[str, list[str]] | None = None) -> Form:
    """Whoever came with a one-time code is not asked for a present password."""
    fields = FIRST_PASSWORD if principal.must_change_password else CHANGE_PASSWORD
    return Form(fields, typed, required=list(fields.by_name))


@get("/account/password", guards=[UNFINISHED], include_in_schema=False)
async def password_page(request: Request[Any, Any, Any]) -> Response[str]:
    return show_password(request, password_form(person_of(request)), resume.NOTHING)


def show_password(
    request: Request[Any, Any, Any], form: Form, kept: resume.Kept, status: int = 200
) -> Response[str]:
    """The page of a new password."""
    coded = person_of(request).must_change_password
    template = "accounts/password.html"
    return render(request, template, status=status, form=form, coded=coded, kept=kept)


@post("/account/password", guards=[UNFINISHED], include_in_schema=False)
async def change_password(request: Request[Any, Any, Any]) -> Response[Any]:
    typed, principal = await read_typed(request), person_of(request)
    form, kept = password_form(principal, typed), resume.carried(typed)
    if not form.read():
        return show_password(request, form, kept, status=422)
    try:
        secret = await own.change_password(
            principal,
            session_of(principal),
            first(typed, "password"),
            own.NewPassword(first(typed, "new_password"), first(typed, "repeated")),
            origin_of(request).address,
        )
    except (Invalid, TooMany) as error:
        coded = principal.must_change_password
        return again(request, "accounts/password.html", form, error, coded=coded, kept=kept)
    return let_in(after_password(request, principal, kept), request, secret)


def after_password(
    request: Request[Any, Any, Any], principal: Principal, kept: resume.Kept
) -> Response[Any]:
    """Where a new password leads."""
    if principal.must_set_second_factor:
        return redirect("/account/finish", "success", DROPPED if kept.path else IN_FORCE)
    if kept.path:
        return resume.resume_page(request, kept)
    return redirect("/account", "success", IN_FORCE)


@get("/account/sessions", guards=[OWN], include_in_schema=False)
async def sessions_page(request: Request[Any, Any, Any]) -> Response[str]:
    principal = person_of(request)
    devices = await sessions.list_devices(principal.id, principal.session_id)
    return render(request, "accounts/sessions.html", devices=devices)


@post("/account/sessions/{session:str}/end", guards=[OWN], include_in_schema=False)
async def end_session(request: Request[Any, Any, Any], session: FromPath[str]) -> Response[Any]:
    wanted = ids.parse_id(session)
    if wanted is None or not await own.end_device(person_of(request), wanted):
        raise NotFound(N_("This session has ended already, or it is not yours."))
    return redirect("/account/sessions", "success", N_("The session has ended."))


@post("/account/sessions/end-others", guards=[OWN], include_in_schema=False)
async def end_other_sessions(request: Request[Any, Any, Any]) -> Response[Any]:
    await own.end_other_devices(person_of(request))
    text = N_("All your other sessions have ended.")
    return redirect("/account/sessions", "success", text)


@get("/account/security-log", guards=[OWN], include_in_schema=False)
async def security_log(request: Request[Any, Any, Any]) -> Response[str]:
    found = await events.list_events(person_of(request).id)
    shown = [(event, events.text_of(event.kind, event.by_name).text()) for event in found]
    return render(request, "accounts/security_log.html", events=shown)


@get("/confirm", guards=[UNFINISHED], include_in_schema=False)
async def confirm_page(request: Request[Any, Any, Any]) -> Response[str]:
    return render(
        request,
        "accounts/confirm.html",
        form=Form(CONFIRM, required=["password"]),
        next=safe_next(request.query_params.get("next")),
        kept=resume.NOTHING,
    )


@post("/confirm", guards=[UNFINISHED], include_in_schema=False)
async def confirm(request: Request[Any, Any, Any]) -> Response[Any]:
    typed, principal = await read_typed(request), person_of(request)
    form = Form(CONFIRM, typed, required=["password"])
    target, kept = safe_next(first(typed, "next")), resume.carried(typed)
    session_of(principal)
    try:
        await door.confirm(principal, first(typed, "password"), origin_of(request).address)
    except (Invalid, TooMany, Conflict) as error:
        return again(request, "accounts/confirm.html", form, error, next=target, kept=kept)
    return resume.resume_page(request, kept) if kept.path else redirect(target)


ROUTES = [
    account_page,
    save_account,
    finish,
    password_page,
    change_password,
    sessions_page,
    end_session,
    end_other_sessions,
    security_log,
    confirm_page,
    confirm,
]
