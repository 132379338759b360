"""How numbers of `pool` look in text."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

from core.cli.common import columns
from core.figures.wording import effect_text, format_p
from core.pooling import Displayed, Interval

NOT_ESTIMABLE = "not estimable"


def effect(shown: Displayed | None) -> str:
    """Such as "4.6369 [0.4076, 52.7527]", on the scale that readers see; more decimals where all is below 0.1."""
    if shown is None:
        return NOT_ESTIMABLE
    largest = max(map(abs, (shown.estimate, *shown.ci)))
    decimals = 4 if largest >= 0.1 or largest == 0 else min(3 - math.floor(math.log10(largest)), 12)
    return effect_text(shown.estimate, *shown.ci, decimals=decimals)


def studies(count: int) -> str:
    return "1 study" if count == 1 else f"{count} studies"


def number(value: float | None) -> str:
    """Four decimals, or four digits where these say more; empty when there is none."""
    if value is None:
        return ""
    return f"{value:.4f}" if value == 0 or 1e-2 <= abs(value) < 1e6 else f"{value:.4g}"


def percent(value: float | None) -> str:
    return "" if value is None else f"{value:.1f}%"


def interval(limits: Interval | Sequence[float] | None) -> str:
    """Such as "0.1000 to 2.0000"."""
    return "" if limits is None else f"{number(limits[0])} to {number(limits[1])}"


def p(value: float | None) -> str:
    """P without its name, as figures print it."""
    return "" if value is None else format_p(value).removeprefix("P = ").removeprefix("P ")


def test(name: str, stat: float | None, df: Any, value: float | None) -> str:
    """Such as "t = 2.01, df = 3 (P = 0.14)"; "not defined" when it is not."""
    if stat is None or value is None:
        return "not defined"
    freedom = "" if df is None else f", df = {df}"
    return f"{name} = {stat:.2f}{freedom} ({format_p(value)})"


def table(head: Sequence[str], rows: Iterable[Sequence[str]], left: int = 1) -> list[str]:
    """Aligned columns below their heads, all but the first ``left`` to the right."""
    lines = [list(head), *(list(row) for row in rows)]
    return columns(lines, right=range(left, len(head))).split("\n")
