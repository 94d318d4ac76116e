"""Every page in two looks that share nothing: it comes without complaint, fits its screen, and axe finds nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from babel.messages.mofile import read_mo
from playwright.sync_api import BrowserContext, Page

from appliance.app import ROOM_NAMES
from appliance.app.main import api_docs, room_routes
from appliance.core.room import load_rooms
from tests.browser.house import House, bring_in
from tests.browser.views import ELSEWHERE, VIEWS, View, go
from tests.browser.visitor import (
    NARROW,
    ROOT,
    WIDE,
    Complaints,
    Look,
    look_at,
    open_context,
    open_page,
    sideways,
    sign_in,
    take_picture,
)

PICTURES = ROOT / ".build" / "screenshots"
LEFTOVERS = re.compile(r"%\(\w+\)|\{\{|\{%|\bundefined\b")
# Words of the page itself: not data, which stand in <bdi>, nor names of languages.
CHROME = """[...document.querySelectorAll("h1,h2,h3,label,legend,button,summary,th,dt,p,li>a,.btn")]
    .filter(one => !one.closest("bdi,[lang]:not(html),.state") && !one.querySelector("bdi"))
    .map(one => one.innerText.trim())"""

Signed = Callable[[str, Look], BrowserContext]


@pytest.fixture(scope="module")
def signed(house: House) -> Iterator[Signed]:
    """A browser of each person in each look, signed in once."""
    opened: dict[tuple[str, Look], BrowserContext] = {}

    def context(login: str, look: Look) -> BrowserContext:
        if (login, look) not in opened:
            opened[login, look] = open_context(house, look)
            if login:
                page = opened[login, look].new_page()
                sign_in(page, login, house.password(login))
                page.close()
        return opened[login, look]

    yield context
    for one in opened.values():
        one.close()


@pytest.fixture(scope="module")
def translated() -> dict[str, str]:
    """English sentences that have an Arabic translation of their own."""
    with (ROOT / "appliance/locale/ar/LC_MESSAGES/ncen.mo").open("rb") as file:
        catalogue = read_mo(file)
    return {
        message.id: message.string
        for message in catalogue
        if isinstance(message.id, str)
        and message.id
        and isinstance(message.string, str)
        and message.string not in ("", message.id)
    }


@pytest.fixture(scope="module")
def imported(source: Path, signed: Signed) -> None:
    """There is an import to look at."""
    page = signed("supervisor", WIDE).new_page()
    bring_in(page, source)
    page.close()


# Rows of one list are alike; axe would need a minute for what eight of them tell.
ALIKE = (
    "document.querySelectorAll('table.rows tbody tr:nth-child(n+9)').forEach(one => one.remove())"
)


def check(page: Page, view: View) -> None:
    """What must hold on every page."""
    assert page.locator("h1").count() == 1, view
    assert sideways(page) <= 0, view
    text = page.locator("body").inner_text()
    assert LEFTOVERS.findall(text) == [], view
    # Codes are for programs; only the code lists show them.
    assert view.path.startswith("/reference/") or "NOT_RECORDED" not in text, view
    page.evaluate(ALIKE)
    look_at(page)


@pytest.mark.usefixtures("imported")
@pytest.mark.parametrize("look", [WIDE, NARROW], ids=lambda look: look.name)
@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name)
def test_page(view: View, look: Look, house: House, signed: Signed, complaints: Complaints) -> None:
    page = open_page(signed(view.login, look), house, complaints)
    answer = go(page, view)
    take_picture(page, PICTURES / f"{view.name}-{look.name}.png")
    assert answer.status == view.status
    check(page, view)
    page.close()


@pytest.mark.usefixtures("imported")
@pytest.mark.parametrize("login", ["officer", "ncp", "admin", "auditor"])
def test_no_sentence_is_left_in_english(
    login: str, house: House, signed: Signed, complaints: Complaints, translated: dict[str, str]
) -> None:
    page = open_page(signed(login, NARROW), house, complaints)
    for view in VIEWS:
        if view.login == login:
            go(page, view)
            shown: list[str] = page.evaluate(CHROME)
            assert [text for text in shown if text in translated] == [], view
    page.close()


def test_every_address_of_a_page_is_looked_at() -> None:
    handlers = [api_docs, *room_routes(load_rooms(ROOM_NAMES))]
    drawn = {
        path
        for handler in handlers
        if "GET" in handler.http_methods and not handler.include_in_schema
        for path in handler.paths
    }
    assert len(drawn) > 20
    assert drawn == {view.of_route for view in VIEWS if view.status != 404} | set(ELSEWHERE)
