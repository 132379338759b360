"""Risk of bias: judging studies by the review's tool, comparing, settling, and the figure of it."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QMenu, QStackedWidget, QWidget
from typing_extensions import override

from core.errors import CopseError
from core.language import figure, tr
from core.model import Area, Id, OpResult
from core.riskofbias.tools import USUAL_TOOL, Cell, Level, Tool, tools
from gui import errors
from gui.actions import Action
from gui.pages.base import Page
from gui.pages.riskofbias.assess import AssessTab
from gui.pages.riskofbias.consensus import ConsensusTab
from gui.pages.riskofbias.judging import KEYS
from gui.pages.riskofbias.reading import Board, read_board
from gui.pages.riskofbias.tab import RiskTab
from gui.pages.screening.empty import Place
from gui.widgets.buttons import Button
from gui.widgets.messages import EmptyState, primary
from gui.widgets.panes import Tab

if TYPE_CHECKING:
    from core.review import Session
    from core.session.riskofbias import RiskOfBiasPart

FORMATS = ("svg", "png", "pdf")


class RiskOfBiasPage(Page):
    """Two tabs at one place: study and domain. `show_place(tab=, study=, domain=)` goes there."""

    ID = "riskofbias"
    TITLE = tr("Risk of bias")
    INTERESTS = Area.STUDIES | Area.RISK_OF_BIAS | Area.TEAM | Area.REVIEW | Area.PROTOCOL
    TABS = (Tab("assess", tr("Assess")), Tab("consensus", tr("Consensus")))
    _tool: Tool | None = None

    @override
    def build(self) -> None:
        self.board: Board | None = None
        self.study_id: Id | None = None
        self.cell: Cell | None = None
        self._reading = 0
        self._after: list[Callable[[], object]] = []
        self._wanted: dict[str, object] = {}
        self.stack = QStackedWidget()
        self.stack.addWidget(QWidget())  # until the review has been read
        go = primary(tr("Go to full text"), lambda: self.workspace.go("fulltext"), icon="file-text")
        go.setObjectName("riskofbias.to_fulltext")
        text = tr("A study appears here when its report is included at full text.")
        self.empty = EmptyState("shield-check", tr("No studies yet"), text, [go])
        self.stack.addWidget(self.empty)
        self.body.addWidget(self.stack)
        self.export = Button(tr("Export"), icon="download", menu=self._export_menu())
        self.export.setObjectName("riskofbias.export")
        self.export.setToolTip(tr("Export the table as a figure (Ctrl ⇧ S)"))
        self.export.setEnabled(False)
        self.header.add(self.export)
        self.unreadable = Place(self)
        self.stack.addWidget(self.unreadable)

    def _export_menu(self) -> QMenu:
        return self.registry.menu([f"riskofbias.export_{name}" for name in FORMATS], self)

    @cached_property
    def assess(self) -> AssessTab:
        """Judging, study by study."""
        made = AssessTab(self, self._tool_now())
        self.stack.addWidget(made)
        return made

    @cached_property
    def consensus(self) -> ConsensusTab:
        """What two judged differently, settled."""
        made = ConsensusTab(self, self._tool_now())
        self.stack.addWidget(made)
        return made

    # actions

    @override
    def page_actions(self) -> tuple[Action, ...]:
        known = [KEYS.get(level.symbol, "") for level in self._tool_now().levels]
        # Signs that differ may have one key, such as two kinds of dash; the first level gets it.
        keys = [key if key not in known[:n] else "" for n, key in enumerate(known)]
        levels = [self._level(level, key) for level, key in zip(self._tool_now().levels, keys, strict=True)]
        exports = [
            self.action(
                f"export_{name}",
                tr("Export the table as {kind}…", kind=name.upper()),
                lambda name=name: self._export(name),
                *(("Ctrl+Shift+S",) if name == FORMATS[0] else ()),
                enabled_when=self._has_studies,
            )
            for name in FORMATS
        ]
        return (
            *levels,
            self._handed_on("clear", tr("Clear"), "Del"),
            self._handed_on("finish", tr("Mark finished"), "Ctrl+Return", icon="check"),
            self._handed_on("reopen", tr("Reopen"), icon="lock-open"),
            self._handed_on("leave_out", tr("Not assessed with this tool")),
            self._handed_on("take_in", tr("Assess this study"), icon="shield-check"),
            self._handed_on("settle_equal", tr("Settle what is equal"), "E", icon="check"),
            self._handed_on("take_first", tr("Take the first reviewer’s judgement"), "Left"),
            self._handed_on("take_last", tr("Take the last reviewer’s judgement"), "Right"),
            self._handed_on("unsettle", tr("Open again"), icon="lock-open"),
            self._handed_on("next_difference", tr("Next to settle"), "F8", icon="arrow-right"),
            self._handed_on("previous_difference", tr("Previous to settle"), "Shift+F8", icon="arrow-left"),
            self._step("previous_domain", tr("Previous domain"), "[", -1, "arrow-left"),
            self._step("next_domain", tr("Next domain"), "]", 1, "arrow-right"),
            self._step_study("previous_study", tr("Previous study"), "Alt+Up", -1),
            self._step_study("next_study", tr("Next study"), "Alt+Down", 1),
            *exports,
        )

    def _tool_now(self) -> Tool:
        """The tool the page is made for; one that cannot be read is said when the page has read the review."""
        if self._tool is None:
            try:
                self._tool = self.session.riskofbias.tool
            except CopseError:
                self._tool = tools()[USUAL_TOOL]
        return self._tool

    def _level(self, level: Level, key: str) -> Action:
        return self.action(
            f"level_{level.id}",
            tr(level.label),
            lambda: self.tab().judge(level),
            *((key,) if key else ()),
            enabled_when=lambda: (tab := self._shown()) is not None and tab.can_judge(level),
        )

    def _handed_on(self, name: str, text: str, *keys: str, icon: str = "") -> Action:
        def can() -> bool:
            tab = self._shown()
            found = tab.handlers().get(name) if tab is not None else None
            return found is not None and found[0]()

        return self.action(name, text, lambda: self.tab().handlers()[name][1](), *keys, icon=icon, enabled_when=can)

    def _step(self, name: str, text: str, key: str, step: int, icon: str) -> Action:
        return self.action(
            name,
            text,
            lambda: self.tab().step_domain(step),
            key,
            icon=icon,
            enabled_when=lambda: (tab := self._shown()) is not None and tab.can_step_domain(step),
        )

    def _step_study(self, name: str, text: str, key: str, step: int) -> Action:
        return self.action(
            name,
            text,
            lambda: self.tab().step_study(step),
            key,
            enabled_when=lambda: (tab := self._shown()) is not None and tab.can_step_study(step),
        )

    def _has_studies(self) -> bool:
        return self.board is not None and bool(self.board.assessed)

    # place

    def tab(self) -> RiskTab:
        """The tab in front."""
        return self.consensus if self.header.tabs.current() == "consensus" else self.assess

    def _shown(self) -> RiskTab | None:
        """The tab in front, None before the first one is."""
        shown = self.stack.currentWidget()
        return shown if isinstance(shown, RiskTab) else None

    def go_to(self, study_id: Id | None, cell: Cell | None) -> None:
        """Show a study at a domain, on either tab."""
        if (study_id, cell) == (self.study_id, self.cell):
            return
        self.study_id, self.cell = study_id, cell
        self.tab().show_place()
        self.set_main_part(self.tab().main_part())
        self.registry.refresh()

    @override
    def show_tab(self, tab: str) -> None:
        left = self.stack.currentWidget()
        if isinstance(left, RiskTab):
            left.leave()
        self._show()
        self.registry.refresh()
        if not self.header.tabs.hasFocus():  # with arrows one goes on from tab to tab
            self.tab().take_focus_back()

    @override
    def show_place(self, **where: object) -> None:
        self._wanted = where
        if self.board is not None:
            self._go_where_wanted(self.board)
            self._show()

    @override
    def whereabouts(self) -> dict[str, str | bytes]:
        found: dict[str, str | bytes] = {"tab": self.header.tabs.current()}
        if self.study_id is not None:
            found["study"] = self.study_id
        if self.cell is not None:
            found["domain"] = self.cell.domain
        return found

    def _go_where_wanted(self, board: Board) -> None:
        where, self._wanted = self._wanted, {}
        tab, study, domain = where.get("tab"), where.get("study"), where.get("domain")
        if isinstance(study, bytes) and board.row(study) is not None:
            self.study_id = study
        if isinstance(domain, str):
            self.cell = next((cell for cell in board.cells if cell.domain == domain), self.cell)
        if isinstance(tab, str) and tab in {each.id for each in self.TABS}:
            self.header.tabs.set_current(tab)

    @override
    def panes(self) -> list[QWidget]:
        if self.stack.currentWidget() is self.empty:
            return [self.header.tabs, self.empty]
        return [self.header.tabs, *self.tab().panes()]

    # reading

    @override
    def refresh(self, areas: Area) -> None:
        self.reload()

    def reload(self, then: Callable[[], object] | None = None) -> None:
        """Read the present state and show it, then do `then`."""
        if then is not None:
            self._after.append(then)
        self._reading += 1
        number = self._reading
        self.read(read_board).done(lambda board: self._take(board) if number == self._reading else None).failed(
            lambda error: self._refused(error) if number == self._reading else None
        ).run()
        self.soon(self.tab)  # made while the worker reads

    def _refused(self, error: CopseError) -> None:
        """Without its tool the page has nothing to show; the judgements stay in the review."""
        if not error.code.startswith("riskofbias.tool_"):
            errors.present(error, self, tr("reading"))
            return
        self.board = None
        go = primary(tr("Go to Protocol"), lambda: self.workspace.go("protocol", tab="question"), icon="notebook-text")
        go.setObjectName("riskofbias.to_protocol")
        self.unreadable.say(EmptyState("triangle-alert", tr("The tool cannot be read"), error.message, [go]))
        self.stack.setCurrentWidget(self.unreadable)
        self.set_main_part(None)
        self.export.setEnabled(False)
        self.registry.refresh()

    def _use(self, tool: Tool) -> None:
        """Another tool was chosen, or its text changed: its levels have other keys and buttons."""
        self._tool = tool
        self.registry.remove_scope(self.ID)
        self.registry.add(self.page_actions())
        self.export.setMenu(self._export_menu())
        for part in ("assess", "consensus"):
            if self.is_made(part):
                old: RiskTab = self.__dict__.pop(part)
                self.stack.removeWidget(old)
                old.deleteLater()

    def _take(self, board: Board) -> None:
        is_first = self.board is None
        if board.tool != self._tool:
            self._use(board.tool)
        self.board = board
        if is_first and not (board.may_judge and (board.to_judge or not board.assessed)):
            self.header.tabs.set_current("consensus")
        self._settle_place(board)
        self._go_where_wanted(board)
        self.header.tabs.set_count("consensus", figure(board.to_settle) if board.to_settle else "")
        self._show()
        after, self._after = self._after, []
        self.export.setEnabled(self._has_studies())
        self.registry.refresh()
        for each in after:
            each()
        self.registry.refresh()

    def _settle_place(self, board: Board) -> None:
        """Stay at study and domain; begin with the first study that has something left to do."""
        if board.row(self.study_id) is None:
            waiting = (row for row in board.to_judge if board.may_judge and not row.finished and not row.closed)
            to_settle = (row for row in board.assessed if not board.may_judge and not row.settled and row.revealed)
            first = next(waiting, None) or next(to_settle, None) or next(iter(board.rows), None)
            self.study_id = first.study_id if first else None
        if self.cell not in board.cells:
            self.cell = board.cells[0] if board.cells else None

    def _show(self) -> None:
        """Bring what there is to the front."""
        if self.board is None:
            return
        tab = self.tab()
        if not self.board.rows:
            self.stack.setCurrentWidget(self.empty)
            self.set_main_part(None)
            return
        self.stack.setCurrentWidget(tab)
        tab.show_board(self.board)
        self.set_main_part(tab.main_part())

    # writing

    def change(
        self,
        fn: Callable[[RiskOfBiasPart], OpResult[Any]],
        then: Callable[[], object] | None = None,
        doing: str = "saving",
    ) -> None:
        """Write; when it is kept, show the new state and do `then`. A refusal is shown, and the state is read anew."""
        self._write(lambda session: fn(session.riskofbias), then, doing)

    def change_study(self, study_id: Id, applies: bool, then: Callable[[], object]) -> None:
        """Say whether a study is assessed with the review's tool."""
        self._write(lambda session: session.studies.describe(study_id, risk_of_bias_applies=applies), then, "saving")

    def _write(self, fn: Callable[[Session], OpResult[Any]], then: Callable[[], object] | None, doing: str) -> None:
        def failed(error: CopseError) -> None:
            errors.present(error, self, doing)
            self.reload()

        self.messages.clear()
        self.write(fn, doing).done(lambda _value: self.reload(then)).failed(failed).run(initiator=self)

    # export

    def _export(self, name: str) -> None:
        settled = self.header.tabs.current() == "consensus"
        whose = "settled" if settled else self.session.reviewer.name.casefold().replace(" ", "-")
        suggested = self.review.path.with_name(f"risk-of-bias-{whose}.{name}")
        target = self.workspace.ask.save_file(self, tr("Export the table"), suggested, f"{name.upper()} (*.{name})")
        if target is None:
            return
        if target.suffix.casefold() != f".{name}":
            target = target.with_name(f"{target.name}.{name}")

        def write(session: Session, *_report: object) -> Path:
            from core.figures.painter import save
            from core.figures.traffic_light import layout_traffic_light

            return save(layout_traffic_light(session.riskofbias.traffic_light(settled=settled)), target)

        self.task(tr("Exporting {name}", name=target.name), write).done(
            lambda path: self.workspace.say(tr("Exported to {name}", name=path.name))
        ).run()
