"""HEAD answers like GET without the body, behind the same guards, and leaves the same line in the trail."""

from __future__ import annotations

import httpx
import pytest

from appliance.app.web.pages import asset_url
from appliance.core import db
from appliance.core.room import Role
from tests.gates.rights_matrix import PUBLIC, Route, routes_of, throw_away_app
from tests.integration.conftest import House, Served, bearer

APP = throw_away_app()
READ = [route for route in routes_of(APP) if route.method == "GET"]
# These differ from one answer to the next, or are the server's own.
OWN = {"date", "content-length", "set-cookie", "transfer-encoding"}


def reader_of(house: House, route: Route) -> httpx.AsyncClient:
    """Somebody who may read it."""
    if route.right == PUBLIC:
        return house.visitor
    return house.people[next(role for role in Role if route.allows(role, APP.state.rights))]


def told(answer: httpx.Response) -> dict[str, str]:
    headers = answer.headers.items()
    return {name: value for name, value in headers if name not in OWN and "ratelimit" not in name}


@pytest.mark.parametrize("route", READ, ids=lambda route: route.path)
async def test_head_says_what_get_says_and_sends_no_body(house: House, route: Route) -> None:
    client, address = reader_of(house, route), house.address(route)
    read, asked = await client.get(address), await client.head(address)
    assert asked.status_code == read.status_code
    assert told(asked) == told(read)
    assert asked.content == b""


@pytest.mark.parametrize("route", READ, ids=lambda route: route.path)
async def test_head_opens_nothing_to_who_is_not_signed_in(house: House, route: Route) -> None:
    address = house.address(route)
    read, asked = await house.visitor.get(address), await house.visitor.head(address)
    assert (asked.status_code, asked.headers.get("location")) == (
        read.status_code,
        read.headers.get("location"),
    )


async def test_head_is_refused_to_the_wrong_role(house: House) -> None:
    for path in ("/audit", "/api/v1/audit"):
        assert (await house.people[Role.OFFICER].head(path)).status_code == 403


async def reads_of(case: str) -> int:
    return int(
        await db.fetch_value(
            "SELECT count(*) FROM audit.entry WHERE action = 'READ' AND record = $1", case
        )
    )


@pytest.mark.parametrize("path", ["/seizures", "/api/v1/seizures"])
async def test_what_is_read_by_head_stands_in_the_trail(house: House, path: str) -> None:
    case = house.records["seizures/{case}"]
    before = await reads_of(case)
    assert (await house.people[Role.OFFICER].head(f"{path}/{case}")).status_code == 200
    assert await reads_of(case) == before + 1


async def test_head_of_what_only_takes_posts_is_told_what_it_takes(house: House) -> None:
    answer = await house.people[Role.OFFICER].head("/logout")
    assert answer.status_code == 405
    assert set(answer.headers["allow"].split(", ")) == {"POST", "OPTIONS"}


async def test_an_address_tells_that_it_takes_head(house: House) -> None:
    answer = await house.people[Role.OFFICER].options("/seizures")
    assert {"GET", "HEAD"} <= set(answer.headers["allow"].split(", "))


@pytest.mark.parametrize(
    ("path", "status"),
    [("/login", 200), ("/seizures", 303), (asset_url("app.css"), 200), ("/api/v1/seizures", 401)],
)
def test_over_real_http_the_next_answer_is_not_disturbed(
    served: Served, path: str, status: int
) -> None:
    with httpx.Client(base_url=served.url, timeout=5) as client:
        asked = client.head(path)
        assert (asked.status_code, asked.content) == (status, b"")
        assert client.get(path).status_code == status


def test_a_file_that_is_made_while_it_is_sent_is_not_made(served: Served) -> None:
    with httpx.Client(base_url=served.url, timeout=5, headers=bearer(served.token)) as client:
        asked = client.head("/api/v1/seizures/export", params={"purpose": "A test of ours"})
        assert asked.status_code == 200
        assert asked.headers["content-type"].startswith("text/csv")
        assert client.get("/api/v1/me").status_code == 200
    assert "unexpected error" not in served.log.read_text(encoding="utf-8")
