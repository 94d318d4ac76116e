"""Answers that the database has written: JSON text that is sent as it came, without being read or written again."""

from __future__ import annotations

from typing import Any, TypeVar, cast

from litestar import Response
from litestar.enums import MediaType
from litestar.response.base import ASGIResponse
from litestar.types import Receive, Scope, Send

T = TypeVar("T")


class FinishedJSON(Response[T]):
    """The JSON of a T. The framework's way from content to bytes would cost as much as the statement."""

    def __init__(self, text: str) -> None:
        super().__init__(cast("T", text.encode()), media_type=MediaType.JSON)

    def to_asgi_response(self, *_: Any, **__: Any) -> ASGIResponse:
        """The bytes as they are."""
        return cast("ASGIResponse", AsItIs(cast("bytes", self.content)))


class AsItIs:
    """Some JSON as an ASGI answer."""

    __slots__ = ("body",)

    def __init__(self, body: bytes) -> None:
        self.body = body

    async def __call__(self, _: Scope, __: Receive, send: Send) -> None:
        """Send it."""
        headers = [
            (b"content-type", b"application/json"),
            (b"content-length", b"%d" % len(self.body)),
        ]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": self.body, "more_body": False})
