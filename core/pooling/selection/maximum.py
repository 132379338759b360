"""The highest point of a selection model's likelihood, or the finding that it has none.

The search is over the mean, log(tau2 + lowest variance), which is as well scaled near tau2 = 0 as far from it, and the
logarithms of the weights' parameters. Several starts, then Newton's steps until the gradient is nothing but rounding.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from core.pooling.measures.base import FloatArray
from core.pooling.selection.likelihood import IntArray, Likelihood

STARTS, MOST_STEPS = 4, 80
# With the parameters scaled to unit curvature, a direction that bends less than this is flat; gains below ``ROUNDING``
# of the log-likelihood are rounding. A climb that ends short of ``NEARLY`` in the log-likelihood has arrived.
FLAT, ROUNDING, NEARLY = 1e-8, 1e-14, 1e-8
# A difference between log-likelihoods that is worth telling.
CLEARLY = 0.01
Curve = Callable[[FloatArray], tuple[float, FloatArray]]


@dataclass(frozen=True, slots=True)
class Maximum:
    """Estimates with their covariance matrix (mean, tau2, logarithms of the parameters). tau2 = 0 has variance 0: it is
    then taken as known."""

    mean: float
    tau2: float
    logs: FloatArray
    log_likelihood: float
    covariance: FloatArray


@dataclass(frozen=True, slots=True)
class Search:
    """What was found: a maximum (None: the likelihood has none), another one that is higher, and whether the likelihood
    rises above the maximum towards an edge."""

    maximum: Maximum | None
    rival: Maximum | None
    rises: bool


@dataclass(frozen=True, slots=True)
class Reached:
    """Where a climb ended: the point, the log-likelihood, the parameters that were not held by an edge, and whether it
    is a maximum (else it has run away, or the ground is flat)."""

    x: FloatArray
    value: float
    free: IntArray
    is_maximum: bool


@dataclass(frozen=True, slots=True)
class Region:
    """Where estimates are looked for; one at its edge (other than tau2 = 0) has run away."""

    low: FloatArray
    high: FloatArray
    offset: float

    @property
    def size(self) -> int:
        """How many parameters there are."""
        return len(self.low)


def region(y: FloatArray, v: FloatArray, parameters: int, largest_log: float) -> Region:
    """Wide bounds: means a hundred times the effects' range away, tau2 up to 10,000 times their squared range."""
    reach = float(np.ptp(y)) + math.sqrt(float(v.max()))
    offset = float(v.min())
    logs = np.full(parameters, largest_log)
    return Region(
        np.concatenate(([float(y.min()) - 100 * reach, math.log(offset)], -logs)),
        np.concatenate(([float(y.max()) + 100 * reach, math.log(offset + 1e4 * reach * reach)], logs)),
        offset,
    )


def search(likelihood: Likelihood, where: Region, mean: float, tau2: float, sd: float) -> Search:
    """Climb from the ordinary fit (``mean``, ``tau2``, no selection) and from other points around it; ``sd`` is a
    typical spread of effects.

    The maximum that continues the ordinary fit is taken: without selection that fit is consistent, and higher maxima
    elsewhere mostly live on P values near the point where they are censored. They are reported as a rival.
    """
    curve = _curve(likelihood, where)
    first, *others = _starts(curve, where, mean, tau2, sd)
    # In small steps from the ordinary fit: long ones may jump across a valley.
    reached = [_climb(curve, where, first, sd, 0.25), *(_climb(curve, where, start, sd, 1.5) for start in others)]
    tops = [each for each in reached if each.is_maximum]
    if not tops:
        return Search(None, None, False)
    chosen = reached[0] if reached[0].is_maximum else max(tops, key=lambda each: each.value)
    clearly = chosen.value + CLEARLY
    rival = max(tops, key=lambda each: each.value)
    return Search(
        _report(curve, where, chosen),
        _report(curve, where, rival) if rival.value > clearly else None,
        any(each.value > clearly for each in reached if not each.is_maximum),
    )


def _curve(likelihood: Likelihood, where: Region) -> Curve:
    def curve(x: FloatArray) -> tuple[float, FloatArray]:
        total = math.exp(float(x[1]))
        # At the lower edge tau2 is exactly 0.
        value, gradient = likelihood(float(x[0]), max(total - where.offset, -0.5 * where.offset), x[2:])
        gradient[1] *= total
        return value, gradient

    return curve


def _starts(curve: Curve, where: Region, mean: float, tau2: float, sd: float) -> list[FloatArray]:
    """The ordinary fit and the best points of a coarse grid around it."""
    means = (mean, 0.5 * mean, 0.0, mean - sd, mean - 3 * sd)
    spreads = (tau2, 0.0, 0.25 * tau2 + 0.05 * sd * sd, 4 * tau2 + sd * sd)
    parameters = where.size - 2
    if parameters <= 2:
        logs = list(itertools.product((0.0, -1.5, 1.5), repeat=parameters))
    else:
        logs = [(level,) * parameters for level in (0.0, -1.5, 1.5)]
    points = [
        np.clip([b, math.log(t + where.offset), *each], where.low, where.high)
        for b in means
        for t in spreads
        for each in logs
    ]
    return [points[0], *sorted(points[1:], key=lambda x: -curve(x)[0])[:STARTS]]


def _climb(curve: Curve, where: Region, start: FloatArray, sd: float, pace: float) -> Reached:
    """Newton's steps uphill, each halved until it does not descend; none changes a logarithm by more than ``pace``."""
    x = start
    value, gradient = curve(x)
    least = np.full(len(x), 1e-3)
    least[0] /= sd * sd
    step = 0
    while True:
        step += 1
        free = _free(x, gradient, where)
        curvature = -_hessian(curve, x, free, False)
        scale = 1 / np.sqrt(np.maximum(np.abs(np.diag(curvature)), least[free]))
        bends, axes = np.linalg.eigh(curvature * np.outer(scale, scale))
        # Where the surface bends upwards, a step of the same length along the gradient.
        move = np.zeros(len(x))
        move[free] = scale * (axes @ ((axes.T @ (scale * gradient[free])) / np.maximum(np.abs(bends), FLAT)))
        # What a full step would gain: within rounding, there is nothing left to climb.
        gain = 0.5 * float(move @ gradient)
        if gain <= ROUNDING * (1 + abs(value)) or step == MOST_STEPS:
            there = gain < NEARLY and bool(bends[0] > FLAT) and not _at_edge(x, where)
            return Reached(x, value, free, there)
        longest = np.full(len(x), pace)
        longest[0] = pace * (sd + 0.5 * abs(float(x[0] - start[0])))
        move *= min(1.0, 1 / float((np.abs(move) / longest).max()))
        following = np.clip(x + move, where.low, where.high)
        higher = curve(following)
        while higher[0] < value and float((np.abs(move) / longest).max()) > 1e-12:
            move /= 2
            following = np.clip(x + move, where.low, where.high)
            higher = curve(following)
        x, (value, gradient) = following, higher


def _at_edge(x: FloatArray, where: Region) -> bool:
    margin = 1e-3 * (where.high - where.low)
    low, high = x <= where.low + margin, x >= where.high - margin
    low[1] = False
    return bool(low.any() or high.any())


def _free(x: FloatArray, gradient: FloatArray, where: Region) -> IntArray:
    """The parameters that may move: the mean, and others unless at an edge beyond which the likelihood rises."""
    outwards = ((x <= where.low) & (gradient <= 0)) | ((x >= where.high) & (gradient >= 0))
    outwards[0] = False
    return np.flatnonzero(~outwards)


def _hessian(curve: Curve, x: FloatArray, rows: IntArray, fine: bool) -> FloatArray:
    """Second derivatives by central differences of the gradient; ``fine`` takes away their first error term."""

    def difference(row: int, size: float) -> FloatArray:
        step = np.zeros(len(x))
        step[row] = size
        return (curve(x + step)[1] - curve(x - step)[1])[rows] / (2 * size)

    columns: list[FloatArray] = []
    for row in rows.tolist():
        # The others are logarithms; the mean gets a step in units of the most precise study's deviation.
        size = 1e-3 * math.exp(0.5 * float(x[1])) if row == 0 else 1e-3
        near = difference(row, size)
        columns.append((4 * near - difference(row, 2 * size)) / 3 if fine else near)
    matrix = np.array(columns)
    return (matrix + matrix.T) / 2


def _report(curve: Curve, where: Region, top: Reached) -> Maximum:
    x, free = top.x, top.free
    total = math.exp(float(x[1]))
    covariance = np.zeros((len(x), len(x)))
    covariance[np.ix_(free, free)] = np.linalg.inv(-_hessian(curve, x, free, True))
    covariance[1] *= total
    covariance[:, 1] *= total
    tau2 = max(total - where.offset, 0.0) if 1 in free else 0.0
    return Maximum(float(x[0]), tau2, x[2:], top.value, covariance)
