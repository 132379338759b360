"""REML and Paule-Mandel as metafor stops them by default, to reproduce the digits of analyses made with it.

Our estimators run until nothing changes any more. metafor 3.8 stops earlier unless told otherwise: REML takes Fisher
scoring steps from Hedges' estimate until one is no larger than 1e-5, Paule-Mandel looks for its root between 0 and 100
by Brent's method to a quarter of the machine's digits (both documented in its help, under ``control``). The results
then differ from the 6th digit on, more where tau2 is itself near 1e-5. Not offered for new work; the keys are
"REML-metafor" and "PM-metafor".
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from core.pooling.measures.base import FloatArray
from core.pooling.tau2 import Estimated, generalised_q, hedges, projection_square_trace, projection_trace

SUFFIX = "-metafor"
THRESHOLD, MOST_STEPS = 1e-5, 100
PM_HIGHEST, PM_TOLERANCE = 100.0, float(np.finfo(np.float64).eps) ** 0.25
EPSILON = float(np.finfo(np.float64).eps)


def fisher_scoring(start: float, step: Callable[[float], float]) -> float:
    """tau2 after steps from ``start`` until one is at most 1e-5 (Viechtbauer 2005, appendix); a step that would lead
    below 0 is halved until it does not."""
    tau2 = start
    for _ in range(MOST_STEPS):
        move = step(tau2)
        while tau2 + move < 0:
            move /= 2
        tau2 += move
        if abs(move) <= THRESHOLD:
            break
    return tau2


def root_between(curve: Callable[[float], float], low: float, high: float, tolerance: float) -> float:
    """The root of a curve that changes sign between ``low`` and ``high``, by inverse quadratic interpolation, secants
    and halving (Brent 1973, Algorithms for Minimization without Derivatives, section 4.2)."""
    before, best = low, high
    at_before, at_best = curve(before), curve(best)
    other, at_other = before, at_before
    while True:
        last = best - before
        if abs(at_other) < abs(at_best):
            before, best, other = best, other, best
            at_before, at_best, at_other = at_best, at_other, at_best
        least = 2 * EPSILON * abs(best) + tolerance / 2
        half = (other - best) / 2
        if abs(half) <= least or at_best == 0:
            return best
        move = half
        if abs(last) >= least and abs(at_before) > abs(at_best):
            move = _interpolated(before, best, other, (at_before, at_best, at_other), (half, last, least))
        before, at_before = best, at_best
        best += move if abs(move) >= least else math.copysign(least, move)
        at_best = curve(best)
        if (at_best > 0) == (at_other > 0):
            other, at_other = before, at_before


def _interpolated(
    before: float,
    best: float,
    other: float,
    values: tuple[float, float, float],
    steps: tuple[float, float, float],
) -> float:
    """The interpolated step from ``best``, or half the bracket where interpolation promises less."""
    at_before, at_best, at_other = values
    half, last, least = steps
    ratio = at_best / at_before
    if before == other:
        p, q = 2 * half * ratio, 1 - ratio
    else:
        across, aside = at_before / at_other, at_best / at_other
        p = ratio * (2 * half * across * (across - aside) - last * (aside - 1))
        q = (across - 1) * (aside - 1) * (ratio - 1)
    if p > 0:
        q = -q
    else:
        p = -p
    return p / q if p < 1.5 * half * q - abs(least * q) / 2 and p < abs(last * q / 2) else half


def restricted_likelihood(y: FloatArray, v: FloatArray) -> Estimated:
    """REML, stopped early; the standard error from the expected information there."""

    def step(tau2: float) -> float:
        w = 1 / (v + tau2)
        weighted = w * (y - float(w.dot(y)) / float(w.sum()))
        return (float(weighted.dot(weighted)) - projection_trace(w)) / projection_square_trace(w)

    tau2 = fisher_scoring(hedges(y, v)[0], step)
    return tau2, math.sqrt(2 / projection_square_trace(1 / (v + tau2)))


def paule_mandel(y: FloatArray, v: FloatArray) -> Estimated:
    """Paule-Mandel, stopped early; the standard error is that of empirical Bayes, as for ``PM``."""
    df = len(y) - 1
    tau2 = stopped_root(lambda tau2: generalised_q(y, v + tau2) - df, float(np.ptp(y)) ** 2)
    return tau2, math.sqrt(2 * len(y) ** 2 / df) / float((1 / (v + tau2)).sum())


def stopped_root(excess: Callable[[float], float], bound: float) -> float:
    """The root of a falling curve in tau2 as metafor finds it; 0 when it starts below 0. ``bound`` is used in place of
    100 where the root lies beyond."""
    if excess(0.0) <= 0:
        return 0.0
    high = PM_HIGHEST if excess(PM_HIGHEST) <= 0 else bound
    return root_between(excess, 0.0, high, PM_TOLERANCE)
