"""Drives the pages on which records are judged: keys and clicks as a user gives them, and what is then to be seen."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from core.model import Id, Verdict
from core.review import Review, Session
from gui.desk import Desk
from gui.main_window import MainWindow
from gui.pages import PAGES, PageSpec
from gui.pages.screening.judging import JudgingPage
from gui.widgets.buttons import Button
from gui.widgets.marks import Chip
from tests.reviews import new_review

W = TypeVar("W", bound=QWidget)


def specs(*ids: str) -> tuple[PageSpec, ...]:
    """The window's own entries for these pages."""
    return tuple(spec for spec in PAGES if spec.id in ids)


class Judging:
    """The window on one judging page of an open review."""

    def __init__(self, window: MainWindow, page: str, qtbot: QtBot) -> None:
        self.window = window
        self.qtbot = qtbot
        self._page = page
        self.go(page)

    # where one is

    @property
    def desk(self) -> Desk:
        desk = self.window.desk()
        assert desk is not None
        return desk

    @property
    def page(self) -> JudgingPage:
        page = self.desk.current_page()
        assert isinstance(page, JudgingPage)
        return page

    @property
    def review(self) -> Review:
        return self.desk.workspace.review

    def session(self, name: str) -> Session:
        """What a reviewer, named by the first name, does elsewhere."""
        return self.review.session(next(p.id for p in self.review.reviewers() if p.name.startswith(name)))

    def go(self, page: str) -> None:
        self.window.registry.trigger(f"go.{page}")
        self.settle()

    def work_as(self, name: str) -> None:
        """Switch the reviewer and come back to the page."""
        self.window.work_as(self.session(name).reviewer.id)
        self.go(self._page)

    def tab(self, name: str) -> None:
        """Click on a tab."""
        tabs = self.page.header.tabs
        self.qtbot.mouseClick(tabs, Qt.MouseButton.LeftButton, pos=tabs.tab_rect(name).center())
        self.settle()

    # acting

    def settle(self) -> None:
        """Until nothing is under way and all is laid out."""
        self.qtbot.waitUntil(lambda: self.desk.workspace.runner.pending == 0)
        QApplication.processEvents()

    def press(self, *keys: str | Qt.Key) -> None:
        """Press keys one after the other, each when the last has taken effect."""
        for key in keys:
            target = self.window.focusWidget() or self.page
            if isinstance(key, str):
                QTest.keyClick(target, key)
            else:
                QTest.keyClick(target, key)
            self.settle()

    def find(self, kind: type[W], name: str) -> W:
        """The visible widget of this name."""
        found = [each for each in self.page.findChildren(kind, name) if each.isVisible()]
        assert len(found) == 1, f"{len(found)} visible {kind.__name__} named {name}"
        return found[0]

    def click(self, name: str) -> None:
        """Click on the visible button of this name."""
        self.click_on(self.find(Button, name))

    def click_on(self, widget: QWidget) -> None:
        self.qtbot.mouseClick(widget, Qt.MouseButton.LeftButton, pos=QPoint(8, widget.height() // 2))
        self.settle()

    # seeing

    def texts(self) -> list[str]:
        """All words on the page that are labels or chips."""
        labels = [each.text() for each in self.page.findChildren(QLabel) if each.isVisible()]
        return [*labels, *(each.text() for each in self.page.findChildren(Chip) if each.isVisible())]

    def status(self) -> str:
        return self.desk.status_bar.line()

    def messages(self) -> list[str]:
        return [message.text() for message in self.page.messages.messages()]


def judge_all(session: Session, verdicts: dict[Id, Verdict], other: Verdict = Verdict.EXCLUDE) -> None:
    """Decide on all records of title and abstract: as named, and `other` on the rest."""
    waiting = session.screening.queue(limit=10_000)
    session.screening.decide_many([(i, verdicts.get(i, other), None) for i in waiting])


def open_in(window: MainWindow, path: Path, qtbot: QtBot) -> MainWindow:
    """Open a closed review in the window."""
    with qtbot.waitSignal(window.review_shown):
        window.open_review(path)
    return window


class Reviews:
    """Closed reviews of so many records, made once and copied for each test."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._made: dict[int, Path] = {}

    def copy(self, target: Path, records: int, prepare: Callable[[Review], object] | None = None) -> Path:
        """A review in the folder `target`; `prepare(review)` sets it up."""
        if records not in self._made:
            review = new_review(self._folder, records, name=f"{records}.copse")
            review.close()
            self._made[records] = review.path
        path = target / "review.copse"
        shutil.copyfile(self._made[records], path)
        if prepare is not None:
            review = Review.open(path)
            prepare(review)
            review.close()
        return path
