"""Boxes of primitives, to ask whether things overlap. All in points."""

from __future__ import annotations

from itertools import combinations

from core.figures.primitives import Circle, Item, Layout, Line, Polygon, Rect, Text

Box = tuple[float, float, float, float]

_INK_ABOVE, _INK_BELOW = 0.74, 0.21
"""What letters without accents fill above and below the baseline, in parts of the size."""


def ink(text: Text) -> Box:
    """Left, top, right, bottom of a run's letters."""
    before, after = text.start, text.width - text.start
    above, below = _INK_ABOVE * text.size, _INK_BELOW * text.size
    if text.rotation:
        return (text.x - above, text.y - after, text.x + below, text.y + before)
    return (text.x - before, text.y - above, text.x + after, text.y + below)


def box_of(item: Item) -> Box:
    """The bounding box of any primitive."""
    match item:
        case Text():
            return ink(item)
        case Line():
            half = item.width / 2
            xs, ys = sorted((item.x1, item.x2)), sorted((item.y1, item.y2))
            return (xs[0] - half, ys[0] - half, xs[1] + half, ys[1] + half)
        case Rect():
            return (item.x, item.y, item.x + item.width, item.y + item.height)
        case Polygon():
            xs, ys = zip(*item.points, strict=True)
            return (min(xs), min(ys), max(xs), max(ys))
        case Circle():
            return (item.x - item.radius, item.y - item.radius, item.x + item.radius, item.y + item.radius)


def overlap(a: Box, b: Box) -> bool:
    """Whether two boxes share more than an edge."""
    slack = 1e-6
    return a[0] < b[2] - slack and b[0] < a[2] - slack and a[1] < b[3] - slack and b[1] < a[3] - slack


def overlapping_texts(layout: Layout) -> list[tuple[str, str]]:
    """Pairs of runs that touch each other."""
    boxes = [(text.text, ink(text)) for text in layout.texts()]
    return [(a, b) for (a, box_a), (b, box_b) in combinations(boxes, 2) if overlap(box_a, box_b)]


def outside(layout: Layout) -> list[Item]:
    """Primitives that stick out of the sheet."""
    sheet = (0.0, 0.0, layout.width, layout.height)

    def inside(box: Box) -> bool:
        return box[0] >= sheet[0] and box[1] >= sheet[1] and box[2] <= sheet[2] and box[3] <= sheet[3]

    return [item for item in layout.items if not inside(box_of(item))]


def find_text(layout: Layout, words: str) -> Text:
    """The only run that reads ``words``."""
    (found,) = [text for text in layout.texts() if text.text == words]
    return found


def pixels(points: float) -> float:
    """Points to CSS pixels."""
    return points * 4 / 3
