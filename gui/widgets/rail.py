"""The rail: the stages of the review in order, each with how far it is. Compact (icon over label) or wide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QWidget
from typing_extensions import override

from core.language import tr
from gui import icons, theme
from gui.theme import Type
from gui.widgets.focus import FocusRing
from gui.widgets.keys import cap_text
from gui.widgets.marks import paint_progress
from gui.widgets.panes import Surface, column

COMPACT_WIDTH = 80
WIDE_WIDTH = 188
_EDGE = 8
_ABOVE_LABEL = 27
"""The icon, which does not grow with the text, and the space around it."""


@dataclass(frozen=True)
class StageProgress:
    """How far a stage is: the share for the bar, the figure for the wide rail ("61%", "21 / 37", "7")."""

    share: float | None
    figure: str

    @property
    def is_done(self) -> bool:
        """Whether nothing is left."""
        return self.share is not None and self.share >= 1.0


class RailItem(FocusRing, QAbstractButton):
    """One stage. The text colour, fill, weight and the bar at the window's edge say which is current."""

    def __init__(self, title: str, icon: str, key: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon = icon
        self._title = title
        self._wide = False
        self._progress: StageProgress | None = None
        self.setText(title)
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setToolTip(f"{title} ({cap_text(key)})" if key else title)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self._name()

    def set_wide(self, wide: bool, room: int | None = None) -> None:
        """Icon, label and figure in one line instead of one above the other; lower where `room` asks for it."""
        self._wide = wide
        usual = theme.scaled(38 if wide else 62)
        text = theme.metrics(Type.STRONG if wide else Type.CAPTION).height()
        least = text + 10 if wide else text + _ABOVE_LABEL + 8
        self.setFixedHeight(usual if room is None else max(min(usual, room), min(usual, least)))
        self.updateGeometry()

    def set_progress(self, progress: StageProgress | None) -> None:
        """Show how far the stage is, or nothing."""
        self._progress = progress
        self._name()
        self.update()

    def progress(self) -> StageProgress | None:
        """What is shown of the stage's progress."""
        return self._progress

    def _name(self) -> None:
        done = f", {self._progress.figure}" if self._progress and self._progress.figure else ""
        self.setAccessibleName(f"{self._title}{done}")

    @override
    def sizeHint(self) -> QSize:
        return QSize(theme.scaled(WIDE_WIDTH if self._wide else COMPACT_WIDTH), theme.scaled(38 if self._wide else 62))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(6, 2, self.width() - 13, self.height() - (5 if self._wide else 6))
        fill = "selection" if self.isChecked() else "press" if self.isDown() else "hover" if self.underMouse() else ""
        if fill:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color(fill))
            painter.drawRoundedRect(box, 6, 6)
        if self.isChecked():
            painter.fillRect(QRectF(0, box.top() + 6, 3, box.height() - 12), theme.color("accent"))
        if self.shows_ring:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.color("focus"), theme.focus_width()))
            painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), 6, 6)
        if self._wide:
            self._paint_wide(painter, box.toRect())
        else:
            self._paint_compact(painter, box.toRect())
        painter.end()

    def _ink(self) -> str:
        return "accent" if self.isChecked() else "muted"

    def _paint_compact(self, painter: QPainter, box: QRect) -> None:
        face = theme.font(Type.CAPTION)
        face.setWeight(face.Weight.DemiBold if self.isChecked() else face.Weight.Medium)
        icons.paint(painter, self._icon, QRect(box.center().x() - 9, box.top() + 7, 20, 20), theme.color(self._ink()))
        if QFontMetrics(face).horizontalAdvance(self._title) > box.width() - 2:
            face.setWeight(face.Weight.Medium)  # a bold word must not stand out of its fill
        painter.setFont(face)
        painter.setPen(theme.color("text" if self.isChecked() else "muted"))
        height = max(18, theme.metrics(Type.CAPTION).height())
        label = QRect(0, box.top() + _ABOVE_LABEL, self.width(), height)
        painter.drawText(label, Qt.AlignmentFlag.AlignCenter, self._title)
        has_room = label.bottom() < box.bottom() - 7
        if self._progress is not None and self._progress.share is not None and has_room:
            bar = QRectF(box.center().x() - 15, box.bottom() - 7, 32, 3)
            paint_progress(painter, bar, self._progress.share, groove="outline")

    def _paint_wide(self, painter: QPainter, box: QRect) -> None:
        icons.paint(painter, self._icon, QRect(box.left() + 13, box.center().y() - 8, 18, 18), theme.color(self._ink()))
        painter.setFont(theme.font(Type.STRONG if self.isChecked() else Type.LABEL))
        painter.setPen(theme.color("text"))
        painter.drawText(box.adjusted(42, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, self._title)
        if self._progress is None:
            return
        if self._progress.is_done:
            icons.paint(painter, "check", QRect(box.right() - 26, box.center().y() - 7, 16, 16), theme.color("success"))
            return
        painter.setFont(theme.font(Type.SMALL))
        painter.setPen(theme.color("muted"))
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        painter.drawText(box.adjusted(0, 0, -10, 0), flags, self._progress.figure)


class Rail(Surface):
    """All stages. `chosen(page id)` when one is clicked."""

    chosen = Signal(str)

    def __init__(self, stages: Sequence[tuple[str, str, str, str]], parent: QWidget | None = None) -> None:
        """`stages` are (page id, title, icon, shortcut)."""
        super().__init__("window", "right", parent)
        self.setAccessibleName(tr("Stages of the review"))
        self._items: dict[str, RailItem] = {}
        box = column(spacing=0, margins=(0, _EDGE, 0, _EDGE))
        for page, title, icon, key in stages:
            item = RailItem(title, icon, key)
            item.setObjectName(f"rail.{page}")
            item.clicked.connect(lambda _checked=False, page=page: self.chosen.emit(page))
            self._items[page] = item
            box.addWidget(item)
        box.addStretch(1)
        self.setLayout(box)
        self._wide = True
        self.set_wide(False)

    @property
    def is_wide(self) -> bool:
        """Whether the labels stand beside the icons."""
        return self._wide

    def set_wide(self, wide: bool) -> None:
        """Switch between compact and wide."""
        if wide == self._wide:
            return
        self._wide = wide
        self.setFixedWidth(theme.scaled(WIDE_WIDTH if wide else COMPACT_WIDTH))
        self._fit()

    def _fit(self) -> None:
        """Large text in a low window: the stages come closer together, so that each is in sight."""
        room = (self.height() - 2 * _EDGE) // max(1, len(self._items)) if self.isVisible() else None
        for item in self._items.values():
            item.set_wide(self._wide, room)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def set_current(self, page: str) -> None:
        """Mark the page in front."""
        self._items[page].setChecked(True)

    def set_progress(self, page: str, progress: StageProgress | None) -> None:
        """Show how far a stage is."""
        self._items[page].set_progress(progress)

    def item(self, page: str) -> RailItem:
        """The button of a page."""
        return self._items[page]

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        items = list(self._items.values())
        focused = next((n for n, item in enumerate(items) if item.hasFocus()), None)
        if step is None or focused is None:
            super().keyPressEvent(event)
            return
        items[(focused + step) % len(items)].setFocus(Qt.FocusReason.TabFocusReason)
