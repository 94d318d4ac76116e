"""Changing a case by the simplified form changes what was changed there, and nothing that the form does not show."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import httpx
import pytest

from appliance.core import db
from appliance.core.room import Role
from tests.integration.conftest import SEIZURE, House

pytestmark = pytest.mark.anyio

PLACE = {
    "country": "PH",
    "place_type": "MAIL",
    "locode": "PHIGN",
    "place_text": "Iligan, Pier 3",
    "modus_operandi": "Hollowed planks",
}
GOODS = {"hs6": "640411", "description": "Sports shoes", "packages": 43}


async def recorded(officer: httpx.AsyncClient) -> str:
    """A draft of which more is recorded than the simplified form shows."""
    case = str((await officer.post("/api/v1/seizures", json=SEIZURE)).json()["id"])
    places = ", ".join(f"{name} = ${number}" for number, name in enumerate(PLACE, 2))
    await db.execute(
        f"UPDATE seizures.case_file SET {places} WHERE id = $1", UUID(case), *PLACE.values()
    )
    goods = ", ".join(f"{name} = ${number}" for number, name in enumerate(GOODS, 2))
    await db.execute(
        f"UPDATE seizures.commodity SET {goods} WHERE case_id = $1", UUID(case), *GOODS.values()
    )
    return case


async def change(officer: httpx.AsyncClient, case: str, **changes: str) -> dict[str, Any]:
    """Change a case on its page; return it as it is then."""
    before = (await officer.get(f"/api/v1/seizures/{case}")).json()
    answer = await officer.post(
        f"/seizures/{case}/edit",
        data={**SEIZURE, "version": str(before["version"]), "draft": "yes", **changes},
    )
    assert answer.status_code == 303, answer.text
    return dict((await officer.get(f"/api/v1/seizures/{case}")).json())


async def changes_of(officer: httpx.AsyncClient, case: str) -> dict[str, Any]:
    return dict((await officer.get(f"/api/v1/seizures/{case}/history")).json()[0]["changes"])


async def test_what_the_form_does_not_show_stays(house: House) -> None:
    officer = house.people[Role.OFFICER]
    case = await recorded(officer)
    found = await change(officer, case, quantity="13")
    assert {name: found[name] for name in PLACE} == PLACE
    assert {name: found["commodities"][0][name] for name in GOODS} == GOODS
    assert found["commodities"][0]["quantity"] == "13"
    assert list(await changes_of(officer, case)) == ["quantity"]


@pytest.mark.parametrize("words", ["Iligan", "hollowed planks", "sports shoes", "wall container"])
async def test_it_is_still_found_by_all_its_words(house: House, words: str) -> None:
    officer = house.people[Role.OFFICER]
    case = await recorded(officer)
    await change(officer, case, quantity="13")
    found = (await officer.get("/api/v1/seizures", params={"q": words, "rows": 200})).json()
    assert case in [row["id"] for row in found["cases"]]


async def test_other_goods_do_not_keep_the_old_ones_description(house: House) -> None:
    officer = house.people[Role.OFFICER]
    case = await recorded(officer)
    found = await change(officer, case, subtype="HEROIN")
    (line,) = found["commodities"]
    assert (line["subtype"], line["hs6"], line["description"], line["packages"]) == (
        "HEROIN",
        "",
        "",
        None,
    )
    changes = await changes_of(officer, case)
    assert changes["description"] == ["Sports shoes", ""]
    assert changes["packages"] == [43, None]


async def test_another_office_brings_its_own_place(house: House) -> None:
    ncp, officer = house.people[Role.NCP], house.people[Role.OFFICER]
    case = await recorded(officer)
    before = (await officer.get(f"/api/v1/seizures/{case}")).json()
    refused = await ncp.post(
        f"/seizures/{case}/edit",
        data={**SEIZURE, "version": str(before["version"]), "office_code": "AIR1", "draft": "yes"},
    )
    assert refused.status_code in {303, 403}
    assert (await officer.get(f"/api/v1/seizures/{case}")).json()["country"] == "PH"


async def test_what_was_typed_elsewhere_stays_while_the_amount_is_the_same(house: House) -> None:
    officer = house.people[Role.OFFICER]
    case = await recorded(officer)
    await db.execute(
        "UPDATE seizures.commodity SET quantity_typed = '12 kilos and a half', unit_typed = 'kilos'"
        " WHERE case_id = $1",
        UUID(case),
    )
    (line,) = (await change(officer, case, narrative="Other words."))["commodities"]
    assert (line["quantity_typed"], line["unit_typed"]) == ("12 kilos and a half", "kilos")
    (line,) = (await change(officer, case, quantity="13"))["commodities"]
    assert line["quantity_typed"] == "13"


async def test_who_was_slower_sees_what_was_changed_meanwhile(house: House) -> None:
    officer, supervisor = house.people[Role.OFFICER], house.people[Role.SUPERVISOR]
    case = await recorded(officer)
    await change(supervisor, case, quantity="77")
    answer = await officer.post(
        f"/seizures/{case}/edit", data={**SEIZURE, "version": "1", "draft": "yes"}
    )
    assert answer.status_code == 409
    assert "What was changed meanwhile" in answer.text
    name = (await supervisor.get("/api/v1/me")).json()["name"]
    assert name in answer.text
    assert "<ins>77</ins>" in answer.text


async def test_the_reason_of_a_return_stands_above_the_form(house: House) -> None:
    officer, supervisor = house.people[Role.OFFICER], house.people[Role.SUPERVISOR]
    case = (await officer.post("/api/v1/seizures", json={**SEIZURE, "submit": True})).json()["id"]
    await supervisor.post(f"/seizures/{case}/return", data={"reason": "Which container was it?"})
    page = await officer.get(f"/seizures/{case}/edit")
    assert "Which container was it?" in page.text


DRAFT = {"event_date": SEIZURE["event_date"], "office_code": SEIZURE["office_code"]}


async def test_a_draft_keeps_whatever_there_is(house: House) -> None:
    officer = house.people[Role.OFFICER]
    stored = await officer.post("/seizures", data={**DRAFT, "quantity": "3", "draft": "yes"})
    assert stored.status_code == 303
    case = stored.headers["location"].split("/")[2].split("?")[0]
    found = (await officer.get(f"/api/v1/seizures/{case}")).json()
    assert (found["status"], found["direction"]) == ("DRAFT", "NOT_RECORDED")
    assert found["commodities"][0]["quantity"] == "3"
    page = (await officer.get(f"/seizures/{case}/edit")).text
    assert 'value="3"' in page


async def test_what_is_missing_is_said_when_it_is_submitted(house: House) -> None:
    officer = house.people[Role.OFFICER]
    case = (await officer.post("/api/v1/seizures", json=DRAFT)).json()["id"]
    page = await officer.post(f"/seizures/{case}/submit", data={"version": "1"})
    assert page.status_code == 422
    for label in ("Kind of case", "Direction", "How it was found", "Goods", "Quantity", "Unit"):
        assert f"<li>{label}</li>" in page.text
    told = await officer.post(f"/api/v1/seizures/{case}/submit")
    assert told.status_code == 422
    assert {item["field"] for item in told.json()["errors"]} == {
        "case_kind",
        "direction",
        "how_found",
        "subtype",
        "quantity",
        "unit",
    }
    assert (await officer.get(f"/api/v1/seizures/{case}")).json()["status"] == "DRAFT"


async def test_an_empty_submission_hears_everything_at_once(house: House) -> None:
    page = await house.people[Role.OFFICER].post("/seizures", data={"submit": "yes"})
    assert page.status_code == 422
    named = ("event_date", "office_code", "case_kind", "direction", "how_found", "subtype")
    for name in (*named, "quantity", "unit"):
        assert f'href="#f-{name}"' in page.text, name
