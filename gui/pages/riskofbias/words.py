"""The words of the risk-of-bias page: how judgements, domains and the state of studies are said."""

from __future__ import annotations

from collections.abc import Sequence

from core.model import Settlement
from core.riskofbias.summary import DomainCounts
from core.riskofbias.tools import Cell, Level, Tool
from core.session.riskofbias import StudyAssessment
from core.store.queries.comparison import RowState
from core.store.queries.riskofbias import JudgementConsensus
from gui.pages.riskofbias.reading import Board
from gui.pages.screening.words import first_name, listed

NOT_JUDGED = "not judged yet"
NOT_SETTLED = "not settled yet"
NOT_ASSESSED = "not assessed"
STATES = {
    RowState.BLINDED: "hidden until all have finished",
    RowState.EMPTY: NOT_JUDGED,
    RowState.WAITING: "another judgement is missing",
    RowState.EQUAL: "equal, to be settled",
    RowState.DIFFERS: "differs",
    RowState.SETTLED: "settled",
    RowState.CHANGED: "changed since",
}


def short(level: Level) -> str:
    """“High” for “High risk”."""
    return level.label.removesuffix(" risk")


def lower(level: Level) -> str:
    """“high”, for sentences and screen readers."""
    return short(level).lower()


def short_name(tool: Tool, cell: Cell) -> str:
    """“Concealment”, with the group of outcomes where there is one: “Attrition, objective”."""
    name = tool.domain(cell.domain).short
    return f"{name}, {cell.group}" if cell.group else name


def long_name(tool: Tool, cell: Cell) -> str:
    """“Allocation concealment”, with the group of outcomes where there is one."""
    name = tool.domain(cell.domain).name
    return f"{name} ({cell.group})" if cell.group else name


def spoken_cell(board: Board, label: str, cell: Cell, words: str) -> str:
    """What a screen reader says of a cell: “Feder 2014, domain 2: high”."""
    group = f" ({cell.group})" if cell.group else ""
    return f"{label}, domain {board.number(cell)}{group}: {words}"


def settled_words(level: Level, settled: JudgementConsensus, *, changed: bool) -> str:
    """“high, adjudicated”."""
    how = {Settlement.EQUAL: "agreed", Settlement.ADJUDICATED: "adjudicated", Settlement.SINGLE: "one reviewer"}
    return f"{lower(level)}, {how[settled.how]}{', a judgement has changed since' if changed else ''}"


def spoken_bar(board: Board, bar: DomainCounts) -> str:
    """“Domain 1, Sequence: 5 low, 1 unclear, 0 high, 2 not judged”."""
    counts = [f"{number:,} {lower(level)}" for level, number in bar.counts]
    if bar.unjudged:
        counts.append(f"{bar.unjudged:,} not judged")
    return f"Domain {board.number(bar.cell)}, {short_name(board.tool, bar.cell)}: {', '.join(counts)}"


def studies(number: int) -> str:
    """“1 study”, “8 studies”."""
    return f"{number:,} {'study' if number == 1 else 'studies'}"


def possessives(names: Sequence[str]) -> str:
    """“Asha’s and Tom’s”."""
    return listed([f"{first_name(name)}’s" for name in names])


def hidden_sentence(board: Board, row: StudyAssessment) -> str:
    """Why the judgements of others on this study are not shown."""
    others = [each.name for each in board.other_judges]
    if not board.may_judge:
        return f"{possessives(others)} judgements on {row.label} stay hidden until they have finished it."
    if not others:
        return f"{row.label} can be settled when you have finished it."
    all_of_you = "both" if len(others) == 1 else "all"
    return f"{possessives(others)} judgements stay hidden until {all_of_you} of you have finished {row.label}."


def settlers_sentence(board: Board) -> str:
    """Who settles differences."""
    return f"Differences in this review are settled by {listed([each.name for each in board.settlers])}."
