"""Filters as conditions, without a database."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from appliance.app.audit.chain import Place
from appliance.app.audit.schemas import ACTION_LABELS, FILTERS, SealState
from appliance.app.audit.search import Wanted, conditions, day_begins, names_fitting
from appliance.core.audit import Action

PEOPLE = [
    ("", "system", ""),
    ("id-1", "Amélie Nkosi", "Amélie Nkosi-Berg"),
    ("id-2", "Omar Haddad", "Omar Haddad"),
]


def test_no_filter_is_no_condition() -> None:
    assert conditions(Wanted({})).text == "true"


def test_values_never_stand_in_the_statement() -> None:
    evil = "'; DROP TABLE audit.entry; --"
    statement = conditions(Wanted({"person": evil, "record": evil, "purpose": evil, "room": evil}))
    assert evil not in statement.text
    assert statement.arguments.count(evil) == 4


def test_days_begin_where_the_installation_stands() -> None:
    zone = ZoneInfo("Asia/Tokyo")
    statement = conditions(Wanted({"from": date(2026, 3, 1), "to": date(2026, 3, 31)}, zone=zone))
    assert statement.text == "true AND at >= $1 AND at < $2"
    assert statement.arguments == [
        datetime(2026, 2, 28, 15, tzinfo=UTC),
        datetime(2026, 3, 31, 15, tzinfo=UTC),
    ]


def test_a_day_of_23_hours_ends_in_time() -> None:
    zone = ZoneInfo("Europe/Brussels")
    length = day_begins(date(2026, 3, 30), zone) - day_begins(date(2026, 3, 29), zone)
    assert length.total_seconds() == 23 * 3600


def test_a_record_is_found_by_its_id_or_by_its_name() -> None:
    by_id = conditions(Wanted({"record": "0190f5c0-0000-7000-8000-000000000001"}))
    assert by_id.text == "true AND record <> '' AND record = $1"
    assert "lower(label)" in conditions(Wanted({"record": "2026/SEA1"})).text


@pytest.mark.parametrize(("state", "sign"), [(SealState.SEALED, "<="), (SealState.WAITING, ">")])
def test_the_seal_is_a_place_in_the_order(state: SealState, sign: str) -> None:
    statement = conditions(Wanted({"seal": state.value}, head=Place(40, 2)))
    assert statement.text == f"true AND (xid, n) {sign} ($1, $2)"
    assert statement.arguments == [40, 2]


def test_every_filter_that_is_offered_is_understood() -> None:
    values = {field.name: "x" for field in FILTERS} | dict.fromkeys(
        ["from", "to"], date(2026, 1, 1)
    )
    assert len(conditions(Wanted(values)).conditions) == len(values) + 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("nkosi", ["id-1"]),
        ("BERG", ["id-1"]),
        ("id-2", ["id-2"]),
        ("system", [""]),
        ("a", ["id-1", "id-2"]),
        ("nobody", []),
    ],
)
def test_people_are_found_by_a_part_of_a_name(text: str, expected: list[str]) -> None:
    assert names_fitting(PEOPLE, text) == expected


def test_every_action_has_a_label() -> None:
    assert set(ACTION_LABELS) == set(Action)
