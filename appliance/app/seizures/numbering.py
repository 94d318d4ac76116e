"""Case numbers: one row of numbers per country, office and year, drawn at submission."""

from __future__ import annotations

from appliance.app.seizures import policy
from appliance.app.seizures.schemas import Case, NewCase
from appliance.app.seizures.simplified import today_at
from appliance.core import db


async def next_reference(country: str, office: str, year: int) -> str:
    """The next case number of an office in a year; a number that is not used leaves a gap."""
    key = f"{country}-{office}-{year}"
    number = await db.fetch_value(
        "INSERT INTO seizures.number_counter (id, next_number) VALUES ($1, 2) ON CONFLICT (id)"
        " DO UPDATE SET next_number = seizures.number_counter.next_number + 1 RETURNING next_number - 1",
        key,
    )
    return f"{key}-{number:06d}"


async def reference_for(case: NewCase | Case) -> str:
    """The number of a case that is submitted now."""
    year = policy.year_of_number(case.event_date, await today_at(case.office_code))
    return await next_reference(case.country, case.office_code, year)
