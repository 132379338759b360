"""The program's own page, in front of the start page or the desk: settings and About."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QStackedWidget, QWidget
from typing_extensions import override

from core.language import tr
from gui import theme
from gui.pages.program.about_tab import AboutTab
from gui.pages.program.settings_tab import SettingsTab
from gui.settings import Settings
from gui.widgets.buttons import Button, Kind
from gui.widgets.messages import Choice, Level, Message, MessageArea
from gui.widgets.panes import PageHeader, Scroll, Surface, Tab, column, row

SETTINGS = "settings"
ABOUT = "about"
_WIDTH = 680
_STEPS = {Qt.Key.Key_PageUp: -1, Qt.Key.Key_PageDown: 1}


class ProgramPage(Surface):
    """See the module. Esc or Done asks to be left."""

    left = Signal()

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__("surface", parent=parent)
        self.setAccessibleName(tr("Settings and About"))
        self.header = PageHeader("Copse", (Tab(SETTINGS, tr("Settings")), Tab(ABOUT, tr("About"))))
        self.header.tabs.setObjectName("program.tabs")
        self.done = Button(tr("Done"), kind=Kind.PRIMARY, key="Esc")
        self.done.setObjectName("program.done")
        self.done.clicked.connect(self.left)
        self.header.add(self.done)
        self.messages = MessageArea()
        self.settings = SettingsTab(settings)
        self._about: AboutTab | None = None
        self._stack = QStackedWidget()
        self._stack.addWidget(_framed(self.settings))
        box = column(self.header, self.messages, self._stack, spacing=0)
        box.setStretchFactor(self._stack, 1)
        self.setLayout(box)
        self.header.tabs.chosen.connect(self._bring)

    def show_tab(self, tab: str) -> None:
        """Bring "settings" or "about" to the front, and the focus into it."""
        self.header.tabs.set_current(tab)
        first = self.settings.colors if tab == SETTINGS else self.about().copy
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def tab(self) -> str:
        """Which tab is in front."""
        return self.header.tabs.current()

    def about(self) -> AboutTab:
        """The About tab, made when it is first looked at."""
        if self._about is None:
            self._about = AboutTab()
            self._stack.addWidget(_framed(self._about))
        return self._about

    def _bring(self, tab: str) -> None:
        if tab == ABOUT:
            self.about()
        self._stack.setCurrentIndex(1 if tab == ABOUT else 0)

    def show_message(self, text: str, level: Level = Level.INFO, choices: Sequence[Choice] = ()) -> Message:
        """Say something under the header until it is solved or closed."""
        message = Message(text, level, choices, closable=True)
        self.messages.show_message(message)
        return message

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        scroll = self._stack.currentWidget()
        if key == Qt.Key.Key_Escape:
            self.left.emit()
        elif key in _STEPS and isinstance(scroll, Scroll):
            bar = scroll.verticalScrollBar()
            bar.setValue(bar.value() + _STEPS[key] * bar.pageStep())
        else:
            super().keyPressEvent(event)


def _framed(content: QWidget) -> Scroll:
    """`content` in a column of readable width, scrolled when the window is lower."""
    content.setMaximumWidth(theme.scaled(_WIDTH))
    holder = QWidget()
    line = row(content, None, margins=(20, 20, 20, 20))
    line.setStretch(0, 1000)
    line.setAlignment(content, Qt.AlignmentFlag.AlignTop)
    holder.setLayout(line)
    return Scroll(holder)
