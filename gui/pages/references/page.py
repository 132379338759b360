"""References: bring search results in, look at what is there, keep sources and duplicates in order."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QStackedWidget, QWidget
from typing_extensions import override

from core.language import counted, figure, tr
from core.model import Area
from gui.actions import Action
from gui.dropping import sort_files
from gui.pages.base import Page
from gui.pages.references.decisions_panel import DecisionsPanel
from gui.pages.references.duplicates_view import DuplicatesView
from gui.pages.references.exporting import Exporting
from gui.pages.references.file_list import EmptyReferences
from gui.pages.references.import_queue import FileItem, ImportQueue
from gui.pages.references.questions import Questions, may_take
from gui.pages.references.records_view import RecordsView
from gui.pages.references.sources_view import SourcesView
from gui.widgets.buttons import icon_button
from gui.widgets.column_meanings import ColumnMeanings
from gui.widgets.drop_hint import DropHint
from gui.widgets.messages import Level, Message, local_paths
from gui.widgets.panes import Tab

if TYPE_CHECKING:
    from core.review import Session
    from core.session.references import ImportReport
    from core.store.queries.records import SourceView

FILE_FILTER = tr("Search results (*.ris *.nbib *.txt *.enw *.ciw *.csv *.tsv *.xlsx *.cgi *.ovd *.isi);;All files (*)")

_State = tuple[int, "Sequence[SourceView]", Sequence[Sequence[bytes]]]


class ReferencesPage(Page):
    """See the module."""

    ID = "references"
    TITLE = tr("References")
    INTERESTS = Area.RECORDS | Area.SOURCES | Area.DECISIONS | Area.RESOLUTIONS
    TABS = (Tab("records", tr("Records")), Tab("sources", tr("Sources")), Tab("duplicates", tr("Duplicates")))

    def build(self) -> None:
        self.setAcceptDrops(True)
        self.queue = ImportQueue(self)
        self.queue.finished.connect(self._say_what_came)
        self.questions = Questions(self)
        self.empty = EmptyReferences(self.registry, self.queue, self._add_source)
        self.empty.zone.dropped.connect(self.import_files)
        self._came_from: list[tuple[Message, frozenset[bytes]]] = []
        self._stack = QStackedWidget()
        for view in (QWidget(), self.empty):
            self._stack.addWidget(view)
        self.body.addWidget(self._stack)
        self._hint = DropHint(self, tr("Drop to import. Each file becomes one source."))
        self.header.tabs.setObjectName("references.tabs")
        self._add = self.registry.button("references.add_source")
        self._add.setObjectName("references.add_source")
        self._add.hide()
        importing = self.registry.button("references.import")
        importing.setObjectName("references.import")
        self.more = icon_button("ellipsis", tr("More"))
        self.more.setObjectName("references.more")
        self.more.clicked.connect(self._exporting.pop_up)
        self.header.add(self._add, importing, self.more)
        self._state: _State | None = None
        self._stale: set[str] = set()
        """The tabs that have not shown `_state` yet; they do when they come to the front."""

    @cached_property
    def records(self) -> RecordsView:
        """The records."""
        made = RecordsView(self)
        self._stack.addWidget(made)
        return made

    @cached_property
    def sources(self) -> SourcesView:
        """The sources and what could not be used of them."""
        made = SourcesView(self, self.queue)
        self._stack.addWidget(made)
        return made

    @cached_property
    def duplicates(self) -> DuplicatesView:
        """Pairs that are one report."""
        made = DuplicatesView(self)
        self._stack.addWidget(made)
        return made

    def page_actions(self) -> tuple[Action, ...]:
        self._exporting = Exporting(self)
        return (
            *self._exporting.actions(),
            self.action(
                "decisions", tr("Take in decisions made elsewhere"), self._ask_decisions, icon="users",
                enabled_when=self._can_ask_decisions,
            ),
            self.action("import", tr("Import files"), self._choose_files, "Ctrl+Shift+I", icon="upload"),
            self.action("merge", tr("Merge"), self._merge, "M", icon="merge", enabled_when=self._can_merge),
            self.action("apart", tr("Keep apart"), self._keep_apart, "K", icon="split", enabled_when=self._has_pair),
            self.action(
                "previous", tr("Previous pair"), lambda: self.duplicates.step(-1), "Left", icon="arrow-left",
                enabled_when=self._has_pair,
            ),
            self.action(
                "next", tr("Next pair"), lambda: self.duplicates.step(1), "Right", "S", icon="arrow-right",
                enabled_when=self._has_pair,
            ),
            self.action(
                "take_back", tr("Take back"), lambda: self.registry.trigger("edit.undo"), "U", icon="undo-2",
                enabled_when=lambda: self.registry.is_enabled("edit.undo"),
            ),
            self.action(
                "sort", tr("Sort by the next column"), lambda: self.records.sort_by_next(), "O", icon="arrow-up-down",
                enabled_when=self._shows_records,
            ),
            self.action(
                "turn", tr("Turn the order round"), lambda: self.records.turn_order(), "Shift+O", icon="arrow-up-down",
                enabled_when=self._shows_records,
            ),
            self.action("add_source", tr("Add a source"), self._add_source, icon="plus"),
        )  # fmt: skip

    def panes(self) -> Sequence[QWidget]:
        view = self._stack.currentWidget()
        if isinstance(view, (RecordsView, DuplicatesView)):
            return view.table, view.panel
        if isinstance(view, SourcesView):
            return view.table, view.form, view.rejected
        asked = self.questions.panel
        return (asked,) if asked is not None and asked is view else (self.empty,)

    # showing

    def refresh(self, areas: Area) -> None:
        self.read(_state, tr("reading the references")).done(self._show).run()
        if self.header.tabs.current() == "records":
            self.soon(lambda: self.records)  # made while the worker reads

    def _show(self, state: _State) -> None:
        count, sources, groups = state
        merged = sum(len(group) - 1 for group in groups)
        tabs = self.header.tabs
        tabs.set_count("records", figure(count))
        tabs.set_count("sources", figure(len(sources)) if sources else "")
        tabs.set_count("duplicates", figure(merged) if merged else "")
        self._state = state
        self._stale = {tab.id for tab in self.TABS}
        self._forget_undone({source.id for source in sources})
        self._bring()

    def _forget_undone(self, there: set[bytes]) -> None:
        """Take away what was said of imports that have been taken back."""
        for message, sources in list(self._came_from):
            if not sources <= there:
                self._came_from.remove((message, sources))
                if message in self.messages.messages():
                    self.messages.remove(message)

    def _view(self, tab: str, state: _State) -> QWidget:
        """What `tab` shows, with what was read last."""
        count, sources, groups = state
        if self.questions.panel is not None and tab == "records":
            return self.questions.panel
        if not count and tab != "sources":
            return self.empty
        is_stale = tab in self._stale
        self._stale.discard(tab)
        if tab == "sources":
            if is_stale:
                self.sources.set_sources(sources)
            return self.sources
        if tab == "duplicates":
            if is_stale:
                self.duplicates.set_groups(groups)
            return self.duplicates
        if is_stale:
            self.records.set_sources(sources)
            self.records.load()
        return self.records

    def show_tab(self, tab: str) -> None:
        self._bring()
        if not self.header.tabs.hasFocus():  # with arrows one goes on from tab to tab
            self._focus_main()

    def _bring(self) -> None:
        if self._state is None:
            return
        tab = self.header.tabs.current()
        view = self._view(tab, self._state)
        focused = QApplication.focusWidget()
        within = focused is not None and self._stack.isAncestorOf(focused)
        moved = within and view is not self._stack.currentWidget()
        self._stack.setCurrentWidget(view)
        self._add.setVisible(tab == "sources")
        self.set_main_part(self._main())
        if moved:
            self._focus_main()
        self.registry.refresh()

    def _main(self) -> QWidget:
        view = self._stack.currentWidget()
        if isinstance(view, (RecordsView, SourcesView, DuplicatesView)):
            return view.table
        if isinstance(view, ColumnMeanings):
            return view.combos[0]
        if isinstance(view, DecisionsPanel):
            return view.first()
        return self.empty.choose

    def _focus_main(self) -> None:
        if self.is_current():
            self._main().setFocus(Qt.FocusReason.OtherFocusReason)

    def show_place(self, **where: object) -> None:
        source, record = where.get("source"), where.get("record")
        tab = where.get("tab", "records" if isinstance(record, bytes) else None)
        if isinstance(tab, str):
            self.header.tabs.set_current(tab)
        if isinstance(source, bytes):
            self.sources.choose(source)
        if isinstance(record, bytes):
            self.records.choose(record)
        files = where.get("files")
        if isinstance(files, tuple):
            self.import_files(files)

    def whereabouts(self) -> dict[str, str | bytes]:
        tab = self.header.tabs.current()
        view = self._stack.currentWidget()
        chosen = view.table.chosen_ids() if isinstance(view, RecordsView) else []
        return {"tab": tab} | ({"record": chosen[0]} if len(chosen) == 1 else {})

    def is_at_rest(self) -> bool:
        return not self.queue.is_busy

    # importing

    def _choose_files(self) -> None:
        self.import_files(self.workspace.ask.open_files(self, tr("Import search results"), FILE_FILTER))

    def import_files(self, paths: Sequence[Path]) -> None:
        """Import these files, one after the other."""
        if paths:
            self.queue.add(paths)

    def _say_what_came(self, batch: Sequence[FileItem]) -> None:
        reports = [item.report for item in batch if item.report is not None]
        if reports:
            message = self.show_message(_came(reports), Level.SUCCESS)
            self._came_from.append((message, frozenset(report.source_id for report in reports)))
            self.announce(_came(reports))
            if not self.is_current():
                # Undo takes back the last file only: with several it would say more than it does.
                self.workspace.say(_came(reports), undo=len(reports) == 1)
        for report in reports:
            if report.rejected:
                self._say_set_aside(report)
            if report.decisions:
                self._tell_of_decisions(report)
        for item in batch:
            if item.is_unknown_table and item.columns is None:
                self.questions.ask_columns(item.path)
            elif item.problem:
                self.show_message(item.problem, Level.DANGER)

    # questions

    def show_question(self, panel: QWidget) -> None:
        """Show a panel that asks something, in place of the records."""
        self._stack.addWidget(panel)
        self.header.tabs.set_current("records")
        self._bring()

    def end_question(self, panel: QWidget | None) -> None:
        """Take it away again."""
        self._bring()
        if panel is not None:
            self._stack.removeWidget(panel)
            panel.deleteLater()

    def _tell_of_decisions(self, report: ImportReport) -> None:
        """Decisions came with a file: the lead is asked whose they are, others are told who can take them in."""
        if may_take(self.session):
            self.questions.ask_decisions(report.source_id)
            return
        text = counted(
            "{n} decision of another screening program came with {file}. The lead can take it in, under Sources.",
            "{n} decisions of another screening program came with {file}. The lead can take them in, under Sources.",
            report.decisions,
            file=report.file_name,
        )
        self._came_from.append((self.show_message(text), frozenset((report.source_id,))))

    def _can_ask_decisions(self) -> bool:
        view = self._stack.currentWidget()
        return isinstance(view, SourcesView) and view.form.source_id is not None and may_take(self.session)

    def _ask_decisions(self) -> None:
        source = self.sources.form.source_id
        if source is not None and not self.questions.is_asking:
            self.questions.ask_decisions(source)

    def _say_set_aside(self, report: ImportReport) -> None:
        text = counted(
            "{n} entry of {file} could not be used and was set aside. Nothing else was skipped.",
            "{n} entries of {file} could not be used and were set aside. Nothing else was skipped.",
            report.rejected,
            file=report.file_name,
        )

        def show() -> None:
            self.header.tabs.set_current("sources")
            self.sources.choose(report.source_id)
            self.messages.remove(message)

        message = self.show_message(
            text, Level.WARN, ((counted("Show the {n}", "Show the {n}", report.rejected), show),)
        )
        self._came_from.append((message, frozenset((report.source_id,))))

    @override
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        paths = local_paths(event)
        if paths and not sort_files(paths).reviews:
            event.acceptProposedAction()
            self._hint.cover()
        else:
            event.ignore()  # a review is opened by the window

    @override
    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._hint.hide()

    @override
    def dropEvent(self, event: QDropEvent) -> None:
        self._hint.hide()
        event.acceptProposedAction()
        self.import_files(local_paths(event))

    # sources, duplicates, search

    def _add_source(self) -> None:
        self.header.tabs.set_current("sources")
        self._bring()
        self.sources.begin_new()

    @override
    def has_filter(self) -> bool:
        return self._state is not None and self._state[0] > 0

    @override
    def go_to_filter(self) -> None:
        self.header.tabs.set_current("records")
        self.records.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.records.search.selectAll()

    def _shows_records(self) -> bool:
        return isinstance(self._stack.currentWidget(), RecordsView)

    def _can_merge(self) -> bool:
        return self._shows_records() and len(self.records.table.chosen_ids()) == 2

    def _merge(self) -> None:
        primary, other = self.records.chosen()

        def done(_value: None) -> None:
            self.workspace.say(
                tr(
                    "Merged: {one} into {other}. U takes it back.",
                    one=figure(other.number),
                    other=figure(primary.number),
                ),
                undo=True,
            )
            self.records.choose(primary.id)

        self.write(lambda s: s.references.merge(primary.id, other.id)).done(done).run()

    def _has_pair(self) -> bool:
        return isinstance(self._stack.currentWidget(), DuplicatesView) and self.duplicates.chosen_id() is not None

    def _keep_apart(self) -> None:
        pair = self.duplicates.chosen()
        if pair is None:
            return
        text = tr(
            "Kept apart: {one} and {other}. U takes it back.",
            one=figure(pair.primary.number),
            other=figure(pair.record.number),
        )
        call = self.write(lambda s: s.references.split(pair.record.id))
        call.done(lambda _value: self.workspace.say(text, undo=True)).run()


def _state(session: Session) -> _State:
    from core.store.queries.records import RecordFilter

    part = session.references
    place = {record: n for n, record in enumerate(part.ids(RecordFilter(duplicates=True)))}
    groups = sorted(part.duplicate_groups(), key=lambda group: place.get(group[0], 0))
    return part.count(), part.sources(), groups


def _came(reports: Sequence[ImportReport]) -> str:
    """What a batch of files brought, in one sentence."""
    read, new = sum(r.read for r in reports), sum(r.new for r in reports)
    merged = sum(r.duplicates for r in reports)
    return counted(
        "{what}: {read} read: {new} new, {n} duplicate merged.",
        "{what}: {read} read: {new} new, {n} duplicates merged.",
        merged,
        what=reports[0].file_name if len(reports) == 1 else counted("{n} file", "{n} files", len(reports)),
        read=figure(read),
        new=figure(new),
    )
