"""What waits for the reviewer, with buttons that go there; for the lead also how far each of the team is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLayout, QWidget

from core.language import counted, tr
from core.model import Reviewer
from gui import theme
from gui.pages.overview.changes import Changes
from gui.theme import Type
from gui.widgets.buttons import Button
from gui.widgets.labels import Label, Line, section_label
from gui.widgets.marks import Avatar, ProgressBar
from gui.widgets.messages import Glyph
from gui.widgets.panes import Card, Scroll, Surface, column, row

if TYPE_CHECKING:
    from core.session.overview import Done, ReviewerProgress, Todo


@dataclass(frozen=True)
class Place:
    """Where a thing to do is done: page, what to show there, icon, and the word on the button."""

    page: str
    button: str
    icon: str
    where: Mapping[str, str] = field(default_factory=dict)
    detail: str = ""
    """Which stage it belongs to, where the words of the thing do not say it."""
    waits_for_all: bool = False
    """Others wait for it: shown in the colour of warnings."""


_TITLES, _REPORTS = tr("Title and abstract"), tr("Full text")
PLACES: Mapping[str, Place] = {
    "references.import": Place("references", tr("Import"), "library"),
    "screening.decide": Place("screening", tr("Screen"), "list-checks", {"tab": "screen"}, _TITLES),
    "screening.resolve": Place(
        "screening", tr("Settle"), "git-compare", {"tab": "conflicts"}, _TITLES, waits_for_all=True
    ),
    "fulltext.decide": Place("fulltext", tr("Assess"), "file-text", {"tab": "reports"}),
    "fulltext.resolve": Place(
        "fulltext", tr("Settle"), "git-compare", {"tab": "conflicts"}, _REPORTS, waits_for_all=True
    ),
    "studies.create": Place("fulltext", tr("Add studies"), "file-plus", {"tab": "studies"}),
    "extraction.enter": Place("extraction", tr("Extract"), "table-2", {"tab": "extract"}),
    "extraction.settle": Place("extraction", tr("Settle"), "git-compare", {"tab": "compare"}, waits_for_all=True),
    "riskofbias.judge": Place("riskofbias", tr("Judge"), "shield-check", {"tab": "assess"}),
    "riskofbias.settle": Place("riskofbias", tr("Settle"), "git-compare", {"tab": "consensus"}, waits_for_all=True),
}
_STAGES = (
    (tr("Title, abstract"), "list-checks", "title_abstract"),
    (tr("Full text"), "file-text", "full_text"),
    (tr("Extraction"), "table-2", "extraction"),
    (tr("Risk of bias"), "shield-check", "risk_of_bias"),
)


class TodoPanel(Surface):
    """`wanted(page, where)` when a button is pressed."""

    wanted = Signal(str, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("sunken", "left", parent)
        self.setAccessibleName(tr("What is left"))
        self._todo = column(spacing=8)
        self._team = column(spacing=16)
        self._team_part = QWidget()
        self._team_part.setLayout(column(section_label(tr("Left to do")), self._team, spacing=10))
        self._team_part.hide()
        self.changes = Changes()
        parts = (section_label(tr("For you")), self._todo, 12, self._team_part, 4, Line(), 4, self.changes, None)
        content = QWidget()
        content.setLayout(column(*parts, margins=(20, 16, 20, 20), spacing=8))
        scroll = Scroll(content)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setLayout(column(scroll, spacing=0, margins=(1, 0, 0, 0)))
        self.buttons: dict[str, Button] = {}
        self._shown: Sequence[Todo] | None = None

    def set_below(self, below: bool) -> None:
        """Whether the panel stands below the flow instead of beside it."""
        self._lines = frozenset({"top" if below else "left"})
        self.update()

    def show_todo(self, items: Sequence[Todo]) -> None:
        """Show what waits for the reviewer."""
        if items == self._shown:
            return
        self._shown = items
        had = next((code for code, button in self.buttons.items() if button.hasFocus()), "")
        _clear(self._todo)
        self.buttons = {}
        for item in items:
            self._todo.addWidget(self._card(item))
        if not items:
            self._todo.addLayout(
                row(Glyph("circle-check", "success"), Label(tr("Nothing waits for you."), Type.BODY), None)
            )
        if had in self.buttons:
            self.buttons[had].setFocus(Qt.FocusReason.OtherFocusReason)

    def texts(self) -> list[str]:
        """What is said to wait, in order."""
        return [item.text for item in self._shown or ()]

    def _card(self, item: Todo) -> Card:
        place = PLACES.get(item.code, Place(item.page, tr("Open"), "circle-dot"))
        card = Card("warn_soft", "warn_border") if place.waits_for_all else Card()
        card.box.setContentsMargins(14, 9, 12, 9)
        text = column(Label(item.text, Type.STRONG, wrap=True), spacing=1)
        if place.detail:
            text.addWidget(Label(place.detail, Type.SMALL))
        button = Button(place.button)
        button.setAccessibleName(f"{place.button}: {item.text}")
        button.setObjectName(f"overview.todo.{item.code}")
        button.clicked.connect(lambda: self.wanted.emit(place.page, dict(place.where)))
        self.buttons[item.code] = button
        line = row(Glyph(place.icon, "warn" if place.waits_for_all else "muted"), text, button, spacing=10)
        line.setStretch(1, 1)
        card.box.addLayout(line)
        return card

    def show_team(self, progress: Sequence[ReviewerProgress], people: Sequence[Reviewer]) -> None:
        """Show how far each reviewer is; nothing for who does not lead."""
        _clear(self._team)
        known = {person.id: person for person in people}
        for one in progress:
            self._team.addWidget(PersonProgress(one, known[one.reviewer_id]))
        self._team_part.setVisible(bool(progress))


class PersonProgress(QWidget):
    """One reviewer: what is left at each stage."""

    def __init__(self, progress: ReviewerProgress, person: Reviewer, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        head = row(
            Avatar(person.name, person.initials, person.position, adjudicator=person.is_adjudicator, size=24),
            Label(person.name, Type.STRONG),
            None,
        )
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(10)
        grid.setColumnStretch(2, 1)
        self.figures: dict[str, str] = {}
        for place, (text, icon, name) in enumerate(_STAGES):
            done: Done = getattr(progress, name)
            self.figures[name] = _left(done)
            self._add_stage(grid, place, text, icon, done, f"{person.name}, {text}")
        self.setLayout(column(head, grid, spacing=10))

    def _add_stage(self, grid: QGridLayout, place: int, text: str, icon: str, done: Done, name: str) -> None:
        over = bool(done.total) and done.done >= done.total
        bar = Glyph("check", "success", 14) if over else ProgressBar(name=name)
        if isinstance(bar, ProgressBar):
            bar.set_share(done.done / done.total if done.total else 0.0)
            bar.setMaximumWidth(theme.scaled(240))
        figure = Label(_left(done), Type.BODY, "success" if over else "muted")
        figure.setMinimumWidth(theme.scaled(84))
        figure.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        for at, part in enumerate((Glyph(icon, "muted", 16), Label(text), bar, figure)):
            grid.addWidget(part, place, at)
        if over:
            grid.setAlignment(bar, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)


def _left(done: Done) -> str:
    if not done.total:
        return tr("nothing to do")
    left = done.total - done.done
    return counted("{n} left", "{n} left", left) if left > 0 else tr("done")


def _clear(box: QLayout) -> None:
    """Take everything out of a layout."""
    while (item := box.takeAt(0)) is not None:
        part, inner = item.widget(), item.layout()
        if part is not None:
            part.hide()
            part.deleteLater()
        elif inner is not None:
            _clear(inner)
