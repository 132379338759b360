"""Trim and fill: how many studies a symmetric funnel plot would lack, and the result with them filled in."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from core.errors import InputError
from core.language import mark, phrase
from core.pooling.fit import pool
from core.pooling.measures.base import FloatArray
from core.pooling.notes import Note, note
from core.pooling.regression.fit import meta_regression
from core.pooling.results import EffectSizes, Pooled, PoolSettings
from core.pooling.rules import AUTO, resolve

Side = Literal["left", "right"]
ESTIMATORS = ("L0", "R0")
SIDES = (AUTO, "left", "right")
LEAST, FEW = 3, 10


@dataclass(frozen=True, slots=True)
class FilledStudy:
    """A study filled in: the mirror image of the study in ``row``, with its variance."""

    row: int
    label: str
    yi: float
    vi: float


@dataclass(frozen=True, slots=True)
class TrimAndFill:
    """``k0`` studies are estimated to be missing on ``side``; ``filled`` are their effects, ``effects`` all rows with
    the filled ones appended. ``original`` is the result as observed, ``adjusted`` that with the filled studies.
    ``k0_se`` is None where its variance is negative; ``k0_p`` tests k0 = 0 (R0 only). ``k0`` and ``adjusted`` are None
    when the trimming does not settle (see the notes)."""

    estimator: str
    side: Side
    k0: int | None
    k0_se: float | None
    k0_p: float | None
    filled: tuple[FilledStudy, ...]
    effects: EffectSizes
    original: Pooled
    adjusted: Pooled | None
    notes: tuple[Note, ...]


def trim_and_fill(
    effects: EffectSizes,
    *,
    estimator: Literal["L0", "R0"] = "L0",
    side: Literal["auto", "left", "right"] = "auto",
    model: str = "random",
    method: str = "IV",
    tau2: str | None = None,
    ci: str | None = None,
    pi: str | None = AUTO,
    level: float = 0.95,
) -> TrimAndFill:
    """Duval & Tweedie's trim and fill (2000, JASA 95:89; 2000, Biometrics 56:455) of an inverse-variance analysis.

    ``side`` is where studies are missing; "auto": on the right when effects fall with their standard errors (slope of
    the meta-regression of y on sqrt(v) below 0, same model and estimator), otherwise on the left. The centre of the
    funnel is the pooled estimate of the studies that remain, with ``model`` and ``tau2``. Settings as for ``pool``.
    Raises ``InputError`` for fewer than three studies, for another method than IV, for an unknown estimator or side,
    and for "auto" when all studies have the same standard error.
    """
    _check(estimator, side)
    settings = resolve(effects, model=model, method=method, tau2=tau2, ci=ci, pi=pi, level=level)
    if settings.method != "IV":
        raise InputError(
            "pooling.trim-and-fill-method",
            "Trim and fill exists for inverse variance only, not for {method}. Choose inverse variance.",
            method=settings.method,
        )
    rows = [int(row) for row in np.flatnonzero(effects.estimable)]
    if len(rows) < LEAST:
        raise InputError(
            "pooling.trim-and-fill-few",
            "Trim and fill needs three studies or more with an estimable effect; here there are {count}.",
            count=len(rows),
        )
    found: Side = _side(effects, settings) if side == AUTO else side

    def pooled(part: EffectSizes) -> Pooled:
        return pool(part, model=model, method=method, tau2=tau2, ci=ci, pi=pi, level=level)

    original = pooled(effects)
    sign = -1.0 if found == "right" else 1.0
    order = sorted(rows, key=lambda row: sign * float(effects.yi[row]))
    trimmed = _trim(effects, settings, estimator, sign, order)
    notes = [note("trim-and-fill.about")]
    if len(rows) < FEW:
        notes.append(note("trim-and-fill.few", count=len(rows)))
    if trimmed is None:
        notes.append(note("trim-and-fill.not-settled"))
        return TrimAndFill(estimator, found, None, None, None, (), effects, original, None, tuple(notes))
    k0, raw, centre = trimmed
    filled = tuple(_mirror(effects, row, centre) for row in order[len(order) - k0 :])
    k0_se = _k0_se(estimator, len(rows), raw)
    if k0_se is None:
        notes.append(note("trim-and-fill.no-se"))
    if not k0:
        notes.append(note("trim-and-fill.none", side=mark("right") if found == "right" else mark("left")))
    together = _appended(effects, filled) if filled else effects
    k0_p = 0.5 ** (k0 + 1) if estimator == "R0" else None
    return TrimAndFill(estimator, found, k0, k0_se, k0_p, filled, together, original, pooled(together), tuple(notes))


def _check(estimator: str, side: str) -> None:
    for asked, known, what in ((estimator, ESTIMATORS, mark("estimator")), (side, SIDES, mark("side"))):
        if asked not in known:
            raise InputError(
                "pooling.trim-and-fill-choice",
                "Trim and fill has no {what} {asked}. Choose one of: {known}.",
                what=what,
                asked=asked,
                known=", ".join(known),
            )


def _centre(effects: EffectSizes, settings: PoolSettings, rows: list[int]) -> float:
    part = effects.select(rows)
    fit = pool(part, model=settings.model, method=settings.method, tau2=settings.tau2, ci="wald", pi=None)
    return fit.estimate or 0.0


def _trim(
    effects: EffectSizes, settings: PoolSettings, estimator: str, sign: float, order: list[int]
) -> tuple[int, float, float] | None:
    """(k0, k0 before rounding, centre of the funnel) once trimming the k0 largest effects leads to k0 again; None when
    it comes back to a number it has left before, or there is none."""
    k0, seen = 0, {0}
    while True:
        centre = _centre(effects, settings, order[: len(order) - k0])
        raw = _k0(estimator, sign * (effects.yi[order] - centre), float(np.abs(effects.yi[order]).max()))
        if raw is None:
            return None
        following = max(0, round(raw))
        if following == k0:
            return k0, raw, centre
        if following in seen:
            return None
        seen.add(following)
        k0 = following


def _k0(estimator: str, deviations: FloatArray, scale: float) -> float | None:
    """The estimate of the number missing from signed ranks of the deviations, which come in rising order. Distances
    that differ by rounding only count as ties; the smaller effect then has the lower rank. None when no study lies
    below the centre for R0 to compare with."""
    k = len(deviations)
    rounding = 16 * np.finfo(np.float64).eps * scale
    distance = np.abs(deviations)
    by_size = np.argsort(distance, kind="stable")
    steps = np.diff(distance[by_size]) > rounding
    group = np.empty(k)
    group[by_size] = np.concatenate(([0], np.cumsum(steps)))
    ranks = np.empty(k)
    ranks[np.lexsort((np.arange(k), group))] = np.arange(1, k + 1)
    above, below = deviations > rounding, deviations < -rounding
    if estimator == "L0":
        return (4 * float(ranks[above].sum()) - k * (k + 1)) / (2 * k - 1)
    if below.any():
        return k - float(ranks[below].max()) - 1
    return None if above.any() else 0.0


def _k0_se(estimator: str, k: int, k0: float) -> float | None:
    """Standard error of k0 (Duval & Tweedie 2000, Biometrics); None where L0's variance is negative."""
    if estimator == "R0":
        return math.sqrt(2 * max(0.0, k0) + 2)
    ranks = k * (k + 1) * (2 * k + 1) + 10 * k0**3 + 27 * k0**2 + 17 * k0
    variance = (ranks - 18 * k * k0**2 - 18 * k * k0 + 6 * k**2 * k0) / 24
    return 4 * math.sqrt(variance) / (2 * k - 1) if variance >= 0 else None


def _mirror(effects: EffectSizes, row: int, centre: float) -> FilledStudy:
    label = phrase("Filled: {study}", study=effects.labels[row])
    return FilledStudy(row, label, 2 * centre - float(effects.yi[row]), float(effects.vi[row]))


def _appended(effects: EffectSizes, filled: tuple[FilledStudy, ...]) -> EffectSizes:
    """All rows and the filled ones, which have no raw data but the size of the study they mirror, where the measure
    needs that to be shown."""
    count, size = len(filled), effects.definition.size
    yi = np.concatenate((effects.yi, [each.yi for each in filled]))
    vi = np.concatenate((effects.vi, [each.vi for each in filled]))
    estimable = np.concatenate((effects.estimable, np.ones(count, dtype=np.bool_)))
    table = {key: np.concatenate((values, np.full(count, np.nan))) for key, values in effects.table.items()}
    if size:
        table[size][len(effects) :] = effects.table[size][[each.row for each in filled]]
    for values in (yi, vi, estimable, *table.values()):
        values.flags.writeable = False
    labels = (*effects.labels, *(each.label for each in filled))
    return EffectSizes(effects.measure, labels, yi, vi, estimable, table, effects.options, effects.notes)


def _side(effects: EffectSizes, settings: PoolSettings) -> Side:
    """Opposite to where the small studies are: the sign of the slope on the standard errors."""
    errors = [math.sqrt(v) if known else None for v, known in zip(effects.vi.tolist(), effects.estimable, strict=True)]
    fit = meta_regression(effects, {"sei": errors}, model=settings.model, tau2=settings.tau2, ci="wald")
    slope = [coefficient for coefficient in fit.coefficients if coefficient.moderator]
    if not slope:
        raise InputError(
            "pooling.trim-and-fill-side",
            "All studies have the same standard error, so nothing shows on which side studies are missing. Choose left "
            "or right.",
        )
    return "right" if slope[0].estimate < 0 else "left"
