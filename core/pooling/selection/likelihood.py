"""Log-likelihoods of the two selection models with their gradients, O(k).

A study with effect y and variance v is seen with a probability in proportion to the weight w(p) of its P value, so its
density is w(p) x N(y; mean, v + tau2) / A, where A is the mean weight under the model (Hedges 1992). Here P is
one-sided against effects above 0, or two-sided; a caller turns the signs for the other direction. The weights'
parameters are taken as logarithms.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Protocol

import numpy as np

from core.pooling.measures.base import FloatArray

IntArray = np.ndarray[tuple[int], np.dtype[np.intp]]
LOG_2PI = math.log(2 * math.pi)
# P values nearer to 0 or 1 than this are taken as this near in the beta model, whose weights would be infinite there
# (Citkowicz & Vevea 2017).
CENSORED = 1e-5


class Likelihood(Protocol):
    """A selection model for given data."""

    parameters: int

    def __call__(self, mean: float, tau2: float, logs: FloatArray) -> tuple[float, FloatArray]:
        """The log-likelihood and its gradient in (mean, tau2, logarithms of the weights' parameters)."""
        ...


def p_values(y: FloatArray, v: FloatArray, two_sided: bool) -> FloatArray:
    """P values of effects y, one-sided against effects above 0 or two-sided."""
    from scipy.special import ndtr

    z = y / np.sqrt(v)
    return np.asarray(2 * ndtr(-np.abs(z)) if two_sided else ndtr(-z), dtype=np.float64)


def _normal_part(y: FloatArray, total: FloatArray, mean: float) -> tuple[float, float, float]:
    """sum log N(y; mean, total), and its derivatives in the mean and in tau2."""
    r = y - mean
    scaled = r / total
    value = -0.5 * (len(y) * LOG_2PI + float(np.log(total).sum()) + float(r @ scaled))
    return value, float(scaled.sum()), 0.5 * float((scaled * scaled - 1 / total).sum())


class StepLikelihood:
    """Weights that are constant between steps of the P value (Vevea & Hedges 1995), 1 in the first interval.

    ``interval`` is the number of each study's interval. ``fixed`` holds the logarithms of weights that are not
    estimated (Vevea & Woods 2005), one per interval; None: those after the first are parameters.
    """

    def __init__(
        self,
        y: FloatArray,
        v: FloatArray,
        steps: FloatArray,
        interval: IntArray,
        two_sided: bool,
        fixed: FloatArray | None,
    ) -> None:
        from scipy.special import ndtri

        self.y, self.v, self.fixed, self.two_sided = y, v, fixed, two_sided
        self.counts = np.bincount(interval, minlength=len(steps)).astype(np.float64)
        self.parameters = 0 if fixed is not None else len(steps) - 1
        # The effects at which P is 0, then the steps, then 1: from infinity downwards.
        probability = np.concatenate(([0.0], steps))
        z = -np.asarray(ndtri(probability / 2 if two_sided else probability), dtype=np.float64)
        self.cuts = np.sqrt(v)[:, None] * z

    def __call__(self, mean: float, tau2: float, logs: FloatArray) -> tuple[float, FloatArray]:
        total = self.v + tau2
        log_weights = np.concatenate(([0.0], logs)) if self.fixed is None else self.fixed
        probability, in_mean, in_variance = self._chances(mean, total)
        # Divided by the largest weight, the products neither overflow nor all vanish.
        top = float(log_weights.max())
        weights = np.exp(log_weights - top)
        mean_weight = probability @ weights
        value, by_mean, by_tau2 = _normal_part(self.y, total, mean)
        value += float(self.counts @ (log_weights - top)) - float(np.log(mean_weight).sum())
        gradient = np.zeros(2 + self.parameters)
        gradient[0] = by_mean - float((in_mean @ weights / mean_weight).sum())
        gradient[1] = by_tau2 - float((in_variance @ weights / mean_weight).sum())
        if self.parameters:
            shares = (probability / mean_weight[:, None]).sum(axis=0) * weights
            gradient[2:] = (self.counts - shares)[1:]
        return value, gradient

    def _chances(self, mean: float, total: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        """The chance that P falls into each interval, and its derivatives in the mean and in the variance."""
        upper = _tails(self.cuts, mean, total)
        if not self.two_sided:
            return upper
        lower = _tails(self.cuts, -mean, total)
        return upper[0] + lower[0], upper[1] - lower[1], upper[2] + lower[2]


def _tails(cuts: FloatArray, mean: float, total: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """The chances of N(mean, total) between neighbouring cuts (which fall), with derivatives in mean and variance."""
    from scipy.special import ndtr

    sd = np.sqrt(total)[:, None]
    h = (cuts - mean) / sd
    high, low = h[:, :-1], h[:, 1:]
    # In the upper half the difference of the upper tails: neither side is then near 1.
    chance = np.where(low > 0, ndtr(-low) - ndtr(-high), ndtr(high) - ndtr(low))
    density = np.exp(-0.5 * h * h) / math.sqrt(2 * math.pi)
    in_mean = (density[:, 1:] - density[:, :-1]) / sd
    slope = np.where(density > 0, density * np.where(np.isfinite(h), h, 0.0), 0.0)
    return chance, in_mean, (slope[:, 1:] - slope[:, :-1]) / (2 * total[:, None])


@lru_cache(maxsize=1)
def _nodes() -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """z between the censored P values: nodes, log weights, log P, log(1 - P): 16 panels of 16 Gauss-Legendre nodes,
    exact to rounding for parameters up to a hundred."""
    from scipy.special import log_ndtr, ndtri

    end, panels = -float(ndtri(CENSORED)), 16
    x, w = np.polynomial.legendre.leggauss(16)
    half = end / panels
    centres = np.arange(-panels + 1, panels, 2) * half
    z = (centres[:, None] + half * x).ravel()
    log_w = np.log(np.tile(half * w, panels))
    return z, log_w, np.asarray(log_ndtr(-z)), np.asarray(log_ndtr(z))


class BetaLikelihood:
    """Weights p^(a - 1) (1 - p)^(b - 1) (Citkowicz & Vevea 2017), P one-sided; a and b are the parameters.

    The mean weight is an integral over z = y / SE between the censored P values, where the weight is smooth, and two
    normal tails beyond them.
    """

    parameters = 2

    def __init__(self, y: FloatArray, v: FloatArray) -> None:
        p = np.clip(p_values(y, v, False), CENSORED, 1 - CENSORED)
        q = np.clip(p_values(-y, v, False), CENSORED, 1 - CENSORED)
        self.y, self.v, self.se = y, v, np.sqrt(v)
        self.seen = np.array([np.log(p).sum(), np.log(q).sum()])
        z, log_w, log_p, log_q = _nodes()
        censored = math.log(CENSORED), math.log1p(-CENSORED)
        self.z, self.end, self.log_w = z, float(-_censored_z()), log_w
        # One column per term: the nodes, then the tail where P is near 0, then that where it is near 1.
        self.logs = np.array([np.append(log_p, censored), np.append(log_q, censored[::-1])])

    def __call__(self, mean: float, tau2: float, logs: FloatArray) -> tuple[float, FloatArray]:
        total = self.v + tau2
        a, b = np.exp(logs)
        terms, in_mean, in_tau2 = self._terms(mean, total)
        terms += (a - 1) * self.logs[0] + (b - 1) * self.logs[1]
        top = terms.max(axis=1, keepdims=True)
        share = np.exp(terms - top)
        size = share.sum(axis=1, keepdims=True)
        share /= size
        value, by_mean, by_tau2 = _normal_part(self.y, total, mean)
        value += float(np.array([a - 1, b - 1]) @ self.seen) - float((top + np.log(size)).sum())
        over = share.sum(axis=0)
        gradient = np.array(
            [
                by_mean - float(np.einsum("ij,ij->", share, in_mean)),
                by_tau2 - float(np.einsum("ij,ij->", share, in_tau2)),
                a * (self.seen[0] - float(over @ self.logs[0])),
                b * (self.seen[1] - float(over @ self.logs[1])),
            ]
        )
        return value, gradient

    def _terms(self, mean: float, total: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Logarithms of the terms of the integral without the weight, and their derivatives in the mean and in tau2."""
        from scipy.special import log_ndtr

        se, ratio = self.se[:, None], (total / self.v)[:, None]
        sd = np.sqrt(ratio)
        r = self.z - mean / se
        body = self.log_w - 0.5 * (r * r / ratio + LOG_2PI + np.log(ratio))
        # The tails P(z > end) and P(z < -end), and how they change with their standardised ends.
        ends = np.hstack([mean / se - self.end, -self.end - mean / se]) / sd
        tails = np.asarray(log_ndtr(ends))
        hazard = np.exp(-0.5 * (ends * ends + LOG_2PI) - tails)
        sign = np.array([1.0, -1.0])
        in_mean = np.hstack([r / (ratio * se), hazard * sign / (sd * se)])
        in_ratio = np.hstack([(r * r / ratio - 1) / (2 * ratio), -hazard * ends / (2 * ratio)])
        return np.hstack([body, tails]), in_mean, in_ratio / self.v[:, None]


def _censored_z() -> float:
    from scipy.special import ndtri

    return float(ndtri(CENSORED))
