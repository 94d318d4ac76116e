"""Every method of every address, for every role: the guards of the router, and what they really do."""

from __future__ import annotations

from pathlib import Path

import pytest

from appliance.core.room import Role
from tests.conftest import form_token
from tests.gates.rights_matrix import (
    PUBLIC,
    SIGNED_IN,
    Route,
    matrix,
    routes_of,
    throw_away_app,
)
from tests.integration.conftest import SEIZURE, House

PAGE = Path(__file__).parents[3] / "docs" / "rights-matrix.md"
APP = throw_away_app()
ROUTES = routes_of(APP)
RIGHTS = APP.state.rights
GUARDED = [route for route in ROUTES if route.right not in {"", PUBLIC}]
OPEN_TO_ALL = {
    "/health",
    "/static/{name}",
    "/login",
    "/login/code",
    "/logout",
    "/reset",
    "/preferences/language",
    "/preferences/theme",
    "/first/{secret}",
}
# Rooms whose pages show cases, or what people did with them; and those that must never.
CASE_ROOMS = {"seizures", "imports", "audit"}
OTHER_ROOMS = {"accounts", "offices", "reference", "desk", "web", SIGNED_IN}
# Where a bare address answers otherwise than with a page, and why.
READ = {
    "/api/schema/{path}": 404,  # an unknown part of the description
    "/account/finish": 303,  # nothing is owed
    "/account/second-factor/code.svg": 404,  # no second factor is being set up
    "/audit/export": 404,  # no search to export
    "/seizures/{case}/edit": 303,  # validated; the case says that it cannot be changed
    "/api/v1/seizures/export": 422,  # no purpose was named
    "/api/v1/imports/{batch}/problems/export": 422,  # the same
}


def named(route: Route) -> str:
    return f"{route.method} {route.path}"


def test_each_route_has_exactly_one_of_our_guards() -> None:
    assert [named(route) for route in ROUTES if len(route.guards) != 1] == []


def test_each_guard_names_a_right_that_some_role_has() -> None:
    asked = {route.right for route in GUARDED} - {SIGNED_IN}
    assert asked - RIGHTS.keys() == set()
    assert [name for name in asked if not RIGHTS[name].roles] == []


def test_only_the_door_is_open_to_everybody() -> None:
    assert {route.path for route in ROUTES if route.right == PUBLIC} == OPEN_TO_ALL


def room_of(route: Route) -> str:
    """The room whose right a route asks for."""
    return route.right.partition(".")[0]


def test_every_room_is_known_to_show_cases_or_not() -> None:
    assert {room_of(route) for route in GUARDED} == CASE_ROOMS | OTHER_ROOMS


def test_the_local_administrator_opens_no_case() -> None:
    opened = [
        named(route)
        for route in GUARDED
        if room_of(route) in CASE_ROOMS and route.allows(Role.ADMIN, RIGHTS)
    ]
    assert opened == []


ADMIN_READS = [
    route
    for route in GUARDED
    if route.method == "GET" and route.allows(Role.ADMIN, RIGHTS) and route.path not in READ
]


@pytest.mark.parametrize("route", ADMIN_READS, ids=named)
async def test_what_the_local_administrator_reads_holds_nothing_of_a_case(
    house: House, route: Route
) -> None:
    case = house.records["seizures/{case}"]
    shown = (await house.people[Role.OFFICER].get(f"/api/v1/seizures/{case}")).json()
    number = shown["case_ref"]
    # Else the words below would be looked for in vain everywhere.
    assert number in (await house.people[Role.OFFICER].get("/")).text
    answer = await house.people[Role.ADMIN].get(house.address(route))
    for word in (case, number, SEIZURE["narrative"]):
        assert word not in answer.text


def test_the_written_matrix_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == matrix(ROUTES, RIGHTS)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("route", [route for route in GUARDED if route.method == "GET"], ids=named)
async def test_a_role_reads_exactly_what_the_matrix_says(
    house: House, route: Route, role: Role
) -> None:
    answer = await house.people[role].get(house.address(route))
    if route.allows(role, RIGHTS):
        assert answer.status_code == READ.get(route.path, 200), answer.text
    else:
        assert answer.status_code == 403
        assert "Your role does not allow this" in answer.text


# An empty form may be all that a change needs, so only those are tried who must be refused.
REFUSED = [
    (route, role)
    for route in GUARDED
    for role in Role
    if route.method != "GET" and not route.allows(role, RIGHTS)
]


@pytest.mark.parametrize(
    ("route", "role"), REFUSED, ids=[f"{named(route)} {role}" for route, role in REFUSED]
)
async def test_a_role_changes_nothing_where_the_matrix_is_empty(
    house: House, route: Route, role: Role
) -> None:
    answer = await house.people[role].request(route.method, house.address(route))
    assert answer.status_code == 403
    assert "Your role does not allow this" in answer.text


@pytest.mark.parametrize("route", GUARDED, ids=named)
async def test_who_is_not_signed_in_is_sent_to_the_door(house: House, route: Route) -> None:
    visitor = house.visitor
    if "x-csrftoken" not in visitor.headers:
        visitor.headers["x-csrftoken"] = form_token(await visitor.get("/login"))
    answer = await visitor.request(route.method, house.address(route))
    if route.path.startswith("/api/") and route.path != "/api/docs":
        assert answer.status_code == 401
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["code"] == "not_signed_in"
    elif route.method == "GET":
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/login?next=")
    else:
        assert answer.status_code == 401
