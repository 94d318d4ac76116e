"""Case numbers: one row of numbers per office and year, without a gap when many submit at once."""

from __future__ import annotations

import asyncio

from appliance.core import db
from appliance.core.room import Role
from tests.integration.conftest import SEIZURE, House


async def numbers_of(office: str) -> list[int]:
    rows = await db.fetch(
        "SELECT case_ref FROM seizures.case_file WHERE case_ref LIKE $1 ORDER BY case_ref",
        f"PH-{office}-%",
    )
    return [int(row["case_ref"].rpartition("-")[2]) for row in rows]


async def test_ten_officers_submit_at_once_and_no_number_is_missing_or_doubled(
    house: House,
) -> None:
    officer = house.people[Role.OFFICER]
    before = await numbers_of("SEA1")
    answers = await asyncio.gather(
        *(officer.post("/api/v1/seizures", json={**SEIZURE, "submit": True}) for _ in range(10))
    )
    assert {answer.status_code for answer in answers} == {201}
    after = await numbers_of("SEA1")
    assert after == list(range(1, len(before) + 11))


async def test_each_office_counts_for_itself(house: House) -> None:
    ncp = house.people[Role.NCP]
    stored = await ncp.post(
        "/api/v1/seizures", json={**SEIZURE, "office_code": "AIR1", "submit": True}
    )
    assert stored.json()["case_ref"].endswith("-000001")


async def test_a_case_that_was_refused_takes_no_number(house: House) -> None:
    officer = house.people[Role.OFFICER]
    before = await numbers_of("SEA1")
    refused = await officer.post(
        "/api/v1/seizures", json={**SEIZURE, "quantity": "much", "submit": True}
    )
    assert refused.status_code == 422
    stored = await officer.post("/api/v1/seizures", json={**SEIZURE, "submit": True})
    assert stored.status_code == 201
    assert await numbers_of("SEA1") == [*before, len(before) + 1]


async def test_a_draft_takes_no_number(house: House) -> None:
    before = await numbers_of("SEA1")
    stored = await house.people[Role.OFFICER].post("/api/v1/seizures", json=SEIZURE)
    assert stored.json()["case_ref"] == ""
    assert await numbers_of("SEA1") == before
