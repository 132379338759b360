"""Ids of the form that RevMan gives, for what is new."""

from __future__ import annotations

from collections.abc import Container
from typing import Final

_HIGHEST: Final = 0xFFFF


def coded(prefix: str, name: str) -> str:
    """The id that RevMan makes of a name: spaces as hyphens, other signs than letters and digits by their number."""

    def sign(letter: str) -> str:
        if letter == " ":
            return "-"
        if letter.isascii() and letter.isalnum():
            return letter
        units = letter.encode("utf-16-be", "surrogatepass")
        return "".join(f"_x{int.from_bytes(units[n : n + 2], 'big') & _HIGHEST:04x}_" for n in range(0, len(units), 2))

    return f"{prefix}-{''.join(map(sign, name))}"


def free(wanted: str, taken: Container[str]) -> str:
    """The id, or with the next free number behind it."""
    found, number = wanted, 2
    while found in taken:
        found, number = f"{wanted}-{number}", number + 1
    return found


def next_number(taken: Container[int]) -> int:
    """The smallest number from 1 that is free."""
    number = 1
    while number in taken:
        number += 1
    return number
