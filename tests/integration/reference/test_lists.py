"""The code lists as people and programs see them, in each language."""

from __future__ import annotations

import html

import pytest

from appliance.app.reference import api
from appliance.app.reference.schemas import LIST_TITLES
from appliance.core import db
from appliance.core.i18n import LANGUAGES, translate
from appliance.core.room import Role
from tests.conftest import ncen
from tests.integration.conftest import House


async def test_every_list_has_a_page_and_a_title(house: House) -> None:
    officer = house.people[Role.OFFICER]
    overview = await officer.get("/reference")
    names = (await officer.get("/api/v1/reference")).json()
    assert names.keys() == LIST_TITLES.keys()
    for name, title in names.items():
        assert html.escape(title) in overview.text
        assert f'href="/reference/{name}"' in overview.text


@pytest.mark.parametrize("name", LIST_TITLES)
async def test_a_page_and_a_resource_hold_the_same_codes(house: House, name: str) -> None:
    officer = house.people[Role.OFFICER]
    page = await officer.get(f"/reference/{name}")
    entries = (await officer.get(f"/api/v1/reference/{name}")).json()["entries"]
    assert entries
    assert [item["code"] for item in entries if item["code"] not in page.text] == []
    assert {item["list_name"] for item in entries} == {name}


@pytest.mark.parametrize("language", LANGUAGES)
async def test_titles_come_in_the_readers_language(house: House, language: str) -> None:
    officer = house.people[Role.OFFICER]
    officer.cookies.set("lang", language, domain="ncen.test", path="/")
    titles = (await officer.get("/api/v1/reference")).json()
    officer.cookies.delete("lang", domain="ncen.test", path="/")
    assert titles["COUNTRY"] == translate(LIST_TITLES["COUNTRY"], language)


async def test_a_list_that_is_not_there(house: House) -> None:
    officer = house.people[Role.OFFICER]
    for name in ("NOTHING", "mode", "MODE%20", "%00", "x" * 200):
        page = await officer.get(f"/reference/{name}")
        told = await officer.get(f"/api/v1/reference/{name}")
        assert (page.status_code, told.status_code) == (404, 404)
        assert told.json()["detail"] == "There is no code list of that name."


@pytest.mark.parametrize(
    ("name", "typed", "code"),
    [
        ("COUNTRY", "FR", "FR"),
        ("COUNTRY", "france", "FR"),
        ("COUNTRY", "فرنسا", "FR"),
        ("COUNTRY", "Bolivia, Plurinational State of", "BO"),
        ("UNIT", "kilogramme", "KGM"),
        ("UNIT", "KGM", "KGM"),
        ("MODE", "no such thing", None),
        ("NOTHING", "FR", None),
    ],
)
async def test_spellings_lead_to_a_code(
    house: House,  # noqa: ARG001 - the lists are read with it
    name: str,
    typed: str,
    code: str | None,
) -> None:
    assert api.lookup(name, typed) == code


async def test_a_national_entry_outlives_the_next_release(house: House) -> None:  # noqa: ARG001 - the database
    await db.execute(
        "INSERT INTO reference.entry (id, list_name, code, labels, origin)"
        " VALUES ('MODE.CAMEL', 'MODE', 'CAMEL', '{\"en\": \"Camel\"}', 'NATIONAL')"
    )
    await db.execute("UPDATE core.fact SET value = 'older' WHERE name = 'release'")
    try:
        ncen("migrate", role="ncen_migrate")
        ended = await db.fetch_value("SELECT valid_to FROM reference.entry WHERE code = 'CAMEL'")
        assert ended is None
        await api.load_lists()
        assert api.label("MODE", "CAMEL", "fr") == "Camel"
        assert ("CAMEL", "Camel", "") in api.choices("MODE", "en")
    finally:
        await as_owner_delete("MODE.CAMEL")
        await api.load_lists()


async def test_a_code_that_a_release_dropped_ends_and_keeps_its_label(house: House) -> None:  # noqa: ARG001 - as above
    await db.execute(
        "INSERT INTO reference.entry (id, list_name, code, labels) VALUES"
        " ('MODE.ZEPPELIN', 'MODE', 'ZEPPELIN', '{\"en\": \"Airship\"}')"
    )
    try:
        ncen("migrate", role="ncen_migrate")
        await api.load_lists()
        assert api.label("MODE", "ZEPPELIN", "en") == "Airship"
        entry = api.entry("MODE", "ZEPPELIN")
        assert entry is not None
        assert entry.valid_to is not None
    finally:
        await as_owner_delete("MODE.ZEPPELIN")
        await api.load_lists()


async def as_owner_delete(entry: str) -> None:
    """Take a test's entry away again; the application itself may not."""
    from tests.conftest import as_owner

    await as_owner(
        lambda connection: connection.execute("DELETE FROM reference.entry WHERE id = $1", entry)
    )
