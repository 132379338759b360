"""The Consensus tab: what was settled, cell by cell, and comparing and settling at the right."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from core.language import counted, figure, tr
from core.model import Id
from core.riskofbias.tools import Cell, Level, Tool
from core.session.riskofbias import joint_support
from core.store.queries.comparison import RowState
from core.store.queries.riskofbias import AssessmentRow
from gui.pages.riskofbias.lights import settled_rows
from gui.pages.riskofbias.pane import LightPane, TwoSides
from gui.pages.riskofbias.reading import TO_SETTLE, Board
from gui.pages.riskofbias.settling import SettlePanel
from gui.pages.riskofbias.tab import RiskTab
from gui.pages.riskofbias.words import lower, spoken_cell
from gui.widgets.panes import row

if TYPE_CHECKING:
    from gui.pages.riskofbias.page import RiskOfBiasPage

_PANEL = (560, 760)


class ConsensusTab(RiskTab):
    """Table of settled judgements, and the panel that settles."""

    def __init__(self, page: RiskOfBiasPage, tool: Tool) -> None:
        super().__init__(page)
        self.pane = LightPane(tr("Settled judgements"), "riskofbias.settled", settled=True)
        self.panel = SettlePanel(page.registry, tool, lambda: page.header.tabs.set_current("assess"))
        self.sides = TwoSides(self.pane, self.panel, _PANEL)
        page.keep_sizes(self.sides, "consensus")
        self.sides.narrowed.connect(self.panel.set_wide)
        self.setLayout(row(self.sides, spacing=0))
        self.pane.table.cell_chosen.connect(page.go_to)
        self.pane.table.opened.connect(lambda: self.panel.compare.setFocus(Qt.FocusReason.TabFocusReason))
        self.panel.compare.cell_chosen.connect(lambda cell: page.go_to(page.study_id, cell))
        self.panel.compare.left_pressed.connect(lambda: page.registry.trigger("riskofbias.take_first"))
        self.panel.compare.right_pressed.connect(lambda: page.registry.trigger("riskofbias.take_last"))
        self.panel.compare.opened.connect(self.panel.into_judgement)
        self.panel.support.written.connect(self._write_support)
        self.panel.support.left.connect(self._back_to_lines)

    @override
    def panes(self) -> list[QWidget]:
        return [self.pane.table, self.panel]

    @override
    def main_part(self) -> QWidget:
        """For who settles, the lines of the study: there the arrows take a judgement. Otherwise the table."""
        found = self.board is not None and self.page.study_id in self.board.comparisons
        return self.panel.compare if found and self._may_settle() else self.pane.table

    @override
    def leave(self) -> None:
        self.panel.support.commit()

    def _back_to_lines(self) -> None:
        self.panel.compare.setFocus(Qt.FocusReason.OtherFocusReason)

    # showing

    @override
    def show_board(self, board: Board) -> None:
        self.board = board
        self.pane.show_board(board, settled_rows(board), board.settled_bars, self.page.study_id, self.page.cell)
        done = sum(row.settled for row in board.assessed)
        self.pane.set_fact(figure(done), counted("of {n} study settled", "of {n} studies settled", len(board.assessed)))
        self.show_place()

    @override
    def show_place(self) -> None:
        found = self.place()
        if found is None:
            return
        board, study_id, cell = found
        self.pane.table.go_to(study_id, cell)
        study = board.row(study_id)
        if study is not None:
            # What was typed for the domain before is kept before another one is shown.
            self.panel.support.commit()
            self.panel.show_cell(board, study, cell)

    # what the page's actions ask

    @override
    def handlers(self) -> dict[str, tuple[Callable[[], bool], Callable[[], object]]]:
        return {
            "settle_equal": (self._can_settle_equal, self._settle_equal),
            "take_first": (lambda: self._can_take(0), lambda: self._take(0)),
            "take_last": (lambda: self._can_take(-1), lambda: self._take(-1)),
            "unsettle": (self._can_unsettle, self._unsettle),
            "next_difference": (lambda: self._next(1) is not None, lambda: self._go_to_next(1)),
            "previous_difference": (lambda: self._next(-1) is not None, lambda: self._go_to_next(-1)),
        }

    @override
    def can_judge(self, level: Level) -> bool:
        return self._may_settle_here()

    @override
    def judge(self, level: Level) -> None:
        """Settle the domain shown at this level, with the support of those who judged so; it can then be edited."""
        compared = self._compared()
        if compared is not None:
            of_level = joint_support(j for j in compared.judgements if j.level == level.id)
            self._settle(level.id, of_level or self.panel.support.text(), self._ask_support)

    def _ask_support(self) -> None:
        if self.panel.support.isVisible():
            self.panel.support.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _take(self, which: int) -> None:
        compared, reviewer_id = self._compared(), self._reviewer(which)
        judged = next((j for j in compared.judgements if j.reviewer_id == reviewer_id), None) if compared else None
        if judged is not None:
            self._settle(judged.level, judged.support, self._go_on)

    def _settle(self, level_id: str, support: str, then: Callable[[], object]) -> None:
        found = self.place()
        if found is None:
            return
        board, study_id, cell = found
        study, level = board.row(study_id), board.tool.level(level_id)

        def settled() -> None:
            text = spoken_cell(board, study.label if study else "", cell, tr("settled as {level}", level=lower(level)))
            self.page.workspace.say(f"{text}.", undo=True)
            self.page.announce(text)
            then()

        self.page.change(
            lambda part: part.settle(study_id, cell.domain, level_id, support, cell.group), settled, "settling"
        )

    def _write_support(self, text: str) -> None:
        """Keep the text with what was settled where it was typed, which may not be the domain shown any more."""
        place = self.panel.support.place()
        compared = self.board.compared(*place) if self.board and place else None
        if place is None or compared is None or compared.consensus is None:
            return
        study_id, cell = place
        level = compared.consensus.level
        self.page.change(
            lambda part: part.settle(study_id, cell.domain, level, text, cell.group), doing=tr("saving the support")
        )

    def _settle_equal(self) -> None:
        found = self.place()
        if found is None:
            return
        board, study_id, _ = found
        study = board.row(study_id)
        text = tr("What is equal on {what} is settled.", what=study.label if study else "")

        def settled() -> None:
            self.page.workspace.say(text, undo=True)
            self.page.announce(text)
            self._go_on()

        self.page.change(lambda part: part.settle_equal(study_id), settled, "settling")

    def _unsettle(self) -> None:
        found = self.place()
        if found is not None:
            _, study_id, cell = found
            self.page.change(lambda part: part.unsettle(study_id, cell.domain, cell.group), self._back_to_lines)

    def _go_on(self) -> None:
        """To the next domain that waits; the keys stay with the lines."""
        if self._next(1) is not None:
            self._go_to_next(1)
        self._back_to_lines()

    def _go_to_next(self, step: int) -> None:
        target = self._next(step)
        if target is not None:
            self.page.go_to(*target)

    def _next(self, step: int) -> tuple[Id, Cell] | None:
        """The next place that waits to be settled, going round."""
        if self.board is None:
            return None
        places = [
            (study.study_id, row.cell, row.state in TO_SETTLE)
            for study in self.board.rows
            if study.study_id in self.board.comparisons
            for row in self.board.comparisons[study.study_id].rows
        ]
        here = [(study, cell) for study, cell, _ in places]
        current = (self.page.study_id, self.page.cell)
        start = next((n for n, place in enumerate(here) if place == current), -1 if step > 0 else 0)
        for offset in range(1, len(places) + 1):
            study, cell, waits = places[(start + offset * step) % len(places)]
            if waits and (study, cell) != current:
                return study, cell
        return None

    # conditions

    def _compared(self) -> AssessmentRow | None:
        return self.board.compared(self.page.study_id, self.page.cell) if self.board else None

    def _may_settle(self) -> bool:
        return self.board is not None and self.board.may_settle

    def _may_settle_here(self) -> bool:
        return self.board is not None and self.board.may_settle_at(self.page.study_id, self.page.cell)

    def _reviewer(self, which: int) -> Id | None:
        found = self.board.comparisons.get(self.page.study_id) if self.board and self.page.study_id else None
        return found.reviewers[which] if found and len(found.reviewers) > 1 else None

    def _can_take(self, which: int) -> bool:
        compared, reviewer_id = self._compared(), self._reviewer(which)
        given = compared.judgements if compared else ()
        return self._may_settle() and any(j.reviewer_id == reviewer_id for j in given)

    def _can_settle_equal(self) -> bool:
        found = self.board.comparisons.get(self.page.study_id) if self.board and self.page.study_id else None
        return self._may_settle() and found is not None and found.count(RowState.EQUAL, RowState.CHANGED) > 0

    def _can_unsettle(self) -> bool:
        compared = self._compared()
        return compared is not None and compared.consensus is not None and self._may_settle_here()
