"""The journey of somebody with a review made in RevMan: drop its file on the window, open its first analysis, change a
number by keys, see the plot follow, undo it, see it as it was."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gui.main_window import MainWindow
from gui.pages import PAGES
from tests.gui.analysis_driver import Driver
from tests.gui.arrivals import arrived, opened, rest, rm5
from tests.gui.conftest import MakeWindow
from tests.gui.test_dropping import drop

Key = Qt.Key
CONTROL = Qt.KeyboardModifier.ControlModifier


def travel(window: MainWindow, source: Path, matches: str, qtbot: QtBot) -> None:
    """All of it, on any file whose first analysis is one of counts."""
    window.resize(1280, 800)
    drop(window.start, source)
    page = arrived(window, qtbot)
    assert page.card.title.text() == f"Matches RevMan: {matches}"
    desk = opened(window, qtbot)
    overview = desk.current_page()
    assert overview is not None
    assert [each.text() for each in overview.messages.messages()] == [f"Matches RevMan: {matches}."]

    qtbot.keyClick(overview, Key.Key_8, CONTROL)
    rest(desk, qtbot)
    assert desk.current_id() == "analysis"
    driver = Driver(window, qtbot)
    first = driver.desk.workspace.session.synthesis.tree()[0].analyses[0].id
    driver.page.tree.setFocus()
    for _ in range(5):  # down the tree, to the first analysis in it
        if desk.place().where.get("analysis") == first:
            break
        driver.press(Key.Key_Down)
    assert desk.place().where == {"analysis": first}
    qtbot.waitUntil(lambda: driver.page.figure.figure() is not None)
    before, said_before = driver.plot(), driver.page.figure.accessibleDescription()

    grid, model = driver.page.grid, driver.page.model
    index = next(
        model.index(row, column)
        for row in range(model.rowCount())
        for column in range(1, model.columnCount())
        if model.flags(model.index(row, column)) & Qt.ItemFlag.ItemIsEditable and _count(model.index(row, column)) > 1
    )
    stood = _count(index)
    grid.setFocus()
    grid.setCurrentIndex(index)
    driver.press(Key.Key_F2)
    driver.type(str(stood - 1), Key.Key_Return)
    assert _count(model.index(index.row(), index.column())) == stood - 1
    qtbot.waitUntil(lambda: driver.plot() != before)
    assert driver.page.figure.accessibleDescription() != said_before or driver.plot() != before

    grid.setFocus()
    driver.press(Key.Key_Z, CONTROL)
    qtbot.waitUntil(lambda: driver.plot() == before)
    assert _count(model.index(index.row(), index.column())) == stood
    QApplication.processEvents()


def _count(index) -> int:  # type: ignore[no-untyped-def]
    """The whole number in a cell; 0 where there is none."""
    text = str(index.data() or "").replace(",", "")
    return int(text) if text.isdigit() else 0


def test_a_small_review_from_its_file_to_a_changed_plot_and_back(
    make_window: MakeWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    travel(make_window(PAGES), rm5(tmp_path), "5 of 5", qtbot)


@pytest.mark.parametrize("name", ["iebh_antibiotics_a.rm5"])
def test_a_whole_review_from_its_file_to_a_changed_plot_and_back(
    make_window: MakeWindow, reference_data: Path, tmp_path: Path, qtbot: QtBot, name: str
) -> None:
    source = shutil.copyfile(reference_data / "revman" / "files" / name, tmp_path / name)
    travel(make_window(PAGES), source, "21 of 21", qtbot)
