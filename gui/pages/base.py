"""What every page is built on.

A page is a widget made from a `Workspace`. It declares its id, title and the areas it shows, offers its actions as a
tuple, and fills `self.body`:

    class ScreeningPage(Page):
        ID = "screening"
        TITLE = "Screening"
        INTERESTS = Area.DECISIONS | Area.RECORDS
        TABS = (Tab("screen", "Screen"), Tab("conflicts", "Conflicts"))

        def build(self) -> None:                       # once, when the page is first visited
            self.card = RecordCard()
            self.body.addWidget(self.card)
            self.header.add(self.registry.button("screening.include", Kind.INCLUDE))

        def page_actions(self) -> tuple[Action, ...]:  # before build, so build can make buttons of them
            return (self.action("include", "Include", self._include, "I", icon="check"),)

        def refresh(self, areas: Area) -> None:        # on first showing, and when others change what it shows
            self.card.show_record(self.session.screening.next())

        def _include(self) -> None:
            record = self.card.record.id
            self.write(lambda s: s.screening.decide(record, Verdict.INCLUDE)).done(self._advance).run(initiator=self)

`refresh` may read what is bounded (one page of rows) at once; everything else through `self.read(...)`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QFocusEvent, QShowEvent
from PySide6.QtWidgets import QFileDialog, QSplitter, QWidget
from typing_extensions import override

from core.model import Area, OpResult
from gui.actions import Action, Registry
from gui.hints import HintLine
from gui.hub import Hub
from gui.memory import ColumnMemory, SplitterMemory
from gui.operations import Call, Cancelled, Report, Runner
from gui.settings import Settings
from gui.widgets.buttons import Kind
from gui.widgets.messages import Choice, Level, Message, MessageArea
from gui.widgets.panes import PageHeader, Surface, Tab, column
from gui.widgets.table import Table

if TYPE_CHECKING:
    from core.review import Review, Session

T = TypeVar("T")


class Ask(Protocol):
    """Questions to the system: tests answer them without a dialog."""

    def open_files(self, parent: QWidget, title: str, filters: str) -> list[Path]:
        """Existing files; [] if given up."""
        ...

    def save_file(self, parent: QWidget, title: str, suggested: Path, filters: str) -> Path | None:
        """Where to write; None if given up."""
        ...

    def folder(self, parent: QWidget, title: str) -> Path | None:
        """An existing folder; None if given up."""
        ...


class SystemAsk:
    """The dialogs of the system."""

    def open_files(self, parent: QWidget, title: str, filters: str) -> list[Path]:
        """Existing files; [] if given up."""
        names, _ = QFileDialog.getOpenFileNames(parent, title, "", filters)
        return [Path(name) for name in names]

    def save_file(self, parent: QWidget, title: str, suggested: Path, filters: str) -> Path | None:
        """Where to write; None if given up."""
        dialog = QFileDialog(parent, title, str(suggested.parent), filters)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        # The dialog adds the ending itself, so that it asks about the file that would really be replaced.
        dialog.setDefaultSuffix(suggested.suffix.removeprefix("."))
        dialog.selectFile(suggested.name)
        chosen = dialog.exec() == QFileDialog.DialogCode.Accepted
        names = dialog.selectedFiles() if chosen else []
        dialog.deleteLater()
        return Path(names[0]) if names else None

    def folder(self, parent: QWidget, title: str) -> Path | None:
        """An existing folder; None if given up."""
        name = QFileDialog.getExistingDirectory(parent, title)
        return Path(name) if name else None


@dataclass(frozen=True)
class Workspace:
    """What a page works with: the review as one reviewer sees it, and the services of the window."""

    review: Review
    session: Session
    runner: Runner
    hub: Hub
    registry: Registry
    settings: Settings
    ask: Ask
    go: Callable[..., None]
    """`go(page_id, **where)` shows another page; it gets `where` in its `show_place`."""
    say: Callable[..., None]
    """`say(text, undo=False)` puts a line into the status bar for 6 s, with Undo if wanted."""


class Page(Surface):
    """A stage of the review. Subclasses set the class attributes and override build, page_actions and refresh."""

    ID = ""
    TITLE = ""
    INTERESTS: Area = Area.NONE
    TABS: tuple[Tab, ...] = ()

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__("surface", parent=parent)
        self.setAccessibleName(self.TITLE)
        # A click beside a field gives the keys back to the page.
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._main_part: QWidget | None = None
        self.workspace = workspace
        self.review = workspace.review
        self.session = workspace.session
        self.registry = workspace.registry
        self.header = PageHeader(self.TITLE, self.TABS)
        self.header.tabs.setObjectName(f"{self.ID}.tabs")
        self.messages = MessageArea()
        self.body = column(spacing=0)
        self.hint = HintLine(self, self.ID, self.registry, workspace.settings)
        box = column(self.header, self.messages, self.body, self.hint, spacing=0)
        box.setStretchFactor(self.body, 1)
        self.setLayout(box)
        self.registry.add(self.page_actions())
        self._add_help()
        self.build()
        self.header.tabs.chosen.connect(self.show_tab)
        workspace.hub.register(self)

    def _add_help(self) -> None:
        """The quiet way to the explanations of the page, for the mouse."""
        help_button = self.registry.button("help.explanations", Kind.QUIET, text="")
        help_button.setObjectName(f"{self.ID}.explain")
        # A click leaves the focus where it is: closed, the explanation gives it back.
        help_button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.header.add_last(help_button)

    # for subclasses to override

    def build(self) -> None:
        """Make the widgets of the page in `self.body`."""

    def page_actions(self) -> tuple[Action, ...]:
        """The actions of this page."""
        return ()

    def refresh(self, areas: Area) -> None:
        """Show the present state of `areas`; called with all INTERESTS when the page is first shown."""

    def show_tab(self, tab: str) -> None:
        """The user chose a tab of the header."""

    def show_place(self, **where: object) -> None:
        """Another page led here, to the thing named in `where`."""

    def has_filter(self) -> bool:
        """Whether what is shown now can be searched or filtered."""
        return False

    def go_to_filter(self) -> None:
        """Put the focus into the field that searches or filters what is shown."""

    def whereabouts(self) -> Mapping[str, str | bytes]:
        """What `show_place` needs to come back to what is shown now: names and ids, never content."""
        return {"tab": self.header.tabs.current()} if self.TABS else {}

    def panes(self) -> Sequence[QWidget]:
        """The panes F6 goes through, in reading order."""
        return ()

    # for subclasses to use

    def action(
        self,
        name: str,
        text: str,
        handler: Callable[[], object],
        *shortcuts: str,
        icon: str = "",
        enabled_when: Callable[[], bool] = lambda: True,
    ) -> Action:
        """An action of this page with the id "page.name"."""
        return Action(f"{self.ID}.{name}", text, handler, shortcuts, icon, self.ID, enabled_when)

    def write(self, fn: Callable[[Session], OpResult[T]], doing: str = "saving") -> Call[T]:
        """A change; see `gui.operations`. Chain `.done(f)` and end with `.run(initiator=self)`."""
        return self.workspace.runner.write(self, fn, doing)

    def read(self, fn: Callable[[Session], T], doing: str = "reading") -> Call[T]:
        """A read that may take long; see `gui.operations`."""
        return self.workspace.runner.read(self, fn, doing)

    def task(self, name: str, fn: Callable[[Session, Report, Cancelled], OpResult[T] | T]) -> Call[T]:
        """Work of seconds, shown in the status bar; see `gui.operations`."""
        return self.workspace.runner.task(self, name, fn)

    def soon(self, make: Callable[[], object]) -> None:
        """Do `make` when the window has handled what it has to handle now, unless the page has gone by then."""
        runner = self.workspace.runner
        # A function: the binding does not keep what a method belongs to. A page whose desk is closed has no actions.
        QTimer.singleShot(0, self, lambda: None if runner.is_closed else make())

    def is_made(self, part: str) -> bool:
        """Whether a part that is a `cached_property` of the page exists: what has not been in front is not made."""
        return part in self.__dict__

    def keep_sizes(self, splitter: QSplitter, name: str) -> None:
        """Remember where the user drags `splitter`, by width of the window. Set the default sizes first."""
        SplitterMemory(splitter, f"{self.ID}.{name}", self.workspace.settings)

    def keep_columns(self, table: Table, name: str) -> None:
        """Remember the widths of the columns of `table`."""
        ColumnMemory(table, f"{self.ID}.{name}", self.workspace.settings)

    def show_message(self, text: str, level: Level = Level.INFO, choices: Sequence[Choice] = ()) -> Message:
        """Say something under the page's header until it is solved or closed."""
        message = Message(text, level, choices, closable=True)
        self.messages.show_message(message)
        return message

    def set_main_part(self, part: QWidget | None) -> None:
        """Let `part` take the focus whenever the page gets it; None: the page keeps it.

        A focus proxy would do the same, but Tab then skips all that stands before the proxy.
        """
        self._main_part = part
        if part is not None and self.hasFocus():
            part.setFocus(Qt.FocusReason.OtherFocusReason)

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not event.spontaneous():
            self.hint.visit()

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if self._main_part is not None:
            self._main_part.setFocus(event.reason())

    def announce(self, text: str) -> None:
        """Let a screen reader say `text`."""
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, text))

    def is_current(self) -> bool:
        """Whether the user sees this page now."""
        return self.isVisibleTo(self.window())
