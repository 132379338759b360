"""Numbers for what is new."""

from __future__ import annotations

from collections.abc import Container


def next_number(taken: Container[int]) -> int:
    """The smallest number from 1 that is free."""
    number = 1
    while number in taken:
        number += 1
    return number
