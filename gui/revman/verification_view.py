"""Whether the numbers in a file are those that Copse computes: the sentence that says so, and every difference."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from core.language import counted, figure, mark, said, tr
from gui import theme
from gui.revman.plain_table import PlainTable
from gui.theme import Type
from gui.widgets.buttons import Button, Kind
from gui.widgets.labels import Label
from gui.widgets.marks import ProgressBar
from gui.widgets.messages import EmptyState, Glyph
from gui.widgets.panes import Card, Surface, column, row
from gui.widgets.table import Column

if TYPE_CHECKING:
    from core.interchange.verify import Verification, Where


@dataclass(frozen=True)
class Line:
    """A number that differs, or something that could not be computed again."""

    where: Where
    what: str
    stored: str
    computed: str
    reason: str


COLUMNS: tuple[Column[Line], ...] = (
    Column("number", tr("Analysis"), lambda d: d.where.number, width=80, strong=True),
    Column("place", tr("Where"), lambda d: _place(d.where), stretch=True, tip=lambda d: said(d.where.text)),
    Column("what", tr("What"), lambda d: said(d.what), width=170, tip=lambda d: said(d.what)),
    Column("stored", tr("In the file"), lambda d: d.stored, width=110, align="right"),
    Column("computed", tr("Copse"), lambda d: d.computed, width=110, align="right"),
)


def lines(verification: Verification) -> list[Line]:
    """What is to be looked at: differences first, then what could not be computed again."""
    found = [Line(d.where, d.what, d.stored_text, d.computed_text, d.reason) for d in verification.differences]
    return [*found, *(Line(u.where, mark("not computed again"), "", "", u.reason) for u in verification.unchecked)]


def sentence(verification: Verification) -> str:
    """The result."""
    count = verification.outcomes
    if not count.total:
        return tr("The file holds no results to compare.")
    agree, total = figure(count.agree), figure(count.total)
    if verification.matches:
        return tr("Matches RevMan: {agree} of {total}", agree=agree, total=total)
    return tr("{agree} of {total} analyses match", agree=agree, total=total)


def _place(where: Where) -> str:
    return "  ·  ".join(part for part in (where.outcome, where.subgroup, where.study) if part)


class VerificationCard(Card):
    """The result in one sentence, with how much of it was compared."""

    details_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.setAccessibleName(tr("Check of the numbers"))
        self._glyph = Glyph("loader", "muted", 20)
        self.title = Label(tr("Checking the numbers…"), Type.SECTION, wrap=True)
        self.facts = Label("", Type.SMALL, "muted", wrap=True)
        self.bar = ProgressBar(name=tr("Checking the numbers"))
        self.details = Button(tr("Show the differences"), kind=Kind.DEFAULT, small=True)
        self.details.setObjectName("revman.show_differences")
        self.details.clicked.connect(self.details_wanted)
        self.details.hide()
        text = column(self.title, self.facts, self.bar, row(self.details, None), spacing=6)
        line = row(spacing=12)
        line.addWidget(self._glyph, 0, Qt.AlignmentFlag.AlignTop)
        line.addLayout(text, 1)
        self.box.setContentsMargins(14, 12, 14, 12)
        self.box.addLayout(line)

    def show_progress(self, share: float) -> None:
        """Say how far the check is: 0 to 1."""
        self._glyph.set("loader", "muted")
        self.set_tone("surface", "border")
        self.bar.show()
        self.bar.set_share(share)
        self.title.setText(tr("Checking the numbers…"))
        self.facts.setText("")

    def show_verification(self, verification: Verification) -> None:
        """Say how it ended."""
        self.bar.hide()
        self.details.setVisible(bool(lines(verification)))
        icon, level = tone(verification)
        self._glyph.set(icon, level)
        self.set_tone(f"{level}_soft", f"{level}_border")
        self.title.setText(sentence(verification))
        self.facts.setText(facts(verification))


def tone(verification: Verification) -> tuple[str, str]:
    """Icon and colours of the result."""
    if not verification.matches:
        return "triangle-alert", "warn"
    return ("circle-check", "success") if verification.outcomes.total else ("info", "info")


def facts(verification: Verification) -> str:
    """How much was compared."""
    pairs = (
        (tr("Subgroups"), verification.subgroups),
        (tr("Rows"), verification.rows),
        (tr("Numbers"), verification.values),
    )
    return "  ·  ".join(
        tr("{what} {agree} of {total}", what=name, agree=figure(count.agree), total=figure(count.total))
        for name, count in pairs
        if count.total
    )


class DifferencesView(QWidget):
    """Every number that differs, with both values and the likely reason."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.table: PlainTable[Line] = PlainTable(COLUMNS, tr("Differences"))
        self.table.setObjectName("revman.differences")
        self.reason = Label("", Type.BODY, wrap=True)
        self.reason.setMinimumHeight(theme.scaled(40))
        self._head = Label("", Type.BODY, "muted", wrap=True)
        foot = Surface("sunken", "top")
        foot.setLayout(
            column(Label(tr("Likely reason"), Type.SMALL_STRONG, "muted"), self.reason, margins=(20, 10, 20, 12))
        )
        holder = QWidget()
        box = column(row(self._head, margins=(20, 10, 20, 10)), self.table, foot, spacing=0)
        box.setStretch(1, 1)
        holder.setLayout(box)
        self._state = EmptyState("loader", tr("Checking the numbers…"), "")
        self._stack = QStackedWidget()
        self._stack.addWidget(self._state)
        self._stack.addWidget(holder)
        self.table.row_chosen.connect(self._tell)
        self.setLayout(column(self._stack, spacing=0))

    def show_verification(self, verification: Verification) -> None:
        """Show its differences, or that there are none."""
        differences = lines(verification)
        self.table.show_rows(differences)
        if differences:
            number = len(differences)
            self._head.setText(
                counted("{n} number in the file is not what Copse computes from the file's own data and settings.",
                        "{n} numbers in the file are not what Copse computes from the file's own data and settings.",
                        number)
            )  # fmt: skip
            self._stack.setCurrentIndex(1)
            self.table.choose(0)
            self._tell(0)
            return
        icon, level = tone(verification)
        self._state.show_state(icon, level, sentence(verification), facts(verification))
        self._stack.setCurrentIndex(0)

    def state(self) -> str:
        """What is said where no differences are listed; "" while they are."""
        return self._state.title.text() if self._stack.currentWidget() is self._state else ""

    def show_waiting(self) -> None:
        """Say that the numbers are being computed."""
        self._state.show_state("loader", "muted", tr("Checking the numbers…"), "")
        self._stack.setCurrentIndex(0)

    def show_stopped(self) -> None:
        """Say that computing was given up."""
        text = tr("The check was stopped before its end. It begins again when you come back to it.")
        self._state.show_state("info", "info", tr("Not checked"), text)
        self._stack.setCurrentIndex(0)

    def _tell(self, number: int) -> None:
        self.reason.setText(said(self.table.rows()[number].reason))
