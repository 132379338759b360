"""Free tests for every page: it fits, it is named, it shows its actions, in both schemes and at the usual sizes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QSize
from pytestqt.qtbot import QtBot

from gui.actions import conflicts
from gui.main_window import MainWindow
from gui.pages import PAGES, PageSpec
from gui.theme import Theme
from tests.gui.conftest import MakeWindow
from tests.gui.layout_checks import faults
from tests.reviews import new_review

SIZES = (QSize(1024, 700), QSize(1280, 800), QSize(1920, 1080))
EVERY_PAGE = pytest.mark.parametrize("spec", PAGES, ids=[spec.id for spec in PAGES])


def settle(window: MainWindow, qtbot: QtBot) -> None:
    """Let layouts and calls under way come to rest."""
    desk = window.desk()
    qtbot.waitUntil(lambda: desk is None or desk.workspace.runner.pending == 0)


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
def small_review(make_window: MakeWindow, tmp_path, qtbot: QtBot) -> MainWindow:
    """The window with all its pages, on a review of 12 records that nobody has judged."""
    review = new_review(tmp_path, 12)
    review.close()
    window = make_window(PAGES)
    with qtbot.waitSignal(window.review_shown):
        window.open_review(review.path)
    return window


@EVERY_PAGE
def test_a_page_fits_at_every_size(small_review: MainWindow, spec: PageSpec, scheme: str, qtbot: QtBot) -> None:
    window = small_review
    window.registry.trigger(f"go.{spec.id}")
    for size in SIZES:
        window.resize(size)
        settle(window, qtbot)
        assert window.size() == size, f"{spec.id} needs {window.minimumSizeHint()}"
        assert faults(window) == [], f"{spec.id} at {size.width()}x{size.height()}"
        assert not window.grab().isNull()


@EVERY_PAGE
def test_the_actions_of_a_page_do_not_conflict(small_review: MainWindow, spec: PageSpec) -> None:
    small_review.registry.trigger(f"go.{spec.id}")
    assert conflicts(small_review.registry.in_force()) == []


@EVERY_PAGE
def test_a_page_announces_itself_and_gives_its_panes(small_review: MainWindow, spec: PageSpec, qtbot: QtBot) -> None:
    small_review.registry.trigger(f"go.{spec.id}")
    settle(small_review, qtbot)
    desk = small_review.desk()
    assert desk is not None
    page = desk.current_page()
    assert page is not None
    assert page.accessibleName() == page.TITLE == spec.title
    assert spec.id == page.ID
    assert all(page.isAncestorOf(pane) for pane in page.panes())
