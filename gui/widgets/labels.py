"""Text on the page: labels in the theme's type and ink, elided labels, lines and section headings."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget
from typing_extensions import override

from gui import theme
from gui.theme import Inked, Type


class Label(Inked, QLabel):
    """Plain text in one type role and one ink token. Wrapped labels take the width they are given."""

    def __init__(
        self,
        text: str = "",
        role: Type = Type.BODY,
        ink: str = "text",
        *,
        wrap: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self._ink = ink
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFont(theme.font(role))
        self.take_ink()
        if wrap:
            self.setWordWrap(True)
            self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)

    def set_ink(self, ink: str) -> None:
        """Change the token the text is drawn with."""
        self._ink = ink
        self.take_ink()

    @override
    def take_ink(self) -> None:
        palette = self.palette()
        wanted = theme.color(self._ink)
        if palette.color(QPalette.ColorGroup.Active, QPalette.ColorRole.WindowText) != wanted:
            palette.setColor(QPalette.ColorRole.WindowText, wanted)
            self.setPalette(palette)


class ElidedLabel(Label):
    """One line that ends in an ellipsis when it is too long, with the whole text in the tooltip."""

    def __init__(
        self, text: str = "", role: Type = Type.BODY, ink: str = "text", parent: QWidget | None = None
    ) -> None:
        super().__init__(text, role, ink, parent=parent)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(24)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(24, super().minimumSizeHint().height())

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(self.font())
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        shown = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignVCenter | self.alignment(), shown)
        painter.end()
        self.setToolTip(self.text() if shown != self.text() else "")


def section_label(text: str) -> Label:
    """The small muted heading of a group in a panel."""
    return Label(text, Type.SMALL_STRONG, "muted")


class Line(QWidget):
    """A 1 px line between panes or groups."""

    def __init__(self, *, vertical: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        if vertical:
            self.setFixedWidth(1)
        else:
            self.setFixedHeight(1)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.color("border"))
        painter.end()
