"""A window: the start page, or the desk of an open review. It opens and closes reviews."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QMenu, QStackedWidget, QWidget
from typing_extensions import override

from core.errors import CopseError
from core.language import tr
from gui import errors, opening, theme
from gui.actions import Registry
from gui.desk import Desk
from gui.dropping import FileDrops, take_files
from gui.memory import PlaceMemory
from gui.operations import Background
from gui.overlays import Overlays
from gui.pages import PAGES, PageSpec
from gui.pages.base import Ask
from gui.pages.start.page import OPEN_FILTER, StartPage
from gui.pages.start.parts import now
from gui.program_front import ProgramFront
from gui.revman.front import ArrivalFront, is_review_file, may_be_review_file
from gui.revman.welcome import welcome
from gui.settings import Place, Recent, Settings
from gui.widgets.buttons import Kind
from gui.widgets.messages import Choice, Level, Message
from gui.widgets.panes import column
from gui.window_actions import global_actions, step_out
from gui.windows import Windows

if TYPE_CHECKING:
    from core.interchange.verify import Verification
    from core.review import Review
    from gui.explanations.explainer import Explainer
    from gui.palette.palette import Palette

FIRST_SIZE, MINIMUM_SIZE = QSize(1280, 800), QSize(1024, 700)
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
        self.page_specs = tuple(pages)
        self._review: Review | None = None
        self._desk: Desk | None = None
        self._opening_path: Path | None = None
        self._places = PlaceMemory(self, settings)
        self._background = Background(self)
        self.registry = Registry(self, settings)
        self._outer = QStackedWidget()
        self.overlays = Overlays(self)
        self.program = ProgramFront(self._outer, settings, self.registry, self._bring_back, self._fit_rail)
        self.program.text_resized.connect(self._resize_text)
        self.arrival = ArrivalFront(self._outer, settings, self.registry, ask, self._enter_arrived, self._bring_back)
        self.start = self._make_start()
        self.registry.add(global_actions(self, self.page_specs))
        self._fill_footer()
        self.setLayout(column(self._outer, spacing=0))
        self.setMinimumSize(MINIMUM_SIZE)
        self._drops = FileDrops(self, lambda: self._review is not None, lambda files: take_files(self, files))
        self.restore_geometry(None)
        self._name_window()

    def _make_start(self) -> StartPage:
        start = StartPage(self.settings, self._ask, self._version)
        start.open_wanted.connect(self.open_review)
        start.create_wanted.connect(self.create_review)
        start.example_wanted.connect(self.open_example)
        self._outer.addWidget(start)
        return start

    def _fill_footer(self) -> None:
        for name, text in (("help.keys", tr("Keys")), ("app.settings", tr("Settings")), ("app.about", tr("About"))):
            button = self.registry.button(name, Kind.QUIET, text=text, show_key=False)
            button.setObjectName(f"start.{name}")
            self.start.add_to_footer(button)

    # asked for by actions

    def new_review(self) -> None:
        """Offer the form for a new review."""
        self.program.leave()
        self.arrival.give_up()
        self.close_review()
        self.start.show_form()

    def ask_open_beside(self) -> None:
        """Let the user choose reviews to open in windows of their own."""
        for path in self._ask.open_files(self, tr("Open a review in a new window"), OPEN_FILTER):
            self.open_beside(path)

    # opening and closing a review

    def open_review(self, path: Path, refused: Callable[[BaseException], None] | None = None) -> None:
        """Open the review at `path` in the background; what is wrong with it is said in place, or to `refused`.

        A review of another program is read and shown first.
        """
        if is_review_file(path) or may_be_review_file(path):
            self.program.leave()
            self.arrival.show(path)
            return
        self._opening(lambda: opening.open_file(path), path, refused)

    def create_review(self, path: Path, title: str, names: list[str]) -> None:
        """Make a new review and open it."""
        self._opening(lambda: opening.create_file(path, title, names), path)

    def open_example(self, folder: Path) -> None:
        """Build the example review in `folder` and open it."""
        self._opening(lambda: opening.open_example(folder), folder)

    def open_beside(self, path: Path) -> None:
        """Open the review at `path` in a window of its own, as large and where it was last."""
        shown = self.windows.showing(path)
        if shown is not None:
            shown.bring_forward()
            return
        self.window_beside(path).open_review(path)

    def window_beside(self, path: Path) -> MainWindow:
        """A window more, as large and where that of the review at `path` was last."""
        beside = MainWindow(self.settings, self._ask, self._version, self.page_specs, self.windows)
        beside.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if not beside.restore_geometry(path):
            beside.resize(self.size())
            beside.move(self.pos() + _BESIDE)
        beside.show()
        return beside

    def _opening(
        self, make: Callable[[], Review], path: Path, refused: Callable[[BaseException], None] | None = None
    ) -> None:
        shown = self.windows.showing(path)
        if shown is not None:
            shown.bring_forward()
            return
        self.program.leave()
        self.start.setEnabled(False)
        self._opening_path = path
        QTimer.singleShot(_SAY_OPENING_AFTER_MS, self, self._say_opening)
        self._background.run(make, self._enter, lambda error: self._refuse(error, path, refused))

    def _say_opening(self) -> None:
        if self._opening_path is not None and self._desk is None:
            self.start.show_message(tr("Opening {name}…", name=self._opening_path.name))

    def _opening_is_over(self) -> None:
        self._opening_path = None
        self.start.setEnabled(True)
        self.start.messages.clear()

    def _enter(self, review: Review) -> None:
        self._opening_is_over()
        self.program.leave()
        self.arrival.leave()
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

    def _enter_arrived(self, review: Review, verification: Verification | None) -> None:
        self._enter(review)
        page = self._desk.current_page() if self._desk is not None else None
        if page is not None:
            welcome(page, verification)

    def _begin(self, review: Review) -> None:
        people = review.reviewers()
        known = self.settings.reviewer(review.path)
        self.work_as(next((person.id for person in people if person.id.hex() == known), people[0].id))
        self._remember()
        self.windows.note()
        self._places.follow(review.path, lambda: self._desk.place() if self._desk is not None else Place(""))
        self.review_shown.emit()

    def _refuse(self, error: BaseException, path: Path, refused: Callable[[BaseException], None] | None) -> None:
        self._opening_is_over()
        if refused is not None:
            refused(error)
            return
        place = self.arrival.page or self._desk or self.start
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
        old = self._desk
        place = old.place() if old is not None else self.settings.place(self._review.path)
        stays = old is None or old.workspace.session.reviewer.id == reviewer
        self._clear_desk()
        desk = Desk(
            self._review, reviewer, self.page_specs, self.registry, self.settings, self._ask, self._file_menu(), self
        )
        desk.person_wanted.connect(self.work_as)
        self._desk = desk
        self.settings.set_reviewer(self._review.path, reviewer.hex())
        self._outer.addWidget(desk)
        self._outer.setCurrentWidget(desk)
        self._fit_rail()
        self._name_window()
        if place.page in [spec.id for spec in self.page_specs]:
            # Another reviewer begins on the same page, but may not be able to see the same thing.
            desk.show_page(place.page, **(place.where if stays else {}))
        else:
            desk.show_page(self.page_specs[0].id)
        desk.read_progress_soon()

    def _clear_desk(self) -> None:
        self.overlays.close()
        if self._desk is not None:
            self._desk.close_desk()
            self._outer.removeWidget(self._desk)
            self._desk.deleteLater()
            self._desk = None

    def close_review(self) -> None:
        """Back to the start page. Writes that were asked for end first."""
        if self._review is None:
            return
        self.program.leave()
        self._remember()
        self._places.stop()
        self._clear_desk()
        self._review.close()
        self._review = None
        self.windows.note()
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
        names = tuple(person.name for person in review.reviewers())
        stage, share = self._desk.stage_reached()
        self.settings.add_recent(Recent(str(review.path), review.title, names, now(), stage, share))

    def desk(self) -> Desk | None:
        """The open review's desk, None on the start page."""
        return self._desk

    def review_path(self) -> Path | None:
        """The review shown or being opened here."""
        return self._opening_path or (self._review.path if self._review is not None else None)

    def is_free(self) -> bool:
        """Whether a review can be shown here without another having to go."""
        return self.review_path() is None and not self.arrival.is_making()

    def look_into(self, tables: Sequence[Path], then: Callable[[frozenset[Path]], object]) -> None:
        """Read the first lines of these files on a worker, and tell which of them hold a review."""
        from gui.revman.work import reviews_among

        self._background.run(
            lambda: reviews_among(tables), then, lambda error: errors.present(error, self, tr("looking into a file"))
        )

    def open_path(self) -> Path | None:
        """The review shown here."""
        return self._review.path if self._review is not None else None

    # settings, About, another size of text

    def show_program(self, tab: str) -> None:
        """Put the program's page in front, with the tab "settings" or "about"."""
        self.overlays.close_keys()
        self.program.show(tab)

    def _bring_back(self) -> None:
        if self.arrival.page is not None:
            self.arrival.bring()
            return
        self._outer.setCurrentWidget(self._desk or self.start)
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
        tab = self.program.tab()
        self.program.leave()
        old = self.start
        self.start = self._make_start()
        self._fill_footer()
        self._outer.removeWidget(old)
        old.deleteLater()
        if self._desk is not None:
            self.work_as(self._desk.workspace.session.reviewer.id)
        else:
            self._outer.setCurrentWidget(self.start)
        self.arrival.build_anew()
        if tab:
            self.show_program(tab)

    # the window itself

    def bring_forward(self) -> None:
        """Come to the front of the screen."""
        self.program.leave()
        if self.isMinimized():
            self.showNormal()
        self.raise_()
        self.activateWindow()

    def show_message(self, text: str, level: Level = Level.INFO, choices: Sequence[Choice] = ()) -> Message | None:
        """Messages of nothing in particular go to what is in front."""
        return (self.program.page or self.arrival.page or self._desk or self.start).show_message(text, level, choices)

    def show_explanations(self, topic: str = "") -> None:
        """Show one explanation, or the list of them with those of the page first."""
        self.overlays.show_explanations(topic)

    def explainer(self) -> Explainer:
        """What shows explanations, made when first asked for."""
        return self.overlays.explainer()

    def palette_shown(self) -> Palette | None:
        """The palette while it is open."""
        return self.overlays.palette

    def _file_menu(self) -> QMenu:
        files = ("file.new", "file.open", "file.open_window", "file.copy", "file.merge")
        rest = ("app.settings", "help.keys", "help.explanations", "app.about", "", "file.close")
        return self.registry.menu((*files, "", *rest), self)

    def _name_window(self) -> None:
        self.setWindowTitle(f"{self._review.path.name} – Copse" if self._review is not None else "Copse")

    def toggle_full_screen(self) -> None:
        """The whole screen, or a window again."""
        if self.isFullScreen():
            self.showNormal()
        else:
            self.showFullScreen()

    def toggle_rail(self, desk: Desk) -> None:
        """Labels beside the icons, or below them; the choice is kept."""
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
        self.overlays.close_keys()
        self.overlays.close_explanation()
        self._fit_rail()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc that nobody took leads one step out: of a field or list to the page, of the form, of the full screen."""
        if event.key() != Qt.Key.Key_Escape or not step_out(self):
            super().keyPressEvent(event)

    @override
    def closeEvent(self, event: QCloseEvent) -> None:
        self.settings.set_geometry(None, self.saveGeometry())
        self.windows.leave(self)
        self.arrival.leave()
        self.close_review()
        self._background.close()
        self.settings.sync()
        super().closeEvent(event)
