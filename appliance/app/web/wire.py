"""The HTTP protocol as served: uvicorn's, which would wait for ever for a visitor who connects and says nothing.

A server takes a limited number of connections, and some hundred silent ones would keep everybody else out.
"""

from __future__ import annotations

import asyncio

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from appliance.app.web import limits


class PunctualProtocol(HttpToolsProtocol):
    """Ends a connection whose first request has not come in time, however slowly it is spelt."""

    patience = limits.FIRST_REQUEST_SECONDS

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """Begin to wait."""
        super().connection_made(transport)
        self.loop.call_later(self.patience, self.end_if_silent)

    def end_if_silent(self) -> None:
        """Close, unless the head of a request has come."""
        heard: object = self.cycle  # none as long as no head has come, whatever its type says
        if heard is None and not self.transport.is_closing():
            self.transport.close()
