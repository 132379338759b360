"""Judgements as discs with their sign: colour is never the only carrier of what was judged."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from core.riskofbias.tools import Level
from gui import theme

DIAMETER = 20
_TOKENS = {
    "low": "rob_low",
    "unclear": "rob_some",
    "some": "rob_some",
    "moderate": "rob_some",
    "high": "rob_high",
    "serious": "rob_high",
    "critical": "rob_critical",
    "very_high": "rob_critical",
}


def fill_of(level: Level) -> QColor:
    """The colour of a level's disc."""
    return theme.color(_TOKENS.get(level.id, "rob_none"))


def ink_of(level: Level) -> QColor:
    """The colour of the sign on it."""
    return theme.color(f"{_TOKENS.get(level.id, 'rob_none')}_ink")


def paint_disc(painter: QPainter, middle: QPointF, level: Level, diameter: float) -> None:
    """Draw a level's disc with its sign."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    outline = QColor(theme.color("text"))
    outline.setAlphaF(0.25)
    painter.setPen(QPen(outline, 1))
    painter.setBrush(fill_of(level))
    painter.drawEllipse(middle, diameter / 2 - 0.5, diameter / 2 - 0.5)
    paint_sign(painter, middle, level.symbol, ink_of(level), diameter)
    painter.restore()


def paint_sign(painter: QPainter, middle: QPointF, sign: str, ink: QColor, diameter: float) -> None:
    """Draw a sign as it stands on a disc of this diameter. Plus and minus are lines: no font centres them alike."""
    arm = diameter * 0.24
    if sign in "+-−–":
        painter.setPen(QPen(ink, max(1.5, diameter * 0.11), Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
        painter.drawLine(QPointF(middle.x() - arm, middle.y()), QPointF(middle.x() + arm, middle.y()))
        if sign == "+":
            painter.drawLine(QPointF(middle.x(), middle.y() - arm), QPointF(middle.x(), middle.y() + arm))
        return
    face = theme.font()
    face.setPixelSize(round(diameter * 0.68))
    face.setWeight(QFont.Weight.Bold)
    painter.setFont(face)
    painter.setPen(ink)
    box = QRectF(middle.x() - diameter / 2, middle.y() - diameter / 2, diameter, diameter)
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, sign)


def paint_ring(painter: QPainter, middle: QPointF, diameter: float) -> None:
    """Draw the dashed ring of what is not judged yet."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    pen = QPen(theme.color("strong"), 1)
    pen.setDashPattern([3, 2.4])
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawEllipse(middle, diameter / 2 - 1, diameter / 2 - 1)
    painter.restore()


class DiscMark(QWidget):
    """A disc on its own, a dashed ring without a level."""

    def __init__(self, level: Level | None, diameter: int = 16, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._level, self._diameter = level, diameter
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_level(self, level: Level | None) -> None:
        """Show another level."""
        self._level = level
        self.update()

    @override
    def sizeHint(self) -> QSize:
        side = theme.scaled(self._diameter)
        return QSize(side, side)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        middle = QRectF(self.rect()).center()
        side = min(self.width(), self.height())
        if self._level is None:
            paint_ring(painter, middle, side)
        else:
            paint_disc(painter, middle, self._level, side)
        painter.end()
