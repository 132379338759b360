"""The header of a table: the name of each column, and on the sorted one an arrow beside the name, never over it."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QHeaderView, QWidget
from typing_extensions import override

from gui import icons, theme
from gui.theme import Type

_PADDING = 8
_ARROW = 12
_GAP = 4


class TableHeader(QHeaderView):
    """Painted here, because a styled header draws the arrow over names that stand at the right."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)

    @override
    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:
        model = self.model()
        name = str(model.headerData(logicalIndex, Qt.Orientation.Horizontal) or "")
        side = model.headerData(logicalIndex, Qt.Orientation.Horizontal, Qt.ItemDataRole.TextAlignmentRole)
        align = Qt.AlignmentFlag(side or Qt.AlignmentFlag.AlignLeft.value)
        painter.save()
        painter.fillRect(rect, theme.color("sunken"))
        painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), theme.color("border"))
        room = rect.adjusted(_PADDING, 0, -_PADDING, -1)
        metrics = theme.metrics(Type.SMALL_LABEL)
        if self.isSortIndicatorShown() and self.sortIndicatorSection() == logicalIndex:
            room = self._with_arrow(painter, room, metrics.horizontalAdvance(name), align)
        painter.setFont(theme.font(Type.SMALL_LABEL))
        painter.setPen(theme.color("muted"))
        shown = metrics.elidedText(name, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, align | Qt.AlignmentFlag.AlignVCenter, shown)
        painter.restore()

    def _with_arrow(self, painter: QPainter, room: QRect, wide: int, align: Qt.AlignmentFlag) -> QRect:
        """Draw the arrow after the name; what is left for the name."""
        wide = min(wide, room.width() - _ARROW - _GAP)
        if align & Qt.AlignmentFlag.AlignRight:
            left = room.right() - _ARROW + 1
        elif align & Qt.AlignmentFlag.AlignHCenter:
            left = room.center().x() + (wide - _ARROW) // 2 + _GAP
        else:
            left = room.left() + wide + _GAP
        icon = "chevron-down" if self.sortIndicatorOrder() == Qt.SortOrder.DescendingOrder else "chevron-up"
        spot = QRect(left, room.center().y() - _ARROW // 2 + 1, _ARROW, _ARROW)
        icons.paint(painter, icon, spot, theme.color("muted"))
        return room.adjusted(0, 0, -_ARROW - _GAP, 0)
