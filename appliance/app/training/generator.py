"""Synthetic cases for trial, training and measurement: the same seed gives the same cases anywhere.

Pure: it knows no database and no clock, and holds one case at a time. Every case is marked as synthetic.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from itertools import islice

from appliance.app.seizures.schemas import (
    NOT_RECORDED,
    NewCase,
    NewCommodity,
    NewConcealment,
    NewLeg,
)
from appliance.app.training.chance import Source, Wheel, one_of, quantity, seeded, zipf
from appliance.app.training.conduct import conduct
from appliance.app.training.goods import Good, good_wheels
from appliance.app.training.profiles import Place, Profile, profile
from appliance.app.training.texts import DETAILS, MARK, OPERATIONS, narrative

NOWHERE = "XX"  # looked for and not known
OFFICE_EXPONENT = 1.05  # how much busier the first office is than the next
SUNDAY, DECEMBER = 7, 12
SUNDAY_FACTOR = 0.6
DECEMBER_FACTOR = 1.3
GROWTH = 0.6  # exponent of the density of Beta(1.6, 1): more cases each year
LINES = Wheel({1: 74.0, 2: 19.0, 3: 7.0})
HIDING_PLACES = Wheel({1: 86.0, 2: 14.0})
OTHER_HEADING = 0.25  # how often a further line is of another heading
UNKNOWN_DEPARTURE = 0.06
TRANSIT = 0.325  # of what comes from abroad; 22 % of all cases
NARRATIVE = 0.72
TIME_KNOWN = 0.6
VALUE_KNOWN = 0.7
DECLARED_LEG = 0.6
SECOND_MEASURE = 0.4
OPERATION = 0.04
EXCEPTIONAL = 0.011
NOTE_DOLLARS = 50
MAX_PACKAGES = 60
CENT = Decimal("0.01")
ZERO = Decimal(0)
DAY_MINUTES = 24 * 60
UNIT_WORDS = {"STICK": "sticks", "KGM": "kg", "H87": "pcs", "PR": "pairs", "LTR": "l", "TNE": "t"}
FROM_ABROAD = frozenset({"IMPORT", "TRANSIT", "TRANSHIPMENT"})
GOING_ABROAD = frozenset({"EXPORT", "TRANSIT", "TRANSHIPMENT"})


def day_weight(day: date, preset: Profile) -> float:
    """How many cases a day brings, against other days of the preset."""
    span = (preset.last_day - preset.first_day).days
    grown = float((((day - preset.first_day).days + 0.5) / span) ** GROWTH)
    weekly = SUNDAY_FACTOR if day.isoweekday() == SUNDAY else 1.0
    return grown * weekly * (DECEMBER_FACTOR if day.month == DECEMBER else 1.0)


def day_wheel(preset: Profile) -> Wheel[date]:
    """The days of the preset."""
    days = (preset.last_day - preset.first_day).days + 1
    every = (preset.first_day + timedelta(days=number) for number in range(days))
    return Wheel({day: day_weight(day, preset) for day in every})


class Maker:
    """Makes cases of one preset from one source of chance."""

    def __init__(self, source: Source, preset: Profile) -> None:
        self.source = source
        self.preset = preset
        self.conduct = conduct()
        self.goods = good_wheels()
        offices = preset.office_places()
        shares = zipf(len(offices), OFFICE_EXPONENT)
        self.offices = Wheel(dict(zip(offices, shares, strict=True)))
        self.partners = Wheel(preset.partners)
        self.places = preset.known_places()
        self.languages = Wheel(preset.languages)
        self.days = day_wheel(preset)

    def case(self) -> NewCase:
        """The next case."""
        source, conduct = self.source, self.conduct
        heading = conduct.heading.pick(source)
        mode = conduct.mode(source, heading)
        office = self.offices.pick(source)
        direction = conduct.direction[mode].pick(source)
        why, how = conduct.signs(source, mode)
        lines, dollars = self.lines(heading)
        place = f"{office.name}, {one_of(source, DETAILS)}"
        language, told = self.story(place, lines[0])
        value, currency, basis = self.value(dollars)
        return NewCase(
            case_kind=conduct.kind.pick(source),
            event_date=self.days.pick(source),
            event_time=self.time(),
            country=self.preset.home,
            office_code=office.locode,
            place_type=conduct.place[mode].pick(source),
            locode=office.locode,
            place_text=place,
            admin_division=office.name,
            direction=direction,
            procedure=conduct.procedure[mode].pick(source),
            declared=conduct.declared.pick(source),
            mode=mode,
            why_selected=why,
            how_found=how,
            offence_types=(conduct.offence(source, heading),),
            operation=self.operation(),
            narrative=told,
            estimated_value=value,
            currency=currency,
            valuation_basis=basis,
            legal_state=conduct.legal_state.pick(source),
            outcome=conduct.outcome.pick(source),
            exceptional=source.random() < EXCEPTIONAL,
            language=language,
            commodities=lines,
            legs=self.legs(direction, mode, office),
            concealments=self.hiding(mode),
        )

    def time(self) -> str:
        """A time of day with the home offset, if anybody wrote it down."""
        if self.source.random() >= TIME_KNOWN:
            return ""
        hours, minutes = divmod(int(self.source.random() * DAY_MINUTES), 60)
        return f"{hours:02}:{minutes:02}{self.preset.offset}"

    def operation(self) -> str:
        """The mark, and sometimes an operation that the case belongs to."""
        named = self.source.random() < OPERATION
        return f"{MARK} {one_of(self.source, OPERATIONS)}" if named else MARK

    def lines(self, heading: str) -> tuple[tuple[NewCommodity, ...], float]:
        """The goods of a case, the first of its heading, and what they are worth in dollars."""
        source = self.source
        found, dollars = [], 0.0
        for number in range(LINES.pick(source)):
            other = number > 0 and source.random() < OTHER_HEADING
            chosen = self.conduct.heading.pick(source) if other else heading
            good = self.goods[chosen].pick(source)
            amount = quantity(source, good.mean, good.spread, good.decimals)
            found.append(self.line(good, amount))
            dollars += float(amount) * good.price
        return tuple(found), dollars

    def line(self, good: Good, amount: Decimal) -> NewCommodity:
        """One line of goods; of cash, the amount of money becomes a number of notes."""
        source = self.source
        attributes: dict[str, str] = {}
        if good.unit == "BANKNOTE":
            attributes = {"amount": str(amount), "currency": "USD", "instrument": "cash"}
            amount = max(Decimal(1), amount // NOTE_DOLLARS)
        elif good.brands:
            attributes = {"brand": one_of(source, good.brands)}
        second = bool(good.unit2) and source.random() < SECOND_MEASURE
        return NewCommodity(
            heading=good.heading,
            subtype=good.subtype,
            hs6=good.hs6,
            description=good.description,
            quantity=amount,
            unit=good.unit,
            quantity2=self.second(good, amount) if second else None,
            unit2=good.unit2 if second else NOT_RECORDED,
            measure_quality=self.conduct.measured.pick(source),
            kg_equivalent=amount if good.unit == "KGM" else None,
            packages=1 + int(source.random() ** 3 * MAX_PACKAGES),
            package_type=good.package,
            condition=good.condition,
            attributes=attributes,
        )

    def second(self, good: Good, amount: Decimal) -> Decimal:
        """The other measure of a line, such as the weight of counted tusks."""
        per_piece = good.per_unit2 * (0.5 + self.source.random())
        return (amount * Decimal(f"{per_piece:.3f}")).quantize(CENT)

    def value(self, dollars: float) -> tuple[Decimal | None, str, str]:
        """What the goods are worth in home money, if anybody said so."""
        if self.source.random() >= VALUE_KNOWN:
            return None, "", NOT_RECORDED
        rate = self.preset.per_dollar * (0.7 + 0.6 * self.source.random())
        return Decimal(f"{dollars * rate:.2f}"), self.preset.currency, "DOMESTIC"

    def story(self, place: str, line: NewCommodity) -> tuple[str, str]:
        """The language of the narrative and the narrative, if there is one."""
        if self.source.random() >= NARRATIVE:
            return "", ""
        language = self.languages.pick(self.source)
        amount = f"{line.quantity:f} {UNIT_WORDS.get(line.unit, line.unit.lower())}"
        return language, narrative(self.source, language, place, amount, line.description.lower())

    def legs(self, direction: str, mode: str, office: Place) -> tuple[NewLeg, ...]:
        """The way of the goods; the discovery is a point on it."""
        found = []
        if direction in FROM_ABROAD:
            found.append(self.abroad("DEPARTURE", mode))
            if self.source.random() < TRANSIT:
                found.append(self.abroad("TRANSIT", mode))
        discovery = NewLeg(
            role="DISCOVERY",
            country=self.preset.home,
            locode=office.locode,
            place_text=office.name,
            mode=mode,
            confidence="KNOWN",
        )
        found.append(discovery)
        if direction in GOING_ABROAD:
            found.append(self.abroad("DESTINATION_DECLARED", mode))
        return tuple(found)

    def abroad(self, role: str, mode: str) -> NewLeg:
        """A point of the way outside the country."""
        source = self.source
        if role == "DEPARTURE" and source.random() < UNKNOWN_DEPARTURE:
            return NewLeg(role=role, country=NOWHERE, mode=mode, confidence="UNKNOWN")
        country = self.partners.pick(source)
        known = self.places.get(country)
        place = one_of(source, known) if known else Place("", "")
        return NewLeg(
            role=role,
            country=country,
            locode=place.locode,
            place_text=place.name,
            mode=mode,
            confidence="DECLARED" if source.random() < DECLARED_LEG else "KNOWN",
        )

    def hiding(self, mode: str) -> tuple[NewConcealment, ...]:
        """Where the goods were hidden."""
        wheel, source = self.conduct.concealment[mode], self.source
        chosen = {wheel.pick(source): None for _ in range(HIDING_PLACES.pick(source))}
        return tuple(NewConcealment(place=place) for place in chosen)


def cases(seed: int, count: int, preset: Profile | None = None) -> Iterator[NewCase]:
    """So many synthetic cases; a longer run begins with the cases of a shorter one."""
    chosen = preset or profile()
    maker = Maker(seeded(seed, chosen.name), chosen)
    return islice(iter(maker.case, None), count)
