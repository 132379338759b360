"""Decisions that came with a file of another screening program: whose they are, before they are taken in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QWidget
from typing_extensions import override

from core.interchange.screening_exports import CovidenceList
from core.language import counted, tr
from core.model import Reviewer, Stage
from gui import theme
from gui.theme import Type
from gui.widgets.buttons import Button, Kind
from gui.widgets.fields import Combo, Field
from gui.widgets.labels import ElidedLabel, Label
from gui.widgets.panes import Card, Scroll, Surface, column, row

if TYPE_CHECKING:
    from core.session.exchange import DecisionsReport, FoundDecisions

LISTS: dict[str, str] = {
    CovidenceList.IRRELEVANT: tr("Irrelevant: excluded at title and abstract"),
    CovidenceList.SELECT: tr("Passed title and abstract"),
    CovidenceList.EXCLUDED: tr("Excluded at full text"),
    CovidenceList.INCLUDED: tr("Included"),
}
_WIDTH = 760


class DecisionsPanel(Surface):
    """See the module. `accepted` when they are to be taken in, `given_up` when not, `list_chosen` when it is said what
    a list of Covidence holds."""

    accepted = Signal()
    given_up = Signal()
    list_chosen = Signal(object)

    def __init__(
        self,
        found: FoundDecisions,
        team: Sequence[Reviewer],
        was_list: CovidenceList | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("surface", parent=parent)
        self.found = found
        self._judges = [one for one in team if one.is_screener]
        self.whose: dict[str, Combo] = {}
        self.stage = Combo(
            [(tr("Title and abstract"), Stage.TITLE_ABSTRACT), (tr("Full text"), Stage.FULL_TEXT)], tr("Stage")
        )
        self.stage.setObjectName("decisions.stage")
        self.list = Combo([(tr("Choose"), None), *((text, key) for key, text in LISTS.items())], tr("What it holds"))
        self.list.setObjectName("decisions.list")
        self.list.set_value(was_list)
        self._asks_list = found.is_unnamed_list
        self.list.activated.connect(lambda: self.list_chosen.emit(self.list.value()))
        self.accept = Button(tr("Take in the decisions"), kind=Kind.PRIMARY)
        self.accept.setObjectName("decisions.accept")
        self.accept.clicked.connect(self.accepted)
        self.cancel = Button(tr("Not now"))
        self.cancel.setObjectName("decisions.cancel")
        self.cancel.clicked.connect(self.given_up)
        self._people = column(spacing=0)
        self._outcome = Label("", Type.BODY, "muted", wrap=True)
        below = row(self._outcome, self.cancel, self.accept, spacing=8)
        below.setStretch(0, 1)
        block = QWidget()
        block.setMaximumWidth(theme.scaled(_WIDTH))
        title = Label(tr("Decisions came with {name}", name=found.source_name), Type.PAGE_TITLE, wrap=True)
        said = Label(
            tr(
                "They become the decisions of the reviewers chosen here, who see of each other what the stage allows. "
                "A decision that a reviewer has made in Copse is kept."
            ),
            Type.BODY,
            "muted",
            wrap=True,
        )
        self._extra = row(spacing=12)
        block.setLayout(column(title, said, self._extra, self._people, below, None, spacing=14))
        holder = QWidget()
        line = row(spacing=0, margins=(24, 28, 24, 24))
        line.addStretch(1)
        line.addWidget(block, 1000)
        line.addStretch(1)
        holder.setLayout(line)
        self.setLayout(column(Scroll(holder), spacing=0))
        self._show()

    def _show(self) -> None:
        if self.found.is_unnamed_list:
            self._extra.addWidget(Field(tr("What the list of Covidence holds"), self.list), 1)
        if not self.found.says_stage:
            self._extra.addWidget(Field(tr("Stage at which they were made"), self.stage), 1)
        if not self.found.is_unnamed_list or not self.found.says_stage:
            self._extra.addStretch(1)
        if self.found.people:
            self._people.addWidget(self._people_card())
        self._weigh()

    def _people_card(self) -> Card:
        card = Card("sunken")
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(8)
        heads = (tr("Name in the file"), tr("Decisions"), tr("Whose they become"))
        for n, text in enumerate(heads):
            grid.addWidget(Label(text, Type.SMALL_LABEL, "muted"), 0, n)
        for line, person in enumerate(self.found.people, start=1):
            name = person.name or tr("Said without a name")
            entries: list[tuple[str, object]] = [(one.name, one.id) for one in self._judges]
            if person.name:
                entries.append((tr("Add {name} to the team", name=person.name), person.name))
            else:
                entries.insert(0, (tr("Each of those who screen"), True))
            entries.append((tr("Leave them out"), None))
            if person.reviewer_id is None:
                entries.insert(0, (tr("Choose"), False))
            combo = Combo(entries, tr("Whose decisions those of {name} become", name=name))
            combo.setObjectName(f"decisions.whose.{line}")
            combo.set_value(person.reviewer_id or False)
            combo.activated.connect(self._weigh)
            self.whose[person.name] = combo
            grid.addWidget(ElidedLabel(name), line, 0)
            grid.addWidget(Label(_number(person.decisions, person.notes), Type.BODY, "muted"), line, 1)
            grid.addWidget(combo, line, 2)
        grid.setColumnStretch(0, 2)
        grid.setColumnStretch(2, 3)
        card.box.addLayout(grid)
        return card

    def people(self) -> dict[str, list[bytes | str]]:
        """Whose the decisions of each name become, as `import_decisions` takes it."""
        chosen: dict[str, list[bytes | str]] = {}
        for name, combo in self.whose.items():
            value = combo.value()
            if value is True:
                chosen[name] = [one.id for one in self._judges]
            else:
                chosen[name] = [value] if isinstance(value, (bytes, str)) else []
        return chosen

    def chosen_stage(self) -> Stage:
        """The stage of decisions that do not say theirs."""
        return self.stage.member(Stage) or Stage.TITLE_ABSTRACT

    def chosen_list(self) -> CovidenceList | None:
        """What an unnamed list of Covidence holds."""
        return self.list.member(CovidenceList)

    def _weigh(self) -> None:
        chosen = self.people()
        open_names = [combo for combo in self.whose.values() if combo.value() is False]
        taken = sum(one.decisions * len(chosen.get(one.name, ())) for one in self.found.people)
        if open_names:
            self._outcome.setText(tr("Say of every name whose decisions they become, or leave them out."))
        else:
            self._outcome.setText(counted("{n} decision will be taken in.", "{n} decisions will be taken in.", taken))
        self.accept.setEnabled(any(chosen.values()) and not open_names)

    def set_busy(self, *, busy: bool) -> None:
        """Show that they are being taken in; nothing can be chosen, and nothing given up, meanwhile."""
        self.setEnabled(not busy)
        self.accept.set_loading(busy)
        if not busy:
            self.accept.setFocus(Qt.FocusReason.OtherFocusReason)

    def first(self) -> QWidget:
        """Where the keyboard goes first."""
        if self.found.is_unnamed_list:
            return self.list
        waiting = (combo for combo in self.whose.values() if combo.value() is False)
        return self.accept if self.accept.isEnabled() else next(waiting, self.cancel)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.given_up.emit()
        else:
            super().keyPressEvent(event)


def _number(decisions: int, notes: int) -> str:
    said = counted("{n} decision", "{n} decisions", decisions)
    return said if not notes else said + ", " + counted("{n} note", "{n} notes", notes)


def what_came(report: DecisionsReport) -> str:
    """What became of the decisions, in a few sentences."""
    parts = [
        counted(
            "{n} decision on {records} was taken in.",
            "{n} decisions on {records} were taken in.",
            report.taken,
            records=counted("{n} record", "{n} records", report.records),
        )
    ]
    if report.people_added:
        parts.append(tr("New in the team: {names}.", names=", ".join(report.people_added)))
    if report.reasons_added:
        parts.append(tr("New exclusion reasons: {reasons}.", reasons=", ".join(report.reasons_added)))
    if report.not_taken:
        parts.append(
            counted(
                "{n} decision was left out, because the reviewer has decided already: {titles}.",
                "{n} decisions were left out, because the reviewer has decided already: {titles}.",
                len(report.not_taken),
                titles=_titles(report),
            )
        )
    return " ".join(parts)


_NAMED = 3


def _titles(report: DecisionsReport) -> str:
    said = [f"{one.reviewer}, “{one.title[:60]}”" for one in report.not_taken[:_NAMED]]
    return "; ".join(said) + ("; …" if len(report.not_taken) > _NAMED else "")
