"""Models with one parameter per study: one group, or two groups given the total number of events."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from core.pooling.glmm.kernels import Binomial, Kernel
from core.pooling.glmm.quadrature import integrate
from core.pooling.measures.base import FloatArray


@dataclass(slots=True, eq=False)
class OneParameter:
    """Log-likelihood of (theta, tau), relative to the saturated fit; tau may have either sign."""

    kernel: Kernel
    studies: int
    nodes: int
    modes: FloatArray | None = None
    reached: FloatArray = field(default_factory=lambda: np.zeros((0, 1)))

    def __call__(self, at: FloatArray) -> float:
        start = np.zeros((self.studies, 1)) if self.modes is None else self.modes
        theta, tau = float(at[0]), abs(float(at[1]))
        found, self.modes = integrate(self.kernel, theta, tau, self.nodes, start)
        self.reached = theta + tau * self.modes
        return float(found.log.sum())

    def conditional(self) -> float:
        """Log-likelihood of the counts given the modes of the last call, relative to the saturated fit."""
        return float(self.kernel.value(self.reached).sum())


def events_given_total(events1: FloatArray, size1: FloatArray, events2: FloatArray, size2: FloatArray) -> Binomial:
    """Events of group 1 among all events, binomial with logit theta + log(size1 / size2): exact for rates (``size`` is
    time at risk), an approximation for odds when events are rare (Stijnen, Hamza & Ozdemir 2010, section 4)."""
    return Binomial(events1, events1 + events2, np.log(size1) - np.log(size2))
