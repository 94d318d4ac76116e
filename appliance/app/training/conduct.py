"""How goods travel, are hidden, are found and are dealt with, each given what came before it.

The shares stand in data/conduct.toml; here they become wheels.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from pathlib import Path

import msgspec

from appliance.app.training.chance import Source, Wheel

DATA = Path(__file__).with_name("data")
ELSE = "ELSE"
# Signs that are also the way the goods were found; the others only say where to look.
FINDING = frozenset(
    ["NII_SCAN", "XRAY_BAGGAGE", "BODY_SCAN", "DOG", "TRACE", "DOC_CHECK", "CHANCE"]
)

Shares = dict[str, float]


class Tables(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The shares as they stand in the file: flat, or by heading or mode."""

    heading: Shares
    mode: dict[str, Shares]
    detection: dict[str, Shares]
    search: Shares
    place: dict[str, Shares]
    concealment: dict[str, Shares]
    procedure: dict[str, Shares]
    direction: dict[str, Shares]
    offence: dict[str, Shares]
    declared: Shares
    legal_state: Shares
    outcome: Shares
    kind: Shares
    measured: Shares


def read_tables() -> Tables:
    """The shares of the file."""
    return msgspec.toml.decode((DATA / "conduct.toml").read_bytes(), type=Tables)


class Conduct:
    """A wheel for each table."""

    def __init__(self, tables: Tables) -> None:
        self.heading = Wheel(tables.heading)
        self.search = Wheel(tables.search)
        self.declared = Wheel(tables.declared)
        self.legal_state = Wheel(tables.legal_state)
        self.outcome = Wheel(tables.outcome)
        self.kind = Wheel(tables.kind)
        self.measured = Wheel(tables.measured)
        self.detection = wheels(tables.detection)
        self.place = wheels(tables.place)
        self.concealment = wheels(tables.concealment)
        self.procedure = wheels(tables.procedure)
        self.direction = wheels(tables.direction)
        self.modes = wheels(tables.mode)
        self.offences = wheels(tables.offence)

    def mode(self, source: Source, heading: str) -> str:
        """How goods of a heading travelled."""
        return self.modes.get(heading, self.modes[ELSE]).pick(source)

    def offence(self, source: Source, heading: str) -> str:
        """Which law goods of a heading broke."""
        return self.offences.get(heading, self.offences[ELSE]).pick(source)

    def signs(self, source: Source, mode: str) -> tuple[str, str]:
        """Why goods were chosen and how they were found."""
        sign = self.detection[mode].pick(source)
        if sign in FINDING:
            return ("RISK_PROFILE", "ROUTINE")[source.getrandbits(1)], sign
        return sign, self.search.pick(source)


def wheels(shares: Mapping[str, Shares]) -> dict[str, Wheel[str]]:
    """One wheel for each thing that others depend on."""
    return {name: Wheel(part) for name, part in shares.items()}


@functools.cache
def conduct() -> Conduct:
    """The wheels, made once."""
    return Conduct(read_tables())
