"""Study and participants: what the study is, its reports, and the team's form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QGridLayout, QWidget

from core.errors import CopseError
from core.language import tr
from core.model import Id, StudyStatus
from core.session.studies import DESIGNS
from gui.explaining import explain
from gui.pages.extraction.cells import CellBook, GridSpec, form_grids
from gui.pages.extraction.grid import DataGrid
from gui.pages.extraction.parts import ChoiceEdit, KeptEdit, Section, fit_rows
from gui.pages.extraction.reading import Sheet
from gui.pages.extraction.values import read_number
from gui.pages.extraction.words import STUDY_STATUSES
from gui.pages.screening.side import clear
from gui.theme import Type
from gui.widgets.fields import Combo, Field
from gui.widgets.labels import ElidedLabel, Label, section_label
from gui.widgets.panes import Surface, column

if TYPE_CHECKING:
    from gui.pages.extraction.page import ExtractionPage


class FormGrid(QWidget):
    """A grid under its heading, within a line."""

    def __init__(self, book: CellBook, object_name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = section_label("")
        self.grid = DataGrid(book, object_name)
        explain(self, "form_field")
        self.setLayout(column(self._title, framed(self.grid), spacing=4))

    def show_spec(self, spec: GridSpec) -> None:
        """Show a section of the form."""
        self._title.setText(spec.name)
        self.grid.show_spec(spec)


def framed(grid: DataGrid) -> Surface:
    """A grid with its upper and left line; the cells draw the others."""
    frame = Surface("border")
    frame.setLayout(column(grid, margins=(1, 1, 0, 0)))
    return frame


class StudySection(Section):
    """See the module."""

    def __init__(self, page: ExtractionPage, book: CellBook) -> None:
        super().__init__(tr("Study and participants"), "extraction.section.study")
        self._page, self._book = page, book
        self._study_id: Id | None = None
        self.design = ChoiceEdit(DESIGNS, tr("Design"), "study.design")
        self.randomised = KeptEdit("", tr("Participants randomised"), "study.randomised")
        self.registration = KeptEdit("", tr("Registration"), "study.registration")
        self.status = Combo([(text, status) for status, text in STUDY_STATUSES.items()], tr("Place in the review"))
        self.status.setObjectName("study.status")
        for control, topic in (
            (self, "study"), (self.design, "design"), (self.randomised, "randomised"),
            (self.registration, "registration"), (self.status, "study_status"),
        ):  # fmt: skip
            explain(control, topic)
        self._reports = column(spacing=2)
        self._forms = column(spacing=12)
        self.grids: list[FormGrid] = []
        self._no_form = Label("", Type.SMALL, "muted", wrap=True)
        self._lay_out()
        self.design.kept.connect(self._keep_design)
        self.registration.kept.connect(self._keep_registration)
        self.randomised.kept.connect(self._keep_randomised)
        self.status.activated.connect(self._keep_status)

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        self._number_field = Field(tr("Participants randomised"), self.randomised)
        grid.addWidget(Field(tr("Design"), self.design), 0, 0)
        grid.addWidget(self._number_field, 0, 1)
        grid.addWidget(Field(tr("Registration"), self.registration), 1, 0)
        grid.addWidget(Field(tr("Place in the review"), self.status), 1, 1)
        grid.setColumnStretch(0, 2)
        grid.setColumnStretch(1, 1)
        self.box.addLayout(grid)
        self.box.addLayout(self._reports)
        self.box.addSpacing(4)
        self.box.addLayout(self._forms)
        self.box.addWidget(self._no_form)

    def show_sheet(self, sheet: Sheet) -> None:
        """Show a study and the form as filled in."""
        study = sheet.study
        self._study_id = study.id
        self.design.show_text(study.design)
        self.randomised.show_text("" if study.randomised is None else str(study.randomised))
        self._number_field.set_error("")
        self.registration.show_text(study.registration)
        self.status.set_value(study.status)
        self._show_reports(sheet)
        specs = form_grids(sheet.fields, study)
        fit_rows(self._forms, self.grids, len(specs), lambda n: FormGrid(self._book, f"form.grid.{n}"))
        for view, spec in zip(self.grids, specs, strict=True):
            view.show_spec(spec)
        self._no_form.setVisible(not specs)
        self._no_form.setText(
            tr("The form has no fields yet. You add them under Form.")
            if self._page.team.may_lead
            else tr("The form has no fields yet. The lead adds them under Form.")
        )

    def _show_reports(self, sheet: Sheet) -> None:
        clear(self._reports)
        reports = sheet.study.reports
        self._reports.addWidget(section_label(tr("Reports")))
        for report in reports:
            journal = ", ".join(filter(None, (report.journal, str(report.year or ""))))
            text = f"{report.number}  {report.title}" + (f" ({journal})" if journal else "")
            self._reports.addWidget(ElidedLabel(text, Type.SMALL))
        if not reports:
            self._reports.addWidget(Label(tr("No report is linked to this study."), Type.SMALL, "muted"))

    def _keep_design(self, text: str) -> None:
        study = self._study_id
        if study is not None:
            self._page.change(lambda s: s.studies.describe(study, design=text))

    def _keep_registration(self, text: str) -> None:
        study = self._study_id
        if study is not None:
            self._page.change(lambda s: s.studies.describe(study, registration=text))

    def _keep_randomised(self, text: str) -> None:
        study = self._study_id
        if study is None:
            return
        try:
            number = read_number(text) if text else None
        except CopseError as error:
            self._number_field.set_error(error.message)
            return
        if number is not None and number != int(number):
            self._number_field.set_error(tr("“{text}” is not a whole number. The number before was kept.", text=text))
            return
        self._number_field.set_error("")
        whole = None if number is None else int(number)
        call = self._page.write(lambda s: s.studies.describe(study, randomised=whole))
        call.done(lambda _none: self._page.reload())
        call.failed(lambda error: self._number_field.set_error(error.message)).run(initiator=self._page)

    def _keep_status(self) -> None:
        study, status = self._study_id, self.status.member(StudyStatus)
        if study is not None and status is not None:
            self._page.change(lambda s: s.studies.describe(study, status=status))
