"""What was noted beside an entry, in words: known names and codes, and everything else as it stands."""

import pytest

from appliance.app.audit.wording import detail_lines, subject_text


def label(name: str, code: str) -> str:
    """The labels of a house with one list."""
    return {("SUBTYPE", "HEROIN"): "Heroin"}.get((name, code), code)


@pytest.mark.parametrize(
    ("room", "details", "lines"),
    [
        ("seizures", {"filters": {}}, [("Filters", "None")]),
        (
            "seizures",
            {"filters": {"status": "VALIDATED", "subtype": "HEROIN"}},
            [("Filters", "State: Validated; Goods: Heroin")],
        ),
        ("seizures", {"to": "VALIDATED"}, [("New state", "Validated")]),
        (
            "seizures",
            {"fields": ["quantity", "how_found"]},
            [("Changed fields", "Quantity, How it was found")],
        ),
        ("accounts", {"roles": ["NCP"]}, [("Roles", "National contact point")]),
        ("accounts", {"state": ["ACTIVE", "BLOCKED"]}, [("State", "Active, Blocked")]),
        ("accounts", {"odd": {"more": [1, None]}}, [("odd", "more: 1, null")]),
        ("accounts", {"right": "seizures.enter"}, [("Right", "Enter and change cases")]),
        ("no such room", {"to": "X", "y": "<b>"}, [("New state", "X"), ("y", "<b>")]),
        ("gone", {"office": ""}, [("Office", "")]),
    ],
)
def test_details(room: str, details: dict[str, object], lines: list[tuple[str, str]]) -> None:
    assert detail_lines(room, details, label) == lines


def test_only_what_has_no_record_is_called_by_our_word() -> None:
    assert subject_text("", "latest") == "Latest cases"
    assert subject_text("01890a5d", "list") == "list"
    assert subject_text("", "PH-SEA1-2026-7") == "PH-SEA1-2026-7"
