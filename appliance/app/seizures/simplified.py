"""The simplified form as a case: what follows from the office and the goods that were chosen, and what is wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from appliance.app.accounts import api as accounts
from appliance.app.reference import api as reference
from appliance.app.seizures import policy
from appliance.app.seizures.fields import (
    DRAFT_REQUIRED,
    GOODS_SAID,
    SIMPLIFIED,
    SIMPLIFIED_REQUIRED,
)
from appliance.app.seizures.schemas import NOT_RECORDED, Case, Commodity, NewCase, NewCommodity
from appliance.app.web.forms import NEEDED, Form
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


async def read(form: Form, *, whole: bool) -> bool:
    """Read a simplified form and hold it against the rules, so that all that is wrong is said at once."""
    form.required = frozenset(SIMPLIFIED_REQUIRED if whole else DRAFT_REQUIRED)
    form.read()
    today = await today_at(form.values.get("office_code") or "")
    for name, message in policy.check_case(form.values, today, whole=whole).items():
        form.errors.setdefault(name, message)
    return form.ok


def said_by(case: Case) -> dict[str, Any]:
    """What a stored case says in the simplified form."""
    first = next(iter(case.commodities), None)
    values = {
        field.name: getattr(first if field.name in GOODS_SAID else case, field.name, None)
        for field in SIMPLIFIED
    }
    return {name: value for name, value in values.items() if value not in (None, "", NOT_RECORDED)}


def missing_in(case: Case) -> dict[str, Message]:
    """What a draft still has to say before it can be submitted."""
    values = said_by(case)
    unsaid = {name: Message(NEEDED) for name in SIMPLIFIED_REQUIRED if name not in values}
    return unsaid | policy.check_case(values, None)


def new_commodity(values: Mapping[str, Any], typed: Mapping[str, Sequence[str]]) -> NewCommodity:
    """The goods of a simplified form; the heading follows from the kind of goods."""
    kind = values.get("subtype") or NOT_RECORDED
    subtype = reference.entry("SUBTYPE", kind)
    unit = values.get("unit") or NOT_RECORDED
    quantity: Decimal | None = values.get("quantity")
    return NewCommodity(
        heading=subtype.parent if subtype and subtype.parent else NOT_RECORDED,
        subtype=kind,
        quantity=quantity,
        unit=unit,
        quantity_typed="".join(typed.get("quantity", ())).strip()[:80],
        kg_equivalent=kilograms(quantity, unit),
    )


# What the simplified form says of a case, and what follows from the office that it names.
SAID = ("event_date", "office_code", "case_kind", "direction", "how_found", "narrative")
OF_OFFICE = ("country", "place_type", "locode")
# What it says of goods; the heading and the weight follow from these.
SAID_OF_GOODS = ("heading", "subtype", "quantity", "unit", "quantity_typed", "kg_equivalent")


def laid_over(case: Case, form: NewCase) -> NewCase:
    """A stored case as the simplified form leaves it: what the form does not show stays as it is.

    Only another office brings its own country and place; only other goods begin without the old ones' description.
    """
    names = SAID if form.office_code == case.office_code else SAID + OF_OFFICE
    kept = {name: getattr(case, name) for name in NewCase.__struct_fields__ if hasattr(case, name)}
    said = {name: getattr(form, name) for name in names}
    goods = goods_laid_over(next(iter(case.commodities), None), next(iter(form.commodities), None))
    others = case.commodities[1:]
    return NewCase(**{**kept, **said, "commodities": (*([goods] if goods else []), *others)})


def goods_laid_over(line: Commodity | None, form: NewCommodity | None) -> NewCommodity | None:
    """The first goods of a case as the simplified form leaves them."""
    if line is None or form is None or form.subtype != line.subtype:
        return form
    said = {name: getattr(form, name) for name in SAID_OF_GOODS}
    if (form.quantity, form.unit) == (line.quantity, line.unit):
        # Typed elsewhere, in other words perhaps, and not touched here.
        del said["quantity_typed"], said["kg_equivalent"]
    elif form.unit != line.unit:
        said["unit_typed"] = ""
    return msgspec.structs.replace(line, **said)


async def new_case(
    values: Mapping[str, Any], typed: Mapping[str, Sequence[str]], client_uuid: UUID | None
) -> NewCase:
    """A simplified form that was read as a case.

    Raises:
        Invalid: there is no such office.
    """
    office = await accounts.find_office(values.get("office_code") or "")
    if office is None:
        wrong = {"office_code": Message(N_("Choose an office."))}
        raise Invalid(N_("The case was not stored."), fields=wrong)
    goods = any(values.get(name) is not None for name in GOODS_SAID)
    return NewCase(
        case_kind=values["case_kind"] or NOT_RECORDED,
        event_date=values["event_date"],
        country=office.country,
        office_code=office.code,
        place_type=office.place_type,
        locode=office.locode,
        direction=values["direction"] or NOT_RECORDED,
        how_found=values["how_found"] or NOT_RECORDED,
        narrative=values.get("narrative") or "",
        client_uuid=client_uuid,
        commodities=(new_commodity(values, typed),) if goods else (),
    )
