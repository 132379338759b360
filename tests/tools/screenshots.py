"""Every page as a picture: `python -m tests.tools.screenshots --out DIR [--page ID] [--review FILE]`.

Without --review a copy of the example review is used. Pages come from the window's own list, so a new page needs no
change here. Nothing is written to the review but what opening it writes.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEventLoop, QSize, QTimer
from PySide6.QtWidgets import QApplication

from gui.main_window import MainWindow
from gui.pages import PAGES
from gui.pages.base import SystemAsk
from gui.settings import Settings
from gui.theme import Theme

SIZES = (QSize(1280, 800), QSize(1920, 1080))
_SETTLE_MS = 400
_LIMIT_MS = 15_000


def main(arguments: list[str]) -> int:
    """Write the pictures; 1 when the review could not be shown."""
    options = _parser().parse_args(arguments)
    options.out.mkdir(parents=True, exist_ok=True)
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    theme = Theme(app, "light")
    with tempfile.TemporaryDirectory() as folder:
        window = MainWindow(Settings(Path(folder) / "settings.ini"), SystemAsk(), "1.0")
        window.show()
        window.activateWindow()
        wanted = [options.page] if options.page else ["start", *(spec.id for spec in PAGES)]
        if "start" in wanted:
            _shoot(window, theme, "start", options.out)
        if wanted != ["start"] and not _open(window, _review(options.review, Path(folder)), options.reviewer):
            return 1
        for page in wanted:
            if page != "start":
                window.registry.trigger(f"go.{page}")
                _shoot(window, theme, page, options.out)
        window.close()
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.tools.screenshots", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="folder for the pictures")
    parser.add_argument("--page", choices=["start", *(spec.id for spec in PAGES)], help="only this page")
    parser.add_argument("--review", type=Path, help="review to show; a copy of it is opened")
    parser.add_argument("--reviewer", default="", help="name of the reviewer who looks; the lead if not given")
    return parser


def _review(given: Path | None, folder: Path) -> Path:
    if given is None:
        from core.example import open_example

        return open_example(folder)
    copy = folder / given.name
    shutil.copyfile(given, copy)
    return copy


def _open(window: MainWindow, path: Path, reviewer: str) -> bool:
    loop = QEventLoop()
    window.review_shown.connect(loop.quit)
    QTimer.singleShot(_LIMIT_MS, loop.quit)
    window.open_review(path)
    loop.exec()
    desk = window.desk()
    if desk is None:
        for message in window.start.messages.messages():
            print(message.text(), file=sys.stderr)
        return False
    for person in desk.workspace.review.reviewers():
        if person.name == reviewer:
            window.work_as(person.id)
    return True


def _shoot(window: MainWindow, theme: Theme, name: str, out: Path) -> None:
    for size in SIZES:
        window.resize(size)
        for scheme in ("light", "dark"):
            theme.set_scheme(scheme)
            _settle(window)
            target = out / f"{name}-{scheme}-{size.width()}x{size.height()}.png"
            window.grab().save(str(target))
            print(target)


def _settle(window: MainWindow) -> None:
    """Run the loop for a moment, and on until no call is under way."""
    loop = QEventLoop()
    QTimer.singleShot(_SETTLE_MS, loop.quit)
    loop.exec()
    desk = window.desk()
    if desk is not None and desk.workspace.runner.pending:
        desk.workspace.runner.idle.connect(loop.quit)
        QTimer.singleShot(_LIMIT_MS, loop.quit)
        loop.exec()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
