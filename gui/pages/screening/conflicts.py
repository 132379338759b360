"""The Conflicts tab: what the reviewers differ on, and settling it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QStackedWidget, QWidget
from typing_extensions import override

from core.language import figure, tr
from core.model import Id, Stage, Verdict
from core.session.protocol import Reason
from gui import theme
from gui.explaining import explain
from gui.pages.screening import reading
from gui.pages.screening.empty import Place, all_settled, no_conflicts
from gui.pages.screening.lists import ListRow, Part, RowList, list_width
from gui.pages.screening.reading import Conflicted, Setting
from gui.pages.screening.side import Reading
from gui.pages.screening.tab import LIST_KEYS, JudgingTab
from gui.pages.screening.verdicts import VerdictCards
from gui.pages.screening.words import TONES, WORDS, done_sentence, first_name, listed
from gui.theme import Type
from gui.widgets.buttons import Kind
from gui.widgets.fields import Combo, LineEdit, SegmentedControl
from gui.widgets.labels import Label
from gui.widgets.panes import Scroll, Surface, column, row
from gui.widgets.record_card import RecordCard

if TYPE_CHECKING:
    from core.review import Session
    from gui.pages.screening.judging import JudgingPage

_CARD_WIDTH = 860


@dataclass(frozen=True)
class ConflictsState:
    """What the tab shows: the records of one of its two lists, and how many there are in each."""

    setting: Setting
    listed: tuple[Conflicted, ...]
    to_settle: int
    settled: int


def read_conflicts_state(session: Session, part_of: reading.PartOf, which: str) -> ConflictsState:
    """The conflicts to settle, or those settled; none of either while they are hidden from this reviewer."""
    part = part_of(session)
    setting = reading.read_setting(session, part)
    waiting = part.conflicts()
    settled = [] if setting.is_blinded else part.settled()
    ids = waiting if which == "open" else settled
    return ConflictsState(setting, tuple(reading.read_conflicts(session, part, ids)), len(waiting), len(settled))


class ConflictsTab(JudgingTab):
    """A list at the left, the record with all verdicts at the right, the decision below."""

    def __init__(self, page: JudgingPage, go_on: Callable[[], None] | None = None) -> None:
        super().__init__(page)
        self.state: ConflictsState | None = None
        self._go_on = go_on
        self._items: dict[Id, Conflicted] = {}
        self._settling = False
        self._settled_last: Id | None = None
        self._reading = 0
        self.which = SegmentedControl((("open", tr("To settle")), ("settled", tr("Settled"))), tr("Which conflicts"))
        self.which.setObjectName("conflicts.which")
        explain(self, "conflict")
        self.count = Label("", Type.SMALL, "muted")
        self.list = RowList(tr("Conflicts"), "conflicts.list")
        self.card = RecordCard(object_name="conflicts.card", compact=True)
        self.verdicts = VerdictCards()
        self.card.between.addWidget(self.verdicts)
        self.bar = SettleBar(page)
        self._lay_out()
        self.which.chosen.connect(lambda _which: self.reload())
        self.list.row_chosen.connect(lambda _row: self._show_chosen())

    def _lay_out(self) -> None:
        head = column(row(self.which, None), self.count, spacing=6, margins=(14, 10, 14, 10))
        self._left = Surface("sunken", "right")
        self._left.setLayout(column(head, self.list, spacing=0, margins=(0, 0, 1, 0)))
        holder = Reading()
        line = row(spacing=0, margins=(24, 16, 24, 20))
        self.card.setMaximumWidth(theme.scaled(_CARD_WIDTH))
        line.addWidget(self.card, 1000)
        line.addStretch(1)
        holder.setLayout(line)
        self._scroll = Scroll(holder)
        detail = column(self._scroll, self.bar, spacing=0)
        self._right = Surface("surface")
        self._right.setLayout(detail)
        self._detail = QStackedWidget()
        self._empty = Place()
        self._detail.addWidget(self._right)
        self._detail.addWidget(self._empty)
        box = row(self._left, self._detail, spacing=0)
        box.setStretch(1, 1)
        self.setLayout(box)
        self.setVisible(False)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        self._left.setFixedWidth(list_width(self.window().width()))
        super().resizeEvent(event)

    @override
    def panes(self) -> list[QWidget]:
        return [self._left, self._right] if self._detail.currentWidget() is self._right else [self._left]

    # reading

    @override
    def reload(self) -> None:
        self._reading += 1
        number, which, part_of = self._reading, self.which.current(), self.page.part_of
        call = self.page.read(lambda s: read_conflicts_state(s, part_of, which))
        call.done(lambda state: self._take(state) if number == self._reading else None).run()

    def _take(self, state: ConflictsState) -> None:
        self.state = state
        self._settling = False
        self._items = {item.view.id: item for item in state.listed}
        self.card.set_terms(state.setting.terms)
        self.bar.show_setting(state.setting)
        self.page.settle_in(state.setting)
        self._show_list([_list_row(item, state.setting) for item in state.listed])

    def _show_list(self, rows: Sequence[ListRow]) -> None:
        assert self.state is not None
        place = self.list.currentIndex().row()
        self.list.set_rows(rows)
        if self._settled_last is not None and self.which.current() == "open":
            # What was settled last is in conflict again: settling it was undone.
            self.list.choose_id(self._settled_last)
        hidden = self.state.setting.is_blinded and not self.state.to_settle
        self._left.setVisible(not hidden and bool(self.state.to_settle or self.state.settled))
        self.count.setText(
            tr(
                "{to_settle} to settle, {settled} settled",
                to_settle=figure(self.state.to_settle),
                settled=figure(self.state.settled),
            )
        )
        self.page.show_conflict_count(None if hidden else self.state.to_settle)
        if rows and self.list.chosen_id() is None:
            self.list.choose(min(max(place, 0), len(rows) - 1))
        self._show_chosen()

    def _show_chosen(self) -> None:
        chosen = self.list.chosen_id()
        item = self._items.get(chosen) if chosen is not None else None
        if self.state is None:
            return
        if item is None:
            self._show_none(self.state)
        else:
            self._detail.setCurrentWidget(self._right)
            self.card.show_record(item.view)
            self.verdicts.show_verdicts(item, self.state.setting)
            self.bar.show_item(item)
            self.lay_out_now()
            self._scroll.verticalScrollBar().setValue(0)
        self.page.registry.refresh()

    def _show_none(self, state: ConflictsState) -> None:
        if state.setting.came_settled and not state.settled:
            self._empty.say(all_settled(self.page, state.setting))
        else:
            self._empty.say(no_conflicts(state.setting, self._go_on, state.settled))
        self._detail.setCurrentWidget(self._empty)

    # what the page's actions ask

    def _item(self) -> Conflicted | None:
        chosen = self.list.chosen_id()
        return self._items.get(chosen) if chosen is not None else None

    @override
    def can(self, what: str) -> bool:
        what = LIST_KEYS.get(what, what)
        item = self._item()
        if self.state is None or item is None:
            return False
        may = self.state.setting.may_settle
        if what.startswith("reason_"):
            return may and self.state.setting.reason(int(what[7:])) is not None
        conditions: dict[str, Callable[[], bool]] = {
            "include": lambda: may,
            "exclude": lambda: may,
            "note": lambda: may,
            "previous": lambda: self.list.currentIndex().row() > 0,
            "next": lambda: self.list.currentIndex().row() < self.list.count() - 1,
            "doi": lambda: bool(item.view.doi),
            "page_up": lambda: True,
            "page_down": lambda: True,
            "highlights": lambda: True,
        }
        return what in conditions and conditions[what]()

    @override
    def do(self, what: str) -> None:
        what = LIST_KEYS.get(what, what)
        if self.state is None:
            return
        if what.startswith("reason_"):
            reason = self.state.setting.reason(int(what[7:]))
            self._settle(Verdict.EXCLUDE, reason)
            return
        handlers: dict[str, Callable[[], object]] = {
            "include": lambda: self._settle(Verdict.INCLUDE, None),
            "exclude": self._exclude,
            "note": lambda: self.bar.note.setFocus(Qt.FocusReason.ShortcutFocusReason),
            "previous": lambda: self.list.step(-1),
            "next": lambda: self.list.step(1),
            "doi": self.card.open_doi,
            "page_up": lambda: self.scroll_record(self._scroll, what),
            "page_down": lambda: self.scroll_record(self._scroll, what),
            "highlights": lambda: self.card.abstract.set_shows_marks(not self.card.abstract.shows_marks()),
        }
        handlers[what]()

    # settling

    def _exclude(self) -> None:
        """Exclude for the reason that is chosen; at full text one has to be chosen."""
        assert self.state is not None
        reason = self.bar.reason(self.state.setting)
        if reason is None and self.state.setting.stage is Stage.FULL_TEXT:
            self.bar.reasons.showPopup()
            return
        self._settle(Verdict.EXCLUDE, reason)

    def _settle(self, verdict: Verdict, reason: Reason | None) -> None:
        item = self._item()
        if item is None or self._settling:
            return
        self._settling = True
        record, note, reason_id = item.view.id, self.bar.note.text(), reason.id if reason else None
        self.page.change(
            lambda part: part.resolve(record, verdict, reason_id, note),
            lambda: self._settled(record, verdict, reason),
            tr("settling the conflict"),
        )

    def _settled(self, record_id: Id, verdict: Verdict, reason: Reason | None) -> None:
        self._settled_last = record_id
        text = tr("Settled. {decision}", decision=done_sentence(verdict, reason.text if reason else ""))
        self.page.workspace.say(text, undo=True)
        self.page.announce(text)
        self.page.give_focus_back()
        self.reload()


class SettleBar(Surface):
    """Include or exclude with a reason and a note; for others, who settles."""

    def __init__(self, page: JudgingPage) -> None:
        super().__init__("surface", "top")
        self.setFixedHeight(theme.scaled(64))
        self.setAccessibleName(tr("Settle"))
        explain(self, "resolution")
        self.include = page.registry.button(f"{page.ID}.include", Kind.INCLUDE)
        self.exclude = page.registry.button(f"{page.ID}.exclude", Kind.EXCLUDE)
        self.include.setObjectName("conflicts.include")
        self.exclude.setObjectName("conflicts.exclude")
        self.reasons = Combo((), tr("Reason for exclusion"))
        self.reasons.setObjectName("conflicts.reason")
        explain(self.reasons, "reason")
        self.note = LineEdit(tr("Why? Optional, all reviewers will see it"), tr("Note on settling"))
        self.note.setObjectName("conflicts.note")
        self.note.returnPressed.connect(page.give_focus_back)
        self._controls = QWidget()
        controls = row(self.include, self.exclude, self.reasons, self.note)
        controls.setStretch(2, 3)
        controls.setStretch(3, 4)
        self._controls.setLayout(controls)
        self._explanation = Label("", Type.BODY, "muted", wrap=True)
        self.setLayout(column(self._controls, self._explanation, margins=(24, 1, 24, 0)))
        self._shown: Id | None = None

    def show_setting(self, setting: Setting) -> None:
        """Offer the reasons of the stage, or say who settles."""
        none = tr("Choose a reason") if setting.stage is Stage.FULL_TEXT else tr("No reason")
        entries = [(f"{each.number}  {each.text}", each.id) for each in setting.reasons]
        self.reasons.set_entries([(none, None), *entries])
        self._controls.setVisible(setting.may_settle)
        self._explanation.setVisible(not setting.may_settle)
        names = listed([first_name(each.name) for each in setting.settlers])
        self._explanation.setText(tr("Conflicts in this review are settled by {names}.", names=names))

    def show_item(self, item: Conflicted) -> None:
        """Start from how it was settled, or from the one reason that was given."""
        if item.view.id == self._shown and item.resolution is None:
            return
        self._shown = item.view.id
        given = {each.reason_id for each in item.decisions if each.verdict is Verdict.EXCLUDE}
        only = next(iter(given)) if len(given) == 1 else None
        settled = item.resolution
        self.reasons.set_value(settled.reason_id if settled and settled.reason_id else only)
        self.note.setText(settled.note if settled else "")
        self.include.setChecked(False)

    def reason(self, setting: Setting) -> Reason | None:
        """The reason that is chosen."""
        return next((each for each in setting.reasons if each.id == self.reasons.value()), None)


def _list_row(item: Conflicted, setting: Setting) -> ListRow:
    parts = [
        Part(WORDS[each.verdict], TONES[each.verdict], setting.person(each.reviewer_id)) for each in item.decisions
    ]
    if item.resolution is not None:
        settled = item.resolution
        parts = [Part(WORDS[settled.verdict], TONES[settled.verdict], setting.person(settled.resolver_id))]
    return ListRow(item.view.id, item.view.title, tuple(parts))
