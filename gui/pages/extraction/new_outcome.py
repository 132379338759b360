"""The line that adds an outcome to the review, for its lead."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from core.language import tr
from core.model import Direction, OutcomeKind
from core.store.queries.team import Outcome
from gui.pages.extraction.parts import set_width
from gui.pages.extraction.words import DIRECTIONS, OUTCOME_KINDS
from gui.theme import Type
from gui.widgets.buttons import Button, Kind
from gui.widgets.fields import Combo, LineEdit
from gui.widgets.labels import Label
from gui.widgets.panes import column, row

if TYPE_CHECKING:
    from gui.pages.extraction.page import ExtractionPage


class NewOutcome(QWidget):
    """A button, and once it is clicked (or while there is no outcome at all) the fields of a new outcome."""

    def __init__(self, page: ExtractionPage) -> None:
        super().__init__()
        self._page = page
        self.open = Button(tr("New outcome"), icon="plus", kind=Kind.QUIET, small=True)
        self.name = LineEdit(tr("Name of the outcome, such as Response"), tr("Name of the new outcome"))
        self.kind = Combo([(text, kind) for kind, text in OUTCOME_KINDS.items()], tr("What its results are made of"))
        self.better = Combo(
            [(tr("No direction"), None), *((t, d) for d, t in DIRECTIONS.items())], tr("Direction of benefit")
        )
        self.add = Button(tr("Add outcome"), icon="plus")
        for widget, word in (
            (self.open, "open"), (self.name, "name"), (self.kind, "kind"), (self.better, "better"), (self.add, "add"),
        ):  # fmt: skip
            widget.setObjectName(f"outcome.{word}")
        set_width(self.kind, 150)
        set_width(self.better, 150)
        self._none = Label("", Type.SMALL, "muted", wrap=True)
        self._fields = QWidget()
        line = row(self.name, self.kind, self.better, self.add, spacing=6)
        line.setStretch(0, 1)
        self._fields.setLayout(line)
        self.setLayout(column(self._none, row(self.open, None), self._fields, spacing=4))
        self._fields.hide()
        self.open.clicked.connect(self._open)
        self.add.clicked.connect(self._add)
        self.name.returnPressed.connect(self._add)

    def show_for(self, outcomes: Sequence[Outcome]) -> None:
        """The outcomes there are; without any, the lead is asked for the first at once."""
        leads = self._page.team.may_lead
        self._none.setVisible(not outcomes)
        self._none.setText(
            tr("The review has no outcomes yet. Add the first one here.")
            if leads
            else tr("The review has no outcomes yet. The lead adds them.")
        )
        if not leads:
            self._fields.hide()
        elif not outcomes:
            self._fields.show()
        self.open.setVisible(leads and self._fields.isHidden())

    def _open(self) -> None:
        self._fields.show()
        self.open.hide()
        self.name.setFocus()

    def _add(self) -> None:
        name, kind, better = self.name.text().strip(), self.kind.member(OutcomeKind), self.better.member(Direction)
        if not name or kind is None:
            self.name.setFocus()
            return
        self._page.change(lambda s: s.protocol.add_outcome(name, kind, better=better), lambda _id: self._added())

    def _added(self) -> None:
        self.name.clear()
        self._fields.hide()
        self.open.setVisible(self._page.team.may_lead)
