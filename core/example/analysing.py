"""The analyses of the example, in the order of the tree."""

from __future__ import annotations

from core.example import data
from core.example.data import Entry
from core.example.workbench import Workbench
from core.model import Id, OutcomeKind
from core.store.queries.synthesis import RowPlaces

_LOOK = ("favours_left", "favours_right", "axis_lower", "axis_upper", "footnote", "notice", "better")


def analyse(bench: Workbench) -> None:
    """The comparison with its analyses, their settings, subgroups and rows."""
    bench.progress("Setting up analyses", 0, 0)
    comparison = data.toml("analyses")["comparison"]
    part = bench.lead.synthesis
    comparison_id = part.add_comparison(comparison["label"], comparison["experimental"], comparison["control"]).value
    for analysis in data.toml("analyses")["analysis"]:
        analysis_id = part.add_analysis(
            comparison_id,
            analysis["label"],
            outcome_id=bench.made["outcome", analysis["outcome"]],
            kind=OutcomeKind(analysis["kind"]),
            measure=analysis["measure"],
            compatibility=analysis["compatibility"],
        ).value
        part.change_analysis(
            analysis_id,
            method=analysis["method"],
            model=analysis["model"],
            tau2=analysis["tau2"],
            ci=analysis["ci"],
            **{name: analysis[name] for name in _LOOK},
        )
        for subgroup in analysis.get("subgroup", ()):
            subgroup_id = part.add_subgroup(analysis_id, subgroup["label"]).value
            part.add_rows(analysis_id, _rows(bench, subgroup), subgroup_id)
        if "rows" in analysis:
            part.add_rows(analysis_id, _rows(bench, analysis))


def _rows(bench: Workbench, part: Entry) -> list[RowPlaces]:
    def place(row: dict[str, str], side: str) -> Id | None:
        return bench.made["result", row["study"], row[side]] if side in row else None

    return [
        RowPlaces(
            bench.made["study", row["study"]],
            experimental_id=place(row, "experimental"),
            control_id=place(row, "control"),
            contrast_id=place(row, "contrast"),
        )
        for row in part["rows"]
    ]
