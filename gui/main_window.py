"""A window: the start page, or the desk of an open review. It opens and closes reviews."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QResizeEvent
from PySide6.QtWidgets import QMenu, QStackedWidget, QWidget
from typing_extensions import override

from core.errors import CopseError
from core.language import tr
from gui import errors, theme
from gui.actions import Action, Registry
from gui.desk import Desk
from gui.dropping import FileDrops, Sorted, nothing_open, unreadable
from gui.operations import Background
from gui.pages import PAGES, PageSpec
from gui.pages.base import Ask
from gui.pages.start.page import FILE_FILTER, StartPage
from gui.pages.start.parts import now
from gui.settings import Recent, Settings
from gui.widgets.buttons import Kind
from gui.widgets.keys_panel import KeysPanel
from gui.widgets.messages import Choice, Level, Message
from gui.widgets.panes import column
from gui.windows import Windows

if TYPE_CHECKING:
    from core.review import Review
    from gui.pages.program.page import ProgramPage
    from gui.palette.palette import Palette

FIRST_SIZE = QSize(1280, 800)
MINIMUM_SIZE = QSize(1024, 700)
_WIDE_RAIL_FROM = 1440
_SAY_OPENING_AFTER_MS = 1000
_BESIDE = QPoint(32, 32)


class MainWindow(QWidget):
    """See the module."""

    review_shown = Signal()
    """A review is open and its first page is in front."""
    review_closed = Signal()

    def __init__(
        self,
        settings: Settings,
        ask: Ask,
        version: str = "",
        pages: Sequence[PageSpec] = PAGES,
        windows: Windows | None = None,
    ) -> None:
        super().__init__()
        theme.dress(self)
        self.settings = settings
        self.windows = windows or Windows()
        self.windows.enter(self)
        self._ask = ask
        self._version = version
        self._page_specs = tuple(pages)
        self._review: Review | None = None
        self._desk: Desk | None = None
        self._keys: KeysPanel | None = None
        self._palette: Palette | None = None
        self._program: ProgramPage | None = None
        self._opening_path: Path | None = None
        self._background = Background(self)
        self.registry = Registry(self, settings)
        self.registry.add(self._global_actions())
        self._outer = QStackedWidget()
        self.start = self._make_start()
        self.setLayout(column(self._outer, spacing=0))
        self.setMinimumSize(MINIMUM_SIZE)
        self._drops = FileDrops(self, lambda: self._review is not None, self._take_files)
        self.restore_geometry(None)
        self._name_window()

    def _make_start(self) -> StartPage:
        start = StartPage(self.settings, self._ask, self._version)
        start.open_wanted.connect(self.open_review)
        start.create_wanted.connect(self.create_review)
        start.example_wanted.connect(self.open_example)
        for name, text in (("help.keys", tr("Keys")), ("app.settings", tr("Settings")), ("app.about", tr("About"))):
            button = self.registry.button(name, Kind.QUIET, text=text, show_key=False)
            button.setObjectName(f"start.{name}")
            start.add_to_footer(button)
        self._outer.addWidget(start)
        return start

    # actions

    def _global_actions(self) -> tuple[Action, ...]:
        def on_desk(handler: Callable[[Desk], object], condition: Callable[[Desk], bool] = lambda _desk: True) -> Parts:
            def handle() -> None:
                if self._desk is not None:
                    self._leave_program()
                    handler(self._desk)

            return handle, lambda: self._desk is not None and condition(self._desk)

        def action(name: str, text: str, parts: Parts, *keys: str, icon: str = "") -> Action:
            return Action(name, text, parts[0], keys, icon, enabled_when=parts[1])

        always: Callable[[], bool] = lambda: True  # noqa: E731 - a value among values
        stages = [
            action(
                f"go.{spec.id}",
                spec.title,
                on_desk(lambda d, p=spec.id: d.show_page(p)),
                f"Ctrl+{n}",
                icon=spec.icon,
            )
            for n, spec in enumerate(self._page_specs, 1)
        ]
        return (
            action("file.new", tr("New review"), (self._new, always), "Ctrl+N", icon="plus"),
            action("file.open", tr("Open…"), (self._open, always), "Ctrl+O", icon="folder-open"),
            action(
                "file.open_window", tr("Open in a new window…"), (self._open_beside, always), "Ctrl+Shift+O",
                icon="external-link",
            ),
            action("file.copy", tr("Save a copy…"), on_desk(Desk.save_copy), "Ctrl+Shift+E", icon="copy"),
            action("file.merge", tr("Merge a colleague's copy…"), on_desk(Desk.merge_copy), icon="merge"),
            action("file.close", tr("Close review"), on_desk(lambda _d: self.close_review()), "Ctrl+W", icon="log-out"),
            action("edit.undo", tr("Undo"), on_desk(Desk.undo, Desk.can_undo), "Ctrl+Z", icon="undo-2"),
            action("edit.redo", tr("Redo"), on_desk(Desk.redo, Desk.can_redo), "Ctrl+Shift+Z", "Ctrl+Y", icon="redo-2"),
            action("go.back", tr("Back"), on_desk(Desk.back, Desk.can_go_back), "Alt+Left", icon="arrow-left"),
            action(
                "go.forward", tr("Forward"), on_desk(Desk.forward, Desk.can_go_forward), "Alt+Right", icon="arrow-right"
            ),
            *stages,
            action("go.palette", tr("Search and commands"), (self.show_palette, always), "Ctrl+K", icon="search"),
            action("view.rail", tr("Wide or narrow rail"), on_desk(self._toggle_rail), "Ctrl+B", icon="panel-left"),
            action("view.next_pane", tr("Next pane"), on_desk(lambda d: d.next_pane(1)), "F6"),
            action("view.previous_pane", tr("Previous pane"), on_desk(lambda d: d.next_pane(-1)), "Shift+F6"),
            action("view.full_screen", tr("Full screen"), (self._full_screen, always), "F11"),
            action("help.keys", tr("Keys of this page"), (self.show_keys, always), "F1", icon="keyboard"),
            action("app.settings", tr("Settings"), (lambda: self.show_program("settings"), always), "Ctrl+,",
                   icon="settings"),
            action("app.about", tr("About Copse"), (lambda: self.show_program("about"), always), icon="info"),
        )  # fmt: skip

    def _new(self) -> None:
        self._leave_program()
        self.close_review()
        self.start.show_form()

    def _open(self) -> None:
        self.start.ask_open()

    def _open_beside(self) -> None:
        for path in self._ask.open_files(self, tr("Open a review in a new window"), FILE_FILTER):
            self.open_beside(path)

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

    def open_beside(self, path: Path) -> None:
        """Open the review at `path` in a window of its own, as large and where it was last."""
        shown = self.windows.showing(path)
        if shown is not None:
            shown.bring_forward()
            return
        beside = MainWindow(self.settings, self._ask, self._version, self._page_specs, self.windows)
        beside.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if not beside.restore_geometry(path):
            beside.resize(self.size())
            beside.move(self.pos() + _BESIDE)
        beside.show()
        beside.open_review(path)

    def _opening(self, make: Callable[[], Review], path: Path) -> None:
        shown = self.windows.showing(path)
        if shown is not None:
            shown.bring_forward()
            return
        self._leave_program()
        self.start.setEnabled(False)
        self._opening_path = path
        QTimer.singleShot(_SAY_OPENING_AFTER_MS, self, self._say_opening)
        self._background.run(make, self._enter, lambda error: self._refuse(error, path))

    def _say_opening(self) -> None:
        if self._opening_path is not None and self._desk is None:
            self.start.show_message(tr("Opening {name}…", name=self._opening_path.name))

    def _opening_is_over(self) -> None:
        self._opening_path = None
        self.start.setEnabled(True)
        self.start.messages.clear()

    def _enter(self, review: Review) -> None:
        self._opening_is_over()
        self._leave_program()
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
        if isinstance(error, CopseError) and error.code == "file.open_elsewhere":
            # The example is asked for by its folder: which file that is has turned out only now.
            shown = self.windows.showing(path if path.suffix else path / str(error.params["name"]))
            if shown is not None:
                shown.bring_forward()
                return
        if isinstance(error, CopseError) and any(each.path == str(path) for each in self.settings.recent()):
            forget: Choice = (tr("Remove from the list"), lambda: self._forget(path))
            place.show_message(error.message, Level.DANGER, (forget,))
            return
        errors.present(error, place, tr("opening a review"))

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
        self._close_palette()
        if self._desk is not None:
            self._desk.close_desk()
            self._outer.removeWidget(self._desk)
            self._desk.deleteLater()
            self._desk = None

    def close_review(self) -> None:
        """Back to the start page. Writes that were asked for end first."""
        if self._review is None:
            return
        self._leave_program()
        self._remember()
        self._clear_desk()
        self.settings.set_geometry(self._review.path, self.saveGeometry())
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

    def review_path(self) -> Path | None:
        """The review shown or being opened here."""
        return self._opening_path or (self._review.path if self._review is not None else None)

    def _take_files(self, files: Sorted) -> None:
        """Do what can be done with dropped files; a review that is open here stays open."""
        for path in files.reviews:
            if self.review_path() is None:
                self.open_review(path)
            else:
                self.open_beside(path)
        if files.references and self._desk is not None:
            self._leave_program()
            self._desk.show_page("references", files=files.references)
        elif files.references:
            self.show_message(nothing_open(files.references), Level.WARN)
        if files.others:
            self.show_message(unreadable(files.others), Level.WARN)

    # settings and About

    def show_program(self, tab: str) -> None:
        """Put the program's page in front, with the tab "settings" or "about"."""
        # Imported here: nobody looks at it when the program starts.
        from gui.pages.program.page import ProgramPage

        self._close_keys()
        if self._program is None:
            self._program = page = ProgramPage(self.settings)
            page.left.connect(self._leave_program)
            page.settings.look_changed.connect(lambda: theme.take_settings(self.settings))
            page.settings.rail_changed.connect(self._fit_rail)
            # Later: the control that asks for it goes as well.
            page.settings.size_changed.connect(lambda: QTimer.singleShot(0, self, self._resize_text))
            self._outer.addWidget(page)
            self.registry.set_scope("")
        self._outer.setCurrentWidget(self._program)
        self._program.show_tab(tab)

    def _leave_program(self) -> None:
        page, self._program = self._program, None
        if page is None:
            return
        front = self._desk or self.start
        self._outer.setCurrentWidget(front)
        self._outer.removeWidget(page)
        page.deleteLater()
        if self._desk is not None:
            self._desk.show_page(self._desk.current_id())
        else:
            self.start.new.setFocus(Qt.FocusReason.OtherFocusReason)

    def _resize_text(self) -> None:
        theme.take_settings(self.settings)
        for window in self.windows.all():
            window.build_anew()

    def build_anew(self) -> None:
        """Lay everything out again, for another size of text."""
        tab = self._program.tab() if self._program is not None else ""
        self._leave_program()
        old = self.start
        self.start = self._make_start()
        self._outer.removeWidget(old)
        old.deleteLater()
        if self._desk is not None:
            self.work_as(self._desk.workspace.session.reviewer.id)
        else:
            self._outer.setCurrentWidget(self.start)
        if tab:
            self.show_program(tab)

    # the window itself

    def bring_forward(self) -> None:
        """Come to the front of the screen."""
        self._leave_program()
        if self.isMinimized():
            self.showNormal()
        self.raise_()
        self.activateWindow()

    def show_message(self, text: str, level: Level = Level.INFO, choices: Sequence[Choice] = ()) -> Message | None:
        """Messages of nothing in particular go to what is in front."""
        return (self._program or self._desk or self.start).show_message(text, level, choices)

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

    def show_palette(self) -> None:
        """Search commands, pages and what the review holds; again closes the palette."""
        from gui.palette.entries import Catalogue, recent_reviews
        from gui.palette.palette import Palette

        if self._palette is not None:
            self._close_palette()
            return
        self._close_keys()
        opened = self._review.path if self._review is not None else None
        reviews = recent_reviews(self.settings.recent(), opened, self.open_review)
        catalogue = Catalogue(self.registry, [spec.id for spec in self._page_specs], reviews)
        self._palette = Palette(catalogue, self._desk.workspace if self._desk is not None else None, self)
        self._palette.closed.connect(self._forget_palette)

    def _forget_palette(self) -> None:
        self._palette = None

    def _close_palette(self) -> None:
        if self._palette is not None:
            self._palette.close_palette()

    def palette_shown(self) -> Palette | None:
        """The palette while it is open."""
        return self._palette

    def _file_menu(self) -> QMenu:
        files = ("file.new", "file.open", "file.open_window", "file.copy", "file.merge")
        return self.registry.menu((*files, "", "app.settings", "help.keys", "app.about", "", "file.close"), self)

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

    def restore_geometry(self, review: Path | None) -> bool:
        """As large and where the window of `review` (or one without) was last; whether that is known."""
        saved = self.settings.geometry(review)
        known = saved is not None and self.restoreGeometry(saved)
        if not known and review is None:
            self.resize(FIRST_SIZE)
        return known

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._close_keys()
        self._fit_rail()

    @override
    def closeEvent(self, event: QCloseEvent) -> None:
        self.settings.set_geometry(None, self.saveGeometry())
        self.windows.leave(self)
        self.close_review()
        self._background.close()
        self.settings.sync()
        super().closeEvent(event)


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
