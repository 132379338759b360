"""What a hand does to the window, and what the one that presses keys and the one that clicks have in common.

Both send events to the window's own surface, as the system does, and find what they act on by name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence, QWindow
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QMenu, QWidget

from gui.main_window import MainWindow
from tests.features.eyes import Eyes, Lost
from tests.tools.stalls import WATCH


class Hand(Protocol):
    """What the story asks of a hand. Each returns when the window is at rest again."""

    eyes: Eyes

    def do(self, action: str) -> None:
        """Do an action of the registry: by its key, or by its button."""
        ...

    def press(self, name: str) -> None:
        """Press a button."""
        ...

    def write(self, name: str, text: str, *, add: str = "") -> None:
        """Put `text` in a field that is empty; with `add`, press Return or the button of that name."""
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


class Base:
    """What both hands have in common: eyes, and typing."""

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
            with WATCH.turn():
                QTest.sendKeyEvent(QTest.KeyAction.Click, self.surface, key, letter, held)

    def key(self, name: str) -> None:
        """Press a key or a combination by its portable name."""
        combined = QKeySequence(name)[0]
        held, key = combined.keyboardModifiers(), combined.key()
        shift = Qt.KeyboardModifier.ShiftModifier
        text = chr(key) if 0x20 <= key < 0x7F and not held & ~shift else ""
        with WATCH.turn():
            QTest.sendKeyEvent(QTest.KeyAction.Click, self.surface, key, text if held else text.lower(), held)

    def open_menu(self, button: Callable[[], None]) -> QMenu:
        """The menu that a button opens."""
        button()
        self.eyes.until(lambda: isinstance(QApplication.activePopupWidget(), QMenu), "a menu is open")
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        return menu

    def entry(self, menu: QMenu, text: str) -> QAction:
        """An entry of a menu by its text."""
        found = [each for each in menu.actions() if each.text().replace("&&", "&") == text and each.isEnabled()]
        if not found:
            raise Lost(f"no “{text}” in the menu: {[each.text() for each in menu.actions()]}")
        return found[0]

    def combo_row(self, combo: QComboBox, entry: str) -> int:
        """Where the first entry with these words stands."""
        found = [row for row in range(combo.count()) if entry.casefold() in combo.itemText(row).casefold()]
        if not found:
            raise Lost(f"no “{entry}” among {[combo.itemText(row) for row in range(combo.count())]}")
        return found[0]


def called(widget: QWidget) -> str:
    """A name for messages."""
    return widget.objectName() or widget.accessibleName() or type(widget).__name__
