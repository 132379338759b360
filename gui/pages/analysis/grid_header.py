"""The header of the data grid: the arms' names over their columns, the columns' own names below."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QHeaderView, QTableView
from typing_extensions import override

from core.language import tr
from gui import theme
from gui.pages.analysis.grid_model import GridModel
from gui.theme import Type

_GROUPED, _PLAIN = 46, 28
_BOTTOM_ROW = 24


class GroupedHeader(QHeaderView):
    """Two lines where the columns belong to arms, one where they do not."""

    def __init__(self, model: GridModel, table: QTableView) -> None:
        super().__init__(Qt.Orientation.Horizontal, table)
        self._columns_model = model
        self.setHighlightSections(False)
        self.setSectionsClickable(False)
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setMinimumSectionSize(24)
        self.setAccessibleName(tr("Columns"))

    def _is_grouped(self) -> bool:
        return any(column.arm for column in self._columns_model.columns)

    @override
    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), theme.scaled(_GROUPED if self._is_grouped() else _PLAIN))

    @override
    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:
        columns = self._columns_model.columns
        if not rect.isValid() or logicalIndex >= len(columns):
            return
        column = columns[logicalIndex]
        painter.save()
        painter.setClipRect(rect)
        painter.fillRect(rect, theme.color("sunken"))
        painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, theme.color("border"))
        if self._columns_model.ends_group(logicalIndex):
            painter.fillRect(rect.right(), rect.top(), 1, rect.height(), theme.color("border"))
        painter.setFont(theme.font(Type.SMALL_LABEL))
        painter.setPen(theme.color("muted"))
        low = theme.scaled(_BOTTOM_ROW) if self._is_grouped() else rect.height()
        inner = QRect(rect.left(), rect.bottom() - low, rect.width(), low)
        if column.kind in ("study", "text"):
            left = 16 if column.kind == "study" else 6
            painter.drawText(inner.adjusted(left, 0, -6, 0), Qt.AlignmentFlag.AlignVCenter, column.title)
        else:
            side = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(inner.adjusted(4, 0, -10, 0), side, column.title)
        if column.arm:
            self._paint_group(painter, rect, column.arm, low)
        painter.restore()

    def _paint_group(self, painter: QPainter, rect: QRect, arm: int, low: int) -> None:
        """The arm's name in the middle of its columns; each section paints the part that lies in it."""
        members = [n for n, column in enumerate(self._columns_model.columns) if column.arm == arm]
        left = self.sectionViewportPosition(members[0])
        width = sum(self.sectionSize(n) for n in members)
        whole = QRect(left + 4, rect.top() + 2, width - 8, rect.height() - low)
        name = self._columns_model.groups[arm - 1]
        shown = theme.metrics(Type.SMALL_LABEL).elidedText(name, Qt.TextElideMode.ElideRight, whole.width())
        painter.drawText(whole, Qt.AlignmentFlag.AlignCenter, shown)
