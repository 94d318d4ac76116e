"""What tests of accounts share: forms sent with their token, ids of the cast, a clock that can be set."""

from __future__ import annotations

import time
from pathlib import Path
from uuid import UUID

import httpx
import pyotp
import pytest

from tests.conftest import form_token

GOOD_PASSWORD = "tortue lampe nuage 83"
OTHER_PASSWORD = "violet ladder orbit 27"


async def send(client: httpx.AsyncClient, url: str, **fields: object) -> httpx.Response:
    """Post a form, with the token that its page would carry."""
    # As a browser sends it: in the form, not in a header.
    client.headers.pop("x-csrftoken", "")
    token = client.cookies.get("form") or form_token(await client.get("/login"))
    return await client.post(url, data={"_csrf_token": token, **fields})


async def id_of(login: str) -> UUID:
    from appliance.core import db

    found = await db.fetch_value("SELECT id FROM accounts.account WHERE login = $1", login)
    assert isinstance(found, UUID), f"nobody is called {login}"
    return found


async def enter(
    app: httpx.ASGITransport, login: str, password: str, **headers: str
) -> httpx.AsyncClient:
    """A browser in which somebody gives name and password; whether it worked, its caller looks."""
    client = httpx.AsyncClient(transport=app, base_url="http://ncen.test", headers=headers)
    await send(client, "/login", login=login, password=password)
    return client


def secret_in(page: httpx.Response) -> str:
    """The secret that a page shows once."""
    return page.text.split('class="secret"')[1].split(">", 1)[1].split("<", 1)[0].strip()


def secrets_in(page: httpx.Response) -> list[str]:
    """All secrets that a page shows once."""
    parts = page.text.split('class="secret"')[1:]
    return [part.split(">", 1)[1].split("<", 1)[0].strip() for part in parts]


def code_at(secret: str, moment: float) -> str:
    """What an authenticator shows at a moment."""
    return pyotp.TOTP(secret).at(int(moment))


async def set_up_factor(client: httpx.AsyncClient) -> tuple[str, list[str]]:
    """Set up a second factor; the key and the recovery codes."""
    assert (await send(client, "/account/second-factor/start")).status_code == 303
    key = secret_in(await client.get("/account/second-factor"))
    code = code_at(key, time.time() - 30)
    page = await send(client, "/account/second-factor/confirm", code=code)
    assert page.status_code == 200, page.text
    return key, secrets_in(page)


@pytest.fixture
def state_folder() -> Path:
    from appliance.core.settings import get_settings

    return get_settings().state
