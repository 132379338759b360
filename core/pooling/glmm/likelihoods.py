"""The likelihoods that ``glmm`` knows: counts of the studies in, a log-likelihood of a few parameters out.

Parameters are (theta, tau) or, with random study effects, (theta, tau, mu, sigma).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np

from core.language import mark
from core.pooling.glmm.conditional import OneParameter, events_given_total
from core.pooling.glmm.hypergeometric import maxima, tables
from core.pooling.glmm.kernels import Arm, Binomial, Poisson
from core.pooling.glmm.random_intercepts import OwnEffects, RandomStudies
from core.pooling.glmm.search import Peak, climb, held, highest
from core.pooling.glmm.unconditional import FixedStudies
from core.pooling.measures.base import BoolArray, FloatArray
from core.pooling.rules import Choice

# Quadrature nodes: as metafor's default for the models that it fits with lme4; many where metafor integrates exactly.
NODES, MANY_NODES = 7, 25
# Standard deviations: the first step away from 0, and where a likelihood that still rises has no maximum.
SMALL, LARGEST = 0.1, 64.0

LIKELIHOODS = (
    Choice("UM.FS", mark("Unconditional, fixed study effects"), mark("UM.FS")),
    Choice("UM.RS", mark("Unconditional, random study effects"), mark("UM.RS")),
    Choice("CM.EL", mark("Conditional on the total of events, exact"), mark("CM.EL")),
    Choice("CM.AL", mark("Conditional on the total of events, approximate (rare events)"), mark("CM.AL")),
)
OFFERED: dict[str, tuple[str | None, ...]] = {
    "OR": ("UM.FS", "UM.RS", "CM.EL", "CM.AL"),
    "IRR": ("UM.FS", "UM.RS", "CM.EL"),
    "PLO": (None,),
    "IRLN": (None,),
}


@dataclass(frozen=True, slots=True, eq=False)
class Counts:
    """Events and sizes (participants, or time at risk) of one or two groups."""

    kind: Literal["binomial", "poisson"]
    x: tuple[FloatArray, ...]
    n: tuple[FloatArray, ...]

    def __len__(self) -> int:
        return len(self.x[0])

    def rows(self, index: BoolArray) -> Counts:
        """Some of the studies."""
        return Counts(self.kind, tuple(x[index] for x in self.x), tuple(n[index] for n in self.n))

    def arms(self) -> tuple[Arm, ...]:
        """The likelihood of each group on its own."""
        of: Callable[[FloatArray, FloatArray], Arm] = Binomial if self.kind == "binomial" else Poisson
        return tuple(of(x, n) for x, n in zip(self.x, self.n, strict=True))

    def information(self) -> FloatArray:
        """1 / variance of each study's own effect from the plain counts; 0 with a zero cell."""
        cells = [*self.x]
        if self.kind == "binomial":
            cells += [n - x for x, n in zip(self.x, self.n, strict=True)]
        with np.errstate(divide="ignore"):
            return 1 / sum((1 / cell for cell in cells), np.zeros(len(self)))

    def effects(self) -> FloatArray:
        """Each study's own effect from the counts with half an event added: where a search starts."""
        logs = [
            np.log((x + 0.5) / (n - x + 0.5 if self.kind == "binomial" else n))
            for x, n in zip(self.x, self.n, strict=True)
        ]
        return logs[0] if len(logs) == 1 else logs[0] - logs[1]


class Objective(Protocol):
    """A log-likelihood that also says how likely the counts are given the effects it last found."""

    def __call__(self, at: FloatArray) -> float: ...

    def conditional(self) -> float:
        """Log-likelihood given the modes of the last call."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Likelihood:
    """A model of given counts.

    ``saturated`` is added to get an absolute log-likelihood, ``best`` is that of a model with an effect for each study.
    """

    objective: Objective
    saturated: float
    best: float
    wald: float | None
    common: Peak
    random_studies: bool


def wald(effects: FloatArray, information: FloatArray) -> float | None:
    """sum w (d - mean)^2 over the studies with information; None with fewer than two."""
    keep = information > 0
    if keep.sum() < 2:
        return None
    d, w = effects[keep], information[keep]
    moved = d - float(w @ d) / float(w.sum())
    return float(w @ (moved * moved))


def plain_effects(counts: Counts) -> FloatArray:
    """Each study's own effect (logarithm or logit) from the plain counts; infinite or undefined with a zero cell."""
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = [
            np.log(x / (n - x if counts.kind == "binomial" else n)) for x, n in zip(counts.x, counts.n, strict=True)
        ]
        return logs[0] if len(logs) == 1 else logs[0] - logs[1]


def likelihood(name: str | None, counts: Counts, with_best: bool) -> Likelihood:
    """The model ``name`` for these counts, fitted with tau = 0; ``with_best`` whether heterogeneity is asked for."""
    build = {"UM.FS": _fixed_studies, "UM.RS": _random_studies, "CM.EL": _exact, "CM.AL": _given_total}
    return _one_group(counts) if name is None else build[name](counts, with_best)


def _start(counts: Counts, effects: FloatArray) -> tuple[float, float]:
    """A sensible mean effect with its standard error."""
    w = 1 / sum((1 / (x + 0.5) for x in counts.x), np.zeros(len(counts)))
    total = float(w.sum())
    return float(w @ effects) / total, 1 / math.sqrt(total)


def _without_spread(objective: Objective, counts: Counts) -> Peak:
    """The peak with tau = 0 of a model of (theta, tau)."""
    theta, se = _start(counts, counts.effects())
    peak = climb(held(objective, 1, 0.0), np.array([theta]), np.array([se]))
    return Peak(np.insert(peak.at, 1, 0.0), peak.height, np.insert(peak.scale, 1, peak.scale[0]))


def _one_group(counts: Counts) -> Likelihood:
    (arm,) = counts.arms()
    objective = OneParameter(arm, len(counts), NODES)
    saturated = float(arm.saturated().sum())
    found = wald(plain_effects(counts), counts.information())
    return Likelihood(objective, saturated, saturated, found, _without_spread(objective, counts), False)


def _fixed_studies(counts: Counts, with_best: bool) -> Likelihood:
    arm1, arm2 = counts.arms()
    first = Counts(counts.kind, counts.x[:1], counts.n[:1]).effects()
    objective = FixedStudies(arm1, arm2, NODES, (first - counts.effects() / 2)[:, None])
    saturated = float((arm1.saturated() + arm2.saturated()).sum())
    found = wald(plain_effects(counts), counts.information()) if with_best else None
    return Likelihood(objective, saturated, saturated, found, _without_spread(objective, counts), False)


def _given_total(counts: Counts, with_best: bool) -> Likelihood:
    arm = events_given_total(counts.x[0], counts.n[0], counts.x[1], counts.n[1])
    objective = OneParameter(arm, len(counts), NODES)
    saturated = float(arm.saturated().sum())
    rates = Counts("poisson", counts.x, counts.n)
    found = wald(plain_effects(rates), rates.information()) if with_best else None
    return Likelihood(objective, saturated, saturated, found, _without_spread(objective, counts), False)


def _exact(counts: Counts, with_best: bool) -> Likelihood:
    if counts.kind == "poisson":
        return _given_total(counts, with_best)
    (a, c), (n1, n2) = counts.x, counts.n
    kernel = tables(a, n1, c, n2)
    objective = OneParameter(kernel, len(counts), MANY_NODES)
    best, found = 0.0, None
    if with_best:
        total = a + c
        interior = (a > np.maximum(0.0, total - n2)) & (a < np.minimum(n1, total))
        effects, information, heights = maxima(kernel, counts.effects(), interior)
        best, found = float(heights.sum()), wald(effects, information)
    return Likelihood(objective, 0.0, best, found, _without_spread(objective, counts), False)


def _random_studies(counts: Counts, with_best: bool) -> Likelihood:
    arm1, arm2 = counts.arms()
    objective = RandomStudies(arm1, arm2)
    saturated = float((arm1.saturated() + arm2.saturated()).sum())
    theta, se = _start(counts, counts.effects())
    x, n = sum(counts.x[1:], counts.x[0]).sum(), sum(counts.n[1:], counts.n[0]).sum()
    mu = math.log((x + 0.5) / (n - x + 0.5 if counts.kind == "binomial" else n))

    def alike(part: FloatArray) -> float:
        return objective(np.array([part[0], 0.0, part[1], part[2]]))

    flat = climb(held(alike, 2, 0.0), np.array([theta, mu]), np.array([se, se]))
    common = highest(alike, _with_spread(flat, 2), 2, SMALL, LARGEST) or _with_spread(flat, 2)
    best, found = saturated, None
    if with_best:
        own = OwnEffects(arm1, arm2)
        level = climb(held(own, 1, 0.0), np.array([mu]), np.array([se]))
        peak = highest(own, _with_spread(level, 1), 1, SMALL, LARGEST) or _with_spread(level, 1)
        best, found = saturated + peak.height, own.wald(peak)
    at, scale = np.insert(common.at, 1, 0.0), np.insert(common.scale, 1, common.scale[0])
    return Likelihood(objective, saturated, best, found, Peak(at, common.height, scale), True)


def _with_spread(peak: Peak, where: int) -> Peak:
    return Peak(np.insert(peak.at, where, 0.0), peak.height, np.insert(peak.scale, where, peak.scale[0]))
