"""What a flow diagram looks like: the published template, or the live flow of the window. Lengths in CSS pixels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class PrismaStyle:
    """Sizes and colours. ``inline`` prints "(n = 12)" after a label, otherwise numbers stand at the right of the box.

    ``live`` shows notes and bars of progress and leaves out the titles over the columns. ``font_size`` is that of
    titles, ``row_size`` that of what stands below them, ``title_gap`` apart from it.
    """

    inline: bool
    live: bool
    box_width: float
    radius: float
    stage_radius: float
    ink: str
    muted: str
    fill: str
    outline: str
    arrow: str
    stage_fill: str
    stage_ink: str
    live_fill: str = "#E4F1EA"
    live_outline: str = "#1E6B52"
    bar: str = "#C5CCC4"
    databases_fill: str = "#FFC000"
    other_fill: str = "#D9D9D9"
    font_size: float = 13.0
    row_size: float = 13.0
    line: float = 17.0
    title_gap: float = 0.0
    padding: float = 12.0
    stage_width: float = 26.0
    gap: float = 32.0
    row_gap: float = 40.0
    margin: float = 10.0


PRISMA_STYLES: Mapping[str, PrismaStyle] = MappingProxyType(
    {
        "prisma": PrismaStyle(
            inline=True,
            live=False,
            box_width=280.0,
            radius=0.0,
            stage_radius=6.0,
            ink="#000000",
            muted="#000000",
            fill="#FFFFFF",
            outline="#000000",
            arrow="#000000",
            stage_fill="#B4D5F0",
            stage_ink="#000000",
        ),
        "overview": PrismaStyle(
            inline=False,
            live=True,
            box_width=346.0,
            radius=6.0,
            stage_radius=4.0,
            ink="#1A201C",
            muted="#56615A",
            fill="#FFFFFF",
            outline="#C5CCC4",
            arrow="#838D86",
            stage_fill="#E8F0FB",
            stage_ink="#2459A6",
            row_size=12.0,
            title_gap=2.0,
            padding=11.0,
        ),
    }
)
"""The styles by name: "prisma" for publication, "overview" for the window."""
