"""Ctrl+C in lists and tables: the chosen rows as text, cells apart by tabs, as spreadsheets and editors take them."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QApplication


def copies_rows(view: QAbstractItemView, event: QKeyEvent) -> bool:
    """Copy the chosen rows, or the current one, if that is what the key asks for; whether it was."""
    if not event.matches(QKeySequence.StandardKey.Copy):
        return False
    current = view.currentIndex()
    chosen = {index.siblingAtColumn(0) for index in view.selectedIndexes()} or (
        {current} if current.isValid() else set()
    )
    lines = [_row_text(index) for index in sorted(chosen, key=lambda index: view.visualRect(index).top())]
    if lines:
        QApplication.clipboard().setText("\n".join(lines))
    return True


def _row_text(first: QModelIndex) -> str:
    cells = [first.siblingAtColumn(column) for column in range(first.model().columnCount(first.parent()))]
    return "\t".join(_text(cell) for cell in cells)


def _text(cell: QModelIndex) -> str:
    said = cell.data(Qt.ItemDataRole.DisplayRole) or cell.data(Qt.ItemDataRole.AccessibleTextRole)
    return " ".join(str(said or "").split())
