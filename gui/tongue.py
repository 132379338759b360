"""Which language the window speaks: the one set, else the system's. Chosen before any module with texts is imported."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from core import language
from gui.settings import Settings


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
