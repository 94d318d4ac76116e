"""The one place where an error becomes HTTP: a page for people, RFC 9457 problem details for programs."""

from __future__ import annotations

import logging
from typing import Any

import msgspec
from litestar import Request, Response
from litestar.exceptions import HTTPException
from litestar.response import Redirect
from litestar.status_codes import HTTP_303_SEE_OTHER

from appliance.app.web.auth import NOTED, READING, ConfirmFirst, FinishFirst, FormExpired
from appliance.app.web.pages import render, safe_next
from appliance.core import errors
from appliance.core.i18n import N_, Message, translate
from appliance.core.log import request_id

log = logging.getLogger(__name__)

STATUS: dict[type[errors.AppError], int] = {
    errors.Invalid: 422,
    errors.NotSignedIn: 401,
    errors.Forbidden: 403,
    errors.NotFound: 404,
    errors.Conflict: 409,
    errors.TooLarge: 413,
    errors.TooMany: 429,
    errors.Unavailable: 503,
    errors.Corrupt: 500,
    errors.Refused: 409,
    errors.CannotStart: 503,
}
TITLES = {
    400: N_("The request cannot be read"),
    401: N_("Please sign in"),
    403: N_("This is not allowed"),
    404: N_("Not found"),
    405: N_("This page does not do that"),
    409: N_("Somebody was faster"),
    413: N_("Too large"),
    422: N_("Something needs to be corrected"),
    429: N_("Too many tries"),
    500: N_("An error of ours"),
    503: N_("Not available at the moment"),
}
GENERAL = {
    400: N_("The server could not understand what was sent."),
    401: N_("Sign in to go on."),
    403: N_("Your role does not allow this. Nothing was changed."),
    404: N_("There is nothing at this address, or you may not see it."),
    405: N_("This address exists, but it does not take this kind of request."),
    413: N_("What was sent is larger than this page accepts."),
    429: N_("Wait a moment, then try again."),
    500: N_("Something went wrong on the server. The fault is ours, and the log holds its trace."),
}
NO_ADVICE = Message("")


class Problem(msgspec.Struct, omit_defaults=True):
    """Problem details (RFC 9457), with one entry per wrong field."""

    title: str
    status: int
    detail: str
    code: str
    instance: str
    errors: list[dict[str, str]] = []
    type: str = "about:blank"


def status_of(error: errors.AppError) -> int:
    """The HTTP status of an error: that of its nearest family."""
    return next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)


def wants_json(request: Request[Any, Any, Any]) -> bool:
    """Whether a program asks."""
    return request.scope["path"].startswith("/api/") and request.scope["path"] != "/api/docs"


def problem(
    status: int, detail: str, code: str, fields: dict[str, Message] | None = None
) -> Response[bytes]:
    """An error for a program."""
    body = Problem(
        title=translate(TITLES.get(status, TITLES[500])),
        status=status,
        detail=detail,
        code=code,
        instance=f"urn:uuid:{request_id.get()}",
        errors=[{"field": name, "detail": m.text()} for name, m in (fields or {}).items()],
    )
    return Response(
        msgspec.json.encode(body), media_type="application/problem+json", status_code=status
    )


def answer(
    request: Request[Any, Any, Any],
    status: int,
    message: Message,
    code: str,
    fields: dict[str, Message] | None = None,
    advice: Message = NO_ADVICE,
) -> Response[Any]:
    """An error in the form the asker understands."""
    if wants_json(request):
        return problem(status, message.text(), code, fields)
    return render(
        request,
        "errors/error.html",
        status=status,
        title=translate(TITLES.get(status, TITLES[500])),
        detail=message.text(),
        problems=[item.text() for item in (fields or {}).values()],
        reference=request_id.get(),
        noted=request.scope["state"].get(NOTED, False),
        advice=advice.text(),
        reading=request.method in READING,
    )


def handle_app_error(request: Request[Any, Any, Any], error: errors.AppError) -> Response[Any]:
    """An error that a service raised."""
    status = status_of(error)
    if not wants_json(request) and request.method in READING:
        here = safe_next(request.url.path + (f"?{request.url.query}" if request.url.query else ""))
        if isinstance(error, errors.NotSignedIn):
            return Redirect("/login", status_code=HTTP_303_SEE_OTHER, query_params={"next": here})
        if isinstance(error, ConfirmFirst):
            return Redirect("/confirm", status_code=HTTP_303_SEE_OTHER, query_params={"next": here})
        if isinstance(error, FinishFirst):
            return Redirect("/account/finish", status_code=HTTP_303_SEE_OTHER)
    asked_again = isinstance(error, errors.NotSignedIn | ConfirmFirst | FormExpired)
    if asked_again and request.method == "POST" and not wants_json(request):
        # What was typed into a form travels on through the sign-in, or to a look at it.
        page: Response[Any] | None = request.app.state.resume(request, error)
        if page is not None:
            return page
    reply = answer(request, status, error.message, error.code, error.fields, error.advice)
    if isinstance(error, errors.TooMany):
        reply.headers["retry-after"] = str(error.retry_after)
    return reply


def handle_http_error(request: Request[Any, Any, Any], error: HTTPException) -> Response[Any]:
    """An error that the framework raised: its words are for developers, ours are shown."""
    status = error.status_code
    message = Message(GENERAL.get(status, GENERAL[400] if status < 500 else GENERAL[500]))  # noqa: PLR2004
    fields = {}
    if isinstance(error.extra, list):
        fields = {
            str(item.get("key", "")): Message("%(text)s", {"text": str(item.get("message", ""))})
            for item in error.extra
            if isinstance(item, dict)
        }
    reply = answer(request, status, message, f"http_{status}", fields)
    for name, value in (error.headers or {}).items():
        reply.headers[name] = value
        if name.lower() == "ratelimit-reset":
            reply.headers["retry-after"] = value
    return reply


def handle_unexpected(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """A mistake of ours: the trace goes to the log, the reader gets the reference to it."""
    log.error("unexpected error on %s", request.scope["path"], exc_info=error)
    return answer(request, 500, Message(GENERAL[500]), "internal")


def handle_too_deep(request: Request[Any, Any, Any], error: RecursionError) -> Response[Any]:
    """A body nested so deeply that its reader gives up; the log tells, should it ever have been our own code."""
    log.warning("nested too deeply: %s", request.scope["path"], exc_info=error)
    return answer(request, 400, Message(GENERAL[400]), "http_400")


HANDLERS: dict[Any, Any] = {
    errors.AppError: handle_app_error,
    HTTPException: handle_http_error,
    RecursionError: handle_too_deep,
    Exception: handle_unexpected,
}
