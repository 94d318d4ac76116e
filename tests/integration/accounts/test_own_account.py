"""The own pages: language, password, devices, security log, the password once more."""

from __future__ import annotations

import re

import httpx
import pytest

from appliance.core import db
from tests.conftest import Person, SignedIn
from tests.integration.accounts.conftest import (
    GOOD_PASSWORD,
    enter,
    id_of,
    send,
)

pytestmark = pytest.mark.usefixtures("database")
NOBODYS = "01a20755-8152-7735-9a2e-2fb1da3a91de"
PAGES = (
    "/account",
    "/account/password",
    "/account/sessions",
    "/account/second-factor",
    "/account/tokens",
    "/account/security-log",
    "/confirm",
)
ACTS = (
    "/account",
    "/account/password",
    f"/account/sessions/{NOBODYS}/end",
    "/account/sessions/end-others",
    "/account/second-factor/start",
    "/account/second-factor/confirm",
    "/account/second-factor/codes",
    "/account/second-factor/remove",
    "/account/tokens",
    f"/account/tokens/{NOBODYS}/revoke",
    "/confirm",
)


async def test_pages_open_for_their_owner_and_for_nobody_else(
    signed_in: SignedIn, visitor: httpx.AsyncClient
) -> None:
    client = await signed_in("officer")
    for url in PAGES:
        page = await client.get(url)
        assert page.status_code == 200, url
        assert page.headers["cache-control"] == "no-store"
        assert (await visitor.get(url)).headers["location"].startswith("/login"), url


async def test_nobody_acts_without_signing_in(visitor: httpx.AsyncClient) -> None:
    for url in ACTS:
        assert (await send(visitor, url)).status_code == 401, url


async def test_the_language_is_kept_with_the_account(signed_in: SignedIn) -> None:
    client = await signed_in("officer")
    assert (await send(client, "/account", language="FR")).status_code == 303
    stored = await db.fetch_value("SELECT language FROM accounts.account WHERE login = 'officer'")
    assert stored == "fr"
    assert 'lang="fr"' in (await client.get("/account")).text


async def test_an_unknown_language_is_refused(signed_in: SignedIn) -> None:
    client = await signed_in("officer")
    assert (await send(client, "/account", language="xx")).status_code == 422


async def change(client: httpx.AsyncClient, **fields: str) -> httpx.Response:
    return await send(client, "/account/password", **fields)


async def test_a_new_password_works_and_ends_all_other_sessions(
    signed_in: SignedIn, app: httpx.ASGITransport, cast: dict[str, Person]
) -> None:
    other = await enter(app, "officer", cast["officer"].password)
    client = await signed_in("officer")
    cookie = client.cookies["ncen"]
    answer = await change(
        client,
        password=cast["officer"].password,
        new_password=GOOD_PASSWORD,
        repeated=GOOD_PASSWORD,
    )
    assert answer.status_code == 303
    assert client.cookies["ncen"] != cookie
    assert (await client.get("/account")).status_code == 200
    assert (await other.get("/account")).status_code == 303
    fresh = await enter(app, "officer", GOOD_PASSWORD)
    assert (await fresh.get("/account")).status_code == 200
    for each in (other, fresh):
        await each.aclose()


WEAK = (
    ("short", "short", "at least 12 are needed"),
    ("password2026!", "password2026!", "common words"),
    ("qwertyuiop1234", "qwertyuiop1234", "rows of the keyboard"),
    ("abcabcabcabcabc", "abcabcabcabcabc", "repeats the same"),
    ("amina is my name", "amina is my name", "contains your name"),
    (GOOD_PASSWORD, GOOD_PASSWORD + "x", "differ"),
    ("Demo-officer-2026", "Demo-officer-2026", "contains your name"),
    ("", "", "This field is needed."),
)


async def test_weak_passwords_are_refused_with_a_sentence(
    signed_in: SignedIn, cast: dict[str, Person]
) -> None:
    client, present = await signed_in("officer"), cast["officer"].password
    for new, repeated, sentence in WEAK:
        answer = await change(client, password=present, new_password=new, repeated=repeated)
        assert answer.status_code == 422
        assert sentence in answer.text
        assert f'value="{new}"' not in answer.text


async def test_the_present_password_is_needed(signed_in: SignedIn) -> None:
    client = await signed_in("officer")
    answer = await change(
        client, password="wrong", new_password=GOOD_PASSWORD, repeated=GOOD_PASSWORD
    )
    assert "The present password is not right." in answer.text


async def test_guessing_the_present_password_waits(
    signed_in: SignedIn, cast: dict[str, Person]
) -> None:
    client = await signed_in("officer")
    new = {"new_password": GOOD_PASSWORD, "repeated": GOOD_PASSWORD}
    answers = [await change(client, password=f"wrong {n}", **new) for n in range(6)]
    assert [answer.status_code for answer in answers] == [422] * 5 + [429]
    assert "Too many failed tries." in answers[-1].text
    assert int(answers[-1].headers["retry-after"]) >= 1
    # The other page that asks for it counts the same tries.
    right = {"password": cast["officer"].password}
    assert (await send(client, "/confirm", **right)).status_code == 429
    await db.execute("UPDATE accounts.attempt SET blocked_until = last_at")
    assert (await change(client, **right, **new)).status_code == 303
    # Only the address is left; the person begins anew.
    assert await db.fetch_value("SELECT count(*) FROM accounts.attempt") == 1


async def test_proving_who_one_is_leaves_a_trace(
    signed_in: SignedIn, cast: dict[str, Person]
) -> None:
    client = await signed_in("officer")
    await send(client, "/confirm", password="wrong")
    await send(client, "/confirm", password=cast["officer"].password)
    rows = await db.fetch(
        "SELECT action, actor_name, detail FROM audit.entry WHERE detail::text LIKE '%onfirm%'"
        " OR detail::text LIKE '%CONFIRM%' ORDER BY n"
    )
    assert [(row["action"], row["actor_name"]) for row in rows] == [
        ("SIGN_IN_FAILED", "Amina Sow"),
        ("SECURITY", "Amina Sow"),
    ]


async def test_devices_are_listed_and_ended_one_by_one(
    signed_in: SignedIn, app: httpx.ASGITransport, cast: dict[str, Person]
) -> None:
    agent = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
    other = await enter(app, "officer", cast["officer"].password, **{"user-agent": agent})
    client = await signed_in("officer")
    page = await client.get("/account/sessions")
    assert "Firefox · Linux" in page.text
    (session,) = re.findall(r"/account/sessions/([0-9a-f-]{36})/end", page.text)
    assert (await send(client, f"/account/sessions/{session}/end")).status_code == 303
    assert (await other.get("/account")).status_code == 303
    assert (await client.get("/account")).status_code == 200
    await other.aclose()


async def test_all_other_sessions_end_at_once(
    signed_in: SignedIn, app: httpx.ASGITransport, cast: dict[str, Person]
) -> None:
    other = await enter(app, "officer", cast["officer"].password)
    client = await signed_in("officer")
    await send(client, "/account/sessions/end-others")
    assert (await other.get("/account")).status_code == 303
    assert (await client.get("/account")).status_code == 200
    await other.aclose()


async def test_the_session_of_somebody_else_cannot_be_ended(signed_in: SignedIn) -> None:
    victim = await signed_in("supervisor")
    theirs = await db.fetch_value(
        "SELECT id FROM accounts.session WHERE account = $1", await id_of("supervisor")
    )
    client = await signed_in("officer")
    for session in (theirs, "nonsense", NOBODYS):
        answer = await send(client, f"/account/sessions/{session}/end")
        assert answer.status_code == 404
    assert (await victim.get("/account")).status_code == 200


async def test_the_security_log_shows_the_own_events_only(
    signed_in: SignedIn, visitor: httpx.AsyncClient
) -> None:
    await send(visitor, "/login", login="supervisor", password="wrong wrong wrong")
    page = await (await signed_in("officer")).get("/account/security-log")
    assert "Signed in" in page.text
    assert "A sign-in failed" not in page.text


async def test_the_password_once_more_counts_ten_minutes(
    signed_in: SignedIn, cast: dict[str, Person]
) -> None:
    client = await signed_in("officer")
    await db.execute("UPDATE accounts.session SET confirmed_at = now() - '11 min'::interval")
    assert (await send(client, "/account/second-factor/start")).status_code == 403
    wrong = await send(client, "/confirm", password="wrong")
    assert wrong.status_code == 422
    answer = await send(
        client, "/confirm", password=cast["officer"].password, next="/account/second-factor"
    )
    assert answer.headers["location"] == "/account/second-factor"
    assert (await send(client, "/account/second-factor/start")).status_code == 303
