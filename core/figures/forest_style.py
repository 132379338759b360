"""What a forest plot of each style looks like. Lengths in CSS pixels, colours as ``#RRGGBB``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from core.figures.forest_model import Kind


@dataclass(frozen=True, slots=True)
class ForestStyle:
    """Sizes and colours of one style. ``mark_lift`` is how far squares and diamonds stand above the middle of a row."""

    squares: Mapping[Kind, str]
    mark_lift: float
    indent: float
    font_size: float = 14.0
    note_size: float = 9.0
    row: float = 20.0
    margin: float = 10.0
    column: float = 60.0
    plot: float = 210.0
    gap: float = 20.0
    disc_pitch: float = 20.0


_REVMAN_SQUARES: Mapping[Kind, str] = MappingProxyType(
    {"dichotomous": "#0000CC", "continuous": "#00CC00", "generic": "#CC0000"}
)

FOREST_STYLES: Mapping[str, ForestStyle] = MappingProxyType(
    {
        # RevMan Web sets its marks 4 px below the middle of the words beside them; here they stand in line with them.
        "revman": ForestStyle(_REVMAN_SQUARES, mark_lift=4.0, indent=8.0),
        "revman-web": ForestStyle(_REVMAN_SQUARES, mark_lift=0.0, indent=0.0),
    }
)
"""The styles by name; a new one is one more entry."""
