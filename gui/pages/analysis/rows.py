"""What one does to the studies of an analysis: add, move, put into a subgroup, annotate, remove."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QMenu

from core.language import tr
from gui import icons
from gui.actions import Action
from gui.pages.analysis.forms import StudiesForm, TextForm
from gui.pages.analysis.grid_model import Section

if TYPE_CHECKING:
    from core.store.queries.synthesis import Proposal
    from core.synthesis.cells import GridRow
    from gui.pages.analysis.page import AnalysisPage


class Rows:
    """The actions of the rows; a part of the page."""

    def __init__(self, page: AnalysisPage) -> None:
        self._page = page

    def actions(self) -> tuple[Action, ...]:
        """Add studies, footnote, remove."""
        action = self._page.action
        return (
            action("add_studies", tr("Add studies"), self.add, icon="plus", enabled_when=self._has_analysis),
            action("footnote", tr("Footnote…"), self.footnote, icon="quote", enabled_when=self._has_row),
            action(
                "fold", tr("Fold or unfold the subgroup"), self.fold, icon="chevron-down", enabled_when=self._is_grouped
            ),
            action(
                "remove_row", tr("Remove from the analysis"), self.remove, icon="trash-2", enabled_when=self._has_row
            ),
        )

    def _has_analysis(self) -> bool:
        return self._page.current() is not None

    def _is_grouped(self) -> bool:
        return self._has_analysis() and self._page.model.is_grouped

    def fold(self) -> None:
        """Fold the current study's subgroup; all are unfolded when none shows a study."""
        self._page.grid.fold()

    def _has_row(self) -> bool:
        return self._has_analysis() and self._row() is not None

    def _row(self) -> GridRow | None:
        index = self._page.grid.currentIndex()
        line = self._page.model.line(index.row()) if index.isValid() else None
        return None if isinstance(line, Section) else line

    def choose_first_of(self, subgroup_id: bytes) -> None:
        """Make the first study of a subgroup current in the grid."""
        picture = self._page.current()
        row = next((r for r in picture.grid.rows if r.subgroup_id == subgroup_id), None) if picture else None
        if row is not None:
            self._page.model.unfold(subgroup_id)
            self._page.grid.choose((row.id, row.cells[0].key))

    def pop_up(self, place: QPoint) -> None:
        """The menu of the current study."""
        page = self._page
        menu = page.registry.menu(("analysis.up", "analysis.down"), page)
        menu.setObjectName("analysis.row.menu")
        self._add_subgroups(menu)
        if self._is_grouped():
            menu.addAction(page.registry.qaction("analysis.fold"))
        menu.addAction(page.registry.qaction("analysis.footnote"))
        menu.addSeparator()
        menu.addAction(page.registry.qaction("analysis.remove_row"))
        menu.aboutToHide.connect(menu.deleteLater)
        page.grid.setFocus()
        menu.popup(place)

    def _add_subgroups(self, menu: QMenu) -> None:
        picture, row = self._page.current(), self._row()
        if picture is None or row is None or not picture.data.subgroups:
            return
        into = menu.addMenu(icons.icon("tag"), tr("Move to subgroup"))
        into.setObjectName("analysis.row.subgroups")
        groups = [*((group.label, group.id) for group in picture.data.subgroups), (tr("No subgroup"), None)]
        for label, group_id in groups:
            entry = into.addAction(label)
            entry.setEnabled(group_id != row.subgroup_id)
            entry.triggered.connect(lambda _on=False, target=group_id, r=row: self._put(r, target))

    def _put(self, row: GridRow, subgroup_id: bytes | None) -> None:
        self._page.write(lambda s: s.synthesis.move_row(row.id, subgroup_id)).run()

    def add(self) -> None:
        """Offer the studies that the extraction has."""
        picture = self._page.current()
        if picture is None:
            return
        analysis = picture.data.id
        self._page.read(lambda s: s.synthesis.proposals(analysis)).done(self._offer).run()

    def _offer(self, proposals: Sequence[Proposal]) -> None:
        picture = self._page.current()
        if picture is None:
            return
        analysis = picture.data.id
        groups = [(group.label, group.id) for group in picture.data.subgroups]
        row = self._row()
        form = StudiesForm(self._page, proposals, groups, row.subgroup_id if row else None)

        def apply() -> None:
            places, group = form.chosen(), form.subgroup_id()
            call = self._page.write(lambda s: s.synthesis.add_rows(analysis, places, group))
            call.done(lambda _ids: form.close_popover()).failed(lambda e: form.show_error(e.message)).run()

        form.applied.connect(apply)
        form.open_below(self._page.add_anchor if self._page.add_anchor.isVisible() else self._page.stack)

    def move(self, step: int) -> None:
        """Move the current study up or down within its subgroup."""
        picture, row = self._page.current(), self._row()
        if picture is None or row is None:
            return
        rows = list(picture.grid.rows)
        here = next(n for n, each in enumerate(rows) if each.id == row.id)
        there = here + step
        if not 0 <= there < len(rows) or rows[there].subgroup_id != row.subgroup_id:
            return
        rows[here], rows[there] = rows[there], rows[here]
        analysis, order = picture.data.id, [each.id for each in rows]
        self._page.write(lambda s: s.synthesis.order_rows(analysis, order)).run()

    def remove(self) -> None:
        """Take the current study out of the analysis; undo brings it back."""
        row = self._row()
        if row is None:
            return
        call = self._page.write(lambda s: s.synthesis.remove_row(row.id))
        call.done(lambda _none: self._page.workspace.say(tr("Removed {study}.", study=row.study), undo=True)).run()

    def footnote(self) -> None:
        """Ask for the footnote of the current study."""
        row = self._row()
        if row is None:
            return
        form = TextForm(
            self._page,
            tr("Footnote of {study}", study=row.study),
            tr("Shown under the figure; empty for none"),
            row.footnote,
        )

        def apply() -> None:
            text = form.text()
            call = self._page.write(lambda s: s.synthesis.set_footnote(row.id, text))
            call.done(lambda _none: form.close_popover()).failed(lambda e: form.show_error(e.message)).run()

        form.applied.connect(apply)
        form.open_below(self._page.strip)
