"""The risk-of-bias summary: a grid of discs, studies down, domains across, as RevMan draws it. In CSS pixels."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from core.figures.canvas import Canvas
from core.figures.discs import draw_disc, draw_disc_legend
from core.figures.fonts import text_width
from core.figures.primitives import Layout, Measure

_CELL = 24.0
_MARGIN = 10.0
_FONT = 13.0
_MIDDLE = 0.345
"""Half the height of a capital, in parts of the size: lifts words to the middle of a row."""
_GAP = 8.0
_LEGEND_PITCH = 22.0
_LEGEND_WIDTH = 360.0


@dataclass(frozen=True, slots=True)
class JudgedStudy:
    """One row: a judgement (a key of ``discs.DISCS``) per domain, None where there is none yet."""

    label: str
    judgements: tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class TrafficLight:
    """The table; ``levels`` are the (judgement, name) pairs of the legend. Studies are drawn in the order given."""

    domains: tuple[str, ...]
    studies: tuple[JudgedStudy, ...]
    levels: tuple[tuple[str, str], ...] = ()
    empty_message: str = "No study has been judged yet"


def layout_traffic_light(table: TrafficLight, measure: Measure = text_width) -> Layout:
    """Lay the table out. Raises ``ValueError`` when a row has not one judgement per domain."""
    canvas = Canvas(measure, _FONT)
    for study in table.studies:
        if len(study.judgements) != len(table.domains):
            raise ValueError(f"{study.label}: {len(study.judgements)} judgements for {len(table.domains)} domains")
    labels = [study.label for study in table.studies] or [table.empty_message]
    left = _MARGIN + max(map(canvas.width_of, labels)) + _GAP
    top = _MARGIN + max(map(canvas.width_of, table.domains), default=0.0) + _GAP
    right = left + _CELL * len(table.domains)
    for column, domain in enumerate(table.domains):
        canvas.text(left + (column + 0.5) * _CELL + _MIDDLE * _FONT, top - _GAP, domain, rotation=90)
    for row, label in enumerate(labels):
        y = top + (row + 0.5) * _CELL
        canvas.text(left - _GAP, y + _MIDDLE * _FONT, label, anchor="end")
    for row, study in enumerate(table.studies):
        _draw_cells(canvas, study, left, top + row * _CELL)
    bottom = top + _CELL * len(labels)
    if table.levels:
        width = max(right - _MARGIN, _LEGEND_WIDTH)
        y = bottom + 30.0
        bottom = (
            draw_disc_legend(canvas, _MARGIN, y, table.levels, width=width, size=_FONT, pitch=_LEGEND_PITCH)
            - _LEGEND_PITCH
            + _GAP
        )
        right = max(right, _MARGIN + width)
    return canvas.layout(right + _MARGIN, bottom + _MARGIN, describe(table))


def describe(table: TrafficLight) -> str:
    """How many studies have which judgement, domain by domain."""
    names = dict(table.levels)
    head = f"Risk of bias in {len(table.studies)} {'study' if len(table.studies) == 1 else 'studies'}."
    parts: list[str] = []
    for index, domain in enumerate(table.domains):
        counts = Counter(study.judgements[index] for study in table.studies)
        said = (f"{n} {names.get(level, level) if level else 'not judged'}" for level, n in counts.items())
        parts.append(f"{domain}: {', '.join(said)}.")
    return " ".join([head, *parts]) if table.studies else f"{head} {table.empty_message}."


def _draw_cells(canvas: Canvas, study: JudgedStudy, left: float, top: float) -> None:
    for column, judgement in enumerate(study.judgements):
        x = left + column * _CELL
        canvas.rect(x, top, _CELL, _CELL, stroke="#000000")
        if judgement:
            draw_disc(canvas, x + _CELL / 2, top + _CELL / 2, judgement)
