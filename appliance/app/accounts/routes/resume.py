"""A session or a form ended while it was being filled: what was typed waits in the page until it is sent again.

Nothing of it is stored; it travels as hidden fields, and passwords and files are left out.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from litestar import Request, Response
from litestar.datastructures import Cookie
from litestar.enums import MediaType
from litestar.types import Empty
from litestar.utils.scope.state import ScopeState

from appliance.app.accounts import limits
from appliance.app.accounts.routes.door import settings_of
from appliance.app.accounts.schemas import CONFIRM, SIGN_IN
from appliance.app.web.auth import (
    ConfirmFirst,
    FormExpired,
    Principal,
    form_cookie_name,
    from_own_page,
)
from appliance.app.web.forms import Form
from appliance.app.web.pages import render, safe_next
from appliance.core.errors import AppError

MARK = "kept:"
PATH = "kept_path"
NEVER_KEPT = re.compile(r"(?i)passw|repeated|^code$|^_csrf_token$")


class Kept(NamedTuple):
    """The fields of an unfinished form and where they were on their way to."""

    path: str
    fields: list[tuple[str, str]]


NOTHING = Kept("", [])


def within_limits(fields: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """The fields, or none of them if they are too much to carry along."""
    kept = list(fields)
    size = sum(len(name) + len(value) for name, value in kept)
    return kept if len(kept) <= limits.KEPT_FIELDS and size <= limits.KEPT_CHARS else []


def typed_before(request: Request[Any, Any, Any]) -> Kept:
    """What the form held whose session had ended; the form guard has read it already.

    Nothing where a script sent it with the token in a header: its page still shows what was typed.
    """
    form = ScopeState.from_scope(request.scope).form
    if form is Empty or not isinstance(form, Mapping):
        return NOTHING
    fields = [
        (str(name), text)
        for name, value in form.items()
        for text in (value if isinstance(value, list) else [value])
        if isinstance(text, str) and not NEVER_KEPT.search(str(name))
    ]
    path = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    kept = within_limits(fields)
    return Kept(safe_next(path), kept) if kept or not fields else NOTHING


def carried(typed: Mapping[str, list[str]]) -> Kept:
    """What a sign-in form carries along."""
    fields = [
        (name.removeprefix(MARK), value)
        for name, values in typed.items()
        if name.startswith(MARK)
        for value in values
    ]
    path, kept = safe_next(typed.get(PATH, [""])[0], ""), within_limits(fields)
    return Kept(path, kept) if path and (kept or not fields) else NOTHING


def keep_typed(request: Request[Any, Any, Any], error: AppError) -> Response[str] | None:
    """The page that asks who it is and carries along what was typed; none if there is nothing."""
    kept = typed_before(request)
    if isinstance(error, FormExpired):
        return offer_again(request, kept)
    if isinstance(error, ConfirmFirst):
        form = Form(CONFIRM, required=["password"])
        page = safe_next(urlsplit(request.headers.get("referer", "")).path)
        return render(request, "accounts/confirm.html", status=403, form=form, next=page, kept=kept)
    if not kept.path:
        return None
    form = Form(SIGN_IN, required=["login", "password"])
    return render(request, "accounts/login.html", status=401, form=form, next="", kept=kept)


def offer_again(request: Request[Any, Any, Any], kept: Kept) -> Response[str] | None:
    """An expired form to look at, under a fresh token; none for a stranger, or for another house's page.

    A forged form must gain nothing: it is never sent by itself, the person sees all of it, and what a browser
    tells to have come from elsewhere is refused.
    """
    settings = settings_of(request)
    own = from_own_page(request.headers, https=settings.https)
    if not (kept.path and own and isinstance(request.scope.get("user"), Principal)):
        return None
    answer = render(request, "accounts/resume.html", status=403, kept=kept, expired=True)
    return give_token(answer, request)


def give_token(answer: Response[str], request: Request[Any, Any, Any]) -> Response[str]:
    """Give the browser the token that the forms of this answer carry; its own may be lost or damaged."""
    settings = settings_of(request)
    answer.set_cookie(
        Cookie(
            key=form_cookie_name(settings),
            value=str(ScopeState.from_scope(request.scope).csrf_token),
            path="/",
            httponly=True,
            samesite="lax",
            secure=settings.https,
        )
    )
    return answer


def resume_page(request: Request[Any, Any, Any], kept: Kept) -> Response[str]:
    """The page from which the unfinished form goes on its way again."""
    answer = render(request, "accounts/resume.html", kept=kept, expired=False)
    answer.media_type = MediaType.HTML
    return answer
