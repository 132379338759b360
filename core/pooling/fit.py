"""``pool``: settings checked, the model fitted, then heterogeneity, interval, test and prediction interval."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from core.pooling.heterogeneity import heterogeneity
from core.pooling.inference import (
    Interval,
    interval,
    prediction_interval,
    quantile,
    statistic,
    two_sided_p,
)
from core.pooling.mantel_haenszel import mantel_haenszel, mantel_haenszel_random
from core.pooling.measures.base import Correction
from core.pooling.models import Fit, inverse_variance, not_estimable, peto
from core.pooling.notes import Note, note
from core.pooling.results import EffectSizes, Pooled, PoolSettings
from core.pooling.rules import AUTO, INTERVALS, label, resolve
from core.pooling.tau2 import log_likelihood
from core.pooling.vectors import dot

FITS: dict[tuple[str, str], Callable[[EffectSizes, PoolSettings], Fit]] = {
    ("IV", "common"): inverse_variance,
    ("IV", "random"): inverse_variance,
    ("MH", "common"): mantel_haenszel,
    ("MH", "random"): mantel_haenszel_random,
    ("Peto", "common"): peto,
}


def pool(
    effects: EffectSizes,
    *,
    model: str = "random",
    method: str = "IV",
    tau2: str | None = None,
    ci: str | None = None,
    pi: str | None = AUTO,
    level: float = 0.95,
    add: float = 0.0,
    to: Correction = "none",
) -> Pooled:
    """Pool effect sizes; every quantity on the analysis scale, ``display()`` for readers.

    ``model`` "common" or "random"; ``method`` "IV", "MH" or "Peto"; ``tau2`` "REML" (default), "DL", "PM", "ML", "EB",
    "HE", "SJ", "HS", "HSk"; ``ci`` "handbook" (default under random effects: Hartung-Knapp when k >= 3 and tau2 > 0,
    otherwise Wald), "wald", "t", "hksj", "hksj-adhoc"; ``pi`` "t(k-1)" (default), "t(k-2)", "z" or None. Effects
    computed with compatibility="revman5" are pooled as RevMan 5 does (DerSimonian-Laird, Wald, I2 from Q). ``add`` /
    ``to``: a correction inside the Mantel-Haenszel sums, none by default. Raises ``InputError`` for settings that do
    not go together; what cannot be estimated is None, with a note.
    """
    settings = resolve(effects, model=model, method=method, tau2=tau2, ci=ci, pi=pi, level=level, add=add, to=to)
    return finish(effects, settings, fitted(effects, settings))


def fitted(effects: EffectSizes, settings: PoolSettings) -> Fit:
    """The model of these settings. It does not depend on their intervals and level."""
    if not len(effects):
        return not_estimable(0, note("pool.no-studies"))
    return FITS[settings.method, settings.model](effects, settings)


def finish(effects: EffectSizes, settings: PoolSettings, fit: Fit) -> Pooled:
    """The result of a fitted model: heterogeneity, the interval and the prediction interval asked for, and notes."""
    measure = "PETO" if settings.method == "Peto" and effects.measure == "OR" else effects.measure
    listed = _listed(effects)
    k = int(np.count_nonzero(fit.used))
    weights = np.zeros(len(effects))
    if fit.estimate is None:
        weights.flags.writeable = False
        return Pooled(measure, settings, 0, listed, weights, tuple(fit.notes))
    weights[fit.used] = 100 * fit.weights / float(fit.weights.sum())
    weights.flags.writeable = False
    notes = [*fit.notes, *([] if k == len(effects) else _left_out(effects, fit)), *_about_k(fit, k)]
    if k > 1 and effects.definition.caution:
        notes.append(note(effects.definition.caution))
    drawn = _draw(settings, fit, k)
    spread = heterogeneity(fit.q, fit.df, fit.tau2, None if settings.compatibility == "revman5" else fit.v)
    pi = None
    if settings.pi is not None and fit.tau2 is not None and k >= 3:
        pi = prediction_interval(fit.estimate, drawn.se, fit.tau2, k, settings.pi, settings.level)
    elif settings.pi is not None:
        drawn.notes.append(note("pi.few"))
    pooled = Pooled(
        measure,
        settings,
        k,
        listed,
        weights,
        (*notes, *drawn.notes),
        estimate=fit.estimate,
        se=drawn.se,
        ci=drawn.ci,
        ci_method=drawn.method,
        test="z" if drawn.ddf is None else "t",
        stat=drawn.stat,
        ddf=drawn.ddf,
        p=drawn.p,
        pi=pi,
        tau2=fit.tau2,
        tau2_se=fit.tau2_se,
        size=effects.typical_size(fit.used),
        q=spread.q,
        df=spread.df,
        q_p=spread.q_p,
        i2=spread.i2,
        i2_kind=spread.i2_kind,
        h2=spread.h2,
    )
    return pooled if drawn.se else _with_width(pooled, fit.se)


def _listed(effects: EffectSizes) -> int:
    """How many studies have all their numbers: an empty cell is NaN, and a sum with it too."""
    first, *others = (effects.table[column.key] for column in effects.definition.columns)
    return int(np.count_nonzero(np.isfinite(sum(others, first))))


def _left_out(effects: EffectSizes, fit: Fit) -> list[Note]:
    names = [effects.labels[row] for row in np.flatnonzero(~fit.used)]
    return [note("pool.left-out", count=len(names), total=len(effects), studies=", ".join(names))]


def _about_k(fit: Fit, k: int) -> list[Note]:
    if k == 1:
        return [note("pool.one-study")]
    if fit.df < k - 1:
        return [note("pool.heterogeneity-of-fewer", count=fit.df + 1, total=k)]
    return []


@dataclass(slots=True)
class Drawn:
    """An interval with the test that belongs to it."""

    method: str
    se: float
    ddf: int | None
    ci: Interval
    stat: float | None
    p: float | None
    notes: list[Note]


def _drawn(method: str, estimate: float, se: float, ddf: int | None, level: float) -> Drawn:
    stat = statistic(estimate, se)
    p = None if stat is None else two_sided_p(stat, ddf)
    return Drawn(method, se, ddf, interval(estimate, se, quantile(level, ddf)), stat, p, [])


def _draw(settings: PoolSettings, fit: Fit, k: int) -> Drawn:
    """The interval that was asked for, or the one that takes its place, with the reason as a note."""
    estimate, level = fit.estimate or 0.0, settings.level
    wald = _drawn("wald", estimate, fit.se, None, level)
    if settings.ci == "wald":
        return wald
    if settings.ci == "handbook":
        return _handbook(wald, fit, k, estimate, level)
    if k < 2:
        wald.notes.append(note("ci.one-study", asked=label(INTERVALS, settings.ci)))
        return wald
    if settings.ci == "t":
        return _drawn("t", estimate, fit.se, k - 1, level)
    return _drawn(settings.ci, estimate, hartung_knapp_se(fit, settings.ci == "hksj-adhoc"), k - 1, level)


def _with_width(pooled: Pooled, se: float) -> Pooled:
    """A result whose interval has no width, with the warning that says what the ad hoc correction makes of it."""
    ci = _drawn("hksj-adhoc", pooled.estimate or 0.0, se, pooled.ddf, pooled.settings.level).ci
    shown = replace(pooled, ci=ci, pi=None).display()
    low, high = shown.ci if shown else ci
    return replace(pooled, notes=(*pooled.notes, note("ci.zero-width", low=low, high=high)))


def _handbook(wald: Drawn, fit: Fit, k: int, estimate: float, level: float) -> Drawn:
    """Hartung-Knapp when k >= 3 and tau2 > 0, otherwise Wald (Cochrane Handbook 6.5, 10.10.4.5)."""
    if k < 3 or not fit.tau2:
        if k > 1:
            wald.notes.append(note("ci.handbook-few" if k < 3 else "ci.handbook-homogeneous"))
        return wald
    drawn = _drawn("hksj", estimate, hartung_knapp_se(fit), k - 1, level)
    p_hksj = 1.0 if drawn.p is None else drawn.p
    p_wald = 1.0 if wald.p is None else wald.p
    if (p_hksj < 1 - level) != (p_wald < 1 - level):
        drawn.notes.append(note("ci.disagree", p_hksj=p_hksj, p_wald=p_wald))
    if drawn.ci.high - drawn.ci.low < wald.ci.high - wald.ci.low:
        drawn.notes.append(note("ci.narrower"))
    return drawn


def hartung_knapp_se(fit: Fit, adhoc: bool = False) -> float:
    """SE x sqrt(q), q = sum w (y - b)^2 / (k - 1) (Hartung & Knapp 2001; Sidik & Jonkman 2002); ad hoc: q at least 1
    (Roever, Knapp & Friede 2015). ``fit`` must be an inverse-variance fit of two studies or more."""
    if fit.y is None:
        raise ValueError("Hartung-Knapp needs an inverse-variance fit")
    residual = fit.y - fit.mean
    q = dot(fit.weights, residual * residual) / (len(fit.y) - 1)
    return fit.se * math.sqrt(max(q, 1.0) if adhoc else q)


@dataclass(frozen=True, slots=True)
class FitStatistics:
    """Log-likelihood, deviance and information criteria of a REML or ML fit (one coefficient and tau2)."""

    log_likelihood: float
    deviance: float
    aic: float
    bic: float
    aicc: float


def fit_statistics(effects: EffectSizes, fit: Pooled) -> FitStatistics | None:
    """The likelihood of a random-effects fit by REML or ML; None for other fits and for fewer than two studies.

    ML's deviance is twice the distance to the saturated model; REML's is -2 log-likelihood. Constants are kept.
    """
    kind: Literal["REML", "ML"] | None = None
    if fit.settings.method == "IV" and fit.settings.tau2 in ("REML", "ML"):
        kind = "REML" if fit.settings.tau2 == "REML" else "ML"
    if kind is None or fit.tau2 is None:
        return None
    y, v = effects.yi[effects.estimable], effects.vi[effects.estimable]
    restricted = kind == "REML"
    value = log_likelihood(y, v, fit.tau2, restricted)
    saturated = 0.0 if restricted else -0.5 * (len(y) * math.log(2 * math.pi) + float(np.log(v).sum()))
    parameters, cases = 2, len(y) - restricted
    enough = max(cases, parameters + 2)
    return FitStatistics(
        value,
        -2 * (value - saturated),
        -2 * value + 2 * parameters,
        -2 * value + parameters * math.log(cases),
        -2 * value + 2 * parameters * enough / (enough - parameters - 1),
    )
