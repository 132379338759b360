"""How much each study weighs on the fit: case deletion diagnostics and the Baujat plot."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from core.errors import InputError
from core.pooling.fit import pool
from core.pooling.measures.base import BoolArray, FloatArray
from core.pooling.models import o_minus_e_and_variance
from core.pooling.notes import Note, note
from core.pooling.results import EffectSizes, Pooled, PoolSettings
from core.pooling.rules import resolve

Reason = Literal["dffits", "cooks_distance", "hat", "dfbetas"]
# The median of the chi-squared distribution with one degree of freedom.
COOK_LIMIT = 0.454936423119572


@dataclass(frozen=True, slots=True)
class StudyInfluence:
    """What happens to the fit without one study. None where a value does not apply (see the notes).

    ``rstudent`` is the externally studentised deleted residual; ``dffits`` the shift of the fitted value in its
    standard errors; ``cooks_distance`` the squared shift of the estimate in standard errors of the whole fit;
    ``cov_ratio`` the variance of the estimate without the study over that with it; ``tau2_deleted`` and ``q_deleted``
    heterogeneity without it; ``hat`` its leverage, ``weight`` the same in percent; ``dfbetas`` the shift of the
    estimate in standard errors at the tau2 found without the study. ``reasons`` name the limits it exceeds.
    """

    row: int
    label: str
    hat: float
    weight: float
    rstudent: float | None = None
    dffits: float | None = None
    cooks_distance: float | None = None
    cov_ratio: float | None = None
    tau2_deleted: float | None = None
    q_deleted: float | None = None
    dfbetas: float | None = None
    reasons: tuple[Reason, ...] = ()

    @property
    def influential(self) -> bool:
        """Whether any of the usual limits is exceeded."""
        return bool(self.reasons)


@dataclass(frozen=True, slots=True)
class Influence:
    """The whole fit and what each contributing study does to it, in the order given."""

    overall: Pooled
    studies: tuple[StudyInfluence, ...]
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class BaujatPoint:
    """One study of a Baujat plot: ``x`` its contribution to heterogeneity (squared Pearson residual), ``y`` its
    influence on the result (squared shift of the estimate in standard errors without it; None when not defined)."""

    row: int
    label: str
    x: float
    y: float | None


@dataclass(frozen=True, slots=True)
class Baujat:
    """The whole fit and one point for each contributing study."""

    overall: Pooled
    points: tuple[BaujatPoint, ...]
    notes: tuple[Note, ...]


def influence(
    effects: EffectSizes,
    *,
    model: str = "random",
    method: str = "IV",
    tau2: str | None = None,
    ci: str | None = None,
) -> Influence:
    """Case deletion diagnostics of an inverse-variance fit (Viechtbauer & Cheung 2010), tau2 estimated anew each time.

    Settings as for ``pool``. With ``ci`` "hksj" or "hksj-adhoc" all variances have Hartung and Knapp's factor; with
    "handbook" they are Wald's, since the rule could choose differently for every study left out. A study counts as
    influential when |DFFITS| > 3 / sqrt(k - 1), Cook's distance is beyond the median of chi-squared with one degree of
    freedom, hat > 3 / k, or |DFBETAS| > 1. Raises ``InputError`` for other methods than IV, else as ``pool``.
    """
    settings = _steady(resolve(effects, model=model, method=method, tau2=tau2, ci=ci, pi=None))
    if settings.method != "IV":
        raise InputError(
            "pooling.influence",
            "Influence is defined for inverse variance only, not for {method}. Leave-one-out works for every method.",
            method=settings.method,
        )
    overall = _fit(effects, settings)
    rows = [int(row) for row in np.flatnonzero(effects.estimable)]
    studies = tuple(_study(effects, settings, overall, rows, row) for row in rows)
    notes = [entry for entry in overall.notes if entry.code in ("pool.no-studies", "pool.none-estimable")]
    if len(rows) in (1, 2):
        notes.append(note("influence.one" if len(rows) == 1 else "influence.two"))
    if len(rows) > 1 and any(None in (each.rstudent, each.cov_ratio, each.dfbetas) for each in studies):
        notes.append(note("influence.undefined"))
    named = [each.label for each in studies if each.influential]
    if named:
        notes.append(note("influence.influential", studies=", ".join(named)))
    return Influence(overall, studies, tuple(notes))


def baujat(
    effects: EffectSizes,
    *,
    model: str = "random",
    method: str = "IV",
    tau2: str | None = None,
    ci: str | None = None,
) -> Baujat:
    """The points of a Baujat plot (Baujat et al. 2002; under random effects with tau2 in the residuals, estimated anew
    without each study). Settings as for ``influence``; studies without an effect of their own have no point.

    Mantel-Haenszel: residuals of the studies' own effects from that estimate. Peto: of (O - E) / V.
    """
    settings = _steady(resolve(effects, model=model, method=method, tau2=tau2, ci=ci, pi=None))
    overall = _fit(effects, settings)
    own, variance, used = _own_effects(effects, settings)
    rows = [int(row) for row in np.flatnonzero(used)] if overall.estimate is not None else []
    points: list[BaujatPoint] = []
    for row in rows:
        without = _fit(_others(effects, row), settings)
        residual = float(own[row]) - (overall.estimate or 0.0)
        shift = None
        if without.estimate is not None and without.se:
            shift = (((overall.estimate or 0.0) - without.estimate) / without.se) ** 2
        x = residual * residual / (float(variance[row]) + (overall.tau2 or 0.0))
        points.append(BaujatPoint(row, effects.labels[row], x, shift))
    notes = [] if overall.estimable else list(overall.notes)
    if len(rows) == 1:
        notes.append(note("influence.one"))
    elif any(point.y is None for point in points):
        notes.append(note("influence.undefined"))
    return Baujat(overall, tuple(points), tuple(notes))


def _own_effects(effects: EffectSizes, settings: PoolSettings) -> tuple[FloatArray, FloatArray, BoolArray]:
    """The effects and variances of the studies on the scale of the method, and the rows that have them."""
    if settings.method != "Peto":
        return effects.yi, effects.vi, effects.estimable
    difference, information = o_minus_e_and_variance(effects)
    used = np.where(np.isnan(information), 0.0, information) > 0
    scale = np.where(used, information, 1.0)
    return difference / scale, 1 / scale, used


def _steady(settings: PoolSettings) -> PoolSettings:
    """The same settings with one kind of interval for all fits."""
    if settings.ci != "handbook":
        return settings
    return PoolSettings(
        settings.model, settings.method, settings.tau2, "wald", settings.pi, settings.level, settings.compatibility
    )


def _fit(effects: EffectSizes, settings: PoolSettings) -> Pooled:
    return pool(effects, model=settings.model, method=settings.method, tau2=settings.tau2, ci=settings.ci, pi=None)


def _others(effects: EffectSizes, row: int) -> EffectSizes:
    return effects.select([other for other in range(len(effects)) if other != row])


def _factor(effects: EffectSizes, fit: Pooled) -> float:
    """What Hartung and Knapp multiply the variance of the estimate with; 1 for other intervals."""
    if fit.ci_method not in ("hksj", "hksj-adhoc") or fit.se is None:
        return 1.0
    return fit.se * fit.se * float((1 / (effects.vi[effects.estimable] + (fit.tau2 or 0.0))).sum())


def _study(effects: EffectSizes, settings: PoolSettings, overall: Pooled, rows: list[int], row: int) -> StudyInfluence:
    share = float(overall.weights[row]) / 100
    base = StudyInfluence(row, effects.labels[row], share, 100 * share)
    part = _others(effects, row)
    without = _fit(part, settings)
    if overall.estimate is None or overall.se is None or without.estimate is None or without.se is None:
        return base
    k, tau2 = len(rows), without.tau2 or 0.0
    own = float(effects.vi[row]) + tau2
    factor = _factor(part, without)
    everyone = factor / float((1 / (effects.vi[effects.estimable] + tau2)).sum())
    shift = overall.estimate - without.estimate
    deleted = float(effects.yi[row]) - without.estimate
    dffits = _over(shift, math.sqrt(share * factor * own))
    cook = _over(shift * shift, overall.se * overall.se)
    dfbetas = _over(shift, math.sqrt(everyone))
    limits: dict[Reason, bool] = {
        "dffits": _beyond(dffits, shift, 3 / math.sqrt(k - 1)),
        "cooks_distance": _beyond(cook, shift, COOK_LIMIT),
        "hat": share > 3 / k,
        "dfbetas": _beyond(dfbetas, shift, 1.0),
    }
    return StudyInfluence(
        row,
        base.label,
        share,
        base.weight,
        _over(deleted, math.sqrt(factor * own + without.se * without.se)),
        dffits,
        cook,
        _over(without.se * without.se, overall.se * overall.se),
        without.tau2,
        without.q,
        dfbetas,
        tuple(reason for reason, exceeded in limits.items() if exceeded),
    )


def _over(value: float, scale: float) -> float | None:
    """value / scale; None when the scale is 0."""
    return value / scale if scale > 0 else None


def _beyond(value: float | None, shift: float, limit: float) -> bool:
    """Whether a shift exceeds a limit; any shift does when the standard error it is measured in is 0."""
    return shift != 0 if value is None else abs(value) > limit
