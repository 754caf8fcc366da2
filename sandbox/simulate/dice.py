"""Chance that repeats itself: the same seed gives the same year."""

from collections.abc import Mapping
from datetime import timedelta
from random import Random  # noqa: TID251 - a year that can be run again needs a seed
from typing import TypeVar

Kind = TypeVar("Kind")


class Dice:
    """Throws whatever the simulation leaves to chance."""

    def __init__(self, seed: str) -> None:
        self._random = Random(seed)  # noqa: S311 - weather is no secret

    def chance(self, share: float) -> bool:
        """True in this share of throws."""
        return self._random.random() < share

    def among(self, weights: Mapping[Kind, float]) -> Kind:
        """One of these, the heavier the likelier."""
        return self._random.choices(list(weights), weights=list(weights.values()))[0]

    def within(self, shortest: timedelta, longest: timedelta) -> timedelta:
        """A time between these two."""
        return shortest + (longest - shortest) * self._random.random()

    def after(self, mean: timedelta) -> timedelta:
        """A time until something that happens once in `mean` on average."""
        return mean * self._random.expovariate(1.0)
