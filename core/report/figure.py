"""The figure of an analysis, whatever it is made of: a forest plot, or a table of texts."""

from __future__ import annotations

from core.figures.forest import layout_forest
from core.figures.primitives import Layout
from core.figures.text_table import TextRow, TextTable, layout_text_table
from core.model import OutcomeKind
from core.report.forest import forest_plot
from core.synthesis.cells import analysis_cells, columns_of
from core.synthesis.compute import AnalysisResult
from core.synthesis.model import AnalysisData


def analysis_figure(data: AnalysisData, result: AnalysisResult) -> Layout:
    """The figure, ready to be shown or written. InputError for an axis that cannot be drawn."""
    if data.settings.kind is OutcomeKind.OTHER:
        return layout_text_table(text_table(data))
    return layout_forest(forest_plot(data, result))


def text_table(data: AnalysisData) -> TextTable:
    """The table of an analysis of texts, by subgroup."""
    cells = analysis_cells(data)
    texts = {
        row.id: TextRow(row.study.label, tuple(cell.shown for cell in cells[row.id].values())) for row in data.rows
    }
    rows = [texts[row.id] for row in data.rows_of(None)]
    for group in data.subgroups:
        rows += [TextRow(f"{group.number} {group.label}"), *(texts[row.id] for row in data.rows_of(group.id))]
    return TextTable(tuple(column.title for column in columns_of(data)), tuple(rows))
