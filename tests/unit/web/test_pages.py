"""Values as a reader sees them, and addresses that may be gone on to."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from appliance.app.web.headers import CONTENT_POLICY
from appliance.app.web.pages import (
    safe_next,
    show_date,
    show_datetime,
    show_number,
    show_size,
)
from appliance.app.web.spreadsheet import csv_lines, neutralise
from appliance.core.i18n import current_language


@pytest.fixture(params=["en", "fr", "ar"])
def language(request: pytest.FixtureRequest) -> Iterator[str]:
    token = current_language.set(request.param)
    yield str(request.param)
    current_language.reset(token)


def test_numbers_keep_every_digit(language: str) -> None:
    shown = show_number(Decimal("1234567890123456.123456789012"))
    digits = "".join(str(int(char)) for char in shown if char.isdecimal())
    assert digits == "1234567890123456123456789012"
    assert ("," if language == "fr" else ".") in shown[-13]


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (Decimal("12.50"), "12.5"),
        (Decimal("1E+3"), "1,000"),
        (Decimal("0E-12"), "0"),
        (Decimal("-0.5"), "-0.5"),
        (0, "0"),
        (None, ""),
    ],
)
def test_numbers_in_english(value: Decimal | None, shown: str) -> None:
    assert show_number(value) == shown


def test_dates_in_the_readers_language(language: str) -> None:
    shown = show_date(date(2026, 3, 5))
    assert {"en": "Mar", "fr": "mars", "ar": "2026"}[language] in shown or language == "ar"
    assert show_date(None) == ""


def test_moments_are_shown_in_the_time_of_the_installation() -> None:
    moment = datetime(2026, 1, 1, 23, 30, tzinfo=UTC)
    assert "Jan 2, 2026" in show_datetime(moment, ZoneInfo("Asia/Tashkent"))
    assert show_datetime(None, ZoneInfo("UTC")) == ""


@pytest.mark.parametrize(
    ("zone", "name"),
    [
        ("UTC", "UTC"),
        ("Asia/Manila", "UTC+8"),
        ("Asia/Kolkata", "UTC+5:30"),
        ("America/St_Johns", "UTC-3:30"),
    ],
)
@pytest.mark.usefixtures("language")
def test_moments_name_their_zone(zone: str, name: str) -> None:
    assert show_datetime(datetime(2026, 1, 1, tzinfo=UTC), ZoneInfo(zone)).endswith(f" {name}")


@pytest.mark.parametrize(
    ("size", "shown"),
    [(0, "0 B"), (999, "999 B"), (1_500, "2 kB"), (2_000_000, "2 MB"), (3_250_000_000, "3.2 GB")],
)
def test_sizes(size: int, shown: str) -> None:
    assert show_size(size) == shown


@pytest.mark.parametrize(
    "url",
    [
        "",
        None,
        "x",
        "//x",
        "/\\x",
        "\\\\x",
        "https://x",
        "javascript:x",
        "/a\nb",
        "/\tx",
        "/" + "x" * 4001,
    ],
)
def test_nobody_is_led_outside(url: str | None) -> None:
    assert safe_next(url) == "/"
    assert safe_next(url, "/desk") == "/desk"


@pytest.mark.parametrize("url", ["/", "/seizures?q=a%20b&status=DRAFT", "/reference/é"])
def test_addresses_inside_are_kept(url: str) -> None:
    assert safe_next(url) == url


def test_the_policy_allows_nothing_inline_and_nobody_outside() -> None:
    for word in ("unsafe-inline", "unsafe-eval", "http:", "https:", "*"):
        assert word not in CONTENT_POLICY


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1", "\uff1d1"])
def test_no_cell_begins_a_formula(text: str) -> None:
    assert neutralise(text) == f"'{text}"
    assert csv_lines([[text, "x"]]).lstrip('"').startswith("'")


def test_numbers_and_words_stay_what_they_are() -> None:
    assert csv_lines([[Decimal("-1.5"), "a;b", 'c"d', "é"]]) == '-1.5,a;b,"c""d",é\r\n'
