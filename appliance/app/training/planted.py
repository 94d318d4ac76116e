"""Truths planted among the synthetic cases, so that tests and exercises find what they know of.

Each has a name. Not part of the generator's stream: its marginals stay what they are.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from msgspec.structs import replace

from appliance.app.seizures.schemas import (
    NewCase,
    NewCommodity,
    NewConcealment,
    NewLeg,
    Status,
)
from appliance.app.training.chance import seeded
from appliance.app.training.generator import NOWHERE, Maker
from appliance.app.training.profiles import Profile
from appliance.app.training.texts import MARK

SEED = 20260321  # of what is varied; the planted cases are the same in every set
EXACT_TWINS = 12
NEAR_TWINS = 20
CANARIES = 40
LONG_PLACE = (
    "Taumata whakatangi hangakoauau o tamatea turi pukakapiki maunga horo nuku pokai whenua kt."
)
UNSEEN_HIDING = "RUDDER_TRUNK"  # no wheel of the generator holds it
RIGHT_TO_LEFT = "حاوية رقم 4711 في مستودع ١٢ (Block 7-B) قرب الميناء"
EMOJI = "Parcel declared as toys 🧸, content 📦➡️💊, sender unknown 🤷🏽‍♀️"
FORMULA = '=HYPERLINK("http://example.invalid";"click")'


@dataclass(frozen=True, slots=True)
class Planted:
    """A planted case: the name it is found by, and the state it enters in."""

    name: str
    case: NewCase
    status: Status = Status.VALIDATED


def canary(number: int) -> str:
    """A string that stands nowhere else; what may not carry free text must not hold it."""
    return f"canary{number:02}zq{number * 7919:06}"


def planted(preset: Profile, office: str = "") -> tuple[Planted, ...]:
    """All planted cases; those in an unfinished state belong to the given office."""
    maker = Maker(seeded(SEED, preset.name), preset)
    return (
        *unusual(maker),
        *twins(maker),
        *canaries(maker),
        *states(maker, office or preset.office_places()[0].locode),
    )


def unusual(maker: Maker) -> Iterator[Planted]:
    """One case each of what breaks naive software."""
    base = replace(maker.case(), country=maker.preset.home)
    line = base.commodities[0]
    cigarettes = NewCommodity(heading="TOBACCO", subtype="CIGARETTES", hs6="240220", unit="STICK")
    powder = NewCommodity(heading="DRUGS", subtype="HEROIN", hs6="293919", unit="KGM")
    hidden = NewConcealment(place=UNSEEN_HIDING, description="Above the rudder, behind the grating")
    for name, case in {
        "unseen-concealment": replace(base, concealments=(hidden,)),
        "new-year": replace(
            base, event_date=date(2020, 12, 31), event_time=f"23:50{maker.preset.offset}"
        ),
        "country-unknown": replace(
            base, country=NOWHERE, legs=(NewLeg(role="DEPARTURE", country=NOWHERE),)
        ),
        "smallest": replace(base, commodities=(amount(powder, "0.0004"),)),
        "largest": replace(base, commodities=(amount(cigarettes, "9999999"),)),
        "emoji": replace(base, narrative=f"{EMOJI} [{MARK}]"),
        "right-to-left": replace(base, narrative=f"{RIGHT_TO_LEFT} [{MARK}]", language="ar"),
        "long-place": replace(base, place_text=LONG_PLACE),
        "formula": replace(base, commodities=(replace(line, description=FORMULA),)),
        "no-goods": replace(base, case_kind="NEGATIVE_CONTROL", commodities=(), concealments=()),
    }.items():
        yield Planted(name, case)


def amount(line: NewCommodity, typed: str) -> NewCommodity:
    """A line with a quantity as somebody typed it."""
    value = Decimal(typed)
    kilograms = value if line.unit == "KGM" else None
    return replace(line, quantity=value, quantity_typed=typed, kg_equivalent=kilograms)


def twins(maker: Maker) -> Iterator[Planted]:
    """Cases that stand here twice: to the letter, or but for the day and the quantity."""
    for number in range(1, EXACT_TWINS + 1):
        case = maker.case()
        yield Planted(f"exact-{number:02}-a", case)
        yield Planted(f"exact-{number:02}-b", case)
    for number in range(1, NEAR_TWINS + 1):
        case = maker.case()
        first, *others = case.commodities
        more = (first.quantity or Decimal(1)) + Decimal(1)
        line = replace(first, quantity=more, kg_equivalent=more if first.kg_equivalent else None)
        yield Planted(f"near-{number:02}-a", case)
        near = replace(
            case, event_date=case.event_date + timedelta(days=1), commodities=(line, *others)
        )
        yield Planted(f"near-{number:02}-b", near)


def canaries(maker: Maker) -> Iterator[Planted]:
    """A case whose every free text holds strings of its own."""
    case = maker.case()
    told = iter([canary(number) for number in range(1, CANARIES + 1)])
    yield Planted(
        "canaries",
        replace(
            case,
            place_text=next(told),
            admin_division=next(told),
            operation=f"{MARK} {next(told)}",
            legal_basis=next(told),
            modus_operandi=next(told),
            commodities=(replace(case.commodities[0], description=next(told)),),
            legs=(replace(case.legs[0], place_text=next(told)),),
            concealments=(replace(case.concealments[0], description=next(told)),),
            narrative=f"{' '.join(told)} [{MARK}]",
        ),
    )


def states(maker: Maker, office: str) -> Iterator[Planted]:
    """A case in each state of the workflow."""
    for status in Status:
        yield Planted(f"state-{status.lower()}", replace(maker.case(), office_code=office), status)
