"""Finds the sentences that a user would see in the wrong language; `make check-messages` runs it.

The sentences are collected afresh from code and templates, so a catalogue that was not brought up
to date fails as surely as an empty translation. It judges completeness, not the quality of a text.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[2]
LOCALE = ROOT / "appliance" / "locale"
TRANSLATED = ("fr", "ar")
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "N_": None,
    "NN_": (1, 2),
    "translate_plural": (1, 2),
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|\{(\w+)\}")

Key = tuple[str, str | None]


def texts(value: object) -> list[str]:
    """The one text of a message, or all its plural forms."""
    return [str(text) for text in value] if isinstance(value, list | tuple) else [str(value or "")]


def placeholders(text: str) -> set[str]:
    return {named or braced for named, braced in PLACEHOLDER.findall(text)}


def complaint(wanted: Message, found: Message | None) -> str | None:
    """What is wrong with one translation, or None."""
    if found is None:
        return "is not in the catalogue; run `make messages`"
    translations = texts(found.string)
    if not all(text.strip() for text in translations):
        return "has no translation"
    if found.fuzzy:
        return "has a translation marked as doubtful"
    known = set().union(*map(placeholders, texts(wanted.id)))
    # A plural form may leave the number out ("one case"); it may never invent a placeholder.
    if any(placeholders(text) - known for text in translations):
        return "has a placeholder that the sentence does not know"
    if placeholders(texts(wanted.id)[-1]) - placeholders(translations[-1]):
        return "lost a placeholder in translation"
    return None


def complaints(wanted: Iterable[Message], catalogue: Catalog) -> Iterator[tuple[str, str]]:
    """Every sentence that the catalogue does not serve, with what is wrong."""
    for message in wanted:
        sentence = texts(message.id)[0]
        problem = complaint(message, catalogue.get(sentence, message.context))
        if problem:
            yield sentence, problem


def collected() -> Catalog:
    """The sentences of code and templates as they are now."""
    mappings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["babel"]["mappings"]
    methods = [(mapping["pattern"], mapping["method"]) for mapping in mappings]
    options = {
        mapping["pattern"]: {
            name: value for name, value in mapping.items() if name not in {"pattern", "method"}
        }
        for mapping in mappings
    }
    catalogue = Catalog()
    found = extract_from_dir(ROOT, methods, options, keywords=KEYWORDS)
    for path, line, sentence, comments, context in found:
        catalogue.add(sentence, None, [(path, line)], auto_comments=comments, context=context)
    return catalogue


def catalogue_of(language: str) -> Catalog:
    path = LOCALE / language / "LC_MESSAGES" / "ncen.po"
    if not path.is_file():
        return Catalog(locale=language)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def main() -> int:
    wanted = [message for message in collected() if message.id]
    count = 0
    for language in TRANSLATED:
        for sentence, problem in complaints(wanted, catalogue_of(language)):
            count += 1
            print(f"{language}: “{sentence}” {problem}.")
    if count:
        print(f"{count} translations are missing or wrong.", file=sys.stderr)
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main())
