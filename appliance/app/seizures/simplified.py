"""The simplified form as a case: what follows from the office and the goods that were chosen, and what is wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from appliance.app.accounts import api as accounts
from appliance.app.reference import api as reference
from appliance.app.seizures import policy
from appliance.app.seizures.schemas import NOT_RECORDED, NewCase, NewCommodity
from appliance.core import clock
from appliance.core.errors import Invalid
from appliance.core.i18n import N_, Message
from appliance.core.settings import get_settings


async def today_at(office_code: str) -> date | None:
    """The present day at an office; nothing while the clock of this server is not believed."""
    if not clock.trusted(get_settings().state):
        return None
    office = await accounts.find_office(office_code)
    return clock.now().astimezone(ZoneInfo(office.time_zone if office else "UTC")).date()


def kilograms(quantity: Decimal | None, unit: str) -> Decimal | None:
    """A quantity in kilograms, where its unit is one of mass."""
    entry = reference.entry("UNIT", unit)
    factors = [tag[3:] for tag in entry.tags if tag.startswith("kg:")] if entry else []
    return quantity * Decimal(factors[0]) if quantity is not None and factors else None


def new_commodity(values: Mapping[str, Any], typed: Mapping[str, Sequence[str]]) -> NewCommodity:
    """The goods of a simplified form; the heading follows from the kind of goods."""
    subtype = reference.entry("SUBTYPE", values["subtype"])
    unit = values.get("unit") or NOT_RECORDED
    quantity: Decimal | None = values.get("quantity")
    return NewCommodity(
        heading=subtype.parent if subtype else "OTHER",
        subtype=values["subtype"],
        quantity=quantity,
        unit=unit,
        quantity_typed="".join(typed.get("quantity", ())).strip()[:80],
        kg_equivalent=kilograms(quantity, unit),
    )


async def new_case(
    values: Mapping[str, Any], typed: Mapping[str, Sequence[str]], client_uuid: UUID | None
) -> NewCase:
    """A simplified form as a case.

    Raises:
        Invalid: something is wrong; every wrong field has its sentence.
    """
    wrong = policy.check_case(values, await today_at(values.get("office_code") or ""))
    office = await accounts.find_office(values.get("office_code") or "")
    if office is None:
        wrong["office_code"] = Message(N_("Choose an office."))
    if wrong or office is None:
        raise Invalid(N_("The case was not stored."), fields=wrong)
    return NewCase(
        case_kind=values["case_kind"],
        event_date=values["event_date"],
        country=office.country,
        office_code=office.code,
        place_type=office.place_type,
        locode=office.locode,
        direction=values["direction"],
        how_found=values["how_found"],
        narrative=values.get("narrative") or "",
        client_uuid=client_uuid,
        commodities=(new_commodity(values, typed),) if values.get("subtype") else (),
    )
