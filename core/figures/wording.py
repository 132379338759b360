"""The sentences and numbers printed in a forest plot, worded as RevMan words them. Plain numbers in, text out."""

from __future__ import annotations

import math

_P_FLOOR = 0.00001


def format_p(p: float) -> str:
    """``"P = 0.13"``: two decimals, one more below each of 0.01, 0.001 and 0.0001, and ``"P < 0.00001"`` at the end."""
    if p < _P_FLOOR:
        return "P < 0.00001"
    decimals = 2 + sum(p < limit for limit in (0.01, 0.001, 0.0001))
    return f"P = {p:.{decimals}f}"


def format_i2(percent: float) -> str:
    """I² in whole percent, ``percent`` running from 0 to 100."""
    return f"{percent:.0f}%"


def format_weight(percent: float) -> str:
    """A weight with one decimal, ``percent`` running from 0 to 100."""
    return f"{percent:.1f}%"


def effect_text(estimate: float, lo: float, hi: float, *, decimals: int = 2, web: bool = False) -> str:
    """``"28.94 [3.45, 242.57]"`` on the display scale; ``web`` puts a space before the comma as RevMan Web does."""
    comma = " , " if web else ", "
    return f"{_fixed(estimate, decimals)} [{_fixed(lo, decimals)}{comma}{_fixed(hi, decimals)}]"


def interval_text(lo: float, hi: float, *, decimals: int = 2, web: bool = False) -> str:
    """``"[0.54, 7.90]"``: an interval without its estimate, for a prediction interval."""
    comma = " , " if web else ", "
    return f"[{_fixed(lo, decimals)}{comma}{_fixed(hi, decimals)}]"


def _fixed(value: float, decimals: int) -> str:
    """With these decimals; beyond a thousand millions four digits and the power of ten, beyond all numbers ∞."""
    if math.isinf(value):
        return "∞" if value > 0 else "-∞"
    return f"{value:.{decimals}f}" if abs(value) < 1e9 else f"{value:.3e}"


def heterogeneity_line(q: float, df: int, p: float, i2: float, tau2: float | None = None) -> str:
    """The heterogeneity line of a pool; ``tau2`` for random effects, ``i2`` in percent. ``df`` 0 is one study."""
    if df < 1:
        return "Heterogeneity: Not applicable"
    tau = "" if tau2 is None else f"Tau² = {tau2:.2f}; "
    return f"Heterogeneity: {tau}Chi² = {q:.2f}, df = {df} ({format_p(p)}); I² = {format_i2(i2)}"


def overall_line(statistic: float | None, p: float | None, *, df: float | None = None) -> str:
    """The test of the pooled effect: Z, or T when ``df`` is given; without a statistic "Not applicable"."""
    if statistic is None or p is None:
        return "Test for overall effect: Not applicable"
    name = "Z" if df is None else "T"
    freedom = "" if df is None else f", df = {df:g}"
    return f"Test for overall effect: {name} = {abs(statistic):.2f}{freedom} ({format_p(p)})"


def subgroup_line(q: float | None = None, df: int = 0, p: float | None = None, i2: float | None = None) -> str:
    """The test for differences between subgroups; without one "Not applicable"."""
    if q is None or p is None or i2 is None or df < 1:
        return "Test for subgroup differences: Not applicable"
    return f"Test for subgroup differences: Chi² = {q:.2f}, df = {df} ({format_p(p)}), I² = {format_i2(i2)}"
