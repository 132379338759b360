"""The one window: the start page, or the desk of an open review. It opens and closes reviews."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QSize, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QResizeEvent
from PySide6.QtWidgets import QMenu, QStackedWidget, QWidget
from typing_extensions import override

from core.errors import CopseError
from gui import errors, theme
from gui.actions import Action, Registry
from gui.desk import Desk
from gui.operations import Background
from gui.pages import PAGES, PageSpec
from gui.pages.base import Ask
from gui.pages.start.page import StartPage
from gui.pages.start.parts import now
from gui.settings import Recent, Settings
from gui.widgets.keys_panel import KeysPanel
from gui.widgets.messages import Choice, Level, Message
from gui.widgets.panes import column

if TYPE_CHECKING:
    from core.review import Review

FIRST_SIZE = QSize(1280, 800)
MINIMUM_SIZE = QSize(1024, 700)
_WIDE_RAIL_FROM = 1440
_SAY_OPENING_AFTER_MS = 1000


class MainWindow(QWidget):
    """See the module."""

    review_shown = Signal()
    """A review is open and its first page is in front."""
    review_closed = Signal()

    def __init__(self, settings: Settings, ask: Ask, version: str = "", pages: Sequence[PageSpec] = PAGES) -> None:
        super().__init__()
        theme.dress(self)
        self.settings = settings
        self._ask = ask
        self._page_specs = tuple(pages)
        self._review: Review | None = None
        self._desk: Desk | None = None
        self._keys: KeysPanel | None = None
        self._opening_what = ""
        self._background = Background(self)
        self.registry = Registry(self, settings)
        self.registry.add(self._global_actions())
        self.start = StartPage(settings, ask, version)
        self.start.open_wanted.connect(self.open_review)
        self.start.create_wanted.connect(self.create_review)
        self.start.example_wanted.connect(self.open_example)
        self._outer = QStackedWidget()
        self._outer.addWidget(self.start)
        self.setLayout(column(self._outer, spacing=0))
        self.setMinimumSize(MINIMUM_SIZE)
        self._restore_geometry()
        self._name_window()

    # actions

    def _global_actions(self) -> tuple[Action, ...]:
        def on_desk(handler: Callable[[Desk], object], condition: Callable[[Desk], bool] = lambda _desk: True) -> Parts:
            return (
                lambda: handler(self._desk) if self._desk is not None else None,
                lambda: self._desk is not None and condition(self._desk),
            )

        def action(name: str, text: str, parts: Parts, *keys: str, icon: str = "") -> Action:
            return Action(name, text, parts[0], keys, icon, enabled_when=parts[1])

        always: Callable[[], bool] = lambda: True  # noqa: E731 - a value among values
        stages = [
            action(
                f"go.{spec.id}", spec.title, on_desk(lambda d, p=spec.id: d.show_page(p)), f"Ctrl+{n}", icon=spec.icon
            )
            for n, spec in enumerate(self._page_specs, 1)
        ]
        return (
            action("file.new", "New review", (self._new, always), "Ctrl+N", icon="plus"),
            action("file.open", "Open…", (self._open, always), "Ctrl+O", icon="folder-open"),
            action("file.copy", "Save a copy…", on_desk(Desk.save_copy), "Ctrl+Shift+E", icon="copy"),
            action("file.close", "Close review", on_desk(lambda _d: self.close_review()), "Ctrl+W", icon="log-out"),
            action("edit.undo", "Undo", on_desk(Desk.undo, Desk.can_undo), "Ctrl+Z", icon="undo-2"),
            action("edit.redo", "Redo", on_desk(Desk.redo, Desk.can_redo), "Ctrl+Shift+Z", "Ctrl+Y", icon="redo-2"),
            action("go.back", "Back", on_desk(Desk.back, Desk.can_go_back), "Alt+Left", icon="arrow-left"),
            action(
                "go.forward", "Forward", on_desk(Desk.forward, Desk.can_go_forward), "Alt+Right", icon="arrow-right"
            ),
            *stages,
            action("view.rail", "Wide or narrow rail", on_desk(self._toggle_rail), "Ctrl+B", icon="panel-left"),
            action("view.next_pane", "Next pane", on_desk(lambda d: d.next_pane(1)), "F6"),
            action("view.previous_pane", "Previous pane", on_desk(lambda d: d.next_pane(-1)), "Shift+F6"),
            action("view.full_screen", "Full screen", (self._full_screen, always), "F11"),
            action("help.keys", "Keys of this page", (self.show_keys, always), "F1", icon="keyboard"),
        )

    def _new(self) -> None:
        self.close_review()
        self.start.show_form()

    def _open(self) -> None:
        self.start.ask_open()

    # opening and closing a review

    def open_review(self, path: Path) -> None:
        """Open the review at `path` in the background; what is wrong with it is said in place."""
        self._opening(lambda: _open(path), path)

    def create_review(self, path: Path, title: str, names: list[str]) -> None:
        """Make a new review and open it."""
        self._opening(lambda: _create(path, title, names), path)

    def open_example(self, folder: Path) -> None:
        """Build the example review in `folder` and open it."""
        self._opening(lambda: _example(folder), folder)

    def _opening(self, make: Callable[[], Review], path: Path) -> None:
        if self._review is not None and self._review.path == path:
            return
        self.start.setEnabled(False)
        self._opening_what = path.name
        QTimer.singleShot(_SAY_OPENING_AFTER_MS, self, self._say_opening)
        self._background.run(make, self._enter, lambda error: self._refuse(error, path))

    def _say_opening(self) -> None:
        if self._opening_what and self._desk is None:
            self.start.show_message(f"Opening {self._opening_what}…")

    def _opening_is_over(self) -> None:
        self._opening_what = ""
        self.start.setEnabled(True)
        self.start.messages.clear()

    def _enter(self, review: Review) -> None:
        self._opening_is_over()
        self.close_review()
        self._review = review
        try:
            self._begin(review)
        except BaseException:
            # A file that is damaged within opens and cannot be read: it is let go, so that it can be tried again.
            self._clear_desk()
            self._review = None
            review.close()
            self._outer.setCurrentWidget(self.start)
            raise

    def _begin(self, review: Review) -> None:
        people = review.reviewers()
        known = self.settings.reviewer(review.path)
        self.work_as(next((person.id for person in people if person.id.hex() == known), people[0].id))
        self._remember()
        self.review_shown.emit()

    def _refuse(self, error: BaseException, path: Path) -> None:
        self._opening_is_over()
        place = self._desk or self.start
        if isinstance(error, CopseError) and any(each.path == str(path) for each in self.settings.recent()):
            forget: Choice = ("Remove from the list", lambda: self._forget(path))
            place.show_message(error.message, Level.DANGER, (forget,))
            return
        errors.present(error, place, "opening a review")

    def _forget(self, path: Path) -> None:
        self.settings.forget_recent(str(path))
        self.start.messages.clear()
        self.start.show_recent()

    def work_as(self, reviewer: bytes) -> None:
        """Put the open review on a fresh desk for `reviewer`."""
        assert self._review is not None
        page = self._desk.current_id() if self._desk is not None else self.settings.place(self._review.path)
        self._clear_desk()
        desk = Desk(
            self._review, reviewer, self._page_specs, self.registry, self.settings, self._ask, self._file_menu(), self
        )
        desk.person_wanted.connect(self.work_as)
        self._desk = desk
        self.settings.set_reviewer(self._review.path, reviewer.hex())
        self._outer.addWidget(desk)
        self._outer.setCurrentWidget(desk)
        self._fit_rail()
        self._name_window()
        known = {spec.id for spec in self._page_specs}
        desk.show_page(page if page in known else self._page_specs[0].id)
        desk.read_progress_soon()

    def _clear_desk(self) -> None:
        self._close_keys()
        if self._desk is not None:
            self._desk.close_desk()
            self._outer.removeWidget(self._desk)
            self._desk.deleteLater()
            self._desk = None

    def close_review(self) -> None:
        """Back to the start page. Writes that were asked for end first."""
        if self._review is None:
            return
        self._remember()
        self._clear_desk()
        self._review.close()
        self._review = None
        self.start.hide_form()
        self.start.show_recent()
        self._outer.setCurrentWidget(self.start)
        self.registry.refresh()
        self._name_window()
        self.review_closed.emit()

    def _remember(self) -> None:
        if self._review is None or self._desk is None:
            return
        review = self._review
        self.settings.set_place(review.path, self._desk.current_id())
        names = tuple(person.name for person in review.reviewers())
        stage, share = self._desk.stage_reached()
        self.settings.add_recent(Recent(str(review.path), review.title, names, now(), stage, share))

    def desk(self) -> Desk | None:
        """The open review's desk, None on the start page."""
        return self._desk

    # the window itself

    def show_message(self, text: str, level: Level = Level.INFO, choices: Sequence[Choice] = ()) -> Message | None:
        """Messages of nothing in particular go to what is in front."""
        return (self._desk or self.start).show_message(text, level, choices)

    def show_keys(self) -> None:
        """Show the keys that work here; again closes them."""
        was_open = self._keys is not None and self._keys.isVisible()
        self._close_keys()
        if was_open:
            return
        self._keys = KeysPanel([a for a in self.registry.in_force() if a.enabled_when()], self.settings, self)
        self._keys.open_at(QPoint(self.width() - self._keys.width() - 16, theme.scaled(52)))

    def _close_keys(self) -> None:
        if self._keys is not None:
            self._keys.close_popover()
            self._keys.deleteLater()
            self._keys = None

    def _file_menu(self) -> QMenu:
        return self.registry.menu(("file.new", "file.open", "file.copy", "", "help.keys", "", "file.close"), self)

    def _name_window(self) -> None:
        self.setWindowTitle(f"{self._review.path.name} – Copse" if self._review is not None else "Copse")

    def _full_screen(self) -> None:
        if self.isFullScreen():
            self.showNormal()
        else:
            self.showFullScreen()

    def _toggle_rail(self, desk: Desk) -> None:
        self.settings.set_text("rail", "narrow" if desk.rail.is_wide else "wide")
        self._fit_rail()

    def _fit_rail(self) -> None:
        if self._desk is not None:
            choice = self.settings.text("rail")
            self._desk.rail.set_wide(choice == "wide" if choice else self.width() >= theme.scaled(_WIDE_RAIL_FROM))

    def _restore_geometry(self) -> None:
        saved = self.settings.bytes("geometry")
        if saved is None or not self.restoreGeometry(saved):
            self.resize(FIRST_SIZE)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._close_keys()
        self._fit_rail()

    @override
    def closeEvent(self, event: QCloseEvent) -> None:
        self.settings.set_bytes("geometry", self.saveGeometry())
        self.close_review()
        self._background.close()
        self.settings.sync()
        super().closeEvent(event)
        theme.undress(self)


Parts = tuple[Callable[[], object], Callable[[], bool]]


def _open(path: Path) -> Review:
    # Imported here, on the worker: the start page is on screen before the database library is loaded.
    from core.review import Review

    return Review.open(path)


def _create(path: Path, title: str, names: list[str]) -> Review:
    from core.review import Review

    return Review.create(path, title=title, reviewers=names)


def _example(folder: Path) -> Review:
    from core.example import open_example
    from core.review import Review

    return Review.open(open_example(folder))
