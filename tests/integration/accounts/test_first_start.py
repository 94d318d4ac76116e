"""The first start: two links, each for one duty, each good once."""

from __future__ import annotations

import httpx
import pytest

from appliance.core import db
from tests.conftest import ncen
from tests.integration.accounts.conftest import GOOD_PASSWORD, OTHER_PASSWORD, enter, send

pytestmark = pytest.mark.usefixtures("database")


def links() -> dict[str, str]:
    """What the command prints: the path of each link by the name of its duty."""
    lines = ncen("user", "first-links").stdout.splitlines()
    found = [line.rsplit(": http://127.0.0.1:8600", 1) for line in lines if "/first/" in line]
    return {line[0]: line[1] for line in found}


@pytest.fixture
async def empty_house(database: None) -> None:  # noqa: ARG001 - it empties what that has made
    await db.execute("UPDATE accounts.account SET state = 'BLOCKED'")


def first(login: str, password: str = GOOD_PASSWORD) -> dict[str, str]:
    return {
        "login": login,
        "name": "Nadia Benali",
        "language": "FR",
        "new_password": password,
        "repeated": password,
    }


@pytest.mark.usefixtures("empty_house")
async def test_each_link_makes_one_account_of_its_duty(
    visitor: httpx.AsyncClient, app: httpx.ASGITransport
) -> None:
    found = links()
    assert set(found) == {"Local administrator", "National contact point"}
    page = await visitor.get(found["National contact point"])
    assert "National contact point" in page.text
    for duty, login, role in (
        ("Local administrator", "root1", ["ADMIN"]),
        ("National contact point", "ncp1", ["NCP"]),
    ):
        answer = await send(visitor, found[duty], **first(login))
        assert answer.headers["location"] == "/login"
        roles = await db.fetch_value("SELECT roles FROM accounts.account WHERE login = $1", login)
        assert roles == role
        client = await enter(app, login, GOOD_PASSWORD)
        assert (await client.get("/account")).status_code == 200
        await client.aclose()
    for path in found.values():
        used = await visitor.get(path)
        assert used.status_code == 404
        assert "ask whoever runs this server to print a new link" in used.text
        assert "look for the record in its list" not in used.text
        again = await send(visitor, path, **first("third", OTHER_PASSWORD))
        assert again.status_code == 404
    assert "no link is needed" in ncen("user", "first-links").stdout


@pytest.mark.usefixtures("empty_house")
async def test_printing_again_replaces_the_links(visitor: httpx.AsyncClient) -> None:
    old, new = links(), links()
    assert (await visitor.get(old["Local administrator"])).status_code == 404
    assert (await visitor.get(new["Local administrator"])).status_code == 200


@pytest.mark.usefixtures("empty_house")
async def test_links_age(visitor: httpx.AsyncClient) -> None:
    path = links()["Local administrator"]
    await db.execute("UPDATE accounts.one_time SET ends_at = now()")
    assert (await visitor.get(path)).status_code == 404


@pytest.mark.usefixtures("empty_house")
async def test_a_wrong_entry_keeps_the_link_and_what_was_typed(
    visitor: httpx.AsyncClient,
) -> None:
    path = links()["Local administrator"]
    wrong = first("officer") | {"new_password": "password2026!", "repeated": "password2026!"}
    answer = await send(visitor, path, **wrong)
    assert answer.status_code == 422
    assert "common words" in answer.text
    assert "Nadia Benali" in answer.text
    taken = await send(visitor, path, **first("officer"))
    assert "is taken" in taken.text
    assert (await send(visitor, path, **first("fresh"))).status_code == 303


async def test_no_links_while_both_duties_are_filled(visitor: httpx.AsyncClient) -> None:
    assert links() == {}
    assert (await visitor.get("/first/made-up")).status_code == 404


async def test_a_link_ends_when_its_duty_is_filled_otherwise(
    visitor: httpx.AsyncClient,
) -> None:
    await db.execute("UPDATE accounts.account SET state = 'BLOCKED' WHERE login = 'ncp'")
    path = links()["National contact point"]
    await db.execute("UPDATE accounts.account SET state = 'ACTIVE' WHERE login = 'ncp'")
    assert (await visitor.get(path)).status_code == 404
    assert (await send(visitor, path, **first("usurper"))).status_code == 404


async def test_the_console_lists_and_resets(app: httpx.ASGITransport) -> None:
    listed = ncen("user", "list").stdout
    assert "officer\tACTIVE\tOFFICER\tSEA1\tAmina Sow" in listed
    login, code = ncen("user", "reset", "NCP").stdout.strip().split(": ")
    client = await enter(app, login, code)
    assert (await client.get("/account/password")).status_code == 200
    await client.aclose()
