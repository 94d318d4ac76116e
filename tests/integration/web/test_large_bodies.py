"""Nothing large is read from somebody who may not send it, or for a disk that has no room."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest

from appliance.core import limits
from tests.conftest import SignedIn, form_token

pytestmark = pytest.mark.anyio
UPLOADS = ["/imports", "/api/v1/imports"]


class Body:
    """A large form that notes how much of it was read."""

    def __init__(self) -> None:
        self.read = 0

    async def parts(self) -> AsyncIterator[bytes]:
        while self.read < 64 << 20:
            self.read += 1 << 20
            yield b"x" * (1 << 20)


async def send(client: httpx.AsyncClient, address: str, told: int | None = None) -> tuple[int, int]:
    """The status of a large form, and how much of it was read."""
    body = Body()
    headers = {"content-type": "multipart/form-data; boundary=b"}
    if told is not None:
        headers["content-length"] = str(told)
    answer = await client.post(address, content=body.parts(), headers=headers)
    return answer.status_code, body.read


async def test_an_upload_of_nobody_is_turned_away_unread(visitor: httpx.AsyncClient) -> None:
    visitor.headers["x-csrftoken"] = form_token(await visitor.get("/login"))
    status, read = await send(visitor, "/imports")
    assert status == 401
    assert read <= 2 << 20


@pytest.mark.parametrize("address", UPLOADS)
@pytest.mark.parametrize("told", [None, 64 << 20], ids=["untold", "told"])
async def test_an_upload_of_who_may_not_is_turned_away_unread(
    signed_in: SignedIn, address: str, told: int | None
) -> None:
    admin = await signed_in("admin")
    del admin.headers["x-csrftoken"]  # a page sends it inside the form, which would have to be read
    status, read = await send(admin, address, told)
    assert status == 403
    assert read <= 2 << 20


@pytest.mark.parametrize("address", UPLOADS)
async def test_an_upload_that_the_disk_cannot_take_is_turned_away_unread(
    signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    supervisor = await signed_in("supervisor")
    monkeypatch.setattr(limits, "FREE_DISK_BYTES", 1 << 60)
    status, read = await send(supervisor, address)
    assert status == 409
    assert read <= 2 << 20


async def test_a_large_form_of_nobody_is_turned_away(visitor: httpx.AsyncClient) -> None:
    answer = await visitor.post("/imports", files={"file": ("a.csv", b"x" * (2 << 20))})
    assert answer.status_code == 401
