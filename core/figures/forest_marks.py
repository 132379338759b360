"""The marks of a forest plot: squares, diamonds, bars and arrowheads within the plot, and the axis under it."""

from __future__ import annotations

from core.figures.canvas import Canvas
from core.figures.forest_model import Interval
from core.figures.primitives import Point
from core.figures.scale import Scale, tick_label

Span = tuple[float, float]
"""Left and right end of the plot, in pixels."""
Favours = tuple[list[str], list[str]]
"""The lines of the left and the right label under the axis."""

_HALF_DIAMOND = 9.0
_ARROW_LENGTH = 5.0
_ARROW_HALF = 2.0
_TICK = 4.0
_TICK_BASELINE = 16.0
_FAVOURS_BASELINE = 31.0
_FAVOURS_PITCH = 17.0
_FAVOURS_GAP = 20.0
_FAVOURS_WIDEST = 200.0
_BELOW_BASELINE = 9.0
_TICK_GAP = 4.0


def square_side(weight: float | None) -> float:
    """The side of a study's square in pixels, from its weight in percent; fits every square RevMan Web drew."""
    return 2.0 + 0.16 * (25.0 if weight is None else weight)


def draw_study(canvas: Canvas, scale: Scale, span: Span, y: float, effect: Interval, side: float, fill: str) -> None:
    """The interval as a line, clipped with an arrowhead where it leaves the plot; the estimate as a square on it."""
    _draw_clipped(canvas, scale, span, y, effect.lo, effect.hi, thickness=1.0)
    at = scale.fraction(effect.estimate)
    if 0 <= at <= 1:
        x = _place(span, at)
        canvas.rect(x - side / 2, y - side / 2, side, side, fill=fill)


def draw_bar(canvas: Canvas, scale: Scale, span: Span, y: float, lo: float, hi: float) -> None:
    """A prediction interval: a bar 3 px thick, clipped like an interval."""
    _draw_clipped(canvas, scale, span, y, lo, hi, thickness=3.0)


def draw_diamond(canvas: Canvas, scale: Scale, span: Span, y: float, effect: Interval) -> None:
    """A pooled effect from limit to limit; what lies beyond the plot is cut off."""
    left, right = span
    xs = [_place(span, scale.fraction(v)) for v in (effect.lo, effect.estimate, effect.hi)]
    if xs[2] < left or xs[0] > right:
        _arrowhead(canvas, left if xs[2] < left else right, y, outward=-1 if xs[2] < left else 1)
        return
    shape = [(xs[0], y), (xs[1], y - _HALF_DIAMOND), (xs[2], y), (xs[1], y + _HALF_DIAMOND)]
    clipped = _cut(_cut(shape, left, keep=1), right, keep=-1)
    canvas.polygon(*clipped)


def favours_lines(canvas: Canvas, favours: tuple[str, str]) -> Favours:
    """Both labels under the axis, each broken into lines short enough."""
    left, right = (canvas.wrap(label, _FAVOURS_WIDEST) if label else [] for label in favours)
    return left, right


def axis_extent(canvas: Canvas, scale: Scale, span: Span, favours: Favours) -> Span:
    """The leftmost and rightmost x of everything printed under the plot."""
    middle = _middle(scale, span)
    ends = [tick_box(canvas, scale, span, tick) for tick in scale.ticks]
    lefts = [middle - _FAVOURS_GAP - canvas.width_of(line) for line in favours[0]]
    rights = [middle + _FAVOURS_GAP + canvas.width_of(line) for line in favours[1]]
    return min(span[0], *lefts, *(start for start, _ in ends)), max(span[1], *rights, *(end for _, end in ends))


def draw_axis(canvas: Canvas, scale: Scale, span: Span, y: float, top: float, favours: Favours) -> float:
    """The axis at ``y``, the line of no effect up to ``top``, ticks and labels; returns the bottom of it all."""
    middle = _middle(scale, span)
    if scale.no_effect is not None:
        canvas.line(middle, top, middle, y)
    canvas.line(span[0], y, span[1], y)
    for tick in scale.ticks:
        x = _place(span, scale.fraction_shown(tick))
        canvas.line(x, y - _TICK, x, y + _TICK)
    for tick in _labelled(canvas, scale, span):
        x = _place(span, scale.fraction_shown(tick))
        canvas.text(x, y + _TICK_BASELINE, tick_label(tick), anchor="middle")
    for index, line in enumerate(favours[0]):
        canvas.text(middle - _FAVOURS_GAP, y + _FAVOURS_BASELINE + index * _FAVOURS_PITCH, line, anchor="end")
    for index, line in enumerate(favours[1]):
        canvas.text(middle + _FAVOURS_GAP, y + _FAVOURS_BASELINE + index * _FAVOURS_PITCH, line)
    count = max(map(len, favours))
    last = _FAVOURS_BASELINE + (count - 1) * _FAVOURS_PITCH if count else _TICK_BASELINE
    return y + last + _BELOW_BASELINE


def tick_box(canvas: Canvas, scale: Scale, span: Span, tick: float) -> Span:
    """Left and right of a tick's label."""
    x = _place(span, scale.fraction_shown(tick))
    half = canvas.width_of(tick_label(tick)) / 2
    return x - half, x + half


def _labelled(canvas: Canvas, scale: Scale, span: Span) -> list[float]:
    """The ticks that get a label: no effect and the ends first, the others where there is room left."""
    ends = {scale.no_effect, scale.ticks[0], scale.ticks[-1]} if scale.ticks else set[float | None]()
    chosen: list[float] = []
    for tick in sorted(scale.ticks, key=lambda t: (t != scale.no_effect, t not in ends)):
        left, right = tick_box(canvas, scale, span, tick)
        boxes = [tick_box(canvas, scale, span, other) for other in chosen]
        if all(right + _TICK_GAP <= start or end + _TICK_GAP <= left for start, end in boxes):
            chosen.append(tick)
    return chosen


def _middle(scale: Scale, span: Span) -> float:
    """Where no effect lies; the middle of the plot when it is not on the scale."""
    return _place(span, 0.5 if scale.no_effect is None else scale.fraction_shown(scale.no_effect))


def _place(span: Span, fraction: float) -> float:
    return span[0] + fraction * (span[1] - span[0])


def _draw_clipped(
    canvas: Canvas, scale: Scale, span: Span, y: float, lo: float, hi: float, *, thickness: float
) -> None:
    from_, to = scale.fraction(lo), scale.fraction(hi)
    if from_ < 1 and to > 0:
        x1, x2 = _place(span, max(from_, 0.0)), _place(span, min(to, 1.0))
        canvas.line(x1, y, x2, y, width=thickness)
    if from_ < 0:
        _arrowhead(canvas, span[0], y, outward=-1)
    if to > 1:
        _arrowhead(canvas, span[1], y, outward=1)


def _arrowhead(canvas: Canvas, tip: float, y: float, *, outward: int) -> None:
    back = tip - outward * _ARROW_LENGTH
    canvas.polygon((tip, y), (back, y - _ARROW_HALF), (back, y + _ARROW_HALF))


def _cut(shape: list[Point], x: float, *, keep: int) -> list[Point]:
    """The part of a convex shape on one side of a vertical line (``keep`` 1: the right side)."""
    kept: list[Point] = []
    for (x1, y1), (x2, y2) in zip(shape, [*shape[1:], shape[0]], strict=True):
        inside = (x1 - x) * keep >= 0
        if inside:
            kept.append((x1, y1))
        if inside != ((x2 - x) * keep >= 0):
            kept.append((x, y1 + (y2 - y1) * (x - x1) / (x2 - x1)))
    return kept
