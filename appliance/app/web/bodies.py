"""Large bodies are refused before they are read, unless the person may use the route and the disk has room.

It stands before the guard of forms, which reads a body to find the form's token in it. A route says by
`request_max_body_size` that it takes more than an ordinary form; the framework counts while it reads.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from litestar.connection import ASGIConnection
from litestar.enums import ScopeType
from litestar.handlers import HTTPRouteHandler
from litestar.types import ASGIApp, Receive, Scope, Send

from appliance.app.web.auth import principal_of
from appliance.core import limits
from appliance.core.files import free_bytes, no_room
from appliance.core.settings import get_settings

TELL_OF_BODY = frozenset({b"content-length", b"transfer-encoding"})
COPIES = 2  # of an upload that is being taken in: the spooled one and the stored one


def has_body(headers: Iterable[tuple[bytes, bytes]]) -> bool:
    """Whether a body comes at all; most requests are readings and have none."""
    return any(name in TELL_OF_BODY for name, _ in headers)


def told_length(headers: Mapping[bytes, bytes]) -> int | None:
    """How long a body says it is; nothing where it does not say."""
    told = headers.get(b"content-length", b"0")
    return int(told) if told.isdigit() and b"transfer-encoding" not in headers else None


def is_large(length: int | None) -> bool:
    """Whether a body may be more than an ordinary form."""
    return length is None or length > limits.REQUEST_BYTES


def has_room(length: int, free: int) -> bool:
    """Whether a disk can take an upload and keep what the house needs."""
    return free >= COPIES * length + limits.FREE_DISK_BYTES


def free_for_uploads() -> int:
    """Bytes left where uploads are spooled and where they are kept, whichever is less."""
    places = (Path(tempfile.gettempdir()), get_settings().state)
    return min(free_bytes(place) for place in places)


async def refuse_large(scope: Scope) -> None:
    """Turn away what is large, or of untold length, before it is read.

    Raises:
        NotSignedIn: only people who are signed in may send files.
        Forbidden: the person may not use the route.
        Refused: the disk has no room for it.
    """
    length = told_length(dict(scope["headers"]))
    if not is_large(length):
        return
    connection: ASGIConnection[Any, Any, Any, Any] = ASGIConnection(scope)
    principal_of(connection)
    handler = scope["route_handler"]
    most = handler.resolve_request_max_body_size() if isinstance(handler, HTTPRouteHandler) else 0
    if not most or most <= limits.REQUEST_BYTES or (length or 0) > most:
        return  # the framework refuses it by its length
    for guard in handler.resolve_guards():
        pending = guard(connection, handler)
        if pending is not None:
            await pending
    if not has_room(length or most, free_for_uploads()):
        raise no_room()


class BodyGuard:
    """Refuses large bodies before anything behind it reads them."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] == ScopeType.HTTP and has_body(scope["headers"]):
            await refuse_large(scope)
        await self.app(scope, receive, send)
