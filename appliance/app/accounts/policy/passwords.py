"""Which passwords are refused, and why: short, common, keyboard runs, repetitions, the own name.

Found without a network: a list of common words lies beside, and rules undo what people do to them.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path

from appliance.app.accounts import limits
from appliance.core.i18n import N_, Message

WORDS = Path(__file__).resolve().parents[1] / "data" / "common-words.txt"
LONGEST_WORD = 24
RUN = 4  # so many neighbours make a run
UNUSUAL = 6  # so many characters must be left when runs are taken out
DISTINCT = 5
NAME_PART = 4  # shorter parts of a name occur in honest words
COMMON_PARTS = 2  # one or two common words are guessed, four or more unrelated ones are not
ROWS = (
    "1234567890",
    "0123456789",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "azertyuiop",
    "qsdfghjklm",
    "wxcvbn",
    "qwertzuiop",
    "yxcvbnm",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
    "qazwsxedcrfvtgbyhnujm",
)
LEET = ("0134578@$!+", ("oieastbasit", "oleastbaslt"))


def normalise(raw: str) -> str:
    """A password as it is hashed: the same whatever keyboard typed it."""
    return unicodedata.normalize("NFKC", raw)


@functools.cache
def common_words() -> frozenset[str]:
    """Words that attackers try first."""
    return frozenset(WORDS.read_text(encoding="utf-8").split())


def runs() -> Iterator[str]:
    """Every row of neighbours, in both directions."""
    for row in ROWS:
        yield row
        yield row[::-1]


@functools.cache
def run_parts() -> frozenset[str]:
    """Every short piece of a row."""
    return frozenset(row[at : at + RUN] for row in runs() for at in range(len(row) - RUN + 1))


def without_runs(text: str) -> str:
    """What is left when keyboard runs are taken out."""
    inside = [False] * len(text)
    for at in range(len(text) - RUN + 1):
        if text[at : at + RUN] in run_parts():
            inside[at : at + RUN] = [True] * RUN
    return "".join(char for char, gone in zip(text, inside, strict=True) if not gone)


def is_repeated(text: str) -> bool:
    """Whether a text is one piece again and again."""
    return re.fullmatch(r"(.{1,20}?)\1+.{0,2}", text, re.DOTALL) is not None


def letters(text: str) -> str:
    """The letters alone, without accents."""
    plain = unicodedata.normalize("NFD", text)
    return "".join(char for char in plain if char.isalpha())


def readings(text: str) -> set[str]:
    """The words inside a password: figures dropped, or read as the letters they resemble."""
    found = {letters(text)}
    trimmed = re.sub(r"[\W\d_]+$", "", text)
    for kept in (trimmed, re.sub(r"^[\W\d_]+", "", trimmed)):
        found |= {letters(kept.translate(str.maketrans(LEET[0], reading))) for reading in LEET[1]}
    return found


def is_common(word: str, parts: int = COMMON_PARTS) -> bool:
    """Whether a word is a common one, or a few of them in a row."""
    if word in common_words():
        return True
    return parts > 1 and any(
        word[:at] in common_words() and is_common(word[at:], parts - 1)
        for at in range(1, min(len(word), LONGEST_WORD))
    )


def holds_name(text: str, names: Iterable[str]) -> bool:
    """Whether the sign-in name or a part of the person's name is inside."""
    folded = readings(text) | {text}
    pieces = {piece for name in names for piece in re.split(r"[\W_]+", name.casefold())}
    return any(
        piece in reading or letters(piece) in reading
        for piece in pieces
        if len(letters(piece)) >= NAME_PART
        for reading in folded
    )


def length_problem(password: str) -> Message | None:
    """Whether it is too short, too long, or holds what no keyboard types."""
    if len(password) < limits.PASSWORD_CHARS_MIN:
        return Message(
            N_("The password has %(length)s characters; at least %(limit)s are needed."),
            {"length": len(password), "limit": limits.PASSWORD_CHARS_MIN},
        )
    if len(password) > limits.PASSWORD_CHARS:
        return Message(
            N_("The password is longer than %(limit)s characters."),
            {"limit": limits.PASSWORD_CHARS},
        )
    if any(unicodedata.category(char) in {"Cc", "Cs", "Cn"} for char in password):
        return Message(N_("The password contains a control character. Type it on the keyboard."))
    return None


def pattern_problem(folded: str) -> Message | None:
    """Whether a password is a row of keys, a repetition, or holds no word at all."""
    if not letters(folded):
        return Message(N_("The password has no letters. Digits alone are guessed quickly."))
    if len(set(folded)) < DISTINCT or is_repeated(folded):
        return Message(N_("The password repeats the same characters. Choose a more varied one."))
    if len(without_runs(folded)) < UNUSUAL:
        return Message(N_("The password follows the rows of the keyboard. Choose another one."))
    return None


def word_problem(folded: str, names: Iterable[str]) -> Message | None:
    """Whether a password is made of the own name or of words that everybody thinks of."""
    if holds_name(folded, names):
        return Message(N_("The password contains your name. Choose one without it."))
    if any(is_common(reading) for reading in readings(folded)):
        return Message(
            N_("The password is made of common words that are tried first. Choose another one.")
        )
    return None


def password_problem(raw: str, names: Iterable[str]) -> Message | None:
    """Why a new password is refused; nothing if it is good."""
    password = normalise(raw)
    folded = password.casefold()
    return length_problem(password) or pattern_problem(folded) or word_problem(folded, names)
