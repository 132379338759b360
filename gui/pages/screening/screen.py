"""The Screen tab: one record fills the page; a decision is kept, then the next record shows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QStackedWidget, QWidget
from typing_extensions import override

from core.model import Id, Stage, Verdict
from core.session.protocol import Reason
from core.session.screening import Order, Progress
from gui import theme
from gui.pages.screening import reading, words
from gui.pages.screening.bar import CARD_WIDTH, DecisionBar, ProgressLine
from gui.pages.screening.deck import Deck, Entry
from gui.pages.screening.empty import Place, screen_end
from gui.pages.screening.lists import ListRow, Part, RowList
from gui.pages.screening.reading import ScreenState
from gui.pages.screening.side import SidePanel, centred
from gui.pages.screening.tab import JudgingTab
from gui.widgets.labels import section_label
from gui.widgets.panes import Scroll, Surface, column, row
from gui.widgets.record_card import RecordCard

if TYPE_CHECKING:
    from gui.pages.screening.judging import JudgingPage

_REFILL_BELOW = 10
_LARGE_FROM = 1500
_NARROW_BELOW = 1200
_RECENT_WIDTH = 260


class ScreenTab(JudgingTab):
    """See the module."""

    def __init__(self, page: JudgingPage) -> None:
        super().__init__(page)
        self.deck = Deck()
        self.state: ScreenState | None = None
        self._progress = Progress(0, 0, 0, 0, 0)
        self._deciding: Id | None = None
        self._opened: Id | None = None
        self._fetching: set[Id] = set()
        self._refilling = False
        self._reading = 0
        self._is_reading = False
        self._is_stale = False
        self._order = Order(page.workspace.settings.text("screening/order", Order.IMPORTED.value))
        self.line = ProgressLine(page, self._set_order)
        self.line.order.set_value(self._order.value)
        self.card = RecordCard(object_name=f"{page.ID}.card")
        self.bar = DecisionBar(page, page.VERDICTS)
        self.side = SidePanel()
        self.recent = RowList("Just decided", f"{page.ID}.recent", row_height=48)
        self.recent.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._lay_out()
        self.side.reasons.chosen.connect(self._exclude_for)
        self.side.reasons.added.connect(self._add_reason)
        self.side.note.written.connect(self._keep_note)
        self.side.note.left.connect(page.give_focus_back)
        self.recent.clicked.connect(lambda index: self.show_record(self.recent.rows.id_at(index.row())))

    def _lay_out(self) -> None:
        self.line.hide()
        self._scroll = Scroll(centred(self.card, CARD_WIDTH, (24, 20, 24, 20)))
        work = Surface("surface")
        work.setLayout(column(self._scroll, self.bar, spacing=0))
        self._left = Surface("sunken", "right")
        self._left.setFixedWidth(theme.scaled(_RECENT_WIDTH))
        self._left.hide()
        head = row(section_label("Just decided"), margins=(16, 14, 16, 8))
        self._left.setLayout(column(head, self.recent, spacing=0, margins=(0, 0, 1, 0)))
        self._judging = QWidget()
        middle = row(self._left, work, self.side, spacing=0)
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
        large = width >= theme.scaled(_LARGE_FROM)
        if large == self._left.isHidden():
            self._left.setVisible(large)
            self._show_recent()
        self.side.set_large(large)
        self.card.set_large(large)
        self.bar.set_narrow(width < theme.scaled(_NARROW_BELOW))
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
        self._is_reading = self._is_stale = False
        self._deciding = None
        self._refilling = False
        self._fetching.clear()
        self.deck.load(state.decided, state.waiting, state.entries, complete=state.is_complete)
        if self._opened is not None:
            self.deck.go_to(self._opened)
        self.card.set_terms(state.setting.terms)
        self.side.show_setting(state.setting)
        self.page.show_conflict_count(state.conflicts)
        self.page.settle_in(state.setting)
        self._show()

    def _show(self) -> None:
        """Show the record one is at, or what there is to say when there is none."""
        if self.state is None:
            return
        self.line.setVisible(self.state.setting.may_judge and self._progress.total > 0)
        self.line.show_progress(self._progress)
        self._show_recent()
        here = self.deck.current_id()
        if here is not None:
            self._show_entry(self.deck.current())
            if self.deck.current() is None:
                self._fetch(here)
        elif self.deck.is_exhausted and self._is_stale:
            self.reload()
        elif self.deck.is_exhausted:
            self._show_end()
        self._refill()
        self.page.registry.refresh()

    def _show_entry(self, entry: Entry | None) -> None:
        self._stack.setCurrentWidget(self._judging)
        self.card.show_record(entry.view if entry else None)
        self.bar.show_verdict(entry.verdict if entry else None)
        self.side.reasons.show_choice(entry.reason_id if entry else None, enabled=entry is not None)
        if not (self.side.note.hasFocus() and self.side.note.is_changed()):
            self.side.note.show_note(entry.note if entry else "")
        if entry is not None and entry.verdict is not None:
            self.card.show_state(f"You: {words.WORDS[entry.verdict].lower()}", words.TONES[entry.verdict])
        else:
            self.card.show_state("", words.Tone.NEUTRAL)
        self._scroll.verticalScrollBar().setValue(0)

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
            self._show_entry(self.deck.current())
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

    # what the page's actions ask

    @override
    def can(self, what: str) -> bool:
        current = self.deck.current() if self.state is not None else None
        judging = current is not None and self.state is not None and self.state.setting.may_judge
        if what.startswith("reason_"):
            return judging and self._reason(int(what[7:])) is not None
        conditions: dict[str, Callable[[], bool]] = {
            "take_back": lambda: bool(self.deck.recent),
            "previous": lambda: self.deck.can_step(-1),
            "next": lambda: self.deck.can_step(1),
            "doi": lambda: current is not None and bool(current.view.doi),
            "highlights": lambda: current is not None,
            "panel": lambda: current is not None,
        }
        return conditions.get(what, lambda: judging)()

    @override
    def do(self, what: str) -> None:
        if what.startswith("reason_"):
            self._exclude_for(int(what[7:]))
            return
        handlers: dict[str, Callable[[], object]] = {
            "include": lambda: self._decide(Verdict.INCLUDE),
            "maybe": lambda: self._decide(Verdict.MAYBE),
            "exclude": lambda: self._decide(Verdict.EXCLUDE),
            "note": self._write_note,
            "take_back": self._take_back,
            "previous": lambda: self._step(-1),
            "next": lambda: self._step(1),
            "doi": self.card.open_doi,
            "highlights": self._turn_highlights,
            "panel": self._turn_panel,
        }
        handlers[what]()

    def _step(self, by: int) -> None:
        self.side.note.commit()
        self._deciding = self._opened = None
        self.deck.step(by)
        self._show()

    def _write_note(self) -> None:
        self.side.setVisible(True)
        self.side.note.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _turn_highlights(self) -> None:
        self.card.abstract.set_shows_marks(not self.card.abstract.shows_marks())

    def _turn_panel(self) -> None:
        self.side.setVisible(self.side.isHidden())

    # deciding

    def _reason(self, number: int) -> Reason | None:
        return self.state.setting.reason(number) if self.state is not None else None

    def _exclude_for(self, number: int) -> None:
        reason = self._reason(number)
        if reason is not None:
            self._decide(Verdict.EXCLUDE, reason)

    def _decide(self, verdict: Verdict, reason: Reason | None = None) -> None:
        """Keep a decision; the next record shows when it is kept. Keys pressed meanwhile meet the same record: none."""
        entry = self.deck.current()
        self.bar.show_verdict(entry.verdict if entry else None)  # a click has toggled the button already
        if entry is None or self._deciding == entry.id:
            return
        self._deciding = entry.id
        self.side.note.commit()
        record, reason_id = entry.id, reason.id if reason else None
        self.page.change(
            lambda part: part.decide(record, verdict, reason_id),
            lambda: self._decided(record, verdict, reason),
            "saving the decision",
        )

    def _decided(self, record_id: Id, verdict: Verdict, reason: Reason | None) -> None:
        self._deciding = self._opened = None
        entry = self.deck.entry(record_id)
        if entry is None:
            return
        self._progress = _moved(self._progress, entry.verdict, verdict)
        reason_text = reason.text if reason else ""
        self.deck.decide(record_id, verdict, reason.id if reason else None, reason_text)
        self._moved_on()
        done = words.done_sentence(verdict, reason_text)
        if self._left.isHidden():
            self.page.workspace.say(f"{done} U takes it back.")
        following = self.deck.current()
        self.page.announce(f"{done} Record {following.view.number:,}, {following.view.title}" if following else done)

    def _take_back(self) -> None:
        if not self.deck.recent or self._deciding is not None:
            return
        record_id = self.deck.recent[0]
        self.page.change(lambda part: part.take_back(record_id), lambda: self._taken_back(record_id))

    def _taken_back(self, record_id: Id) -> None:
        entry = self.deck.entry(record_id)
        if entry is None or entry.verdict is None:
            self.reload()
            return
        self._opened = None
        self._progress = _moved(self._progress, entry.verdict, None)
        self.deck.take_back(record_id)
        self._moved_on()
        self.page.workspace.say("Taken back. The record waits for your decision again.")
        self.page.announce(f"Taken back. Record {entry.view.number:,}, {entry.view.title}")

    def _moved_on(self) -> None:
        """After a change of one's own; what is being read meanwhile may not know of it."""
        self._is_stale = True
        if self._is_reading:
            self.reload()
        self._show()

    def _keep_note(self, text: str) -> None:
        entry = self.deck.current()
        if entry is not None:
            record = entry.id
            self.page.change(lambda part: part.set_note(record, text), lambda: self.deck.note(record, text.strip()))

    def _add_reason(self, text: str) -> None:
        stage = Stage.TITLE_ABSTRACT if self.state is None else self.state.setting.stage
        self.page.write(lambda s: s.protocol.add_reason(stage, text)).run()

    # leaving

    @override
    def leave(self) -> None:
        self.side.note.commit()

    @override
    def is_at_rest(self) -> bool:
        return not self.side.note.is_changed()


def _moved(progress: Progress, old: Verdict | None, new: Verdict | None) -> Progress:
    """Progress after a decision changed from `old` to `new` (None: no decision)."""
    fields = {Verdict.INCLUDE: "included", Verdict.MAYBE: "maybe", Verdict.EXCLUDE: "excluded"}
    counts = {name: getattr(progress, name) for name in fields.values()}
    if old is not None:
        counts[fields[old]] -= 1
    if new is not None:
        counts[fields[new]] += 1
    return replace(progress, done=sum(counts.values()), **counts)


def _recent_row(entry: Entry) -> ListRow:
    assert entry.verdict is not None
    parts = [Part(words.WORDS[entry.verdict], words.TONES[entry.verdict])]
    if entry.reason or entry.note:
        parts.append(Part(entry.reason or f"“{entry.note}”"))
    return ListRow(entry.id, entry.view.title, tuple(parts))
