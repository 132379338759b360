"""Highest point of a log-likelihood with a few parameters, some of them standard deviations.

The log-likelihood is even in a standard deviation, so 0 is an ordinary point and the border needs no barrier. First the
profile over the between-study standard deviation is followed on a grid, so that every peak (and the border) is seen;
then Newton's method, which only ever climbs, polishes from each peak.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from core.pooling.measures.base import FloatArray

Objective = Callable[[FloatArray], float]
GAIN = 1e-9
# Steps of the differences and of the grid: the first as a share of a standard error, the second as a factor.
STEP, WIDER = 1e-3, 2.5
# Rounding of a log-likelihood that is far from 0 (very many events and a poor fit) swamps a second difference over
# small steps. They grow with its root, up to a standard error, over which such a likelihood is a parabola.
LONGEST, PER_ROOT = 1.0, 3e-5
MOST_STEPS, MOST_HALVINGS = 60, 30
NEAR, PATIENCE, MOST_SCALES = 4.0, 8, 4
# A profile that has fallen this far is not followed further.
LOW = 5.0


class Peak(NamedTuple):
    """Where a log-likelihood is highest, its value there and about the standard error of each parameter."""

    at: FloatArray
    height: float
    scale: FloatArray


def derivatives(f: Objective, at: FloatArray, height: float, step: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Gradient and matrix of second derivatives by central differences (error of order step^2)."""
    size = len(at)
    gradient, second = np.zeros(size), np.zeros((size, size))
    up, down = np.zeros(size), np.zeros(size)
    moves = np.diag(step)
    for i in range(size):
        up[i], down[i] = f(at + moves[i]), f(at - moves[i])
        gradient[i] = (up[i] - down[i]) / (2 * step[i])
        second[i, i] = (up[i] - 2 * height + down[i]) / step[i] ** 2
    for i in range(size):
        for j in range(i):
            moved = moves[i] + moves[j]
            both = f(at + moved) + f(at - moved) - up[i] - down[i] - up[j] - down[j] + 2 * height
            second[i, j] = second[j, i] = both / (2 * step[i] * step[j])
    return gradient, second


def climb(f: Objective, start: FloatArray, scale: FloatArray, most: int = MOST_STEPS) -> Peak:
    """Newton's method from ``start``; ``scale`` is about the standard error of each parameter. Directions in which the
    function is not concave are climbed along the gradient; a step that does not climb is halved. Steps of more than
    ``NEAR`` standard errors are cut, until ``PATIENCE`` of them have led uphill: from there on ever longer ones are
    taken, because with very many events the top may lie thousands of standard errors away."""
    at, height, scale = start.copy(), f(start), scale.copy()
    reach, cut = NEAR, 0
    for _ in range(most):
        gradient, second = derivatives(f, at, height, STEP * scale)
        values, vectors = np.linalg.eigh(-second * np.outer(scale, scale))
        concave = bool(values[0] > 1e-3)
        values = np.maximum(np.abs(values), 1e-3)
        along = vectors.T @ (gradient * scale)
        step = vectors @ (along / values)
        far = float(np.abs(step).max()) / reach
        step *= scale / max(1.0, far)
        gain = float(along**2 @ (1 / values))
        scale = np.clip(1 / np.sqrt(np.abs(np.diag(second)) + 1e-30), scale / 4, scale * 4)
        share = 1.0
        for _ in range(MOST_HALVINGS):
            higher = f(at + share * step)
            if higher >= height:
                at, height = at + share * step, higher
                break
            share /= 2
        else:
            break
        cut = cut + 1 if far > 1 and share == 1 and concave else 0
        reach = 2 * reach if cut > PATIENCE else max(NEAR, reach * share)
        if gain < GAIN:
            break
    return Peak(at, height, scale)


def highest(f: Objective, lowest: Peak, spread: int, unit: float, largest: float) -> Peak | None:
    """The highest peak of all; parameter number ``spread`` is the between-study standard deviation.

    ``lowest`` is the peak with that parameter at 0, ``unit`` a small value of it. None when the likelihood still rises
    at ``largest``.
    """
    others = np.arange(len(lowest.at)) != spread
    taus, heights, places = [0.0], [lowest.height], [lowest.at[others]]
    tau = unit
    while tau < largest:
        # With many events the other parameters are known far better without spread than with it.
        peak = climb(held(f, spread, tau), places[-1], np.maximum(lowest.scale[others], tau / 4), 2)
        taus.append(tau)
        heights.append(peak.height)
        places.append(peak.at)
        if len(heights) > 3 and peak.height < max(heights) - LOW:
            break
        tau *= WIDER
    found = [lowest]
    for i, height in enumerate(heights):
        if height < max(heights[max(i - 1, 0) : i + 2]):
            continue
        if i == len(taus) - 1:
            return None
        at = np.insert(places[i], spread, taus[i] or unit / 4)
        scale = np.maximum(lowest.scale, taus[i] / 4)
        scale[spread] = max(taus[i], unit) / 4
        found.append(climb(f, at, scale))
    return max(found, key=lambda peak: peak.height)


def held(f: Objective, parameter: int, value: float) -> Objective:
    """The same function with one of its parameters held at a value."""
    return lambda rest: f(np.insert(rest, parameter, value))


def observed_information(f: Objective, peak: Peak, free: Sequence[int]) -> FloatArray:
    """Minus the second derivatives at the peak in the parameters ``free`` (those at the border of their range left out:
    by symmetry they are uncorrelated with the others)."""
    index = list(free)

    def part(values: FloatArray) -> float:
        at = peak.at.copy()
        at[index] = values
        return f(at)

    start, scale = peak.at[index], peak.scale[index]
    height = part(start)
    step = min(LONGEST, max(STEP, PER_ROOT * math.sqrt(abs(height))))
    information = -derivatives(part, start, height, step * scale)[1]
    # A search that ended where it began never learnt how wide the peak is.
    for _ in range(MOST_SCALES):
        width = 1 / np.sqrt(np.abs(np.diag(information)) + 1e-30)
        if np.all((width < 2 * scale) & (width > scale / 2)):
            break
        scale = np.clip(width, scale / 100, scale * 100)
        information = -derivatives(part, start, height, step * scale)[1]
    return information


def first_standard_error(information: FloatArray) -> float | None:
    """Standard error of the first parameter; None when the information is not positive definite."""
    size = np.sqrt(np.abs(np.diag(information)))
    if not np.all(size > 0):
        return None
    scaled = information / np.outer(size, size)
    if float(np.linalg.eigvalsh(scaled)[0]) <= 1e-12:
        return None
    return math.sqrt(float(np.linalg.inv(scaled)[0, 0])) / float(size[0])
