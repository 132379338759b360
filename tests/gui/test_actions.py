"""Actions as data: shortcuts, single keys, conflicts, enabled-when."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gui.actions import Action, conflicts, is_single, latin_key
from gui.main_window import MainWindow
from gui.widgets.keys import cap_text
from tests.gui.probe_page import ProbePage


def nothing() -> None:
    pass


def probe(window: MainWindow) -> ProbePage:
    desk = window.desk()
    assert desk is not None
    page = desk.current_page()
    assert isinstance(page, ProbePage)
    return page


@pytest.mark.parametrize(
    ("shortcut", "single"),
    [
        ("I", True), ("1", True), ("Shift+N", True), ("/", True), ("Left", True), ("+", True),
        ("Ctrl+I", False), ("Alt+Left", False), ("Ctrl+Shift+Z", False), ("F8", False), ("Shift+F6", False),
    ],
)  # fmt: skip
def test_single_keys_are_those_without_modifier(shortcut: str, single: bool) -> None:
    assert is_single(shortcut) is single


def test_conflicts_are_found_within_a_page_and_with_the_window() -> None:
    actions = [
        Action("file.open", "Open", nothing, ("Ctrl+O",)),
        Action("a.open", "Open DOI", nothing, ("O", "Ctrl+O"), scope="a"),
        Action("a.other", "Other", nothing, ("O",), scope="a"),
        Action("b.open", "Open", nothing, ("O",), scope="b"),
    ]
    found = {(key, one.id, other.id) for key, one, other in conflicts(actions)}
    assert found == {("Ctrl+O", "file.open", "a.open"), ("O", "a.open", "a.other")}


def test_the_window_s_own_actions_do_not_conflict(window: MainWindow) -> None:
    assert conflicts(window.registry.in_force()) == []


def test_a_taken_shortcut_is_refused(window: MainWindow) -> None:
    with pytest.raises(ValueError, match=r"Ctrl\+Z of probe.x is taken by edit.undo"):
        window.registry.add([Action("probe.x", "X", nothing, ("Ctrl+Z",), scope="probe")])


def test_single_keys_act_on_the_page_body(window: MainWindow, qtbot: QtBot) -> None:
    page = probe(window)
    qtbot.keyClick(page, Qt.Key.Key_I)
    qtbot.keyClick(page, Qt.Key.Key_1)
    assert page.pressed == ["include", "reason"]


def test_single_keys_stay_with_a_field_that_has_the_focus(window: MainWindow, qtbot: QtBot) -> None:
    page = probe(window)
    page.edit.setFocus()
    qtbot.keyClicks(page.edit, "i1")
    assert page.edit.text() == "i1"
    assert page.pressed == []


def test_a_combo_keeps_its_type_ahead(window: MainWindow, qtbot: QtBot) -> None:
    page = probe(window)
    page.combo.setCurrentIndex(1)
    page.combo.setFocus()
    qtbot.keyClick(page.combo, Qt.Key.Key_I)
    assert page.combo.currentText() == "Include"
    assert page.pressed == []


def test_a_read_only_field_lets_single_keys_through(window: MainWindow, qtbot: QtBot) -> None:
    page = probe(window)
    page.edit.setReadOnly(True)
    page.edit.setFocus()
    qtbot.keyClick(page.edit, Qt.Key.Key_I)
    assert page.pressed == ["include"]


def test_single_keys_act_once_while_a_button_has_the_focus(window: MainWindow, qtbot: QtBot) -> None:
    page = probe(window)
    page.include.setFocus()
    qtbot.keyClick(page.include, Qt.Key.Key_1)
    assert page.pressed == ["reason"]


def test_single_keys_can_be_turned_off_or_moved_to_alt(window: MainWindow, qtbot: QtBot) -> None:
    page = probe(window)
    window.settings.single_keys = "off"
    qtbot.keyClick(page, Qt.Key.Key_I)
    assert page.pressed == []
    window.settings.single_keys = "alt"
    qtbot.keyClick(page, Qt.Key.Key_I)
    assert page.pressed == []
    qtbot.keyClick(page, Qt.Key.Key_I, Qt.KeyboardModifier.AltModifier)
    assert page.pressed == ["include"]


def test_keys_of_another_page_do_nothing_here(window: MainWindow, qtbot: QtBot) -> None:
    first = probe(window)
    window.registry.trigger("go.other")
    qtbot.keyClick(probe(window), Qt.Key.Key_I)
    assert first.pressed == []
    assert probe(window).pressed == ["include"]


def test_a_disabled_action_neither_runs_nor_looks_enabled(window: MainWindow, qtbot: QtBot) -> None:
    page = probe(window)
    page.open = False
    window.registry.refresh()
    assert not page.include.isEnabled()
    qtbot.keyClick(page, Qt.Key.Key_I)
    assert not window.registry.trigger("probe.include")
    assert page.pressed == []


def test_buttons_made_from_actions_do_them_and_name_their_key(window: MainWindow, qtbot: QtBot) -> None:
    page = probe(window)
    qtbot.mouseClick(page.include, Qt.MouseButton.LeftButton)
    assert page.pressed == ["include"]
    assert page.include.accessibleName() == "Include (I)"


@pytest.mark.parametrize(
    ("key", "text", "scan", "latin"),
    [
        (Qt.Key.Key_I, "i", 31, "I"),
        (0x0428, "ш", 31, "I"),  # Cyrillic layout: the key of I
        (0x0423, "у", 26, "E"),
        (0x0399, "ι", 31, "I"),  # Greek layout
        (Qt.Key.Key_Question, "?", 20, "?"),
        (Qt.Key.Key_1, "1", 10, "1"),
        (Qt.Key.Key_Left, "", 113, ""),
        (Qt.Key.Key_Return, "\r", 36, ""),
        (Qt.Key.Key_Space, " ", 65, ""),
    ],
)
def test_letters_are_found_whatever_the_layout(key: int, text: str, scan: int, latin: str) -> None:
    event = QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier, scan, 0, 0, text)
    assert latin_key(event) == latin


def test_a_cyrillic_key_press_decides(window: MainWindow) -> None:
    page = probe(window)
    event = QKeyEvent(QEvent.Type.KeyPress, 0x0428, Qt.KeyboardModifier.NoModifier, 31, 0, 0, "ш")
    QApplication.sendEvent(page, event)
    assert page.pressed == ["include"]


@pytest.mark.parametrize(
    ("shortcut", "shown"),
    [("Ctrl+Shift+I", "Ctrl ⇧ I"), ("Return", "↵"), ("Alt+Left", "Alt ←"), ("Ctrl++", "Ctrl +"), ("+", "+")],
)
def test_shortcuts_as_key_caps(shortcut: str, shown: str) -> None:
    assert cap_text(shortcut) == shown
