"""The window for tests: themed, with settings of its own, answers instead of dialogs, and a small real review."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from gui.main_window import MainWindow
from gui.pages import PageSpec
from gui.settings import Settings
from gui.theme import Theme
from tests.gui.probe_page import SPECS
from tests.reviews import new_review


@dataclass
class Answers:
    """Stands in for the dialogs of the system: answers what it was told to and keeps what it was asked."""

    files: list[Path] = field(default_factory=list)
    target: Path | None = None
    directory: Path | None = None
    asked: list[str] = field(default_factory=list)

    def open_files(self, parent: QWidget, title: str, filters: str) -> list[Path]:
        self.asked.append(title)
        return self.files

    def save_file(self, parent: QWidget, title: str, suggested: Path, filters: str) -> Path | None:
        self.asked.append(str(suggested))
        return self.target

    def folder(self, parent: QWidget, title: str) -> Path | None:
        self.asked.append(title)
        return self.directory


@pytest.fixture(scope="session")
def theme(qapp: QApplication) -> Theme:
    return Theme(qapp, "light")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    made = Settings(tmp_path / "settings.ini")
    made.hints = False  # they come and go with the visits; tests that want them ask for them
    return made


@pytest.fixture
def answers() -> Answers:
    return Answers()


MakeWindow = Callable[..., MainWindow]


@pytest.fixture
def make_window(qtbot: QtBot, theme: Theme, settings: Settings, answers: Answers) -> Iterator[MakeWindow]:
    """Make a shown window; pages default to two probe pages."""
    made: list[MainWindow] = []

    def make(pages: tuple[PageSpec, ...] = SPECS) -> MainWindow:
        window = MainWindow(settings, answers, "1.0", pages)
        qtbot.addWidget(window)
        made.append(window)
        window.show()
        with qtbot.waitActive(window):
            window.activateWindow()
        return window

    yield make
    for window in made:
        window.close()


@pytest.fixture
def review_file(tmp_path: Path) -> Path:
    """A closed review with three reviewers and no record."""
    review = new_review(tmp_path)
    review.close()
    return review.path


@pytest.fixture
def window(make_window: MakeWindow, review_file: Path, qtbot: QtBot) -> MainWindow:
    """The window with the small review open."""
    window = make_window()
    with qtbot.waitSignal(window.review_shown):
        window.open_review(review_file)
    return window
