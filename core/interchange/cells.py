"""Numbers as people type them into tables: decimal commas, thousands, "12/34", "5.2 (1.1)", "0.5 to 0.9", "NR".

Strict where a number could be misread: "1,5" under a decimal point is refused, not read as 15.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from core.language import Phrase, phrase

MISSING = frozenset(
    ("", "-", "–", "—", "?", "nr", "n/r", "na", "n/a", "#n/a", "nan", "null", "none", "not reported", "not available",
     "not applicable", "not estimable", "missing", "unclear", ".")
)  # fmt: skip
"""Cells that say that there is no number."""

_SPACES = "\u00a0\u2009\u202f "
_MINUS = str.maketrans({"\u2212": "-", "\u2013": "-", "\u00b7": "."})
_PERCENT = re.compile(r"\(\s*[\d.,]+\s*%\s*\)|\[\s*[\d.,]+\s*%\s*\]")
_BETWEEN = r"\s*(?:to|–|—|\.\.|;|-|{comma})\s*"


class NoNumber(Exception):
    """A cell that holds no number of the kind wanted; ``why`` is a sentence."""

    def __init__(self, why: Phrase) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Numbers:
    """How numbers are written in a table: the decimal sign, "." or ",". All readers give None for a cell of MISSING and
    raise NoNumber for one that cannot be read."""

    decimal: str = "."

    def number(self, cell: str) -> float | None:
        """One number; a share in brackets behind it ("12 (34%)") is left aside."""
        text = _PERCENT.sub("", cell).strip()
        if text.casefold() in MISSING:
            return None
        found = re.fullmatch(_pattern(self.decimal), text.translate(_MINUS))
        if found is None:
            raise NoNumber(self._why(text))
        return self._value(found[0])

    def share(self, cell: str) -> tuple[float, float] | None:
        """Events and total: "12/34", "12 of 34", "12/34 (35%)"."""
        return self._two(cell, r"\s*(?:/|of|out of)\s*", phrase("It should read like 12/34."))

    def spread(self, cell: str) -> tuple[float, float] | None:
        """A mean with its standard deviation: "5.2 (1.1)", "5.2 ± 1.1", "5.2 [1.1]", "5.2; SD 1.1"."""
        tidy = re.sub(r"(?i)\bs\.?d\.?\s*=?", " ", cell)
        return self._two(tidy, r"\s*(?:±|\+/-|\+-|\(|\[|;|\s)\s*", phrase("It should read like 5.2 (1.1)."), ")]")

    def interval(self, cell: str) -> tuple[float, float] | None:
        """Both ends of an interval: "0.5 to 0.9", "[0.5; 0.9]", "(0.5, 0.9)"."""
        tidy = cell.strip().strip("()[]")
        comma = "," if self.decimal == "." else ";"
        return self._two(tidy, _BETWEEN.format(comma=comma), phrase("It should read like 0.5 to 0.9."))

    def estimate(self, cell: str) -> tuple[float, float, float] | None:
        """An estimate with its interval: "0.7 (0.5 to 0.9)"."""
        text = cell.strip()
        if text.casefold() in MISSING:
            return None
        cut = re.fullmatch(r"([^(\[]+)[(\[](?:\s*\d+\s*%\s*ci\s*:?)?([^)\]]+)[)\]]", text, re.IGNORECASE)
        value = self.number(cut[1]) if cut else None
        ends = self.interval(cut[2]) if cut else None
        if value is None or ends is None:
            raise NoNumber(phrase("It should read like 0.7 (0.5 to 0.9)."))
        return value, *ends

    def _two(self, cell: str, between: str, advice: Phrase, closing: str = "") -> tuple[float, float] | None:
        text = _PERCENT.sub("", cell).strip().rstrip(closing).strip()
        if text.casefold() in MISSING:
            return None
        one = _pattern(self.decimal)
        pattern = rf"({one}){between}({one})"
        found = re.fullmatch(pattern, text, re.IGNORECASE) or re.fullmatch(
            pattern, text.translate(_MINUS), re.IGNORECASE
        )
        if found is None:
            raise NoNumber(advice)
        return self._value(found[1].translate(_MINUS)), self._value(found[2].translate(_MINUS))

    def _value(self, text: str) -> float:
        bare = re.sub(f"[{_SPACES}'’{',' if self.decimal == '.' else '.'}]", "", text)
        return float(bare.replace(self.decimal, "."))

    def _why(self, text: str) -> Phrase:
        other = "," if self.decimal == "." else "."
        if re.fullmatch(_pattern(other), text.translate(_MINUS)):
            return phrase("It is a number only with the decimal sign “{sign}”.", sign=other)
        return phrase("It is no number.")


@cache
def _pattern(decimal: str) -> str:
    """One number, thousands parted by blanks, apostrophes or the sign that is not the decimal one."""
    apart = f"{_SPACES}'’{',' if decimal == '.' else '.'}"
    point = re.escape(decimal)
    whole = rf"\d{{1,3}}(?:[{apart}]\d{{3}})+|\d+"
    return rf"[-+−]?(?:(?:{whole})(?:{point}\d*)?|{point}\d+)(?:[eE][-+]?\d{{1,3}})?"


def decimal_of(cells: Iterable[str]) -> str:
    """The decimal sign of a table: a comma where more cells are numbers only with a comma than only with a point."""
    votes = 0
    for cell in cells:
        for part in re.findall(r"[-+]?\d[\d.,'’\u00a0\u202f]*", cell):
            text = part.rstrip(".,")
            with_point = re.fullmatch(_pattern("."), text) is not None
            with_comma = re.fullmatch(_pattern(","), text) is not None
            votes += int(with_comma) - int(with_point)
    return "," if votes > 0 else "."
