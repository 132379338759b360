"""Proportions of one group: as they are, as logarithm, logit, arcsine and Freeman-Tukey double arcsine."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from core.language import mark
from core.pooling.measures.base import (
    Column,
    Computed,
    EffectOptions,
    FloatArray,
    Measure,
    Table,
    exponential,
    identity,
    row_notes,
)
from core.pooling.measures.rates import Estimate, to_correct

COLUMNS = (
    Column("xi", mark("Events"), "count", within="ni"),
    Column("ni", mark("Total"), "total"),
)
NON_EVENTS = (Column("mi", mark("Non-events"), "count"),)


def _total(table: Table) -> None:
    if "ni" not in table and "xi" in table and "mi" in table:
        table["ni"] = table["xi"] + table["mi"]


def _proportion(
    table: Table,
    labels: tuple[str, ...],
    options: EffectOptions,
    estimate: Callable[[FloatArray, FloatArray], Estimate],
) -> Computed:
    """``estimate`` of (events, non-events), ``add`` in both for the groups that ``to`` names."""
    x, n = table["xi"], table["ni"]
    nobody = n == 0
    kept = np.isfinite(x + n) & ~nobody
    touched = to_correct((x == 0) | (x == n), options.to, kept)
    extra = np.where(touched, options.add, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        yi, vi = estimate(x + extra, n - x + extra)
    undefined = kept & ~(np.isfinite(yi) & np.isfinite(vi))
    yi[~kept | undefined] = vi[~kept | undefined] = np.nan
    result = Computed(yi, vi)
    row_notes(result.notes, labels, "row.nobody", nobody)
    row_notes(result.notes, labels, "row.zero-proportion", undefined)
    row_notes(result.notes, labels, "row.zero-variance", vi == 0)
    if options.add:
        row_notes(result.notes, labels, "row.corrected-proportion", touched & ~undefined, add=options.add)
    return result


def _raw(x: FloatArray, m: FloatArray) -> Estimate:
    n = x + m
    return x / n, (x / n) * (m / n) / n


def _log(x: FloatArray, m: FloatArray) -> Estimate:
    n = x + m
    # m / (x n) rather than 1/x - 1/n: the same, without the cancellation.
    return np.log(x / n), m / (x * n)


def _logit(x: FloatArray, m: FloatArray) -> Estimate:
    return np.log(x) - np.log(m), 1 / x + 1 / m


def _arcsine(x: FloatArray, m: FloatArray) -> Estimate:
    return np.arctan2(np.sqrt(x), np.sqrt(m)), 1 / (4 * (x + m))


def _double_arcsine(x: FloatArray, m: FloatArray) -> Estimate:
    # asin sqrt(x / (n + 1)) and asin sqrt((x + 1) / (n + 1)) as angles of right triangles.
    yi = (np.arctan2(np.sqrt(x), np.sqrt(m + 1)) + np.arctan2(np.sqrt(x + 1), np.sqrt(m))) / 2
    return yi, 1 / (4 * (x + m) + 2)


def _pr(table: Table, labels: tuple[str, ...], options: EffectOptions) -> Computed:
    """x / n, p (1 - p) / n."""
    return _proportion(table, labels, options, _raw)


def _pln(table: Table, labels: tuple[str, ...], options: EffectOptions) -> Computed:
    """log(x / n), 1/x - 1/n."""
    return _proportion(table, labels, options, _log)


def _plo(table: Table, labels: tuple[str, ...], options: EffectOptions) -> Computed:
    """log(x / (n - x)), 1/x + 1/(n - x)."""
    return _proportion(table, labels, options, _logit)


def _pas(table: Table, labels: tuple[str, ...], options: EffectOptions) -> Computed:
    """asin sqrt(x / n), 1 / (4 n)."""
    return _proportion(table, labels, options, _arcsine)


def _pft(table: Table, labels: tuple[str, ...], options: EffectOptions) -> Computed:
    """(asin sqrt(x / (n + 1)) + asin sqrt((x + 1) / (n + 1))) / 2, 1 / (4 n + 2) (Freeman & Tukey 1950)."""
    return _proportion(table, labels, options, _double_arcsine)


def logistic(value: float) -> float:
    """From a logit to a proportion."""
    if value < 0:
        power = math.exp(value)
        return power / (1 + power)
    return 1 / (1 + math.exp(-value))


def sine_squared(value: float) -> float:
    """From an arcsine to a proportion; 0 and 1 beyond the range of proportions."""
    return math.sin(min(max(value, 0.0), math.pi / 2)) ** 2


def freeman_tukey_proportion(value: float, n: float) -> float:
    """The proportion of n whose double arcsine is ``value`` (Miller 1978, Am Stat 32:138); 0 and 1 beyond the range
    that n allows."""
    least = math.atan2(1.0, math.sqrt(n)) / 2
    if value <= least:
        return 0.0
    if value >= math.pi / 2 - least:
        return 1.0
    sine = math.sin(2 * value)
    slant = min(max(sine + (sine - 1 / sine) / n, -1.0), 1.0)
    # The smaller of p and 1 - p, without taking nearly equal numbers from each other.
    smaller = slant**2 / (2 * (1 + math.sqrt(1 - slant**2)))
    return smaller if value <= math.pi / 4 else 1 - smaller


def _entry(
    key: str,
    label: str,
    compute: Callable[[Table, tuple[str, ...], EffectOptions], Computed],
    back: Callable[[float], float],
    *,
    add: float = 0.5,
    back_with: Callable[[float, float], float] | None = None,
    caution: str = "",
) -> Measure:
    """What proportions have in common; there is no value of no effect."""
    return Measure(
        key,
        label,
        mark("Proportion"),
        "proportion",
        COLUMNS,
        compute,
        ("IV",),
        log_scale=key == "PLN",
        back=back,
        back_with=back_with,
        size="ni" if back_with else "",
        null=None,
        caution=caution,
        compatibility=(None,),
        add=add,
        to="only0",
        corrects_zero_cells=True,
        other_inputs=NON_EVENTS,
        derive=_total,
    )


MEASURES = (
    _entry("PR", mark("Proportion"), _pr, identity),
    _entry("PLN", mark("Proportion, as logarithm"), _pln, exponential),
    _entry("PLO", mark("Proportion, as logit"), _plo, logistic),
    _entry("PAS", mark("Proportion, as arcsine"), _pas, sine_squared, add=0.0),
    _entry(
        "PFT",
        mark("Proportion, Freeman-Tukey double arcsine"),
        _pft,
        sine_squared,
        add=0.0,
        back_with=freeman_tukey_proportion,
        caution="pool.freeman-tukey",
    ),
)
