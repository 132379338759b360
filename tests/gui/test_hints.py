"""Hints at the first visits: where they show, what makes them go, and that nothing moves for them."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from core.language import tr
from gui.hints import HINTS, VISITS, HintLine
from gui.main_window import MINIMUM_SIZE, MainWindow
from gui.pages import PAGES
from gui.pages.base import Page
from gui.settings import Settings
from gui.theme import Type, metrics
from tests.gui.conftest import MakeWindow
from tests.reviews import new_review

TWO = tuple(spec for spec in PAGES if spec.id in ("protocol", "screening"))


@pytest.fixture
def open_with(make_window: MakeWindow, settings: Settings, tmp_path: Path, qtbot: QtBot) -> MakeWindow:
    """Open a review of some records, with hints, on its protocol and screening pages."""
    settings.hints = True

    def make(records: int = 12) -> MainWindow:
        review = new_review(tmp_path, records)
        review.close()
        window = make_window(TWO)
        with qtbot.waitSignal(window.review_shown):
            window.open_review(review.path)
        return window

    return make


def page_of(window: MainWindow) -> Page:
    desk = window.desk()
    assert desk is not None
    page = desk.current_page()
    assert page is not None
    return page


def go(window: MainWindow, qtbot: QtBot, page: str) -> HintLine:
    window.registry.trigger(f"go.{page}")
    desk = window.desk()
    assert desk is not None
    qtbot.waitUntil(lambda: desk.workspace.runner.pending == 0)
    return page_of(window).hint


def part(window: MainWindow, name: str) -> QWidget:
    found = window.findChild(QWidget, name)
    assert isinstance(found, QWidget)
    return found


def where(widget: QWidget) -> QPoint:
    return widget.mapTo(widget.window(), QPoint(0, 0))


def test_a_hint_is_closed_for_good_and_moves_nothing(
    open_with: MakeWindow, settings: Settings, tmp_path: Path, qtbot: QtBot
) -> None:
    window = open_with()
    hint = go(window, qtbot, "screening")
    qtbot.waitUntil(hint.is_shown)
    assert "F1" in hint.text.text()
    include = part(window, "screening.include")
    before = where(include)
    qtbot.mouseClick(hint.close_button, Qt.MouseButton.LeftButton)
    QApplication.processEvents()
    assert not hint.is_shown()
    assert where(include) == before
    go(window, qtbot, "protocol")
    assert not go(window, qtbot, "screening").isVisible()
    settings.sync()
    assert Settings(tmp_path / "settings.ini").hint_visits("screening") == VISITS


def test_a_hint_comes_without_moving_anything(open_with: MakeWindow, qtbot: QtBot) -> None:
    window = open_with()
    hint = go(window, qtbot, "screening")
    include = part(window, "screening.include")
    qtbot.waitUntil(include.isVisible)
    before = where(include)
    qtbot.waitUntil(hint.is_shown)
    assert where(include) == before


def test_what_a_hint_tells_makes_it_go_when_it_is_done(open_with: MakeWindow, qtbot: QtBot) -> None:
    window = open_with()
    hint = go(window, qtbot, "screening")
    qtbot.waitUntil(hint.is_shown)
    qtbot.mouseClick(part(window, "screening.include"), Qt.MouseButton.LeftButton)
    assert hint.is_shown()  # it tells of keys, and this was the mouse
    focused = QApplication.focusWidget()
    assert focused is not None
    qtbot.keyClick(focused, "e")
    qtbot.waitUntil(lambda: not hint.is_shown())
    go(window, qtbot, "protocol")
    assert not go(window, qtbot, "screening").isVisible()


def test_a_hint_is_gone_after_the_third_visit(open_with: MakeWindow, settings: Settings, qtbot: QtBot) -> None:
    window = open_with()
    hint = page_of(window).hint
    for visit in range(1, VISITS + 1):
        go(window, qtbot, "protocol")
        qtbot.waitUntil(hint.is_shown)
        assert settings.hint_visits("protocol") == visit
        go(window, qtbot, "screening")
    assert not go(window, qtbot, "protocol").isVisible()


def test_an_empty_page_says_itself_what_to_do(open_with: MakeWindow, settings: Settings, qtbot: QtBot) -> None:
    window = open_with(0)
    hint = go(window, qtbot, "screening")
    part(window, "screening.to_references")
    qtbot.wait(300)
    assert not hint.is_shown()
    assert settings.hint_visits("screening") == 0


def test_hints_on_letters_need_letters_that_act(open_with: MakeWindow, settings: Settings, qtbot: QtBot) -> None:
    settings.single_keys = "off"
    window = open_with()
    assert not go(window, qtbot, "screening").isVisible()


def test_the_settings_show_the_hints_again(open_with: MakeWindow, settings: Settings, qtbot: QtBot) -> None:
    settings.set_hint_visits("protocol", VISITS)
    window = open_with()
    assert not go(window, qtbot, "protocol").isVisible()
    window.show_program("settings")
    qtbot.mouseClick(part(window, "settings.hints_again"), Qt.MouseButton.LeftButton)
    qtbot.mouseClick(part(window, "program.done"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(page_of(window).hint.is_shown)
    assert settings.hints


def test_hints_can_be_left_out(open_with: MakeWindow, settings: Settings, qtbot: QtBot) -> None:
    window = open_with()
    window.show_program("settings")
    control = part(window, "settings.hints")
    control.setFocus()
    qtbot.keyClick(control, Qt.Key.Key_Right)
    assert not settings.hints
    qtbot.mouseClick(part(window, "program.done"), Qt.MouseButton.LeftButton)
    assert not go(window, qtbot, "screening").isVisible()


def test_every_page_has_a_hint_that_fits_the_smallest_window(theme: object) -> None:
    assert set(HINTS) == {spec.id for spec in PAGES}
    room = MINIMUM_SIZE.width() - 80 - 20 - 12 - 2 * 8 - 14 - 24
    too_long = {page: width for page, hint in HINTS.items() if (width := _width(hint.text)) > room}
    assert too_long == {}


def _width(text: str) -> int:
    return metrics(Type.SMALL).horizontalAdvance(tr(text))
