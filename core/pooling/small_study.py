"""Tests for funnel plot asymmetry by rank correlation and for odds ratios: Begg and Mazumdar, Harbord, Peters."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from core.errors import InputError
from core.language import mark
from core.pooling.inference import Interval, interval, quantile, two_sided_p
from core.pooling.measures.base import BoolArray, FloatArray
from core.pooling.measures.dichotomous import cells
from core.pooling.models import centred, o_minus_e_and_variance
from core.pooling.notes import Note, note
from core.pooling.regression.fit import check_level
from core.pooling.results import EffectSizes

IntArray = NDArray[np.intp]
FEW = 10
"""Below this number of studies a test for asymmetry should not be used (Cochrane Handbook 13.3.5.4)."""
LEAST = 3
EXACT_BELOW = 50
ROUNDING = 1e-12


@dataclass(frozen=True, slots=True)
class RankTest:
    """Kendall's rank correlation of standardised effects with their variances. ``tau`` and ``p`` (two-sided) are None
    when the test is not available; ``exact`` says whether P comes from the exact distribution."""

    k: int
    tau: float | None
    p: float | None
    exact: bool
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class AsymmetryTest:
    """A regression test for funnel plot asymmetry. ``bias`` is the coefficient tested (Harbord: the intercept; Peters:
    the slope) with its standard error, interval, t, degrees of freedom and two-sided P; ``other`` is the second
    coefficient. All None when the test is not available."""

    k: int
    notes: tuple[Note, ...]
    bias: float | None = None
    se: float | None = None
    ci: Interval | None = None
    t: float | None = None
    df: int | None = None
    p: float | None = None
    other: float | None = None


def rank_test(effects: EffectSizes) -> RankTest:
    """Begg & Mazumdar's rank correlation test (1994): Kendall's tau of (y - mean) / sqrt(v - 1 / sum w) with v, where
    w = 1 / v and the mean is the common-effect one.

    P is exact below 50 studies without ties, otherwise from the normal approximation with the variance corrected for
    ties (Kendall 1970), without a continuity correction. Positive tau: less precise studies have larger effects.
    """
    used = effects.estimable
    v, k = effects.vi[used], int(used.sum())
    advice = _advice(effects, used)
    if k < LEAST:
        return RankTest(k, None, None, False, advice)
    deviates = _standardised(effects.yi[used], v)
    if v.min() == v.max():
        return RankTest(k, None, None, False, (*advice, note("asymmetry.equal", what=mark("equal standard errors"))))
    if deviates.min() == deviates.max():
        return RankTest(k, None, None, False, (*advice, note("asymmetry.equal-effects")))
    first, second = _tie_sizes(deviates), _tie_sizes(v)
    pairs = k * (k - 1) // 2
    untied = [pairs - int((sizes * (sizes - 1)).sum()) // 2 for sizes in (first, second)]
    score = _concordance(deviates, v)
    exact = k < EXACT_BELOW and untied == [pairs, pairs]
    p = _exact_p(score, k) if exact else two_sided_p(score / math.sqrt(_variance(k, first, second)), None)
    return RankTest(k, score / math.sqrt(untied[0] * untied[1]), p, exact, advice)


def harbord_test(effects: EffectSizes, *, level: float = 0.95) -> AsymmetryTest:
    """Harbord, Egger & Sterne's score test (2006) for odds ratios: Z / sqrt(V) regressed on sqrt(V), unweighted, with
    Z = O - E and V the hypergeometric variance; the intercept measures asymmetry.

    For 2 x 2 tables under the measures OR and PETO. Tables without information (V = 0) drop out; no zero cell needs a
    correction. Raises ``InputError`` for another measure.
    """
    _needs_tables(effects, ("OR", "PETO"), mark("Harbord's test"))
    check_level(level)
    score, variance = o_minus_e_and_variance(effects)
    used = np.where(np.isnan(variance), 0.0, variance) > 0
    root = np.sqrt(variance[used])
    line = _line(root, score[used] / root, np.ones_like(root))
    return _tested(effects, used, line, "intercept", level, mark("equal variances of the score"))


def peters_test(effects: EffectSizes, *, level: float = 0.95) -> AsymmetryTest:
    """Peters et al.'s test (2006) for odds ratios: ln OR regressed on 1 / N with weights 1 / (1 / events + 1 /
    non-events), both groups together; the slope measures asymmetry.

    For the measure OR. Effects with a zero cell are as computed (0.5 added), weights come from the counts as given.
    Raises ``InputError`` for another measure.
    """
    _needs_tables(effects, ("OR",), mark("Peters' test"))
    check_level(level)
    a, b, c, d = cells(dict(effects.table))
    events, others = a + c, b + d
    used = effects.estimable & (np.where(effects.estimable, events * others, 0.0) > 0)
    events, others = events[used], others[used]
    line = _line(1 / (events + others), effects.yi[used], events * others / (events + others))
    return _tested(effects, used, line, "slope", level, mark("equal numbers of participants"))


def _needs_tables(effects: EffectSizes, measures: tuple[str, ...], test: str) -> None:
    if effects.measure not in measures:
        raise InputError(
            "pooling.asymmetry-measure",
            "{test} is made for odds ratios of 2 x 2 tables, not for {measure}. The rank test works for every measure.",
            test=test,
            measure=effects.definition.label,
        )


def _advice(effects: EffectSizes, used: BoolArray) -> tuple[Note, ...]:
    """What anyone who runs a test on these studies should know."""
    k = int(used.sum())
    notes: list[Note] = []
    names = [effects.labels[row] for row in np.flatnonzero(~used)]
    if names:
        notes.append(note("pool.left-out", count=len(names), total=len(effects), studies=", ".join(names)))
    if k < LEAST:
        return (*notes, note("asymmetry.unavailable", count=k))
    if k < FEW:
        notes.append(note("asymmetry.few", count=k))
    if effects.definition.family == "dichotomous":
        table = np.array(cells(dict(effects.table)))[:, used]
        zeros = int((table == 0).any(axis=0).sum())
        if zeros:
            notes.append(note("asymmetry.sparse", count=zeros, total=k))
    return tuple(notes)


def _standardised(y: FloatArray, v: FloatArray) -> FloatArray:
    """(y - mean) / sqrt(v - 1 / sum w). v - 1 / sum w = v (sum of the other weights) / sum w, without cancellation."""
    moved = centred(y, v)[1]
    w = 1 / v
    others = w.sum() - w
    top = int(w.argmax())
    others[top] = np.delete(w, top).sum()
    return (moved - float(w @ moved) / float(w.sum())) / np.sqrt(v * others / w.sum())


def _tie_sizes(values: FloatArray) -> IntArray:
    return np.unique(values, return_counts=True)[1]


def _concordance(x: FloatArray, y: FloatArray) -> int:
    """Concordant minus discordant pairs."""
    total = 0
    for i in range(len(x) - 1):
        total += int((np.sign(x[i + 1 :] - x[i]) * np.sign(y[i + 1 :] - y[i])).sum())
    return total


def _exact_p(score: int, k: int) -> float:
    """Two-sided P of Kendall's score without ties: twice the smaller tail of the number of concordant pairs, whose
    distribution is the sum of independent uniform variables on 0 to i - 1 for i = 2 ... k (Kendall 1970)."""
    chances = np.ones(1)
    for i in range(2, k + 1):
        chances = np.convolve(chances, np.full(i, 1 / i))
    tail = (k * (k - 1) // 2 - abs(score)) // 2
    return min(1.0, 2 * float(chances[: tail + 1].sum()))


def _variance(k: int, first: IntArray, second: IntArray) -> float:
    """Variance of Kendall's score with ties of these sizes (Kendall 1970, eq. 4.4)."""

    def falling(sizes: IntArray) -> tuple[float, float, float]:
        t = sizes.astype(np.float64)
        return (
            float((t * (t - 1) * (2 * t + 5)).sum()),
            float((t * (t - 1)).sum()),
            float((t * (t - 1) * (t - 2)).sum()),
        )

    (a5, a2, a3), (b5, b2, b3) = falling(first), falling(second)
    value = (k * (k - 1) * (2 * k + 5) - a5 - b5) / 18
    return value + a2 * b2 / (2 * k * (k - 1)) + a3 * b3 / (9 * k * (k - 1) * (k - 2))


@dataclass(frozen=True, slots=True)
class _Line:
    """A weighted least-squares line with the standard errors of its coefficients; None where they are not defined."""

    intercept: float
    slope: float | None
    intercept_se: float | None
    slope_se: float | None


def _line(x: FloatArray, y: FloatArray, w: FloatArray) -> _Line | None:
    """y regressed on x with weights w; None below three points."""
    if len(x) < LEAST:
        return None
    total = float(w.sum())
    centre, mean = float(w @ x) / total, float(w @ y) / total
    across, up = x - centre, y - mean
    spread = float(w @ (across * across))
    if spread <= ROUNDING**2 * float(w @ (x * x)):
        return _Line(mean, None, None, None)
    slope = float(w @ (across * up)) / spread
    residual = up - slope * across
    squares = float(w @ (residual * residual))
    if squares <= ROUNDING**2 * float(w @ (y * y)):
        return _Line(mean - slope * centre, slope, None, None)
    error = squares / (len(x) - 2)
    intercept_se = math.sqrt(error * (1 / total + centre * centre / spread))
    return _Line(mean - slope * centre, slope, intercept_se, math.sqrt(error / spread))


def _tested(
    effects: EffectSizes,
    used: BoolArray,
    line: _Line | None,
    tested: Literal["intercept", "slope"],
    level: float,
    equal: str,
) -> AsymmetryTest:
    """The test of one coefficient, or the reason why there is none."""
    k, notes = int(used.sum()), _advice(effects, used)
    if line is None:
        return AsymmetryTest(k, notes)
    if line.slope is None:
        return AsymmetryTest(k, (*notes, note("asymmetry.equal", what=equal)))
    if line.intercept_se is None or line.slope_se is None:
        return AsymmetryTest(k, (*notes, note("asymmetry.perfect-fit")))
    (bias, se), other = (line.intercept, line.intercept_se), line.slope
    if tested == "slope":
        (bias, se), other = (line.slope, line.slope_se), line.intercept
    t, df = bias / se, k - 2
    drawn = interval(bias, se, quantile(level, df))
    return AsymmetryTest(k, notes, bias, se, drawn, t, df, two_sided_p(t, df), other)
