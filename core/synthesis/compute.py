"""From an analysis to its result: the effects of the rows, the pools of the subgroups and of all, notes and refusals.

`compute` is pure and quick, so that a window may call it on every change, on any thread.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core import pooling
from core.errors import InputError
from core.extraction.statistics import CONTRAST_MEASURES
from core.language import phrase
from core.model import Id, OutcomeKind
from core.pooling import EffectSizes, Note, Pooled
from core.synthesis.advice import Advice, advise
from core.synthesis.cells import Cell, Reported, analysis_cells, columns_of, is_complete, reported_interval
from core.synthesis.directions import directions
from core.synthesis.model import AnalysisData, Row, Subgroup
from core.synthesis.settings import effect_sizes

_SIGNED = {"continuous": ("m1i", "m2i"), "generic": ("yi",)}
"""The columns whose sign turns an effect round, by family of the measure."""
_EVENTS = (("ai", "n1i"), ("ci", "n2i"))
"""Events and total of each arm."""


@dataclass(frozen=True, slots=True)
class Effect:
    """An effect with its confidence interval: on the analysis scale (logarithms for ratios), and as shown."""

    estimate: float
    lower: float
    upper: float
    se: float
    shown_estimate: float
    shown_lower: float
    shown_upper: float


@dataclass(frozen=True, slots=True)
class RowResult:
    """A row as computed. ``cells`` are the numbers as used (turned where ``turned``), ``effect`` None when not
    estimable (``reason`` says why), ``weight`` in percent, None when the row is in no pool that is shown."""

    row_id: Id
    study_id: Id
    study: str
    subgroup_id: Id | None
    cells: Mapping[str, float | None]
    effect: Effect | None
    reason: str
    weight: float | None
    turned: bool
    reported: Reported | None


@dataclass(frozen=True, slots=True)
class PoolResult:
    """One pool. ``effect`` is None when not estimable; ``prediction`` is shown scale; ``totals`` are the sums of
    participants and events by column; ``weight`` the subgroup's share of the total in percent."""

    pooled: Pooled
    effect: Effect | None
    prediction: tuple[float, float] | None
    totals: Mapping[str, float]
    weight: float | None
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class SubgroupResult:
    """A subgroup and its pool; None when it has no row, pooling was refused, or no subtotals are wanted."""

    subgroup: Subgroup
    pool: PoolResult | None


@dataclass(frozen=True, slots=True)
class AnalysisResult:
    """The result of an analysis. ``better`` is the direction of the effects ('lower', 'higher', '' unknown); with a
    ``refusal`` the rows have their effects, but nothing is pooled."""

    analysis_id: Id
    rows: tuple[RowResult, ...]
    subgroups: tuple[SubgroupResult, ...]
    overall: PoolResult | None
    difference: pooling.Difference | None
    better: str
    effect_measure: str
    effect_label: str
    notes: tuple[Note, ...]
    advice: tuple[Advice, ...]
    refusal: InputError | None

    def row(self, row_id: Id) -> RowResult:
        """The result of one row."""
        return next(row for row in self.rows if row.row_id == row_id)


def compute(data: AnalysisData) -> AnalysisResult:
    """The result of an analysis; nothing is raised for what the user can mend, see ``refusal``. Texts have none."""
    if data.settings.kind is OutcomeKind.OTHER:
        return _of_texts(data)
    cells = analysis_cells(data)
    complete = [row for row in data.rows if is_complete(cells[row.id], data.settings)]
    ways = directions(data, complete)
    refusal = (ways.refusal or _mixed_measures(data, complete)) if data.pools else None
    tables = {row.id: _table(data, cells[row.id], turned=row.id in ways.turned) for row in data.rows}
    effects, problem = _effects(data, tables)
    refusal = refusal or problem
    pools = _Pools(None, (), None, ())
    if refusal is None and effects is not None and data.rows:
        try:
            pools = _pool(data, effects, tables)
        except InputError as error:
            refusal = error
    measure, label = effect_measure(data)
    return AnalysisResult(
        data.id,
        tuple(_row_result(data, row, tables, effects, ways.turned, pools) for row in data.rows),
        pools.subgroups or tuple(SubgroupResult(group, None) for group in data.subgroups),
        pools.overall,
        pools.difference,
        ways.better,
        measure,
        label,
        (*(effects.notes if effects else ()), *pools.notes),
        advise(data, complete, cells, ways.turned),
        refusal,
    )


def _of_texts(data: AnalysisData) -> AnalysisResult:
    rows = tuple(
        RowResult(row.id, row.study.id, row.study.label, row.subgroup_id, {}, None, "", None, False, None)
        for row in data.rows
    )
    groups = tuple(SubgroupResult(group, None) for group in data.subgroups)
    return AnalysisResult(data.id, rows, groups, None, None, "", "", "", (), (), None)


def effect_measure(data: AnalysisData) -> tuple[str, str]:
    """Key and name of the effect measure; of generic effects what the studies report, when they agree, by the name that
    the analysis gives it."""
    definition = pooling.measure(data.settings.measure)
    if data.settings.kind is not OutcomeKind.GENERIC:
        return definition.key, data.effect_label or definition.label
    reported = {row.contrast.effect_measure for row in data.rows if row.contrast} & CONTRAST_MEASURES.keys()
    if len(reported) != 1:
        return definition.key, data.effect_label or definition.label
    named = CONTRAST_MEASURES[reported.pop()]
    return named.key, data.effect_label or named.label


def _mixed_measures(data: AnalysisData, rows: Sequence[Row]) -> InputError | None:
    """Refuse effects of different measures in one pool, and ratios in a pool of differences."""
    if data.settings.measure not in ("GEN", "GENLOG"):
        return None
    found: dict[str, list[str]] = {}
    for row in rows:
        if row.contrast and row.contrast.effect_measure:
            found.setdefault(row.contrast.effect_measure, []).append(row.study.label)
    if len(found) > 1:
        return InputError(
            "analysis.mixed_measures",
            "Effects of different measures cannot be pooled: {measures}. The rows are kept. Pool each measure in an "
            "analysis of its own.",
            measures="; ".join(f"{key} from {', '.join(names)}" for key, names in found.items()),
        )
    ratios = any(row.contrast and row.contrast.is_ratio for row in rows)
    if found and ratios != (data.settings.measure == "GENLOG"):
        return InputError(
            "analysis.scale",
            "{studies} report {measure}, which is {what}. Set the effect measure of the analysis to {wanted}.",
            studies=", ".join(next(iter(found.values()))),
            measure=next(iter(found)),
            what="a ratio" if ratios else "a difference",
            wanted=pooling.measure("GENLOG" if ratios else "GEN").label,
        )
    return None


def _table(data: AnalysisData, cells: Mapping[str, Cell], *, turned: bool) -> dict[str, float | None]:
    """The numbers as analysed: turned, or of those without the event."""
    signed = _SIGNED.get(pooling.measure(data.settings.measure).family, ()) if turned else ()
    # 0 - x rather than -x: a mean of 0 must not become -0.
    found = {
        key: 0.0 - cell.number if key in signed and cell.number is not None else cell.number
        for key, cell in cells.items()
    }
    if data.settings.swap_events:
        for events, total in _EVENTS:
            count, whole = found[events], found[total]
            found[events] = None if count is None or whole is None else whole - count
    return found


def _effects(
    data: AnalysisData, tables: Mapping[Id, Mapping[str, float | None]]
) -> tuple[EffectSizes | None, InputError | None]:
    """The effects of all rows; None with the reason when a row holds what no study can report."""
    try:
        return effect_sizes(data.settings, [row.study.label for row in data.rows], list(tables.values())), None
    except InputError as error:
        return None, error


@dataclass(frozen=True, slots=True)
class _Pools:
    overall: PoolResult | None
    subgroups: tuple[SubgroupResult, ...]
    difference: pooling.Difference | None
    notes: tuple[Note, ...]


def _pool(data: AnalysisData, effects: EffectSizes, tables: Mapping[Id, Mapping[str, float | None]]) -> _Pools:
    rows = list(tables.values())
    if not data.pools:
        return _Pools(None, (), None, ())
    if not data.subgroups:
        return _Pools(_pool_result(data, pooling.pool(effects, **data.settings.arguments()), rows, None), (), None, ())
    # Labels may be given twice when two copies of a review meet, numbers may not.
    names = {group.id: f"{group.number} {group.label}" for group in data.subgroups}
    by = [names.get(row.subgroup_id) if row.subgroup_id else None for row in data.rows]
    fits = pooling.subgroups(effects, by, **data.settings.arguments())
    fitted = {group.label: group for group in fits.groups}
    found: list[SubgroupResult] = []
    for group in data.subgroups:
        fit = fitted.get(names[group.id])
        if fit is None or not data.look.show_subtotals:
            found.append(SubgroupResult(group, None))
            continue
        weight = float(sum(fits.overall.weights[row] for row in fit.rows)) if data.look.show_total else None
        found.append(SubgroupResult(group, _pool_result(data, fit.pooled, [rows[row] for row in fit.rows], weight)))
    total = _pool_result(data, fits.overall, rows, 100.0) if data.look.show_total else None
    return _Pools(total, tuple(found), fits.difference if data.look.subgroup_test else None, fits.notes)


def _pool_result(
    data: AnalysisData, pooled: Pooled, rows: Sequence[Mapping[str, float | None]], weight: float | None
) -> PoolResult:
    shown = pooled.display()
    effect = None
    if shown is not None and pooled.estimate is not None and pooled.ci is not None and pooled.se is not None:
        effect = Effect(pooled.estimate, *pooled.ci, pooled.se, shown.estimate, *shown.ci)
    summed = [c.key for c in columns_of(data) if c.kind in ("count", "total", "size")]
    totals = {key: sum(value for row in rows if (value := row[key]) is not None) for key in summed}
    prediction = None if shown is None or shown.pi is None else (shown.pi.low, shown.pi.high)
    return PoolResult(pooled, effect, prediction, totals, weight, pooled.notes)


def _row_result(
    data: AnalysisData,
    row: Row,
    tables: Mapping[Id, Mapping[str, float | None]],
    effects: EffectSizes | None,
    turned: frozenset[Id],
    pools: _Pools,
) -> RowResult:
    index = data.rows.index(row)
    effect, reason = None, ""
    if effects is not None:
        effect = _row_effect(effects, index, data.settings.level_of_studies)
        if effect is None:
            reason = functools.reduce(_and_then, (note.message for note in effects.row_notes(index)), "")
    return RowResult(
        row.id,
        row.study.id,
        row.study.label,
        row.subgroup_id,
        tables[row.id],
        effect,
        reason,
        _weight(data, row, index, pools) if effect is not None else None,
        row.id in turned,
        reported_interval(row, data.settings.measure),
    )


def _row_effect(effects: EffectSizes, index: int, level: float) -> Effect | None:
    found, shown = effects.effect(index, level), effects.display(index, level)
    if found is None or shown is None:
        return None
    estimate, se, limits = found
    return Effect(estimate, *limits, se, shown.estimate, *shown.ci)


def _weight(data: AnalysisData, row: Row, index: int, pools: _Pools) -> float | None:
    """In percent of the total, or of its subgroup when there is no total (as RevMan shows it)."""
    if pools.overall is not None:
        return float(pools.overall.pooled.weights[index])
    for found in pools.subgroups:
        if found.subgroup.id == row.subgroup_id and found.pool is not None:
            place = data.rows_of(row.subgroup_id).index(row)
            return float(found.pool.pooled.weights[place])
    return None


def _and_then(before: str, sentence: str) -> str:
    return phrase("{before} {sentence}", before=before, sentence=sentence) if before else sentence
