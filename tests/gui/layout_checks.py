"""What must hold of any window at any size: nothing cut off or overlapping, everything named, everything reachable."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import TypeVar

from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QApplication,
    QComboBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QScrollArea,
    QSplitterHandle,
    QStyle,
    QStyleOptionComboBox,
    QWidget,
)

from gui import theme
from gui.palette.palette import Palette
from gui.theme import Type
from gui.widgets.drop_hint import DropHint
from gui.widgets.fields import SegmentedControl
from gui.widgets.keys_panel import Popover
from gui.widgets.labels import ElidedLabel
from gui.widgets.marks import Chip
from gui.widgets.panes import TabLine

W = TypeVar("W", bound=QWidget)
Parts = Sequence[QWidget]
TARGET = 24
"""Least width and height of what can be clicked, in logical pixels (WCAG 2.2, 2.5.8)."""
_HEADER_PADDING = 16
_OVER = (Palette, DropHint, Popover)  # lie over what is below on purpose
_ROUNDS = 6  # a layout within a layout finds its size in the round after the one around it


def faults(window: QWidget) -> list[str]:
    """Sentences on what is wrong with the visible widgets of `window`, once its layouts have come to rest."""
    for _ in range(_ROUNDS):
        QApplication.processEvents()
    parts = visible(window)
    checks = (
        cut_labels,
        cut_parts,
        cut_headers,
        cut_fields,
        squeezed_buttons,
        small_targets,
        overlaps,
        sticking_out,
        scrolling_sideways,
        unnamed,
    )
    return [fault for check in checks for fault in check(parts)]


def visible(window: QWidget) -> Parts:
    """The window and all in it that is shown now."""
    return [window, *(each for each in window.findChildren(QWidget) if each.isVisible())]


def only(parts: Parts, kind: type[W]) -> Iterator[W]:
    """Those of a kind."""
    return (each for each in parts if isinstance(each, kind))


def cut_labels(parts: Parts) -> list[str]:
    """Labels narrower than their text without a tooltip that has it, or lower than their text."""
    found: list[str] = []
    for label in only(parts, QLabel):
        if not label.text():
            continue
        needed = label.fontMetrics().horizontalAdvance(label.text())
        if isinstance(label, ElidedLabel):
            # The tooltip comes with painting, and what is scrolled out of sight has not been painted.
            if needed > label.width() and not label.visibleRegion().isEmpty() and not label.toolTip():
                found.append(f"label “{label.text()}” is elided without a tooltip")
        elif label.wordWrap():
            if label.height() < label.heightForWidth(label.width()):
                found.append(f"label “{label.text()}” is {label.height()} high")
        elif label.width() < needed:
            found.append(f"label “{label.text()}” is {label.width()} wide")
        if label.height() < label.fontMetrics().height() - 1:
            found.append(f"label “{label.text()}” is {label.height()} high, its letters {label.fontMetrics().height()}")
    return found


def cut_parts(parts: Parts) -> list[str]:
    """Tabs, segments and chips smaller than their texts."""
    return [
        f"{type(each).__name__} “{each.accessibleName()}” is {each.width()} of {each.sizeHint().width()} wide"
        for kind in (TabLine, SegmentedControl, Chip)
        for each in only(parts, kind)
        if each.width() < each.sizeHint().width() or each.height() < each.sizeHint().height()
    ]


def cut_headers(parts: Parts) -> list[str]:
    """Names of columns that do not fit their column and have no tooltip."""
    found: list[str] = []
    across = Qt.Orientation.Horizontal
    for header in only(parts, QHeaderView):
        model = header.model()
        if header.orientation() != across or model is None:
            continue
        for section in (n for n in range(header.count()) if not header.isSectionHidden(n)):
            name = str(model.headerData(section, across) or "")
            room = header.sectionSize(section) - _HEADER_PADDING
            needed = max(theme.metrics(Type.SMALL_LABEL).horizontalAdvance(line) for line in name.split("\n"))
            if needed > room and not model.headerData(section, across, Qt.ItemDataRole.ToolTipRole):
                found.append(f"column “{name}” has {room} of {needed} and no tooltip")
    return found


def cut_fields(parts: Parts) -> list[str]:
    """Texts of combo boxes, and of empty fields, that do not fit and have no tooltip."""
    found: list[str] = []
    for combo in only(parts, QComboBox):
        option = QStyleOptionComboBox()
        combo.initStyleOption(option)
        part = QStyle.SubControl.SC_ComboBoxEditField
        room = combo.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, part, combo).width() - 2
        # As with labels, the tooltip comes with painting.
        seen = not combo.visibleRegion().isEmpty()
        if seen and combo.fontMetrics().horizontalAdvance(combo.currentText()) > room and not combo.toolTip():
            found.append(f"“{combo.currentText()}” in {combo.accessibleName()} has {room} and no tooltip")
    for field in only(parts, QLineEdit):
        needed = field.fontMetrics().horizontalAdvance(field.placeholderText())
        if not field.text() and needed > field.width() - 18 and not field.toolTip():
            found.append(f"“{field.placeholderText()}” has {field.width()} of {needed} and no tooltip")
    return found


def squeezed_buttons(parts: Parts) -> list[str]:
    """Buttons smaller than they ask for; the icons Qt puts inside fields have sizes of their own."""
    return [
        f"button “{button.accessibleName()}” is {button.width()} of {button.minimumSizeHint().width()} wide"
        for button in only(parts, QAbstractButton)
        if not isinstance(button.parentWidget(), QLineEdit)
        and (button.width() < button.minimumSizeHint().width() or button.height() < button.minimumSizeHint().height())
    ]


def small_targets(parts: Parts) -> list[str]:
    """What can be clicked and is too small to hit."""
    found: list[str] = []
    for kind in (QAbstractButton, QComboBox, QLineEdit, TabLine, SegmentedControl):
        for each in only(parts, kind):
            inside = isinstance(each.parentWidget(), (QLineEdit, QComboBox, QAbstractItemView))
            if not inside and min(each.width(), each.height()) < TARGET:
                found.append(f"“{_called(each)}” is {each.width()} × {each.height()}")
    for view in only(parts, QAbstractItemView):
        model = view.model()
        if model is not None and not isinstance(view, QHeaderView) and model.rowCount(view.rootIndex()):
            height = view.visualRect(model.index(0, 0, view.rootIndex())).height()
            if 0 < height < TARGET:
                found.append(f"rows of “{_called(view)}” are {height} high")
    return found


def overlaps(parts: Parts) -> list[str]:
    """Widgets side by side of which one lies over another."""
    found: list[str] = []
    for parent in parts:
        if isinstance(parent, (QAbstractScrollArea, QComboBox, QLineEdit)):
            continue  # what Qt puts into these has its own places
        children = [each for each in parent.children() if isinstance(each, QWidget) and each.isVisible()]
        placed = [each for each in children if not isinstance(each, (QSplitterHandle, *_OVER)) and not each.isWindow()]
        for one, other in combinations(placed, 2):
            if not one.geometry().intersected(other.geometry()).isEmpty():
                found.append(f"“{_called(one)}” and “{_called(other)}” overlap in “{_called(parent)}”")
    return found


def sticking_out(parts: Parts) -> list[str]:
    """Widgets that reach beyond what they stand in, and so are cut off."""
    found: list[str] = []
    for each in parts[1:]:
        parent = each.parentWidget()
        around = parent.parentWidget() if parent is not None else None
        scrolled = isinstance(around, QAbstractScrollArea) and around.viewport() is parent
        if parent is None or each.isWindow() or scrolled or isinstance(parent, (QAbstractScrollArea, QLineEdit)):
            continue
        if isinstance(each, QSplitterHandle) or each.geometry().isEmpty():
            continue
        if not _widened(parent.rect()).contains(each.geometry()):
            found.append(f"“{_called(each)}” sticks out of “{_called(parent)}”: {_box(each.geometry())}")
    return found


def scrolling_sideways(parts: Parts) -> list[str]:
    """Parts of a page that have to be scrolled sideways to be read."""
    return [
        f"“{_called(each)}” scrolls sideways by {each.horizontalScrollBar().maximum()}"
        for each in only(parts, QScrollArea)
        if each.horizontalScrollBar().maximum() > 0
    ]


def unnamed(parts: Parts) -> list[str]:
    """Controls a screen reader could not name."""
    found: list[str] = []
    for kind in (QAbstractButton, QComboBox, QLineEdit, QAbstractItemView):
        for widget in only(parts, kind):
            parent = widget.parentWidget()
            inner = isinstance(parent, (QComboBox, QAbstractItemView, QLineEdit))
            text = widget.text() if isinstance(widget, QAbstractButton) else ""
            if not inner and not widget.accessibleName() and not text:
                found.append(f"{type(widget).__name__} in {type(parent).__name__} has no accessible name")
    return found


def _called(widget: QWidget) -> str:
    said = widget.text() if isinstance(widget, (QLabel, QAbstractButton)) else ""
    return widget.objectName() or widget.accessibleName() or said or type(widget).__name__


def _widened(rect: QRect) -> QRect:
    """By the pixel that a focus ring or a line may use."""
    return rect.adjusted(-1, -1, 1, 1)


def _box(rect: QRect) -> str:
    return f"{rect.width()} × {rect.height()} at {rect.x()}, {rect.y()}"
