"""GOSH: the pooled result of all subsets of the studies, or of a random sample of the subsets."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.errors import CopseError, InputError
from core.pooling.estimators import estimator
from core.pooling.fit import pool
from core.pooling.measures.base import BoolArray, FloatArray
from core.pooling.models import centred, weighted_mean
from core.pooling.notes import Note, note
from core.pooling.results import EffectSizes, Pooled, PoolSettings
from core.pooling.rules import check_seed, resolve
from core.pooling.sensitivity import contributing
from core.pooling.tau2 import projection_trace

Progress = Callable[[float], None]
Cancelled = Callable[[], bool]
IntArray = NDArray[np.intp]
MOST = 1_000_000
"""More subsets than this neither fit on a plot nor into memory comfortably."""
_CELLS, _FITS = 200_000, 200
_BITS = 62


class GoshCancelled(CopseError):
    """The person stopped the computation; nothing was kept."""


@dataclass(frozen=True, slots=True, eq=False)
class Gosh:
    """One entry for each subset, in the order of ``members``.

    ``members`` says which rows of the effect sizes a subset holds; ``estimates`` (analysis scale), ``i2`` (percent),
    ``q`` and ``tau2`` (None under a common effect) are what ``pool`` finds for it. ``complete`` means all subsets of
    two contributing studies or more, ``overall`` is the result of all studies.
    """

    overall: Pooled
    members: BoolArray
    estimates: FloatArray
    i2: FloatArray
    q: FloatArray
    tau2: FloatArray | None
    complete: bool
    notes: tuple[Note, ...]

    def __len__(self) -> int:
        return len(self.estimates)


def gosh(
    effects: EffectSizes,
    *,
    subsets: int = 20_000,
    seed: int | None = 1,
    model: str = "random",
    method: str = "IV",
    tau2: str | None = None,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> Gosh:
    """Pool the subsets of two contributing studies or more (Olkin, Dahabreh & Trikalinos 2012); a single study has no
    heterogeneity to show.

    All of them when there are no more than ``subsets``, otherwise a random sample of that many different ones, the same
    for the same ``seed`` (None: another one each time). Common effect and DerSimonian-Laird take a few seconds per
    million, other estimators one fit each. ``progress`` is given the share done (0 to 1); when ``cancelled``
    returns True the computation stops with ``GoshCancelled``. Settings as for ``pool``.
    """
    if not 1 <= subsets <= MOST:
        raise InputError(
            "pooling.gosh-subsets",
            "The number of subsets must lie between 1 and {most}; it is {asked}.",
            most=MOST,
            asked=subsets,
        )
    check_seed(seed)
    settings = resolve(effects, model=model, method=method, tau2=tau2, ci="wald", pi=None)
    overall = _pooled(effects, settings)
    rows = contributing(effects, settings)
    if len(rows) < 2:
        empty = np.empty(0)
        members = np.empty((0, len(effects)), dtype=np.bool_)
        few = note("gosh.few", count=len(rows))
        return Gosh(overall, members, empty, empty, empty, None if model == "common" else empty, True, (few,))
    total = 2 ** len(rows) - 1 - len(rows)
    chosen = _all(len(rows)) if total <= subsets else _sample(len(rows), subsets, np.random.default_rng(seed))
    notes = [] if total <= subsets else [note("gosh.sample", count=subsets, total=total)]
    values = np.empty((4, len(chosen)))
    closed = settings.method == "IV" and settings.tau2 in (None, "DL")
    size = max(1, _CELLS // len(rows)) if closed else _FITS
    for low, high in _portions(len(chosen), size, progress, cancelled):
        values[:, low:high] = _fits(effects, settings, np.array(rows), chosen[low:high])
    kept = np.isfinite(values[0])
    if not kept.all():
        notes.append(note("gosh.not-estimable", count=int((~kept).sum())))
        chosen, values = chosen[kept], values[:, kept]
    members = np.zeros((len(chosen), len(effects)), dtype=np.bool_)
    members[:, rows] = chosen
    for array in (members, values):
        array.flags.writeable = False
    found_tau2 = None if settings.model == "common" else values[3]
    return Gosh(overall, members, values[0], values[1], values[2], found_tau2, total <= subsets, tuple(notes))


def _all(k: int) -> BoolArray:
    """Every subset of two or more of k studies."""
    members = _bits(np.arange(2**k, dtype=np.int64), k)
    return members[members.sum(axis=1) >= 2]


def _bits(numbers: NDArray[np.int64], k: int) -> BoolArray:
    octets = numbers.astype("<i8").view(np.uint8).reshape(-1, 8)
    return np.unpackbits(octets, axis=1, count=k, bitorder="little").astype(np.bool_)


def _sample(k: int, count: int, random: np.random.Generator) -> BoolArray:
    """``count`` different subsets of two or more, each as likely as any other. Beyond 62 studies chance alone makes
    them differ."""
    if k > _BITS:
        return random.integers(0, 2, size=(count, k), dtype=np.bool_)
    found = np.empty(0, dtype=np.int64)
    while len(found) < count:
        drawn = random.integers(1, 2**k, size=2 * count, dtype=np.int64)
        drawn = drawn[drawn & (drawn - 1) != 0]
        fresh, first = np.unique(np.concatenate((found, drawn)), return_index=True)
        found = fresh[np.argsort(first)]
    return _bits(found[:count], k)


def _portions(
    count: int, size: int, progress: Progress | None, cancelled: Cancelled | None
) -> Iterator[tuple[int, int]]:
    """Portions of the subsets, with a report after each."""
    for low in range(0, count, size):
        if cancelled and cancelled():
            raise GoshCancelled("pooling.gosh-cancelled", "The computation of the subsets was stopped.")
        yield low, min(low + size, count)
        if progress:
            progress(min(low + size, count) / count)


def _pooled(effects: EffectSizes, settings: PoolSettings) -> Pooled:
    return pool(effects, model=settings.model, method=settings.method, tau2=settings.tau2, ci="wald", pi=None)


def _fits(effects: EffectSizes, settings: PoolSettings, rows: IntArray, members: BoolArray) -> FloatArray:
    """Estimate, I2, Q and tau2 of each subset, one row each; NaN (inside this module only) where there is none."""
    if settings.method != "IV":
        return _by_pool(effects, settings, rows, members)
    # The most precise study first: a subset's first member then has the largest weight.
    order = np.argsort(effects.vi[rows], kind="stable")
    v = effects.vi[rows][order]
    y = centred(effects.yi[rows][order], v)[1]
    shift = float(effects.yi[rows][order][0])
    found = _closed(y, v, members[:, order], settings.model == "random")
    if settings.model == "random" and settings.tau2 != "DL":
        _estimated(y, v, members[:, order], settings.tau2 or "REML", found)
    found[0] += shift
    return found


def _closed(y: FloatArray, v: FloatArray, members: BoolArray, random: bool) -> FloatArray:
    """Common effect, or DerSimonian-Laird, of all subsets at once (the formulas of ``models`` and ``tau2``)."""
    w = np.where(members, 1 / v, 0.0)
    total = w.sum(axis=1)
    estimate = w @ y / total
    residual = y - estimate[:, None]
    q = np.einsum("ij,ij,ij->i", w, residual, residual)
    df = members.sum(axis=1) - 1
    i2 = 100 * np.maximum(0.0, 1 - df / np.maximum(q, df))
    if not random:
        return np.stack((estimate, i2, q, np.zeros_like(q)))
    # sum w - sum w^2 / sum w, the largest weight kept apart as in ``tau2.projection_trace``.
    top = members.argmax(axis=1)
    first = 1 / v[top]
    w[np.arange(len(w)), top] = 0.0
    trace = (first * w.sum(axis=1) + np.einsum("ij,ij->i", w, total[:, None] - w)) / total
    tau2 = np.maximum(0.0, (q - df) / trace)
    w = np.where(members, 1 / (v + tau2[:, None]), 0.0)
    return np.stack((w @ y / w.sum(axis=1), i2, q, tau2))


def _estimated(y: FloatArray, v: FloatArray, members: BoolArray, key: str, found: FloatArray) -> None:
    """Put the estimates by another estimator of tau2, subset by subset, in place of DerSimonian and Laird's."""
    estimate = estimator(key).estimate
    for number, member in enumerate(members):
        variance = v[member]
        moved = centred(y[member], variance)
        tau2 = estimate(moved[1], variance)[0]
        typical = (len(variance) - 1) / projection_trace(1 / variance)
        found[0, number] = moved[0] + weighted_mean(moved[1], 1 / (variance + tau2))[0]
        found[1, number] = 100 * tau2 / (tau2 + typical)
        found[3, number] = tau2


def _by_pool(effects: EffectSizes, settings: PoolSettings, rows: IntArray, members: BoolArray) -> FloatArray:
    found = np.full((4, len(members)), np.nan)
    for number, member in enumerate(members):
        fit = _pooled(effects.select(rows[member].tolist()), settings)
        if fit.estimate is not None and fit.i2 is not None and fit.q is not None:
            found[:, number] = fit.estimate, fit.i2, fit.q, fit.tau2 or 0.0
    return found
