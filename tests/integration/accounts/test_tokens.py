"""API tokens: narrower than their owner, shown once, ended by time, hand or trouble."""

from __future__ import annotations

import re
from datetime import timedelta

import httpx
import msgspec
import pytest

from appliance.app import ROOM_NAMES
from appliance.core import clock, db, settings
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


BY_KEEPERS: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("ncp", "reset", {}),
    ("ncp", "block", {}),
    ("ncp", "end-sessions", {}),
    ("admin", "roles", {"roles": "ADMIN"}),
)


async def live(login: str) -> int:
    return int(
        await db.fetch_value(
            "SELECT count(*) FROM accounts.token WHERE account = $1 AND revoked_at IS NULL",
            await id_of(login),
        )
    )


async def test_what_keepers_do_about_an_account_ends_its_tokens(signed_in: SignedIn) -> None:
    keepers = {login: await signed_in(login) for login in ("ncp", "admin")}
    for login, (keeper, act, fields) in zip(
        ("officer", "officer2", "supervisor", "analyst"), BY_KEEPERS, strict=True
    ):
        await make(await signed_in(login))
        assert await live(login) == 1
        await send(keepers[keeper], f"/accounts/{await id_of(login)}/{act}", **fields)
        assert await live(login) == 0, act


async def test_keepers_see_and_end_the_tokens_of_others(signed_in: SignedIn) -> None:
    officer, ncp, admin = [await signed_in(login) for login in ("officer", "ncp", "admin")]
    token, account = secret_in(await make(officer)), await id_of("officer")
    await make(officer, name="Spare script")
    pages = [(await keeper.get(f"/accounts/{account}")).text for keeper in (ncp, admin)]
    assert all("Report script" in page and token[:13] in page for page in pages)
    assert all(token not in page for page in pages)
    assert (
        "Report script" not in (await (await signed_in("auditor")).get(f"/accounts/{account}")).text
    )
    first, second = re.findall(r"/tokens/([0-9a-f-]{36})/end", pages[0])
    assert (await send(ncp, f"/accounts/{account}/tokens/{first}/end")).status_code == 303
    assert (await send(ncp, f"/accounts/{account}/tokens/{first}/end")).status_code == 404
    assert (await send(admin, f"/accounts/{account}/tokens/{second}/end")).status_code == 303
    assert await live("officer") == 0
    page = await officer.get("/account/security-log")
    assert "An API token was ended by Leila Mansour" in page.text


async def test_nobody_else_ends_the_tokens_of_others(signed_in: SignedIn) -> None:
    await make(await signed_in("officer"))
    token, account = await db.fetch_value("SELECT id FROM accounts.token"), await id_of("officer")
    for login in ("supervisor", "auditor"):
        url = f"/accounts/{account}/tokens/{token}/end"
        assert (await send(await signed_in(login), url)).status_code == 403
    ncp = await signed_in("ncp")
    for wrong in ("nonsense", await id_of("ncp")):
        assert (await send(ncp, f"/accounts/{account}/tokens/{wrong}/end")).status_code == 404
    own = await send(ncp, f"/accounts/{await id_of('ncp')}/tokens/{token}/end")
    assert own.status_code == 403
    assert await live("officer") == 1


async def test_a_token_of_who_owes_a_second_factor_is_refused(
    program: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    demanding = msgspec.structs.replace(settings.get_settings(), second_factor_roles=("ADMIN",))
    monkeypatch.setattr("appliance.app.accounts.service.sessions.get_settings", lambda: demanding)
    assert (await program.get("/api/v1/me")).status_code == 401
    await db.execute("UPDATE accounts.account SET totp_since = now() WHERE login = 'admin'")
    assert (await program.get("/api/v1/me")).status_code == 200


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


async def test_the_trail_tells_which_token_read(
    program: httpx.AsyncClient, signed_in: SignedIn
) -> None:
    admin = await signed_in("admin")
    made = secret_in(await make(admin, name="Another script"))
    assert (await program.get("/api/v1/seizures")).status_code == 403
    entry = await db.fetch_row(
        "SELECT action, session FROM audit.entry WHERE actor_name = 'Samuel Chanda' ORDER BY n DESC LIMIT 1"
    )
    assert entry is not None
    secret = program.headers["authorization"].removeprefix("Bearer ")
    prefix, other = ("_".join(token.split("_", 2)[:2]) for token in (secret, made))
    assert (entry["action"], entry["session"]) == ("REFUSED", prefix)
    assert entry["session"] != other
