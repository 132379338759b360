"""The left side of both tabs, and how the two sides share the room."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from core.language import tr
from core.model import Id
from core.riskofbias.summary import DomainCounts
from core.riskofbias.tools import Cell
from gui import theme
from gui.pages.riskofbias.lights import LightRow
from gui.pages.riskofbias.reading import Board
from gui.pages.riskofbias.summary import Legend, Summary
from gui.pages.riskofbias.table import LightTable
from gui.pages.riskofbias.words import tool_line
from gui.theme import Type
from gui.widgets.labels import Label
from gui.widgets.panes import Splitter, SubBar, Surface, column

_NARROW = 1200
_LARGE = 1440
_LEAST_TABLE = 300
_LOW_PANEL = 356
"""Room of the panel under the table: all of judging shows without scrolling."""
_ANY = 16_777_215
"""Qt's own limit of heights: none."""
_WORK_STATE, _SETTLED_STATE = 76, 92
"""Room of the last column: the reviewers' marks, or how many are to settle."""


class LightPane(Surface):
    """Facts, table, legend and summary bars."""

    def __init__(self, name: str, object_name: str, *, settled: bool, parent: QWidget | None = None) -> None:
        super().__init__("surface", parent=parent)
        self._settled = settled
        self._number = Label("", Type.SMALL_STRONG)
        self._fact = Label("", Type.SMALL, "muted")
        self._tool = Label("", Type.SMALL, "muted")
        bar = SubBar(self._number, self._fact, right=(self._tool,))
        self.table = LightTable(name, object_name, _SETTLED_STATE if settled else _WORK_STATE)
        self.legend = Legend()
        self.summary = Summary()
        self._below = QWidget()
        self._below.setLayout(column(self.legend, self.summary, None, spacing=0))
        box = column(bar, self.table, self._below, spacing=0)
        box.setStretchFactor(self._below, 1)
        box.addStretch(0)
        self._bar = bar
        self.setLayout(box)
        self.setMinimumWidth(theme.scaled(_LEAST_TABLE))

    def show_board(
        self,
        board: Board,
        rows: Sequence[LightRow],
        bars: tuple[DomainCounts, ...],
        study_id: Id | None,
        cell: Cell | None,
    ) -> None:
        """Show rows and bars with one cell current."""
        self.table.show_rows(board, rows, "" if self._settled else tr("Finished"), study_id, cell)
        self.fit_height()
        self.legend.show_tool(board.tool, settled=self._settled)
        self.summary.show_bars(board, bars, settled=self._settled)
        self._tool.setText(tool_line(board.tool))
        self._tool.setToolTip(tr(board.tool.title))

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit_height()

    def set_fact(self, number: str, text: str) -> None:
        """The line over the table: a number and what it counts."""
        self._number.setText(number)
        self._fact.setText(text)

    def fit_height(self) -> None:
        """The table takes no more height than its rows, and alone on the left, the side neither."""
        height = self.table.sizeHint().height()
        self.table.setMaximumHeight(height)
        self.setMaximumHeight(_ANY if self._below.isVisibleTo(self) else height + self._bar.height())

    def set_narrow(self, narrow: bool) -> None:
        """On narrow windows the other side takes the place of legend and bars."""
        self._below.setVisible(not narrow)
        self.fit_height()


class TwoSides(Splitter):
    """Table and panel side by side; on narrow windows the panel slides over the summary bars."""

    narrowed = Signal(bool)
    """The panel lies under the table now, or beside it again."""

    def __init__(self, pane: LightPane, panel: QWidget, widths: tuple[int, int], parent: QWidget | None = None) -> None:
        super().__init__(pane, panel, parent=parent)
        self._pane, self._widths = pane, widths
        self._form = ""
        self.setStretchFactor(0, 1)
        self.setStretchFactor(1, 0)

    def arrange(self) -> None:
        """Fit the width of the window."""
        width = self.window().width()
        form = "narrow" if width < theme.scaled(_NARROW) else "large" if width >= theme.scaled(_LARGE) else "usual"
        if form == self._form:
            return
        self._form = form
        narrow = form == "narrow"
        self._pane.set_narrow(narrow)
        self.narrowed.emit(narrow)
        self.setOrientation(Qt.Orientation.Vertical if narrow else Qt.Orientation.Horizontal)
        if narrow:
            panel = theme.scaled(_LOW_PANEL)
            self.setSizes([max(1, self.height() - panel), panel])
        else:
            panel = theme.scaled(self._widths[1 if form == "large" else 0])
            self.setSizes([max(1, self.width() - panel), panel])

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        self.arrange()
        super().resizeEvent(event)
