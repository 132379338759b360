"""A grid one enters values in as in a spreadsheet: arrows, Tab and Return move, typing edits, blocks are pasted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QRect, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence, QPainter
from PySide6.QtWidgets import QAbstractItemView, QApplication, QHeaderView, QTableView, QWidget
from typing_extensions import override

from core.extraction.forms import FieldKind
from core.language import tr
from gui import theme
from gui.pages.extraction.cells import CellBook, CellSpec, GridRow, GridSpec
from gui.pages.extraction.grid_delegate import GridDelegate
from gui.pages.extraction.reading import CellKey
from gui.pages.extraction.values import shown
from gui.theme import Type
from gui.widgets.table import Index

_ROW = 28
_NUMBER_WIDTH = 112
_PAD = 8
_FORWARD, _BACK = 1, -1


class GridModel(QAbstractTableModel):
    """Labels in the first column, cells in the others."""

    def __init__(self, book: CellBook, parent: QWidget) -> None:
        super().__init__(parent)
        self.book = book
        self.spec = GridSpec("", (), ())
        book.changed.connect(self._look_again)

    def show_spec(self, spec: GridSpec) -> None:
        """Show this grid; nothing happens when it is shown already."""
        if spec != self.spec:
            self.beginResetModel()
            self.spec = spec
            self.endResetModel()

    def row(self, number: int) -> GridRow:
        """A row of the grid."""
        return self.spec.rows[number]

    def cell(self, index: Index) -> CellSpec | None:
        """The cell at an index; None for a label."""
        if not index.isValid() or index.column() == 0:
            return None
        cells = self.spec.rows[index.row()].cells
        return cells[index.column() - 1] if index.column() <= len(cells) else None

    def index_of(self, key: CellKey) -> QModelIndex:
        """Where a cell stands; an invalid index when it is not in this grid."""
        for number, line in enumerate(self.spec.rows):
            for column, cell in enumerate(line.cells, 1):
                if cell.key == key:
                    return self.index(number, column)
        return QModelIndex()

    def _look_again(self) -> None:
        if self.spec.rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.spec.rows) - 1, len(self.spec.columns)))

    @override
    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self.spec.rows)

    @override
    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self.spec.columns) + 1

    @override
    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        shown = role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole)
        if orientation != Qt.Orientation.Horizontal or not shown:
            return None
        return ("", *self.spec.columns)[section] if section <= len(self.spec.columns) else None

    @override
    def flags(self, index: Index) -> Qt.ItemFlag:
        if self.cell(index) is None:
            return Qt.ItemFlag.NoItemFlags
        usable = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return usable | Qt.ItemFlag.ItemIsEditable if self.book.is_editable else usable

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        cell = self.cell(index)
        if role == Qt.ItemDataRole.DisplayRole:
            return self.row(index.row()).label if cell is None else self.text(cell)
        if role == Qt.ItemDataRole.ToolTipRole:
            line = self.row(index.row())
            return line.tip or line.label if cell is None else self._tip(cell)
        if role == Qt.ItemDataRole.AccessibleTextRole and cell is not None:
            return f"{cell.name}, {self.text(cell) or tr('empty')}"
        return None

    def text(self, cell: CellSpec) -> str:
        """What a cell shows."""
        pending = self.book.pending(cell.key)
        held = self.book.held(cell.key)
        return pending if pending is not None else shown(held.value if held is not None else None)

    def _tip(self, cell: CellSpec) -> str:
        held = self.book.held(cell.key)
        if held is None:
            return ""
        value = held.value
        full = repr(value.number) if value.number is not None else value.text
        return "\n".join(filter(None, (full, held.source, self.book.caution(cell.key))))


class GridHeader(QHeaderView):
    """Titles over the columns: small, muted, with the lines of the grid."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setSectionsClickable(False)
        self.setHighlightSections(False)
        self.setMinimumSectionSize(40)
        self.setFixedHeight(theme.scaled(_ROW))

    @override
    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:
        painter.save()
        painter.fillRect(rect, theme.color("sunken"))
        painter.fillRect(QRect(rect.right(), rect.top(), 1, rect.height()), theme.color("border"))
        painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), theme.color("border"))
        painter.setFont(theme.font(Type.SMALL_LABEL))
        painter.setPen(theme.color("muted"))
        model = cast("GridModel", self.model())
        numbers = logicalIndex > 0 and model.spec.kind is FieldKind.NUMBER
        side = Qt.AlignmentFlag.AlignRight if numbers else Qt.AlignmentFlag.AlignLeft
        title = str(model.headerData(logicalIndex, Qt.Orientation.Horizontal) or "")
        box = rect.adjusted(_PAD, 0, -_PAD, 0)
        text = theme.metrics(Type.SMALL_LABEL).elidedText(title, Qt.TextElideMode.ElideRight, box.width())
        painter.drawText(box, side | Qt.AlignmentFlag.AlignVCenter, text)
        painter.restore()


class DataGrid(QTableView):
    """See the module. It is as high as its rows; `edge` says that one wants to leave it forwards or backwards."""

    typed = Signal(object, str)
    """A cell, and what was typed into it."""
    pasted = Signal(list, int)
    """[(cell, text)] of a block, and how many of its values found no cell."""
    edge = Signal(int)
    reached = Signal(object)
    """One is at this cell now."""

    def __init__(self, book: CellBook, object_name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(object_name)
        self.grid = GridModel(book, self)
        self.setModel(self.grid)
        self.setHorizontalHeader(GridHeader(self))
        self.setItemDelegate(GridDelegate(self))
        self.setFrameShape(QTableView.Shape.NoFrame)
        self.setShowGrid(False)
        # Where one is, is painted by the delegate; a selection besides would only be a second mark.
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        triggers = QAbstractItemView.EditTrigger
        self.setEditTriggers(triggers.DoubleClicked | triggers.EditKeyPressed | triggers.AnyKeyPressed)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setProperty("takesTyping", True)
        rows = self.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(theme.scaled(_ROW))
        self._tab_from: int | None = None
        self.selectionModel().currentChanged.connect(lambda current, _before: self._reach(current))

    def show_spec(self, spec: GridSpec) -> None:
        """Show this grid, keeping the cell one is at where it still exists."""
        here = self.current_cell()
        self.setAccessibleName(spec.name)
        self.grid.show_spec(spec)
        header = self.horizontalHeader()
        for number in range(len(spec.columns) + 1):
            fixed = number > 0 and spec.kind is FieldKind.NUMBER
            mode = QHeaderView.ResizeMode.Fixed if fixed else QHeaderView.ResizeMode.Stretch
            header.setSectionResizeMode(number, mode)
            if fixed:
                title = theme.metrics(Type.SMALL_LABEL).horizontalAdvance(spec.columns[number - 1])
                self.setColumnWidth(number, max(theme.scaled(_NUMBER_WIDTH), title + 2 * _PAD + 2))
        header.setVisible(any(spec.columns))
        self.setFixedHeight(theme.scaled(_ROW) * (len(spec.rows) + any(spec.columns)))
        if here is not None and self.hasFocus():
            self.setCurrentIndex(self.grid.index_of(here.key))

    # where one is

    def current_cell(self) -> CellSpec | None:
        """The cell one is at, None when at none."""
        return self.grid.cell(self.currentIndex())

    def index_of(self, key: CellKey) -> QModelIndex:
        """Where a cell stands; an invalid index when it is not in this grid."""
        return self.grid.index_of(key)

    def go(self, key: CellKey) -> bool:
        """Move to a cell of this grid and take the focus; whether it is here."""
        index = self.grid.index_of(key)
        if index.isValid():
            self._tab_from = None
            self.setCurrentIndex(index)
            self.setFocus(Qt.FocusReason.OtherFocusReason)
            self.reached.emit(self.grid.cell(index))
        return index.isValid()

    def go_to_end(self, direction: int) -> bool:
        """Move to the first (1) or last (-1) cell; whether there is one."""
        cells = list(self.grid.spec.cells())
        return bool(cells) and self.go(cells[0 if direction == _FORWARD else -1].key)

    def commit(self) -> None:
        """Take over what is being typed."""
        editor = QApplication.focusWidget()
        if self.state() == QAbstractItemView.State.EditingState and editor is not None and self.isAncestorOf(editor):
            delegate = cast("GridDelegate", self.itemDelegate())
            delegate.finish(editor)

    def edit_cell(self, key: CellKey) -> None:
        """Move to a cell and open its editor."""
        if self.go(key):
            self.edit(self.currentIndex())

    def _reach(self, index: Index) -> None:
        cell = self.grid.cell(index)
        if cell is not None and (self.hasFocus() or self.state() == QAbstractItemView.State.EditingState):
            self.reached.emit(cell)

    # moving

    def step(self, rows: int, columns: int) -> None:
        """Move by rows or columns; past the end of a row to the next row, past the grid to its neighbour."""
        here = self.currentIndex()
        width, height = len(self.grid.spec.columns), len(self.grid.spec.rows)
        if not here.isValid():
            self.go_to_end(_FORWARD)
            return
        number, column = here.row() + rows, here.column() + columns
        if not 1 <= column <= width:
            number, column = number + columns, 1 if column > width else width
        if 0 <= number < height:
            self.setCurrentIndex(self.grid.index(number, column))
        else:
            self.edge.emit(_FORWARD if number >= height else _BACK)

    def tab(self, direction: int) -> bool:
        """Move as Tab does; False at the end of the grid."""
        here = self.currentIndex()
        if not here.isValid():
            return False
        if self._tab_from is None:
            self._tab_from = here.column()
        width, height = len(self.grid.spec.columns), len(self.grid.spec.rows)
        place = here.row() * width + here.column() - 1 + direction
        if not 0 <= place < width * height:
            return False
        self.setCurrentIndex(self.grid.index(place // width, place % width + 1))
        return True

    def newline(self, direction: int) -> None:
        """Move as Return does: down, and back to the column where tabbing began."""
        here = self.currentIndex()
        column, self._tab_from = self._tab_from, None
        if column is not None and here.isValid():
            here = self.grid.index(here.row(), column)
            self.setCurrentIndex(here)
        self.step(direction, 0)

    @override
    def focusNextPrevChild(self, next: bool) -> bool:
        direction = _FORWARD if next else _BACK
        if self.tab(direction):
            return True
        self._tab_from = None
        self.edge.emit(direction)
        return not self.hasFocus() or super().focusNextPrevChild(next)

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if not self.currentIndex().isValid():
            back = event.reason() == Qt.FocusReason.BacktabFocusReason
            cells = list(self.grid.spec.cells())
            if cells and event.reason() != Qt.FocusReason.MouseFocusReason:
                self.setCurrentIndex(self.grid.index_of(cells[-1 if back else 0].key))
        self._reach(self.currentIndex())

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        arrows = {Qt.Key.Key_Left: (0, -1), Qt.Key.Key_Right: (0, 1), Qt.Key.Key_Up: (-1, 0), Qt.Key.Key_Down: (1, 0)}
        if event.matches(QKeySequence.StandardKey.Copy):
            cell = self.current_cell()
            QApplication.clipboard().setText(self.grid.text(cell) if cell else "")
        elif key in arrows and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            self._tab_from = None
            self.step(*arrows[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.newline(_BACK if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else _FORWARD)
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._clear()
        elif key == Qt.Key.Key_Escape:
            self._give_up(event)
        else:
            super().keyPressEvent(event)

    # changing

    def _clear(self) -> None:
        cell = self.current_cell()
        if cell is not None and self.grid.book.is_editable:
            self.typed.emit(cell, "")

    def _give_up(self, event: QKeyEvent) -> None:
        """The refusal that is shown: the cell's own, else the last one."""
        cell, book = self.current_cell(), self.grid.book
        last = book.last_refused()
        if cell is not None and book.refused(cell.key) is not None:
            book.drop_refusal(cell.key)
        elif last is not None:
            book.drop_refusal(last[0])
        else:
            event.ignore()

    def paste(self, block: Sequence[Sequence[str]]) -> None:
        """Enter a block whose upper left corner goes into the current cell."""
        here = self.currentIndex()
        if self.grid.cell(here) is None or not self.grid.book.is_editable:
            return
        taken: list[tuple[CellSpec, str]] = []
        lost = 0
        for down, line in enumerate(block):
            for right, text in enumerate(line):
                index = self.grid.index(here.row() + down, here.column() + right)
                cell = self.grid.cell(index)
                if cell is not None:
                    taken.append((cell, text))
                else:
                    lost += bool(text.strip())
        self.pasted.emit(taken, lost)
