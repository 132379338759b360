"""Two arms per study with fixed study effects (UM.FS): the study effects are profiled out one by one.

Model 4 of Jackson et al. 2018 (Stat Med 37:1059), after Simmonds & Higgins 2016 (Stat Methods Med Res 25:2858): linear
predictors alpha_i + (theta + u_i) / 2 and alpha_i - (theta + u_i) / 2, u_i ~ N(0, tau^2). Given theta and tau, each
study's likelihood depends on its own alpha_i only, so that the joint maximum costs one search in one dimension per
study, whatever their number.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from core.pooling.glmm.kernels import Arm
from core.pooling.glmm.quadrature import integrate
from core.pooling.measures.base import FloatArray

MOST_STEPS = 60
GAIN = 1e-13


@dataclass(frozen=True, slots=True, eq=False)
class Halves:
    """Both arms of every study as a function of their difference, with the middle (``alpha``) given."""

    arm1: Arm
    arm2: Arm
    alpha: FloatArray

    def value(self, at: FloatArray) -> FloatArray:
        """Sum of the two log-likelihoods."""
        return self.arm1.value(self.alpha + at / 2) + self.arm2.value(self.alpha - at / 2)

    def slopes(self, at: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Derivatives in the difference."""
        (first1, second1), (first2, second2) = self.arms(at)
        return (first1 - first2) / 2, (second1 + second2) / 4

    def arms(self, at: FloatArray) -> tuple[tuple[FloatArray, FloatArray], tuple[FloatArray, FloatArray]]:
        """First and second derivatives of each arm in its own linear predictor."""
        return self.arm1.slopes(self.alpha + at / 2), self.arm2.slopes(self.alpha - at / 2)


@dataclass(slots=True, eq=False)
class FixedStudies:
    """Log-likelihood of (theta, tau) with every alpha_i at its best, relative to the saturated fit."""

    arm1: Arm
    arm2: Arm
    nodes: int
    alpha: FloatArray
    modes: FloatArray = field(default_factory=lambda: np.zeros((0, 1)))
    reached: FloatArray = field(default_factory=lambda: np.zeros((0, 1)))

    def __call__(self, at: FloatArray) -> float:
        """The alphas are roots of the mean slope over the posterior of u_i, which falls as alpha rises: Newton's
        method inside a bracket."""
        theta, tau = float(at[0]), abs(float(at[1]))
        alpha = self.alpha
        modes = self.modes if len(self.modes) else np.zeros_like(alpha)
        low, high = np.full_like(alpha, -np.inf), np.full_like(alpha, np.inf)
        halves = Halves(self.arm1, self.arm2, alpha)
        found, modes = integrate(halves, theta, tau, self.nodes, modes)
        for _ in range(MOST_STEPS):
            (first1, second1), (first2, second2) = halves.arms(theta + tau * found.nodes)
            slope = first1 + first2
            mean = (found.share * slope).sum(axis=1, keepdims=True)
            own = (found.share * (second1 + second2)).sum(axis=1, keepdims=True)
            bend = own + (found.share * slope * slope).sum(axis=1, keepdims=True) - mean * mean
            low, high = np.where(mean > 0, alpha, low), np.where(mean > 0, high, alpha)
            step = np.clip(-mean / np.minimum(np.minimum(bend, 0.02 * own), -1e-300), -3, 3)
            if np.all(np.abs(step * mean) < GAIN):
                break
            moved = alpha + step
            outside = (moved <= low) | (moved >= high)
            alpha = np.where(outside, (np.maximum(low, alpha - 3) + np.minimum(high, alpha + 3)) / 2, moved)
            halves = Halves(self.arm1, self.arm2, alpha)
            found, modes = integrate(halves, theta, tau, self.nodes, modes)
        self.alpha, self.modes, self.reached = alpha, modes, theta + tau * modes
        return float(found.log.sum())

    def conditional(self) -> float:
        """Log-likelihood of the counts given the modes of the last call, relative to the saturated fit."""
        return float(Halves(self.arm1, self.arm2, self.alpha).value(self.reached).sum())
