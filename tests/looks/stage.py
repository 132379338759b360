"""The real window with any page and tab of it in front, at any size and in either scheme, and at rest."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QEvent, QEventLoop, QSize, QTimer
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from gui import accessible
from gui.main_window import MainWindow
from gui.pages import PAGES
from gui.pages.base import SystemAsk
from gui.revman.arrival_page import CHECK, CONTENTS, REMARKS
from gui.settings import Settings
from gui.theme import Theme
from gui.tokens import Scheme
from tests.gui.arrivals import with_a_wrong_total

SIZES = (QSize(1024, 700), QSize(1280, 800), QSize(1920, 1080))
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
START, ARRIVAL = "start", "arrival"
PAGE_IDS = (START, *(spec.id for spec in PAGES))
_LIMIT_S = 30
_ROUNDS = 6  # a layout within a layout finds its size in the round after the one around it
_PROGRESS_SHOWN_MS = 350  # the rail reads how far the stages are a quarter of a second after a review was opened


@dataclass(frozen=True)
class View:
    """What is in front: a page, and one of its tabs ("" where it has none)."""

    page: str
    tab: str = ""

    @property
    def name(self) -> str:
        """For file names."""
        return f"{self.page}-{self.tab}" if self.tab else self.page


class Stage:
    """One window. Opening a review closes the one before. `hints`: whether pages show them at the first visits."""

    def __init__(self, theme: Theme, folder: Path, *, hints: bool = False) -> None:
        accessible.install()
        self._theme = theme
        self._folder = folder
        settings = Settings(folder / "settings.ini")
        settings.hints = hints
        self.window = MainWindow(settings, SystemAsk(), "1.0")
        self.window.show()
        self.window.activateWindow()

    def open(self, path: Path) -> list[str]:
        """Open a review unless it is open; what the start page says when it cannot be."""
        if self._has_open(path):
            return []
        self.window.open_review(path)
        self._until(lambda: self._has_open(path) or bool(self._complaints()))
        if self._has_open(path):
            _let_work(_PROGRESS_SHOWN_MS)
        self.settle()
        return self._complaints()

    def _has_open(self, path: Path) -> bool:
        desk = self.window.desk()
        return desk is not None and desk.workspace.review.path == path

    def _complaints(self) -> list[str]:
        if not self.window.start.isEnabled():
            return []
        return [message.text() for message in self.window.start.messages.messages()]

    def work_as(self, name: str) -> None:
        """Let the reviewer of this name look."""
        desk = self.window.desk()
        for person in desk.workspace.review.reviewers() if desk is not None else ():
            if person.name == name and desk is not None and desk.workspace.session.reviewer.id != person.id:
                self.window.work_as(person.id)
        self.settle()

    def views(self, page: str) -> Iterator[View]:
        """Bring a page to the front, then each of its tabs in turn."""
        if page == START:
            self.window.close_review()
            self.settle()
            yield View(START)
            return
        if page == ARRIVAL:
            yield from self._arrivals()
            return
        self.window.registry.trigger(f"go.{page}")
        self.settle()
        desk = self.window.desk()
        current = desk.current_page() if desk is not None else None
        assert current is not None
        tabs = current.header.tabs
        for tab in current.TABS:
            tabs.set_current(tab.id)
            self.settle()
            yield View(page, tab.id)
        if not current.TABS:
            yield View(page)
        else:
            tabs.set_current(current.TABS[0].id)

    def _arrivals(self) -> Iterator[View]:
        """A review of another program with a wrong number, each tab; then a file that cannot be read."""
        source = self._folder / "tea.rm5"
        source.write_bytes(with_a_wrong_total())
        self.window.open_review(source)
        self._until(lambda: (page := self.window.arrival.page) is not None and page.is_checked)
        page = self.window.arrival.page
        assert page is not None
        for tab in (CONTENTS, CHECK, REMARKS):
            page.header.tabs.set_current(tab)
            self.settle()
            yield View(ARRIVAL, tab)
        source.write_bytes(b"<COCHRANE_REVIEW>")
        self.window.arrival.give_up()
        self.window.open_review(source)
        self._until(lambda: (page := self.window.arrival.page) is not None and page.failed)
        self.settle()
        yield View(ARRIVAL, "refused")
        self.window.arrival.give_up()
        self.settle()

    def dress(self, scheme: Scheme, size: QSize) -> None:
        """Give the window a scheme and a size."""
        if self._theme.scheme != scheme:
            self._theme.set_scheme(scheme)
        self.window.resize(size)
        self.settle()

    def enlarge(self, percent: int) -> None:
        """Give text another size, as the settings do."""
        self._theme.set_text_size(percent)
        self.window.build_anew()
        self.settle()

    def picture(self) -> QImage:
        """What the window looks like now, in device pixels."""
        return self.window.grab().toImage()

    def settle(self) -> None:
        """Until no call is under way and its results have found their places."""
        for _ in range(_ROUNDS):
            _let_work(0)
            self._until(lambda: (desk := self.window.desk()) is None or not desk.workspace.runner.pending)

    def _until(self, condition: Callable[[], bool]) -> None:
        deadline = time.monotonic() + _LIMIT_S
        while not condition():
            assert time.monotonic() < deadline, "the window did not come to rest"
            _let_work(5)

    def close(self) -> None:
        """Close the window and leave the light scheme."""
        self.window.close_review()
        # Before the style sheet goes: it would be taken off every widget of every page, one by one.
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        self.window.close()
        self.window.deleteLater()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        self._theme.set_scheme("light")


def save(picture: QImage, folder: Path, name: str) -> Path:
    """Write a picture; its file tells the size in logical pixels, and how many device pixels go into one."""
    ratio = picture.devicePixelRatio()
    size = f"{picture.width() / ratio:.0f}x{picture.height() / ratio:.0f}"
    path = folder / f"{name}-{size}{'' if ratio == 1 else f'@{ratio:.0f}x'}.png"
    folder.mkdir(parents=True, exist_ok=True)
    picture.save(str(path))
    return path


def _let_work(milliseconds: int) -> None:
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()
