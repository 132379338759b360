"""The likelihood of a three-level model and where it is highest, at a cost proportional to the number of effects.

The covariance matrix of a cluster is diag(v + within) + between x 11', so its inverse is a diagonal plus one outer
product (Sherman & Morrison 1950). Given the variance within clusters, the clusters' weighted means with the variances
1 / sum(w) follow a random-effects model with tau2 = between; what is left of the likelihood does not hold it. So the
maximum is found by the estimators of ``tau2`` inside a search over one variance.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from core.pooling.measures.base import FloatArray
from core.pooling.tau2 import maximum_likelihood, restricted_likelihood

IntArray = np.ndarray[tuple[int], np.dtype[np.intp]]


@dataclass(frozen=True, slots=True)
class Components:
    """The two variances at the highest likelihood, and that log-likelihood with its constants."""

    between: float
    within: float
    log_likelihood: float


class Clustered:
    """Effects ``y`` (shifted by a common constant) with variances ``v``, in clusters numbered by ``codes``."""

    def __init__(self, y: FloatArray, v: FloatArray, codes: IntArray, restricted: bool) -> None:
        # Sorted by cluster, the most precise effect of each first: sums that leave one effect out stay exact.
        order = np.lexsort((v, codes))
        self.y, self.v, self.codes = y[order], v[order], codes[order]
        self.starts: IntArray = np.flatnonzero(np.diff(self.codes, prepend=-1)).astype(np.intp)
        self.sizes = np.diff(np.append(self.starts, len(y)))
        self.restricted = restricted
        self.k, self.m = len(y), len(self.starts)
        # Above this the likelihood falls in the variance within clusters, whatever the variance between them: there
        # r'V^-2 r <= sum(y^2) / within^2 is below tr(P) >= (k - m) / (max(v) + within).
        spread = float(self.y @ self.y) / (self.k - self.m)
        self.bound = spread + math.sqrt(spread * float(v.max()))

    def sums(self, values: FloatArray) -> FloatArray:
        """Sums over the effects of each cluster (along the last axis)."""
        return np.add.reduceat(values, self.starts, axis=-1)

    def _spread(self, values: FloatArray) -> FloatArray:
        return np.repeat(values, self.sizes, axis=-1)

    def means(self, within: float) -> tuple[FloatArray, FloatArray, float]:
        """The clusters' weighted means, their variances, and the part of -2 log-likelihood that they leave out."""
        w = 1 / (self.v + within)
        total = self.sums(w)
        mean = self.sums(w * self.y) / total
        r = self.y - self._spread(mean)
        rest = float(w @ (r * r)) - float(np.log(w).sum()) + float(np.log(total).sum())
        return mean, 1 / total, rest

    def log_likelihood(self, between: float, within: float) -> float:
        """The (restricted) log-likelihood, profiled over the mean, with constants."""
        mean, v, rest = self.means(within)
        w = 1 / (v + between)
        total = float(w.sum())
        r = mean - float(w @ mean) / total
        value = rest + float(w @ (r * r)) - float(np.log(w).sum())
        value += (self.k - self.restricted) * math.log(2 * math.pi)
        if self.restricted:
            value += math.log(total) - math.log(self.k)
        return -0.5 * value

    def between_given(self, within: float) -> float:
        """The variance between clusters at which the likelihood is highest, given that within them."""
        mean, v, _ = self.means(within)
        return (restricted_likelihood if self.restricted else maximum_likelihood)(mean, v)[0]

    def score_within(self, between: FloatArray | float, within: FloatArray) -> FloatArray:
        """Twice the derivative of the log-likelihood in the variance within clusters, at many pairs of variances.

        r'V^-2 r - tr(P), P = V^-1 - V^-1 11' V^-1 / 1'V^-1 1 under REML and V^-1 under ML, from sums of positive terms.
        """
        w = 1 / (self.v + within[:, None])
        total = self.sums(w)
        share = 1 / (1 + np.reshape(between, (-1, 1)) * total)
        mean = self.sums(w * self.y) / total
        weight = share * total
        all_weight = weight.sum(axis=1, keepdims=True)
        centre = np.einsum("ij,ij->i", weight, mean)[:, None] / all_weight
        residual = w * (self.y - self._spread(mean) + self._spread(share * (mean - centre)))
        # sum over a cluster of w x (the weights of its other effects)
        rest = w.copy()
        rest[:, self.starts] = 0
        others = self._spread(total) - w
        others[:, self.starts] = self.sums(rest)
        pairs = self.sums(w * others)
        trace = (np.reshape(between, (-1, 1)) * share * pairs).sum(axis=1)
        if self.restricted:
            trace += (weight * others_of(weight) + share * share * pairs).sum(axis=1) / all_weight[:, 0]
        else:
            trace += weight.sum(axis=1)
        return np.einsum("ij,ij->i", residual, residual) - trace

    def grid(self) -> FloatArray:
        """0 and steps of a factor of two from an eighth of the smallest variance up to the bound."""
        lowest = min(float(self.v.min()) / 8, self.bound)
        if lowest == 0:
            return np.zeros(1)
        points = np.zeros(math.ceil(math.log2(self.bound / lowest)) + 2)
        points[1:] = np.ldexp(lowest, np.arange(len(points) - 1))
        return points


def others_of(weight: FloatArray) -> FloatArray:
    """The sum of the other weights in each row; the largest is left out of it by addition, not by subtraction."""
    total = weight.sum(axis=1, keepdims=True)
    rows, top = np.arange(len(weight)), weight.argmax(axis=1)
    rest = weight.copy()
    rest[rows, top] = 0
    others = total - weight
    others[rows, top] = rest.sum(axis=1)
    return others


def _within_candidates(
    data: Clustered, between_at: Callable[[float], float], grid: FloatArray, between: FloatArray
) -> list[float]:
    """The variances within clusters where the score falls through 0, each bracketed on the grid and then polished."""
    from scipy.optimize import brentq

    # A block of the grid at a time, so that many effects do not fill the memory.
    step = max(1, 2_000_000 // data.k)
    parts = [slice(i, i + step) for i in range(0, len(grid), step)]
    values = np.concatenate([data.score_within(between[part], grid[part]) for part in parts])
    # Taken from here at the ends of a bracket, so that rounding cannot turn a sign there.
    known = dict(zip(grid.tolist(), values.tolist(), strict=True))

    def score(within: float) -> float:
        if within in known:
            return known[within]
        return float(data.score_within(between_at(within), np.array([within]))[0])

    found = [0.0] if values[0] <= 0 else []
    for i in np.flatnonzero((values[:-1] > 0) & (values[1:] <= 0)):
        low, high = float(grid[i]), float(grid[i + 1])
        found.append(float(brentq(score, low, high, xtol=1e-14 * high, rtol=1e-13)))
    return found or [0.0]


def maximum(data: Clustered) -> Components:
    """The pair of variances >= 0 with the highest (restricted) likelihood. Nothing here can fail to converge."""
    grid = data.grid()
    between = np.array([data.between_given(float(within)) for within in grid])
    candidates = _within_candidates(data, data.between_given, grid, between)
    pairs = [(data.between_given(within), within) for within in candidates]
    return max((Components(b, w, data.log_likelihood(b, w)) for b, w in pairs), key=lambda found: found.log_likelihood)


def highest_given_between(data: Clustered, between: float) -> float:
    """The log-likelihood profiled over the variance within clusters, given that between them."""
    grid = data.grid()
    candidates = _within_candidates(data, lambda _: between, grid, np.full(len(grid), between))
    return max(data.log_likelihood(between, within) for within in candidates)


def highest_given_within(data: Clustered, within: float) -> float:
    """The log-likelihood profiled over the variance between clusters, given that within them."""
    return data.log_likelihood(data.between_given(within), within)


def profile_limits(data: Clustered, at: Components, drop: float) -> tuple[tuple[float, float], tuple[float, float]]:
    """Profile-likelihood limits of (between, within): where twice the log-likelihood has fallen by ``drop``."""
    start = float(data.v.min()) / 8

    def fall_between(value: float) -> float:
        return 2 * (at.log_likelihood - highest_given_between(data, value)) - drop

    def fall_within(value: float) -> float:
        return 2 * (at.log_likelihood - highest_given_within(data, value)) - drop

    return _crossings(fall_between, at.between, start), _crossings(fall_within, at.within, start)


def _crossings(curve: Callable[[float], float], at: float, start: float) -> tuple[float, float]:
    """The values next to ``at`` where the curve, below 0 there, reaches 0: (0, ...) when it does not below ``at``.

    ``start`` is a step to go up with when ``at`` is 0. The curve must rise without bound.
    """
    from scipy.optimize import brentq

    def root(low: float, high: float) -> float:
        return float(brentq(curve, low, high, xtol=1e-12 * high, rtol=1e-10))

    lower = 0.0
    if at > 0 and curve(0.0) > 0:
        low, high = at / 2, at
        while curve(low) <= 0:
            low, high = low / 2, low
        lower = root(low, high)
    low, high = at, 2 * at if at > 0 else start
    while curve(high) <= 0:
        low, high = high, 2 * high
    return lower, root(low, high)
