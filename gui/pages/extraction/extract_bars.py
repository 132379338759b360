"""What stands above and below the form: the study one is at, what is left to fill in, and finishing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QMenu, QWidget

from core.language import counted, figure, tr
from core.model import Id, StudyStatus
from core.store.queries.studies import StudyView
from gui import theme
from gui.explaining import explain
from gui.pages.extraction.parts import KeptEdit
from gui.pages.extraction.reading import Sheet, Team
from gui.pages.extraction.words import study_facts
from gui.pages.screening.side import centred
from gui.pages.screening.words import first_name, listed
from gui.theme import Type
from gui.widgets.buttons import Button, Kind, icon_button
from gui.widgets.labels import ElidedLabel, Label
from gui.widgets.marks import ProgressBar
from gui.widgets.messages import Glyph
from gui.widgets.panes import Surface, column, row

if TYPE_CHECKING:
    from gui.pages.extraction.page import ExtractionPage

COLUMN = 900
"""The form is no wider than this."""
SIDES = 20
BAR = 10
"""The scroll bar of the form; head and foot leave its room free, so that all stand in one column."""
_NOTHING = tr("Nothing to fill in yet: the study needs its arms and outcome data.")


_NOT_EXTRACTED = {
    StudyStatus.EXCLUDED: tr("Excluded from the review, so there is nothing to extract."),
    StudyStatus.AWAITING: tr("Awaiting classification, so there is nothing to extract yet."),
    StudyStatus.ONGOING: tr("Still going on, so there is nothing to extract yet."),
}


class StudyHead(Surface):
    """The study's label (which can be changed), its facts, and how much of the form is filled in."""

    def __init__(self, page: ExtractionPage) -> None:
        super().__init__("surface", "bottom")
        self.setFixedHeight(theme.scaled(40))
        self._page = page
        self._study_id: Id | None = None
        self.label = Label("", Type.SECTION)
        self.label.setObjectName("extraction.label")
        self.edit = KeptEdit("", tr("Label of the study"), "extraction.label_edit")
        self.edit.setMaximumWidth(theme.scaled(320))
        self.edit.kept.connect(self._rename)
        self.edit.editingFinished.connect(self._show_label)
        self.edit.hide()
        self.pencil = page.registry.button("extraction.rename", Kind.QUIET, text="", show_key=False)
        self.pencil.setObjectName("extraction.rename")
        self._facts = ElidedLabel("", Type.BODY, "muted")
        self._bar = ProgressBar(64, tr("Filled in"))
        self._figure = Label("", Type.BODY, "muted")
        self._figure.setObjectName("extraction.progress")
        more = icon_button("ellipsis", tr("More for this study"), small=True)
        more.setObjectName("extraction.more")
        self.menu: QMenu = page.registry.menu(("extraction.rename", "extraction.remove_study"), self)
        more.clicked.connect(lambda: self.menu.popup(more.mapToGlobal(more.rect().bottomLeft())))
        content = QWidget()
        line = row(self.label, self.edit, self.pencil, self._facts, self._bar, self._figure, more, spacing=8)
        line.setStretchFactor(self._facts, 1)
        content.setLayout(line)
        self.setLayout(column(centred(content, COLUMN, (SIDES, 0, SIDES + BAR, 1)), spacing=0))

    def show_study(self, study: StudyView, filled: int, total: int) -> None:
        """Show a study and how many of its cells are filled in."""
        if study.id != self._study_id:
            self._show_label()
        self._study_id = study.id
        self.label.setText(study.label)
        self.edit.show_text(study.label)
        self._facts.setText(study_facts(study))
        self._bar.setVisible(total > 0)
        self._bar.set_share(filled / total if total else 0)
        self._figure.setText(tr("{done} of {total}", done=figure(filled), total=figure(total)) if total else "")

    def rename(self) -> None:
        """Turn the label into a field."""
        self.label.hide()
        self.pencil.hide()
        self.edit.show()
        self.edit.setFocus()
        self.edit.selectAll()

    def _show_label(self) -> None:
        self.edit.hide()
        self.label.show()
        self.pencil.show()

    def _rename(self, label: str) -> None:
        study = self._study_id
        if study is not None:
            self._page.change(lambda s: s.studies.rename(study, label))


class FormFoot(Surface):
    """What is left, the next empty cell, and marking the study finished."""

    def __init__(self, page: ExtractionPage) -> None:
        super().__init__("surface", "top")
        self._sign = Glyph("circle-dot", "warn", 16)
        self.text = ElidedLabel("", Type.BODY, "muted")
        self.text.setObjectName("extraction.left")
        self.next = page.registry.button("extraction.next", text=tr("Next empty"))
        self.next.setObjectName("extraction.next_empty")
        self.finish = page.registry.button("extraction.finish", Kind.PRIMARY)
        self.finish.setObjectName("extraction.finish")
        explain(self, "finish")
        self.reopen = page.registry.button("extraction.reopen")
        self.reopen.setObjectName("extraction.reopen")
        self.compare = Button(tr("Compare"), icon="git-compare")
        self.compare.setObjectName("extraction.to_compare")
        self.compare.setToolTip(tr("Look at both reviewers’ entries of this study"))
        self.compare.clicked.connect(lambda: page.header.tabs.set_current("compare"))
        content = QWidget()
        line = row(self._sign, self.text, self.next, self.reopen, self.compare, self.finish, spacing=8)
        line.setStretchFactor(self.text, 1)
        content.setLayout(line)
        self.setLayout(column(centred(content, COLUMN, (SIDES, 9, SIDES + BAR, 8)), spacing=0))

    def show_state(self, sheet: Sheet, team: Team, filled: int, total: int, required: int) -> None:
        """Say what is left to do with a study: so many cells are filled in, so many required ones empty."""
        empty = total - filled
        is_open = team.may_judge and not sheet.is_finished and not sheet.is_closed and sheet.is_extracted
        self.next.setVisible(is_open)
        self.finish.setVisible(is_open)
        self.reopen.setVisible(sheet.is_finished)
        self.compare.setVisible(not is_open and sheet.is_extracted)
        done = sheet.is_finished or (is_open and total > 0 and not empty)
        self._sign.set(*_sign(is_open=is_open, done=done, required=required))
        self.text.setText(_sentence(sheet, team, empty, required) if total or not sheet.is_extracted else _NOTHING)


def _sign(*, is_open: bool, done: bool, required: int) -> tuple[str, str]:
    if done:
        return "circle-check", "success"
    if not is_open:
        return "info", "muted"
    return "circle-dot", "warn" if required else "muted"


def _sentence(sheet: Sheet, team: Team, empty: int, required: int) -> str:
    if not sheet.is_extracted:
        return _NOT_EXTRACTED[sheet.study.status]
    if sheet.is_finished and sheet.came_extracted:
        return tr("Came with the imported review. Reopen it to change the values.")
    if sheet.is_finished:
        return tr("You have finished this study. Reopen it to change your entries.")
    if not team.may_judge:
        names = listed([first_name(each.name) for each in team.judges])
        return tr("Entered by {names}; settled values show here.", names=names)
    if sheet.is_closed:
        return tr("As many reviewers as this study needs have finished it.")
    if required:
        return counted("{n} required field empty", "{n} required fields empty", required)
    return counted("{n} cell empty", "{n} cells empty", empty) if empty else tr("All filled in")
