"""The tetrachoric correlation: the correlation of two normal variables that were cut into the rows and columns of a
2x2 table (Pearson 1900, Phil Trans A 195:1; Kirk 1973, Psychometrika 38:259)."""

from __future__ import annotations

from functools import cache

import numpy as np

from core.pooling.measures.base import FloatArray

Four = tuple[FloatArray, FloatArray, FloatArray, FloatArray]

# Gauss-Legendre panels that halve towards the end of the range, where the integrand may turn sharply.
PANELS, NODES = 24, 16
MOST_STEPS = 200
BLOCK = 512


def tetrachoric(table: Four) -> tuple[FloatArray, Four]:
    """(r, derivatives of r by the four shares) of every table; NaN where a cell is zero (r would be -1, 0 / 0 or 1).

    With thresholds h and k from the margins, r solves P(X > h, Y > k) = a / N. By Sheppard's theorem the left side is
    the product of the margins plus the integral of exp(-(h^2 + k^2 - 2 h k sin t) / (2 cos^2 t)) / (2 pi) from 0 to
    asin r, so that the integral alone must equal (ad - bc) / N^2: nothing cancels.
    """
    from scipy.special import ndtr

    r = np.full(len(table[0]), np.nan)
    slopes: Four = (r.copy(), r.copy(), r.copy(), r.copy())
    usable = np.flatnonzero((table[0] > 0) & (table[1] > 0) & (table[2] > 0) & (table[3] > 0))
    for first in range(0, len(usable), BLOCK):
        rows = usable[first : first + BLOCK]
        a, b, c, d = (cell[rows] for cell in table)
        total = a + b + c + d
        h, k = _threshold(a + b, c + d), _threshold(a + c, b + d)
        angle = _solve(h, k, 2 * np.pi * ((a / total) * (d / total) - (b / total) * (c / total)))
        sine, cosine = np.sin(angle), np.cos(angle)
        r[rows] = sine
        density = _kernel(h, k, angle) / (2 * np.pi * cosine)
        # A share in row 1 moves the threshold h, which moves P by the chance that Y lies beyond k at that threshold.
        by_row, by_column = ndtr((sine * h - k) / cosine), ndtr((sine * k - h) / cosine)
        for slope, value in zip(
            slopes, (1 - by_row - by_column, -by_row, -by_column, np.zeros_like(by_row)), strict=True
        ):
            slope[rows] = value / density
    return r, slopes


def _threshold(above: FloatArray, below: FloatArray) -> FloatArray:
    """The point of the standard normal with this share above it, from the smaller of the two."""
    from scipy.special import ndtri

    total = above + below
    return np.where(above <= below, -ndtri(above / total), ndtri(below / total))


def _kernel(h: FloatArray, k: FloatArray, angle: FloatArray) -> FloatArray:
    """exp(-(h^2 + k^2 - 2 h k sin t) / (2 cos^2 t)), in the form that keeps its digits near t = -/+ pi/2."""
    # (h -/+ k)^2 / cos^2 + the rest: with s = |sin t| and k of the sign that makes t positive.
    sign = np.where(angle < 0, -1.0, 1.0)
    turned = k * sign
    sine = np.abs(np.sin(angle))
    return np.exp(-((h - turned) ** 2) / (2 * np.cos(angle) ** 2) - h * turned / (1 + sine))


@cache
def _rule() -> tuple[FloatArray, FloatArray]:
    """Points and weights of the panels on (0, 1)."""
    x, w = np.polynomial.legendre.leggauss(NODES)
    edges = np.append(1 - 0.5 ** np.arange(PANELS), 1.0)
    width = np.diff(edges)
    return (edges[:-1, None] + width[:, None] * (x + 1) / 2).ravel(), (width[:, None] * w / 2).ravel()


def _integral(h: FloatArray, k: FloatArray, angle: FloatArray) -> FloatArray:
    """The kernel from 0 to ``angle``."""
    points, weights = _rule()
    values = _kernel(h[:, None], k[:, None], angle[:, None] * points)
    return (values @ weights) * angle


def _solve(h: FloatArray, k: FloatArray, target: FloatArray) -> FloatArray:
    """The angles whose integral is ``target``: Newton's steps, halved brackets where these would leave them."""
    low, high = np.full_like(target, -np.pi / 2), np.full_like(target, np.pi / 2)
    low[target >= 0], high[target <= 0] = 0.0, 0.0
    angle = (low + high) / 2
    for _ in range(MOST_STEPS):
        excess = _integral(h, k, angle) - target
        low, high = np.where(excess <= 0, angle, low), np.where(excess >= 0, angle, high)
        with np.errstate(divide="ignore", invalid="ignore"):
            step = angle - excess / _kernel(h, k, angle)
        inside = (step > low) & (step < high)
        following = np.where(inside, step, (low + high) / 2)
        moved = np.abs(following - angle)
        angle = following
        if (moved <= 4 * np.finfo(np.float64).eps * np.abs(angle)).all():
            break
    return angle
