"""Extraction: what each study reports, entered by two reviewers apart from each other, then compared and settled."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QStackedWidget, QWidget
from typing_extensions import override

from core.errors import CopseError
from core.language import figure, tr
from core.model import Area, Id, OpResult
from gui import errors, theme
from gui.actions import Action
from gui.pages.base import Page
from gui.pages.extraction.compare_tab import CompareTab
from gui.pages.extraction.extract_tab import ExtractTab
from gui.pages.extraction.form_tab import FormTab
from gui.pages.extraction.new_study import NewStudy
from gui.pages.extraction.reading import State, Team, read_state
from gui.pages.extraction.study_list import LIST_WIDTH, StudyPane
from gui.pages.extraction.writing import InTurn
from gui.widgets.buttons import Button, Kind
from gui.widgets.folding import FoldingPane
from gui.widgets.panes import Tab, row

if TYPE_CHECKING:
    from core.review import Session

T = TypeVar("T")
Place = TypeVar("Place", bound=QWidget)

_NARROW_BELOW = 1200


class ExtractionPage(Page):
    """Studies at the left, the form or the comparison at the right. `show_place(study=, tab=)` goes to either."""

    ID = "extraction"
    TITLE = tr("Extraction")
    INTERESTS = (
        Area.STUDIES | Area.EXTRACTION | Area.CONSENSUS | Area.PROTOCOL | Area.TEAM | Area.REVIEW | Area.DECISIONS
        | Area.RESOLUTIONS | Area.REPORTS
    )  # fmt: skip
    TABS = (Tab("extract", tr("Extract")), Tab("compare", tr("Compare")), Tab("form", tr("Form design")))

    def build(self) -> None:
        self.state: State | None = None
        self.study_id: Id | None = None
        self._reading = 0
        self._is_settled_in = False
        self.pane = StudyPane(self.registry)
        self.stack = QStackedWidget()
        self._blank = QWidget()
        self.stack.addWidget(self._blank)
        line = row(self.pane, self.stack, spacing=0)
        line.setStretch(1, 1)
        self.body.addLayout(line)
        self.studies_button = Button(opens=True)
        self.studies_button.setObjectName("extraction.show_studies")
        self.paste_button = self.registry.button("extraction.paste", Kind.QUIET, show_key=False)
        self.paste_button.setObjectName("extraction.paste")
        self.settle_button = self.registry.button("extraction.settle_equal")
        self.settle_button.setObjectName("compare.settle_equal")
        self.header.add(self.paste_button, self.settle_button, self.studies_button)
        self._fold = FoldingPane(
            self, self.pane, self.studies_button, LIST_WIDTH + 2, lambda: line.insertWidget(0, self.pane), menu=True
        )
        self._fold.set_wanted(False)
        self._show_header()
        self.pane.chosen.connect(self.go_to_study)
        self.pane.list.clicked.connect(self._fold.close)
        self.pane.list.row_opened.connect(self._fold.close)
        self.pane.made.connect(self._make_study)

    # what is made when it is first asked for

    @cached_property
    def extract_tab(self) -> ExtractTab:
        """What one study reports, as one enters it oneself."""
        return self._put_in(ExtractTab(self))

    @cached_property
    def compare_tab(self) -> CompareTab:
        """What the two entered, side by side."""
        return self._put_in(CompareTab(self))

    @cached_property
    def form_tab(self) -> FormTab:
        """The fields that are asked of every study."""
        return self._put_in(FormTab(self))

    @cached_property
    def new_study(self) -> NewStudy:
        """Where a study is begun."""
        return self._put_in(NewStudy(self))

    def _put_in(self, place: Place) -> Place:
        self.stack.addWidget(place)
        return place

    # actions

    def page_actions(self) -> tuple[Action, ...]:
        return (
            self.action("add_study", tr("Add study"), self._add_study, icon="plus", enabled_when=self._is_read),
            self.action("rename", tr("Rename study"), self._rename, icon="pencil", enabled_when=self._is_extracting),
            self.action(
                "remove_study", tr("Remove study"), self._remove_study, icon="trash-2", enabled_when=self._is_at
            ),
            self.action("previous_study", tr("Previous study"), lambda: self._step(-1), "Alt+Up", icon="arrow-up"),
            self.action("next_study", tr("Next study"), lambda: self._step(1), "Alt+Down", icon="arrow-down"),
            self.action(
                "add_outcome_data", tr("Add outcome data"), self._add_outcome_data, icon="plus",
                enabled_when=self._is_extracting,
            ),
            self.action(
                "paste", tr("Paste table"), lambda: self.extract_tab.paste(), "Ctrl+V", icon="clipboard-paste",
                enabled_when=lambda: self._is_extracting() and self.extract_tab.can_paste(),
            ),
            self.action(
                "next", tr("Next empty or differing"), lambda: self._next(1), "F8", enabled_when=self._can_go_on
            ),
            self.action(
                "previous", tr("Previous empty or differing"), lambda: self._next(-1), "Shift+F8",
                enabled_when=self._can_go_on,
            ),
            self.action(
                "finish", tr("Mark finished"), self._finish, "Ctrl+Return", icon="check", enabled_when=self._can_finish
            ),
            self.action(
                "reopen", tr("Reopen"), self._reopen, icon="lock-open",
                enabled_when=lambda: self._is_extracting() and self._has_finished(),
            ),
            self.action(
                "settle_equal", tr("Settle what is equal"), lambda: self.compare_tab.settle_equal(), icon="check",
                enabled_when=lambda: self._is_comparing() and self.compare_tab.can_settle_equal(),
            ),
            self.action(
                "take_left", tr("Take the left answer"), lambda: self.compare_tab.take(0), "Left",
                enabled_when=lambda: self._is_comparing() and self.compare_tab.can_take(0),
            ),
            self.action(
                "take_right", tr("Take the right answer"), lambda: self.compare_tab.take(1), "Right",
                enabled_when=lambda: self._is_comparing() and self.compare_tab.can_take(1),
            ),
            self.action(
                "unsettle", tr("Open again"), lambda: self.compare_tab.unsettle(), icon="undo-2",
                enabled_when=lambda: self._is_comparing() and self.compare_tab.can_unsettle(),
            ),
        )  # fmt: skip

    def _is_read(self) -> bool:
        return self.state is not None

    def _is_at(self) -> bool:
        return self.study_id is not None and not isinstance(self.stack.currentWidget(), FormTab)

    def _is_extracting(self) -> bool:
        shown = self.stack.currentWidget()
        return isinstance(shown, ExtractTab) and shown.sheet is not None

    def _is_comparing(self) -> bool:
        return isinstance(self.stack.currentWidget(), CompareTab)

    def _has_finished(self) -> bool:
        sheet = self.extract_tab.sheet if self._is_extracting() else None
        return sheet is not None and sheet.is_finished

    def _can_finish(self) -> bool:
        return self._is_extracting() and self.extract_tab.book.is_editable

    def _can_go_on(self) -> bool:
        if self._is_extracting():
            return self.extract_tab.can_go_on()
        return self._is_comparing() and (self.compare_tab.can_go_on() or bool(self._waiting_studies()))

    # reading

    @property
    def team(self) -> Team:
        """Who looks, and what they may do."""
        if self.state is not None:
            return self.state.board.team
        return Team(self.session.reviewer, self.review.reviewers())

    def refresh(self, areas: Area) -> None:
        self.reload()

    def reload(self) -> None:
        """Read and show what is true now; an earlier reading that is still under way is dropped."""
        self._reading += 1
        number, study, tab = self._reading, self.study_id, self.header.tabs.current()
        call = self.read(lambda s: read_state(s, study, tab))
        call.done(lambda state: self._take(state) if number == self._reading else None).run()
        self.soon(self._front_tab)  # made while the worker reads

    def _take(self, state: State) -> None:
        self.state = state
        self.study_id = state.study_id
        if not self._is_settled_in:
            self._is_settled_in = True
            if not state.board.team.may_judge and self.header.tabs.current() == "extract":
                self.header.tabs.set_current("compare")
                return
        waiting = sum(state.board.to_settle.values())
        self.header.tabs.set_count("compare", figure(waiting) if waiting else "")
        self.pane.show_board(state.board, state.study_id, comparing=self.header.tabs.current() == "compare")
        if self.header.tabs.current() == "form":
            self.form_tab.show_fields(state.fields, state.board.team)
        if state.sheet is not None:
            self.extract_tab.show_sheet(state.sheet)
        if state.settled is not None:
            self.compare_tab.show_settled(state.settled, state.board)
        if self.is_made("new_study") or state.study_id is None:
            self.new_study.show_board(state.board)
        self._show_place()

    def _show_place(self) -> None:
        """Bring to the front what the tab shows: the form of the team, a new study, or the study one is at."""
        assert self.state is not None
        tab = self.header.tabs.current()
        if tab != "form" and (self.state.study_id is None or self._wants_new_study()):
            place: QWidget = self.new_study
        else:
            place = self._front_tab()
        self._show_studies()
        if place is not self.stack.currentWidget():
            self.stack.setCurrentWidget(place)
            self._focus_on(place)
        # A click beside the rows gives the keys back to them.
        self.set_main_part(place.table if isinstance(place, CompareTab) else None)
        self._show_header()
        self.registry.refresh()

    def _front_tab(self) -> ExtractTab | CompareTab | FormTab:
        tab = self.header.tabs.current()
        if tab == "form":
            return self.form_tab
        return self.compare_tab if tab == "compare" else self.extract_tab

    def _wants_new_study(self) -> bool:
        return self.is_made("new_study") and self.new_study.is_wanted

    def _wants_no_new_study(self) -> None:
        if self.is_made("new_study"):
            self.new_study.is_wanted = False

    def _show_studies(self) -> None:
        """The list at the left; in a narrow window a button in the header that opens it."""
        studies = self.state.board.studies if self.state is not None else ()
        wanted = bool(studies) and self.header.tabs.current() != "form"
        self._fold.set_wanted(wanted)
        label = next((each.label for each in studies if each.id == self.study_id), "")
        self._fold.set_label(label or tr("Studies"))
        self.studies_button.setAccessibleName(tr("Studies: {label}", label=label) if label else tr("Studies"))

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fold.close()
        self._fold.set_folded(self.window().width() < theme.scaled(_NARROW_BELOW))

    def _focus_on(self, place: QWidget) -> None:
        """Let the keys of what has just come to the front work at once; who goes along the tabs stays there."""
        focused = self.window().focusWidget()
        if focused is None or not (focused is self.header.tabs or place.isAncestorOf(focused)):
            target = place.table if isinstance(place, CompareTab) else self
            target.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_header(self) -> None:
        tab = self.header.tabs.current() if self.study_id is not None else ""
        self.paste_button.setVisible(tab == "extract")
        self.settle_button.setVisible(tab == "compare")

    def show_tab(self, tab: str) -> None:
        self._commit()
        self._wants_no_new_study()
        self._show_header()
        self.reload()

    def show_place(self, **where: object) -> None:
        study, tab = where.get("study"), where.get("tab")
        if isinstance(tab, str) and tab in {each.id for each in self.TABS}:
            self.header.tabs.set_current(tab)
        elif isinstance(study, bytes) and self.header.tabs.current() == "form":
            self.header.tabs.set_current("extract")
        if isinstance(study, bytes):
            self.go_to_study(study)

    def whereabouts(self) -> dict[str, str | bytes]:
        study = {"study": self.study_id} if self.study_id is not None else {}
        return {"tab": self.header.tabs.current()} | study

    def panes(self) -> list[QWidget]:
        shown = self.stack.currentWidget()
        inner = shown.panes() if isinstance(shown, (ExtractTab, CompareTab)) else [shown or self._blank]
        beside = [self.pane] if self.pane.isVisible() and not self._fold.is_folded else []
        return [self.header.tabs, *beside, *inner]

    def _commit(self) -> None:
        """Keep what is typed into the form of a study."""
        if self.is_made("extract_tab"):
            self.extract_tab.commit()

    # going about

    def go_to_study(self, study_id: Id) -> None:
        """Show another study."""
        self._commit()
        self._wants_no_new_study()
        if study_id != self.study_id or isinstance(self.stack.currentWidget(), NewStudy):
            self.study_id = study_id
            self.reload()

    def _step(self, by: int) -> None:
        studies = self.state.board.studies if self.state is not None else ()
        ids = [study.id for study in studies]
        if self.study_id in ids:
            place = ids.index(self.study_id) + by
            if 0 <= place < len(ids):
                self.go_to_study(ids[place])

    def _waiting_studies(self, direction: int = 1) -> list[Id]:
        """The other studies with values to settle, from here on, round the list."""
        if self.state is None:
            return []
        board = self.state.board
        ids = [study.id for study in board.studies][::direction]
        here = ids.index(self.study_id) + 1 if self.study_id in ids else 0
        return [each for each in (*ids[here:], *ids[:here]) if each in board.to_settle and each != self.study_id]

    def _next(self, direction: int) -> None:
        if self._is_comparing():
            waiting = self._waiting_studies(direction)
            if not self.compare_tab.can_go_on() and waiting:
                self.go_to_study(waiting[0])
            else:
                self.compare_tab.next_difference(direction)
        else:
            self.extract_tab.next_empty(direction)

    # writing

    def change(
        self,
        fn: Callable[[Session], OpResult[T]],
        done: Callable[[T], object] | None = None,
        doing: str = "saving",
    ) -> None:
        """Write; when it is kept, `done(value)`. A refusal is shown. What is true then is read either way."""

        def kept(value: T) -> None:
            if done is not None:
                done(value)
            self.reload()

        def refused(error: CopseError) -> None:
            errors.present(error, self, doing)
            self.reload()

        self.write(fn, doing).done(kept).failed(refused).run(initiator=self)

    def present_rest(self, done: InTurn[T]) -> None:
        """Show why not all of several steps were done."""
        if done[1] is not None:
            errors.present(done[1], self)

    def _add_study(self) -> None:
        self._fold.close()
        self._commit()
        if self.header.tabs.current() == "form":
            self.header.tabs.set_current("extract")
        self.new_study.begin()
        if self.state is not None:
            self.new_study.show_board(self.state.board)
        self._show_place()
        self.new_study.take_focus()

    def study_made(self, study_id: Id) -> None:
        """A study has just been added: go there."""
        self._fold.close()
        self._wants_no_new_study()
        self.study_id = study_id
        if self.header.tabs.current() != "extract":
            self.header.tabs.set_current("extract")

    def _make_study(self, record_id: Id) -> None:
        self.change(lambda s: s.studies.create([record_id]), self.study_made)

    def _rename(self) -> None:
        self.extract_tab.head.rename()

    def _remove_study(self) -> None:
        study = self.study_id
        if study is not None and self.state is not None:
            label = next((each.label for each in self.state.board.studies if each.id == study), "")
            self.change(
                lambda s: s.studies.remove(study),
                lambda _none: self.workspace.say(tr("Removed {label}.", label=label), undo=True),
            )

    def _add_outcome_data(self) -> None:
        self.extract_tab.outcomes.set_open(True)
        self.extract_tab.outcomes.open_panel()

    def _finish(self) -> None:
        self.extract_tab.commit()
        study = self.study_id
        if study is not None:
            self.extract_tab.when_kept(
                lambda: self.change(lambda s: s.extraction.finish(study), self._finished)
            )  # fmt: skip

    def _finished(self, warnings: tuple[str, ...]) -> None:
        for text in warnings:
            self.show_message(text)
        self.workspace.say(tr("Extraction finished."), undo=True)

    def _reopen(self) -> None:
        study = self.study_id
        if study is not None:
            self.change(lambda s: s.extraction.reopen(study))
