"""Exchange files of our own making, with the results that a program would have stored in them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from core import pooling
from core.interchange.model import (
    ComparisonItem,
    DataKind,
    DataRow,
    Outcome,
    ReviewFile,
    StudyItem,
    SubgroupItem,
    Totals,
)
from core.model import StudyStatus

TRIALS = {
    "Ahorn 2001": (12, 40, 20, 41),
    "Birke 2004": (14, 33, 9, 30),
    "Copse 2007": (30, 120, 41, 118),
    "Dorn 2011": (2, 25, 7, 24),
}
"""Events and totals of the two groups."""
MEANS = {
    "Ahorn 2001": (10.0, 3.0, 20, 14.0, 4.0, 22),
    "Birke 2004": (11.0, 2.5, 35, 12.0, 3.5, 30),
    "Copse 2007": (9.0, 5.0, 50, 13.5, 4.5, 48),
}
"""Means, standard deviations and totals of the two groups."""


def study_id(name: str) -> str:
    return "STD-" + name.replace(" ", "-")


def counts_of(trials: Mapping[str, tuple[int, int, int, int]]) -> tuple[DataRow, ...]:
    return tuple(
        DataRow(study_id(name), dict(zip(("events_1", "total_1", "events_2", "total_2"), map(float, row), strict=True)))
        for name, row in trials.items()
    )


def means_of(trials: Mapping[str, tuple[float, float, int, float, float, int]]) -> tuple[DataRow, ...]:
    columns = ("mean_1", "sd_1", "total_1", "mean_2", "sd_2", "total_2")
    return tuple(
        DataRow(study_id(name), dict(zip(columns, map(float, row), strict=True))) for name, row in trials.items()
    )


def dichotomous(measure: str = "RR", method: str = "MH", model: str = "common") -> Outcome:
    return Outcome("CMP-001.01", "1", "Relapse", DataKind.DICHOTOMOUS, measure, method, model, rows=counts_of(TRIALS))


def continuous(measure: str = "MD", model: str = "random") -> Outcome:
    return Outcome("CMP-001.02", "2", "Anxiety", DataKind.CONTINUOUS, measure, "IV", model, rows=means_of(MEANS))


def in_subgroups(outcome: Outcome, first: int = 2) -> Outcome:
    """The rows in two subgroups, Adults and Children."""
    parts = (("Adults", outcome.rows[:first]), ("Children", outcome.rows[first:]))
    groups = [SubgroupItem(f"{outcome.id}.0{n}", str(n), name, rows) for n, (name, rows) in enumerate(parts, start=1)]
    return replace(outcome, rows=(), has_subgroups=True, subgroups=tuple(groups))


def file_of(*outcomes: Outcome, decimals: int | None = None) -> ReviewFile:
    """A review with one comparison."""
    names = {**TRIALS, **MEANS}
    return ReviewFile(
        "rm5",
        "made.rm5",
        "A made review",
        studies=tuple(StudyItem(study_id(name), name, StudyStatus.INCLUDED) for name in names),
        comparisons=(ComparisonItem("CMP-001", "1", "A versus B", outcomes),),
        decimals=decimals,
    )


def with_results(outcome: Outcome) -> Outcome:
    """The outcome with all results that a program like RevMan 5 stores for its settings."""
    rows = outcome.all_rows
    columns: dict[str, Any]
    if outcome.kind is DataKind.DICHOTOMOUS:
        keys = {"ai": "events_1", "n1i": "total_1", "ci": "events_2", "n2i": "total_2"}
    else:
        keys = {"m1i": "mean_1", "sd1i": "sd_1", "n1i": "total_1", "m2i": "mean_2", "sd2i": "sd_2", "n2i": "total_2"}
    columns = {key: [row.data[name] for row in rows] for key, name in keys.items()}
    if outcome.swap_events:
        for events, total in (("ai", "n1i"), ("ci", "n2i")):
            columns[events] = [(n or 0) - (x or 0) for n, x in zip(columns[total], columns[events], strict=True)]
    effects = pooling.effect_sizes(outcome.measure, compatibility="revman5", **columns)
    parts: list[range] = []
    first = len(outcome.rows)
    for group in outcome.subgroups:
        parts.append(range(first, first + len(group.rows)))
        first += len(group.rows)
    whole = _pooled(outcome, effects, range(len(rows)))
    stored_rows = list(_stored_rows(outcome, effects, whole, parts))
    groups = tuple(
        replace(
            group,
            rows=tuple(stored_rows[part.start : part.stop]),
            stored=_stored_pool(_pooled(outcome, effects, part), stored_rows[part.start : part.stop]),
            estimable=True,
        )
        for group, part in zip(outcome.subgroups, parts, strict=True)
    )
    total = _stored_pool(whole, stored_rows)
    if len(parts) > 1:
        names = [str(n) for n, part in enumerate(parts) for _ in part]
        test = pooling.subgroups(effects, names, model=outcome.model, method=_method(outcome)).difference
        assert test is not None
        total |= {"q": test.q, "p_q": test.p, "i2_q": test.i2}
    return replace(
        outcome, rows=tuple(stored_rows[: len(outcome.rows)]), subgroups=groups, stored=total, estimable=True
    )


def _method(outcome: Outcome) -> str:
    return outcome.method or "IV"


def _pooled(outcome: Outcome, effects: pooling.EffectSizes, rows: Sequence[int]) -> pooling.Pooled:
    part = effects.select(list(rows))
    return pooling.pool(part, model=outcome.model, method=_method(outcome), level=outcome.ci_total)


def _stored_rows(
    outcome: Outcome, effects: pooling.EffectSizes, whole: pooling.Pooled, parts: Sequence[range]
) -> Sequence[DataRow]:
    weights = list(map(float, whole.weights))
    if outcome.totals is Totals.SUBTOTALS:
        for part in parts:
            weights[part.start : part.stop] = map(float, _pooled(outcome, effects, part).weights)
    found: list[DataRow] = []
    for number, row in enumerate(outcome.all_rows):
        shown, own = effects.display(number, outcome.ci_study), effects.effect(number, outcome.ci_study)
        assert shown is not None
        assert own is not None
        stored = _stored_effect(shown, effects.definition.log_scale) | {"se": own[1], "weight": weights[number]}
        found.append(replace(row, stored=stored, estimable=True))
    return found


def _stored_effect(shown: pooling.Displayed, log_scale: bool) -> dict[str, float | None]:
    stored = {"effect_size": shown.estimate, "ci_start": shown.ci.low, "ci_end": shown.ci.high}
    if log_scale:
        stored |= {f"log_{key}": math.log10(value) for key, value in stored.items()}
    return dict(stored)


def _stored_pool(fit: pooling.Pooled, rows: Sequence[DataRow]) -> dict[str, float | None]:
    shown = fit.display()
    assert shown is not None
    assert fit.stat is not None
    stored = _stored_effect(shown, pooling.measure(fit.measure).log_scale)
    stored |= {
        "z": abs(fit.stat), "p_z": fit.p, "chi2": fit.q or 0.0, "df": float(fit.df or 0), "p_chi2": fit.q_p,
        "i2": fit.i2 or 0.0, "tau2": fit.tau2 or 0.0, "studies": float(len(rows)),
        "weight": sum(row.stored["weight"] or 0.0 for row in rows),
    }  # fmt: skip
    for key in ("events_1", "total_1", "events_2", "total_2"):
        if key in rows[0].data:
            stored[key] = sum(row.data[key] or 0.0 for row in rows)
    return stored
