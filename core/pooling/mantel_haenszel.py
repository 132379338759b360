"""Mantel-Haenszel pooling of 2x2 tables and of rates, exact (no correction in the sums) or as RevMan 5 does it, and
its tests.

Sources: Mantel & Haenszel 1959; Robins, Breslow & Greenland 1986 (variance of the odds ratio); Greenland & Robins 1985
(risk ratio and risk difference); Sato, Greenland & Robins 1989 (risk difference); Deeks & Higgins 2010 (RevMan 5).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from core.errors import InputError
from core.pooling.inference import chi_squared_p
from core.pooling.measures.base import BoolArray, FloatArray
from core.pooling.measures.dichotomous import Cells, cells, corrected
from core.pooling.models import EPSILON, Fit, inverse_variance, not_estimable
from core.pooling.notes import Note, note
from core.pooling.results import EffectSizes, PoolSettings
from core.pooling.tau2 import generalised_q, moment_estimate
from core.pooling.vectors import dot


def mantel_haenszel(effects: EffectSizes, settings: PoolSettings) -> Fit:
    """Common-effect Mantel-Haenszel estimate (log scale for ratios), with Q around it on inverse-variance weights."""
    if effects.definition.family == "rates":
        return _rates(effects)
    revman = settings.compatibility == "revman5"
    complete = effects.estimable if revman else _with_participants(effects)
    if not complete.any():
        return not_estimable(len(effects), note("pool.none-estimable"))
    raw = _rows(cells(dict(effects.table)), complete)
    table = corrected(raw, settings.add, settings.to)[0]
    if effects.measure == "RD":
        fit = _risk_difference(raw if revman else table, complete, table if revman else None)
        if revman and complete.sum() == 1:
            # RevMan shows a single study's own interval.
            fit.se = math.sqrt(float(effects.vi[complete][0]))
    else:
        fit = _ratio(effects.measure, table, complete)
    if fit.estimate is not None:
        _add_q(fit, effects)
    return fit


def mantel_haenszel_random(effects: EffectSizes, settings: PoolSettings) -> Fit:
    """RevMan 5's "M-H, Random": DerSimonian-Laird with Q around the Mantel-Haenszel estimate, then the inverse-variance
    estimate with that tau2, even when it is 0."""
    common = mantel_haenszel(effects, settings)
    if common.estimate is None or common.q is None or common.df < 1:
        return inverse_variance(effects, settings) if common.estimate is not None else common
    fit = inverse_variance(effects, settings, moment_estimate(common.q, effects.vi[effects.estimable]))
    fit.q = common.q
    return fit


def _rates(effects: EffectSizes) -> Fit:
    """Rate ratio (log) or rate difference of person-time data (Greenland & Robins 1985), uncorrected."""
    x1, t1, x2, t2 = (effects.table[key] for key in ("x1i", "t1i", "x2i", "t2i"))
    complete = np.isfinite(x1 + t1 + x2 + t2)
    if not complete.any():
        return not_estimable(len(effects), note("pool.none-estimable"))
    x1, t1, x2, t2 = x1[complete], t1[complete], x2[complete], t2[complete]
    # t1 t2 / T and so on, from the shares of the person-time, so that no product overflows.
    share1, share2 = t1 / (t1 + t2), t2 / (t1 + t2)
    if not (x1 + x2).any():
        return not_estimable(len(effects), note("mh.rates-none"))
    if effects.measure == "IRD":
        w = share1 * t2
        estimate = float((x1 * share2 - x2 * share1).sum()) / float(w.sum())
        se = math.sqrt(float((x1 * share2**2 + x2 * share1**2).sum())) / float(w.sum())
        fit = Fit(complete, w, estimate, se)
    else:
        r, s = x1 * share2, x2 * share1
        big_r, big_s = float(r.sum()), float(s.sum())
        if not big_r or not big_s:
            group = "control" if big_r else "experimental"
            return not_estimable(len(effects), note("mh.rates-one-arm", group=group))
        variance = float((share1 * share2 * (x1 + x2)).sum()) / (big_r * big_s)
        used = complete.copy()
        used[complete] = informative = x1 + x2 > 0
        fit = Fit(used, s[informative], math.log(big_r / big_s), math.sqrt(variance))
    _add_q(fit, effects)
    return fit


def _with_participants(effects: EffectSizes) -> BoolArray:
    n1, n2 = effects.table["n1i"], effects.table["n2i"]
    return (n1 > 0) & (n2 > 0) & np.isfinite(effects.table["ai"] + effects.table["ci"])


def _rows(table: Cells, rows: BoolArray) -> Cells:
    a, b, c, d = table
    return a[rows], b[rows], c[rows], d[rows]


def _add_q(fit: Fit, effects: EffectSizes) -> None:
    """Q around the pooled estimate over the studies that have an effect of their own."""
    y = effects.yi[effects.estimable]
    fit.df = max(len(y) - 1, 0)
    if len(y):
        deviations = y - (fit.estimate or 0.0)
        if float(np.abs(deviations).max()) <= 16 * EPSILON * float(np.abs(y).max()):
            deviations = np.zeros_like(deviations)
        fit.q = generalised_q(deviations, effects.vi[effects.estimable], 0.0)


def _ratio(measure: str, table: Cells, complete: BoolArray) -> Fit:
    """R / S with R and S the Mantel-Haenszel sums of the odds ratio or of the risk ratio."""
    a, b, c, d = table
    n1, n2 = a + b, c + d
    total = n1 + n2
    r, s = (a * d / total, b * c / total) if measure == "OR" else (a * n2 / total, c * n1 / total)
    big_r, big_s = float(r.sum()), float(s.sum())
    if big_r == 0 and big_s == 0:
        return not_estimable(len(complete), note("pool.no-information"))
    if big_r == 0 or big_s == 0:
        return _undefined_ratio(measure, table, len(complete), big_r == 0)
    if measure == "OR":
        se = math.sqrt(_robins_breslow_greenland(table, r, s))
    else:
        # Greenland & Robins 1985, eq. 8: n1 n2 (a + c) - a c N, in the form without cancellation.
        numerator = float(((a * n1 * d + c * n2 * b) / total**2).sum())
        if numerator == 0:
            # Everyone in every study has the event: a risk ratio of 1 without an error would be false certainty.
            return not_estimable(len(complete), note("pool.no-information"))
        se = math.sqrt(numerator / (big_r * big_s))
    informative = r + s > 0
    used = complete.copy()
    used[complete] = informative
    return Fit(used, s[informative], math.log(big_r / big_s), se)


def _undefined_ratio(measure: str, table: Cells, rows: int, low: bool) -> Fit:
    """One of the two sums is 0: say which group lacks what in every study that could tell."""
    a, b, c, d = (float(cell.sum()) for cell in table)
    peto = " or Peto's method" if measure == "OR" else ""
    event, non_event = "an event", "a participant without the event"
    lacking = [
        ("experimental", event, low and a == 0),
        ("control", event, not low and c == 0),
        ("control", non_event, low and d == 0),
        ("experimental", non_event, not low and b == 0),
    ]
    for group, what, absent in lacking:
        if absent:
            return not_estimable(rows, note("mh.one-arm", group=group, what=what, peto=peto))
    return not_estimable(rows, note("mh.undefined", peto=peto))


def _robins_breslow_greenland(table: Cells, r: FloatArray, s: FloatArray) -> float:
    """Variance of log(R / S) (Robins, Breslow & Greenland 1986, eq. 10)."""
    a, b, c, d = table
    total = a + b + c + d
    p, q = (a + d) / total, (b + c) / total
    big_r, big_s = float(r.sum()), float(s.sum())
    return 0.5 * (dot(p, r) / big_r**2 + (dot(p, s) + dot(q, r)) / (big_r * big_s) + dot(q, s) / big_s**2)


def _risk_difference(table: Cells, complete: BoolArray, revman: Cells | None) -> Fit:
    """sum(n1 n2 RD / N) / sum(n1 n2 / N); Sato's variance, or with ``revman`` Greenland and Robins' of those cells."""
    a, b, c, d = table
    n1, n2 = a + b, c + d
    total = n1 + n2
    w = n1 * n2 / total
    big_w = float(w.sum())
    estimate = float(((a * n2 - c * n1) / total).sum()) / big_w
    notes: list[Note] = []
    if revman is not None:
        variance = _greenland_robins(revman, big_w)
    else:
        variance = _sato(table, estimate, big_w)
        if variance <= 0:
            variance = _greenland_robins(corrected(table, 0.5, "only0")[0], big_w)
            notes.append(note("mh.corrected-se"))
    return Fit(complete, w, estimate, math.sqrt(variance), notes=notes)


def _greenland_robins(table: Cells, weight: float) -> float:
    """Variance of the risk difference (Greenland & Robins 1985, eq. 13): within-table variances over the weight."""
    a, b, c, d = table
    n1, n2 = a + b, c + d
    terms = (a * b * n2**3 + c * d * n1**3) / (n1 * n2 * (n1 + n2) ** 2)
    return float(terms.sum()) / weight**2


def _sato(table: Cells, estimate: float, weight: float) -> float:
    """Variance of the risk difference that holds in sparse data as well (Sato, Greenland & Robins 1989)."""
    a, b, c, d = table
    n1, n2 = a + b, c + d
    total = n1 + n2
    p = (n1**2 * c - n2**2 * a + n1 * n2 * (n2 - n1) / 2) / total**2
    q = (a * d + c * b) / (2 * total)
    return (estimate * float(p.sum()) + float(q.sum())) / weight**2


def risk_difference_se(effects: EffectSizes, variance: Literal["Sato", "Greenland-Robins"]) -> float | None:
    """Standard error of the uncorrected Mantel-Haenszel risk difference by either formula, to set beside ``pool``'s.

    None when nothing can be estimated; ``InputError`` for another measure.
    """
    _dichotomous(effects)
    rows = _with_participants(effects)
    if not rows.any():
        return None
    a, b, c, d = table = _rows(cells(dict(effects.table)), rows)
    n1, n2 = a + b, c + d
    weight = float((n1 * n2 / (n1 + n2)).sum())
    estimate = float(((a * n2 - c * n1) / (n1 + n2)).sum()) / weight
    found = _greenland_robins(table, weight) if variance == "Greenland-Robins" else _sato(table, estimate, weight)
    return math.sqrt(max(found, 0.0))


@dataclass(frozen=True, slots=True)
class OddsRatioTests:
    """Cochran-Mantel-Haenszel test of association, and Tarone's test that the odds ratio is the same in all tables.
    ``tables`` counts those with both events and non-events. None where a test is not defined."""

    cmh: float | None
    cmh_p: float | None
    tarone: float | None
    tarone_df: int
    tarone_p: float | None
    tables: int


def odds_ratio_tests(effects: EffectSizes, odds_ratio: float | None, correct: bool = True) -> OddsRatioTests:
    """The tests that accompany a Mantel-Haenszel odds ratio (natural scale; None when not estimable).

    ``correct``: the continuity correction of the Cochran-Mantel-Haenszel statistic. Tarone 1985, eq. 5.
    """
    _dichotomous(effects)
    a, b, c, d = _rows(cells(dict(effects.table)), _with_participants(effects))
    n1, n2, events, others = a + b, c + d, a + c, b + d
    mixed = (events > 0) & (others > 0)
    a, n1, n2, events, others = a[mixed], n1[mixed], n2[mixed], events[mixed], others[mixed]
    total = n1 + n2
    tables = len(a)
    if not tables:
        return OddsRatioTests(None, None, None, 0, None, 0)
    excess = max(0.0, abs(float((a - n1 * events / total).sum())) - (0.5 if correct else 0.0))
    cmh = excess**2 / float((n1 * n2 * events * others / (total**2 * (total - 1))).sum())
    cmh_p = chi_squared_p(cmh, 1)
    if odds_ratio is None:
        return OddsRatioTests(cmh, cmh_p, None, tables - 1, None, tables)
    fitted = _fitted_events(odds_ratio, n1, n2, events)
    variance = 1 / (1 / fitted + 1 / (n1 - fitted) + 1 / (events - fitted) + 1 / (n2 - events + fitted))
    difference = a - fitted
    breslow_day = float((difference**2 / variance).sum())
    tarone = max(0.0, breslow_day - float(difference.sum()) ** 2 / float(variance.sum()))
    return OddsRatioTests(
        cmh, cmh_p, tarone, tables - 1, chi_squared_p(tarone, tables - 1) if tables > 1 else None, tables
    )


def _fitted_events(odds_ratio: float, n1: FloatArray, n2: FloatArray, events: FloatArray) -> FloatArray:
    """The a of each table that has this odds ratio at the table's margins: the root of a quadratic, in whichever form
    has no cancellation (a negative linear term implies an odds ratio below 1)."""
    square, linear, constant = 1 - odds_ratio, n2 - events + odds_ratio * (n1 + events), -odds_ratio * n1 * events
    root = np.sqrt(linear**2 - 4 * square * constant)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(linear >= 0, -2 * constant / (linear + root), (root - linear) / (2 * square))


def _dichotomous(effects: EffectSizes) -> None:
    if effects.definition.family != "dichotomous":
        raise InputError(
            "pooling.needs-tables",
            "This needs events and totals of both groups; {measure} has none.",
            measure=effects.definition.label,
        )
