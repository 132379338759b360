"""The hand that only clicks and turns the wheel; it types letters, but only into the field or cell it has clicked.

What another widget lies over, this hand cannot click, and says so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QPersistentModelIndex, QPoint, QRect, Qt
from PySide6.QtGui import QWindow
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView, QAbstractScrollArea, QApplication, QComboBox, QWidget

from gui.widgets.fields import SegmentedControl
from gui.widgets.panes import TabLine
from tests.features.eyes import Lost
from tests.features.hand import Base, called
from tests.tools.stalls import WATCH

_MAX_NOTCHES = 60
_NOTCH = 120
_STEADY = 3
"""So many looks in a row at the same place: it does not move any more."""
_BUTTONS = {
    "edit.undo": "top.undo", "edit.redo": "top.redo", "file.new": "start.new", "fulltext.reason_1": "reason.1",
    "riskofbias.level_low": "riskofbias.low", "riskofbias.level_high": "riskofbias.high",
    "extraction.take_left": "compare.take_left",
}  # fmt: skip
"""Actions whose button is no button of the registry."""


class Mouse(Base):
    """See the module."""

    def click(self, widget: QWidget, place: Callable[[], QRect] | None = None) -> None:
        """Click in the middle of `widget`, or of a part of it, scrolled into sight with the wheel."""
        where = place or widget.rect
        spot = self._steady(widget, where)
        if self._wheel_to(widget, where):
            spot = self._steady(widget, where)
        there = widget.window().childAt(spot) or widget.window()
        if there is not widget and not widget.isAncestorOf(there):
            raise Lost(f"{called(widget)} cannot be clicked: {called(there)} lies over it")
        surface = _surface_of(widget)
        with WATCH.turn():
            QTest.mouseMove(surface, spot)
        with WATCH.turn():
            QTest.mouseClick(surface, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, spot)

    def _steady(self, widget: QWidget, where: Callable[[], QRect]) -> QPoint:
        """Where a thing is in its window once it keeps its place: after a change, layouts need rounds of events."""
        seen: list[QPoint] = []

        def is_steady() -> bool:
            seen.append(widget.mapTo(widget.window(), where().center()))
            return len(seen) >= _STEADY and all(each == seen[-1] for each in seen[-_STEADY:])

        self.eyes.until(is_steady, f"{called(widget)} keeps its place")
        return seen[-1]

    def _wheel_to(self, widget: QWidget, where: Callable[[], QRect]) -> bool:
        """Turn the wheel over the scroll areas around `widget`, the innermost first; whether that was needed."""
        turned = False
        area = widget.parentWidget()
        while area is not None:
            viewport = area.viewport() if isinstance(area, QAbstractScrollArea) else None
            if viewport is not None and (viewport is widget or viewport.isAncestorOf(widget)):
                turned = self._wheel(viewport, widget, where) or turned
            area = None if area.isWindow() else area.parentWidget()
        return turned

    def _wheel(self, viewport: QWidget, widget: QWidget, where: Callable[[], QRect]) -> bool:
        middle = viewport.mapTo(widget.window(), viewport.rect().center())
        for turns in range(_MAX_NOTCHES):
            height = widget.mapTo(widget.window(), where().center()).y()
            top = viewport.mapTo(widget.window(), QPoint(0, 0)).y()
            if top <= height < top + viewport.height():
                return turns > 0
            notch = QPoint(0, _NOTCH if height < top else -_NOTCH)
            with WATCH.turn():
                QTest.wheelEvent(_surface_of(widget), middle, notch)
            with WATCH.turn():
                QApplication.processEvents()
        raise Lost(f"{called(widget)} cannot be scrolled into sight")

    def do(self, action: str) -> None:
        self.press(_button_of(action))

    def press(self, name: str) -> None:
        self.eyes.until(lambda: self.eyes.can(name), f"{name} can be pressed")
        self.click(self.eyes.find(name))
        self.eyes.rest()

    def write(self, name: str, text: str, *, add: str = "") -> None:
        field = self.eyes.find(name)
        self.click(field)
        self.eyes.until(lambda: _has_focus(field), f"{name} takes the typing")
        self.type_text(text)
        if add:
            self.press(add)

    def choose(self, name: str, entry: str) -> None:
        combo = self.eyes.find(name, QComboBox)
        index = combo.model().index(self.combo_row(combo, entry), combo.modelColumn())
        self.click(combo)
        view = combo.view()
        self.eyes.until(view.isVisible, f"the entries of {name} are shown")
        view.scrollTo(index)
        QTest.mouseMove(self.surface, QPoint(1, 1))  # the pointer moves off the box before it clicks again
        self.click(view.viewport(), lambda: view.visualRect(index))
        self.eyes.until(lambda: not view.isVisible(), f"the entries of {name} are closed")
        self.eyes.rest()

    def turn(self, name: str, part: str) -> None:
        control = self.eyes.find(name)
        assert isinstance(control, (TabLine, SegmentedControl))
        place = control.tab_rect if isinstance(control, TabLine) else control.segment_rect
        self.click(control, lambda: place(part))
        self.eyes.rest()

    def pick(self, name: str, text: str) -> None:
        view = self.eyes.find(name, QAbstractItemView)
        index = QPersistentModelIndex(self.eyes.index(view, text))
        self.click(view.viewport(), lambda: view.visualRect(index))
        self.eyes.rest()

    def fill(self, name: str, values: Mapping[str, str]) -> None:
        for cell, text in values.items():
            self.pick(name, cell)
            self.type_text(text)
        self.pick(name, next(iter(values)))  # going to another cell keeps what was typed in the last

    def menu(self, name: str, entry: str) -> None:
        menu = self.open_menu(lambda: self.click(self.eyes.find(name)))
        action = self.entry(menu, entry)
        self.click(menu, lambda: menu.actionGeometry(action))
        self.eyes.until(lambda: QApplication.activePopupWidget() is None, "the menu is closed")
        self.eyes.rest()


def _button_of(action: str) -> str:
    return _BUTTONS.get(action) or action.replace("go.", "rail.")


def _surface_of(widget: QWidget) -> QWindow:
    surface = widget.window().windowHandle()
    assert surface is not None
    return surface


def _has_focus(widget: QWidget) -> bool:
    focus = QApplication.focusWidget()
    return focus is not None and (focus is widget or widget.isAncestorOf(focus))
