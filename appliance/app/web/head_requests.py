"""HEAD wherever GET works (RFC 9110, 9.3.2): the page is made as for GET and everything but its body is sent.

The rooms see a GET, so that guards hold and what is read is noted in the trail like any reading.
"""

from __future__ import annotations

import asyncio

from litestar.enums import ScopeType
from litestar.types import ASGIApp, HTTPReceiveMessage, Message, Receive, Scope, Send

TELL_METHODS = frozenset({204, 405})  # the answers to OPTIONS and to a method that is not allowed


class HeadAsGet:
    """Asks the application for the page and keeps the body to itself."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != ScopeType.HTTP:
            await self.app(scope, receive, send)
        elif scope["method"] == "HEAD":
            # A copy: the server goes on to know that it was HEAD, and frames the answer as one.
            asked: Scope = {**scope, "method": "GET"}
            answer = WithoutBody(send)
            await self.app(asked, answer.receive, answer.send)
        else:
            await self.app(scope, receive, telling_head(send))


def telling_head(send: Send) -> Send:
    """Name HEAD wherever an answer tells that GET is allowed."""

    async def send_told(message: Message) -> None:
        if message["type"] == "http.response.start" and message["status"] in TELL_METHODS:
            message["headers"] = [
                (name, with_head(value) if name == b"allow" else value)
                for name, value in message["headers"]
            ]
        await send(message)

    return send_told


def with_head(allowed: bytes) -> bytes:
    """The methods of an address, with HEAD where there is GET."""
    names = [name.strip() for name in allowed.split(b",")]
    told = [*names, b"HEAD"] if b"GET" in names and b"HEAD" not in names else names
    return b", ".join(told)


class WithoutBody:
    """An answer whose body is dropped; once its head is sent, its maker is told that nobody waits for more."""

    def __init__(self, send: Send) -> None:
        self.send_on = telling_head(send)
        self.asked = False
        self.answered = asyncio.Event()

    async def receive(self) -> HTTPReceiveMessage:
        """An empty body, then the end, which spares a long file the work."""
        if not self.asked:
            self.asked = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await self.answered.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        """Send the head of the answer, and the end of it at the first piece of its body."""
        if message["type"] == "http.response.body":
            if self.answered.is_set():
                return
            message = {"type": "http.response.body", "body": b"", "more_body": False}
            self.answered.set()
        await self.send_on(message)
