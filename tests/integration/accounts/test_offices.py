"""Offices and units: added, changed, never twice; read by programs."""

from __future__ import annotations

import httpx
import pytest

from appliance.app.accounts import api
from appliance.app.accounts.schemas import Office
from appliance.core import db
from tests.conftest import SignedIn
from tests.integration.accounts.conftest import send

pytestmark = pytest.mark.usefixtures("database")
NEW = {
    "code": "rail-2",
    "name": "Gare du Nord",
    "country": "ke",
    "locode": "kenbo",
    "place_type": "RAIL_STATION",
    "time_zone": "Africa/Nairobi",
    "active": "yes",
}


async def test_an_office_and_its_units_are_added_and_changed(signed_in: SignedIn) -> None:
    admin = await signed_in("admin")
    assert (await send(admin, "/accounts/offices", **NEW)).status_code == 303
    office = await api.find_office("RAIL-2")
    assert office == Office(
        "RAIL-2", "Gare du Nord", "KE", "KENBO", "RAIL_STATION", "Africa/Nairobi"
    )
    unit = {"unit_code": "team1", "unit_name": "Night team"}
    assert (await send(admin, "/accounts/offices/RAIL-2/units", **unit)).status_code == 303
    assert [item.code for item in await api.list_units("RAIL-2")] == ["TEAM1"]
    closed = {**NEW, "name": "Gare du Sud", "active": ""}
    assert (await send(admin, "/accounts/offices/RAIL-2", **closed)).status_code == 303
    office = await api.find_office("RAIL-2")
    assert office is not None
    assert (office.name, office.active) == ("Gare du Sud", False)
    assert "Night team" in (await admin.get("/accounts/offices/RAIL-2")).text


async def test_wrong_entries_are_named(signed_in: SignedIn) -> None:
    admin = await signed_in("admin")
    for change, sentence in (
        ({"code": "HQ"}, "already"),
        ({"code": "A B"}, "capital letters"),
        ({"country": "K1"}, "two letters"),
        ({"locode": "NO"}, "five characters"),
        ({"time_zone": "Mars/Base"}, "Africa/Nairobi"),
        ({"name": ""}, "needed"),
    ):
        answer = await send(admin, "/accounts/offices", **{**NEW, **change})
        assert answer.status_code == 422, change
        assert sentence in answer.text, change
    twice = {"unit_code": "A", "unit_name": "A"}
    await send(admin, "/accounts/offices/HQ/units", **twice)
    for entry in (twice, {"unit_code": "?", "unit_name": "A"}, {"unit_code": "B"}):
        answer = await send(admin, "/accounts/offices/HQ/units", **entry)
        assert answer.status_code == 422, entry
    for url in ("/accounts/offices/MOON", "/accounts/offices/MOON/units"):
        assert (await send(admin, url, **NEW, **twice)).status_code == 404
    assert (await admin.get("/accounts/offices/MOON")).status_code == 404


async def test_others_change_nothing(signed_in: SignedIn, visitor: httpx.AsyncClient) -> None:
    officer = await signed_in("officer")
    for url in ("/accounts/offices", "/accounts/offices/HQ", "/accounts/offices/HQ/units"):
        assert (await send(officer, url, **NEW)).status_code == 403
        assert (await send(visitor, url, **NEW)).status_code == 401
    assert await db.fetch_value("SELECT count(*) FROM accounts.office") == 3


async def test_everybody_signed_in_reads_them(
    signed_in: SignedIn, visitor: httpx.AsyncClient
) -> None:
    answer = await (await signed_in("analyst")).get("/api/v1/offices")
    assert [office["code"] for office in answer.json()] == ["AIR1", "HQ", "SEA1"]
    assert (await visitor.get("/api/v1/offices")).status_code == 401


async def test_offices_are_ensured_once() -> None:
    wanted = [Office("HQ", "Another name"), Office("NEW1", "New")]
    await api.ensure_offices(wanted)
    await api.ensure_offices(wanted)
    found = {office.code: office.name for office in await api.list_offices()}
    assert found["HQ"] == "Headquarters"
    assert found["NEW1"] == "New"
