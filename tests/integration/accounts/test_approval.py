"""The first access to cases: what opened the account before opens it no more, whoever knew it."""

from __future__ import annotations

import re
import time

import httpx
import pytest

from appliance.core import db
from tests.conftest import SignedIn
from tests.integration.accounts.conftest import (
    GOOD_PASSWORD,
    OTHER_PASSWORD,
    code_at,
    enter,
    id_of,
    secret_in,
    secrets_in,
    send,
    set_up_factor,
)

pytestmark = pytest.mark.usefixtures("database")
MALLORY = {"login": "mallory", "name": "Mallory Keen", "roles": "ADMIN", "language": "EN"}


async def opened_by(
    app: httpx.ASGITransport, login: str, code: str, password: str
) -> httpx.AsyncClient:
    """A browser in which somebody used a one-time code and chose a password."""
    client = await enter(app, login, code)
    answer = await send(client, "/account/password", new_password=password, repeated=password)
    assert answer.status_code == 303, answer.text
    return client


async def test_who_made_an_account_cannot_use_it_for_cases(
    signed_in: SignedIn, app: httpx.ASGITransport
) -> None:
    admin, ncp = await signed_in("admin"), await signed_in("ncp")
    code = secret_in(await send(admin, "/accounts/new", **MALLORY))
    kept = await opened_by(app, "mallory", code, GOOD_PASSWORD)
    key, _ = await set_up_factor(kept)
    account = await id_of("mallory")
    await send(admin, f"/accounts/{account}/roles", roles="OFFICER")
    given = secret_in(await send(ncp, f"/accounts/{account}/approve", asked="OFFICER"))
    assert (await kept.get("/seizures")).status_code == 303
    again = await enter(app, "mallory", GOOD_PASSWORD)
    await send(again, "/login/code", code=code_at(key, time.time() + 30))
    assert (await again.get("/seizures")).status_code == 303
    owner = await opened_by(app, "mallory", given, OTHER_PASSWORD)
    assert (await owner.get("/seizures")).status_code == 200
    page = await owner.get("/account/security-log")
    assert "The password was reset by Leila Mansour" in page.text
    for client in (kept, again, owner):
        await client.aclose()


async def test_an_officer_lent_to_the_administrators_comes_back_with_a_new_password(
    signed_in: SignedIn, app: httpx.ASGITransport
) -> None:
    admin, ncp, account = await signed_in("admin"), await signed_in("ncp"), await id_of("officer")
    await send(admin, f"/accounts/{account}/roles", roles="ADMIN")
    code = secret_in(await send(admin, f"/accounts/{account}/reset"))
    kept = await opened_by(app, "officer", code, GOOD_PASSWORD)
    await db.execute(
        "INSERT INTO accounts.token (id, token_hash, prefix, account, name, made_at, ends_at)"
        " VALUES (gen_random_uuid(), 'x', 'ncen_x', $1, 'x', now(), now() + '1 day'::interval)",
        account,
    )
    await send(admin, f"/accounts/{account}/roles", roles="OFFICER")
    page = await send(ncp, f"/accounts/{account}/approve", asked="OFFICER")
    assert secret_in(page)
    again = await enter(app, "officer", GOOD_PASSWORD)
    for client in (kept, again):
        assert (await client.get("/seizures")).status_code == 303
        await client.aclose()
    live = "SELECT count(*) FROM accounts.token WHERE revoked_at IS NULL"
    assert await db.fetch_value(live) == 0


async def test_roles_that_exclude_each_other_are_not_approved(signed_in: SignedIn) -> None:
    account = await id_of("officer")
    await db.execute(
        "UPDATE accounts.account SET wanted_roles = '{ADMIN,OFFICER}' WHERE id = $1", account
    )
    answer = await send(
        await signed_in("ncp"), f"/accounts/{account}/approve", asked="ADMIN,OFFICER"
    )
    assert answer.status_code == 422
    assert "cannot be joined" in answer.text
    roles = await db.fetch_value("SELECT roles FROM accounts.account WHERE id = $1", account)
    assert roles == ["OFFICER"]


async def roles_of(login: str) -> list[str]:
    found: list[str] = await db.fetch_value(
        "SELECT roles FROM accounts.account WHERE login = $1", login
    )
    return found


def lines_of(page: httpx.Response) -> list[str]:
    """What the boxes of the waiting list say."""
    return re.findall(r'name="account" value="([^"]+)"', page.text)


async def test_the_list_gives_what_it_showed_and_nothing_else(signed_in: SignedIn) -> None:
    admin, ncp, account = await signed_in("admin"), await signed_in("ncp"), await id_of("officer")
    await send(admin, f"/accounts/{account}/roles", roles=["OFFICER", "ANALYST"])
    shown = lines_of(await ncp.get("/accounts/waiting"))
    assert shown == [f"{account} ANALYST,OFFICER"]
    await send(admin, f"/accounts/{account}/roles", roles=["OFFICER", "NCP"])
    for line in (shown[0], str(account)):
        answer = await send(ncp, "/accounts/waiting", account=line)
        assert answer.status_code == 409
        assert "Amina Sow: not approved. Somebody else has changed this account" in answer.text
    assert (await send(ncp, f"/accounts/{account}/approve")).status_code == 409
    assert await roles_of("officer") == ["OFFICER"]


async def test_one_line_that_waits_no_more_costs_the_others_nothing(signed_in: SignedIn) -> None:
    admin, ncp = await signed_in("admin"), await signed_in("ncp")
    for login in ("first", "second", "third"):
        fields = {**MALLORY, "login": login, "name": f"The {login}", "roles": "OFFICER"}
        await send(admin, "/accounts/new", **fields)
    shown = lines_of(await ncp.get("/accounts/waiting"))
    await send(ncp, f"/accounts/{await id_of('second')}/decline")
    page = await send(ncp, "/accounts/waiting", account=[*shown, shown[0]])
    assert page.status_code == 200
    assert len(secrets_in(page)) == 2
    assert "The second: not approved." in page.text
    assert [await roles_of(login) for login in ("first", "second", "third")] == [
        ["OFFICER"],
        [],
        ["OFFICER"],
    ]
