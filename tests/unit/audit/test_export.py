"""The file that leaves the application: readable by a spreadsheet, and never run by one."""

import csv
import io
from datetime import UTC, datetime

import msgspec
import pytest

from appliance.app.audit.export import HEADINGS, csv_head, csv_lines
from appliance.app.audit.schemas import AuditEntry
from appliance.app.web.spreadsheet import neutralise


def entry(**changes: str) -> AuditEntry:
    texts = dict.fromkeys(
        [
            "actor_id",
            "actor_name",
            "actor_unit",
            "address",
            "session",
            "request",
            "action",
            "room",
            "record",
            "label",
            "purpose",
        ],
        "",
    )
    return AuditEntry(
        n=5,
        at=datetime(2026, 11, 23, 7, 30, tzinfo=UTC),
        detail=msgspec.Raw(b'{"q": "a"}'),
        sealed=True,
        **(texts | changes),
    )


def test_lines_are_read_back_as_they_were_written() -> None:
    awkward = 'Haddad, "Omar"\nsecond line'
    text = csv_head() + csv_lines([entry(actor_name=awkward), entry(label="عمر")])
    assert text.startswith("\ufeff")
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
    assert tuple(rows[0]) == HEADINGS
    assert rows[0]["person"] == awkward
    assert rows[1]["label"] == "عمر"
    assert rows[0]["time_utc"] == "2026-11-23T07:30:00+00:00"
    assert rows[0]["sealed"] == "yes"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff20"])
def test_a_formula_becomes_text(start: str) -> None:
    attack = f'{start}HYPERLINK("http://x","y")'
    assert neutralise(attack) == f"'{attack}"
    rows = list(csv.reader(io.StringIO(csv_lines([entry(label=attack)]), newline="")))
    assert rows[0][HEADINGS.index("label")].startswith("'")


@pytest.mark.parametrize("text", ["", "2026/SEA1/000012", "a=b", "'quoted"])
def test_an_ordinary_text_stays_as_it_is(text: str) -> None:
    assert neutralise(text) == text
