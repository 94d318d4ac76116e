"""A forgotten password: the code is given once, old sessions end at once, the owner is told."""

from __future__ import annotations

import getpass

import httpx
import pytest

from appliance.app.accounts.schemas import Origin
from appliance.app.accounts.service import own, sessions, sign_in
from appliance.core import db
from appliance.core.crypto import token_hash
from appliance.core.errors import Invalid, NotSignedIn
from tests.conftest import Person, SignedIn, ncen
from tests.integration.accounts.conftest import (
    GOOD_PASSWORD,
    enter,
    id_of,
    secret_in,
    send,
    set_up_factor,
)

pytestmark = pytest.mark.usefixtures("database")


async def code_for(signed_in: SignedIn, login: str, **fields: str) -> str:
    ncp = await signed_in("ncp")
    page = await send(ncp, f"/accounts/{await id_of(login)}/reset", **fields)
    assert page.status_code == 200, page.text
    return secret_in(page)


async def choose(client: httpx.AsyncClient) -> httpx.Response:
    return await send(
        client, "/account/password", new_password=GOOD_PASSWORD, repeated=GOOD_PASSWORD
    )


async def test_a_reset_ends_sessions_and_the_old_password_at_once(
    signed_in: SignedIn, app: httpx.ASGITransport, cast: dict[str, Person]
) -> None:
    officer = await signed_in("officer")
    await code_for(signed_in, "officer")
    assert (await officer.get("/account")).status_code == 303
    client = await enter(app, "officer", cast["officer"].password)
    assert (await client.get("/account")).status_code == 303
    await client.aclose()


async def test_the_code_leads_to_a_new_password_and_nowhere_else(
    signed_in: SignedIn, visitor: httpx.AsyncClient, app: httpx.ASGITransport
) -> None:
    code = await code_for(signed_in, "officer")
    answer = await send(visitor, "/reset", login="officer", code=code.lower().replace("-", " "))
    assert answer.headers["location"] == "/account/password"
    assert (await visitor.get("/")).headers["location"] == "/account/finish"
    assert (await visitor.get("/account/tokens")).headers["location"] == "/account/finish"
    assert (await choose(visitor)).status_code == 303
    assert (await visitor.get("/account")).status_code == 200
    fresh = await enter(app, "officer", GOOD_PASSWORD)
    assert (await fresh.get("/account")).status_code == 200
    await fresh.aclose()


async def test_the_person_is_told_who_did_it(
    signed_in: SignedIn, visitor: httpx.AsyncClient
) -> None:
    code = await code_for(signed_in, "officer")
    await send(visitor, "/reset", login="officer", code=code)
    await choose(visitor)
    page = await visitor.get("/account/security-log")
    assert "The password was reset by Leila Mansour" in page.text
    assert "Signed in with a one-time code" in page.text


async def test_a_code_works_once_and_only_for_its_owner(
    signed_in: SignedIn, visitor: httpx.AsyncClient, app: httpx.ASGITransport
) -> None:
    code = await code_for(signed_in, "officer")
    other = await send(visitor, "/reset", login="supervisor", code=code)
    assert other.status_code == 422
    assert (await send(visitor, "/reset", login="officer", code=code)).status_code == 303
    thief = httpx.AsyncClient(transport=app, base_url="http://ncen.test")
    answer = await send(thief, "/reset", login="officer", code=code)
    assert answer.status_code == 422
    assert "the code was used or is too old" in answer.text
    await thief.aclose()


async def test_a_new_code_replaces_the_one_before(
    signed_in: SignedIn, visitor: httpx.AsyncClient
) -> None:
    first = await code_for(signed_in, "officer")
    second = await code_for(signed_in, "officer")
    assert (await send(visitor, "/reset", login="officer", code=first)).status_code == 422
    assert (await send(visitor, "/reset", login="officer", code=second)).status_code == 303


async def test_a_code_ages(signed_in: SignedIn, visitor: httpx.AsyncClient) -> None:
    code = await code_for(signed_in, "officer")
    await db.execute("UPDATE accounts.one_time SET ends_at = now() - '1 s'::interval")
    assert (await send(visitor, "/reset", login="officer", code=code)).status_code == 422


async def test_guessing_codes_waits(visitor: httpx.AsyncClient) -> None:
    codes = ["AAAA-BBBB-CCCC"] * 6
    answers = [await send(visitor, "/reset", login="officer", code=code) for code in codes]
    assert [answer.status_code for answer in answers] == [422] * 5 + [429]


async def test_the_second_factor_is_still_owed(
    signed_in: SignedIn, visitor: httpx.AsyncClient
) -> None:
    _, codes = await set_up_factor(await signed_in("officer"))
    code = await code_for(signed_in, "officer")
    page = await send(visitor, "/reset", login="officer", code=code)
    assert "Second factor" in page.text
    assert (await visitor.get("/account")).status_code == 303
    answer = await send(visitor, "/login/code", code=codes[0])
    assert answer.headers["location"] == "/account/password"


async def test_a_lost_telephone_is_removed_with_the_reset(
    signed_in: SignedIn, visitor: httpx.AsyncClient
) -> None:
    await set_up_factor(await signed_in("officer"))
    code = await code_for(signed_in, "officer", drop_factor="yes")
    answer = await send(visitor, "/reset", login="officer", code=code)
    assert answer.headers["location"] == "/account/password"
    assert await db.fetch_value("SELECT count(*) FROM accounts.recovery_code") == 0


async def test_no_secret_stands_in_audit_or_database(signed_in: SignedIn) -> None:
    code = await code_for(signed_in, "officer")
    rows = await db.fetch("SELECT detail, label FROM audit.entry")
    assert all(code not in str(dict(row)) for row in rows)
    stored = await db.fetch_value("SELECT code_hash FROM accounts.one_time")
    assert code.replace("-", "").encode() not in stored


async def test_an_administrator_is_reset_by_another_one(signed_in: SignedIn) -> None:
    await db.execute("UPDATE accounts.account SET roles = '{ADMIN}' WHERE login = 'trainer'")
    account = await id_of("trainer")
    by_ncp = await send(await signed_in("ncp"), f"/accounts/{account}/reset")
    assert by_ncp.status_code == 403
    assert (await send(await signed_in("admin"), f"/accounts/{account}/reset")).status_code == 200


async def test_the_console_resets_the_only_holder_of_a_duty(visitor: httpx.AsyncClient) -> None:
    for login in ("ncp", "admin"):
        printed = ncen("user", "reset", login).stdout
        code = printed.removeprefix(f"{login}: ").strip()
        answer = await send(visitor, "/reset", login=login, code=code)
        assert answer.headers["location"] == "/account/password"
        entry = await db.fetch_row(
            "SELECT actor_name, address FROM audit.entry WHERE label = $1 AND action = 'SECURITY'",
            login,
        )
        assert entry is not None
        assert tuple(entry) == (f"system (command line, {getpass.getuser()})", "local")


async def test_the_console_removes_the_second_factor_where_it_is_told(
    signed_in: SignedIn, visitor: httpx.AsyncClient
) -> None:
    await set_up_factor(await signed_in("admin"))
    code = ncen("user", "reset", "admin").stdout.removeprefix("admin: ").strip()
    page = await send(visitor, "/reset", login="admin", code=code)
    assert "Second factor" in page.text
    printed = ncen("user", "reset", "admin", "--remove-second-factor").stdout
    code = printed.removeprefix("admin: ").strip()
    answer = await send(visitor, "/reset", login="admin", code=code)
    assert answer.headers["location"] == "/account/password"


@pytest.mark.parametrize(
    ("login", "helper"),
    [
        ("officer", "A national contact point can give"),
        ("ncp", "A national contact point can give"),
        ("admin", "Another administrator can give"),
    ],
)
async def test_the_console_resets_nobody_whom_somebody_else_can_help(
    login: str, helper: str
) -> None:
    await db.execute("UPDATE accounts.account SET roles = '{NCP}' WHERE login = 'analyst'")
    await db.execute("UPDATE accounts.account SET roles = '{ADMIN}' WHERE login = 'trainer'")
    with pytest.raises(AssertionError, match=helper):
        ncen("user", "reset", login)
    assert await db.fetch_value("SELECT count(*) FROM accounts.one_time") == 0
    assert await db.fetch_value(
        "SELECT password_hash <> '' FROM accounts.account WHERE login = $1", login
    )


HERE = Origin("127.0.0.1", "")


async def open_sessions(login: str) -> int:
    return int(
        await db.fetch_value(
            "SELECT count(*) FROM accounts.session WHERE account = $1 AND ended_at IS NULL",
            await id_of(login),
        )
    )


async def test_a_sign_in_under_way_does_not_outrun_a_reset(signed_in: SignedIn) -> None:
    checked = await sign_in.find("officer")
    assert checked is not None
    await code_for(signed_in, "officer")
    with pytest.raises(Invalid):
        await sign_in.open_door(checked, HERE, "", "")
    assert await open_sessions("officer") == 0


async def test_a_code_under_way_does_not_outrun_a_reset(
    signed_in: SignedIn, app: httpx.ASGITransport, cast: dict[str, Person]
) -> None:
    await set_up_factor(await signed_in("officer"))
    client = await enter(app, "officer", cast["officer"].password)
    found = await sign_in.find_half(client.cookies["ncen"])
    assert found is not None
    await code_for(signed_in, "officer")
    with pytest.raises(NotSignedIn):
        await sign_in.complete(found[2], HERE, found[0], "time", resumes=False)
    assert await open_sessions("officer") == 0
    await client.aclose()


async def test_a_new_password_under_way_does_not_outrun_a_reset(
    signed_in: SignedIn, visitor: httpx.AsyncClient
) -> None:
    code = await code_for(signed_in, "officer")
    await send(visitor, "/reset", login="officer", code=code)
    known = await sessions.find_session(token_hash(visitor.cookies["ncen"]))
    assert known is not None
    assert known.session_id is not None
    await code_for(signed_in, "officer")
    chosen = own.NewPassword(GOOD_PASSWORD, GOOD_PASSWORD)
    with pytest.raises(NotSignedIn):
        await own.change_password(known, known.session_id, "", chosen, HERE.address)
    stored = "SELECT password_hash FROM accounts.account WHERE login = 'officer'"
    assert await db.fetch_value(stored) == ""
