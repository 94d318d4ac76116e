"""Finding cases by words: one folded text per case, searched by PostgreSQL's full text in any script."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from appliance.app.reference import api as reference
from appliance.app.seizures.schemas import NewCase

WORD = re.compile(r"\w+", re.UNICODE)
# Letters whose mark Unicode does not take off; people search for them without it.
STROKED = str.maketrans(
    {
        "đ": "d",
        "ð": "d",
        "ħ": "h",
        "ı": "i",  # noqa: RUF001 - the letter without a dot, meant
        "ł": "l",
        "ø": "o",
        "œ": "oe",
        "æ": "ae",
        "ŧ": "t",
        "þ": "th",
    }
)
WORDS = 12  # words of one search that count


def fold(text: str) -> str:
    """A text without case, accents and marks, so that Bogotá is found by bogota and Muḥammad by muhammad."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.casefold().translate(STROKED))
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def search_text(case: NewCase) -> str:
    """The words by which a case is found."""
    parts = [
        case.place_text,
        case.admin_division,
        case.operation,
        case.narrative,
        case.modus_operandi,
    ]
    parts += [line.description for line in case.commodities]
    parts += [leg.place_text for leg in case.legs]
    parts += [item.description for item in case.concealments]
    return words_of(" ".join(part for part in parts if part))


def words_of(text: str) -> str:
    """The folded words of a text; punctuation would let PostgreSQL read D.C. as a host's name."""
    return " ".join(WORD.findall(fold(text)))


def words_asked(text: str) -> list[str]:
    """The folded words of a search; beyond some of them it is no search any more."""
    return WORD.findall(fold(text))[:WORDS]


# The number of a case in its parts, as the index over it has them.
NUMBER_WORDS = "to_tsvector('simple', replace(c.case_ref, '-', ' '))"
# Where the label of a code says what a case is about.
CALLED = {"subtype": "SUBTYPE", "heading": "HEADING", "country": "COUNTRY"}


def word_condition(word: str, place: Callable[[object], str]) -> str:
    """That a word begins a word of the case, of its number, or of the name of its goods or country."""
    begins = f"to_tsquery('simple', {place(f'{word}:*')})"
    ways = [
        f"c.search @@ {begins}",
        f"(c.case_ref <> '' AND {NUMBER_WORDS} @@ {begins})",
    ]
    for column, name in CALLED.items():
        codes = reference.codes_called(name, word)
        if codes:
            ways.append(f"c.{column} = ANY({place(list(codes))}::text[])")
    return f"({' OR '.join(ways)})"
