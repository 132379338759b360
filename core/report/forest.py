"""An analysis and its result as a forest plot: columns, texts, footnotes and discs, worded as RevMan words them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from core import pooling
from core.errors import InputError
from core.figures import wording
from core.figures.discs import DISCS
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
    RiskOfBiasColumns,
    continuous_columns,
    dichotomous_columns,
    generic_columns,
    o_e_columns,
)
from core.model import Id, OutcomeKind
from core.pooling import Pooled
from core.synthesis.cells import columns_of, shown_number
from core.synthesis.compute import AnalysisResult, Effect, PoolResult, RowResult
from core.synthesis.model import AnalysisData, Row

_NOT_ESTIMABLE = "Not estimable"
_HEADERS = {"SMD": "Std. Mean Difference", "GENLOG": "Ratio", "GEN": "Effect", "O-E": "exp[(O-E) / V]"}
_KINDS: Mapping[str, Kind] = {
    "dichotomous": "dichotomous",
    "continuous": "continuous",
    "generic": "generic",
    "o-e": "generic",
}


@dataclass(slots=True)
class _Footnotes:
    """The notes under the figure, each text once, and which rows carry which."""

    texts: list[str] = field(default_factory=list[str])
    of_row: dict[Id, list[int]] = field(default_factory=dict[Id, list[int]])

    def add(self, text: str, rows: Sequence[Id] = ()) -> None:
        """Put a note under the figure, with its number at these rows."""
        if not text:
            return
        if text not in self.texts:
            self.texts.append(text)
        number = self.texts.index(text) + 1
        for row_id in rows:
            numbers = self.of_row.setdefault(row_id, [])
            if number not in numbers:
                numbers.append(number)


def forest_plot(data: AnalysisData, result: AnalysisResult) -> ForestPlot:
    """The forest plot of an analysis; where pooling was refused the pools are left out.

    InputError for an analysis of texts, which is shown as a table.
    """
    if data.settings.kind is OutcomeKind.OTHER:
        raise InputError(
            "analysis.texts_not_drawn",
            "“{label}” is an analysis of texts. It is shown as a table; there is no forest plot of it.",
            label=data.label,
        )
    definition = pooling.measure(data.settings.measure)
    notes = _footnotes(data, result)
    rob = _risk_of_bias(data)
    by_id = {row.id: row for row in data.rows}
    columns = _shown_columns(data)
    studies = {
        found.row_id: _study(data, found, by_id[found.row_id], columns, rob, notes.of_row.get(found.row_id, []))
        for found in result.rows
    }
    grouped = bool(data.subgroups)
    overall = result.overall
    return ForestPlot(
        _KINDS[definition.family],
        _columns(data, result),
        (_effect_header(data, result), _method_line(data)),
        Axis(definition.log_scale, data.look.axis_lower, data.look.axis_upper),
        studies=tuple(studies[row.id] for row in data.rows_of(None)),
        subgroups=_subgroups(data, result, studies),
        overall=_pooled(data, overall, f"Total ({_percent(data)} CI)") if overall else None,
        overall_lines=_overall_lines(data, result, grouped=grouped),
        favours=favours(data, result),
        rob=rob,
        footnotes=tuple(notes.texts),
        show_weights=data.look.show_weights and data.pools,
        empty_message="No studies yet. Add rows from the extraction",
    )


def _percent(data: AnalysisData) -> str:
    return f"{100 * data.settings.level:g}%"


def effect_header(measure: str, label: str) -> str:
    """The effect measure as RevMan heads its column."""
    return _HEADERS.get(measure) or label.title()


def _effect_header(data: AnalysisData, result: AnalysisResult) -> str:
    """The name that the analysis gives its effect stands as it is written."""
    return data.effect_label or effect_header(result.effect_measure, result.effect_label)


def _method_line(data: AnalysisData) -> str:
    """The studies' level; that of the pools beside it where it is another."""
    settings = data.settings
    line = method_line(settings.method, settings.model, settings.level_of_studies)
    return line if settings.level_of_studies == settings.level else f"{line} (total {_percent(data)})"


def method_line(method: str, model: str, level: float) -> str:
    """Such as "M-H, Random, 95% CI"."""
    method = next(choice.short for choice in pooling.METHODS if choice.key == method)
    model = next(choice.short for choice in pooling.MODELS if choice.key == model)
    return f"{method}, {model}, {100 * level:g}% CI"


def _columns(data: AnalysisData, result: AnalysisResult) -> tuple[ColumnGroup, ...]:
    family = pooling.measure(data.settings.measure).family
    if family == "dichotomous":
        return dichotomous_columns(data.experimental, data.control, non_events=data.settings.swap_events)
    if family == "continuous":
        return continuous_columns(data.experimental, data.control)
    shown = {column.key for column in _shown_columns(data)}
    if family == "o-e":
        counts = dichotomous_columns(data.experimental, data.control) if "ai" in shown else ()
        return (*counts, *o_e_columns())
    log = pooling.measure(data.settings.measure).log_scale
    header = _effect_header(data, result)
    totals = (data.experimental, data.control) if "n1i" in shown else None
    return generic_columns(f"log[{header}]" if log else header, totals)


def _shown_columns(data: AnalysisData) -> tuple[pooling.Column, ...]:
    """The columns of the grid; the participants beside a generic effect only when they are wanted."""
    columns = columns_of(data)
    if data.settings.kind is not OutcomeKind.GENERIC or data.look.show_events:
        return columns
    own = pooling.measure(data.settings.measure).columns
    return tuple(column for column in columns if column in own)


def favours(data: AnalysisData, result: AnalysisResult) -> tuple[str, str]:
    """The words under the axis: as written for the analysis, else by the direction that is better; empty when that is
    not known."""
    left, right = data.look.favours_left, data.look.favours_right
    if left or right or not result.better:
        return left, right
    sides = (f"Favours {data.experimental}", f"Favours {data.control}")
    return sides if result.better == "lower" else (sides[1], sides[0])


# --- rows ------------------------------------------------------------------------------------------------------------


def _interval(effect: Effect | None) -> Interval | None:
    return None if effect is None else Interval(effect.estimate, effect.lower, effect.upper)


def _effect_text(effect: Effect | None) -> str:
    if effect is None:
        return _NOT_ESTIMABLE
    return wording.effect_text(effect.shown_estimate, effect.shown_lower, effect.shown_upper)


def _plain(number: float | None) -> str:
    """A number with the hyphen that the effects of the figure have for a minus sign."""
    return shown_number(number).replace("−", "-")


def _study(
    data: AnalysisData,
    found: RowResult,
    row: Row,
    columns: Sequence[pooling.Column],
    rob: RiskOfBiasColumns | None,
    footnotes: list[int],
) -> ForestStudy:
    levels: tuple[str | None, ...] = ()
    if rob is not None and data.risk_of_bias_tool is not None:
        given = [row.levels.get(domain.id) for domain in data.risk_of_bias_tool.domains]
        levels = tuple(level if level in DISCS else None for level in given)
    return ForestStudy(
        found.study,
        tuple(_plain(found.cells[column.key]) for column in columns),
        _interval(found.effect),
        _effect_text(found.effect),
        found.weight,
        levels,
        tuple(sorted(footnotes)),
    )


def _subgroups(
    data: AnalysisData, result: AnalysisResult, studies: Mapping[Id, ForestStudy]
) -> tuple[ForestSubgroup, ...]:
    return tuple(
        ForestSubgroup(
            f"{found.subgroup.number} {found.subgroup.label}",
            tuple(studies[row.id] for row in data.rows_of(found.subgroup.id)),
            _pooled(data, found.pool, f"Subtotal ({_percent(data)} CI)") if found.pool else None,
            _pool_lines(found.pool) if found.pool else (),
        )
        for found in result.subgroups
    )


def _pooled(data: AnalysisData, pool: PoolResult, label: str) -> ForestPooled:
    columns = _shown_columns(data)
    totals = tuple(
        _plain(pool.totals[c.key]) if c.kind in ("total", "size") and c.key in pool.totals else "" for c in columns
    )
    events = tuple(_plain(pool.totals[c.key]) if c.kind == "count" else "" for c in columns)
    weight = pool.weight if pool.weight is not None else 100.0
    return ForestPooled(
        totals,
        _interval(pool.effect),
        _effect_text(pool.effect),
        weight if pool.effect is not None else None,
        label,
        events if data.look.show_events and any(events) else None,
        _prediction(data, pool),
        "Total non-events:" if data.settings.swap_events else "Total events:",
    )


def _prediction(data: AnalysisData, pool: PoolResult) -> Prediction | None:
    if pool.prediction is None or pool.pooled.pi is None:
        return None
    kind = next((c.short for c in pooling.PREDICTION_INTERVALS if c.key == data.settings.pi), "")
    label = f"{_percent(data)} prediction interval ({kind})"
    return Prediction(*pool.pooled.pi, wording.interval_text(*pool.prediction), label)


# --- lines -----------------------------------------------------------------------------------------------------------


def _pool_lines(pool: PoolResult) -> tuple[str, ...]:
    return pool_lines(pool.pooled)


def pool_lines(pooled: Pooled) -> tuple[str, ...]:
    """What stands below a pool: its heterogeneity and the test of its effect."""
    p = pooled
    heterogeneity = "Heterogeneity: Not applicable"
    if p.q is not None and p.df is not None and p.q_p is not None and p.i2 is not None and p.df >= 1:
        heterogeneity = wording.heterogeneity_line(p.q, p.df, p.q_p, p.i2, p.tau2)
    if pooling.measure(p.measure).null is None:  # a mean or a proportion is not tested against anything
        return (heterogeneity,)
    return heterogeneity, wording.overall_line(p.stat, p.p, df=p.ddf)


def _overall_lines(data: AnalysisData, result: AnalysisResult, *, grouped: bool) -> tuple[str, ...]:
    if result.refusal is not None and data.rows:
        return ("Not pooled; see the message beside the plot",)
    lines = _pool_lines(result.overall) if result.overall is not None else ()
    if grouped and data.look.subgroup_test and (lines or any(found.pool for found in result.subgroups)):
        test = result.difference
        lines += (wording.subgroup_line(test.q, test.df, test.p, test.i2) if test else wording.subgroup_line(),)
    return lines


# --- footnotes and discs ---------------------------------------------------------------------------------------------


def _footnotes(data: AnalysisData, result: AnalysisResult) -> _Footnotes:
    """Each row's own note and definition of a response, what the advice says, how it was pooled, the analysis' own."""
    notes = _Footnotes()
    for row in data.rows:
        notes.add(row.footnote, [row.id])
        if row.source is not None:
            notes.add(row.source.definition, [row.id])
    for advice in result.advice:
        notes.add(advice.footnote, advice.row_ids)
    notes.add(data.footnote)
    for text in _method_notes(data, result):
        notes.add(text)
    return notes


def _method_notes(data: AnalysisData, result: AnalysisResult) -> list[str]:
    pools = [result.overall, *(found.pool for found in result.subgroups)]
    return method_notes([pool.pooled for pool in pools if pool is not None])


def method_notes(pools: Sequence[Pooled]) -> list[str]:
    """What RevMan's header does not say: intervals but Wald's, and the estimator where it was a choice."""
    used = {pool.ci_method for pool in pools if pool.k > 1}
    words = [
        f"CI calculated by {choice.label}."
        for choice in pooling.INTERVALS
        if choice.key in used and choice.key != "wald"
    ]
    chosen = [pool for pool in pools if pool.tau2 is not None and pool.settings.compatibility != "revman5"]
    estimators = {pool.settings.tau2 for pool in chosen}
    words += [f"Tau² calculated by {c.label}." for c in pooling.TAU2_ESTIMATORS if c.key in estimators]
    return words


def _risk_of_bias(data: AnalysisData) -> RiskOfBiasColumns | None:
    tool = data.risk_of_bias_tool
    if not data.look.show_risk_of_bias or tool is None or not any(row.levels for row in data.rows):
        return None
    domains = tuple((_letter(n), domain.title) for n, domain in enumerate(tool.domains))
    levels = tuple((level.id, level.label) for level in tool.levels if level.id in DISCS)
    return RiskOfBiasColumns(domains, levels)


def _letter(number: int) -> str:
    """A to Z, then AA to AZ and so on, as the columns of a spreadsheet are called."""
    first, last = divmod(number, 26)
    return (_letter(first - 1) if first else "") + chr(ord("A") + last)
