"""How often one person may use a costly route, such as an export. Signing in has its own, slower brake in accounts."""

from __future__ import annotations

from typing import Any

from litestar import Request
from litestar.middleware import DefineMiddleware
from litestar.middleware.rate_limit import DurationUnit, RateLimitConfig

from appliance.app.web.auth import Principal


def who_asks(request: Request[Any, Any, Any]) -> str:
    """The person and the route; before signing in the address stands for the person."""
    principal = request.scope.get("user")
    person = principal.id if isinstance(principal, Principal) else request.scope["state"]["address"]
    return f"{person} {request.route_handler.handler_id}"


def at_most(count: int, unit: DurationUnit = "minute") -> DefineMiddleware:
    """A brake for one route, to be named in its `middleware`; beyond it the answer is 429 with the time left."""
    return RateLimitConfig(rate_limit=(unit, count), identifier_for_request=who_asks).middleware
