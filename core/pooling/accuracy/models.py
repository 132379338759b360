"""The bivariate model of logit sensitivity and logit specificity: normal-normal and binomial-normal.

Both give the two means with their covariance, and the between-study covariance matrix. It is written as a product L L'
with L = ((s, 0), (c, d)), so that a correlation of +-1 (d = 0) and a variance of 0 are ordinary points for the search.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from core.pooling.accuracy.tables import Tables
from core.pooling.glmm.kernels import Binomial
from core.pooling.glmm.laplace import laplace
from core.pooling.glmm.search import Objective, Peak, climb, observed_information
from core.pooling.measures.base import FloatArray

# A standard deviation below this is reported as 0: the likelihood is flat there.
NOTHING = 1e-4


@dataclass(frozen=True, slots=True, eq=False)
class Bivariate:
    """Means of logit sensitivity and logit specificity, their covariance matrix, the between-study covariance matrix,
    the log-likelihood. ``covariance`` is None when the likelihood is flat at its peak."""

    means: FloatArray
    covariance: FloatArray | None
    between: FloatArray
    log_likelihood: float


def _between(factor: FloatArray) -> FloatArray:
    """L L', with what is next to nothing set to 0."""
    s, c, d = (float(value) for value in factor)
    first, second = s * s, c * c + d * d
    if first < NOTHING**2:
        return np.array([[0.0, 0.0], [0.0, second if second >= NOTHING**2 else 0.0]])
    if second < NOTHING**2:
        return np.array([[first, 0.0], [0.0, 0.0]])
    return np.array([[first, s * c], [s * c, second]])


def _best(f: Objective, starts: list[FloatArray], scale: FloatArray) -> Peak:
    return max((climb(f, start, scale) for start in starts), key=lambda peak: peak.height)


def with_half(found: Tables) -> tuple[tuple[FloatArray, ...], FloatArray]:
    """(tp, fn, tn, fp) of the studies used, 0.5 added to all four cells of a study where one is 0; which those are."""
    cells = [values[found.used] for values in (found.tp, found.fn, found.tn, found.fp)]
    zero = np.any([values == 0 for values in cells], axis=0)
    return tuple(values + 0.5 * zero for values in cells), zero


@dataclass(frozen=True, slots=True, eq=False)
class Gaussian:
    """Observed logits ``y`` and their variances ``v`` (2 x studies), by ``restricted`` maximum likelihood or not."""

    y: FloatArray
    v: FloatArray
    restricted: bool

    def solve(self, factor: FloatArray) -> tuple[float, FloatArray, FloatArray]:
        """(log-likelihood, means, covariance of the means) for a between-study factor (s, c, d)."""
        s, c, d = factor
        first, both, second = self.v[0] + s * s, s * c, self.v[1] + c * c + d * d
        # Written out so that d = 0 (correlation +-1) costs no digits.
        det = self.v[0] * second + s * s * (self.v[1] + d * d)
        w11, w12, w22 = second / det, -both / det, first / det
        precision = np.array([[w11.sum(), w12.sum()], [w12.sum(), w22.sum()]])
        right = np.array([w11 @ self.y[0] + w12 @ self.y[1], w12 @ self.y[0] + w22 @ self.y[1]])
        covariance = np.linalg.inv(precision)
        means = covariance @ right
        r1, r2 = self.y[0] - means[0], self.y[1] - means[1]
        distance = float((w11 * r1 * r1 + 2 * w12 * r1 * r2 + w22 * r2 * r2).sum())
        k = len(r1)
        value = -0.5 * (float(np.log(det).sum()) + distance + 2 * k * math.log(2 * math.pi))
        if self.restricted:
            value += 0.5 * (2 * math.log(k) + 2 * math.log(2 * math.pi) - float(np.linalg.slogdet(precision)[1]))
        return value, means, covariance


def normal_normal(found: Tables, restricted: bool) -> tuple[Bivariate, int]:
    """The model of Reitsma et al. 2005 (J Clin Epidemiol 58:982), and the number of corrected studies.

    Logits are taken as normal with variances 1 / tp + 1 / fn and 1 / tn + 1 / fp. REML's likelihood counts
    0.5 log |X'X|.
    """
    (tp, fn, tn, fp), corrected = with_half(found)
    data = Gaussian(
        np.array([np.log(tp) - np.log(fn), np.log(tn) - np.log(fp)]),
        np.array([1 / tp + 1 / fn, 1 / tn + 1 / fp]),
        restricted,
    )

    def value(factor: FloatArray) -> float:
        return data.solve(factor)[0]

    peak = _best(value, _starts(data), np.full(3, 0.2))
    between = _between(peak.at)
    height, means, covariance = data.solve(_factor(between))
    return Bivariate(means, covariance, between, height), int(corrected.sum())


def _starts(data: Gaussian) -> list[FloatArray]:
    spread = np.sqrt(np.maximum(data.y.var(axis=1) - np.median(data.v, axis=1), 0.01))
    starts = [np.array([spread[0], share * spread[1], spread[1]]) for share in (0.0, -0.8, 0.8)]
    return [*starts, np.array([0.05, 0.0, spread[1]]), np.array([spread[0], 0.0, 0.05])]


def _factor(between: FloatArray) -> FloatArray:
    """(s, c, d) of a covariance matrix."""
    s = math.sqrt(between[0, 0])
    c = between[0, 1] / s if s else 0.0
    return np.array([s, c, math.sqrt(max(0.0, between[1, 1] - c * c))])


@dataclass(slots=True, eq=False)
class Counted:
    """Log-likelihood of (mean 1, mean 2, s, c, d) relative to the saturated fit, by Laplace's approximation."""

    diseased: Binomial
    healthy: Binomial
    modes: FloatArray

    def __call__(self, at: FloatArray) -> float:
        k = self.modes.shape[1]
        means = np.full((k, 1), at[0]), np.full((k, 1), at[1])
        root = np.array([[at[2], 0.0], [at[3], at[4]]])
        found, self.modes = laplace(self.diseased, self.healthy, means, root, self.modes)
        return float(found.sum())


def _arm(x: FloatArray, rest: FloatArray) -> Binomial:
    """One group of each study; nothing where it is not known."""
    known = np.isfinite(x + rest)
    return Binomial(np.where(known, x, 0.0), np.where(known, x + rest, 0.0))


def binomial_normal(found: Tables) -> Bivariate:
    """The model of Chu & Cole 2006 (J Clin Epidemiol 59:1331), by maximum likelihood with Laplace's approximation (what
    lme4's glmer does with nAGQ = 1). Counts are taken as they are; no zero cell is corrected, and a study with one of
    the two groups counts for it."""
    rows = found.used | found.partial
    diseased, healthy = (_arm(x[rows], rest[rows]) for x, rest in ((found.tp, found.fn), (found.tn, found.fp)))
    objective = Counted(diseased, healthy, np.zeros((2, int(rows.sum()))))
    rough = normal_normal(found, False)[0]
    factor = _factor(rough.between)
    apart = (max(factor[0], 0.4), 0.0, max(math.sqrt(rough.between[1, 1]), 0.4))
    starts = [np.array([*rough.means, *beside]) for beside in ((max(factor[0], 0.1), factor[1], factor[2]), apart)]
    peak = _best(objective, starts, np.full(5, 0.2))
    between = _between(peak.at[2:])
    at = np.concatenate([peak.at[:2], _factor(between)])
    peak = Peak(at, objective(at), peak.scale)
    saturated = float((diseased.saturated() + healthy.saturated()).sum())
    return Bivariate(at[:2], _covariance(objective, peak), between, peak.height + saturated)


def _covariance(objective: Objective, peak: Peak) -> FloatArray | None:
    """Of the means, from the observed information of all parameters that are not at the border of their range."""
    s, _, d = (float(value) for value in peak.at[2:])
    spread = peak.at[3] ** 2 + d * d
    free = [0, 1]
    if s >= NOTHING:
        free += [2] if spread < NOTHING**2 else [2, 3]
    if abs(d) >= NOTHING:
        free.append(4)
    information = observed_information(objective, peak, free)
    size = np.sqrt(np.abs(np.diag(information)))
    if not np.all(size > 0):
        return None
    scaled = information / np.outer(size, size)
    if float(np.linalg.eigvalsh(scaled)[0]) <= 1e-10:
        return None
    return (np.linalg.inv(scaled) / np.outer(size, size))[:2, :2]
