"""The table of all records, filtered and sorted by the core, with the chosen one (or two) in the panel below."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QItemSelection, QItemSelectionModel, Qt
from PySide6.QtGui import QIntValidator, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QSizePolicy, QStackedWidget, QWidget
from typing_extensions import override

from core.language import counted, figure, mark, tr
from gui import theme
from gui.explaining import explain, explain_cells
from gui.pages.references.facts import first_author, number, source_text
from gui.pages.references.pair_panel import PairPanel
from gui.pages.references.search_line import SearchLine
from gui.theme import Type
from gui.widgets.buttons import Button, Kind
from gui.widgets.fields import Combo, LineEdit
from gui.widgets.labels import ElidedLabel, Label
from gui.widgets.marks import Tone
from gui.widgets.messages import EmptyState
from gui.widgets.panes import Splitter, SubBar, column
from gui.widgets.table import Column, IdTableModel, Table

if TYPE_CHECKING:
    from core.review import Session
    from core.store.queries.records import RecordFilter, RecordView, SourceView
    from gui.pages.base import Page

_NO_JOURNAL_BELOW = 1000
_NO_SOURCE_BELOW = 860
_CHOOSE = tr("Choose a record to read it here. Two chosen records (Space, or Ctrl and a click) are shown side by side.")

_TOPICS = {"source": "source", "verdict": "record_outcome"}
COLUMNS: tuple[Column[RecordView], ...] = (
    Column("state", "", width=30, icon=lambda r: _state(r), tip=lambda r: _state_words(r)),
    Column("number", tr("No."), lambda r: figure(r.number), width=66, align="right", ink="muted", sortable=True),
    Column("title", tr("Title"), lambda r: r.title, stretch=True, sortable=True, tip=lambda r: r.title),
    Column("author", tr("Authors"), lambda r: first_author(r), width=150, ink="muted", sortable=True),
    Column("year", tr("Year"), lambda r: str(r.year or ""), width=56, align="right", sortable=True),
    Column(
        "journal", tr("Journal"), lambda r: r.journal, width=160, ink="muted", sortable=True, tip=lambda r: r.journal
    ),
    Column("source", tr("Source"), source_text, width=108, ink="muted", tip=lambda r: ", ".join(r.sources)),
)


_VERDICTS = {
    "include": (mark("Include"), Tone.INCLUDE),
    "exclude": (mark("Exclude"), Tone.EXCLUDE),
    "maybe": (mark("Maybe"), Tone.MAYBE),
    "conflict": (mark("Conflict"), Tone.WARN),
}


def _state(record: RecordView) -> tuple[str, str] | None:
    if record.primary_id is not None:
        return "corner-up-left", "muted"
    return ("copy", "muted") if len(record.sources) > 1 else None


def _state_words(record: RecordView) -> str:
    if record.primary_id is not None:
        return tr("Merged: another record stands for this one")
    return (
        counted("Found in {n} source", "Found in {n} sources", len(record.sources)) if len(record.sources) > 1 else ""
    )


_ENOUGH = 160
"""With very large text the parts of the filter are narrower than it would have them."""


class RecordTable(Table):
    """A table in which Space adds a row to the selection or takes it out."""

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and self.currentIndex().isValid():
            flags = QItemSelectionModel.SelectionFlag
            self.selectionModel().select(self.currentIndex(), flags.Toggle | flags.Rows)
            return
        super().keyPressEvent(event)


@dataclass(frozen=True)
class _Answer:
    """What a filter found; `without_years` is how many there would be without its years."""

    ids: Sequence[bytes]
    total: int
    without_years: int


class RecordsView(QWidget):
    """See the module."""

    def __init__(self, page: Page, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._page = page
        self._asked = 0
        self._sort, self._down = "number", False
        self._wanted: list[bytes] = []
        self._answer = _Answer((), 0, 0)
        self._verdicts: dict[bytes, str] = {}
        verdict: Column[RecordView] = Column(
            "verdict", tr("Screening"), lambda r: "" if self._verdict(r) else "—", width=104, ink="muted",
            chip=self._verdict,
        )  # fmt: skip
        self.model: IdTableModel[RecordView] = IdTableModel((*COLUMNS, verdict), self._fetch)
        self.table = RecordTable(self.model, tr("Records"), multiple=True)
        self.table.setObjectName("references.records")
        explain(self, "record")
        explain_cells(self.table, lambda index: _TOPICS.get(self.table.column_ids()[index.column()], ""))
        self.table.show_sort("number")
        self.merge = page.registry.button("references.merge", Kind.PRIMARY)
        self.merge.setObjectName("references.merge")
        explain(self.merge, "duplicates")
        self.panel = PairPanel(tr("Chosen records"), (self.merge,))
        self.panel.setObjectName("references.panel")
        self._make_filter()
        self._drop = Button("", kind=Kind.PRIMARY)
        self._drop.setObjectName("references.drop_filter")
        self._drop.clicked.connect(self._drop_filter)
        self._none = EmptyState("search", tr("Nothing found"), "", (self._drop,))
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._stack.addWidget(self._none)
        split = Splitter(self._stack, self.panel, vertical=True)
        split.setSizes([600, 400])
        split.setCollapsible(1, True)
        split.setStretchFactor(0, 3)
        split.setStretchFactor(1, 2)
        self._stack.setMinimumHeight(theme.scaled(28 * 4))
        self.panel.setMinimumHeight(theme.scaled(120))
        box = column(self._bar(), split, spacing=0)
        box.setStretch(1, 1)
        self.setLayout(box)
        self.table.sort_requested.connect(self._sort_by)
        self.table.selectionModel().selectionChanged.connect(self._show_chosen)
        self.table.row_opened.connect(lambda _row: self.panel.focus_reading())
        self._show_chosen()

    # the filter

    def _make_filter(self) -> None:
        self.search = SearchLine(tr("Search title, abstract, author, DOI"), tr("Search the records"), icon="search")
        self.search.setObjectName("references.search")
        explain(self.search, "record_table")
        self.search.setMinimumWidth(min(theme.scaled(110), _ENOUGH))
        self.search.setMaximumWidth(theme.scaled(300))
        self.search.setToolTip(tr("Search the records (/)"))
        self.source = Combo(((tr("All sources"), None),), tr("Source"))
        self.source.setObjectName("references.source")
        explain(self.source, "source")
        self.source.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.source.setMinimumWidth(min(theme.scaled(76), _ENOUGH // 2))
        self.source.setMaximumWidth(theme.scaled(150))
        self.year_from, self.year_to = (
            self._year_edit(tr("From"), tr("First year")),
            self._year_edit(tr("to"), tr("Last year")),
        )
        self.year_from.setObjectName("references.year_from")
        self.year_to.setObjectName("references.year_to")
        words = [(tr(text), word) for word, (text, _tone) in _VERDICTS.items()]
        self.verdict = Combo([(tr("Any decision"), ""), *words, (tr("Not decided"), "none")], tr("Decision"))
        self.verdict.setObjectName("references.verdict")
        explain(self.verdict, "record_outcome")
        self.verdict.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.verdict.setMinimumWidth(min(theme.scaled(76), _ENOUGH // 2))
        self.verdict.setMaximumWidth(theme.scaled(128))
        self.duplicates = QCheckBox(tr("Duplicates too"))
        self.duplicates.setObjectName("references.with_duplicates")
        explain(self.duplicates, "duplicates")
        self.fact = ElidedLabel("", Type.SMALL, "muted")
        self.fact.setObjectName("references.fact")
        for edit in (self.search, self.year_from, self.year_to):
            edit.textChanged.connect(self.load)
        for combo in (self.source, self.verdict):
            combo.currentIndexChanged.connect(self.load)
        self.duplicates.toggled.connect(self.load)

    def _year_edit(self, hint: str, name: str) -> LineEdit:
        edit = LineEdit(hint, name)
        edit.setFixedWidth(theme.scaled(58))
        edit.setMaxLength(4)
        edit.setValidator(QIntValidator(1, 9999, edit))
        return edit

    def _bar(self) -> SubBar:
        bar = SubBar(
            self.search, self.source, Label(tr("Year"), Type.SMALL, "muted"), self.year_from, self.year_to,
            self.verdict, 4, self.duplicates, right=(self.fact,), fill="surface",
        )  # fmt: skip
        bar.setFixedHeight(theme.scaled(44))
        line = bar.layout()
        assert isinstance(line, QHBoxLayout)
        line.setStretchFactor(self.search, 200)  # grows first, and both give way before anything is cut off
        line.setContentsMargins(16, 0, 16, 1)
        for combo in (self.source, self.verdict):
            line.setStretchFactor(combo, 100)
        return bar

    def _filter(self) -> RecordFilter:
        from core.store.queries.records import RecordFilter

        source = self.source.value()
        return RecordFilter(
            text=self.search.text(),
            source_id=source if isinstance(source, bytes) else None,
            year_from=_year(self.year_from),
            year_to=_year(self.year_to),
            duplicates=self.duplicates.isChecked(),
            verdict=str(self.verdict.value() or ""),
        )

    def set_sources(self, sources: Sequence[SourceView]) -> None:
        """Offer these sources in the filter."""
        self.source.set_entries([(tr("All sources"), None), *((each.name, each.id) for each in sources)])

    def show_source(self, source: bytes) -> None:
        """Show the records of one source only."""
        self._clear()
        self.source.set_value(source)

    # rows

    def load(self) -> None:
        """Ask for the records that pass the filter; an answer that comes late is dropped."""
        self._asked += 1
        asked, where, sort, down = self._asked, self._filter(), self._sort, self._down
        call = self._page.read(lambda s: _find(s, where, sort, down=down), tr("looking for records"))
        call.done(lambda answer: self._show_answer(answer) if asked == self._asked else None).run()

    def _show_answer(self, answer: _Answer) -> None:
        self._answer = answer
        chosen = self.table.chosen_ids()
        keep = self._wanted or (chosen if len(chosen) <= 2 else [])
        self._wanted = []
        top = self.table.verticalScrollBar().value()
        if tuple(answer.ids) == self.model.ids():
            self.model.forget()
        else:
            self.model.set_ids(answer.ids)
        self.table.verticalScrollBar().setValue(top)
        if not keep and not chosen and answer.ids and not self.search.text():
            keep = answer.ids[:1]  # something to read at once
        self._choose(keep)
        found = len(answer.ids)
        whole = found >= answer.total
        self.fact.setText(
            _records(found)
            if whole
            else tr("{found} of {records}", found=figure(found), records=_records(answer.total))
        )
        self._stack.setCurrentIndex(0 if found or not answer.total else 1)
        if not found:
            self._say_none()

    def _say_none(self) -> None:
        text, years = self.search.text().strip(), _years(_year(self.year_from), _year(self.year_to))
        said = (
            tr("No record matches “{text}” {years}.", text=text, years=years)
            if text and years
            else (
                tr("No record matches “{text}”.", text=text)
                if text
                else tr("No record is left by the filter {years}.", years=years)
                if years
                else tr("No record is left by the filter.")
            )
        )
        without = self._answer.without_years if years else 0
        more = counted("{n} matches without the year.", "{n} match without the year.", without) if without else ""
        self._none.text.setText(f"{said} {more}".rstrip())
        self._drop.set_label(tr("Drop the year") if without else tr("Clear the filter"))
        self._drop.setProperty("only_years", bool(without))

    def _drop_filter(self) -> None:
        if self._drop.property("only_years"):
            self.year_from.clear()
            self.year_to.clear()
        else:
            self._clear()
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _clear(self) -> None:
        for edit in (self.search, self.year_from, self.year_to):
            edit.clear()
        for combo in (self.source, self.verdict):
            combo.setCurrentIndex(0)

    def _sort_by(self, column: str, down: bool) -> None:
        self._sort, self._down = column, down
        self.load()

    def sort_by_next(self) -> None:
        """Sort by the next column that can be sorted by: what a click on its header does, for the keyboard."""
        keys = [each.id for each in COLUMNS if each.sortable]
        self._sort_visibly(keys[(keys.index(self._sort) + 1) % len(keys)], down=False)

    def turn_order(self) -> None:
        """The last first, or the first first again."""
        self._sort_visibly(self._sort, down=not self._down)

    def _sort_visibly(self, column: str, *, down: bool) -> None:
        self.table.show_sort(column, descending=down)
        self._sort_by(column, down)

    def _verdict(self, record: RecordView) -> tuple[str, Tone] | None:
        found = _VERDICTS.get(self._verdicts.get(record.id, ""))
        return (tr(found[0]), found[1]) if found else None

    def _fetch(self, ids: Sequence[bytes]) -> Sequence[RecordView]:
        part = self._page.session.references
        views, verdicts = part.rows(ids), part.verdicts(ids)
        for each in ids:
            self._verdicts[each] = verdicts.get(each, "")
        return [views[each] for each in ids]

    # the chosen ones

    def chosen(self) -> list[RecordView]:
        """The chosen records, the one that came first first."""
        ids = self.table.chosen_ids()
        if not 0 < len(ids) <= 2:
            return []
        return sorted(self._fetch(ids), key=lambda record: record.number)

    def choose(self, record: bytes) -> None:
        """Choose a record, now or when the rows asked for are there; a filter that hides it is cleared."""
        if self.model.row_of(record) is None:
            self._wanted = [record]
            self._clear()
        else:
            self._choose([record])

    def _choose(self, ids: Sequence[bytes]) -> None:
        rows = [row for each in ids if (row := self.model.row_of(each)) is not None]
        selection = QItemSelection()
        for line in rows:
            selection.select(self.model.index(line, 0), self.model.index(line, self.model.columnCount() - 1))
        flags = QItemSelectionModel.SelectionFlag
        if rows:
            self.table.selectionModel().setCurrentIndex(self.model.index(rows[0], 0), flags.NoUpdate)
            self.table.scrollTo(self.model.index(rows[0], 0))
        self.table.selectionModel().select(selection, flags.ClearAndSelect)
        self._show_chosen()

    def _show_chosen(self) -> None:
        records = self.chosen()
        count = len(self.table.chosen_ids())
        self.merge.setVisible(len(records) == 2)
        if len(records) == 2:
            what = tr("After merging, one record stands for both; neither loses its own text. U takes it back.")
            self.panel.show_pair(tr("Same report?"), what, *records)
        elif records:
            self.panel.show_record(records[0], self._fact(records[0]))
        else:
            self.panel.show_nothing(
                counted("{n} record is chosen.", "{n} records are chosen.", count) if count else _CHOOSE
            )
        self._page.registry.refresh()

    def _fact(self, record: RecordView) -> str:
        if record.primary_id is None:
            return ""
        primary = self._fetch([record.primary_id])[0]
        return tr("Merged: {record} stands for it", record=number(primary))

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        ids = [each.id for each in COLUMNS]
        self.table.setColumnHidden(ids.index("journal"), self.width() < theme.scaled(_NO_JOURNAL_BELOW))
        self.table.setColumnHidden(ids.index("source"), self.width() < theme.scaled(_NO_SOURCE_BELOW))


def _find(session: Session, where: RecordFilter, sort: str, *, down: bool) -> _Answer:
    part = session.references
    ids = part.ids(where, sort, down=down)
    part.verdicts(ids[:1])  # finds out what may be seen, so that the window's thread need not
    has_years = where.year_from is not None or where.year_to is not None
    without = len(part.ids(replace(where, year_from=None, year_to=None))) if has_years and not ids else 0
    everything = len(part.ids(replace(_no_filter(), duplicates=True))) if where.duplicates else part.count()
    return _Answer(ids, everything, without)


def _no_filter() -> RecordFilter:
    from core.store.queries.records import RecordFilter

    return RecordFilter()


def _records(count: int) -> str:
    return counted("{n} record", "{n} records", count)


def _year(edit: LineEdit) -> int | None:
    """A year once all its digits are typed."""
    return int(edit.text()) if len(edit.text()) == 4 else None


def _years(first: int | None, last: int | None) -> str:
    if first is not None and last is not None:
        return tr("in {first}", first=first) if first == last else tr("from {first} to {last}", first=first, last=last)
    if first is not None:
        return tr("from {first} on", first=first)
    return tr("up to {last}", last=last) if last is not None else ""
