"""A review of another program that has been dropped or opened: what was read, whether its numbers match, and the way
to a Copse review of it. Nothing is written until that is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QStackedWidget, QWidget
from typing_extensions import override

from core.language import figure, tr
from gui import errors, theme
from gui.operations import Background
from gui.pages.base import Ask
from gui.revman import work
from gui.revman.arrival_form import OWN_NAME, ArrivalForm
from gui.revman.contents_view import ContentsView, RemarksView
from gui.revman.study_columns import study_columns
from gui.revman.verification_view import DifferencesView, VerificationCard, lines
from gui.settings import Settings
from gui.theme import Type
from gui.widgets.buttons import Button, Kind
from gui.widgets.column_meanings import ColumnMeanings
from gui.widgets.labels import Label
from gui.widgets.messages import Choice, EmptyState, Level, Message, MessageArea
from gui.widgets.panes import PageHeader, Scroll, Surface, Tab, column, row

if TYPE_CHECKING:
    from core.interchange.verify import Verification
    from core.review import Review

CONTENTS, CHECK, REMARKS = "contents", "check", "remarks"
_PANEL = 380


class ArrivalPage(Surface):
    """See the module. Esc or Cancel asks to be left; `made` hands over the review."""

    left = Signal()
    made = Signal(object)
    _progressed = Signal(float)

    def __init__(self, path: Path, settings: Settings, ask: Ask, parent: QWidget | None = None) -> None:
        super().__init__("surface", parent=parent)
        self.path = path
        self._settings = settings
        self._arrived: work.Arrived | None = None
        self._stop = Event()
        self.columns: ColumnMeanings | None = None
        self._reading, self._checking = Background(self), Background(self)
        self.setAccessibleName(tr("Open a review of another program"))
        tabs = (Tab(CONTENTS, tr("What was read")), Tab(CHECK, tr("Check")), Tab(REMARKS, tr("Remarks")))
        self.header = PageHeader(tr("Open a review"), tabs)
        self.header.set_fact(path.name)
        self.header.tabs.setObjectName("arrival.tabs")
        self.cancel = Button(tr("Cancel"), kind=Kind.QUIET, key="Esc")
        self.open = Button(tr("Open as a Copse review"), kind=Kind.PRIMARY)
        self.open.setEnabled(False)
        self.header.add(self.cancel, self.open)
        self.messages = MessageArea()
        self.contents = ContentsView()
        self.differences = DifferencesView()
        self.remarks = RemarksView()
        self.card = VerificationCard()
        self.form = ArrivalForm(ask)
        for name in ("cancel", "open"):
            getattr(self, name).setObjectName(f"arrival.{name}")
        self._lay_out()
        self.cancel.clicked.connect(self.left)
        self.open.clicked.connect(self._adopt)
        self.form.submitted.connect(self._adopt)
        self.header.tabs.chosen.connect(self._bring)
        self.card.details_wanted.connect(lambda: self.header.tabs.set_current(CHECK))
        self._progressed.connect(self.card.show_progress, Qt.ConnectionType.QueuedConnection)
        self.form.begin(path, settings.text(OWN_NAME))

    def _lay_out(self) -> None:
        self._stack = QStackedWidget()
        self._waiting = EmptyState("loader", tr("Reading {name}…", name=self.path.name), "")
        for part in (self._waiting, self.contents, self.differences, self.remarks):
            self._stack.addWidget(part)
        kept = Label(
            tr(
                "Your file is not changed. Copse makes a review of its own and keeps the whole file in it, also what "
                "it shows nowhere, so that it can be written back."
            ),
            Type.SMALL,
            "muted",
            wrap=True,
        )
        content = QWidget()
        content.setLayout(column(self.card, self.form, kept, None, spacing=20, margins=(16, 16, 16, 16)))
        side = Surface("sunken", "left")
        side.setLayout(column(Scroll(content), spacing=0))
        side.setFixedWidth(theme.scaled(_PANEL))
        self._side = side
        middle = row(self._stack, side, spacing=0)
        middle.setStretch(0, 1)
        box = column(self.header, self.messages, spacing=0)
        box.addLayout(middle, 1)
        self.setLayout(box)

    # reading

    def start(self) -> None:
        """Begin to read."""
        self._reading.run(lambda: work.read(self.path), self._take, self._refused)

    def _take(self, read: work.Arrived | work.Asked) -> None:
        if isinstance(read, work.Asked):
            self._ask(read)
        else:
            self._show(read)

    def _ask(self, asked: work.Asked) -> None:
        """Let it be said what the columns of a table of studies mean."""
        self.columns = panel = study_columns(asked, self.path.name)
        panel.accepted.connect(lambda targets: self._read_table(asked, panel, targets))
        panel.given_up.connect(self.left)
        self._stack.addWidget(panel)
        self._stack.setCurrentWidget(panel)
        self._side.hide()
        panel.combos[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def _read_table(self, asked: work.Asked, panel: ColumnMeanings, targets: tuple[str, ...]) -> None:
        def show(arrived: work.Arrived) -> None:
            self._side.show()
            self._show(arrived)

        def refused(error: BaseException) -> None:
            panel.setEnabled(True)
            errors.present(error, self, tr("reading the table"))

        panel.setEnabled(False)
        self.messages.clear()
        self._reading.run(lambda: work.read_table(asked, targets), show, refused)

    def _show(self, arrived: work.Arrived) -> None:
        self._arrived = arrived
        file = arrived.file
        self.header.set_fact(file.title or self.path.name)
        self.contents.show_contents(arrived.contents)
        self.remarks.show_remarks(file.remarks)
        self.header.tabs.set_count(REMARKS, figure(len(file.remarks)) if file.remarks else "")
        people = sorted(file.authors, key=lambda person: not person.is_contact)
        self.form.show_authors([person.name for person in people])
        self.open.setEnabled(True)
        self._bring(self.header.tabs.current())
        self.form.name.setFocus(Qt.FocusReason.OtherFocusReason)
        self.card.show_progress(0.0)

        def check() -> Verification:
            from core.interchange.verify import verify

            return verify(file, self._progressed.emit, self._stop.is_set)

        self._checking.run(check, self._show_check, self._check_failed)

    def _refused(self, error: BaseException) -> None:
        self.card.hide()
        self.form.hide()
        self._waiting.title.setText(tr("{name} was not read", name=self.path.name))
        errors.present(error, self, tr("reading the file"))

    def _show_check(self, verification: Verification) -> None:
        self.card.show_verification(verification)
        self.differences.show_verification(verification)
        number = len(lines(verification))
        self.header.tabs.set_count(CHECK, figure(number) if number else "")

    def _check_failed(self, error: BaseException) -> None:
        self.card.hide()
        if not self._stop.is_set():
            errors.present(error, self, tr("checking the numbers"))

    def _bring(self, tab: str) -> None:
        if self._arrived is not None:
            self._stack.setCurrentIndex((CONTENTS, CHECK, REMARKS).index(tab) + 1)

    # making the review

    def _adopt(self) -> None:
        names, arrived, target = self.form.names(), self._arrived, self.form.target
        if names is None or arrived is None or not self.open.isEnabled():
            return
        self._settings.set_text(OWN_NAME, names[0])
        self.messages.clear()
        self.open.setEnabled(False)
        self.open.set_loading(True)
        self._reading.run(lambda: work.adopt(target, arrived, names), self._hand_over, self._not_made)

    def _hand_over(self, review: Review) -> None:
        self.made.emit(review)

    def _not_made(self, error: BaseException) -> None:
        self.open.set_loading(False)
        self.open.setEnabled(True)
        errors.present(error, self, tr("making the review"))

    # leaving

    def close_page(self) -> None:
        """Stop what is under way."""
        self._stop.set()
        self._checking.close()
        self._reading.close()

    def show_message(self, text: str, level: Level = Level.INFO, choices: Sequence[Choice] = ()) -> Message:
        """Say something under the header until it is solved or closed."""
        message = Message(text, level, choices, closable=True)
        self.messages.show_message(message)
        return message

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)
