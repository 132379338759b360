"""Comparisons and analyses of a review file with their settings, subgroups and rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any, Final

from core import pooling
from core.errors import InputError
from core.interchange.model import DataKind, DataRow, Outcome, Remark, ReviewFile, StudyItem, Totals
from core.language import phrase
from core.model import Id, OutcomeKind
from core.session.adoption.rows import Rows, element_id
from core.session.adoption.values import Values, side_names
from core.synthesis.settings import Settings, changed, default_settings, measures_of

CONVENTIONS: Final = "revman5"


def put_comparisons(rows: Rows, file: ReviewFile, values: Values, groups: Mapping[str, str]) -> list[Remark]:
    """Collect the comparisons and all that is in them; ``groups`` are names of groups of outcomes by analysis. Gives
    what was taken in another way than the file says it."""
    remarks: list[Remark] = []
    studies = {study.id: study for study in file.studies}
    for number, comparison in enumerate(file.comparisons, start=1):
        names = Counter(side_names(outcome) for outcome in comparison.outcomes)
        sides = names.most_common(1)[0][0] if names else ("Experimental", "Control")
        comparison_id = rows.put(
            "comparison",
            rows.id("comparison", comparison.id),
            label=comparison.name.strip() or comparison.id,
            experimental=sides[0],
            control=sides[1],
            position=number,
        )
        for position, given in enumerate(comparison.outcomes, start=1):
            outcome, odd = _with_known_measure(given)
            settings, moved = settings_of(outcome)
            remarks += [*odd, *moved]
            analysis_id = rows.put(
                "analysis",
                rows.id("analysis", outcome.id),
                comparison_id=comparison_id,
                outcome_id=values.outcome(outcome),
                position=position,
                outcome_group=groups.get(outcome.id, ""),
                **_columns(settings),
                **_look(outcome, sides),
            )
            _put_rows(rows, analysis_id, outcome, values, studies)
    return remarks


# --- settings --------------------------------------------------------------------------------------------------------


def settings_of(outcome: Outcome) -> tuple[Settings, list[Remark]]:
    """The settings of an analysis, and what was moved because Copse does not pool so."""
    kind = OutcomeKind(outcome.kind.value)
    if kind is OutcomeKind.OTHER:
        return default_settings(kind), []
    settings = default_settings(kind, outcome.measure, CONVENTIONS)
    asked = {"method": outcome.method, "model": outcome.model, "tau2": outcome.tau2, "ci": outcome.ci,
             "pi": outcome.pi}  # fmt: skip
    modern = (outcome.tau2 or "DL", outcome.ci or "wald", outcome.pi) != ("DL", "wald", "")
    wanted: dict[str, Any] = {name: value for name, value in asked.items() if value}
    if modern:
        wanted["compatibility"] = ""
    settings = _exact(settings, {"level": outcome.ci_total}) or settings
    exact = _exact(settings, wanted)
    if exact is not None:
        return exact, []
    for name in ("model", "method", "tau2", "ci", "pi"):
        settings = (_exact(settings, {name: asked[name]}) if asked[name] else None) or settings
    taken = (settings.method, settings.model, settings.tau2, settings.ci, settings.pi)
    text = phrase(
        "Copse does not pool {measure} as the file says ({asked}). It is pooled with these settings: {taken}.",
        measure=outcome.measure,
        asked=", ".join(value for value in asked.values() if value),
        taken=", ".join(value for value in taken if value),
    )
    return settings, [Remark(outcome.id, text)]


def _with_known_measure(outcome: Outcome) -> tuple[Outcome, list[Remark]]:
    """The analysis, with the usual measure for its data where Copse does not know the file's."""
    kind = OutcomeKind(outcome.kind.value)
    if kind is OutcomeKind.OTHER or outcome.measure in {option.key for option in measures_of(kind)}:
        return outcome, []
    usual = default_settings(kind).measure
    text = phrase(
        "The file names no effect measure that Copse knows for these data (“{measure}”). {usual} is used.",
        measure=outcome.measure,
        usual=usual,
    )
    return replace(outcome, measure=usual), [Remark(outcome.id, text)]


def _exact(settings: Settings, wanted: Mapping[str, Any]) -> Settings | None:
    try:
        return changed(settings, wanted)[0]
    except InputError:
        return None


def _columns(settings: Settings) -> dict[str, Any]:
    names = ("measure", "method", "model", "tau2", "ci", "pi", "compatibility", "level")
    return {"kind": settings.kind.value, **{name: getattr(settings, name) for name in names}}


def _look(outcome: Outcome, sides: tuple[str, str]) -> dict[str, Any]:
    own = side_names(outcome)
    lower, upper = axis_of(outcome)
    return {
        "label": outcome.name.strip() or outcome.id,
        "experimental": own[0] if own[0] != sides[0] else "",
        "control": own[1] if own[1] != sides[1] else "",
        "favours_left": outcome.graph_labels[0].strip(),
        "favours_right": outcome.graph_labels[1].strip(),
        "effect_label": outcome.effect_label.strip(),
        "show_total": outcome.totals is Totals.ALL,
        "show_subtotals": outcome.totals is not Totals.NONE,
        "subgroup_test": outcome.subgroup_test,
        "swap_events": outcome.swap_events,
        "study_level": outcome.ci_study if outcome.ci_study != outcome.ci_total else None,
        "axis_lower": lower,
        "axis_upper": upper,
        "footnote": "\n".join(outcome.footnotes),
        "columns": list(outcome.columns),
    }


def axis_of(outcome: Outcome) -> tuple[float | None, float | None]:
    """The ends of the axis that RevMan's half-range means."""
    scale = outcome.scale
    if scale is None or scale <= 0 or outcome.kind is DataKind.OTHER:
        return None, None
    if not pooling.measure(outcome.measure).log_scale:
        return -scale, scale
    return (1 / scale, scale) if scale > 1 else (None, None)


# --- rows ------------------------------------------------------------------------------------------------------------


def _put_rows(
    rows: Rows, analysis_id: Id, outcome: Outcome, values: Values, studies: Mapping[str, StudyItem]
) -> None:  # fmt: skip
    times = Counter(row.study_id for row in outcome.all_rows)
    labels: set[str] = set()
    position = 0
    groups: list[tuple[Id | None, str, tuple[DataRow, ...]]] = [(None, "", outcome.rows)]
    for number, group in enumerate(outcome.subgroups, start=1):
        label = _free(group.name.strip() or group.id, labels)
        subgroup_id = rows.id("subgroup", group.id)
        rows.put("subgroup", subgroup_id, analysis_id=analysis_id, label=label, position=number)
        groups.append((subgroup_id, label, group.rows))
    for subgroup_id, label, members in groups:
        for index, row in shown_order(outcome, members, studies):
            if row.study_id not in studies:
                continue
            position += 1
            places = values.places(outcome, row, label, repeated=times[row.study_id] > 1)
            rows.put(
                "analysis_row",
                row_id(rows.content_hash, outcome.id, subgroup_id, index),
                analysis_id=analysis_id,
                subgroup_id=subgroup_id,
                study_id=rows.id("study", row.study_id),
                experimental_id=places.experimental_id,
                control_id=places.control_id,
                contrast_id=places.contrast_id,
                footnote=row.footnote.strip(),
                position=position,
            )


def row_id(content_hash: str, outcome_id: str, subgroup_id: Id | None, index: int) -> Id:
    """The id of the row that stands at this place (from 0) of an analysis of the file, or of a subgroup in it."""
    return element_id(content_hash, "row", outcome_id, subgroup_id or "", index)


def _free(label: str, taken: set[str]) -> str:
    free, number = label, 2
    while free in taken:
        free, number = f"{label} ({number})", number + 1
    taken.add(free)
    return free


def shown_order(
    outcome: Outcome, members: Iterable[DataRow], studies: Mapping[str, StudyItem]
) -> list[tuple[int, DataRow]]:
    """The rows in the order RevMan shows them, each with its place in the file; equal ones stay as in the file."""

    def number(text: str) -> float:
        try:
            return float(text)
        except ValueError:
            return float("inf")

    keys: Mapping[str, Callable[[DataRow], Any]] = {
        "study": lambda row: studies[row.study_id].name.casefold() if row.study_id in studies else "",
        "year": lambda row: number(studies[row.study_id].year[:4]) if row.study_id in studies else 0.0,
        "weight": lambda row: row.stored.get("weight") or 0.0,
        "effect_size": lambda row: row.stored.get("effect_size") or 0.0,
        "user": lambda row: number(row.order),
    }
    listed = list(enumerate(members))
    key = keys.get(outcome.sort_by)
    return listed if key is None else sorted(listed, key=lambda pair: key(pair[1]))
