"""Who asks for what his role does not allow stands in the trail, and the page says so only then."""

import pytest

from appliance.core.room import Role
from tests.integration.conftest import House

pytestmark = pytest.mark.anyio

NOTED = "The attempt is noted in the audit record."


async def refusals(house: House) -> list[dict[str, object]]:
    trail = await house.people[Role.AUDITOR].get("/api/v1/audit", params={"action": "REFUSED"})
    return [dict(entry) for entry in trail.json()["entries"]]


async def test_a_refusal_names_person_right_and_address(house: House) -> None:
    page = await house.people[Role.OFFICER].get("/accounts")
    assert page.status_code == 403
    assert NOTED in page.text
    newest = (await refusals(house))[0]
    assert (
        newest["actor_name"] == (await house.people[Role.OFFICER].get("/api/v1/me")).json()["name"]
    )
    assert newest["room"] == "accounts"
    assert newest["detail"] == {"right": "accounts.read", "path": "/accounts", "method": "GET"}


async def test_a_program_is_noted_too(house: House) -> None:
    before = len(await refusals(house))
    answer = await house.people[Role.ADMIN].get("/api/v1/seizures")
    assert answer.status_code == 403
    assert len(await refusals(house)) == before + 1


async def test_what_was_no_attempt_is_not_called_one(house: House) -> None:
    before = len(await refusals(house))
    expired = await house.people[Role.OFFICER].post(
        "/seizures", data={"narrative": "x"}, headers={"x-csrftoken": "damaged"}
    )
    assert expired.status_code in {200, 403}
    assert NOTED not in expired.text
    missing = await house.people[Role.OFFICER].get("/nothing")
    assert missing.status_code == 404
    assert NOTED not in missing.text
    nobody = await house.visitor.get("/api/v1/seizures")
    assert nobody.status_code == 401
    assert len(await refusals(house)) == before
