"""The Reports tab: which reports are read in full, what one decided on each, and whether its text was found."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QStackedWidget, QWidget
from typing_extensions import override

from core.language import figure, tr
from core.model import Id, RetrievalState, Standing, Verdict
from core.session.protocol import Reason
from core.session.screening import Progress
from gui import theme
from gui.explaining import explain
from gui.pages.fulltext import retrieval
from gui.pages.fulltext.reading import Report, ReportsState, read_reports
from gui.pages.fulltext.retrieval import RetrievalPanel
from gui.pages.screening import reading, words
from gui.pages.screening.bar import DecisionBar, ProgressLine
from gui.pages.screening.deck import Entry
from gui.pages.screening.empty import Place
from gui.pages.screening.lists import ListRow, Part, RowList
from gui.pages.screening.record_tab import RecordTab, moved
from gui.pages.screening.side import SidePanel
from gui.pages.screening.tab import LIST_KEYS
from gui.widgets.buttons import Button
from gui.widgets.folding import FoldingPane
from gui.widgets.labels import section_label
from gui.widgets.marks import Tone
from gui.widgets.messages import EmptyState, primary
from gui.widgets.panes import Surface, column, row

if TYPE_CHECKING:
    from gui.pages.screening.judging import JudgingPage

_WIDTHS = ((1500, 340, 380), (960, 300, 320), (0, 300, 280))
"""From this window width on: width of the list, width of the panel."""
_NARROW_BELOW = 1200
_JUDGING = ("include", "exclude", "maybe", "note")
_CLOSED = {
    Standing.INCLUDED: tr("Settled: included in the review"),
    Standing.EXCLUDED: tr("Settled: excluded from the review"),
}
_STANDINGS = {
    Standing.OPEN: (tr("Open"), Tone.NEUTRAL),
    Standing.CONFLICT: (tr("Conflict"), Tone.WARN),
    Standing.INCLUDED: (tr("Included"), Tone.INCLUDE),
    Standing.EXCLUDED: (tr("Excluded"), Tone.EXCLUDE),
}


class ReportsTab(RecordTab):
    """A list at the left; the report chosen in it is judged."""

    narrow_below = 1440

    def __init__(self, page: JudgingPage) -> None:
        self.retrieval = RetrievalPanel()
        line, bar = ProgressLine(page, tr("assessed")), DecisionBar(page, page.VERDICTS, arrows=False)
        super().__init__(page, line, bar, SidePanel(self.retrieval))
        self.state: ReportsState | None = None
        self._progress = Progress(0, 0, 0, 0, 0)
        self._reports: dict[Id, Report] = {}
        self._entries: dict[Id, Entry] = {}
        self._recent: list[Id] = []
        self._reading = 0
        self._is_reading = False
        self._wanted: Id | None = None
        self.list = RowList(tr("Reports"), "fulltext.list", row_height=50)
        explain(self.list, "standing")
        self._lay_out()
        self.list.row_chosen.connect(lambda _row: self._show_chosen())
        self.retrieval.changed.connect(self._keep_retrieval)

    def _lay_out(self) -> None:
        self._left = Surface("sunken", "right")
        head = row(section_label(tr("Reports")), margins=(14, 12, 14, 8))
        self._left.setLayout(column(head, self.list, spacing=0, margins=(0, 0, 1, 0)))
        self._left.setAccessibleName(tr("Reports"))
        self._judging = QWidget()
        middle = row(self._left, self.work, self.side, spacing=0)
        middle.setStretch(1, 1)
        button = Button(opens=True)
        button.setObjectName("fulltext.show_list")
        self.page.header.add(button)
        self._fold = FoldingPane(
            self.page, self._left, button, _WIDTHS[0][1], lambda: middle.insertWidget(0, self._left), menu=True
        )
        self.list.clicked.connect(self._close_list)
        self.list.row_opened.connect(self._close_list)
        box = column(self.line, middle, spacing=0)
        box.setStretch(1, 1)
        self._judging.setLayout(box)
        self._empty = Place()
        self._stack = QStackedWidget()
        self._stack.addWidget(QWidget())
        self._stack.addWidget(self._judging)
        self._stack.addWidget(self._empty)
        self.setLayout(column(self._stack, spacing=0))

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        width = self.window().width()
        _, left, panel = next(each for each in _WIDTHS if width >= theme.scaled(each[0]))
        self._left.setFixedWidth(theme.scaled(left))
        self._fold.close()
        self._fold.set_folded(width < theme.scaled(_NARROW_BELOW))
        self.side.set_width(panel)
        self.fit(width)
        super().resizeEvent(event)

    @override
    def panes(self) -> list[QWidget]:
        if self._stack.currentWidget() is not self._judging:
            return [self._empty]
        return [
            *([] if self._fold.is_folded else [self._left]),
            *([] if self.bar.isHidden() else [self.bar]),
            *([self.side] if self.side.isVisible() else []),
        ]

    def _close_list(self) -> None:
        if self._fold.is_folded:
            self._fold.close()
            self.page.give_focus_back()

    def show_in_front(self, shown: bool) -> None:
        """Whether this is the tab in front; the button of the list is there only then."""
        self._fold.set_wanted(shown and self._stack.currentWidget() is self._judging)

    # reading

    @override
    def reload(self) -> None:
        self._reading += 1
        self._is_reading = True
        number, part_of = self._reading, self.page.part_of
        call = self.page.read(lambda s: read_reports(s, part_of(s)))
        call.done(lambda state: self._take(state) if number == self._reading else None).run()

    def _take(self, state: ReportsState) -> None:
        returned = [i for i in self._recent if i not in state.recent]
        self.state = state
        self._is_reading = False
        self._progress = state.progress
        self._reports = {report.id: report for report in state.reports}
        self._recent = list(state.recent)
        self._entries.clear()
        self.show_setting(state.setting)
        self.page.show_conflict_count(state.conflicts)
        self.line.setVisible(state.setting.may_judge and bool(state.progress.total))
        self._show_list()
        if not state.reports:
            self._empty.say(_nothing(self.page, state))
            self._stack.setCurrentWidget(self._empty)
        else:
            self._stack.setCurrentWidget(self._judging)
            self._choose_first(returned)
        self.show_in_front(self.page.tab() is self)
        self._show_chosen()

    def _choose_first(self, returned: list[Id]) -> None:
        """Go to what was asked for, to a decision just taken back, or to the first that waits."""
        assert self.state is not None
        asked = [i for i in (self._wanted, *returned) if i in self._reports]
        self._wanted = None
        if asked:
            self.list.choose_id(asked[0])
        elif self.list.chosen_id() is None:
            waiting = [r.id for r in self.state.reports if r.verdict is None and not r.is_closed]
            self.list.choose_id((waiting or [self.state.reports[0].id])[0])

    def _show_list(self) -> None:
        assert self.state is not None
        own = self.state.setting.may_judge
        self.list.set_rows([_list_row(report, own=own) for report in self._reports.values()])
        self.line.show_progress(self._progress)

    def _show_chosen(self) -> None:
        chosen = self.list.chosen_id()
        report = self._reports.get(chosen) if chosen is not None else None
        if report is not None:
            self.retrieval.show_retrieval(report.retrieval, report.retrieval_note)
            if report.id not in self._entries:
                self._fetch(report)
        place = self.list.currentIndex().row() + 1
        self._fold.set_label(tr("Report {number} of {total}", number=figure(place), total=figure(self.list.count())))
        self.show_entry(self.entry())
        self.page.registry.refresh()

    def _fetch(self, report: Report) -> None:
        """Read reason and note of one's own; the report itself shows at once."""
        number, part_of = self._reading, self.page.part_of
        self._entries[report.id] = Entry(report.view, report.verdict)
        call = self.page.read(lambda s: reading.read_entries(s, part_of(s), [report.id]))
        call.done(lambda entries: self._fetched(entries) if number == self._reading else None).run()

    def _fetched(self, entries: list[Entry]) -> None:
        for entry in entries:
            report = self._reports.get(entry.id)
            if report is None or report.verdict != entry.verdict:
                continue
            self._entries[entry.id] = entry
            if entry.id == self.list.chosen_id():
                self.show_entry(entry)

    def show_record(self, record_id: Id) -> None:
        """Go to a report, now or when the reports have been read."""
        self._wanted = record_id
        if self.list.choose_id(record_id):
            self._wanted = None
            self._show_chosen()

    # what deciding asks of this tab

    @override
    def entry(self) -> Entry | None:
        chosen = self.list.chosen_id()
        return self._entries.get(chosen) if chosen is not None else None

    @override
    def show_entry(self, entry: Entry | None) -> None:
        super().show_entry(entry)
        report = self._reports.get(entry.id) if entry else None
        closed = report is not None and report.is_closed
        self.bar.setHidden(closed)
        self.side.show_judging(not closed)
        self.retrieval.show_settled(_CLOSED[report.standing] if report and closed else "", report.why if report else "")
        if report is not None and closed:
            self.card.show_state(*_STANDINGS[report.standing])

    @override
    def exclude(self) -> None:
        self.bar.show_verdict(self._verdict())  # a click has toggled the button
        self.side.setVisible(True)
        self.side.reasons.ask()
        self.page.workspace.say(tr("Choose the reason: a report excluded at full text carries exactly one."))

    def _verdict(self) -> Verdict | None:
        entry = self.entry()
        return entry.verdict if entry else None

    @override
    def last_decided(self) -> Id | None:
        return self._recent[0] if self._recent else None

    @override
    def can_step(self, by: int) -> bool:
        return 0 <= self.list.currentIndex().row() + by < self.list.count()

    @override
    def step(self, by: int) -> None:
        self.leave()
        self._deciding = None
        self.list.step(by)

    @override
    def do(self, what: str) -> None:
        super().do(LIST_KEYS.get(what, what))

    @override
    def can(self, what: str) -> bool:
        if what in _JUDGING or what.startswith("reason_"):
            entry = self.entry()
            report = self._reports.get(entry.id) if entry else None
            if report is not None and report.is_closed:
                return False
        return super().can(LIST_KEYS.get(what, what))

    @override
    def decided(self, entry: Entry, verdict: Verdict, reason: Reason | None) -> None:
        before = self._reports.get(entry.id)
        if before is None:
            self.reload()
            return
        self._progress = moved(self._progress, before.verdict, verdict)
        self._reports[entry.id] = before.decided(verdict)
        note = self._entries[entry.id].note
        self._entries[entry.id] = Entry(
            entry.view, verdict, reason.id if reason else None, reason.text if reason else "", note
        )
        self._recent = [entry.id, *(i for i in self._recent if i != entry.id)]
        self._show_list()
        done = words.done_sentence(verdict, reason.text if reason else "")
        following = self._next_waiting(entry.id)
        if following is not None:
            self.list.choose_id(following)
        if self._is_reading:  # what is being read may not know of this decision
            self.reload()
        all_done = following is None and not self._progress.left
        self.page.workspace.say(
            tr("{done} U takes it back. All reports have your decision.", done=done)
            if all_done
            else tr("{done} U takes it back.", done=done)
        )
        self.page.give_focus_back()
        self._show_chosen()

    def _next_waiting(self, after: Id) -> Id | None:
        """The next report without a decision of one's own, from the top again at the end."""
        ids = list(self._reports)
        place = ids.index(after)
        waiting = (i for i in [*ids[place + 1 :], *ids[:place]] if self._reports[i].verdict is None)
        return next((i for i in waiting if not self._reports[i].is_closed), None)

    @override
    def taken_back(self, record_id: Id) -> None:
        self._wanted = record_id
        self._recent = [i for i in self._recent if i != record_id]
        self.reload()

    @override
    def noted(self, record_id: Id, text: str) -> None:
        entry = self._entries.get(record_id)
        if entry is not None:
            self._entries[record_id] = Entry(entry.view, entry.verdict, entry.reason_id, entry.reason, text)

    def _keep_retrieval(self, state: RetrievalState, note: str) -> None:
        chosen = self.list.chosen_id()
        if chosen is not None:
            record = chosen
            self.page.change(
                lambda part: part.set_retrieval(record, state, note), lambda: self._retrieved(record, state, note)
            )

    def _retrieved(self, record_id: Id, state: RetrievalState, note: str) -> None:
        report = self._reports.get(record_id)
        if report is None or self._is_reading:
            self.reload()
            return
        self._reports[record_id] = replace(report, retrieval=state, retrieval_note=note)
        self._show_list()

    # leaving

    @override
    def leave(self) -> None:
        super().leave()
        self._fold.close()
        self.retrieval.commit()

    @override
    def is_at_rest(self) -> bool:
        return super().is_at_rest() and not self.retrieval.is_changed()


def _list_row(report: Report, *, own: bool) -> ListRow:
    parts: list[Part] = []
    if not own:
        parts.append(Part(*_STANDINGS[report.standing]))
    elif report.verdict is not None:
        parts.append(Part(words.WORDS[report.verdict], words.TONES[report.verdict]))
    elif report.is_closed:
        parts.append(Part(*_STANDINGS[report.standing]))
    else:
        parts.append(Part(tr("To assess"), Tone.OUTLINE))
    parts.append(Part(retrieval.WORDS[report.retrieval]))
    return ListRow(report.id, report.view.title, tuple(parts))


def _nothing(page: JudgingPage, state: ReportsState) -> EmptyState:
    button = primary(tr("Go to screening"), lambda: page.workspace.go("screening"), icon="list-checks")
    button.setObjectName("fulltext.to_screening")
    if state.is_title_abstract_over:
        text = tr("No record was included at title and abstract, so there is no report to read in full.")
    elif state.setting.is_blinded and len(state.setting.judges) > 1:
        text = tr(
            "A report comes here once its record is included and all decisions on titles and abstracts may be seen."
        )
    else:
        text = tr("A report comes here when its record is included at title and abstract.")
    return EmptyState("file-text", tr("No reports to assess yet"), text, [button])
