"""Free tests for every page: it fits, it is named, it shows its actions, in both schemes and at the usual sizes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gui.actions import conflicts
from gui.main_window import MainWindow
from gui.pages import PAGES, PageSpec
from gui.theme import Theme
from tests.gui.conftest import MakeWindow
from tests.gui.layout_checks import faults
from tests.reviews import new_review

WindowWith = Callable[[PageSpec], MainWindow]
SIZES = (QSize(1024, 700), QSize(1280, 800), QSize(1920, 1080))
EVERY_PAGE = pytest.mark.parametrize("spec", PAGES, ids=[spec.id for spec in PAGES])


def settle(window: MainWindow, qtbot: QtBot) -> None:
    """Let layouts and calls under way come to rest."""
    desk = window.desk()
    qtbot.waitUntil(lambda: desk is None or desk.workspace.runner.pending == 0)
    QApplication.processEvents()


@pytest.fixture(params=["light", "dark"])
def scheme(request: pytest.FixtureRequest, theme: Theme) -> Iterator[str]:
    theme.set_scheme(request.param)
    yield request.param
    theme.set_scheme("light")


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size.width()}x{size.height()}")
def test_the_start_page_fits(make_window: MakeWindow, scheme: str, size: QSize, qtbot: QtBot) -> None:
    window = make_window()
    window.resize(size)
    settle(window, qtbot)
    assert faults(window) == []
    window.start.show_form()
    window.start.form.submit.click()
    settle(window, qtbot)
    assert faults(window) == []
    assert not window.grab().isNull()


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
def test_a_page_fits_at_every_size(window_with: WindowWith, spec: PageSpec, scheme: str, qtbot: QtBot) -> None:
    window = window_with(spec)
    for size in SIZES:
        window.resize(size)
        settle(window, qtbot)
        assert window.size() == size, f"{spec.id} needs {window.minimumSizeHint()}"
        assert faults(window) == [], f"{spec.id} at {size.width()}x{size.height()}"
        assert not window.grab().isNull()


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
    assert all(page.isAncestorOf(pane) for pane in page.panes())
