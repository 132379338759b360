"""Synthesis: comparisons, analyses, their rows and settings, values typed over, and the results."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from core import pooling
from core.errors import InputError
from core.figures.forest_model import ForestPlot
from core.language import mark
from core.model import Direction, Id, OutcomeKind, new_id
from core.pooling import Note
from core.session.analysis_rows import AnalysisRows, live, put_rows, reorder, unused_rows
from core.session.base import operation
from core.store import schema
from core.store.log import Row, Transaction
from core.store.queries import synthesis
from core.store.queries.positions import next_position
from core.store.queries.synthesis import ComparisonView
from core.synthesis.cells import GridView, grid
from core.synthesis.compute import AnalysisResult, compute
from core.synthesis.model import AnalysisData
from core.synthesis.settings import SETTINGS, Settings, changed, default_settings

_LOOK = frozenset(schema.ANALYSIS_SETTINGS) - SETTINGS - {"kind"}


class SynthesisPart(AnalysisRows):
    """The analyses of the review: shared work of the team, made from settled values."""

    # --- reading -----------------------------------------------------------------------------------------------------

    def tree(self) -> tuple[ComparisonView, ...]:
        """Comparisons with their analyses and subgroups, numbered."""
        return synthesis.tree(self._reader)

    def find(self, number: str) -> Id:
        """The analysis with this number, such as 1.2; InputError names those there are."""
        numbers = {a.number: a.id for c in self.tree() for a in c.analyses}
        if number not in numbers:
            raise InputError(
                "analysis.unknown_number",
                "There is no analysis {number} in this review. There are: {known}.",
                number=number,
                known=", ".join(numbers) or "none",
            )
        return numbers[number]

    def snapshot(self, analysis_id: Id) -> AnalysisData:
        """A frozen picture of an analysis; `core.synthesis.compute.compute` works on it on any thread."""
        return synthesis.analysis_data(self._reader, analysis_id)

    def grid(self, analysis_id: Id) -> GridView:
        """The data grid of an analysis."""
        return grid(self.snapshot(analysis_id))

    def result(self, analysis_id: Id) -> AnalysisResult:
        """The result of an analysis; what stands in the way of pooling is in its ``refusal``."""
        return compute(self.snapshot(analysis_id))

    def forest_plot(self, analysis_id: Id) -> ForestPlot:
        """The forest plot of an analysis, ready for `core.figures.forest.layout_forest`."""
        from core.report.forest import forest_plot

        data = self.snapshot(analysis_id)
        return forest_plot(data, compute(data))

    # --- comparisons -------------------------------------------------------------------------------------------------

    @operation("synthesis.add_comparison", "New comparison “{label}”")
    def add_comparison(self, tx: Transaction, label: str, experimental: str = "", control: str = "") -> Id:
        """Add a comparison; the names of the two sides stand over the columns of figures."""
        tx.name(label=label)
        return tx.put(
            "comparison",
            new_id(),
            label=_filled(label, "comparison"),
            experimental=experimental.strip() or "Experimental",
            control=control.strip() or "Control",
            position=next_position(tx.connection, "comparison"),
        )

    @operation("synthesis.change_comparison", "Change of comparison “{label}”")
    def change_comparison(
        self,
        tx: Transaction,
        comparison_id: Id,
        *,
        label: str | None = None,
        experimental: str | None = None,
        control: str | None = None,
    ) -> None:
        """Rename a comparison or its sides."""
        row = live(tx, "comparison", comparison_id)
        given = {"label": label, "experimental": experimental, "control": control}
        fields = {name: _filled(text, "comparison") for name, text in given.items() if text is not None}
        tx.name(label=fields.get("label") or row["label"])
        tx.put("comparison", comparison_id, **fields)

    @operation("synthesis.remove_comparison", "Removal of comparison “{label}”")
    def remove_comparison(self, tx: Transaction, comparison_id: Id) -> None:
        """Remove a comparison with its analyses."""
        tx.name(label=live(tx, "comparison", comparison_id)["label"])
        for analysis_id in synthesis.ids_of(tx.connection, "analysis", comparison_id=comparison_id):
            tx.delete("analysis", analysis_id)
        tx.delete("comparison", comparison_id)

    # --- analyses ----------------------------------------------------------------------------------------------------

    @operation("synthesis.add_analysis", "New analysis “{label}”")
    def add_analysis(
        self,
        tx: Transaction,
        comparison_id: Id,
        label: str = "",
        *,
        outcome_id: Id | None = None,
        kind: OutcomeKind | None = None,
        measure: str = "",
        compatibility: str | None = None,
        fill: bool = False,
        **look: Any,
    ) -> Id:
        """Add an analysis of an outcome (its kind and label are the outcome's unless given) with the usual settings.

        ``fill`` puts in every row that the extraction offers; ``look`` are texts and switches as for `change_analysis`.
        InputError when neither an outcome nor a label and kind are given.
        """
        live(tx, "comparison", comparison_id)
        outcome = live(tx, "outcome", outcome_id) if outcome_id is not None else None
        label = _filled(label or (outcome["label"] if outcome else ""), "analysis")
        if kind is None:
            if outcome is None:
                raise InputError("analysis.no_kind", "An analysis needs an outcome or a kind of data. None was added.")
            kind = OutcomeKind(outcome["kind"])
        if kind is OutcomeKind.GENERIC and not measure and outcome_id is not None:
            measure = self._generic_measure(tx, outcome_id)
        settings = default_settings(kind, measure, compatibility)
        tx.name(label=label)
        analysis_id = tx.put(
            "analysis",
            new_id(),
            comparison_id=comparison_id,
            outcome_id=outcome_id,
            label=label,
            position=next_position(tx.connection, "analysis", comparison_id=comparison_id),
            **_columns(settings),
            **_look(look),
        )
        if fill:
            put_rows(tx, analysis_id, unused_rows(synthesis.proposals(tx.connection, analysis_id)))
        return analysis_id

    @staticmethod
    def _generic_measure(tx: Transaction, outcome_id: Id) -> str:
        """Effects that studies report as ratios are analysed as logarithms."""
        ratios = [source.is_ratio for source in synthesis.contrasts_of(tx.connection, outcome_id)]
        return "GENLOG" if ratios and all(ratios) else "GEN"

    @operation("synthesis.change_analysis", "Change of analysis “{label}”")
    def change_analysis(self, tx: Transaction, analysis_id: Id, **changes: Any) -> tuple[Note, ...]:
        """Change settings (measure, method, model, tau2, ci, pi, compatibility, level, study_level, swap_events), texts
        (label, footnote, notice, favours_left, favours_right, experimental, control, effect_label, outcome_group,
        columns), direction (better), axis (axis_lower, axis_upper) and switches (subgroup_test, show_total,
        show_subtotals, show_weights, show_events, show_risk_of_bias) in one step.

        Returns what moved along: settings that do not exist with the new measure, method or conventions go to the
        nearest that do. InputError, and nothing changed, for what does not go together.
        """
        row = live(tx, "analysis", analysis_id)
        settings = {name: value for name, value in changes.items() if name in SETTINGS}
        wanted, moved = changed(synthesis.settings_of(row), settings)
        look = _look({name: value for name, value in changes.items() if name not in SETTINGS})
        _check_axis({**row, **look})
        tx.name(label=look.get("label", row["label"]))
        tx.put("analysis", analysis_id, **_columns(wanted), **look)
        return moved

    @operation("synthesis.remove_analysis", "Removal of analysis “{label}”")
    def remove_analysis(self, tx: Transaction, analysis_id: Id) -> None:
        """Remove an analysis; what was extracted stays."""
        tx.name(label=live(tx, "analysis", analysis_id)["label"])
        tx.delete("analysis", analysis_id)

    @operation("synthesis.order_analyses", "Order of the analyses of “{label}”")
    def order_analyses(self, tx: Transaction, comparison_id: Id, analysis_ids: Sequence[Id]) -> None:
        """Put the analyses of a comparison in this order."""
        tx.name(label=live(tx, "comparison", comparison_id)["label"])
        reorder(tx, "analysis", synthesis.ids_of(tx.connection, "analysis", comparison_id=comparison_id), analysis_ids)

    # --- subgroups ---------------------------------------------------------------------------------------------------

    @operation("synthesis.add_subgroup", "New subgroup “{label}”")
    def add_subgroup(self, tx: Transaction, analysis_id: Id, label: str) -> Id:
        """Add a subgroup at the end; InputError when the analysis has one of this name."""
        live(tx, "analysis", analysis_id)
        tx.name(label=label)
        return tx.put(
            "subgroup",
            new_id(),
            analysis_id=analysis_id,
            label=self._free_label(tx, analysis_id, label),
            position=next_position(tx.connection, "subgroup", analysis_id=analysis_id),
        )

    @operation("synthesis.rename_subgroup", "New name “{label}” of a subgroup")
    def rename_subgroup(self, tx: Transaction, subgroup_id: Id, label: str) -> None:
        """Rename a subgroup."""
        row = live(tx, "subgroup", subgroup_id)
        tx.name(label=label)
        tx.put("subgroup", subgroup_id, label=self._free_label(tx, row["analysis_id"], label, but=subgroup_id))

    @operation("synthesis.remove_subgroup", "Removal of subgroup “{label}”")
    def remove_subgroup(self, tx: Transaction, subgroup_id: Id) -> None:
        """Remove a subgroup; its rows stay in the analysis, in no subgroup."""
        tx.name(label=live(tx, "subgroup", subgroup_id)["label"])
        for row_id in synthesis.ids_of(tx.connection, "analysis_row", subgroup_id=subgroup_id):
            tx.put("analysis_row", row_id, subgroup_id=None)
        tx.delete("subgroup", subgroup_id)

    @operation("synthesis.order_subgroups", "Order of the subgroups of “{label}”")
    def order_subgroups(self, tx: Transaction, analysis_id: Id, subgroup_ids: Sequence[Id]) -> None:
        """Put the subgroups of an analysis in this order."""
        tx.name(label=live(tx, "analysis", analysis_id)["label"])
        reorder(tx, "subgroup", synthesis.ids_of(tx.connection, "subgroup", analysis_id=analysis_id), subgroup_ids)

    @staticmethod
    def _free_label(tx: Transaction, analysis_id: Id, label: str, but: Id | None = None) -> str:
        label = _filled(label, "subgroup")
        others = [i for i in synthesis.ids_of(tx.connection, "subgroup", analysis_id=analysis_id) if i != but]
        if label in {live(tx, "subgroup", i)["label"] for i in others}:
            raise InputError(
                "analysis.subgroup_taken",
                "The analysis has a subgroup “{label}” already. Choose another name; nothing was changed.",
                label=label,
            )
        return label


def _filled(text: str, thing: str) -> str:
    if not text.strip():
        raise InputError("analysis.empty", "The {thing} has no name. Nothing was changed.", thing=mark(thing))
    return text.strip()


def _columns(settings: Settings) -> dict[str, Any]:
    return {"kind": settings.kind.value, **{name: getattr(settings, name) for name in SETTINGS}}


def _look(given: dict[str, Any]) -> dict[str, Any]:
    """The texts and switches of an analysis, checked."""
    unknown = given.keys() - _LOOK
    if unknown:
        raise KeyError(", ".join(sorted(unknown)))
    if "label" in given:
        _filled(given["label"], "analysis")
    better = given.get("better")
    if better is not None:
        given = {**given, "better": Direction(better).value if better else ""}
    if "columns" in given:
        given = {**given, "columns": [heading for text in given["columns"] if (heading := text.strip())]}
    return {name: value.strip() if isinstance(value, str) else value for name, value in given.items()}


def _check_axis(row: Row) -> None:
    lower, upper = row["axis_lower"], row["axis_upper"]
    positive = bool(row["measure"]) and pooling.measure(row["measure"]).log_scale
    if positive and any(limit is not None and limit <= 0 for limit in (lower, upper)):
        raise InputError("analysis.axis_positive", "The axis of a ratio lies above 0. Nothing was changed.")
    if lower is not None and upper is not None and lower >= upper:
        raise InputError(
            "analysis.axis_order", "The left end of the axis must be smaller than its right end. Nothing was changed."
        )
