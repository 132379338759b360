"""The scale of a forest plot: its range, its ticks, and where a value lies on it."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from core.errors import InputError
from core.figures.forest_model import Axis, Interval

_RATIO_SPANS = (2.0, 5.0, 10.0, 20.0, 50.0)
_WIDEST_RATIO = 100.0
"""RevMan's own default; intervals that reach further are clipped."""
_RATIO_STEPS = (1.0, 1.5, 2.0, 5.0, 10.0)


@dataclass(frozen=True, slots=True)
class Scale:
    """A resolved axis: limits and ticks on the display scale."""

    log: bool
    lo: float
    hi: float
    ticks: tuple[float, ...]
    no_effect: float | None

    def fraction(self, value: float) -> float:
        """Where ``value`` (analysis scale) lies: 0 at the left end, 1 at the right, beyond them outside."""
        lo, hi = (math.log(self.lo), math.log(self.hi)) if self.log else (self.lo, self.hi)
        return (value - lo) / (hi - lo)

    def fraction_shown(self, value: float) -> float:
        """The same for a value on the display scale."""
        return self.fraction(math.log(value) if self.log else value)


def resolve_scale(axis: Axis, intervals: Iterable[Interval]) -> Scale:
    """The scale to draw: the limits given, else the smallest round range that holds ``intervals``.

    Raises ``InputError`` when the limits are not in order, or not positive on a log scale.
    """
    null = 1.0 if axis.log else 0.0
    auto_lo, auto_hi = _auto_range(axis, list(intervals))
    lo = auto_lo if axis.lo is None else axis.lo
    hi = auto_hi if axis.hi is None else axis.hi
    if not (math.isfinite(lo) and math.isfinite(hi)) or lo >= hi or (axis.log and lo <= 0):
        raise InputError(
            "figure.axis",
            "The axis cannot run from {lo} to {hi}. Its left end must be smaller than its right end{positive}.",
            lo=tick_label(lo),
            hi=tick_label(hi),
            positive=" and above 0" if axis.log else "",
        )
    shown_null = null if axis.no_effect and lo <= null <= hi else None
    ticks = axis.ticks if axis.ticks is not None else _ticks(axis.log, lo, hi, null)
    return Scale(axis.log, lo, hi, tuple(t for t in ticks if lo <= t <= hi), shown_null)


def tick_label(value: float) -> str:
    """A tick in the fewest plain digits that give its value; three significant ones when no six do."""
    digits = next((d for d in range(1, 7) if math.isclose(float(f"{value:.{d}g}"), value, rel_tol=1e-9)), 3)
    text = format(Decimal(f"{value:.{digits}g}"), "f")
    return "0" if float(text) == 0 else text


def _auto_range(axis: Axis, intervals: list[Interval]) -> tuple[float, float]:
    if not axis.no_effect and not axis.log and intervals:
        return _round_outwards(min(i.lo for i in intervals), max(i.hi for i in intervals))
    reach = max((abs(v) for i in intervals for v in (i.lo, i.hi)), default=0.0)
    if axis.log:
        spans = _RATIO_SPANS if intervals else ()
        span = next((s for s in spans if math.log(s) >= reach), _WIDEST_RATIO)
        return 1 / span, span
    span = _round_up(reach) if reach > 0 else 100.0
    return -span, span


def _round_up(value: float) -> float:
    """The next 1, 2, 4, 5 or 10 times a power of ten: numbers whose half is round too."""
    power = 10.0 ** math.floor(math.log10(value))
    return next((m * power for m in (1.0, 2.0, 4.0, 5.0) if m * power >= value), 10 * power)


def _round_outwards(lo: float, hi: float) -> tuple[float, float]:
    step = _round_up((hi - lo) / 4 if hi > lo else max(abs(hi), 1.0))
    return math.floor(lo / step) * step, math.ceil(hi / step) * step or step


def _ticks(log: bool, lo: float, hi: float, null: float) -> tuple[float, ...]:
    """Both ends, no effect, and a round value half way on either side of it."""
    if not lo < null < hi:
        middle = _round_ratio(math.sqrt(lo * hi)) if log else ((lo + hi) / 2,)
        return tuple(sorted({lo, *middle, hi}))
    if not log:
        return (lo, lo / 2, 0.0, hi / 2, hi)
    above = {v for v in _round_ratio(math.sqrt(hi)) if 1 < v < hi}
    below = {v for v in (float(f"{1 / w:.1g}") for w in _round_ratio(math.sqrt(1 / lo))) if lo < v < 1}
    return tuple(sorted({lo, *below, 1.0, *above, hi}))


def _round_ratio(value: float) -> tuple[float, ...]:
    """The nearest round value on the log scale; both when two are equally near (10 gives 2 and 5, as in RevMan)."""
    power = 10.0 ** math.floor(math.log10(value))
    if value >= 7 or value <= 1 / 7:
        return (10.0 ** math.ceil(math.log10(value) - 0.5),)
    distance = {step * power: abs(math.log(value / (step * power))) for step in _RATIO_STEPS}
    nearest = min(distance.values())
    return tuple(candidate for candidate, away in distance.items() if away - nearest < 1e-9)
