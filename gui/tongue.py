"""Which language the window speaks: the one set, else the system's. Chosen before any module with texts is imported."""

from __future__ import annotations

import os
from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from core import language
from gui.settings import Settings


def run(argv: Sequence[str], path: str | os.PathLike[str] | None) -> int:
    """Start the gallery (`argv` says so), else the window with the review at `path`, in the language chosen."""
    if argv[:1] == ["gallery"]:
        from gui import gallery

        return gallery.run(argv[1:])
    choose(Settings())
    from gui import app

    return app.run(path)


def choose(settings: Settings) -> None:
    """Speak the language of `settings`, or the system's where none is set; English where there is no catalogue."""
    language.use(settings.language or QLocale.system().name().partition("_")[0])


def teach_qt(app: QCoreApplication) -> None:
    """Let Qt's own menus and dialogs speak the language in use too."""
    translator = QTranslator(app)
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if language.current() != language.ENGLISH and translator.load(f"qtbase_{language.current()}", folder):
        app.installTranslator(translator)


def choices() -> list[tuple[str, str]]:
    """(name in itself, code) of every language there is, English first."""
    others = [(QLocale(code).nativeLanguageName(), code) for code in language.available()]
    return [("English", language.ENGLISH), *others]
