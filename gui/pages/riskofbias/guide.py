"""The guide: what speaks for each level in a domain, the judgement and what supports it."""

from __future__ import annotations

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QBoxLayout, QSizePolicy, QWidget

from core.language import figure, tr
from core.riskofbias.tools import Cell, Domain, Tool
from core.session.riskofbias import StudyAssessment
from gui import theme
from gui.actions import Registry
from gui.explaining import explain
from gui.pages.riskofbias.discs import DiscMark
from gui.pages.riskofbias.judging import Foot, LevelButtons, SupportEdit
from gui.pages.riskofbias.reading import Board
from gui.pages.riskofbias.words import hidden_sentence, long_name, tool_topic, topic
from gui.pages.screening.side import Reading, clear
from gui.pages.screening.words import listed
from gui.theme import Type
from gui.widgets.buttons import Button, Kind
from gui.widgets.labels import ElidedLabel, Label, Line, section_label
from gui.widgets.messages import Glyph
from gui.widgets.panes import Scroll, Surface, column, row

_LEAST = 400
_LEAST_TEXT = 60


class PanelHead(Surface):
    """Study and domain, and the buttons to the ones beside."""

    def __init__(self, registry: Registry, actions: tuple[str, ...]) -> None:
        super().__init__("sunken", "bottom")
        self.study = Label("", Type.SECTION)
        self.domain = ElidedLabel("", Type.SMALL, "muted")
        self.setFixedHeight(theme.scaled(44))
        line = row(self.study, self.domain, margins=(16, 0, 8, 1))
        line.setStretch(1, 1)
        for action in actions:
            line.addWidget(_named(registry.button(action, Kind.QUIET, text=""), action))
        self.setLayout(line)

    def show_names(self, study: str, domain: str) -> None:
        """Show what the panel is about."""
        self.study.setText(study)
        self.domain.setText(domain)


class Guidance(QWidget):
    """What the tool says on one domain, in Copse's own words."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._box = column(spacing=10, margins=(16, 12, 14, 12))
        holder = Reading()
        holder.setLayout(self._box)
        scroll = Scroll(holder)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # One pane of text: the arrow keys scroll it when it has the focus.
        scroll.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        scroll.setObjectName("riskofbias.guidance")
        self._scroll = scroll
        self.setLayout(column(scroll, spacing=0))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        self.setMinimumHeight(_LEAST_TEXT)
        self._shown: Domain | None = None

    def show_domain(self, tool: Tool, cell: Cell) -> None:
        """Show a domain; made anew only when it is another one."""
        domain = tool.domain(cell.domain)
        if domain == self._shown:
            return
        self._shown = domain
        self._scroll.setAccessibleName(tr("Guidance on {domain}", domain=tr(domain.name)))
        clear(self._box)
        self._box.addWidget(Label(tr(domain.name), Type.STRONG, wrap=True))
        if domain.bias:
            bias = tr(domain.bias)
            self._box.addWidget(Label(f"{bias[0].upper()}{bias[1:]}", Type.SMALL, "muted"))
        support = domain.support or tr("What in the report speaks for the judgement? Quote it.")
        self._box.addWidget(Label(tr(support), Type.BODY, wrap=True))
        for criteria in domain.criteria:
            self._box.addWidget(_criteria(tool, criteria.level, criteria.sentences))
        self._box.addStretch(1)
        self._scroll.verticalScrollBar().setValue(0)

    def text(self) -> str:
        """All that is said, for tests and screen readers."""
        return " ".join(label.text() for label in self.findChildren(Label))


def _criteria(tool: Tool, level_id: str, sentences: tuple[str, ...]) -> QWidget:
    level = tool.level(level_id)
    whole = QWidget()
    lines = column(Label(tr("{level} when", level=tr(level.label)), Type.LABEL), spacing=3)
    for sentence in sentences:
        dot = Label("•", Type.BODY, "muted")
        line = row(spacing=6)
        line.addWidget(dot, 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(Label(tr(sentence), Type.BODY, wrap=True), 1)
        lines.addLayout(line)
    box = row(spacing=10)
    box.addWidget(DiscMark(level, 18), 0, Qt.AlignmentFlag.AlignTop)
    box.addLayout(lines, 1)
    whole.setLayout(box)
    return whole


class Guide(Surface):
    """Guidance, judgement, support; below, finishing the study."""

    def __init__(self, registry: Registry, tool: Tool) -> None:
        super().__init__("sunken")
        self.setAccessibleName(tr("Guide"))
        self.setMinimumWidth(theme.scaled(_LEAST))
        self._site = tool.site
        self.head = PanelHead(registry, ("riskofbias.previous_domain", "riskofbias.next_domain"))
        self.guidance = Guidance()
        self.levels = LevelButtons(tool.levels, registry, "riskofbias", "riskofbias")
        self.support = SupportEdit(tr("Support for the judgement"), "riskofbias.support")
        explain(self.support, "support")
        self.clear = _named(registry.button("riskofbias.clear", Kind.QUIET, show_key=False), "riskofbias.clear")
        kept = self.clear.sizePolicy()
        kept.setRetainSizeWhenHidden(True)  # nothing below moves when it comes and goes
        self.clear.setSizePolicy(kept)
        self.finish = _named(registry.button("riskofbias.finish", Kind.DEFAULT), "riskofbias.finish")
        self.reopen = _named(registry.button("riskofbias.reopen"), "riskofbias.reopen")
        self.leave_out = _named(registry.button("riskofbias.leave_out", Kind.QUIET), "riskofbias.leave_out")
        self.take_in = _named(registry.button("riskofbias.take_in"), "riskofbias.take_in")
        self.site = Button(tr("Official guidance"), icon="external-link", kind=Kind.QUIET, small=True, tip=tool.site)
        self.site.setObjectName("riskofbias.site")
        self.site.clicked.connect(self.open_site)
        self.state = Label("", Type.SMALL, "muted", wrap=True)
        self.state.setObjectName("riskofbias.state")
        for part, said in (
            (self.finish, "finish"), (self.reopen, "finish"), (self.leave_out, "not_assessed"),
            (self.take_in, "not_assessed"), (self.state, "blinding"), (self.site, tool_topic(tool)),
        ):  # fmt: skip
            explain(part, said)
        self.levels.explain_levels(tool)
        self._sign = Glyph("lock", "muted", 14)
        self._note = Label(tr(tool.licence), Type.CAPTION, "muted", wrap=True)
        if not tool.site:
            self.site.hide()
        self._lay_out()

    def _lay_out(self) -> None:
        head = row(section_label(tr("Your judgement")), None, self.clear)
        state = row(spacing=6)
        state.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        state.addWidget(self.state, 1)
        buttons = row(self.finish, self.reopen, self.take_in, self.leave_out, None)
        note = row(self._note, self.site)
        note.setStretch(0, 1)
        self._judging = Surface("sunken", "top")
        self._judging.setLayout(
            column(
                head,
                self.levels,
                2,
                section_label(tr("Support for the judgement")),
                self.support,
                buttons,
                state,
                Line(),
                note,
                spacing=6,
                margins=(16, 9, 14, 8),
            )
        )
        self._parts = column(self.guidance, Foot(self._judging), spacing=0)
        self._parts.setStretch(0, 1)
        self.setLayout(column(self.head, self._parts, spacing=0, margins=(1, 0, 0, 0)))

    def set_wide(self, wide: bool) -> None:
        """Guidance and judgement side by side, where the panel lies under the table."""
        side = QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom
        self._parts.setDirection(side)
        self._parts.setStretch(1, 1 if wide else 0)

    def open_site(self) -> None:
        """The tool's own page in the browser."""
        QDesktopServices.openUrl(QUrl(self._site))

    def show_cell(self, board: Board, row: StudyAssessment, cell: Cell) -> None:
        """Show one domain of one study with one's own judgement on it."""
        number = board.mark(cell)
        self.head.show_names(row.label, f"{number}  {long_name(board.tool, cell)}")
        self.guidance.show_domain(board.tool, cell)
        explain(self, topic(board.tool, "domain", cell.domain))
        judged = row.mine.get(cell)
        is_open = board.may_judge and row.applies and not row.finished and not row.closed
        self.levels.show_level(judged.level if judged else None)
        hint = (
            tr("Quote the report, then say what you make of it")
            if judged or not is_open
            else tr("Judge first, then say why")
        )
        self.support.show_text(
            (row.study_id, cell), judged.support if judged else "", hint, enabled=is_open and judged is not None
        )
        self.clear.setVisible(is_open and judged is not None)
        self.finish.setVisible(is_open)
        self.finish.set_kind(Kind.DEFAULT if row.missing else Kind.PRIMARY)
        self.reopen.setVisible(board.may_judge and row.applies and row.finished)
        self.leave_out.setVisible(row.applies and not row.finished and not row.closed)
        self.take_in.setVisible(not row.applies)
        self._show_state(board, row)

    def _show_state(self, board: Board, row: StudyAssessment) -> None:
        self.state.setText(_state_sentence(board, row))
        self._sign.setVisible(
            board.may_judge and row.applies and not row.revealed and not row.imported and bool(board.other_judges)
        )


def _state_sentence(board: Board, row: StudyAssessment) -> str:
    if not row.applies:
        why = row.design or tr("the tool does not fit its design")
        return tr("{study} is not assessed with this tool: {why}.", study=row.label, why=why)
    if not board.may_judge:
        names = listed([each.name for each in board.other_judges])
        return tr("Risk of bias is judged by {names}. What they differ on comes to Consensus.", names=names)
    if row.imported and not row.mine and not row.finished:
        return tr("{study} came settled with the imported review. Judge it only to assess it anew.", study=row.label)
    if row.closed:
        return tr("{study} has been assessed by as many reviewers as it needs.", study=row.label)
    done = tr(
        "{done} of {total} domains judged.", done=figure(len(row.mine)), total=figure(len(row.mine) + len(row.missing))
    )
    if row.revealed:
        return tr("Finished. All judgements are open to compare under Consensus.")
    told = tr("Finished; reopen it to change a judgement.") if row.finished else done
    return f"{told} {hidden_sentence(board, row)}" if board.other_judges else told


def _named(button: Button, name: str) -> Button:
    button.setObjectName(name)
    return button
