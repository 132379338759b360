"""Laplace's approximation for two independent arms whose linear predictors are bivariate normal.

Pinheiro & Bates 1995, section 2.2: log-likelihood and prior at the joint mode, less half the log determinant of the
curvature there. Used by the model with random study effects and by the bivariate model of test accuracy.
"""

from __future__ import annotations

import numpy as np

from core.pooling.glmm.kernels import Arm
from core.pooling.measures.base import FloatArray

MOST_STEPS = 200
CLOSE = 1e-11


def laplace(
    arm1: Arm, arm2: Arm, mean: tuple[FloatArray, FloatArray], root: FloatArray, start: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """(log of each study's integral relative to its saturated fit, modes).

    Predictors are ``mean`` (two columns) + root b, b ~ N(0, I): the covariance is root root', which may be singular.
    ``start`` and the modes are 2 x studies.
    """
    (r11, r12), (r21, r22) = root

    def predictors(b: FloatArray) -> tuple[FloatArray, FloatArray]:
        one = mean[0] + (r11 * b[0] + r12 * b[1])[:, None]
        return one, mean[1] + (r21 * b[0] + r22 * b[1])[:, None]

    def value(b: FloatArray) -> FloatArray:
        one, two = predictors(b)
        return (arm1.value(one) + arm2.value(two))[:, 0] - (b * b).sum(axis=0) / 2

    b, height, det = start, value(start), np.ones(start.shape[1])
    for _ in range(MOST_STEPS):
        slope, (h11, h12, h22), det = _bend(arm1, arm2, predictors(b), root, b)
        step = np.array([h22 * slope[0] - h12 * slope[1], h11 * slope[1] - h12 * slope[0]]) / det
        if float(np.abs(step).max()) < CLOSE:
            break
        higher = value(b + step)
        for _ in range(60):
            worse = higher < height - 1e-12 * (1 + np.abs(height))
            if not worse.any():
                break
            step = np.where(worse, step / 2, step)
            higher = value(b + step)
        b, height = b + step, higher
    return height - 0.5 * np.log(det), b


def _bend(
    arm1: Arm, arm2: Arm, at: tuple[FloatArray, FloatArray], root: FloatArray, b: FloatArray
) -> tuple[FloatArray, tuple[FloatArray, FloatArray, FloatArray], FloatArray]:
    """Slope in b, the entries of minus the matrix of second derivatives, and its determinant."""
    (r11, r12), (r21, r22) = root
    first1, second1 = (values[:, 0] for values in arm1.slopes(at[0]))
    first2, second2 = (values[:, 0] for values in arm2.slopes(at[1]))
    slope = np.array([r11 * first1 + r21 * first2 - b[0], r12 * first1 + r22 * first2 - b[1]])
    h11 = 1 - r11 * r11 * second1 - r21 * r21 * second2
    h12 = -r11 * r12 * second1 - r21 * r22 * second2
    h22 = 1 - r12 * r12 * second1 - r22 * r22 * second2
    # Written out so that large curvatures do not cancel: det(I + R'WR) = 1 + tr(R'WR) + det(R)^2 w1 w2.
    det = 1 + (h11 - 1) + (h22 - 1) + (r11 * r22 - r12 * r21) ** 2 * second1 * second2
    return slope, (h11, h12, h22), det
