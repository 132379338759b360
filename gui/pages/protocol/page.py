"""Protocol: what the review set out to do. The lead writes it, everybody reads it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QApplication, QGridLayout, QLayout, QStackedWidget, QWidget

from core.errors import CopseError
from core.language import figure, tr
from core.model import Area, OpResult, OutcomeKind, Stage
from core.policy import Right, may
from core.riskofbias.own import text_of, write_text
from gui import theme
from gui.explaining import explain
from gui.pages.base import Page
from gui.pages.protocol.line_list import LineList
from gui.pages.protocol.outcomes import OutcomeParts, OutcomeTable
from gui.pages.protocol.team import Roles, TeamPanel
from gui.pages.protocol.text_field import TextField
from gui.pages.screening.words import either
from gui.widgets.buttons import Button, Kind
from gui.widgets.fields import Combo, Field
from gui.widgets.messages import Level
from gui.widgets.panes import Scroll, Surface, Tab, column, row

if TYPE_CHECKING:
    from core.review import Session
    from core.session.protocol import ProtocolPart

_QUESTION = (
    ("title", tr("Title of the review"), tr("Ketamine for refractory anxiety disorders"), 1),
    ("registration", tr("Registration"), "PROSPERO CRD42020190282", 1),
    ("population", tr("Population"), tr("Who is treated"), 2),
    ("intervention", tr("Intervention"), tr("What they are given"), 2),
    ("comparator", tr("Comparator"), tr("What it is compared with"), 2),
    ("outcomes", tr("Outcomes"), tr("What is measured"), 2),
    ("designs", tr("Study designs"), tr("Which studies count"), 2),
)


class ProtocolPage(Page):
    """See the module."""

    ID = "protocol"
    TITLE = tr("Protocol")
    INTERESTS = Area.PROTOCOL | Area.REVIEW | Area.TEAM
    TABS = (
        Tab("question", tr("Question")),
        Tab("eligibility", tr("Eligibility")),
        Tab("outcomes", tr("Outcomes")),
        Tab("team", tr("Team")),
    )

    def build(self) -> None:
        self.header.tabs.setObjectName("protocol.tabs")
        self._stack = QStackedWidget()
        self._views: dict[str, QWidget] = {}
        self.body.addWidget(self._stack)

    # the four views, made when they are first shown

    def _put_in(self, tab: str, content: QLayout, width: int) -> None:
        self._views[tab] = view = _scrolled(content, width)
        self._stack.addWidget(view)

    @cached_property
    def fields(self) -> dict[str, TextField]:
        """The question, by the names of its parts."""
        fields: dict[str, TextField] = {}
        parts: list[QWidget] = []
        for name, label, hint, lines in _QUESTION:
            field = TextField(label, hint, lines=lines)
            field.setObjectName(f"protocol.{name}")
            field.committed.connect(lambda text, n=name: self._do(lambda s: s.protocol.describe(**{n: text})))
            explain(field, name if name == "registration" else "question")
            fields[name] = field
            parts.append(Field(label, field))
        parts.append(Field(tr("Planned risk-of-bias tool"), self.tool))
        parts.append(self._tool_buttons())
        self._put_in("question", column(*parts, None, spacing=14), 760)
        return fields

    @cached_property
    def tool(self) -> Combo:
        """The planned risk-of-bias tool, below the question."""
        made = Combo(self._tools(), tr("Planned risk-of-bias tool"))
        made.setObjectName("protocol.tool")
        explain(made, "tool.{value}")
        made.activated.connect(lambda _index: self._choose_tool(str(made.value())))
        return made

    def _tools(self) -> list[tuple[str, str]]:
        return [(tr(title), tool) for tool, title in self.session.protocol.tools()]

    def _tool_buttons(self) -> QWidget:
        """Adding a tool of the team's own, and writing the one in use as a file to make another of."""
        self.add_tool = Button(tr("Add a tool from a file…"), icon="file-plus", kind=Kind.QUIET)
        self.add_tool.setObjectName("protocol.add_tool")
        self.add_tool.clicked.connect(self._add_tool)
        save = Button(tr("Save the tool as a file…"), icon="file-down", kind=Kind.QUIET)
        save.setObjectName("protocol.save_tool")
        save.clicked.connect(self._save_tool)
        holder = QWidget()
        holder.setLayout(row(self.add_tool, save, None))
        explain(holder, "tool")
        return holder

    def _add_tool(self) -> None:
        filters = tr("Risk-of-bias tools (*.toml)")
        chosen = self.workspace.ask.open_files(self, tr("Add a risk-of-bias tool"), filters)
        if chosen:
            path = chosen[0]
            call = self.write(lambda s: s.riskofbias.add_tool(text_of(path), path.name))
            call.failed(self._refused).done(lambda _tool: self._added(path)).run()

    def _added(self, path: Path) -> None:
        self.refresh(self.INTERESTS)
        self.workspace.say(tr("Risk of bias is judged by the tool from {name} now.", name=path.name), undo=True)

    def _save_tool(self) -> None:
        suggested = self.review.path.with_name("risk-of-bias-tool.toml")
        filters = tr("Risk-of-bias tools (*.toml)")
        target = self.workspace.ask.save_file(self, tr("Save the risk-of-bias tool"), suggested, filters)
        if target is not None:
            call = self.read(lambda s: write_text(s.riskofbias.tool, target), tr("saving"))
            call.failed(self._refused).done(
                lambda path: self.workspace.say(tr("Saved as {name}", name=path.name))
            ).run()

    def _choose_tool(self, tool: str) -> None:
        if tool != self.session.protocol.protocol().risk_of_bias_tool:
            self._do(lambda s: s.protocol.describe(risk_of_bias_tool=tool))

    @cached_property
    def lists(self) -> dict[str, LineList]:
        """Criteria, terms and reasons."""
        lists: dict[str, LineList] = {}
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(32)
        grid.setVerticalSpacing(24)
        for kind, icon, at in (("include", "check", 0), ("exclude", "x", 1)):
            criteria = LineList(
                f"protocol.{kind}",
                tr("Include when") if kind == "include" else tr("Exclude when"),
                tr("Add a criterion: adults, randomised trials"),
                icon=icon,
                ink=kind,
                ordered=True,
            )
            self._connect(criteria, "criterion", lambda s, text, k=kind: s.protocol.add_criterion(k, text))
            terms = LineList(
                f"protocol.terms_{kind}",
                tr("Words that speak for including") if at == 0 else tr("Words that speak for excluding"),
                tr("Add a term to mark in abstracts"), icon="highlighter", ink=kind, columns=2,
            )  # fmt: skip
            self._connect(terms, "highlight_term", lambda s, text, k=kind: s.protocol.add_term(k, text))
            explain(criteria, "criteria")
            explain(terms, "highlights")
            lists[kind], lists[f"terms_{kind}"] = criteria, terms
            grid.addWidget(criteria, 0, at)
            grid.addWidget(terms, 2, at)
        for stage, title, at in (
            (Stage.TITLE_ABSTRACT, tr("Exclusion reasons, title and abstract"), 0),
            (Stage.FULL_TEXT, tr("Exclusion reasons, full text"), 1),
        ):
            reasons = LineList(
                f"protocol.reasons_{stage.value}", title, tr("Add a reason: Wrong population"), keys=True, ordered=True
            )
            self._connect(reasons, "exclusion_reason", lambda s, text, k=stage: s.protocol.add_reason(k, text))
            explain(reasons, "reason")
            lists[f"reasons_{stage.value}"] = reasons
            grid.addWidget(reasons, 1, at)
        for at in (0, 1):
            grid.setColumnStretch(at, 1)
        grid.setRowStretch(3, 1)
        self._put_in("eligibility", grid, 1180)
        return lists

    def _connect(self, lines: LineList, table: str, add: Callable[[Session, str], OpResult[Any]]) -> None:
        lines.added.connect(lambda text: self._do(lambda s: add(s, text)))
        lines.reworded.connect(lambda row_id, text: self._do(lambda s: s.protocol.reword(table, row_id, text)))
        lines.moved.connect(lambda row_id, by: self._do(lambda s: s.protocol.move(table, row_id, by)))
        lines.removed.connect(lambda row_id: self._remove(table, row_id))

    @cached_property
    def outcomes(self) -> OutcomeTable:
        """What is measured, and how."""
        made = OutcomeTable()
        made.added.connect(lambda text: self._do(lambda s: s.protocol.add_outcome(text, OutcomeKind.CONTINUOUS)))
        made.reworded.connect(lambda row_id, text: self._do(lambda s: s.protocol.reword("outcome", row_id, text)))
        made.changed.connect(self._change_outcome)
        made.removed.connect(lambda row_id: self._remove("outcome", row_id))
        self._put_in("outcomes", column(made, None), 1180)
        return made

    def _change_outcome(self, outcome: bytes, parts: OutcomeParts) -> None:
        self._do(
            lambda s: s.protocol.change_outcome(
                outcome, kind=parts.kind, unit=parts.unit, better=parts.better, time_window=parts.time_window
            )
        )

    @cached_property
    def team(self) -> TeamPanel:
        """Who does what."""
        made = TeamPanel()
        made.added.connect(lambda name: self._do(lambda s: s.protocol.add_reviewer(name)))
        made.roles_changed.connect(self._set_roles)
        made.setting_changed.connect(lambda name, value: self._do(lambda s: s.protocol.settings(**{name: value})))
        self._put_in("team", column(made, None), 820)
        return made

    def _set_roles(self, person: bytes, roles: Roles) -> None:
        self._do(
            lambda s: s.protocol.set_roles(
                person, is_lead=roles.is_lead, is_screener=roles.is_screener, is_adjudicator=roles.is_adjudicator
            )
        )

    # writing

    def _do(self, fn: Callable[[Session], OpResult[Any]]) -> None:
        self.write(fn).failed(self._refused).run()

    def _remove(self, table: str, row_id: bytes) -> None:
        call = self.write(lambda s: s.protocol.remove(table, row_id)).failed(self._refused)
        call.done(lambda _value: self.workspace.say(tr("Removed."), undo=True)).run()

    def _refused(self, error: CopseError) -> None:
        self.show_message(error.message, Level.DANGER)
        self.refresh(self.INTERESTS)

    # showing

    def refresh(self, areas: Area) -> None:
        people, outcomes = self.review.reviewers(), self.session.protocol.outcomes()
        self.header.tabs.set_count("outcomes", figure(len(outcomes)) if outcomes else "")
        self.header.tabs.set_count("team", figure(len(people)))
        leads = either([person.name for person in people if person.is_lead])
        editable = may(self.session.reviewer, Right.LEAD)
        self.header.set_fact("" if editable else tr("Only {leads} may change it", leads=leads))
        self._show(self.header.tabs.current())

    def _show(self, tab: str) -> None:
        """Bring the view of a tab to the front, with what is true now."""
        part, editable = self.session.protocol, may(self.session.reviewer, Right.LEAD)
        if tab == "question":
            protocol = part.protocol()
            for name, field in self.fields.items():
                field.set_text(str(getattr(protocol, name)))
                field.setReadOnly(not editable)
            self.tool.set_entries(self._tools())
            self.tool.set_value(protocol.risk_of_bias_tool)
            self.tool.setEnabled(editable)
            self.add_tool.setEnabled(editable)
        elif tab == "eligibility":
            self._show_lists(part, editable=editable)
        elif tab == "outcomes":
            self.outcomes.show_outcomes(part.outcomes(), editable=editable)
        else:
            self.team.show_team(self.review.reviewers(), part.protocol(), editable=editable)
        self._stack.setCurrentWidget(self._views[tab])

    def _show_lists(self, part: ProtocolPart, *, editable: bool) -> None:
        criteria, terms = part.criteria(), part.terms()
        for kind in ("include", "exclude"):
            self.lists[kind].show_lines([(c.id, c.text) for c in criteria if c.kind == kind], editable=editable)
            self.lists[f"terms_{kind}"].show_lines([(t.id, t.text) for t in terms if t.kind == kind], editable=editable)
        for stage in Stage:
            reasons = [(r.id, r.text) for r in part.reasons(stage)]
            self.lists[f"reasons_{stage.value}"].show_lines(reasons, editable=editable)

    def show_tab(self, tab: str) -> None:
        focused = QApplication.focusWidget()
        if focused is not None and self._stack.isAncestorOf(focused):
            focused.clearFocus()  # what is being typed is written before it is hidden
        self._show(tab)

    def show_place(self, **where: object) -> None:
        tab = where.get("tab")
        if isinstance(tab, str):
            self.header.tabs.set_current(tab)

    def panes(self) -> Sequence[QWidget]:
        return (self.header.tabs, self._stack)

    def is_at_rest(self) -> bool:
        lists = self.lists.values() if self.is_made("lists") else ()
        fields = self.fields.values() if self.is_made("fields") else ()
        return not any(each.is_changed() for each in (*fields, *lists))


def _scrolled(content: QLayout, width: int) -> QWidget:
    """A view of at most `width`, at the left as text is."""
    block = QWidget()
    block.setMaximumWidth(theme.scaled(width))
    block.setLayout(content)
    holder = QWidget()
    line = row(spacing=0, margins=(24, 20, 24, 24))
    line.addWidget(block, 1000)
    line.addStretch(1)
    holder.setLayout(line)
    view = Surface("surface")
    view.setLayout(column(Scroll(holder), spacing=0))
    return view
