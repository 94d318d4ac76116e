"""What no field can hold: each wrong value is named at its field, in words, and nothing typed is lost.

The same values go through the page and through the API, for both read them by the same declarations.
"""

from __future__ import annotations

import html
from typing import Any, NamedTuple

import httpx
import pytest

from appliance.core import clock, db, ids
from appliance.core.limits import FORM_FIELDS
from appliance.core.room import Role
from tests.integration.conftest import SEIZURE, House

NUMBER = "is not a number"
DATE = "is not a date"
CHOICE = "is not one of the choices"


class Wrong(NamedTuple):
    """A value that its field refuses, and what the sentence says."""

    field: str
    value: str
    sentence: str


WRONG = {
    "empty date": Wrong("event_date", "", "This field is needed."),
    "blank date": Wrong("event_date", "   ", "This field is needed."),
    "31 February": Wrong("event_date", "2026-02-31", DATE),
    "month 13": Wrong("event_date", "2026-13-01", DATE),
    "date of zeros": Wrong("event_date", "0000-00-00", DATE),
    "year 0": Wrong("event_date", "0000-01-01", DATE),
    "date in words": Wrong("event_date", "yesterday", DATE),
    "day first": Wrong("event_date", "31/12/2025", DATE),
    "week date out of range": Wrong("event_date", "2026-W60-1", DATE),
    "year 1066": Wrong("event_date", "1066-10-14", "The year 1066 cannot be right."),
    "year 9999": Wrong("event_date", "9999-12-31", "The year 9999 cannot be right."),
    "future": Wrong("event_date", "2099-01-01", "This date lies in the future."),
    "date in Arabic digits of no day": Wrong("event_date", "٢٠٢٦-٠٢-٣١", DATE),
    "1e400": Wrong("quantity", "1e400", "is too large a number"),
    "1e999": Wrong("quantity", "1e999", "is too large a number"),
    "1e9999": Wrong("quantity", "1e9999", NUMBER),
    "17 digits before the point": Wrong("quantity", "1" * 17, "is too large a number"),
    "minus one": Wrong("quantity", "-1", "The smallest value allowed here is 0."),
    "minus, typographic": Wrong("quantity", "\u22121", "The smallest value allowed here is 0."),
    "NaN": Wrong("quantity", "NaN", NUMBER),
    "signalling NaN": Wrong("quantity", "sNaN", NUMBER),
    "Infinity": Wrong("quantity", "Infinity", NUMBER),
    "minus infinity": Wrong("quantity", "-Infinity", NUMBER),
    "two points": Wrong("quantity", "1.2.3", NUMBER),
    "words": Wrong("quantity", "about ten", NUMBER),
    "formula": Wrong("quantity", "=1+1", NUMBER),
    "hexadecimal": Wrong("quantity", "0x10", NUMBER),
    "comma without a rule": Wrong("quantity", "1,5", NUMBER),
    "thirteen decimals": Wrong(
        "quantity", "0.1234567890123", "A quantity has at most 12 decimals."
    ),
    "tiny": Wrong("quantity", "1e-40", "A quantity has at most 12 decimals."),
    "quantity without unit": Wrong("unit", "", "Say in which unit the quantity is."),
    "unit without quantity": Wrong("quantity", "", "Say how much it was"),
    "no goods": Wrong("subtype", "", "Say which goods were found."),
    "unknown goods": Wrong("subtype", "UNOBTAINIUM", CHOICE),
    "goods of 5,000 letters": Wrong("subtype", "X" * 5000, "at most 200 are allowed here"),
    "label instead of code": Wrong("direction", "Import into the country", CHOICE),
    "unknown office": Wrong("office_code", "NOWHERE", CHOICE),
    "script as a code": Wrong("case_kind", "<script>alert(1)</script>", CHOICE),
    "20,001 characters": Wrong("narrative", "x" * 20_001, "has 20001 characters; at most 20000"),
    "NUL": Wrong("narrative", "before\x00after", "invisible control character"),
    "escape": Wrong("narrative", "before\x1bafter", "invisible control character"),
    "override": Wrong("narrative", "cargo \u202egpj.exe", "reverses the direction of writing"),
    "isolate": Wrong("narrative", "cargo \u2066x\u2069", "reverses the direction of writing"),
    "NUL in a code": Wrong("unit", "KGM\x00", "invisible control character"),
    "NUL in a date": Wrong("event_date", "2026-01-05\x00", "invisible control character"),
    "NUL in a number": Wrong("quantity", "1\x00", "invisible control character"),
}
# What looks strange and is all the same what people write.
STRANGE = {
    "emoji": "Found a 🐘 tusk 👨‍👩‍👧‍👦",
    "word of 90 letters": "Donaudampfschifffahrtselektrizitaeten" + "h" * 53,
    "Arabic": "مخبأة خلف جدار الحاوية",
    "Han": "在集装箱壁后面发现",
    "Cyrillic": "Спрятано за стенкой контейнера",
    "homograph": "Раураl",  # noqa: RUF001 - the point of it
    "combining marks": "Z̸̨͓̰a̷̛͓l̴̰͝g̵̰̃o̵͚͌",
    "quotes and markup": "\"quoted\" & <b>bold</b> 'x' -- ; DROP TABLE seizures.case_file; {{ 7*7 }} %s %(x)s",
    "20,000 characters": "x" * 20_000,
    "non-breaking": "12\u00a0kg \u2013 \u201cso\u201d",
    "zero width joiner": "نمی\u200cخواهم",  # noqa: RUF001 - Persian as it is written
}
NUMBERS = {
    "12.50": "12.5",
    " 1 250.5 ": "1250.5",
    "1'250": "1250",
    "1,250": "1250",
    "1,250,000.5": "1250000.5",
    "1e3": "1000",
    "0": "0",
    ".5": "0.5",
    "٣٫٥": "3.5",  # noqa: RUF001 - digits as they are written
    "١٬٢٥٠": "1250",  # noqa: RUF001 - as above
    "१२.५": "12.5",
    "\uff11\uff12": "12",
    "9999999999999999.123456789012": "9999999999999999.123456789012",
}


async def count_cases() -> int:
    return int(await db.fetch_value("SELECT count(*) FROM seizures.case_file"))


async def send(
    client: httpx.AsyncClient, values: dict[str, Any], button: str = "draft"
) -> httpx.Response:
    return await client.post("/seizures", data={**values, button: "yes"})


def shown(page: httpx.Response) -> str:
    """A page as somebody reads it."""
    return html.unescape(page.text)


@pytest.mark.parametrize("name", WRONG)
async def test_the_page_names_the_field_and_keeps_what_was_typed(house: House, name: str) -> None:
    wrong, before = WRONG[name], await count_cases()
    page = await send(house.people[Role.OFFICER], {**SEIZURE, wrong.field: wrong.value}, "submit")
    assert page.status_code == 422
    assert wrong.sentence in shown(page)
    assert f'href="#f-{wrong.field}"' in page.text
    kept = [value for field, value in SEIZURE.items() if field not in {wrong.field, "office_code"}]
    assert [value for value in kept if value not in shown(page)] == []
    free = wrong.field in {"event_date", "quantity", "narrative"}
    if free and wrong.value.strip() and "\x00" not in wrong.value:
        assert wrong.value in shown(page)
    assert await count_cases() == before


@pytest.mark.parametrize("name", WRONG)
async def test_the_api_names_the_field(house: House, name: str) -> None:
    wrong, before = WRONG[name], await count_cases()
    answer = await house.people[Role.OFFICER].post(
        "/api/v1/seizures", json={**SEIZURE, wrong.field: wrong.value, "submit": True}
    )
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    told = {item["field"]: item["detail"] for item in answer.json()["errors"]}
    assert wrong.sentence in told[wrong.field]
    assert await count_cases() == before


async def test_all_that_is_wrong_is_said_at_once(house: House) -> None:
    answer = await house.people[Role.OFFICER].post(
        "/api/v1/seizures",
        json={
            **SEIZURE,
            "event_date": "2026-02-31",
            "quantity": "much",
            "unit": "SHOVELS",
            "direction": "",
            "narrative": "\x00",
            "submit": True,
        },
    )
    fields = {item["field"] for item in answer.json()["errors"]}
    assert fields == {"event_date", "quantity", "unit", "direction", "narrative"}


async def test_tomorrow_may_have_come_elsewhere_the_day_after_has_not(house: House) -> None:
    from datetime import timedelta

    officer, today = house.people[Role.OFFICER], clock.now().date()
    for days, status in ((1, 201), (3, 422)):
        day = (today + timedelta(days=days)).isoformat()
        answer = await officer.post("/api/v1/seizures", json={**SEIZURE, "event_date": day})
        assert answer.status_code == status


@pytest.mark.parametrize("name", STRANGE)
async def test_what_people_write_is_kept_and_shown_as_text(house: House, name: str) -> None:
    officer, text = house.people[Role.OFFICER], STRANGE[name]
    stored = await send(officer, {**SEIZURE, "narrative": text, "client_uuid": str(ids.new_id())})
    assert stored.status_code == 303, stored.text
    page = await officer.get(stored.headers["location"])
    assert text in shown(page)
    assert "<b>bold</b>" not in page.text
    case = stored.headers["location"].partition("?")[0]
    found = (await officer.get(f"/api/v1{case}")).json()
    assert found["narrative"] == text


@pytest.mark.parametrize("typed", NUMBERS)
async def test_numbers_are_read_as_people_write_them(house: House, typed: str) -> None:
    officer = house.people[Role.OFFICER]
    stored = await officer.post("/api/v1/seizures", json={**SEIZURE, "quantity": typed})
    assert stored.status_code == 201, stored.text
    found = (await officer.get(f"/api/v1/seizures/{stored.json()['id']}")).json()
    (line,) = found["commodities"]
    assert line["quantity"] == NUMBERS[typed]
    assert line["quantity_typed"] == typed.strip()


@pytest.mark.parametrize(
    ("typed", "value"), [("1,5", "1.5"), ("1 250,75", "1250.75"), ("1.250,5", "1250.5")]
)
async def test_a_french_reader_writes_a_comma(house: House, typed: str, value: str) -> None:
    officer = house.people[Role.OFFICER]
    stored = await officer.post(
        "/api/v1/seizures",
        json={**SEIZURE, "quantity": typed},
        headers=in_language(officer, "fr"),
    )
    assert stored.status_code == 201, stored.text
    found = (await officer.get(f"/api/v1/seizures/{stored.json()['id']}")).json()
    assert found["commodities"][0]["quantity"] == value


def in_language(client: httpx.AsyncClient, language: str) -> dict[str, str]:
    """The cookies of a browser that chose a language."""
    kept = "; ".join(f"{item.name}={item.value}" for item in client.cookies.jar)
    return {"cookie": f"{kept}; lang={language}"}


async def test_a_field_sent_twice_is_refused_not_guessed(house: House) -> None:
    officer, before = house.people[Role.OFFICER], await count_cases()
    page = await send(officer, {**SEIZURE, "direction": ["IMPORT", "EXPORT"]})
    assert page.status_code == 422
    assert "This field was sent more than once." in page.text
    assert await count_cases() == before


async def test_too_many_fields(house: House) -> None:
    extra = {f"x{number}": "1" for number in range(FORM_FIELDS + 1 - len(SEIZURE))}
    page = await send(house.people[Role.OFFICER], {**SEIZURE, **extra})
    assert page.status_code == 422
    assert "The form has too many fields. Nothing was stored." in page.text


async def test_unknown_fields_of_a_page_are_left_alone(house: House) -> None:
    stored = await send(house.people[Role.OFFICER], {**SEIZURE, "status": "VALIDATED", "x": "1"})
    assert stored.status_code == 303
    page = await house.people[Role.OFFICER].get(stored.headers["location"])
    assert "Draft" in page.text


@pytest.mark.parametrize(
    "body",
    [
        {**SEIZURE, "status": "VALIDATED"},
        {**SEIZURE, "quantity": 12.5},
        {**SEIZURE, "narrative": None},
        {**SEIZURE, "direction": ["IMPORT"]},
        {**SEIZURE, "submit": "yes"},
        {key: value for key, value in SEIZURE.items() if key != "event_date"},
        [],
        [SEIZURE],
        "text",
        None,
        {"a": {"b": {"c": {}}}},
    ],
    ids=lambda body: str(body)[-40:],
)
async def test_a_body_of_another_shape_is_refused(house: House, body: Any) -> None:
    answer = await house.people[Role.OFFICER].post("/api/v1/seizures", json=body)
    assert answer.status_code in {400, 422}
    problem = answer.json()
    assert problem["detail"].startswith("The server could not understand what was sent.")
    assert problem["instance"].startswith("urn:uuid:")


async def test_a_client_key_that_is_none(house: House) -> None:
    for key in ("x", "0" * 32, "01890a5d-ac96-774b-bcce-b302099a8057x", "\x00"):
        answer = await house.people[Role.OFFICER].post(
            "/api/v1/seizures", json={**SEIZURE, "client_uuid": key}
        )
        assert answer.status_code == 422
        assert "client_uuid" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("version", "status"),
    [("", 409), ("0", 409)]
    + [(text, 422) for text in ("-1", "x", "99999999999", "1e3", "a\x00b", "²")],
)
async def test_a_version_that_is_none_overwrites_nothing(
    house: House, version: str, status: int
) -> None:
    officer = house.people[Role.OFFICER]
    case = (await officer.post("/api/v1/seizures", json=SEIZURE)).json()["id"]
    page = await officer.post(
        f"/seizures/{case}/edit", data={**SEIZURE, "version": version, "narrative": "Overwritten."}
    )
    assert page.status_code == status
    assert "Overwritten." in page.text
    found = (await officer.get(f"/api/v1/seizures/{case}")).json()
    assert found["narrative"] == SEIZURE["narrative"]


@pytest.mark.parametrize("reason", ["with \x00 in it", "with \u202e in it", "x" * 20_001])
async def test_a_reason_that_no_record_can_hold(house: House, reason: str) -> None:
    officer, supervisor = house.people[Role.OFFICER], house.people[Role.SUPERVISOR]
    case = (await officer.post("/api/v1/seizures", json={**SEIZURE, "submit": True})).json()["id"]
    page = await supervisor.post(f"/seizures/{case}/return", data={"reason": reason})
    told = await supervisor.post(f"/api/v1/seizures/{case}/return", json={"reason": reason})
    assert page.status_code == 422
    assert 'id="reason-error"' in page.text
    assert told.status_code in {400, 422}
    assert told.json()["errors"][0]["field"] == "reason"
    assert (await officer.get(f"/api/v1/seizures/{case}")).json()["status"] == "SUBMITTED"
