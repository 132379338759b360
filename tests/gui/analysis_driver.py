"""Drives the analysis page with clicks and keys, and says what is on it."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from gui.main_window import MainWindow
from gui.pages.analysis.page import AnalysisPage
from gui.widgets.fields import Combo

W = TypeVar("W", bound=QWidget)
Key = Qt.Key


class Driver:
    """The page with the short ways that tests take."""

    def __init__(self, window: MainWindow, qtbot: QtBot) -> None:
        self.window, self.qtbot = window, qtbot
        desk = window.desk()
        assert desk is not None
        self.desk = desk
        page = desk.current_page()
        assert isinstance(page, AnalysisPage)
        self.page = page
        self.rest()

    def rest(self) -> None:
        """Let queued events run until no call is under way and none begins."""
        for _ in range(3):
            QApplication.processEvents()
            self.qtbot.waitUntil(lambda: self.desk.workspace.runner.pending == 0)
        QApplication.processEvents()

    def find(self, kind: type[W], name: str) -> W:
        found = [each for each in self.page.findChildren(kind, name) if each.isVisible()]
        assert found, f"no visible {name}"
        return found[-1]

    def click(self, name: str) -> None:
        self.qtbot.mouseClick(self.find(QPushButton, name), Qt.MouseButton.LeftButton)
        self.rest()

    def menu(self, name: str, *entries: str) -> None:
        """Choose an entry of an open menu (and of menus inside it) by mouse."""
        self.qtbot.waitUntil(lambda: any(menu.isVisible() for menu in self.window.findChildren(QMenu, name)))
        menu = next(menu for menu in self.window.findChildren(QMenu, name) if menu.isVisible())
        for text in entries:
            action = next(each for each in menu.actions() if each.text() == text)
            inner = action.menu()
            self.qtbot.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(action).center())
            if isinstance(inner, QMenu):
                self.qtbot.waitUntil(inner.isVisible)
                menu = inner
        self.rest()

    def type(self, text: str, *keys: Qt.Key) -> None:
        """Type into whatever has the focus."""
        self.qtbot.keyClicks(QApplication.focusWidget(), text)
        for key in keys:
            self.qtbot.keyClick(QApplication.focusWidget(), key)
        self.rest()

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(QApplication.focusWidget() or self.page, key, modifier)
        self.rest()

    def combo(self, name: str, label: str) -> None:
        """Choose an entry of a combo by keys."""
        combo = self.find(Combo, f"analysis.{name}")
        combo.setFocus()
        wanted = combo.findText(label)
        assert wanted >= 0, [combo.itemText(n) for n in range(combo.count())]
        step = Key.Key_Down if wanted > combo.currentIndex() else Key.Key_Up
        for _ in range(abs(wanted - combo.currentIndex())):
            self.qtbot.keyClick(combo, step)
        self.rest()

    def offers(self, name: str) -> list[str]:
        combo = self.page.findChild(Combo, f"analysis.{name}")
        assert combo is not None
        return [combo.itemText(n) for n in range(combo.count())]

    def cell(self, study: str, column: int) -> str:
        """What the grid shows of a study, in a column counted from 0."""
        return str(self.index(study, column).data())

    def index(self, study: str, column: int) -> QModelIndex:
        model = self.page.model
        rows = [n for n in range(model.rowCount()) if model.index(n, 0).data() == study]
        assert rows, [model.index(n, 0).data() for n in range(model.rowCount())]
        return model.index(rows[0], column)

    def click_cell(self, study: str, column: int, *, double: bool = False) -> None:
        grid = self.page.grid
        place = grid.visualRect(self.index(study, column)).center()
        self.qtbot.mouseClick(grid.viewport(), Qt.MouseButton.LeftButton, pos=place)
        if double:
            self.qtbot.mouseDClick(grid.viewport(), Qt.MouseButton.LeftButton, pos=place)
        self.rest()

    def strip(self) -> str:
        return self.page.strip.line.text()

    def plot(self) -> list[str]:
        figure = self.page.figure.figure()
        assert figure is not None
        return [text.text for text in figure.texts()]

    def undo(self) -> None:
        self.window.registry.trigger("edit.undo")
        self.rest()

    def tree_labels(self) -> list[str]:
        return [item.text(0) for _, item in self.page.tree._items()]

    def sees(self, text: str) -> bool:
        return text in self.plot()


def texts(widget: QWidget) -> list[str]:
    """What the visible labels say."""
    return [label.text() for label in widget.findChildren(QLabel) if label.isVisible()]
