"""The tab of included reports that belong to no study yet: make a study of each, or link it to one."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QStackedWidget, QWidget
from typing_extensions import override

from core.errors import CopseError
from core.language import counted, figure, tr
from core.model import Id
from core.session.screening import RecordView
from gui import errors, theme
from gui.explaining import explain
from gui.pages.fulltext.reading import StudiesState, read_studies
from gui.pages.screening.empty import Place
from gui.pages.screening.lists import ListRow, Part, RowList, list_width
from gui.pages.screening.side import Reading
from gui.pages.screening.tab import LIST_KEYS, JudgingTab
from gui.theme import Type
from gui.widgets.buttons import Button, Kind
from gui.widgets.fields import Combo, LineEdit
from gui.widgets.labels import Label
from gui.widgets.messages import EmptyState, primary
from gui.widgets.panes import Scroll, SubBar, Surface, column, row
from gui.widgets.record_card import RecordCard, authors_line, journal_line

if TYPE_CHECKING:
    from gui.pages.screening.judging import JudgingPage

_CARD_WIDTH = 860


class StudiesTab(JudgingTab):
    """See the module."""

    def __init__(self, page: JudgingPage) -> None:
        super().__init__(page)
        self.state: StudiesState | None = None
        self._views: dict[Id, RecordView] = {}
        self._reading = 0
        self._making = 0
        self._fact = Label("", Type.STRONG)
        self._rest = Label("", Type.BODY, "muted")
        self.make_all = Button("", icon="plus")
        self.make_all.setObjectName("studies.make_all")
        explain(self, "report")
        self.list = RowList(tr("Included reports without a study"), "studies.list", row_height=50)
        self.card = RecordCard(object_name="studies.card")
        self.label = LineEdit(tr("Surname Year"), tr("Label of the study"))
        self.label.setObjectName("studies.label")
        self.make = Button(tr("Create study"), icon="plus", kind=Kind.PRIMARY)
        self.make.setObjectName("studies.make")
        self.existing = Combo((), tr("Study to link the report to"))
        self.existing.setObjectName("studies.existing")
        self.link = Button(tr("Link"), icon="link")
        self.link.setObjectName("studies.link")
        self._or = Label(tr("or a further report of"), Type.BODY, "muted")
        self._lay_out()
        self.list.row_chosen.connect(lambda _row: self._show_chosen())
        self.make.clicked.connect(self._make_one)
        self.label.returnPressed.connect(self._make_one)
        self.make_all.clicked.connect(self._make_all)
        self.link.clicked.connect(self._link)
        self.existing.currentIndexChanged.connect(lambda _index: self._enable())

    def _lay_out(self) -> None:
        self._left = Surface("sunken", "right")
        self._left.setLayout(column(self.list, spacing=0, margins=(0, 0, 1, 0)))
        self.card.setMaximumWidth(theme.scaled(_CARD_WIDTH))
        holder = Reading()
        line = row(spacing=0, margins=(24, 20, 24, 20))
        line.addWidget(self.card, 1000)
        line.addStretch(1)
        holder.setLayout(line)
        self._scroll = Scroll(holder)
        bar = Surface("surface", "top")
        bar.setFixedHeight(theme.scaled(64))
        self.label.setFixedWidth(theme.scaled(170))
        self.existing.setMaximumWidth(theme.scaled(240))
        study = Label(tr("Study"), Type.BODY, "muted")
        controls = row(study, self.label, self.make, 4, self._or, self.existing, self.link, None)
        controls.setContentsMargins(24, 1, 24, 0)
        controls.setStretch(5, 1)
        bar.setLayout(controls)
        self._right = Surface("surface")
        self._right.setLayout(column(self._scroll, bar, spacing=0))
        self._work, self._empty = QWidget(), Place()
        middle = row(self._left, self._right, spacing=0)
        middle.setStretch(1, 1)
        box = column(SubBar(self._fact, self._rest, right=(self.make_all,)), middle, spacing=0)
        box.setStretch(1, 1)
        self._work.setLayout(box)
        self._stack = QStackedWidget()
        for each in (QWidget(), self._work, self._empty):
            self._stack.addWidget(each)
        self.setLayout(column(self._stack, spacing=0))

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        self._left.setFixedWidth(list_width(self.window().width()))
        super().resizeEvent(event)

    @override
    def panes(self) -> list[QWidget]:
        return [self._left, self._right] if self._stack.currentWidget() is self._work else [self._empty]

    # reading

    @override
    def reload(self) -> None:
        self._reading += 1
        number, part_of = self._reading, self.page.part_of
        call = self.page.read(lambda s: read_studies(s, part_of(s)))
        call.done(lambda state: self._take(state) if number == self._reading else None).run()

    def _take(self, state: StudiesState) -> None:
        self.state = state
        self._views = {view.id: view for view in state.waiting}
        self.page.settle_in(state.setting)
        self.page.show_conflict_count(state.conflicts)
        self.page.header.tabs.set_count("studies", figure(len(state.waiting)) if state.waiting else "")
        self.list.set_rows([_list_row(view) for view in state.waiting])
        if not state.waiting:
            self._empty.say(_nothing(self.page, state))
            self._stack.setCurrentWidget(self._empty)
            return
        self._stack.setCurrentWidget(self._work)
        number = len(state.waiting)
        self._fact.setText(figure(number))
        self._rest.setText(counted("included report without a study", "included reports without a study", number))
        self.make_all.setVisible(number > 1)
        self.make_all.set_label(counted("Create {n} study", "Create {n} studies", number))
        self.existing.set_entries([(tr("Choose a study"), None), *((label, i) for i, label in state.studies)])
        for part in (self._or, self.existing, self.link):
            part.setVisible(bool(state.studies))
        if self.list.chosen_id() is None:
            self.list.choose_id(state.waiting[0].id)
        self._show_chosen()

    def _show_chosen(self) -> None:
        chosen = self.list.chosen_id()
        view = self._views.get(chosen) if chosen is not None else None
        if view is None or self.state is None:
            return
        self.card.set_terms(self.state.setting.terms)
        self.card.show_record(view)
        self.lay_out_now()
        self._scroll.verticalScrollBar().setValue(0)
        self.existing.set_value(None)
        self.label.setText("")
        record = view.id
        self.page.read(lambda s: s.studies.propose_label(record)).done(lambda text: self._propose(record, text)).run()
        self._enable()

    def _propose(self, record_id: Id, label: str) -> None:
        if record_id == self.list.chosen_id() and not self.label.text():
            self.label.setText(label)

    def _enable(self) -> None:
        self.link.setEnabled(self.existing.value() is not None)

    # making

    def _make_one(self) -> None:
        record, label = self.list.chosen_id(), self.label.text()
        if record is None or self._making:
            return
        self._making = 1
        call = self.page.write(lambda s: s.studies.create([record], label), tr("creating the study"))
        call.done(lambda _study: self._made(tr("Study {label} created.", label=label))).failed(self._failed).run(
            initiator=self.page
        )

    def _make_all(self) -> None:
        """A study for each report; every one is an operation of its own, which can be undone."""
        if self._making:
            return
        ids = list(self._views)
        self._making = len(ids)
        for number, record in enumerate(ids, start=1):
            call = self.page.write(lambda s, record=record: s.studies.create([record]), tr("creating the studies"))
            call.done(lambda _study, number=number: self._made_of_many(number, len(ids)))
            call.failed(self._failed).run(initiator=self.page)

    def _made_of_many(self, number: int, total: int) -> None:
        if number == total:
            self._made(counted("{n} study created.", "{n} studies created.", total))

    def _made(self, text: str) -> None:
        self._making = 0
        self.page.workspace.say(text, undo=True)
        self.page.announce(text)
        self.reload()

    def _link(self) -> None:
        record, study = self.list.chosen_id(), self.existing.value()
        if record is None or not isinstance(study, bytes) or self._making:
            return
        self._making = 1
        label = self.existing.currentText()
        call = self.page.write(lambda s: s.studies.link(study, record), tr("linking the report"))
        call.done(lambda _none: self._made(tr("Linked to {label}.", label=label))).failed(self._failed).run(
            initiator=self.page
        )

    def _failed(self, error: CopseError) -> None:
        self._making = 0
        errors.present(error, self.page)
        self.reload()

    # what the page's actions ask

    @override
    def can(self, what: str) -> bool:
        what = LIST_KEYS.get(what, what)
        record = self.card.record()
        conditions: dict[str, Callable[[], bool]] = {
            "previous": lambda: self.list.currentIndex().row() > 0,
            "next": lambda: self.list.currentIndex().row() < self.list.count() - 1,
            "doi": lambda: record is not None and bool(record.doi),
            "page_up": lambda: True,
            "page_down": lambda: True,
            "highlights": lambda: record is not None,
        }
        return self.state is not None and bool(self.state.waiting) and what in conditions and conditions[what]()

    @override
    def do(self, what: str) -> None:
        what = LIST_KEYS.get(what, what)
        handlers: dict[str, Callable[[], object]] = {
            "previous": lambda: self.list.step(-1),
            "next": lambda: self.list.step(1),
            "doi": self.card.open_doi,
            "page_up": lambda: self.scroll_record(self._scroll, what),
            "page_down": lambda: self.scroll_record(self._scroll, what),
            "highlights": lambda: self.card.abstract.set_shows_marks(not self.card.abstract.shows_marks()),
        }
        handlers[what]()


def _list_row(view: RecordView) -> ListRow:
    return ListRow(view.id, view.title, (Part(f"{authors_line(view.authors, 1)} · {journal_line(view)}"),))


def _nothing(page: JudgingPage, state: StudiesState) -> EmptyState:
    if state.studies:
        button = primary(tr("Go to extraction"), lambda: page.workspace.go("extraction"), icon="table-2")
        button.setObjectName("studies.to_extraction")
        text = tr("What is known of each study is entered under Extraction.")
        return EmptyState("circle-check", tr("Every included report has a study"), text, [button])
    text = tr("A report comes here once it is included and its study has to be named.")
    if state.setting.is_blinded and len(state.setting.judges) > 1:
        text = tr("A report comes here once it is included and the decisions of all reviewers may be seen.")
    button = primary(tr("Assess reports"), lambda: page.header.tabs.set_current("reports"), icon="file-text")
    button.setObjectName("studies.to_reports")
    return EmptyState("file-text", tr("No included report waits for a study"), text, [button])
