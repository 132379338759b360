"""Tables over many rows: the model holds a list of ids and fetches rows by page; columns are data.

    columns = (
        Column("title", "Title", lambda r: r.title, stretch=True),
        Column("year", "Year", lambda r: str(r.year or ""), width=64, align="right", sortable=True),
        Column("mine", "Screening", chip=lambda r: ("Include", Tone.INCLUDE) if r.included else None, width=110),
    )
    self.model = IdTableModel(columns, fetch=lambda ids: self.session.references.rows(ids))
    self.table = Table(self.model, "Records")
    self.model.set_ids(self.session.references.ids(order=...))      # sorting and filtering happen in the core

Sorting is asked for by `Table.sort_requested(column id, descending)`; the page answers with `set_ids`.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeVar

from PySide6.QtCore import (
    QAbstractTableModel,
    QEvent,
    QItemSelectionModel,
    QItemSelectionRange,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QKeySequence, QMouseEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)
from typing_extensions import override

from gui import icons, theme
from gui.theme import Type
from gui.widgets.marks import Tone, paint_chip
from gui.widgets.table_header import TableHeader

Row = TypeVar("Row")
Index = QModelIndex | QPersistentModelIndex
PAGE_ROWS = 64  # a page is read at once, on the main thread: it must fit a frame or two
_PAGES_KEPT = 90
_WAITING = "…"
CELL_ROLE = Qt.ItemDataRole.UserRole + 1
_ROLES = (
    Qt.ItemDataRole.DisplayRole,
    Qt.ItemDataRole.ToolTipRole,
    Qt.ItemDataRole.AccessibleTextRole,
    CELL_ROLE,
)


@dataclass(frozen=True)
class Column(Generic[Row]):
    """One column: what a row shows in it, and how. Widths are for a 13 px base and grow with the font."""

    id: str
    title: str
    text: Callable[[Row], str] = lambda _row: ""
    width: int = 120
    stretch: bool = False
    align: Literal["left", "right", "center"] = "left"
    ink: str = "text"
    strong: bool = False
    sortable: bool = False
    chip: Callable[[Row], tuple[str, Tone] | None] | None = None
    icon: Callable[[Row], tuple[str, str] | None] | None = None
    tip: Callable[[Row], str] | None = None


@dataclass(frozen=True)
class Cell:
    """The plain values a cell is painted from."""

    text: str
    align: str
    ink: str
    strong: bool
    chip: tuple[str, Tone] | None
    icon: tuple[str, str] | None


class IdTableModel(QAbstractTableModel, Generic[Row]):
    """Rows known by id and fetched `PAGE_ROWS` at a time by `fetch(ids) -> rows`, in the same order."""

    def __init__(
        self,
        columns: Sequence[Column[Row]],
        fetch: Callable[[Sequence[bytes]], Sequence[Row]],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self._fetch = fetch
        self._ids: list[bytes] = []
        self._rows: dict[bytes, int] = {}
        self._pages: OrderedDict[int, Sequence[Row]] = OrderedDict()
        self._wanted: set[int] = set()

    def set_ids(self, ids: Sequence[bytes]) -> None:
        """Show these rows in this order."""
        self.beginResetModel()
        self._ids = list(ids)
        self._rows = {each: n for n, each in enumerate(self._ids)}
        self._pages.clear()
        self.endResetModel()

    def ids(self) -> Sequence[bytes]:
        """The ids shown, in order."""
        return tuple(self._ids)

    def id_at(self, row: int) -> bytes:
        """The id of a row."""
        return self._ids[row]

    def row_of(self, row_id: bytes) -> int | None:
        """Where an id stands, None if it is not shown."""
        return self._rows.get(row_id)

    def row(self, number: int) -> Row:
        """A row, fetched if need be. For clicks, not for painting."""
        self.prepare(number, number)
        return self._pages[number // PAGE_ROWS][number % PAGE_ROWS]

    def forget(self, ids: Sequence[bytes] | None = None) -> None:
        """These rows (or all) have changed: fetch them anew when they are shown."""
        if not self._ids:
            return
        numbers = range(len(self._ids)) if ids is None else [self._rows[i] for i in ids if i in self._rows]
        for page in {number // PAGE_ROWS for number in numbers}:
            self._pages.pop(page, None)
            last = min(len(self._ids), (page + 1) * PAGE_ROWS) - 1
            self.dataChanged.emit(self.index(page * PAGE_ROWS, 0), self.index(last, len(self.columns) - 1))

    def prepare(self, first: int, last: int) -> None:
        """Fetch the pages of rows `first` to `last`, so that painting finds them."""
        if not self._ids:
            return
        top = min(last, len(self._ids) - 1)
        for page in range(max(0, first) // PAGE_ROWS, top // PAGE_ROWS + 1):
            if page in self._pages:
                self._pages.move_to_end(page)
                continue
            ids = self._ids[page * PAGE_ROWS : (page + 1) * PAGE_ROWS]
            self._pages[page] = self._fetch(ids)
            while len(self._pages) > _PAGES_KEPT:
                self._pages.popitem(last=False)

    def _fetch_wanted(self) -> None:
        wanted, self._wanted = self._wanted, set()
        for page in wanted:
            first, last = page * PAGE_ROWS, min(len(self._ids), (page + 1) * PAGE_ROWS) - 1
            if first <= last:
                self.prepare(first, first)
                self.dataChanged.emit(self.index(first, 0), self.index(last, len(self.columns) - 1))

    def _want(self, page: int) -> None:
        if not self._wanted:
            QTimer.singleShot(0, self, self._fetch_wanted)
        self._wanted.add(page)

    @override
    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self._ids)

    @override
    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self.columns)

    @override
    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        column = self.columns[section]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return column.title
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(_alignment(column.align))
        return None

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or role not in _ROLES:
            return None
        column = self.columns[index.column()]
        page = index.row() // PAGE_ROWS
        if page not in self._pages:
            self._want(page)
            return Cell(_WAITING, column.align, "muted", False, None, None) if role == CELL_ROLE else _WAITING
        row = self._pages[page][index.row() % PAGE_ROWS]
        if role == Qt.ItemDataRole.ToolTipRole:
            return column.tip(row) if column.tip else None
        chip = column.chip(row) if column.chip else None
        text = column.text(row)
        if role == Qt.ItemDataRole.DisplayRole:
            return text or (chip[0] if chip else "")
        if role == Qt.ItemDataRole.AccessibleTextRole:
            said = ", ".join(part for part in (text, chip[0] if chip else "") if part)
            return said or (column.tip(row) if column.tip else "")
        icon = column.icon(row) if column.icon else None
        return Cell(text, column.align, column.ink, column.strong, chip, icon)


def _alignment(align: str) -> Qt.AlignmentFlag:
    side = {"right": Qt.AlignmentFlag.AlignRight, "center": Qt.AlignmentFlag.AlignHCenter}
    return side.get(align, Qt.AlignmentFlag.AlignLeft) | Qt.AlignmentFlag.AlignVCenter


class TableDelegate(QStyledItemDelegate):
    """Paints a cell from its `Cell`: fill by state, the accent bar of a selected row, icon, chip and elided text."""

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        table = option.widget
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        hovered = isinstance(table, Table) and table.hovered_row() == index.row()
        painter.save()
        if selected:
            active = option.state & QStyle.StateFlag.State_Active
            painter.fillRect(option.rect, theme.color("selection" if active else "selection_inactive"))
        elif hovered:
            painter.fillRect(option.rect, theme.color("hover"))
        rect = option.rect
        painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), theme.color("border"))
        if selected and index.column() == 0:
            painter.fillRect(QRect(rect.left(), rect.top(), 3, rect.height()), theme.color("accent"))
        cell = index.data(CELL_ROLE)
        if isinstance(cell, Cell):
            self._paint_cell(painter, rect.adjusted(8, 0, -8, -1), cell)
        painter.restore()

    def _paint_cell(self, painter: QPainter, rect: QRect, cell: Cell) -> None:
        if cell.icon:
            name, ink = cell.icon
            side = QRect(rect.left(), rect.center().y() - 7, 15, 15)
            icons.paint(painter, name, side, theme.color(ink))
            rect = rect.adjusted(21, 0, 0, 0)
        if cell.chip:
            paint_chip(painter, rect, *cell.chip)
            return
        role = Type.STRONG if cell.strong else Type.BODY
        painter.setFont(theme.font(role))
        painter.setPen(theme.color(cell.ink))
        shown = theme.metrics(role).elidedText(cell.text, Qt.TextElideMode.ElideRight, rect.width())
        painter.drawText(rect, _alignment(cell.align), shown)

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(60, theme.scaled(28))


class Table(QTableView):
    """A table view in the house's manner: row selection, no vertical lines, rows of one height, copy as text."""

    sort_requested = Signal(str, bool)
    row_chosen = Signal(int)
    """The current row has changed."""
    row_opened = Signal(int)
    """Return or a double click."""

    def __init__(
        self,
        model: IdTableModel[Any],
        name: str,
        *,
        row_height: int = 28,
        multiple: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._hovered = -1
        self._ids_model = model
        self.setAccessibleName(name)
        self.setModel(model)
        self.setItemDelegate(TableDelegate(self))
        self.setShowGrid(False)
        self.setFrameShape(QTableView.Shape.NoFrame)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        mode = QAbstractItemView.SelectionMode
        self.setSelectionMode(mode.ExtendedSelection if multiple else mode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        rows = self.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setMinimumSectionSize(16)
        rows.setDefaultSectionSize(theme.scaled(row_height))
        self._set_up_header()
        model.modelReset.connect(self._prepare)
        self.selectionModel().currentRowChanged.connect(self._choose)
        self.activated.connect(lambda index: self.row_opened.emit(index.row()))

    def _set_up_header(self) -> None:
        header = TableHeader(self)
        self.setHorizontalHeader(header)
        header.setFixedHeight(theme.scaled(28))
        header.setHighlightSections(False)
        header.setMinimumSectionSize(28)
        header.setSectionsClickable(True)
        header.setSortIndicatorClearable(False)
        header.sectionClicked.connect(self._sort_by)
        for number, column in enumerate(self._ids_model.columns):
            self.setColumnWidth(number, theme.scaled(column.width))
            mode = QHeaderView.ResizeMode.Stretch if column.stretch else QHeaderView.ResizeMode.Interactive
            header.setSectionResizeMode(number, mode)

    def column_ids(self) -> tuple[str, ...]:
        """The ids of the columns, in the model's order."""
        return tuple(column.id for column in self._ids_model.columns)

    def show_sort(self, column: str, *, descending: bool = False) -> None:
        """Mark the sorted column."""
        number = self.column_ids().index(column)
        header = self.horizontalHeader()
        header.setProperty("sorted", number)
        header.setProperty("descending", descending)
        header.setSortIndicatorShown(True)
        header.setSortIndicator(number, Qt.SortOrder.DescendingOrder if descending else Qt.SortOrder.AscendingOrder)

    def choose(self, row: int) -> None:
        """Make `row` current and selected, and scroll to it."""
        index = self._ids_model.index(row, 0)
        flags = QItemSelectionModel.SelectionFlag
        self.selectionModel().setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)
        self.scrollTo(index)

    def chosen_ids(self) -> list[bytes]:
        """Ids of the selected rows, in the order shown."""
        return [self._ids_model.id_at(row) for row in self._selected_rows()]

    def hovered_row(self) -> int:
        """The row under the pointer, -1 if none."""
        return self._hovered

    def _selected_rows(self) -> list[int]:
        # A list of ranges: one range for "select all", however many rows there are.
        ranges = list[QItemSelectionRange](self.selectionModel().selection())  # pyright: ignore[reportArgumentType]
        return sorted({row for part in ranges for row in range(part.top(), part.bottom() + 1)})

    def _sort_by(self, section: int) -> None:
        column = self._ids_model.columns[section]
        if not column.sortable:
            return
        header = self.horizontalHeader()
        same = header.isSortIndicatorShown() and header.property("sorted") == section
        descending = same and not bool(header.property("descending"))
        self.show_sort(column.id, descending=descending)
        self.sort_requested.emit(column.id, descending)

    def _choose(self, current: QModelIndex) -> None:
        if current.isValid():
            self.row_chosen.emit(current.row())

    def _prepare(self) -> None:
        """Fetch what is about to be painted: rows are asked for here, never while painting."""
        height = max(1, self.verticalHeader().defaultSectionSize())
        first = max(0, self.verticalScrollBar().value() // height)
        self._ids_model.prepare(first, first + self.viewport().height() // height + 1)

    @override
    def scrollContentsBy(self, dx: int, dy: int) -> None:
        if dy:
            self._prepare()
        super().scrollContentsBy(dx, dy)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        self._prepare()
        super().resizeEvent(event)

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover(self.rowAt(event.position().toPoint().y()))
        super().mouseMoveEvent(event)

    @override
    def leaveEvent(self, event: QEvent) -> None:
        self._hover(-1)
        super().leaveEvent(event)

    def _hover(self, row: int) -> None:
        if row == self._hovered:
            return
        for each in (self._hovered, row):
            if each >= 0:
                top, height = self.rowViewportPosition(each), self.rowHeight(each)
                self.viewport().update(0, top, self.viewport().width(), height)
        self._hovered = row

    @override
    def moveCursor(self, cursorAction: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier) -> QModelIndex:
        """Home and End go to the first and the last row: a row is one thing here, not cells side by side."""
        ends = {QAbstractItemView.CursorAction.MoveHome: 0, QAbstractItemView.CursorAction.MoveEnd: -1}
        rows = self._ids_model.rowCount()
        if cursorAction in ends and rows:
            return self._ids_model.index(ends[cursorAction] % rows, max(0, self.currentIndex().column()))
        return super().moveCursor(cursorAction, modifiers)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self._copy()
            return
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.row_opened.emit(self.currentIndex().row())
            return
        super().keyPressEvent(event)

    def _copy(self) -> None:
        model = self._ids_model
        lines: list[str] = []
        for row in self._selected_rows():
            model.prepare(row, row)
            cells = [str(model.index(row, n).data() or "") for n in range(len(model.columns))]
            lines.append("\t".join(cells))
        QApplication.clipboard().setText("\n".join(lines))
