"""What a figure is made of: texts, lines and shapes at fixed places, in points (1/72 inch), y growing downwards.

A figure's layout function returns one ``Layout``; the painters (matplotlib, SVG, Qt) know nothing but these primitives,
so screen and file show the same thing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from core.figures.fonts import ASCENT, DESCENT

Anchor = Literal["start", "middle", "end"]
Measure = Callable[[str, float, bool], float]
"""(text, size, bold) -> width, in the unit of size."""
Point = tuple[float, float]

BLACK = "#000000"
WHITE = "#FFFFFF"
HAIRLINE = 0.75
"""One CSS pixel, in points."""


@dataclass(frozen=True, slots=True)
class Text:
    """One run of text; ``x``, ``y`` is the anchor on the baseline, ``rotation`` 90 reads upwards."""

    x: float
    y: float
    text: str
    size: float
    width: float
    bold: bool = False
    anchor: Anchor = "start"
    colour: str = BLACK
    rotation: Literal[0, 90] = 0

    @property
    def start(self) -> float:
        """How far before the anchor the run begins, along its own baseline."""
        if self.anchor == "start":
            return 0.0
        return self.width if self.anchor == "end" else self.width / 2

    def bounds(self) -> tuple[float, float, float, float]:
        """Left, top, right, bottom of the room the letters may take."""
        before, after = self.start, self.width - self.start
        above, below = ASCENT * self.size, DESCENT * self.size
        if self.rotation:
            return (self.x - above, self.y - after, self.x + below, self.y + before)
        return (self.x - before, self.y - above, self.x + after, self.y + below)


@dataclass(frozen=True, slots=True)
class Line:
    """A straight line."""

    x1: float
    y1: float
    x2: float
    y2: float
    width: float = HAIRLINE
    colour: str = BLACK


@dataclass(frozen=True, slots=True)
class Rect:
    """A rectangle, filled, outlined or both; ``radius`` rounds its corners."""

    x: float
    y: float
    width: float
    height: float
    fill: str | None = None
    stroke: str | None = None
    stroke_width: float = HAIRLINE
    radius: float = 0.0


@dataclass(frozen=True, slots=True)
class Polygon:
    """A closed polygon, filled."""

    points: tuple[Point, ...]
    fill: str = BLACK


@dataclass(frozen=True, slots=True)
class Circle:
    """A filled disc, with an outline when ``stroke`` is given."""

    x: float
    y: float
    radius: float
    fill: str
    stroke: str | None = None
    stroke_width: float = HAIRLINE


Item = Text | Line | Rect | Polygon | Circle


@dataclass(frozen=True, slots=True)
class Area:
    """A named part of a figure that a window can make focusable: ``label`` is what a screen reader says."""

    id: str
    label: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Layout:
    """A finished figure: its size in points, its primitives in painting order, and its numbers in words."""

    width: float
    height: float
    items: tuple[Item, ...]
    alt_text: str
    areas: tuple[Area, ...] = ()

    def texts(self) -> tuple[Text, ...]:
        """The text runs, in painting order."""
        return tuple(item for item in self.items if isinstance(item, Text))
