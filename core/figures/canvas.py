"""A sheet that layout functions draw on, in CSS pixels (1/96 inch), which the specifications of the figures use."""

from __future__ import annotations

from typing import Literal

from core.figures.primitives import (
    BLACK,
    Anchor,
    Area,
    Circle,
    Item,
    Layout,
    Line,
    Measure,
    Point,
    Polygon,
    Rect,
    Text,
)

POINTS_PER_PIXEL = 0.75
NO_BREAK = "\N{NO-BREAK SPACE}"
"""A space that `Canvas.wrap` keeps within a line, and prints as a plain one."""


class Canvas:
    """Collects primitives given in pixels and hands them back in points."""

    def __init__(self, measure: Measure, font_size: float) -> None:
        self._measure = measure
        self._size = font_size
        self._items: list[Item] = []
        self._areas: list[Area] = []

    def width_of(self, text: str, *, bold: bool = False, size: float | None = None) -> float:
        """The width of ``text`` in pixels."""
        return self._measure(text, size or self._size, bold)

    def text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        anchor: Anchor = "start",
        bold: bool = False,
        size: float | None = None,
        colour: str = BLACK,
        rotation: Literal[0, 90] = 0,
    ) -> None:
        """A run of text with its anchor on the baseline; empty text is left out."""
        if not text:
            return
        size = (size or self._size) * POINTS_PER_PIXEL
        width = self._measure(text, size, bold)
        self._items.append(Text(_pt(x), _pt(y), text, size, width, bold, anchor, colour, rotation))

    def line(self, x1: float, y1: float, x2: float, y2: float, *, width: float = 1.0, colour: str = BLACK) -> None:
        """A straight line."""
        self._items.append(Line(_pt(x1), _pt(y1), _pt(x2), _pt(y2), _pt(width), colour))

    def rect(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        *,
        fill: str | None = None,
        stroke: str | None = None,
        stroke_width: float = 1.0,
        radius: float = 0.0,
    ) -> None:
        """A rectangle."""
        self._items.append(Rect(_pt(x), _pt(y), _pt(width), _pt(height), fill, stroke, _pt(stroke_width), _pt(radius)))

    def polygon(self, *points: Point, fill: str = BLACK) -> None:
        """A filled polygon."""
        self._items.append(Polygon(tuple((_pt(x), _pt(y)) for x, y in points), fill))

    def circle(self, x: float, y: float, radius: float, *, fill: str, stroke: str | None = None) -> None:
        """A disc."""
        self._items.append(Circle(_pt(x), _pt(y), _pt(radius), fill, stroke))

    def arrow(self, x1: float, y1: float, x2: float, y2: float, *, colour: str = BLACK) -> None:
        """A horizontal or vertical line with a solid head 8 long and 6 wide at its end."""
        length, half = 8.0, 3.0
        if y1 == y2:
            back = x2 - length if x2 > x1 else x2 + length
            self.line(x1, y1, back, y2, colour=colour)
            self.polygon((x2, y2), (back, y2 - half), (back, y2 + half), fill=colour)
        else:
            back = y2 - length if y2 > y1 else y2 + length
            self.line(x1, y1, x2, back, colour=colour)
            self.polygon((x2, y2), (x2 - half, back), (x2 + half, back), fill=colour)

    def area(self, id: str, label: str, x: float, y: float, width: float, height: float) -> None:
        """A part that a window can make focusable."""
        self._areas.append(Area(id, label, _pt(x), _pt(y), _pt(width), _pt(height)))

    def wrap(self, text: str, width: float, *, bold: bool = False, size: float | None = None) -> list[str]:
        """``text`` broken at spaces into lines no wider than ``width``; a word that is wider is broken inside."""
        lines: list[str] = []
        for paragraph in text.split("\n"):
            line = ""
            for word in paragraph.split(" "):
                trial = f"{line} {word}" if line else word
                if self.width_of(trial, bold=bold, size=size) <= width:
                    line = trial
                    continue
                if line:
                    lines.append(line)
                *full, line = self._break_word(word, width, bold, size)
                lines.extend(full)
            lines.append(line)
        return [line.replace(NO_BREAK, " ") for line in lines]

    def _break_word(self, word: str, width: float, bold: bool, size: float | None) -> list[str]:
        pieces = [""]
        for character in word:
            if pieces[-1] and self.width_of(pieces[-1] + character, bold=bold, size=size) > width:
                pieces.append("")
            pieces[-1] += character
        return pieces

    def layout(self, width: float, height: float, alt_text: str) -> Layout:
        """The finished figure; its size is rounded to whole pixels."""
        return Layout(_pt(round(width)), _pt(round(height)), tuple(self._items), alt_text, tuple(self._areas))


def _pt(pixels: float) -> float:
    return pixels * POINTS_PER_PIXEL
