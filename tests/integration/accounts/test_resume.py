"""A session that ends while a form is being filled: what was typed goes on after signing in."""

from __future__ import annotations

import html
import re
import time
from typing import Any

import httpx
import msgspec
import pytest

from appliance.core import db, settings
from tests.conftest import Person, SignedIn, form_token
from tests.integration.accounts.conftest import (
    GOOD_PASSWORD,
    code_at,
    id_of,
    secret_in,
    send,
    set_up_factor,
)
from tests.integration.conftest import SEIZURE

pytestmark = pytest.mark.usefixtures("database")


def hidden(page: httpx.Response) -> dict[str, str]:
    """The hidden fields of a page, without the token."""
    pairs = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page.text)
    found = {html.unescape(name): html.unescape(value) for name, value in pairs}
    found.pop("_csrf_token")
    return found


async def lose_session() -> None:
    await db.execute("UPDATE accounts.session SET ended_at = now()")


async def code_for(signed_in: SignedIn, login: str) -> str:
    """A one-time code from the contact point."""
    page = await send(await signed_in("ncp"), f"/accounts/{await id_of(login)}/reset")
    return secret_in(page)


async def choose(client: httpx.AsyncClient, password: str, **kept: str) -> httpx.Response:
    """Choose a new password."""
    typed = {"new_password": password, "repeated": password}
    return await send(client, "/account/password", **typed, **kept)


async def stopped(client: httpx.AsyncClient) -> httpx.Response:
    """A form sent by somebody whose session has ended."""
    account = await id_of("officer")
    await lose_session()
    fields = {"name": 'Amina "Ami" Diallo', "office": "AIR1", "language": "EN"}
    page = await send(client, f"/accounts/{account}", password="never kept", **fields)
    assert page.status_code == 401
    assert "What you typed is kept in this page" in page.text
    assert "never kept" not in page.text
    return page


async def test_the_same_person_goes_on_where_they_stopped(
    signed_in: SignedIn, cast: dict[str, Person]
) -> None:
    client = await signed_in("admin")
    page = await stopped(client)
    wrong = await send(client, "/login", login="admin", password="wrong", **hidden(page))
    assert hidden(wrong)["kept:office"] == "AIR1"
    answer = await send(
        client, "/login", login="admin", password=cast["admin"].password, **hidden(wrong)
    )
    assert "Continue where you stopped" in answer.text
    path = re.search(r'action="(/accounts/[^"]+)"', answer.text)
    assert path is not None
    done = await send(client, path[1], **hidden(answer))
    assert done.status_code == 303
    name = await db.fetch_value("SELECT name FROM accounts.account WHERE login = 'officer'")
    assert name == 'Amina "Ami" Diallo'


async def test_it_survives_the_second_factor(signed_in: SignedIn, cast: dict[str, Person]) -> None:
    client = await signed_in("admin")
    key, _ = await set_up_factor(client)
    page = await stopped(client)
    asked = await send(
        client, "/login", login="admin", password=cast["admin"].password, **hidden(page)
    )
    code = code_at(key, time.time() + 30)
    answer = await send(client, "/login/code", code=code, **hidden(asked))
    assert "Continue where you stopped" in answer.text
    assert hidden(answer)["office"] == "AIR1"


async def test_somebody_else_does_not_send_it(signed_in: SignedIn, cast: dict[str, Person]) -> None:
    client = await signed_in("admin")
    page = await stopped(client)
    password = cast["supervisor"].password
    answer = await send(client, "/login", login="supervisor", password=password, **hidden(page))
    assert answer.headers["location"] == "/"
    home = await client.get("/account")
    assert "belonged to another person" in home.text


async def case_stopped(client: httpx.AsyncClient) -> httpx.Response:
    """The page for a one-time code, to which an officer took the case that was being entered."""
    await lose_session()
    page = await send(client, "/seizures", **SEIZURE, draft="yes")
    assert page.status_code == 401
    assert 'formaction="/reset"' in page.text
    asked = await send(client, "/reset", begin="yes", login="officer", **hidden(page))
    assert asked.status_code == 200
    assert 'value="officer"' in asked.text
    assert hidden(asked)["kept:quantity"] == "12.5"
    return asked


async def test_it_survives_a_new_password(signed_in: SignedIn) -> None:
    client = await signed_in("officer")
    asked = await case_stopped(client)
    wrong = await send(client, "/reset", login="officer", code="WRONG", **hidden(asked))
    assert wrong.status_code == 422
    code = await code_for(signed_in, "officer")
    owed = await send(client, "/reset", login="officer", code=code, **hidden(wrong))
    assert owed.status_code == 200
    assert "Choose your own password to go on." in owed.text
    weak = await choose(client, "short", **hidden(owed))
    assert weak.status_code == 422
    resumed = await choose(client, GOOD_PASSWORD, **hidden(weak))
    assert "Continue where you stopped" in resumed.text
    assert 'action="/seizures"' in resumed.text
    assert (await send(client, "/seizures", **hidden(resumed))).status_code == 303
    stored = await db.fetch_value("SELECT narrative FROM seizures.case_file")
    assert stored == SEIZURE["narrative"]


async def test_it_survives_code_second_factor_and_new_password(signed_in: SignedIn) -> None:
    client = await signed_in("officer")
    key, _ = await set_up_factor(client)
    asked = await case_stopped(client)
    code = await code_for(signed_in, "officer")
    factor = await send(client, "/reset", login="officer", code=code, **hidden(asked))
    shown = code_at(key, time.time() + 30)
    owed = await send(client, "/login/code", code=shown, **hidden(factor))
    assert hidden(owed)["kept:quantity"] == "12.5"
    resumed = await choose(client, GOOD_PASSWORD, **hidden(owed))
    assert hidden(resumed)["quantity"] == "12.5"


async def test_a_code_in_place_of_the_password_does_not_lose_it(signed_in: SignedIn) -> None:
    client = await signed_in("officer")
    asked = await case_stopped(client)
    code = await code_for(signed_in, "officer")
    owed = await send(client, "/login", login="officer", password=code, **hidden(asked))
    resumed = await choose(client, GOOD_PASSWORD, **hidden(owed))
    assert hidden(resumed)["quantity"] == "12.5"


async def test_the_way_back_from_the_one_time_code_keeps_it(
    signed_in: SignedIn, cast: dict[str, Person]
) -> None:
    client = await signed_in("officer")
    asked = await case_stopped(client)
    assert 'formaction="/login"' in asked.text
    back = await send(client, "/login", begin="yes", login="officer", **hidden(asked))
    assert back.status_code == 200
    password = cast["officer"].password
    answer = await send(client, "/login", login="officer", password=password, **hidden(back))
    assert hidden(answer)["quantity"] == "12.5"


async def test_a_code_of_somebody_else_does_not_open_it(signed_in: SignedIn) -> None:
    client = await signed_in("officer")
    asked = await case_stopped(client)
    code = await code_for(signed_in, "supervisor")
    answer = await send(client, "/reset", login="supervisor", code=code, **hidden(asked))
    assert answer.headers["location"] == "/account/password"
    page = await client.get("/account/password")
    assert "belonged to another person" in page.text
    assert "kept:" not in page.text


async def test_what_is_too_much_does_not_come_through_a_new_password(signed_in: SignedIn) -> None:
    client = await signed_in("officer")
    asked = await case_stopped(client)
    code = await code_for(signed_in, "officer")
    fields = {**hidden(asked), "kept:narrative": "n" * 200_001}
    owed = await send(client, "/reset", login="officer", code=code, **fields)
    assert owed.headers["location"] == "/account/password"
    assert "kept:" not in (await client.get("/account/password")).text


async def test_what_is_lost_to_a_second_factor_that_is_owed_is_told(
    signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    demanding = msgspec.structs.replace(settings.get_settings(), second_factor_roles=("OFFICER",))
    client = await signed_in("officer")
    asked = await case_stopped(client)
    code = await code_for(signed_in, "officer")
    monkeypatch.setattr("appliance.app.accounts.service.sessions.get_settings", lambda: demanding)
    owed = await send(client, "/reset", login="officer", code=code, **hidden(asked))
    answer = await choose(client, GOOD_PASSWORD, **hidden(owed))
    assert answer.headers["location"] == "/account/finish"
    page = await client.get("/account/second-factor")
    assert "could not be kept; enter it again" in page.text


async def test_what_is_too_much_is_not_carried(signed_in: SignedIn) -> None:
    client = await signed_in("admin")
    await lose_session()
    page = await send(client, "/account", note="n" * 200_001)
    assert page.status_code == 401
    assert "kept:" not in page.text


async def test_a_weighty_act_goes_on_after_the_password(
    signed_in: SignedIn, cast: dict[str, Person]
) -> None:
    client, account = await signed_in("ncp"), await id_of("officer")
    await db.execute("UPDATE accounts.session SET confirmed_at = now() - '11 min'::interval")
    page = await send(client, f"/accounts/{account}/block")
    password = cast["ncp"].password
    answer = await send(client, "/confirm", password=password, **hidden(page))
    assert f'action="/accounts/{account}/block"' in answer.text
    assert (await send(client, f"/accounts/{account}/block")).status_code == 303


async def test_programs_get_a_problem_and_no_page(visitor: httpx.AsyncClient) -> None:
    answer = await send(visitor, "/api/v1/offices")
    assert answer.headers["content-type"] == "application/problem+json"


EXPIRED = "This form has expired or came from another page."


async def expired(client: httpx.AsyncClient, path: str, **form: Any) -> httpx.Response:
    """A form sent with a token that is none."""
    headers = form.pop("headers", {})
    client.headers.pop("x-csrftoken", None)
    return await client.post(path, data={**form, "_csrf_token": "damaged"}, headers=headers)


async def name_of_officer() -> str:
    return str(await db.fetch_value("SELECT name FROM accounts.account WHERE login = 'officer'"))


async def test_an_expired_form_is_shown_and_sent_again_by_a_click(signed_in: SignedIn) -> None:
    client, account = await signed_in("admin"), await id_of("officer")
    before = await name_of_officer()
    typed = {"name": 'Amina <b>"Ami"</b>\nDiallo', "office": "AIR1", "language": "EN"}
    page = await expired(client, f"/accounts/{account}", password="never kept", **typed)
    assert page.status_code == 403
    assert EXPIRED in page.text
    assert "never kept" not in page.text
    assert "<b>" not in page.text
    assert {name: hidden(page)[name] for name in typed} == typed
    assert f"/accounts/{account}:" in page.text
    assert html.escape('Amina <b>"Ami"</b>', quote=False).replace('"', "&#34;") in page.text
    assert await name_of_officer() == before
    token = form_token(page)
    again = {**hidden(page), "name": "Amina Diallo", "_csrf_token": token}
    assert (await client.post(f"/accounts/{account}", data=again)).status_code == 303
    assert await name_of_officer() == "Amina Diallo"


@pytest.mark.parametrize("cookie", ["", "0" * 128], ids=["lost", "damaged"])
async def test_a_browser_that_lost_its_form_cookie_gets_a_new_one(
    signed_in: SignedIn, cookie: str
) -> None:
    client = await signed_in("officer")
    client.cookies.delete("form")
    if cookie:
        client.cookies.set("form", cookie, domain="ncen.test", path="/")
    page = await expired(client, "/account", name="Amina", language="EN")
    assert page.status_code == 403
    client.cookies.delete("form", domain="ncen.test")
    client.cookies.set("form", page.cookies["form"], domain="ncen.test", path="/")
    done = await client.post("/account", data={**hidden(page), "_csrf_token": form_token(page)})
    assert done.status_code in {303, 422}


@pytest.mark.parametrize(
    ("headers", "offered"),
    [
        ({}, True),
        ({"sec-fetch-site": "same-origin"}, True),
        ({"sec-fetch-site": "same-origin", "origin": "http://ncen.test"}, True),
        ({"origin": "http://ncen.test"}, True),
        ({"sec-fetch-site": "cross-site"}, False),
        ({"sec-fetch-site": "same-site"}, False),
        ({"sec-fetch-site": "none"}, False),
        ({"sec-fetch-site": "cross-site", "origin": "http://ncen.test"}, False),
        ({"origin": "http://evil.test"}, False),
        ({"origin": "http://ncen.test.evil.test"}, False),
        ({"origin": "http://ncen.test:8080"}, False),
        ({"origin": "null"}, False),
        ({"origin": ""}, False),
    ],
    ids=str,
)
async def test_a_forged_form_is_not_offered(
    signed_in: SignedIn, headers: dict[str, str], *, offered: bool
) -> None:
    client = await signed_in("officer")
    page = await expired(client, "/account", name="Forged", headers=headers)
    assert page.status_code == 403
    assert EXPIRED in page.text
    assert ("Forged" in page.text) is offered


async def test_a_stranger_and_too_much_are_refused_as_before(
    signed_in: SignedIn, visitor: httpx.AsyncClient
) -> None:
    refused = await expired(visitor, "/account", name="Nobody")
    assert refused.status_code == 403
    assert "Nobody" not in refused.text
    client = await signed_in("officer")
    for form in ({"note": "n" * 200_001}, {f"x{number}": "nnnn" for number in range(401)}):
        large = await expired(client, "/account", **form)
        assert large.status_code == 403
        assert "nnnn" not in large.text


async def test_nothing_sends_an_expired_form_by_itself(signed_in: SignedIn) -> None:
    page = await expired(await signed_in("officer"), "/account", name="Amina")
    assert "data-quick-send" not in page.text
    assert "hx-trigger" not in page.text
    assert 'http-equiv="refresh"' not in page.text
