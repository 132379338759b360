"""Reviews of other programs as files for the window, and the way through the page that they arrive on."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gui.desk import Desk
from gui.main_window import MainWindow
from gui.revman.arrival_page import ArrivalPage
from tests.interchange import rm5_files

LONG_MS = 20_000
LEFT = Qt.MouseButton.LeftButton
WRONG_TOTAL = rm5_files.DICHOTOMOUS.replace('EFFECT_SIZE="2.4"', 'EFFECT_SIZE="2.9"', 1)


def rm5(folder: Path, name: str = "tea.rm5", data: bytes | None = None) -> Path:
    """A RevMan 5 file; without `data` one with something in every part."""
    path = folder / name
    path.write_bytes(rm5_files.full() if data is None else data)
    return path


def with_a_wrong_total() -> bytes:
    """The full file, in which the total of one analysis is not what its data give."""
    return rm5_files.full(analyses=rm5_files.ANALYSES.replace(rm5_files.DICHOTOMOUS, WRONG_TOTAL))


def arrived(window: MainWindow, qtbot: QtBot, *, checked: bool = True) -> ArrivalPage:
    """The page once the file is read, and the numbers checked."""
    qtbot.waitUntil(lambda: window.arrival.page is not None and window.arrival.page.open.isEnabled(), timeout=LONG_MS)
    page = window.arrival.page
    assert page is not None
    if checked:
        qtbot.waitUntil(lambda: not page.card.bar.isVisibleTo(page), timeout=LONG_MS)
    return page


def refused(window: MainWindow, qtbot: QtBot) -> str:
    """What the page says of a file that was not read."""
    qtbot.waitUntil(lambda: window.arrival.page is not None and window.arrival.page.failed, timeout=LONG_MS)
    assert window.arrival.page is not None
    return window.arrival.page.refusal()


def rest(desk: Desk, qtbot: QtBot) -> None:
    """Let queued events run until no call is under way and none begins."""
    for _ in range(3):
        QApplication.processEvents()
        qtbot.waitUntil(lambda: desk.workspace.runner.pending == 0, timeout=LONG_MS)
    QApplication.processEvents()


def opened(window: MainWindow, qtbot: QtBot) -> Desk:
    """Press the button of the page, and the desk it leads to."""
    page = arrived(window, qtbot)
    with qtbot.waitSignal(window.review_shown, timeout=LONG_MS):
        qtbot.mouseClick(page.open, LEFT)
    desk = window.desk()
    assert desk is not None
    qtbot.waitUntil(lambda: window.arrival.page is None)
    rest(desk, qtbot)
    return desk
