"""Log-likelihoods of one study as functions of its own parameter, relative to the best that the study could have.

Measured from the saturated fit they are never positive, and stay exact for counts of 1e9, where the plain
log-likelihood would lose its last digits to the binomial coefficient.
"""

from __future__ import annotations

import math
from typing import Protocol

import numpy as np

from core.pooling.measures.base import FloatArray

# Beyond this a logit or log rate changes no probability any more; exp() stays finite.
FARTHEST = 600.0


def stirling(x: FloatArray) -> FloatArray:
    """log(x!) less Stirling's formula, for x >= 1, without the cancellation of the difference when x is large."""
    from scipy.special import gammaln

    series = (1 / 12 - (1 / 360 - 1 / 1260 / x**2) / x**2) / x
    small = np.minimum(x, 100.0)
    plain = gammaln(small + 1) - (small + 0.5) * np.log(small) + small - 0.5 * math.log(2 * math.pi)
    return np.where(x < 100, plain, series)


def bounded(at: FloatArray) -> FloatArray:
    """Values within +-``FARTHEST``."""
    return np.minimum(np.maximum(at, -FARTHEST), FARTHEST)


class Kernel(Protocol):
    """A concave log-likelihood per study. ``at`` has one row per study and any number of columns."""

    def value(self, at: FloatArray) -> FloatArray:
        """Log-likelihood, up to a constant of each study."""
        ...

    def slopes(self, at: FloatArray) -> tuple[FloatArray, FloatArray]:
        """First and second derivative (the second never positive)."""
        ...


class Binomial:
    """x events of n, as a function of the logit less ``offset``. x = 0, x = n and n = 0 are allowed."""

    def __init__(self, x: FloatArray, n: FloatArray, offset: FloatArray | None = None) -> None:
        self.x, self.n = x, n
        inner = (x > 0) & (x < n)
        p = np.where(inner, x / np.where(inner, n, 1.0), 0.5)
        shift = np.zeros(len(x)) if offset is None else offset
        self._x, self._n, self._p, self._shift = x[:, None], n[:, None], p[:, None], shift[:, None]
        self._moved = (shift - (np.log(p) - np.log1p(-p)))[:, None]
        self._edge = np.flatnonzero(~inner)
        self._sign = np.where(x > 0, -1.0, 1.0)[self._edge, None]

    def value(self, at: FloatArray) -> FloatArray:
        """x (e - e^) - n log((1 + exp e) / (1 + exp e^)), e^ being the observed logit."""
        moved = bounded(at + self._moved)
        out = self._x * moved - self._n * np.log1p(self._p * np.expm1(moved))
        if len(self._edge):
            out[self._edge] = -self._n[self._edge] * np.logaddexp(0.0, self._sign * (at + self._shift)[self._edge])
        return out

    def slopes(self, at: FloatArray) -> tuple[FloatArray, FloatArray]:
        """x - n p and -n p (1 - p)."""
        q = 1 / (1 + np.exp(bounded(at + self._shift)))
        expected = self._n * (1 - q)
        return self._x - expected, -expected * q

    def saturated(self) -> FloatArray:
        """The log-likelihood of the saturated fit of each study, binomial coefficient included."""
        inner = (self.x > 0) & (self.x < self.n)
        x, n = np.where(inner, self.x, 1.0), np.where(inner, self.n, 2.0)
        spread = -0.5 * np.log(2 * math.pi * x * (1 - x / n))
        return np.where(inner, stirling(n) - stirling(x) - stirling(n - x) + spread, 0.0)


class Poisson:
    """x events in a time t, as a function of the logarithm of the rate. x = 0 is allowed."""

    def __init__(self, x: FloatArray, t: FloatArray) -> None:
        self.x, self.t = x, t
        self._x, self._t = x[:, None], t[:, None]
        self._observed = np.log(np.where(x > 0, x, 1.0) / t)[:, None]
        self._edge = np.flatnonzero(x == 0)

    def value(self, at: FloatArray) -> FloatArray:
        """x ((e - e^) - (exp(e - e^) - 1)), e^ = log(x / t)."""
        moved = bounded(at - self._observed)
        out = self._x * (moved - np.expm1(moved))
        if len(self._edge):
            out[self._edge] = -self._t[self._edge] * np.exp(bounded(at[self._edge]))
        return out

    def slopes(self, at: FloatArray) -> tuple[FloatArray, FloatArray]:
        """x - t exp(e) and -t exp(e)."""
        expected = self._t * np.exp(bounded(at))
        return self._x - expected, -expected

    def saturated(self) -> FloatArray:
        """The log-likelihood of the saturated fit of each study."""
        x = np.where(self.x > 0, self.x, 1.0)
        return np.where(self.x > 0, -0.5 * np.log(2 * math.pi * x) - stirling(x), 0.0)


Arm = Binomial | Poisson
