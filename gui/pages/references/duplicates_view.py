"""The records that follow another one, each beside the record that stands for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QStackedWidget, QWidget

from core.language import figure, tr
from gui import theme
from gui.explaining import explain
from gui.pages.references.facts import first_author, source_text
from gui.pages.references.pair_panel import PairPanel
from gui.widgets.buttons import Kind
from gui.widgets.messages import EmptyState
from gui.widgets.panes import Splitter, column
from gui.widgets.table import Column, IdTableModel, Table

if TYPE_CHECKING:
    from core.store.queries.records import RecordView
    from gui.pages.base import Page


@dataclass(frozen=True)
class Pair:
    """A merged record and the primary that stands for it."""

    primary: RecordView
    record: RecordView


COLUMNS: tuple[Column[Pair], ...] = (
    Column("primary", tr("Primary"), lambda p: figure(p.primary.number), width=72, align="right", ink="muted"),
    Column("title", tr("Title"), lambda p: p.primary.title, stretch=True, tip=lambda p: p.primary.title),
    Column("author", tr("Authors"), lambda p: first_author(p.primary), width=160, ink="muted"),
    Column("year", tr("Year"), lambda p: str(p.primary.year or ""), width=64, align="right"),
    Column("duplicate", tr("Duplicate"), lambda p: figure(p.record.number), width=86, align="right", ink="muted"),
    Column("source", tr("From"), lambda p: source_text(p.record), width=150, ink="muted"),
)


class DuplicatesView(QWidget):
    """See the module."""

    def __init__(self, page: Page, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._page = page
        self.model: IdTableModel[Pair] = IdTableModel(COLUMNS, self._fetch)
        self.table = Table(self.model, tr("Merged records"))
        self.table.setObjectName("references.duplicates")
        explain(self, "duplicates")
        button = page.registry.button
        self.apart = button("references.apart")
        self.apart.setObjectName("references.apart")
        back = button("references.previous", Kind.QUIET, text="")
        forth = button("references.next", Kind.QUIET, text="")
        self.panel = PairPanel(tr("The pair"), (self.apart, back, forth))
        self.panel.setMinimumHeight(theme.scaled(120))
        none = EmptyState(
            "copy",
            tr("No duplicates"),
            tr(
                "Records that are the same beyond doubt are merged as they are imported. "
                "Others can be merged by hand: choose two under Records."
            ),
        )
        self.split = Splitter(self.table, self.panel, vertical=True)
        self.split.setSizes([500, 500])
        self.table.setMinimumHeight(theme.scaled(28 * 4))
        self._stack = QStackedWidget()
        self._stack.addWidget(self.split)
        self._stack.addWidget(none)
        self.setLayout(column(self._stack, spacing=0))
        self.table.row_chosen.connect(self._show_row)
        self.table.row_opened.connect(lambda _row: self.panel.focus_reading())

    def set_groups(self, groups: Sequence[Sequence[bytes]]) -> None:
        """Show these groups, one row for each record that follows; stay on the pair that was shown, or near it."""
        ids = [record for group in groups for record in group[1:]]
        here, was = self.table.currentIndex().row(), self.chosen_id()
        if tuple(ids) == self.model.ids():
            self.model.forget()
        else:
            self.model.set_ids(ids)
        self._stack.setCurrentIndex(0 if ids else 1)
        if ids:
            same = self.model.row_of(was) if was is not None else None
            row = same if same is not None else min(max(here, 0), len(ids) - 1)
            self.table.choose(row)
            self._show_row(row)
        self._page.registry.refresh()

    def chosen(self) -> Pair | None:
        """The pair shown."""
        row = self.table.currentIndex().row()
        return self.model.row(row) if 0 <= row < self.model.rowCount() else None

    def chosen_id(self) -> bytes | None:
        """The id of the merged record shown."""
        row = self.table.currentIndex().row()
        return self.model.id_at(row) if 0 <= row < self.model.rowCount() else None

    def step(self, by: int) -> None:
        """To the next or previous pair."""
        self.table.choose(min(max(self.table.currentIndex().row() + by, 0), self.model.rowCount() - 1))

    def _show_row(self, row: int) -> None:
        pair = self.model.row(row)
        self.panel.show_pair(
            tr("Merged"),
            tr("Pair {n} of {total}", n=figure(row + 1), total=figure(self.model.rowCount())),
            pair.primary,
            pair.record,
        )
        self._page.registry.refresh()

    def _fetch(self, ids: Sequence[bytes]) -> Sequence[Pair]:
        part = self._page.session.references
        records = part.rows(ids)
        primaries = part.rows([r.primary_id for r in records.values() if r.primary_id is not None])
        return [Pair(primaries.get(records[each].primary_id or each, records[each]), records[each]) for each in ids]
