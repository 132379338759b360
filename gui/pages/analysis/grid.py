"""The data grid: studies with their numbers, typed over in place, with effects and weights beside them."""

from __future__ import annotations

from PySide6.QtCore import (
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPen,
    QPolygon,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QAbstractItemView,
    QApplication,
    QHeaderView,
    QLineEdit,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)
from typing_extensions import override

from core.language import tr
from gui import icons, theme
from gui.explaining import explain, explain_cells
from gui.pages.analysis.grid_header import GroupedHeader
from gui.pages.analysis.grid_model import FACE_ROLE, ColumnKind, Face, GridColumn, GridModel, Section, Spot
from gui.theme import Type
from gui.widgets.marks import reviewer_ink

Index = QModelIndex | QPersistentModelIndex
ROW_HEIGHT = 24
_WIDTHS: dict[ColumnKind, int] = {"number": 52, "weight": 60, "origin": 32}
_LEAST_STUDY = 130
_LEAST_EFFECT = 140
_MOST_TEXT = 220
_MOST_NAME = 120
_CORNER = 7
_MARGIN = 16
_INDENT = 18
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class GridDelegate(QStyledItemDelegate):
    """Paints a cell from its `Face` and edits it in a plain field of the cell's size."""

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        face = index.data(FACE_ROLE)
        grid = option.widget
        if not isinstance(face, Face) or not isinstance(grid, DataGrid):
            return
        rect = option.rect
        painter.save()
        painter.fillRect(rect, theme.color(_fill(face)))
        edge = theme.color("border")
        painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, edge)
        if grid.rows.ends_group(index.column()):
            painter.fillRect(rect.right(), rect.top(), 1, rect.height(), edge)
        if face.icon is not None:
            spot = QRect(rect.center().x() - 6, rect.center().y() - 6, 14, 14)
            icons.paint(painter, face.icon[0], spot, theme.color(face.icon[1]))
        elif face.text:
            self._paint_text(painter, rect, face)
        if face.mark is not None:
            corner = QPolygon([rect.topRight() + QPoint(x, y) for x, y in ((-_CORNER, 0), (0, 0), (0, _CORNER))])
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color(reviewer_ink(face.mark)))
            painter.drawPolygon(corner)
        if index == grid.currentIndex():
            width = 2 if grid.hasFocus() else 1
            painter.setPen(QPen(theme.color("focus"), width))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(rect.adjusted(1, 1, -width, -width))
        painter.restore()

    def _paint_text(self, painter: QPainter, rect: QRect, face: Face) -> None:
        role = Type.STRONG if face.section else Type.BODY
        painter.setFont(theme.font(role))
        painter.setPen(theme.color(face.ink))
        inner = rect.adjusted(6, 0, -10, -1)
        if face.kind == "study":
            inner.setLeft(rect.left() + _MARGIN + (_INDENT if face.section or face.indented else 0))
        if face.kind == "study" and face.section:
            chevron = QRect(rect.left() + _MARGIN, rect.center().y() - 6, 13, 13)
            icons.paint(painter, "chevron-right" if face.folded else "chevron-down", chevron, theme.color("muted"))
        shown = theme.metrics(role).elidedText(face.text, Qt.TextElideMode.ElideRight, inner.width())
        painter.drawText(inner, _LEFT if face.kind in ("study", "text") else _RIGHT, shown)

    @override
    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        editor = QLineEdit(parent)
        editor.setObjectName("analysis.cell_editor")
        editor.setProperty("cell", True)
        editor.setAlignment(_RIGHT)
        editor.setAccessibleName(str(index.data(Qt.ItemDataRole.AccessibleTextRole)))
        return editor

    @override
    def setEditorData(self, editor: QWidget, index: Index) -> None:
        if isinstance(editor, QLineEdit):
            editor.setText(str(index.data(Qt.ItemDataRole.EditRole)))
            editor.selectAll()

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(theme.scaled(40), theme.scaled(ROW_HEIGHT))


def _fill(face: Face) -> str:
    if face.refused:
        return "danger_soft"
    return "sunken" if face.section else "surface"


class DataGrid(QTableView):
    """A table of single cells. Return goes down, Tab to the next number; Delete gives back the settled value."""

    spot_chosen = Signal(object)
    """The Spot that is current now, None on nothing."""
    cleared = Signal(object)
    """Delete was pressed on this Spot."""
    pasted = Signal(object, str)
    """A text was pasted on this Spot."""
    menu_wanted = Signal(QPoint)
    """The menu of the current row is asked for at this global place."""

    folded = Signal()
    """A subgroup was folded or unfolded."""

    def __init__(self, model: GridModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = model
        self.setObjectName("analysis.grid")
        self.setAccessibleName(tr("Data of the analysis"))
        explain(self, "provenance")
        explain_cells(self, lambda index: model.topic_of(index))
        self.setModel(model)
        self.setItemDelegate(GridDelegate(self))
        self.setHorizontalHeader(GroupedHeader(model, self))
        self.setShowGrid(False)
        self.setFrameShape(QTableView.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectItems)
        triggers = QAbstractItemView.EditTrigger
        self.setEditTriggers(triggers.AnyKeyPressed | triggers.DoubleClicked)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        rows = self.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setMinimumSectionSize(16)
        rows.setDefaultSectionSize(theme.scaled(ROW_HEIGHT))
        model.modelReset.connect(self._fit)
        model.dataChanged.connect(self._fit)
        self.selectionModel().currentChanged.connect(self._current_changed)

    def wanted_height(self) -> int:
        """The height that shows every row."""
        height = self.horizontalHeader().sizeHint().height() + self.rows.rowCount() * theme.scaled(ROW_HEIGHT)
        if self.horizontalHeader().length() > self.viewport().width():
            height += self.horizontalScrollBar().sizeHint().height()
        return height

    def current_spot(self) -> Spot | None:
        """The cell that is current."""
        return self.rows.spot(self.currentIndex())

    def choose(self, spot: Spot | None) -> None:
        """Make a cell current; the first number when it is not there."""
        index = self.rows.index_of(spot) if spot is not None else QModelIndex()
        if not index.isValid():
            index = next(
                (self.rows.index(n, 1) for n in range(self.rows.rowCount()) if self._is_study(n)), QModelIndex()
            )
        self._go(index)

    def fold(self, row: int | None = None) -> None:
        """Fold or unfold the subgroup at a row, the current one's by default; unfold all where none is current."""
        at = self.currentIndex().row() if row is None else row
        spot = self.current_spot()
        if at >= 0:
            self.rows.toggle(at)
        else:
            self.rows.unfold()
        self.choose(spot)
        self.folded.emit()

    def edit_current(self) -> None:
        """Open the editor of the current cell, if it holds a number."""
        index = self.currentIndex()
        if index.isValid() and index.flags() & Qt.ItemFlag.ItemIsEditable:
            self.edit(index)

    def is_editing(self) -> bool:
        """Whether an editor is open."""
        return self.state() == QAbstractItemView.State.EditingState

    # moving

    def _is_study(self, row: int) -> bool:
        return not isinstance(self.rows.line(row), Section)

    def _go(self, index: QModelIndex) -> None:
        flags = QItemSelectionModel.SelectionFlag
        self.selectionModel().setCurrentIndex(index, flags.ClearAndSelect)
        if index.isValid():
            self.scrollTo(index)

    def _beside(self, step: int, *, by_row: bool) -> QModelIndex | None:
        """The next number down the column, or along the rows; None past the end."""
        here = self.currentIndex()
        row, column = here.row(), here.column()
        while True:
            if by_row:
                row += step
            else:
                column += step
                if not 0 <= column < len(self.rows.columns):
                    row, column = row + step, 0 if step > 0 else len(self.rows.columns) - 1
            if not 0 <= row < self.rows.rowCount():
                return None
            index = self.rows.index(row, column)
            if index.flags() & Qt.ItemFlag.ItemIsEditable:
                return index

    def _step(self, step: int, *, by_row: bool) -> bool:
        target = self._beside(step, by_row=by_row)
        if target is not None:
            self._go(target)
        return target is not None

    @override
    def moveCursor(self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier) -> QModelIndex:
        here = self.currentIndex()
        step = {QAbstractItemView.CursorAction.MoveUp: -1, QAbstractItemView.CursorAction.MoveDown: 1}.get(action)
        if step is None or not here.isValid():
            return super().moveCursor(action, modifiers)
        row = here.row() + step
        while 0 <= row < self.rows.rowCount() and not self._is_study(row):
            row += step
        return self.rows.index(row, here.column()) if 0 <= row < self.rows.rowCount() else here

    @override
    def closeEditor(self, editor: QWidget, hint: QAbstractItemDelegate.EndEditHint) -> None:
        super().closeEditor(editor, QAbstractItemDelegate.EndEditHint.NoHint)
        hints = QAbstractItemDelegate.EndEditHint
        if hint == hints.SubmitModelCache:
            self._step(1, by_row=True)
        elif hint in (hints.EditNextItem, hints.EditPreviousItem):
            self._step(1 if hint == hints.EditNextItem else -1, by_row=False)

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and not self._is_study(index.row()):
            if event.button() == Qt.MouseButton.LeftButton:
                self.fold(index.row())
            return
        super().mousePressEvent(event)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        spot = self.current_spot()
        if self.is_editing():
            event.ignore()  # what an editor lets through is not meant for the grid
        elif event.matches(QKeySequence.StandardKey.Copy):
            QApplication.clipboard().setText(str(self.currentIndex().data() or ""))
        elif event.matches(QKeySequence.StandardKey.Paste) and spot is not None:
            self.pasted.emit(spot, QApplication.clipboard().text().strip())
        elif key == Qt.Key.Key_Escape and self.rows.refused is not None:
            self.rows.set_refused(None)
            self.spot_chosen.emit(spot)
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and spot is not None:
            self.cleared.emit(spot)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._step(1, by_row=True)
        else:
            super().keyPressEvent(event)

    @override
    def focusNextPrevChild(self, next: bool) -> bool:
        """Tab goes through the numbers and leaves at the ends."""
        if self.currentIndex().isValid() and self._step(1 if next else -1, by_row=False):
            return True
        return super().focusNextPrevChild(next)

    # looks

    def _current_changed(self, current: QModelIndex, previous: QModelIndex) -> None:
        for index in (current, previous):
            if index.isValid():
                left = self.visualRect(self.rows.index(index.row(), 0))
                self.viewport().update(left)
        self.spot_chosen.emit(self.rows.spot(current))

    def _fit(self) -> None:
        """Give each column its width and the study what is left."""
        columns = self.rows.columns
        if not columns:
            return
        header = self.horizontalHeader()
        header.setFixedHeight(header.sizeHint().height())
        used = 0
        for number, column in enumerate(columns):
            if column.kind != "study":
                width = theme.scaled(_WIDTHS.get(column.kind, _LEAST_EFFECT))
                words = max(theme.metrics(Type.SMALL_LABEL).horizontalAdvance(column.title), self._share(column))
                widest = self._widest(number) + 20
                if column.kind == "text":  # the table below the grid shows all of it
                    widest = min(widest, theme.scaled(_MOST_TEXT))
                self.setColumnWidth(number, max(width, words + 18, widest))
                used += self.columnWidth(number)
        self.setColumnWidth(0, max(theme.scaled(_LEAST_STUDY), self.viewport().width() - used))

    def _share(self, column: GridColumn) -> int:
        """What a column takes of the name of its side, within reason."""
        if not column.arm:
            return 0
        name = theme.metrics(Type.SMALL_LABEL).horizontalAdvance(self.rows.groups[column.arm - 1])
        return min(name, theme.scaled(_MOST_NAME)) // sum(each.arm == column.arm for each in self.rows.columns)

    def _widest(self, column: int) -> int:
        """The longest text of a column."""
        texts = (str(self.rows.index(row, column).data() or "") for row in range(self.rows.rowCount()))
        return max(map(theme.metrics(Type.BODY).horizontalAdvance, texts), default=0)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if not self.currentIndex().isValid() and self.rows.rowCount():
            self.choose(None)
        self.viewport().update()

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()

    @override
    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if event.reason() == QContextMenuEvent.Reason.Mouse:
            index = self.indexAt(event.pos())
            if self.rows.row_id(index) is None:
                return
            self._go(index)
            self.menu_wanted.emit(event.globalPos())
        elif self.current_spot() is not None:
            self.menu_wanted.emit(self.viewport().mapToGlobal(self.visualRect(self.currentIndex()).bottomLeft()))
