"""Offices and their units."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID
from zoneinfo import available_timezones

from appliance.app.accounts.schemas import Office, Unit
from appliance.core import audit, db, ids
from appliance.core.errors import Conflict, Invalid, NotFound
from appliance.core.i18n import N_, Message

INSERT = """
INSERT INTO accounts.office (code, name, country, locode, place_type, time_zone, active)
VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (code) DO NOTHING
"""
CODE = re.compile(r"[A-Z0-9][A-Z0-9-]{0,19}")
LOCODE = re.compile(r"([A-Z]{2}[A-Z2-9]{3})?")
NOT_FOUND = N_("There is no such office.")


async def list_offices() -> list[Office]:
    """All offices, in order of their codes."""
    rows = await db.fetch(
        "SELECT code, name, country, locode, place_type, time_zone, active"
        " FROM accounts.office ORDER BY code"
    )
    return [Office(**dict(row)) for row in rows]


async def find_office(code: str) -> Office | None:
    """An office by its code."""
    row = await db.fetch_row(
        "SELECT code, name, country, locode, place_type, time_zone, active"
        " FROM accounts.office WHERE code = $1",
        code,
    )
    return Office(**dict(row)) if row else None


async def list_units(office: str = "") -> list[Unit]:
    """All units, or those of one office."""
    rows = await db.fetch(
        "SELECT id, office, code, name, active FROM accounts.unit"
        " WHERE $1 = '' OR office = $1 ORDER BY office, code",
        office,
    )
    return [Unit(**dict(row)) for row in rows]


def office_problems(office: Office) -> dict[str, Message]:
    """What is wrong with an office as it was typed."""
    problems = {}
    if not CODE.fullmatch(office.code):
        problems["code"] = Message(N_("Use up to 20 capital letters A-Z, digits and hyphens."))
    if not re.fullmatch(r"[A-Z]{2}", office.country):
        problems["country"] = Message(N_("A country is two letters, such as KE."))
    if not LOCODE.fullmatch(office.locode):
        problems["locode"] = Message(N_("A UN/LOCODE has five characters, such as KEMBA."))
    if office.time_zone not in available_timezones():
        problems["time_zone"] = Message(N_("A time zone looks like Africa/Nairobi."))
    return problems


def office_from(values: Mapping[str, Any]) -> Office:
    """An office from the values of its form.

    Raises:
        Invalid: a value cannot stand.
    """
    office = Office(
        code=(values.get("code") or "").upper(),
        name=values.get("name") or "",
        country=(values.get("country") or "XX").upper(),
        locode=(values.get("locode") or "").upper().replace(" ", ""),
        place_type=values.get("place_type") or "NOT_RECORDED",
        time_zone=values.get("time_zone") or "UTC",
        active=bool(values.get("active")),
    )
    problems = office_problems(office)
    if problems:
        raise Invalid(N_("The office was not saved."), fields=problems)
    return office


async def insert_office(office: Office) -> bool:
    """Add an office, in the open transaction; false if its code is taken."""
    added = await db.execute(
        INSERT,
        office.code,
        office.name,
        office.country,
        office.locode,
        office.place_type,
        office.time_zone,
        office.active,
    )
    if added:
        await audit.record(audit.Action.CREATE, "accounts", office.code, label=office.name)
    return bool(added)


async def add_office(office: Office) -> None:
    """Add an office.

    Raises:
        Conflict: there is one of that code.
    """
    async with db.transaction():
        if not await insert_office(office):
            raise Conflict(
                N_("There is an office with the code %(code)s already."), code=office.code
            )


async def ensure_offices(wanted: Iterable[Office]) -> None:
    """Add the offices that are missing; the others stay as they are."""
    for office in wanted:
        if await find_office(office.code) is None:
            async with db.transaction():
                await insert_office(office)


async def change_office(office: Office) -> None:
    """Change what is known of an office; its code stays, for it is part of case numbers.

    Raises:
        NotFound: there is none of that code.
    """
    async with db.transaction():
        changed = await db.execute(
            "UPDATE accounts.office SET name = $2, country = $3, locode = $4, place_type = $5,"
            " time_zone = $6, active = $7 WHERE code = $1",
            office.code,
            office.name,
            office.country,
            office.locode,
            office.place_type,
            office.time_zone,
            office.active,
        )
        if not changed:
            raise NotFound(NOT_FOUND)
        await audit.record(audit.Action.UPDATE, "accounts", office.code, label=office.name)


async def add_unit(office: str, code: str, name: str) -> UUID:
    """Add a unit to an office.

    Raises:
        NotFound: there is no such office.
        Invalid: the code cannot stand.
        Conflict: the office has a unit of that code.
    """
    if not CODE.fullmatch(code):
        text = N_("Use up to 20 capital letters A-Z, digits and hyphens.")
        raise Invalid(text, fields={"unit_code": Message(text)})
    if await find_office(office) is None:
        raise NotFound(NOT_FOUND)
    unit = ids.new_id()
    async with db.transaction():
        added = await db.execute(
            "INSERT INTO accounts.unit (id, office, code, name, active)"
            " VALUES ($1, $2, $3, $4, true) ON CONFLICT (office, code) DO NOTHING",
            unit,
            office,
            code,
            name,
        )
        if not added:
            raise Conflict(N_("There is a unit with the code %(code)s already."), code=code)
        await audit.record(audit.Action.CREATE, "accounts", unit, label=f"{office} {code}")
    return unit
