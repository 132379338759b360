"""Events per person-time: of two groups compared, and of one group."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from core.language import mark
from core.pooling.measures.base import (
    BoolArray,
    Column,
    Computed,
    Correction,
    EffectOptions,
    FloatArray,
    Measure,
    Table,
    exponential,
    identity,
    row_notes,
)

COLUMNS = (
    Column("x1i", mark("Events"), "count", 1),
    Column("t1i", mark("Person-time"), "positive", 1),
    Column("x2i", mark("Events"), "count", 2),
    Column("t2i", mark("Person-time"), "positive", 2),
)
ONE_GROUP = (Column("xi", mark("Events"), "count"), Column("ti", mark("Person-time"), "positive"))

Estimate = tuple[FloatArray, FloatArray]


def to_correct(zero: BoolArray, to: Correction, rows: BoolArray) -> BoolArray:
    """Which of ``rows`` get the correction when ``zero`` marks the counts that ask for it."""
    if to == "only0":
        return zero & rows
    if to == "all" or (to == "if0all" and bool((zero & rows).any())):
        return rows
    return np.zeros_like(rows)


def log_rate_ratio(x1: FloatArray, t1: FloatArray, x2: FloatArray, t2: FloatArray) -> Estimate:
    """log of the rate ratio, 1/x1 + 1/x2 (Rothman, Greenland & Lash 2008, chapter 14)."""
    return np.log(x1 / t1) - np.log(x2 / t2), 1 / x1 + 1 / x2


def rate_difference(x1: FloatArray, t1: FloatArray, x2: FloatArray, t2: FloatArray) -> Estimate:
    """x1/t1 - x2/t2, x1/t1^2 + x2/t2^2 (Rothman, Greenland & Lash 2008, chapter 14)."""
    return x1 / t1 - x2 / t2, x1 / t1**2 + x2 / t2**2


def square_root_difference(x1: FloatArray, t1: FloatArray, x2: FloatArray, t2: FloatArray) -> Estimate:
    """Difference of the square roots of the rates, 1/(4 t1) + 1/(4 t2) (Bagos & Nikolopoulos 2009)."""
    return np.sqrt(x1 / t1) - np.sqrt(x2 / t2), 1 / (4 * t1) + 1 / (4 * t2)


def _two(
    table: Table,
    labels: tuple[str, ...],
    options: EffectOptions,
    estimate: Callable[[FloatArray, FloatArray, FloatArray, FloatArray], Estimate],
) -> Computed:
    """``estimate`` of the corrected counts: ``add`` goes to both counts of the studies that ``to`` names."""
    x1, t1, x2, t2 = (table[column.key] for column in COLUMNS)
    complete = np.isfinite(x1 + t1 + x2 + t2)
    dropped = complete & (x1 == 0) & (x2 == 0) & options.drop00
    kept = complete & ~dropped
    touched = to_correct((x1 == 0) | (x2 == 0), options.to, kept)
    extra = np.where(touched, options.add, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        yi, vi = estimate(x1 + extra, t1, x2 + extra, t2)
    undefined = kept & ~(np.isfinite(yi) & np.isfinite(vi))
    yi[~kept | undefined] = vi[~kept | undefined] = np.nan
    result = Computed(yi, vi)
    row_notes(result.notes, labels, "row.double-zero", dropped)
    row_notes(result.notes, labels, "row.zero-count", undefined)
    row_notes(result.notes, labels, "row.zero-variance", vi == 0)
    if options.add:
        row_notes(result.notes, labels, "row.corrected-counts", touched & ~undefined, add=options.add)
    return result


def _irr(table: Table, labels: tuple[str, ...], options: EffectOptions) -> Computed:
    return _two(table, labels, options, log_rate_ratio)


def _ird(table: Table, labels: tuple[str, ...], options: EffectOptions) -> Computed:
    return _two(table, labels, options, rate_difference)


def _irsd(table: Table, labels: tuple[str, ...], options: EffectOptions) -> Computed:
    return _two(table, labels, options, square_root_difference)


def _one(
    table: Table,
    labels: tuple[str, ...],
    options: EffectOptions,
    estimate: Callable[[FloatArray, FloatArray], Estimate],
) -> Computed:
    """``estimate`` of the corrected count."""
    x, t = table["xi"], table["ti"]
    complete = np.isfinite(x + t)
    touched = to_correct(x == 0, options.to, complete)
    with np.errstate(divide="ignore", invalid="ignore"):
        yi, vi = estimate(x + np.where(touched, options.add, 0.0), t)
    undefined = complete & ~(np.isfinite(yi) & np.isfinite(vi))
    yi[undefined] = vi[undefined] = np.nan
    result = Computed(yi, vi)
    row_notes(result.notes, labels, "row.zero-count", undefined)
    row_notes(result.notes, labels, "row.zero-variance", vi == 0)
    if options.add:
        row_notes(result.notes, labels, "row.corrected-count", touched & ~undefined, add=options.add)
    return result


def _ir(table: Table, labels: tuple[str, ...], options: EffectOptions) -> Computed:
    """x / t, x / t^2."""
    return _one(table, labels, options, lambda x, t: (x / t, x / t**2))


def _irln(table: Table, labels: tuple[str, ...], options: EffectOptions) -> Computed:
    """log(x / t), 1 / x."""
    return _one(table, labels, options, lambda x, t: (np.log(x / t), 1 / x))


def _irs(table: Table, labels: tuple[str, ...], options: EffectOptions) -> Computed:
    """sqrt(x / t), 1 / (4 t)."""
    return _one(table, labels, options, lambda x, t: (np.sqrt(x / t), 1 / (4 * t)))


def _irft(table: Table, labels: tuple[str, ...], options: EffectOptions) -> Computed:
    """(sqrt(x / t) + sqrt((x + 1) / t)) / 2, 1 / (4 t) (Freeman & Tukey 1950)."""
    return _one(table, labels, options, lambda x, t: ((np.sqrt(x / t) + np.sqrt((x + 1) / t)) / 2, 1 / (4 * t)))


def squared(value: float) -> float:
    """From the square root of a rate to the rate; no rate lies below 0."""
    return max(value, 0.0) ** 2


def freeman_tukey_rate(value: float, person_time: float) -> float:
    """The rate whose Freeman-Tukey transformation over this person-time is ``value``; 0 below the smallest there is.

    From 2 y = sqrt(r) + sqrt(r + 1/t): sqrt(r) = (4 y^2 - 1/t) / (4 y).
    """
    smallest = 0.5 / person_time**0.5
    if value <= smallest:
        return 0.0
    return ((value - smallest) * (value + smallest) / value) ** 2


def _entry(
    key: str,
    labels: tuple[str, str],
    compute: Callable[[Table, tuple[str, ...], EffectOptions], Computed],
    *,
    add: float = 0.5,
    ratio: bool = False,
) -> Measure:
    """A comparison of two rates. The Mantel-Haenszel method exists for the ratio and for the difference."""
    return Measure(
        key,
        *labels,
        "rates",
        COLUMNS,
        compute,
        ("IV", "MH") if key in ("IRR", "IRD") else ("IV",),
        log_scale=ratio,
        back=exponential if ratio else identity,
        compatibility=(None,),
        add=add,
        to="only0",
        drop00=ratio,
        corrects_zero_cells=True,
        drops_double_zeros=True,
    )


def _single(
    key: str,
    labels: tuple[str, str],
    compute: Callable[[Table, tuple[str, ...], EffectOptions], Computed],
    back: Callable[[float], float],
    *,
    add: float = 0.5,
    back_with: Callable[[float, float], float] | None = None,
) -> Measure:
    """A rate of one group; there is no value of no effect."""
    return Measure(
        key,
        *labels,
        "rate",
        ONE_GROUP,
        compute,
        ("IV",),
        log_scale=key == "IRLN",
        back=back,
        back_with=back_with,
        size="ti" if back_with else "",
        null=None,
        compatibility=(None,),
        add=add,
        to="only0",
        corrects_zero_cells=True,
    )


MEASURES = (
    _entry("IRR", (mark("Rate ratio"), mark("IRR")), _irr, ratio=True),
    _entry("IRD", (mark("Rate difference"), mark("IRD")), _ird),
    _entry("IRSD", (mark("Square-root rate difference"), mark("IRSD")), _irsd, add=0.0),
    _single("IR", (mark("Rate"), mark("Rate")), _ir, identity),
    _single("IRLN", (mark("Rate, as logarithm"), mark("Rate")), _irln, exponential),
    _single("IRS", (mark("Rate, as square root"), mark("Rate")), _irs, squared, add=0.0),
    _single(
        "IRFT",
        (mark("Rate, Freeman-Tukey"), mark("Rate")),
        _irft,
        squared,
        add=0.0,
        back_with=freeman_tukey_rate,
    ),
)
