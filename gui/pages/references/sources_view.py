"""Sources: what each search brought, what is known about it, and the entries that could not be used."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QPlainTextEdit, QStackedWidget, QWidget

from core.language import counted, figure, tr
from core.model import OpResult
from gui import theme
from gui.explaining import explain, explain_cells
from gui.pages.references.file_list import FileList
from gui.pages.references.import_queue import ImportQueue
from gui.pages.references.source_form import KINDS, SourceForm
from gui.widgets.labels import section_label
from gui.widgets.messages import EmptyState
from gui.widgets.panes import Scroll, Splitter, Surface, column
from gui.widgets.table import Column, IdTableModel, Table

if TYPE_CHECKING:
    from core.review import Session
    from core.store.queries.records import RejectedView, SourceView
    from gui.pages.base import Page

SOURCE_COLUMNS: tuple[Column[SourceView], ...] = (
    Column("name", tr("Source"), lambda s: s.name, stretch=True, strong=True),
    Column("kind", tr("Kind"), lambda s: KINDS.get(s.kind, s.kind), width=128, ink="muted"),
    Column("platform", tr("Platform"), lambda s: s.platform, width=130, ink="muted"),
    Column("searched", tr("Searched"), lambda s: s.searched_on, width=92, ink="muted"),
    Column("hits", tr("Hits"), lambda s: "" if s.hits is None else figure(s.hits), width=76, align="right"),
    Column("read", tr("Read"), lambda s: figure(s.records + s.rejected), width=76, align="right"),
    Column("rejected", tr("Set aside"), lambda s: figure(s.rejected), width=84, align="right"),
    Column("duplicates", tr("Duplicates"), lambda s: figure(s.duplicates), width=92, align="right"),
    Column("new", tr("New"), lambda s: figure(s.records - s.duplicates), width=76, align="right"),
)
_TOPICS = {"kind": "source_kind", "rejected": "set_aside", "duplicates": "duplicates", "new": "re_import"}
REJECTED_COLUMNS: tuple[Column[RejectedView], ...] = (
    Column("position", tr("Entry"), lambda r: figure(r.position), width=64, align="right"),
    Column(
        "line", tr("Line"), lambda r: "" if r.line is None else figure(r.line), width=72, align="right", ink="muted"
    ),
    Column("reason", tr("Why it was set aside"), lambda r: r.reason, stretch=True, tip=lambda r: r.reason),
)

_ENOUGH = 500
"""With very large text the panes side by side are narrower than it would have them."""


class SourcesView(QWidget):
    """See the module."""

    def __init__(self, page: Page, queue: ImportQueue, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._page = page
        self._sources: dict[bytes, SourceView] = {}
        self._wanted: bytes | None = None
        self.model: IdTableModel[SourceView] = IdTableModel(SOURCE_COLUMNS, lambda ids: [self._sources[i] for i in ids])
        self.table = Table(self.model, tr("Sources"))
        self.table.setObjectName("references.sources")
        explain(self, "source")
        explain_cells(self.table, lambda index: _TOPICS.get(SOURCE_COLUMNS[index.column()].id, ""))
        self.table.setMinimumHeight(theme.scaled(28 * 4))
        self.form = SourceForm()
        self.form.changed.connect(self._write)
        self.rejected = RejectedPanel()
        self.files = FileList(queue)
        above = Surface("surface")
        above.setLayout(column(self.table, spacing=0))
        files = QWidget()
        files.setLayout(column(self.files, margins=(16, 8, 16, 12)))
        queue.changed.connect(lambda: files.setVisible(queue.is_busy))
        if not queue.is_busy:
            files.hide()
        lower = Splitter(self._form_pane(), self.rejected)
        lower.setSizes([460, 540])
        split = Splitter(above, lower, vertical=True)
        split.setSizes([500, 500])
        box = column(split, files, spacing=0)
        box.setStretch(0, 1)
        self.setLayout(box)
        self.table.row_chosen.connect(self._show_row)
        self.table.row_opened.connect(lambda _row: self.form.begin())

    def _form_pane(self) -> QWidget:
        pane = Surface("surface")
        scroll = Scroll(self.form)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        pane.setLayout(column(scroll, spacing=0))
        pane.setMinimumWidth(min(theme.scaled(340), _ENOUGH))
        pane.setMinimumHeight(theme.scaled(150))
        return pane

    def set_sources(self, sources: Sequence[SourceView]) -> None:
        """Show these sources; stay on the one that was shown."""
        was = self._wanted or self.form.source_id
        self._wanted = None
        self._sources = {each.id: each for each in sources}
        if tuple(self._sources) == self.model.ids():
            self.model.forget()
        else:
            self.model.set_ids(list(self._sources))
        if was in self._sources:
            self._choose(was)
        elif sources and not self.form.is_new:
            self._choose(sources[0].id)

    def choose(self, source: bytes) -> None:
        """Show a source, now or when it is there."""
        if source in self._sources:
            self._choose(source)
        else:
            self._wanted = source

    def _choose(self, source: bytes) -> None:
        row = self.model.row_of(source)
        if row is not None:
            self.table.choose(row)
            self._show_row(row)

    def begin_new(self) -> None:
        """Let the user describe a source that no file came from."""
        self.table.clearSelection()
        self.form.begin_new()
        self.rejected.show_entries(())

    def _show_row(self, row: int) -> None:
        source = self.model.row(row)
        self.form.show_source(source)
        if not source.rejected:
            self.rejected.show_entries(())
            return
        call = self._page.read(lambda s: s.references.rejected(source.id), tr("reading the entries set aside"))
        call.done(lambda found: self._show_rejected(source.id, found)).run()

    def _show_rejected(self, source: bytes, found: Sequence[RejectedView]) -> None:
        if self.form.source_id == source:
            self.rejected.show_entries(found)

    def _write(self) -> None:
        values, source = self.form.values(), self.form.source_id

        def put(session: Session) -> OpResult[bytes]:
            return session.references.put_source(source, **values)

        self._page.write(put).done(self._written).run()

    def _written(self, source: bytes) -> None:
        if self.form.is_new:
            self.form.source_id = source
            self.choose(source)


class RejectedPanel(Surface):
    """The entries of a source that were set aside, and the text of the chosen one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("surface", parent=parent)
        self._entries: Sequence[RejectedView] = ()
        self.heading = section_label("")
        self.model: IdTableModel[RejectedView] = IdTableModel(REJECTED_COLUMNS, self._fetch)
        self.table = Table(self.model, tr("Entries set aside"))
        self.table.setObjectName("references.rejected")
        explain(self, "set_aside")
        self.raw = QPlainTextEdit()
        self.raw.setObjectName("references.rejected_text")
        self.raw.setReadOnly(True)
        mono = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        mono.setPixelSize(theme.base_px() - 1)
        self.raw.setFont(mono)
        self.raw.setAccessibleName(tr("Text of the entry"))
        self.raw.setTabChangesFocus(True)
        found = QWidget()
        split = Splitter(self.table, _inset(self.raw), vertical=True)
        found.setLayout(column(_inset(self.heading), split, spacing=0))
        found.layout().setStretch(1, 1)  # pyright: ignore[reportOptionalMemberAccess, reportAttributeAccessIssue]
        none = EmptyState(
            "circle-check", tr("Nothing was set aside"), tr("Every entry of this source's files could be used.")
        )
        self._stack = QStackedWidget()
        self._stack.addWidget(none)
        self._stack.addWidget(found)
        self.setLayout(column(self._stack, spacing=0))
        self.setMinimumWidth(min(theme.scaled(300), _ENOUGH))
        self.table.row_chosen.connect(lambda row: self.raw.setPlainText(self._entries[row].raw))

    def show_entries(self, entries: Sequence[RejectedView]) -> None:
        """Show these entries, the first one with its text."""
        self._entries = entries
        count = len(entries)
        self.heading.setText(counted("{n} entry set aside", "{n} entries set aside", count))
        self.raw.clear()
        self.model.set_ids([str(n).encode() for n in range(count)])
        self._stack.setCurrentIndex(1 if entries else 0)
        if entries:
            self.table.choose(0)

    def _fetch(self, ids: Sequence[bytes]) -> Sequence[RejectedView]:
        return [self._entries[int(each)] for each in ids]


def _inset(part: QWidget) -> QWidget:
    holder = QWidget()
    holder.setLayout(column(part, margins=(16, 8, 16, 8)))
    return holder
