"""The code lists as files: what every release promises of them, checked without a database."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

DATA = Path(__file__).parents[3] / "appliance" / "app" / "reference" / "data"
COLUMNS = [
    "code",
    "parent",
    "label_en",
    "label_fr",
    "label_ar",
    "valid_from",
    "valid_to",
    "replaced_by",
    "sort",
    "tags",
    "aliases",
]
EXPECTED = {
    "CASE_KIND",
    "CONCEALMENT",
    "CONDITION",
    "CONFIDENCE",
    "CONVEYANCE",
    "COUNTRY",
    "CURRENCY",
    "DECLARED",
    "DETECTION",
    "DIRECTION",
    "HEADING",
    "HS",
    "LEGAL_STATE",
    "LEG_ROLE",
    "MEASURE_QUALITY",
    "MODE",
    "OFFENCE",
    "OUTCOME",
    "PACKAGE",
    "PLACE",
    "PROCEDURE",
    "SUBTYPE",
    "UNIT",
    "VALUATION",
}
HEADINGS = {
    "DRUGS",
    "PRECURSORS",
    "TOBACCO",
    "ALCOHOL",
    "FUEL_EXCISE",
    "IPR",
    "MEDICAL",
    "CITES",
    "ENVIRONMENT",
    "WEAPONS",
    "STRATEGIC",
    "NUCLEAR",
    "CURRENCY",
    "CULTURAL",
    "ADULT_MEDIA",
    "VEHICLES",
    "REVENUE",
    "FOOD_AGRI",
    "OTHER",
}
CODE = re.compile(r"[A-Z0-9_]{1,40}")
ARABIC = re.compile("[\u0621-\u064a]")
# A parent stands in the same list, but for these.
PARENT_LISTS = {"SUBTYPE": "HEADING", "CONVEYANCE": "MODE"}
# What a tag with a code refers to.
TAG_LISTS = {"heading": "HEADING", "unit": "UNIT", "unit2": "UNIT", "mode": "MODE"}
FACTORS = {"kg": "mass", "l": "volume", "m": "length", "m2": "area", "each": "count"}
# Names of places, medicines and units are often the same word in French; ordinary words are not.
SAME_IN_FRENCH = {"COUNTRY": 0.35, "UNIT": 0.35, "SUBTYPE": 0.35, "PACKAGE": 0.25}
SAME_IN_FRENCH_OTHERWISE = 0.15
LONGEST_LABEL = 60
LONGEST_ALIAS = 200

Row = dict[str, str]


def read(name: str) -> list[Row]:
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream, strict=True))


LISTS = {path.stem: read(path.stem) for path in sorted(DATA.glob("*.csv"))}
every_list = pytest.mark.parametrize("name", sorted(LISTS))


def codes(name: str) -> set[str]:
    return {row["code"] for row in LISTS[name]}


def cells(row: Row, column: str) -> list[str]:
    return row[column].split("|") if row[column] else []


def fold(text: str) -> str:
    """Stricter than the application, which keeps spaces: what is unambiguous here is so there."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in plain if char.isalnum())


def spellings(row: Row) -> Iterator[str]:
    yield from (row[column] for column in ("code", "label_en", "label_fr", "label_ar"))
    yield from cells(row, "aliases")


def factors(row: Row) -> dict[str, str]:
    tags = [tag.split(":", 1) for tag in cells(row, "tags") if ":" in tag]
    return {key: value for key, value in tags if key in FACTORS}


def test_every_list_is_there() -> None:
    assert set(LISTS) == EXPECTED


@every_list
def test_header_and_cells(name: str) -> None:
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        table = list(csv.reader(stream, strict=True))
    assert table[0] == COLUMNS
    assert {len(line) for line in table} == {len(COLUMNS)}
    for cell in (cell for line in table for cell in line):
        assert cell == unicodedata.normalize("NFC", cell).strip()
        assert cell.isprintable()


@every_list
def test_codes_are_plain_and_unique(name: str) -> None:
    found = [row["code"] for row in LISTS[name]]
    assert [code for code in found if not CODE.fullmatch(code)] == []
    assert len(set(found)) == len(found)


@every_list
def test_not_recorded_stands_beside_unknown(name: str) -> None:
    assert "NOT_RECORDED" in codes(name)
    last = max(LISTS[name], key=lambda row: int(row["sort"]))
    assert last["code"] == "NOT_RECORDED"
    unknown = {"UNKNOWN", "XX"} & codes(name)
    assert len(unknown) == (0 if name in {"CASE_KIND", "LEGAL_STATE"} else 1)


@every_list
def test_labels_in_three_languages(name: str) -> None:
    for row in LISTS[name]:
        labels = [row["label_en"], row["label_fr"], row["label_ar"]]
        assert all(0 < len(label) <= LONGEST_LABEL for label in labels), row["code"]
        # A formula or a laboratory's number is written alike everywhere.
        if "symbol" not in cells(row, "tags"):
            assert ARABIC.search(row["label_ar"]), row["code"]
            assert row["label_ar"] != row["label_en"]


@every_list
def test_french_is_a_translation(name: str) -> None:
    rows = [row for row in LISTS[name] if "symbol" not in cells(row, "tags")]
    same = [row["code"] for row in rows if row["label_fr"] == row["label_en"]]
    assert len(same) <= SAME_IN_FRENCH.get(name, SAME_IN_FRENCH_OTHERWISE) * len(rows), same


@every_list
def test_parents_and_successors_exist(name: str) -> None:
    parents = codes(PARENT_LISTS.get(name, name))
    for row in LISTS[name]:
        assert row["parent"] == "" or row["parent"] in parents, row["code"]
        assert row["replaced_by"] == "" or row["replaced_by"] in codes(name), row["code"]
        assert row["replaced_by"] != row["code"]


@every_list
def test_days_and_order_can_be_read(name: str) -> None:
    for row in LISTS[name]:
        days = [date.fromisoformat(row[c]) for c in ("valid_from", "valid_to") if row[c]]
        assert days == sorted(days), row["code"]
        assert row["valid_to"] or not row["replaced_by"], row["code"]
        assert int(row["sort"]) > 0


@every_list
def test_a_spelling_means_one_code(name: str) -> None:
    owners: dict[str, str] = {}
    for row in LISTS[name]:
        for spelling in spellings(row):
            assert fold(spelling), (row["code"], spelling)
            assert len(spelling) <= LONGEST_ALIAS
            owner = owners.setdefault(fold(spelling), row["code"])
            assert owner == row["code"], spelling


@every_list
def test_tags_refer_to_codes(name: str) -> None:
    for row in LISTS[name]:
        for tag in cells(row, "tags"):
            key, _, value = tag.partition(":")
            assert key not in TAG_LISTS or value in codes(TAG_LISTS[key]), (row["code"], tag)


def test_every_heading_has_its_subtypes_and_a_place_for_the_rest() -> None:
    assert codes("HEADING") == HEADINGS | {"UNKNOWN", "NOT_RECORDED"}
    for heading in HEADINGS:
        below = {row["code"] for row in LISTS["SUBTYPE"] if row["parent"] == heading}
        assert len(below) >= 5, heading
        assert any(code.startswith("OTHER_") for code in below), heading
    without = {row["code"] for row in LISTS["SUBTYPE"] if not row["parent"]}
    assert without == {"UNKNOWN", "NOT_RECORDED"}


def test_factors_of_units_are_exact() -> None:
    for row in LISTS["UNIT"]:
        dimensions = [tag[4:] for tag in cells(row, "tags") if tag.startswith("dim:")]
        assert len(dimensions) == (0 if row["code"] in {"OTHER", "UNKNOWN", "NOT_RECORDED"} else 1)
        for key, text in factors(row).items():
            assert dimensions == [FACTORS[key]], row["code"]
            factor = Decimal(text)
            assert factor.is_finite()
            assert factor > 0
            assert format(factor, "f") == text, row["code"]
        assert ("kg" in factors(row)) == (dimensions == ["mass"]), row["code"]


@pytest.mark.parametrize(
    ("code", "kilograms"),
    [
        ("KGM", "1"),
        ("GRM", "0.001"),
        ("MGM", "0.000001"),
        ("MC", "0.000000001"),
        ("TNE", "1000"),
        # International pound of 1959; a sixteenth of it; 480 and 1 grains; the viss of 3.6 pounds.
        ("LBR", "0.45359237"),
        ("ONZ", str(Decimal("0.45359237") / 16)),
        ("APZ", str(480 * Decimal("0.00006479891"))),
        ("GRN", "0.00006479891"),
        ("TOLA", str(180 * Decimal("0.00006479891"))),
        ("VISS", str(Decimal("3.6") * Decimal("0.45359237"))),
        ("STN", str(2000 * Decimal("0.45359237"))),
        ("LTN", str(2240 * Decimal("0.45359237"))),
        ("CTM", "0.0002"),
    ],
)
def test_kilograms_of_a_unit(code: str, kilograms: str) -> None:
    row = next(row for row in LISTS["UNIT"] if row["code"] == code)
    assert Decimal(factors(row)["kg"]) == Decimal(kilograms)


def test_modes_carry_the_numbers_of_recommendation_19() -> None:
    numbers = {
        row["code"]: tag[6:]
        for row in LISTS["MODE"]
        for tag in cells(row, "tags")
        if tag.startswith("rec19:")
    }
    assert set(numbers) == codes("MODE")
    assert set(numbers.values()) == set("0123456789")
    assert numbers["MARITIME"] == "1"
    assert numbers["AIR"] == "4"


def test_a_detection_method_says_why_selected_or_how_found() -> None:
    for row in LISTS["DETECTION"]:
        assert {"select", "find"} & set(cells(row, "tags")), row["code"]


@pytest.mark.parametrize(
    ("spelling", "code"),
    [
        ("Bolivia, Plurinational State of", "BO"),
        ("Bolivia (Plurinational State of)", "BO"),
        ("BOL", "BO"),
        ("Lao Peoples Democratic Republic", "LA"),
        ("Cote d'Ivoire", "CI"),
        ("CÔTE D\u2019IVOIRE", "CI"),
        ("Turkey", "TR"),
        ("Türkiye", "TR"),
        ("Czech Republic", "CZ"),
        ("Swaziland", "SZ"),
        ("Macedonia, the former Yugoslav Republic of", "MK"),
        ("Cape Verde", "CV"),
        ("Allemagne", "DE"),
        ("Marruecos", "MA"),
        ("ألمانيا", "DE"),
        ("Congo", "CG"),
        ("Congo, the Democratic Republic of the", "CD"),
        ("USSR", "SU"),
        ("Netherlands Antilles", "AN"),
        ("Unknown", "XX"),
        ("Other", "QZ"),
        ("International waters", "ZZ"),
    ],
)
def test_a_country_is_found_by_how_people_write_it(spelling: str, code: str) -> None:
    found = {r["code"] for r in LISTS["COUNTRY"] if fold(spelling) in map(fold, spellings(r))}
    assert found == {code}


def test_countries_are_all_of_iso_3166_and_the_former_ones_are_ended() -> None:
    rows = {row["code"]: row for row in LISTS["COUNTRY"]}
    now = [code for code, row in rows.items() if "iso3166" in cells(row, "tags")]
    assert len(now) == 249
    assert {len(code) for code in now} == {2}
    for code in ("SU", "YU", "CS", "DD", "AN", "ZR", "TP", "BU"):
        assert rows[code]["valid_to"], code
        assert rows[rows[code]["replaced_by"]], code
