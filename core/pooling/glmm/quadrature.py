"""Marginal likelihoods of studies whose parameter is normally distributed: adaptive Gauss-Hermite quadrature.

Pinheiro & Bates 1995 (J Comput Graph Stat 4:12): the nodes are centred at the mode of each study's integrand and scaled
by its curvature there. All studies and nodes at once; cost linear in the number of studies.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from core.pooling.glmm.kernels import Kernel
from core.pooling.measures.base import FloatArray

MOST_STEPS = 200
CLOSE, FAR = 1e-11, 4.0


@lru_cache(maxsize=8)
def _rule(nodes: int) -> tuple[FloatArray, FloatArray]:
    """Nodes for a standard normal weight, and log(weight) + node^2 / 2."""
    points, weights = np.polynomial.hermite_e.hermegauss(nodes)
    return points, np.log(weights) + points**2 / 2


class Integral(NamedTuple):
    """The log of each study's integral, the nodes on the standardised scale (studies x nodes), and each node's share of
    the integral."""

    log: FloatArray
    nodes: FloatArray
    share: FloatArray


def mode(kernel: Kernel, theta: float, tau: float, start: FloatArray) -> tuple[FloatArray, FloatArray]:
    """(mode, curvature > 0) of l(theta + tau b) - b^2 / 2 in b, for every study (columns).

    Newton's method inside a bracket that the slope's sign narrows; the function is concave, so this cannot fail.
    """
    b = start
    low, high = np.full_like(b, -np.inf), np.full_like(b, np.inf)
    curvature = np.ones_like(b)
    for _ in range(MOST_STEPS):
        first, second = kernel.slopes(theta + tau * b)
        slope, curvature = tau * first - b, 1 - tau * tau * second
        step = slope / curvature
        if float(np.abs(step).max()) < CLOSE:
            break
        low, high = np.where(slope > 0, b, low), np.where(slope > 0, high, b)
        moved = b + np.minimum(np.maximum(step, -FAR), FAR)
        outside = (moved <= low) | (moved >= high)
        if outside.any():
            between = (np.maximum(low, b - FAR) + np.minimum(high, b + FAR)) / 2
            moved = np.where(outside & (np.abs(step) > CLOSE), between, moved)
        b = moved
    return b, curvature


def integrate(kernel: Kernel, theta: float, tau: float, nodes: int, start: FloatArray) -> tuple[Integral, FloatArray]:
    """log of the integral of exp(l(theta + tau b)) over b ~ N(0, 1) for every study, and the modes."""
    centre, curvature = mode(kernel, theta, tau, start)
    points, logs = _rule(nodes)
    scale = 1 / np.sqrt(curvature)
    b = centre + scale * points
    terms = kernel.value(theta + tau * b) - b * b / 2 + logs + np.log(scale)
    top = terms.max(axis=1, keepdims=True)
    parts = np.exp(terms - top)
    total = parts.sum(axis=1, keepdims=True)
    logged = (top + np.log(total))[:, 0] - 0.5 * math.log(2 * math.pi)
    return Integral(logged, b, parts / total), centre
