"""The panel in which somebody says what the columns of a table of studies mean."""

from __future__ import annotations

from functools import partial

from core.language import tr
from gui.revman import work
from gui.widgets.column_meanings import ColumnMeanings


def study_columns(asked: work.Asked, name: str) -> ColumnMeanings:
    """Made for this table, with what its columns seem to mean chosen. `accepted` gives a target for each column."""
    from core.interchange.targets import TARGETS

    panel = ColumnMeanings(
        tr("What do the columns of {name} mean?", name=name),
        tr(
            "Copse read this as a table of studies. Say what each column holds: numbers of both groups in a line, or "
            "of one arm each. What is not read is listed under Remarks."
        ),
        tr("Read the table"),
    )
    options = [(tr("Not read"), ""), *((tr(one.label), key) for key, one in TARGETS.items())]
    rows, heading = asked.sheet.rows, asked.columns.heading
    panel.show_table(rows[heading + 1 :], rows[heading], options, asked.columns.targets, partial(work.judged, asked))
    return panel
