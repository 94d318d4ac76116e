"""Nothing large is read from somebody who is not signed in."""

from collections.abc import AsyncIterator

import httpx
import pytest

from tests.conftest import form_token

pytestmark = pytest.mark.anyio


async def test_an_upload_of_nobody_is_turned_away_unread(visitor: httpx.AsyncClient) -> None:
    token = form_token(await visitor.get("/login"))
    read = 0

    async def body() -> AsyncIterator[bytes]:
        nonlocal read
        while read < 64 << 20:
            read += 1 << 20
            yield b"x" * (1 << 20)

    answer = await visitor.post(
        "/imports",
        content=body(),
        headers={"content-type": "multipart/form-data; boundary=b", "x-csrftoken": token},
    )
    assert answer.status_code == 401
    assert read <= 2 << 20


async def test_a_large_form_of_nobody_is_turned_away(visitor: httpx.AsyncClient) -> None:
    answer = await visitor.post("/imports", files={"file": ("a.csv", b"x" * (2 << 20))})
    assert answer.status_code == 401
