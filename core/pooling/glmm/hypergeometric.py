"""The exact conditional likelihood of a two-by-two table given its margins, as a function of the log odds ratio.

Noncentral hypergeometric (Stijnen, Hamza & Ozdemir 2010, Stat Med 29:3046, section 3). For tables whose margins leave
at most ``LISTED`` possible values, the sum over them is taken as it stands, in logarithms; for larger ones it is a
ratio of probabilities: that of both arms under binomial distributions with this log odds ratio and the observed total
as mean, over that of the total (a saddlepoint expansion with its first correction, Daniels 1954, Ann Math Stat 25:631).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from core.pooling.glmm.kernels import FARTHEST, Binomial, Kernel
from core.pooling.measures.base import BoolArray, FloatArray

LISTED = 1000


@dataclass(frozen=True, slots=True, eq=False)
class Listed:
    """Tables with few possible values: ``steps`` are these minus the observed value, ``logs`` their log weights under
    an odds ratio of 1 relative to the observed one; -inf pads shorter rows."""

    steps: FloatArray
    logs: FloatArray

    def value(self, at: FloatArray) -> FloatArray:
        """-log sum exp(log weight + step x log odds ratio), plus nothing: the observed value has step 0."""
        return -self._sum(at)[0]

    def slopes(self, at: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Minus the mean and minus the variance of the step."""
        _, share = self._sum(at)
        steps = self.steps[:, None, :]
        mean = (share * steps).sum(axis=2)
        return -mean, mean * mean - (share * steps * steps).sum(axis=2)

    def _sum(self, at: FloatArray) -> tuple[FloatArray, FloatArray]:
        d = np.clip(at, -FARTHEST, FARTHEST)
        terms = self.logs[:, None, :] + d[:, :, None] * self.steps[:, None, :]
        top = terms.max(axis=2, keepdims=True)
        parts = np.exp(terms - top)
        total = parts.sum(axis=2, keepdims=True)
        return (top + np.log(total))[:, :, 0], parts / total


def listed(a: FloatArray, n1: FloatArray, c: FloatArray, n2: FloatArray) -> Listed:
    """The possible tables of every study, given the totals."""
    from scipy.special import gammaln

    total = a + c
    low, high = np.maximum(0.0, total - n2), np.minimum(n1, total)
    width = int((high - low).max()) + 1
    s = low[:, None] + np.arange(width)
    inside = s <= high[:, None]
    s = np.where(inside, s, low[:, None])
    rest = total[:, None] - s

    def weight(x: FloatArray, y: FloatArray) -> FloatArray:
        one = gammaln(x + 1) + gammaln(n1[:, None] - x + 1)
        return -one - gammaln(y + 1) - gammaln(n2[:, None] - y + 1)

    logs = weight(s, rest) - weight(a[:, None], c[:, None])
    return Listed(s - a[:, None], np.where(inside, logs, -np.inf))


@dataclass(frozen=True, slots=True, eq=False)
class Large:
    """Tables with many possible values."""

    arm1: Binomial
    arm2: Binomial
    best: FloatArray

    def _parts(self, at: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
        """(alpha, p1, p2, variance of the total), alpha +- d / 2 being the logits under which the observed total is
        the expected one: the root of a quadratic in exp(alpha)."""
        from scipy.special import expit

        n1, n2 = self.arm1.n[:, None], self.arm2.n[:, None]
        total = self.arm1.x[:, None] + self.arm2.x[:, None]
        d = np.clip(at, -FARTHEST / 2, FARTHEST / 2)
        # n1 p1 + n2 p2 = total with odds e z and e / z (z = exp(d / 2)) is (N - t) e^2 + b e - t = 0.
        z = np.exp(d / 2)
        rest = n1 + n2 - total
        b = (n1 - total) * z + (n2 - total) / z
        root = np.sqrt(b * b + 4 * rest * total)
        alpha = np.log(np.where(b > 0, 2 * total / (np.abs(b) + root), (np.abs(b) + root) / (2 * rest)))
        p1, p2 = expit(alpha + d / 2), expit(alpha - d / 2)
        return alpha, p1, p2, n1 * p1 * (1 - p1) + n2 * p2 * (1 - p2)

    def value(self, at: FloatArray) -> FloatArray:
        """Both arms' log-likelihood, less the log probability of the total at its mean."""
        alpha, p1, p2, variance = self._parts(at)
        n1, n2 = self.arm1.n[:, None], self.arm2.n[:, None]
        v1, v2 = n1 * p1 * (1 - p1), n2 * p2 * (1 - p2)
        third = v1 * (1 - 2 * p1) + v2 * (1 - 2 * p2)
        fourth = v1 * (1 - 6 * p1 * (1 - p1)) + v2 * (1 - 6 * p2 * (1 - p2))
        correction = fourth / (8 * variance**2) - 5 * third**2 / (24 * variance**3)
        # Far out, where the expansion fails, the table is impossible for all purposes; the logarithm must exist.
        of_total = -0.5 * np.log(2 * math.pi * variance) + np.log1p(np.clip(correction, -0.5, 0.5))
        d = np.clip(at, -FARTHEST / 2, FARTHEST / 2)
        arms = self.arm1.value(alpha + d / 2) + self.arm2.value(alpha - d / 2)
        return arms + self.best[:, None] - of_total

    def slopes(self, at: FloatArray) -> tuple[FloatArray, FloatArray]:
        """a - n1 p1 and minus the harmonic variance: exact to the order of 1 / variance."""
        _, p1, p2, variance = self._parts(at)
        n1, n2 = self.arm1.n[:, None], self.arm2.n[:, None]
        first = self.arm1.x[:, None] - n1 * p1
        return first, -(n1 * p1 * (1 - p1)) * (n2 * p2 * (1 - p2)) / variance


@dataclass(frozen=True, slots=True, eq=False)
class Tables:
    """Tables of both kinds, in the order given; ``few`` marks those whose possible values are listed."""

    listed: Listed | None
    large: Large | None
    few: BoolArray

    def value(self, at: FloatArray) -> FloatArray:
        """The log of the conditional probability of the table."""
        out = np.empty(at.shape)
        for rows, part in self._kinds():
            out[rows] = part.value(at[rows])
        return out

    def slopes(self, at: FloatArray) -> tuple[FloatArray, FloatArray]:
        """First and second derivative."""
        first, second = np.empty(at.shape), np.empty(at.shape)
        for rows, part in self._kinds():
            first[rows], second[rows] = part.slopes(at[rows])
        return first, second

    def _kinds(self) -> list[tuple[BoolArray, Kernel]]:
        both: list[tuple[BoolArray, Kernel]] = []
        if self.listed is not None:
            both.append((self.few, self.listed))
        if self.large is not None:
            both.append((~self.few, self.large))
        return both


def tables(a: FloatArray, n1: FloatArray, c: FloatArray, n2: FloatArray) -> Tables:
    """The conditional likelihood of these tables (events and sizes of both groups)."""
    total = a + c
    few = np.minimum(n1, total) - np.maximum(0.0, total - n2) <= LISTED
    short = listed(a[few], n1[few], c[few], n2[few]) if few.any() else None
    return Tables(short, _large(a[~few], n1[~few], c[~few], n2[~few]) if not few.all() else None, few)


def _large(a: FloatArray, n1: FloatArray, c: FloatArray, n2: FloatArray) -> Large:
    arm1, arm2 = Binomial(a, n1, np.zeros(len(a))), Binomial(c, n2, np.zeros(len(a)))
    return Large(arm1, arm2, arm1.saturated() + arm2.saturated())


def maxima(kernel: Tables, start: FloatArray, interior: BoolArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """(conditional maximum-likelihood log odds ratio, its information, log-likelihood there) of every study; an
    infinite estimate, with probability 1, where the table is not ``interior``."""
    at = np.where(interior, start, 0.0)[:, None]
    height = kernel.value(at)
    for _ in range(100):
        first, second = kernel.slopes(at)
        step = np.where(interior[:, None], -first / np.minimum(second, -1e-300), 0.0)
        step = np.clip(step, -2, 2)
        higher = kernel.value(at + step)
        for _ in range(50):
            worse = higher < height - 1e-13 * (1 + np.abs(height))
            if not worse.any():
                break
            step = np.where(worse, step / 2, step)
            higher = kernel.value(at + step)
        at, height = at + step, higher
        if np.all(np.abs(step) < 1e-10):
            break
    information = np.where(interior, -kernel.slopes(at)[1][:, 0], 0.0)
    return at[:, 0], information, np.where(interior, height[:, 0], 0.0)
