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

STARTS = 5
# A direction in which the likelihood bends less than this says nothing (a standard error of a thousand); gains below
# ``ROUNDING`` of the log-likelihood are rounding.
FLAT, ROUNDING = 1e-6, 1e-14
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
    starts = _starts(curve, where, mean, tau2, sd)
    reached = [_climb(curve, where, start) for start in starts]
    found = [each if _at_edge(each[1], where) else _polished(curve, where, each[1]) for each in reached]
    inside = [each for each in found[:1] if isinstance(each, Maximum)]
    others = sorted((each for each in found if isinstance(each, Maximum)), key=lambda each: -each.log_likelihood)
    if not others:
        return Search(None, None, False)
    chosen = inside[0] if inside else others[0]
    clearly = chosen.log_likelihood + CLEARLY
    rival = others[0] if others[0].log_likelihood > clearly else None
    rises = any(isinstance(each, tuple) and each[0] > clearly for each in found)
    return Search(chosen, rival, rises)


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


def _climb(curve: Curve, where: Region, start: FloatArray) -> tuple[float, FloatArray]:
    from scipy.optimize import minimize

    def down(x: FloatArray) -> tuple[float, FloatArray]:
        value, gradient = curve(x)
        return -value, -gradient

    bounds = list(zip(where.low, where.high, strict=True))
    found = minimize(
        down, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 500, "ftol": 1e-13, "gtol": 1e-8}
    )
    return -float(found.fun), np.asarray(found.x, dtype=np.float64)


def _at_edge(x: FloatArray, where: Region) -> bool:
    margin = 1e-3 * (where.high - where.low)
    low, high = x <= where.low + margin, x >= where.high - margin
    low[1] = False
    return bool(low.any() or high.any())


def _free(x: FloatArray, gradient: FloatArray, where: Region) -> IntArray:
    """The parameters that may move: all but a tau2 of 0 at which the likelihood falls."""
    free = np.ones(len(x), dtype=np.bool_)
    free[1] = x[1] > where.low[1] or gradient[1] > 0
    return np.flatnonzero(free)


def _hessian(curve: Curve, x: FloatArray, rows: IntArray) -> FloatArray:
    """Second derivatives by central differences of the gradient, with one Richardson step."""
    columns: list[FloatArray] = []
    for row in rows:
        step = np.zeros(len(x))
        step[row] = 2e-3 * max(1.0, abs(float(x[row]))) if row == 0 else 2e-3
        near = (curve(x + step / 2)[1] - curve(x - step / 2)[1]) / float(step[row])
        far = (curve(x + step)[1] - curve(x - step)[1]) / (2 * float(step[row]))
        columns.append(((4 * near - far) / 3)[rows])
    matrix = np.array(columns)
    return (matrix + matrix.T) / 2


def _polished(curve: Curve, where: Region, x: FloatArray) -> Maximum | None:
    """Newton's steps to the top, each halved until it does not descend. None when the top is flat or never reached."""
    value, gradient = curve(x)
    for _ in range(100):
        free = _free(x, gradient, where)
        bends, axes = np.linalg.eigh(-_hessian(curve, x, free))
        # Where the surface bends upwards, the same step length along the gradient.
        sizes = np.maximum(np.abs(bends), FLAT * float(np.abs(bends).max()))
        move = np.zeros(len(x))
        move[free] = axes @ ((axes.T @ gradient[free]) / sizes)
        # What a full step would gain: within rounding, there is nothing left to climb.
        gain = 0.5 * float(move @ gradient)
        following = np.clip(x + move, where.low, where.high)
        higher = curve(following)
        while gain > ROUNDING * (1 + abs(value)) and higher[0] < value and float(np.abs(move).max()) > 1e-9:
            move /= 2
            following = np.clip(x + move, where.low, where.high)
            higher = curve(following)
        if higher[0] <= value or gain <= ROUNDING * (1 + abs(value)):
            if bends[0] < FLAT or gain > 1e-7 or _at_edge(x, where):
                return None
            return _report(where, x, value, free, (axes / bends) @ axes.T)
        x, (value, gradient) = following, higher
    return None


def _report(where: Region, x: FloatArray, value: float, free: IntArray, covariance_: FloatArray) -> Maximum:
    total = math.exp(float(x[1]))
    covariance = np.zeros((len(x), len(x)))
    covariance[np.ix_(free, free)] = covariance_
    covariance[1] *= total
    covariance[:, 1] *= total
    tau2 = max(total - where.offset, 0.0) if 1 in free else 0.0
    return Maximum(float(x[0]), tau2, x[2:], value, covariance)
