"""Entering and changing cases by the simplified form and by the API: what is stored, and for whom."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from appliance.core import db, ids
from appliance.core.i18n import translate
from appliance.core.room import Role
from tests.conftest import Person, enter, form_token, new_client
from tests.integration.conftest import SEIZURE, House

ENTERING = [Role.OFFICER, Role.SUPERVISOR, Role.INVESTIGATOR, Role.NCP]


async def post_form(client: httpx.AsyncClient, **changes: Any) -> httpx.Response:
    """Send the simplified form as a browser does."""
    return await client.post("/seizures", data={**SEIZURE, "client_uuid": new_key(), **changes})


def new_key() -> str:
    return str(ids.new_id())


def case_in(answer: httpx.Response) -> str:
    """The case that a stored form leads to."""
    assert answer.status_code == 303, answer.text
    return answer.headers["location"].removeprefix("/seizures/").partition("?")[0]


async def case_of(client: httpx.AsyncClient, case: str) -> dict[str, Any]:
    found = await client.get(f"/api/v1/seizures/{case}")
    assert found.status_code == 200, found.text
    return dict(found.json())


async def count_cases() -> int:
    return int(await db.fetch_value("SELECT count(*) FROM seizures.case_file"))


async def test_a_draft_is_stored_with_everything_that_was_typed(house: House) -> None:
    officer = house.people[Role.OFFICER]
    case = await case_of(officer, case_in(await post_form(officer, draft="yes")))
    assert (case["status"], case["origin"], case["case_ref"], case["version"]) == (
        "DRAFT",
        "FORM",
        "",
        1,
    )
    assert (case["event_date"], case["office_code"]) == ("2026-01-05", "SEA1")
    assert (case["entered_by_name"], case["narrative"]) == ("Amina Sow", SEIZURE["narrative"])
    (line,) = case["commodities"]
    assert (line["subtype"], line["heading"]) == ("COCAINE_HCL", "DRUGS")
    assert (line["quantity"], line["unit"], line["quantity_typed"]) == ("12.5", "KGM", "12.5")
    assert line["kg_equivalent"] == "12.5"


async def test_a_submitted_case_has_a_number_and_tells_other_rooms(house: House) -> None:
    officer = house.people[Role.OFFICER]
    case = await case_of(officer, case_in(await post_form(officer, submit="yes")))
    assert case["status"] == "SUBMITTED"
    assert case["submitted_at"] is not None
    country, office, year, number = case["case_ref"].split("-")
    assert (country, office, len(number)) == ("PH", "SEA1", 6)
    assert year.isdecimal()
    facts = await db.fetch(
        "SELECT event FROM core.outbox WHERE room = 'seizures' AND payload->>'case' = $1",
        case["id"],
    )
    assert [fact["event"] for fact in facts] == ["submitted"]


async def test_every_write_is_in_the_trail_with_its_writer(house: House) -> None:
    officer = house.people[Role.OFFICER]
    case = case_in(await post_form(officer, submit="yes"))
    entry = await db.fetch_row(
        "SELECT actor_name, action, label, address FROM audit.entry WHERE record = $1 ORDER BY n LIMIT 1",
        case,
    )
    assert entry is not None
    assert (entry["actor_name"], entry["action"]) == ("Amina Sow", "CREATE")
    assert entry["label"].startswith("PH-SEA1-")
    assert entry["address"] == "127.0.0.1"


async def test_reading_a_case_is_in_the_trail(house: House) -> None:
    case = case_in(await post_form(house.people[Role.OFFICER], submit="yes"))
    await house.people[Role.SUPERVISOR].get(f"/seizures/{case}")
    await case_of(house.people[Role.NCP], case)
    readers = await db.fetch(
        "SELECT actor_name FROM audit.entry WHERE record = $1 AND action = 'READ' ORDER BY n", case
    )
    assert [row["actor_name"] for row in readers] == ["Grace Wanjiru", "Leila Mansour"]


@pytest.mark.parametrize("role", ENTERING)
async def test_who_may_enter_sees_the_form_with_the_own_office(house: House, role: Role) -> None:
    page = await house.people[role].get("/seizures/new")
    assert page.status_code == 200
    office = "SEA1" if role in {Role.OFFICER, Role.SUPERVISOR} else "HQ"
    assert f'<option value="{office}" selected>' in page.text


async def test_a_form_sent_twice_is_one_case(house: House) -> None:
    officer, key, before = house.people[Role.OFFICER], new_key(), await count_cases()
    first = case_in(await post_form(officer, client_uuid=key, submit="yes"))
    second = case_in(await post_form(officer, client_uuid=key, submit="yes"))
    assert first == second
    assert await count_cases() == before + 1


async def flash_of(client: httpx.AsyncClient, answer: httpx.Response) -> str:
    """The page to which a stored form leads, with its notice."""
    return (await client.get(answer.headers["location"])).text


async def test_the_same_form_with_other_words_is_kept_and_not_called_stored(house: House) -> None:
    officer, key, before = house.people[Role.OFFICER], new_key(), await count_cases()
    first = case_in(await post_form(officer, client_uuid=key, draft="yes"))
    page = await post_form(officer, client_uuid=key, narrative="Two tons more.", submit="yes")
    assert page.status_code == 409
    assert "This form was stored before with other content" in page.text
    assert "Two tons more." in page.text
    assert f'href="/seizures/{first}"' in page.text
    assert await count_cases() == before + 1
    stored = await case_of(officer, first)
    assert (stored["status"], stored["narrative"]) == ("DRAFT", SEIZURE["narrative"])
    fresh = page.text.split('name="client_uuid" value="')[1].split('"')[0]
    assert fresh != key
    again = await post_form(officer, client_uuid=fresh, narrative="Two tons more.", submit="yes")
    assert case_in(again) != first
    assert "The case was submitted." in await flash_of(officer, again)


@pytest.mark.parametrize(
    "change",
    [{"submit": "yes"}, {"quantity": "12.6"}, {"event_date": "2026-01-06"}, {"unit": "GRM"}],
    ids=str,
)
async def test_each_part_of_the_content_counts(house: House, change: dict[str, str]) -> None:
    officer, key = house.people[Role.OFFICER], new_key()
    case_in(await post_form(officer, client_uuid=key))
    page = await post_form(officer, client_uuid=key, **change)
    assert page.status_code == 409
    told = await officer.post(
        "/api/v1/seizures",
        json={**SEIZURE, **change, "client_uuid": key, "submit": "submit" in change},
    )
    assert told.status_code == 409


async def test_the_answer_to_a_form_sent_twice_tells_the_stored_state(house: House) -> None:
    officer, key = house.people[Role.OFFICER], new_key()
    case = case_in(await post_form(officer, client_uuid=key, draft="yes"))
    assert "The draft was saved." in await flash_of(
        officer, await post_form(officer, client_uuid=key, draft="yes")
    )
    assert (await officer.post(f"/seizures/{case}/submit")).status_code == 303
    again = await post_form(officer, client_uuid=key, draft="yes")
    assert case_in(again) == case
    assert "The case was submitted." in await flash_of(officer, again)


async def test_a_program_hears_which_case_has_its_key(house: House) -> None:
    officer, key = house.people[Role.OFFICER], new_key()
    sent = {**SEIZURE, "client_uuid": key}
    first = await officer.post("/api/v1/seizures", json=sent)
    again = await officer.post("/api/v1/seizures", json=sent)
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    other = await officer.post("/api/v1/seizures", json={**sent, "submit": True})
    assert (other.status_code, other.json()["code"]) == (409, "sent_before")
    (problem,) = other.json()["errors"]
    assert problem["field"] == "client_uuid"
    assert first.json()["id"] in problem["detail"]


async def test_an_edit_meanwhile_does_not_make_a_repeated_form_another_one(house: House) -> None:
    officer, key = house.people[Role.OFFICER], new_key()
    case = case_in(await post_form(officer, client_uuid=key))
    case_in(await save(officer, case, "1", narrative="Weighed again."))
    assert case_in(await post_form(officer, client_uuid=key)) == case


async def test_a_case_from_before_there_were_digests_is_compared_itself(house: House) -> None:
    officer, key = house.people[Role.OFFICER], new_key()
    case = case_in(await post_form(officer, client_uuid=key, quantity="12.50"))
    await db.execute("UPDATE seizures.case_file SET client_digest = NULL WHERE id = $1", case)
    assert case_in(await post_form(officer, client_uuid=key)) == case
    for change in ({"narrative": "Another."}, {"submit": "yes"}):
        assert (await post_form(officer, client_uuid=key, **change)).status_code == 409


async def test_two_contents_at_once_under_one_key_leave_one_case(house: House) -> None:
    import asyncio

    officer, key, before = house.people[Role.OFFICER], new_key(), await count_cases()
    answers = await asyncio.gather(
        *(
            officer.post(
                "/api/v1/seizures", json={**SEIZURE, "client_uuid": key, "narrative": words}
            )
            for words in ("One.", "Two.", "One.", "Two.")
        )
    )
    assert sorted(answer.status_code for answer in answers) == [201, 201, 409, 409]
    assert await count_cases() == before + 1


async def test_a_program_that_sends_twice_at_once_makes_one_case(house: House) -> None:
    import asyncio

    officer, key, before = house.people[Role.OFFICER], new_key(), await count_cases()
    answers = await asyncio.gather(
        *(
            officer.post("/api/v1/seizures", json={**SEIZURE, "client_uuid": key, "submit": True})
            for _ in range(5)
        )
    )
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert await count_cases() == before + 1


async def test_the_key_of_somebody_elses_form_tells_nothing(house: House) -> None:
    key = new_key()
    await post_form(house.people[Role.OFFICER], client_uuid=key)
    answer = await post_form(
        house.people[Role.INVESTIGATOR], client_uuid=key, office_code="HQ", narrative="Kept here."
    )
    assert answer.status_code == 409
    assert "Amina" not in answer.text
    assert "The mark of this form is in use already." in answer.text
    assert "Kept here." in answer.text
    assert key not in answer.text


async def test_an_expired_form_is_refused_with_a_sentence(house: House) -> None:
    before = await count_cases()
    officer = house.people[Role.OFFICER]
    for token in ("", "expired", "0" * 128, "é" * 128):
        answer = await officer.post(
            "/seizures",
            content=httpx.QueryParams({**SEIZURE, "_csrf_token": token}).__str__(),
            headers={
                "content-type": "application/x-www-form-urlencoded",
                "x-csrftoken": "",
            },
        )
        assert answer.status_code == 403
        assert "This form has expired or came from another page." in answer.text
        assert SEIZURE["narrative"] in answer.text
    assert await count_cases() == before


async def test_a_form_cookie_of_another_installation_does_not_lock_anybody_out(
    house: House, cast: dict[str, Person]
) -> None:
    async with new_client(house.transport) as client:
        client.cookies.set("form", "0" * 128, domain="ncen.test", path="/")
        page = await client.get("/login")
        assert form_token(page) != "0" * 128
        await enter(client, cast["officer"])
        assert (await client.get("/seizures/new")).status_code == 200


async def test_cases_are_entered_for_the_own_office_only(house: House) -> None:
    answer = await post_form(house.people[Role.OFFICER], office_code="AIR1")
    assert answer.status_code == 422
    assert "You may enter cases of your own office only." in answer.text
    assert SEIZURE["narrative"] in answer.text


async def test_the_contact_point_enters_for_every_office(house: House) -> None:
    ncp = house.people[Role.NCP]
    case = await case_of(ncp, case_in(await post_form(ncp, office_code="AIR1", submit="yes")))
    assert case["case_ref"].startswith("PH-AIR1-")


async def test_copying_takes_what_repeats_and_leaves_what_differs(house: House) -> None:
    officer = house.people[Role.OFFICER]
    await post_form(officer, direction="EXPORT", narrative="Only once.")
    page = await officer.get("/seizures/new?copy=last")
    assert '<option value="EXPORT" selected>' in page.text
    assert '<option value="COCAINE_HCL" selected>' in page.text
    assert "Only once." not in page.text


async def edit_version(client: httpx.AsyncClient, case: str) -> str:
    """The version that an opened form carries."""
    page = await client.get(f"/seizures/{case}/edit")
    assert page.status_code == 200, page.text
    return page.text.split('name="version" value="')[1].split('"')[0]


async def save(
    client: httpx.AsyncClient, case: str, version: str, **changes: Any
) -> httpx.Response:
    return await client.post(
        f"/seizures/{case}/edit", data={**SEIZURE, "version": version, "draft": "yes", **changes}
    )


async def test_a_change_is_a_new_version_that_keeps_the_old_words(house: House) -> None:
    officer = house.people[Role.OFFICER]
    case = case_in(await post_form(officer))
    version = await edit_version(officer, case)
    case_in(await save(officer, case, version, narrative="Found below the floor.", quantity="13"))
    found = await case_of(officer, case)
    assert (found["version"], found["narrative"]) == (2, "Found below the floor.")
    assert found["commodities"][0]["quantity"] == "13"
    history = (await officer.get(f"/api/v1/seizures/{case}/history")).json()
    assert [item["what"] for item in history] == ["edit", "draft"]
    assert history[0]["changes"]["narrative"] == [SEIZURE["narrative"], "Found below the floor."]


NO_GOODS = {"case_kind": "OFFENCE_NO_GOODS", "subtype": "", "quantity": "", "unit": ""}


async def row_of(client: httpx.AsyncClient, case: str) -> dict[str, Any]:
    """A case as the list shows it."""
    rows = (await client.get("/api/v1/seizures?rows=200")).json()["cases"]
    return dict(next(row for row in rows if row["id"] == case))


async def test_goods_that_are_withdrawn_are_gone(house: House) -> None:
    officer = house.people[Role.OFFICER]
    case = case_in(await post_form(officer))
    case_in(await save(officer, case, "1", **NO_GOODS))
    assert (await case_of(officer, case))["commodities"] == []
    row = await row_of(officer, case)
    assert (row["subtype"], row["quantity"], row["lines"]) == ("NOT_RECORDED", None, 0)
    history = (await officer.get(f"/api/v1/seizures/{case}/history")).json()
    changes = history[0]["changes"]
    assert changes["subtype"] == ["COCAINE_HCL", "NOT_RECORDED"]
    assert changes["quantity"] == ["12.5", None]


async def test_goods_that_are_added_are_counted(house: House) -> None:
    officer = house.people[Role.OFFICER]
    case = case_in(await post_form(officer, **NO_GOODS))
    assert (await row_of(officer, case))["lines"] == 0
    case_in(await save(officer, case, "1"))
    (line,) = (await case_of(officer, case))["commodities"]
    assert (line["subtype"], line["quantity"]) == ("COCAINE_HCL", "12.5")
    row = await row_of(officer, case)
    assert (row["subtype"], row["quantity"], row["lines"]) == ("COCAINE_HCL", "12.5", 1)
    history = (await officer.get(f"/api/v1/seizures/{case}/history")).json()
    assert history[0]["changes"]["subtype"] == ["NOT_RECORDED", "COCAINE_HCL"]
    case_in(await save(officer, case, "2", quantity="13"))
    assert (await row_of(officer, case))["lines"] == 1


async def test_a_change_without_goods_before_and_after_names_no_goods(house: House) -> None:
    officer = house.people[Role.OFFICER]
    case = case_in(await post_form(officer, **NO_GOODS))
    case_in(await save(officer, case, "1", **NO_GOODS, narrative="Only words."))
    history = (await officer.get(f"/api/v1/seizures/{case}/history")).json()
    assert list(history[0]["changes"]) == ["narrative"]


async def test_of_two_editors_the_second_is_told_and_loses_nothing(house: House) -> None:
    officer, supervisor = house.people[Role.OFFICER], house.people[Role.SUPERVISOR]
    case = case_in(await post_form(officer))
    mine, theirs = await edit_version(officer, case), await edit_version(supervisor, case)
    case_in(await save(supervisor, case, theirs, narrative="The supervisor was first."))
    answer = await save(officer, case, mine, narrative="The officer was second.")
    assert answer.status_code == 409
    assert "Somebody else changed this case meanwhile." in answer.text
    assert "The officer was second." in answer.text
    assert (await case_of(officer, case))["narrative"] == "The supervisor was first."


async def test_a_validated_case_is_not_changed_any_more(house: House) -> None:
    officer = house.people[Role.OFFICER]
    case = case_in(await post_form(officer, submit="yes"))
    answer = await save(officer, case, "1", narrative="Too late.")
    assert answer.status_code == 403
    assert "This case waits for validation and cannot be changed." in answer.text
    assert "Too late." in answer.text
    assert (await case_of(officer, case))["narrative"] == SEIZURE["narrative"]


async def refusal_to_open(client: httpx.AsyncClient, case: str) -> str:
    """The case page to which a form that cannot be saved leads; it does not offer the form."""
    answer = await client.get(f"/seizures/{case}/edit")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/seizures/{case}")
    page = await client.get(f"/seizures/{case}")
    assert page.status_code == 200
    assert f"/seizures/{case}/edit" not in page.text
    return page.text


async def test_a_form_that_cannot_be_saved_is_not_opened(house: House) -> None:
    officer, supervisor = house.people[Role.OFFICER], house.people[Role.SUPERVISOR]
    case = case_in(await post_form(officer, submit="yes"))
    for colleague in (officer, supervisor):
        waiting = await refusal_to_open(colleague, case)
        assert "This case waits for validation and cannot be changed." in waiting
    assert (await supervisor.post(f"/seizures/{case}/validate")).status_code == 303
    for person in (officer, supervisor, house.people[Role.INVESTIGATOR]):
        assert "This case is validated and can no longer be changed." in await refusal_to_open(
            person, case
        )


async def test_who_sees_a_draft_of_another_office_is_told_whose_it_is(house: House) -> None:
    case = case_in(await post_form(house.people[Role.OFFICER]))
    told = await refusal_to_open(house.people[Role.NCP], case)
    assert "This case belongs to another office." in told
    assert (
        f"/seizures/{case}/edit" in (await house.people[Role.OFFICER].get(f"/seizures/{case}")).text
    )


async def test_a_returned_case_is_opened_again(house: House) -> None:
    officer, supervisor = house.people[Role.OFFICER], house.people[Role.SUPERVISOR]
    case = case_in(await post_form(officer, submit="yes"))
    await supervisor.post(f"/seizures/{case}/return", data={"reason": "Which container?"})
    assert await edit_version(officer, case) == "2"


async def test_another_office_neither_sees_nor_changes_a_draft(house: House) -> None:
    case = case_in(await post_form(house.people[Role.OFFICER]))
    stranger = house.people[Role.INVESTIGATOR]
    for address in (f"/seizures/{case}", f"/seizures/{case}/edit"):
        answer = await stranger.get(address)
        assert answer.status_code == 404
        assert "There is no such case, or it is not yours to see." in answer.text
    for address in (f"/api/v1/seizures/{case}", f"/api/v1/seizures/{case}/history"):
        assert (await stranger.get(address)).status_code == 404
    for address in (f"/seizures/{case}/edit", f"/seizures/{case}/submit"):
        assert (await stranger.post(address, data=SEIZURE)).status_code == 404
    assert (await stranger.post(f"/api/v1/seizures/{case}/submit")).status_code == 404
    listed = (await stranger.get("/api/v1/seizures?rows=200")).json()["cases"]
    assert case not in {row["id"] for row in listed}


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.NCP, Role.AUDITOR])
async def test_own_office_and_oversight_see_a_draft(house: House, role: Role) -> None:
    case = case_in(await post_form(house.people[Role.OFFICER]))
    page = await house.people[role].get(f"/seizures/{case}")
    assert page.status_code == 200
    assert SEIZURE["narrative"] in page.text


async def test_the_trail_of_a_change_names_fields_and_not_words(house: House) -> None:
    officer = house.people[Role.OFFICER]
    case = case_in(await post_form(officer))
    version = await edit_version(officer, case)
    await save(officer, case, version, narrative="A secret of the case.")
    details = await db.fetch("SELECT detail::text FROM audit.entry WHERE record = $1", case)
    assert "A secret of the case." not in "".join(row["detail"] for row in details)


async def test_sentences_come_in_the_readers_language(house: House) -> None:
    officer = house.people[Role.OFFICER]
    for language in ("fr", "ar"):
        answer = await officer.post(
            "/api/v1/seizures",
            json={**SEIZURE, "case_kind": "", "submit": True},
            headers={"cookie": f"{cookie_header(officer)}; lang={language}"},
        )
        assert answer.status_code == 422
        (problem,) = [e for e in answer.json()["errors"] if e["field"] == "case_kind"]
        assert problem["detail"] == translate("This field is needed.", language)
        assert problem["detail"] != "This field is needed."


def cookie_header(client: httpx.AsyncClient) -> str:
    return "; ".join(f"{cookie.name}={cookie.value}" for cookie in client.cookies.jar)
