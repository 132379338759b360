"""Selection models: what the studies would show if publication did not depend on P values."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from core.errors import InputError
from core.pooling.inference import Interval, chi_squared_p, normal_interval, statistic, two_sided_p
from core.pooling.measures import measure as measure_of
from core.pooling.measures.base import FloatArray
from core.pooling.models import centred, weighted_mean
from core.pooling.multilevel import LikelihoodRatio
from core.pooling.notes import Note, note
from core.pooling.results import Displayed, EffectSizes
from core.pooling.selection.likelihood import BetaLikelihood, IntArray, Likelihood, StepLikelihood, p_values
from core.pooling.selection.maximum import Maximum, Search, region, search
from core.pooling.tau2 import log_likelihood, maximum_likelihood

Kind = Literal["step", "beta"]
Side = Literal["greater", "less", "two-sided"]
FEW_STUDIES, FEW_IN_INTERVAL = 10, 3
# A weight 10,000 times another, and beta parameters of 100, are beyond what P values can tell.
LARGEST_LOG = {"step": math.log(1e4), "beta": math.log(100)}

# Upper ends of intervals of one-sided P values and weights for four kinds of selection, for sensitivity analyses
# (Vevea & Woods 2005, table 1).
VEVEA_WOODS_STEPS = (0.005, 0.01, 0.05, 0.1, 0.25, 0.35, 0.5, 0.65, 0.75, 0.9, 0.95, 0.99, 0.995)
VEVEA_WOODS_WEIGHTS = {
    "moderate one-tailed": (1, 0.99, 0.95, 0.8, 0.75, 0.65, 0.6, 0.55, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5),
    "severe one-tailed": (1, 0.99, 0.9, 0.75, 0.6, 0.5, 0.4, 0.35, 0.3, 0.25, 0.1, 0.1, 0.1, 0.1),
    "moderate two-tailed": (1, 0.99, 0.95, 0.9, 0.8, 0.75, 0.6, 0.6, 0.75, 0.8, 0.9, 0.95, 0.99, 1),
    "severe two-tailed": (1, 0.99, 0.9, 0.75, 0.6, 0.5, 0.25, 0.25, 0.5, 0.6, 0.75, 0.9, 0.99, 1),
}


@dataclass(frozen=True, slots=True)
class SelectionWeight:
    """One parameter of a weight function. In a step model: the relative weight ``delta`` of P values in
    (``low``, ``high``] with the number of studies in it; in a beta model an exponent, with ``low``, ``high`` and
    ``studies`` None. ``se``, ``ci`` and ``p`` (of delta = 1) are None where delta is fixed."""

    delta: float
    low: float | None = None
    high: float | None = None
    studies: int | None = None
    se: float | None = None
    ci: Interval | None = None
    p: float | None = None


@dataclass(frozen=True, slots=True)
class SelectionModel:
    """A pooled result adjusted for selection by P values, on the analysis scale.

    ``estimate`` is the mean effect of all studies, seen or not, ``tau2`` the variance of their effects. ``weights``
    describe the selection; ``selection`` tests the model without it (None when the weights were given).
    ``unadjusted`` and ``unadjusted_tau2`` are the random-effects fit by ML to the same studies. ``converged`` is True
    when a maximum was found; otherwise all estimates are None and a note says why.
    """

    measure: str
    kind: Kind
    side: Side
    level: float
    k: int
    notes: tuple[Note, ...]
    converged: bool = False
    estimate: float | None = None
    se: float | None = None
    ci: Interval | None = None
    stat: float | None = None
    p: float | None = None
    tau2: float | None = None
    tau2_se: float | None = None
    weights: tuple[SelectionWeight, ...] = ()
    log_likelihood: float | None = None
    selection: LikelihoodRatio | None = None
    unadjusted: float | None = None
    unadjusted_tau2: float | None = None

    @property
    def estimable(self) -> bool:
        """Whether there is an adjusted estimate."""
        return self.estimate is not None

    def display(self) -> Displayed | None:
        """Estimate and interval on the scale that readers see; None when not estimable."""
        if self.estimate is None or self.ci is None:
            return None
        back = measure_of(self.measure).back
        return Displayed(back(self.estimate), Interval(back(self.ci.low), back(self.ci.high)))


@dataclass(slots=True)
class _Data:
    """Effects with the signs turned so that selection favours high ones, in units of ``unit``; the ordinary ML fit."""

    y: FloatArray
    v: FloatArray
    sign: float
    unit: float
    mean: float
    tau2: float
    log_likelihood: float


def selection_model(
    effects: EffectSizes,
    *,
    kind: Kind = "step",
    steps: Sequence[float] = (0.025,),
    weights: Sequence[float] | None = None,
    side: Side | Literal["auto"] = "auto",
    level: float = 0.95,
) -> SelectionModel:
    """A random-effects model, by ML, in which studies are seen with a chance that depends on their P value.

    ``kind`` "step": the chance is constant between ``steps`` of P, relative to that below the first (Vevea & Hedges
    1995); with ``weights`` given, one per interval, it is fixed (Vevea & Woods 2005). "beta": it follows a beta density
    in P (Citkowicz & Vevea 2017). ``side``: P is one-sided for effects above 0 ("greater") or below ("less"; "auto"
    takes the side of the ordinary estimate), or "two-sided" (step models only). Standard errors come from the observed
    information. Raises ``InputError`` for settings that make no sense.
    """
    cuts, fixed = _settings(kind, steps, weights, side, level)
    used = effects.estimable
    k = int(used.sum())
    if k < 2:
        code = "pool.no-studies" if not len(effects) else "pool.none-estimable" if k == 0 else "selection.one-study"
        return SelectionModel(effects.measure, kind, "greater" if side == "auto" else side, level, k, (note(code),))
    notes = _left_out(effects)
    data = _prepared(effects.yi[used], effects.vi[used], side)
    actual: Side = side if side != "auto" else "greater" if data.sign > 0 else "less"
    likelihood, counts = _likelihood(data, kind, cuts, fixed, actual)
    notes += _about_studies(k, counts, cuts, fixed is not None)
    found = None
    if counts is not None and fixed is None and not counts.all():
        notes.append(note("selection.empty-interval", intervals=_intervals(cuts, counts == 0)))
    elif k < 2 + likelihood.parameters:
        notes.append(note("selection.too-few", studies=k, parameters=2 + likelihood.parameters))
    else:
        where = region(data.y, data.v, likelihood.parameters, LARGEST_LOG[kind])
        sd = math.sqrt(data.tau2 + float(np.median(data.v)))
        searched = search(likelihood, where, data.mean, data.tau2, sd)
        notes += _about_search(effects, data, searched)
        found = searched.maximum
    frame = SelectionModel(effects.measure, kind, actual, level, k, tuple(notes))
    return _result(frame, data, found, cuts, fixed, counts)


def _settings(
    kind: str, steps: Sequence[float], weights: Sequence[float] | None, side: str, level: float
) -> tuple[FloatArray, FloatArray | None]:
    """The upper ends of the intervals of P, 1 the last, and the logarithms of fixed weights."""
    _known("selection model", kind, ("step", "beta"))
    _known("side", side, ("auto", "greater", "less", "two-sided") if kind == "step" else ("auto", "greater", "less"))
    if not 0 < level < 1:
        raise InputError("pooling.level", "The confidence level must lie between 0 and 1 (0.95 for 95%).", level=level)
    try:
        cuts = np.array(sorted({float(step) for step in steps} | {1.0}))
    except (TypeError, ValueError):
        cuts = np.zeros(0)
    if not (len(cuts) > 1 and cuts[0] > 0 and cuts[-1] == 1):
        raise InputError(
            "pooling.steps",
            "The steps of a selection model must be P values between 0 and 1, at least one; they are {steps}.",
            steps=", ".join(map(str, steps)) or "none",
        )
    if weights is None:
        return cuts, None
    fixed = np.array(weights, dtype=np.float64)
    if kind == "beta" or len(fixed) != len(cuts) or not ((fixed > 0) & np.isfinite(fixed)).all():
        raise InputError(
            "pooling.selection-weights",
            "Fixed weights belong to a step model: one number above 0 for each of the {count} intervals of P.",
            count=len(cuts),
        )
    return cuts, np.log(fixed)


def _known(kind: str, key: str, known: tuple[str, ...]) -> None:
    if key not in known:
        raise InputError(
            "pooling.unknown-choice",
            "There is no {kind} {key}. Choose one of: {known}.",
            kind=kind,
            key=key,
            known=", ".join(known),
        )


def _left_out(effects: EffectSizes) -> list[Note]:
    names = [effects.labels[row] for row in np.flatnonzero(~effects.estimable)]
    if not names:
        return []
    return [note("pool.left-out", count=len(names), total=len(effects), studies=", ".join(names))]


def _prepared(y: FloatArray, v: FloatArray, side: str) -> _Data:
    unit = math.sqrt(float(np.median(v)))
    y, v = y / unit, v / unit**2
    shift, moved = centred(y, v)
    tau2 = maximum_likelihood(moved, v)[0]
    mean = weighted_mean(moved, 1 / (v + tau2))[0] + shift
    sign = -1.0 if side == "less" or (side == "auto" and mean < 0) else 1.0
    return _Data(sign * y, v, sign, unit, sign * mean, tau2, log_likelihood(moved, v, tau2, restricted=False))


def _likelihood(
    data: _Data, kind: Kind, cuts: FloatArray, fixed: FloatArray | None, side: Side
) -> tuple[Likelihood, IntArray | None]:
    """The likelihood, and how many studies each interval of P has (None: the beta model has no intervals)."""
    if kind == "beta":
        return BetaLikelihood(data.y, data.v), None
    two_sided = side == "two-sided"
    # An interval holds its upper end: P = 0.025 counts as significant.
    interval = np.searchsorted(cuts, p_values(data.y, data.v, two_sided), side="left")
    return StepLikelihood(data.y, data.v, cuts, interval, two_sided, fixed), np.bincount(interval, minlength=len(cuts))


def _intervals(cuts: FloatArray, flags: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> str:
    lows = np.concatenate(([0.0], cuts[:-1]))
    return ", ".join(f"{low:g}-{high:g}" for low, high, flag in zip(lows, cuts, flags, strict=True) if flag)


def _about_studies(k: int, counts: IntArray | None, cuts: FloatArray, fixed: bool) -> list[Note]:
    notes: list[Note] = []
    if k < FEW_STUDIES:
        notes.append(note("selection.few-studies", studies=k))
    if counts is not None and not fixed:
        few = (counts > 0) & (counts <= FEW_IN_INTERVAL)
        if few.any():
            notes.append(note("selection.few-in-interval", intervals=_intervals(cuts, few)))
    return notes


def _about_search(effects: EffectSizes, data: _Data, searched: Search) -> list[Note]:
    if searched.maximum is None:
        return [note("selection.no-maximum")]
    notes = [note("selection.tau2-zero")] if searched.maximum.tau2 == 0 else []
    if searched.rival is not None:
        effect = effects.definition.back(data.sign * searched.rival.mean * data.unit)
        gain = searched.rival.log_likelihood - searched.maximum.log_likelihood
        notes.append(note("selection.rival", effect=effect, gain=gain))
    if searched.rises:
        notes.append(note("selection.rises"))
    return notes


def _result(
    frame: SelectionModel,
    data: _Data,
    found: Maximum | None,
    cuts: FloatArray,
    fixed: FloatArray | None,
    counts: IntArray | None,
) -> SelectionModel:
    unadjusted = {
        "unadjusted": data.sign * data.mean * data.unit,
        "unadjusted_tau2": data.tau2 * data.unit**2,
    }
    if found is None:
        return replace(frame, **unadjusted)
    se = math.sqrt(float(found.covariance[0, 0]))
    stat = statistic(found.mean, se) or 0.0
    estimate = data.sign * found.mean * data.unit
    selection = None
    if fixed is None:
        ratio, df = max(0.0, 2 * (found.log_likelihood - data.log_likelihood)), len(found.logs)
        selection = LikelihoodRatio(ratio, df, chi_squared_p(ratio, df))
    return replace(
        frame,
        **unadjusted,
        converged=True,
        estimate=estimate,
        se=se * data.unit,
        ci=normal_interval(estimate, se * data.unit, frame.level),
        stat=data.sign * stat,
        p=two_sided_p(stat, None),
        tau2=found.tau2 * data.unit**2,
        tau2_se=math.sqrt(float(found.covariance[1, 1])) * data.unit**2 if found.tau2 > 0 else None,
        weights=_weights(found, cuts, fixed, counts, frame.level),
        log_likelihood=found.log_likelihood - frame.k * math.log(data.unit),
        selection=selection,
    )


def _weights(
    found: Maximum,
    cuts: FloatArray,
    fixed: FloatArray | None,
    counts: IntArray | None,
    level: float,
) -> tuple[SelectionWeight, ...]:
    """The weights with standard errors by the delta method; Wald intervals, which stop at 0."""
    errors = np.sqrt(np.diag(found.covariance)[2:])
    estimated = [
        _estimated(math.exp(float(value)), math.exp(float(value)) * float(error), level)
        for value, error in zip(found.logs, errors, strict=True)
    ]
    if counts is None:
        return tuple(estimated)
    known = [SelectionWeight(1.0)] if fixed is None else [SelectionWeight(math.exp(float(each))) for each in fixed]
    lows = (0.0, *cuts[:-1].tolist())
    return tuple(
        replace(each, low=low, high=high, studies=count)
        for each, low, high, count in zip((*known, *estimated), lows, cuts.tolist(), counts.tolist(), strict=True)
    )


def _estimated(delta: float, se: float, level: float) -> SelectionWeight:
    low, high = normal_interval(delta, se, level)
    return SelectionWeight(delta, se=se, ci=Interval(max(0.0, low), high), p=two_sided_p((delta - 1) / se, None))
