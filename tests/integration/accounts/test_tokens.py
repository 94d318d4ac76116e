"""API tokens: narrower than their owner, shown once, ended by time, hand or trouble."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest

from appliance.app import ROOM_NAMES
from appliance.core import clock, db
from appliance.core.i18n import LANGUAGES, translate
from appliance.core.room import load_rooms
from tests.conftest import SignedIn
from tests.integration.accounts.conftest import id_of, secret_in, send

pytestmark = pytest.mark.usefixtures("database")


def in_days(days: int) -> str:
    return (clock.now().date() + timedelta(days=days)).isoformat()


async def make(client: httpx.AsyncClient, **fields: object) -> httpx.Response:
    wanted = {"name": "Report script", "scope": "OFFICES.READ", "ends_on": in_days(30)}
    return await send(client, "/account/tokens", **{**wanted, **fields})


@pytest.fixture
async def program(app: httpx.ASGITransport, signed_in: SignedIn) -> httpx.AsyncClient:
    token = secret_in(await make(await signed_in("admin")))
    return httpx.AsyncClient(
        transport=app,
        base_url="http://ncen.test",
        headers={"authorization": f"Bearer {token}"},
    )


async def test_a_token_opens_what_it_was_made_for(program: httpx.AsyncClient) -> None:
    answer = await program.get("/api/v1/offices")
    assert [office["code"] for office in answer.json()] == ["AIR1", "HQ", "SEA1"]
    me = (await program.get("/api/v1/me")).json()
    assert me["name"] == "Samuel Chanda"
    assert me["scope"] == ["offices.read"]


@pytest.mark.parametrize("language", LANGUAGES)
async def test_what_a_token_may_do_is_said_in_the_readers_words(
    signed_in: SignedIn, language: str
) -> None:
    client = await signed_in("admin")
    await make(client)
    client.cookies.set("lang", language, domain="ncen.test", path="/")
    page = (await client.get("/account/tokens")).text
    rights = [right for room in load_rooms(ROOM_NAMES) for right in room.rights]
    for right in rights:
        assert right.name not in page
    # Once to choose, once beside the token.
    assert page.count(translate("Read the list of offices", language)) == 2
    assert translate("Read the code lists", language) in page
    assert translate("Read cases", language) not in page


async def test_a_right_of_an_older_release_keeps_its_name(signed_in: SignedIn) -> None:
    client = await signed_in("admin")
    await make(client)
    await db.execute("UPDATE accounts.token SET scope = '{gone.read,offices.read}'")
    page = (await client.get("/account/tokens")).text
    assert "gone.read, Read the list of offices" in page


async def test_a_token_is_never_good_for_accounts(program: httpx.AsyncClient) -> None:
    for url in ("/accounts", "/account", "/account/tokens", "/accounts/new", "/confirm"):
        assert (await program.get(url)).status_code == 403, url
    account = await id_of("officer")
    for url in (f"/accounts/{account}/block", "/account/password", "/accounts/offices"):
        assert (await program.post(url, data={"code": "X"})).status_code == 403, url


async def test_a_token_is_shown_once_and_stored_hashed(signed_in: SignedIn) -> None:
    client = await signed_in("admin")
    token = secret_in(await make(client))
    assert token.startswith("ncen_")
    page = await client.get("/account/tokens")
    assert token not in page.text
    assert token[:13] in page.text
    row = await db.fetch_row("SELECT * FROM accounts.token")
    assert token.encode() not in str(dict(row or {})).encode()


async def test_a_revoked_token_works_no_more(
    program: httpx.AsyncClient, signed_in: SignedIn
) -> None:
    client = await signed_in("admin")
    token = await db.fetch_value("SELECT id FROM accounts.token")
    other = await send(await signed_in("officer"), f"/account/tokens/{token}/revoke")
    assert other.status_code == 404
    assert (await program.get("/api/v1/me")).status_code == 200
    assert (await send(client, f"/account/tokens/{token}/revoke")).status_code == 303
    assert (await program.get("/api/v1/me")).status_code == 401
    assert (await send(client, f"/account/tokens/{token}/revoke")).status_code == 404


ENDED = (
    "UPDATE accounts.token SET ends_at = now()",
    "UPDATE accounts.account SET state = 'BLOCKED' WHERE login = 'admin'",
    "UPDATE accounts.account SET must_change_password = true WHERE login = 'admin'",
)
MENDED = (
    "UPDATE accounts.token SET ends_at = now() + '1 day'::interval",
    "UPDATE accounts.account SET state = 'ACTIVE' WHERE login = 'admin'",
    "UPDATE accounts.account SET must_change_password = false WHERE login = 'admin'",
)


async def test_a_token_ends_with_its_time_and_with_its_owner(program: httpx.AsyncClient) -> None:
    for end, mend in zip(ENDED, MENDED, strict=True):
        await db.execute(end)
        assert (await program.get("/api/v1/me")).status_code == 401, end
        await db.execute(mend)
        assert (await program.get("/api/v1/me")).status_code == 200, mend


async def test_a_token_loses_what_its_owner_loses(program: httpx.AsyncClient) -> None:
    await db.execute("UPDATE accounts.account SET roles = '{}' WHERE login = 'admin'")
    assert (await program.get("/api/v1/offices")).status_code == 403


async def test_wrong_wishes_are_refused(signed_in: SignedIn) -> None:
    client = await signed_in("officer")
    for fields in (
        {"scope": "ACCOUNTS.MANAGE"},
        {"scope": "AUDIT.READ"},
        {"scope": ""},
        {"name": ""},
        {"ends_on": in_days(0)},
        {"ends_on": in_days(366)},
        {"ends_on": "31.12.2026"},
        {"ends_on": "9999-12-31"},
    ):
        answer = await make(client, **fields)
        assert answer.status_code == 422, fields
    assert await db.fetch_value("SELECT count(*) FROM accounts.token") == 0


async def test_there_is_a_limit(signed_in: SignedIn) -> None:
    client = await signed_in("officer")
    await db.execute(
        "INSERT INTO accounts.token (id, token_hash, prefix, account, name, made_at, ends_at)"
        " SELECT gen_random_uuid(), int4send(n), 'ncen_x', $1, 'x', now(), now()"
        " FROM generate_series(1, 20) n",
        await id_of("officer"),
    )
    answer = await make(client)
    assert answer.status_code == 422
    assert "Revoke one" in answer.text


@pytest.mark.parametrize("header", ["Bearer", "Bearer x", "Basic YTpi", "Bearer " + "x" * 5000])
async def test_odd_headers_are_nobody(visitor: httpx.AsyncClient, header: str) -> None:
    answer = await visitor.get("/api/v1/me", headers={"authorization": header})
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"
