"""The numbers of analyses as tables: what was pooled, and what stands in each row. Display scale, full precision; a
number that is not estimable or does not apply is None."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from core.model import OutcomeKind
from core.references.formulas import harmless
from core.synthesis.cells import analysis_cells, columns_of
from core.synthesis.compute import AnalysisResult, PoolResult
from core.synthesis.model import AnalysisData

Table = list[dict[str, Any]]
Analysed = tuple[AnalysisData, AnalysisResult]


def results_table(analyses: Iterable[Analysed]) -> Table:
    """One line for each pool: the subgroups of an analysis (by name), then the analysis as a whole (subgroup None).
    Analyses of texts have none."""
    lines: Table = []
    for data, result in analyses:
        if data.settings.kind is OutcomeKind.OTHER:
            continue
        for found in result.subgroups if data.look.show_subtotals else ():
            lines.append(_pool_line(data, result, found.subgroup.label, found.pool))
        if result.overall is not None or not result.subgroups:
            lines.append(_pool_line(data, result, None, result.overall))
    return lines


def _pool_line(
    data: AnalysisData, result: AnalysisResult, subgroup: str | None, pool: PoolResult | None
) -> dict[str, Any]:
    effect = pool.effect if pool is not None else None
    fit = pool.pooled if pool is not None else None
    return {
        "analysis": f"{data.number} {data.label}".strip(),
        "subgroup": subgroup,
        "measure": data.effect_label or result.effect_measure,
        "method": data.settings.method,
        "model": data.settings.model,
        "k": fit.k if fit is not None else 0,
        "estimate": effect.shown_estimate if effect is not None else None,
        "ci_lower": effect.shown_lower if effect is not None else None,
        "ci_upper": effect.shown_upper if effect is not None else None,
        "p": fit.p if fit is not None else None,
        "tau2": fit.tau2 if fit is not None else None,
        "i2": fit.i2 if fit is not None else None,
    }


def rows_table(data: AnalysisData, result: AnalysisResult) -> Table:
    """One line for each row of the analysis: its numbers as analysed, its effect and weight, what is odd about it."""
    if data.settings.kind is OutcomeKind.OTHER:
        return texts_table(data)
    labels = {group.id: group.label for group in data.subgroups}
    all_cells = analysis_cells(data)
    lines: Table = []
    for found in result.rows:
        effect, reported = found.effect, found.reported
        cells = all_cells[found.row_id]
        lines.append(
            {
                "study": found.study,
                "subgroup": labels.get(found.subgroup_id or b""),
                **_named(data, found.cells),
                "estimate": effect.shown_estimate if effect else None,
                "ci_lower": effect.shown_lower if effect else None,
                "ci_upper": effect.shown_upper if effect else None,
                "se": effect.se if effect else None,
                "weight": found.weight,
                "turned": found.turned,
                "reported_ci_lower": reported.lower if reported else None,
                "reported_ci_upper": reported.upper if reported else None,
                "typed_over": ", ".join(cell.key for cell in cells.values() if cell.origin == "override"),
                "not_estimable": found.reason,
            }
        )
    return lines


def texts_table(data: AnalysisData) -> Table:
    """One line for each row of an analysis of texts: its texts under their headings."""
    labels = {group.id: group.label for group in data.subgroups}
    titles = {column.key: column.title for column in columns_of(data)}
    cells = analysis_cells(data)
    return [
        {
            "study": row.study.label,
            "subgroup": labels.get(row.subgroup_id or b""),
            **{titles[key]: cell.shown for key, cell in cells[row.id].items()},
        }
        for row in data.rows
    ]


def _named(data: AnalysisData, cells: Mapping[str, float | None]) -> dict[str, float | None]:
    """Counts of those without the event do not go by the name of the events."""
    names = {"ai": "bi", "ci": "di"} if data.settings.swap_events else {}
    return {names.get(key, key): number for key, number in cells.items()}


def csv_text(lines: Sequence[Mapping[str, Any]], columns: Sequence[str] = ()) -> str:
    """The table as CSV (UTF-8 text, comma, header line); None is an empty field, numbers are to full precision.

    A text that a spreadsheet would take for a formula stands behind an apostrophe (`core.references.formulas`).
    """
    names = list(columns) or list(lines[0] if lines else ())
    out = io.StringIO()
    writer = csv.DictWriter(out, names, lineterminator="\n", extrasaction="ignore")
    writer.writeheader()
    writer.writerows({name: _harmless(value) for name, value in line.items()} for line in lines)
    return out.getvalue()


def _harmless(value: Any) -> Any:
    return harmless(value) if isinstance(value, str) else value
