"""Starting the window: application, theme, log, window, and the review named on the command line."""

from __future__ import annotations

import gc
import importlib
import itertools
import os
import pkgutil
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from platformdirs import user_log_path
from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication

from core import __version__
from gui import accessible, errors, icons, theme, tongue
from gui.interrupt import Interrupt
from gui.main_window import MainWindow
from gui.operations import Background
from gui.pages import PAGES
from gui.pages.base import Ask, SystemAsk
from gui.recovery import OpenReviews, Reopening
from gui.settings import Settings
from gui.theme import Theme

NEEDED = (
    "core.review",
    "core.extraction.checks",
    "core.figures.prisma",
    "core.figures.traffic_light",
    "core.session.extraction",
    "core.session.riskofbias",
    "core.session.studies",
    # What a review of another program needs: the first one that is dropped is read and made at once.
    "core.interchange.rm5.read",
    "core.interchange.verify",
    "core.session.adoption",
)
"""What the pages need of the core."""
HEAVY = ("numpy", "scipy.special", "matplotlib.figure", "matplotlib.backends.backend_agg")
_SETTLE_AFTER_MS = 300
_PRELOAD_GAP_MS = 20
_SWITCH_S = 0.0005
"""How long a thread may keep the window waiting for its turn. Bringing a page to the front takes many turns; at the
5 ms of Python it would take twice as long while something is being read or computed."""


def run(path: str | os.PathLike[str] | None = None, arguments: Sequence[str] = ()) -> int:
    """Show the window, with the review at `path` if given; returns the exit code when the window is closed."""
    app = make_application(arguments)
    tongue.teach_qt(app)
    errors.log_to(user_log_path("copse"))
    crash = errors.catch_fatal(user_log_path("copse"))
    settings = Settings()
    theme.take_settings(settings)
    window = make_window(settings)
    errors.install_excepthook(window.windows.in_front)
    account = OpenReviews(settings.folder / "open")
    window.windows.keep_account(account)
    if path is not None:
        window.restore_geometry(Path(path))
    window.show()
    if path is not None:
        window.open_review(Path(path))
    Reopening(window, account, crash).start()
    settle(window)
    interrupt = Interrupt(app)
    code = app.exec()
    interrupt.give_back()
    account.close()
    return code


def settle(window: MainWindow) -> None:
    """What is left to do once the window has been shown: load what will be wanted, then collect garbage again."""
    preload = Preload(itertools.chain(NEEDED, page_modules(), HEAVY), window)
    preload.done.connect(_collect_garbage)
    QTimer.singleShot(_SETTLE_AFTER_MS, preload.next)


def page_modules() -> Iterator[str]:
    """The modules of the pages, in the order of the rail, each page after its parts."""
    for spec in PAGES:
        page = spec.factory.partition(":")[0]
        package = importlib.import_module(page.rpartition(".")[0])
        parts = sorted((each.name for each in pkgutil.iter_modules(package.__path__)), reverse=True)
        yield from (name for part in parts if (name := f"{package.__name__}.{part}") != page)
        yield page


def _collect_garbage() -> None:
    """From now on; what starting has made is left out, since all of it stays in use."""
    gc.freeze()
    gc.enable()


def make_application(arguments: Sequence[str] = ()) -> QApplication:
    """The QApplication with theme, name and icon."""
    sys.setswitchinterval(_SWITCH_S)
    app = QApplication([sys.argv[0], *arguments])
    app.setApplicationName("copse")
    app.setApplicationDisplayName("Copse")
    app.setDesktopFileName("copse")
    Theme(app)
    accessible.install()
    app.setWindowIcon(icons.icon("copse", "accent"))
    return app


def make_window(settings: Settings | None = None, ask: Ask | None = None) -> MainWindow:
    """The window with the settings and questions of this computer, or those given."""
    return MainWindow(settings or Settings(), ask or SystemAsk(), __version__)


class Preload(QObject):
    """Loads modules one after the other, with pauses: those of the window here, where widgets belong, others on a
    thread. Then it is `done`."""

    done = Signal()

    def __init__(self, modules: Iterable[str], parent: QObject) -> None:
        super().__init__(parent)
        self._waiting = iter(modules)
        self._background = Background(self)

    def next(self) -> None:
        """Load the next module, then pause."""
        name = next(self._waiting, None)
        if name is None:
            self.done.emit()
        elif name.startswith("gui."):
            self._loaded(importlib.import_module(name))
        else:
            self._background.run(lambda: importlib.import_module(name), self._loaded, self._loaded)

    def _loaded(self, _outcome: object) -> None:
        QTimer.singleShot(_PRELOAD_GAP_MS, self, self.next)
