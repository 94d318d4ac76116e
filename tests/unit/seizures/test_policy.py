"""The rules of cases as pure functions, and the words by which a case is found."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from appliance.app.seizures.policy import (
    MOVES,
    OPEN,
    check_case,
    edit_refusal,
    may_edit,
    may_judge,
    year_of_number,
)
from appliance.app.seizures.queries import read_cursor
from appliance.app.seizures.schemas import Status
from appliance.app.seizures.search import fold, words_asked, words_of
from appliance.core.errors import Invalid

TODAY = date(2026, 3, 5)
RIGHT: dict[str, Any] = {
    "event_date": TODAY,
    "case_kind": "SEIZURE",
    "subtype": "HEROIN",
    "quantity": Decimal("1.5"),
    "unit": "KGM",
}


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({}, set()),
        ({"event_date": TODAY + timedelta(days=1)}, set()),
        ({"event_date": TODAY + timedelta(days=2)}, {"event_date"}),
        ({"unit": None}, {"unit"}),
        ({"unit": "NOT_RECORDED"}, {"unit"}),
        ({"quantity": None}, {"quantity"}),
        ({"quantity": None, "unit": None}, {"quantity", "unit"}),
        ({"quantity": None, "unit": None, "case_kind": "OFFENCE_NO_GOODS"}, set()),
        ({"unit": None, "case_kind": "OFFENCE_NO_GOODS"}, {"unit"}),
        ({"quantity": Decimal("0.123456789012")}, set()),
        ({"quantity": Decimal("0.1234567890123")}, {"quantity"}),
        ({"quantity": Decimal("9999999999999999.123456789012")}, set()),
        ({"subtype": None}, {"subtype"}),
        ({"subtype": None, "case_kind": "OFFENCE_NO_GOODS"}, set()),
        ({"subtype": None, "case_kind": "NEGATIVE_CONTROL"}, set()),
        (
            {"event_date": date(2099, 1, 1), "unit": None, "subtype": None},
            {"event_date", "unit", "subtype"},
        ),
    ],
    ids=str,
)
def test_all_that_is_wrong_is_said(changes: dict[str, Any], wrong: set[str]) -> None:
    assert check_case({**RIGHT, **changes}, TODAY).keys() == wrong


def test_a_draft_need_not_be_whole_but_right() -> None:
    empty = dict.fromkeys(RIGHT)
    assert check_case(empty, TODAY, whole=False) == {}
    later = {**empty, "event_date": TODAY + timedelta(days=2), "quantity": Decimal("1e-13")}
    assert check_case(later, TODAY, whole=False).keys() == {"event_date", "quantity"}


def test_without_a_day_that_is_believed_no_date_lies_in_the_future() -> None:
    assert check_case({**RIGHT, "event_date": date(2038, 1, 1)}, None) == {}
    assert check_case({**RIGHT, "unit": None}, None).keys() == {"unit"}


def test_the_year_of_a_number() -> None:
    assert year_of_number(date(2025, 12, 31), TODAY) == 2026
    assert year_of_number(date(2025, 12, 31), None) == 2025


@pytest.mark.parametrize("status", Status)
def test_only_the_own_office_changes_and_only_what_is_open(status: Status) -> None:
    assert may_edit(status, "SEA1", "SEA1") is (status in OPEN)
    assert not may_edit(status, "SEA1", "AIR1")
    assert not may_edit(status, "", "")


@pytest.mark.parametrize("status", set(Status) - OPEN)
def test_why_a_closed_case_is_not_changed_does_not_depend_on_the_office(status: Status) -> None:
    assert edit_refusal(status, "SEA1", "SEA1") == edit_refusal(status, "SEA1", "AIR1") != ""


def test_nobody_judges_himself() -> None:
    assert not may_judge({UUID(int=1), UUID(int=3)}, UUID(int=1))
    assert may_judge({UUID(int=1)}, UUID(int=2))
    assert may_judge(set(), UUID(int=1))


def test_no_move_leads_out_of_a_closed_state() -> None:
    closed = {Status.VALIDATED, Status.LOCKED, Status.EXPUNGED}
    for move in MOVES.values():
        assert not move.before & closed


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Bogotá", "bogota"),
        ("ŁÓDŹ", "lodz"),
        ("Đà Nẵng", "da nang"),
        ("STRASSE", "strasse"),
        ("Straße", "strasse"),
        ("Muḥammad", "muhammad"),
        ("ﬁlter", "filter"),
        ("مُحَمَّد", "محمد"),
        ("上海", "上海"),
    ],
)
def test_marks_do_not_hide_a_word(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("grey lorry", "grey lorry"),
        ("D.C.", "d c"),
        ("a & !b | (c:*)", "a b c"),
        ("''\\", ""),
        ("", ""),
        ("PH-SEA1-000002", "ph sea1 000002"),
        (" ".join("abcdefghijklmno"), "a b c d e f g h i j k l"),
    ],
)
def test_what_is_searched_can_be_no_syntax(typed: str, words: str) -> None:
    assert words_asked(typed) == words.split()


def test_words_are_free_of_punctuation() -> None:
    assert words_of("Washington D.C., pier-4") == "washington d c pier 4"


def test_a_cursor_is_read_back() -> None:
    found = read_cursor("2026-01-05_01890a5d-ac96-774b-bcce-b302099a8057")
    assert found is not None
    assert (found.day, str(found.case_id)[:8]) == (date(2026, 1, 5), "01890a5d")
    assert read_cursor("") is None


@pytest.mark.parametrize(
    "text", ["x", "2026-01-05", "_", "2026-02-31_01890a5d-ac96-774b-bcce-b302099a8057"]
)
def test_a_damaged_cursor_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        read_cursor(text)
