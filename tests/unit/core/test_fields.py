"""Reading what people typed: numbers, dates and texts of any script, and what cannot stand."""

import contextlib
import unicodedata
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.core import limits
from appliance.core.fields import (
    Field,
    FieldProblem,
    FieldSet,
    Kind,
    Sharing,
    clean_text,
    difference,
    parse_date,
    parse_decimal,
    parse_integer,
    parse_value,
)

LINE = Field(name="line", label="Line", max_length=20)
LONG = Field(name="long", label="Long", kind=Kind.LONG_TEXT, max_length=50)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("1250.5", "1250.5"),
        (" 1 250.5 ", "1250.5"),
        ("1,250.5", "1250.5"),
        ("1,250,000", "1250000"),
        ("1'250", "1250"),
        ("1\u202f250", "1250"),
        ("\u0661\u0662\u0665\u0660\u066b\u0665", "1250.5"),
        ("१२", "12"),
        ("\u22125", "-5"),
        (".5", "0.5"),
        ("5.", "5"),
        ("1e-05", "0.00001"),
        ("0.000000000001", "0.000000000001"),
        ("1234567890123456", "1234567890123456"),
    ],
)
def test_numbers_are_read_exactly(typed: str, expected: str) -> None:
    assert parse_decimal(typed) == Decimal(expected)


def test_a_comma_means_what_it_means_where_the_reader_lives() -> None:
    assert parse_decimal("1.250,5", comma_decimal=True) == Decimal("1250.5")
    assert parse_decimal("12,5", comma_decimal=True) == Decimal("12.5")
    assert parse_decimal("1,250", comma_decimal=False) == Decimal(1250)


@pytest.mark.parametrize(
    "typed",
    [
        "12,5",
        "1.2.3",
        "12kg",
        "NaN",
        "Infinity",
        "0x10",
        "--5",
        "1e9999",
        "1e99",
        "\u066b",
        "1,25,0",
        "½",
    ],
)
def test_what_is_no_number_is_refused(typed: str) -> None:
    with pytest.raises(FieldProblem):
        parse_decimal(typed)


@given(st.decimals(min_value=Decimal("-9e15"), max_value=Decimal("9e15"), places=12))
def test_any_number_within_the_limits_survives(number: Decimal) -> None:
    assert parse_decimal(format(number, "f")) == number


@given(st.text(max_size=40))
def test_any_text_is_a_number_or_a_problem(typed: str) -> None:
    with contextlib.suppress(FieldProblem):
        assert isinstance(parse_decimal(typed), Decimal)


def test_whole_numbers_are_whole() -> None:
    assert parse_integer("1,000") == 1000
    with pytest.raises(FieldProblem):
        parse_integer("1.5")


def test_bounds_are_told() -> None:
    field = Field(name="n", label="N", kind=Kind.DECIMAL, minimum=Decimal(1), maximum=Decimal(5))
    assert parse_value(field, "1") == 1
    for typed, limit in (("0.99", "1"), ("5.01", "5")):
        with pytest.raises(FieldProblem) as caught:
            parse_value(field, typed)
        assert caught.value.message.params == {"limit": limit}


@pytest.mark.parametrize("typed", ["2026-03-31", "٢٠٢٦-٠٣-٣١"])
def test_dates_are_read(typed: str) -> None:
    assert parse_date(typed) == date(2026, 3, 31)


@pytest.mark.parametrize("typed", ["31.03.2026", "2026-02-30", "1899-12-31", "2101-01-01", "today"])
def test_days_that_do_not_exist_are_refused(typed: str) -> None:
    with pytest.raises(FieldProblem):
        parse_date(typed)


def test_text_is_composed_and_its_spaces_are_single() -> None:
    decomposed = unicodedata.normalize("NFD", "Amélie")
    assert clean_text(f"  {decomposed}\u00a0\t Nkosi\n", LINE) == "Amélie Nkosi"


def test_a_long_text_keeps_its_lines() -> None:
    assert clean_text("one\r\ntwo\rthree", LONG) == "one\ntwo\nthree"


@pytest.mark.parametrize("char", ["\x00", "\x07", "\x1b", "\x7f", "\x85", "\ud800", "\uffff"])
def test_hidden_controls_are_refused(char: str) -> None:
    with pytest.raises(FieldProblem):
        clean_text(f"a{char}b", LINE)


@pytest.mark.parametrize("char", ["\u202a", "\u202e", "\u2066", "\u2069"])
def test_characters_that_turn_the_direction_are_refused(char: str) -> None:
    with pytest.raises(FieldProblem):
        clean_text(f"a{char}b", LINE)


def test_what_was_copied_out_of_an_arabic_sentence_may_come_back() -> None:
    assert clean_text("\u2068PH-SEA1-2026-7\u2069", LINE) == "PH-SEA1-2026-7"


@pytest.mark.parametrize("text", ["عمر حداد", "李小龍", "Иван", "🚢 cargo", "क्षि", "a\u200dम"])
def test_every_script_and_emoji_may_stay(text: str) -> None:
    assert clean_text(text, LINE) == unicodedata.normalize("NFC", text)


def test_length_is_counted_in_characters_and_told() -> None:
    assert clean_text("é" * 20, LINE) == "é" * 20
    with pytest.raises(FieldProblem) as caught:
        clean_text("é" * 21, LINE)
    assert caught.value.message.params == {"length": 21, "limit": 20}


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("blank", ["", "  ", "\n\t"])
def test_a_blank_is_nothing_recorded(kind: Kind, blank: str) -> None:
    assert parse_value(Field(name="x", label="X", kind=kind), blank) is None


@given(st.sampled_from(list(Kind)), st.text(max_size=60))
def test_any_text_in_any_field_is_a_value_or_a_problem(kind: Kind, typed: str) -> None:
    problems = []
    try:
        parse_value(Field(name="x", label="X", kind=kind), typed)
    except FieldProblem as problem:
        problems.append(problem.message.text("en"))
    assert all(problems)


def test_nobody_shares_by_forgetting() -> None:
    assert Field(name="x", label="X").sharing is Sharing.NEVER


def test_a_difference_names_only_what_changed() -> None:
    fields = FieldSet(LINE, LONG)
    old = {"line": "a", "long": "b"}
    assert difference(fields, old, {"line": "a", "long": "c"}) == {"long": ["b", "c"]}
    assert difference(fields, old, {"line": "a"}) == {}
    assert difference(fields, {}, {"line": "a"}) == {"line": [None, "a"]}


def test_fields_keep_the_order_people_meet_them_in() -> None:
    fields = FieldSet(LINE, LONG)
    assert [field.name for field in fields.pick("long", "line")] == ["long", "line"]
    assert [field.name for field in fields.where(lambda field: field.max_length > 30)] == ["long"]


def test_a_field_takes_no_more_than_the_house_allows() -> None:
    assert Field(name="x", label="X").max_length == limits.TEXT_CHARS
