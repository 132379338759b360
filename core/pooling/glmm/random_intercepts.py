"""Two arms per study with random study effects and random treatment effects, independent of each other (UM.RS).

Linear predictors mu + s_i + (theta + u_i) / 2 and mu + s_i - (theta + u_i) / 2 with s_i ~ N(0, sigma^2), u_i ~ N(0,
tau^2): model 5 of Jackson et al. 2018 (Stat Med 37:1059). The two integrals per study by Laplace's approximation.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from core.pooling.glmm.kernels import Arm, Binomial
from core.pooling.glmm.laplace import laplace
from core.pooling.glmm.search import Peak
from core.pooling.measures.base import FloatArray

FAR = 3.0
# An effect of a study's own that lies beyond any finite one: exp(-this) is nothing beside any count.
INFINITE = 60.0


@dataclass(slots=True, eq=False)
class RandomStudies:
    """Log-likelihood of (theta, tau, mu, sigma), relative to the saturated fit; tau and sigma may have either sign."""

    arm1: Arm
    arm2: Arm
    modes: FloatArray = field(init=False)
    reached: tuple[FloatArray, FloatArray] = field(init=False)

    def __post_init__(self) -> None:
        self.modes = np.zeros((2, len(self.arm1.x)))

    def __call__(self, at: FloatArray) -> float:
        theta, tau, mu, sigma = at
        k = self.modes.shape[1]
        root = np.array([[sigma, tau / 2], [sigma, -tau / 2]])
        mean = np.full((k, 1), mu + theta / 2), np.full((k, 1), mu - theta / 2)
        found, self.modes = laplace(self.arm1, self.arm2, mean, root, self.modes)
        moved = root @ self.modes
        self.reached = mean[0] + moved[0][:, None], mean[1] + moved[1][:, None]
        return float(found.sum())

    def conditional(self) -> float:
        """Log-likelihood of the counts given the modes of the last call, relative to the saturated fit."""
        return float((self.arm1.value(self.reached[0]) + self.arm2.value(self.reached[1])).sum())


@dataclass(slots=True, eq=False)
class OwnEffects:
    """The same model with an effect of each study's own in place of theta + u_i: log-likelihood of (mu, sigma) with
    every effect at its best. What the test for heterogeneity compares with.

    The second arm has the predictor mu + s_i and the first that plus the study's own effect, so that a study without
    events in the first arm has an effect of minus infinity.
    """

    arm1: Arm
    arm2: Arm
    effects: FloatArray = field(init=False)
    finite: FloatArray = field(init=False)
    modes: FloatArray = field(init=False)

    def __post_init__(self) -> None:
        one, two = (np.log(_odds(arm)) for arm in (self.arm1, self.arm2))
        none = self.arm1.x == 0
        full = self.arm1.x == self.arm1.n if isinstance(self.arm1, Binomial) else np.zeros_like(none)
        self.effects = np.where(none, -INFINITE, np.where(full, INFINITE, one - two))
        self.finite = np.where(none | full, 0.0, 1.0)
        self.modes = np.zeros((2, len(self.effects)))

    def __call__(self, at: FloatArray) -> float:
        mu, sigma = float(at[0]), float(at[1])
        height = self.each(mu, sigma, self.effects)
        scale = np.full_like(self.effects, 0.3)
        for _ in range(100):
            h = 1e-3 * scale
            up, down = self.each(mu, sigma, self.effects + h), self.each(mu, sigma, self.effects - h)
            slope, bend = (up - down) / (2 * h), np.abs(up - 2 * height + down) / (h * h)
            step = self.finite * np.clip(slope / np.maximum(bend, 1e-6), -FAR, FAR)
            scale = 1 / np.sqrt(np.clip(bend, 1e-2, None))
            higher = self.each(mu, sigma, self.effects + step)
            for _ in range(30):
                worse = higher < height - 1e-12 * (1 + np.abs(height))
                if not worse.any():
                    break
                step = np.where(worse, step / 2, step)
                higher = self.each(mu, sigma, self.effects + step)
            self.effects, height = self.effects + step, higher
            if float(np.abs(slope * step).max()) < 1e-11:
                break
        return float(height.sum())

    def each(self, mu: float, sigma: float, effects: FloatArray) -> FloatArray:
        """Log-likelihood of every study."""
        root = np.array([[sigma, 0.0], [sigma, 0.0]])
        mean = (mu + effects)[:, None], np.full((len(effects), 1), mu)
        found, self.modes = laplace(self.arm1, self.arm2, mean, root, self.modes)
        return found

    def wald(self, peak: Peak) -> float | None:
        """Wald's statistic for equal effects of all studies, from the observed information.

        With D the information of the effects, B their information shared with (mu, sigma) and A that of these two, the
        effects have the precision W = D - B A^-1 B' and the statistic is (d - m)' W (d - m) at the best m: a few sums
        over studies. Infinite effects have no information.
        """
        self(peak.at)
        free = [0] if abs(peak.at[1]) < 1e-4 else [0, 1]
        own, shared, common = self._information(peak, free)
        keep = self.finite > 0
        if keep.sum() < 2:
            return None
        d, own, shared = self.effects[keep], own[keep], shared[keep]
        inverse = np.linalg.inv(common)

        def product(one: FloatArray, other: FloatArray) -> float:
            return float((own * one * other).sum() - (shared.T @ one) @ inverse @ (shared.T @ other))

        ones = np.ones_like(d)
        middle = product(ones, d) / product(ones, ones)
        return product(d - middle, d - middle)

    def _information(self, peak: Peak, free: list[int]) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Minus the second derivatives: per study in its effect, in its effect and each common parameter, and those of
        the common ones."""
        at, best = peak.at, self.effects
        height = self.each(at[0], at[1], best)
        rough = self.each(at[0], at[1], best + 1e-2) - 2 * height + self.each(at[0], at[1], best - 1e-2)
        h = 4e-3 / np.sqrt(np.clip(np.abs(rough) / 1e-4, 1e-2, None))
        steps = 4e-3 * peak.scale

        def moved(parts: tuple[float, float], share: float) -> FloatArray:
            return self.each(at[0] + parts[0], at[1] + parts[1], best + share * h)

        here, units = (0.0, 0.0), [(float(steps[0]), 0.0), (0.0, float(steps[1]))]
        own = -(moved(here, 1) - 2 * height + moved(here, -1)) / h**2
        shared, common = np.zeros((len(best), len(free))), np.zeros((len(free), len(free)))
        for i, first in enumerate(free):
            p, q = units[first], (-units[first][0], -units[first][1])
            cross = moved(p, 1) - moved(p, -1) - moved(q, 1) + moved(q, -1)
            shared[:, i] = -cross / (4 * h * steps[first])
            common[i, i] = -float((moved(p, 0) - 2 * height + moved(q, 0)).sum()) / steps[first] ** 2
        if len(free) == 2:
            (a, _), (_, b) = units
            cross = moved((a, b), 0) - moved((a, -b), 0) - moved((-a, b), 0) + moved((-a, -b), 0)
            common[0, 1] = common[1, 0] = -float(cross.sum()) / (4 * a * b)
        return own, shared, common


def _odds(arm: Arm) -> FloatArray:
    """Odds or rates with half an event added: where a search starts."""
    rest = arm.n - arm.x + 0.5 if isinstance(arm, Binomial) else arm.t
    return (arm.x + 0.5) / rest
