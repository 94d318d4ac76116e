"""Visitors who connect and say nothing, or spell their request for minutes, keep nobody else out."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import uvicorn

from appliance.app.web.wire import PunctualProtocol

pytestmark = pytest.mark.anyio
PLACES = 5


class Hurried(PunctualProtocol):
    patience = 0.4


async def slow_application(scope: Any, _: Any, send: Any) -> None:
    """Answers after longer than a visitor may stay silent."""
    assert scope["type"] == "http"
    await asyncio.sleep(0.8)
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"well"})


@pytest.fixture
async def address() -> AsyncIterator[tuple[str, int]]:
    config = uvicorn.Config(
        slow_application, http=Hurried, ws="none", lifespan="off", limit_concurrency=PLACES
    )
    config.load()
    server = uvicorn.Server(config)
    server.lifespan = config.lifespan_class(config)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        await server.startup(sockets=[listening])
        yield listening.getsockname()
        server.should_exit = True
        await server.shutdown(sockets=[listening])


async def opened(address: tuple[str, int]) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    return await asyncio.open_connection(*address)


async def test_silent_connections_are_ended_and_others_served(address: tuple[str, int]) -> None:
    silent = [await opened(address) for _ in range(PLACES + 3)]
    spelling = await opened(address)
    spelling[1].write(b"GET / HTTP/1.1\r\nHos")
    async with httpx.AsyncClient(base_url=f"http://{address[0]}:{address[1]}") as client:
        assert (await client.get("/")).status_code == 503
        for reader, _ in (*silent, spelling):
            assert await asyncio.wait_for(reader.read(), 2) == b""
        assert (await client.get("/")).text == "well"
    for _, writer in (*silent, spelling):
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()


async def test_a_slow_answer_is_waited_for(address: tuple[str, int]) -> None:
    async with httpx.AsyncClient(base_url=f"http://{address[0]}:{address[1]}") as client:
        assert [(await client.get("/")).text for _ in range(2)] == ["well", "well"]
