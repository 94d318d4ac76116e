"""Sentences of the catalogues that a reader of the trade would misunderstand."""

import re
from collections.abc import Sequence

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po

from appliance.core.i18n import LOCALE_DIR

SEIZURE = re.compile(r"\bsaisi", re.IGNORECASE)


def sentences(language: str) -> list[Message]:
    with (LOCALE_DIR / language / "LC_MESSAGES" / "ncen.po").open("rb") as file:
        return [message for message in read_po(file) if message.id]


def one(text: str | Sequence[str] | None) -> str:
    """All forms of a sentence in one text."""
    return text if isinstance(text, str) else " ".join(text or ())


def test_french_says_saisie_of_seizures_alone() -> None:
    others = [
        one(message.string)
        for message in sentences("fr")
        if SEIZURE.search(one(message.string)) and "seiz" not in one(message.id).lower()
    ]
    assert others == []


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_the_state_of_a_case_is_not_called_like_the_condition_of_goods(language: str) -> None:
    said = {message.id: message.string for message in sentences(language)}
    assert said["State"] != said["Condition"]
    assert said["Desk"] != said["Office"]
