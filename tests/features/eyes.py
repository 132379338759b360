"""What a person at the window sees: widgets by their names, the words on screen, and when it has come to rest."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import TypeVar

from PySide6.QtCore import QEventLoop, QModelIndex, Qt, QTimer
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)

from gui.actions import ActionButton
from gui.main_window import MainWindow
from tests.tools.stalls import WATCH

W = TypeVar("W", bound=QWidget)
PATIENCE = 20.0
"""Seconds one waits for something to appear before the journey has failed."""
_LOOK_EVERY_MS = 5


class Lost(AssertionError):
    """What the journey needs is not there; names it, and what there is."""


class Eyes:
    """Looks at one window. Nothing here changes anything."""

    def __init__(self, window: MainWindow) -> None:
        self.window = window

    # waiting

    def until(self, condition: Callable[[], object], what: str) -> None:
        """Let the window work until `condition` holds."""
        deadline = time.monotonic() + PATIENCE
        while not condition():
            if time.monotonic() > deadline:
                raise Lost(f"waited in vain until {what}; on screen: {' | '.join(self.words())}")
            _let_the_window_work()

    def rest(self) -> None:
        """Wait until nothing is being read or written, and what came of it has found its place."""
        for _ in range(2):
            self.until(self._is_at_rest, "the window is at rest")

    def _is_at_rest(self) -> bool:
        with WATCH.turn():
            QApplication.processEvents()
        desk = self.window.desk()
        return self.window.start.isEnabled() and (desk is None or desk.workspace.runner.pending == 0)

    def sees(self, *texts: str) -> None:
        """Wait until all these words are on screen, whatever the case of their letters."""
        for text in texts:
            self.until(lambda text=text: self.reads(text), f"“{text}” is on screen")

    def reads(self, text: str) -> bool:
        """Whether these words are on screen now."""
        return any(text.casefold() in each.casefold() for each in self.words())

    def shows(self, name: str, text: str) -> bool:
        """Whether a part of the window has a label with exactly this text now."""
        return any(label.text() == text for part in self.candidates(name) for label in part.findChildren(QLabel))

    # finding

    def find(self, name: str, kind: type[W] = QWidget) -> W:
        """The one visible widget of this name, waited for; an enabled one before others."""
        found: list[W] = []

        def look() -> bool:
            found[:] = self.candidates(name, kind)
            return bool(found)

        self.until(look, f"“{name}” is there")
        usable = [each for each in found if each.isEnabled()] or found
        if len(usable) > 1:
            raise Lost(f"“{name}” stands for {len(usable)} widgets: {[each.accessibleName() for each in usable]}")
        return usable[0]

    def candidates(self, name: str, kind: type[W] = QWidget) -> list[W]:
        """The visible widgets whose object name, action or accessible name this is, in this order of preference."""
        widgets = [each for each in self.parts() if isinstance(each, kind)]
        for says in (
            lambda each: each.objectName() == name,
            lambda each: isinstance(each, ActionButton) and each.action_id == name,
            lambda each: each.accessibleName() == name or each.accessibleName().startswith(f"{name} ("),
        ):
            found = [each for each in widgets if says(each)]
            if found:
                return found
        return []

    def parts(self) -> Iterator[QWidget]:
        """The visible widgets of the window and of what is open above it."""
        popup = QApplication.activePopupWidget()
        for top in (self.window, popup) if popup is not None else (self.window,):
            yield from (each for each in top.findChildren(QWidget) if each.isVisible())

    def can(self, name: str) -> bool:
        """Whether a widget of this name is there and can be used."""
        return any(each.isEnabled() for each in self.candidates(name))

    # reading

    def words(self) -> list[str]:
        """All that can be read."""
        said: list[str] = []
        for part in self.parts():
            if isinstance(part, QAbstractItemView):
                said += self.cells(part)
            elif isinstance(part, (QLabel, QAbstractButton, QLineEdit)):
                said += [part.text(), part.accessibleName()]
            elif isinstance(part, QPlainTextEdit):
                said.append(part.toPlainText())
            else:
                said.append(part.accessibleName())
        return list(dict.fromkeys(word for word in said if word.strip()))

    def cells(self, view: QAbstractItemView) -> list[str]:
        """The texts of a list, table or tree, row by row."""
        return [text for index in self.indexes(view) if (text := str(index.data(Qt.ItemDataRole.DisplayRole) or ""))]

    def indexes(self, view: QAbstractItemView, parent: QModelIndex | None = None) -> Iterator[QModelIndex]:
        """All cells, parents before children."""
        model, root = view.model(), parent if parent is not None else view.rootIndex()
        for row in range(model.rowCount(root)):
            for column in range(model.columnCount(root)):
                yield model.index(row, column, root)
            yield from self.indexes(view, model.index(row, 0, root))

    def index(self, view: QAbstractItemView, text: str) -> QModelIndex:
        """The first cell of a view with these words in what it shows or says, waited for."""
        found: list[QModelIndex] = []

        def look() -> bool:
            found[:] = [each for each in self.indexes(view) if text.casefold() in _said(each).casefold()]
            return bool(found)

        self.until(look, f"“{text}” is listed in {view.objectName()}")
        return found[0]


def _let_the_window_work() -> None:
    """For a moment, as the running program does: QTest.qWait would keep the threads that read and write waiting."""
    moment = QEventLoop()
    QTimer.singleShot(_LOOK_EVERY_MS, moment.quit)
    with WATCH.turn(_LOOK_EVERY_MS):
        moment.exec()


def _said(index: QModelIndex) -> str:
    roles = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole)
    return " ".join(str(index.data(role) or "") for role in roles)
