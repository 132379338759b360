"""Starting the window: application, theme, log, window, and the review named on the command line."""

from __future__ import annotations

import gc
import importlib
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from platformdirs import user_log_path
from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication

from core import __version__
from gui import errors, icons, theme, tongue
from gui.main_window import MainWindow
from gui.operations import Background
from gui.pages.base import Ask, SystemAsk
from gui.settings import Settings
from gui.theme import Theme

HEAVY = ("core.review", "numpy", "scipy.special", "matplotlib.figure", "matplotlib.backends.backend_agg")
_SETTLE_AFTER_MS = 1500
_PRELOAD_GAP_MS = 400


def run(path: str | os.PathLike[str] | None = None, arguments: Sequence[str] = ()) -> int:
    """Show the window, with the review at `path` if given; returns the exit code when the window is closed."""
    app = make_application(arguments)
    tongue.teach_qt(app)
    errors.log_to(user_log_path("copse"))
    settings = Settings()
    theme.take_settings(settings)
    window = make_window(settings)
    errors.install_excepthook(window.windows.in_front)
    if path is not None:
        window.restore_geometry(Path(path))
    window.show()
    if path is not None:
        window.open_review(Path(path))
    preload = Preload(HEAVY, window)
    QTimer.singleShot(_SETTLE_AFTER_MS, _collect_garbage)
    QTimer.singleShot(_SETTLE_AFTER_MS, preload.next)
    return app.exec()


def _collect_garbage() -> None:
    """From now on; what starting has made is left out, since all of it stays in use."""
    gc.freeze()
    gc.enable()


def make_application(arguments: Sequence[str] = ()) -> QApplication:
    """The QApplication with theme, name and icon."""
    app = QApplication([sys.argv[0], *arguments])
    app.setApplicationName("copse")
    app.setApplicationDisplayName("Copse")
    app.setDesktopFileName("copse")
    Theme(app)
    app.setWindowIcon(icons.icon("copse", "accent"))
    return app


def make_window(settings: Settings | None = None, ask: Ask | None = None) -> MainWindow:
    """The window with the settings and questions of this computer, or those given."""
    return MainWindow(settings or Settings(), ask or SystemAsk(), __version__)


class Preload(QObject):
    """Loads the heavy modules one after the other, on a thread, with pauses, once the window has been shown."""

    def __init__(self, modules: Sequence[str], parent: QObject) -> None:
        super().__init__(parent)
        self._waiting = list(modules)
        self._background = Background(self)

    def next(self) -> None:
        """Load the next module, then pause."""
        if self._waiting:
            name = self._waiting.pop(0)
            self._background.run(lambda: importlib.import_module(name), self._loaded, self._loaded)

    def _loaded(self, _outcome: object) -> None:
        QTimer.singleShot(_PRELOAD_GAP_MS, self, self.next)
