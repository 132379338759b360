"""The panel of the Consensus tab: a study side by side, both supports in full, and settling it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QBoxLayout, QSizePolicy, QStackedWidget, QWidget

from core.language import figure, tr
from core.model import Id, Settlement
from core.riskofbias.tools import Cell, Tool
from core.session.riskofbias import StudyAssessment
from core.store.queries.comparison import RowState
from core.store.queries.riskofbias import AssessmentComparison, AssessmentRow, JudgementView
from gui import theme
from gui.actions import Registry
from gui.explaining import explain
from gui.pages.riskofbias.compare import CompareTable
from gui.pages.riskofbias.discs import DiscMark
from gui.pages.riskofbias.guide import PanelHead
from gui.pages.riskofbias.judging import Foot, LevelButtons, SupportEdit
from gui.pages.riskofbias.reading import Board
from gui.pages.riskofbias.words import hidden_sentence, long_name, settlers_sentence, short
from gui.pages.screening.empty import Place
from gui.pages.screening.side import Reading, clear
from gui.pages.screening.words import first_name, moment
from gui.theme import Type
from gui.widgets.buttons import Button, Kind
from gui.widgets.labels import Label, section_label
from gui.widgets.marks import Avatar
from gui.widgets.messages import EmptyState, primary
from gui.widgets.panes import Card, Scroll, Surface, column, row

_LEAST = 440
_LEAST_TEXT = 60


class JudgementCard(Card):
    """One reviewer's judgement on a domain with its support in full."""

    def __init__(self, board: Board, reviewer_id: Id, judged: JudgementView | None, use: Button | None) -> None:
        super().__init__()
        person = board.person(reviewer_id)
        name = person.name if person else tr("Former reviewer")
        level = board.tool.level(judged.level) if judged else None
        head = row(spacing=8)
        if person is not None:
            only_settles = person.is_adjudicator and not person.is_screener
            head.addWidget(Avatar(name, person.initials, person.position, adjudicator=only_settles, size=18))
        head.addWidget(DiscMark(level, 18))
        head.addWidget(Label(short(level) if level else tr("Not judged"), Type.STRONG))
        head.addStretch(1)
        if use is not None:
            head.addWidget(use)
        support = judged.support if judged else ""
        self.support = Label(support or tr("No support given."), Type.SMALL, "text" if support else "muted", wrap=True)
        self.support.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.box.setContentsMargins(10, 8, 8, 8)
        self.box.setSpacing(6)
        self.box.addLayout(head)
        self.box.addWidget(self.support)
        self.box.addStretch(1)
        said = f"{tr(level.label)}. {support}" if level else tr("Not judged")
        self.setAccessibleName(f"{name}: {said}")


class SettlePanel(Surface):
    """Head, lines, cards, and the judgement that is to hold."""

    def __init__(self, registry: Registry, tool: Tool, to_assess: Callable[[], None]) -> None:
        super().__init__("sunken")
        self._to_assess = to_assess
        self.setAccessibleName(tr("Compare and settle"))
        self.setMinimumWidth(theme.scaled(_LEAST))
        self._registry = registry
        self.head = PanelHead(registry, ("riskofbias.previous_difference", "riskofbias.next_difference"))
        self.compare = CompareTable()
        self.levels = LevelButtons(tool.levels, registry, "riskofbias", "riskofbias.settle")
        self.support = SupportEdit(tr("Support for what is settled"), "riskofbias.settled_support", lines=3)
        self.equal = registry.button("riskofbias.settle_equal", Kind.PRIMARY)
        self.equal.setObjectName("riskofbias.settle_equal")
        explain(self, "settlement")
        self.unsettle = registry.button("riskofbias.unsettle", Kind.QUIET)
        self.unsettle.setObjectName("riskofbias.unsettle")
        self.state = Label("", Type.SMALL, "muted", wrap=True)
        self.state.setObjectName("riskofbias.settled_state")
        self.domain = Label("", Type.STRONG, wrap=True)
        self.cards: list[JudgementCard] = []
        self._shown: object = None
        self._lay_out()

    def _lay_out(self) -> None:
        self._cards = row(spacing=8)
        holder = Reading()
        holder.setLayout(column(self.domain, self._cards, None, spacing=8, margins=(16, 10, 14, 10)))
        scroll = Scroll(holder)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._settle = QWidget()
        self._settle.setLayout(
            column(
                section_label(tr("Settle as")),
                self.levels,
                self.support,
                row(self.equal, self.unsettle, None),
                spacing=6,
            )
        )
        foot = Surface("sunken", "top")
        foot.setLayout(column(self._settle, self.state, spacing=6, margins=(16, 9, 14, 9)))
        self._work = QWidget()
        scroll.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        scroll.setMinimumHeight(_LEAST_TEXT)
        below = column(scroll, Foot(foot), spacing=0)
        below.setStretch(0, 1)
        self._sides = column(self.compare, spacing=0)
        self._sides.addLayout(below)
        self._work.setLayout(self._sides)
        self.set_wide(False)
        self._said = Place()
        self._stack = QStackedWidget()
        self._stack.addWidget(self._work)
        self._stack.addWidget(self._said)
        self.setLayout(column(self.head, self._stack, spacing=0, margins=(1, 0, 0, 0)))

    def set_wide(self, wide: bool) -> None:
        """Lines and judgement side by side, where the panel lies under the table."""
        self._sides.setDirection(QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom)
        self._sides.setStretch(0, 1 if wide else 4)
        self._sides.setStretch(1, 1 if wide else 3)
        self._cards.setDirection(QBoxLayout.Direction.TopToBottom if wide else QBoxLayout.Direction.LeftToRight)
        self._sides.setAlignment(self.compare, Qt.AlignmentFlag.AlignTop if wide else Qt.AlignmentFlag(0))

    # showing

    def show_cell(self, board: Board, study: StudyAssessment, cell: Cell) -> None:
        """Show a study with one of its domains, or why it cannot be compared."""
        found = board.comparisons.get(study.study_id)
        if found is None or not study.applies:
            self._say(board, study)
            return
        self._stack.setCurrentWidget(self._work)
        self.head.show_names(study.label, _counts(found))
        self.compare.show_study(board, found, cell)
        compared = board.compared(study.study_id, cell)
        if compared is not None:
            self._show_cards(board, found, compared)
            self._show_settling(board, study, compared)

    def _say(self, board: Board, study: StudyAssessment) -> None:
        self.head.show_names(study.label, "")
        buttons: list[Button] = []
        if study.applies and board.may_judge and not study.finished:
            buttons.append(primary(tr("Go on judging {study}", study=study.label), self._to_assess))
            buttons[0].setObjectName("riskofbias.to_assess")
        if not study.applies:
            title, text = tr("Not assessed with this tool"), study.design or tr("The tool does not fit its design.")
            said = EmptyState("shield-check", title, text)
        else:
            title = tr("Hidden for now") if board.other_judges else tr("Not finished yet")
            said = EmptyState("eye-off", title, hidden_sentence(board, study), buttons)
        self._said.say(said)
        self._stack.setCurrentWidget(self._said)

    def _show_cards(self, board: Board, found: AssessmentComparison, compared: AssessmentRow) -> None:
        shown = (found.reviewers, compared, board.may_settle)
        if shown == self._shown:
            return
        self._shown = shown
        self.domain.setText(f"{board.mark(compared.cell)}  {long_name(board.tool, compared.cell)}")
        clear(self._cards)
        given = {j.reviewer_id: j for j in compared.judgements}
        sides = {0: "take_first", len(found.reviewers) - 1: "take_last"} if len(found.reviewers) > 1 else {}
        self.cards = []
        for number, reviewer_id in enumerate(found.reviewers):
            use = self._use_button(board, reviewer_id, sides.get(number, "")) if board.may_settle else None
            card = JudgementCard(board, reviewer_id, given.get(reviewer_id), use)
            self.cards.append(card)
            self._cards.addWidget(card, 1)

    def _use_button(self, board: Board, reviewer_id: Id, action: str) -> Button | None:
        person = board.person(reviewer_id)
        if not action or person is None:
            return None
        button = self._registry.button(f"riskofbias.{action}", text=tr("Use {name}’s", name=first_name(person.name)))
        button.setObjectName(f"riskofbias.{action}")
        return button

    def _show_settling(self, board: Board, study: StudyAssessment, compared: AssessmentRow) -> None:
        settled = compared.consensus
        self.levels.show_level(settled.level if settled else None)
        hint = tr("Why it is settled so; all reviewers see it") if settled else tr("Settle first, then say why")
        text = settled.support if settled else ""
        is_open = board.may_settle_at(study.study_id, compared.cell)
        self.support.show_text((study.study_id, compared.cell), text, hint, enabled=is_open and bool(settled))
        self._settle.setVisible(board.may_settle)
        self.unsettle.setVisible(settled is not None)
        self.state.setText(_state(board, compared))

    def into_judgement(self) -> None:
        """Move the focus to where the domain is settled."""
        if self._settle.isVisible():
            self.levels.focus_button().setFocus(Qt.FocusReason.TabFocusReason)


def _counts(found: AssessmentComparison) -> str:
    """“5 equal, 1 settled, 2 differ”."""
    states = (
        (found.count(RowState.SETTLED), tr("settled")),
        (found.count(RowState.EQUAL), tr("equal")),
        (found.count(RowState.DIFFERS), tr("to settle")),
        (found.count(RowState.CHANGED), tr("changed since")),
    )
    return ", ".join(f"{figure(number)} {word}" for number, word in states if number)


def _state(board: Board, compared: AssessmentRow) -> str:
    settled = compared.consensus
    if settled is None:
        return "" if board.may_settle else settlers_sentence(board)
    person = board.person(settled.settled_by)
    how = {
        Settlement.EQUAL: tr("Settled because the reviewers agree"),
        Settlement.ADJUDICATED: tr("Adjudicated"),
        Settlement.SINGLE: tr("Settled from one reviewer’s judgement"),
        Settlement.IMPORTED: tr("Imported with the review it comes from"),
    }[settled.how]
    text = tr(
        "{how}, by {name}, {when}.",
        how=how,
        name=person.name if person else tr("a former reviewer"),
        when=moment(settled.settled_at),
    )
    if compared.state is RowState.CHANGED:
        text = tr("A judgement has changed since. {text}", text=text)
    return text if board.may_settle else f"{text} {settled.support}".strip()
