"""A list of lines one can reword, remove and add to: criteria, reasons, terms."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from core.language import tr
from gui import theme
from gui.pages.protocol.text_field import TextField
from gui.theme import Type
from gui.widgets.buttons import icon_button
from gui.widgets.keys import KeyCap
from gui.widgets.labels import Label
from gui.widgets.messages import Glyph
from gui.widgets.panes import column, row

Line = tuple[bytes, str]
"""Id and text."""

_KEYS = 9
_BESIDE, _STEP = 28, 28
"""Widths of the button that removes a line, and of each that moves it."""


class LineList(QWidget):
    """`added(text)`, `reworded(id, text)`, `moved(id, by)` and `removed(id)`; nothing changes here until the new lines
    are shown."""

    added = Signal(str)
    reworded = Signal(bytes, str)
    removed = Signal(bytes)
    moved = Signal(bytes, int)

    def __init__(
        self, name: str, title: str, hint: str, *, icon: str = "", ink: str = "muted", keys: bool = False,
        columns: int = 1, ordered: bool = False, parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        """`name` begins the object names; with `keys` the first lines show the number key that chooses them, `ordered`
        lines can be moved up and down."""
        super().__init__(parent)
        self._title, self._keys, self._columns, self._ordered = title, keys, columns, ordered
        self._rows: dict[bytes, _Line] = {}
        self._editable = True
        self.add_field = TextField(tr("{title}: add", title=title), hint)
        self.add_field.setObjectName(f"{name}.add")
        self.add_field.committed.connect(self._add)
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(4)
        for at in range(columns):
            self._grid.setColumnStretch(at, 1)
        self._none = Label(tr("None yet."), Type.BODY, "muted")
        heading = row(*([Glyph(icon, ink, 14)] if icon else []), Label(title, Type.SMALL_STRONG, ink), None, spacing=6)
        self._adding = QWidget()
        beside = _BESIDE + 2 * _STEP if ordered else _BESIDE
        self._adding.setLayout(row(*([_space()] if keys else []), self.add_field, _space(beside), spacing=6))
        box = column(heading, self._grid, self._none, self._adding, spacing=6)
        box.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.setLayout(box)

    def show_lines(self, lines: Sequence[Line], *, editable: bool) -> None:
        """Show these lines; those that stay keep their widgets, so that typing in them goes on."""
        self._editable = editable
        wanted = dict(lines)
        was = list(self._rows)
        for gone in [each for each in self._rows if each not in wanted]:
            self._rows.pop(gone).retire()
        self._rows = {each: self._rows.get(each) or self._made(each) for each in wanted}
        for place, (line_id, line) in enumerate(self._rows.items()):
            self._grid.addWidget(line, place // self._columns, place % self._columns)
            line.show_line(place + 1, wanted[line_id], editable=editable, last=place == len(wanted) - 1)
        if was != list(self._rows):
            self._order_tabs()
        self._adding.setVisible(editable)
        self._none.setVisible(not lines and not editable)

    def _order_tabs(self) -> None:
        """Tab goes through the lines as they stand."""
        parts = [part for line in self._rows.values() for part in line.controls()]
        for before, after in pairwise([*parts, self.add_field]):
            QWidget.setTabOrder(before, after)

    def texts(self) -> list[str]:
        """The lines shown, in order."""
        return [line.field.text() for line in self.rows()]

    def rows(self) -> list[_Line]:
        """The rows, in order."""
        return list(self._rows.values())

    def is_changed(self) -> bool:
        """Whether something is typed that is not written yet."""
        return any(field.is_changed() for field in (self.add_field, *(line.field for line in self._rows.values())))

    def _made(self, line_id: bytes) -> _Line:
        line = _Line(self._title, keys=self._keys, ordered=self._ordered)
        line.up.clicked.connect(lambda: self.moved.emit(line_id, -1))
        line.down.clicked.connect(lambda: self.moved.emit(line_id, 1))
        line.field.committed.connect(lambda text: self._reword(line, line_id, text))
        line.remove.clicked.connect(lambda: self._remove(line_id))
        return line

    def _add(self, text: str) -> None:
        self.add_field.set_text("")
        if text:
            self.added.emit(text)

    def _reword(self, line: _Line, line_id: bytes, text: str) -> None:
        if text:
            self.reworded.emit(line_id, text)
        else:
            self._remove(line_id)

    def _remove(self, line_id: bytes) -> None:
        self.add_field.setFocus(Qt.FocusReason.OtherFocusReason)
        self.removed.emit(line_id)


class _Line(QWidget):
    """One line: its number key, its text, and the buttons that move and remove it."""

    def __init__(self, title: str, *, keys: bool, ordered: bool) -> None:
        super().__init__()
        self._ordered = ordered
        self._title = title
        self._keys = keys
        self._cap: QWidget = _space()
        self.field = TextField(title)
        self.remove = icon_button("x", tr("Remove"))
        self.up, self.down = icon_button("chevron-up", ""), icon_button("chevron-down", "")
        self._gap = _space(_BESIDE + 2 * _STEP if ordered else _BESIDE)
        buttons = row(self.up, self.down, self.remove, spacing=0)
        self._line = row(*([self._cap] if keys else []), self.field, buttons, self._gap, spacing=6)
        self._line.setAlignment(buttons, Qt.AlignmentFlag.AlignTop)
        self.setLayout(self._line)

    def controls(self) -> tuple[QWidget, ...]:
        """What one can go to, from left to right."""
        return (self.field, self.up, self.down, self.remove)

    def show_line(self, number: int, text: str, *, editable: bool, last: bool) -> None:
        if self._keys:
            self._show_number(number)
        self.field.set_text(text)
        self.field.setReadOnly(not editable)
        self.field.setAccessibleName(f"{self._title} {number}")
        self.remove.setToolTip(tr("Remove “{text}”", text=text))
        self.remove.setAccessibleName(tr("Remove “{text}”", text=text))
        self.remove.setVisible(editable)
        for button, able, tip in (
            (self.up, number > 1, tr("Move “{text}” up", text=text)),
            (self.down, not last, tr("Move “{text}” down", text=text)),
        ):
            button.setVisible(editable and self._ordered)
            button.setEnabled(able)
            button.setToolTip(tip)
            button.setAccessibleName(tip)
        self._gap.setVisible(not editable)

    def _show_number(self, number: int) -> None:
        """The key that chooses the line while screening; lines after the ninth have none."""
        cap = QWidget()
        cap.setFixedSize(theme.scaled(18), theme.scaled(28))
        shown = KeyCap(str(number)) if number <= _KEYS else Label(str(number), Type.SMALL, "muted")
        cap.setLayout(row(shown, spacing=0))
        self._line.replaceWidget(self._cap, cap)
        self._line.setAlignment(cap, Qt.AlignmentFlag.AlignTop)
        self._cap.deleteLater()
        self._cap = cap

    def retire(self) -> None:
        """Gone from the list: say nothing more."""
        self.field.blockSignals(True)
        self.hide()
        self.deleteLater()


def _space(width: int = 18) -> QWidget:
    """As much room as the key-cap (or, 28, the button) of a line takes."""
    space = QWidget()
    space.setFixedSize(theme.scaled(width), 1)
    return space
