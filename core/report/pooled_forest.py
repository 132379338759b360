"""A forest plot of pooled effects without a review behind them, for any measure.

Ratios stand on a log axis. Other measures that are analysed on another scale than they are read on (proportions by
their logit, correlations by Fisher's z, rates by their logarithm) are drawn as they are read.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from core import pooling
from core.figures import wording
from core.figures.forest_model import (
    Axis,
    ColumnGroup,
    ForestPlot,
    ForestPooled,
    ForestStudy,
    ForestSubgroup,
    Interval,
    Kind,
    Prediction,
    generic_columns,
    o_e_columns,
)
from core.pooling import Displayed, EffectSizes, Pooled, Subgroups
from core.pooling.measures.base import Measure
from core.report.forest import effect_header, method_line, method_notes, pool_lines
from core.synthesis.cells import shown_number

EXPERIMENTAL, CONTROL = "Experimental", "Control"
_NOT_ESTIMABLE = "Not estimable"
_KINDS: dict[str, Kind] = {"dichotomous": "dichotomous", "continuous": "continuous"}


def pooled_forest(effects: EffectSizes, found: Pooled | Subgroups) -> ForestPlot:
    """The forest plot of effects and their pooled result, with subgroups where there are some."""
    grouped = isinstance(found, Subgroups)
    overall = found.overall if isinstance(found, Subgroups) else found
    settings, definition = overall.settings, effects.definition
    header = _header(definition)
    studies = [_study(effects, row, float(overall.weights[row]), settings.level) for row in range(len(effects))]
    lines = pool_lines(overall)
    if isinstance(found, Subgroups):
        test = found.difference
        lines += (wording.subgroup_line(test.q, test.df, test.p, test.i2) if test else wording.subgroup_line(),)
    return ForestPlot(
        _KINDS.get(definition.family, "generic"),
        _columns(definition, header),
        (header, method_line(settings.method, settings.model, settings.level)),
        _axis(definition),
        studies=() if grouped else tuple(studies),
        subgroups=_subgroups(effects, found, studies) if isinstance(found, Subgroups) else (),
        overall=_pooled(effects, overall, range(len(effects)), f"Total ({100 * settings.level:g}% CI)", 100.0),
        overall_lines=lines,
        footnotes=tuple(method_notes([overall, *(g.pooled for g in found.groups)] if grouped else [overall])),
        empty_message="No studies in the table",
    )


def _header(definition: Measure) -> str:
    """As RevMan heads the measures it has; the longer names of the others as they are."""
    revman = definition.family in ("dichotomous", "continuous", "generic", "o-e")
    return effect_header(definition.key, definition.label) if revman else definition.label


def _axis(definition: Measure) -> Axis:
    return Axis(_on_log_axis(definition), no_effect=definition.null is not None)


def _on_log_axis(definition: Measure) -> bool:
    """Ratios; not the means and rates of one group that are analysed as logarithms."""
    return definition.log_scale and definition.null is not None


def _columns(definition: Measure, header: str) -> tuple[ColumnGroup, ...]:
    """The columns of the data: those of each arm under its name, the others each on its own."""
    if definition.family == "o-e":
        return o_e_columns()
    if definition.family == "generic":
        return generic_columns(f"log[{header}]" if definition.log_scale else header)
    groups: list[ColumnGroup] = []
    for column in definition.columns:
        label = {1: EXPERIMENTAL, 2: CONTROL, None: ""}[column.arm]
        if groups and label and groups[-1].label == label:
            groups[-1] = ColumnGroup(label, (*groups[-1].columns, column.title))
        else:
            groups.append(ColumnGroup(label, (column.title,)))
    return tuple(groups)


def _cell(value: float) -> str:
    return "" if np.isnan(value) else shown_number(value).replace("−", "-")


def _drawn(definition: Measure, limits: Sequence[float], shown: Sequence[float]) -> Interval | None:
    """Where an effect stands on the axis; None beyond what can be drawn."""
    estimate, low, high = values = limits if _on_log_axis(definition) else shown
    return Interval(estimate, low, high) if np.isfinite(values).all() else None


def _text(shown: Displayed | None) -> str:
    return _NOT_ESTIMABLE if shown is None else wording.effect_text(shown.estimate, *shown.ci)


def _study(effects: EffectSizes, row: int, weight: float, level: float) -> ForestStudy:
    definition = effects.definition
    cells = tuple(_cell(float(effects.table[column.key][row])) for column in definition.columns)
    found, shown = effects.effect(row, level), effects.display(row, level)
    if found is None or shown is None:
        return ForestStudy(effects.labels[row], cells, None, _NOT_ESTIMABLE)
    drawn = _drawn(definition, (found[0], *found[2]), (shown.estimate, *shown.ci))
    return ForestStudy(effects.labels[row], cells, drawn, _text(shown), weight)


def _subgroups(effects: EffectSizes, found: Subgroups, studies: Sequence[ForestStudy]) -> tuple[ForestSubgroup, ...]:
    settings = found.overall.settings
    return tuple(
        ForestSubgroup(
            f"{number} {group.label}",
            tuple(studies[row] for row in group.rows),
            _pooled(
                effects,
                group.pooled,
                group.rows,
                f"Subtotal ({100 * settings.level:g}% CI)",
                float(sum(found.overall.weights[row] for row in group.rows)),
            ),
            pool_lines(group.pooled),
        )
        for number, group in enumerate(found.groups, start=1)
    )


def _pooled(effects: EffectSizes, pooled: Pooled, rows: Sequence[int], label: str, weight: float) -> ForestPooled:
    definition = effects.definition
    sums = {column.key: float(np.nansum(effects.table[column.key][list(rows)])) for column in definition.columns}
    totals = tuple(_cell(sums[c.key]) if c.kind in ("total", "size") else "" for c in definition.columns)
    events = tuple(_cell(sums[c.key]) if c.kind == "count" else "" for c in definition.columns)
    shown, drawn = pooled.display(), None
    if shown is not None and pooled.estimate is not None and pooled.ci is not None:
        drawn = _drawn(definition, (pooled.estimate, *pooled.ci), (shown.estimate, *shown.ci))
    return ForestPooled(
        totals,
        drawn,
        _text(shown),
        None if shown is None else weight,
        label,
        events if definition.family == "dichotomous" else None,
        _prediction(definition, pooled, shown),
    )


def _prediction(definition: Measure, pooled: Pooled, shown: Displayed | None) -> Prediction | None:
    if shown is None or shown.pi is None or pooled.pi is None:
        return None
    kind = next((c.short for c in pooling.PREDICTION_INTERVALS if c.key == pooled.settings.pi), "")
    limits = pooled.pi if _on_log_axis(definition) else shown.pi
    label = f"{100 * pooled.settings.level:g}% prediction interval ({kind})"
    return Prediction(*limits, wording.interval_text(*shown.pi), label)
