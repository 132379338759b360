"""Where a study is begun: from an included report, or by its label alone. Also what an empty page says."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget
from typing_extensions import override

from core.language import counted, tr
from core.model import Id
from core.session.studies import DESIGNS
from gui import theme
from gui.pages.extraction.parts import ChoiceEdit
from gui.pages.extraction.reading import Board
from gui.pages.screening.side import clear
from gui.theme import Type
from gui.widgets.buttons import Button, Kind
from gui.widgets.fields import Field, LineEdit
from gui.widgets.labels import Label
from gui.widgets.messages import EmptyState, primary
from gui.widgets.panes import Card, Surface, column, row

if TYPE_CHECKING:
    from gui.pages.extraction.page import ExtractionPage


class NewStudy(Surface):
    """See the module. Shown while there is no study, and when one asks for another (`is_wanted`)."""

    def __init__(self, page: ExtractionPage) -> None:
        super().__init__("surface")
        self._page = page
        self.is_wanted = False
        go = primary(tr("Go to full text"), lambda: page.workspace.go("fulltext"), icon="file-text")
        go.setObjectName("extraction.to_fulltext")
        add = Button(tr("Add study"), icon="plus")
        add.setObjectName("extraction.add_first_study")
        add.setToolTip(tr("Add a study without a report"))
        add.clicked.connect(lambda: page.registry.trigger("extraction.add_study"))
        self._empty = EmptyState(
            "table-2",
            tr("No studies yet"),
            tr("A study appears here when its report is included at full text."),
            [go, add],
            large=True,
        )
        self._form = _StudyForm()
        self._form.submitted.connect(self._create)
        self._form.cancelled.connect(self._cancel)
        self._waiting = _Reports()
        self._waiting.made.connect(page.pane.made)
        holder = QWidget()
        holder.setMaximumWidth(theme.scaled(560))
        holder.setLayout(column(self._form, self._waiting, spacing=16))
        self._holder = holder
        line: QHBoxLayout = row(None, holder, None, margins=(24, 28, 24, 24), spacing=0)
        line.setStretch(1, 1000)
        box = column(self._empty, line, None, spacing=0)
        box.setStretch(0, 1000)  # alone, it stands in the middle
        self.setLayout(box)

    def begin(self) -> None:
        """Ask for a new study."""
        self.is_wanted = True
        self._form.clear()
        self._show()

    def take_focus(self) -> None:
        """Let the label be typed at once."""
        self._form.label.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_board(self, board: Board) -> None:
        """Offer the reports that wait."""
        self._waiting.show_waiting(board.awaiting, board.awaiting_count)
        if not board.studies and board.awaiting:
            self.is_wanted = True
        self._form.cancel.setVisible(bool(board.studies) or not board.awaiting)
        self._show()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.is_wanted:
            self._cancel()
            return
        super().keyPressEvent(event)

    def _show(self) -> None:
        self._empty.setVisible(not self.is_wanted)
        self._holder.setVisible(self.is_wanted)

    def _create(self, label: str, design: str) -> None:
        self._page.change(lambda s: s.studies.create(label=label, design=design), self._page.study_made)

    def _cancel(self) -> None:
        self.is_wanted = False
        self._page.reload()


class _StudyForm(Card):
    """Label and design of a study without a report."""

    submitted = Signal(str, str)
    cancelled = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.label = LineEdit(tr("Surname and year, such as Feder 2014"), tr("Label of the study"))
        self.label.setObjectName("study.new_label")
        self.design = ChoiceEdit(DESIGNS, tr("Design"), "study.new_design")
        self.submit = Button(tr("Add study"), icon="plus", kind=Kind.PRIMARY)
        self.submit.setObjectName("study.create")
        self.cancel = Button(tr("Cancel"), kind=Kind.QUIET)
        self.cancel.setObjectName("study.cancel")
        self._field = Field(tr("Label"), self.label)
        self.box.addWidget(Label(tr("New study"), Type.SECTION))
        self.box.addWidget(self._field)
        self.box.addWidget(Field(tr("Design"), self.design))
        self.box.addLayout(row(self.submit, self.cancel, None))
        self.submit.clicked.connect(self._submit)
        self.label.returnPressed.connect(self._submit)
        self.design.returnPressed.connect(self._submit)
        self.cancel.clicked.connect(self.cancelled)

    def clear(self) -> None:
        """Empty the fields."""
        self.label.clear()
        self.design.clear()
        self._field.set_error("")

    def _submit(self) -> None:
        if not self.label.text().strip():
            self._field.set_error(tr("A study needs a label."))
            self.label.setFocus()
            return
        self._field.set_error("")
        self.submitted.emit(self.label.text().strip(), self.design.text().strip())


class _Reports(QWidget):
    """Included reports without a study, each with its button."""

    made = Signal(bytes)

    def __init__(self) -> None:
        super().__init__()
        self._title = Label("", Type.STRONG)
        self._lines = column(spacing=4)
        self._rest = Label("", Type.SMALL, "muted")
        self.setLayout(column(self._title, self._lines, self._rest, spacing=8))

    def show_waiting(self, awaiting: Sequence[tuple[Id, str]], number: int) -> None:
        """Offer the first few of these."""
        self.setVisible(bool(awaiting))
        self._title.setText(
            counted("{n} included report waits for a study", "{n} included reports wait for a study", number)
        )
        clear(self._lines)
        for place, (record, label) in enumerate(awaiting, 1):
            button = Button(tr("Make study {label}", label=label), icon="file-plus")
            button.setObjectName(f"study.from_report.{place}")
            button.clicked.connect(lambda _checked=False, record=record: self.made.emit(record))
            line = QWidget()
            line.setLayout(row(button, None))
            self._lines.addWidget(line)
        more = number - len(awaiting)
        self._rest.setText(counted("and {n} more", "and {n} more", more) if more > 0 else "")
        self._rest.setVisible(more > 0)
