"""The desk: for each person what waits for that person, and nothing of what others may see."""

from __future__ import annotations

import httpx
import pytest

from appliance.core.room import Role
from tests.conftest import form_token
from tests.integration.conftest import SEIZURE, House


async def waiting(client: httpx.AsyncClient) -> dict[str, int]:
    items = (await client.get("/api/v1/desk")).json()
    return {item["url"]: item["count"] for item in items}


async def enter_case(client: httpx.AsyncClient, *, submit: bool) -> str:
    stored = await client.post("/api/v1/seizures", json={**SEIZURE, "submit": submit})
    return str(stored.json()["id"])


@pytest.mark.parametrize("role", Role)
async def test_everybody_has_a_desk_with_the_own_name(house: House, role: Role) -> None:
    page = await house.people[role].get("/")
    me = (await house.people[role].get("/api/v1/me")).json()
    assert page.status_code == 200
    assert me["name"] in page.text


async def test_counts_follow_the_case_from_hand_to_hand(house: House) -> None:
    officer, supervisor = house.people[Role.OFFICER], house.people[Role.SUPERVISOR]
    drafts, open_, returned = (
        f"/seizures?status={status}" for status in ("DRAFT", "SUBMITTED", "RETURNED")
    )
    before, judged = await waiting(officer), await waiting(supervisor)
    case = await enter_case(officer, submit=False)
    assert (await waiting(officer))[drafts] == before[drafts] + 1
    await officer.post(f"/api/v1/seizures/{case}/submit")
    assert (await waiting(officer))[drafts] == before[drafts]
    assert (await waiting(supervisor))[open_] == judged[open_] + 1
    await supervisor.post(f"/api/v1/seizures/{case}/return", json={"reason": "Weigh it again."})
    assert (await waiting(officer))[returned] == before[returned] + 1
    assert (await waiting(supervisor))[open_] == judged[open_]


async def test_every_line_leads_to_a_list_of_as_many_cases(house: House) -> None:
    supervisor = house.people[Role.SUPERVISOR]
    await enter_case(house.people[Role.OFFICER], submit=True)
    for url, count in (await waiting(supervisor)).items():
        if not url.startswith("/seizures?"):
            continue
        listed = (await supervisor.get(f"/api/v1{url}&rows=200")).json()["cases"]
        assert len(listed) == count


@pytest.mark.parametrize("role", [Role.ANALYST, Role.TRAINER, Role.ADMIN])
async def test_who_enters_and_judges_nothing_is_asked_for_no_case(house: House, role: Role) -> None:
    found = await waiting(house.people[role])
    assert [url for url in found if url.startswith("/seizures")] == []


async def test_the_administrator_sees_no_case_on_the_desk(house: House) -> None:
    case = await enter_case(house.people[Role.OFFICER], submit=True)
    await house.people[Role.SUPERVISOR].post(f"/api/v1/seizures/{case}/validate")
    page = await house.people[Role.ADMIN].get("/")
    assert "/seizures" not in page.text
    assert "Cocaine" not in page.text


async def test_another_office_does_not_count_these_drafts(house: House) -> None:
    stranger = house.people[Role.INVESTIGATOR]
    before = await waiting(stranger)
    await enter_case(house.people[Role.OFFICER], submit=False)
    assert await waiting(stranger) == before


async def test_the_contact_point_is_told_of_accounts_that_wait(house: House) -> None:
    admin, contact = house.people[Role.ADMIN], house.people[Role.NCP]
    before = (await waiting(contact))["/accounts/waiting"]
    person = {"login": "waits", "name": "Wanda Itu", "roles": "OFFICER", "language": "EN"}
    token = form_token(await admin.get("/accounts/new"))
    made = await admin.post(
        "/accounts/new", data={"_csrf_token": token, "office": "SEA1", **person}
    )
    assert made.status_code == 303, made.text
    assert (await waiting(contact))["/accounts/waiting"] == before + 1
    assert "/accounts/waiting" not in await waiting(admin)


async def test_who_sees_every_office_is_not_told_of_the_own(house: House) -> None:
    case = await enter_case(house.people[Role.OFFICER], submit=True)
    returned = f"/api/v1/seizures/{case}/return"
    await house.people[Role.SUPERVISOR].post(returned, json={"reason": "Weigh it again."})
    assert "Cases returned to your office" in (await house.people[Role.OFFICER].get("/")).text
    assert "Returned cases of all offices" in (await house.people[Role.NCP].get("/")).text
