"""Passwords: what attackers try first is refused with a reason, what people can remember is not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.app.accounts.policy.passwords import (
    common_words,
    normalise,
    password_problem,
)

NAMES = ("officer", "Amina Sow-Diallo")


def reason(password: str) -> str:
    problem = password_problem(password, NAMES)
    return problem.text("en") if problem else ""


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery staple",
        "tortue lampe nuage 83",
        "uT7#kq9!xxPz",
        "مدينة كبيرة جدا خضراء",
        "東京の朝は静かで涼しいです",
        "p" + "äöü" * 2 + "Kx4!s",
        "sowing fields at dusk",  # "sow" is too short a part of a name to forbid
    ],
)
def test_good_passwords_pass(password: str) -> None:
    assert reason(password) == ""


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("", "at least 12"),
        ("elevenchars", "at least 12"),
        ("x" * 201, "longer than 200"),
        ("tortue\x00lampe nuage", "control character"),
        ("aaaaaaaaaaaaaa", "repeats"),
        ("abcabcabcabcabc", "repeats"),
        ("xyxyxyxyxyxyxy1", "repeats"),
        ("123456789012", "no letters"),
        ("984327519832", "no letters"),
        ("qwertyuiop123", "rows of the keyboard"),
        ("0987poiuytrewq", "rows of the keyboard"),
        ("1qaz2wsx3edc!", "rows of the keyboard"),
        ("azertyuiop!!!!", "rows of the keyboard"),
        ("my officer key 7", "your name"),
        ("AMINA-8812-zq!", "your name"),
        ("diallo forever x", "your name"),
        ("0ff1cer 8812 zq", "your name"),
        ("password2026!", "common words"),
        ("P@ssw0rd!!2026", "common words"),
        ("@dministrator1", "common words"),
        ("WelcomeCustoms1", "common words"),
        ("1l0vey0u!!!!!", "common words"),
        ("motdepasse2026", "common words"),
        ("Casablanca#1999", "common words"),
        ("contraseña 12345", "common words"),
    ],
)
def test_bad_passwords_are_refused_with_their_reason(password: str, why: str) -> None:
    assert why in reason(password)


def test_the_same_password_typed_on_two_keyboards_is_the_same() -> None:
    assert normalise("cafe\u0301 ＡＢ") == normalise("caf\u00e9 AB")  # noqa: RUF001 - wide letters


def test_the_list_of_words_is_large_and_folded() -> None:
    words = common_words()
    assert len(words) > 3_000
    assert all(word == word.casefold() and word.isalpha() for word in words)


@given(st.text(max_size=260))
def test_every_text_gets_an_answer(text: str) -> None:
    assert isinstance(reason(text), str)
