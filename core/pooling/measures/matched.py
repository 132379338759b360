"""Events in matched pairs or in the same participants under two treatments.

Table: a pairs with the event under both treatments, b under treatment 1 only, c under 2 only, d under neither.
"""

from __future__ import annotations

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
from core.pooling.measures.dichotomous import Cells, corrected

COLUMNS = (
    Column("ai", mark("Event under both"), "count"),
    Column("bi", mark("Event under 1 only"), "count"),
    Column("ci", mark("Event under 2 only"), "count"),
    Column("di", mark("Event under neither"), "count"),
)

Estimate = tuple[FloatArray, FloatArray]


def marginal_risk_ratio(table: Cells) -> Estimate:
    """log((a + b) / (a + c)), (b + c) / ((a + b)(a + c)) (Zou 2007, Clin Trials 4:25)."""
    a, b, c, _ = table
    return np.log(a + b) - np.log(a + c), (b + c) / ((a + b) * (a + c))


def marginal_odds_ratio(table: Cells) -> Estimate:
    """log of (a + b)(b + d) / ((c + d)(a + c)), delta-method variance with the covariance of the two risks (Becker &
    Balagtas 1993, Biometrics 49:997; Elbourne et al. 2002)."""
    a, b, c, d = table
    total = a + b + c + d
    event1, event2, none1, none2 = a + b, a + c, c + d, b + d
    yi = (np.log(event1) - np.log(event2)) + (np.log(none2) - np.log(none1))
    # The four reciprocals minus twice the covariance, over one denominator, where nothing is left to cancel.
    return yi, ((a + d) * (b + c) + 4 * b * c) / (event1 * none1) * total / (event2 * none2)


def marginal_risk_difference(table: Cells) -> Estimate:
    """(b - c) / N, ((b + c) N - (b - c)^2) / N^3 (May & Johnson 1997, Stat Med 16:2127)."""
    a, b, c, d = table
    total = a + b + c + d
    # (b + c) N - (b - c)^2 = (b + c)(a + d) + 4 b c.
    return (b - c) / total, ((b + c) / total * ((a + d) / total) + 4 * (b / total) * (c / total)) / total


def conditional_odds_ratio(table: Cells) -> Estimate:
    """log(b / c), 1/b + 1/c (Curtin, Elbourne & Altman 2002, Stat Med 21:2145)."""
    _, b, c, _ = table
    return np.log(b) - np.log(c), 1 / b + 1 / c


def peto_conditional(table: Cells) -> Estimate:
    """(O - E) / V with O = b, E = (b + c)/2, V = (b + c)/4 (Curtin, Elbourne & Altman 2002)."""
    _, b, c, _ = table
    return 2 * (b - c) / (b + c), 4 / (b + c)


def _pairs(
    table: Table, labels: tuple[str, ...], options: EffectOptions, estimate: Callable[[Cells], Estimate]
) -> Computed:
    """``estimate`` of the corrected tables; ``drop00`` drops those in which no pair has the event under treatment 2, or
    all have (metafor's rule: a = c = 0 or b = d = 0)."""
    a, b, c, d = cells = (table["ai"], table["bi"], table["ci"], table["di"])
    total = a + b + c + d
    nobody = total == 0
    complete = np.isfinite(total) & ~nobody
    none = complete & (a + c == 0) & options.drop00
    every = complete & (b + d == 0) & options.drop00
    kept = complete & ~(none | every)
    adjusted, touched = corrected(cells, options.add, options.to, kept)
    with np.errstate(divide="ignore", invalid="ignore"):
        yi, vi = estimate(adjusted)
    undefined = kept & ~(np.isfinite(yi) & np.isfinite(vi))
    yi[~kept | undefined] = vi[~kept | undefined] = np.nan
    result = Computed(yi, vi)
    row_notes(result.notes, labels, "row.nobody", nobody)
    row_notes(result.notes, labels, "row.double-zero-pairs", none)
    row_notes(result.notes, labels, "row.all-events-pairs", every)
    row_notes(result.notes, labels, "row.zero-cell", undefined)
    row_notes(result.notes, labels, "row.zero-variance", vi == 0)
    if options.add:
        row_notes(result.notes, labels, "row.corrected", touched & ~undefined, add=options.add)
    return result


def _mprr(table: Table, labels: tuple[str, ...], options: EffectOptions) -> Computed:
    return _pairs(table, labels, options, marginal_risk_ratio)


def _mpor(table: Table, labels: tuple[str, ...], options: EffectOptions) -> Computed:
    return _pairs(table, labels, options, marginal_odds_ratio)


def _mprd(table: Table, labels: tuple[str, ...], options: EffectOptions) -> Computed:
    return _pairs(table, labels, options, marginal_risk_difference)


def _mporc(table: Table, labels: tuple[str, ...], options: EffectOptions) -> Computed:
    return _pairs(table, labels, options, conditional_odds_ratio)


def _mppeto(table: Table, labels: tuple[str, ...], options: EffectOptions) -> Computed:
    return _pairs(table, labels, options, peto_conditional)


def _entry(
    key: str,
    labels: tuple[str, str],
    compute: Callable[[Table, tuple[str, ...], EffectOptions], Computed],
    *,
    ratio: bool = True,
) -> Measure:
    """What measures of matched pairs have in common."""
    return Measure(
        key,
        *labels,
        "matched",
        COLUMNS,
        compute,
        ("IV",),
        log_scale=ratio,
        back=exponential if ratio else identity,
        compatibility=(None,),
        add=0.5,
        to="only0",
        corrects_zero_cells=True,
        drops_double_zeros=True,
    )


MEASURES = (
    _entry("MPRR", (mark("Risk ratio, matched pairs"), mark("RR")), _mprr),
    _entry("MPOR", (mark("Odds ratio, matched pairs (marginal)"), mark("OR")), _mpor),
    _entry("MPRD", (mark("Risk difference, matched pairs"), mark("RD")), _mprd, ratio=False),
    _entry("MPORC", (mark("Odds ratio, matched pairs (conditional)"), mark("OR")), _mporc),
    _entry("MPPETO", (mark("Peto odds ratio, matched pairs"), mark("Peto OR")), _mppeto),
)
