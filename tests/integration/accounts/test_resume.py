"""A session that ends while a form is being filled: what was typed goes on after signing in."""

from __future__ import annotations

import html
import re

import httpx
import pytest

from appliance.core import db
from tests.conftest import Person, SignedIn
from tests.integration.accounts.conftest import code_at, id_of, send, set_up_factor

pytestmark = pytest.mark.usefixtures("database")


def hidden(page: httpx.Response) -> dict[str, str]:
    """The hidden fields of a page, without the token."""
    pairs = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page.text)
    found = {html.unescape(name): html.unescape(value) for name, value in pairs}
    found.pop("_csrf_token")
    return found


async def lose_session() -> None:
    await db.execute("UPDATE accounts.session SET ended_at = now()")


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
    import time

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
