"""Submitting, validating and returning: who may, from which state, and what the other side is told."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from appliance.core import db
from appliance.core.room import Role
from tests.integration.conftest import SEIZURE, House

OWN = "Nobody validates or returns a case that he entered, changed or submitted himself."


async def entered(client: httpx.AsyncClient, *, submit: bool = True, **changes: Any) -> str:
    """A case entered by a program."""
    stored = await client.post("/api/v1/seizures", json={**SEIZURE, **changes, "submit": submit})
    assert stored.status_code == 201, stored.text
    return str(stored.json()["id"])


async def state_of(client: httpx.AsyncClient, case: str) -> tuple[str, str]:
    found = (await client.get(f"/api/v1/seizures/{case}")).json()
    return found["status"], found["case_ref"]


async def test_a_draft_is_submitted_and_gets_its_number_then(house: House) -> None:
    officer = house.people[Role.OFFICER]
    case = await entered(officer, submit=False)
    assert await state_of(officer, case) == ("DRAFT", "")
    answer = await officer.post(f"/seizures/{case}/submit")
    assert answer.status_code == 303
    status, number = await state_of(officer, case)
    assert status == "SUBMITTED"
    assert number.startswith("PH-SEA1-")


async def test_a_supervisor_validates_and_is_named(house: House) -> None:
    officer, supervisor = house.people[Role.OFFICER], house.people[Role.SUPERVISOR]
    case = await entered(officer)
    answer = await supervisor.post(f"/seizures/{case}/validate")
    assert answer.status_code == 303
    found = (await officer.get(f"/api/v1/seizures/{case}")).json()
    assert (found["status"], found["validated_by_name"]) == ("VALIDATED", "Grace Wanjiru")
    assert found["validated_at"] is not None
    events = await db.fetch(
        "SELECT event FROM core.outbox WHERE payload->>'case' = $1 ORDER BY made_at", case
    )
    assert [row["event"] for row in events] == ["submitted", "validated"]


@pytest.mark.parametrize("act", ["validate", "return"])
async def test_nobody_judges_a_case_of_his_own(house: House, act: str) -> None:
    supervisor = house.people[Role.SUPERVISOR]
    case = await entered(supervisor)
    page = await supervisor.post(f"/seizures/{case}/{act}", data={"reason": "Because."})
    assert page.status_code == 403
    assert OWN in page.text
    told = await supervisor.post(f"/api/v1/seizures/{case}/{act}", json={"reason": "Because."})
    assert told.status_code == 403
    assert (await state_of(supervisor, case))[0] == "SUBMITTED"


async def edited(client: httpx.AsyncClient, case: str, **changes: Any) -> None:
    """A case changed by the form."""
    version = (await client.get(f"/api/v1/seizures/{case}")).json()["version"]
    answer = await client.post(
        f"/seizures/{case}/edit", data={**SEIZURE, "version": version, **changes}
    )
    assert answer.status_code == 303, answer.text


async def refused_to_judge(client: httpx.AsyncClient, case: str) -> None:
    """Neither page nor program lets this person judge, and the page says who can."""
    shown = await client.get(f"/seizures/{case}")
    assert OWN in shown.text
    assert "Another supervisor or the national contact point has to do it." in shown.text
    assert f"/seizures/{case}/validate" not in shown.text
    assert f"/seizures/{case}/return" not in shown.text
    for act in ("validate", "return"):
        for address in (f"/seizures/{case}/{act}", f"/api/v1/seizures/{case}/{act}"):
            answer = await client.post(address, **reason_for(address))
            assert answer.status_code == 403
            assert OWN in answer.text
    assert (await state_of(client, case))[0] == "SUBMITTED"


def reason_for(address: str) -> dict[str, Any]:
    kind = "json" if address.startswith("/api/") else "data"
    return {kind: {"reason": "Because."}}


async def test_who_changed_and_submitted_a_colleagues_draft_does_not_validate_it(
    house: House,
) -> None:
    supervisor = house.people[Role.SUPERVISOR]
    case = await entered(house.people[Role.OFFICER], submit=False)
    await edited(supervisor, case, narrative="Two tons more.", submit="yes")
    await refused_to_judge(supervisor, case)
    done = await house.people[Role.NCP].post(f"/api/v1/seizures/{case}/validate")
    assert done.status_code == 200


async def test_one_hand_in_a_case_is_enough(house: House) -> None:
    officer, supervisor = house.people[Role.OFFICER], house.people[Role.SUPERVISOR]
    changed = await entered(officer, submit=False)
    await edited(supervisor, changed, quantity="13", draft="yes")
    assert (await officer.post(f"/api/v1/seizures/{changed}/submit")).status_code == 200
    submitted = await entered(officer, submit=False)
    assert (await supervisor.post(f"/api/v1/seizures/{submitted}/submit")).status_code == 200
    for case in (changed, submitted):
        await refused_to_judge(supervisor, case)


async def test_who_returned_a_case_may_validate_it_later(house: House) -> None:
    officer, supervisor = house.people[Role.OFFICER], house.people[Role.SUPERVISOR]
    case = await entered(officer)
    assert (
        await supervisor.post(f"/api/v1/seizures/{case}/return", json={"reason": "Which day?"})
    ).status_code == 200
    await edited(officer, case, submit="yes")
    assert f"/seizures/{case}/validate" in (await supervisor.get(f"/seizures/{case}")).text
    assert (await supervisor.post(f"/api/v1/seizures/{case}/validate")).status_code == 200


async def test_a_return_needs_a_reason(house: House) -> None:
    officer, supervisor = house.people[Role.OFFICER], house.people[Role.SUPERVISOR]
    case = await entered(officer)
    for reason in ("", "   "):
        page = await supervisor.post(f"/seizures/{case}/return", data={"reason": reason})
        assert page.status_code == 422
        assert "Say what has to be corrected." in page.text
        told = await supervisor.post(f"/api/v1/seizures/{case}/return", json={"reason": reason})
        assert told.status_code == 422
        assert told.json()["errors"][0]["field"] == "reason"
    assert (await state_of(supervisor, case))[0] == "SUBMITTED"


async def test_the_office_reads_why_and_submits_again_under_the_same_number(house: House) -> None:
    officer, supervisor = house.people[Role.OFFICER], house.people[Role.SUPERVISOR]
    case = await entered(officer)
    number = (await state_of(officer, case))[1]
    reason = "The weight includes the packing."
    answer = await supervisor.post(f"/seizures/{case}/return", data={"reason": reason})
    assert answer.status_code == 303
    page = await officer.get(f"/seizures/{case}")
    assert reason in page.text
    assert "Grace Wanjiru" in page.text
    assert (await officer.post(f"/seizures/{case}/submit")).status_code == 303
    assert await state_of(officer, case) == ("SUBMITTED", number)


async def test_what_was_typed_stays_when_somebody_was_faster(house: House) -> None:
    case = await entered(house.people[Role.OFFICER])
    assert (await house.people[Role.NCP].post(f"/seizures/{case}/validate")).status_code == 303
    reason = "Only half of it was weighed."
    page = await house.people[Role.SUPERVISOR].post(
        f"/seizures/{case}/return", data={"reason": reason}
    )
    assert page.status_code == 409
    assert "This case was changed or decided by somebody else a moment ago." in page.text
    assert reason in page.text


@pytest.mark.parametrize(
    ("acts", "last"),
    [
        (["validate"], "validate"),
        (["validate"], "return"),
        (["return"], "validate"),
        (["return"], "return"),
    ],
)
async def test_a_case_is_judged_once(house: House, acts: list[str], last: str) -> None:
    supervisor = house.people[Role.SUPERVISOR]
    case = await entered(house.people[Role.OFFICER])
    for act in acts:
        done = await supervisor.post(f"/api/v1/seizures/{case}/{act}", json={"reason": "So."})
        assert done.status_code == 200
    again = await supervisor.post(f"/api/v1/seizures/{case}/{last}", json={"reason": "So."})
    assert again.status_code == 409
    assert again.json()["code"] == "conflict"


async def test_two_judges_at_once_leave_one_decision(house: House) -> None:
    case = await entered(house.people[Role.OFFICER])
    answers = await asyncio.gather(
        house.people[Role.SUPERVISOR].post(f"/api/v1/seizures/{case}/validate"),
        house.people[Role.NCP].post(f"/api/v1/seizures/{case}/validate"),
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    versions = (await house.people[Role.NCP].get(f"/api/v1/seizures/{case}/history")).json()
    assert [item["what"] for item in versions] == ["validate", "submit"]


async def test_another_office_does_not_submit(house: House) -> None:
    """The contact point sees every draft, and still leaves it to its office."""
    case = await entered(house.people[Role.OFFICER], submit=False)
    answer = await house.people[Role.NCP].post(f"/api/v1/seizures/{case}/submit")
    assert answer.status_code == 403
    assert (await state_of(house.people[Role.NCP], case))[0] == "DRAFT"


@pytest.mark.parametrize("act", ["submit", "validate", "return"])
async def test_a_case_that_is_not_there(house: House, act: str) -> None:
    supervisor = house.people[Role.SUPERVISOR]
    for case in ("01890a5d-ac96-774b-bcce-b302099a8057", "nothing", "0", "%00", "é"):
        told = await supervisor.post(f"/api/v1/seizures/{case}/{act}", json={"reason": "x"})
        assert told.status_code == 404
        page = await supervisor.post(f"/seizures/{case}/{act}", data={"reason": "x"})
        assert page.status_code == 404
