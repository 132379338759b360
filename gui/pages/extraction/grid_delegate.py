"""How a cell of a grid is painted and edited."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QAbstractItemModel, QEvent, QObject, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QPainter, QPen, QPolygon
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QLineEdit,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)
from typing_extensions import override

from core.extraction.forms import FieldKind
from core.language import tr
from gui import icons, theme
from gui.pages.extraction.cells import CellSpec, GridRow
from gui.pages.extraction.values import read_block, typed
from gui.pages.extraction.words import NOT_REPORTED
from gui.theme import Type
from gui.widgets.fields import Combo
from gui.widgets.table import Index

if TYPE_CHECKING:
    from gui.pages.extraction.grid import DataGrid, GridModel

_MARK = 7
_PAD = 8
_NO_HINT = QStyledItemDelegate.EndEditHint.NoHint


class GridDelegate(QStyledItemDelegate):
    """Paints from the model's book; the keys of a spreadsheet work in its editors too."""

    def __init__(self, grid: DataGrid) -> None:
        super().__init__(grid)
        self._view = grid

    # painting

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model = self._view.grid
        rect: QRect = option.rect
        painter.save()
        cell = model.cell(index)
        if cell is None:
            self._paint_label(painter, rect, model.row(index.row()))
        else:
            self._paint_cell(painter, rect, cell, model)
        painter.fillRect(QRect(rect.right(), rect.top(), 1, rect.height()), theme.color("border"))
        painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), theme.color("border"))
        if cell is not None and model.book.current is not None and model.book.current.key == cell.key:
            painter.setPen(QPen(theme.color("focus"), theme.focus_width()))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(rect.adjusted(1, 1, -1, -1))
        painter.restore()

    def _paint_label(self, painter: QPainter, rect: QRect, row: GridRow) -> None:
        box = rect.adjusted(_PAD, 0, -_PAD, -1)
        if row.detail:
            painter.setFont(theme.font(Type.SMALL))
            painter.setPen(theme.color("muted"))
            painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, row.detail)
            box = box.adjusted(0, 0, -theme.metrics(Type.SMALL).horizontalAdvance(row.detail) - 8, 0)
        painter.setFont(theme.font(Type.LABEL))
        painter.setPen(theme.color("text"))
        text = theme.metrics(Type.LABEL).elidedText(row.label, Qt.TextElideMode.ElideRight, box.width())
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, text)

    def _paint_cell(self, painter: QPainter, rect: QRect, cell: CellSpec, model: GridModel) -> None:
        book = model.book
        if book.refused(cell.key) is not None:
            painter.fillRect(rect, theme.color("danger_soft"))
        ink = book.ink(cell.key)
        if ink:
            corner = rect.topLeft()
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color(ink))
            painter.drawPolygon(QPolygon([corner, corner + QPoint(_MARK, 0), corner + QPoint(0, _MARK)]))
        box = rect.adjusted(_PAD, 0, -_PAD, -1)
        if book.caution(cell.key):
            spot = QRect(box.left() + 2, box.center().y() - 6, 13, 13)
            icons.paint(painter, "triangle-alert", spot, theme.color("warn"))
            box = box.adjusted(20, 0, 0, 0)
        text = model.text(cell)
        muted = book.pending(cell.key) is not None or text == NOT_REPORTED
        painter.setFont(theme.font())
        painter.setPen(theme.color("muted" if muted else "text"))
        side = Qt.AlignmentFlag.AlignRight if cell.kind is FieldKind.NUMBER else Qt.AlignmentFlag.AlignLeft
        shown = theme.metrics().elidedText(text, Qt.TextElideMode.ElideRight, box.width())
        painter.drawText(box, side | Qt.AlignmentFlag.AlignVCenter, shown)

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(60, theme.scaled(28))

    # editing

    @override
    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        cell = self._view.grid.cell(index)
        assert cell is not None
        if cell.kind is FieldKind.CHOICE:
            entries = [("", ""), *((option, option) for option in cell.options), (tr("Not reported"), NOT_REPORTED)]
            combo = Combo(entries, cell.name, parent)
            combo.setObjectName("extraction.cell_editor")
            combo.activated.connect(lambda: self.finish(combo))
            return combo
        editor = QLineEdit(parent)
        editor.setObjectName("extraction.cell_editor")
        editor.setAccessibleName(cell.name)
        editor.setProperty("cell", True)
        if cell.kind is FieldKind.NUMBER:
            editor.setAlignment(Qt.AlignmentFlag.AlignRight)
        return editor

    @override
    def setEditorData(self, editor: QWidget, index: Index) -> None:
        if editor.property("before") is not None:
            return  # what is being typed stays when the cell is looked at again
        cell = self._view.grid.cell(index)
        assert cell is not None
        book = self._view.grid.book
        held, refused, pending = book.held(cell.key), book.refused(cell.key), book.pending(cell.key)
        before = pending if pending is not None else typed(held.value if held is not None else None)
        editor.setProperty("before", before)
        text = refused.typed if refused is not None else before
        if isinstance(editor, Combo):
            editor.set_value(text)
        else:
            cast("QLineEdit", editor).setText(text)

    @override
    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        cell = self._view.grid.cell(index)
        if cell is None:
            return
        text = str(editor.value() or "") if isinstance(editor, Combo) else cast("QLineEdit", editor).text()
        if text.strip() != editor.property("before"):
            self._view.typed.emit(cell, text.strip())
        else:
            self._view.grid.book.drop_refusal(cell.key)

    @override
    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:
        editor.setGeometry(option.rect)

    def finish(self, editor: QWidget) -> None:
        """Take over what an editor holds and close it."""
        self.commitData.emit(editor)
        self.closeEditor.emit(editor, _NO_HINT)

    @override
    def eventFilter(self, object: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and isinstance(object, QWidget):
            if event.matches(QKeySequence.StandardKey.Paste) and self._pastes_block(object):
                return True
            move = self._move_of(object, event)
            if move is not None:
                self.finish(object)
                self._view.setFocus(Qt.FocusReason.OtherFocusReason)
                kind, direction = move
                if kind == "tab":
                    self._view.focusNextPrevChild(direction > 0)
                elif kind == "line":
                    self._view.newline(direction)
                else:
                    self._view.step(direction, 0)
                return True
        return super().eventFilter(object, event)

    def _pastes_block(self, editor: QWidget) -> bool:
        """Whether several cells were to be pasted into one number: they go into the grid, never run together."""
        cell = self._view.current_cell()
        block = read_block(QApplication.clipboard().text())
        if cell is None or cell.kind is not FieldKind.NUMBER or (len(block) == 1 and len(block[0]) == 1):
            return False
        self.closeEditor.emit(editor, _NO_HINT)
        self._view.setFocus(Qt.FocusReason.OtherFocusReason)
        self._view.paste(block)
        return True

    def _move_of(self, editor: QWidget, event: QKeyEvent) -> tuple[str, int] | None:
        """What a key in an editor does besides editing."""
        key = Qt.Key(event.key())
        if key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            back = key == Qt.Key.Key_Backtab or event.modifiers() & Qt.KeyboardModifier.ShiftModifier
            return "tab", -1 if back else 1
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            return "line", -1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down) and not isinstance(editor, QComboBox):
            return "step", -1 if key == Qt.Key.Key_Up else 1
        return None
