"""What a cell means: texts, days, quantities, codes; what is kept as typed and what is noted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.app.imports import cells, limits
from appliance.app.imports.cells import Cell, Codes, Lists
from appliance.app.imports.mapping import Meaning, Pattern, Rule
from appliance.app.reference import service
from appliance.core.limits import QUANTITY_DECIMALS

TODAY = date(2026, 3, 31)
FORMATS = ["%Y-%m-%d", "%Y-%m-%d %H:%M:%S", "%d/%m/%Y"]
REFERENCE = service.Lists(service.read_files())
LISTS = Lists(
    lookup=lambda name, text: REFERENCE.spellings[name].get(service.fold(text)),
    entry=lambda name, code: REFERENCE.by_list[name].get(code),
)


def read_day(raw: str, today: date | None = TODAY) -> Cell:
    rule = Rule(column="X", kind="date", formats=FORMATS, required=True)
    return cells.date_reader("event_date", rule, today)(raw)


def quantity(raw: str) -> Cell:
    return cells.quantity_reader("quantity", Rule(column="X", kind="quantity"))(raw)


def coded(
    raw: str,
    rule: Rule,
    values: dict[str, str | Meaning] | None = None,
    patterns: Sequence[Pattern] = (),
) -> Cell:
    return cells.code_reader("unit", rule, Codes(rule, LISTS, values or {}, patterns))(raw)


@pytest.mark.parametrize(
    ("raw", "day", "typed"),
    [
        ("2014-02-14", date(2014, 2, 14), ""),
        (" 2014-02-14 ", date(2014, 2, 14), " 2014-02-14 "),
        ("2015-01-05 00:00:00", date(2015, 1, 5), "2015-01-05 00:00:00"),
        ("05/01/2015", date(2015, 1, 5), "05/01/2015"),
        ("٢٠١٤-٠٢-١٤", date(2014, 2, 14), "٢٠١٤-٠٢-١٤"),
        ("2026-03-31", TODAY, ""),
    ],
)
def test_days_are_read_and_kept_as_typed(raw: str, day: date, typed: str) -> None:
    assert read_day(raw) == Cell(day, typed)


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        ("", "may not be empty"),
        ("  ", "may not be empty"),
        ("2011-02-30", "is not a date"),
        ("yesterday", "is not a date"),
        ("2026-04-01", "lies in the future"),
        ("1899-12-31", "year 1899"),
        ("0001-01-01", "year 1"),
    ],
)
def test_days_that_cannot_be_are_refused(raw: str, words: str) -> None:
    problem = read_day(raw).problem
    assert problem is not None
    assert words in problem.text("en")


def test_while_the_clock_is_not_believed_no_day_lies_in_the_future() -> None:
    assert read_day("2031-01-01", today=None).value == date(2031, 1, 1)


@pytest.mark.parametrize(
    ("raw", "value", "typed"),
    [
        ("490.0", "490.0", ""),
        ("0.001", "0.001", ""),
        ("0", "0", ""),
        ("1e-05", "0.00001", "1e-05"),
        ("1,250.5", "1250.5", "1,250.5"),
        ("1,250", "1250", "1,250"),
        ("12,5", "12.5", "12,5"),
        ("1.234,5", "1234.5", "1.234,5"),
        ("1.234.567", "1234567", "1.234.567"),
        ("1 250", "1250", "1 250"),
        ("\u0663\u066b\u0665", "3.5", "\u0663\u066b\u0665"),
        ("9999999999999999.999999999999", "9999999999999999.999999999999", ""),
    ],
)
def test_quantities_are_exact(raw: str, value: str, typed: str) -> None:
    cell = quantity(raw)
    assert (str(cell.value), cell.typed, cell.note) == (str(Decimal(value)), typed, "")


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("0.006999999999999999", "0.007"),
        ("0.0000000000005", "0"),
        ("0.0000000000015", "0.000000000002"),
        ("1.0000000000025", "1.000000000002"),
    ],
)
def test_beyond_twelve_decimals_half_goes_to_even_and_is_noted(raw: str, value: str) -> None:
    cell = quantity(raw)
    assert (cell.value, cell.typed, cell.note) == (Decimal(value), raw, cells.ROUNDED)


@pytest.mark.parametrize(
    "raw", ["much", "-3", "nan", "inf", "1e40", "12345678901234567", "1;2", "0x10", "1,2,3"]
)
def test_what_is_no_quantity_is_refused(raw: str) -> None:
    assert quantity(raw).problem is not None


def test_an_empty_quantity_is_not_recorded_and_zero_is() -> None:
    assert quantity("") == Cell(None, note=cells.EMPTY)
    assert quantity("0.0").value == 0


@given(st.decimals(min_value=0, max_value=10**15, allow_nan=False, allow_infinity=False))
def test_no_quantity_is_changed_silently(value: Decimal) -> None:
    raw = str(value)
    cell = quantity(raw)
    assert cell.problem is None
    assert cell.note == cells.ROUNDED or cell.value == value
    assert abs(cell.value - value) <= Decimal(1).scaleb(-QUANTITY_DECIMALS)
    assert raw in (cell.typed, format(cell.value, "f"))


def test_a_text_keeps_what_was_typed_beside_what_was_tidied() -> None:
    read = cells.text_reader("place_text", Rule(column="X"))
    assert read("Cali") == Cell("Cali")
    assert read("Cali ") == Cell("Cali", "Cali ")
    assert read("") == Cell("")
    assert read("La\u00a0 Paz") == Cell("La Paz", "La\u00a0 Paz")


@pytest.mark.parametrize("raw", ["bad\x01place", "a\x00b", "abc\u202ecba", "x" * 401])
def test_texts_that_hide_something_or_are_too_long_are_refused(raw: str) -> None:
    cell = cells.text_reader("place_text", Rule(column="X"))(raw)
    assert cell.problem is not None
    assert len(cells.shown(raw)) <= limits.EXAMPLE_CHARS
    assert cells.shown(raw).isprintable()


UNIT = Rule(column="X", code_list="UNIT", values="UNIT", otherwise="OTHER")
COUNTRY = Rule(column="X", code_list="COUNTRY")


@pytest.mark.parametrize(
    ("raw", "code", "typed"),
    [
        ("Kilogram", "KGM", ""),
        ("KGM", "KGM", ""),
        ("kilogram", "KGM", "kilogram"),
        ("Cubic Centimeter", "CMQ", "Cubic Centimeter"),
        ("Gallons (US, liquid)", "GLL", "Gallons (US, liquid)"),
    ],
)
def test_spellings_lead_to_codes_and_stay_where_they_differ(
    raw: str, code: str, typed: str
) -> None:
    assert coded(raw, UNIT) == Cell(code, typed)


def test_an_unknown_spelling_becomes_other_and_is_noted() -> None:
    assert coded("Barette", UNIT) == Cell("OTHER", "Barette", cells.OTHER)


def test_without_a_code_for_others_an_unknown_spelling_is_refused() -> None:
    problem = coded("Atlantis", COUNTRY).problem
    assert problem is not None
    assert "“Atlantis” stands in no list" in problem.text("en")


def test_an_empty_code_is_not_recorded_which_is_not_unknown() -> None:
    assert coded("", UNIT) == Cell("NOT_RECORDED", note=cells.EMPTY)
    assert coded("Unknown", COUNTRY).value == "XX"


def test_a_table_of_values_counts_before_the_list_and_may_multiply() -> None:
    cell = coded("Thousand of tablets", UNIT, {"thousand OF tablets": Meaning("TABLET", "1000")})
    assert cell == Cell("TABLET", "Thousand of tablets", factor=Decimal(1000))
    assert coded("Kilogram", UNIT, {"kilogram": "GRM"}).value == "GRM"


def test_brackets_and_patterns_are_looked_at_last() -> None:
    drug = Rule(column="X", code_list="SUBTYPE", brackets=True, otherwise="OTHER_DRUG")
    patterns = [Pattern("JWH_OTHER", starts="jwh"), Pattern("FENTANYL_ANALOGUE", ends="fentanyl")]
    assert coded("Heroin (white)", drug).value == coded("Heroin", drug).value
    assert coded("Brown stuff (Heroin)", drug).value == coded("Heroin", drug).value
    assert coded("JWH-999", drug, patterns=patterns).value == "JWH_OTHER"
    assert coded("Nonsensylfentanyl", drug, patterns=patterns).value == "FENTANYL_ANALOGUE"


def test_what_is_remembered_is_bounded() -> None:
    remembered = cells.Remembered(Cell)
    for number in range(limits.CACHED_VALUES + 10):
        assert remembered[str(number)].value == str(number)
    assert len(remembered) <= limits.CACHED_VALUES


def test_long_spellings_are_read_and_not_remembered() -> None:
    remembered = cells.Remembered(Cell)
    long = "x" * (limits.CACHED_VALUE_CHARS + 1)
    assert remembered[long].value == long
    assert long not in remembered
    assert remembered[long[1:]].value == long[1:]
    assert long[1:] in remembered


def test_what_is_remembered_is_bounded_in_characters() -> None:
    remembered = cells.Remembered(Cell)
    for number in range(2 * limits.CACHED_CHARS // limits.CACHED_VALUE_CHARS):
        assert remembered[f"{number:0200}"].value == f"{number:0200}"
        assert sum(map(len, remembered)) <= limits.CACHED_CHARS
