from __future__ import annotations

from decimal import Decimal

from msgspec.structs import replace

from appliance.app.seizures.schemas import Status
from appliance.app.training.planted import (
    CANARIES,
    EXACT_TWINS,
    NEAR_TWINS,
    Planted,
    canary,
    planted,
)
from appliance.app.training.profiles import profile


def by_name() -> dict[str, Planted]:
    found = planted(profile(), "SEA1")
    named = {item.name: item for item in found}
    assert len(named) == len(found)
    return named


def test_planted_cases_are_the_same_every_time() -> None:
    assert planted(profile()) == planted(profile())


def test_extremes_are_there() -> None:
    named = by_name()
    assert named["smallest"].case.commodities[0].quantity == Decimal("0.0004")
    assert named["largest"].case.commodities[0].quantity == Decimal(9_999_999)
    assert named["country-unknown"].case.country == "XX"
    assert len(named["long-place"].case.place_text) == 90
    assert named["new-year"].case.event_date.isoformat() == "2020-12-31"
    assert named["new-year"].case.event_time == "23:50+08:00"
    assert named["formula"].case.commodities[0].description.startswith("=")
    assert "🧸" in named["emoji"].case.narrative
    assert {"٢", "7"} <= set(named["right-to-left"].case.narrative)


def test_exact_twins_differ_in_nothing() -> None:
    named = by_name()
    for number in range(1, EXACT_TWINS + 1):
        assert named[f"exact-{number:02}-a"].case == named[f"exact-{number:02}-b"].case


def test_near_twins_differ_in_day_and_quantity_only() -> None:
    named = by_name()
    for number in range(1, NEAR_TWINS + 1):
        first, second = (named[f"near-{number:02}-{which}"].case for which in "ab")
        assert first != second
        assert abs((second.event_date - first.event_date).days) == 1
        assert first == replace(second, event_date=first.event_date, commodities=first.commodities)


def test_each_canary_sings_once_in_one_case() -> None:
    named = by_name()
    text = repr(named["canaries"].case)
    assert all(text.count(canary(number)) == 1 for number in range(1, CANARIES + 1))
    others = repr([item.case for item in named.values() if item.name != "canaries"])
    assert not any(canary(number) in others for number in range(1, CANARIES + 1))


def test_each_state_has_a_case_of_the_office() -> None:
    found = [item for item in by_name().values() if item.name.startswith("state-")]
    assert [item.status for item in found] == list(Status)
    assert {item.case.office_code for item in found} == {"SEA1"}
