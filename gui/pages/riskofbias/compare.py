"""A study's domains side by side: each reviewer's judgement, and what was settled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)
from typing_extensions import override

from core.language import tr
from core.model import Id, Reviewer, Settlement
from core.riskofbias.tools import Cell, Level
from core.store.queries.comparison import RowState
from core.store.queries.riskofbias import AssessmentComparison, AssessmentRow
from gui import icons, theme
from gui.explaining import explain
from gui.pages.riskofbias.discs import paint_disc
from gui.pages.riskofbias.reading import Board
from gui.pages.riskofbias.words import STATES, lower, settled_words, short, short_name
from gui.theme import Type
from gui.widgets.marks import paint_avatar, reviewer_ink
from gui.widgets.view_keys import copies_rows

Index = QModelIndex | QPersistentModelIndex
_ROW = 32
_HEADER = 32
_DISC = 18
_SHORT = {RowState.EQUAL: tr("equal"), RowState.WAITING: tr("one missing")}
_DOMAIN = 168
_SETTLED = 124


@dataclass(frozen=True)
class Given:
    """One reviewer's judgement in a line; no level where there is none."""

    level: Level | None
    support: str


@dataclass(frozen=True)
class Line:
    """One domain of the study."""

    cell: Cell
    number: str
    name: str
    given: tuple[Given, ...]
    settled: Level | None
    how: Settlement | None
    state: RowState
    spoken: str

    @property
    def differs(self) -> bool:
        """Whether the reviewers judged otherwise."""
        levels = {each.level for each in self.given if each.level}
        return len(levels) > 1


def lines_of(board: Board, found: AssessmentComparison) -> list[Line]:
    """The lines of a revealed study."""
    return [_line(board, found, row) for row in found.rows]


def _line(board: Board, found: AssessmentComparison, row: AssessmentRow) -> Line:
    tool = board.tool
    by_person = {j.reviewer_id: j for j in row.judgements}
    given: list[Given] = []
    said: list[str] = []
    for reviewer_id in found.reviewers:
        judged, person = by_person.get(reviewer_id), board.person(reviewer_id)
        level = tool.level(judged.level) if judged else None
        given.append(Given(level, judged.support if judged else ""))
        said.append(f"{person.name if person else tr('former reviewer')}: {lower(level) if level else tr('none')}")
    settled = tool.level(row.consensus.level) if row.consensus else None
    state = STATES[row.state]
    if row.consensus is not None and settled is not None:
        state = tr(
            "settled: {value}",
            value=settled_words(settled, row.consensus, changed=row.state is RowState.CHANGED),
        )
    spoken = tr(
        "Domain {number}, {name}. {said}; {state}",
        number=board.number(row.cell),
        name=short_name(tool, row.cell),
        said=", ".join(said),
        state=state,
    )
    return Line(
        row.cell,
        board.mark(row.cell),
        short_name(tool, row.cell),
        tuple(given),
        settled,
        row.consensus.how if row.consensus else None,
        row.state,
        spoken,
    )


class CompareModel(QAbstractTableModel):
    """Domain, a column for each reviewer, settled."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.lines: Sequence[Line] = ()
        self.people: tuple[Reviewer | None, ...] = ()
        self._study: Id | None = None

    def show_study(self, board: Board, found: AssessmentComparison) -> None:
        """Show another study, or the same anew."""
        lines, people = lines_of(board, found), tuple(board.person(i) for i in found.reviewers)
        same = self._study == found.study_id and people == self.people and len(lines) == len(self.lines)
        if not same:
            self.beginResetModel()
        self._study, self.lines, self.people = found.study_id, lines, people
        if not same:
            self.endResetModel()
        elif lines:
            self.dataChanged.emit(self.index(0, 0), self.index(len(lines) - 1, self.columnCount() - 1))

    def row_of(self, cell: Cell | None) -> int:
        """Where a domain stands, -1 if it does not."""
        return next((n for n, line in enumerate(self.lines) if line.cell == cell), -1)

    def title(self, section: int) -> str:
        """What heads a column."""
        if section == 0:
            return tr("Domain")
        if section <= len(self.people):
            person = self.people[section - 1]
            return person.name if person else tr("Former reviewer")
        return tr("Settled")

    @override
    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self.lines)

    @override
    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self.people) + 2

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        line, column = self.lines[index.row()], index.column()
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return line.spoken
        if role == Qt.ItemDataRole.ToolTipRole and 1 <= column <= len(line.given):
            given = line.given[column - 1]
            return f"{short(given.level)}: {given.support}" if given.level else None
        if role == Qt.ItemDataRole.DisplayRole:
            return f"{line.number} {line.name}" if column == 0 else line.spoken
        return None

    @override
    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        roles = Qt.ItemDataRole
        shown = role in (roles.DisplayRole, roles.AccessibleTextRole, roles.ToolTipRole)
        return self.title(section) if shown and orientation == Qt.Orientation.Horizontal else None


class _Header(QHeaderView):
    """Names with their avatars."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setFixedHeight(theme.scaled(_HEADER))
        self.setHighlightSections(False)
        self.setSectionsClickable(False)
        self.setAccessibleName(tr("Reviewers"))

    @override
    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:
        model = cast("CompareModel", self.model())
        painter.save()
        painter.fillRect(rect, theme.color("sunken"))
        painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), theme.color("border"))
        box = rect.adjusted(14 if logicalIndex == 0 else 8, 0, -4, -1)
        role = Type.SMALL_LABEL
        if 1 <= logicalIndex <= len(model.people):
            person = model.people[logicalIndex - 1]
            role = Type.SMALL_STRONG
            if person is not None:
                side = theme.scaled(16)
                spot = QRect(box.left(), box.center().y() - side // 2, side, side)
                settles = _only_settles(person)
                paint_avatar(painter, spot, person.initials, person.position, adjudicator=settles)
                box = box.adjusted(side + 6, 0, 0, 0)
        painter.setFont(theme.font(role))
        painter.setPen(theme.color("text" if role is Type.SMALL_STRONG else "muted"))
        title = theme.metrics(role).elidedText(model.title(logicalIndex), Qt.TextElideMode.ElideRight, box.width())
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, title)
        painter.restore()


def _only_settles(person: Reviewer) -> bool:
    return person.is_adjudicator and not person.is_screener


class _Delegate(QStyledItemDelegate):
    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        table = cast("CompareTable", option.widget)
        line = table.comparing.lines[index.row()]
        rect: QRect = option.rect
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        current = index.row() == table.currentIndex().row()
        if current:
            painter.fillRect(rect, theme.color("selection" if table.hasFocus() else "selection_inactive"))
        painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), theme.color("border"))
        if index.column() == 0:
            self._paint_domain(painter, rect, line, table.comparing.lines, current=current)
        elif index.column() <= len(line.given):
            person = table.comparing.people[index.column() - 1]
            self._paint_given(painter, rect.adjusted(4, 3, -4, -4), line, line.given[index.column() - 1], person)
        else:
            self._paint_settled(painter, rect.adjusted(8, 0, -4, -1), line)
        painter.restore()

    def _paint_domain(
        self, painter: QPainter, rect: QRect, line: Line, lines: Sequence[Line], *, current: bool
    ) -> None:
        if current:
            painter.fillRect(QRect(rect.left(), rect.top(), 3, rect.height()), theme.color("accent"))
        advance = theme.metrics(Type.SMALL).horizontalAdvance
        wide = max(theme.scaled(26), 6 + max(advance(each.number) for each in lines))
        _text(painter, QRect(rect.left() + 14, rect.top(), wide, rect.height()), line.number, Type.SMALL, "muted")
        _text(painter, rect.adjusted(14 + wide, 0, -4, 0), line.name, Type.BODY, "text")

    def _paint_given(self, painter: QPainter, box: QRect, line: Line, given: Given, person: Reviewer | None) -> None:
        if line.differs and person is not None and given.level is not None:
            ink = reviewer_ink(person.position, adjudicator=_only_settles(person))
            painter.setPen(QPen(theme.color(ink), 1))
            painter.setBrush(_tint(ink))
            painter.drawRoundedRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        if given.level is None:
            _text(painter, box.adjusted(6, 0, 0, 0), tr("not judged"), Type.SMALL, "muted")
            return
        side = theme.scaled(_DISC)
        paint_disc(painter, QPointF(box.left() + 5 + side / 2, box.center().y() + 0.5), given.level, side)
        words = given.support.replace("\n", " ")
        role = Type.SMALL_STRONG if line.differs else Type.SMALL
        _text(painter, box.adjusted(side + 12, 0, -4, 0), words, role, "text" if line.differs else "muted")

    def _paint_settled(self, painter: QPainter, box: QRect, line: Line) -> None:
        if line.settled is None:
            ink = "warn" if line.state is RowState.DIFFERS else "muted"
            _text(painter, box, _SHORT.get(line.state, STATES[line.state]), Type.SMALL, ink)
            return
        side = theme.scaled(14)
        spot = QRect(box.left(), box.center().y() - side // 2, side, side)
        if line.state is RowState.CHANGED:
            icons.paint(painter, "triangle-alert", spot, theme.color("warn"))
        elif line.how is Settlement.ADJUDICATED:
            paint_avatar(painter, spot, "", 1, adjudicator=True)
        elif line.how is Settlement.IMPORTED:
            icons.paint(painter, "import", spot, theme.color("muted"))
        else:
            icons.paint(painter, "check", spot, theme.color("success"))
        disc = theme.scaled(_DISC)
        paint_disc(painter, QPointF(box.left() + side + 8 + disc / 2, box.center().y() + 0.5), line.settled, disc)
        _text(painter, box.adjusted(side + disc + 16, 0, 0, 0), short(line.settled), Type.LABEL, "text")


def _tint(ink: str) -> QColor:
    """The tint of a reviewer's colour; only the first two and the adjudicator have one of their own."""
    if ink in ("reviewer_1", "reviewer_2", "adjudicator"):
        return theme.color(f"{ink}_soft")
    tint = QColor(theme.color(ink))
    tint.setAlphaF(0.12)
    return tint


def _text(painter: QPainter, box: QRect, text: str, role: Type, ink: str) -> None:
    painter.setFont(theme.font(role))
    painter.setPen(theme.color(ink))
    shown = theme.metrics(role).elidedText(text, Qt.TextElideMode.ElideRight, box.width())
    painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, shown)


_ENOUGH = 170
"""With very large text the table scrolls rather than leave the judgement below no room."""


class CompareTable(QTableView):
    """The lines. ← and → take the first or the last reviewer's judgement."""

    cell_chosen = Signal(Cell)
    left_pressed = Signal()
    right_pressed = Signal()
    opened = Signal()
    """Return: into the judgement."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._quiet = False
        self.comparing = CompareModel(self)
        self.setObjectName("riskofbias.compare")
        explain(self, "compare_state")
        self.setAccessibleName(tr("Judgements side by side"))
        self.setHorizontalHeader(_Header(self))
        self.setModel(self.comparing)
        self.setItemDelegate(_Delegate(self))
        self.setShowGrid(False)
        self.setFrameShape(QTableView.Shape.NoFrame)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        rows = self.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(theme.scaled(_ROW))
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)

    def show_study(self, board: Board, found: AssessmentComparison, cell: Cell | None) -> None:
        """Show a study with one of its domains current; tells no `cell_chosen`."""
        self._quiet = True
        self.comparing.show_study(board, found)
        self._fit()
        number = max(0, self.comparing.row_of(cell))
        if self.currentIndex().row() != number and self.comparing.rowCount():
            self.setCurrentIndex(self.comparing.index(number, 0))
        self._quiet = False
        height = theme.scaled(_HEADER) + self.comparing.rowCount() * theme.scaled(_ROW) + 2
        self.setMaximumHeight(height)
        self.setMinimumHeight(min(height, theme.scaled(_HEADER + 3 * _ROW), _ENOUGH))
        self.viewport().update()

    def line_at(self, number: int) -> Line:
        """A line of the table."""
        return self.comparing.lines[number]

    def _fit(self) -> None:
        people = len(self.comparing.people)
        first, last = theme.scaled(_DOMAIN), theme.scaled(_SETTLED)
        if not people:  # what came settled has no judgements beside it
            self.setColumnWidth(0, max(first, self.viewport().width() - last))
            self.setColumnWidth(1, last)
            return
        each = max(theme.scaled(60), (self.viewport().width() - first - last) // people)
        for column in range(self.comparing.columnCount()):
            width = first if column == 0 else each if column <= people else last
            self.setColumnWidth(column, width)

    @override
    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        self.viewport().update()
        if current.isValid() and not self._quiet:
            self.cell_chosen.emit(self.comparing.lines[current.row()].cell)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if copies_rows(self, event):
            return
        if event.key() == Qt.Key.Key_Left:
            self.left_pressed.emit()
        elif event.key() == Qt.Key.Key_Right:
            self.right_pressed.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit()
        else:
            super().keyPressEvent(event)

    @override
    def keyboardSearch(self, search: str) -> None:
        """Letters are the page's keys, not the beginning of a word in some column."""

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit()
        super().resizeEvent(event)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), theme.color("surface"))
        painter.end()
        super().paintEvent(event)

    @override
    def sizeHint(self) -> QSize:
        return QSize(theme.scaled(420), self.maximumHeight())
