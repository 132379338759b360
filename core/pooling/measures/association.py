"""Other measures of 2x2 tables: arcsine difference, phi, Yule's Q and Y, standardised mean differences and the
tetrachoric correlation behind two dichotomies.

Table: a and b in row 1 (experimental), c and d in row 2 (control); columns 1 (event) and 2.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from core.language import mark
from core.pooling.measures.base import Column, Computed, EffectOptions, FloatArray, Measure, Table
from core.pooling.measures.dichotomous import (
    COLUMNS,
    NON_EVENTS,
    Cells,
    from_tables,
    log_odds_ratio,
    totals_from_non_events,
)
from core.pooling.measures.tetrachoric import tetrachoric

# Cox & Snell 1989: the standard normal and the logistic distribution nearly agree when scaled by this.
COX = 1.65
LOGISTIC_SD = math.pi / math.sqrt(3)

CELLS = (
    Column("ai", mark("Both present"), "count"),
    Column("bi", mark("First only"), "count"),
    Column("ci", mark("Second only"), "count"),
    Column("di", mark("Neither present"), "count"),
)
TOTALS = (Column("n1i", mark("First present"), "total"), Column("n2i", mark("First absent"), "total"))


def cells_from_totals(table: Table) -> None:
    """Four cells from row totals where these were given, and the totals of the rows."""
    for total, first, second in (("n1i", "ai", "bi"), ("n2i", "ci", "di")):
        if second not in table and total in table and first in table:
            table[second] = table[total] - table[first]
    totals_from_non_events(table)


def arcsine_difference(table: Cells) -> tuple[FloatArray, FloatArray]:
    """asin(sqrt p1) - asin(sqrt p2), 1/(4 n1) + 1/(4 n2) (Ruecker et al. 2009, Stat Med 28:721)."""
    a, b, c, d = table
    # atan2 keeps the digits of risks near 1.
    yi = np.arctan2(np.sqrt(a), np.sqrt(b)) - np.arctan2(np.sqrt(c), np.sqrt(d))
    return yi, 1 / (4 * (a + b)) + 1 / (4 * (c + d))


def phi_coefficient(table: Cells, stratified: bool = False) -> tuple[FloatArray, FloatArray]:
    """(ad - bc) / sqrt of the product of the margins, with the delta-method variance: of one multinomial sample (Yule
    1912; Bishop, Fienberg & Holland 1975, chapter 11), or, ``stratified``, of two binomial ones."""
    a, b, c, d = table
    n1, n2, m1, m2 = a + b, c + d, a + c, b + d
    total = n1 + n2
    scale = np.sqrt(n1) * np.sqrt(n2) * np.sqrt(m1) * np.sqrt(m2)
    phi = (a * d - b * c) / scale
    # With r and s the shares of row 1 and column 1: phi = (p - r s) / root, and its derivatives by p, r and s.
    r, s = n1 / total, m1 / total
    root = np.sqrt(r * (n2 / total) * s * (m2 / total))
    by_s = -r / root - phi * ((m2 - m1) / total) / (2 * s * (m2 / total))
    if stratified:
        # Given its row, an event moves both p and s.
        slope = 1 / root + by_s
        vi = (r * slope) ** 2 * (a / n1) * (b / n1) / n1 + ((n2 / total) * by_s) ** 2 * (c / n2) * (d / n2) / n2
    else:
        by_r = -s / root - phi * ((n2 - n1) / total) / (2 * r * (n2 / total))
        vi = multinomial_variance(table, (1 / root + by_r + by_s, by_r, by_s, np.zeros_like(by_r)))
    perfect = ((b == 0) & (c == 0)) | ((a == 0) & (d == 0))
    return phi, np.where(perfect & np.isfinite(phi), 0.0, vi)


def multinomial_variance(table: Cells, slopes: Cells) -> FloatArray:
    """Variance of a function of the four shares with these derivatives: sum p (g - mean g)^2 / N."""
    total = table[0] + table[1] + table[2] + table[3]
    mean = sum((cell * slope for cell, slope in zip(table, slopes, strict=True)), np.zeros_like(total)) / total
    spread = [cell * (slope - mean) ** 2 for cell, slope in zip(table, slopes, strict=True)]
    return sum(spread, np.zeros_like(total)) / total**2


def yule_q(table: Cells) -> tuple[FloatArray, FloatArray]:
    """(OR - 1) / (OR + 1) = tanh(log OR / 2) (Yule 1912; Bonett & Price 2007), delta-method variance."""
    return _hyperbolic(table, 2.0)


def yule_y(table: Cells) -> tuple[FloatArray, FloatArray]:
    """(sqrt OR - 1) / (sqrt OR + 1) = tanh(log OR / 4) (Yule 1912), delta-method variance."""
    return _hyperbolic(table, 4.0)


def _hyperbolic(table: Cells, divisor: float) -> tuple[FloatArray, FloatArray]:
    log_or, variance = log_odds_ratio(table)
    yi = np.tanh(log_or / divisor)
    # 1 - tanh^2 = 1 / cosh^2, without the cancellation.
    return yi, variance / (divisor * np.cosh(log_or / divisor) ** 2) ** 2


def normal_d(table: Cells) -> tuple[FloatArray, FloatArray]:
    """log OR / 1.65 (Cox & Snell 1989; Sanchez-Meca et al. 2003, Psychol Methods 8:448)."""
    log_or, variance = log_odds_ratio(table)
    return log_or / COX, variance / COX**2


def logistic_d(table: Cells) -> tuple[FloatArray, FloatArray]:
    """log OR sqrt(3) / pi (Hasselblad & Hedges 1995; Chinn 2000)."""
    log_or, variance = log_odds_ratio(table)
    return log_or / LOGISTIC_SD, variance / LOGISTIC_SD**2


def probit_difference(table: Cells) -> tuple[FloatArray, FloatArray]:
    """z(p1) - z(p2), variance 2 pi p (1 - p) exp(z^2) / n of each (Sanchez-Meca et al. 2003)."""
    from scipy.special import ndtri

    a, b, c, d = table
    parts: list[tuple[FloatArray, FloatArray]] = []
    for events, others in ((a, b), (c, d)):
        n = events + others
        # The smaller share, whose quantile keeps its digits.
        z = np.where(events <= others, ndtri(events / n), -ndtri(others / n))
        parts.append((z, 2 * np.pi * np.exp(z**2) * (events / n) * (others / n) / n))
    (z1, v1), (z2, v2) = parts
    return z1 - z2, v1 + v2


def _as(table: Table, labels: tuple[str, ...], options: EffectOptions) -> Computed:
    return from_tables(table, labels, options, arcsine_difference)


def _phi(table: Table, labels: tuple[str, ...], options: EffectOptions) -> Computed:
    """Variance for one cross-sectional sample (CS, the default) or for two groups of fixed size (ST)."""
    return from_tables(table, labels, options, lambda cells: phi_coefficient(cells, options.vtype == "ST"))


def _yuq(table: Table, labels: tuple[str, ...], options: EffectOptions) -> Computed:
    return from_tables(table, labels, options, yule_q)


def _yuy(table: Table, labels: tuple[str, ...], options: EffectOptions) -> Computed:
    return from_tables(table, labels, options, yule_y)


def _or2dn(table: Table, labels: tuple[str, ...], options: EffectOptions) -> Computed:
    return from_tables(table, labels, options, normal_d)


def _or2dl(table: Table, labels: tuple[str, ...], options: EffectOptions) -> Computed:
    return from_tables(table, labels, options, logistic_d)


def _pbit(table: Table, labels: tuple[str, ...], options: EffectOptions) -> Computed:
    return from_tables(table, labels, options, probit_difference)


def _rtet(table: Table, labels: tuple[str, ...], options: EffectOptions) -> Computed:
    return from_tables(table, labels, options, _tetrachoric)


def _tetrachoric(table: Cells) -> tuple[FloatArray, FloatArray]:
    r, slopes = tetrachoric(table)
    return r, multinomial_variance(table, slopes)


def _entry(
    key: str,
    labels: tuple[str, str],
    compute: Callable[[Table, tuple[str, ...], EffectOptions], Computed],
    *,
    add: float = 0.5,
    drop00: bool = False,
    vtypes: tuple[str, ...] = (),
) -> Measure:
    """What these measures have in common."""
    return Measure(
        key,
        *labels,
        "association",
        CELLS if key == "RTET" else COLUMNS,
        compute,
        ("IV",),
        compatibility=(None,),
        add=add,
        to="only0",
        drop00=drop00,
        corrects_zero_cells=True,
        drops_double_zeros=True,
        vtypes=vtypes,
        other_inputs=TOTALS if key == "RTET" else NON_EVENTS,
        derive=cells_from_totals if key == "RTET" else totals_from_non_events,
    )


MEASURES = (
    _entry("AS", (mark("Arcsine difference"), mark("AS")), _as, add=0.0),
    _entry("PHI", (mark("Phi coefficient"), mark("Phi")), _phi, add=0.0, vtypes=("CS", "ST")),
    _entry("YUQ", (mark("Yule's Q"), mark("Q")), _yuq, drop00=True),
    _entry("YUY", (mark("Yule's Y"), mark("Y")), _yuy, drop00=True),
    _entry(
        "OR2DN",
        (mark("Standardised mean difference from the odds ratio (normal)"), mark("SMD")),
        _or2dn,
        drop00=True,
    ),
    _entry(
        "OR2DL",
        (mark("Standardised mean difference from the odds ratio (logistic)"), mark("SMD")),
        _or2dl,
        drop00=True,
    ),
    _entry("PBIT", (mark("Standardised mean difference by probits"), mark("SMD")), _pbit),
    _entry("RTET", (mark("Tetrachoric correlation"), mark("r")), _rtet, add=0.0),
)
