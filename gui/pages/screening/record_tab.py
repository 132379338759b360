"""What the tabs share on which one decides on records: the card, the bar below it, the panel beside it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QScrollBar
from typing_extensions import override

from core.language import figure, inside, tr
from core.model import Id, Verdict
from core.session.protocol import Reason
from core.session.screening import Progress
from gui import theme
from gui.explaining import explain
from gui.pages.screening import words
from gui.pages.screening.bar import CARD_WIDTH, DecisionBar, ProgressLine
from gui.pages.screening.deck import Entry
from gui.pages.screening.reading import Setting
from gui.pages.screening.side import SidePanel, centred
from gui.pages.screening.tab import JudgingTab
from gui.widgets.marks import Tone
from gui.widgets.panes import Scroll, Surface, column
from gui.widgets.record_card import RecordCard

if TYPE_CHECKING:
    from gui.pages.screening.judging import JudgingPage


LARGE_FROM = 1500
TINY_BELOW = 960


class RecordTab(JudgingTab):
    """Decides on one record after the other. Subclasses know which record is next."""

    narrow_below = 1200
    """Window width below which note and undo are icons only."""

    def __init__(self, page: JudgingPage, line: ProgressLine, bar: DecisionBar, side: SidePanel) -> None:
        super().__init__(page)
        self.line = line
        self.bar = bar
        self.side = side
        self.card = RecordCard(object_name=f"{page.ID}.card")
        explain(self.card, "decision" if page.ID == "screening" else "report")
        self.setting: Setting | None = None
        self._deciding: Id | None = None
        self._unkept: dict[Id, str] = {}
        self._is_tiny = False
        self._scroll = Scroll(centred(self.card, CARD_WIDTH, (24, 20, 24, 20)))
        self.work = Surface("surface")
        self.work.setLayout(column(self._scroll, self.bar, spacing=0))
        side.reasons.chosen.connect(self._exclude_for)
        side.reasons.added.connect(self._add_reason)
        side.note.written.connect(self._keep_note)
        side.note.left.connect(page.give_focus_back)
        side.eligibility.protocol_wanted.connect(lambda: page.workspace.go("protocol", tab="question"))

    # for subclasses

    def entry(self) -> Entry | None:
        """The record one is at."""
        raise NotImplementedError

    def last_decided(self) -> Id | None:
        """The record one decided on last."""
        raise NotImplementedError

    def decided(self, entry: Entry, verdict: Verdict, reason: Reason | None) -> None:
        """A decision has been kept."""
        raise NotImplementedError

    def taken_back(self, record_id: Id) -> None:
        """A decision has been taken back."""
        raise NotImplementedError

    def noted(self, record_id: Id, text: str) -> None:
        """A note has been kept."""
        raise NotImplementedError

    def can_step(self, by: int) -> bool:
        """Whether there is a record before (-1) or after (1)."""
        raise NotImplementedError

    def step(self, by: int) -> None:
        """Go to the record before or after."""
        raise NotImplementedError

    # showing

    def fit(self, window: int) -> None:
        """Give way in a narrow window, and where large type makes a wide one narrow: the panel only when asked for."""
        tiny = window < theme.scaled(TINY_BELOW)
        if tiny != self._is_tiny:
            self._is_tiny = tiny
            self.side.setVisible(not tiny)
        self.line.set_narrow(tiny, tight=window < theme.scaled(self.narrow_below))
        self.card.set_large(window >= theme.scaled(LARGE_FROM))
        self.bar.set_narrow(window < theme.scaled(self.narrow_below))

    def show_setting(self, setting: Setting) -> None:
        """Take over protocol, team and rights."""
        self.setting = setting
        self._deciding = None
        self.card.set_terms(setting.terms)
        self.side.show_setting(setting)
        self.page.settle_in(setting)

    def show_entry(self, entry: Entry | None) -> None:
        """Show a record with what one decided on it."""
        self.card.show_record(entry.view if entry else None)
        self.bar.show_verdict(entry.verdict if entry else None)
        self.side.reasons.show_choice(entry.reason_id if entry else None, enabled=self.can("exclude"))
        if not (self.side.note.hasFocus() and self.side.note.is_changed()):
            self.side.note.show_note(entry.note if entry else "")
            if entry is not None and entry.id in self._unkept:
                self.side.note.show_unkept(self._unkept[entry.id])
        if entry is not None and entry.verdict is not None:
            self.card.show_state(
                tr("You: {verdict}", verdict=inside(words.WORDS[entry.verdict])), words.TONES[entry.verdict]
            )
        else:
            self.card.show_state("", Tone.NEUTRAL)
        self.lay_out_now()
        self._scroll.verticalScrollBar().setValue(0)

    def scroll_bar(self) -> QScrollBar:
        """Where the record is scrolled."""
        return self._scroll.verticalScrollBar()

    # what the page's actions ask

    @override
    def can(self, what: str) -> bool:
        entry = self.entry() if self.setting is not None else None
        judging = entry is not None and self.setting is not None and self.setting.may_judge
        if what.startswith("reason_"):
            return judging and self._reason(int(what[7:])) is not None
        conditions: dict[str, Callable[[], bool]] = {
            **dict.fromkeys(("up", "down", "page_up", "page_down"), lambda: entry is not None),
            "take_back": lambda: self.last_decided() is not None,
            "previous": lambda: self.can_step(-1),
            "next": lambda: self.can_step(1),
            "doi": lambda: entry is not None and bool(entry.view.doi),
            "highlights": lambda: entry is not None,
            "panel": lambda: entry is not None,
        }
        return conditions.get(what, lambda: judging)()

    @override
    def do(self, what: str) -> None:
        if what.startswith("reason_"):
            self._exclude_for(int(what[7:]))
            return
        if what in ("up", "down", "page_up", "page_down"):
            self.scroll_record(self._scroll, what)
            return
        handlers: dict[str, Callable[[], object]] = {
            "include": lambda: self.decide(Verdict.INCLUDE),
            "maybe": lambda: self.decide(Verdict.MAYBE),
            "exclude": self.exclude,
            "note": self._write_note,
            "take_back": self._take_back,
            "previous": lambda: self.step(-1),
            "next": lambda: self.step(1),
            "doi": self.card.open_doi,
            "highlights": lambda: self.card.abstract.set_shows_marks(not self.card.abstract.shows_marks()),
            "panel": lambda: self.side.setVisible(self.side.isHidden()),
        }
        handlers[what]()

    def _write_note(self) -> None:
        self.side.setVisible(True)
        self.side.note.setFocus(Qt.FocusReason.ShortcutFocusReason)

    # deciding

    def exclude(self) -> None:
        """Exclude without a reason."""
        self.decide(Verdict.EXCLUDE)

    def _reason(self, number: int) -> Reason | None:
        return self.setting.reason(number) if self.setting is not None else None

    def _exclude_for(self, number: int) -> None:
        reason = self._reason(number)
        if reason is not None:
            self.decide(Verdict.EXCLUDE, reason)

    def decide(self, verdict: Verdict, reason: Reason | None = None) -> None:
        """Keep a decision; the next record shows once it is kept. A second key meanwhile decides nothing."""
        entry = self.entry()
        self.bar.show_verdict(entry.verdict if entry else None)  # a click has toggled the button already
        if entry is None or self._deciding == entry.id:
            return
        self._deciding = entry.id
        self.side.note.commit()
        reason_id = reason.id if reason else None
        self.page.change(
            lambda part: part.decide(entry.id, verdict, reason_id),
            lambda: self._decided(entry, verdict, reason),
            tr("saving the decision"),
        )

    def _decided(self, entry: Entry, verdict: Verdict, reason: Reason | None) -> None:
        self._deciding = None
        self.decided(entry, verdict, reason)
        done = words.done_sentence(verdict, reason.text if reason else "")
        following = self.entry()
        if following is not None and following.id != entry.id:
            self.page.announce(
                tr(
                    "{done} Record {number}, {title}",
                    done=done,
                    number=figure(following.view.number),
                    title=following.view.title,
                )
            )
        else:
            self.page.announce(done)

    def _take_back(self) -> None:
        record_id = self.last_decided()
        if record_id is not None and self._deciding is None:
            self.page.change(lambda part: part.take_back(record_id), lambda: self._taken_back(record_id))

    def _taken_back(self, record_id: Id) -> None:
        self.taken_back(record_id)
        self.page.workspace.say(tr("Taken back. The record waits for your decision again."))
        self.page.announce(tr("Taken back."))

    def _keep_note(self, text: str) -> None:
        entry = self.entry()
        if entry is not None:
            record = entry.id
            # Until it is in the file it is here: a full disk must not cost what was written.
            self._unkept[record] = text
            self.page.change(lambda part: part.set_note(record, text), lambda: self._note_is_kept(record, text))

    def _note_is_kept(self, record: Id, text: str) -> None:
        if self._unkept.get(record) == text:
            del self._unkept[record]
        self.noted(record, text.strip())

    def _add_reason(self, text: str) -> None:
        if self.setting is not None:
            stage = self.setting.stage
            self.page.write(lambda s: s.protocol.add_reason(stage, text)).run()

    # leaving

    @override
    def leave(self) -> None:
        self.side.note.commit()

    @override
    def is_at_rest(self) -> bool:
        return not self.side.note.is_changed()


def moved(progress: Progress, old: Verdict | None, new: Verdict | None) -> Progress:
    """Progress after a decision changed from `old` to `new` (None: no decision)."""
    counts = {"included": progress.included, "maybe": progress.maybe, "excluded": progress.excluded}
    fields = {Verdict.INCLUDE: "included", Verdict.MAYBE: "maybe", Verdict.EXCLUDE: "excluded"}
    if old is not None:
        counts[fields[old]] -= 1
    if new is not None:
        counts[fields[new]] += 1
    return replace(progress, done=sum(counts.values()), **counts)
