"""Two means of the same participants or of matched pairs: change from baseline, crossover trials.

1 is the measurement that counts as experimental or later, 2 the other; r is the correlation between the two.
"""

from __future__ import annotations

import functools

import numpy as np

from core.language import mark
from core.pooling.measures.base import (
    BoolArray,
    Column,
    Computed,
    EffectOptions,
    FloatArray,
    Table,
    row_notes,
)
from core.pooling.measures.continuous import j_factor
from core.pooling.measures.two_means import entry, log_ratio, unlike_means
from core.pooling.notes import Note

COLUMNS = (
    Column("m1i", mark("Mean 1"), "mean"),
    Column("sd1i", mark("SD 1"), "sd"),
    Column("m2i", mark("Mean 2"), "mean"),
    Column("sd2i", mark("SD 2"), "sd"),
    Column("ni", mark("Total"), "size"),
    Column("ri", mark("Correlation"), "correlation"),
)


def change_variance(table: Table) -> FloatArray:
    """Variance of the differences within participants: s1^2 + s2^2 - 2 r s1 s2, in the form that stays above 0."""
    sd1, sd2, r = table["sd1i"], table["sd2i"], table["ri"]
    return (sd1 - sd2) ** 2 + 2 * (1 - r) * sd1 * sd2


def _unusable(n: FloatArray, least: int, labels: tuple[str, ...], notes: list[Note]) -> BoolArray:
    nobody, few = n == 0, (n > 0) & (n < least)
    row_notes(notes, labels, "row.nobody", nobody)
    row_notes(notes, labels, "row.few-pairs", few, least=least)
    return nobody | few


def _result(
    yi: FloatArray, vi: FloatArray, unusable: BoolArray, flat: BoolArray, labels: tuple[str, ...], notes: list[Note]
) -> Computed:
    """With the rows left out that are unusable or, for the reason that nothing varies, have no error."""
    flat = flat & ~unusable
    row_notes(notes, labels, "row.flat", flat)
    yi[unusable | flat] = vi[unusable | flat] = np.nan
    return Computed(yi, vi, notes)


def _mc(table: Table, labels: tuple[str, ...], options: EffectOptions) -> Computed:
    """m1 - m2, variance of the differences / n."""
    notes: list[Note] = []
    unusable = _unusable(table["ni"], 2, labels, notes)
    spread = change_variance(table)
    with np.errstate(divide="ignore", invalid="ignore"):
        return _result(table["m1i"] - table["m2i"], spread / table["ni"], unusable, spread == 0, labels, notes)


def _smcc(table: Table, labels: tuple[str, ...], options: EffectOptions) -> Computed:
    """Standardised by the SD of the differences (Gibbons, Hedeker & Davis 1993): 1/n + g^2 / (2 n)."""
    return _standardised(table, labels, options, np.sqrt(change_variance(table)), None)


def _smcr(table: Table, labels: tuple[str, ...], options: EffectOptions) -> Computed:
    """Standardised by SD 1 (Becker 1988, Br J Math Stat Psychol 41:257): 2 (1 - r)/n + g^2 / (2 n)."""
    return _standardised(table, labels, options, table["sd1i"], table["ri"])


def _standardised(
    table: Table, labels: tuple[str, ...], options: EffectOptions, sd: FloatArray, r: FloatArray | None
) -> Computed:
    """J of n - 1. LS2 multiplies the variance of the uncorrected estimate by J^2 (Borenstein 2009)."""
    n = table["ni"]
    notes: list[Note] = []
    unusable = _unusable(n, 3, labels, notes)
    with np.errstate(divide="ignore", invalid="ignore"):
        j = j_factor(np.maximum(n - 1, 2.0), options)
        yi = j * (table["m1i"] - table["m2i"]) / sd
        base = (1 if r is None else 2 * (1 - r)) / n
        vi = base * (j**2 if options.vtype == "LS2" else 1) + yi**2 / (2 * n)
    return _result(yi, vi, unusable, sd == 0, labels, notes)


def _smcrh(table: Table, labels: tuple[str, ...], options: EffectOptions) -> Computed:
    """Standardised by SD 1, the two SDs being different (Bonett 2008, Psychol Methods 13:99), J of n - 1 applied to
    the estimate and to its standard error."""
    n, sd = table["ni"], table["sd1i"]
    notes: list[Note] = []
    unusable = _unusable(n, 3, labels, notes)
    with np.errstate(divide="ignore", invalid="ignore"):
        j = j_factor(np.maximum(n - 1, 2.0), options)
        yi = j * (table["m1i"] - table["m2i"]) / sd
        vi = j**2 * (change_variance(table) / sd**2 + yi**2 / 2) / (n - 1)
    return _result(yi, vi, unusable, sd == 0, labels, notes)


def _smdx(table: Table, labels: tuple[str, ...], options: EffectOptions) -> Computed:
    """Standardised by sqrt((s1^2 + s2^2) / 2), (1/n + d^2 / (2 n)) 2 (1 - r) (Elbourne et al. 2002; Cochrane Handbook,
    section 23.2.7.2). No small-sample correction, as there."""
    n = table["ni"]
    notes: list[Note] = []
    unusable = _unusable(n, 2, labels, notes)
    sd = np.sqrt((table["sd1i"] ** 2 + table["sd2i"] ** 2) / 2)
    with np.errstate(divide="ignore", invalid="ignore"):
        yi = (table["m1i"] - table["m2i"]) / sd
        vi = (1 / n + yi**2 / (2 * n)) * 2 * (1 - table["ri"])
    return _result(yi, vi, unusable, (sd == 0) | (table["ri"] == 1), labels, notes)


def _romc(table: Table, labels: tuple[str, ...], options: EffectOptions) -> Computed:
    """log(m1 / m2), s1^2/(n m1^2) + s2^2/(n m2^2) - 2 r s1 s2/(n m1 m2) (Lajeunesse 2011, Ecology 92:2049)."""
    notes: list[Note] = []
    unusable = _unusable(table["ni"], 2, labels, notes)
    unusable |= unlike_means(table["m1i"], table["m2i"], labels, notes)
    with np.errstate(divide="ignore", invalid="ignore"):
        cv1, cv2 = table["sd1i"] / np.abs(table["m1i"]), table["sd2i"] / np.abs(table["m2i"])
        spread = (cv1 - cv2) ** 2 + 2 * (1 - table["ri"]) * cv1 * cv2
        vi = spread / table["ni"]
    return _result(log_ratio(table["m1i"], table["m2i"]), vi, unusable, spread == 0, labels, notes)


_entry = functools.partial(entry, family="change", columns=COLUMNS)

MEASURES = (
    _entry("MC", (mark("Mean change"), mark("Change")), _mc),
    _entry(
        "SMCC",
        (mark("Standardised mean change, by the SD of the change"), mark("SMC")),
        _smcc,
        small_sample=True,
        vtypes=("LS", "LS2"),
    ),
    _entry(
        "SMCR",
        (mark("Standardised mean change, by SD 1"), mark("SMC")),
        _smcr,
        small_sample=True,
        vtypes=("LS", "LS2"),
        unused=("sd2i",),
    ),
    _entry(
        "SMCRH",
        (mark("Standardised mean change, by SD 1, unequal variances"), mark("SMC")),
        _smcrh,
        small_sample=True,
    ),
    _entry("SMDX", (mark("Standardised mean difference, crossover"), mark("SMD")), _smdx),
    _entry("ROMC", (mark("Ratio of means, paired"), mark("RoM")), _romc, ratio=True),
)
