"""Wrapped text with some stretches on the colour of found words, square as high as the letters."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent, QTextLayout, QTextLine, QTextOption
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from core.language import tr
from gui import theme
from gui.pages.references.word_diff import Span
from gui.theme import Type


class DiffText(QWidget):
    """Text that takes the width it is given; the accessible name says which words are marked."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = ""
        self._spans: tuple[Span, ...] = ()
        self._ink = "text"
        self._kept: tuple[tuple[int, int], QTextLayout] | None = None
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def set(self, text: str, spans: Sequence[Span] = (), ink: str = "text") -> None:
        """Show `text`, with `spans` of it marked."""
        self._text, self._spans, self._ink = text, tuple(spans), ink
        self._kept = None
        marked = "; ".join(self.marked())
        self.setAccessibleName(tr("{text}. Differs: {words}", text=text, words=marked) if marked else text)
        self.updateGeometry()
        self.update()

    def text(self) -> str:
        """The whole text."""
        return self._text

    def marked(self) -> list[str]:
        """The marked stretches."""
        return [self._text[start:end] for start, end in self._spans]

    def _laid_out(self, width: int) -> QTextLayout:
        """The lines at this width; the last answer is kept, for painting asks what sizing has asked."""
        wanted = (width, theme.base_px())
        if self._kept is None or self._kept[0] != wanted:
            self._kept = (wanted, self._lay_out(width))
        return self._kept[1]

    def _lay_out(self, width: int) -> QTextLayout:
        layout = QTextLayout(self._text, theme.font(Type.BODY))
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(option)
        layout.beginLayout()
        y = 0.0
        while (line := layout.createLine()).isValid():
            line.setLineWidth(max(1, width))
            line.setPosition(QPointF(0, y))
            y += theme.scaled(17)
        layout.endLayout()
        return layout

    @override
    def hasHeightForWidth(self) -> bool:
        return True

    @override
    def heightForWidth(self, width: int) -> int:
        return max(1, self._laid_out(width).lineCount()) * theme.scaled(17)

    @override
    def sizeHint(self) -> QSize:
        width = min(theme.scaled(400), theme.metrics(Type.BODY).horizontalAdvance(self._text) + 2)
        return QSize(width, self.heightForWidth(width))

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(theme.scaled(60), theme.scaled(17))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        layout = self._laid_out(self.width())
        high = theme.metrics(Type.BODY).height()
        for number in range(layout.lineCount()):
            line = layout.lineAt(number)
            first, last = line.textStart(), line.textStart() + line.textLength()
            for start, end in self._spans:
                if start < last and end > first:
                    left, right = _x(line, max(start, first)), _x(line, min(end, last))
                    painter.fillRect(QRectF(left - 1, line.y(), right - left + 2, high), theme.color("found"))
        painter.setPen(theme.color(self._ink))
        painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
        layout.draw(painter, QPointF(0, 0))
        painter.end()


def _x(line: QTextLine, position: int) -> float:
    """Where a character stands; Qt also returns the position it took."""
    found = line.cursorToX(position)
    return float(found[0] if isinstance(found, tuple) else found)  # pyright: ignore[reportArgumentType]
