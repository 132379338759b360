"""The layout of a forest plot: columns of text, squares and diamonds on a scale, discs of risk of bias, notes below.

The geometry is RevMan Web's, measured on figures it wrote: rows of 20 px, columns of 60, a plot of 210, text of 14 px.
Columns widen when their text needs it; nothing ever overlaps. Numbers here are CSS pixels; the ``Layout`` is in points.
"""

from __future__ import annotations

from dataclasses import replace

from core.figures.canvas import Canvas
from core.figures.discs import draw_disc, draw_disc_legend
from core.figures.fonts import text_width
from core.figures.forest_frame import LABEL_HEADER, Frame, Row, build_frame
from core.figures.forest_marks import (
    Favours,
    axis_extent,
    draw_axis,
    draw_bar,
    draw_diamond,
    draw_study,
    favours_lines,
    square_side,
)
from core.figures.forest_model import ForestPlot, ForestPooled, ForestStudy, Interval, Prediction, RiskOfBiasColumns
from core.figures.forest_style import FOREST_STYLES, ForestStyle
from core.figures.primitives import Layout, Measure
from core.figures.scale import Scale, resolve_scale
from core.figures.wording import format_weight

_HEADER_1, _HEADER_2 = 21.0, 41.0
_RULE = 56.0
_FIRST_ROW = 80.0
_BASELINE = 1.0
_AXIS_BELOW_TOTAL = 30.0
_NOTE_RISE = 5.0
_NOTES_PITCH = 18.0


def layout_forest(plot: ForestPlot, style: str = "revman", measure: Measure = text_width) -> Layout:
    """Lay ``plot`` out in one of ``FOREST_STYLES``.

    Raises ``ValueError`` when a row has not as many cells as there are columns or as many judgements as domains, and
    ``InputError`` for an impossible axis.
    """
    _check(plot)
    look = FOREST_STYLES[style]
    canvas = Canvas(measure, look.font_size)
    rows = _rows(plot, look)
    scale = resolve_scale(plot.axis, _intervals(plot))
    favours = favours_lines(canvas, plot.favours)
    frame = _fitted_frame(canvas, plot, look, [row for row in rows if row], scale, favours)
    _draw_headers(canvas, plot, look, frame)
    bottom = _FIRST_ROW
    for index, row in enumerate(rows):
        y = _FIRST_ROW + look.row * index
        bottom = y + look.row / 2
        if row:
            _draw_row(canvas, plot, look, frame, scale, row, y)
    if plot.all_studies():
        axis_y = _axis_position(plot, look, rows)
        bottom = max(bottom, draw_axis(canvas, scale, frame.plot, axis_y, _RULE, favours))
    bottom = _draw_notes(canvas, plot, look, frame.right, bottom)
    return canvas.layout(frame.right + look.margin, bottom + look.margin, describe(plot))


def describe(plot: ForestPlot) -> str:
    """The numbers of the plot in words, for those who cannot see it."""
    studies = plot.all_studies()
    measure = f"{plot.effect_header[0]} ({plot.effect_header[1]})"
    arms = " versus ".join(group.label for group in plot.columns if group.label)
    head = f"Forest plot, {measure}{', ' + arms if arms else ''}: "
    if not studies:
        return head + plot.empty_message + "."
    parts = [f"{len(studies)} {'study' if len(studies) == 1 else 'studies'}."]
    groups = [("", plot.studies, None), *((g.label, g.studies, g.subtotal) for g in plot.subgroups)]
    for label, members, subtotal in groups:
        rows = [f"{study.label} {study.effect_text}" for study in members]
        if subtotal:
            rows.append(f"{subtotal.label} {subtotal.effect_text}")
        if rows:
            parts.append(f"{label + ': ' if label else ''}{'; '.join(rows)}.")
    if plot.overall:
        parts.append(f"{plot.overall.label} {plot.overall.effect_text}.")
        if plot.overall.prediction:
            parts.append(f"{plot.overall.prediction.label} {plot.overall.prediction.text}.")
    parts.extend(f"{line}." for line in plot.overall_lines)
    return head + " ".join(parts)


def _check(plot: ForestPlot) -> None:
    columns = sum(len(group.columns) for group in plot.columns)
    domains = len(plot.rob.domains) if plot.rob else 0
    for study in plot.all_studies():
        if len(study.cells) != columns:
            raise ValueError(f"{study.label}: {len(study.cells)} cells for {columns} columns")
        if plot.rob and study.rob and len(study.rob) != domains:
            raise ValueError(f"{study.label}: {len(study.rob)} judgements for {domains} domains")
    for pooled in _pooled(plot):
        if len(pooled.cells) != columns or len(pooled.events or pooled.cells) != columns:
            raise ValueError(f"{pooled.label}: its cells do not match {columns} columns")


def _pooled(plot: ForestPlot) -> list[ForestPooled]:
    return [p for p in (*(group.subtotal for group in plot.subgroups), plot.overall) if p]


def _intervals(plot: ForestPlot) -> list[Interval]:
    effects = [study.effect for study in plot.all_studies()] + [pooled.effect for pooled in _pooled(plot)]
    return [effect for effect in effects if effect]


def _rows(plot: ForestPlot, look: ForestStyle) -> list[Row | None]:
    """The rows from top to bottom; None is an empty one."""
    if not plot.all_studies():
        return [Row(plot.empty_message, spans=True)]
    rows: list[Row | None] = [_study_row(study, plot, 0.0) for study in plot.studies]
    for group in plot.subgroups:
        if rows:
            rows.append(None)
        rows.append(Row(group.label, bold=True, spans=True))
        rows.extend(_study_row(study, plot, look.indent) for study in group.studies)
        if group.subtotal:
            rows.extend(_pooled_rows(group.subtotal, plot))
        rows.extend(Row(line, spans=True) for line in group.lines)
    if plot.overall or plot.overall_lines:
        rows.append(None)
    if plot.overall:
        rows.extend(_pooled_rows(plot.overall, plot))
    rows.extend(Row(line, spans=True) for line in plot.overall_lines)
    return rows


def _study_row(study: ForestStudy, plot: ForestPlot, indent: float) -> Row:
    note = f"({','.join(map(str, study.footnotes))})" if study.footnotes else ""
    weight = _weight(study.weight, plot)
    return Row(
        study.label,
        indent=indent,
        cells=study.cells,
        weight=weight,
        effect=study.effect_text,
        mark=study,
        note=note,
    )


def _pooled_rows(pooled: ForestPooled, plot: ForestPlot) -> list[Row]:
    weight = _weight(pooled.weight, plot)
    rows = [Row(pooled.label, bold=True, cells=pooled.cells, weight=weight, effect=pooled.effect_text, mark=pooled)]
    if pooled.prediction:
        rows.append(Row(pooled.prediction.label, effect=pooled.prediction.text, mark=pooled.prediction))
    if pooled.events:
        rows.append(Row(pooled.events_label, cells=pooled.events))
    return rows


def _weight(weight: float | None, plot: ForestPlot) -> str:
    return format_weight(weight) if plot.show_weights and weight is not None else ""


def _axis_position(plot: ForestPlot, look: ForestStyle, rows: list[Row | None]) -> float:
    """The axis stands a row and a half under the total; without one, below all rows."""
    last = plot.overall and (plot.overall.prediction or plot.overall)
    for index, row in enumerate(rows):
        if row and last and row.mark is last:
            return _FIRST_ROW + look.row * index + _AXIS_BELOW_TOTAL
    return _FIRST_ROW + look.row * len(rows)


def _fitted_frame(
    canvas: Canvas, plot: ForestPlot, look: ForestStyle, rows: list[Row], scale: Scale, favours: Favours
) -> Frame:
    """The frame, moved right until the lines of text end left of the plot and of all that stands under it."""
    frame = build_frame(canvas, plot, look, rows)
    left, right = axis_extent(canvas, scale, frame.plot, favours)
    lines = (look.margin + canvas.width_of(row.label, bold=row.bold) for row in rows if row.spans)
    missing = max(max(lines, default=0.0) + look.margin - min(frame.plot[0], left), look.margin - left, 0.0)
    moved = frame.moved(missing)
    return replace(moved, right=max(moved.right, right + missing))


def _draw_headers(canvas: Canvas, plot: ForestPlot, look: ForestStyle, frame: Frame) -> None:
    canvas.text(look.margin, _HEADER_2, LABEL_HEADER, bold=True)
    for group in frame.groups:
        canvas.text(group.centre, _HEADER_1, group.header, anchor="middle", bold=True)
    for column in (*frame.cells, *([frame.weight] if frame.weight else [])):
        canvas.text(column.centre, _HEADER_2, column.header, anchor="middle", bold=True)
    for centre in (frame.effect.centre, sum(frame.plot) / 2):
        for y, line in zip((_HEADER_1, _HEADER_2), plot.effect_header, strict=True):
            canvas.text(centre, y, line, anchor="middle", bold=True)
    if plot.rob and frame.discs:
        canvas.text(_middle(frame.discs), _HEADER_1, plot.rob.title, anchor="middle", bold=True)
        for x, (letter, _name) in zip(frame.discs, plot.rob.domains, strict=True):
            canvas.text(x, _HEADER_2, letter, anchor="middle", bold=True)
    canvas.line(look.margin, _RULE, frame.right, _RULE)


def _draw_row(
    canvas: Canvas, plot: ForestPlot, look: ForestStyle, frame: Frame, scale: Scale, row: Row, y: float
) -> None:
    baseline = y + _BASELINE
    canvas.text(look.margin + row.indent, baseline, row.label, bold=row.bold)
    if row.note:
        x = look.margin + row.indent + canvas.width_of(row.label, bold=row.bold) + 2.0
        canvas.text(x, baseline - _NOTE_RISE, row.note, size=look.note_size)
    for column, cell in zip(frame.cells, row.cells, strict=False):
        canvas.text(column.right, baseline, cell, anchor="end", bold=row.bold)
    if frame.weight:
        canvas.text(frame.weight.right, baseline, row.weight, anchor="end", bold=row.bold)
    canvas.text(frame.effect.right, baseline, row.effect, anchor="end", bold=row.bold)
    _draw_mark(canvas, plot, look, frame, scale, row.mark, y - look.mark_lift)


def _draw_mark(
    canvas: Canvas,
    plot: ForestPlot,
    look: ForestStyle,
    frame: Frame,
    scale: Scale,
    mark: ForestStudy | ForestPooled | Prediction | None,
    y: float,
) -> None:
    match mark:
        case ForestStudy(effect=effect):
            if effect:
                side, fill = square_side(mark.weight), look.squares[plot.kind]
                draw_study(canvas, scale, frame.plot, y, effect, side, fill)
            for x, judgement in zip(frame.discs, mark.rob, strict=False):
                if judgement:
                    draw_disc(canvas, x, y, judgement)
        case ForestPooled(effect=effect):
            if effect:
                draw_diamond(canvas, scale, frame.plot, y, effect)
        case Prediction():
            draw_bar(canvas, scale, frame.plot, y, mark.lo, mark.hi)
        case None:
            pass


def _middle(places: tuple[float, ...]) -> float:
    return (places[0] + places[-1]) / 2


def _draw_notes(canvas: Canvas, plot: ForestPlot, look: ForestStyle, right: float, bottom: float) -> float:
    """Footnotes and the legend of the discs, below everything else; returns the new bottom."""
    width = right - look.margin
    if plot.footnotes:
        bottom = _draw_list(canvas, look, "Footnotes", _numbered(plot.footnotes), width, bottom)
    if plot.rob:
        domains = [(f"({letter})", name) for letter, name in plot.rob.domains]
        bottom = _draw_list(canvas, look, f"{plot.rob.title.capitalize()} legend", domains, width, bottom)
        if plot.rob.levels:
            bottom = _draw_levels(canvas, plot.rob, look, width, bottom)
    return bottom


def _numbered(notes: tuple[str, ...]) -> list[tuple[str, str]]:
    return [(f"({number})", note) for number, note in enumerate(notes, start=1)]


def _draw_list(
    canvas: Canvas, look: ForestStyle, title: str, entries: list[tuple[str, str]], width: float, bottom: float
) -> float:
    y = bottom + 26.0
    canvas.text(look.margin, y, title, bold=True)
    indent = max(canvas.width_of(mark) for mark, _note in entries) + 6.0 if entries else 0.0
    for mark, note in entries:
        for index, line in enumerate(canvas.wrap(note, width - indent)):
            y += _NOTES_PITCH
            canvas.text(look.margin, y, mark if index == 0 else "")
            canvas.text(look.margin + indent, y, line)
    return y + 9.0


def _draw_levels(canvas: Canvas, rob: RiskOfBiasColumns, look: ForestStyle, width: float, bottom: float) -> float:
    y = bottom + _NOTES_PITCH
    pitch = look.row + 2.0
    return (
        draw_disc_legend(canvas, look.margin, y, rob.levels, width=width, size=look.font_size, pitch=pitch)
        - pitch
        + 9.0
    )
