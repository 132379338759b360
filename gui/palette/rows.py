"""The list of the palette: headings and entries, painted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem
from typing_extensions import override

from core.language import said
from gui import icons, theme
from gui.palette.entries import Entry, Group
from gui.palette.matching import marked
from gui.theme import Type
from gui.widgets.keys import cap_size, cap_text, paint_cap

Index = QModelIndex | QPersistentModelIndex
_ROW, _HEADING = 32, 26
_SIDE, _GAP = 14, 10
_MIDDLE = Qt.AlignmentFlag.AlignVCenter


class Rows(QAbstractListModel):
    """Headings and entries in one list; headings cannot be chosen."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[str | Entry] = []

    def set_groups(self, groups: Sequence[Group]) -> None:
        """Show these groups in place of what was shown."""
        self.beginResetModel()
        self._rows = [line for group in groups for line in (group.title, *group.entries)]
        self.endResetModel()

    def at(self, row: int) -> str | Entry:
        """The heading or entry of a row."""
        return self._rows[row]

    def entry(self, row: int) -> Entry | None:
        """The entry of a row, None for a heading and beyond the ends."""
        found = self._rows[row] if 0 <= row < len(self._rows) else None
        return found if isinstance(found, Entry) else None

    def entry_rows(self) -> list[int]:
        """The rows that can be chosen."""
        return [row for row, line in enumerate(self._rows) if isinstance(line, Entry)]

    def row_of(self, entry: Entry) -> int | None:
        """Where an entry with the same id stands now."""
        return next((row for row in self.entry_rows() if (at := self.entry(row)) and at.id == entry.id), None)

    @override
    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self._rows)

    @override
    def flags(self, index: Index) -> Qt.ItemFlag:
        if self.entry(index.row()) is None:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        line = self._rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return line.text if isinstance(line, Entry) else line
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return spoken(line) if isinstance(line, Entry) else line
        if role == Qt.ItemDataRole.ToolTipRole and isinstance(line, Entry):
            return "\n".join(part for part in (line.text, line.detail) if part)
        return None


def spoken(entry: Entry) -> str:
    """An entry as a screen reader says it: "Undo, command, Ctrl+Z"."""
    return ", ".join(part for part in (entry.text, said(entry.kind), entry.detail, entry.key) if part)


class RowDelegate(QStyledItemDelegate):
    """Icon, text, what more there is to say, and the key; the chosen row as in tables. `typed` is marked in texts."""

    typed = ""

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        is_heading = _line(index) is None
        return QSize(0, theme.scaled(_HEADING if is_heading else _ROW))

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        entry, rect = _line(index), option.rect
        if entry is None:
            painter.setFont(theme.font(Type.SMALL_STRONG))
            painter.setPen(theme.color("muted"))
            painter.drawText(rect.adjusted(_SIDE, 0, -_SIDE, -3), Qt.AlignmentFlag.AlignBottom, index.data())
            return
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, theme.color("selection"))
            painter.fillRect(rect.left(), rect.top(), 3, rect.height(), theme.color("accent"))
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, theme.color("hover"))
        if entry.icon:
            place = QRect(rect.left() + _SIDE, rect.center().y() - 7, 16, 16)
            icons.paint(painter, entry.icon, place, theme.color("muted"))
        right = self._paint_key(painter, rect, entry)
        self._paint_texts(painter, QRect(rect.left() + _SIDE + 16 + _GAP, rect.top(), 0, rect.height()), right, entry)

    def _paint_key(self, painter: QPainter, rect: QRect, entry: Entry) -> int:
        """The key-cap at the right; where it begins."""
        right = rect.right() - _SIDE
        if not entry.key:
            return right
        text = cap_text(entry.key)
        size = cap_size(text)
        paint_cap(painter, QRect(right - size.width(), rect.center().y() - size.height() // 2 + 1, size.width(),
                                 size.height()), text)  # fmt: skip
        return right - size.width() - _GAP

    def _paint_texts(self, painter: QPainter, start: QRect, right: int, entry: Entry) -> None:
        """The text, and the detail at the right as far as there is room: never more than two fifths."""
        small = theme.metrics(Type.SMALL)
        wanted = small.horizontalAdvance(entry.detail) + 2
        width = min(wanted, (right - start.left()) * 2 // 5) if entry.detail else 0
        if width:
            painter.setFont(theme.font(Type.SMALL))
            painter.setPen(theme.color("muted"))
            detail = small.elidedText(entry.detail, Qt.TextElideMode.ElideRight, width)
            painter.drawText(QRect(right - width, start.top(), width + 1, start.height()), _MIDDLE, detail)
            right -= width + _GAP
        paint_marked(painter, start.adjusted(0, 0, right - start.left(), 0), entry.text, self.typed)


def paint_marked(painter: QPainter, rect: QRect, text: str, typed: str) -> None:
    """Draw `text`, elided, with what answers to `typed` stronger and in the accent."""
    plainly, strongly = theme.metrics(Type.BODY), theme.metrics(Type.STRONG)
    spans = marked(typed, text) if typed else []
    more = sum(
        strongly.horizontalAdvance(text[a : a + n]) - plainly.horizontalAdvance(text[a : a + n]) for a, n in spans
    )
    shown = plainly.elidedText(text, Qt.TextElideMode.ElideRight, rect.width() - max(0, more))
    whole = len(shown) if shown == text else len(shown) - 1
    here, x = 0, rect.left()
    for start, length in [*((a, min(n, whole - a)) for a, n in spans if a < whole), (len(shown), 0)]:
        for piece, is_answer in ((shown[here:start], False), (shown[start : start + length], True)):
            painter.setFont(theme.font(Type.STRONG if is_answer else Type.BODY))
            painter.setPen(theme.color("accent" if is_answer else "text"))
            width = (strongly if is_answer else plainly).horizontalAdvance(piece)
            painter.drawText(QRect(x, rect.top(), width + 1, rect.height()), _MIDDLE, piece)
            x += width
        here = start + length


def _line(index: Index) -> Entry | None:
    model = index.model()
    return model.entry(index.row()) if isinstance(model, Rows) else None
