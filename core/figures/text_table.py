"""The layout of a table of texts: studies with what is said of them under headings, in the hand of the forest plot.

Texts are wrapped, so that a row is as high as its longest text needs. Numbers here are CSS pixels.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.figures.canvas import Canvas
from core.figures.fonts import text_width
from core.figures.forest_frame import LABEL_HEADER
from core.figures.primitives import Layout, Measure

_SIZE = 14.0
_MARGIN = 10.0
_PITCH = 18.0
_GAP = 8.0
_BELOW_RULE = 14.0
_BETWEEN = 20.0
_INDENT = 8.0
_HEADER = 24.0
_STUDY = (100.0, 220.0)
_TEXT = (120.0, 320.0)
"""The narrowest and the widest column of studies, and of texts."""


@dataclass(frozen=True, slots=True)
class TextRow:
    """A study with a text for each heading; without texts the heading of a subgroup."""

    label: str
    texts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TextTable:
    """A table of texts. ``empty_message`` stands in it while it has no row."""

    columns: tuple[str, ...]
    rows: tuple[TextRow, ...]
    empty_message: str = "No studies yet"


def layout_text_table(table: TextTable, measure: Measure = text_width) -> Layout:
    """Lay the table out; ``ValueError`` when a row has not as many texts as there are columns."""
    for row in table.rows:
        if row.texts and len(row.texts) != len(table.columns):
            raise ValueError(f"{row.label}: {len(row.texts)} texts for {len(table.columns)} columns")
    canvas = Canvas(measure, _SIZE)
    grouped = any(not row.texts for row in table.rows)
    widths = _widths(canvas, table, grouped=grouped)
    places = [_MARGIN + sum(widths[:n]) + _BETWEEN * n for n in range(len(widths))]
    right = places[-1] + widths[-1]
    headings = zip((LABEL_HEADER, *table.columns), widths, strict=True)
    titles = [canvas.wrap(heading, width, bold=True) for heading, width in headings]
    y = _print(canvas, titles, places, _HEADER, bold=True)
    canvas.line(_MARGIN, y - _PITCH / 2 + 4.0, right, y - _PITCH / 2 + 4.0)
    y += _BELOW_RULE
    for row in table.rows:
        y = _GAP / 2 + _draw(canvas, row, widths, places, y, indent=_INDENT if grouped else 0.0)
    if not table.rows:
        canvas.text(_MARGIN, y, table.empty_message)
        y += _PITCH
        right = max(right, _MARGIN + canvas.width_of(table.empty_message))
    return canvas.layout(right + _MARGIN, y - _PITCH / 2 + _MARGIN, describe(table))


def describe(table: TextTable) -> str:
    """The table in words, for those who cannot see it."""
    if not table.rows:
        return f"Table of texts: {table.empty_message}."
    lines = [
        f"{row.label}: " + "; ".join(f"{title}: {text}" for title, text in zip(table.columns, row.texts, strict=False))
        for row in table.rows
    ]
    return "Table of texts. " + ". ".join(line.rstrip(": ") for line in lines) + "."


def _widths(canvas: Canvas, table: TextTable, *, grouped: bool) -> list[float]:
    """Each column as wide as its longest text, within bounds."""
    indent = _INDENT if grouped else 0.0
    labels = [canvas.width_of(row.label) + indent for row in table.rows if row.texts]
    found = [_within(_STUDY, [canvas.width_of(LABEL_HEADER, bold=True), *labels])]
    for n, title in enumerate(table.columns):
        texts = [canvas.width_of(line) for row in table.rows if row.texts for line in row.texts[n].splitlines()]
        found.append(_within(_TEXT, [canvas.width_of(title, bold=True), *texts]))
    return found


def _within(bounds: tuple[float, float], widths: Sequence[float]) -> float:
    return min(max(bounds[0], *widths), bounds[1])


def _draw(
    canvas: Canvas, row: TextRow, widths: Sequence[float], places: Sequence[float], y: float, *, indent: float
) -> float:
    if not row.texts:
        return _print(canvas, [[row.label]], places, y, bold=True)
    cells = [canvas.wrap(row.label, widths[0] - indent)]
    for text, width in zip(row.texts, widths[1:], strict=True):
        cells.append([line for part in text.splitlines() for line in canvas.wrap(part, width)])
    return _print(canvas, cells, [places[0] + indent, *places[1:]], y)


def _print(
    canvas: Canvas, cells: Sequence[Sequence[str]], places: Sequence[float], y: float, *, bold: bool = False
) -> float:
    """Print cells side by side; where the next row begins."""
    for lines, x in zip(cells, places, strict=False):
        for n, line in enumerate(lines):
            canvas.text(x, y + n * _PITCH, line, bold=bold)
    return y + _PITCH * max((len(lines) for lines in cells), default=1)
