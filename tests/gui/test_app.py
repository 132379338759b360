"""Starting the program: what it loads, where it logs, what it does with defects."""

from __future__ import annotations

import logging
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core import __version__
from core.errors import FileProblem
from gui import app, errors
from gui.main_window import MainWindow
from gui.widgets.buttons import Button

ROOT = Path(__file__).parents[2]


def test_the_window_loads_nothing_heavy_before_a_review_is_opened() -> None:
    script = (
        "import sys, gui.app\n"
        "heavy = {'pandas', 'matplotlib', 'scipy', 'sklearn', 'numpy', 'sqlalchemy'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_version_shown_is_the_project_s() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert __version__ == project["version"]


def test_heavy_modules_are_loaded_one_after_the_other(qtbot: QtBot, window: MainWindow) -> None:
    sys.modules.pop("colorsys", None)
    sys.modules.pop("this_module_is_not_there", None)
    preload = app.Preload(("this_module_is_not_there", "colorsys"), window)
    preload.next()
    qtbot.waitUntil(lambda: "colorsys" in sys.modules, timeout=3000)


def test_defects_that_reach_the_top_are_shown_and_logged(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(sys, "excepthook", sys.__excepthook__)
    errors.install_excepthook(window.windows.in_front)
    error = ZeroDivisionError("nought")
    sys.excepthook(ZeroDivisionError, error, None)
    desk = window.desk()
    assert desk is not None
    page = desk.current_page()
    assert page is not None
    assert page.messages.messages()[0].text().startswith("Something went wrong in the window.")
    assert "nought" in caplog.text


def test_the_log_is_written_to_its_folder(tmp_path: Path) -> None:
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    try:
        errors.log_to(tmp_path / "log")
        logging.getLogger("gui.test").warning("a line")
        assert "WARNING gui.test a line" in (tmp_path / "log" / "copse.log").read_text(encoding="utf-8")
    finally:
        for handler in set(root.handlers) - set(before):
            handler.close()
            root.removeHandler(handler)
        root.setLevel(level)


@pytest.fixture
def tail(tmp_path: Path) -> Iterator[None]:
    """The log as the program keeps it."""
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    errors.log_to(tmp_path / "log")
    yield
    for handler in set(root.handlers) - set(before):
        handler.close()
        root.removeHandler(handler)
    root.setLevel(level)


def a_defect() -> Exception:
    def parse(text: str) -> None:
        try:
            float(text)
        except ValueError as error:
            raise KeyError(f"secret title {text}") from error

    try:
        parse("secret number")
    except KeyError as error:
        return error
    raise AssertionError


def test_details_name_versions_places_and_the_log_but_nothing_of_the_review(
    window: MainWindow, tail: None, qtbot: QtBot
) -> None:
    logging.getLogger("core.store").warning("%s could not be written", "secret file")
    errors.present(FileProblem("file.full", "The disk is full: {name}", name="secret name"), window)
    errors.present(a_defect(), window, "saving a decision")
    desk = window.desk()
    assert desk is not None
    page = desk.current_page()
    assert page is not None
    qtbot.mouseClick(page.messages.messages()[-1].buttons[0], Qt.MouseButton.LeftButton)
    copied = QApplication.clipboard().text()
    assert f"Copse {__version__}" in copied
    assert "Python 3." in copied
    assert "Qt 6." in copied
    assert "builtins.ValueError" in copied
    assert "tests/gui/test_app.py:" in copied
    assert "builtins.KeyError" in copied
    assert "WARNING core.store %s could not be written" in copied
    assert "INFO gui.errors refused: file.full" in copied
    assert "secret" not in copied
    assert str(ROOT) not in copied


def test_a_defect_that_comes_back_at_once_is_shown_once(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(sys, "excepthook", sys.__excepthook__)
    moment = [100.0]
    monkeypatch.setattr(errors.time, "monotonic", lambda: moment[0])
    errors.install_excepthook(window.windows.in_front)
    for _ in range(3):
        sys.excepthook(ZeroDivisionError, ZeroDivisionError("nought"), None)
    assert caplog.text.count("defect while") == 1
    moment[0] += 60
    sys.excepthook(ZeroDivisionError, ZeroDivisionError("nought"), None)
    assert caplog.text.count("defect while") == 2


def test_a_defect_in_a_click_leaves_the_window_at_work(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    desk = window.desk()
    assert desk is not None
    page = desk.current_page()
    assert page is not None

    def broken() -> None:
        raise ZeroDivisionError

    button = Button("Break", parent=page)
    button.clicked.connect(broken)
    with qtbot.captureExceptions() as raised:
        button.click()
    ((kind, error, trace),) = raised
    monkeypatch.setattr(sys, "excepthook", sys.__excepthook__)
    errors.install_excepthook(window.windows.in_front)
    sys.excepthook(kind, error, trace)
    assert page.messages.messages()[0].buttons[0].text() == "Copy details"
    window.registry.trigger("go.other")
    assert desk.current_id() == "other"
