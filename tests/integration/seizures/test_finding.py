"""Finding a case by its number, and what the trail keeps of a search."""

from __future__ import annotations

from uuid import UUID

import httpx
import pytest

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


async def found_by(client: httpx.AsyncClient, words: str) -> list[str]:
    answer = await client.get("/api/v1/seizures", params={"q": words, "rows": 200})
    return [row["id"] for row in answer.json()["cases"]]


async def test_a_part_of_a_number_finds_the_case(house: House) -> None:
    officer = house.people[Role.OFFICER]
    stored = (await officer.post("/api/v1/seizures", json={**SEIZURE, "submit": True})).json()
    country, office, year, number = stored["case_ref"].split("-")
    for typed in (number, f"{year}-{number}", f"{country}-{office}", f"{office} {number}"):
        assert stored["id"] in await found_by(officer, typed), typed
    assert stored["id"] not in await found_by(officer, "999999")


@pytest.mark.parametrize(
    "words",
    ["cocaine", "COCA", "cocaïne", "كوكايين", "الكوكايين", "cocaine container", "wall coca"],
)
async def test_goods_are_found_by_their_name_in_any_language(house: House, words: str) -> None:
    officer = house.people[Role.OFFICER]
    stored = (await officer.post("/api/v1/seizures", json=SEIZURE)).json()
    assert stored["id"] in await found_by(officer, words)
    assert stored["id"] not in await found_by(officer, f"{words} elsewhere")


async def test_other_goods_and_single_letters_find_nothing(house: House) -> None:
    officer = house.people[Role.OFFICER]
    stored = (await officer.post("/api/v1/seizures", json=SEIZURE)).json()
    assert stored["id"] not in await found_by(officer, "whisky")
    assert stored["id"] not in await found_by(officer, "z")


async def test_a_country_is_found_by_its_name(house: House) -> None:
    officer = house.people[Role.OFFICER]
    stored = (await officer.post("/api/v1/seizures", json=SEIZURE)).json()["id"]
    await db.execute("UPDATE seizures.case_file SET country = 'GE' WHERE id = $1", UUID(stored))
    assert stored in await found_by(officer, "Géorgie")


async def test_a_search_is_in_the_trail_with_its_words(house: House) -> None:
    await house.people[Role.ANALYST].get("/seizures?q=elephant")
    found = await db.fetch_value(
        "SELECT detail::text FROM audit.entry WHERE action = 'SEARCH' AND actor_name = 'Mei Tanaka'"
        " ORDER BY n DESC LIMIT 1"
    )
    assert "elephant" in found
