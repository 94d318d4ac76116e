"""Reading of forms, without a server: blanks, lists, all errors at once, and what goes back to be shown."""

from __future__ import annotations

from decimal import Decimal

import pytest

from appliance.app.web.forms import Form, typed_from
from appliance.core.errors import Invalid
from appliance.core.fields import Field, FieldSet, Kind
from appliance.core.i18n import Message, current_language

FIELDS = FieldSet(
    Field(name="name", label="Name", max_length=10),
    Field(name="weight", label="Weight", kind=Kind.DECIMAL, minimum=Decimal(0)),
    Field(name="pieces", label="Pieces", kind=Kind.INTEGER, maximum=Decimal(100)),
    Field(name="day", label="Day", kind=Kind.DATE),
    Field(name="modes", label="Modes", kind=Kind.CODES, code_list="MODE"),
    Field(name="mode", label="Mode", kind=Kind.CODE, code_list="MODE"),
    Field(name="sure", label="Sure", kind=Kind.BOOL),
    Field(name="text", label="Text", kind=Kind.LONG_TEXT, max_length=100),
)


def choices(_: Field) -> list[tuple[str, str, str]]:
    return [("SEA", "By sea", ""), ("AIR", "By air", "")]


def form(typed: dict[str, list[str]], *, required: tuple[str, ...] = ()) -> Form:
    return Form(FIELDS, typed, required=required, choices=choices)


def test_blanks_mean_nothing_recorded() -> None:
    asked = form({"name": ["  "], "weight": [""], "modes": [""]})
    assert asked.read()
    assert asked.values == {
        "name": None,
        "weight": None,
        "pieces": None,
        "day": None,
        "modes": [],
        "mode": None,
        "sure": None,
        "text": None,
    }


def test_a_list_takes_one_value_or_many() -> None:
    for typed, value in ((["SEA"], ["SEA"]), (["sea", "AIR", ""], ["SEA", "AIR"])):
        asked = form({"modes": typed})
        assert asked.read()
        assert asked.values["modes"] == value


def test_every_error_is_found_in_one_reading() -> None:
    asked = form(
        {
            "name": ["x" * 11],
            "weight": ["-1"],
            "pieces": ["101"],
            "day": ["2026-02-30"],
            "modes": ["SEA", "MOON"],
            "mode": ["SEA", "AIR"],
        },
        required=("sure",),
    )
    assert not asked.read()
    assert asked.errors.keys() == {"name", "weight", "pieces", "day", "modes", "mode", "sure"}
    assert [item.name for item in asked.summary] == [
        "name",
        "weight",
        "pieces",
        "day",
        "modes",
        "mode",
        "sure",
    ]


def test_what_was_typed_is_shown_again_as_typed() -> None:
    asked = form({"weight": ["12,x"], "modes": ["SEA", "MOON"], "mode": ["air"]})
    asked.read()
    assert asked["weight"].value == "12,x"
    assert asked["modes"].value == ["SEA", "MOON"]
    assert [option.value for option in asked["mode"].options if option.selected] == ["AIR"]
    assert asked["weight"].error == "“12,x” is not a number. Write it like 1250.5."


@pytest.mark.parametrize("needed", ["name", "weight", "modes", "sure", "text"])
def test_what_is_needed_and_missing(needed: str) -> None:
    asked = form({}, required=(needed,))
    assert not asked.read()
    assert asked.errors == {needed: Message("This field is needed.")}
    assert asked[needed].required


@pytest.mark.parametrize(("language", "value"), [("en", None), ("fr", Decimal("1.5"))])
def test_a_comma_means_what_the_readers_language_says(language: str, value: Decimal | None) -> None:
    token = current_language.set(language)
    try:
        asked = form({"weight": ["1,5"]})
        assert asked.read() is (value is not None)
        assert asked.values.get("weight") == value
    finally:
        current_language.reset(token)


def test_lines_stay_in_a_long_text_only() -> None:
    asked = form({"name": ["a\r\nb"], "text": ["a\r\nb\rc"]})
    assert asked.read()
    assert (asked.values["name"], asked.values["text"]) == ("a b", "a\nb\nc")


def test_what_a_service_found_joins_the_rest() -> None:
    asked = form({"name": ["x"]})
    asked.read()
    asked.add_errors(
        Invalid("Not stored.", fields={"name": Message("Taken."), "x": Message("Odd.")})
    )
    assert not asked.ok
    assert asked["name"].error == "Taken."
    assert asked.stray_errors == ["Odd."]


def test_an_error_of_no_field_is_shown_as_a_sentence() -> None:
    asked = form({})
    asked.read()
    asked.add_errors(Invalid("Not stored."))
    assert asked.stray_errors == ["Not stored."]
    assert not asked.ok


def test_stored_values_fill_a_form() -> None:
    assert typed_from({"a": 1, "b": None, "c": ["x", "y"], "d": Decimal("1.50")}) == {
        "a": ["1"],
        "c": ["x", "y"],
        "d": ["1.50"],
    }


PERIOD = FieldSet(
    Field(name="from", label="From", kind=Kind.DATE), Field(name="to", label="To", kind=Kind.DATE)
)


@pytest.mark.parametrize(
    ("begins", "ends", "right"),
    [
        ("2026-01-01", "2026-01-02", True),
        ("2026-01-01", "2026-01-01", True),
        ("2026-01-02", "2026-01-01", False),
        ("2026-01-02", "", True),
        ("", "2026-01-01", True),
    ],
)
def test_a_period_does_not_end_before_it_begins(begins: str, ends: str, *, right: bool) -> None:
    asked = Form(PERIOD, {"from": [begins], "to": [ends]})
    assert asked.read() is right
    assert ("from" in asked.errors) is not right
