"""Sizes the user has chosen: splitters by page and width of the window, columns by page. Kept in the settings."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QSplitter
from typing_extensions import override

from gui import theme
from gui.settings import Settings
from gui.widgets.table import Table

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
