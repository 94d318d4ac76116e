"""What other rooms may ask of the code lists."""

from __future__ import annotations

from datetime import date

from appliance.app.reference import service
from appliance.app.reference.schemas import Entry


async def load_lists() -> None:
    """Read all lists into this process; call it once at start, and after a change."""
    await service.load_lists()


def label(name: str, code: str, language: str) -> str:
    """The label of a code for a reader; the code itself where no label is known."""
    return service.label(name, code, language)


def lookup(name: str, text: str) -> str | None:
    """The code that a spelling means (code, label in any language, alias), or none."""
    return service.lookup(name, text)


def codes_called(name: str, beginning: str) -> tuple[str, ...]:
    """The codes with a label or alias, in any language, of which a word begins so; none for a single letter."""
    return service.codes_called(name, beginning)


def entry(name: str, code: str) -> Entry | None:
    """An entry by its code."""
    return service.find_entry(name, code)


def choices(name: str, language: str, day: date | None = None) -> tuple[tuple[str, str, str], ...]:
    """What may be chosen on a day, as (code, label, group label)."""
    return service.choices(name, language, day)
