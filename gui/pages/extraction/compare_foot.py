"""Below the comparison: where each answer came from, a note, and the buttons that settle."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from core.language import inside, tr
from core.model import Reviewer
from core.store.queries.extraction import EntryView
from gui import theme
from gui.explaining import explain
from gui.pages.extraction.compare_delegate import soft_of
from gui.pages.extraction.compare_lines import CompareLine
from gui.pages.extraction.parts import KeptEdit, turn
from gui.pages.extraction.reading import CellKey, Team
from gui.pages.extraction.words import STATUSES
from gui.pages.screening.side import clear
from gui.pages.screening.words import first_name, listed
from gui.theme import Type
from gui.widgets.buttons import Button, Kind
from gui.widgets.labels import ElidedLabel, Label
from gui.widgets.marks import Avatar, reviewer_ink
from gui.widgets.messages import Glyph
from gui.widgets.panes import Surface, column, row

if TYPE_CHECKING:
    from gui.pages.extraction.page import ExtractionPage

_KEYS = ("Left", "Right")
_KEY_NAMES = ("←", "→")
_PLACES = ("left", "right")
_ONE_LINE_FROM = 860
_ONE_ROW_FROM = 620
_TAKES_IN_ONE_ROW_FROM = 440


class Source(QWidget):
    """Where one reviewer found the value, on their tint."""

    def __init__(self, who: Reviewer) -> None:
        super().__init__()
        self._soft = soft_of(reviewer_ink(who.position))
        self.text = ElidedLabel("", Type.BODY)
        self.setFixedHeight(theme.scaled(28))
        self.setLayout(row(self.text, margins=(10, 0, 10, 0)))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color(self._soft))
        painter.drawRoundedRect(QRectF(self.rect()), 5, 5)
        painter.end()


class CompareFoot(Surface):
    """See the module. `taken(place)` takes the answer of that column."""

    taken = Signal(int)
    own_wanted = Signal()

    def __init__(self, page: ExtractionPage) -> None:
        super().__init__("sunken", "top")
        self._page = page
        self._reviewers: tuple[Reviewer, ...] = ()
        self._sources: list[Source] = []
        self._takes: list[Button] = []
        self._shown: CellKey | None = None
        self._title = ElidedLabel("", Type.SMALL_STRONG, "muted")
        self._sources_box = column(spacing=6)
        self.note = KeptEdit(tr("Note for the record, optional"), tr("Note for the record"), "compare.note")
        self._takes_box = row(spacing=8)
        self.own = Button(tr("Another value"))
        self.own.setObjectName("compare.own")
        explain(self, "settlement")
        self.own.setToolTip(tr("Type a value of your own (F2)"))
        self.own.clicked.connect(self.own_wanted)
        self.unsettle = page.registry.button("extraction.unsettle", Kind.QUIET)
        self.unsettle.setObjectName("compare.unsettle")
        self._sign = Glyph("circle-x", "danger", 14)
        self.message = Label("", Type.SMALL, "danger", wrap=True)
        self.message.setObjectName("compare.message")
        self._said = QWidget()
        self._said.setLayout(row(self._sign, self.message, spacing=6))
        self._said.hide()
        self._why = Label("", Type.SMALL, "muted", wrap=True)
        self._why.setObjectName("compare.why")
        self._tools = QWidget()
        self._buttons = row(spacing=8)
        self._buttons.addLayout(self._takes_box)
        self._buttons.addLayout(row(self.own, self.unsettle, None, spacing=8))
        self._line = row(spacing=8)
        self._line.addWidget(self.note, 1)
        self._line.addLayout(self._buttons)
        self._tools.setLayout(self._line)
        parts = (self._title, self._sources_box, self._said, self._tools, self._why)
        self.setLayout(column(*parts, spacing=8, margins=(16, 10, 16, 12)))

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        turn(self._takes_box, wide=self.width() >= theme.scaled(_TAKES_IN_ONE_ROW_FROM))
        turn(self._line, wide=self.width() >= theme.scaled(_ONE_LINE_FROM))
        turn(self._buttons, wide=self.width() >= theme.scaled(_ONE_ROW_FROM))
        super().resizeEvent(event)

    def note_text(self) -> str:
        """The note to keep with what is settled."""
        return self.note.text().strip()

    def say(self, text: str, *, wrong: bool = False) -> None:
        """Say why something was refused, or what is unlikely; "" when all is well."""
        self._said.setVisible(bool(text))
        ink = "danger" if wrong else "warn"
        self._sign.set("circle-x" if wrong else "triangle-alert", ink)
        self.message.set_ink(ink)
        self.message.setText(text)

    def show_line(self, line: CompareLine, reviewers: tuple[Reviewer, ...], team: Team) -> None:
        """Show where the answers of a line came from, and what can be done with it."""
        assert line.row is not None
        self._set_reviewers(reviewers)
        self._title.setText(tr("Where “{field}” came from", field=line.title))
        if line.key != self._shown:
            self._shown = line.key
            self.note.give_up()
        self.note.show_text(line.row.consensus.note if line.row.consensus is not None else "")
        for place, who in enumerate(reviewers):
            entry = line.entry_of(who)
            self._sources[place].text.setText(_source(entry))
            button = self._takes[place]
            name = first_name(who.name)
            button.set_label(tr("Use {name}’s", name=name) if entry else tr("{name}: no answer", name=name))
            tip = tr("Settle as {answer} ({key})", answer=line.answer(who), key=_KEY_NAMES[min(place, 1)])
            button.setToolTip(tip if place < len(_KEYS) else "")
            button.setEnabled(entry is not None)
        self._tools.setVisible(team.may_settle)
        settlers = listed([first_name(each.name) for each in team.settlers])
        self._why.setVisible(not team.may_settle)
        self._why.setText(
            tr(
                "Differences are settled by {settlers}. You see all answers because all have finished.",
                settlers=settlers,
            )
        )

    def _set_reviewers(self, reviewers: Sequence[Reviewer]) -> None:
        if tuple(reviewers) == self._reviewers:
            return
        self._reviewers = tuple(reviewers)
        for box in (self._sources_box, self._takes_box):
            clear(box)
        self._sources, self._takes = [], []
        for place, who in enumerate(reviewers):
            source = Source(who)
            avatar = Avatar(who.name, who.initials, who.position, adjudicator=who.is_adjudicator)
            holder = QWidget()
            line = row(avatar, source, spacing=8)
            line.setStretch(1, 1)
            holder.setLayout(line)
            self._sources.append(source)
            self._sources_box.addWidget(holder)
            button = Button("", key=_KEYS[place] if place < len(_KEYS) else "")
            button.setObjectName(
                f"compare.take_{_PLACES[place]}" if place < len(_PLACES) else f"compare.take.{place + 1}"
            )
            button.clicked.connect(lambda _checked=False, place=place: self.taken.emit(place))
            self._takes.append(button)
            self._takes_box.addWidget(button)


def _source(entry: EntryView | None) -> str:
    if entry is None:
        return tr("No answer")
    found = entry.source or tr("No source given")
    return ", ".join(filter(None, (found, inside(STATUSES[entry.status]), entry.note)))
