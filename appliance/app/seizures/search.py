"""Finding cases by words: one folded text per case, searched by PostgreSQL's full text in any script."""

from __future__ import annotations

import re
import unicodedata

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


def word_query(text: str) -> str:
    """A search as PostgreSQL reads it: every word must begin a word of the case; nothing if there is no word."""
    words = WORD.findall(fold(text))[:WORDS]
    return " & ".join(f"{word}:*" for word in words)
