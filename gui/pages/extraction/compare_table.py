"""The comparison as a table: a row for each cell, a column for each reviewer, and what was settled."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QLineEdit, QTableView, QWidget
from typing_extensions import override

from core.language import tr
from core.model import Reviewer
from gui import theme
from gui.explaining import explain, explain_cells
from gui.pages.extraction.compare_delegate import CompareDelegate
from gui.pages.extraction.compare_lines import CompareLine
from gui.pages.extraction.reading import CellKey, Team
from gui.theme import Type
from gui.widgets.marks import paint_avatar
from gui.widgets.table import Index
from gui.widgets.view_keys import copies_rows

_ROW = 34
_LEAST = 110
_FIELD_WIDTH = 360


class CompareModel(QAbstractTableModel):
    """Field, reviewers, settled."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.lines: list[CompareLine] = []
        self.reviewers: tuple[Reviewer, ...] = ()
        self.team: Team | None = None
        self.may_settle = False

    def show_lines(self, lines: Sequence[CompareLine], reviewers: tuple[Reviewer, ...], team: Team) -> None:
        """Show these lines; where cells and reviewers are the same, the view is not disturbed."""
        same = reviewers == self.reviewers and [line.key for line in lines] == [line.key for line in self.lines]
        if not same:
            self.beginResetModel()
        self.lines, self.reviewers, self.team = list(lines), reviewers, team
        self.may_settle = team.may_settle
        if not same:
            self.endResetModel()
        elif lines:
            self.dataChanged.emit(self.index(0, 0), self.index(len(lines) - 1, self.columnCount() - 1))

    def line(self, row: int) -> CompareLine | None:
        """The line of a row."""
        return self.lines[row] if 0 <= row < len(self.lines) else None

    @property
    def settled_column(self) -> int:
        """The last column."""
        return len(self.reviewers) + 1

    @override
    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self.lines)

    @override
    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self.reviewers) + 2

    @override
    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        shown = role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole)
        if orientation != Qt.Orientation.Horizontal or not shown:
            return None
        return (tr("Field"), *(each.name for each in self.reviewers), tr("Settled"))[section]

    @override
    def flags(self, index: Index) -> Qt.ItemFlag:
        line = self.line(index.row())
        if line is None or line.row is None:
            return Qt.ItemFlag.NoItemFlags
        usable = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        editable = self.may_settle and index.column() == self.settled_column
        return usable | Qt.ItemFlag.ItemIsEditable if editable else usable

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        line = self.line(index.row())
        if line is None:
            return None
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return line.spoken(self.reviewers)
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return None
        column = index.column()
        if column == 0:
            return line.title
        if line.row is None:
            return None
        return line.outcome if column == self.settled_column else line.answer(self.reviewers[column - 1])


class _Header(QHeaderView):
    """Who stands in which column: shape, initials and name."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setSectionsClickable(False)
        self.setHighlightSections(False)
        self.setMinimumSectionSize(theme.scaled(_LEAST))
        self.setFixedHeight(theme.scaled(_ROW))

    @override
    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:
        model = cast("CompareModel", self.model())
        painter.save()
        painter.fillRect(rect, theme.color("sunken"))
        painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), theme.color("border"))
        if logicalIndex < model.settled_column:
            painter.fillRect(QRect(rect.right(), rect.top(), 1, rect.height()), theme.color("border"))
        box = rect.adjusted(16 if logicalIndex == 0 else 10, 0, -8, 0)
        if 1 <= logicalIndex <= len(model.reviewers):
            who = model.reviewers[logicalIndex - 1]
            side = theme.scaled(20)
            spot = QRect(box.left(), box.center().y() - side // 2 + 1, side, side)
            paint_avatar(painter, spot, who.initials, who.position, adjudicator=who.is_adjudicator)
            box = box.adjusted(side + 8, 0, 0, 0)
        role = Type.SMALL_LABEL if logicalIndex == 0 else Type.SMALL_STRONG
        painter.setFont(theme.font(role))
        painter.setPen(theme.color("muted" if logicalIndex == 0 else "text"))
        title = str(model.headerData(logicalIndex, Qt.Orientation.Horizontal) or "")
        text = theme.metrics(role).elidedText(title, Qt.TextElideMode.ElideRight, box.width())
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, text)
        painter.restore()


class CompareTable(QTableView):
    """See the module. ← and → say `taken(0)` and `taken(1)`; typing opens a field for a value of one's own."""

    taken = Signal(int)
    typed = Signal(object, str)
    """A line, and the value typed into it."""
    reached = Signal(object)
    unsettle_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("compare.table")
        explain(self, "compare_state")
        explain_cells(self, self._topic_of)
        self.setAccessibleName(tr("Both reviewers’ entries"))
        self.compare = CompareModel(self)
        self.setModel(self.compare)
        self.setHorizontalHeader(_Header(self))
        self.setItemDelegate(CompareDelegate(self))
        self.setFrameShape(QTableView.Shape.NoFrame)
        self.setShowGrid(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setProperty("takesTyping", True)
        rows = self.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(theme.scaled(_ROW))
        self.selectionModel().currentRowChanged.connect(lambda now, _before: self.reached.emit(self.line_at(now)))

    def _topic_of(self, index: QModelIndex) -> str:
        line = self.line_at(index)
        if line is not None and line.row is not None and index.column() == self.compare.settled_column:
            return "settlement" if line.row.consensus is not None and not line.is_open else "compare_state"
        return "entry"

    def show_lines(self, lines: Sequence[CompareLine], reviewers: tuple[Reviewer, ...], team: Team) -> None:
        """Show these lines, staying at the cell one is at."""
        here = self.current_line()
        self.compare.show_lines(lines, reviewers, team)
        self.clearSpans()
        for number, line in enumerate(lines):
            if line.row is None:
                self.setSpan(number, 0, 1, self.compare.columnCount())
        header = self.horizontalHeader()
        for column in range(self.compare.columnCount()):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
        if self.compare.columnCount():
            header.setSectionResizeMode(0, QHeaderView.ResizeMode.Fixed)
            self._fit()
        if here is None or here.key is None or not self.go(here.key):
            self.step(1, from_top=True)

    def _fit(self) -> None:
        """The names of the fields take three tenths of the width, within reason."""
        wanted = min(theme.scaled(_FIELD_WIDTH), max(theme.scaled(_LEAST), self.width() * 3 // 10))
        self.setColumnWidth(0, wanted)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit()
        super().resizeEvent(event)

    # where one is

    def line_at(self, index: Index) -> CompareLine | None:
        """The line of an index."""
        return self.compare.line(index.row()) if index.isValid() else None

    def current_line(self) -> CompareLine | None:
        """The line one is at."""
        return self.line_at(self.currentIndex())

    def go(self, key: CellKey) -> bool:
        """Move to a cell; whether it is here."""
        for number, line in enumerate(self.compare.lines):
            if line.key == key:
                self._move(number)
                return True
        return False

    def step(self, by: int, *, from_top: bool = False) -> None:
        """Move up or down to the next line that is no heading."""
        number = -1 if from_top else self.currentIndex().row()
        while True:
            number += by
            line = self.compare.line(number)
            if line is None:
                return
            if line.row is not None:
                self._move(number)
                return

    def next_open(self, direction: int = 1, *, start: CellKey | None = None) -> bool:
        """Go to the next line that waits to be settled, from the last on to the first; whether there is one."""
        lines = self.compare.lines
        line = self.current_line()
        key = start or (line.key if line is not None else None)
        here = next((n for n, each in enumerate(lines) if each.key == key and key is not None), -1)
        order = [(here + direction * step) % len(lines) for step in range(1, len(lines) + 1)] if lines else []
        found = next((number for number in order if lines[number].is_open), None)
        if found is not None:
            self._move(found)
        return found is not None

    def _move(self, number: int) -> None:
        index = self.compare.index(number, self.compare.settled_column)
        self.setCurrentIndex(index)
        # Up and down only: the names of the fields stay in sight, and so does a heading just above.
        across = self.horizontalScrollBar()
        place = across.value()
        self.scrollTo(self.compare.index(max(0, number - 1), 0))
        self.scrollTo(index)
        across.setValue(place)
        self.reached.emit(self.compare.line(number))

    # keys and clicks

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        plain = not event.modifiers() & ~(Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.ShiftModifier)
        if copies_rows(self, event):
            return
        if key in (Qt.Key.Key_Left, Qt.Key.Key_Right) and plain:
            self.taken.emit(0 if key == Qt.Key.Key_Left else 1)
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down) and plain:
            self.step(-1 if key == Qt.Key.Key_Up else 1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F2):
            self.begin_typing()
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.unsettle_wanted.emit()
        elif plain and event.text() and event.text().isprintable() and event.text() != " ":
            self.begin_typing(event.text())
        else:
            super().keyPressEvent(event)

    @override
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        column = index.column()
        if 1 <= column <= len(self.compare.reviewers):
            self.taken.emit(column - 1)
        elif column == self.compare.settled_column:
            self.begin_typing()

    def begin_typing(self, text: str = "") -> None:
        """Open the field for a value of one's own, with the first letter already in it."""
        line = self.current_line()
        if not self.compare.may_settle or line is None or line.row is None:
            return
        index = self.compare.index(self.currentIndex().row(), self.compare.settled_column)
        self.edit(index)
        editor = self.indexWidget(index) or self.findChild(QLineEdit, "compare.value")
        if text and isinstance(editor, QLineEdit):
            editor.setText(text)
