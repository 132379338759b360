"""Judgements of risk of bias as coloured discs with a sign; shared by the forest plot and the traffic-light table.

Colours differ for all three kinds of colour blindness, and the sign says the same without colour. Signs are RevMan's:
"?" is the middle level and "–" the worst of three. (robvis uses "–" for the middle one; a figure never mixes the two.)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from core.figures.canvas import Canvas
from core.figures.primitives import BLACK


@dataclass(frozen=True, slots=True)
class Disc:
    """Fill, sign and its ink; ``middle`` is the height of the sign's middle over the baseline, in parts of its size."""

    fill: str
    sign: str
    ink: str
    outline: str
    middle: float = 0.345


_LOW = Disc("#3FB48B", "+", "#0B241A", "#2F8768", middle=0.333)
_SOME = Disc("#F2C94C", "?", "#2A2100", "#B59739")
_HIGH = Disc("#B3261E", "–", "#FFFFFF", "#861D17", middle=0.268)
_CRITICAL = Disc("#5E1220", "!", "#FFF4F4", "#470E18")

DISCS: Mapping[str, Disc] = MappingProxyType(
    {
        "low": _LOW,
        "unclear": _SOME,
        "some": _SOME,
        "moderate": _SOME,
        "high": _HIGH,
        "serious": _HIGH,
        "critical": _CRITICAL,
        "very_high": _CRITICAL,
        "no_information": Disc("#D3D9D4", "i", "#1A201C", "#9EA39F", middle=0.362),
        "not_applicable": Disc("#D3D9D4", "", "#1A201C", "#9EA39F"),
    }
)
"""Every judgement that can be drawn, by the id of its level."""


def draw_disc(canvas: Canvas, x: float, y: float, judgement: str, *, diameter: float = 16.0) -> None:
    """A disc centred on ``x``, ``y`` (pixels). Raises ``ValueError`` for a judgement not in ``DISCS``."""
    disc = DISCS.get(judgement)
    if disc is None:
        raise ValueError(f"no disc for the judgement {judgement!r}")
    size = diameter * 0.75
    canvas.circle(x, y, diameter / 2, fill=disc.fill, stroke=disc.outline)
    canvas.text(x, y + disc.middle * size, disc.sign, anchor="middle", bold=True, size=size, colour=disc.ink)


def draw_disc_legend(
    canvas: Canvas, x: float, y: float, levels: tuple[tuple[str, str], ...], *, width: float, size: float, pitch: float
) -> float:
    """One disc and name per level ``(judgement, name)``, from left to right in ``width``; returns the next free ``y``.

    ``y`` is the baseline of the first line.
    """
    left = x
    for judgement, name in levels:
        room = 22 + canvas.width_of(name, size=size)
        if left > x and left + room > x + width:
            left, y = x, y + pitch
        draw_disc(canvas, left + 8, y - 0.345 * size, judgement)
        canvas.text(left + 22, y, name, size=size, colour=BLACK)
        left += room + 20
    return y + pitch
