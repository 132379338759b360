"""Starting the program: what it loads, where it logs, what it does with defects."""

from __future__ import annotations

import logging
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from core import __version__
from gui import app, errors
from gui.main_window import MainWindow

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
