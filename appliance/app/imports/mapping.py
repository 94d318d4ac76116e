"""Mappings: how the columns of a foreign layout become cases, as named plain data of the release.

What the words of a mapping mean is told in the head of each file; `cells` and `rows` carry it out.
"""

from __future__ import annotations

import functools
import hashlib
import tomllib
from pathlib import Path
from typing import Literal

import msgspec

from appliance.core.errors import Corrupt, NotFound
from appliance.core.i18n import N_

DATA = Path(__file__).with_name("data")


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where one field gets its value from."""

    constant: str | None = None
    column: str | None = None
    join: list[str] = []
    separator: str = ", "
    parent_of: str | None = None
    code_list: str = msgspec.field(default="", name="list")
    values: str = ""
    brackets: bool = False
    patterns: str = ""
    otherwise: str | None = None
    kind: Literal["", "text", "date", "quantity"] = ""
    required: bool = False
    formats: list[str] = []


class Source(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the file looks like."""

    format: Literal["csv"]
    delimiter: str
    encodings: list[str]
    columns: list[str]
    unused: list[str] = []
    key: list[str] = []


class Meaning(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A code, and by how much an amount in this spelling is multiplied."""

    code: str
    factor: str = "1"


class Pattern(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A part of a spelling that tells the code."""

    code: str
    starts: str = ""
    ends: str = ""
    has: str = ""


Line = dict[str, Rule | str]


class Mapping(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One mapping."""

    name: str
    title: str
    source: Source
    case: dict[str, Rule]
    commodity: list[Line] = []
    leg: list[Line] = []
    concealment: list[Line] = []
    values: dict[str, dict[str, str | Meaning]] = {}
    patterns: dict[str, list[Pattern]] = {}


def mapping_names() -> list[str]:
    """The names of all mappings of this release."""
    return sorted(path.stem for path in DATA.glob("*.toml"))


def parse_mapping(text: str) -> Mapping:
    """A mapping from its text.

    Raises:
        Corrupt: it says something that a mapping cannot say.
    """
    try:
        return msgspec.convert(tomllib.loads(text), Mapping)
    except (ValueError, msgspec.ValidationError) as error:
        raise Corrupt(
            N_("The mapping cannot be used: %(reason)s. Nothing was loaded."),
            reason=str(error)[:200],
        ) from error


@functools.cache
def find_mapping(name: str) -> Mapping:
    """A mapping by its name.

    Raises:
        NotFound: there is none of that name.
        Corrupt: its file says something that a mapping cannot say.
    """
    if name not in mapping_names():
        raise NotFound(
            N_("There is no mapping “%(name)s”. Known: %(known)s."),
            name=name[:40],
            known=", ".join(mapping_names()),
        )
    return parse_mapping((DATA / f"{name}.toml").read_text(encoding="utf-8"))


def mapping_digest(name: str) -> str:
    """The SHA-256 of a mapping's file, so that it stays known by which rules a file was read."""
    return hashlib.sha256((DATA / f"{name}.toml").read_bytes()).hexdigest()
