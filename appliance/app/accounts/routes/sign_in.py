"""Pages of the door: signing in and out, second factor, one-time code."""

from typing import Any

from litestar import Request, Response, get, post

from appliance.app.accounts.routes import resume
from appliance.app.accounts.routes.door import brought_secret, let_in, let_out, origin_of
from appliance.app.accounts.schemas import FIRST_PASSWORD, RESET, SECOND_FACTOR, SIGN_IN
from appliance.app.accounts.service import sign_in as service
from appliance.app.web.auth import Principal, public
from appliance.app.web.forms import Form, read_typed
from appliance.app.web.pages import redirect, render, safe_next
from appliance.core.errors import AppError, Forbidden, Invalid, NotSignedIn, TooMany
from appliance.core.i18n import N_

SIGNED_OUT = N_("You are signed out.")
ARRIVES = "begin"  # the button by which a kept form goes from one page of the door to the other
NOT_YOURS = N_("What was being typed before belonged to another person and was not taken over.")


def first(typed: dict[str, list[str]], name: str) -> str:
    """A field that is sent once."""
    return typed.get(name, [""])[0]


def again(
    request: Request[Any, Any, Any], template: str, form: Form, error: AppError, **context: Any
) -> Response[Any]:
    """The form once more, with what was wrong."""
    form.message = error.message
    if isinstance(error, Invalid):
        form.add_errors(error)
    status = 429 if isinstance(error, TooMany) else 403 if isinstance(error, Forbidden) else 422
    answer = render(request, template, status=status, form=form, **context)
    if isinstance(error, TooMany):
        answer.headers["retry-after"] = str(error.retry_after)
    return answer


def go_on(
    request: Request[Any, Any, Any], entered: service.Entered, next_url: str, kept: resume.Kept
) -> Response[Any]:
    """Where a step that succeeded leads."""
    answer: Response[Any]
    if not entered.complete:
        answer = ask_code(request, next_url, kept)
    elif kept.path and not entered.resumes:
        target = "/account/password" if entered.must_change_password else "/"
        answer = redirect(target, "warning", NOT_YOURS)
    elif entered.must_change_password:
        answer = ask_password(request, kept) if kept.path else redirect("/account/password")
    elif kept.path:
        answer = resume.resume_page(request, kept)
    elif entered.notice:
        answer = redirect(next_url, "warning", "%(text)s", text=entered.notice.text())
    else:
        answer = redirect(next_url)
    return let_in(answer, request, entered.secret)


def ask_code(request: Request[Any, Any, Any], next_url: str, kept: resume.Kept) -> Response[Any]:
    """The page that asks for the second factor."""
    form = Form(SECOND_FACTOR, required=["code"])
    return render(request, "accounts/code.html", form=form, next=next_url, kept=kept)


def ask_password(request: Request[Any, Any, Any], kept: resume.Kept) -> Response[Any]:
    """The page that asks whoever came with a one-time code for a password of his own."""
    form = Form(FIRST_PASSWORD, required=list(FIRST_PASSWORD.by_name))
    return render(request, "accounts/password.html", form=form, coded=True, kept=kept)


@get("/login", guards=[public], include_in_schema=False)
async def login_page(request: Request[Any, Any, Any]) -> Response[Any]:
    target = safe_next(request.query_params.get("next"), "")
    if isinstance(request.scope.get("user"), Principal):
        return redirect(target or "/")
    form = Form(SIGN_IN, required=["login", "password"])
    return render(request, "accounts/login.html", form=form, next=target, kept=resume.NOTHING)


@post("/login", guards=[public], include_in_schema=False)
async def login(request: Request[Any, Any, Any]) -> Response[Any]:
    typed = await read_typed(request)
    form = Form(SIGN_IN, typed, required=["login", "password"])
    target, kept = safe_next(first(typed, "next")), resume.carried(typed)
    if ARRIVES in typed:
        return render(request, "accounts/login.html", form=form, next=target, kept=kept)
    if not form.read():
        return render(request, "accounts/login.html", status=422, form=form, next=target, kept=kept)
    try:
        entered = await service.enter(
            form.values["login"],
            first(typed, "password"),
            origin_of(request),
            brought_secret(request),
        )
    except (Invalid, Forbidden, TooMany) as error:
        return again(request, "accounts/login.html", form, error, next=target, kept=kept)
    return go_on(request, entered, target, kept)


@post("/login/code", guards=[public], include_in_schema=False)
async def login_code(request: Request[Any, Any, Any]) -> Response[Any]:
    typed = await read_typed(request)
    form = Form(SECOND_FACTOR, typed, required=["code"])
    target, kept = safe_next(first(typed, "next")), resume.carried(typed)
    if not form.read():
        return render(request, "accounts/code.html", status=422, form=form, next=target, kept=kept)
    try:
        entered = await service.enter_code(
            brought_secret(request), form.values["code"], origin_of(request)
        )
    except NotSignedIn as error:
        form = Form(SIGN_IN, required=["login", "password"])
        return again(request, "accounts/login.html", form, error, next=target, kept=kept)
    except (Invalid, TooMany) as error:
        return again(request, "accounts/code.html", form, error, next=target, kept=kept)
    return go_on(request, entered, target, kept)


@get("/login/code", guards=[public], include_in_schema=False)
async def code_page() -> Response[Any]:
    return redirect("/login")


@get("/reset", guards=[public], include_in_schema=False)
async def reset_page(request: Request[Any, Any, Any]) -> Response[Any]:
    form = Form(RESET, required=["login", "code"])
    return render(request, "accounts/reset.html", form=form, kept=resume.NOTHING)


@post("/reset", guards=[public], include_in_schema=False)
async def reset(request: Request[Any, Any, Any]) -> Response[Any]:
    typed = await read_typed(request)
    form, kept = Form(RESET, typed, required=["login", "code"]), resume.carried(typed)
    if ARRIVES in typed:
        return render(request, "accounts/reset.html", form=form, kept=kept)
    if not form.read():
        return render(request, "accounts/reset.html", status=422, form=form, kept=kept)
    try:
        entered = await service.enter(
            form.values["login"],
            form.values["code"],
            origin_of(request),
            brought_secret(request),
            wrong=service.RESET_WRONG,
        )
    except (Invalid, Forbidden, TooMany) as error:
        return again(request, "accounts/reset.html", form, error, kept=kept)
    return go_on(request, entered, "/account/password", kept)


@post("/logout", guards=[public], include_in_schema=False)
async def logout(request: Request[Any, Any, Any]) -> Response[Any]:
    principal = request.scope.get("user")
    if isinstance(principal, Principal):
        await service.leave(principal)
    return let_out(redirect("/login", "success", SIGNED_OUT), request)


ROUTES = [login_page, login, code_page, login_code, reset_page, reset, logout]
