"""The program's own page: settings that take effect at once, and About."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from gui import about
from gui import theme as look
from gui.main_window import MainWindow
from gui.pages.program.page import ProgramPage
from gui.settings import Settings
from gui.theme import Theme
from gui.widgets.fields import Combo, SegmentedControl
from gui.widgets.rail import COMPACT_WIDTH, WIDE_WIDTH
from tests.gui.conftest import Answers, MakeWindow
from tests.gui.layout_checks import faults
from tests.gui.test_actions import probe
from tests.gui.test_window import desk_of

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def _as_it_was(theme: Theme) -> Iterator[None]:
    yield
    theme.set_text_size(100)
    theme.set_scheme("light")


def page_of(window: MainWindow) -> ProgramPage:
    pages = [page for page in window.findChildren(ProgramPage) if page.isVisible()]
    assert len(pages) == 1
    return pages[0]


def click_segment(page: QWidget, name: str, segment: str, qtbot: QtBot) -> None:
    control = page.findChild(SegmentedControl, name)
    qtbot.mouseClick(control, Qt.MouseButton.LeftButton, pos=control.segment_rect(segment).center())


def choose_size(page: QWidget, size: str, qtbot: QtBot) -> None:
    combo = page.findChild(Combo, "settings.text_size")
    combo.setFocus()
    qtbot.keyClicks(combo, size)


def test_settings_come_by_key_and_leave_by_escape(window: MainWindow, qtbot: QtBot) -> None:
    probe(window).edit.setFocus()
    qtbot.keyClick(window, Qt.Key.Key_Comma, Qt.KeyboardModifier.ControlModifier)
    page = page_of(window)
    assert page.settings.colors.hasFocus()
    qtbot.keyClick(page.settings.colors, Qt.Key.Key_Escape)
    assert probe(window).isVisible()
    assert probe(window).edit.hasFocus()
    assert not page.isVisible()


def test_settings_and_about_come_from_the_title_s_menu_and_the_start_page(window: MainWindow, qtbot: QtBot) -> None:
    menu = desk_of(window).top_bar._file_menu
    texts = {action.objectName(): action for action in menu.actions()}
    texts["app.about"].trigger()
    assert page_of(window).tab() == "about"
    texts["app.settings"].trigger()
    assert page_of(window).tab() == "settings"
    qtbot.mouseClick(page_of(window).done, Qt.MouseButton.LeftButton)
    window.close_review()
    for name in ("about", "settings"):
        qtbot.mouseClick(window.start.findChild(QWidget, f"start.app.{name}"), Qt.MouseButton.LeftButton)
        assert page_of(window).tab() == name
        page_of(window).done.click()
        assert window.start.isVisible()


def test_keys_of_the_page_behind_are_not_in_force(window: MainWindow, qtbot: QtBot) -> None:
    window.registry.trigger("app.settings")
    qtbot.keyClick(page_of(window).done, Qt.Key.Key_I)
    assert probe(window).pressed == []
    assert not window.registry.is_enabled("probe.include")
    page_of(window).done.click()
    assert window.registry.is_enabled("probe.include")


def test_going_to_a_stage_leaves_the_settings(window: MainWindow, qtbot: QtBot) -> None:
    window.registry.trigger("app.settings")
    qtbot.keyClick(window, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    assert desk_of(window).isVisible()
    assert desk_of(window).current_id() == "other"


def test_colours_change_at_once_and_are_kept(window: MainWindow, settings: Settings, qtbot: QtBot) -> None:
    window.registry.trigger("app.settings")
    page = page_of(window)
    click_segment(page, "settings.colors", "dark", qtbot)
    assert look.tokens().scheme == "dark"
    assert settings.colors == "dark"
    click_segment(page, "settings.colors", "light", qtbot)
    assert look.tokens().scheme == "light"
    click_segment(page, "settings.colors", "system", qtbot)
    assert settings.colors == "system"


def test_text_grows_at_once_everywhere_and_the_review_stays_open(
    window: MainWindow, settings: Settings, qtbot: QtBot
) -> None:
    window.registry.trigger("go.other")
    before, height = look.base_px(), desk_of(window).status_bar.height()
    old_desk, old_start = window.desk(), window.start
    window.registry.trigger("app.settings")
    choose_size(page_of(window), "150%", qtbot)
    qtbot.waitUntil(lambda: look.base_px() == round(before * 1.5))
    qtbot.waitUntil(lambda: window.desk() is not old_desk)
    assert settings.text_size == 150
    assert page_of(window).settings.text_size.currentText() == "150%"
    page_of(window).done.click()
    assert desk_of(window).current_id() == "other"
    assert desk_of(window).status_bar.height() > 1.4 * height
    assert desk_of(window).workspace.session.reviewer.name == old_reviewer(window)
    assert window.start is not old_start


def old_reviewer(window: MainWindow) -> str:
    return desk_of(window).workspace.review.reviewers()[0].name


def test_the_rail_is_set_and_goes_back_to_following_the_room(window: MainWindow, qtbot: QtBot) -> None:
    window.registry.trigger("app.settings")
    click_segment(page_of(window), "settings.rail", "wide", qtbot)
    assert desk_of(window).rail.width() == WIDE_WIDTH
    click_segment(page_of(window), "settings.rail", "", qtbot)
    assert desk_of(window).rail.width() == COMPACT_WIDTH


def test_single_keys_are_set(window: MainWindow, settings: Settings, qtbot: QtBot) -> None:
    window.registry.trigger("app.settings")
    click_segment(page_of(window), "settings.single_keys", "off", qtbot)
    assert settings.single_keys == "off"
    page_of(window).done.click()
    qtbot.keyClick(probe(window), Qt.Key.Key_I)
    assert probe(window).pressed == []


def test_what_was_chosen_is_there_at_the_next_start(theme: Theme, settings: Settings, tmp_path: Path) -> None:
    settings.colors, settings.text_size = "dark", 125
    settings.sync()
    before = look.base_px()
    look.take_settings(Settings(tmp_path / "settings.ini"))
    assert (look.tokens().scheme, look.base_px()) == ("dark", round(before * 1.25))


def test_settings_written_by_another_version_are_the_usual_ones(settings: Settings) -> None:
    settings.set_text("look/text_size", "5000")
    settings.set_text("look/colors", "sepia")
    assert (settings.text_size, settings.colors) == (100, "system")


def test_about_names_what_is_shipped_and_copies_it(window: MainWindow, qtbot: QtBot) -> None:
    window.registry.trigger("app.about")
    QApplication.clipboard().clear()
    qtbot.mouseClick(page_of(window).about().copy, Qt.MouseButton.LeftButton)
    text = QApplication.clipboard().text()
    for said in ("Copse 0.1.0 (MIT)", "PySide6-Essentials  6.", "LGPL", "scipy  1.", "Liberation Sans", "ISC"):
        assert said in text


def test_about_knows_every_library_that_is_locked() -> None:
    import re

    locked = re.findall(r"(?m)^([a-z0-9-]+)==", (ROOT / "requirements/runtime.txt").read_text(encoding="utf-8"))
    named = {name.lower().replace("_", "-") for name in about.LIBRARIES}
    assert named == set(locked)
    assert all(part.version and part.license != "see its licence file" for part in about.libraries())


def test_about_knows_the_licence_and_the_fonts_and_icons_shipped() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["license"] == about.LICENSE
    fonts, lucide = about.resources()
    notice = next((ROOT / "resources" / "fonts").glob("*LICENSE.txt")).read_text(encoding="utf-8")
    assert notice.startswith(f"{fonts.name} {fonts.version}")
    assert "SIL Open Font License, Version 1.1" in notice
    assert "Lucide" in (ROOT / "resources" / "icons" / "LICENSE").read_text(encoding="utf-8")
    assert lucide.name == "Lucide icons"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("percent", [100, 200])
def test_settings_and_about_fit(
    make_window: MakeWindow, theme: Theme, scheme: str, percent: int, answers: Answers
) -> None:
    theme.set_scheme("dark" if scheme == "dark" else "light")
    theme.set_text_size(percent)
    window = make_window()
    for size in (QSize(1024, 700), QSize(1280, 800)):
        window.resize(size)
        for tab in ("settings", "about"):
            window.show_program(tab)
            QApplication.processEvents()
            assert faults(window) == []
            assert window.size() == size
