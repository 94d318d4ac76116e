"""Rows by the mapping of the UNODC layout: cases, notes, reasons, and the key that finds a row again."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from appliance.app.imports import fields, limits, mapping, rows
from appliance.app.imports.cells import Lists
from appliance.app.imports.mapping import Mapping
from appliance.app.imports.reading import Layout, find_layout
from appliance.app.reference import service
from appliance.app.seizures.schemas import NewCase
from appliance.core.errors import Corrupt, NotFound
from tests.data.unodc_like import COLUMNS

REFERENCE = service.Lists(service.read_files())
LISTS = Lists(
    lookup=lambda name, text: REFERENCE.spellings[name].get(service.fold(text)),
    entry=lambda name, code: REFERENCE.by_list[name].get(code),
)
UNODC = mapping.find_mapping("unodc-ids")
TODAY = date(2026, 3, 31)
ROW = {
    "REGION": "Americas",
    "SUBREGION": "South America",
    "COUNTRY": "Bolivia, Plurinational State of",
    "ADMINISTRATIVE_DIVISION": "",
    "PLACE": "Cochabamba ",
    "SEIZURE_DATE": "2014-02-14",
    "DRUG_NAME": "Coca paste",
    "AMOUNT": "0.006999999999999999",
    "DRUG_UNIT": "Gram",
    "HIDING_PLACE": "Baggage",
    "INSTALLATION": "",
    "TRANSPORT": "",
    "PRODUCING_COUNTRY": "Unknown",
    "DEPARTURE_COUNTRY": "",
    "DESTINATION_COUNTRY": "Spain",
    "ROUTING": "National territory/domestic seizure",
}


def reader(header: list[str] | None = None) -> rows.RowReader:
    layout = find_layout(header or COLUMNS, UNODC.source.columns, ";")
    return rows.RowReader(UNODC, layout, LISTS, TODAY)


def values(**changes: str) -> list[str]:
    return [{**ROW, **changes}[name] for name in COLUMNS]


def case(**changes: str) -> NewCase:
    found = reader().read(values(**changes))
    assert found.case is not None, found.problems
    return found.case


def test_a_row_becomes_a_case_with_everything_it_says() -> None:
    made = case()
    assert (made.country, made.typed["country"]) == ("BO", "Bolivia, Plurinational State of")
    assert (made.place_text, made.typed["place_text"]) == ("Cochabamba", "Cochabamba ")
    assert (made.event_date, made.direction, made.mode) == (
        date(2014, 2, 14),
        "INTERNAL",
        "NOT_RECORDED",
    )
    goods = made.commodities[0]
    assert (goods.heading, goods.subtype, goods.description) == (
        "DRUGS",
        "COCA_PASTE",
        "Coca paste",
    )
    assert (goods.quantity, goods.quantity_typed) == (Decimal("0.007"), "0.006999999999999999")
    assert (goods.unit, goods.kg_equivalent) == ("GRM", Decimal("0.000007"))
    assert [(leg.role, leg.country) for leg in made.legs] == [
        ("ORIGIN", "XX"),
        ("DISCOVERY", "BO"),
        ("DESTINATION_DECLARED", "ES"),
    ]
    assert [item.place for item in made.concealments] == ["BAGGAGE"]


def test_a_factor_multiplies_the_amount_and_both_stay_as_typed() -> None:
    goods = case(DRUG_UNIT="Thousand of tablets", AMOUNT="2.5").commodities[0]
    assert (goods.quantity, goods.unit) == (Decimal(2500), "TABLET")
    assert goods.unit_typed == "Thousand of tablets"
    assert goods.kg_equivalent is None


def test_kilograms_are_exact_for_every_mass() -> None:
    goods = case(DRUG_UNIT="Viss", AMOUNT="3").commodities[0]
    assert goods.kg_equivalent == Decimal("4.898797596")


def test_the_largest_amount_with_the_largest_factor_is_refused_not_cut() -> None:
    found = reader().read(values(DRUG_UNIT="Thousand of tablets", AMOUNT="9999999999999999"))
    assert found.case is None
    assert "too large a number" in found.problems[0].reason.text("en")


def test_all_problems_of_a_row_are_told_with_column_and_value() -> None:
    found = reader().read(values(COUNTRY="Atlantis", SEIZURE_DATE="", AMOUNT="much"))
    assert [(item.column, item.value) for item in found.problems] == [
        ("COUNTRY", "Atlantis"),
        ("SEIZURE_DATE", ""),
        ("AMOUNT", "much"),
        ("COUNTRY", "Atlantis"),
    ]


def test_what_no_list_knows_is_noted_with_its_spelling() -> None:
    found = reader().read(values(DRUG_NAME="No such thing", INSTALLATION="Underground"))
    other = {note for note in found.notes if note[0] == "other"}
    assert other == {
        ("other", "DRUG_NAME", "commodity.subtype", "No such thing"),
        ("other", "INSTALLATION", "case.place_type", "Underground"),
    }
    assert ("empty", "TRANSPORT", "case.mode", "") in found.notes


def test_the_same_row_read_twice_is_the_same_case() -> None:
    once = reader()
    assert once.read(values()) == once.read(values()) == reader().read(values())


def test_the_order_of_columns_does_not_change_what_a_row_is() -> None:
    turned = reader(list(reversed(COLUMNS)))
    assert turned.key(values()[::-1]) == reader().key(values())
    assert turned.read(values()[::-1]) == reader().read(values())


def test_a_further_column_tells_rows_apart() -> None:
    wide = reader([*COLUMNS, "NUMBER"])
    assert wide.key([*values(), "1"]) != wide.key([*values(), "2"])


@pytest.mark.parametrize("name", COLUMNS)
def test_every_column_tells_rows_apart(name: str) -> None:
    assert reader().key(values(**{name: "other"})) != reader().key(values())


def test_values_that_run_into_each_other_stay_apart() -> None:
    one, two = values(PLACE="ab", SEIZURE_DATE="c"), values(PLACE="a", SEIZURE_DATE="bc")
    assert reader().key(one) != reader().key(two)


def test_each_repeat_of_a_row_has_its_own_key() -> None:
    key = reader().key(values())
    numbered = [rows.numbered_key(key, number) for number in range(1000)]
    assert numbered[0] == key
    assert len(set(numbered)) == 1000
    assert {len(item) for item in numbered} == {16}


def changed(old: str, new: str) -> Mapping:
    text = (mapping.DATA / "unodc-ids.toml").read_text(encoding="utf-8")
    assert old in text
    return mapping.parse_mapping(text.replace(old, new))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('column = "PLACE"', 'column = "PLAICE"'),
        ("[case.place_text]", "[case.no_such_field]"),
        ("[case.country]", "[case.office_code]"),
        ('parent_of = "subtype"', 'parent_of = "quantity"'),
    ],
)
def test_a_mapping_that_contradicts_itself_is_refused(old: str, new: str) -> None:
    wrong = changed(old, new)
    layout: Layout = find_layout(COLUMNS, wrong.source.columns, ";")
    with pytest.raises(Corrupt):
        rows.RowReader(wrong, layout, LISTS, TODAY)


def test_a_mapping_with_a_word_that_means_nothing_is_refused() -> None:
    with pytest.raises(Corrupt):
        changed("brackets = true", "bracket = true")


def test_an_unknown_mapping_is_named_with_those_that_are_known() -> None:
    with pytest.raises(NotFound) as caught:
        mapping.find_mapping("../secret")
    assert "unodc-ids" in caught.value.message.text("en")


def test_titles_of_mappings_can_be_translated() -> None:
    titles = [mapping.find_mapping(name).title for name in mapping.mapping_names()]
    assert titles == list(fields.MAPPING_TITLES)


def test_lines_are_remembered_within_a_bound_of_characters() -> None:
    found = reader()
    (place,) = found.places
    for number in range(2 * limits.CACHED_CHARS // limits.CACHED_VALUE_CHARS):
        found.read(values(HIDING_PLACE=f"{number:0200}"))
        assert sum(len(text) for key in place.known for text in key) <= limits.CACHED_CHARS
    found.read(values(HIDING_PLACE="x" * (limits.CACHED_VALUE_CHARS + 1)))
    assert max(len(text) for key in place.known for text in key) == limits.CACHED_VALUE_CHARS
