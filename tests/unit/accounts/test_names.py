"""Sign-in names and names of people: what is accepted in any script, and what disguises."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.app.accounts.policy.names import fold_login, login_problem, name_problem


@pytest.mark.parametrize("login", ["ab", "a.b-c_d", "officer2", "9lives", "x" * 40])
def test_plain_logins_are_accepted(login: str) -> None:
    assert login_problem(login) is None


@pytest.mark.parametrize(
    "login", ["", "a", "-ab", ".ab", "a b", "A", "é", "\u0430\u0431", "x" * 41, "a\n"]
)
def test_other_logins_are_refused(login: str) -> None:
    assert login_problem(login) is not None


@pytest.mark.parametrize(
    ("typed", "stored"),
    [(" Officer ", "officer"), ("O\ufb03cer", "officer"), ("ＡＢ", "ab")],  # noqa: RUF001 - wide letters
)
def test_logins_are_folded(typed: str, stored: str) -> None:
    assert fold_login(typed) == stored


@pytest.mark.parametrize(
    "name",
    [
        "Nakamura",
        "Madonna",
        "María-José Carreño Quiñones",
        "Thiong'o",
        "O\u2019Brien",
        "Ng, Bob",
        "محمد بن سلمان",
        "Иван Петров",
        "山田 太郎",
        "キム・ヨナ",
        "김 연아",
        "Ανδρέας",
        "नरेन्द्र",
        "\u0645\u06cc\u200c\u062e\u0648\u0627",
        "John Smith III",
        "Иван Smith",
        "A" * 90,
    ],
)
def test_names_of_people_are_accepted_in_any_script(name: str) -> None:
    assert name_problem(name) is None


@pytest.mark.parametrize(
    "name",
    [
        "P\u0430ul",  # a Cyrillic a
        "J\u043ehn Smith",  # a Cyrillic o
        "\u0391nna Berg",  # a Greek A
        "M\u043ergan-Lee",  # a Cyrillic o
    ],
)
def test_words_of_mixed_scripts_are_refused(name: str) -> None:
    problem = name_problem(name)
    assert problem is not None
    assert "mixes letters" in problem.key


@pytest.mark.parametrize(
    "name", ["", "123", "...", "Ann 😀", "Ann\u200b", "Ann\u00ad", "A€B", "\ue000a"]
)
def test_symbols_and_hidden_letters_are_refused(name: str) -> None:
    assert name_problem(name) is not None


@given(st.text(max_size=60))
def test_every_text_gets_an_answer(text: str) -> None:
    for problem in (name_problem(text), login_problem(fold_login(text))):
        assert problem is None or problem.text("en")
