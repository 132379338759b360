"""Lists of records in two lines: the title, and below it who judged how."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem, QWidget
from typing_extensions import override

from core.language import tr
from core.model import Id, Reviewer
from gui import theme
from gui.theme import Type
from gui.widgets.marks import Tone, chip_width, paint_avatar, paint_chip
from gui.widgets.table import Column, IdTableModel, Index, Table, TableDelegate

_AVATAR = 18
_PAD = 14
_WIDTHS = ((1440, 380), (1200, 330), (960, 260), (0, 200))
"""From this window width on, so wide."""


def list_width(window: int) -> int:
    """How wide a list beside a record is in a window so wide."""
    return theme.scaled(next(width for least, width in _WIDTHS if window >= theme.scaled(least)))


@dataclass(frozen=True)
class Part:
    """One thing in the second line: who (an avatar), what (a chip), or muted words."""

    text: str
    tone: Tone | None = None
    person: Reviewer | None = None


@dataclass(frozen=True)
class ListRow:
    """A record in a list."""

    id: Id
    title: str
    parts: tuple[Part, ...] = ()

    @property
    def spoken(self) -> str:
        """All of it in words."""
        words = [f"{part.person.name}: {part.text}" if part.person else part.text for part in self.parts]
        return ", ".join([self.title, *(word for word in words if word)])


class _RowDelegate(TableDelegate):
    """Paints a `ListRow`."""

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        table = option.widget
        if not isinstance(table, RowList):
            return
        painter.save()
        rect: QRect = option.rect
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        if selected:
            active = option.state & QStyle.StateFlag.State_Active
            painter.fillRect(rect, theme.color("selection" if active else "selection_inactive"))
            painter.fillRect(QRect(rect.left(), rect.top(), 3, rect.height()), theme.color("accent"))
        elif table.hovered_row() == index.row():
            painter.fillRect(rect, theme.color("hover"))
        painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), theme.color("border"))
        row = table.row_at(index.row())
        if row is not None:
            self._paint_row(painter, rect.adjusted(_PAD, 0, -_PAD, -1), row, selected=selected)
        painter.restore()

    def _paint_row(self, painter: QPainter, rect: QRect, row: ListRow, *, selected: bool) -> None:
        role = Type.STRONG if selected else Type.BODY
        half = rect.height() // 2
        top = QRect(rect.left(), rect.top() + 4, rect.width(), half - 3) if row.parts else rect
        painter.setFont(theme.font(role))
        painter.setPen(theme.color("text"))
        title = theme.metrics(role).elidedText(row.title, Qt.TextElideMode.ElideRight, top.width())
        painter.drawText(top, Qt.AlignmentFlag.AlignVCenter, title)
        x = rect.left()
        below = QRect(x, rect.top() + half - 1, rect.width(), rect.height() - half - 3)
        for part in row.parts:
            x = self._paint_part(painter, QRect(x, below.top(), below.right() - x + 1, below.height()), part)

    def _paint_part(self, painter: QPainter, room: QRect, part: Part) -> int:
        x = room.left()
        if room.width() < 16:
            return x
        if part.person is not None:
            side = theme.scaled(_AVATAR)
            spot = QRect(x, room.center().y() - side // 2 + 1, side, side)
            who = part.person
            paint_avatar(painter, spot, who.initials, who.position, adjudicator=who.is_adjudicator)
            x += side + 6
        if part.tone is not None:
            width = chip_width(part.text, part.tone.icon)
            paint_chip(painter, QRect(x, room.top(), room.right() - x + 1, room.height()), part.text, part.tone)
            return x + width + 10
        painter.setFont(theme.font(Type.SMALL))
        painter.setPen(theme.color("muted"))
        metrics = theme.metrics(Type.SMALL)
        shown = metrics.elidedText(part.text, Qt.TextElideMode.ElideRight, room.right() - x + 1)
        painter.drawText(
            QRect(x, room.top(), room.right() - x + 1, room.height()), Qt.AlignmentFlag.AlignVCenter, shown
        )
        return x + metrics.horizontalAdvance(shown) + 10

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(60, 24)


class RowList(Table):
    """A list of records. `row_chosen` tells the row one moved to."""

    def __init__(self, name: str, object_name: str, *, row_height: int = 62, parent: QWidget | None = None) -> None:
        self._listed: dict[Id, ListRow] = {}
        self.rows = IdTableModel[ListRow](
            [Column("record", tr("Record"), lambda row: row.spoken, stretch=True, tip=lambda row: row.title)],
            lambda ids: [self._listed[i] for i in ids],
        )
        super().__init__(self.rows, name, row_height=row_height, parent=parent)
        self.setObjectName(object_name)
        self.setItemDelegate(_RowDelegate(self))
        self.horizontalHeader().hide()
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), theme.color("sunken"))
        painter.end()
        super().paintEvent(event)

    def set_rows(self, rows: Sequence[ListRow]) -> None:
        """Show these records; the one chosen stays chosen if it is among them. Tells no `row_chosen`."""
        chosen = self.chosen_id()
        self._listed = {row.id: row for row in rows}
        self.rows.set_ids([row.id for row in rows])
        if chosen is not None and chosen in self._listed:
            self.choose_id(chosen)

    def row_at(self, number: int) -> ListRow | None:
        """A row of the list."""
        return self._listed.get(self.rows.id_at(number)) if 0 <= number < self.rows.rowCount() else None

    def count(self) -> int:
        """How many records are listed."""
        return self.rows.rowCount()

    def chosen_id(self) -> Id | None:
        """The record one is at."""
        index = self.currentIndex()
        return self.rows.id_at(index.row()) if index.isValid() and index.row() < self.rows.rowCount() else None

    def choose_id(self, record_id: Id) -> bool:
        """Go to a record without telling; whether it is listed."""
        row = self.rows.row_of(record_id)
        if row is None:
            return False
        blocked = self.blockSignals(True)
        self.choose(row)
        self.blockSignals(blocked)
        return True

    def step(self, by: int) -> None:
        """Go up or down; at an end nothing happens."""
        row = self.currentIndex().row() + by
        if 0 <= row < self.rows.rowCount():
            self.choose(row)
