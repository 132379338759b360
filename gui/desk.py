"""An open review as one reviewer sees it: top bar, rail, pages, status bar.

Switching the reviewer makes a new desk, so that nothing another may see stays behind on screen or in memory.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication, QMenu, QStackedWidget, QWidget

from core.errors import CopseError, FileProblem
from core.language import counted, tr
from core.model import Area, OpResult, Reviewer
from gui import errors
from gui.actions import Registry
from gui.hub import Hub
from gui.operations import Call, Runner
from gui.pages import PageSpec
from gui.pages.base import Ask, Page, Workspace
from gui.settings import Place, Settings
from gui.widgets.marks import Tone
from gui.widgets.messages import Choice, Level, Message
from gui.widgets.panes import column, row
from gui.widgets.rail import Rail, StageProgress
from gui.widgets.status_bar import StatusBar
from gui.widgets.top_bar import Person, TopBar

if TYPE_CHECKING:
    from core.review import MergeReport, Review, Session

_PROGRESS_DELAY_MS = 250


class Desk(QWidget):
    """See the module. `close_desk` must be called before the review is closed."""

    person_wanted = Signal(bytes)
    """Another reviewer wants to work."""

    def __init__(
        self,
        review: Review,
        reviewer: bytes,
        pages: Sequence[PageSpec],
        registry: Registry,
        settings: Settings,
        ask: Ask,
        file_menu: QMenu,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._specs = {spec.id: spec for spec in pages}
        self._pages: dict[str, Page] = {}
        self._visited: list[str] = []
        self._ahead: list[str] = []
        self._trouble = ""
        self._file_is_gone = False
        self._registry = registry
        self._hub = Hub(self)
        self._session = review.session(reviewer)
        self._runner = Runner(self._session, self._hub, self)
        self.workspace = Workspace(
            review, self._session, self._runner, self._hub, registry, settings, ask, self.show_page, self.say
        )
        self.rail = Rail([(s.id, s.title, s.icon, f"Ctrl+{n}") for n, s in enumerate(pages, 1)])
        self.top_bar = TopBar(file_menu)
        self.status_bar = StatusBar()
        self._stack = QStackedWidget()
        self._lay_out()
        self._connect()
        self._progress_timer = QTimer(self)
        self._progress_timer.setSingleShot(True)
        self._progress_timer.setInterval(_PROGRESS_DELAY_MS)
        self._progress_timer.timeout.connect(self._read_progress)
        self._show_people()
        self._show_undo()

    def _lay_out(self) -> None:
        middle = row(self.rail, self._stack, spacing=0)
        middle.setStretch(1, 1)
        box = column(self.top_bar, spacing=0)
        box.addLayout(middle, 1)
        box.addWidget(self.status_bar)
        self.setLayout(box)

    def _connect(self) -> None:
        self.rail.chosen.connect(self.show_page)
        self.top_bar.search_wanted.connect(lambda: self._registry.trigger("go.palette"))
        self.top_bar.undo_wanted.connect(lambda: self._registry.trigger("edit.undo"))
        self.top_bar.redo_wanted.connect(lambda: self._registry.trigger("edit.redo"))
        self.top_bar.person_chosen.connect(lambda person: self.person_wanted.emit(person.id))
        self._runner.task_changed.connect(self.status_bar.task_changed)
        self._runner.task_ended.connect(self.status_bar.task_ended)
        self._runner.saved.connect(self._saved)
        self._runner.not_saved.connect(self._not_saved)
        self._runner.wrote.connect(self._show_undo)
        self.status_bar.cancelled.connect(self._runner.cancel)
        self._hub.changed_areas.connect(self._review_changed)

    # pages

    def show_page(self, page: str, **where: object) -> None:
        """Bring a page to the front, made on first visit; `where` tells it what to show."""
        if page not in self._specs:
            return
        self._made(page)
        if self.current_id() != page:
            self._visited.append(page)
            self._ahead.clear()
        self._bring(page)
        if where:
            self._pages[page].show_place(**where)

    def _bring(self, name: str) -> None:
        page = self._made(name)
        had_focus_before = page.focusWidget() is not None
        self.rail.set_current(name)
        self._stack.setCurrentWidget(page)
        self._registry.set_scope(name)
        self._hub.shown(page)
        focused = QApplication.focusWidget()
        if not had_focus_before or focused is None or not page.isAncestorOf(focused):
            # On a first visit the stack would choose the first control, whose keys then are not the page's.
            page.setFocus(Qt.FocusReason.OtherFocusReason)
        self._registry.refresh()

    def _made(self, name: str) -> Page:
        """The page, made on first visit; a page that cannot be made leaves nothing behind."""
        if name not in self._pages:
            try:
                page = self._specs[name].make(self.workspace)
            except BaseException:
                self._registry.remove_scope(name)
                raise
            self._pages[name] = page
            self._stack.addWidget(page)
        return self._pages[name]

    def current_id(self) -> str:
        """The id of the page in front."""
        return self._visited[-1] if self._visited else ""

    def current_page(self) -> Page | None:
        """The page in front."""
        return self._pages.get(self.current_id())

    def place(self) -> Place:
        """Where the reviewer is: the page in front and what it shows."""
        page = self.current_page()
        return Place(self.current_id(), page.whereabouts() if page is not None else {})

    def can_go_back(self) -> bool:
        """Whether there is a page before this one."""
        return len(self._visited) > 1

    def can_go_forward(self) -> bool:
        """Whether one has gone back."""
        return bool(self._ahead)

    def back(self) -> None:
        """To the page before."""
        self._ahead.append(self._visited.pop())
        self._bring(self._visited[-1])

    def forward(self) -> None:
        """Undo one `back`."""
        self._visited.append(self._ahead.pop())
        self._bring(self._visited[-1])

    def next_pane(self, step: int) -> None:
        """Move the focus to the next (1) or previous (-1) pane of the page, the rail among them."""
        page = self.current_page()
        panes: list[QWidget] = [self.rail, *(page.panes() if page is not None else ())]
        focused = QApplication.focusWidget()
        here = next(
            (n for n, pane in enumerate(panes) if focused and (pane.isAncestorOf(focused) or pane is focused)), 0
        )
        target = panes[(here + step) % len(panes)]
        first = target if target.focusPolicy() else _first_focusable(target)
        first.setFocus(Qt.FocusReason.TabFocusReason)

    # undo

    def can_undo(self) -> bool:
        """Whether there is something of one's own to undo."""
        return self._undo.undo_label is not None

    def can_redo(self) -> bool:
        """Whether something was undone."""
        return self._undo.redo_label is not None

    def undo(self) -> None:
        """Take back the reviewer's last operation."""
        self._turn(lambda s: s.undo(), undone=True)

    def redo(self) -> None:
        """Do again what was undone."""
        self._turn(lambda s: s.redo(), undone=False)

    def _turn(self, fn: Callable[[Session], OpResult[None]], *, undone: bool) -> None:
        labels: list[str | None] = []

        def turn(session: Session) -> OpResult[None]:
            # Asked when its turn has come: what was still being saved when the key was pressed is undone first.
            state = session.undo_state()
            labels.append(state.undo_label if undone else state.redo_label)
            return fn(session)

        place = self.current_page() or self

        def refused(error: CopseError) -> None:
            if error.code == "undo.nothing":
                self.status_bar.say(error.message)
            else:
                errors.present(error, place, tr("undoing"), call.again if isinstance(error, FileProblem) else None)

        call: Call[None] = self._runner.write(place, turn, tr("undoing"))

        def done(_value: None) -> None:
            label = labels[-1]
            self.status_bar.say(
                tr("Undone: {label}", label=label) if undone else tr("Done again: {label}", label=label)
            )

        call.failed(refused).done(done).run()

    def _show_undo(self) -> None:
        self._undo = self._session.undo_state()
        self.top_bar.set_undo(self._undo.undo_label, self._undo.redo_label)
        self._registry.refresh()

    # always visible parts

    def save_copy(self) -> None:
        """Write a whole copy of the review where the user says: the safe way to hand it on."""
        path = self.workspace.review.path
        suggested = path.with_name(tr("{stem} copy{suffix}", stem=path.stem, suffix=path.suffix))
        target = self.workspace.ask.save_file(self, tr("Save a copy"), suggested, tr("Copse reviews (*.copse)"))
        if target is None:
            return
        review = self.workspace.review
        (
            self._runner.read(self, lambda _s: review.save_copy(target), tr("saving a copy"))
            .done(lambda _none: self.say(tr("Copy saved as {name}", name=target.name)))
            .run()
        )

    def merge_copy(self) -> None:
        """Bring in what a colleague did in a copy of this review; the copy is only read."""
        paths = self.workspace.ask.open_files(self, tr("Merge a colleague's copy"), tr("Copse reviews (*.copse)"))
        if not paths:
            return
        other, review = paths[0], self.workspace.review

        def bring(_session: Session) -> OpResult[MergeReport]:
            report = review.merge(other)
            return OpResult(report, report.areas, tr("Merge of {name}", name=other.name), None)

        call: Call[MergeReport] = self._runner.write(self.current_page() or self, bring, "merging the copy")
        call.done(lambda report: self.show_message(_merged(other.name, report), Level.SUCCESS)).run()

    def say(self, text: str, *, undo: bool = False) -> None:
        """Put a done fact into the status bar for 6 s."""
        self.status_bar.say(text, (lambda: self._registry.trigger("edit.undo")) if undo else None)

    def show_message(self, text: str, level: Level = Level.INFO, choices: Sequence[Choice] = ()) -> Message | None:
        """Messages of no page in particular go to the one in front."""
        page = self.current_page()
        if page is not None:
            return page.show_message(text, level, choices)
        self.status_bar.say(text)
        return None

    def _not_saved(self, why: str) -> None:
        self._trouble = why
        self.status_bar.not_saved(why, self._show_trouble)

    def _saved(self) -> None:
        self.status_bar.saved()
        if self._trouble:
            self._trouble_is_over()
        path = self.workspace.review.path
        if not self._file_is_gone and not path.exists():
            # The system lets go on writing into a file that has no name any more, until the program ends.
            self._file_is_gone = True
            self.show_message(
                tr(
                    "{name} is no longer in {parent}: it was moved, renamed or deleted while it was open. "
                    "What you do from now on may be lost when you close it. Save a copy and go on in that.",
                    name=path.name,
                    parent=path.parent,
                ),
                Level.DANGER,
                ((tr("Save a copy"), self.save_copy),),
            )

    def _trouble_is_over(self) -> None:
        """Take the message away, but not where what could not be saved waits to be tried again."""
        for page in self._pages.values():
            for message in page.messages.messages():
                if message.text() == self._trouble and not message.buttons:
                    message.dismiss()
        self._trouble = ""

    def _show_trouble(self, why: str) -> None:
        self.show_message(why, Level.DANGER)

    def _show_people(self) -> None:
        review, me = self.workspace.review, self._session.reviewer
        self.top_bar.set_title(review.title)
        self.top_bar.set_people([_person(each) for each in review.reviewers()], _person(me))

    def _review_changed(self, areas: Area) -> None:
        if areas & (Area.REVIEW | Area.TEAM):
            self._show_people()
        self.read_progress_soon()

    def read_progress_soon(self) -> None:
        """Bring the rail up to date when the present burst of changes is over."""
        self._progress_timer.start()

    def _read_progress(self) -> None:
        self._runner.read(self, self._standing, tr("reading the progress")).done(self._show_standing).run()

    def _standing(self, session: Session) -> _Standing:
        """On a worker: how far the stages are, and whether others' decisions are hidden."""
        progress = {spec.id: spec.progress(session) for spec in self._specs.values()}
        return _Standing(progress, session.screening.is_blinded() or session.fulltext.is_blinded())

    def _show_standing(self, standing: _Standing) -> None:
        for page, progress in standing.progress.items():
            self.rail.set_progress(page, progress)
        if standing.is_blinded:
            self.top_bar.set_role(tr("Blinded"), Tone.OUTLINE, "eye-off")
        elif self._session.reviewer.is_adjudicator:
            self.top_bar.set_role(tr("Adjudicator"), Tone.NEUTRAL, "scale")
        else:
            self.top_bar.set_role("")

    def stage_reached(self) -> tuple[str, float]:
        """For the list of recent reviews the first stage with something left, as far as it is ("Screening 61%",
        "Extraction 18 of 22") and the share; of a review where nothing is left the last stage."""
        last = ("", 0.0)
        for spec in self._specs.values():
            progress = self.rail.item(spec.id).progress()
            if progress is None or spec.id == "protocol":
                continue
            if progress.share is None:
                last = (spec.title, 1.0) if progress.figure else last
            elif progress.share < 1:
                done, _, total = progress.figure.partition(" / ")
                far = tr("{done} of {total}", done=done, total=total) if total else done
                return f"{spec.title} {far}".rstrip(), progress.share
        return last

    # leaving

    def close_desk(self) -> None:
        """Let open editors commit and writes end; withdraw the pages' actions. The desk can be deleted then."""
        focused = QApplication.focusWidget()
        if focused is not None and self.isAncestorOf(focused):
            focused.clearFocus()
        self._progress_timer.stop()
        self._runner.close()
        self._registry.set_scope("")
        for name in self._pages:
            self._registry.remove_scope(name)


@dataclass(frozen=True)
class _Standing:
    """What the always visible parts show of the review's state."""

    progress: Mapping[str, StageProgress | None]
    is_blinded: bool


def _merged(name: str, report: MergeReport) -> str:
    """What a merge brought, in two sentences."""
    if not report.operations:
        return tr("{name} holds nothing that is not here already. Nothing was changed.", name=name)
    came = counted("{n} change from {name} merged", "{n} changes from {name} merged", report.operations, name=name)
    if report.records:
        came += counted(", with {n} new record", ", with {n} new records", report.records)
    both = len(report.findings)
    if not both:
        return f"{came}. {tr('No field was changed on both sides.')}"
    kept = counted(
        "{n} field was changed on both sides; the later change stands, the other is kept in the history.",
        "{n} fields were changed on both sides; the later changes stand, the others are kept in the history.",
        both,
    )
    return f"{came}. {kept}"


def _first_focusable(pane: QWidget) -> QWidget:
    return next((w for w in pane.findChildren(QWidget) if w.focusPolicy() and w.isVisible() and w.isEnabled()), pane)


def _person(reviewer: Reviewer) -> Person:
    return Person(reviewer.id, reviewer.name, reviewer.initials, reviewer.position, reviewer.is_adjudicator)
