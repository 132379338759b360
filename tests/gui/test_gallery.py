"""The gallery shows every widget there is, in both schemes; and every pair of tokens can be read."""

from __future__ import annotations

import importlib
import os
import pkgutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

import gui.widgets
from core import cli
from gui.contrast import DECORATION, PAIRS, TEXT, contrast
from gui.gallery.entries import Section, State
from gui.gallery.sections import SECTIONS
from gui.gallery.window import GalleryWindow, pictures
from gui.theme import Theme
from gui.tokens import DARK, LIGHT, Tokens
from gui.widgets.buttons import Button, Kind
from tests.gui.layout_checks import faults

ROOT = Path(__file__).resolve().parents[2]
SCHEMES = pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
EVERY_SECTION = pytest.mark.parametrize("section", SECTIONS, ids=[section.id for section in SECTIONS])


def public_widgets() -> set[type[QWidget]]:
    """Every widget class that gui/widgets offers."""
    names = [f"gui.widgets.{each.name}" for each in pkgutil.iter_modules(gui.widgets.__path__)]
    return {
        kind
        for name in names
        for kind in vars(importlib.import_module(name)).values()
        if isinstance(kind, type)
        and issubclass(kind, QWidget)
        and kind.__module__ == name
        and not kind.__name__.startswith("_")
    }


@pytest.fixture
def gallery(qtbot: QtBot, theme: Theme) -> Iterator[GalleryWindow]:
    window = GalleryWindow(theme)
    qtbot.addWidget(window)
    window.show()
    with qtbot.waitActive(window):
        window.activateWindow()
    yield window
    theme.set_scheme("light")


def test_every_widget_has_an_entry() -> None:
    shown = {kind for section in SECTIONS for entry in section.entries for kind in entry.shows}
    assert {kind.__name__ for kind in public_widgets() - shown} == set()


@EVERY_SECTION
def test_an_entry_shows_what_it_says_and_nothing_is_cut(gallery: GalleryWindow, section: Section) -> None:
    gallery.show_section(section.id)
    gallery.fit_height()
    QApplication.processEvents()
    page = gallery.page()
    for entry, sample in page.samples.items():
        for kind in entry.shows:
            assert isinstance(sample, kind) or sample.findChildren(kind), f"{entry.title}: {kind.__name__}"
    assert faults(page) == []
    assert page.horizontalScrollBar().maximum() == 0


def test_the_sections_are_chosen_by_mouse_and_by_keys(gallery: GalleryWindow, qtbot: QtBot) -> None:
    qtbot.mouseClick(gallery.rail.item("marks"), Qt.MouseButton.LeftButton)
    assert gallery.page().accessibleName() == "Chips and people"
    qtbot.keyClick(gallery.rail.item("marks"), Qt.Key.Key_Down)
    qtbot.keyClick(gallery.rail.item("messages"), Qt.Key.Key_Space)
    assert gallery.page().accessibleName() == "Messages"


def test_the_switch_changes_the_scheme_of_what_is_shown(gallery: GalleryWindow, qtbot: QtBot, theme: Theme) -> None:
    light = gallery.grab().toImage()
    qtbot.mouseClick(gallery.switch, Qt.MouseButton.LeftButton, pos=gallery.switch.segment_rect("dark").center())
    assert theme.scheme == "dark"
    assert light.pixelColor(700, 780) == QColor(LIGHT.surface)
    assert gallery.grab().toImage().pixelColor(700, 780) == QColor(DARK.surface)


def of_kind(gallery: GalleryWindow, kind: Kind) -> list[Button]:
    return [each for each in gallery.page().findChildren(Button) if each._kind is kind and each.text() == "Merge"]


def test_held_buttons_look_different_in_each_state(gallery: GalleryWindow) -> None:
    gallery.show_section("buttons")
    QApplication.processEvents()
    for kind, states in ((Kind.DEFAULT, 6), (Kind.QUIET, 6), (Kind.DANGER, 5)):
        looks = of_kind(gallery, kind)
        assert len(looks) == states
        pictures_of = [each.grab().toImage() for each in looks]
        assert all(one != other for n, one in enumerate(pictures_of) for other in pictures_of[n + 1 :]), kind


def holds(image: QImage, name: str) -> bool:
    wanted = QColor(name).rgb()
    return any(image.pixel(x, y) == wanted for x in range(image.width()) for y in range(image.height()))


@SCHEMES
@pytest.mark.parametrize("title", ["Fields and combos", "Check boxes and radio buttons", "Segmented control", "Tabs"])
def test_the_focus_can_be_seen_on_every_kind_of_field(
    gallery: GalleryWindow, theme: Theme, tokens: Tokens, title: str
) -> None:
    theme.set_scheme(tokens.scheme)
    gallery.show_section("fields")
    QApplication.processEvents()
    sample = next(made for entry, made in gallery.page().samples.items() if entry.title == title)
    held = [each for each in gallery.page().stage.held if each.focusProxy() and sample.isAncestorOf(each)]
    assert held
    for each in held:
        assert holds(each.grab().toImage(), tokens.focus), each


def test_a_checked_box_with_the_focus_looks_unlike_one_without(gallery: GalleryWindow) -> None:
    gallery.show_section("fields")
    QApplication.processEvents()
    boxes = [each for each in gallery.page().stage.held if each.property("checked") is True]
    focused = [each.grab().toImage() for each in boxes if each.focusProxy()]
    rest = [each.grab().toImage() for each in boxes if not each.focusProxy()]
    assert focused
    assert all(one != other for one in focused for other in rest)


def test_disabled_controls_look_disabled(gallery: GalleryWindow) -> None:
    gallery.show_section("fields")
    QApplication.processEvents()
    off = [each for each in gallery.page().stage.held if not each.isEnabled()]
    assert len(off) >= 9
    for each in off:
        image = each.grab().toImage()
        assert not holds(image, LIGHT.text), each
        assert not holds(image, LIGHT.accent), each


@SCHEMES
@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: f"{pair.ink} on {pair.ground}")
def test_what_stands_on_what_can_be_read(tokens: Tokens, pair: object) -> None:
    assert pair in PAIRS
    assert pair.ratio(tokens) >= pair.least  # type: ignore[attr-defined]


def test_every_token_has_its_contrast_looked_after() -> None:
    ruled = {token for pair in PAIRS for token in (pair.ink, pair.ground)} | DECORATION
    assert {each.name for each in fields(Tokens)} - ruled == {"scheme"}


def test_text_is_never_asked_for_less_than_aa() -> None:
    weak = {pair.ink for pair in PAIRS if pair.least < TEXT}
    assert weak == {"disabled", "accent", "strong", "focus"}


def test_the_contrast_of_black_white_and_grey() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#FFFFFF", "#FFFFFF") == pytest.approx(1)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.005)  # the usual example of just too little


def test_pictures_are_written_for_each_section_in_both_schemes(theme: Theme, tmp_path: Path) -> None:
    written = list(pictures(theme, tmp_path, SECTIONS[:2]))
    assert [path.name for path in written] == [
        f"gallery-{section.id}-{scheme}.png" for section in SECTIONS[:2] for scheme in ("light", "dark")
    ]
    corners = [QImage(str(path)).pixelColor(1270, 780) for path in written[:2]]
    assert corners == [QColor(LIGHT.surface), QColor(DARK.surface)]
    assert theme.scheme == "light"


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    command = [sys.executable, "main.py", "gallery", "--out", str(tmp_path / "taken")]
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 1
    assert "taken" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_command_line_names_the_gallery(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["--help"]) == 0
    assert "main.py gallery" in capsys.readouterr().out
    assert not cli.is_command(["gallery"])


def test_the_window_starts_without_the_gallery() -> None:
    code = "import sys, main, gui.app; print([name for name in sys.modules if name.startswith('gui.gallery.')])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_state_is_held_without_the_mouse(gallery: GalleryWindow) -> None:
    gallery.show_section("buttons")
    sample = Button("Held")
    gallery.page().stage.hold(sample, State.HOVER)
    assert sample.underMouse()
    assert sample.focusPolicy() == Qt.FocusPolicy.NoFocus
