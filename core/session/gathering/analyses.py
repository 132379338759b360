"""Comparisons and analyses, as an exchange file holds them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from core import pooling
from core.errors import InputError
from core.interchange.model import ComparisonItem, DataKind, Outcome, Remark, Totals
from core.interchange.stored import filled
from core.language import Phrase, phrase
from core.model import Id
from core.session.gathering.numbers import next_number
from core.session.gathering.rows import LOOSE, RowsOf, rows_same
from core.session.gathering.state import State
from core.store.log import Row
from core.store.queries import synthesis
from core.synthesis.compute import compute
from core.synthesis.model import AnalysisData
from core.synthesis.settings import Settings

_FIELDS: Mapping[str, tuple[str, ...]] = {
    "name": ("label",),
    "measure": ("measure",),
    "method": ("method",),
    "model": ("model",),
    "tau2": ("tau2",),
    "ci": ("ci",),
    "pi": ("pi",),
    "effect_label": ("effect_label",),
    "group_labels": ("experimental", "control"),
    "graph_labels": ("favours_left", "favours_right"),
    "totals": ("show_total", "show_subtotals"),
    "subgroup_test": ("subgroup_test",),
    "swap_events": ("swap_events",),
    "ci_study": ("study_level", "level"),
    "ci_total": ("level",),
    "scale": ("axis_lower", "axis_upper", "measure"),
    "columns": ("columns",),
    "footnotes": ("footnote",),
}
"""Field of an outcome -> columns of the analysis that it says."""


class Analyses:
    """Gathers the comparisons; ``ids`` are those of the file by row, ``remarks`` what the file cannot hold."""

    def __init__(self, state: State, studies: Mapping[Id, str], *, classic: bool) -> None:
        self._state = state
        self._studies = studies
        self._classic = classic
        base = state.base.comparisons if state.base else ()
        self._base = {state.id("comparison", one.id): one for one in base}
        self._outcomes = {state.id("analysis", one.id): one for each in base for one in each.outcomes}
        self._analyses = state.by("analysis", "comparison_id")
        self._rows = state.by("analysis_row", "analysis_id")
        self._subgroups = state.by("subgroup", "analysis_id")
        self.ids: dict[Id, str] = {}
        self.remarks: list[Remark] = []

    def all(self) -> tuple[ComparisonItem, ...]:
        """Every comparison in its order."""
        taken = {_last_number(one.id, "-") for one in self._base.values()}
        found: list[ComparisonItem] = []
        for row in self._state.live("comparison").values():
            item = self._base.get(row["id"])
            if item is None:
                number = next_number(taken)
                taken.add(number)
                item = ComparisonItem(f"CMP-{number:03}", str(number), row["label"])
            elif not self._state.same("comparison", row["id"], ["label"]):
                item = replace(item, name=row["label"])
            outcomes = self._outcomes_of(row, item)
            found.append(item if outcomes == item.outcomes else replace(item, outcomes=outcomes))
        return tuple(found)

    def _outcomes_of(self, comparison: Row, item: ComparisonItem) -> tuple[Outcome, ...]:
        taken = {_last_number(one.id, ".") for one in item.outcomes}
        found: list[Outcome] = []
        for row in self._analyses.get(comparison["id"], ()):
            base = self._outcomes.get(row["id"])
            if base is None:
                number = next_number(taken)
                taken.add(number)
                outcome_id, number = f"{item.id}.{number:02}", number
                found.append(self._gathered(row, Outcome(outcome_id, str(number), row["label"], _kind(row), ""), None))
            elif self._same(row, comparison):
                found.append(base)
            else:
                found.append(self._gathered(row, base, base))
            self.ids[row["id"]] = found[-1].id
        return tuple(found)

    def _same(self, row: Row, comparison: Row) -> bool:
        """Whether nothing of what the file says about an analysis has changed."""
        state, analysis_id = self._state, row["id"]
        columns = {column for columns in _FIELDS.values() for column in columns}
        subgroups = {group["id"] for group in self._subgroups.get(analysis_id, ())}
        sides = ("experimental", "control")
        return (
            state.same("analysis", analysis_id, [*columns, "better"])
            and state.same("comparison", comparison["id"], sides)
            and subgroups == state.placed_by("subgroup", "analysis_id").get(analysis_id, set())
            and all(state.same("subgroup", group) for group in subgroups)
            and all(r["study_id"] in self._studies for r in self._rows.get(analysis_id, ()))
            and rows_same(state, analysis_id, self._rows.get(analysis_id, ()))
            and state.same("outcome", row["outcome_id"], ["unit"])
        )

    # --- an analysis that has changed, or is new ---------------------------------------------------------------------

    def _gathered(self, row: Row, known: Outcome, base: Outcome | None) -> Outcome:
        """The analysis as it stands, with what RevMan would compute for it."""
        data = synthesis.analysis_data(self._state.connection, row["id"])
        result = compute(data)
        turned = frozenset(one.row_id for one in result.rows if one.turned)
        settings = self._held(data, known.id) if self._classic else data.settings
        rows = RowsOf(self._state, data, base, self._studies, turned).gather(known.id)
        fields = self._fields(row, data, settings)
        for name, columns in _FIELDS.items():
            if base is not None and self._unchanged(row, name, columns):
                fields[name] = getattr(base, name)
        if self._classic and settings.measure == "PETO":
            fields |= {"method": "Peto", "model": "common"}
        if base is not None and self._state.same("outcome", row["outcome_id"], ["unit"]):
            fields["units"] = base.units
        if base is None or rows.ordered:
            fields["sort_by"] = "user"
        empty = known.has_subgroups and not known.subgroups
        wanted = replace(
            known, rows=rows.rows, subgroups=rows.subgroups, has_subgroups=empty or bool(rows.subgroups), **fields
        )
        self._tell_turned(wanted.id, len(turned))
        self._tell_apart(wanted, rows.loose, result.refusal, known.footnotes)
        return filled(wanted)

    def _unchanged(self, row: Row, name: str, columns: tuple[str, ...]) -> bool:
        state = self._state
        if name == "group_labels" and not state.same("comparison", row["comparison_id"], columns):
            return False
        return state.same("analysis", row["id"], columns)

    def _fields(self, row: Row, data: AnalysisData, settings: Settings) -> dict[str, Any]:
        outcomes = self._state.live("outcome")
        unit = outcomes[row["outcome_id"]]["unit"] if row["outcome_id"] in outcomes else ""
        # RevMan 5 has no words for the usual ways, and leaves them out.
        usual = settings.model != "random" or (settings.tau2, settings.ci, settings.pi) == ("DL", "wald", "")
        return {
            "name": data.label,
            "measure": settings.measure,
            "method": settings.method,
            "model": settings.model,
            "tau2": "" if usual else settings.tau2,
            "ci": "" if usual else settings.ci,
            "pi": "" if usual else settings.pi,
            "effect_label": row["effect_label"],
            "group_labels": (data.experimental, data.control),
            "graph_labels": (row["favours_left"], row["favours_right"]),
            "units": unit,
            "totals": _totals(row),
            "subgroup_test": row["subgroup_test"],
            "swap_events": row["swap_events"],
            "ci_study": settings.level_of_studies,
            "ci_total": settings.level,
            "scale": _scale(row),
            "columns": tuple(row["columns"]),
            "footnotes": tuple(line for line in str(row["footnote"]).split("\n") if line),
        }

    # --- what RevMan 5 cannot hold -----------------------------------------------------------------------------------

    def _held(self, data: AnalysisData, outcome_id: str) -> Settings:
        """The settings as RevMan 5 has them, with a remark where they are others."""
        settings = data.settings
        if settings.measure == "PETO" and settings.model == "random":
            text = phrase(
                "“{label}” is pooled with random effects in Copse. RevMan 5 has Peto's odds ratio with fixed effects "
                "only, so its total differs.",
                label=data.label,
            )
            self.remarks.append(Remark(outcome_id, text, kept=False))
            settings = replace(settings, method="Peto", model="common", tau2="")
        if settings.model != "random":
            return replace(settings, ci="wald", pi="")
        said = [
            _label(pooling.TAU2_ESTIMATORS, settings.tau2) if settings.tau2 not in ("DL", "") else "",
            _label(pooling.INTERVALS, settings.ci) if settings.ci not in ("wald", "") else "",
            _label(pooling.PREDICTION_INTERVALS, settings.pi) if settings.pi else "",
        ]
        if any(said):
            text = phrase(
                "“{label}” is pooled with {what} in Copse. RevMan 5 has DerSimonian-Laird and Wald intervals only, so "
                "its total differs.",
                label=data.label,
                what="; ".join(filter(None, said)),
            )
            self.remarks.append(Remark(outcome_id, text, kept=False))
        return replace(settings, tau2="DL", ci="wald", pi="")

    def _tell_turned(self, outcome_id: str, number: int) -> None:
        if number:
            text = phrase(
                "{number} rows are written with the opposite sign, as the analysis takes them: RevMan turns none.",
                number=number,
            )
            self.remarks.append(Remark(outcome_id, text, kept=False))

    def _tell_apart(self, outcome: Outcome, loose: int, refusal: InputError | None, had: tuple[str, ...]) -> None:
        """What the file's program pools though Copse does not, and what it has no place for."""
        if loose:
            text = phrase(
                "{number} rows of “{label}” are in no subgroup, as RevMan has none. They are written in a subgroup "
                "“{name}”.",
                number=loose,
                label=outcome.name,
                name=LOOSE,
            )
            self.remarks.append(Remark(outcome.id, text, kept=False))
        elif refusal is not None:
            text = phrase(
                "“{label}” is not pooled in Copse ({reason}), but in the file it is: RevMan pools it all the same.",
                label=outcome.name,
                reason=Phrase(refusal.text, refusal.params),
            )
            self.remarks.append(Remark(outcome.id, text, kept=False))
        if outcome.footnotes and outcome.footnotes != had:
            text = phrase("The footnote of “{label}” is not in the file, which has a place for those of rows only.",
                          label=outcome.name)  # fmt: skip
            self.remarks.append(Remark(outcome.id, text, kept=False))


def _kind(row: Row) -> DataKind:
    return DataKind(row["kind"])


def _totals(row: Row) -> Totals:
    if row["show_total"]:
        return Totals.ALL
    return Totals.SUBTOTALS if row["show_subtotals"] else Totals.NONE


def _scale(row: Row) -> float | None:
    """RevMan's half-range of the axis: as much as the wider side has."""
    lower, upper = row["axis_lower"], row["axis_upper"]
    if row["measure"] and pooling.measure(row["measure"]).log_scale:
        found = [end for end in (upper, 1 / lower if lower else None) if end is not None and end > 1]
    else:
        found = [abs(end) for end in (upper, lower) if end]
    return max(found, default=None)


def _label(choices: tuple[pooling.Choice, ...], key: str) -> str:
    return next((choice.label for choice in choices if choice.key == key), key)


def _last_number(item_id: str, before: str) -> int:
    last = item_id.rpartition(before)[2]
    return int(last) if last.isdecimal() else 0
