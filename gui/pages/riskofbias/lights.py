"""What each cell of the traffic-light table shows: plain values, made from the board for one of the two tabs."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from core.language import counted, tr
from core.model import Id, Reviewer, Settlement
from core.riskofbias.tools import Cell, Level
from core.session.riskofbias import StudyAssessment
from core.store.queries.comparison import RowState
from core.store.queries.studies import WorkState
from gui.pages.riskofbias.reading import TO_SETTLE, Board
from gui.pages.riskofbias.words import (
    NOT_ASSESSED,
    NOT_JUDGED,
    STATES,
    hidden_sentence,
    lower,
    settled_words,
    spoken_cell,
)
from gui.widgets.marks import WorkMark

SETTLED = tr("settled")
HIDDEN = tr("hidden")


class Sign(Enum):
    """What stands in a cell besides a disc, or in its place."""

    NONE = ""
    ADJUDICATED = "adjudicated"
    CHANGED = "changed"
    DIFFERS = "differs"
    EQUAL = "equal"
    HIDDEN = "hidden"
    NOT_ASSESSED = "not assessed"


@dataclass(frozen=True)
class Light:
    """One cell; ``words`` say it, ``spoken`` with study and domain."""

    level: Level | None
    sign: Sign
    words: str
    spoken: str


@dataclass(frozen=True)
class WorkSign:
    """How far one reviewer is with a study; None stands for what is hidden."""

    who: Reviewer
    state: WorkMark | None


@dataclass(frozen=True)
class LightRow:
    """One study: its lights, how far each reviewer is or what is left, and that in words."""

    study_id: Id
    label: str
    tip: str
    applies: bool
    lights: tuple[Light, ...]
    work: tuple[WorkSign, ...]
    state: str
    spoken_state: str
    waits: bool = False


def my_rows(board: Board) -> list[LightRow]:
    """The table of one's own judgements."""
    return [_my_row(board, row) for row in board.rows]


def settled_rows(board: Board) -> list[LightRow]:
    """The table of settled judgements."""
    return [_settled_row(board, row) for row in board.rows]


def _my_row(board: Board, row: StudyAssessment) -> LightRow:
    work = _work(board, row) if row.applies else ()
    spoken = [f"{sign.who.name}: {sign.state.value if sign.state else tr('hidden')}" for sign in work]
    lights = tuple(_my_light(board, row, cell) for cell in board.cells)
    said = f"{row.label}: {', '.join(spoken) or NOT_ASSESSED}"
    return LightRow(row.study_id, row.label, row.design, row.applies, lights, work, "", said)


def _my_light(board: Board, row: StudyAssessment, cell: Cell) -> Light:
    if not row.applies:
        return _left_out(board, row, cell)
    judged = row.mine.get(cell)
    level = board.tool.level(judged.level) if judged else None
    words = lower(level) if level else NOT_JUDGED
    return Light(level, Sign.NONE, words, spoken_cell(board, row.label, cell, words))


def _left_out(board: Board, row: StudyAssessment, cell: Cell) -> Light:
    return Light(None, Sign.NOT_ASSESSED, NOT_ASSESSED, spoken_cell(board, row.label, cell, NOT_ASSESSED))


def _work(board: Board, row: StudyAssessment) -> tuple[WorkSign, ...]:
    """The team's marks in its order; one lock stands for all who are hidden."""
    found: dict[Id, WorkMark | None] = {}
    if board.may_judge:
        begun = WorkMark.BEGUN if row.mine else WorkMark.NONE
        found[board.me.id] = WorkMark.DONE if row.finished else begun
    states = {WorkState.LOCKED: None, WorkState.FINISHED: WorkMark.DONE, WorkState.OPEN: WorkMark.NONE}
    found |= {reviewer_id: states[state] for reviewer_id, state in row.others.items()}
    signs = [WorkSign(person, found[person.id]) for person in board.people if person.id in found]
    return tuple([s for s in signs if s.state is not None] + [s for s in signs if s.state is None][:1])


def _settled_row(board: Board, row: StudyAssessment) -> LightRow:
    lights = tuple(_settled_light(board, row, cell) for cell in board.cells)
    compared = board.comparisons.get(row.study_id)
    waiting = compared.count(*TO_SETTLE) if compared else 0
    if not row.applies:
        state = ""
    elif waiting:
        state = counted("{n} to settle", "{n} to settle", waiting)
    elif row.settled:
        state = SETTLED
    else:
        state = "" if row.revealed else HIDDEN if board.other_judges else tr("not finished")
    said = state or (NOT_JUDGED if row.applies else NOT_ASSESSED)
    tip = hidden_sentence(board, row) if state == HIDDEN else row.design
    return LightRow(row.study_id, row.label, tip, row.applies, lights, (), state, f"{row.label}: {said}", bool(waiting))


def _settled_light(board: Board, row: StudyAssessment, cell: Cell) -> Light:
    if not row.applies:
        return _left_out(board, row, cell)
    compared = board.compared(row.study_id, cell)
    settled = row.consensus.get(cell)
    if settled is not None:
        level = board.tool.level(settled.level)
        changed = compared is not None and compared.state is RowState.CHANGED
        sign = Sign.CHANGED if changed else Sign.NONE
        if not changed and settled.how is Settlement.ADJUDICATED:
            sign = Sign.ADJUDICATED
        words = settled_words(level, settled, changed=changed)
        return Light(level, sign, words, spoken_cell(board, row.label, cell, words))
    signs = {RowState.DIFFERS: Sign.DIFFERS, RowState.EQUAL: Sign.EQUAL}
    sign = signs.get(compared.state, Sign.NONE) if compared else Sign.HIDDEN
    words = STATES[compared.state] if compared else STATES[RowState.BLINDED]
    return Light(None, sign, words, spoken_cell(board, row.label, cell, words))
