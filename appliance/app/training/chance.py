"""Weighted choice and quantities for synthetic data; every draw comes from a seeded generator.

Not for ids or secrets: those come from core.ids.
"""

from __future__ import annotations

import random  # noqa: TID251 - seeded generators only; never an id, never a secret
from bisect import bisect
from collections.abc import Mapping
from decimal import Decimal
from itertools import accumulate
from typing import Generic, TypeVar

Source = random.Random
T = TypeVar("T")

ROUND_SHARE = 0.20  # how often an officer writes 10,000 or 500 kg


class Wheel(Generic[T]):
    """Things that come up in proportion to their weights."""

    __slots__ = ("edges", "things", "total")

    def __init__(self, weights: Mapping[T, float]) -> None:
        self.things = tuple(weights)
        self.edges = tuple(accumulate(weights.values()))[:-1]
        self.total = sum(weights.values())

    def pick(self, source: Source) -> T:
        """One of the things."""
        return self.things[bisect(self.edges, source.random() * self.total)]


def seeded(seed: int, purpose: str = "") -> Source:
    """A generator of its own for a seed and a purpose, the same on every machine."""
    return random.Random(f"ncen:{seed}:{purpose}")  # noqa: S311 - data, not secrets


def one_of(source: Source, things: tuple[T, ...]) -> T:
    """One of a few equally likely things."""
    return things[int(source.random() * len(things))]


def zipf(count: int, exponent: float) -> list[float]:
    """Weights of ranks: a few large, a long tail of small."""
    return [float(rank**-exponent) for rank in range(1, count + 1)]


def quantity(source: Source, mean: float, spread: float, decimals: int) -> Decimal:
    """A log-normal quantity above zero, often with one leading digit only, as people write it."""
    value = source.lognormvariate(mean, spread)
    if source.random() < ROUND_SHARE:
        return one_digit(value, decimals)
    exact = Decimal(f"{value:.{decimals}f}")
    return exact or Decimal(1).scaleb(-decimals)


def one_digit(value: float, decimals: int) -> Decimal:
    """The quantity that a person in a hurry would write: 10000, 500, 0.3."""
    digit, exponent = f"{value:.0e}".split("e")
    power = int(exponent)
    if power < -decimals:
        return Decimal(1).scaleb(-decimals)
    return Decimal(int(digit) * 10**power) if power >= 0 else Decimal(digit).scaleb(power)
