"""A seeded source of choices that draws the same on every version of Python.

Only ``random.Random.random`` keeps its sequence for a seed across versions; everything here is made from it.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import TypeVar

T = TypeVar("T")


class Dice:
    """Choices that follow from a seed."""

    def __init__(self, seed: str) -> None:
        self._random = random.Random(seed)

    def chance(self, probability: float) -> bool:
        """True with this probability."""
        return self._random.random() < probability

    def whole(self, low: int, high: int) -> int:
        """A whole number from low to high, both included."""
        return low + int(self._random.random() * (high - low + 1))

    def decimal(self, low: float, high: float, digits: int = 2) -> str:
        """A number between low and high, written with so many digits after the point."""
        return f"{low + self._random.random() * (high - low):.{digits}f}"

    def pick(self, items: Sequence[T]) -> T:
        """One of the items."""
        return items[int(self._random.random() * len(items))]

    def weighted(self, weights: Mapping[T, float]) -> T:
        """One of the keys, each as often as its weight says."""
        mark = self._random.random() * sum(weights.values())
        for item, weight in weights.items():
            mark -= weight
            if mark < 0:
                return item
        return next(reversed(list(weights)))

    def some(self, items: Sequence[T], count: int) -> list[T]:
        """That many different items, in drawn order (all of them, shuffled, when count is larger)."""
        rest = list(items)
        return [rest.pop(int(self._random.random() * len(rest))) for _ in range(min(count, len(rest)))]
