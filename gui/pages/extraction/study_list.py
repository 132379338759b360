"""The studies at the left: how far oneself is with each, and as far as one may know, the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem, QWidget
from typing_extensions import override

from core.language import counted, figure, tr
from core.model import Id, Reviewer, StudyStatus
from core.store.queries.studies import StudyView, WorkState
from gui import icons, theme
from gui.actions import Registry
from gui.explaining import explain
from gui.pages.extraction.reading import Board, is_locked
from gui.pages.extraction.words import STUDY_STATUSES
from gui.pages.screening.side import clear
from gui.theme import Type
from gui.widgets.buttons import Button, Kind
from gui.widgets.labels import ElidedLabel, Label, section_label
from gui.widgets.marks import Avatar, WorkMark, paint_work
from gui.widgets.messages import Glyph
from gui.widgets.panes import Surface, column, row
from gui.widgets.table import Column, IdTableModel, Index, Table, TableDelegate

LIST_WIDTH = 216
_WIDEST = 330
_ROW = 46
_PAD = 14
_MARK = 16


@dataclass(frozen=True)
class Mark:
    """How far one reviewer is; None stands for what is hidden."""

    who: Reviewer
    state: WorkMark | None


@dataclass(frozen=True)
class StudyLine:
    """A study in the list."""

    id: Id
    label: str
    facts: str
    marks: tuple[Mark, ...]
    waiting: str = ""
    """What waits to be settled; stands in the place of the facts."""

    @property
    def spoken(self) -> str:
        """All of it in words."""
        marks = (f"{mark.who.name}: {mark.state.value if mark.state else tr('hidden')}" for mark in self.marks)
        return ", ".join(filter(None, (self.label, self.facts, *marks, self.waiting)))


def study_lines(board: Board, *, comparing: bool) -> list[StudyLine]:
    """The rows of the list; with what waits to be settled while one compares."""
    return [
        StudyLine(s.id, s.label, _facts(s), _marks(board, s), _waiting(board, s.id) if comparing else "")
        for s in board.studies
    ]


def _waiting(board: Board, study_id: Id) -> str:
    number = board.to_settle.get(study_id, 0)
    return tr("{n} to settle", n=figure(number)) if number else ""


def _facts(study: StudyView) -> str:
    if study.status is not StudyStatus.INCLUDED:
        return STUDY_STATUSES[study.status]
    number = figure(study.randomised) if study.randomised is not None else ""
    # The number first: a long description of the design is cut at its end.
    return ", ".join(filter(None, (tr("n = {n}", n=number) if number else "", study.design)))


def _marks(board: Board, study: StudyView) -> tuple[Mark, ...]:
    if study.status is not StudyStatus.INCLUDED:
        return ()  # it is not extracted
    work, team = board.work[study.id], board.team
    found: dict[Id, WorkMark | None] = {}
    if team.may_judge:
        begun = WorkMark.BEGUN if work.entries else WorkMark.NONE
        found[team.me.id] = WorkMark.DONE if work.extraction_finished else begun
    for other in work.others:
        state = {WorkState.LOCKED: None, WorkState.FINISHED: WorkMark.DONE}.get(other.extraction, WorkMark.NONE)
        found[other.reviewer_id] = state
    marks = [Mark(person, found[person.id]) for person in team.people if person.id in found]
    if work.came_extracted:
        # Nobody waits for those who have not extracted it besides.
        return tuple(mark for mark in marks if mark.state not in (None, WorkMark.NONE))
    hidden = [mark for mark in marks if mark.state is None]
    # One lock stands for all who are hidden.
    return tuple([mark for mark in marks if mark.state is not None] + hidden[:1])


class _Delegate(TableDelegate):
    """Paints a `StudyLine`."""

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        table = option.widget
        if not isinstance(table, StudyList):
            return
        painter.save()
        rect: QRect = option.rect
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, theme.color("selection"))
            painter.fillRect(QRect(rect.left(), rect.top(), 3, rect.height()), theme.color("accent"))
        elif table.hovered_row() == index.row():
            painter.fillRect(rect, theme.color("hover"))
        line = table.line_at(index.row())
        if line is not None:
            self._paint_line(painter, rect.adjusted(_PAD, 0, -12, 0), line)
        painter.restore()

    def _paint_line(self, painter: QPainter, rect: QRect, line: StudyLine) -> None:
        side = theme.scaled(_MARK)
        x = rect.right() - len(line.marks) * (side + 6) + 6
        texts = QRect(rect.left(), rect.top(), x - rect.left() - 8, rect.height())
        for mark in line.marks:
            spot = QRect(x + 1, rect.center().y() - side // 2 + 1, side, side)
            if mark.state is None:
                icons.paint(painter, "lock", spot.adjusted(1, 1, -1, -1), theme.color("muted"))
            else:
                paint_work(painter, spot, mark.who.position, mark.state, adjudicator=mark.who.is_adjudicator)
            x += side + 6
        second = line.waiting or line.facts
        half = rect.height() // 2 if second else rect.height()
        for text, role, ink, box in (
            (
                line.label,
                Type.LABEL,
                "text",
                QRect(texts.left(), texts.top() + 4, texts.width(), half - 3) if second else texts,
            ),
            (
                second,
                Type.SMALL,
                "warn" if line.waiting else "muted",
                QRect(texts.left(), texts.top() + half, texts.width(), half - 4),
            ),
        ):
            painter.setFont(theme.font(role))
            painter.setPen(theme.color(ink))
            shown = theme.metrics(role).elidedText(text, Qt.TextElideMode.ElideRight, box.width())
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, shown)

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(60, theme.scaled(_ROW))


class StudyList(Table):
    """The list itself. `row_chosen` tells the row one moved to."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self._lines: dict[Id, StudyLine] = {}
        self.rows = IdTableModel[StudyLine](
            [Column("study", tr("Study"), lambda line: line.spoken, stretch=True, tip=_tip)],
            lambda ids: [self._lines[i] for i in ids],
        )
        super().__init__(self.rows, tr("Studies"), row_height=_ROW, parent=parent)
        self.setObjectName("extraction.studies")
        explain(self, "study")
        self.setItemDelegate(_Delegate(self))
        self.horizontalHeader().hide()
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def show_lines(self, lines: Sequence[StudyLine], current: Id | None) -> None:
        """Show these studies with one of them current; tells no `row_chosen`."""
        was = self.blockSignals(True)
        self._lines = {line.id: line for line in lines}
        if self.rows.ids() == tuple(self._lines):
            self.rows.forget()
        else:
            self.rows.set_ids(list(self._lines))
        place = self.rows.row_of(current) if current is not None else None
        if place is not None and self.currentIndex().row() != place:
            self.choose(place)
        self.blockSignals(was)
        self.viewport().update()

    def line_at(self, number: int) -> StudyLine | None:
        """A row of the list."""
        return self._lines.get(self.rows.id_at(number)) if 0 <= number < self.rows.rowCount() else None

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), theme.color("sunken"))
        painter.end()
        super().paintEvent(event)


def _tip(line: StudyLine) -> str:
    return line.spoken


class StudyPane(Surface):
    """List, the button for a study without a report, and the reports that wait to become one."""

    chosen = Signal(bytes)
    """Go to this study."""
    made = Signal(bytes)
    """Make a study of this report."""

    def __init__(self, registry: Registry, parent: QWidget | None = None) -> None:
        super().__init__("sunken", "right", parent)
        self.setFixedWidth(min(theme.scaled(LIST_WIDTH), _WIDEST))
        self.list = StudyList()
        self.list.row_chosen.connect(lambda number: self.chosen.emit(self.list.rows.id_at(number)))
        self._count = Label("", Type.SMALL, "muted")
        self._count.setObjectName("extraction.done_count")
        self._waits = _Waiting()
        self._waits.made.connect(self.made)
        add = registry.button("extraction.add_study", Kind.QUIET)
        add.setObjectName("extraction.add_study")
        self._sign = Glyph("lock", "muted", 14)
        self._foot = ElidedLabel("", Type.SMALL, "muted")
        foot = Surface("sunken", "top")
        foot.setFixedHeight(theme.scaled(29))
        self._who = row(spacing=4)
        self._judges: tuple[Reviewer, ...] = ()
        foot.setLayout(row(self._sign, self._who, self._foot, spacing=6, margins=(_PAD, 1, 12, 0)))
        box = column(
            row(section_label(tr("Studies")), None, self._count, margins=(_PAD, 12, 12, 6)),
            self.list,
            row(add, None, margins=(6, 4, 6, 6)),
            self._waits,
            foot,
            spacing=0,
            margins=(0, 0, 1, 0),
        )
        box.setStretchFactor(self.list, 1)
        self.setLayout(box)

    def show_board(self, board: Board, current: Id | None, *, comparing: bool = False) -> None:
        """Show the studies and how far the work is, or what waits to be settled."""
        self.list.show_lines(study_lines(board, comparing=comparing), current)
        self._count.setText(
            tr("{done} of {total} done", done=figure(board.finished()), total=figure(len(board.included())))
            if board.included()
            else ""
        )
        self._waits.show_waiting(board.awaiting, board.awaiting_count)
        locked = any(is_locked(work) for work in board.work.values())
        two = len(board.team.judges) == 2
        waiting = [s for s in board.included() if not board.work[s.id].came_extracted]
        came = bool(board.included()) and not waiting
        locked = locked and not came
        self._sign.setVisible(locked)
        self._show_judges(() if locked or came else tuple(board.team.judges))
        if came:
            said = tr("all came settled")
        elif locked:
            said = tr("hidden until both are done") if two else tr("hidden until all are done")
        else:
            template = tr("both finished {done} of {total}") if two else tr("all finished {done} of {total}")
            said = template.format(
                done=figure(sum(s.id in board.revealed for s in waiting)), total=figure(len(waiting))
            )
        self._foot.setText(said)
        self._foot.setVisible(len(board.team.judges) > 1)

    def _show_judges(self, judges: tuple[Reviewer, ...]) -> None:
        if judges != self._judges:
            self._judges = judges
            clear(self._who)
            for each in judges:
                self._who.addWidget(Avatar(each.name, each.initials, each.position, size=18))


class _Waiting(Surface):
    """Included reports that belong to no study yet: the first is offered, the number of the others said."""

    made = Signal(bytes)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("sunken", "top", parent)
        self._record: Id | None = None
        self._text = Label("", Type.SMALL, "muted", wrap=True)
        self._label = ElidedLabel("", Type.STRONG)
        self.make = Button(tr("Make study"), icon="file-plus", small=True)
        self.make.setObjectName("extraction.make_study")
        self.make.clicked.connect(self._make)
        margins = (_PAD, 8, 12, 8)
        self.setLayout(column(self._text, self._label, row(self.make, None), spacing=4, margins=margins))
        self.hide()

    def show_waiting(self, awaiting: Sequence[tuple[Id, str]], number: int) -> None:
        """Offer the first of these reports."""
        self.setVisible(bool(awaiting))
        self.make.setEnabled(bool(awaiting))
        if awaiting:
            self._record, label = awaiting[0]
            self._text.setText(
                counted("{n} included report has no study yet:", "{n} included reports have no study yet:", number)
            )
            self._label.setText(label)

    def _make(self) -> None:
        if self._record is not None:
            self.make.setEnabled(False)
            self.made.emit(self._record)
