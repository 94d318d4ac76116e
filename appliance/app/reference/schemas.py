"""What other rooms know of code lists."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import msgspec

from appliance.core.i18n import N_

NOT_RECORDED = "NOT_RECORDED"

LIST_TITLES: Mapping[str, str] = {
    "CASE_KIND": N_("Kind of case"),
    "CONCEALMENT": N_("Place of concealment"),
    "CONDITION": N_("Condition of goods"),
    "CONFIDENCE": N_("Certainty of a route"),
    "CONVEYANCE": N_("Means of transport"),
    "COUNTRY": N_("Countries and areas"),
    "CURRENCY": N_("Currencies"),
    "DECLARED": N_("Declaration"),
    "DETECTION": N_("Detection methods"),
    "DIRECTION": N_("Direction"),
    "HEADING": N_("Commodity headings"),
    "HS": N_("Harmonized System codes"),
    "LEGAL_STATE": N_("Legal state of goods"),
    "LEG_ROLE": N_("Points of a route"),
    "MEASURE_QUALITY": N_("How a quantity was measured"),
    "MODE": N_("Mode of transport"),
    "OFFENCE": N_("Types of offence"),
    "OUTCOME": N_("Outcome"),
    "PACKAGE": N_("Packages"),
    "PLACE": N_("Types of place"),
    "PROCEDURE": N_("Customs procedures"),
    "SUBTYPE": N_("Commodity sub-types"),
    "UNIT": N_("Units"),
    "VALUATION": N_("Basis of value"),
}


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """A code with its labels, validity and origin."""

    list_name: str
    code: str
    labels: dict[str, str]
    parent: str = ""
    aliases: list[str] = []
    tags: list[str] = []
    valid_from: date | None = None
    valid_to: date | None = None
    replaced_by: str = ""
    sort: int = 0
    origin: str = "WCO"

    def valid_on(self, day: date) -> bool:
        """Whether the code may be chosen for something that happened on a day."""
        after = self.valid_from is None or self.valid_from <= day
        return after and (self.valid_to is None or day <= self.valid_to)


class CodeList(msgspec.Struct, frozen=True):
    """A list of codes as the API shows it."""

    name: str
    title: str
    entries: list[Entry]
