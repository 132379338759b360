"""The traffic-light table: studies down, domains across, a disc in each cell."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget
from typing_extensions import override

from core.language import tr
from core.model import Id
from core.riskofbias.tools import Cell
from gui import theme
from gui.explaining import explain, explain_cells
from gui.pages.riskofbias.light_delegate import LightDelegate
from gui.pages.riskofbias.lights import LightRow
from gui.pages.riskofbias.reading import Board
from gui.pages.riskofbias.words import long_name, short_name, topic
from gui.theme import Type
from gui.widgets.view_keys import copies_rows

Index = QModelIndex | QPersistentModelIndex
ROW = 36
_HEADER = 58
_LOW_HEADER = 34
_NAME = 190
_NAME_MIN = 130
_CELL = 84
_CELL_MIN = 44
_BESIDE_WORDS = 4
"""Columns too narrow for the longest word show the number of the domain only; the bars below and the tooltip name it.
"""


class LightModel(QAbstractTableModel):
    """Study, domains, how far: one `LightRow` per row."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: Sequence[LightRow] = ()
        self.cells: tuple[Cell, ...] = ()
        self._heads: list[tuple[str, str, str]] = []
        self.last = ""
        self._topics: list[str] = []

    def topic_of(self, column: int) -> str:
        """What the explanation of a column is about: its domain."""
        domain = 1 <= column <= len(self.cells)
        return self._topics[column - 1] if domain else ""

    def show_rows(self, board: Board, rows: Sequence[LightRow], last: str) -> None:
        """Show these rows; `last` heads the last column."""
        same = self.cells == board.cells and [r.study_id for r in self.rows] == [r.study_id for r in rows]
        if not same:
            self.beginResetModel()
        self.rows, self.cells, self.last = rows, board.cells, last
        tool = board.tool
        self._topics = [topic(tool, "domain", cell.domain) for cell in board.cells]
        self._heads = [(board.mark(c), short_name(tool, c), long_name(tool, c)) for c in board.cells]
        if not same:
            self.endResetModel()
        elif rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(rows) - 1, self.columnCount() - 1))

    def head(self, section: int) -> tuple[str, str]:
        """Number and short name of a domain's column, the title of the others."""
        if 1 <= section <= len(self._heads):
            return self._heads[section - 1][:2]
        return (tr("Study") if section == 0 else self.last, "")

    def words_width(self) -> int:
        """How wide a column must be for the longest word of a short name."""
        words = (word for _, name, _ in self._heads for word in name.split())
        return max(map(theme.metrics(Type.CAPTION).horizontalAdvance, words), default=0) + _BESIDE_WORDS

    def row_of(self, study_id: Id | None) -> int:
        """Where a study stands, -1 if it is not there."""
        return next((n for n, row in enumerate(self.rows) if row.study_id == study_id), -1)

    @override
    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self.rows)

    @override
    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self.cells) + 2

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row = self.rows[index.row()]
        domain = index.column() - 1
        is_cell = 0 <= domain < len(row.lights)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return row.lights[domain].spoken if is_cell else row.label if domain < 0 else row.spoken_state
        if role == Qt.ItemDataRole.DisplayRole:
            return row.lights[domain].words if is_cell else row.label if domain < 0 else row.state
        if role == Qt.ItemDataRole.ToolTipRole:
            if is_cell:
                return f"{self._heads[domain][2]}: {row.lights[domain].words}"
            return row.tip or row.label if domain < 0 else row.spoken_state
        return None

    @override
    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return " ".join(part for part in self.head(section) if part)
        if role == Qt.ItemDataRole.ToolTipRole and 1 <= section <= len(self._heads):
            return self._heads[section - 1][2]
        return None


class _Header(QHeaderView):
    """Number over short name."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setFixedHeight(theme.scaled(_HEADER))
        self.setHighlightSections(False)
        self.setSectionsClickable(False)
        self.setMinimumSectionSize(28)
        self.setAccessibleName(tr("Domains"))

    @override
    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:
        model = cast("LightModel", self.model())
        number, name = model.head(logicalIndex)
        painter.save()
        painter.fillRect(rect, theme.color("surface"))
        painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), theme.color("border"))
        if not name:
            painter.setFont(theme.font(Type.SMALL_LABEL))
            painter.setPen(theme.color("muted"))
            box = rect.adjusted(24 if logicalIndex == 0 else 10, 0, -4, -8)
            painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom, number)
        else:
            self._paint_domain(painter, rect, number, name)
        painter.restore()

    def _paint_domain(self, painter: QPainter, rect: QRect, number: str, name: str) -> None:
        top = theme.scaled(8)
        high = theme.metrics(Type.STRONG).height()
        painter.setFont(theme.font(Type.STRONG))
        painter.setPen(theme.color("text"))
        centre = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop
        if rect.width() < cast("LightModel", self.model()).words_width():
            low = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom
            painter.drawText(rect.adjusted(0, 0, 0, -8), low, number)
            return
        painter.drawText(rect.adjusted(0, top, 0, 0), centre, number)
        painter.setFont(theme.font(Type.CAPTION))
        painter.setPen(theme.color("muted"))
        painter.drawText(
            rect.adjusted(2, top + high, -2, 0), centre | Qt.TextFlag.TextWordWrap | Qt.TextFlag.TextDontClip, name
        )


class LightTable(QTableView):
    """The table. The current cell is always a domain's; it is framed, its row is marked."""

    cell_chosen = Signal(bytes, Cell)
    """Another cell has become current by mouse or keys."""
    opened = Signal()
    """Return or a double click."""

    def __init__(self, name: str, object_name: str, last: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._quiet = False
        self._last = last
        self.lights = LightModel(self)
        self.setObjectName(object_name)
        self.setAccessibleName(name)
        explain(self, "traffic_light")
        explain_cells(self, lambda index: self.lights.topic_of(index.column()))
        self.setHorizontalHeader(_Header(self))
        self.setModel(self.lights)
        self.setItemDelegate(LightDelegate(self))
        self.setShowGrid(False)
        self.setFrameShape(QTableView.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        rows = self.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(theme.scaled(ROW))
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.horizontalHeader().setStretchLastSection(True)

    def show_rows(
        self, board: Board, rows: Sequence[LightRow], last: str, study_id: Id | None, cell: Cell | None
    ) -> None:
        """Show these rows with one cell current; tells no `cell_chosen`."""
        self._quiet = True
        self.lights.show_rows(board, rows, last)
        self._fit()
        self.go_to(study_id, cell)
        self._quiet = False
        self.updateGeometry()
        self.viewport().update()

    def go_to(self, study_id: Id | None, cell: Cell | None) -> None:
        """Make a cell current."""
        number = self.lights.row_of(study_id)
        if number < 0 or not self.lights.cells:
            return
        column = self.lights.cells.index(cell) + 1 if cell in self.lights.cells else 1
        if (self.currentIndex().row(), self.currentIndex().column()) != (number, column):
            self.setCurrentIndex(self.lights.index(number, column))

    def cell_rect(self, study_id: Id, cell: Cell) -> QRect:
        """Where a cell stands in the viewport."""
        index = self.lights.index(self.lights.row_of(study_id), self.lights.cells.index(cell) + 1)
        return self.visualRect(index)

    def light_at(self, index: Index) -> LightRow | None:
        """The row of an index."""
        return self.lights.rows[index.row()] if 0 <= index.row() < len(self.lights.rows) else None

    def is_domain(self, column: int) -> bool:
        """Whether a column holds discs."""
        return 1 <= column <= len(self.lights.cells)

    def _clamped(self, index: QModelIndex) -> QModelIndex:
        if not index.isValid() or self.is_domain(index.column()):
            return index
        return index.siblingAtColumn(1 if index.column() < 1 else len(self.lights.cells))

    def _fit(self) -> None:
        """Share the width: names first shrink, then the cells, then the table scrolls."""
        number = max(1, len(self.lights.cells))
        room = self.viewport().width() - theme.scaled(self._last)
        words = self.lights.words_width()
        longest = max((theme.metrics(Type.LABEL).horizontalAdvance(row.label) for row in self.lights.rows), default=0)
        name = max(theme.scaled(_NAME_MIN), min(theme.scaled(_NAME), longest + 36))
        if (room - name) // number < words <= (room - theme.scaled(_NAME_MIN)) // number:
            name = room - words * number
        cell = max(theme.scaled(_CELL_MIN), min(theme.scaled(_CELL), (room - name) // number))
        # What is left over goes to the names, as far as they need it.
        name = max(name, min(max(theme.scaled(_NAME), longest + 36), room - number * cell))
        fits = name + number * cell <= room
        policy = Qt.ScrollBarPolicy.ScrollBarAlwaysOff if fits else Qt.ScrollBarPolicy.ScrollBarAlwaysOn
        if self.horizontalScrollBarPolicy() != policy:
            self.setHorizontalScrollBarPolicy(policy)
        self.horizontalHeader().setFixedHeight(theme.scaled(_HEADER if cell >= words else _LOW_HEADER))
        self.setColumnWidth(0, name)
        for column in range(1, len(self.lights.cells) + 1):
            self.setColumnWidth(column, cell)

    @override
    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        self.viewport().update()
        if current.isValid() and self.is_domain(current.column()) and not self._quiet:
            row = self.lights.rows[current.row()]
            self.cell_chosen.emit(row.study_id, self.lights.cells[current.column() - 1])

    @override
    def moveCursor(self, cursorAction: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier) -> QModelIndex:
        return self._clamped(super().moveCursor(cursorAction, modifiers))

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and not self.is_domain(index.column()):
            # The name of a study stands for its row: the domain stays the same.
            self.setFocus(Qt.FocusReason.MouseFocusReason)
            self.setCurrentIndex(index.siblingAtColumn(max(1, self.currentIndex().column())))
            return
        super().mousePressEvent(event)

    @override
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        super().mouseDoubleClickEvent(event)
        if self.indexAt(event.position().toPoint()).isValid():
            self.opened.emit()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if copies_rows(self, event):
            return
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.opened.emit()
            return
        super().keyPressEvent(event)

    @override
    def keyboardSearch(self, search: str) -> None:
        """Letters are the page's keys, not the beginning of a word in some column."""

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit()
        super().resizeEvent(event)
        was, now = event.oldSize(), event.size()
        if (now.height() < was.height() or now.width() < was.width()) and self.currentIndex().isValid():
            self.scrollTo(self.currentIndex())

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), theme.color("surface"))
        painter.end()
        super().paintEvent(event)

    @override
    def sizeHint(self) -> QSize:
        rows = self.lights.rowCount() * theme.scaled(ROW)
        bar = 0
        if self.horizontalScrollBarPolicy() == Qt.ScrollBarPolicy.ScrollBarAlwaysOn:
            bar = self.horizontalScrollBar().sizeHint().height()
        return QSize(theme.scaled(620), self.horizontalHeader().height() + rows + bar)

    @override
    def minimumSizeHint(self) -> QSize:
        rows = min(2, self.lights.rowCount()) * theme.scaled(ROW)
        return QSize(theme.scaled(300), self.horizontalHeader().height() + rows)
