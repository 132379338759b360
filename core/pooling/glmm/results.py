"""What ``glmm`` returns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from core.pooling.inference import Interval
from core.pooling.measures import measure as measure_of
from core.pooling.notes import Note
from core.pooling.results import Displayed, Model


@dataclass(frozen=True, slots=True)
class GlmmSettings:
    """What was asked of ``glmm``, with every default filled in. ``likelihood`` is None for measures of one group."""

    likelihood: str | None
    model: Model
    ci: Literal["wald", "t"]
    pi: str | None
    level: float


@dataclass(frozen=True, slots=True)
class Glmm:
    """A pooled result of a generalised linear mixed model, on the analysis scale; fields named as in ``Pooled``.

    ``estimate``, ``se``, ``ci``, ``stat`` and ``p`` are None together when nothing can be estimated. ``tau2`` is the
    variance of the effects, ``sigma2`` that of the random study effects (UM.RS only). ``q_lrt`` and ``q_wald`` are the
    likelihood-ratio and Wald statistics for heterogeneity on ``df`` degrees of freedom. ``log_likelihood`` is that of
    the counts with the random effects integrated out; ``conditional_log_likelihood`` that of the counts given the
    predicted effects (which metafor 3.8 prints for models that it fits with lme4, except UM.RS).
    """

    measure: str
    settings: GlmmSettings
    k: int
    k_listed: int
    notes: tuple[Note, ...]
    estimate: float | None = None
    se: float | None = None
    ci: Interval | None = None
    ci_method: Literal["wald", "t"] | None = None
    test: Literal["z", "t"] | None = None
    stat: float | None = None
    ddf: int | None = None
    p: float | None = None
    pi: Interval | None = None
    tau2: float | None = None
    sigma2: float | None = None
    df: int | None = None
    q_lrt: float | None = None
    q_lrt_p: float | None = None
    q_wald: float | None = None
    q_wald_p: float | None = None
    i2: float | None = None
    i2_kind: Literal["tau2"] | None = None
    h2: float | None = None
    log_likelihood: float | None = None
    conditional_log_likelihood: float | None = None

    @property
    def estimable(self) -> bool:
        """Whether there is a pooled estimate."""
        return self.estimate is not None

    @property
    def tau(self) -> float | None:
        """Between-study standard deviation."""
        return None if self.tau2 is None else self.tau2**0.5

    def display(self) -> Displayed | None:
        """Estimate, interval and prediction interval on the scale that readers see; None when not estimable."""
        if self.estimate is None or self.ci is None:
            return None
        back = measure_of(self.measure).back
        pi = None if self.pi is None else Interval(back(self.pi.low), back(self.pi.high))
        return Displayed(back(self.estimate), Interval(back(self.ci.low), back(self.ci.high)), pi)
