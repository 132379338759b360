"""What was read from a review's file, part by part, and what the user should know of how it was read."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from core.interchange.contents import Content
from core.interchange.model import Remark
from core.language import figure, said, tr
from gui import theme
from gui.revman.plain_table import PlainTable
from gui.theme import Type
from gui.widgets.labels import Label
from gui.widgets.messages import EmptyState
from gui.widgets.panes import column, row
from gui.widgets.table import Column

PAGES = {
    "references": tr("References"),
    "fulltext": tr("Full text"),
    "extraction": tr("Extraction"),
    "riskofbias": tr("Risk of bias"),
    "analysis": tr("Analysis"),
    "report": tr("Report"),
}
"""Where parts of a file go, in the words of the rail."""

CONTENT_COLUMNS: tuple[Column[Content], ...] = (
    Column("title", tr("Part of the review"), lambda c: said(c.title), stretch=True),
    Column("number", tr("Read"), lambda c: figure(c.number), width=72, align="right", strong=True),
    Column("page", tr("Found on the page"), lambda c: PAGES.get(c.page, ""), width=140, ink="muted"),
)
REMARK_COLUMNS: tuple[Column[Remark], ...] = (
    Column("where", tr("Where"), lambda r: said(r.where), width=230, ink="muted", tip=lambda r: said(r.where)),
    Column("what", tr("What is to be known"), lambda r: said(r.what), stretch=True, tip=lambda r: said(r.what)),
    Column("kept", tr("Kept"), lambda r: tr("Yes") if r.kept else tr("No"), width=70),
)


class ContentsView(QWidget):
    """The parts with their counts; a double click or Return asks for the page a part is on."""

    page_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.table: PlainTable[Content] = PlainTable(CONTENT_COLUMNS, tr("What was read"))
        self.table.setObjectName("revman.contents")
        self.table.row_opened.connect(lambda number: self.page_wanted.emit(self.table.rows()[number].page))
        self.setLayout(column(self.table, spacing=0))

    def show_contents(self, contents: Sequence[Content]) -> None:
        """Show these parts."""
        self.table.show_rows(contents)


class RemarksView(QWidget):
    """What could not be placed or was read in a way to know of; says so when there is nothing."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.table: PlainTable[Remark] = PlainTable(REMARK_COLUMNS, tr("Remarks"))
        self.table.setObjectName("revman.remarks")
        self._text = Label("", Type.BODY, wrap=True)
        self._text.setMinimumHeight(theme.scaled(40))
        nothing = EmptyState(
            "circle-check", tr("Everything was placed"), tr("Copse has a place for all that the file holds.")
        )
        holder = QWidget()
        below = column(row(self._text, margins=(20, 8, 20, 8)), spacing=0)
        holder.setLayout(column(self.table, below, spacing=0))
        self._stack = QStackedWidget()
        self._stack.addWidget(nothing)
        self._stack.addWidget(holder)
        self.table.row_chosen.connect(self._tell)
        self.setLayout(column(self._stack, spacing=0))

    def show_remarks(self, remarks: Sequence[Remark]) -> None:
        """Show these remarks."""
        self.table.show_rows(remarks)
        self._stack.setCurrentIndex(1 if remarks else 0)
        if remarks:
            self.table.choose(0)
            self._tell(0)

    def _tell(self, number: int) -> None:
        self._text.setText(said(self.table.rows()[number].what))
