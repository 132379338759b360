"""Says what the columns of a table mean: its first rows, and above each column what it may be read as."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget
from typing_extensions import override

from core.language import tr
from gui import theme
from gui.theme import Type
from gui.widgets.buttons import Button, Kind
from gui.widgets.fields import Combo
from gui.widgets.labels import ElidedLabel, Label
from gui.widgets.messages import Glyph
from gui.widgets.panes import Card, Scroll, Surface, column, row

_COLUMN = 176
_ROWS = 12

Judge = Callable[[tuple[str, ...]], tuple[str, bool]]
"""What would come of columns with these keys, in a sentence, and whether it can be done."""


class ColumnMeanings(Surface):
    """See the module. `accepted` with the key chosen for each column, `given_up` when nothing is to be read."""

    accepted = Signal(tuple)
    given_up = Signal()

    def __init__(self, title: str, said: str, accept: str, parent: QWidget | None = None) -> None:
        super().__init__("surface", parent=parent)
        self.combos: list[Combo] = []
        self._judge: Judge = lambda _keys: ("", True)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(4)
        held = QWidget()
        box = column(self._grid, None, margins=(12, 12, 12, 12))
        held.setLayout(box)
        card = Card("sunken")
        card.box.setContentsMargins(1, 1, 1, 1)
        scroll = Scroll(held)
        card.box.addWidget(scroll)
        self.accept = Button(accept, kind=Kind.PRIMARY)
        self.accept.setObjectName("meanings.accept")
        self.accept.clicked.connect(lambda: self.accepted.emit(self.keys()))
        self.cancel = Button(tr("Cancel"))
        self.cancel.setObjectName("meanings.cancel")
        self.cancel.clicked.connect(self.given_up)
        self._sign = Glyph("info")
        self.outcome = Label("", wrap=True)
        below = row(self._sign, self.outcome, self.cancel, self.accept, spacing=8)
        below.setStretch(1, 1)
        explanation = Label(said, Type.BODY, "muted", wrap=True)
        whole = column(Label(title, Type.PAGE_TITLE), explanation, card, below, spacing=12, margins=(24, 20, 24, 20))
        whole.setStretch(2, 1)
        self.setLayout(whole)

    def show_table(
        self,
        rows: Sequence[Sequence[str]],
        headings: Sequence[str],
        options: Sequence[tuple[str, str]],
        chosen: Sequence[str],
        judge: Judge,
    ) -> None:
        """Show these first rows under their headings; ``options`` are (text, key), ``chosen`` a key for each column."""
        self._judge = judge
        for n, (heading, key) in enumerate(zip(headings, chosen, strict=True)):
            name = heading or tr("column {number}", number=n + 1)
            combo = Combo(options, tr("Meaning of {column}", column=name))
            combo.setObjectName(f"meanings.{n}")
            combo.set_value(key)
            combo.setFixedWidth(theme.scaled(_COLUMN))
            combo.activated.connect(self._weigh)
            self.combos.append(combo)
            self._grid.addWidget(combo, 0, n)
            self._grid.addWidget(self._cell(name, Type.LABEL, "text"), 1, n)
            for line, cells in enumerate(rows[:_ROWS], start=2):
                self._grid.addWidget(self._cell(cells[n], Type.BODY, "muted"), line, n)
        self._grid.setColumnStretch(len(self.combos), 1)
        self._weigh()

    @staticmethod
    def _cell(text: str, face: Type, ink: str) -> ElidedLabel:
        label = ElidedLabel(text.replace("\n", " "), face, ink)
        label.setFixedWidth(theme.scaled(_COLUMN))
        label.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        return label

    def keys(self) -> tuple[str, ...]:
        """The key chosen for each column."""
        return tuple(str(combo.value()) for combo in self.combos)

    def _weigh(self) -> None:
        said, can = self._judge(self.keys())
        self.outcome.setText(said)
        self.outcome.set_ink("text" if can else "warn")
        self._sign.set("info" if can else "triangle-alert", "info" if can else "warn")
        self.accept.setEnabled(can)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.given_up.emit()
        else:
            super().keyPressEvent(event)
