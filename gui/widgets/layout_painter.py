"""Paints a figure's layout with QPainter: what the exported file shows, at any size and pixel ratio.

Letters are placed one by one at the widths the layout was measured with, in the bundled font itself, so that screen and
file agree; Qt's own text layout is used only for characters which that font lacks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from itertools import accumulate
from types import MappingProxyType

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetricsF, QGlyphRun, QPainter, QPen, QPolygonF, QRawFont

from core.figures.fonts import FAMILY, advances, covers, font_file
from core.figures.primitives import Circle, Layout, Line, Polygon, Rect, Text
from gui.tokens import DARK

Colours = Mapping[str, str]
Face = Callable[[float, bool], QFont]
"""The font for a size in pixels, regular or bold."""

DARK_PAPER: Colours = MappingProxyType(
    {
        "#000000": DARK.text,
        "#FFFFFF": DARK.surface,
        # squares of a forest plot
        "#0000CC": DARK.info,
        "#00CC00": DARK.success,
        "#CC0000": DARK.danger,
        # discs of risk of bias
        "#B3261E": DARK.rob_high,
        "#5E1220": DARK.rob_critical,
        "#D3D9D4": DARK.rob_none,
        # the live flow
        "#1A201C": DARK.text,
        "#56615A": DARK.muted,
        "#C5CCC4": DARK.outline,
        "#838D86": DARK.strong,
        "#E8F0FB": DARK.info_soft,
        "#2459A6": DARK.info,
        "#E4F1EA": DARK.accent_soft,
        "#1E6B52": DARK.accent,
        # the published flow
        "#B4D5F0": DARK.info_soft,
        "#FFC000": DARK.warn_soft,
        "#D9D9D9": DARK.raised,
    }
)
"""For each colour of a figure the one that stands for it on dark paper; colours not named stay."""

LIGHT_PAPER: Colours = MappingProxyType({})
"""A figure as it is exported."""

_PIXELS_PER_POINT = 96 / 72
_SUBSTITUTE_PX = 64


def paint_layout(
    painter: QPainter, layout: Layout, *, zoom: float = 1.0, colours: Colours = LIGHT_PAPER, face: Face | None = None
) -> None:
    """Paint ``layout`` from the painter's origin; ``zoom`` 1 is true size. The paper itself is left to the caller.

    Text is set in the bundled font, or, in a figure that is a part of the window, in the fonts that ``face`` gives.
    """
    scale = zoom * _PIXELS_PER_POINT
    ratio = painter.device().devicePixelRatioF()
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for item in layout.items:
        match item:
            case Text() if face is not None:
                _paint_in(painter, item, scale, _colour(colours, item.colour), face)
            case Text():
                _paint_text(painter, item, scale, _colour(colours, item.colour))
            case Line():
                _paint_line(painter, item, scale, ratio, _colour(colours, item.colour))
            case Polygon():
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(_colour(colours, item.fill))
                painter.drawPolygon(QPolygonF([QPointF(x * scale, y * scale) for x, y in item.points]))
            case Rect():
                _set_brush(painter, item, scale, colours)
                box = QRectF(item.x * scale, item.y * scale, item.width * scale, item.height * scale)
                painter.drawRoundedRect(box, item.radius * scale, item.radius * scale)
            case Circle():
                _set_brush(painter, item, scale, colours)
                painter.drawEllipse(QPointF(item.x * scale, item.y * scale), item.radius * scale, item.radius * scale)
    painter.restore()


def paper_colour(colours: Colours) -> QColor:
    """What to fill the paper with."""
    return _colour(colours, "#FFFFFF")


def _set_brush(painter: QPainter, item: Rect | Circle, scale: float, colours: Colours) -> None:
    painter.setBrush(_colour(colours, item.fill) if item.fill else QBrush(Qt.BrushStyle.NoBrush))
    if item.stroke:
        painter.setPen(QPen(_colour(colours, item.stroke), item.stroke_width * scale))
    else:
        painter.setPen(Qt.PenStyle.NoPen)


def _paint_line(painter: QPainter, item: Line, scale: float, ratio: float, colour: QColor) -> None:
    """Level and upright lines cover whole device pixels, or a line of one pixel would blur over two."""
    if item.x1 != item.x2 and item.y1 != item.y2:
        painter.setPen(QPen(colour, item.width * scale, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
        painter.drawLine(QPointF(item.x1 * scale, item.y1 * scale), QPointF(item.x2 * scale, item.y2 * scale))
        return
    step = 1 / ratio
    thick = max(round(item.width * scale * ratio), 1) * step
    left, right = sorted((item.x1 * scale, item.x2 * scale))
    top, bottom = sorted((item.y1 * scale, item.y2 * scale))
    if top == bottom:
        box = QRectF(left, round((top - thick / 2) / step) * step, right - left, thick)
    else:
        box = QRectF(round((left - thick / 2) / step) * step, top, thick, bottom - top)
    painter.fillRect(box, colour)


def _paint_text(painter: QPainter, item: Text, scale: float, colour: QColor) -> None:
    painter.setPen(colour)
    known = covers(item.text, item.bold)
    if known and not item.rotation:  # nearly every run, hence the short way
        start = QPointF((item.x - item.start) * scale, item.y * scale)
        painter.drawGlyphRun(start, _glyph_run(item.text, item.size * scale, item.bold))
        return
    painter.save()
    painter.translate(item.x * scale, item.y * scale)
    painter.rotate(-item.rotation)
    painter.translate(-item.start * scale, 0)
    if known:
        painter.drawGlyphRun(QPointF(0, 0), _glyph_run(item.text, item.size * scale, item.bold))
    else:
        _paint_substitute(painter, item, scale)
    painter.restore()


def _paint_in(painter: QPainter, item: Text, scale: float, colour: QColor, face: Face) -> None:
    font = face(item.size * scale, item.bold)
    share = {"start": 0.0, "middle": 0.5, "end": 1.0}[item.anchor]
    painter.save()
    painter.setFont(font)
    painter.setPen(colour)
    painter.translate(item.x * scale, item.y * scale)
    painter.rotate(-item.rotation)
    painter.drawText(QPointF(-share * QFontMetricsF(font).horizontalAdvance(item.text), 0), item.text)
    painter.restore()


def _paint_substitute(painter: QPainter, item: Text, scale: float) -> None:
    """Text in whatever fonts have its characters, squeezed when it comes out wider than the room laid out for it."""
    font = QFont(FAMILY)
    font.setPixelSize(_SUBSTITUTE_PX)
    font.setBold(item.bold)
    painter.setFont(font)
    size = item.size * scale / _SUBSTITUTE_PX
    natural = painter.fontMetrics().horizontalAdvance(item.text) * size
    squeeze = min(item.width * scale / natural, 1.0) if natural else 1.0
    painter.scale(size * squeeze, size)
    painter.drawText(QPointF(0, 0), item.text)


@lru_cache(maxsize=2048)
def _glyph_run(text: str, pixels: float, bold: bool) -> QGlyphRun:
    """The letters of ``text`` at their places, from the start of the run."""
    face = _face(pixels, bold)
    places = [0.0, *accumulate(advances(text, pixels, bold))][:-1]
    run = QGlyphRun()
    run.setRawFont(face)
    run.setGlyphIndexes(face.glyphIndexesForString(text))
    run.setPositions([QPointF(x, 0) for x in places])
    return run


@lru_cache(maxsize=64)
def _face(pixels: float, bold: bool) -> QRawFont:
    return QRawFont(str(font_file(bold)), pixels, QFont.HintingPreference.PreferNoHinting)


@lru_cache(maxsize=128)
def _exact(name: str) -> QColor:
    return QColor(name)


def _colour(colours: Colours, name: str) -> QColor:
    return _exact(colours.get(name, name))
