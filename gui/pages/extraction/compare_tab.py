"""The Compare tab: both reviewers' entries of a study side by side, and settling what differs."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStackedWidget, QWidget

from core.errors import CopseError
from core.extraction.compare import Value
from core.language import counted, tr
from core.model import Id, OpResult
from core.store.queries.comparison import RowState
from gui import theme
from gui.pages.extraction.compare_foot import CompareFoot
from gui.pages.extraction.compare_lines import CompareLine, compare_lines, compared, summary
from gui.pages.extraction.compare_table import CompareTable
from gui.pages.extraction.hidden import hidden_state
from gui.pages.extraction.reading import Board, CellKey, Settled
from gui.pages.extraction.values import read_value
from gui.pages.screening.empty import Place
from gui.theme import Type
from gui.widgets.buttons import Kind
from gui.widgets.labels import ElidedLabel, Label
from gui.widgets.messages import EmptyState
from gui.widgets.panes import Scroll, Surface, column, row

if TYPE_CHECKING:
    from core.review import Session
    from gui.pages.extraction.page import ExtractionPage

_LEAST_HEIGHT = 170


class CompareTab(Surface):
    """See the module."""

    def __init__(self, page: ExtractionPage) -> None:
        super().__init__("surface")
        self._page = page
        self.settled: Settled | None = None
        self.lines: list[CompareLine] = []
        self._advance_from: CellKey | None = None
        self.label = Label("", Type.SECTION)
        self.facts = ElidedLabel("", Type.BODY, "muted")
        self.facts.setObjectName("compare.facts")
        self.table = CompareTable()
        self.foot = CompareFoot(page)
        self._place = Place()
        self._lay_out()
        self.table.reached.connect(self._reach)
        self.table.taken.connect(self.take)
        self.table.typed.connect(self._settle_typed)
        self.table.unsettle_wanted.connect(lambda: page.registry.trigger("extraction.unsettle"))
        self.foot.taken.connect(self.take)
        self.foot.own_wanted.connect(self._type_own)

    def _lay_out(self) -> None:
        previous = self._page.registry.button("extraction.previous", Kind.QUIET, text="", show_key=False)
        previous.set_icon_name("arrow-left")
        previous.setToolTip(tr("Previous difference (Shift+F8)"))
        previous.setAccessibleName(tr("Previous difference"))
        previous.setObjectName("compare.previous")
        following = self._page.registry.button("extraction.next", text=tr("Next difference"))
        following.setObjectName("compare.next")
        head = Surface("surface", "bottom")
        head.setFixedHeight(theme.scaled(44))
        line = row(self.label, self.facts, previous, following, margins=(16, 0, 12, 1))
        line.setStretchFactor(self.facts, 1)
        head.setLayout(line)
        content = QWidget()
        inside = column(head, self.table, self.foot, spacing=0)
        inside.setStretchFactor(self.table, 1)
        content.setLayout(inside)
        # With a very large font the foot would leave the table no room; then all of it scrolls.
        self.table.setMinimumHeight(theme.scaled(_LEAST_HEIGHT))
        self._work = Scroll(content)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._work)
        self._stack.addWidget(self._place)
        self.setLayout(column(self._stack, spacing=0))

    def panes(self) -> list[QWidget]:
        """The panes F6 goes through."""
        return [self.table, self.foot] if self._stack.currentWidget() is self._work else [self._place]

    # showing

    def show_settled(self, settled: Settled, board: Board) -> None:
        """Show a study's comparison, or why it is not to be seen."""
        is_new = self.settled is None or self.settled.study.id != settled.study.id
        self.settled = settled
        team = board.team
        self.label.setText(settled.study.label)
        came_settled = board.work[settled.study.id].came_extracted and settled.comparison.count(RowState.SETTLED)
        if not settled.comparison.revealed and not came_settled:
            self.lines = []
            self._place.say(hidden_state(self._page, board, settled.study.id))
            self._stack.setCurrentWidget(self._place)
            return
        if not settled.comparison.rows:
            text = tr("This study has no results, and the form has no fields. Add outcome data under Extract.")
            self.lines = []
            self._place.say(EmptyState("git-compare", tr("Nothing to compare"), text))
            self._stack.setCurrentWidget(self._place)
            return
        self._stack.setCurrentWidget(self._work)
        self.lines = compare_lines(settled)
        self.facts.setText(summary(self.lines))
        if is_new:
            self.foot.say("")
        self.table.show_lines(self.lines, compared(settled, team), team)
        if self._advance_from is not None:
            start, self._advance_from = self._advance_from, None
            self.table.next_open(start=start)
        elif is_new:
            self.table.next_open()
        self._reach(self.table.current_line())

    def _reach(self, line: CompareLine | None) -> None:
        if line is not None and line.row is not None:
            self.foot.show_line(line, self.table.compare.reviewers, self._page.team)
        self._page.registry.refresh()

    # what can be done

    def can_go_on(self) -> bool:
        """Whether something waits to be settled."""
        return any(line.is_open for line in self.lines)

    def next_difference(self, direction: int = 1) -> None:
        """Go to the next line that waits to be settled."""
        self.table.next_open(direction)
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def can_settle_equal(self) -> bool:
        """Whether equal entries wait to be settled, and one may."""
        waits = any(line.row is not None and line.row.state is RowState.EQUAL for line in self.lines)
        return waits and self._page.team.may_settle

    def settle_equal(self) -> None:
        """Settle every cell in which both said the same."""
        if self.settled is not None:
            study = self.settled.study.id
            self._page.change(lambda s: s.extraction.settle_equal(study), self._settled_equal)

    def _settled_equal(self, number: int) -> None:
        self._page.workspace.say(counted("Settled {n} equal value.", "Settled {n} equal values.", number), undo=True)

    def can_take(self, place: int) -> bool:
        """Whether the answer in this column can be taken."""
        line, reviewers = self.table.current_line(), self.table.compare.reviewers
        if line is None or line.row is None or not self._page.team.may_settle or place >= len(reviewers):
            return False
        return bool(self.lines) and line.entry_of(reviewers[place]) is not None

    def take(self, place: int) -> None:
        """Settle the cell with the answer in this column (0 is the left one)."""
        line = self.table.current_line()
        if line is None or line.row is None or not self.can_take(place):
            return
        cell, who, note = line.row.cell, self.table.compare.reviewers[place].id, self.foot.note_text()
        self._settle(line, lambda s: s.extraction.settle(cell.subject_id, cell.field, who, note=note))

    def _type_own(self) -> None:
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)
        self.table.begin_typing()

    def _settle_typed(self, line: CompareLine, text: str) -> None:
        assert line.row is not None
        try:
            value = read_value(text, line.kind)
        except CopseError as error:
            self.foot.say(error.message, wrong=True)
            return
        cell, note = line.row.cell, self.foot.note_text()
        self._settle(line, lambda s: _settle_with(s, cell.subject_id, cell.field, value, note))

    def _settle(self, line: CompareLine, fn: Callable[[Session], OpResult[tuple[str, ...]]]) -> None:
        was_open = line.is_open

        def kept(warnings: tuple[str, ...]) -> None:
            self.foot.say(" ".join(warnings))
            self._advance_from = line.key if was_open else None
            self._page.reload()

        def refused(error: CopseError) -> None:
            self.foot.say(error.message, wrong=True)
            self._page.reload()

        self._page.write(fn).done(kept).failed(refused).run(initiator=self._page)

    def can_unsettle(self) -> bool:
        """Whether the cell one is at is settled and can be opened again."""
        line = self.table.current_line()
        settled = line is not None and line.row is not None and line.row.consensus is not None
        if self.settled is None or not self.settled.comparison.revealed:
            return False  # what came settled can be settled otherwise, but nobody's answers are there to fall back on
        return bool(self.lines) and settled and self._page.team.may_settle

    def unsettle(self) -> None:
        """Open the cell again."""
        line = self.table.current_line()
        if line is not None and line.row is not None:
            cell = line.row.cell
            self._page.change(lambda s: s.extraction.unsettle(cell.subject_id, cell.field))


def _settle_with(session: Session, subject_id: Id, field: str, value: Value, note: str) -> OpResult[tuple[str, ...]]:
    return session.extraction.settle(
        subject_id, field, number=value.number, text=value.text, not_reported=value.not_reported, note=note
    )
