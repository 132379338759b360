"""Which explanation belongs to what: a widget says its topic, and the one asked for is found from the inside out.

explain(self.method, "method.{value}")                      # the topic of what is chosen, else that of the group
explain(self.notes, "notes")                                # holds for all that stands in it, unless it says more
explain_cells(self.table, lambda index: ...)                # cells answer for themselves
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QModelIndex, QPoint, QRect
from PySide6.QtWidgets import QAbstractItemView, QTableView, QWidget

from gui.widgets.fields import Combo, SegmentedControl

_TOPIC = "explain"
_CELLS = "explainCells"


def explain(widget: QWidget, topic: str) -> None:
    """Say what `widget`, and what stands in it, is about: an id of `core.explain`; ``{value}`` is what is chosen."""
    widget.setProperty(_TOPIC, topic)


def explain_cells(view: QAbstractItemView, topic_of: Callable[[QModelIndex], str]) -> None:
    """Let the cells of `view` say what they are about; "" for what the view itself is about."""
    view.setProperty(_CELLS, topic_of)


def said_topic(widget: QWidget) -> str:
    """What was said of this widget itself, "" when nothing was."""
    topic = widget.property(_TOPIC)
    if not isinstance(topic, str):
        return ""
    value = ""
    if isinstance(widget, Combo):
        value = str(widget.value() or "")
    elif isinstance(widget, SegmentedControl):
        value = widget.current()
    return topic.replace("{value}", value)


def topic_of(widget: QWidget | None, place: QPoint | None = None) -> str:
    """The topic of a widget or of the first one around it that has one; `place` (global) tells which cell is meant,
    None the current one. "" when nothing is said up to the window."""
    while widget is not None:
        topic = _of_cell(widget, place) or said_topic(widget)
        if topic:
            return topic
        widget = widget.parentWidget()
    return ""


def _of_cell(widget: QWidget, place: QPoint | None) -> str:
    topic_at = widget.property(_CELLS)
    if not isinstance(widget, QAbstractItemView) or not callable(topic_at):
        return ""
    index = widget.currentIndex() if place is None else _index_at(widget, place)
    return str(topic_at(index)) if index.isValid() else ""


def _index_at(view: QAbstractItemView, place: QPoint) -> QModelIndex:
    """The cell at a place; over the header the first one of the column."""
    spot = view.viewport().mapFromGlobal(place)
    index = view.indexAt(spot)
    if not index.isValid() and isinstance(view, QTableView) and spot.y() < 0:
        index = view.model().index(0, view.columnAt(spot.x()))
    return index


def under_pointer(window: QWidget, place: QPoint) -> QWidget | None:
    """The widget of `window` that lies at a place on the screen."""
    spot = window.mapFromGlobal(place)
    return window.childAt(spot) if window.rect().contains(spot) else None


def spot_of(widget: QWidget, window: QWidget) -> QRect:
    """Where a widget (of a view its current cell) stands in the window, as far as it can be seen."""
    rect = widget.visibleRegion().boundingRect()
    if isinstance(widget, QAbstractItemView) and widget.currentIndex().isValid():
        cell = widget.visualRect(widget.currentIndex())
        cell.translate(widget.viewport().pos())
        rect = cell.intersected(rect)
    return QRect(widget.mapTo(window, rect.topLeft()), rect.size())


def placed(spot: QRect, size: QRect, room: QRect, gap: int) -> QRect:
    """`size` put into `room` beside `spot`: below, above, right or left of it, whichever first has room without
    covering it; where none has, at the right edge."""
    width, height = min(size.width(), room.width()), min(size.height(), room.height())

    def at(x: int, y: int) -> QRect:
        return QRect(
            max(room.left(), min(x, room.right() + 1 - width)), max(room.top(), min(y, room.bottom() + 1 - height)),
            width, height,
        )  # fmt: skip

    tries = (
        at(spot.left(), spot.bottom() + 1 + gap),
        at(spot.left(), spot.top() - gap - height),
        at(spot.right() + 1 + gap, spot.top()),
        at(spot.left() - gap - width, spot.top()),
    )
    free = next((each for each in tries if not each.intersects(spot)), None)
    return free if free is not None else at(room.right() + 1 - width, room.top())
