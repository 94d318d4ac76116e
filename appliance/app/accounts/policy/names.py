"""Which sign-in names and names of people are accepted, and why others are not."""

from __future__ import annotations

import re
import unicodedata

from appliance.app.accounts import limits
from appliance.core.i18n import N_, Message

LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{1,39}")
# Written together in one word by those who use them.
MIXED_FREELY = frozenset({"CJK", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA", "HANGUL", "BOPOMOFO"})
JOINERS = frozenset("\u200c\u200d")  # part of spelling in Persian and Indic scripts
REFUSED_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "So", "Sc", "Sm", "Sk"})


def fold_login(raw: str) -> str:
    """A sign-in name as it is stored and looked up."""
    return unicodedata.normalize("NFKC", raw).strip().casefold()


def login_problem(login: str) -> Message | None:
    """Why a sign-in name is refused."""
    if LOGIN.fullmatch(login):
        return None
    return Message(
        N_(
            "Use 2 to %(limit)s letters a-z, digits, points, hyphens or underscores,"
            " and begin with a letter or a digit."
        ),
        {"limit": limits.LOGIN_CHARS},
    )


def script_of(char: str) -> str:
    """The script of a letter; its Unicode name begins with it."""
    words = unicodedata.name(char, "?").split()
    return words[1] if words[0] in {"FULLWIDTH", "HALFWIDTH"} and len(words) > 1 else words[0]


def mixes_scripts(word: str) -> bool:
    """Whether one word holds letters of several scripts, as disguised names do."""
    letters = [char for char in word if unicodedata.category(char) in {"Lu", "Ll", "Lt", "Lo"}]
    scripts = {script_of(char) for char in letters}
    return len(scripts) > 1 and not scripts <= MIXED_FREELY


def name_problem(name: str) -> Message | None:
    """Why the name of a person is refused."""
    if not any(unicodedata.category(char).startswith("L") for char in name):
        return Message(N_("A name has at least one letter."))
    for char in name:
        if char not in JOINERS and unicodedata.category(char) in REFUSED_CATEGORIES:
            return Message(
                N_("A name holds letters, spaces, points, hyphens and apostrophes, but no symbols.")
            )
    for word in re.split(r"[\s.'\u2019-]+", name):
        if mixes_scripts(word):
            return Message(
                N_("“%(word)s” mixes letters of different scripts that look alike. Type it again."),
                {"word": word},
            )
    return None
