"""Two hands for one story: one that only presses keys, one that only clicks (and types into the field it clicked).

Both find widgets of the real window by name and send events to the window's own surface at the place of the widget,
as the system does. What lies above a widget gets the click; what cannot be reached by Tab or F6 cannot be used by keys.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

from PySide6.QtCore import QPersistentModelIndex, QPoint, QRect, Qt
from PySide6.QtGui import QAction, QKeySequence, QWindow
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractItemView,
    QAbstractScrollArea,
    QApplication,
    QComboBox,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QWidget,
)

from gui.actions import is_single
from gui.main_window import MainWindow
from gui.widgets.fields import SegmentedControl
from gui.widgets.panes import TabLine
from tests.features.eyes import Eyes, Lost

_KEYS = {
    "Left": Qt.Key.Key_Left, "Right": Qt.Key.Key_Right, "Up": Qt.Key.Key_Up, "Down": Qt.Key.Key_Down,
    "Home": Qt.Key.Key_Home, "Tab": Qt.Key.Key_Tab, "Return": Qt.Key.Key_Return, "Space": Qt.Key.Key_Space,
    "Esc": Qt.Key.Key_Escape,
}  # fmt: skip
_FIELDS = (QLineEdit, QPlainTextEdit, QComboBox)
_MAX_TABS = 120
_MAX_STEPS = 200
_MAX_PANES = 8
_MAX_NOTCHES = 60
_NOTCH = 120
_STEADY = 4


class Hand(Protocol):
    """What the story asks of a hand. Each returns when the window is at rest again."""

    eyes: Eyes

    def do(self, action: str) -> None:
        """Do an action of the registry: by its key, or by its button."""
        ...

    def press(self, name: str) -> None:
        """Press a button."""
        ...

    def write(self, name: str, text: str, *, enter: bool = False) -> None:
        """Put `text` in a field in place of what stands there, then Return if wanted."""
        ...

    def choose(self, name: str, entry: str) -> None:
        """Choose an entry of a combo box."""
        ...

    def turn(self, name: str, part: str) -> None:
        """Choose a tab or a segment by its id."""
        ...

    def pick(self, name: str, text: str) -> None:
        """Make the row or cell with `text` current in a list, table or tree."""
        ...

    def fill(self, name: str, values: Mapping[str, str]) -> None:
        """Type these texts into the cells of a grid, found by the words they are announced with."""
        ...

    def menu(self, name: str, entry: str) -> None:
        """Open the menu of a button (or action) and choose an entry."""
        ...


class _Base:
    def __init__(self, window: MainWindow) -> None:
        self.window = window
        self.eyes = Eyes(window)

    @property
    def surface(self) -> QWindow:
        """What the system would send events to."""
        top = QApplication.activePopupWidget() or self.window
        handle = top.windowHandle()
        assert handle is not None
        return handle

    def type_text(self, text: str) -> None:
        """Type letter by letter into what has the focus."""
        shift = Qt.KeyboardModifier.ShiftModifier
        for letter in text:
            key = Qt.Key(ord(letter.upper())) if letter.isascii() else Qt.Key.Key_unknown
            held = shift if letter.isupper() else Qt.KeyboardModifier.NoModifier
            QTest.sendKeyEvent(QTest.KeyAction.Click, self.surface, key, letter, held)

    def key(self, name: str) -> None:
        """Press a key or a combination by its portable name."""
        if name in _KEYS:
            QTest.keyClick(self.surface, _KEYS[name])
            return
        combined = QKeySequence(name)[0]
        held, key = combined.keyboardModifiers(), combined.key()
        text = chr(key) if 0x20 < key < 0x7F and not held & ~Qt.KeyboardModifier.ShiftModifier else ""
        if text and not held:
            text = text.lower()
        QTest.sendKeyEvent(QTest.KeyAction.Click, self.surface, key, text, held)

    def _open_menu(self, button: Callable[[], None]) -> QMenu:
        button()
        self.eyes.until(lambda: isinstance(QApplication.activePopupWidget(), QMenu), "a menu is open")
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        return menu

    def _entry(self, menu: QMenu, text: str) -> QAction:
        found = [each for each in menu.actions() if each.text().replace("&&", "&") == text and each.isEnabled()]
        if not found:
            raise Lost(f"no “{text}” in the menu: {[each.text() for each in menu.actions()]}")
        return found[0]

    def _combo_row(self, combo: QComboBox, entry: str) -> int:
        found = [row for row in range(combo.count()) if entry.casefold() in combo.itemText(row).casefold()]
        if not found:
            raise Lost(f"no “{entry}” among {[combo.itemText(row) for row in range(combo.count())]}")
        return found[0]


class Keys(_Base):
    """Keys only."""

    def do(self, action: str) -> None:
        spec = self.window.registry.get(action)
        self.eyes.until(lambda: self.window.registry.is_enabled(action), f"{action} can be done")
        if not spec.key:
            self.press(action)
            return
        if is_single(spec.key) and isinstance(QApplication.focusWidget(), _FIELDS):
            self._leave_field()
        self.key(spec.key)
        self.eyes.rest()

    def _leave_field(self) -> None:
        for _ in range(_MAX_TABS):
            self.key("Tab")
            if not isinstance(QApplication.focusWidget(), _FIELDS):
                return
        raise Lost("no way out of the fields by Tab")

    def press(self, name: str) -> None:
        self.reach(self.eyes.find(name))
        self.key("Space")
        self.eyes.rest()

    def write(self, name: str, text: str, *, enter: bool = False) -> None:
        self.reach(self.eyes.find(name))
        self.key("Ctrl+A")
        self.type_text(text)
        self.key("Return" if enter else "Tab")
        self.eyes.rest()

    def choose(self, name: str, entry: str) -> None:
        combo = self.eyes.find(name, QComboBox)
        self.reach(combo)
        row = self._combo_row(combo, entry)
        self.key("Alt+Down")
        self.eyes.until(lambda: combo.view().isVisible(), f"the entries of {name} are shown")
        self.key("Home")
        for _ in range(row):
            self.key("Down")
        self.key("Return")
        self.eyes.until(lambda: not combo.view().isVisible(), f"the entries of {name} are closed")
        self.eyes.rest()

    def turn(self, name: str, part: str) -> None:
        control = self.eyes.find(name)
        assert isinstance(control, (TabLine, SegmentedControl))
        if control.current() != part:
            self.reach(control)
        first = control.current()
        while control.current() != part:
            if not control.hasFocus():
                raise Lost(f"{name} loses the focus on the way to {part}")
            self.key("Right")
            if control.current() == first:
                raise Lost(f"{name} has no part {part}")
        self.eyes.rest()

    def pick(self, name: str, text: str) -> None:
        view = self.eyes.find(name, QAbstractItemView)
        target = QPersistentModelIndex(self.eyes.index(view, text))
        self.reach(view)
        self._walk(view, target)
        self.eyes.rest()

    def fill(self, name: str, values: Mapping[str, str]) -> None:
        for cell, text in values.items():
            self.pick(name, cell)
            self.type_text(text)
            self.key("Return")
            self.eyes.rest()

    def _walk(self, view: QAbstractItemView, target: QPersistentModelIndex) -> None:
        """Go to a cell by arrows."""
        whole_rows = view.selectionBehavior() == QAbstractItemView.SelectionBehavior.SelectRows
        for _ in range(_MAX_STEPS):
            here = view.currentIndex()
            if here.row() != target.row():
                self.key("Down" if here.row() < target.row() else "Up")
            elif whole_rows or here.column() == target.column():
                return
            else:
                self.key("Right" if here.column() < target.column() else "Left")
        raise Lost(f"arrows do not lead to {target.data()} in {_called(view)}")

    def menu(self, name: str, entry: str) -> None:
        menu = self._open_menu(lambda: self._push(name))
        self.eyes.rest()
        wanted = self._entry(menu, entry)
        for _ in range(len(menu.actions()) + 1):
            if menu.activeAction() is wanted:
                break
            self.key("Down")
        self.key("Return")
        self.eyes.until(lambda: QApplication.activePopupWidget() is None, "the menu is closed")
        self.eyes.rest()

    def _push(self, name: str) -> None:
        action = next((each for each in self.window.registry.in_force() if each.id == name and each.key), None)
        if action is not None:
            self.key(action.key)
            return
        self.reach(self.eyes.find(name))
        self.key("Space")

    def reach(self, widget: QWidget) -> None:
        """Bring the focus to `widget`: Tab through where it is, then F6 to the next pane and Tab there."""
        visited: list[str] = []
        for _ in range(_MAX_PANES):
            if self._tabbed_to(widget, visited):
                return
            visited.append("F6")
            self.key("F6")
        raise Lost(f"{_called(widget)} is not reached by Tab and F6, which lead to: {', '.join(visited)}")

    def _tabbed_to(self, widget: QWidget, visited: list[str]) -> bool:
        seen: list[QWidget] = []
        for _ in range(_MAX_TABS):
            focus = QApplication.focusWidget()
            if focus is widget or (focus is not None and widget.focusProxy() is focus):
                return True
            if focus in seen:
                return False
            if focus is not None:
                seen.append(focus)
                visited.append(_called(focus))
            self.key("Tab")
        return False


class Mouse(_Base):
    """Clicks only; letters only into the field that was clicked."""

    def click(self, widget: QWidget, place: Callable[[], QRect] | None = None) -> None:
        """Click in the middle of `widget`, or of a part of it, scrolled into sight with the wheel."""
        where = place or widget.rect
        self._steady(lambda: widget.mapTo(widget.window(), where().center()))
        self._wheel_to(widget, where())
        surface = widget.window().windowHandle()
        assert surface is not None
        spot = self._steady(lambda: widget.mapTo(widget.window(), where().center()))
        there = widget.window().childAt(spot) or widget.window()
        if there is not widget and not widget.isAncestorOf(there):
            raise Lost(f"{_called(widget)} cannot be clicked: {_called(there)} lies over it")
        QTest.mouseMove(surface, spot)
        QTest.mouseClick(surface, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, spot)

    def _steady(self, look: Callable[[], QPoint]) -> QPoint:
        """Where a thing is once it has come to rest: after a change, layouts need some rounds of events."""
        seen = [look()]

        def is_steady() -> bool:
            seen.append(look())
            return len(seen) > _STEADY and len(set(map(QPoint.toTuple, seen[-_STEADY:]))) == 1

        self.eyes.until(is_steady, "things keep their places")
        return seen[-1]

    def _wheel_to(self, widget: QWidget, place: QRect) -> None:
        """Turn the wheel over the scroll areas around `widget`, the innermost first, until `place` can be seen."""
        area = widget.parentWidget()
        while area is not None:
            viewport = area.viewport() if isinstance(area, QAbstractScrollArea) else None
            if viewport is not None and (viewport is widget or viewport.isAncestorOf(widget)):
                self._wheel(viewport, widget, place)
            area = None if area.isWindow() else area.parentWidget()

    def _wheel(self, viewport: QWidget, widget: QWidget, place: QRect) -> None:
        surface = widget.window().windowHandle()
        assert surface is not None
        for _ in range(_MAX_NOTCHES):
            spot = place.center() if viewport is widget else widget.mapTo(viewport, place.center())
            if 0 <= spot.y() < viewport.height():
                return
            notch = QPoint(0, _NOTCH if spot.y() < 0 else -_NOTCH)
            QTest.wheelEvent(surface, viewport.mapTo(widget.window(), viewport.rect().center()), notch)
            QApplication.processEvents()
        raise Lost(f"{_called(widget)} cannot be scrolled into sight")

    def do(self, action: str) -> None:
        self.press(_button_of(action))

    def press(self, name: str) -> None:
        self.eyes.until(lambda: self.eyes.can(name), f"{name} can be pressed")
        self.click(self.eyes.find(name))
        self.eyes.rest()

    def write(self, name: str, text: str, *, enter: bool = False) -> None:
        field = self.eyes.find(name)
        self.click(field)
        self.eyes.until(lambda: _has_focus(field), f"{name} takes the typing")
        self.key("Ctrl+A")
        self.type_text(text)
        if enter:
            self.key("Return")
        self.eyes.rest()

    def choose(self, name: str, entry: str) -> None:
        combo = self.eyes.find(name, QComboBox)
        index = combo.model().index(self._combo_row(combo, entry), combo.modelColumn())
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
        menu = self._open_menu(lambda: self.click(self.eyes.find(name)))
        action = self._entry(menu, entry)
        self.click(menu, lambda: menu.actionGeometry(action))
        self.eyes.until(lambda: QApplication.activePopupWidget() is None, "the menu is closed")
        self.eyes.rest()


_BUTTONS = {
    "edit.undo": "top.undo", "edit.redo": "top.redo", "file.new": "start.new", "fulltext.reason_1": "reason.1",
    "riskofbias.level_low": "riskofbias.low", "riskofbias.level_high": "riskofbias.high",
    "extraction.take_left": "compare.take_left",
}  # fmt: skip
"""Actions whose button is no button of the registry."""


def _button_of(action: str) -> str:
    return _BUTTONS.get(action) or action.replace("go.", "rail.")


def _called(widget: QWidget) -> str:
    return widget.objectName() or widget.accessibleName() or type(widget).__name__


def _has_focus(widget: QWidget) -> bool:
    focus = QApplication.focusWidget()
    return focus is not None and (focus is widget or widget.isAncestorOf(focus))
