"""The door: who gets in, who does not, what both are told, and what failed tries cost."""

from __future__ import annotations

import json
import time

import httpx
import pytest

from appliance.app.accounts.service import attempts
from appliance.core import db
from tests.conftest import Person, SignedIn, form_token
from tests.integration.accounts.conftest import enter, send

pytestmark = pytest.mark.usefixtures("database")


async def entries(action: str) -> int:
    return int(await db.fetch_value("SELECT count(*) FROM audit.entry WHERE action = $1", action))


async def test_the_right_password_opens_the_door(
    visitor: httpx.AsyncClient, cast: dict[str, Person]
) -> None:
    answer = await send(visitor, "/login", login="OFFICER", password=cast["officer"].password)
    assert answer.status_code == 303
    assert (await visitor.get("/account")).status_code == 200
    assert await entries("SIGN_IN") == 1


async def test_the_cookie_is_out_of_reach_of_scripts_and_foreign_pages(
    visitor: httpx.AsyncClient, cast: dict[str, Person]
) -> None:
    answer = await send(visitor, "/login", login="officer", password=cast["officer"].password)
    cookie = next(c for c in answer.headers.get_list("set-cookie") if c.startswith("ncen="))
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Max-Age" not in cookie


async def test_after_signing_in_one_arrives_where_one_wanted_to_go(
    visitor: httpx.AsyncClient, cast: dict[str, Person]
) -> None:
    sent_away = await visitor.get("/account/sessions")
    assert sent_away.headers["location"].startswith("/login?next=")
    password = cast["officer"].password
    answer = await send(
        visitor, "/login", login="officer", password=password, next="/account/sessions"
    )
    assert answer.headers["location"] == "/account/sessions"


async def test_signing_in_leads_nowhere_outside(
    visitor: httpx.AsyncClient, cast: dict[str, Person]
) -> None:
    password = cast["officer"].password
    for target in ("https://elsewhere.test/", "//elsewhere.test", "/\\elsewhere"):
        answer = await send(visitor, "/login", login="officer", password=password, next=target)
        assert answer.headers["location"] == "/"


async def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(
    visitor: httpx.AsyncClient,
) -> None:
    pages = []
    for login in ("officer", "nobody1"):
        answer = await send(visitor, "/login", login=login, password="not the right one")
        assert answer.status_code == 422
        assert "The sign-in name or the password is not right." in answer.text
        assert "not the right one" not in answer.text
        pages.append(answer.text.replace(login, "somebody"))
    assert pages[0] == pages[1]
    assert await entries("SIGN_IN_FAILED") == 2


async def test_an_unknown_name_takes_as_long_as_a_known_one(app: httpx.ASGITransport) -> None:
    spent: dict[str, list[float]] = {"officer": [], "no-such-name": []}
    for _ in range(4):
        for login, times in spent.items():
            begun = time.perf_counter()
            await (await enter(app, login, "wrong wrong wrong")).aclose()
            times.append(time.perf_counter() - begun)
    known, unknown = (sorted(times)[1] for times in spent.values())
    assert 0.5 < known / unknown < 2


async def test_a_name_that_was_typed_wrongly_is_not_kept_anywhere(
    visitor: httpx.AsyncClient,
) -> None:
    await send(visitor, "/login", login="my secret pass phrase", password="x")
    row = await db.fetch_row("SELECT * FROM audit.entry WHERE action = 'SIGN_IN_FAILED'")
    assert row is not None
    assert "secret" not in str(dict(row))


async def test_failed_tries_wait_longer_and_longer(visitor: httpx.AsyncClient) -> None:
    who = attempts.key_of("who", "officer")
    waits = []
    for _ in range(9):
        answer = await send(visitor, "/login", login="officer", password="wrong wrong wrong")
        assert answer.status_code == 422
        waits.append(
            await db.fetch_value(
                "UPDATE accounts.attempt a SET blocked_until = a.last_at FROM accounts.attempt old"
                " WHERE a.key = $1 AND old.key = a.key"
                " RETURNING greatest(0,"
                " round(extract(epoch FROM old.blocked_until - old.last_at))::int)",
                who,
            )
        )
    assert waits == [0, 0, 0, 0, 1, 2, 4, 8, 16]


async def test_while_the_wait_lasts_even_the_right_password_is_not_looked_at(
    visitor: httpx.AsyncClient, cast: dict[str, Person]
) -> None:
    for _ in range(5):
        await send(visitor, "/login", login="officer", password="wrong wrong wrong")
    await db.execute("UPDATE accounts.attempt SET blocked_until = now() + '40 s'::interval")
    answer = await send(visitor, "/login", login="officer", password=cast["officer"].password)
    assert answer.status_code == 429
    assert 38 <= int(answer.headers["retry-after"]) <= 41
    assert "Too many failed tries" in answer.text
    assert 'value="officer"' in answer.text


async def test_an_address_that_tries_many_names_waits_too(visitor: httpx.AsyncClient) -> None:
    await send(visitor, "/login", login="one", password="wrong wrong wrong")
    await db.execute("UPDATE accounts.attempt SET failures = 24")
    await send(visitor, "/login", login="two", password="wrong wrong wrong")
    answer = await send(visitor, "/login", login="three", password="wrong wrong wrong")
    assert answer.status_code == 429


async def test_a_right_password_forgives_the_failures_of_this_person(
    visitor: httpx.AsyncClient, cast: dict[str, Person]
) -> None:
    for _ in range(3):
        await send(visitor, "/login", login="officer", password="wrong wrong wrong")
    await send(visitor, "/login", login="officer", password=cast["officer"].password)
    left = await db.fetch("SELECT failures FROM accounts.attempt")
    assert [row["failures"] for row in left] == [3]


async def test_a_session_id_brought_along_is_not_taken_over(
    app: httpx.ASGITransport, cast: dict[str, Person]
) -> None:
    client = httpx.AsyncClient(transport=app, base_url="http://ncen.test")
    client.cookies.set("ncen", "chosen-by-an-attacker", domain="ncen.test")
    await send(client, "/login", login="officer", password=cast["officer"].password)
    assert client.cookies["ncen"] != "chosen-by-an-attacker"
    attacker = httpx.AsyncClient(
        transport=app, base_url="http://ncen.test", cookies={"ncen": "chosen-by-an-attacker"}
    )
    assert (await attacker.get("/account")).status_code == 303
    await client.aclose()
    await attacker.aclose()


async def test_signing_in_again_ends_the_session_of_the_same_browser(
    signed_in: SignedIn, cast: dict[str, Person], app: httpx.ASGITransport
) -> None:
    client = await signed_in("officer")
    old = client.cookies["ncen"]
    await send(client, "/login", login="officer", password=cast["officer"].password)
    assert client.cookies["ncen"] != old
    stale = httpx.AsyncClient(transport=app, base_url="http://ncen.test", cookies={"ncen": old})
    assert (await stale.get("/account")).status_code == 303
    await stale.aclose()


async def test_signing_out_ends_the_session(signed_in: SignedIn) -> None:
    client = await signed_in("officer")
    kept = client.cookies["ncen"]
    assert (await send(client, "/logout")).headers["location"] == "/login"
    client.cookies.set("ncen", kept, domain="ncen.test")
    assert (await client.get("/account")).status_code == 303
    assert await entries("SIGN_OUT") == 1


async def test_a_blocked_person_is_told_so_only_after_the_right_password(
    visitor: httpx.AsyncClient, cast: dict[str, Person]
) -> None:
    await db.execute("UPDATE accounts.account SET state = 'BLOCKED' WHERE login = 'officer'")
    wrong = await send(visitor, "/login", login="officer", password="wrong wrong wrong")
    assert "blocked" not in wrong.text
    right = await send(visitor, "/login", login="officer", password=cast["officer"].password)
    assert right.status_code == 403
    assert "This account is blocked." in right.text


async def test_blocking_ends_what_is_open(signed_in: SignedIn) -> None:
    client = await signed_in("officer")
    await db.execute("UPDATE accounts.account SET state = 'BLOCKED' WHERE login = 'officer'")
    assert (await client.get("/account")).status_code == 303


async def test_failed_tries_are_told_at_the_next_sign_in(
    visitor: httpx.AsyncClient, cast: dict[str, Person]
) -> None:
    await send(visitor, "/login", login="officer", password="wrong wrong wrong")
    await send(visitor, "/login", login="officer", password=cast["officer"].password)
    page = await visitor.get("/account")
    assert "1 sign-in with your name failed" in page.text


ODD_NAMES = (
    "",
    "a" * 5_000,
    "offi\x00cer",
    "\u202eofficer",
    "x' OR 1=1 --",
    "😀" * 20,
    "O\ufb03CER\n",
)
ODD_PASSWORDS = ("", "\x00", "p" * 100_000, "😀\u202e")


async def test_odd_names_and_passwords_are_answered_with_a_sentence(
    visitor: httpx.AsyncClient,
) -> None:
    pairs = [(name, "wrong wrong wrong") for name in ODD_NAMES]
    pairs += [("supervisor", password) for password in ODD_PASSWORDS]
    for login, password in pairs:
        answer = await send(visitor, "/login", login=login, password=password)
        assert answer.status_code == 422, (login, password)
        assert 'role="alert"' in answer.text


async def test_a_form_that_is_not_utf8_is_answered_with_a_sentence(
    visitor: httpx.AsyncClient,
) -> None:
    token = form_token(await visitor.get("/login"))
    body = f"_csrf_token={token}&login=".encode() + b"%ff%fe\xff&password=x"
    headers = {"content-type": "application/x-www-form-urlencoded"}
    answer = await visitor.post("/login", content=body, headers=headers)
    assert 400 <= answer.status_code < 500


async def test_a_form_from_elsewhere_is_refused(
    visitor: httpx.AsyncClient, cast: dict[str, Person]
) -> None:
    data = {"login": "officer", "password": cast["officer"].password}
    answer = await visitor.post("/login", data=data)
    assert answer.status_code == 403
    assert "ncen" not in visitor.cookies


async def test_one_statement_finds_a_session(signed_in: SignedIn) -> None:
    client = await signed_in("officer")
    stored = await db.fetch_value("SELECT seen_at FROM accounts.session WHERE stage = 'FULL'")
    for _ in range(3):
        assert (await client.get("/account")).status_code == 200
    assert stored == await db.fetch_value("SELECT seen_at FROM accounts.session")
    await db.execute("UPDATE accounts.session SET seen_at = seen_at - '61 s'::interval")
    await client.get("/account")
    assert stored < await db.fetch_value("SELECT seen_at FROM accounts.session")


OVER = (
    "ends_at = now()",
    "seen_at = now() - '61 min'::interval",
    "made_at = now() + '2 days'::interval",
    "ended_at = now()",
    "stage = 'HALF'",
)


async def test_a_session_that_is_over_opens_nothing(signed_in: SignedIn) -> None:
    client = await signed_in("officer")
    for change in OVER:
        await db.execute(f"UPDATE accounts.session SET {change}")
        assert (await client.get("/account")).status_code == 303, change
        await db.execute(
            "UPDATE accounts.session SET ends_at = now() + '1 h'::interval, seen_at = now(),"
            " made_at = now(), ended_at = NULL, stage = 'FULL'"
        )
        assert (await client.get("/account")).status_code == 200


async def test_choices_of_language_and_theme_hold_without_signing_in(
    visitor: httpx.AsyncClient,
) -> None:
    answer = await send(visitor, "/preferences/language", language="ar", next="/reset")
    assert answer.headers["location"] == "/reset"
    await send(visitor, "/preferences/theme", theme="dark")
    page = await visitor.get("/login")
    assert 'lang="ar" dir="rtl"' in page.text
    assert 'data-bs-theme="dark"' in page.text


async def test_unknown_choices_are_refused(visitor: httpx.AsyncClient) -> None:
    for name in ("language", "theme"):
        answer = await send(visitor, f"/preferences/{name}", **{name: "klingon"})
        assert answer.status_code == 422


async def test_who_is_signed_in_needs_no_sign_in_page(signed_in: SignedIn) -> None:
    client = await signed_in("officer")
    assert (await client.get("/login")).headers["location"] == "/"


async def test_a_code_without_a_password_before_it_opens_nothing(
    visitor: httpx.AsyncClient,
) -> None:
    answer = await send(visitor, "/login/code", code="123456")
    assert answer.status_code == 422
    assert "Begin again" in answer.text


async def lock_outs() -> list[tuple[str, str, str]]:
    rows = await db.fetch(
        "SELECT label, address, detail FROM audit.entry WHERE action = 'SECURITY' ORDER BY n"
    )
    found = [(row["label"], row["address"], json.loads(row["detail"])) for row in rows]
    return [
        (label, address, detail["by"])
        for label, address, detail in found
        if detail["what"] == "LOCKED_OUT"
    ]


async def knock(client: httpx.AsyncClient, login: str, times: int) -> list[int]:
    """Wrong passwords, and how each was answered."""
    wrong = {"login": login, "password": "wrong wrong wrong"}
    return [(await send(client, "/login", **wrong)).status_code for _ in range(times)]


async def lock(kind: str, value: str, minutes: int) -> None:
    """A waiting time of its own, for one of seconds ends while a slow machine tries."""
    await db.execute(
        "UPDATE accounts.attempt SET blocked_until = now() + make_interval(mins => $2)"
        " WHERE key = $1",
        attempts.key_of(kind, value),
        minutes,
    )


async def test_a_lock_out_is_noted_once_and_not_for_each_try(visitor: httpx.AsyncClient) -> None:
    assert await knock(visitor, "Officer", 5) == [422] * 5
    assert await lock_outs() == []
    await lock("who", "officer", 3)
    assert await knock(visitor, "officer", 4) == [429] * 4
    assert await lock_outs() == [("officer", "127.0.0.1", "name")]
    await lock("who", "officer", 9)
    assert await knock(visitor, "officer", 2) == [429] * 2
    assert await lock_outs() == [("officer", "127.0.0.1", "name")] * 2


async def test_a_lock_out_of_an_address_or_an_unknown_name_keeps_what_was_typed_out(
    visitor: httpx.AsyncClient,
) -> None:
    await knock(visitor, "my secret 22", 5)
    await lock("who", "my secret 22", 5)
    assert await knock(visitor, "my secret 22", 2) == [429] * 2
    assert await lock_outs() == [("", "127.0.0.1", "name")]
    await lock("address", "127.0.0.1", 5)
    assert await knock(visitor, "officer", 2) == [429] * 2
    assert (await lock_outs())[1:] == [("", "127.0.0.1", "address")]
    rows = await db.fetch("SELECT * FROM audit.entry")
    assert "my secret 22" not in str([dict(row) for row in rows])
