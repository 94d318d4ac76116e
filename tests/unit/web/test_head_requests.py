"""The one place that makes HEAD of GET."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest
from litestar import Litestar, get
from litestar.response import Stream

from appliance.app.web.head_requests import HeadAsGet, with_head
from tests.conftest import new_client, transport_to


async def endless() -> AsyncIterator[str]:
    while True:
        await asyncio.sleep(0)
        yield "row\n"


@get("/endless")
async def endless_file() -> Stream:
    return Stream(endless(), headers={"x-told": "yes"})


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with new_client(transport_to(HeadAsGet(Litestar([endless_file])))) as client:
        yield client


async def test_a_file_without_end_ends_once_its_head_is_sent(client: httpx.AsyncClient) -> None:
    answer = await client.head("/endless")
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["x-told"] == "yes"


async def test_what_does_not_exist_is_told_without_a_body(client: httpx.AsyncClient) -> None:
    answer = await client.head("/nothing")
    assert (answer.status_code, answer.content) == (404, b"")


@pytest.mark.parametrize(
    ("allowed", "told"),
    [
        (b"GET", b"GET, HEAD"),
        (b"OPTIONS, GET,POST", b"OPTIONS, GET, POST, HEAD"),
        (b"GET, HEAD", b"GET, HEAD"),
        (b"POST, OPTIONS", b"POST, OPTIONS"),
    ],
)
def test_head_is_named_where_get_is(allowed: bytes, told: bytes) -> None:
    assert with_head(allowed) == told
