"""The layout of a PRISMA 2020 flow diagram: boxes in rows and columns, arrows between them, stages at the left.

Imports nothing heavy: the window paints the flow at start-up. Numbers are CSS pixels; the ``Layout`` is in points.
Every box is also an ``Area`` with an id and its words, for keyboard and screen reader.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

from core.figures.canvas import Canvas
from core.figures.fonts import text_width
from core.figures.primitives import Layout, Measure
from core.figures.prisma_boxes import Box, BoxLine, box_lines, box_rows, spoken
from core.figures.prisma_model import PrismaFlow
from core.figures.prisma_style import PRISMA_STYLES, PrismaStyle

_STAGES = (("Identification", 0, 0), ("Screening", 1, 3), ("Included", 4, None))
"""Each with its first and its last row; None is the last of all."""
PREVIOUS_SHARE = 0.7
"""How wide the column of an earlier version is, beside the others."""
_STAGE_GAP = 14.0
_STAGE_PADDING = 8.0
_ARROW_GAP = 2.0
_BAR_ROOM = 10.0
_BAR_HEIGHT = 4.0
_TITLE_GAP = 18.0


@dataclass(frozen=True, slots=True)
class _Placed:
    """A box with its lines and its place."""

    box: Box
    lines: tuple[BoxLine, ...]
    x: float
    y: float
    width: float
    height: float

    @property
    def centre(self) -> tuple[float, float]:
        return self.x + self.width / 2, self.y + self.height / 2


def layout_prisma(
    flow: PrismaFlow,
    measure: Measure = text_width,
    style: str = "prisma",
    *,
    box_width: float | None = None,
    row_gap: float | None = None,
) -> Layout:
    """Lay the diagram out in one of ``PRISMA_STYLES``; ``box_width`` and ``row_gap`` (pixels) replace the width of all
    boxes and the room between rows."""
    look = PRISMA_STYLES[style]
    if row_gap is not None:
        look = replace(look, row_gap=row_gap)
    canvas = Canvas(measure, look.font_size)
    columns = _columns(flow, look, box_width or look.box_width)
    top = look.margin
    if not look.live:
        top = _draw_titles(canvas, flow, look, columns)
    placed, spans = _place(canvas, flow, look, columns, top)
    for stage, first, last in _STAGES:
        _draw_stage(canvas, look, stage, spans[first][0], spans[-1 if last is None else last][1])
    _draw_arrows(canvas, look, placed)
    words = _spoken(flow, style)
    for one in placed.values():
        _draw_box(canvas, look, one)
        canvas.area(one.box.id, words[one.box.id], one.x, one.y, one.width, one.height)
    left, width = columns[-1]
    return canvas.layout(left + width + look.margin, spans[-1][1] + look.margin, describe(flow, style))


def describe(flow: PrismaFlow, style: str = "prisma") -> str:
    """The flow in words, for those who cannot see it."""
    return "PRISMA 2020 flow diagram. " + " ".join(f"{words}." for words in _spoken(flow, style).values())


def _spoken(flow: PrismaFlow, style: str) -> dict[str, str]:
    """What each box says aloud, by its id: with its sum, which the template leaves out."""
    look = replace(PRISMA_STYLES[style], inline=False)
    return {box.id: spoken(box) for row in box_rows(flow, look) for box in row if box}


def _columns(flow: PrismaFlow, look: PrismaStyle, width: float) -> list[tuple[float, float]]:
    """Left edge and width of two columns of boxes, or four with other methods; before them a narrower one for an
    earlier version."""
    widths = ([width * PREVIOUS_SHARE] if flow.previous else []) + [width] * (4 if flow.other else 2)
    left = look.margin + look.stage_width + _STAGE_GAP
    found: list[tuple[float, float]] = []
    for one in widths:
        found.append((left, one))
        left += one + look.gap
    return found


def _place(
    canvas: Canvas, flow: PrismaFlow, look: PrismaStyle, columns: list[tuple[float, float]], top: float
) -> tuple[dict[str, _Placed], list[tuple[float, float]]]:
    """Every box by its id, and top and bottom of each row; boxes are centred in their row."""
    placed: dict[str, _Placed] = {}
    spans: list[tuple[float, float]] = []
    rows = box_rows(flow, look)
    for index, row in enumerate(rows):
        boxes = [(box, *column) for box, column in zip(row, columns, strict=True) if box]
        lines = {box.id: box_lines(canvas, look, box, width - 2 * look.padding) for box, _, width in boxes}
        heights = {box.id: _height(look, box, lines[box.id]) for box, _, _ in boxes}
        tall = max([*heights.values(), _stage_length(canvas, look, index, len(rows))])
        for box, left, width in boxes:
            y = top + (tall - heights[box.id]) / 2
            placed[box.id] = _Placed(box, lines[box.id], left, y, width, heights[box.id])
        spans.append((top, top + tall))
        top += tall + look.row_gap
    return placed, spans


def _height(look: PrismaStyle, box: Box, lines: tuple[BoxLine, ...]) -> float:
    bar = _BAR_ROOM if box.live and box.live.total is not None else 0.0
    gap = 0.0 if all(line.bold for line in lines) else look.title_gap
    return 2 * look.padding + look.line * len(lines) - (look.line - look.font_size) + gap + bar


def _stage_length(canvas: Canvas, look: PrismaStyle, index: int, rows: int) -> float:
    """How high a row must be for the name of a stage that has it alone."""
    alone = (name for name, first, last in _STAGES if first == (rows - 1 if last is None else last) == index)
    return max((canvas.width_of(name, bold=True) + 2 * _STAGE_PADDING for name in alone), default=0.0)


def _draw_titles(canvas: Canvas, flow: PrismaFlow, look: PrismaStyle, columns: list[tuple[float, float]]) -> float:
    """The coloured titles over the columns; returns where the boxes begin."""
    of, first = ("new studies", 1) if flow.previous else ("studies", 0)
    titles = [("Previous studies", look.other_fill, 0, 0)] if flow.previous else []
    titles.append((f"Identification of {of} via databases and registers", look.databases_fill, first, first + 1))
    if flow.other:
        titles.append((f"Identification of {of} via other methods", look.other_fill, first + 2, first + 3))
    height = look.font_size + 1.5 * look.padding
    for title, fill, start, end in titles:
        x, room = columns[start][0], columns[end][0] + columns[end][1] - columns[start][0]
        canvas.rect(x, look.margin, room, height, fill=fill, stroke=look.outline, radius=look.stage_radius)
        baseline = look.margin + height / 2 + 0.345 * look.font_size
        canvas.text(x + room / 2, baseline, title, anchor="middle", bold=True, colour=look.ink)
    return look.margin + height + _TITLE_GAP


def _draw_stage(canvas: Canvas, look: PrismaStyle, name: str, top: float, bottom: float) -> None:
    canvas.rect(look.margin, top, look.stage_width, bottom - top, fill=look.stage_fill, radius=look.stage_radius)
    x = look.margin + look.stage_width / 2 + 0.345 * look.font_size
    canvas.text(x, (top + bottom) / 2, name, anchor="middle", bold=True, colour=look.stage_ink, rotation=90)


def _draw_arrows(canvas: Canvas, look: PrismaStyle, placed: dict[str, _Placed]) -> None:
    sideways = (
        ("identified", "removed"),
        ("screened", "excluded"),
        ("sought", "not_retrieved"),
        ("assessed", "reports_excluded"),
        ("other_sought", "other_not_retrieved"),
        ("other_assessed", "other_excluded"),
    )
    down = [id for id in ("identified", "screened", "sought", "assessed", "new_included", "included") if id in placed]
    other_down = ("other_identified", "other_sought", "other_assessed")
    for source, target in sideways:
        if source in placed:
            a, b = placed[source], placed[target]
            canvas.arrow(a.x + a.width + _ARROW_GAP, a.centre[1], b.x - _ARROW_GAP, a.centre[1], colour=look.arrow)
    for chain in (down, other_down):
        for source, target in pairwise(chain):
            if source in placed:
                a, b = placed[source], placed[target]
                y1, y2 = a.y + a.height + _ARROW_GAP, b.y - _ARROW_GAP
                canvas.arrow(a.centre[0], y1, a.centre[0], y2, colour=look.arrow)
    # From the outer columns down and then inwards; what other methods found is new.
    for source, target in (("other_assessed", "new_included"), ("previous", "included")):
        if source in placed:
            a, b = placed[source], placed.get(target, placed["included"])
            x, y = a.centre[0], b.centre[1]
            edge = b.x - _ARROW_GAP if x < b.x else b.x + b.width + _ARROW_GAP
            canvas.line(x, a.y + a.height + _ARROW_GAP, x, y, colour=look.arrow)
            canvas.arrow(x, y, edge, y, colour=look.arrow)


def _draw_box(canvas: Canvas, look: PrismaStyle, one: _Placed) -> None:
    live = one.box.live
    running = live is not None and live.total is not None
    fill, outline = (look.live_fill, look.live_outline) if running else (look.fill, look.outline)
    canvas.rect(one.x, one.y, one.width, one.height, fill=fill, stroke=outline, radius=look.radius)
    baseline = one.y + look.padding + 0.8 * look.font_size
    for index, line in enumerate(one.lines):
        y = baseline + index * look.line + (0.0 if line.bold else look.title_gap)
        colour, size = look.muted if line.muted else look.ink, look.font_size if line.bold else look.row_size
        canvas.text(one.x + look.padding + line.indent, y, line.text, bold=line.bold, colour=colour, size=size)
        right = one.x + one.width - look.padding
        canvas.text(right, y, line.number, anchor="end", bold=line.bold, colour=look.ink, size=size)
    if live is not None and live.total is not None:
        x, length = one.x + look.padding, one.width - 2 * look.padding
        y = one.y + one.height - look.padding - _BAR_HEIGHT
        canvas.rect(x, y, length, _BAR_HEIGHT, fill=look.bar, radius=_BAR_HEIGHT / 2)
        part = length * min(live.done / live.total, 1.0) if live.total else length
        if part > 0:
            canvas.rect(x, y, part, _BAR_HEIGHT, fill=look.live_outline, radius=_BAR_HEIGHT / 2)
