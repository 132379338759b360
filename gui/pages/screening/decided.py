"""The Decided tab: one's own decisions in a table, to find one again and decide otherwise."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QStackedWidget, QWidget
from typing_extensions import override

from core.language import figure, tr
from core.model import Id, Verdict
from core.policy import Right, may
from core.session.screening import RecordView, ScreeningPart
from gui.explaining import explain
from gui.pages.screening import reading
from gui.pages.screening.empty import Place, all_settled
from gui.pages.screening.reading import Setting
from gui.pages.screening.tab import JudgingTab
from gui.pages.screening.words import TONES, WORDS, records
from gui.theme import Type
from gui.widgets.buttons import Button
from gui.widgets.fields import SegmentedControl
from gui.widgets.labels import Label
from gui.widgets.messages import EmptyState, primary
from gui.widgets.panes import SubBar, column
from gui.widgets.table import Column, IdTableModel, Table

if TYPE_CHECKING:
    from core.review import Session
    from gui.pages.screening.judging import JudgingPage

_ALL = "all"


@dataclass(frozen=True)
class DecidedRow:
    """A record with one's own verdict."""

    view: RecordView
    verdict: Verdict


class DecidedTab(JudgingTab):
    """`open_record(id)` is called to show a record on the Screen tab."""

    def __init__(self, page: JudgingPage, open_record: Callable[[Id], None]) -> None:
        super().__init__(page)
        self._open_record = open_record
        self._verdicts: dict[Id, Verdict] = {}
        self._setting: Setting | None = None
        self.which = SegmentedControl(
            ((_ALL, tr("All")), *((verdict.value, WORDS[verdict]) for verdict in _ORDER)), tr("Which decisions")
        )
        self.which.setObjectName("decided.which")
        explain(self, "decision")
        explain(self.which, "decision.{value}")
        self.count = Label("", Type.BODY, "muted")
        self.model = IdTableModel[DecidedRow](_COLUMNS, self._rows)
        self.table = Table(self.model, tr("Your decisions"))
        self.table.setObjectName("decided.table")
        self.open = Button(tr("Show the record"), icon="eye")
        self.open.setObjectName("decided.open")
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._empty = Place()
        self._stack.addWidget(self._empty)
        bar = SubBar(self.which, self.count, right=(self.open,))
        box = column(bar, self._stack, spacing=0)
        box.setStretch(1, 1)
        self.setLayout(box)
        self.which.chosen.connect(lambda _which: self._show())
        self.table.row_opened.connect(lambda row: self._open_record(self.model.id_at(row)))
        self.table.row_chosen.connect(lambda _row: self.open.setEnabled(True))
        self.open.clicked.connect(self._open_chosen)

    def _nothing(self) -> EmptyState:
        if not may(self.page.session.reviewer, Right.JUDGE):
            text = tr("Decisions are listed here for those who screen.")
            return EmptyState("list-checks", tr("You do not screen in this review"), text)
        if self._setting is not None and self._setting.came_settled:
            return all_settled(self.page, self._setting)
        button = primary(
            tr("Continue screening"), lambda: self.page.header.tabs.set_current("screen"), icon="list-checks"
        )
        button.setObjectName("decided.continue")
        text = tr("What you decide is listed here, the latest first.")
        return EmptyState("list-checks", tr("No decisions here"), text, [button])

    @override
    def panes(self) -> list[QWidget]:
        return [self._stack]

    @override
    def reload(self) -> None:
        part_of = self.page.part_of
        self.page.read(lambda s: _read(s, part_of(s))).done(self._take).run()

    def _take(self, found: tuple[dict[Id, Verdict], Setting]) -> None:
        self._verdicts, self._setting = found
        self._show()

    def _show(self) -> None:
        which = self.which.current()
        ids = [i for i, verdict in self._verdicts.items() if which in (_ALL, verdict.value)]
        self.model.set_ids(ids)
        self.count.setText(records(len(ids)) if ids else "")
        self.open.setEnabled(False)
        if ids:
            self._stack.setCurrentWidget(self.table)
            self.table.choose(0)
        else:
            self._empty.say(self._nothing())
            self._stack.setCurrentWidget(self._empty)

    def _rows(self, ids: Sequence[Id]) -> list[DecidedRow]:
        views = self.page.session.references.rows(ids)
        return [DecidedRow(views[i], self._verdicts[i]) for i in ids]

    def _open_chosen(self) -> None:
        for record_id in self.table.chosen_ids():
            self._open_record(record_id)


def _read(session: Session, part: ScreeningPart) -> tuple[dict[Id, Verdict], Setting]:
    return reading.read_verdicts(part), reading.read_setting(session, part)


_ORDER = (Verdict.INCLUDE, Verdict.MAYBE, Verdict.EXCLUDE)
_COLUMNS: Sequence[Column[DecidedRow]] = (
    Column("decision", tr("Decision"), chip=lambda row: (WORDS[row.verdict], TONES[row.verdict]), width=110),
    Column("number", tr("Record"), lambda row: figure(row.view.number), width=72, align="right", ink="muted"),
    Column("title", tr("Title"), lambda row: row.view.title, stretch=True, tip=lambda row: row.view.title),
    Column("authors", tr("First author"), lambda row: row.view.authors[0] if row.view.authors else "", width=170),
    Column("year", tr("Year"), lambda row: str(row.view.year or ""), width=64, align="right"),
)
