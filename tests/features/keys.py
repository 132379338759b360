"""The hand that only presses keys: shortcuts, Tab and F6 from place to place, arrows within a place, typing.

What Tab and F6 do not reach, this hand cannot use, and says so.
"""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QPersistentModelIndex
from PySide6.QtWidgets import QAbstractItemView, QApplication, QComboBox, QLineEdit, QPlainTextEdit, QWidget

from gui.actions import is_single
from gui.widgets.fields import SegmentedControl
from gui.widgets.panes import TabLine
from tests.features.eyes import Lost
from tests.features.hand import Base, called

_FIELDS = (QLineEdit, QPlainTextEdit, QComboBox)
_MAX_TABS = 120
_MAX_STEPS = 200
_MAX_PANES = 8


class Keys(Base):
    """See the module."""

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

    def write(self, name: str, text: str, *, add: str = "") -> None:
        self.reach(self.eyes.find(name))
        self.type_text(text)
        self.key("Return" if add else "Tab")
        self.eyes.rest()

    def choose(self, name: str, entry: str) -> None:
        combo = self.eyes.find(name, QComboBox)
        self.reach(combo)
        row = self.combo_row(combo, entry)
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
        raise Lost(f"arrows do not lead to {target.data()} in {called(view)}")

    def menu(self, name: str, entry: str) -> None:
        menu = self.open_menu(lambda: self._push(name))
        self.eyes.rest()
        wanted = self.entry(menu, entry)
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
        raise Lost(f"{called(widget)} is not reached by Tab and F6, which lead to: {', '.join(visited)}")

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
                visited.append(called(focus))
            self.key("Tab")
        return False
