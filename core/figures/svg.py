"""A layout as SVG, written directly: text stays text, one element per run, and the same layout gives the same bytes."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from core.figures.fonts import advances, covers, font_file, font_widths
from core.figures.primitives import Circle, Item, Layout, Line, Polygon, Rect, Text

if TYPE_CHECKING:
    from fontTools.ttLib import TTFont

_PIXELS_PER_POINT = 4 / 3
_FAMILIES = "Arial, 'Liberation Sans', Helvetica, sans-serif"


def svg_document(layout: Layout, *, text_as_text: bool = True) -> str:
    """The figure as an SVG document in CSS pixels.

    With ``text_as_text`` each run is one ``text`` element that can be searched and edited; its font is Arial or one of
    the same widths. Without, letters are outlines of Liberation Sans, the same in every viewer; runs with characters
    which that font lacks stay text.
    """
    width, height = _n(layout.width), _n(layout.height)
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
        f'role="img" aria-labelledby="description" font-family="{_FAMILIES}" style="font-kerning:none">',
        f'<desc id="description">{escape(layout.alt_text)}</desc>',
        f'<rect width="{width}" height="{height}" fill="#FFFFFF"/>',
    ]
    lines.extend(_element(item, text_as_text) for item in layout.items)
    lines.append("</svg>\n")
    return "\n".join(lines)


def _element(item: Item, text_as_text: bool) -> str:
    match item:
        case Text():
            return _text(item) if text_as_text or not covers(item.text, item.bold) else _outlines(item)
        case Line():
            return (
                f'<line x1="{_n(item.x1)}" y1="{_n(item.y1)}" x2="{_n(item.x2)}" y2="{_n(item.y2)}" '
                f'stroke="{item.colour}" stroke-width="{_n(item.width)}"/>'
            )
        case Rect():
            radius = f' rx="{_n(item.radius)}"' if item.radius else ""
            return (
                f'<rect x="{_n(item.x)}" y="{_n(item.y)}" width="{_n(item.width)}" height="{_n(item.height)}"{radius} '
                f"{_paint(item.fill, item.stroke, item.stroke_width)}/>"
            )
        case Polygon():
            points = " ".join(f"{_n(x)},{_n(y)}" for x, y in item.points)
            return f'<polygon points="{points}" fill="{item.fill}"/>'
        case Circle():
            return (
                f'<circle cx="{_n(item.x)}" cy="{_n(item.y)}" r="{_n(item.radius)}" '
                f"{_paint(item.fill, item.stroke, item.stroke_width)}/>"
            )


def _text(item: Text) -> str:
    anchor = f' text-anchor="{item.anchor}"' if item.anchor != "start" else ""
    bold = ' font-weight="bold"' if item.bold else ""
    turn = f' transform="rotate(-90 {_n(item.x)} {_n(item.y)})"' if item.rotation else ""
    return (
        f'<text x="{_n(item.x)}" y="{_n(item.y)}" font-size="{_n(item.size)}" fill="{item.colour}"'
        f"{anchor}{bold}{turn}>{escape(item.text)}</text>"
    )


def _outlines(item: Text) -> str:
    """The run as one path, each letter at its advance."""
    from fontTools.pens.svgPathPen import SVGPathPen
    from fontTools.pens.transformPen import TransformPen

    face = _face(item.bold)
    names, glyphs = face.getBestCmap() or {}, face.getGlyphSet()
    size = item.size * _PIXELS_PER_POINT
    unit = size / font_widths(item.bold).units_per_em
    pen = SVGPathPen(glyphs, ntos=lambda number: f"{number:.2f}")
    x, y = (item.x - item.start) * _PIXELS_PER_POINT, item.y * _PIXELS_PER_POINT
    for character, advance in zip(item.text, advances(item.text, size, item.bold), strict=True):
        glyphs[names[ord(character)]].draw(TransformPen(pen, (unit, 0, 0, -unit, x, y)))
        x += advance
    turn = f' transform="rotate(-90 {_n(item.x)} {_n(item.y)})"' if item.rotation else ""
    return f'<path d="{pen.getCommands()}" fill="{item.colour}"{turn}/>'


@cache
def _face(bold: bool) -> TTFont:
    from fontTools.ttLib import TTFont

    return TTFont(font_file(bold))


def _paint(fill: str | None, stroke: str | None, width: float) -> str:
    outline = f' stroke="{stroke}" stroke-width="{_n(width)}"' if stroke else ""
    return f'fill="{fill or "none"}"{outline}'


def _n(points: float) -> str:
    """Pixels with at most three decimals."""
    text = f"{points * _PIXELS_PER_POINT:.3f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
