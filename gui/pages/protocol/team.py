"""The team with its roles, and when its judgements are shown to one another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QGridLayout, QSizePolicy, QWidget

from core.language import tr
from core.model import Reveal, Reviewer
from gui import theme
from gui.explaining import explain
from gui.theme import Type
from gui.widgets.buttons import Button
from gui.widgets.fields import Combo, LineEdit
from gui.widgets.labels import Label, Line
from gui.widgets.marks import Avatar
from gui.widgets.panes import column, row

if TYPE_CHECKING:
    from core.store.queries.team import Protocol

_HEADS = ("", tr("Reviewer"), tr("Leads"), tr("Screens and extracts"), tr("Settles differences"))
_REVEAL_SCREENING = (
    (tr("When the stage is over"), Reveal.AT_END),
    (tr("On each record as soon as one has decided on it"), Reveal.AT_ONCE),
)
_REVEAL_EXTRACTION = (
    (tr("When all who work on a study have finished it"), Reveal.AT_END),
    (tr("On each value as soon as one has entered it"), Reveal.AT_ONCE),
)

_ENOUGH = 440
"""With very large text a choice may be elided rather than make the page scroll sideways."""


@dataclass(frozen=True)
class Roles:
    """What a reviewer does in the review."""

    is_lead: bool
    is_screener: bool
    is_adjudicator: bool


class TeamPanel(QWidget):
    """`added(name)`, `roles_changed(id, Roles)`, `setting_changed(name in
    `protocol.settings`, value)`."""

    added = Signal(str)
    roles_changed = Signal(bytes, object)
    setting_changed = Signal(str, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: dict[bytes, _Person] = {}
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(8)
        for at, head in enumerate(_HEADS):
            self._grid.addWidget(Label(head, Type.SMALL_LABEL, "muted"), 0, at)
        self._grid.setColumnStretch(1, 1)
        self.add_field = LineEdit(tr("Add a reviewer: name"), tr("Add a reviewer"))
        self.add_field.setObjectName("protocol.team.add")
        explain(self, "roles")
        add = Button(tr("Add reviewer"), icon="plus")
        add.setObjectName("protocol.team.add_button")
        self.add_field.returnPressed.connect(self._add)
        add.clicked.connect(self._add)
        self._adding = QWidget()
        self._adding.setLayout(row(self.add_field, add))
        self.setLayout(column(self._grid, self._adding, 8, Line(), 8, self._make_settings(), None, spacing=12))

    def _make_settings(self) -> QGridLayout:
        self.screening = Combo(_REVEAL_SCREENING, tr("Reviewers see each other's decisions"))
        self.screening.setObjectName("protocol.reveal_screening")
        self.extraction = Combo(_REVEAL_EXTRACTION, tr("Reviewers see each other's extraction and risk of bias"))
        self.extraction.setObjectName("protocol.reveal_extraction")
        self.needed = Combo([(str(n), n) for n in range(1, 6)], tr("Reviewers for each record"))
        self.needed.setObjectName("protocol.screeners")
        explain(self.screening, "reveal")
        explain(self.extraction, "reveal")
        explain(self.needed, "reviewers_per_record")
        for name, combo, width in (
            ("reveal_screening", self.screening, 380),
            ("reveal_extraction", self.extraction, 380),
            ("screeners_per_record", self.needed, 70),
        ):
            combo.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
            combo.setFixedWidth(min(theme.scaled(width), _ENOUGH))
            combo.activated.connect(lambda _index, n=name, c=combo: self._set(n, c))
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(8)
        lines = (
            (tr("Reviewers for each record"), self.needed),
            (tr("Reviewers see each other's decisions"), self.screening),
            (tr("… and each other's extraction and risk of bias"), self.extraction),
        )
        for place, (text, combo) in enumerate(lines):
            grid.addWidget(Label(text), place, 0)
            grid.addWidget(combo, place, 1, Qt.AlignmentFlag.AlignLeft)
        grid.setColumnStretch(1, 1)
        return grid

    def _set(self, name: str, combo: Combo) -> None:
        self.setting_changed.emit(name, combo.value())

    def show_team(self, people: Sequence[Reviewer], protocol: Protocol, *, editable: bool) -> None:
        """Show these people and settings."""
        if list(self._rows) != [each.id for each in people]:
            for line in self._rows.values():
                line.retire()
            self._rows = {each.id: _Person(each) for each in people}
            for place, (person_id, line) in enumerate(self._rows.items(), 1):
                for at, part in enumerate(line.parts):
                    self._grid.addWidget(part, place, at)
                for box in line.boxes:
                    box.clicked.connect(lambda _on, p=person_id, row=line: self.roles_changed.emit(p, row.roles()))
        for person in people:
            self._rows[person.id].show_roles(person, editable=editable)
        self.screening.set_value(protocol.reveal_screening)
        self.extraction.set_value(protocol.reveal_extraction)
        self.needed.set_value(protocol.screeners_per_record)
        for combo in (self.screening, self.extraction, self.needed):
            combo.setEnabled(editable)
        self._adding.setVisible(editable)

    def boxes(self, person: bytes) -> tuple[QCheckBox, ...]:
        """The three check boxes of a reviewer: leads, screens, settles."""
        return self._rows[person].boxes

    def _add(self) -> None:
        name = self.add_field.text().strip()
        if name:
            self.add_field.clear()
            self.added.emit(name)


class _Person:
    """The widgets of one reviewer."""

    def __init__(self, person: Reviewer) -> None:
        avatar = Avatar(person.name, person.initials, person.position, adjudicator=person.is_adjudicator, size=24)
        self._name = Label(person.name, Type.LABEL)
        self.boxes = tuple(QCheckBox() for _ in _HEADS[2:])
        for head, box in zip(_HEADS[2:], self.boxes, strict=True):
            box.setAccessibleName(f"{person.name}: {head}")
        self.parts: tuple[QWidget, ...] = (avatar, self._name, *self.boxes)

    def show_roles(self, person: Reviewer, *, editable: bool) -> None:
        for box, on in zip(self.boxes, (person.is_lead, person.is_screener, person.is_adjudicator), strict=True):
            box.setChecked(on)
            box.setEnabled(editable)

    def roles(self) -> Roles:
        return Roles(*(box.isChecked() for box in self.boxes))

    def retire(self) -> None:
        for part in self.parts:
            part.blockSignals(True)
            part.hide()
            part.deleteLater()
