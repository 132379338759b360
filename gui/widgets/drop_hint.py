"""A veil that says what will happen to the files held over a part of the window."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from gui import theme
from gui.theme import Type


class DropHint(QWidget):
    """Covers its parent while files are held over it."""

    def __init__(self, part: QWidget, text: str = "") -> None:
        super().__init__(part)
        self._text = text
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def cover(self, text: str | None = None) -> None:
        """Show the text, or another."""
        part = self.parentWidget()
        assert part is not None
        self._text = self._text if text is None else text
        self.setGeometry(part.rect())
        self.raise_()
        self.show()

    def text(self) -> str:
        """What it says."""
        return self._text

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        veil = theme.color("accent_soft")
        veil.setAlphaF(0.92)
        painter.setBrush(veil)
        painter.setPen(QPen(theme.color("accent"), 2))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(8, 8, -8, -8), 8, 8)
        painter.setFont(theme.font(Type.PAGE_TITLE))
        painter.setPen(theme.color("text"))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._text)
        painter.end()
