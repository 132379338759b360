"""Three-level meta-analysis: effects within clusters (several effects of one study, schools of one district)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from core.errors import InputError
from core.pooling.clusters import IntArray, cluster_codes, cluster_names, cluster_sums
from core.pooling.heterogeneity import typical_variance
from core.pooling.inference import (
    Interval,
    chi_squared_p,
    interval,
    prediction_interval,
    quantile,
    statistic,
    two_sided_p,
)
from core.pooling.measures import measure as measure_of
from core.pooling.measures.base import FloatArray
from core.pooling.models import centred
from core.pooling.notes import Note, note
from core.pooling.results import Displayed, EffectSizes
from core.pooling.rules import AUTO, INTERVALS, PREDICTION_INTERVALS, label
from core.pooling.tau2 import generalised_q, log_likelihood, maximum_likelihood, restricted_likelihood
from core.pooling.variance_components import Clustered, highest_given_between, highest_given_within, maximum
from core.pooling.variance_components import profile_limits as limits_of

Likelihood = Literal["REML", "ML"]
FEW_CLUSTERS = 5


@dataclass(frozen=True, slots=True)
class LikelihoodRatio:
    """Twice the difference of two log-likelihoods, and P from chi-squared with ``df`` degrees of freedom.

    A variance of 0 lies at the border of what is possible, so that P of a test of one is about twice too large
    (Self & Liang 1987): it errs on the safe side.
    """

    stat: float
    df: int
    p: float


@dataclass(frozen=True, slots=True, eq=False)
class ThreeLevel:
    """A pooled result on the analysis scale with a variance between clusters and one within them.

    ``between`` and ``within`` are the two variances with their profile-likelihood intervals, ``total`` their sum; where
    the data cannot tell them apart, those not estimable are None and a note says why. ``i2_between`` and ``i2_within``
    are percent of the typical variance of an effect, ``i2`` their sum. ``without_between`` and ``without_within`` test
    the simpler model that leaves one of them out. ``weights`` are percent, one per row; ``cluster_names`` has the
    cluster of every row. ``k`` counts effects, ``clusters`` the clusters they come from.
    """

    measure: str
    method: Likelihood
    level: float
    cluster_names: tuple[str, ...]
    k: int
    clusters: int
    weights: FloatArray
    notes: tuple[Note, ...]
    estimate: float | None = None
    se: float | None = None
    ci: Interval | None = None
    ci_method: str | None = None
    test: Literal["z", "t"] | None = None
    stat: float | None = None
    ddf: int | None = None
    p: float | None = None
    pi: Interval | None = None
    between: float | None = None
    between_ci: Interval | None = None
    within: float | None = None
    within_ci: Interval | None = None
    total: float | None = None
    q: float | None = None
    df: int | None = None
    q_p: float | None = None
    i2: float | None = None
    i2_between: float | None = None
    i2_within: float | None = None
    log_likelihood: float | None = None
    without_between: LikelihoodRatio | None = None
    without_within: LikelihoodRatio | None = None

    @property
    def estimable(self) -> bool:
        """Whether there is a pooled estimate."""
        return self.estimate is not None

    def display(self) -> Displayed | None:
        """Estimate, interval and prediction interval on the scale that readers see; None when not estimable."""
        if self.estimate is None or self.ci is None:
            return None
        back = measure_of(self.measure).back
        pi = None if self.pi is None else Interval(back(self.pi.low), back(self.pi.high))
        return Displayed(back(self.estimate), Interval(back(self.ci.low), back(self.ci.high)), pi)


@dataclass(slots=True)
class _Found:
    """The variances of a model, and what belongs to them."""

    between: float | None
    within: float | None
    total: float
    log_likelihood: float
    between_ci: Interval | None = None
    within_ci: Interval | None = None
    without_between: LikelihoodRatio | None = None
    without_within: LikelihoodRatio | None = None


def three_level(
    effects: EffectSizes,
    clusters: Sequence[object],
    *,
    method: Likelihood = "REML",
    ci: str = "wald",
    pi: str | None = AUTO,
    level: float = 0.95,
) -> ThreeLevel:
    """Pool effects of which several may come from one cluster; y_ij = mean + u_j + e_ij + sampling error.

    ``clusters`` names the cluster of every effect. The variances of u (between clusters) and e (within) are estimated
    by ``method`` "REML" or "ML" (Konstantopoulos 2011; Van den Noortgate et al. 2013), the mean by
    generalised least squares. ``ci`` is "wald", or "t" with k - 1 degrees of freedom. ``pi`` is for the effect in a new
    cluster, with the sum of the variances; its k counts clusters ("t(k-1)", the default, "t(k-2)", "z" or None). I2 of
    a level is its variance over the sum of both and the typical sampling variance (Cheung 2014). Sampling
    errors are taken as independent. Raises ``InputError`` for an effect without a cluster and unknown settings.
    """
    kind = _settings(method, ci, pi, level)
    names = cluster_names(effects, clusters)
    used = effects.estimable
    if not used.any():
        said = note("pool.none-estimable" if len(effects) else "pool.no-studies")
        return ThreeLevel(effects.measure, method, level, names, 0, 0, _read_only(np.zeros(len(effects))), (said,))
    v = effects.vi[used]
    shift, y = centred(effects.yi[used], v)
    codes = cluster_codes([name for name, flag in zip(names, used, strict=True) if flag])
    notes = _left_out(effects)
    found = _variances(y, v, codes, method, level, notes)
    mean, se, shares = cluster_mean(y, v, codes, 0.0 if found is None else found.between or 0.0, _within(found))
    weights = np.zeros(len(effects))
    weights[used] = 100 * shares
    return _result(effects, names, (method, ci, kind, level), (y, v, codes), (mean, shift, se), weights, found, notes)


def _within(found: _Found | None) -> float:
    """What adds to every effect on its own: all of it when the variances cannot be told apart."""
    if found is None:
        return 0.0
    return found.total if found.within is None else found.within


def _settings(method: str, ci: str, pi: str | None, level: float) -> str | None:
    """The kind of prediction interval; ``InputError`` for what is unknown."""
    _known("method", method, ("REML", "ML"))
    _known("confidence interval", ci, ("wald", "t"))
    if not 0 < level < 1:
        raise InputError("pooling.level", "The confidence level must lie between 0 and 1 (0.95 for 95%).", level=level)
    if pi in (None, AUTO):
        return pi and PREDICTION_INTERVALS[0].key
    _known("prediction interval", pi, tuple(choice.key for choice in PREDICTION_INTERVALS))
    return pi


def _known(kind: str, key: str, known: tuple[str, ...]) -> None:
    if key not in known:
        raise InputError(
            "pooling.unknown-choice",
            "There is no {kind} {key}. Choose one of: {known}.",
            kind=kind,
            key=key,
            known=", ".join(known),
        )


def _read_only(values: FloatArray) -> FloatArray:
    values.flags.writeable = False
    return values


def _left_out(effects: EffectSizes) -> list[Note]:
    names = [effects.labels[row] for row in np.flatnonzero(~effects.estimable)]
    if not names:
        return []
    return [note("pool.left-out", count=len(names), total=len(effects), studies=", ".join(names))]


def cluster_mean(
    y: FloatArray, v: FloatArray, codes: IntArray, between: float, within: float
) -> tuple[float, float, FloatArray]:
    """The generalised least squares mean of effects with these variances, its standard error, and each effect's share
    of it (V^-1 1 / 1'V^-1 1)."""
    w = 1 / (v + within)
    total = cluster_sums(codes, w)
    cluster = 1 / (1 / total + between)
    se2 = 1 / float(cluster.sum())
    shares = w * (cluster / total)[codes] * se2
    return float(shares @ y), math.sqrt(se2), shares


def _variances(
    y: FloatArray, v: FloatArray, codes: IntArray, method: Likelihood, level: float, notes: list[Note]
) -> _Found | None:
    """Both variances; one or their sum when the clusters cannot tell more, none with a single effect."""
    k, m = len(y), int(codes.max()) + 1
    if k == 1:
        notes.append(note("pool.one-study"))
        return None
    if m in (1, k):
        restricted = method == "REML"
        tau2 = (restricted_likelihood if restricted else maximum_likelihood)(y, v)[0]
        value = log_likelihood(y, v, tau2, restricted)
        notes.append(note("multilevel.one-cluster" if m == 1 else "multilevel.one-each"))
        return _Found(None, tau2 if m == 1 else None, tau2, value)
    if m < FEW_CLUSTERS:
        notes.append(note("multilevel.few-clusters", clusters=m))
    data = Clustered(y, v, codes, method == "REML")
    best = maximum(data)
    quantile_ = quantile(level, None)
    between, within = limits_of(data, best, quantile_ * quantile_)
    return _Found(
        best.between,
        best.within,
        best.between + best.within,
        best.log_likelihood,
        Interval(*between),
        Interval(*within),
        _ratio(best.log_likelihood, highest_given_between(data, 0.0)),
        _ratio(best.log_likelihood, highest_given_within(data, 0.0)),
    )


def _ratio(full: float, reduced: float) -> LikelihoodRatio:
    stat = max(0.0, 2 * (full - reduced))
    return LikelihoodRatio(stat, 1, chi_squared_p(stat, 1))


def _result(
    effects: EffectSizes,
    names: tuple[str, ...],
    settings: tuple[Likelihood, str, str | None, float],
    data: tuple[FloatArray, FloatArray, IntArray],
    pooled: tuple[float, float, float],
    weights: FloatArray,
    found: _Found | None,
    notes: list[Note],
) -> ThreeLevel:
    """Interval, test, heterogeneity and prediction interval around the mean that was found."""
    method, ci, kind, level = settings
    y, v, codes = data
    mean, shift, se = pooled
    estimate, k, m = mean + shift, len(y), int(codes.max()) + 1
    if ci == "t" and k == 1:
        notes.append(note("ci.one-study", asked=label(INTERVALS, ci)))
        ci = "wald"
    ddf = k - 1 if ci == "t" else None
    stat = statistic(estimate, se)
    pi = None
    if kind is not None and found is not None and m >= 3:
        pi = prediction_interval(estimate, se, found.total, m, kind, level)
    elif kind is not None:
        notes.append(note("multilevel.pi-few"))
    result = ThreeLevel(
        effects.measure,
        method,
        level,
        names,
        k,
        m,
        _read_only(weights),
        tuple(notes),
        estimate=estimate,
        se=se,
        ci=interval(estimate, se, quantile(level, ddf)),
        ci_method=ci,
        test="z" if ddf is None else "t",
        stat=stat,
        ddf=ddf,
        p=None if stat is None else two_sided_p(stat, ddf),
        pi=pi,
    )
    return result if found is None else _with_heterogeneity(result, found, y, v)


def _with_heterogeneity(result: ThreeLevel, found: _Found, y: FloatArray, v: FloatArray) -> ThreeLevel:
    q, df, typical = generalised_q(y, v), len(y) - 1, typical_variance(v)
    percent = 100 / (found.total + typical)
    return replace(
        result,
        **{key: getattr(found, key) for key in _Found.__slots__},
        q=q,
        df=df,
        q_p=chi_squared_p(q, df),
        i2=percent * found.total,
        i2_between=None if found.between is None else percent * found.between,
        i2_within=None if found.within is None else percent * found.within,
    )
