"""The description of the API is true: whatever a program sends, the answer is described, and none is a fault of ours.

Cases are made from the description and sent to `ncen serve` over HTTP; the log of the server must stay clean.
"""

from __future__ import annotations

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


def test_the_served_description_is_this_one(served: Served) -> None:
    answer = httpx.get(
        f"{served.url}/api/schema/openapi.json",
        headers=bearer(served.token),
    )
    assert answer.json() == DOCUMENT
