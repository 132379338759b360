"""Measures of two means: mean difference and standardised mean difference (Hedges' g)."""

from __future__ import annotations

import numpy as np

from core.language import mark
from core.pooling.measures.base import (
    BoolArray,
    Column,
    Computed,
    EffectOptions,
    FloatArray,
    Measure,
    Table,
    row_notes,
)
from core.pooling.notes import Note

COLUMNS = (
    Column("m1i", mark("Mean"), "mean", 1),
    Column("sd1i", mark("SD"), "sd", 1),
    Column("n1i", mark("Total"), "size", 1),
    Column("m2i", mark("Mean"), "mean", 2),
    Column("sd2i", mark("SD"), "sd", 2),
    Column("n2i", mark("Total"), "size", 2),
)
# Above this many degrees of freedom the series below is exact to rounding; the gamma functions would overflow.
LARGE_DF = 100.0

SERIES = (1, -1 / 8, 1 / 128, 5 / 1024, -21 / 32768, -399 / 262144, 869 / 4194304, 39325 / 33554432)


def exact_j(df: FloatArray) -> FloatArray:
    """Hedges' exact small-sample factor J(m) = G(m/2) / (sqrt(m/2) G((m-1)/2)) (Hedges 1981, eq. 6e); m >= 2."""
    from scipy.special import gamma

    half = df / 2
    z = np.maximum(half - 0.5, 0.25)
    small = np.minimum(half, LARGE_DF / 2)
    gamma_ratio = gamma(small) / gamma(np.maximum(small - 0.5, 0.25))
    # G(z + 1/2) / G(z) = sqrt(z) (1 - 1/(8 z) + ...) for large z (Abramowitz & Stegun 6.1.47 with a = 1/2, b = 0).
    series = np.sqrt(z) * np.polynomial.polynomial.polyval(1 / z, SERIES)
    return np.where(df > LARGE_DF, series, gamma_ratio) / np.sqrt(half)


def approximate_j(df: FloatArray) -> FloatArray:
    """The usual approximation 1 - 3 / (4 df - 1), which RevMan uses as 1 - 3 / (4 N - 9)."""
    return 1 - 3 / (4 * df - 1)


def j_factor(df: FloatArray, options: EffectOptions) -> FloatArray:
    """The small-sample correction as asked for; RevMan 5 always approximates it."""
    if options.compatibility == "revman5" or options.small_sample == "approximate":
        return approximate_j(df)
    return np.ones_like(df) if options.small_sample == "none" else exact_j(df)


def standardised_variance(
    g: FloatArray, j: FloatArray, df: FloatArray, base: FloatArray, reach: FloatArray, total: FloatArray, vtype: str
) -> FloatArray:
    """Variances of a standardised mean difference g = J d, ``base`` that of the difference in units of the SD.

    LS: base + g^2 / (2 reach) (Hedges 1982, eq. 8). UB: without bias (Hedges 1983, eq. 9). LS2: J^2 (base +
    d^2 / (2 reach)) (Borenstein 2009, eq. 12.17). AV: as LS, with the mean of all g, weighted by ``total``.
    """
    if vtype == "UB":
        return base + (1 - (df - 2) / (df * j**2)) * g**2
    if vtype == "LS2":
        return j**2 * base + g**2 / (2 * reach)
    if vtype == "AV":
        g = np.where(np.isfinite(g), mean_over(g, total), np.nan)
    return base + g**2 / (2 * reach)


def mean_over(values: FloatArray, weights: FloatArray) -> float:
    """The weighted mean of the rows that have a value."""
    rows = np.isfinite(values) & np.isfinite(weights)
    return float(values[rows] @ weights[rows]) / float(weights[rows].sum()) if rows.any() else np.nan


def pooled_sd(table: Table) -> FloatArray:
    """Standard deviation within groups, pooled over the two."""
    n1, n2 = table["n1i"], table["n2i"]
    return np.sqrt(((n1 - 1) * table["sd1i"] ** 2 + (n2 - 1) * table["sd2i"] ** 2) / (n1 + n2 - 2))


def unusable(table: Table, labels: tuple[str, ...], notes: list[Note]) -> BoolArray:
    """Rows that no formula with standard deviations can use, with a note for each."""
    nobody = (table["n1i"] == 0) | (table["n2i"] == 0)
    few = ~nobody & ((table["n1i"] < 2) | (table["n2i"] < 2))
    flat = ~nobody & ~few & (table["sd1i"] == 0) & (table["sd2i"] == 0)
    for code, rows in (("row.no-participants", nobody), ("row.few-participants", few), ("row.zero-sd", flat)):
        row_notes(notes, labels, code, rows)
    return nobody | few | flat


def _md(table: Table, labels: tuple[str, ...], options: EffectOptions) -> Computed:
    """m1 - m2 with s1^2/n1 + s2^2/n2 (LS), or one common variance (HO)."""
    n1, n2 = table["n1i"], table["n2i"]
    with np.errstate(divide="ignore", invalid="ignore"):
        yi = table["m1i"] - table["m2i"]
        if options.vtype == "HO":
            vi = pooled_sd(table) ** 2 * (1 / n1 + 1 / n2)
        else:
            vi = table["sd1i"] ** 2 / n1 + table["sd2i"] ** 2 / n2
    result = Computed(yi, vi)
    rows = unusable(table, labels, result.notes)
    yi[rows] = vi[rows] = np.nan
    return result


def _smd(table: Table, labels: tuple[str, ...], options: EffectOptions) -> Computed:
    """Hedges' g with the variance asked for; RevMan 5: N/(n1 n2) + g^2/(2(N - 3.94))."""
    n1, n2 = table["n1i"], table["n2i"]
    total = n1 + n2
    result = Computed(np.empty_like(total), np.empty_like(total))
    rows = unusable(table, labels, result.notes)
    with np.errstate(divide="ignore", invalid="ignore"):
        df = total - 2
        j = j_factor(df, options)
        yi = j * (table["m1i"] - table["m2i"]) / pooled_sd(table)
        yi[rows] = np.nan
        base = 1 / n1 + 1 / n2
        if options.compatibility == "revman5":
            vi = base + yi**2 / (2 * (total - 3.94))
        else:
            vi = standardised_variance(yi, j, df, base, total, total, options.vtype or "LS")
    result.yi, result.vi = yi, vi
    return result


MEASURES = (
    Measure("MD", mark("Mean difference"), mark("MD"), "continuous", COLUMNS, _md, ("IV",), vtypes=("LS", "HO")),
    Measure(
        "SMD",
        mark("Standardised mean difference"),
        mark("SMD"),
        "continuous",
        COLUMNS,
        _smd,
        ("IV",),
        small_sample=True,
        vtypes=("LS", "UB", "LS2", "AV"),
    ),
)
