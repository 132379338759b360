"""The PRISMA flow on screen: painted from the layout of the exported figure, every box a button of its own."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetricsF, QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget
from typing_extensions import override

from core.figures.primitives import Area, Layout
from core.figures.prisma import PREVIOUS_SHARE, layout_prisma
from core.figures.prisma_model import PrismaFlow
from core.language import tr
from gui import theme
from gui.explaining import explain
from gui.theme import Type
from gui.widgets.focus import FocusRing
from gui.widgets.layout_painter import DARK_PAPER, LIGHT_PAPER, paint_layout

_PIXELS_PER_POINT = 96 / 72
_BESIDE_BOXES = 60
"""Pixels of a row that no box takes: margins, stage bar and its gap."""
_GAP = 32
_LEAST_GAP, _MOST_GAP = 40.0, 76.0
"""Between rows, and how far it grows where there is room."""
_GAPS = 4
_NARROWEST, _WIDEST = 220, 440
_RADIUS = 6


class FlowView(QWidget):
    """Shows a flow as wide as it is given room, boxes at most 440 px. `box_chosen(id)` when one is clicked."""

    box_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._flow: PrismaFlow | None = None
        self._layout: Layout | None = None
        self._room = 0
        self._boxes: dict[str, FlowBox] = {}
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(tr("PRISMA 2020 flow"))

    def show_flow(self, flow: PrismaFlow) -> None:
        """Show these numbers."""
        if flow != self._flow:
            self._flow = flow
            self._lay_out()

    def set_room(self, height: int) -> None:
        """There is so much height to fill: rows stand farther apart then."""
        if height != self._room:
            self._room = height
            self._lay_out()

    def flow(self) -> PrismaFlow | None:
        """The numbers shown."""
        return self._flow

    def boxes(self) -> dict[str, FlowBox]:
        """The boxes by their ids, in reading order."""
        return dict(self._boxes)

    def box_width(self) -> float:
        """How wide the boxes are now, in pixels of the layout."""
        columns, shares = self._columns()
        room = self.width() / self._zoom() - _BESIDE_BOXES - (columns - 1) * _GAP
        return min(max(room / shares, _NARROWEST), _WIDEST)

    def _columns(self) -> tuple[int, float]:
        """How many columns there are, and how many times as wide as a box they are together."""
        flow = self._flow
        columns = 4 if flow is not None and flow.other else 2
        return (columns + 1, columns + PREVIOUS_SHARE) if flow is not None and flow.previous else (columns, columns)

    def _zoom(self) -> float:
        return theme.scaled(1000) / 1000

    def _lay_out(self) -> None:
        if self._flow is None:
            return
        lay_out = partial(layout_prisma, self._flow, self._measure, "overview", box_width=self.box_width())
        self._layout = lay_out(row_gap=_LEAST_GAP)
        spare = self._room / self._zoom() - self._layout.height * _PIXELS_PER_POINT
        if spare > _GAPS:
            self._layout = lay_out(row_gap=min(_LEAST_GAP + spare // _GAPS, _MOST_GAP))
        self.setAccessibleDescription(self._layout.alt_text)
        self._make_boxes(self._layout)
        scale = self._zoom() * _PIXELS_PER_POINT
        self.setFixedHeight(round(self._layout.height * scale) + 1)
        columns, shares = self._columns()
        least = _BESIDE_BOXES + shares * _NARROWEST + (columns - 1) * _GAP
        self.setMinimumWidth(round(least * self._zoom()))
        self._place_boxes()
        self.update()

    def _measure(self, text: str, size: float, bold: bool) -> float:
        zoom = self._zoom()
        return QFontMetricsF(_face(size * zoom, bold)).horizontalAdvance(text) / zoom

    def _make_boxes(self, layout: Layout) -> None:
        wanted = {area.id: area for area in layout.areas}
        if list(wanted) != list(self._boxes):
            for box in self._boxes.values():
                box.deleteLater()
            self._boxes = {name: FlowBox(name, self) for name in wanted}
            for box in self._boxes.values():
                box.clicked.connect(lambda _on=False, name=box.box_id: self.box_chosen.emit(name))
                box.show()
        for name, area in wanted.items():
            self._boxes[name].set_area(area)

    def _place_boxes(self) -> None:
        scale, origin = self._zoom() * _PIXELS_PER_POINT, self._origin()
        for box in self._boxes.values():
            area = box.area
            left, top = round(area.x * scale), round(area.y * scale)
            right, bottom = round((area.x + area.width) * scale), round((area.y + area.height) * scale)
            box.setGeometry(origin.x() + left, origin.y() + top, right - left + 1, bottom - top + 1)

    def _origin(self) -> QPoint:
        if self._layout is None:
            return QPoint()
        spare = self.width() - self._layout.width * self._zoom() * _PIXELS_PER_POINT
        return QPoint(max(0, round(spare / 2)), 0)

    def step(self, box: FlowBox, key: Qt.Key) -> None:
        """Move the focus from `box` to the nearest one in the direction of an arrow key."""
        target = self._nearest(box, key)
        if target is not None:
            target.setFocus(Qt.FocusReason.TabFocusReason)

    def _nearest(self, box: FlowBox, key: Qt.Key) -> FlowBox | None:
        here = box.geometry().center()
        upright = key in (Qt.Key.Key_Up, Qt.Key.Key_Down)
        sign = 1 if key in (Qt.Key.Key_Down, Qt.Key.Key_Right) else -1
        found: list[tuple[int, FlowBox]] = []
        for other in self._boxes.values():
            gap = other.geometry().center() - here
            ahead, aside = (gap.y() * sign, abs(gap.x())) if upright else (gap.x() * sign, abs(gap.y()))
            if other is not box and ahead > 0 and aside <= 2 * ahead:
                found.append((ahead + 2 * aside, other))
        return min(found, key=lambda each: each[0])[1] if found else None

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out()

    @override
    def sizeHint(self) -> QSize:
        return QSize(theme.scaled(_BESIDE_BOXES + 2 * _WIDEST + _GAP), max(self.minimumHeight(), 200))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        if self._layout is None:
            return
        painter = QPainter(self)
        painter.translate(self._origin())
        colours = DARK_PAPER if theme.tokens().scheme == "dark" else LIGHT_PAPER
        paint_layout(painter, self._layout, zoom=self._zoom(), colours=colours, face=_face)
        painter.end()


def _face(pixels: float, bold: bool) -> QFont:
    """The window's own font: the flow on screen is a part of the window."""
    font = theme.font(Type.STRONG if bold else Type.BODY)
    font.setPixelSize(round(pixels))
    return font


class FlowBox(FocusRing, QAbstractButton):
    """One box: nothing but the frame that hover and focus draw over what is painted below."""

    def __init__(self, box_id: str, parent: FlowView) -> None:
        super().__init__(parent)
        self.box_id = box_id
        self.area = Area(box_id, "", 0, 0, 0, 0)
        self._view = parent
        self.setObjectName(f"flow.{box_id}")
        explain(self, f"flow.{box_id}")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def set_area(self, area: Area) -> None:
        """Take the place and the words of an area of the layout."""
        self.area = area
        self.setAccessibleName(area.label)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Right):
            self._view.step(self, key)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        if not self.shows_ring and not self.underMouse():
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        frame = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        if self.shows_ring:
            painter.setPen(QPen(theme.color("focus"), theme.focus_width()))
            frame = frame.adjusted(0.5, 0.5, -0.5, -0.5)
        else:
            painter.setPen(QPen(theme.color("strong"), 1))
        painter.drawRoundedRect(frame, _RADIUS, _RADIUS)
        painter.end()
