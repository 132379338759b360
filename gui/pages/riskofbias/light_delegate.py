"""Paints the cells of the traffic-light table."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem
from typing_extensions import override

from gui import icons, theme
from gui.pages.riskofbias.discs import DIAMETER, paint_disc, paint_ring, paint_sign
from gui.pages.riskofbias.lights import HIDDEN, SETTLED, Light, LightRow, Sign, WorkSign
from gui.theme import Type
from gui.widgets.marks import paint_avatar, paint_work

if TYPE_CHECKING:
    from gui.pages.riskofbias.table import LightTable

_MARK = 16
_FRAME = (34, 30)


class LightDelegate(QStyledItemDelegate):
    """One cell from the plain values of its `LightRow`."""

    @override
    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        table = cast("LightTable", option.widget)
        row = table.light_at(index)
        if row is None:
            return
        painter.save()
        rect: QRect = option.rect
        is_current_row = index.row() == table.currentIndex().row()
        if is_current_row:
            painter.fillRect(rect, theme.color("selection" if table.hasFocus() else "selection_inactive"))
        painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), theme.color("border"))
        if index.column() == 0:
            if is_current_row:
                painter.fillRect(QRect(rect.left(), rect.top(), 3, rect.height()), theme.color("accent"))
            _paint_text(painter, rect.adjusted(24, 0, -8, -1), row.label, strong=row.applies)
        elif table.is_domain(index.column()):
            is_current = index.row() == table.currentIndex().row() and index.column() == table.currentIndex().column()
            hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
            _paint_frame(painter, rect, is_current=is_current, has_focus=table.hasFocus(), hovered=hovered)
            _paint_light(painter, rect, row.lights[index.column() - 1])
        else:
            _paint_state(painter, rect.adjusted(10, 0, -4, -1), row)
        painter.restore()


def _paint_text(painter: QPainter, rect: QRect, text: str, *, strong: bool) -> None:
    role = Type.LABEL if strong else Type.BODY
    painter.setFont(theme.font(role))
    painter.setPen(theme.color("text" if strong else "muted"))
    shown = theme.metrics(role).elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
    painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter, shown)


def _paint_frame(painter: QPainter, rect: QRect, *, is_current: bool, has_focus: bool, hovered: bool) -> None:
    if not is_current and not hovered:
        return
    wide, high = (theme.scaled(side) for side in _FRAME)
    box = QRectF(0, 0, min(wide, rect.width() - 2), high)
    box.moveCenter(QRectF(rect).center())
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    ink = ("focus" if has_focus else "strong") if is_current else "outline"
    painter.setPen(QPen(theme.color(ink), 2 if is_current else 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(box, 6, 6)


def _paint_light(painter: QPainter, rect: QRect, light: Light) -> None:
    middle = QRectF(rect).center()
    side = theme.scaled(DIAMETER)
    if light.sign is Sign.NOT_ASSESSED:
        painter.setFont(theme.font(Type.SMALL))
        painter.setPen(theme.color("muted"))
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, "n/a")
    elif light.level is not None:
        paint_disc(painter, middle, light.level, side)
        _paint_how(painter, middle, light.sign)
    elif light.sign is Sign.DIFFERS:
        box = QRectF(0, 0, 16, 16)
        box.moveCenter(middle)
        icons.paint(painter, "git-compare", box, theme.color("warn"))
    else:
        paint_ring(painter, middle, side)
        if light.sign is Sign.EQUAL:
            paint_sign(painter, middle, "=", theme.color("muted"), side)


def _paint_how(painter: QPainter, middle: QPointF, sign: Sign) -> None:
    """The adjudicator's hexagon, or a warning, at the lower right of the disc."""
    spot = QRect(round(middle.x()) + theme.scaled(4), round(middle.y()) + theme.scaled(2), 10, 10)
    if sign is Sign.ADJUDICATED:
        paint_avatar(painter, spot, "", 1, adjudicator=True)
    elif sign is Sign.CHANGED:
        icons.paint(painter, "triangle-alert", spot.adjusted(0, 0, 2, 2), theme.color("warn"))


def _paint_state(painter: QPainter, rect: QRect, row: LightRow) -> None:
    if row.work:
        _paint_work(painter, rect, row.work)
        return
    icon = {SETTLED: ("check", "success"), HIDDEN: ("lock", "muted")}.get(row.state)
    if icon is not None:
        icons.paint(painter, icon[0], QRect(rect.left(), rect.center().y() - 6, 14, 14), theme.color(icon[1]))
        rect = rect.adjusted(18, 0, 0, 0)
    painter.setFont(theme.font(Type.SMALL))
    painter.setPen(theme.color("warn" if row.waits else "muted"))
    shown = theme.metrics(Type.SMALL).elidedText(row.state, Qt.TextElideMode.ElideRight, rect.width())
    painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter, shown)


def _paint_work(painter: QPainter, rect: QRect, work: tuple[WorkSign, ...]) -> None:
    side = theme.scaled(_MARK)
    x = rect.left()
    for sign in work:
        spot = QRect(x, rect.center().y() - side // 2 + 1, side, side)
        if sign.state is None:
            icons.paint(painter, "lock", spot.adjusted(1, 1, -1, -1), theme.color("muted"))
        else:
            paint_work(painter, spot, sign.who.position, sign.state, adjudicator=sign.who.is_adjudicator)
        x += side + 6
