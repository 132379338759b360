"""Measures of 2x2 tables: odds ratio, risk ratio, risk difference, Peto odds ratio.

Table: a events and b non-events in the experimental group, c and d in the control group. RevMan 5's rules are those
found in what RevMan itself computed (Deeks & Higgins, Statistical algorithms in Review Manager 5, 2010).
"""

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
    row_notes,
)

Cells = tuple[FloatArray, FloatArray, FloatArray, FloatArray]

COLUMNS = (
    Column("ai", mark("Events"), "count", 1, within="n1i"),
    Column("n1i", mark("Total"), "total", 1),
    Column("ci", mark("Events"), "count", 2, within="n2i"),
    Column("n2i", mark("Total"), "total", 2),
)
NON_EVENTS = (Column("bi", mark("Non-events"), "count", 1), Column("di", mark("Non-events"), "count", 2))


def totals_from_non_events(table: Table) -> None:
    """metafor's other form of a 2x2 table: bi and di in place of n1i and n2i."""
    for total, events, non_events in (("n1i", "ai", "bi"), ("n2i", "ci", "di")):
        if total not in table and events in table and non_events in table:
            table[total] = table[events] + table[non_events]


def cells(table: Table) -> Cells:
    """(a, b, c, d) of every study."""
    return table["ai"], table["n1i"] - table["ai"], table["ci"], table["n2i"] - table["ci"]


def has_zero(table: Cells) -> BoolArray:
    """Whether any of the four cells is zero."""
    a, b, c, d = table
    return (a == 0) | (b == 0) | (c == 0) | (d == 0)


def corrected(table: Cells, add: float, to: Correction, rows: BoolArray | None = None) -> tuple[Cells, BoolArray]:
    """The table with ``add`` in all four cells of the studies that ``to`` names, and which studies these were.

    ``only0``: studies with a zero cell; ``if0all``: all, when any study has one; ``all``; ``none``. Only ``rows`` are
    looked at when given.
    """
    a, b, c, d = table
    if to == "none":
        return table, np.zeros(len(a), dtype=np.bool_)
    zero = has_zero(table)
    if rows is not None:
        zero = zero & rows
    if to == "only0" or (to == "if0all" and not np.count_nonzero(zero)):
        chosen = zero
    else:
        chosen = np.ones_like(zero) if rows is None else rows
    if not np.count_nonzero(chosen):
        return table, chosen
    extra = np.where(chosen, add, 0.0)
    return (a + extra, b + extra, c + extra, d + extra), chosen


def log_odds_ratio(table: Cells) -> tuple[FloatArray, FloatArray]:
    """log(ad / bc) and Woolf's variance."""
    a, b, c, d = table
    return np.log(a) - np.log(b) - np.log(c) + np.log(d), 1 / a + 1 / b + 1 / c + 1 / d


def log_risk_ratio(table: Cells) -> tuple[FloatArray, FloatArray]:
    """log of the ratio of risks; delta-method variance."""
    a, b, c, d = table
    n1, n2 = a + b, c + d
    # b/(a n1) rather than 1/a - 1/n1: the same, without the cancellation when nearly all have the event.
    return np.log(a / n1) - np.log(c / n2), b / (a * n1) + d / (c * n2)


def risk_difference(table: Cells) -> tuple[FloatArray, FloatArray]:
    """Difference of risks and its binomial variance."""
    a, b, c, d = table
    n1, n2 = a + b, c + d
    return a / n1 - c / n2, a * b / n1**3 + c * d / n2**3


def observed_minus_expected(table: Cells) -> tuple[FloatArray, FloatArray]:
    """O - E of the experimental group's events and the hypergeometric variance V (Yusuf et al. 1985)."""
    a, b, c, d = table
    n1, n2, events, others = a + b, c + d, a + c, b + d
    total = n1 + n2
    with np.errstate(divide="ignore", invalid="ignore"):
        expected = n1 * events / total
        variance = (n1 / total) * (n2 / total) * events * others / (total - 1)
    # A group of nobody, or one participant in all, tells nothing.
    usable = (n1 > 0) & (n2 > 0) & (total > 1)
    return np.where(usable, a - expected, 0.0), np.where(usable, variance, 0.0)


def peto_log_odds_ratio(table: Cells) -> tuple[FloatArray, FloatArray]:
    """(O - E) / V and 1 / V."""
    difference, variance = observed_minus_expected(table)
    return difference / variance, 1 / variance


def _complete(table: Table) -> BoolArray:
    return np.isfinite(table["ai"] + table["n1i"] + table["ci"] + table["n2i"])


def _drop(table: Cells, options: EffectOptions, double_full: bool) -> tuple[BoolArray, BoolArray, BoolArray]:
    """Rows without participants, double-zero rows and double-full rows that are not to be estimated."""
    a, b, c, d = np.array(table) == 0
    nobody = (a & b) | (c & d)
    none = np.zeros_like(nobody)
    if not options.drop00:
        return nobody, none, none
    return nobody, a & c & ~nobody, b & d & ~nobody if double_full else none


def from_tables(
    table: Table,
    labels: tuple[str, ...],
    options: EffectOptions,
    estimate: Callable[[Cells], tuple[FloatArray, FloatArray]],
    keep_full: bool = False,
) -> Computed:
    """``estimate`` of the corrected tables, with a note for every row that is dropped, undefined or corrected.

    ``drop00`` drops tables without any event and, unless ``keep_full``, those in which all have it.
    """
    raw = cells(table)
    if options.to != "all" and len(labels) and all(float(cell.min()) > 0 for cell in raw):
        # Nothing is missing, zero or to be dropped; that is the usual table, and most of what follows is about others.
        return Computed(*estimate(raw))
    nobody, double_zero, double_full = _drop(raw, options, double_full=not keep_full)
    kept = _complete(table) & ~(nobody | double_zero | double_full)
    adjusted, touched = corrected(raw, options.add, options.to, kept)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        yi, vi = estimate(adjusted)
    found = kept & np.isfinite(yi) & np.isfinite(vi)
    lost, undefined = ~found, kept & ~found
    yi[lost] = vi[lost] = np.nan
    result = Computed(yi, vi)
    row_notes(result.notes, labels, "row.no-participants", nobody)
    row_notes(result.notes, labels, "row.double-zero", double_zero)
    row_notes(result.notes, labels, "row.all-events", double_full)
    row_notes(result.notes, labels, "row.zero-cell", undefined)
    row_notes(result.notes, labels, "row.zero-variance", vi == 0)
    if options.add:
        row_notes(result.notes, labels, "row.corrected", touched & ~undefined, add=options.add)
    return result


def _or(table: Table, labels: tuple[str, ...], options: EffectOptions) -> Computed:
    return from_tables(table, labels, options, log_odds_ratio)


def _rr(table: Table, labels: tuple[str, ...], options: EffectOptions) -> Computed:
    """RevMan 5 keeps tables in which everyone has the event."""
    return from_tables(table, labels, options, log_risk_ratio, keep_full=options.compatibility == "revman5")


def _rd(table: Table, labels: tuple[str, ...], options: EffectOptions) -> Computed:
    """RevMan 5 never corrects the difference itself, only its standard error; metafor corrects both."""
    raw = cells(table)
    nobody, double_zero, double_full = _drop(raw, options, double_full=True)
    kept = _complete(table) & ~(nobody | double_zero | double_full)
    adjusted, touched = corrected(raw, options.add, options.to, kept)
    with np.errstate(divide="ignore", invalid="ignore"):
        yi, vi = risk_difference(adjusted)
        if options.compatibility == "revman5":
            yi = risk_difference(raw)[0]
    yi[~kept] = vi[~kept] = np.nan
    result = Computed(yi, vi)
    row_notes(result.notes, labels, "row.no-participants", nobody)
    row_notes(result.notes, labels, "row.double-zero", double_zero)
    row_notes(result.notes, labels, "row.all-events", double_full)
    row_notes(result.notes, labels, "row.zero-variance", vi == 0)
    if options.compatibility == "revman5":
        row_notes(result.notes, labels, "row.corrected-se", touched)
    elif options.add:
        row_notes(result.notes, labels, "row.corrected", touched, add=options.add)
    return result


def _peto(table: Table, labels: tuple[str, ...], options: EffectOptions) -> Computed:
    """Uncorrected by default: Peto's method needs no 0.5; metafor's escalc adds it (``add=0.5, to="only0"``)."""
    nobody, double_zero, double_full = _drop(cells(table), options, double_full=True)
    dropped = nobody | double_zero | double_full
    adjusted, touched = corrected(cells(table), options.add, options.to, _complete(table) & ~dropped)
    with np.errstate(divide="ignore", invalid="ignore"):
        yi, vi = peto_log_odds_ratio(adjusted)
    alike = ~dropped & np.isinf(vi)
    yi[dropped | alike] = vi[dropped | alike] = np.nan
    result = Computed(yi, vi)
    row_notes(result.notes, labels, "row.no-participants", nobody)
    row_notes(result.notes, labels, "row.double-zero", double_zero)
    row_notes(result.notes, labels, "row.all-events", double_full)
    row_notes(result.notes, labels, "row.no-variation", alike)
    if options.add:
        row_notes(result.notes, labels, "row.corrected", touched, add=options.add)
    return result


MEASURES = (
    Measure(
        "OR",
        mark("Odds ratio"),
        mark("OR"),
        "dichotomous",
        COLUMNS,
        _or,
        ("IV", "MH", "Peto"),
        log_scale=True,
        back=exponential,
        add=0.5,
        to="only0",
        drop00=True,
        corrects_zero_cells=True,
        drops_double_zeros=True,
        other_inputs=NON_EVENTS,
        derive=totals_from_non_events,
    ),
    Measure(
        "RR",
        mark("Risk ratio"),
        mark("RR"),
        "dichotomous",
        COLUMNS,
        _rr,
        ("IV", "MH"),
        log_scale=True,
        back=exponential,
        add=0.5,
        to="only0",
        drop00=True,
        corrects_zero_cells=True,
        drops_double_zeros=True,
        other_inputs=NON_EVENTS,
        derive=totals_from_non_events,
    ),
    Measure(
        "RD",
        mark("Risk difference"),
        mark("RD"),
        "dichotomous",
        COLUMNS,
        _rd,
        ("IV", "MH"),
        add=0.5,
        to="only0",
        corrects_zero_cells=True,
        drops_double_zeros=True,
        other_inputs=NON_EVENTS,
        derive=totals_from_non_events,
    ),
    Measure(
        "PETO",
        mark("Peto odds ratio"),
        mark("Peto OR"),
        "dichotomous",
        COLUMNS,
        _peto,
        ("Peto", "IV"),
        log_scale=True,
        back=exponential,
        corrects_zero_cells=True,
        drops_double_zeros=True,
        other_inputs=NON_EVENTS,
        derive=totals_from_non_events,
    ),
)
