"""Free tests for every page: it is named, its keys do not conflict. How it looks: see tests/looks."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gui.actions import conflicts
from gui.main_window import MainWindow
from gui.pages import PAGES, PageSpec
from tests.gui.conftest import MakeWindow
from tests.reviews import new_review

WindowWith = Callable[[PageSpec], MainWindow]
EVERY_PAGE = pytest.mark.parametrize("spec", PAGES, ids=[spec.id for spec in PAGES])


def settle(window: MainWindow, qtbot: QtBot) -> None:
    """Let layouts and calls under way come to rest."""
    desk = window.desk()
    qtbot.waitUntil(lambda: desk is None or desk.workspace.runner.pending == 0)
    QApplication.processEvents()


@pytest.fixture
def window_with(make_window: MakeWindow, tmp_path: Path, qtbot: QtBot) -> Callable[[PageSpec], MainWindow]:
    """Make the window with one page, on a review of 12 records that nobody has judged."""

    def make(spec: PageSpec) -> MainWindow:
        review = new_review(tmp_path, 12)
        review.close()
        window = make_window((spec,))
        with qtbot.waitSignal(window.review_shown):
            window.open_review(review.path)
        settle(window, qtbot)
        return window

    return make


@EVERY_PAGE
def test_the_actions_of_a_page_do_not_conflict(window_with: WindowWith, spec: PageSpec) -> None:
    assert conflicts(window_with(spec).registry.in_force()) == []


@EVERY_PAGE
def test_a_page_announces_itself_and_gives_its_panes(window_with: WindowWith, spec: PageSpec) -> None:
    desk = window_with(spec).desk()
    assert desk is not None
    page = desk.current_page()
    assert page is not None
    assert page.accessibleName() == page.TITLE == spec.title
    assert spec.id == page.ID
    assert [(tab.id, tab.text) for tab in page.TABS] == list(spec.tabs)
    assert all(page.isAncestorOf(pane) for pane in page.panes())
