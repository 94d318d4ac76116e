"""The mappings of imports as files: every code they name exists, every table they name is there."""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

APP = Path(__file__).parents[3] / "appliance" / "app"
LIST_FILES = APP / "reference" / "data"
MAPPINGS = {
    path.stem: tomllib.loads(path.read_text(encoding="utf-8"))
    for path in sorted((APP / "imports" / "data").glob("*.toml"))
}
every_mapping = pytest.mark.parametrize("name", sorted(MAPPINGS))

SOURCES = {"constant", "column", "join", "parent_of"}
LINES = ("commodity", "leg", "concealment")
# The list of a field that gets its code from elsewhere than a cell.
LISTS_OF_FIELDS = {"case_kind": "CASE_KIND", "role": "LEG_ROLE", "confidence": "CONFIDENCE"}
TWO_CLOCKS = datetime(2015, 1, 5, 13, 45, 10, tzinfo=UTC)


def codes(name: str) -> set[str]:
    with (LIST_FILES / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return {row["code"] for row in csv.DictReader(stream)}


def fields(mapping: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    yield from mapping["case"].items()
    for kind in LINES:
        for line in mapping.get(kind, []):
            yield from ((key, value) for key, value in line.items() if key != "when")


def columns_named(mapping: dict[str, Any]) -> set[str]:
    named = {value["column"] for _, value in fields(mapping) if "column" in value}
    joined = {column for _, value in fields(mapping) for column in value.get("join", [])}
    when = {line["when"] for kind in LINES for line in mapping.get(kind, []) if "when" in line}
    return named | joined | when


def test_the_layout_of_the_united_nations_is_there() -> None:
    assert "unodc-ids" in MAPPINGS


@every_mapping
def test_name_and_source(name: str) -> None:
    mapping = MAPPINGS[name]
    assert mapping["name"] == name
    assert mapping["title"]
    assert mapping["source"]["format"] == "csv"
    assert mapping["source"]["encodings"]


@every_mapping
def test_every_column_is_used_or_said_to_be_unused(name: str) -> None:
    source = MAPPINGS[name]["source"]
    used = columns_named(MAPPINGS[name]) | set(source["key"])
    assert used | set(source["unused"]) == set(source["columns"])
    assert used & set(source["unused"]) == set()
    assert len(set(source["columns"])) == len(source["columns"])


@every_mapping
def test_a_field_has_one_source(name: str) -> None:
    for field, value in fields(MAPPINGS[name]):
        assert len(SOURCES & set(value)) == 1, field


@every_mapping
def test_codes_of_fields_exist(name: str) -> None:
    for field, value in fields(MAPPINGS[name]):
        constant = value.get("constant")
        assert constant is None or constant in codes(LISTS_OF_FIELDS[field]), field
        if "otherwise" in value:
            owner = "HEADING" if "parent_of" in value else value["list"]
            assert value["otherwise"] in codes(owner), field


@every_mapping
def test_codes_of_tables_exist(name: str) -> None:
    mapping = MAPPINGS[name]
    used: set[tuple[str, str]] = set()
    for _, value in fields(mapping):
        for kind in ("values", "patterns"):
            if kind not in value:
                continue
            used.add((kind, value[kind]))
            table = mapping[kind][value[kind]]
            found = table.values() if kind == "values" else table
            named = {item if isinstance(item, str) else item["code"] for item in found}
            assert named <= codes(value["list"])
    tables = {(kind, table) for kind in ("values", "patterns") for table in mapping.get(kind, {})}
    assert used == tables


@every_mapping
def test_factors_are_exact_and_patterns_have_one_condition(name: str) -> None:
    mapping = MAPPINGS[name]
    for table in mapping.get("values", {}).values():
        for item in table.values():
            if not isinstance(item, str):
                assert Decimal(item["factor"]) > 0
                assert format(Decimal(item["factor"]), "f") == item["factor"]
    for table in mapping.get("patterns", {}).values():
        for item in table:
            assert len({"starts", "ends", "has"} & set(item)) == 1, item


@every_mapping
def test_what_a_case_cannot_do_without_is_required(name: str) -> None:
    case = MAPPINGS[name]["case"]
    assert case["country"]["required"] is True
    assert "otherwise" not in case["country"]
    assert case["event_date"]["required"] is True


@every_mapping
def test_date_formats_read_what_they_write(name: str) -> None:
    formats = MAPPINGS[name]["case"]["event_date"]["formats"]
    assert len(set(formats)) == len(formats)
    for pattern in formats:
        written = TWO_CLOCKS.strftime(pattern)
        first = next(found for found in formats if fits(written, found))
        read = datetime.strptime(written, first).replace(tzinfo=UTC)
        assert read.date() == TWO_CLOCKS.date(), pattern


def fits(text: str, pattern: str) -> bool:
    try:
        datetime.strptime(text, pattern).replace(tzinfo=UTC)
    except ValueError:
        return False
    return True


def test_the_route_keeps_its_order_and_has_one_discovery() -> None:
    roles = [line["role"]["constant"] for line in MAPPINGS["unodc-ids"]["leg"]]
    assert roles == ["ORIGIN", "DEPARTURE", "DISCOVERY", "DESTINATION_DECLARED"]
