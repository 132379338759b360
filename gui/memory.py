"""What is kept in the settings: splitters by page and width of the window, columns by page, and where one is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QSplitter, QWidget
from typing_extensions import override

from gui import theme
from gui.settings import Place, Settings
from gui.widgets.table import Table

_NOTE_EVERY_MS = 2000
_CLASSES = ((1200, "narrow"), (1440, "middle"))


class SplitterMemory(QObject):
    """Restores a splitter when it is shown and when the window changes its width class; saves what is dragged."""

    def __init__(self, splitter: QSplitter, key: str, settings: Settings) -> None:
        super().__init__(splitter)
        self._splitter, self._key, self._settings = splitter, key, settings
        self._restored = ""
        splitter.installEventFilter(self)
        splitter.splitterMoved.connect(self._save)

    def _place(self) -> str:
        width = self._splitter.window().width()
        name = next((name for limit, name in _CLASSES if width < theme.scaled(limit)), "wide")
        return f"splitter/{self._key}/{name}"

    def _save(self) -> None:
        self._settings.set_bytes(self._place(), self._splitter.saveState())

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Show, QEvent.Type.Resize) and self._place() != self._restored:
            self._restored = self._place()
            saved = self._settings.bytes(self._restored)
            if saved is not None:
                self._splitter.restoreState(saved)
        return False


class ColumnMemory(QObject):
    """Restores the widths of a table's columns and saves what is dragged."""

    def __init__(self, table: Table, key: str, settings: Settings) -> None:
        super().__init__(table)
        self._header, self._settings = table.horizontalHeader(), settings
        # The columns are part of the name: after an update that changed them, old widths would fall on wrong ones.
        names = "-".join(table.column_ids())
        self._place = f"columns/{key}/{names}"
        saved = settings.bytes(self._place)
        if saved is not None:
            self._header.restoreState(saved)
        self._header.sectionResized.connect(self._save)

    def _save(self) -> None:
        self._settings.set_bytes(self._place, self._header.saveState())


class PlaceMemory(QObject):
    """Keeps where one is in the review of `window`, and how large that is, so that even a crash leads back there."""

    def __init__(self, window: QWidget, settings: Settings) -> None:
        super().__init__(window)
        self._window, self._settings = window, settings
        self._review: Path | None = None
        self._here: Callable[[], Place] = lambda: Place("")
        self._noted = Place("")
        self._timer = QTimer(self)
        self._timer.setInterval(_NOTE_EVERY_MS)
        self._timer.timeout.connect(self.note)

    def follow(self, review: Path, here: Callable[[], Place]) -> None:
        """From now on note where `here` says one is in `review`."""
        self._review, self._here, self._noted = review, here, Place("")
        self.note()
        self._timer.start()

    def note(self) -> None:
        """Keep the place if it is another one than before."""
        if self._review is None or (place := self._here()) == self._noted:
            return
        self._noted = place
        self._settings.set_place(self._review, place)
        self._settings.set_geometry(self._review, self._window.saveGeometry())
        self._settings.sync()

    def stop(self) -> None:
        """The review is being closed: note its place and size for the last time."""
        if self._review is not None:
            self._noted = Place("")
            self.note()
        self._review = None
        self._timer.stop()
