"""A review of another program that has been dropped or opened: what was read, whether its numbers match, and the way
to a Copse review of it. Nothing is written until that is asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QStackedWidget, QWidget
from typing_extensions import override

from core.errors import CopseError
from core.language import figure, said, tr
from gui import errors, theme
from gui.operations import Background
from gui.pages.base import Ask
from gui.revman import work
from gui.revman.arrival_form import OWN_NAME, ArrivalForm
from gui.revman.contents_view import ContentsView, RemarksView
from gui.revman.study_columns import study_columns
from gui.revman.verification_view import DifferencesView, VerificationCard, lines, sentence
from gui.settings import Settings
from gui.theme import Type
from gui.widgets.buttons import Button, Kind
from gui.widgets.column_meanings import ColumnMeanings
from gui.widgets.labels import Label
from gui.widgets.marks import ProgressBar
from gui.widgets.messages import Choice, EmptyState, Level, Message, MessageArea
from gui.widgets.panes import PageHeader, Scroll, Surface, Tab, column, row

if TYPE_CHECKING:
    from core.interchange.verify import Verification

T = TypeVar("T")
CONTENTS, CHECK, REMARKS = "contents", "check", "remarks"
_PANEL = 380


_LEAVING: set[ArrivalPage] = set()
"""Pages that were left while something was under way: they go when it has ended, and nobody waits for it."""


class ArrivalPage(Surface):
    """See the module. Esc or Cancel asks to be left; `made` hands over the review, and what came of the check (None
    while that is not known)."""

    left = Signal()
    made = Signal(object, object)
    _progressed = Signal(float)
    _placing = Signal(str, float)

    def __init__(self, path: Path, settings: Settings, ask: Ask, parent: QWidget | None = None) -> None:
        super().__init__("surface", parent=parent)
        self.path = path
        self.failed = False
        self.is_making = False
        self._settings = settings
        self._arrived: work.Arrived | None = None
        self._verification: Verification | None = None
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
        self.messages = MessageArea()
        self.contents = ContentsView()
        self.differences = DifferencesView()
        self.remarks = RemarksView()
        self.card = VerificationCard()
        self.form = ArrivalForm(ask)
        self._placed = Label("", Type.SMALL, "muted", wrap=True)
        self._placed_bar = ProgressBar(name=tr("Making the review"))
        for name in ("cancel", "open"):
            getattr(self, name).setObjectName(f"arrival.{name}")
        self._lay_out()
        self._connect()
        self.form.begin(path, settings.text(OWN_NAME))

    def _connect(self) -> None:
        self.cancel.clicked.connect(self.left)
        self.open.clicked.connect(self._adopt)
        self.form.submitted.connect(self._adopt)
        self.header.tabs.chosen.connect(self._bring)
        self.card.details_wanted.connect(lambda: self.header.tabs.set_current(CHECK))
        self._progressed.connect(self.card.show_progress, Qt.ConnectionType.QueuedConnection)
        self._placing.connect(self._show_placing, Qt.ConnectionType.QueuedConnection)

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
        making = column(self._placed, self._placed_bar, spacing=6)
        for part in (self._placed, self._placed_bar):
            part.hide()
        content.setLayout(column(self.card, self.form, kept, making, None, spacing=20, margins=(16, 16, 16, 16)))
        self._side = side = Surface("sunken", "left")
        side.setLayout(column(Scroll(content), spacing=0))
        middle = row(self._stack, side, spacing=0)
        middle.setStretch(0, 1)
        self.header.add(self.cancel, self.open)
        box = column(self.header, self.messages, spacing=0)
        box.addLayout(middle, 1)
        self.setLayout(box)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        # Large text in a narrow window: what was read keeps more than half.
        self._side.setFixedWidth(min(theme.scaled(_PANEL), self.width() * 45 // 100))
        super().resizeEvent(event)

    def take_focus(self) -> None:
        """Put the focus where one goes on: on one's name, or on the way back when there is nothing to open."""
        target = self.form.name if self.form.isVisible() and self._arrived is not None else self.cancel
        target.setFocus(Qt.FocusReason.OtherFocusReason)

    def announce(self, text: str) -> None:
        """Let a screen reader say `text`."""
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, text))

    # reading and checking

    def start(self) -> None:
        """Begin to read."""
        self._run(self._reading, lambda: work.read(self.path), self._take, self._refused)

    def _run(
        self,
        worker: Background,
        job: Callable[[], T],
        done: Callable[[T], None],
        failed: Callable[[BaseException], None],
        unwanted: Callable[[T], None] = lambda _value: None,
    ) -> None:
        """Do `job` on the worker; once the page is left, what comes of it goes to `unwanted` or nowhere."""

        def came(value: T) -> None:
            (unwanted if self._stop.is_set() else done)(value)
            self._go_if_left()

        def broke(error: BaseException) -> None:
            if not self._stop.is_set():
                failed(error)
            self._go_if_left()

        worker.run(job, came, broke)

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
        self._run(self._reading, lambda: work.read_table(asked, targets), show, refused)

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
        if self.isVisible():
            self.take_focus()
        self.card.show_progress(0.0)

        def check() -> Verification:
            from core.interchange.verify import verify

            return verify(file, self._progressed.emit, self._stop.is_set)

        self._run(self._checking, check, self._show_check, self._check_failed)

    def _refused(self, error: BaseException) -> None:
        self.failed = True
        for part in (self.card, self.form, self.header.tabs, self._side):
            part.hide()
        self.open.hide()
        reason = error.message if isinstance(error, CopseError) else ""
        self._waiting.show_state("circle-x", "danger", tr("{name} was not read", name=self.path.name), reason)
        if not reason:
            errors.present(error, self, tr("reading the file"))
        self.announce(reason)
        self.take_focus()

    def refusal(self) -> str:
        """Why the file was not read; "" when it was, or is being read."""
        return self._waiting.text.text() if self.failed else ""

    @property
    def is_checked(self) -> bool:
        """Whether it is known if the numbers match."""
        return self._verification is not None

    def _show_check(self, verification: Verification) -> None:
        self._verification = verification
        self.card.show_verification(verification)
        self.differences.show_verification(verification)
        number = len(lines(verification))
        self.header.tabs.set_count(CHECK, figure(number) if number else "")
        self.announce(sentence(verification))
        self._run(self._checking, work.get_ready, lambda _: None, lambda _: None)

    def _check_failed(self, error: BaseException) -> None:
        self.card.hide()
        errors.present(error, self, tr("checking the numbers"))

    def _bring(self, tab: str) -> None:
        if self._arrived is not None:
            self._stack.setCurrentIndex((CONTENTS, CHECK, REMARKS).index(tab) + 1)

    # making the review

    def _adopt(self) -> None:
        arrived, target = self._arrived, self.form.target
        if arrived is None or self.is_making:
            return
        names = self.form.names()
        if names is None:
            return
        self._settings.set_text(OWN_NAME, names[0])
        self.messages.clear()
        self._set_making(True)
        self._run(
            self._reading,
            lambda: work.adopt(target, arrived, names, self._placing.emit, self._stop.is_set),
            lambda review: self.made.emit(review, self._verification),
            self._not_made,
            work.discard,
        )

    def _set_making(self, making: bool) -> None:
        self.is_making = making
        self.open.set_loading(making)
        self.open.setEnabled(not making)
        self.form.setEnabled(not making)
        self._placed.setText(tr("Making the review…"))
        self._placed_bar.set_share(0)
        for part in (self._placed, self._placed_bar):
            part.setVisible(making)

    def _show_placing(self, what: str, share: float) -> None:
        self._placed.setText(f"{said(what)}…")
        self._placed_bar.set_share(share)

    def _not_made(self, error: BaseException) -> None:
        self._set_making(False)
        if not isinstance(error, CopseError):
            errors.present(error, self, tr("making the review"))
            return
        message = self.show_message(error.message, Level.DANGER, ((tr("Choose another place"), self._elsewhere),))
        message.buttons[0].setFocus(Qt.FocusReason.OtherFocusReason)
        self.announce(error.message)

    def _elsewhere(self) -> None:
        if self.form.choose_place():
            self._adopt()

    # leaving

    def close_page(self) -> None:
        """Stop what is under way, without waiting for it; the page goes when it has ended."""
        self._stop.set()
        self.hide()
        self.setParent(None)
        _LEAVING.add(self)
        self._go_if_left()

    def _go_if_left(self) -> None:
        if self in _LEAVING and not self._reading.is_busy and not self._checking.is_busy:
            _LEAVING.discard(self)
            self._reading.close()
            self._checking.close()
            self.deleteLater()

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
