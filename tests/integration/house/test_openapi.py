"""The description of the API is true: whatever a program sends, the answer is described, and none is a fault of ours.

Cases are made from the description and sent to `ncen serve` over HTTP; the log of the server must stay clean.
"""

from __future__ import annotations

import re
import time
from itertools import pairwise
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis import Case
from schemathesis.specs.openapi.checks import allow_header_conformance, positive_data_acceptance

from appliance.app.web.description import describe
from tests.gates.rights_matrix import routes_of, throw_away_app
from tests.integration.conftest import SEIZURE, Served, bearer

APP = throw_away_app()
DOCUMENT = describe(APP)
api = schemathesis.openapi.from_dict(DOCUMENT)
EXAMPLES = 12
BRAKE_SECONDS = 61  # more than the minute for which calls are counted


@api.parametrize()
@pytest.mark.timeout(60)
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_every_answer_is_described(case: Case[Any], served: Served) -> None:
    case.call_and_validate(
        base_url=served.url,
        headers=bearer(served.token),
        excluded_checks=[
            # A rule of customs (no goods, a day in the future) is no part of a schema.
            positive_data_acceptance,
            # The framework answers OPTIONS for one of the handlers of an address.
            allow_header_conformance,
        ],
    )


@pytest.fixture(scope="module")
def stored(served: Served) -> str:
    """A case with everything that the simplified form knows."""
    answer = httpx.post(
        f"{served.url}/api/v1/seizures",
        json={**SEIZURE, "office_code": "HQ", "submit": True},
        headers=bearer(served.token),
    )
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/seizures",
        "/api/v1/seizures/{case}",
        "/api/v1/seizures/{case}/history",
        "/api/v1/reference/{name}",
        "/api/v1/audit/{n}",
    ],
)
def test_a_record_that_exists_is_as_described(served: Served, stored: str, path: str) -> None:
    records = {"case": stored, "name": "SUBTYPE", "n": 1}
    wanted = {name: record for name, record in records.items() if f"{{{name}}}" in path}
    case = api[path]["GET"].Case(path_parameters=wanted)
    answer = case.call_and_validate(base_url=served.url, headers=bearer(served.token))
    assert answer.status_code == 200


def test_the_server_logged_no_error_of_ours(served: Served) -> None:
    assert "unexpected error" not in served.log.read_text(encoding="utf-8")


def test_every_resource_is_described_and_nothing_else() -> None:
    routed = {
        (route.path, route.method.lower())
        for route in routes_of(APP)
        if route.path.startswith("/api/v1/")
    }
    described = {(path, verb) for path, calls in DOCUMENT["paths"].items() for verb in calls}
    assert described == routed


@pytest.mark.parametrize(
    ("path", "verb"), [(p, v) for p, calls in DOCUMENT["paths"].items() for v in calls]
)
def test_every_call_says_what_it_does_and_how_it_refuses(path: str, verb: str) -> None:
    call = DOCUMENT["paths"][path][verb]
    assert len(call["summary"]) > 4
    assert call["responses"]["4XX"] == {"$ref": "#/components/responses/Problem"}
    assert call["responses"]["503"] == {"$ref": "#/components/responses/Problem"}
    assert len([code for code in call["responses"] if code.startswith("2")]) == 1


CALLS = [(path, verb) for path, calls in DOCUMENT["paths"].items() for verb in calls]
ASKED = {
    (path, verb): [part["name"] for part in call["parameters"] if part["in"] == "query"]
    for path, calls in DOCUMENT["paths"].items()
    for verb, call in calls.items()
}


def ask_unbraked(verb: str, url: str, **asked: Any) -> httpx.Response:
    """Ask, and once more when the brake of a costly call is over that the tests before have used up."""
    answer = httpx.request(verb, url, **asked)
    if answer.status_code != 429:
        return answer
    time.sleep(BRAKE_SECONDS)
    return httpx.request(verb, url, **asked)


@pytest.mark.parametrize(("path", "verb"), CALLS)
@pytest.mark.timeout(BRAKE_SECONDS + 30)
def test_no_call_reads_what_is_not_described(served: Served, path: str, verb: str) -> None:
    # A part that is not described never reaches what answers, so that none can be read in secret.
    url = served.url + path.replace("{", "").replace("}", "").replace("/n", "/1")
    answer = ask_unbraked(
        verb, url, params={"undescribed": "1", "more": "2"}, headers=bearer(served.token)
    )
    assert answer.status_code == 422, answer.text
    problem = answer.json()
    assert "undescribed, more" in problem["detail"]
    assert [wrong["field"] for wrong in problem["errors"]] == ["undescribed", "more"]
    known = f"This call knows: {', '.join(ASKED[path, verb])}."
    nothing = "This call reads nothing from its address."
    assert problem["errors"][0]["detail"] == (known if ASKED[path, verb] else nothing)


def test_what_lists_read_is_described() -> None:
    lists = {path: names for (path, verb), names in ASKED.items() if names and verb == "get"}
    assert set(lists["/api/v1/seizures"]) > {"q", "status", "rows", "after", "before"}
    assert set(lists["/api/v1/audit"]) > {"person", "action", "seal", "rows", "after", "before"}
    assert lists["/api/v1/imports"] == ["before"]
    assert lists["/api/v1/imports/{batch}/problems"] == ["kind", "limit", "after"]


@pytest.mark.parametrize(
    ("path", "names"), [(path, names) for (path, verb), names in ASKED.items() if verb == "get"]
)
def test_what_is_described_is_taken_and_may_be_empty(
    served: Served, path: str, names: list[str]
) -> None:
    url = served.url + path.replace("{n}", "1").replace("{name}", "MODE")
    # Only why something is exported may not be left open.
    said = {name: "A test of ours" if name == "purpose" else "" for name in names}
    answer = httpx.get(url, params=said, headers=bearer(served.token))
    assert answer.status_code == (404 if "{" in url else 200), answer.text


def test_choices_are_told_where_no_list_of_codes_is_served(served: Served) -> None:
    lists = httpx.get(f"{served.url}/api/v1/reference", headers=bearer(served.token)).json()
    named = re.findall(r"\(code list (\w+)\)", str(DOCUMENT["paths"]))
    assert set(named) - lists.keys() == {"OFFICE"}
    action = part_of("/api/v1/audit", "action")
    assert {"READ", "EXPORT"} <= set(action["schema"]["anyOf"][0]["enum"])
    rows = part_of("/api/v1/seizures", "rows")["schema"]["anyOf"][0]
    assert rows == {"type": "integer", "minimum": 1, "maximum": 200}


def part_of(path: str, name: str) -> dict[str, Any]:
    parts = DOCUMENT["paths"][path]["get"]["parameters"]
    return next(dict(part) for part in parts if part["name"] == name)


def test_the_page_shows_what_may_be_asked(served: Served) -> None:
    page = httpx.get(f"{served.url}/api/docs", headers=bearer(served.token)).text
    for (path, verb), names in ASKED.items():
        shown = page.split(f'<code dir="ltr">{path}</code>')
        operation = next(
            part.partition("</details>")[0]
            for before, part in pairwise(shown)
            if f"{verb.upper()}</span>" in before[-60:]
        )
        for name in names:
            assert f'<bdi class="code">{name}</bdi>' in operation, (path, verb)


def test_the_served_description_is_this_one(served: Served) -> None:
    answer = httpx.get(
        f"{served.url}/api/schema/openapi.json",
        headers=bearer(served.token),
    )
    assert answer.json() == DOCUMENT
