"""Correlations: as reported, corrected for bias, and Fisher's z."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from core.language import mark
from core.pooling.measures.base import Column, Computed, EffectOptions, FloatArray, Measure, Table, identity, row_notes
from core.pooling.measures.continuous import mean_over

COLUMNS = (Column("ri", mark("Correlation"), "correlation"), Column("ni", mark("Total"), "size"))
LEAST = 4
# From here on these terms of the hypergeometric series are exact to rounding, and its distance from 1 keeps its digits.
LARGE, TERMS = 20.0, 60


def excess_of_series(first: float, c: FloatArray, z: FloatArray) -> FloatArray:
    """2F1(first, first; c; z) - 1."""
    from scipy.special import hyp2f1

    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        direct = hyp2f1(first, first, np.minimum(c, LARGE), z) - 1
        term, total = np.ones_like(z), np.zeros_like(z)
        for step in range(TERMS):
            term = term * (first + step) ** 2 / ((c + step) * (step + 1)) * z
            total = total + term
    return np.where(c > LARGE, total, direct)


def unbiased(r: FloatArray, n: FloatArray) -> FloatArray:
    """r 2F1(1/2, 1/2; (n - 2)/2; 1 - r^2), the unbiased estimate (Olkin & Pratt 1958, eq. 2.3)."""
    return r * (1 + excess_of_series(0.5, (n - 2) / 2, 1 - r**2))


def unbiased_variance(r: FloatArray, n: FloatArray) -> FloatArray:
    """The unbiased estimate's square minus the unbiased estimate of the squared correlation,
    1 - (n - 3)/(n - 2) (1 - r^2) 2F1(1, 1; n/2; 1 - r^2) (Olkin & Pratt 1958; Hedges 1989)."""
    z = 1 - r**2
    of_r, of_square = excess_of_series(0.5, (n - 2) / 2, z), excess_of_series(1.0, n / 2, z)
    return r**2 * of_r * (2 + of_r) + z * ((n - 3) * of_square - 1) / (n - 2)


def _leave_out_small(table: Table, labels: tuple[str, ...], result: Computed, least: int = LEAST) -> None:
    """Samples that are too small, with a note."""
    few = table["ni"] < least
    row_notes(result.notes, labels, "row.small-correlation", few, least=least)
    result.yi[few] = result.vi[few] = np.nan


def _raw(
    table: Table, labels: tuple[str, ...], options: EffectOptions, estimate: FloatArray, least: int = LEAST
) -> Computed:
    """(1 - r^2)^2 / (n - 1) (LS), of the mean r weighted by n (AV), or without bias (UB, of UCOR only)."""
    r, n = table["ri"], table["ni"]
    result = Computed(estimate, np.empty_like(n))
    with np.errstate(divide="ignore", invalid="ignore"):
        if options.vtype == "UB":
            result.vi = unbiased_variance(r, n)
        else:
            average = np.where(np.isfinite(estimate), mean_over(estimate, n), np.nan)
            result.vi = (1 - (average if options.vtype == "AV" else estimate) ** 2) ** 2 / (n - 1)
    _leave_out_small(table, labels, result, least)
    row_notes(result.notes, labels, "row.perfect-correlation", (np.abs(r) == 1) & (result.vi == 0))
    return result


def _cor(table: Table, labels: tuple[str, ...], options: EffectOptions) -> Computed:
    return _raw(table, labels, options, table["ri"].copy())


def _ucor(table: Table, labels: tuple[str, ...], options: EffectOptions) -> Computed:
    least = LEAST + 1
    usable = np.where(table["ni"] < least, np.nan, table["ni"])
    return _raw(table, labels, options, unbiased(table["ri"], usable), least)


def _zcor(table: Table, labels: tuple[str, ...], options: EffectOptions) -> Computed:
    """atanh r, 1 / (n - 3) (Fisher 1921)."""
    r, n = table["ri"], table["ni"]
    perfect = np.abs(r) == 1
    with np.errstate(divide="ignore", invalid="ignore"):
        result = Computed(np.arctanh(r), 1 / (n - 3))
    _leave_out_small(table, labels, result)
    row_notes(result.notes, labels, "row.perfect-correlation", perfect & (n >= LEAST))
    result.yi[perfect] = result.vi[perfect] = np.nan
    return result


def _entry(
    key: str,
    label: str,
    compute: Callable[[Table, tuple[str, ...], EffectOptions], Computed],
    back: Callable[[float], float] = identity,
    vtypes: tuple[str, ...] = ("LS",),
) -> Measure:
    return Measure(
        key,
        label,
        mark("r"),
        "correlation",
        COLUMNS,
        compute,
        ("IV",),
        back=back,
        compatibility=(None,),
        vtypes=vtypes,
    )


MEASURES = (
    _entry("COR", mark("Correlation"), _cor, vtypes=("LS", "AV")),
    _entry("UCOR", mark("Correlation, corrected for bias"), _ucor, vtypes=("LS", "UB", "AV")),
    _entry("ZCOR", mark("Correlation, by Fisher's z"), _zcor, math.tanh),
)
