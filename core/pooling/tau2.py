"""Estimators of the between-study variance: one entry each, every one O(k).

y are effects, v their variances; effects are shifted by a common constant beforehand (see ``models.centred``), which
changes no estimate and makes identical effects exactly identical.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from core.errors import InputError
from core.language import mark
from core.pooling.measures.base import FloatArray

Estimated = tuple[float, float]
Curve = Callable[[float], tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Estimator:
    """``estimate(y, v)`` gives (tau2, its standard error) for two or more studies."""

    key: str
    label: str
    estimate: Callable[[FloatArray, FloatArray], Estimated]


def projection_traces(v: FloatArray) -> tuple[float, float]:
    """tr(P) and tr(PP) of P = W - W11'W / 1'W1 with weights 1/v."""
    # S1 - S2/S1 and the like lose all digits when one study has nearly all the weight; its terms are kept apart.
    w = 1 / v
    top = int(w.argmax())
    first, rest = float(w[top]), w.copy()
    rest[top] = 0.0
    others = float(rest.sum())
    total = first + others
    diagonal = rest * (total - rest)
    squares = rest * rest
    sum_squares = float(squares.sum())
    pairs = 2 * first * first * sum_squares + sum_squares * sum_squares - float(squares @ squares)
    trace2 = (first * others) ** 2 + float(diagonal @ diagonal) + pairs
    return (first * others + float(diagonal.sum())) / total, trace2 / (total * total)


def generalised_q(y: FloatArray, v: FloatArray, centre: float | None = None) -> float:
    """Q = sum w (y - centre)^2 with w = 1/v, around the weighted mean when no centre is given (Cochran 1954)."""
    w = 1 / v
    r = y - (float(w @ y) / float(w.sum()) if centre is None else centre)
    return float(w @ (r * r))


def moment_estimate(q: float, v: FloatArray) -> Estimated:
    """max(0, (Q - df) / (S1 - S2/S1)) and its standard error, for the Q that is given (around any common centre)."""
    df = len(v) - 1
    trace, trace2 = projection_traces(v)
    tau2 = max(0.0, (q - df) / trace)
    return tau2, math.sqrt(2 * df + 4 * tau2 * trace + 2 * tau2 * tau2 * trace2) / trace


def dersimonian_laird(y: FloatArray, v: FloatArray) -> Estimated:
    """DerSimonian & Laird 1986, eq. 8, truncated at 0."""
    return moment_estimate(generalised_q(y, v), v)


def paule_mandel(y: FloatArray, v: FloatArray) -> Estimated:
    """Paule & Mandel 1982: the tau2 at which the generalised Q equals k - 1. Standard error as for empirical Bayes."""
    df = len(y) - 1

    def excess(tau2: float) -> tuple[float, float]:
        w = 1 / (v + tau2)
        r = y - float(w @ y) / float(w.sum())
        wr = w * r
        return float(wr @ r) - df, -float(wr @ wr)

    tau2 = 0.0
    if excess(0.0)[0] > 0:
        tau2 = _root(excess, 0.0, _upper_bound(y), 0.0)
    return tau2, math.sqrt(2 * len(y) ** 2 / df) / float((1 / (v + tau2)).sum())


def restricted_likelihood(y: FloatArray, v: FloatArray) -> Estimated:
    """REML (Viechtbauer 2005, eq. 14); the standard error from the expected information."""
    tau2 = _likelihood_maximum(y, v, restricted=True)
    return tau2, math.sqrt(2 / projection_traces(v + tau2)[1])


def maximum_likelihood(y: FloatArray, v: FloatArray) -> Estimated:
    """ML (Viechtbauer 2005, eq. 12); the standard error from the expected information."""
    tau2 = _likelihood_maximum(y, v, restricted=False)
    w = 1 / (v + tau2)
    return tau2, math.sqrt(2 / float(w @ w))


def log_likelihood(y: FloatArray, v: FloatArray, tau2: float, restricted: bool) -> float:
    """The (restricted) log-likelihood of the random-effects model at tau2, profiled over the mean, with constants."""
    k = len(y)
    w = 1 / (v + tau2)
    value = -0.5 * (math.log(2 * math.pi) * (k - restricted) - float(np.log(w).sum()) + generalised_q(y, v + tau2))
    if restricted:
        value += 0.5 * (math.log(k) - math.log(float(w.sum())))
    return value


def _upper_bound(y: FloatArray) -> float:
    """No root of any of the estimating equations here lies above the squared range of the effects: there each term
    w_i r_i^2 is below 1 - w_i / sum(w), because |r_i| <= (1 - w_i / sum(w)) x range."""
    return float(np.ptp(y)) ** 2


def _score(y: FloatArray, v: FloatArray, restricted: bool) -> Curve:
    """Twice the derivative of the (restricted) log-likelihood in tau2, and the derivative of that. The most precise
    study comes first: its share of the trace is kept apart, as in ``projection_traces``."""

    def score(tau2: float) -> tuple[float, float]:
        w = 1 / (v + tau2)
        w2 = w * w
        s1, s2 = float(w.sum()), float(w2.sum())
        wr = w * (y - float(w @ y) / s1)
        wr2 = wr * wr
        slope = s2 - 2 * float(w @ wr2) + 2 * float(w @ wr) ** 2 / s1
        if not restricted:
            return float(wr2.sum()) - s1, slope
        rest = w[1:]
        trace = (float(w[0]) * float(rest.sum()) + float(rest @ (s1 - rest))) / s1
        return float(wr2.sum()) - trace, slope + (s2 / s1) ** 2 - 2 * float(w2 @ w) / s1

    return score


def _score_on_grid(y: FloatArray, v: FloatArray, grid: FloatArray, restricted: bool) -> FloatArray:
    """The score at many tau2 at once (without the slopes)."""
    w = 1 / (v + grid[:, None])
    s1 = w.sum(axis=1)
    wr = w * (y - ((w @ y) / s1)[:, None])
    value = np.einsum("ij,ij->i", wr, wr)
    if not restricted:
        return value - s1
    rest = w[:, 1:]
    return value - (w[:, 0] * rest.sum(axis=1) + np.einsum("ij,ij->i", rest, s1[:, None] - rest)) / s1


def _likelihood_maximum(y: FloatArray, v: FloatArray, restricted: bool) -> float:
    """The tau2 >= 0 of highest likelihood: every sign change of the score is bracketed on a grid, then polished.

    The score is smooth in log(v + tau2), so steps of a factor of two from an eighth of the smallest variance up to the
    bound cannot jump over a pair of roots that matters. Nothing can fail to converge: a bracket is halved if need be.
    """
    bound = _upper_bound(y)
    if bound == 0:
        return 0.0
    order = np.arange(len(v))
    top = int(v.argmin())
    order[0], order[top] = top, 0
    y, v = y[order], v[order]
    lowest = min(float(v[0]) / 8, bound)
    grid = np.zeros(math.ceil(math.log2(bound / lowest)) + 2)
    grid[1:] = np.ldexp(lowest, np.arange(len(grid) - 1))
    values = _score_on_grid(y, v, grid, restricted)
    falls = np.flatnonzero((values[:-1] > 0) & (values[1:] <= 0))
    score = _score(y, v, restricted)
    found = [0.0] if values[0] <= 0 else []
    for i in falls:
        low, high, a, b = float(grid[i]), float(grid[i + 1]), float(values[i]), float(values[i + 1])
        found.append(_root(score, low, high, low + (high - low) * a / (a - b)))
    if len(found) == 1:
        return found[0]
    return max(found, key=lambda tau2: log_likelihood(y, v, tau2, restricted), default=0.0)


def _root(curve: Curve, low: float, high: float, start: float) -> float:
    """The root of a curve that is positive at ``low`` and not positive at ``high``: Newton's steps inside the bracket,
    halving it whenever a step would leave it."""
    x = start
    for _ in range(200):
        value, slope = curve(x)
        if value > 0:
            low = x
        else:
            high = x
        step = -value / slope if slope < 0 else math.inf
        following = x + step if low <= x + step <= high else (low + high) / 2
        if abs(following - x) <= 1e-10 * following:
            return following
        x = following
    return x


ESTIMATORS: tuple[Estimator, ...] = (
    Estimator("REML", mark("Restricted maximum likelihood"), restricted_likelihood),
    Estimator("DL", mark("DerSimonian-Laird"), dersimonian_laird),
    Estimator("PM", mark("Paule-Mandel"), paule_mandel),
    Estimator("ML", mark("Maximum likelihood"), maximum_likelihood),
)
_BY_KEY = {entry.key: entry for entry in ESTIMATORS}


def estimator(key: str) -> Estimator:
    """The estimator with this key; ``InputError`` naming the known ones when there is none."""
    if key not in _BY_KEY:
        raise InputError(
            "pooling.unknown-tau2",
            "There is no estimator {tau2} of the between-study variance. Known estimators: {known}.",
            tau2=key,
            known=", ".join(_BY_KEY),
        )
    return _BY_KEY[key]
