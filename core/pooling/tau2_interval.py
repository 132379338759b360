"""Q-profile confidence intervals of the between-study variance and of what follows from it."""

from __future__ import annotations

import math
from dataclasses import dataclass

from core.pooling.estimators import estimator
from core.pooling.heterogeneity import typical_variance
from core.pooling.inference import Interval, chi_squared_quantile
from core.pooling.measures.base import FloatArray
from core.pooling.models import centred
from core.pooling.notes import Note, note
from core.pooling.results import EffectSizes
from core.pooling.rules import resolve
from core.pooling.tau2 import tau2_at_q


@dataclass(frozen=True, slots=True)
class HeterogeneityMeasure:
    """An estimate with its limits."""

    estimate: float
    ci: Interval


@dataclass(frozen=True, slots=True)
class Tau2Interval:
    """tau2, tau, I2 (percent) and H2 with their Q-profile intervals; None, with a note, with fewer than two studies.

    ``estimator`` is the key of the estimator of tau2 that the point estimates rest on; the limits rest on none.
    """

    k: int
    estimator: str
    level: float
    notes: tuple[Note, ...]
    tau2: HeterogeneityMeasure | None = None
    tau: HeterogeneityMeasure | None = None
    i2: HeterogeneityMeasure | None = None
    h2: HeterogeneityMeasure | None = None


def tau2_interval(effects: EffectSizes, *, tau2: str | None = None, level: float = 0.95) -> Tau2Interval:
    """Confidence intervals of tau2, tau, I2 and H2 for the inverse-variance random-effects model.

    The limits are the tau2 at which the generalised Q meets the two quantiles of chi-squared with k - 1 degrees of
    freedom, 0 where Q(0) lies below them (Viechtbauer 2007, Stat Med 26:37); I2 and H2 follow from tau2 and the typical
    within-study variance (Higgins & Thompson 2002, eq. 9). When Q(0) lies below both quantiles the interval is the set
    {0}, and a note says so. ``tau2`` as for ``pool``; raises ``InputError`` for settings that do not go together.
    """
    key = resolve(effects, tau2=tau2, level=level).tau2 or "REML"
    v = effects.vi[effects.estimable]
    k = len(v)
    if k < 2:
        return Tau2Interval(k, key, level, (note("pool.one-study" if k else "pool.none-estimable"),))
    y = centred(effects.yi[effects.estimable], v)[1]
    estimate = estimator(key).estimate(y, v)[0]
    limits = q_profile(y, v, level)
    notes: list[Note] = []
    if limits.high == 0:
        notes.append(note("tau2.only-zero"))
    if not limits.low <= estimate <= limits.high:
        notes.append(note("tau2.outside"))
    s2 = typical_variance(v)
    return Tau2Interval(
        k,
        key,
        level,
        tuple(notes),
        HeterogeneityMeasure(estimate, limits),
        HeterogeneityMeasure(math.sqrt(estimate), Interval(math.sqrt(limits.low), math.sqrt(limits.high))),
        HeterogeneityMeasure(_i2(estimate, s2), Interval(_i2(limits.low, s2), _i2(limits.high, s2))),
        HeterogeneityMeasure(estimate / s2 + 1, Interval(limits.low / s2 + 1, limits.high / s2 + 1)),
    )


def _i2(tau2: float, s2: float) -> float:
    return 100 * tau2 / (tau2 + s2)


def q_profile(y: FloatArray, v: FloatArray, level: float) -> Interval:
    """The two tau2 at which Q equals the upper and the lower quantile, for two or more studies (``y`` centred)."""
    df = len(y) - 1
    upper, lower = chi_squared_quantile(0.5 + level / 2, df), chi_squared_quantile(0.5 - level / 2, df)
    return Interval(tau2_at_q(y, v, upper), tau2_at_q(y, v, lower))
