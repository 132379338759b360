"""The base of the pages on which reviewers judge records: their keys, tabs and the settling of conflicts."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStackedWidget, QWidget

from core.errors import CopseError, FileProblem
from core.language import figure, tr
from core.model import Area, OpResult
from core.session.screening import ScreeningPart
from gui import errors
from gui.actions import Action
from gui.pages.base import Page
from gui.pages.screening.reading import Setting
from gui.pages.screening.side import KEYED_REASONS
from gui.pages.screening.tab import JudgingTab
from gui.widgets.messages import Message

if TYPE_CHECKING:
    from core.review import Session

MadeTab = TypeVar("MadeTab", bound=JudgingTab)


class JudgingPage(Page):
    """A page of one screening stage. Subclasses say which (`part_of`) and make its tabs (`tab_named`)."""

    INTERESTS = (
        Area.RECORDS | Area.SOURCES | Area.DECISIONS | Area.RESOLUTIONS | Area.PROTOCOL | Area.TEAM | Area.REVIEW
    )  # fmt: skip
    VERDICTS = ("include", "maybe", "exclude")

    def build(self) -> None:
        self.stack = QStackedWidget()
        self.body.addWidget(self.stack)
        self._is_settled_in = False
        self._retries: dict[str, Message] = {}

    # for subclasses

    def part_of(self, session: Session) -> ScreeningPart:
        """The stage in a session; also called on worker threads."""
        raise NotImplementedError

    def tab_named(self, name: str) -> JudgingTab:
        """The tab with this id of TABS, made when it is first asked for."""
        raise NotImplementedError

    def put_in(self, tab: MadeTab) -> MadeTab:
        """Take a tab that has just been made among the tabs."""
        self.stack.addWidget(tab)
        return tab

    # actions

    def page_actions(self) -> tuple[Action, ...]:
        """The keys of judging; each goes to the tab in front."""
        words = {"include": (tr("Include"), "I", "check"), "maybe": (tr("Maybe"), "M", "circle-help"),
                 "exclude": (tr("Exclude"), "E", "x")}  # fmt: skip
        verdicts = [self._handed_on(name, *words[name][:2], icon=words[name][2]) for name in self.VERDICTS]
        reasons = [
            self._handed_on(f"reason_{n}", tr("Exclude for reason {n}", n=n), str(n))
            for n in range(1, KEYED_REASONS + 1)
        ]
        return (
            *verdicts,
            *reasons,
            self._handed_on("note", tr("Note"), "N", icon="sticky-note"),
            self._handed_on("take_back", tr("Undo"), "U", icon="undo-2"),
            self._handed_on("previous", tr("Previous record"), "Left", icon="arrow-left"),
            self._handed_on("next", tr("Next record"), "Right", icon="arrow-right"),
            self._handed_on("up", tr("Record above, or scroll up"), "Up"),
            self._handed_on("down", tr("Record below, or scroll down"), "Down"),
            self._handed_on("page_up", tr("Scroll the record up"), "PgUp"),
            self._handed_on("page_down", tr("Scroll the record down"), "PgDown"),
            self._handed_on("doi", tr("Open the DOI"), "O"),
            self._handed_on("highlights", tr("Highlighted terms on or off"), "H", icon="highlighter"),
            self._handed_on("panel", tr("Show or hide the panel"), "Ctrl+Shift+B", icon="panel-right"),
        )

    def _handed_on(self, name: str, text: str, key: str, *, icon: str = "") -> Action:
        return self.action(
            name, text, lambda: self.tab().do(name), key, icon=icon, enabled_when=lambda: self._can(name)
        )

    def _can(self, name: str) -> bool:
        shown = self.stack.currentWidget()
        return isinstance(shown, JudgingTab) and shown.can(name)

    # tabs

    def tab(self) -> JudgingTab:
        """The tab in front."""
        return self.tab_named(self.header.tabs.current())

    def show_tab(self, tab: str) -> None:
        """Bring a tab to the front, with what is true now."""
        left = self.stack.currentWidget()
        if isinstance(left, JudgingTab):
            left.leave()
        self.refresh(self.INTERESTS)
        self.registry.refresh()
        if not self.header.tabs.hasFocus():  # with arrows one goes on from tab to tab
            self.give_focus_back()

    def refresh(self, areas: Area) -> None:
        """Show the present state of the tab in front; the others are read when they come to the front."""
        self.stack.setCurrentWidget(self.tab())
        self.tab().reload()

    def settle_in(self, setting: Setting) -> None:
        """On first showing: who settles but does not judge begins with the conflicts."""
        if not self._is_settled_in:
            self._is_settled_in = True
            if not setting.may_judge:
                self.header.tabs.set_current("conflicts")

    def show_conflict_count(self, number: int | None) -> None:
        """The number on the tab; none while one may not know."""
        self.header.tabs.set_count("conflicts", figure(number) if number else "")

    def panes(self) -> list[QWidget]:
        """The header's tabs and the panes of the tab in front."""
        return [self.header.tabs, *self.tab().panes()]

    def is_at_rest(self) -> bool:
        """Whether no note waits to be kept."""
        return all(tab.is_at_rest() for tab in self.stack.findChildren(JudgingTab))

    def give_focus_back(self) -> None:
        """Take the focus from fields, so that single keys work."""
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    # writing

    def change(
        self, fn: Callable[[ScreeningPart], OpResult[None]], done: Callable[[], object], doing: str = "saving"
    ) -> None:
        """Write at this stage; `done()` when it is kept. A refusal is shown, and the state is read anew; what a full
        disk prevented can be tried again, until the same is done otherwise."""

        def failed(error: CopseError) -> None:
            retry = call.again if isinstance(error, FileProblem) else None
            message = errors.present(error, self, doing, retry)
            if message is not None and retry is not None:
                self._retries[doing] = message
            self.tab().reload()

        def kept() -> None:
            message = self._retries.pop(doing, None)
            if message in self.messages.messages():
                message.dismiss()
            done()

        call = self.write(lambda session: fn(self.part_of(session)), doing)
        call.done(lambda _value: kept()).failed(failed).run(initiator=self)
