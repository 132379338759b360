"""The pooling models: inverse variance (common effect, random effects) and Peto. Mantel-Haenszel has its own module."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np

from core.pooling.estimators import estimator
from core.pooling.measures.base import BoolArray, FloatArray
from core.pooling.measures.dichotomous import cells, observed_minus_expected
from core.pooling.notes import Note, note
from core.pooling.results import EffectSizes, PoolSettings
from core.pooling.tau2 import Estimated
from core.pooling.vectors import dot

EPSILON = float(np.finfo(np.float64).eps)


@dataclass(slots=True)
class Fit:
    """What a model finds before intervals are drawn. ``used`` marks contributing rows, ``weights`` are unscaled, one
    per used row. ``y`` (shifted) and ``v`` are the studies' own effects when the estimate is their weighted mean
    (``mean``, shifted as well), otherwise None. ``estimate`` is None when nothing can be estimated."""

    used: BoolArray
    weights: FloatArray
    estimate: float | None = None
    se: float = math.nan
    q: float | None = None
    df: int = 0
    tau2: float | None = None
    tau2_se: float | None = None
    y: FloatArray | None = None
    v: FloatArray | None = None
    mean: float = 0.0
    notes: list[Note] = field(default_factory=list[Note])


def not_estimable(rows: int, *notes: Note) -> Fit:
    """No pooled result, for the reasons given."""
    return Fit(np.zeros(rows, dtype=np.bool_), np.empty(0), notes=list(notes))


def centred(y: FloatArray, v: FloatArray) -> tuple[float, FloatArray]:
    """(shift, y - shift), the shift being the most precise study's effect. Effects that differ by rounding only come
    out exactly equal, so that Q and tau2 of identical effects are exactly 0."""
    shift = float(y[v.argmin()])
    moved = y - shift
    if float(np.abs(moved).max()) <= 8 * EPSILON * float(np.abs(y).max()):
        moved = np.zeros_like(moved)
    return shift, moved


def weighted_mean(y: FloatArray, w: FloatArray) -> tuple[float, float]:
    """The mean with weights w = 1 / variance, and its standard error."""
    total = float(w.sum())
    return dot(w, y) / total, 1 / math.sqrt(total)


def inverse_variance(effects: EffectSizes, settings: PoolSettings, tau2: Estimated | None = None) -> Fit:
    """Weights 1 / (v + tau2). Under random effects tau2 comes from the estimator asked for, unless it is given."""
    used = effects.estimable
    if not used.any():
        return not_estimable(len(effects), note("pool.none-estimable"))
    v = effects.vi[used]
    shift, y = centred(effects.yi[used], v)
    fit = Fit(used, 1 / v, y=y, v=v, df=len(v) - 1)
    fit.mean, fit.se = weighted_mean(y, fit.weights)
    residual = y - fit.mean
    fit.q = dot(fit.weights, residual * residual)
    if settings.model == "random" and fit.df:
        fit.tau2, fit.tau2_se = tau2 or estimator(settings.tau2 or "REML").estimate(y, v)
        fit.weights = 1 / (v + fit.tau2)
        fit.mean, fit.se = weighted_mean(y, fit.weights)
    fit.estimate = fit.mean + shift
    return fit


def o_minus_e_and_variance(effects: EffectSizes) -> tuple[FloatArray, FloatArray]:
    """(O - E, V) of every study, from the counts or as entered; NaN where data are missing, V = 0 where a study is
    without information."""
    if "oei" in effects.table:
        return effects.table["oei"], effects.table["vi"]
    table = cells(dict(effects.table))
    difference, variance = observed_minus_expected(table)
    _, non_events, _, control_non_events = table
    missing = np.isnan(non_events + control_non_events)
    return np.where(missing, np.nan, difference), np.where(missing, np.nan, variance)


def peto(effects: EffectSizes, settings: PoolSettings) -> Fit:
    """sum(O - E) / sum(V), standard error 1 / sqrt(sum V) (Yusuf et al. 1985). No zero-cell correction anywhere."""
    difference, variance = o_minus_e_and_variance(effects)
    used = np.isfinite(difference) & (variance > 0)
    if not used.any():
        return not_estimable(len(effects), note("pool.no-information"))
    o_e, v = difference[used], variance[used]
    total = float(v.sum())
    fit = Fit(used, v, float(o_e.sum()) / total, 1 / math.sqrt(total), df=len(v) - 1)
    y = centred(o_e / v, 1 / v)[1]
    residual = y - weighted_mean(y, v)[0]
    fit.q = dot(v, residual * residual)
    if effects.measure == "OR":
        fit.notes.append(note("peto.study-effects"))
    return fit
