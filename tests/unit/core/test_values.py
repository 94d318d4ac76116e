"""Ids, secrets, sentences and logs: the small values that everything else stands on."""

import json
import logging
import uuid
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.core import crypto, ids
from appliance.core.errors import Corrupt, Invalid
from appliance.core.i18n import (
    LANGUAGES,
    Message,
    choose_language,
    translate,
    translate_plural,
)
from appliance.core.log import JsonFormatter, TerminalFormatter, redact

KEY = bytes(range(32))


def test_ids_are_version_7_and_sort_by_time() -> None:
    made = [ids.new_id() for _ in range(1000)]
    assert len(set(made)) == 1000
    assert {item.version for item in made} == {7}
    assert {item.variant for item in made} == {uuid.RFC_4122}
    stamps = [item.int >> 80 for item in made]
    assert stamps == sorted(stamps)


def test_an_id_is_read_only_in_its_canonical_form() -> None:
    made = ids.new_id()
    assert ids.parse_id(str(made)) == made
    assert ids.parse_id(str(made).upper()) == made
    for odd in (made.hex, f"{{{made}}}", f"urn:uuid:{made}", "", "x" * 36, f"{made}\n"):
        assert ids.parse_id(odd) is None


def test_spoken_codes_leave_out_what_sounds_or_looks_alike() -> None:
    codes = {ids.spoken_code() for _ in range(200)}
    assert len(codes) == 200
    for code in codes:
        assert [len(group) for group in code.split("-")] == [4, 4, 4]
        assert set(code.replace("-", "")) <= set(ids.SPOKEN_ALPHABET)
    assert not set("ILOU01") & set(ids.SPOKEN_ALPHABET)


@given(st.binary(max_size=200))
def test_a_sealed_secret_opens_with_its_key_and_purpose_only(secret: bytes) -> None:
    sealed = crypto.seal(KEY, secret, "totp")
    assert crypto.unseal(KEY, sealed, "totp") == secret
    for key, raw, purpose in (
        (bytes(32), sealed, "totp"),
        (KEY, sealed, "other"),
        (KEY, sealed[:-1] + bytes([sealed[-1] ^ 1]), "totp"),
        (KEY, sealed[:5], "totp"),
    ):
        with pytest.raises(Corrupt):
            crypto.unseal(key, raw, purpose)


def test_a_key_is_made_once_and_private(tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    first = crypto.load_key(folder, "forms.key")
    assert len(first) == crypto.KEY_BYTES
    assert crypto.load_key(folder, "forms.key") == first
    assert crypto.load_key(folder, "other.key") != first
    assert (folder / "forms.key").stat().st_mode & 0o077 == 0
    assert sorted(path.name for path in folder.iterdir()) == ["forms.key", "other.key"]


@pytest.mark.parametrize(
    ("wanted", "accept", "fallback", "expected"),
    [
        ("ar", "fr", "en", "ar"),
        (None, "fr-CH, fr;q=0.9, en;q=0.8", "en", "fr"),
        (None, "tlh, ar-EG;q=0.5", "en", "ar"),
        ("xx", "", "fr", "fr"),
        (None, "", "xx", "en"),
        (None, ",;;,,=", "en", "en"),
        (None, "x," * 5000 + "fr", "en", "en"),
    ],
)
def test_the_language_is_the_readers(
    wanted: str | None, accept: str, fallback: str, expected: str
) -> None:
    assert choose_language(wanted, accept, fallback) == expected


def test_arabic_is_written_from_the_right() -> None:
    assert LANGUAGES["ar"].direction == "rtl"
    assert LANGUAGES["fr"].direction == "ltr"


def test_a_sentence_is_filled_when_it_is_read() -> None:
    inner = Message("%(n)s is wrong", {"n": 3})
    assert Message("Field: %(why)s.", {"why": inner}).text("en") == "Field: 3 is wrong."
    assert Message("100 % sure").text("en") == "100 % sure"


def test_a_plural_follows_its_number() -> None:
    assert [translate_plural("%(n)s case", "%(n)s cases", n, "en") for n in (1, 2)] == [
        "1 case",
        "2 cases",
    ]
    assert Message("%(n)s case", {"n": 5}, "%(n)s cases").text("en") == "5 cases"


def test_an_error_carries_its_sentence_and_those_of_its_fields() -> None:
    error = Invalid("The year %(year)s cannot be right.", year=1, fields={"year": Message("No.")})
    assert str(error) == "The year 1 cannot be right."
    assert error.fields["year"].text("en") == "No."


@pytest.mark.parametrize(
    "text",
    [
        "password=hunter2",
        "Authorization: hunter2",
        '{"token": "hunter2"}',
        "cookie: hunter2; path=/",
        "otp=hunter2&next=/",
        "recovery_code='hunter2'",
    ],
)
def test_no_secret_reaches_the_log(text: str) -> None:
    assert "hunter2" not in redact(text)
    assert "***" in redact(text)


def test_a_bearer_token_does_not_reach_the_log() -> None:
    assert "abc123" not in redact("Authorization: Bearer abc123")


def record_of(text: str, **extra: object) -> logging.LogRecord:
    record = logging.LogRecord("x", logging.WARNING, "f", 1, text, None, None)
    record.__dict__.update(extra)
    return record


def test_a_log_line_is_one_line_of_json() -> None:
    line = JsonFormatter().format(record_of("first\nsecond", job="j1"))
    assert "\n" not in line
    entry = json.loads(line)
    assert (entry["level"], entry["text"], entry["job"]) == ("warning", "first\nsecond", "j1")


def test_a_line_for_people_names_level_and_what_was_added() -> None:
    line = TerminalFormatter().format(record_of("slow", job="j1", token="hunter2"))
    assert "warning: slow job=j1" in line
    assert "hunter2" not in line


def test_what_is_filled_in_keeps_its_direction_among_arabic_words() -> None:
    said = Message("The day %(day)s lies in the future.", {"day": "2026-03-31"})
    assert "\u20682026-03-31\u2069" in said.text("ar")
    assert said.text("en") == "The day 2026-03-31 lies in the future."
    nested = Message("%(reason)s", {"reason": Message("In use")})
    assert nested.text("ar") == f"\u2068{translate('In use', 'ar')}\u2069"


@pytest.mark.parametrize(
    ("n", "noun"),
    [
        (1, "قيد"),
        (2, "قيدان"),
        (7, "قيود"),
        (11, "قيدًا"),
        (99, "قيدًا"),
        (100, "قيد"),
        (103, "قيود"),
    ],
)
def test_arabic_counts_have_their_own_forms(n: int, noun: str) -> None:
    said = translate_plural("%(shown)s entry.", "%(shown)s entries.", n, "ar", shown=n)
    assert noun in said.removesuffix(".").split()
