"""Whether the numbers in a file are those that Copse computes: the sentence that says so, and every difference."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from core.language import counted, figure, said, tr
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
    from core.interchange.verify import Difference, Verification

COLUMNS: tuple[Column[Difference], ...] = (
    Column("number", tr("Analysis"), lambda d: d.number, width=80, strong=True),
    Column("place", tr("Where"), lambda d: d.place, stretch=True, tip=lambda d: d.place),
    Column("what", tr("What"), lambda d: said(d.what), width=150, tip=lambda d: said(d.what)),
    Column("stored", tr("In the file"), lambda d: d.stored_text, width=110, align="right"),
    Column("computed", tr("Copse"), lambda d: d.computed_text, width=110, align="right"),
)


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

    def show_progress(self, done: int, total: int) -> None:
        """Say how far the check is."""
        self._glyph.set("loader", "muted")
        self.set_tone("surface", "border")
        self.bar.show()
        self.bar.set_share(done / total if total else 0.0)
        self.title.setText(tr("Checking the numbers…"))
        self.facts.setText(tr("{done} of {total} analyses", done=figure(done), total=figure(total)))

    def show_verification(self, verification: Verification) -> None:
        """Say how it ended."""
        self.bar.hide()
        self.details.setVisible(bool(verification.differences))
        icon, level = tone(verification)
        self._glyph.set(icon, level)
        self.set_tone(f"{level}_soft", f"{level}_border")
        self.title.setText(said(verification.sentence))
        self.facts.setText(facts(verification))


def tone(verification: Verification) -> tuple[str, str]:
    """Icon and colours of the result."""
    if verification.differences:
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
        self.table: PlainTable[Difference] = PlainTable(COLUMNS, tr("Differences"))
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
        self._waiting = EmptyState("loader", tr("Checking the numbers…"), "")
        self._stack = QStackedWidget()
        self._stack.addWidget(self._waiting)
        self._stack.addWidget(holder)
        self.table.row_chosen.connect(self._tell)
        self.setLayout(column(self._stack, spacing=0))

    def show_verification(self, verification: Verification) -> None:
        """Show its differences, or that there are none."""
        differences: Sequence[Difference] = verification.differences
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
        nothing = EmptyState("circle-check", said(verification.sentence), facts(verification))
        old = self._stack.widget(0)
        self._stack.insertWidget(0, nothing)
        self._stack.removeWidget(old)
        old.deleteLater()
        self._stack.setCurrentIndex(0)

    def _tell(self, number: int) -> None:
        self.reason.setText(said(self.table.rows()[number].reason))
