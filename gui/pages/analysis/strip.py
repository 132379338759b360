"""The strip under the grid: where the selected number came from, or why a typed one was refused."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from core.language import tr
from gui import icons, theme
from gui.explaining import explain
from gui.pages.analysis.provenance import Piece, spoken
from gui.theme import Type
from gui.widgets.buttons import Button, Kind, icon_button
from gui.widgets.marks import paint_avatar
from gui.widgets.panes import Surface, row

_GAP, _NEAR = 10, 5
_AVATAR, _ICON = 16, 13


class PieceLine(QWidget):
    """Paints pieces side by side; what does not fit is elided and stands in the tooltip."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("analysis.provenance")
        self._pieces: tuple[Piece, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setMinimumWidth(60)

    def set_pieces(self, pieces: Sequence[Piece]) -> None:
        """Show another line."""
        self._pieces = tuple(pieces)
        words = spoken(self._pieces)
        self.setAccessibleName(words or tr("No cell is selected"))
        self.setToolTip(words)
        self.update()

    def text(self) -> str:
        """The line in words."""
        return spoken(self._pieces)

    @override
    def sizeHint(self) -> QSize:
        return QSize(200, theme.scaled(20))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        x = 0
        for piece in self._pieces:
            room = self.width() - x
            if room < theme.scaled(20):
                break
            x += self._paint(painter, piece, x, room)
        painter.end()

    def _paint(self, painter: QPainter, piece: Piece, x: int, room: int) -> int:
        middle = self.height() // 2
        if piece.reviewer is not None:
            side = theme.scaled(_AVATAR)
            person = piece.reviewer
            box = QRect(x, middle - side // 2, side, side)
            paint_avatar(painter, box, person.initials, person.position, adjudicator=person.is_adjudicator)
            return side + _NEAR
        if piece.icon:
            icons.paint(painter, piece.icon, QRect(x, middle - _ICON // 2, _ICON, _ICON), theme.color(piece.ink))
            return _ICON + _GAP
        role = Type.STRONG if piece.strong else Type.SMALL
        painter.setFont(theme.font(role))
        painter.setPen(theme.color(piece.ink))
        shown = theme.metrics(role).elidedText(piece.text, Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRect(x, 0, room, self.height()), Qt.AlignmentFlag.AlignVCenter, shown)
        return theme.metrics(role).horizontalAdvance(shown) + _GAP


class Strip(Surface):
    """The line with the buttons that act on the cell or the row. `back` and `reason` show for typed-over cells."""

    back_wanted = Signal()
    reason_wanted = Signal()

    def __init__(self, *buttons: QWidget, parent: QWidget | None = None) -> None:
        super().__init__("sunken", "top bottom", parent)
        self.setFixedHeight(theme.scaled(30))
        explain(self, "provenance")
        self.line = PieceLine()
        self.back = Button("", icon="undo-2", kind=Kind.QUIET, height=24, tip=tr("Back to the settled value (Delete)"))
        self.back.setObjectName("analysis.back_to_settled")
        explain(self.back, "typed_over")
        self.back.clicked.connect(self.back_wanted)
        self.reason = icon_button("message-square", tr("Say why the value was typed over"), small=True)
        self.reason.setObjectName("analysis.override_reason")
        explain(self.reason, "typed_over")
        self.reason.clicked.connect(self.reason_wanted)
        self._others = buttons
        box = row(self.line, self.back, self.reason, *buttons, spacing=4, margins=(16, 0, 8, 0))
        box.setStretch(0, 1)
        self.setLayout(box)
        self.show_line(())

    def show_line(self, pieces: Sequence[Piece], settled: str | None = None) -> None:
        """Show where a number came from; `settled` is what stands under a typed-over one, None where nothing was."""
        self.line.set_pieces(pieces)
        self._make_room(False)
        self.back.setVisible(settled is not None)
        self.back.set_label(tr("Back to {settled}", settled=settled) if settled else tr("Take back"))
        self.reason.setVisible(settled is not None)

    def _make_room(self, needed: bool) -> None:
        """A refusal takes the whole strip, so that it can be read."""
        for button in self._others:
            button.setVisible(not needed)

    def show_error(self, text: str) -> None:
        """Say why a number was refused."""
        self._make_room(True)
        self.line.set_pieces((Piece(tr("Refused"), "danger", icon="circle-x"), Piece(text, "danger")))
        self.back.hide()
        self.reason.hide()
