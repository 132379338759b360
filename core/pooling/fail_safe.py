"""Fail-safe N: how many studies without an effect would undo a result."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from core.errors import InputError
from core.pooling.inference import quantile, two_sided_p
from core.pooling.measures.base import FloatArray
from core.pooling.models import centred, weighted_mean
from core.pooling.notes import Note, note
from core.pooling.results import EffectSizes

KINDS = ("Rosenthal", "Orwin", "Rosenberg")
SMALLEST, ROUNDING = 1e-25, 1e-12


@dataclass(frozen=True, slots=True)
class FailSafe:
    """``n`` studies with no effect would bring P above alpha (Rosenthal, Rosenberg) or the mean to the target (Orwin).
    ``p`` is the P value now (Rosenthal: one-sided; Rosenberg: two-sided), ``mean`` the mean effect now (Orwin:
    unweighted; Rosenberg: common-effect); None where the kind has none, or nothing is estimable (see the notes)."""

    kind: str
    k: int
    alpha: float
    n: int | None
    p: float | None
    mean: float | None
    target: float | None
    notes: tuple[Note, ...]


def fail_safe_n(
    effects: EffectSizes,
    *,
    kind: Literal["Rosenthal", "Orwin", "Rosenberg"] = "Rosenthal",
    alpha: float = 0.05,
    target: float | None = None,
) -> FailSafe:
    """The number of unpublished studies with no effect that would undo the result, rounded up.

    "Rosenthal" (1979): sum z / sqrt(k + n) falls to the one-sided quantile of ``alpha``. "Orwin" (1983): the unweighted
    mean falls to ``target``, on the analysis scale (None: half of the mean; its sign is that of the mean).
    "Rosenberg" (2005, eq. 3 with a normal quantile): the common-effect mean falls to the two-sided quantile of
    ``alpha``, each added study having the mean weight. Raises ``InputError`` for an unknown kind, an alpha that is
    none, a target of 0 or for another kind than Orwin's, and a measure of one group.
    """
    _check(kind, alpha, target)
    if effects.definition.null is None:
        raise InputError(
            "pooling.fail-safe-measure",
            "Fail-safe N counts studies without an effect, and {measure} has no value that means no effect.",
            measure=effects.definition.label,
        )
    rows = effects.estimable
    if not rows.any():
        reason = note("pool.none-estimable" if len(effects) else "pool.no-studies")
        return FailSafe(kind, 0, alpha, None, None, None, None, (reason,))
    notes = [note("fail-safe.about")]
    if not rows.all():
        names = [effects.labels[row] for row in np.flatnonzero(~rows)]
        notes.append(note("pool.left-out", count=len(names), total=len(effects), studies=", ".join(names)))
    y, v = effects.yi[rows], effects.vi[rows]
    k, p, aim = len(y), None, None
    nothing = note("fail-safe.not-significant")
    if kind == "Orwin":
        mean = _mean(y)
        aim = mean / 2 if target is None else math.copysign(target, mean)
        needed = k * (mean - aim) / aim if mean else 0.0
        nothing = note("fail-safe.within-target")
    else:
        z, mean = _significance(kind, y, v)
        sides = 1 if kind == "Rosenthal" else 2
        p = two_sided_p(z, None) * sides / 2
        needed = k * ((z / quantile(1 - 2 * alpha / sides, None)) ** 2 - 1)
    if needed <= 0:
        notes.append(nothing)
    return FailSafe(kind, k, alpha, _up(needed), p, mean, aim, tuple(notes))


def _mean(y: FloatArray) -> float:
    """The unweighted mean, exactly 0 when it is rounding error."""
    mean = float(y.mean())
    return mean if abs(mean) > len(y) * np.finfo(np.float64).eps * float(np.abs(y).max()) else 0.0


def _check(kind: str, alpha: float, target: float | None) -> None:
    if kind not in KINDS:
        raise InputError(
            "pooling.fail-safe-kind",
            "There is no fail-safe N {asked}. Choose one of: {known}.",
            asked=kind,
            known=", ".join(KINDS),
        )
    if not 0 < alpha < 0.5:
        raise InputError(
            "pooling.fail-safe-alpha", "The level of significance must lie between 0 and 0.5 (0.05).", alpha=alpha
        )
    if target is None:
        return
    if kind != "Orwin":
        raise InputError(
            "pooling.fail-safe-target", "Only Orwin's fail-safe N has a target; {kind}'s has none.", kind=kind
        )
    if not SMALLEST < abs(target) < math.inf:
        raise InputError(
            "pooling.fail-safe-zero",
            "The target ({target}) must be an effect other than none: no number of studies brings a mean to exactly 0.",
            target=target,
        )


def _significance(kind: str, y: FloatArray, v: FloatArray) -> tuple[float, float | None]:
    """(z, mean): Stouffer's combined z without a mean, or the common-effect mean over its standard error."""
    if kind == "Rosenthal":
        return abs(float((y / np.sqrt(v)).sum())) / math.sqrt(len(y)), None
    shift, moved = centred(y, v)
    mean, se = weighted_mean(moved, 1 / v)
    return abs(mean + shift) / se, mean + shift


def _up(needed: float) -> int:
    """Rounded up, a whole number missed by rounding error only staying what it is."""
    return max(0, math.ceil(needed - ROUNDING * max(1.0, needed)))
