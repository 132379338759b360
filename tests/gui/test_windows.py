"""Several reviews in several windows."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core.example import open_example
from gui.interrupt import Interrupt
from gui.main_window import MainWindow
from gui.settings import Settings
from tests.gui.conftest import Answers, MakeWindow
from tests.gui.test_actions import probe
from tests.gui.test_window import desk_of
from tests.reviews import new_review


@pytest.fixture
def other_file(tmp_path: Path) -> Path:
    (tmp_path / "other").mkdir()
    review = new_review(tmp_path / "other")
    review.close()
    return review.path


@pytest.fixture
def window(window: MainWindow) -> Iterator[MainWindow]:
    """The window with the small review open; those opened beside it are closed with it."""
    yield window
    for each in window.windows.all():
        if each is not window:
            each.close()


def beside(window: MainWindow, qtbot: QtBot) -> MainWindow:
    """The newest window, once its review is shown."""
    newest = window.windows.all()[-1]
    assert newest is not window
    qtbot.waitUntil(lambda: newest.desk() is not None)
    return newest


def test_a_second_review_opens_in_a_window_of_its_own(
    window: MainWindow, answers: Answers, other_file: Path, qtbot: QtBot
) -> None:
    answers.files = [other_file]
    qtbot.keyClick(window, Qt.Key.Key_O, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    second = beside(window, qtbot)
    assert desk_of(second).workspace.review.path == other_file
    assert second.isVisible()
    with qtbot.waitSignal(desk_of(second).workspace.runner.wrote):
        probe(second).add_criterion("Adults")
    assert len(probe(second).session.protocol.criteria()) == 1
    assert probe(window).session.protocol.criteria() == ()
    second.close()
    assert window.windows.all() == [window]
    assert window.desk() is not None


@pytest.mark.parametrize("way", ["open", "beside"])
def test_a_review_that_is_open_already_comes_to_the_front(
    window: MainWindow, other_file: Path, review_file: Path, way: str, qtbot: QtBot
) -> None:
    window.open_beside(other_file)
    second = beside(window, qtbot)
    second.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is second)
    (second.open_review if way == "open" else second.open_beside)(review_file)
    qtbot.waitUntil(lambda: QApplication.activeWindow() is window)
    assert len(window.windows.all()) == 2
    assert desk_of(second).workspace.review.path == other_file
    assert second.windows.showing(other_file.parent / "x" / ".." / other_file.name) is second


def test_a_review_that_is_just_being_opened_is_not_opened_twice(
    make_window: MakeWindow, review_file: Path, qtbot: QtBot
) -> None:
    window = make_window()
    with qtbot.waitSignal(window.review_shown):
        window.open_review(review_file)
        window.open_beside(review_file)
    assert window.windows.all() == [window]


def test_an_example_that_is_open_already_comes_to_the_front(window: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    window.open_beside(open_example(tmp_path))
    second = beside(window, qtbot)
    window.open_example(tmp_path)
    qtbot.waitUntil(lambda: QApplication.activeWindow() is second)
    assert probe(window).messages.messages() == []
    assert desk_of(window).workspace.review.path != desk_of(second).workspace.review.path


def test_every_review_finds_its_window_s_size_and_its_page_again(
    window: MainWindow, other_file: Path, qtbot: QtBot
) -> None:
    window.open_beside(other_file)
    second = beside(window, qtbot)
    second.resize(1024, 745)  # what the screen of the tests has room for
    second.registry.trigger("go.other")
    second.close()
    assert window.height() != 745
    window.open_beside(other_file)
    second = beside(window, qtbot)
    assert second.height() == 745
    assert desk_of(second).current_id() == "other"
    assert desk_of(window).current_id() == "probe"


def test_a_new_window_without_a_known_place_lies_beside_the_first(
    window: MainWindow, other_file: Path, qtbot: QtBot
) -> None:
    window.resize(1200, 750)
    window.open_beside(other_file)
    second = beside(window, qtbot)
    assert second.size() == window.size()
    assert second.pos() != window.pos()


def test_a_review_that_cannot_be_opened_is_explained_in_its_own_window(
    window: MainWindow, tmp_path: Path, settings: Settings, qtbot: QtBot
) -> None:
    window.open_beside(tmp_path / "gone.copse")
    second = window.windows.all()[-1]
    qtbot.waitUntil(lambda: bool(second.start.messages.messages()))
    assert "gone.copse" in second.start.messages.messages()[0].text()
    assert probe(window).messages.messages() == []
    assert second.review_path() is None


def test_an_interrupt_closes_the_windows_as_a_hand_would(window: MainWindow, qapp: QApplication, qtbot: QtBot) -> None:
    before = signal.getsignal(signal.SIGINT)
    interrupt = Interrupt(qapp)
    try:
        signal.raise_signal(signal.SIGINT)
        qtbot.waitUntil(lambda: not window.isVisible())
    finally:
        interrupt.give_back()
    assert window.open_path() is None
    assert signal.getsignal(signal.SIGINT) is before
