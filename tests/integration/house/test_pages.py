"""Every page of the house, in every language: no inline code, no address outside, a token in every form."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from appliance.core.i18n import LANGUAGES
from appliance.core.room import Role
from tests.gates.rights_matrix import PUBLIC, Route, routes_of, throw_away_app
from tests.integration.conftest import House
from tests.integration.house.markup import Page

APP = throw_away_app()
RIGHTS = APP.state.rights
# What answers with something else than a page.
NO_PAGES = {
    "/account/finish",
    "/account/second-factor/code.svg",
    "/health",
    "/login/code",
    "/static/{name}",
}
PAGES = [
    route
    for route in routes_of(APP)
    if route.method == "GET"
    and route.path not in NO_PAGES
    and (not route.path.startswith("/api/") or route.path == "/api/docs")
]
# Pages that need more than a record: a search that was made, a link that was not used.
NO_RECORD = {"/audit/export": 404, "/first/{secret}": 404}
STATIC = Path(__file__).parents[3] / "appliance" / "app" / "web" / "static"
# Names of things, which nobody fetches.
NAMESPACES = {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}
OUTSIDE = re.compile(r"""(?:https?|wss?|ftp):[/\\]{2}[^\s"'`)<>]+""", re.IGNORECASE)
CSS_ADDRESS = re.compile(r"""url\(\s*["']?([^"')]*)""")


def named(route: Route) -> str:
    return route.path


def reader_of(house: House, route: Route) -> httpx.AsyncClient:
    """Somebody who may see the page."""
    if route.right == PUBLIC:
        return house.visitor
    role = next(role for role in Role if route.allows(role, RIGHTS))
    return house.people[role]


def address_of(house: House, route: Route) -> str:
    """Where the page is; the form of a case is only there while the case may be changed."""
    case = house.records["draft" if route.path == "/seizures/{case}/edit" else "seizures/{case}"]
    return house.address(route).replace(house.records["seizures/{case}"], case)


async def page_of(house: House, route: Route) -> Page:
    answer = await reader_of(house, route).get(address_of(house, route))
    assert answer.status_code == NO_RECORD.get(route.path, 200)
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    return Page(answer.text)


@pytest.fixture(scope="module", params=LANGUAGES)
async def language(house: House, request: pytest.FixtureRequest) -> str:
    """Everybody reads in this language."""
    for client in (*house.people.values(), house.visitor):
        client.cookies.set("lang", request.param, domain="ncen.test", path="/")
    return str(request.param)


def is_inside(address: str) -> bool:
    """Whether an address stays on this server."""
    parts = urlsplit(address)
    return not parts.scheme and not parts.netloc and not address.startswith(("//", "\\"))


@pytest.mark.parametrize("route", PAGES, ids=named)
async def test_a_page_keeps_the_rules_of_the_house(
    house: House, language: str, route: Route
) -> None:
    page = await page_of(house, route)
    assert page.inline == []
    assert [address for address in page.addresses if not is_inside(address)] == []
    assert page.root["lang"] == language
    assert page.root["dir"] == LANGUAGES[language].direction
    assert page.headings == 1
    assert page.unclosed == []
    assert page.open == []
    assert [name for name, times in Counter(page.ids).items() if times > 1] == []
    assert [control for control in page.controls if control not in page.labels] == []


@pytest.mark.parametrize("route", PAGES, ids=named)
async def test_each_form_that_changes_something_carries_the_token(
    house: House, route: Route
) -> None:
    page = await page_of(house, route)
    posted = [form for form in page.forms if form.method == "post"]
    assert posted
    for form in page.forms:
        tokens = [value for name, value in form.fields if name == "_csrf_token"]
        if form.method == "post":
            assert len(tokens) == 1, form.action
            assert len(tokens[0]) == 128, form.action
        else:
            assert tokens == [], form.action


ERRORS = {
    "no such address": ("GET", "/nothing", 404),
    "no such case": ("GET", "/seizures/nothing", 404),
    "wrong role": ("GET", "/audit", 403),
    "wrong method": ("DELETE", "/seizures", 405),
    "expired form": ("POST", "/seizures", 403),
}


@pytest.mark.parametrize("name", ERRORS)
async def test_a_page_about_an_error_keeps_them_too(house: House, language: str, name: str) -> None:
    method, address, status = ERRORS[name]
    officer = house.people[Role.OFFICER]
    # The client adds the token to all it sends; this form comes from elsewhere.
    answer = await officer.request(method, address, headers={"x-csrftoken": "expired"})
    assert answer.status_code == status
    page = Page(answer.text)
    assert page.inline == []
    assert [item for item in page.addresses if not is_inside(item)] == []
    assert (page.root["lang"], page.headings, page.unclosed) == (language, 1, [])
    assert "Amina Sow" in answer.text
    for form in page.forms:
        assert [len(value) for name, value in form.fields if name == "_csrf_token"] == [128]


def text_files() -> list[Path]:
    return [
        path
        for path in sorted(STATIC.rglob("*"))
        if path.suffix in {".js", ".css", ".svg", ".json", ".html"}
    ]


def test_the_bundles_are_there() -> None:
    assert {path.suffix for path in text_files()} >= {".js", ".css", ".svg", ".json"}


@pytest.mark.parametrize(
    "path", text_files(), ids=lambda path: path.name.split(".")[0] + path.suffix
)
def test_a_bundle_names_no_address_outside(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert {found.rstrip("\\") for found in OUTSIDE.findall(text)} - NAMESPACES == set()
    assert "sourceMappingURL" not in text


@pytest.mark.parametrize(
    "path", [p for p in text_files() if p.suffix == ".css"], ids=lambda p: p.name.partition(".")[0]
)
def test_styles_fetch_from_their_own_folder_only(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    found = CSS_ADDRESS.findall(text)
    assert found
    fetched = {address for address in found if not address.startswith("data:")}
    assert [address for address in fetched if not (STATIC / address).is_file()] == []
    assert "@import" not in text
