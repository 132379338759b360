"""The Screen tab: one record fills the page; a decision is kept, then the next record shows."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QStackedWidget, QWidget
from typing_extensions import override

from core.language import tr
from core.model import Id, Verdict
from core.session.protocol import Reason
from core.session.screening import Order, Progress
from gui import theme
from gui.pages.screening import reading, words
from gui.pages.screening.bar import DecisionBar, ProgressLine
from gui.pages.screening.deck import Deck, Entry
from gui.pages.screening.empty import Place, screen_end
from gui.pages.screening.lists import ListRow, Part, RowList
from gui.pages.screening.reading import ScreenState
from gui.pages.screening.record_tab import LARGE_FROM, RecordTab, moved
from gui.pages.screening.side import SidePanel
from gui.widgets.keys import KeyCap
from gui.widgets.labels import section_label
from gui.widgets.panes import Surface, column, row

if TYPE_CHECKING:
    from gui.pages.screening.judging import JudgingPage

_REFILL_BELOW = 10
_RECENT_WIDTH = 260


class ScreenTab(RecordTab):
    """See the module."""

    def __init__(self, page: JudgingPage) -> None:
        line = ProgressLine(page, tr("screened"), self._set_order)
        super().__init__(page, line, DecisionBar(page, page.VERDICTS), SidePanel())
        self.deck = Deck()
        self.state: ScreenState | None = None
        self._progress = Progress(0, 0, 0, 0, 0)
        self._opened: Id | None = None
        self._fetching: set[Id] = set()
        self._refilling = False
        self._reading = 0
        self._is_reading = False
        self._is_stale = False
        self._order = Order(page.workspace.settings.text("screening/order", Order.IMPORTED.value))
        self.line.order.set_value(self._order.value)
        self.recent = RowList(tr("Just decided"), f"{page.ID}.recent", row_height=56)
        self.recent.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._lay_out()
        self.recent.clicked.connect(lambda index: self.show_record(self.recent.rows.id_at(index.row())))

    def _lay_out(self) -> None:
        self.line.hide()
        self._left = Surface("sunken", "right")
        self._left.setFixedWidth(theme.scaled(_RECENT_WIDTH))
        self._left.hide()
        head = row(section_label(tr("Just decided")), None, KeyCap("U"), margins=(14, 14, 14, 8))
        self._left.setLayout(column(head, self.recent, spacing=0, margins=(0, 0, 1, 0)))
        self._judging = QWidget()
        middle = row(self._left, self.work, self.side, spacing=0)
        middle.setStretch(1, 1)
        self._judging.setLayout(middle)
        self._end_place = Place()
        self._stack = QStackedWidget()
        self._stack.addWidget(QWidget())
        self._stack.addWidget(self._judging)
        self._stack.addWidget(self._end_place)
        box = column(self.line, self._stack, spacing=0)
        box.setStretch(1, 1)
        self.setLayout(box)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        width = self.window().width()
        large = width >= theme.scaled(LARGE_FROM)
        self.side.set_large(large)
        self.fit(width)
        if large == self._left.isHidden():
            self._left.setVisible(large)  # last: it lays out at once what has changed before
            self._show_recent()
        super().resizeEvent(event)

    @override
    def panes(self) -> list[QWidget]:
        if self._stack.currentWidget() is not self._judging:
            return [self._end_place]
        return [self.bar, *([self.side] if self.side.isVisible() else [])]

    # reading

    @override
    def reload(self) -> None:
        self._reading += 1
        self._is_reading = True
        number, order, at_least = self._reading, self._order, len(self.deck.waiting()) + 1
        part_of = self.page.part_of
        call = self.page.read(lambda s: reading.read_screen(s, part_of, order, min(at_least, 500)))
        call.done(lambda state: self._take(state) if number == self._reading else None).run()

    def _take(self, state: ScreenState) -> None:
        self.state = state
        self._progress = state.progress
        self.line.set_pace(state.pace)
        self._is_reading = self._is_stale = False
        self._refilling = False
        self._fetching.clear()
        self.deck.load(state.decided, state.waiting, state.entries, complete=state.is_complete)
        if self._opened is not None:
            self.deck.go_to(self._opened)
        self.show_setting(state.setting)
        self.page.show_conflict_count(state.conflicts)
        self._show()
        self.page.registry.refresh()

    def _show(self) -> None:
        """Show the record one is at, or what there is to say when there is none."""
        if self.state is None:
            return
        self.line.setVisible(self.state.setting.may_judge and self._progress.total > 0)
        self.line.show_progress(self._progress)
        self._show_recent()
        here = self.deck.current_id()
        if here is not None:
            self._stack.setCurrentWidget(self._judging)
            self.show_entry(self.deck.current())
            if self.deck.current() is None:
                self._fetch(here)
        elif self.deck.is_exhausted and self._is_stale:
            self.reload()
        elif self.deck.is_exhausted:
            self._show_end()
        self._refill()

    def _show_end(self) -> None:
        assert self.state is not None
        state = replace(self.state, progress=self._progress)
        self._end_place.say(screen_end(self.page, state, self.page.header.tabs.set_current))
        self._stack.setCurrentWidget(self._end_place)

    def _show_recent(self) -> None:
        if self._left.isHidden():
            return
        entries = [self.deck.entry(i) for i in self.deck.recent[: reading.RECENT_KEPT]]
        self.recent.set_rows([_recent_row(entry) for entry in entries if entry is not None and entry.verdict])

    def _fetch(self, record_id: Id) -> None:
        """Read a record that was not fetched ahead."""
        if record_id in self._fetching:
            return
        self._fetching.add(record_id)
        part_of = self.page.part_of
        call = self.page.read(lambda s: reading.read_entries(s, part_of(s), [record_id]))
        call.done(lambda entries: self._fetched(record_id, entries)).run()

    def _fetched(self, record_id: Id, entries: list[Entry]) -> None:
        self._fetching.discard(record_id)
        self.deck.put(*entries)
        if record_id == self.deck.current_id() and entries:
            self.show_entry(self.deck.current())
            self.page.registry.refresh()

    def _refill(self) -> None:
        """Fetch more records before one gets to them."""
        if self._refilling or self.deck.is_exhausted or len(self.deck.ahead()) >= _REFILL_BELOW:
            return
        self._refilling = True
        number, order, part_of = self._reading, self._order, self.page.part_of
        waiting = self.deck.waiting()
        limit = len(waiting) + reading.AHEAD
        known = frozenset(i for i in waiting if self.deck.entry(i) is not None)
        call = self.page.read(lambda s: reading.read_more(s, part_of, order, limit, known))
        call.done(lambda found: self._refilled(number, limit, *found)).run()

    def _refilled(self, number: int, limit: int, waiting: list[Id], entries: list[Entry]) -> None:
        if number != self._reading:
            return
        self._refilling = False
        decided = set(self.deck.recent)
        self.deck.put(*(entry for entry in entries if entry.id not in decided))
        at_end = self.deck.current() is None
        self.deck.append([i for i in waiting if i not in decided], complete=len(waiting) < limit)
        if at_end:
            self._show()
        self.page.registry.refresh()

    def _set_order(self, order: Order) -> None:
        if order is not self._order:
            self._order = order
            self.page.workspace.settings.set_text("screening/order", order.value)
            self.deck = Deck()
            self.reload()
        self.page.give_focus_back()

    def show_record(self, record_id: Id) -> None:
        """Go to a record, to read it again or to decide otherwise."""
        self.side.note.commit()
        self._opened = record_id
        self.deck.go_to(record_id)
        self._show()
        self.page.registry.refresh()

    # what deciding asks of this tab

    @override
    def entry(self) -> Entry | None:
        return self.deck.current() if self.state is not None else None

    @override
    def last_decided(self) -> Id | None:
        return self.deck.recent[0] if self.deck.recent else None

    @override
    def can_step(self, by: int) -> bool:
        return self.deck.can_step(by)

    @override
    def step(self, by: int) -> None:
        self.side.note.commit()
        self._deciding = self._opened = None
        self.deck.step(by)
        self._show()
        self.page.registry.refresh()

    @override
    def decided(self, entry: Entry, verdict: Verdict, reason: Reason | None) -> None:
        self._opened = None
        before = self.deck.entry(entry.id)
        if before is None:
            self.reload()
            return
        self._progress = moved(self._progress, before.verdict, verdict)
        self.deck.decide(entry.id, verdict, reason.id if reason else None, reason.text if reason else "")
        self._moved_on()
        if self._left.isHidden():
            done = words.done_sentence(verdict, reason.text if reason else "")
            self.page.workspace.say(tr("{done} U takes it back.", done=done))

    @override
    def taken_back(self, record_id: Id) -> None:
        self._opened = None
        before = self.deck.entry(record_id)
        if before is None or before.verdict is None:
            self._opened = record_id
            self.reload()
            return
        self._progress = moved(self._progress, before.verdict, None)
        self.deck.take_back(record_id)
        self._moved_on()

    @override
    def noted(self, record_id: Id, text: str) -> None:
        self.deck.note(record_id, text)

    def _moved_on(self) -> None:
        """After a change of one's own; what is being read meanwhile may not know of it.

        The window asks all actions anew after every change, so that is not done here.
        """
        self._is_stale = True
        if self._is_reading:
            self.reload()
        self._show()


def _recent_row(entry: Entry) -> ListRow:
    assert entry.verdict is not None
    parts = [Part(words.WORDS[entry.verdict], words.TONES[entry.verdict])]
    if entry.reason or entry.note:
        parts.append(Part(entry.reason or f"“{entry.note}”"))
    return ListRow(entry.id, entry.view.title, tuple(parts))
