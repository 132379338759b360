"""Keys reach everything: each control of every page takes the focus by Tab, or by F6 to its pane and Tab there."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QApplication, QWidget
from pytestqt.qtbot import QtBot

from core.example import open_example
from gui.main_window import MainWindow
from gui.pages import PAGES
from gui.widgets.rail import RailItem
from tests.gui.conftest import MakeWindow

MOST_TABS = 600
MOST_PANES = 8
BY_MENU_KEY = ("results.more.",)
"""Buttons whose menu comes by the menu key in the grid they belong to; Tab goes from grid to grid past them."""


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example review, ready to be copied."""
    return open_example(tmp_path_factory.mktemp("example"))


@pytest.fixture
def window(make_window: MakeWindow, example: Path, tmp_path: Path, qtbot: QtBot) -> MainWindow:
    """The window with the example review open."""
    window = make_window(PAGES)
    copy = Path(shutil.copy(example, tmp_path / "example.copse"))
    with qtbot.waitSignal(window.review_shown, timeout=20_000):
        window.open_review(copy)
    return window


def controls(window: MainWindow) -> dict[QWidget, str]:
    """What Tab should reach, with its name. Of the rail, which arrows go through, the current stage stands for all."""
    found = [part for part in window.findChildren(QWidget) if part.isVisible() and part.isEnabled()]
    takers = [part for part in found if part.focusPolicy() & Qt.FocusPolicy.TabFocus and not _is_inner(part)]
    return {part: part.objectName() or part.accessibleName() or repr(part) for part in takers}


def _is_inner(part: QWidget) -> bool:
    above = part.parentWidget()
    in_view = isinstance(above, QAbstractItemView) or isinstance(above and above.parentWidget(), QAbstractItemView)
    return in_view or isinstance(part, RailItem)


def visited(window: MainWindow, qtbot: QtBot) -> set[QWidget]:
    """Where the focus goes by Tab, round and round, from each pane."""
    seen: set[QWidget] = set()
    for _ in range(MOST_PANES):
        round_trip: list[QWidget] = []
        for _ in range(MOST_TABS):
            focus = QApplication.focusWidget()
            if focus is None or focus in round_trip[:-1]:
                break
            if focus not in round_trip:  # in a grid Tab goes from cell to cell
                round_trip.append(focus)
            qtbot.keyClick(focus, Qt.Key.Key_Tab)
        seen |= set(round_trip)
        qtbot.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_F6)
    return seen


@pytest.mark.parametrize("page", [spec.id for spec in PAGES])
def test_tab_and_f6_reach_every_control(page: str, window: MainWindow, qtbot: QtBot) -> None:
    desk = window.desk()
    assert desk is not None
    desk.show_page(page)
    qtbot.waitUntil(lambda: desk.workspace.runner.pending == 0)
    shown = desk.current_page()
    assert shown is not None
    for tab in shown.TABS or [None]:
        if tab is not None:
            shown.header.tabs.set_current(tab.id)
        qtbot.waitUntil(lambda: desk.workspace.runner.pending == 0)
        reached = visited(window, qtbot)
        wanted = {part: name for part, name in controls(window).items() if not name.startswith(BY_MENU_KEY)}
        missed = sorted(name for part, name in wanted.items() if part not in reached)
        assert missed == [], f"on {tab}"
