"""Cluster-robust inference: a standard error that allows for any dependence between the effects of one cluster."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from core.errors import InputError
from core.pooling.clusters import IntArray, cluster_codes, cluster_names, cluster_sums
from core.pooling.inference import Interval, interval, quantile, statistic, two_sided_p
from core.pooling.measures import measure as measure_of
from core.pooling.measures.base import FloatArray
from core.pooling.models import centred
from core.pooling.multilevel import ThreeLevel, cluster_mean
from core.pooling.notes import Note, note
from core.pooling.results import Displayed, EffectSizes, Pooled
from core.pooling.variance_components import others_of

Kind = Literal["CR1", "CR2"]
# CR1 needs about forty clusters; CR2's test keeps its level down to about 4 degrees of freedom (Tipton 2015).
FEW_FOR_CR1, FEW_DF = 40, 4.0


@dataclass(frozen=True, slots=True)
class Robust:
    """A pooled estimate with its cluster-robust standard error, t test with ``df`` and interval, on the analysis scale.

    ``clusters`` counts the clusters. ``stat`` and ``p`` are None when the standard error is 0.
    """

    measure: str
    kind: Kind
    level: float
    clusters: int
    estimate: float
    se: float
    df: float
    stat: float | None
    p: float | None
    ci: Interval
    notes: tuple[Note, ...]

    def display(self) -> Displayed:
        """Estimate and interval on the scale that readers see."""
        back = measure_of(self.measure).back
        return Displayed(back(self.estimate), Interval(back(self.ci.low), back(self.ci.high)))


def robust(
    effects: EffectSizes,
    fit: Pooled | ThreeLevel,
    clusters: Sequence[object] | None = None,
    *,
    kind: Kind = "CR2",
    level: float = 0.95,
) -> Robust:
    """The sandwich standard error of a fit by ``pool`` (inverse variance) or ``three_level`` to these effects.

    ``clusters`` names the cluster of every effect; a three-level fit brings its own. "CR1" multiplies by m / (m - 1)
    and takes t with m - 1 degrees of freedom, m clusters (Liang & Zeger 1986; Hedges, Tipton & Johnson 2010). "CR2"
    adjusts the residuals so that the variance is unbiased if the model of the fit is right, with Satterthwaite's
    degrees of freedom (Bell & McCaffrey 2002; Pustejovsky & Tipton 2018). Raises ``InputError`` when there is one
    cluster only, and when ``fit`` is not a weighted mean of these effects.
    """
    if kind not in ("CR1", "CR2"):
        raise InputError(
            "pooling.unknown-choice",
            "There is no {kind} {key}. Choose one of: {known}.",
            kind="robust variance",
            key=kind,
            known="CR1, CR2",
        )
    if not 0 < level < 1:
        raise InputError("pooling.level", "The confidence level must lie between 0 and 1 (0.95 for 95%).", level=level)
    names = _names(effects, fit, clusters)
    used = effects.estimable
    codes = cluster_codes([name for name, flag in zip(names, used, strict=True) if flag])
    m = int(codes.max(initial=-1)) + 1
    if m < 2:
        raise InputError(
            "pooling.one-cluster",
            "Cluster-robust inference needs at least two clusters with an estimable effect; there is {clusters}.",
            clusters=m,
        )
    between, within = _working_variances(fit)
    shift, y = centred(effects.yi[used], effects.vi[used])
    mean, se, _ = cluster_mean(y, effects.vi[used], codes, between, within)
    if fit.estimate is None or not abs(mean + shift - fit.estimate) <= 1e-6 * se:
        raise InputError(
            "pooling.other-effects", "The fit was not made from these effects. Give the effects that were pooled."
        )
    residual, total = y - mean, effects.vi[used] + within
    if kind == "CR1":
        robust_se, df = _cr1(residual, total, codes, between, se, m), float(m - 1)
    else:
        robust_se, df = _cr2(residual, total, codes, between, se)
    return _finish((effects.measure, kind, level, m), mean + shift, robust_se, df)


def _names(effects: EffectSizes, fit: Pooled | ThreeLevel, clusters: Sequence[object] | None) -> tuple[str, ...]:
    """The cluster of each effect; those of a three-level fit are part of its model."""
    if clusters is None:
        if isinstance(fit, Pooled):
            raise InputError("pooling.robust-clusters", "Name the cluster of every effect: give clusters.")
        return cluster_names(effects, fit.cluster_names)
    names = cluster_names(effects, clusters)
    if isinstance(fit, ThreeLevel) and cluster_codes(names).tolist() != cluster_codes(fit.cluster_names).tolist():
        raise InputError(
            "pooling.other-clusters",
            "The three-level model was fitted with other clusters. Leave clusters out, or fit the model with these.",
        )
    return names


def _working_variances(fit: Pooled | ThreeLevel) -> tuple[float, float]:
    """(between, within) of the model that the weights come from."""
    if isinstance(fit, ThreeLevel):
        return fit.between or 0.0, (fit.total or 0.0) if fit.within is None else fit.within
    if fit.settings.method != "IV":
        raise InputError(
            "pooling.robust-method",
            "Cluster-robust inference is for inverse-variance results and three-level models, not for {method}.",
            method=fit.settings.method,
        )
    return 0.0, fit.tau2 or 0.0


def _cr1(residual: FloatArray, total: FloatArray, codes: IntArray, between: float, se: float, m: int) -> float:
    weight = 1 / total
    scores = cluster_sums(codes, weight * residual) / (1 + between * cluster_sums(codes, weight))
    return math.sqrt(m / (m - 1)) * se * se * float(np.linalg.norm(scores))


def _cr2(residual: FloatArray, total: FloatArray, codes: IntArray, between: float, se: float) -> tuple[float, float]:
    """CR2's standard error and Satterthwaite's degrees of freedom.

    With the fit's inverse covariances as weights the adjustment of cluster j is Phi_j (G_j Phi_j)^(-1/2), where Phi_j
    is its covariance and G_j = Phi_j - var(mean) 11'. Its weighted residual sum is then a_j'r_j with
    a_j = (Phi_j G_j)^(-1/2) 1, and the degrees of freedom need the cluster weights and the sums of the a_j only.
    """
    unit = float(total.min())
    own, shared, variance = total / unit, between / unit, se * se / unit
    adjusted = _inverse_root(own, codes, shared, variance)
    scores = cluster_sums(codes, adjusted * residual)
    sums2 = cluster_sums(codes, adjusted) ** 2
    information = cluster_sums(codes, 1 / own)
    weight = information / (1 + shared * information)
    pairs = float(sums2 @ others_of(sums2[None])[0])
    df = 1 / (variance**2 * float(weight @ weight) + variance**4 * pairs)
    return variance * float(np.linalg.norm(scores)), df


def _inverse_root(own: FloatArray, codes: IntArray, shared: float, variance: float) -> FloatArray:
    """(Phi G)^(-1/2) 1 of every cluster, Phi = diag(own) + shared x 11', G = Phi - variance x 11'.

    A^(-1/2) = 2/pi x the integral of (t^2 + A)^(-1) over t > 0 (Higham 2008, chapter 6), by the trapezoidal
    rule in log t, which converges geometrically; each (t^2 + A)^(-1) 1 has a closed form, because A is diag(own)^2 and
    three outer products. Its sums are arranged so that no digits cancel.
    """
    information = cluster_sums(codes, 1 / own)
    weight = information / (1 + shared * information)
    # 1 - a cluster's share of the weight, the smallest eigenvalue of A in units of own^2.
    rest = others_of(weight[None])[0] * variance
    sizes = np.bincount(codes)
    low = math.log(float(own.min()) * math.sqrt(float(rest.min()))) - 37
    high = math.log(float(own.max()) + shared * float(sizes.max())) + 37
    step = 0.25
    result = np.zeros_like(own)
    for t in np.exp(np.arange(low, high + step, step)):
        d = 1 / (t * t + own * own)
        d0, d1 = cluster_sums(codes, d), cluster_sums(codes, own * d)
        if shared >= variance:
            inner = 1 + (shared - variance) * d1
        else:
            inner = (1 + shared * information) * rest + (variance - shared) * t * t * cluster_sums(codes, d / own)
        determinant = (1 + shared * d1) * inner + shared * (shared - variance) * (t * d0) ** 2
        result += t * d * (1 + (shared - variance) * (d1[codes] - own * d0[codes])) / determinant[codes]
    return result * step * 2 / math.pi


def _finish(settings: tuple[str, Kind, float, int], estimate: float, se: float, df: float) -> Robust:
    measure, kind, level, m = settings
    notes: list[Note] = []
    if se == 0:
        notes.append(note("robust.zero-width"))
    if kind == "CR1" and m < FEW_FOR_CR1:
        notes.append(note("robust.few-clusters", clusters=m))
    if kind == "CR2" and df < FEW_DF:
        notes.append(note("robust.few-df", df=df))
    stat = statistic(estimate, se)
    p = None if stat is None else two_sided_p(stat, df)
    ci = interval(estimate, se, quantile(level, df))
    return Robust(measure, kind, level, m, estimate, se, df, stat, p, ci, tuple(notes))
