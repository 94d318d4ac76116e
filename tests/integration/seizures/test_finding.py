"""Finding a case by its number, and what the trail keeps of a search."""

from __future__ import annotations

from appliance.core import db
from appliance.core.room import Role
from tests.integration.conftest import SEIZURE, House


async def test_a_case_is_found_by_its_number_and_by_nobody_else(house: House) -> None:
    officer, stranger = house.people[Role.OFFICER], house.people[Role.INVESTIGATOR]
    stored = (await officer.post("/api/v1/seizures", json={**SEIZURE, "submit": True})).json()
    for typed in (stored["case_ref"], stored["case_ref"].lower()):
        found = (await officer.get("/api/v1/seizures", params={"q": typed})).json()["cases"]
        assert [row["id"] for row in found] == [stored["id"]]
        hidden = (await stranger.get("/api/v1/seizures", params={"q": typed})).json()["cases"]
        assert hidden == []


async def test_a_search_is_in_the_trail_with_its_words(house: House) -> None:
    await house.people[Role.ANALYST].get("/seizures?q=elephant")
    found = await db.fetch_value(
        "SELECT detail::text FROM audit.entry WHERE action = 'SEARCH' AND actor_name = 'Mei Tanaka'"
        " ORDER BY n DESC LIMIT 1"
    )
    assert "elephant" in found
