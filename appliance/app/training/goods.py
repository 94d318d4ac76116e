"""What is found and how much of it: the goods under each heading, read from data/goods.csv.

Codes stand in the lists of reference; brands are invented. Quantities are log-normal (mean and spread
of the natural logarithm), prices are dollars per unit, shares are percentages of the heading.
"""

from __future__ import annotations

import csv
import functools
from collections.abc import Mapping
from pathlib import Path

import msgspec

from appliance.app.training.chance import Wheel

DATA = Path(__file__).with_name("data")


class Good(msgspec.Struct, frozen=True):
    """A kind of goods: its codes, how much of it is found, its price and how it is packed."""

    heading: str
    share: float
    subtype: str
    hs6: str
    description: str
    unit: str
    mean: float
    spread: float
    decimals: int
    price: float
    package: str
    condition: str
    unit2: str = ""
    per_unit2: float = 0.0
    brands: tuple[str, ...] = ()


def read_good(row: Mapping[str, str]) -> Good:
    """A line of the file; what is empty keeps its default."""
    values: dict[str, object] = {name: text for name, text in row.items() if text}
    values["hs6"] = row["hs6"]
    values["brands"] = tuple(row["brands"].split("|")) if row["brands"] else ()
    return msgspec.convert(values, Good, strict=False)


@functools.cache
def good_wheels() -> Mapping[str, Wheel[Good]]:
    """The goods of each heading, by how often they are found."""
    found: dict[str, dict[Good, float]] = {}
    with (DATA / "goods.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            good = read_good(row)
            found.setdefault(good.heading, {})[good] = good.share
    return {heading: Wheel(goods) for heading, goods in found.items()}
