"""Narratives of synthetic cases in the scripts officers write, from data/narratives.toml.

Data, not texts of the interface, so they are not translated. Every one is marked as synthetic.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from pathlib import Path

import msgspec

from appliance.app.training.chance import Source, one_of

DATA = Path(__file__).with_name("data")
MARK = "SYNTHETIC"
OPERATIONS = ("Harbour Lantern", "Quiet Tide", "Paper Kite", "Long Shore", "Night Market")
DETAILS = ("Pier 3", "Gate 12", "Warehouse 4", "Hall B", "Lane 2", "Ramp 7", "Counter 5", "Yard 9")


class Phrases(msgspec.Struct, frozen=True):
    """Sentences of one language; {place}, {amount} and {goods} are filled in."""

    openings: tuple[str, ...]
    finds: tuple[str, ...]
    ends: tuple[str, ...]


@functools.cache
def phrases() -> Mapping[str, Phrases]:
    """The sentences of every language."""
    return msgspec.toml.decode((DATA / "narratives.toml").read_bytes(), type=dict[str, Phrases])


def narrative(source: Source, language: str, place: str, amount: str, goods: str) -> str:
    """What happened, in one language, with the mark at its end."""
    words = phrases()[language]
    told = (
        f"{one_of(source, words.openings)} {one_of(source, words.finds)}"
        f" {one_of(source, words.ends)} [{MARK}]"
    )
    return told.format(place=place, amount=amount, goods=goods)
