"""The second factor: set up, asked for, replay refused, recovery codes once, telephones lost."""

from __future__ import annotations

import time

import httpx
import msgspec
import pytest

from appliance.core import db, settings
from tests.conftest import Person, SignedIn
from tests.integration.accounts.conftest import (
    code_at,
    enter,
    secret_in,
    secrets_in,
    send,
    set_up_factor,
)

pytestmark = pytest.mark.usefixtures("database")


async def is_in(client: httpx.AsyncClient) -> bool:
    return (await client.get("/account")).status_code == 200


async def test_setting_up_shows_key_picture_and_ten_recovery_codes(signed_in: SignedIn) -> None:
    client = await signed_in("analyst")
    await send(client, "/account/second-factor/start")
    page = await client.get("/account/second-factor")
    picture = await client.get("/account/second-factor/code.svg")
    assert picture.headers["content-type"].startswith("image/svg+xml")
    assert b"<svg" in picture.content
    assert b"style" not in picture.content
    assert picture.headers["cache-control"] == "no-store"
    answer = await send(
        client, "/account/second-factor/confirm", code=code_at(secret_in(page), time.time())
    )
    assert len(set(secrets_in(answer))) == 10
    gone = await client.get("/account/second-factor/code.svg")
    assert gone.status_code == 404


async def test_the_key_lies_sealed_in_the_database(signed_in: SignedIn) -> None:
    key, codes = await set_up_factor(await signed_in("analyst"))
    row = await db.fetch_row("SELECT * FROM accounts.account WHERE login = 'analyst'")
    stored = await db.fetch("SELECT * FROM accounts.recovery_code")
    assert row is not None
    assert key.encode() not in row["totp_secret"]
    assert codes[0].encode() not in b"".join(item["code_hash"] for item in stored)


async def test_signing_in_then_takes_password_and_code(
    signed_in: SignedIn, app: httpx.ASGITransport, cast: dict[str, Person]
) -> None:
    key, _ = await set_up_factor(await signed_in("analyst"))
    client = await enter(app, "analyst", cast["analyst"].password)
    assert not await is_in(client)
    half = client.cookies["ncen"]
    answer = await send(client, "/login/code", code=code_at(key, time.time() + 30))
    assert answer.status_code == 303
    assert client.cookies["ncen"] != half
    assert await is_in(client)
    await client.aclose()


async def test_a_code_works_once(
    signed_in: SignedIn, app: httpx.ASGITransport, cast: dict[str, Person]
) -> None:
    key, _ = await set_up_factor(await signed_in("analyst"))
    code = code_at(key, time.time() + 30)
    for expected in (303, 422):
        client = await enter(app, "analyst", cast["analyst"].password)
        answer = await send(client, "/login/code", code=code)
        assert answer.status_code == expected
        await client.aclose()


async def test_the_code_that_set_it_up_does_not_open_the_door_again(
    signed_in: SignedIn, app: httpx.ASGITransport, cast: dict[str, Person]
) -> None:
    key, _ = await set_up_factor(await signed_in("analyst"))
    client = await enter(app, "analyst", cast["analyst"].password)
    answer = await send(client, "/login/code", code=code_at(key, time.time() - 30))
    assert answer.status_code == 422
    await client.aclose()


async def test_a_recovery_code_works_once_and_is_told(
    signed_in: SignedIn, app: httpx.ASGITransport, cast: dict[str, Person]
) -> None:
    _, codes = await set_up_factor(await signed_in("analyst"))
    spoken = codes[3].lower().replace("-", " ")
    client = await enter(app, "analyst", cast["analyst"].password)
    assert (await send(client, "/login/code", code=spoken)).status_code == 303
    page = await client.get("/account/second-factor")
    assert "A recovery code was used" in page.text
    assert "9 recovery codes are left." in page.text
    again = await enter(app, "analyst", cast["analyst"].password)
    assert (await send(again, "/login/code", code=spoken)).status_code == 422
    await client.aclose()
    await again.aclose()


async def test_guessing_codes_waits_too(
    signed_in: SignedIn, app: httpx.ASGITransport, cast: dict[str, Person]
) -> None:
    await set_up_factor(await signed_in("analyst"))
    client = await enter(app, "analyst", cast["analyst"].password)
    answers = [await send(client, "/login/code", code=f"00000{n}") for n in range(6)]
    assert [answer.status_code for answer in answers] == [422] * 5 + [429]
    # A fresh password does not give fresh tries; checking it may take longer than the first wait.
    await db.execute(
        "UPDATE accounts.attempt SET blocked_until = now() + '40 s'::interval"
        " WHERE blocked_until > last_at"
    )
    other = await enter(app, "analyst", cast["analyst"].password)
    assert (await send(other, "/login/code", code="000009")).status_code == 429
    await client.aclose()
    await other.aclose()


async def test_password_and_code_belong_together_for_ten_minutes(
    signed_in: SignedIn, app: httpx.ASGITransport, cast: dict[str, Person]
) -> None:
    key, _ = await set_up_factor(await signed_in("analyst"))
    client = await enter(app, "analyst", cast["analyst"].password)
    await db.execute("UPDATE accounts.session SET made_at = made_at - '11 min'::interval")
    answer = await send(client, "/login/code", code=code_at(key, time.time() + 30))
    assert "Begin again" in answer.text
    assert not await is_in(client)
    await client.aclose()


async def test_a_wrong_first_code_changes_nothing(signed_in: SignedIn) -> None:
    client = await signed_in("analyst")
    await send(client, "/account/second-factor/start")
    answer = await send(client, "/account/second-factor/confirm", code="000000")
    assert answer.status_code == 422
    assert "This code is not right" in answer.text
    assert (
        await db.fetch_value("SELECT totp_since FROM accounts.account WHERE login = 'analyst'")
        is None
    )


async def test_setting_up_renews_this_session_and_ends_the_others(
    signed_in: SignedIn, app: httpx.ASGITransport, cast: dict[str, Person]
) -> None:
    other = await enter(app, "analyst", cast["analyst"].password)
    client = await signed_in("analyst")
    before = client.cookies["ncen"]
    await set_up_factor(client)
    assert client.cookies["ncen"] != before
    assert await is_in(client)
    assert not await is_in(other)
    await other.aclose()


async def test_new_recovery_codes_replace_the_old(
    signed_in: SignedIn, app: httpx.ASGITransport, cast: dict[str, Person]
) -> None:
    client = await signed_in("analyst")
    _, old = await set_up_factor(client)
    new = secrets_in(await send(client, "/account/second-factor/codes"))
    assert not set(old) & set(new)
    door = await enter(app, "analyst", cast["analyst"].password)
    assert (await send(door, "/login/code", code=old[0])).status_code == 422
    assert (await send(door, "/login/code", code=new[0])).status_code == 303
    await door.aclose()


async def remove(client: httpx.AsyncClient, password: str, code: str) -> httpx.Response:
    return await send(client, "/account/second-factor/remove", password=password, code=code)


async def still_there() -> bool:
    return bool(await db.fetch_value("SELECT count(*) FROM accounts.recovery_code"))


async def test_removing_it_takes_password_and_code_together(
    signed_in: SignedIn, cast: dict[str, Person]
) -> None:
    client, password = await signed_in("analyst"), cast["analyst"].password
    key, codes = await set_up_factor(client)
    now = code_at(key, time.time() + 30)
    for typed, sentence in (
        (("", ""), "2 entries need your attention"),
        (("", now), "This field is needed."),
        ((password, ""), "This field is needed."),
        (("wrong", now), "The password is not right."),
        ((password, "000000"), "This code is not right"),
        ((password, code_at(key, time.time() - 30)), "This code is not right"),
    ):
        answer = await remove(client, *typed)
        assert answer.status_code == 422, typed
        assert sentence in answer.text, typed
        assert password not in answer.text
    assert await still_there()
    assert (await remove(client, password, now)).status_code == 303
    assert not await still_there()
    assert (await remove(client, password, codes[0])).status_code == 409


async def test_a_recovery_code_removes_it_too(signed_in: SignedIn, cast: dict[str, Person]) -> None:
    client = await signed_in("analyst")
    _, codes = await set_up_factor(client)
    assert (await remove(client, cast["analyst"].password, codes[0])).status_code == 303


async def test_guessing_codes_to_remove_it_waits(
    signed_in: SignedIn, cast: dict[str, Person]
) -> None:
    client, password = await signed_in("analyst"), cast["analyst"].password
    await set_up_factor(client)
    answers = [await remove(client, password, f"00000{n}") for n in range(6)]
    assert [answer.status_code for answer in answers] == [422] * 5 + [429]
    assert await still_there()


async def test_a_role_that_demands_it_lets_nobody_pass_before(
    signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = await signed_in("ncp")
    demanding = msgspec.structs.replace(settings.get_settings(), second_factor_roles=("NCP",))
    monkeypatch.setattr("appliance.app.accounts.service.sessions.get_settings", lambda: demanding)
    for url in ("/", "/accounts", "/account/tokens"):
        answer = await client.get(url)
        assert answer.headers["location"] == "/account/finish"
    assert (await client.get("/account/finish")).headers["location"] == "/account/second-factor"
    assert (await client.get("/api/v1/offices")).status_code == 403
    await set_up_factor(client)
    assert (await client.get("/accounts")).status_code == 200
