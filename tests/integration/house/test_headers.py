"""What every answer carries, whatever it is: a strict policy, nothing kept by browsers, safe cookies."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from http.cookies import SimpleCookie
from pathlib import Path

import httpx
import pytest

from appliance.core.room import Role
from tests.conftest import Person, form_token, new_client, transport_to
from tests.integration.conftest import SEIZURE, House

EXPECTED = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
}
# What the policy must say; no source may be a host, a scheme that fetches, or unsafe.
STRICT = {
    "default-src": {"'none'"},
    "script-src": {"'self'"},
    "style-src": {"'self'"},
    "font-src": {"'self'"},
    "connect-src": {"'self'"},
    "form-action": {"'self'"},
    "frame-ancestors": {"'none'"},
    "base-uri": {"'none'"},
}
Ask = Callable[[House], Awaitable[httpx.Response]]


def as_officer(method: str, url: str, **options: object) -> Ask:
    return lambda house: house.people[Role.OFFICER].request(method, url, **options)  # type: ignore[arg-type]  # the client's own options


def as_visitor(method: str, url: str, **options: object) -> Ask:
    return lambda house: house.visitor.request(method, url, **options)  # type: ignore[arg-type]  # as above


def static_file(name: str) -> Ask:
    from appliance.app.web.pages import asset_url

    return as_visitor("GET", asset_url(name))


ANSWERS: dict[str, tuple[Ask, int]] = {
    "page": (as_officer("GET", "/seizures"), 200),
    "page of the door": (as_visitor("GET", "/login"), 200),
    "resource": (as_officer("GET", "/api/v1/seizures"), 200),
    "description of the API": (as_officer("GET", "/api/schema/openapi.json"), 200),
    "file": (as_officer("GET", "/api/v1/seizures/export?purpose=report"), 200),
    "health": (as_visitor("GET", "/health"), 200),
    "redirect": (as_visitor("GET", "/seizures"), 303),
    "not signed in": (as_visitor("GET", "/api/v1/seizures"), 401),
    "wrong role": (as_officer("GET", "/audit"), 403),
    "form without a token": (as_visitor("POST", "/login", data={"login": "x"}), 403),
    "no such record": (as_officer("GET", "/seizures/nothing"), 404),
    "no such address": (as_officer("GET", "/nothing/here"), 404),
    "no such address, nobody signed in": (as_visitor("GET", "/nothing/here"), 404),
    "no such resource": (as_officer("GET", "/api/v1/nothing"), 404),
    "no such method": (as_officer("DELETE", "/seizures"), 405),
    "options": (as_officer("OPTIONS", "/seizures"), 204),
    "wrong values": (as_officer("POST", "/api/v1/seizures", json={}), 400),
    "broken JSON": (as_officer("POST", "/api/v1/seizures", content=b"{"), 400),
    "too large": (as_officer("POST", "/api/v1/seizures", content=b" " * (2 << 20)), 413),
    "missing asset": (as_visitor("GET", "/static/nothing.js"), 404),
}


@pytest.mark.parametrize("name", ANSWERS)
async def test_every_answer_carries_the_headers(house: House, name: str) -> None:
    ask, status = ANSWERS[name]
    answer = await ask(house)
    assert answer.status_code == status
    assert {header: answer.headers.get(header) for header in EXPECTED} == EXPECTED
    assert answer.headers["cache-control"] == "no-store"
    assert "server" not in answer.headers
    assert "strict-transport-security" not in answer.headers


@pytest.mark.parametrize("name", ANSWERS)
async def test_every_answer_carries_the_policy_once(house: House, name: str) -> None:
    answer = await ANSWERS[name][0](house)
    (policy,) = answer.headers.get_list("content-security-policy")
    found = {
        words[0]: set(words[1:]) for words in (part.split() for part in policy.split(";")) if words
    }
    assert {name: found.get(name) for name in STRICT} == STRICT
    sources = set().union(*found.values())
    assert sources <= {"'none'", "'self'", "data:", "blob:"}


@pytest.mark.parametrize("name", ["app.css", "app.js", "icons.svg"])
async def test_assets_are_kept_for_ever(house: House, name: str) -> None:
    answer = await static_file(name)(house)
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["vary"] == "accept-encoding"
    assert "set-cookie" not in answer.headers


async def test_nothing_above_the_assets_is_reached(house: House) -> None:
    for path in ("/static/../limits.py", "/static/%2e%2e/limits.py", "/static//etc/passwd"):
        answer = await house.visitor.get(path)
        assert answer.status_code == 404


async def test_an_answer_in_gzip_is_the_same(house: House) -> None:
    plain = await house.visitor.get("/login", headers={"accept-encoding": "identity"})
    packed = await house.visitor.get("/login", headers={"accept-encoding": "gzip"})
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.text.replace(form_token(packed), "") == plain.text.replace(form_token(plain), "")


def cookies_of(answer: httpx.Response) -> dict[str, dict[str, str]]:
    """The cookies an answer sets, with their marks."""
    found = {}
    for header in answer.headers.get_list("set-cookie"):
        for name, morsel in SimpleCookie(header).items():
            found[name] = {mark: str(value).lower() for mark, value in morsel.items() if value}
    return found


async def cookies_of_a_visit(
    client: httpx.AsyncClient, person: Person
) -> dict[str, dict[str, str]]:
    """All cookies from the door to a stored choice and a notice."""
    first = await client.get("/login")
    token = form_token(first)
    entered = await client.post(
        "/login",
        data={"_csrf_token": token, "login": person.login, "password": person.password},
    )
    chosen = await client.post(
        "/preferences/theme", data={"_csrf_token": token, "theme": "dark", "next": "/"}
    )
    stored = await client.post("/seizures", data={"_csrf_token": token, **SEIZURE})
    assert stored.status_code == 303
    answers = (first, entered, chosen, stored)
    return {name: marks for answer in answers for name, marks in cookies_of(answer).items()}


async def test_cookies_are_out_of_reach_of_scripts_and_other_sites(
    house: House, cast: dict[str, Person]
) -> None:
    async with new_client(house.transport) as client:
        found = await cookies_of_a_visit(client, cast["officer"])
    assert {"form", "ncen", "theme", "flash"} <= found.keys()
    for name, marks in found.items():
        assert "httponly" in marks, name
        assert marks["samesite"] in {"lax", "strict"}, name
        assert marks["path"] == "/", name
        assert "domain" not in marks, name
        assert "secure" not in marks, name


async def test_under_https_cookies_are_bound_to_host_and_transport(
    house: House,  # noqa: ARG001 - its database
    cast: dict[str, Person],
    tmp_path: Path,
) -> None:
    import msgspec

    from appliance.app.main import build_app
    from appliance.core.settings import get_settings

    settings = msgspec.structs.replace(get_settings(), https=True, state_dir=str(tmp_path))
    async with httpx.AsyncClient(
        transport=transport_to(build_app(settings)), base_url="https://ncen.test"
    ) as client:
        found = await cookies_of_a_visit(client, cast["officer"])
        page = await client.get("/seizures")
    assert page.status_code == 200
    assert page.headers["strict-transport-security"] == "max-age=31536000"
    assert {"__Host-form", "__Host-ncen", "theme", "flash"} <= found.keys()
    for name, marks in found.items():
        assert marks.keys() >= {"httponly", "secure", "samesite", "path"}, name
        assert "domain" not in marks, name
