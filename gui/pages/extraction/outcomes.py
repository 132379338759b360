"""The outcomes of a study: a grid for what it reports of each, and what can be added."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QMenu, QWidget
from typing_extensions import override

from core.extraction.statistics import ARM_STATISTICS
from core.language import counted, tr
from core.model import Id, OutcomeKind
from core.store.queries.extraction import ResultView
from core.store.queries.team import Outcome
from gui.explaining import explain, explain_cells
from gui.pages.extraction.cells import CellBook, ResultGroup, result_groups, statistic_topic
from gui.pages.extraction.grid import DataGrid
from gui.pages.extraction.parts import Section, SectionHead, fit_rows, order_tabs
from gui.pages.extraction.reading import Sheet
from gui.pages.extraction.result_panel import ResultPanel, WantedResults
from gui.pages.extraction.study_section import framed
from gui.pages.extraction.writing import InTurn, add_results, change_results, remove_results
from gui.pages.screening.side import clear
from gui.theme import Type
from gui.widgets.buttons import Button, Kind, icon_button
from gui.widgets.labels import ElidedLabel, Label
from gui.widgets.panes import column, row

if TYPE_CHECKING:
    from gui.pages.extraction.page import ExtractionPage

_MISSING_SHOWN = 5
"""As many outcomes without data are listed at once; more are folded into one line."""


class GroupView(QWidget):
    """A heading, notices, and the grid of the results that belong together."""

    change_wanted = Signal(object)
    remove_wanted = Signal(object)

    def __init__(self, book: CellBook, number: int) -> None:
        super().__init__()
        self.group: ResultGroup | None = None
        self._title = Label("", Type.LABEL)
        self._facts = ElidedLabel("", Type.SMALL, "muted")
        self._notices = Label("", Type.SMALL, "muted", wrap=True)
        self.grid = DataGrid(book, f"results.grid.{number}")
        explain_cells(self.grid, lambda index: statistic_topic(self.grid.grid.cell(index)))
        self.more = icon_button("ellipsis", tr("Change or remove these results"), small=True)
        self.more.setObjectName(f"results.more.{number}")
        self.menu = QMenu(self)
        self.menu.setObjectName(f"results.menu.{number}")
        self.menu.aboutToShow.connect(self._fill_menu)
        self.more.clicked.connect(lambda: self.menu.popup(self.more.mapToGlobal(self.more.rect().bottomLeft())))
        head = row(self._title, self._facts, self.more, spacing=8)
        head.setStretch(1, 1)
        self.setLayout(column(head, self._notices, framed(self.grid), spacing=4))

    def show_group(self, group: ResultGroup) -> None:
        """Show these results."""
        self.group = group
        self._title.setText(group.title)
        self._facts.setText(group.facts)
        self._notices.setText(" ".join(group.notices))
        self._notices.setVisible(bool(group.notices))
        self.grid.show_spec(group.grid)

    def results_at_hand(self) -> tuple[ResultView, ...]:
        """The result one is at, else all of them."""
        cell = self.grid.current_cell()
        assert self.group is not None
        here = [each for each in self.group.results if cell is not None and each.id == cell.key[0]]
        return tuple(here) or self.group.results

    @override
    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """The menu comes by a right click and by the menu key too: Tab goes from grid to grid, past its button."""
        spot = event.globalPos()
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            cell = self.grid.visualRect(self.grid.currentIndex())
            spot = self.grid.viewport().mapToGlobal(cell.bottomLeft())
        self.menu.popup(spot)

    def _fill_menu(self) -> None:
        self.menu.clear()
        assert self.group is not None
        every, here = self.group.results, self.results_at_hand()
        several = len(every) > 1
        change, remove = tr("Change this result…"), tr("Remove this result")
        if several:
            change = counted("Change all {n}…", "Change all {n}…", len(every))
            remove = counted("Remove all {n}", "Remove all {n}", len(every))
        self._offer(change, self.change_wanted, every)
        if several and len(here) == 1:
            self._offer(tr("Change “{column}” alone…", column=here[0].column), self.change_wanted, here)
        self.menu.addSeparator()
        if several and len(here) == 1:
            self._offer(tr("Remove “{column}”", column=here[0].column), self.remove_wanted, here)
        self._offer(remove, self.remove_wanted, every)

    def _offer(self, text: str, signal: object, results: tuple[ResultView, ...]) -> None:
        self.menu.addAction(text).triggered.connect(lambda: signal.emit(results))  # pyright: ignore[reportAttributeAccessIssue]


class MissingOutcome(QWidget):
    """An outcome of the review of which the study has no data yet."""

    quick = Signal()
    panel_wanted = Signal()

    def __init__(self, outcome: Outcome, number: int, arms: int) -> None:
        super().__init__()
        self.both = Button(
            tr("Add both arms") if arms == 2 else counted("Add all {n} arms", "Add all {n} arms", arms),
            icon="plus",
            small=True,
        )
        self.both.setObjectName(f"outcomes.quick.{number}")
        self.both.setAccessibleName(tr("{what} for {outcome}", what=self.both.text(), outcome=outcome.label))
        self.both.setToolTip(tr("A row for each arm, for {outcome}", outcome=outcome.label))
        if arms < 2 or OutcomeKind(outcome.kind) not in ARM_STATISTICS:
            self.both.hide()
        self.both.clicked.connect(self.quick)
        other = Button(tr("Add…"), kind=Kind.QUIET, small=True)
        other.setObjectName(f"outcomes.add.{number}")
        other.setAccessibleName(tr("Add data for {outcome}", outcome=outcome.label))
        other.setToolTip(tr("Choose arms or a contrast, population, time point and instrument"))
        other.clicked.connect(self.panel_wanted)
        label = ElidedLabel(outcome.label, Type.BODY, "muted")
        line = row(label, self.both, other, spacing=6)
        line.setStretch(0, 1)
        self.setLayout(line)


class MissingOutcomes(QWidget):
    """The outcomes of which the study has no data: a few as they are, many as one line that opens on a click."""

    quick = Signal(bytes)
    """A row for each arm, for this outcome."""
    panel_wanted = Signal(bytes)
    """Say what the study reports of this outcome."""
    unfolded = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._shown: tuple[tuple[Outcome, ...], int] = ((), 0)
        self._title = Label(tr("No data yet"), Type.SMALL_STRONG, "muted")
        self.head = SectionHead("", "outcomes.missing", role=Type.BODY)
        self._lines = QWidget()
        self._box = column(spacing=4)
        self._lines.setLayout(self._box)
        self.head.toggled.connect(self._unfold)
        self.setLayout(column(self._title, self.head, self._lines, spacing=8))
        self.hide()

    def show_missing(self, missing: tuple[Outcome, ...], arms: int) -> None:
        """Show these outcomes of a study with so many arms; nothing happens when they are shown already."""
        if (missing, arms) == self._shown:
            return
        was_many, many = len(self._shown[0]) > _MISSING_SHOWN, len(missing) > _MISSING_SHOWN
        self._shown = (missing, arms)
        self.setVisible(bool(missing))
        self._title.setVisible(not many)
        self.head.setVisible(many)
        self.head.set_title(
            counted("{n} outcome without data", "{n} outcomes without data", len(missing)) if many else ""
        )
        if not (many and was_many):
            self.head.setChecked(False)
        clear(self._box)
        if not many or self.head.isChecked():
            self._fill()
        self._lines.setVisible(not many or self.head.isChecked())

    def _unfold(self, is_open: bool) -> None:
        if is_open and not self._box.count():
            self._fill()
        self._lines.setVisible(is_open)
        if is_open:
            self.unfolded.emit()

    def _fill(self) -> None:
        missing, arms = self._shown
        for number, outcome in enumerate(missing, 1):
            line = MissingOutcome(outcome, number, arms)
            line.quick.connect(lambda outcome=outcome: self.quick.emit(outcome.id))
            line.panel_wanted.connect(lambda outcome=outcome: self.panel_wanted.emit(outcome.id))
            self._box.addWidget(line)


class OutcomesSection(Section):
    """See the module."""

    def __init__(self, page: ExtractionPage, book: CellBook) -> None:
        super().__init__(tr("Outcomes"), "extraction.section.outcomes")
        self._page, self._book = page, book
        self._sheet: Sheet | None = None
        self.groups: list[GroupView] = []
        explain(self, "entry")
        self._groups_box = column(spacing=16)
        self.missing = MissingOutcomes()
        self.missing.quick.connect(self._add_for_all_arms)
        self.missing.panel_wanted.connect(self.open_panel)
        self.missing.unfolded.connect(lambda: order_tabs(page.extract_tab))
        self._none = Label("", Type.SMALL, "muted", wrap=True)
        self.add = page.registry.button("extraction.add_outcome_data")
        self.add.setObjectName("extraction.add_outcome_data")
        self.box.addWidget(self._none)
        self.box.addLayout(self._groups_box)
        self.box.addSpacing(8)
        self.box.addWidget(self.missing)
        self.box.addSpacing(4)
        self._panel_place = column()
        self.box.addLayout(self._panel_place)
        self.box.addLayout(row(self.add, None))

    @cached_property
    def panel(self) -> ResultPanel:
        """Where one says what the study reports; made when it is first wanted."""
        made = ResultPanel(self._page)
        made.wanted.connect(self._write)
        made.closed.connect(self._offer_again)
        self._panel_place.addWidget(made)
        order_tabs(self._page.extract_tab)
        return made

    def show_sheet(self, sheet: Sheet) -> None:
        """Show what a study reports."""
        self._sheet = sheet
        groups = result_groups(sheet.results, sheet.study)
        fit_rows(self._groups_box, self.groups, len(groups), self._new_group)
        for view, group in zip(self.groups, groups, strict=True):
            view.show_group(group)
        reported = {each.outcome_id for each in sheet.results}
        missing = tuple(each for each in sheet.outcomes if each.id not in reported)
        self.missing.show_missing(missing, len(sheet.study.arms))
        self._none.setVisible(not sheet.outcomes)
        self._none.setText(tr("The review has no outcomes yet. Add outcome data to begin with the first."))
        if self._has_panel():
            self.panel.show_sheet(sheet)

    def _new_group(self, number: int) -> GroupView:
        view = GroupView(self._book, number)
        view.change_wanted.connect(self._open_change)
        view.remove_wanted.connect(self._remove)
        return view

    # adding and changing

    def _has_panel(self) -> bool:
        return "panel" in self.__dict__

    def _close_panel(self) -> None:
        if self._has_panel():
            self.panel.close_panel()

    def open_panel(self, outcome_id: Id | None = None) -> None:
        """Ask what the study reports."""
        if self._sheet is not None:
            self.add.hide()
            self.panel.open_for(self._sheet, outcome_id)
            self._page.extract_tab.reveal(self.panel)

    def _offer_again(self) -> None:
        self.add.show()
        self.add.setFocus(Qt.FocusReason.OtherFocusReason)

    def _open_change(self, results: Sequence[ResultView]) -> None:
        if self._sheet is not None:
            self.add.hide()
            self.panel.open_for(self._sheet, changes=results)
            self._page.extract_tab.reveal(self.panel)

    def _add_for_all_arms(self, outcome_id: Id) -> None:
        if self._sheet is not None:
            self._write(WantedResults(outcome_id, tuple(arm.id for arm in self._sheet.study.arms)))

    def _write(self, wanted: WantedResults) -> None:
        assert self._sheet is not None
        study = self._sheet.study
        if wanted.changes:
            self._page.change(lambda s: change_results(s, study, wanted), self._changed)
        else:
            self._page.change(lambda s: add_results(s, study, wanted), self._added)

    def _added(self, done: InTurn[Id]) -> None:
        self._close_panel()
        self._page.present_rest(done)
        self._page.extract_tab.go_when_shown(done[0])

    def _changed(self, done: InTurn[None]) -> None:
        self._close_panel()
        self._page.present_rest(done)

    def _remove(self, results: Sequence[ResultView]) -> None:
        ids = [each.id for each in results]
        self._page.change(lambda s: remove_results(s, ids), self._removed)

    def _removed(self, done: InTurn[None]) -> None:
        self._page.present_rest(done)
        self._page.workspace.say(counted("Removed {n} result.", "Removed {n} results.", len(done[0])), undo=True)
