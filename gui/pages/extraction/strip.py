"""The strip under the form: how the value of the current cell is known, where it stands, and what is wrong with it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from core.language import tr
from core.model import ValueStatus
from gui import theme
from gui.explaining import explain
from gui.pages.extraction.cells import CellBook, CellSpec
from gui.pages.extraction.parts import KeptEdit, set_width, turn
from gui.pages.extraction.reading import CellKey
from gui.pages.extraction.words import STATUSES
from gui.theme import Type
from gui.widgets.buttons import Button
from gui.widgets.fields import Combo
from gui.widgets.labels import ElidedLabel, Label
from gui.widgets.messages import Glyph
from gui.widgets.panes import column, row

_ONE_LINE_FROM, _PARTS_IN_ONE_LINE_FROM = 520, 424
_SHORT_FROM = 760
_SOURCE_WIDTH = 260


class CellStrip(QWidget):
    """One line on the current cell, one for what there is to say. `changed(cell, status, source)` asks to keep."""

    changed = Signal(object, object, str)
    not_reported = Signal(object)
    correct = Signal(object)
    """Go to the cell (its key) with the refused text in the editor."""

    def __init__(self, book: CellBook, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._book = book
        self._shown: CellSpec | None = None
        self._heard = ""
        self._about: CellKey | None = None
        self.name = ElidedLabel("", Type.LABEL)
        self.name.setObjectName("extraction.strip.cell")
        self.status = Combo([(text, status) for status, text in STATUSES.items()], tr("How this value is known"))
        self.status.setObjectName("extraction.strip.status")
        explain(self, "value_status")
        self.status.setToolTip(tr("How this value is known"))
        set_width(self.status, 168)
        self.status.activated.connect(self._status_chosen)
        self.source = KeptEdit(tr("Page, table or figure"), tr("Where this value stands"), "extraction.strip.source")
        self.source.setMaximumWidth(theme.scaled(_SOURCE_WIDTH))
        self.source.kept.connect(self._source_kept)
        self.nothing = Button(tr("Not reported"), small=True)
        self.nothing.setObjectName("extraction.strip.not_reported")
        explain(self.nothing, "not_reported")
        self.nothing.setToolTip(tr("The paper does not report this value (type NR in the cell)"))
        self.nothing.clicked.connect(self._say_not_reported)
        self._sign = Glyph("info", "muted", 14)
        self.message = Label("", Type.SMALL, "muted", wrap=True)
        self.message.setObjectName("extraction.strip.message")
        self.mend = Button(tr("Correct"), small=True)
        self.mend.setObjectName("extraction.strip.correct")
        self.mend.clicked.connect(lambda: self.correct.emit(self._about))
        self.mend.hide()
        self._lay_out()
        book.changed.connect(self._follow)
        self._follow()

    def _lay_out(self) -> None:
        self._first = row(spacing=8)
        self._first.addWidget(self.name, 1)
        self._parts = row(self.status, self.source, self.nothing, spacing=8)
        self._first.addLayout(self._parts)
        second = row(spacing=6)
        second.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        second.addWidget(self.message, 1, Qt.AlignmentFlag.AlignTop)
        second.addWidget(self.mend, 0, Qt.AlignmentFlag.AlignTop)
        self.message.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self.name.setMinimumHeight(theme.scaled(28))
        self.setLayout(column(self._first, second, spacing=6))

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        turn(self._parts, wide=self.width() >= theme.scaled(_PARTS_IN_ONE_LINE_FROM))
        turn(self._first, wide=self.width() >= theme.scaled(_ONE_LINE_FROM))
        # Room for what is usually said is kept, so that a message moves nothing.
        roomy = self.width() >= theme.scaled(_SHORT_FROM)
        self.source.setMinimumWidth(theme.scaled(_SOURCE_WIDTH if roomy else 150))
        self.message.setMinimumHeight((1 if roomy else 2) * theme.metrics(Type.SMALL).lineSpacing() + 2)
        super().resizeEvent(event)

    def hear(self, warnings: tuple[str, ...]) -> None:
        """What the last entry was warned of; shown until another cell has something to say."""
        self._heard = " ".join(warnings)
        self._follow()

    def _follow(self) -> None:
        cell = self._book.current
        if cell != self._shown:
            self._shown = cell
            self.source.give_up()
        held = self._book.held(cell.key) if cell is not None else None
        open_to_change = cell is not None and self._book.is_editable
        for widget in (self.status, self.source, self.nothing):
            widget.setVisible(cell is not None)
        for widget in (self.status, self.source):
            widget.setEnabled(open_to_change and held is not None)
        self.nothing.setEnabled(open_to_change and (held is None or not held.value.not_reported))
        nothing = tr("Choose a value to see how it is known and where it stands.")
        self.name.setText(cell.name if cell is not None else nothing)
        self.name.set_ink("text" if cell is not None else "muted")
        self.status.set_value(held.status if held is not None else ValueStatus.PUBLISHED)
        self.source.show_text(held.source if held is not None else "")
        self._show_message(cell)

    def _show_message(self, cell: CellSpec | None) -> None:
        own = self._book.refused(cell.key) if cell is not None else None
        last = (cell.key, own) if cell is not None and own is not None else self._book.last_refused()
        if last is not None:
            self._about = last[0]
            self._say(last[1].why, "circle-x", "danger")
        elif cell is not None and self._book.caution(cell.key):
            self._say(self._book.caution(cell.key), "triangle-alert", "warn")
        elif self._heard:
            self._say(self._heard, "triangle-alert", "warn")
        else:
            self._say(self._hint(cell), "info", "muted")
        self.mend.setVisible(last is not None)

    def _say(self, text: str, icon: str, ink: str) -> None:
        self._sign.set(icon, ink)
        self._sign.setVisible(bool(text))
        self.message.setText(text)
        self.message.set_ink(ink)

    def _hint(self, cell: CellSpec | None) -> str:
        if cell is None or not self._book.is_editable:
            return ""
        if self._book.held(cell.key) is None:
            return tr("Type a value, or NR where the paper does not report it. A table copied elsewhere can be pasted.")
        return ""

    def _status_chosen(self) -> None:
        status = self.status.member(ValueStatus)
        held = self._book.held(self._shown.key) if self._shown is not None else None
        if held is not None and status is not None and status is not held.status:
            self.changed.emit(self._shown, status, held.source)

    def _source_kept(self, text: str) -> None:
        held = self._book.held(self._shown.key) if self._shown is not None else None
        if held is not None:
            self.changed.emit(self._shown, held.status, text)

    def _say_not_reported(self) -> None:
        if self._shown is not None:
            self.not_reported.emit(self._shown)
