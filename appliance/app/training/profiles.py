"""What differs between parts of the world: home country, offices, where goods come from, languages.

A preset is a file data/profile-NAME.toml; the generator knows no country by itself.
"""

from __future__ import annotations

import functools
from datetime import date
from pathlib import Path

import msgspec

DATA = Path(__file__).with_name("data")
DEFAULT = "asian"


class Place(msgspec.Struct, frozen=True):
    """A place by its UN/LOCODE and name; an office has the code of its place."""

    locode: str
    name: str


class Profile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A preset of the generator; shares are percentages, offices stand from busy to quiet."""

    name: str
    home: str
    offset: str
    time_zone: str
    currency: str
    per_dollar: float
    first_day: date
    last_day: date
    partners: dict[str, float]
    languages: dict[str, float]
    offices: dict[str, str]
    places: dict[str, dict[str, str]]

    def office_places(self) -> tuple[Place, ...]:
        """The offices."""
        return places(self.offices)

    def known_places(self) -> dict[str, tuple[Place, ...]]:
        """Ports and airports by country."""
        return {country: places(found) for country, found in self.places.items()}


def places(names: dict[str, str]) -> tuple[Place, ...]:
    """Places from their names by code."""
    return tuple(Place(code, name) for code, name in names.items())


@functools.cache
def profile(name: str = DEFAULT) -> Profile:
    """A preset by its name."""
    return msgspec.toml.decode((DATA / f"profile-{name}.toml").read_bytes(), type=Profile)
