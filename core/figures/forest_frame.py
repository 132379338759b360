"""Where the columns of a forest plot stand: widths from the texts, so that nothing overlaps. All in CSS pixels."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from core.figures.canvas import Canvas
from core.figures.forest_model import ColumnGroup, ForestPlot, ForestPooled, ForestStudy, Prediction
from core.figures.forest_style import ForestStyle

LABEL_HEADER = "Study or Subgroup"
WEIGHT_HEADER = "Weight"

# Room RevMan Web leaves around the widest text of a column, from two figures it wrote.
_LABEL_PAD = 11.5
_GROUP_PAD = 10.5
_COLUMN_PAD = 10.0
_HEADER_PAD = 11.5
_EFFECT_PAD = 15.7
_DISCS_GAP = 30.0


@dataclass(frozen=True, slots=True)
class Row:
    """A row to print. ``spans``: its label is a line of text of its own and does not widen the first column."""

    label: str
    bold: bool = False
    spans: bool = False
    indent: float = 0.0
    cells: tuple[str, ...] = ()
    weight: str = ""
    effect: str = ""
    mark: ForestStudy | ForestPooled | Prediction | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of right-aligned cells under a centred header."""

    header: str
    left: float
    right: float

    @property
    def centre(self) -> float:
        return (self.left + self.right) / 2

    def moved(self, dx: float) -> Column:
        return replace(self, left=self.left + dx, right=self.right + dx)


@dataclass(frozen=True, slots=True)
class Frame:
    """The columns of data (groups span theirs), weight, effect, plot, the discs' centres, and where the rule ends."""

    groups: tuple[Column, ...]
    cells: tuple[Column, ...]
    weight: Column | None
    effect: Column
    plot: tuple[float, float]
    discs: tuple[float, ...]
    right: float

    def moved(self, dx: float) -> Frame:
        """The same columns, further right."""
        return Frame(
            tuple(group.moved(dx) for group in self.groups),
            tuple(cell.moved(dx) for cell in self.cells),
            self.weight.moved(dx) if self.weight else None,
            self.effect.moved(dx),
            (self.plot[0] + dx, self.plot[1] + dx),
            tuple(x + dx for x in self.discs),
            self.right + dx,
        )


def build_frame(canvas: Canvas, plot: ForestPlot, look: ForestStyle, rows: Iterable[Row]) -> Frame:
    """The narrowest frame, no narrower than RevMan Web's, in which every cell and header has its room."""
    rows = [row for row in rows if not row.spans]
    x = look.margin + _label_width(canvas, look, rows) + _LABEL_PAD
    groups: list[Column] = []
    cells: list[Column] = []
    for group in plot.columns:
        pitch = _pitch(canvas, look, group, rows, first=len(cells))
        groups.append(Column(group.label, x, x + pitch * len(group.columns)))
        cells.extend(Column(header, x + i * pitch, x + (i + 1) * pitch) for i, header in enumerate(group.columns))
        x = groups[-1].right
    weight = Column(WEIGHT_HEADER, x, x + look.column) if plot.show_weights else None
    x = weight.right if weight else x
    header = max(canvas.width_of(line, bold=True) for line in plot.effect_header)
    widest = max((canvas.width_of(row.effect, bold=row.bold) for row in rows), default=0.0)
    effect = Column("", x, x + max(header + _HEADER_PAD, widest + _EFFECT_PAD))
    gap = look.gap + max(header - look.plot, 0.0) / 2
    span = (effect.right + gap, effect.right + gap + look.plot)
    discs, right = _discs(canvas, plot, look, span[1] + gap)
    return Frame(tuple(groups), tuple(cells), weight, effect, span, discs, right)


def _label_width(canvas: Canvas, look: ForestStyle, rows: list[Row]) -> float:
    widths = (
        row.indent + canvas.width_of(row.label, bold=row.bold) + note_width(canvas, look, row.note) for row in rows
    )
    return max(canvas.width_of(LABEL_HEADER, bold=True), *widths, 0.0)


def note_width(canvas: Canvas, look: ForestStyle, note: str) -> float:
    """The room of a superscript after a label."""
    return 2.0 + canvas.width_of(note, size=look.note_size) if note else 0.0


def _pitch(canvas: Canvas, look: ForestStyle, group: ColumnGroup, rows: list[Row], first: int) -> float:
    """The common width of a group's columns: wide enough for its label, its headers and its cells."""
    count = len(group.columns)
    label = (canvas.width_of(group.label, bold=True) + _GROUP_PAD * count) / count
    headers = (canvas.width_of(header, bold=True) + _COLUMN_PAD for header in group.columns)
    cells = (
        canvas.width_of(cell, bold=row.bold) + _COLUMN_PAD for row in rows for cell in row.cells[first : first + count]
    )
    return max(look.column, label, *headers, *cells)


def _discs(canvas: Canvas, plot: ForestPlot, look: ForestStyle, x: float) -> tuple[tuple[float, ...], float]:
    """The discs' centres, under a title that may be wider than they are, and where the figure ends."""
    if not plot.rob:
        return (), x
    left = x + _DISCS_GAP - look.gap
    width = look.disc_pitch * len(plot.rob.domains)
    room = max(width, canvas.width_of(plot.rob.title, bold=True))
    start = left + (room - width) / 2 + look.disc_pitch / 2
    return tuple(start + i * look.disc_pitch for i in range(len(plot.rob.domains))), left + room
