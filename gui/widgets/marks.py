"""Small marks that carry meaning: chips, avatars and progress bars. Each has a word or a shape beside its colour."""

from __future__ import annotations

import math
from enum import Enum

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from core.language import tr
from gui import icons, theme
from gui.theme import Type

_CHIP_ICON = 13
_CHIP_PADDING = 7


class Tone(Enum):
    """What a chip says: tokens of its ink, its tint and (if outlined) its edge, and its usual icon."""

    NEUTRAL = ("muted", "hover", None, "")
    OUTLINE = ("muted", None, "outline", "")
    ACCENT = ("accent", "accent_soft", None, "")
    SUCCESS = ("success", "success_soft", None, "check")
    WARN = ("warn", "warn_soft", None, "git-compare")
    DANGER = ("danger", "danger_soft", None, "circle-x")
    INFO = ("info", "info_soft", None, "info")
    INCLUDE = ("include", "include_soft", None, "check")
    EXCLUDE = ("exclude", "exclude_soft", None, "x")
    MAYBE = ("maybe", "maybe_soft", None, "circle-help")

    @property
    def icon(self) -> str:
        """The icon that goes with the tone unless another is given."""
        return self.value[3]


def chip_width(text: str, icon: str = "") -> int:
    """How wide `paint_chip` draws."""
    width = theme.metrics(Type.SMALL_LABEL).horizontalAdvance(text) + 2 * _CHIP_PADDING
    return width + (_CHIP_ICON + 4 if icon else 0)


def chip_height() -> int:
    """How high `paint_chip` draws."""
    return theme.scaled(20)


def paint_chip(painter: QPainter, rect: QRect, text: str, tone: Tone, icon: str | None = None) -> None:
    """Draw a chip into `rect` (left edge and height are used; text that does not fit is elided)."""
    ink, tint, edge, usual = tone.value
    name = usual if icon is None else icon
    width = min(chip_width(text, name), rect.width())
    box = QRectF(rect.left(), rect.center().y() - chip_height() / 2 + 0.5, width, chip_height())
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(theme.color(edge), 1) if edge else Qt.PenStyle.NoPen)
    painter.setBrush(theme.color(tint) if tint else Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5) if edge else box, 4, 4)
    x = box.left() + _CHIP_PADDING
    if name:
        spot = QRectF(x, box.center().y() - _CHIP_ICON / 2, _CHIP_ICON, _CHIP_ICON)
        icons.paint(painter, name, spot, theme.color(ink))
        x += _CHIP_ICON + 4
    painter.setFont(theme.font(Type.SMALL_LABEL))
    painter.setPen(theme.color(ink))
    room = box.right() - _CHIP_PADDING - x + 1
    shown = theme.metrics(Type.SMALL_LABEL).elidedText(text, Qt.TextElideMode.ElideRight, math.ceil(room))
    painter.drawText(QRectF(x, box.top(), room + 1, box.height()), Qt.AlignmentFlag.AlignVCenter, shown)
    painter.restore()


class Chip(QWidget):
    """A word on a tint. Never clickable."""

    def __init__(
        self, text: str, tone: Tone = Tone.NEUTRAL, icon: str | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set(text, tone, icon)

    def set(self, text: str, tone: Tone, icon: str | None = None) -> None:
        """Show another word and tone."""
        self._text, self._tone = text, tone
        self._icon = tone.icon if icon is None else icon
        self.setAccessibleName(text)
        self.updateGeometry()
        self.update()

    def text(self) -> str:
        """The word shown."""
        return self._text

    @override
    def sizeHint(self) -> QSize:
        return QSize(chip_width(self._text, self._icon), chip_height())

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_chip(painter, self.rect(), self._text, self._tone, self._icon)
        painter.end()


def reviewer_ink(position: int, *, adjudicator: bool = False) -> str:
    """The token of the reviewer at `position` (1 is the first); the shape tells reviewers apart too."""
    return "adjudicator" if adjudicator else f"reviewer_{(position - 1) % 6 + 1}"


def paint_avatar(painter: QPainter, rect: QRect, initials: str, position: int, *, adjudicator: bool = False) -> None:
    """Draw a reviewer's shape with the initials inside, filling the square `rect`."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color(reviewer_ink(position, adjudicator=adjudicator)))
    painter.drawPath(_avatar_shape(QRectF(rect), position, adjudicator))
    face = theme.font(Type.CAPTION)
    face.setPixelSize(max(7, round(rect.height() * 0.4)))
    face.setWeight(face.Weight.Bold)
    painter.setFont(face)
    painter.setPen(theme.color("on_accent"))
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, initials[:2])
    painter.restore()


class WorkMark(Enum):
    """How far a reviewer is with a study."""

    NONE = tr("not begun")
    BEGUN = tr("under way")
    DONE = tr("finished")


def paint_work(painter: QPainter, rect: QRect, position: int, mark: WorkMark, *, adjudicator: bool = False) -> None:
    """Draw how far a reviewer is, in their shape: an empty outline, one with a dot, or filled with a check."""
    ink = theme.color("strong" if mark is WorkMark.NONE else reviewer_ink(position, adjudicator=adjudicator))
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if mark is WorkMark.DONE:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink)
        painter.drawPath(_avatar_shape(QRectF(rect), position, adjudicator))
        icons.paint(painter, "check", QRectF(rect).adjusted(3, 3, -3, -3), theme.color("on_accent"))
    else:
        width = 1.75 if mark is WorkMark.BEGUN else 1.25
        painter.setPen(QPen(ink, width))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(_avatar_shape(QRectF(rect).adjusted(1, 1, -1, -1), position, adjudicator))
        if mark is WorkMark.BEGUN:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(ink)
            middle = QRectF(rect).center()
            painter.drawEllipse(middle, rect.width() * 0.19, rect.width() * 0.19)
    painter.restore()


def _avatar_shape(box: QRectF, position: int, adjudicator: bool) -> QPainterPath:
    path = QPainterPath()
    if adjudicator:
        path.addPolygon(_polygon(box, 6, -90))
    elif (position - 1) % 6 == 0:
        path.addEllipse(box)
    elif (position - 1) % 6 == 1:
        path.addRoundedRect(box, box.width() * 0.22, box.width() * 0.22)
    elif (position - 1) % 6 == 2:
        path.addPolygon(_polygon(box, 4, -90))
    elif (position - 1) % 6 == 3:
        path.moveTo(box.topLeft())
        path.lineTo(box.topRight())
        path.lineTo(box.right(), box.top() + box.height() * 0.55)
        path.quadTo(box.right(), box.top() + box.height() * 0.85, box.center().x(), box.bottom())
        path.quadTo(box.left(), box.top() + box.height() * 0.85, box.left(), box.top() + box.height() * 0.55)
    elif (position - 1) % 6 == 4:
        path.addPolygon(_polygon(box, 5, -90))
    else:
        path.addPolygon(_polygon(box, 8, -67.5))
    path.closeSubpath()
    return path


def _polygon(box: QRectF, corners: int, start: float) -> QPolygonF:
    radius = box.width() / 2 * 1.04
    angles = [math.radians(start + 360 * i / corners) for i in range(corners)]
    return QPolygonF(
        [QPointF(box.center().x() + radius * math.cos(a), box.center().y() + radius * math.sin(a)) for a in angles]
    )


class Avatar(QWidget):
    """A reviewer's shape and initials; the accessible name is the person's name."""

    def __init__(
        self,
        name: str,
        initials: str,
        position: int,
        *,
        adjudicator: bool = False,
        size: int = 20,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._initials, self._position, self._adjudicator = initials, position, adjudicator
        self.setFixedSize(theme.scaled(size), theme.scaled(size))
        self.setAccessibleName(name)
        self.setToolTip(name)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_avatar(painter, self.rect(), self._initials, self._position, adjudicator=self._adjudicator)
        painter.end()


def paint_progress(painter: QPainter, rect: QRectF, share: float, groove: str = "press") -> None:
    """Draw a progress bar filled to `share` (0 to 1) of `rect`."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    radius = rect.height() / 2
    painter.setBrush(theme.color(groove))
    painter.drawRoundedRect(rect, radius, radius)
    if share > 0:
        painter.setBrush(theme.color("accent"))
        filled = QRectF(rect)
        filled.setWidth(max(rect.height(), rect.width() * min(1.0, share)))
        painter.drawRoundedRect(filled, radius, radius)
    painter.restore()


class ProgressBar(QWidget):
    """A 4 px bar. Put the figure beside it: the bar alone never says how much."""

    def __init__(self, width: int | None = None, name: str = "Progress", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._share = 0.0
        self._name = name
        self.setAccessibleName(name)
        self.setMinimumWidth(24)
        if width is not None:
            self.setFixedWidth(width)
        self.setSizePolicy(
            QSizePolicy.Policy.Fixed if width is not None else QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed
        )

    def set_share(self, share: float) -> None:
        """Fill to `share`, 0 to 1."""
        self._share = min(1.0, max(0.0, share))
        self.setAccessibleName(f"{self._name}: {self._share:.0%}")
        self.update()

    def share(self) -> float:
        """How far the bar is filled, 0 to 1."""
        return self._share

    @override
    def sizeHint(self) -> QSize:
        return QSize(96, 4)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_progress(painter, QRectF(0, (self.height() - 4) / 2, self.width(), 4), self._share)
        painter.end()
