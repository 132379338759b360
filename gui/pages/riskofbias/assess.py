"""The Assess tab: one's own judgements, cell by cell, with the guide at the right."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from core.language import counted, figure, tr
from core.riskofbias.tools import Level, Tool
from core.session.riskofbias import StudyAssessment
from gui.pages.riskofbias.guide import Guide
from gui.pages.riskofbias.lights import my_rows
from gui.pages.riskofbias.pane import LightPane, TwoSides
from gui.pages.riskofbias.reading import Board
from gui.pages.riskofbias.tab import RiskTab
from gui.pages.riskofbias.words import lower, spoken_cell
from gui.widgets.panes import row

if TYPE_CHECKING:
    from gui.pages.riskofbias.page import RiskOfBiasPage

_GUIDE = (440, 520)


class AssessTab(RiskTab):
    """Table and guide."""

    def __init__(self, page: RiskOfBiasPage, tool: Tool) -> None:
        super().__init__(page)
        self.pane = LightPane(tr("Your judgements"), "riskofbias.table", settled=False)
        self.guide = Guide(page.registry, tool)
        self.sides = TwoSides(self.pane, self.guide, _GUIDE)
        page.keep_sizes(self.sides, "assess")
        self.sides.narrowed.connect(self.guide.set_wide)
        self.setLayout(row(self.sides, spacing=0))
        self.pane.table.cell_chosen.connect(page.go_to)
        self.pane.table.opened.connect(self._into_guide)
        self.guide.support.written.connect(self._write_support)
        self.guide.support.left.connect(self.take_focus_back)

    @override
    def panes(self) -> list[QWidget]:
        return [self.pane.table, self.guide]

    @override
    def leave(self) -> None:
        self.guide.support.commit()

    # showing

    @override
    def show_board(self, board: Board) -> None:
        self.board = board
        self.pane.show_board(board, my_rows(board), board.my_bars, self.page.study_id, self.page.cell)
        self._say_how_far(board)
        self.show_place()

    def _say_how_far(self, board: Board) -> None:
        if board.may_judge and board.assessed and not board.to_judge:
            self.pane.set_fact("", tr("All came settled with the imported review"))
            return
        done = sum(each.finished for each in board.assessed)
        wanted = counted("of {n} study finished by you", "of {n} studies finished by you", len(board.to_judge))
        self.pane.set_fact(figure(done), wanted if board.may_judge else "")

    @override
    def show_place(self) -> None:
        if self.board is None:
            return
        self.pane.table.go_to(self.page.study_id, self.page.cell)
        study = self._study_row()
        if study is not None and self.page.cell is not None:
            # What was typed for the domain before is kept before another one is shown.
            self.guide.support.commit()
            self.guide.show_cell(self.board, study, self.page.cell)

    def _study_row(self) -> StudyAssessment | None:
        return self.board.row(self.page.study_id) if self.board else None

    def _into_guide(self) -> None:
        target = self.guide.support if self._is_judged() else self.guide.levels.focus_button()
        if target.isEnabled():
            target.setFocus(Qt.FocusReason.TabFocusReason)

    # what the page's actions ask

    @override
    def handlers(self) -> dict[str, tuple[Callable[[], bool], Callable[[], object]]]:
        return {
            "clear": (lambda: self._is_open() and self._is_judged(), self._clear),
            "finish": (self._is_open, self._finish),
            "reopen": (self._may_reopen, self._reopen),
            "leave_out": (self._may_leave_out, lambda: self._set_applies(False)),
            "take_in": (self._is_left_out, lambda: self._set_applies(True)),
        }

    def can_judge(self, level: Level) -> bool:
        """Whether the domain shown can be judged now."""
        return self._is_open()

    def judge(self, level: Level) -> None:
        """Give the domain shown this judgement; without support, ask for it."""
        found = self.place()
        if found is None:
            return
        board, study_id, cell = found
        support = self.guide.support.text()

        def judged() -> None:
            study = board.row(study_id)
            self.page.announce(spoken_cell(board, study.label if study else "", cell, lower(level)))
            if (self.page.study_id, self.page.cell) == (study_id, cell) and not support:
                self.guide.support.setFocus(Qt.FocusReason.ShortcutFocusReason)

        self.page.change(
            lambda part: part.judge(study_id, cell.domain, level.id, support, cell.group),
            judged,
            tr("saving a judgement"),
        )

    def _write_support(self, text: str) -> None:
        """Keep the text with the judgement it was typed for, which may not be the one shown any more."""
        place = self.guide.support.place()
        study = self.board.row(place[0]) if self.board and place else None
        if study is None or place is None:
            return
        study_id, cell = place
        judged = study.mine.get(cell)
        if judged is not None:
            self.page.change(
                lambda part: part.judge(study_id, cell.domain, judged.level, text, cell.group),
                doing=tr("saving the support"),
            )

    def _clear(self) -> None:
        found = self.place()
        if found is not None:
            _, study_id, cell = found
            self.page.change(lambda part: part.clear(study_id, cell.domain, cell.group), self.take_focus_back)

    def _finish(self) -> None:
        self.guide.support.commit()
        study = self._study_row()
        if study is not None:
            self.page.change(
                lambda part: part.finish(study.study_id),
                lambda: self._say(tr("{study} is marked finished.", study=study.label)),
            )

    def _reopen(self) -> None:
        study = self._study_row()
        if study is not None:
            self.page.change(
                lambda part: part.reopen(study.study_id),
                lambda: self._say(tr("{study} is open again.", study=study.label)),
            )

    def _set_applies(self, applies: bool) -> None:
        study = self._study_row()
        if study is None:
            return
        text = (
            tr("{study} is assessed again.", study=study.label)
            if applies
            else tr("{study} is not assessed with this tool.", study=study.label)
        )
        self.page.change_study(study.study_id, applies, lambda: self._say(text))

    def _say(self, text: str) -> None:
        self.page.workspace.say(text, undo=True)
        self.page.announce(text)
        self.take_focus_back()

    # conditions

    def _is_open(self) -> bool:
        study = self._study_row()
        may_judge = self.board is not None and self.board.may_judge
        return may_judge and study is not None and study.applies and not study.finished and not study.closed

    def _is_judged(self) -> bool:
        study = self._study_row()
        return study is not None and self.page.cell in study.mine

    def _may_reopen(self) -> bool:
        study = self._study_row()
        may_judge = self.board is not None and self.board.may_judge
        return may_judge and study is not None and study.applies and study.finished

    def _may_leave_out(self) -> bool:
        study = self._study_row()
        return study is not None and study.applies and not study.finished and not study.closed

    def _is_left_out(self) -> bool:
        study = self._study_row()
        return study is not None and not study.applies
