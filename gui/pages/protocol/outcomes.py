"""The outcomes the review wants: one line each, every part of it written when its editing is finished."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from core.language import tr
from core.model import Direction, OutcomeKind
from gui import theme
from gui.explaining import explain
from gui.theme import Type
from gui.widgets.buttons import Button, Kind, icon_button
from gui.widgets.fields import Combo, LineEdit
from gui.widgets.labels import Label
from gui.widgets.panes import column, row

if TYPE_CHECKING:
    from core.store.queries.team import Outcome

KINDS = (
    (tr("Dichotomous"), OutcomeKind.DICHOTOMOUS),
    (tr("Continuous"), OutcomeKind.CONTINUOUS),
    (tr("Effect as reported"), OutcomeKind.GENERIC),
    (tr("O − E and variance"), OutcomeKind.O_E),
    (tr("Texts, not pooled"), OutcomeKind.OTHER),
)
BETTER = ((tr("not said"), ""), (tr("Lower is better"), Direction.LOWER), (tr("Higher is better"), Direction.HIGHER))
_HEADS = (tr("Outcome"), tr("Results are"), tr("Unit"), tr("Good direction"), tr("When"), "")
_STRETCHES = (5, 3, 2, 3, 4, 0)


@dataclass(frozen=True)
class OutcomeParts:
    """What can be set about an outcome besides its name."""

    kind: OutcomeKind
    unit: str
    better: Direction | None
    time_window: str


class OutcomeTable(QWidget):
    """`added(label)`, `reworded(id, label)`, `changed(id, OutcomeParts)`, `removed(id)`."""

    added = Signal(str)
    reworded = Signal(bytes, str)
    changed = Signal(bytes, object)
    removed = Signal(bytes)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: dict[bytes, OutcomeRow] = {}
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(6)
        for at, (head, stretch) in enumerate(zip(_HEADS, _STRETCHES, strict=True)):
            self._grid.addWidget(Label(head, Type.SMALL_LABEL, "muted"), 0, at)
            self._grid.setColumnStretch(at, stretch)
        self.add_field = LineEdit(tr("Add an outcome: Response at 24 hours"), tr("Add an outcome"))
        self.add_field.setObjectName("protocol.outcomes.add")
        explain(self, "outcome")
        self.add_button = Button(tr("Add outcome"), icon="plus", kind=Kind.DEFAULT)
        self.add_button.setObjectName("protocol.outcomes.add_button")
        self.add_field.returnPressed.connect(self._add)
        self.add_button.clicked.connect(self._add)
        self._adding = QWidget()
        self._adding.setLayout(row(self.add_field, self.add_button))
        self.none = Label(tr("No outcomes yet."), Type.BODY, "muted")
        box = column(self._grid, self.none, self._adding, None, spacing=12)
        self.setLayout(box)

    def rows(self) -> list[OutcomeRow]:
        """The rows, in order."""
        return list(self._rows.values())

    def show_outcomes(self, outcomes: Sequence[Outcome], *, editable: bool) -> None:
        """Show these outcomes."""
        wanted = [each.id for each in outcomes]
        if list(self._rows) != wanted:
            kept = {each: self._rows.pop(each) for each in wanted if each in self._rows}
            for gone in self._rows.values():
                gone.retire()
            self._rows = {each: kept.get(each) or self._made(each) for each in wanted}
            for place, line in enumerate(self._rows.values(), 1):
                for at, part in enumerate(line.parts):
                    self._grid.addWidget(part, place, at)
        for outcome in outcomes:
            self._rows[outcome.id].show_outcome(outcome, editable=editable)
        self._adding.setVisible(editable)
        self.none.setVisible(not outcomes)
        for at in range(len(_HEADS)):
            item = self._grid.itemAtPosition(0, at)
            head = item.widget() if item is not None else None
            if head is not None:
                head.setVisible(bool(outcomes))

    def _made(self, outcome_id: bytes) -> OutcomeRow:
        line = OutcomeRow()
        line.label.editingFinished.connect(lambda: self._reword(line, outcome_id))
        for edit in (line.unit, line.time_window):
            edit.editingFinished.connect(lambda: self._change(line, outcome_id))
        for combo in (line.kind, line.better):
            combo.activated.connect(lambda _index: self._change(line, outcome_id))
        line.remove.clicked.connect(lambda: self._remove(outcome_id))
        return line

    def _add(self) -> None:
        text = self.add_field.text().strip()
        if text:
            self.add_field.clear()
            self.added.emit(text)

    def _reword(self, line: OutcomeRow, outcome_id: bytes) -> None:
        text = line.label.text().strip()
        if outcome_id not in self._rows or text == line.stored_label:
            return
        if text:
            line.stored_label = text
            self.reworded.emit(outcome_id, text)
        else:
            line.label.setText(line.stored_label)

    def _change(self, line: OutcomeRow, outcome_id: bytes) -> None:
        values = line.values()
        if outcome_id in self._rows and values != line.stored:
            line.stored = values
            self.changed.emit(outcome_id, values)

    def _remove(self, outcome_id: bytes) -> None:
        self.add_field.setFocus(Qt.FocusReason.OtherFocusReason)
        self.removed.emit(outcome_id)


class OutcomeRow:
    """The widgets of one outcome."""

    def __init__(self) -> None:
        self.stored_label = ""
        self.stored: OutcomeParts | None = None
        self.label = LineEdit("", tr("Outcome"))
        self.kind = Combo(KINDS, tr("Results are"))
        self.unit = LineEdit("", tr("Unit"))
        self.better = Combo(BETTER, tr("Good direction"))
        explain(self.kind, "outcome_kind")
        explain(self.better, "direction")
        self.time_window = LineEdit("", tr("When"))
        explain(self.time_window, "time_point")
        self.remove = icon_button("x", tr("Remove"), small=True)
        self.parts: tuple[QWidget, ...] = (
            self.label,
            self.kind,
            self.unit,
            self.better,
            self.time_window,
            self.remove,
        )
        for part in self.parts[:-1]:
            part.setMinimumWidth(theme.scaled(90))

    def show_outcome(self, outcome: Outcome, *, editable: bool) -> None:
        """Show the outcome; what is being typed stays."""
        better = Direction(outcome.better) if outcome.better else None
        self.stored_label = outcome.label
        self.stored = OutcomeParts(OutcomeKind(outcome.kind), outcome.unit, better, outcome.time_window)
        for edit, name, text in (
            (self.label, tr("Outcome"), outcome.label),
            (self.unit, tr("Unit"), outcome.unit),
            (self.time_window, tr("When"), outcome.time_window),
        ):
            if not (edit.hasFocus() and edit.isModified()) and edit.text() != text:
                edit.setText(text)
                edit.setCursorPosition(0)
            edit.setReadOnly(not editable)
            edit.setToolTip(text)
            edit.setAccessibleName(tr("{field} of {outcome}", field=name, outcome=outcome.label))
        self.kind.set_value(self.stored.kind)
        self.better.set_value(better or "")
        for combo, name in ((self.kind, tr("Results are")), (self.better, tr("Good direction"))):
            combo.setEnabled(editable)
            combo.setAccessibleName(tr("{field} of {outcome}", field=name, outcome=outcome.label))
        self.remove.setVisible(editable)
        self.remove.setAccessibleName(tr("Remove “{outcome}”", outcome=outcome.label))
        self.remove.setToolTip(tr("Remove “{outcome}”", outcome=outcome.label))

    def values(self) -> OutcomeParts:
        """What stands in the fields."""
        kind = self.kind.member(OutcomeKind)
        assert kind is not None  # one of them is always current
        return OutcomeParts(
            kind,
            self.unit.text().strip(),
            self.better.member(Direction),
            self.time_window.text().strip(),
        )

    def retire(self) -> None:
        """Gone from the table: say nothing more."""
        for part in self.parts:
            part.blockSignals(True)
            part.hide()
            part.deleteLater()
