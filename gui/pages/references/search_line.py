"""The search field over the table of records."""

from __future__ import annotations

from PySide6.QtGui import QFocusEvent, QResizeEvent
from typing_extensions import override

from gui import theme
from gui.widgets.fields import LineEdit
from gui.widgets.keys import KeyCap


class SearchLine(LineEdit):
    """A search field that shows its key while it is empty and not in use."""

    _INSET = 6

    def __init__(self, placeholder: str, name: str, *, icon: str) -> None:
        super().__init__(placeholder, name, icon=icon)
        self._cap = KeyCap("/", parent=self)
        self.setClearButtonEnabled(True)
        self.textChanged.connect(lambda _text: self._show_cap())

    def _show_cap(self) -> None:
        self._cap.setVisible(not self.text() and not self.hasFocus() and self.width() > theme.scaled(280))

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        size = self._cap.sizeHint()
        self._cap.setGeometry(
            self.width() - size.width() - self._INSET, (self.height() - size.height()) // 2, size.width(), size.height()
        )
        self._show_cap()

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._show_cap()

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._show_cap()
