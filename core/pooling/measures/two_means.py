"""More measures of two means: standardised by another standard deviation, ratios of means and of their spread."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from core.language import mark
from core.pooling.measures.base import (
    BoolArray,
    Column,
    Computed,
    EffectOptions,
    Family,
    FloatArray,
    Measure,
    Table,
    exponential,
    identity,
    row_notes,
)
from core.pooling.measures.continuous import (
    COLUMNS,
    j_factor,
    mean_over,
    pooled_sd,
    standardised_variance,
    unusable,
)
from core.pooling.notes import Note


def unlike_means(m1: FloatArray, m2: FloatArray, labels: tuple[str, ...], notes: list[Note]) -> BoolArray:
    """Rows whose ratio of means is undefined, with a note for each; two negative means are used, with a caution."""
    zero = (m1 == 0) | (m2 == 0)
    opposite = ~zero & ((m1 < 0) != (m2 < 0)) & np.isfinite(m1 + m2)
    row_notes(notes, labels, "row.zero-mean", zero)
    row_notes(notes, labels, "row.opposite-means", opposite)
    row_notes(notes, labels, "row.negative-means", (m1 < 0) & (m2 < 0))
    return zero | opposite


def log_ratio(one: FloatArray, other: FloatArray) -> FloatArray:
    """log(one / other) of numbers of like sign, whatever their size."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.log(np.abs(one)) - np.log(np.abs(other))


def _smdh(table: Table, labels: tuple[str, ...], options: EffectOptions) -> Computed:
    """Standardised by sqrt((s1^2 + s2^2) / 2) (Bonett 2009, Psychol Methods 14:225), J of N - 2 applied to
    the estimate and to its standard error."""
    n1, n2 = table["n1i"], table["n2i"]
    result = Computed(np.empty_like(n1), np.empty_like(n1))
    rows = unusable(table, labels, result.notes)
    with np.errstate(divide="ignore", invalid="ignore"):
        square1, square2 = table["sd1i"] ** 2, table["sd2i"] ** 2
        square = (square1 + square2) / 2
        share1, share2 = square1 / square, square2 / square
        j = j_factor(n1 + n2 - 2, options)
        yi = j * (table["m1i"] - table["m2i"]) / np.sqrt(square)
        base = share1 / (n1 - 1) + share2 / (n2 - 1)
        vi = j**2 * (base + yi**2 * (share1**2 / (n1 - 1) + share2**2 / (n2 - 1)) / 8)
    yi[rows] = vi[rows] = np.nan
    result.yi, result.vi = yi, vi
    return result


def _smd1(table: Table, labels: tuple[str, ...], options: EffectOptions) -> Computed:
    """Glass' delta: standardised by the control group's SD (Glass 1976; Hedges 1981), J of n2 - 1."""
    n1, n2, sd = table["n1i"], table["n2i"], table["sd2i"]
    result = Computed(np.empty_like(n1), np.empty_like(n1))
    nobody = (n1 == 0) | (n2 == 0)
    few = ~nobody & (n2 < 3)
    flat = ~nobody & ~few & (sd == 0)
    row_notes(result.notes, labels, "row.no-participants", nobody)
    row_notes(result.notes, labels, "row.small-sample", few, least=3)
    row_notes(result.notes, labels, "row.one-zero-sd", flat)
    with np.errstate(divide="ignore", invalid="ignore"):
        df = n2 - 1
        j = j_factor(np.maximum(df, 2.0), options)
        yi = j * (table["m1i"] - table["m2i"]) / sd
        yi[nobody | few | flat] = np.nan
        vi = standardised_variance(yi, j, df, 1 / n1 + 1 / n2, n2, n1 + n2, options.vtype or "LS")
    result.yi, result.vi = yi, vi
    return result


def _rom(table: Table, labels: tuple[str, ...], options: EffectOptions) -> Computed:
    """log(m1 / m2). LS: s1^2/(n1 m1^2) + s2^2/(n2 m2^2); HO: with the pooled SD (Hedges, Gurevitch & Curtis 1999).
    AV and AVHO: with coefficients of variation averaged over the studies, by group or over both (Doncaster & Spake
    2018, Methods Ecol Evol 9:634)."""
    n1, n2 = table["n1i"], table["n2i"]
    result = Computed(log_ratio(table["m1i"], table["m2i"]), np.empty_like(n1))
    rows = unusable(table, labels, result.notes)
    rows |= unlike_means(table["m1i"], table["m2i"], labels, result.notes)
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = pooled_sd(table) if options.vtype == "HO" else None
        cv1 = (table["sd1i"] if spread is None else spread) / np.abs(table["m1i"])
        cv2 = (table["sd2i"] if spread is None else spread) / np.abs(table["m2i"])
        if options.vtype in ("AV", "AVHO"):
            cv1[rows] = cv2[rows] = np.nan
            average1, average2 = mean_over(cv1, n1), mean_over(cv2, n2)
            if options.vtype == "AVHO":
                average1 = average2 = mean_over((n1 * cv1 + n2 * cv2) / (n1 + n2), n1 + n2)
            complete = np.isfinite(cv1 + cv2)
            cv1, cv2 = np.where(complete, average1, np.nan), np.where(complete, average2, np.nan)
        vi = cv1**2 / n1 + cv2**2 / n2
    result.yi[rows] = vi[rows] = np.nan
    result.vi = vi
    return result


def _variability(table: Table, labels: tuple[str, ...], relative: bool) -> Computed:
    """log of the ratio of SDs, or of coefficients of variation when ``relative``, corrected for small samples
    (Nakagawa et al. 2015, Methods Ecol Evol 6:143; eq. 12 without the correlation terms)."""
    n1, n2, sd1, sd2 = table["n1i"], table["n2i"], table["sd1i"], table["sd2i"]
    notes: list[Note] = []
    rows = unusable(table, labels, notes)
    one_flat = ~rows & ((sd1 == 0) | (sd2 == 0))
    row_notes(notes, labels, "row.one-zero-sd", one_flat)
    with np.errstate(divide="ignore", invalid="ignore"):
        yi = log_ratio(sd1, sd2) + 1 / (2 * (n1 - 1)) - 1 / (2 * (n2 - 1))
        vi = 1 / (2 * (n1 - 1)) + 1 / (2 * (n2 - 1))
        if relative:
            low = ~rows & ((table["m1i"] <= 0) | (table["m2i"] <= 0))
            row_notes(notes, labels, "row.cv-means", low)
            rows |= low
            yi = yi - log_ratio(table["m1i"], table["m2i"])
            vi = vi + sd1**2 / (n1 * table["m1i"] ** 2) + sd2**2 / (n2 * table["m2i"] ** 2)
    yi[rows | one_flat] = vi[rows | one_flat] = np.nan
    return Computed(yi, vi, notes)


def _cvr(table: Table, labels: tuple[str, ...], options: EffectOptions) -> Computed:
    return _variability(table, labels, relative=True)


def _vr(table: Table, labels: tuple[str, ...], options: EffectOptions) -> Computed:
    return _variability(table, labels, relative=False)


def entry(
    key: str,
    labels: tuple[str, str],
    compute: Callable[[Table, tuple[str, ...], EffectOptions], Computed],
    *,
    family: Family = "two means",
    columns: tuple[Column, ...] = COLUMNS,
    ratio: bool = False,
    small_sample: bool = False,
    vtypes: tuple[str, ...] = ("LS",),
    unused: tuple[str, ...] = (),
) -> Measure:
    """What measures of two means have in common; ``unused`` columns may be given but are not needed."""
    return Measure(
        key,
        *labels,
        family,
        tuple(column for column in columns if column.key not in unused),
        compute,
        ("IV",),
        compatibility=(None,),
        log_scale=ratio,
        back=exponential if ratio else identity,
        small_sample=small_sample,
        vtypes=vtypes,
        other_inputs=tuple(column for column in columns if column.key in unused),
    )


MEASURES = (
    entry(
        "SMDH",
        (mark("Standardised mean difference, unequal variances"), mark("SMD")),
        _smdh,
        small_sample=True,
    ),
    entry(
        "SMD1",
        (mark("Standardised mean difference by the control SD"), mark("SMD")),
        _smd1,
        small_sample=True,
        vtypes=("LS", "UB", "LS2", "AV"),
        unused=("sd1i",),
    ),
    entry("ROM", (mark("Ratio of means"), mark("RoM")), _rom, ratio=True, vtypes=("LS", "HO", "AV", "AVHO")),
    entry("CVR", (mark("Ratio of coefficients of variation"), mark("CVR")), _cvr, ratio=True),
    entry("VR", (mark("Ratio of standard deviations"), mark("VR")), _vr, ratio=True, unused=("m1i", "m2i")),
)
