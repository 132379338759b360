"""What the two tabs share: a table at the left, a panel at the right, and what the page's actions may ask of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from core.model import Id
from core.riskofbias.tools import Cell, Level
from gui.pages.riskofbias.pane import LightPane
from gui.pages.riskofbias.reading import Board

if TYPE_CHECKING:
    from gui.pages.riskofbias.page import RiskOfBiasPage


class RiskTab(QWidget):
    """One tab. The page hands its actions to the tab in front; what a tab cannot do, it says it cannot."""

    pane: LightPane

    def __init__(self, page: RiskOfBiasPage) -> None:
        super().__init__()
        self.page = page
        self.board: Board | None = None

    def show_board(self, board: Board) -> None:
        """Show the present state."""
        raise NotImplementedError

    def show_place(self) -> None:
        """Show the study and domain the page is at."""
        raise NotImplementedError

    def panes(self) -> list[QWidget]:
        """The panes F6 goes through."""
        raise NotImplementedError

    def leave(self) -> None:
        """Another tab or page comes to the front: keep what is typed."""

    def can_judge(self, level: Level) -> bool:
        """Whether a judgement at this level can be given now."""
        raise NotImplementedError

    def judge(self, level: Level) -> None:
        """Give this judgement on the domain shown."""
        raise NotImplementedError

    def handlers(self) -> dict[str, tuple[Callable[[], bool], Callable[[], object]]]:
        """For each action of the page: whether it makes sense now, and doing it."""
        raise NotImplementedError

    # for subclasses

    def main_part(self) -> QWidget:
        """What the keys of the tab work on."""
        return self.pane.table

    def take_focus_back(self) -> None:
        """From the panel to what the keys work on."""
        self.main_part().setFocus(Qt.FocusReason.OtherFocusReason)

    def place(self) -> tuple[Board, Id, Cell] | None:
        """Board, study and domain; None while there is none."""
        study_id, cell = self.page.study_id, self.page.cell
        if self.board is None or study_id is None or cell is None:
            return None
        return self.board, study_id, cell

    def step_domain(self, step: int) -> None:
        """To the domain before or after; from the last one of a study to the first of the next."""
        if self.board is None or self.page.cell is None:
            return
        number = self._domain() + step
        cells = self.board.cells
        if 0 <= number < len(cells):
            self.page.go_to(self.page.study_id, cells[number])
        elif self.can_step_study(step):
            self.page.go_to(self.board.rows[self._study() + step].study_id, cells[0 if step > 0 else -1])

    def step_study(self, step: int) -> None:
        """To the study before or after, at the same domain."""
        if self.board is not None:
            self.page.go_to(self.board.rows[self._study() + step].study_id, self.page.cell)

    def can_step_domain(self, step: int) -> bool:
        """Whether there is a domain before or after."""
        if self.board is None or self.page.cell is None:
            return False
        return 0 <= self._domain() + step < len(self.board.cells) or self.can_step_study(step)

    def can_step_study(self, step: int) -> bool:
        """Whether there is a study before or after."""
        return self.board is not None and 0 <= self._study() + step < len(self.board.rows)

    def _domain(self) -> int:
        assert self.board is not None
        return self.board.cells.index(self.page.cell) if self.page.cell in self.board.cells else 0

    def _study(self) -> int:
        assert self.board is not None
        return next((n for n, row in enumerate(self.board.rows) if row.study_id == self.page.study_id), 0)
