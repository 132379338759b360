"""Overview: the PRISMA flow as it stands, and what is left to do. The first page one sees: it imports little."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QStackedWidget, QWidget
from typing_extensions import override

from core.figures.prisma_model import PrismaFlow
from core.language import tr
from core.model import Area
from core.policy import Right, may
from gui import theme
from gui.actions import Action
from gui.explaining import explain
from gui.operations import Cancelled, Report
from gui.pages.base import Page
from gui.pages.overview.changes import said_date
from gui.pages.overview.last_visit import LastVisit
from gui.pages.overview.todo_panel import TodoPanel
from gui.theme import Type
from gui.widgets.buttons import Button
from gui.widgets.flow_view import FlowView
from gui.widgets.labels import Label
from gui.widgets.messages import EmptyState, primary
from gui.widgets.panes import Scroll, Surface, column, row

if TYPE_CHECKING:
    from core.review import Session
    from core.session.overview import ReviewerProgress, Todo
    from core.store.queries.history import OperationView

_NARROW = 1100
_BELOW_FLOW = 20
_WIDE = 1400
_SIDE, _WIDE_SIDE = 380, 440
_FORMATS = (("svg", tr("SVG, to edit or print")), ("pdf", "PDF"), ("png", tr("PNG, 300 dots per inch")))

LEADS: dict[str, tuple[str, dict[str, str]]] = {
    "identified": ("references", {"tab": "sources"}),
    "removed": ("references", {"tab": "duplicates"}),
    "screened": ("screening", {"tab": "screen"}),
    "excluded": ("screening", {"tab": "decided"}),
    "sought": ("fulltext", {"tab": "reports"}),
    "not_retrieved": ("fulltext", {"tab": "reports"}),
    "assessed": ("fulltext", {"tab": "reports"}),
    "reports_excluded": ("fulltext", {"tab": "reports"}),
    "new_included": ("extraction", {}),
    "included": ("extraction", {}),
    "previous": ("references", {"tab": "sources"}),
}
"""Where a click on a box of the flow leads."""

_LATEST, _ALL = 60, 200
_Changed = tuple[Sequence["OperationView"], str]
"""Operations, and how far the log went when they were read."""

_Left = tuple[Sequence["Todo"], Sequence["ReviewerProgress"]]


class OverviewPage(Page):
    """See the module."""

    ID = "overview"
    TITLE = tr("Overview")
    INTERESTS = ~Area.ATTACHMENTS

    def build(self) -> None:
        self.flow = FlowView()
        self.flow.setObjectName("overview.flow")
        self.flow.box_chosen.connect(self._go_to_box)
        self.todo = TodoPanel()
        self.todo.setObjectName("overview.todo")
        self.todo.wanted.connect(self._go)
        self.todo.changes.all_wanted.connect(self._show_changes)
        self._since = LastVisit.read(self.workspace.settings, self.review.path, self.session.reviewer.id)
        self._all_changes = False
        self._flow_pane = self._make_flow_pane()
        explain(self._flow_pane, "flow")
        explain(self.todo, "todo")
        self._sides = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._sides.setContentsMargins(0, 0, 0, 0)
        self._sides.setSpacing(0)
        self._sides.addWidget(self._flow_pane, 3)
        self._sides.addWidget(self.todo, 2)
        filled = QWidget()
        filled.setLayout(self._sides)
        self._stack = QStackedWidget()
        self._empty = self._make_empty()
        for part in (QWidget(), self._empty, filled):
            self._stack.addWidget(part)
        self.body.addWidget(self._stack)

    def page_actions(self) -> tuple[Action, ...]:
        keys = {"svg": ("Ctrl+Shift+S",)}
        return tuple(
            self.action(
                f"export_{kind}", text, lambda k=kind: self._export(k), *keys.get(kind, ()), icon="file-down",
                enabled_when=self._has_flow,
            )
            for kind, text in _FORMATS
        )  # fmt: skip

    def _make_flow_pane(self) -> QWidget:
        menu = self.registry.menu([f"overview.export_{kind}" for kind, _ in _FORMATS], self)
        self.export = Button(tr("Export"), icon="download", menu=menu, tip=tr("Export the flow diagram"))
        self.export.setObjectName("overview.export")
        said = Label(tr("live; click a box to go there"), Type.SMALL, "muted")
        head = row(Label(tr("PRISMA 2020 flow"), Type.SECTION), said, None, self.export, margins=(24, 16, 24, 8))
        holder = QWidget()
        holder.setLayout(column(self.flow, None, margins=(14, 0, 14, _BELOW_FLOW)))
        pane = Surface("surface")
        box = column(head, _FlowScroll(holder, self.flow), spacing=0)
        box.setStretch(1, 1)
        pane.setLayout(box)
        return pane

    def _make_empty(self) -> QWidget:
        importing = primary(tr("Import search results"), lambda: self._go("references", {}))
        importing.setObjectName("overview.start_import")
        protocol = Button(tr("Write the protocol"))
        protocol.setObjectName("overview.start_protocol")
        protocol.clicked.connect(lambda: self._go("protocol", {}))
        return EmptyState(
            "layout-dashboard",
            tr("The flow begins with the search results"),
            tr(
                "Write down what the review asks, then import what the searches found. "
                "From then on the PRISMA flow draws itself here, with what is left to do beside it."
            ),
            (importing, protocol),
            large=True,
        )

    def _has_flow(self) -> bool:
        flow = self.flow.flow()
        return flow is not None and bool(flow.identified or flow.previous)

    # showing

    def refresh(self, areas: Area) -> None:
        self.read(_fact, tr("reading the registration")).done(self.header.set_fact).run()
        self.read(lambda s: s.overview.flow(), tr("counting the flow")).done(self._show_flow).run()
        self.read(_left, tr("looking for what is left")).done(self._show_left).run()
        self._read_changes()

    def _show_flow(self, flow: PrismaFlow) -> None:
        self.flow.show_flow(flow)
        self._stack.setCurrentIndex(2 if flow.databases or flow.registers or flow.previous else 1)
        self.registry.refresh()

    def _show_left(self, left: _Left) -> None:
        self.todo.show_todo(left[0])
        self.todo.show_team(left[1], self.review.reviewers())

    # what has changed

    def _show_changes(self, everything: bool) -> None:
        self._all_changes = everything
        self._read_changes()

    def _read_changes(self) -> None:
        since, whole = self._since, self._all_changes

        def find(session: Session) -> _Changed:
            part = session.history
            news = part.recent(_ALL) if whole else part.news(since.bookmark, _ALL) if since else part.recent(_LATEST)
            return news, part.bookmark()

        self.read(find, tr("looking for what has changed")).done(lambda found: self._take_changes(found, whole)).run()

    def _take_changes(self, found: _Changed, whole: bool) -> None:
        operations, bookmark = found
        people = self.review.reviewers()
        if whole:
            self.todo.changes.show_all(operations, people)
        else:
            self.todo.changes.show_news(operations, people, self._since.at if self._since else None)
        if self.is_current():
            now = LastVisit(datetime.now(), bookmark)
            now.write(self.workspace.settings, self.review.path, self.session.reviewer.id)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        width = self.width()
        below = width < theme.scaled(_NARROW)
        self.todo.set_below(below)
        if below:
            self._sides.setDirection(QBoxLayout.Direction.TopToBottom)
            self.todo.setMinimumWidth(0)
            self.todo.setMaximumWidth(16_777_215)
        else:
            self._sides.setDirection(QBoxLayout.Direction.LeftToRight)
            self.todo.setFixedWidth(theme.scaled(_WIDE_SIDE if width >= theme.scaled(_WIDE) else _SIDE))

    def panes(self) -> Sequence[QWidget]:
        return (self._flow_pane, self.todo) if self._stack.currentIndex() == 2 else (self._empty,)

    # going elsewhere

    def _go_to_box(self, box: str) -> None:
        if box in LEADS:
            self.registry.used.emit("overview.box", False)
            self._go(*LEADS[box])

    def _go(self, page: str, where: dict[str, str]) -> None:
        self.workspace.go(page, **where)

    # exporting

    def _export(self, kind: str) -> None:
        suggested = self.review.path.with_name(f"{self.review.path.stem}-prisma.{kind}")
        filters = f"{kind.upper()} (*.{kind})"
        path = self.workspace.ask.save_file(self, tr("Export the flow diagram"), suggested, filters)
        if path is None:
            return
        target = path if path.suffix.casefold() == f".{kind}" else path.with_name(f"{path.name}.{kind}")

        def work(session: Session, report: Report, cancelled: Cancelled) -> Path:
            return _save(session, target)

        call = self.task(tr("Exporting the flow diagram"), work).busy(self.export)
        call.done(lambda saved: self.workspace.say(tr("Flow diagram written to {saved}.", saved=saved))).run()


class _FlowScroll(Scroll):
    """Lets the flow fill what height there is before it scrolls."""

    def __init__(self, content: QWidget, flow: FlowView) -> None:
        self._flow = flow
        super().__init__(content)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._flow.set_room(self.viewport().height() - _BELOW_FLOW - 1)


def _fact(session: Session) -> str:
    registration = session.protocol.protocol().registration
    began = said_date(session.history.began())
    if not registration:
        return tr("Started {date}", date=began)
    return tr("{registration}, started {date}", registration=registration, date=began)


def _left(session: Session) -> _Left:
    part = session.overview
    return part.todo(), part.team() if may(session.reviewer, Right.LEAD) else ()


def _save(session: Session, target: Path) -> Path:
    from core.figures.painter import save
    from core.figures.prisma import layout_prisma

    return save(layout_prisma(session.overview.flow()), target)
