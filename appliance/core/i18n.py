"""Languages: texts are stored as key and parameters and become words only when somebody reads them.

Not for dates and numbers on pages (web formats those) nor for code-list labels (reference holds those).
"""

from __future__ import annotations

import functools
import gettext
import re
from collections.abc import Mapping
from contextvars import ContextVar
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

LOCALE_DIR = Path(__file__).resolve().parents[1] / "locale"
DOMAIN = "ncen"


class Language(NamedTuple):
    """A language of the interface: code, its own name, writing direction."""

    code: str
    name: str
    direction: str


LANGUAGES: Mapping[str, Language] = {
    "en": Language("en", "English", "ltr"),
    "fr": Language("fr", "Français", "ltr"),
    "ar": Language("ar", "العربية", "rtl"),
}
DEFAULT_LANGUAGE = "en"

current_language: ContextVar[str] = ContextVar("current_language", default=DEFAULT_LANGUAGE)


def N_(text: str) -> str:  # noqa: N802 - the name gettext tools look for
    """Mark a text for translation and leave it as it is."""
    return text


def NN_(singular: str, plural: str) -> tuple[str, str]:  # noqa: N802 - see N_
    """Mark a text that depends on a number; the parameter is called n."""
    return singular, plural


# A date, code or address inside Arabic words is otherwise shown with its parts in the wrong order.
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")
SET_APART = "\u2068\\g<0>\u2069"  # first strong isolate ... pop directional isolate


def set_apart(text: str, language: str) -> str:
    """A sentence whose parameters will keep a direction of their own, where words run right to left."""
    if "%(" not in text or language not in LANGUAGES or LANGUAGES[language].direction == "ltr":
        return text
    return PLACEHOLDER.sub(SET_APART, text)


@functools.cache
def translations(language: str) -> gettext.NullTranslations:
    """The catalogue of a language; an unknown one answers in English."""
    return gettext.translation(DOMAIN, LOCALE_DIR, [language], fallback=True)


def sentence(text: str, language: str) -> str:
    """A text in a language, its parameters not yet filled in."""
    return set_apart(translations(language).gettext(text), language) if text else ""


def plural_sentence(singular: str, plural: str, n: int, language: str) -> str:
    """A text that depends on the number n, its parameters not yet filled in."""
    return set_apart(translations(language).ngettext(singular, plural, n), language)


def translate(text: str, language: str | None = None, /, **params: Any) -> str:
    """A text in the given or the current language, with its parameters filled in."""
    found = sentence(text, language or current_language.get())
    return found % params if params else found


def translate_plural(
    singular: str, plural: str, n: int, language: str | None = None, /, **params: Any
) -> str:
    """A text that depends on the number n."""
    found = plural_sentence(singular, plural, n, language or current_language.get())
    return found % {"n": n, **params}


class Message(msgspec.Struct, frozen=True):
    """A translatable sentence: key, parameters and, where a number n decides, its plural."""

    key: str
    params: dict[str, Any] = {}
    plural: str = ""

    def text(self, language: str | None = None) -> str:
        """The sentence in the given or the current language."""
        params = {
            name: value.text(language) if isinstance(value, Message) else value
            for name, value in self.params.items()
        }
        if self.plural:
            return translate_plural(
                self.key, self.plural, int(params.pop("n", 1)), language, **params
            )
        return translate(self.key, language, **params)


def choose_language(wanted: str | None, accept: str, fallback: str) -> str:
    """The language for a reader: own choice, then the browser's list, then the installation's."""
    if wanted in LANGUAGES:
        return str(wanted)
    for part in accept.split(",")[:20]:
        code = part.split(";")[0].strip().lower().split("-")[0]
        if code in LANGUAGES:
            return code
    return fallback if fallback in LANGUAGES else DEFAULT_LANGUAGE
