"""What all routes of signing in share: where a request comes from, and the session cookie."""

from typing import Any

from litestar import Request, Response
from litestar.datastructures import Cookie

from appliance.app.accounts import limits
from appliance.app.accounts.schemas import Origin
from appliance.app.web.auth import Principal, cookie_name
from appliance.core.settings import Settings

YEAR_SECONDS = 365 * 86_400


def settings_of(request: Request[Any, Any, Any]) -> Settings:
    """The settings of this installation."""
    found: Settings = request.app.state.house.settings
    return found


def origin_of(request: Request[Any, Any, Any]) -> Origin:
    """Address and browser of a request."""
    agent = request.headers.get("user-agent", "")[: limits.AGENT_CHARS]
    return Origin(address=request.scope["state"]["address"], agent=agent.replace("\x00", ""))


def brought_secret(request: Request[Any, Any, Any]) -> str:
    """The session cookie that the browser sent, valid or not."""
    cookies = request.scope.get("auth") or {}
    return str(cookies.get(cookie_name(settings_of(request)), ""))


def let_in(answer: Response[Any], request: Request[Any, Any, Any], secret: str) -> Response[Any]:
    """Give the browser the secret of its session; it forgets it when it is closed."""
    settings = settings_of(request)
    answer.set_cookie(
        Cookie(
            key=cookie_name(settings),
            value=secret,
            path="/",
            httponly=True,
            samesite="lax",
            secure=settings.https,
        )
    )
    return answer


def let_out(answer: Response[Any], request: Request[Any, Any, Any]) -> Response[Any]:
    """Take the session cookie back; a cookie bound to this host goes only with its own marks."""
    settings = settings_of(request)
    answer.set_cookie(
        Cookie(
            key=cookie_name(settings),
            value="",
            path="/",
            max_age=0,
            httponly=True,
            samesite="lax",
            secure=settings.https,
        )
    )
    return answer


def remember(
    answer: Response[Any], request: Request[Any, Any, Any], name: str, value: str
) -> Response[Any]:
    """Keep a choice in the browser for a year, signed in or not."""
    answer.set_cookie(
        Cookie(
            key=name,
            value=value,
            path="/",
            max_age=YEAR_SECONDS,
            httponly=True,
            samesite="lax",
            secure=settings_of(request).https,
        )
    )
    return answer


def person_of(request: Request[Any, Any, Any]) -> Principal:
    """The signed-in person; the guard of the route has seen to it that there is one."""
    found: Principal = request.scope["user"]
    return found
