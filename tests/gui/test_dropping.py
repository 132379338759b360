"""Files dropped anywhere on the window, sent as the system sends them: to the part under the pointer first."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from gui.main_window import MainWindow
from gui.pages import PAGES
from gui.pages.references.page import ReferencesPage
from tests.gui.conftest import MakeWindow
from tests.gui.test_window import desk_of
from tests.reviews import new_review, ris_file, titles

COPY = Qt.DropAction.CopyAction
LEFT, PLAIN = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


def carrying(paths: Sequence[Path]) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return data


def hold(part: QWidget, data: QMimeData) -> bool:
    """Hold files over `part`; whether it or a part around it takes them."""
    event = QDragEnterEvent(QPoint(5, 5), COPY, data, LEFT, PLAIN)
    event.ignore()
    QApplication.sendEvent(part, event)
    return event.isAccepted()


def drop(part: QWidget, *paths: Path) -> None:
    data = carrying(paths)  # the events do not keep it
    assert hold(part, data)
    QApplication.sendEvent(part, QDropEvent(QPointF(5, 5), COPY, data, LEFT, PLAIN))


def messages(window: MainWindow) -> list[str]:
    front = window.start if window.desk() is None else desk_of(window).current_page()
    assert front is not None
    return [message.text() for message in front.messages.messages()]  # type: ignore[attr-defined]


@pytest.fixture
def with_pages(make_window: MakeWindow, tmp_path: Path, qtbot: QtBot) -> MainWindow:
    """The window with all pages and a review of 3 records."""
    review = new_review(tmp_path, 3)
    review.close()
    window = make_window(PAGES)
    with qtbot.waitSignal(window.review_shown):
        window.open_review(review.path)
    return window


def test_a_review_dropped_on_the_start_page_is_opened(make_window: MakeWindow, review_file: Path, qtbot: QtBot) -> None:
    window = make_window()
    with qtbot.waitSignal(window.review_shown):
        drop(window.start, review_file)
    assert desk_of(window).workspace.review.path == review_file


def test_search_results_on_the_start_page_are_told_to_wait_for_a_review(
    make_window: MakeWindow, tmp_path: Path
) -> None:
    window = make_window()
    drop(window.start, tmp_path / "embase.ris")
    assert messages(window) == [
        "embase.ris holds search results, and no review is open to take them. Open a review or make a new one, then "
        "drop again."
    ]


@pytest.mark.parametrize("page", ["overview", "screening", "references", "analysis"])
def test_search_results_dropped_on_any_page_are_imported(
    with_pages: MainWindow, tmp_path: Path, page: str, qtbot: QtBot
) -> None:
    window = with_pages
    desk_of(window).show_page(page)
    shown = desk_of(window).current_page()
    assert shown is not None
    drop(shown, ris_file(tmp_path / "embase.ris", titles(5)))
    assert desk_of(window).current_id() == "references"
    references = desk_of(window).current_page()
    assert isinstance(references, ReferencesPage)
    qtbot.waitUntil(lambda: any(text.startswith("embase.ris: 5 read") for text in messages(window)), timeout=15_000)


@pytest.mark.parametrize("page", ["overview", "references"])
def test_a_review_dropped_on_an_open_one_comes_beside_it(
    with_pages: MainWindow, tmp_path: Path, page: str, qtbot: QtBot
) -> None:
    window = with_pages
    desk_of(window).show_page(page)
    (tmp_path / "other").mkdir()
    other = new_review(tmp_path / "other", 2)
    other.close()
    shown = desk_of(window).current_page()
    assert shown is not None
    drop(shown, other.path)
    qtbot.waitUntil(lambda: len(window.windows.all()) == 2)
    beside = window.windows.all()[1]
    qtbot.waitUntil(lambda: beside.desk() is not None)
    assert desk_of(beside).workspace.review.path == other.path
    assert desk_of(window).current_id() == page
    beside.close()


def test_other_files_are_named_and_nothing_happens(with_pages: MainWindow, tmp_path: Path) -> None:
    drop(with_pages, tmp_path / "results.docx")
    assert messages(with_pages)[0].startswith("results.docx is neither a review (.copse, .rm5) nor search results")
    assert desk_of(with_pages).current_id() == "overview"


def test_the_window_says_what_a_drop_will_do(with_pages: MainWindow, tmp_path: Path) -> None:
    hint = with_pages._drops.hint
    page = desk_of(with_pages).current_page()
    assert page is not None
    results, review = carrying([tmp_path / "embase.ris"]), carrying([tmp_path / "other.copse"])
    hold(page, results)
    assert hint.isVisible()
    assert hint.text() == "Drop to import into References"
    QApplication.sendEvent(page, QDragLeaveEvent())
    assert not hint.isVisible()
    hold(page, review)
    assert hint.text() == "Drop to open the review in a new window"
    with_pages.close_review()
    hold(with_pages.start, review)
    assert hint.text() == "Drop to open the review"


def test_text_held_over_the_window_is_not_taken(with_pages: MainWindow) -> None:
    data = QMimeData()
    data.setText("ketamine")
    assert not hold(with_pages, data)
    assert not with_pages._drops.hint.isVisible()
