"""The words of the risk-of-bias page: how judgements, domains and the state of studies are said."""

from __future__ import annotations

from core.language import counted, figure, inside, tr
from core.model import Settlement
from core.riskofbias.summary import DomainCounts
from core.riskofbias.tools import USUAL_TOOL, Cell, Level, Tool, tools
from core.session.riskofbias import StudyAssessment
from core.store.queries.comparison import RowState
from core.store.queries.riskofbias import JudgementConsensus
from gui.pages.riskofbias.reading import Board
from gui.pages.screening.words import first_name, listed, possessives

NOT_JUDGED = tr("not judged yet")
NOT_SETTLED = tr("not settled yet")
NOT_ASSESSED = tr("not assessed")
STATES = {
    RowState.BLINDED: tr("hidden until all have finished"),
    RowState.EMPTY: NOT_JUDGED,
    RowState.WAITING: tr("another judgement is missing"),
    RowState.EQUAL: tr("equal, to be settled"),
    RowState.DIFFERS: tr("differs"),
    RowState.SETTLED: tr("settled"),
    RowState.CHANGED: tr("changed since"),
}


def short(level: Level) -> str:
    """“High” for “High risk”."""
    return tr(level.label.removesuffix(" risk"))


def lower(level: Level) -> str:
    """“high”, for sentences and screen readers."""
    return inside(short(level))


def short_name(tool: Tool, cell: Cell) -> str:
    """“Concealment”, with the group of outcomes where there is one: “Attrition, objective”."""
    name = tr(tool.domain(cell.domain).short)
    return f"{name}, {cell.group}" if cell.group else name


def long_name(tool: Tool, cell: Cell) -> str:
    """“Allocation concealment”, with the group of outcomes where there is one."""
    name = tr(tool.domain(cell.domain).name)
    return f"{name} ({cell.group})" if cell.group else name


def topic(tool: Tool, kind: str, key: str) -> str:
    """What explains a domain or level: where a tool of the team's own has it from RoB 1, what explains it there."""
    usual = tools()[USUAL_TOOL]
    parts = {"domain": [each.id for each in usual.domains], "level": [each.id for each in usual.levels]}
    if tool.id not in tools() and key not in parts[kind]:
        return "tool"
    return f"{kind}.{tool.id if tool.id in tools() else usual.id}.{key}"


def tool_topic(tool: Tool) -> str:
    """What explains a tool: those of the team's own are explained together."""
    return f"tool.{tool.id}" if tool.id in tools() else "tool"


def tool_line(tool: Tool) -> str:
    """“RoB 1 (2011)”, or the name alone where there is no version."""
    return f"{tr(tool.name)} ({tool.version})" if tool.version else tr(tool.name)


def spoken_cell(board: Board, label: str, cell: Cell, words: str) -> str:
    """What a screen reader says of a cell: “Feder 2014, domain 2: high”."""
    group = f" ({cell.group})" if cell.group else ""
    return tr("{study}, domain {number}: {words}", study=label, number=f"{board.number(cell)}{group}", words=words)


def settled_words(level: Level, settled: JudgementConsensus, *, changed: bool) -> str:
    """“high, adjudicated”."""
    how = {
        Settlement.EQUAL: tr("agreed"),
        Settlement.ADJUDICATED: tr("adjudicated"),
        Settlement.SINGLE: tr("one reviewer"),
        Settlement.IMPORTED: tr("imported"),
    }
    return ", ".join([lower(level), how[settled.how], *([tr("a judgement has changed since")] if changed else [])])


def spoken_bar(board: Board, bar: DomainCounts) -> str:
    """“Domain 1, Sequence: 5 low, 1 unclear, 0 high, 2 not judged”."""
    counts = [f"{figure(number)} {lower(level)}" for level, number in bar.counts]
    if bar.unjudged:
        counts.append(counted("{n} not judged", "{n} not judged", bar.unjudged))
    return tr(
        "Domain {number}, {name}: {counts}",
        number=board.number(bar.cell),
        name=short_name(board.tool, bar.cell),
        counts=", ".join(counts),
    )


def studies(number: int) -> str:
    """“1 study”, “8 studies”."""
    return counted("{n} study", "{n} studies", number)


def hidden_sentence(board: Board, row: StudyAssessment) -> str:
    """Why the judgements of others on this study are not shown."""
    others = [first_name(each.name) for each in board.other_judges]
    if not board.may_judge:
        return tr(
            "{names} judgements on {study} stay hidden until they have finished it.",
            names=possessives(others),
            study=row.label,
        )
    if not others:
        return tr("{study} can be settled when you have finished it.", study=row.label)
    said = (
        tr("{names} judgements stay hidden until both of you have finished {study}.")
        if len(others) == 1
        else tr("{names} judgements stay hidden until all of you have finished {study}.")
    )
    return said.format(names=possessives(others), study=row.label)


def settlers_sentence(board: Board) -> str:
    """Who settles differences."""
    return tr(
        "Differences in this review are settled by {names}.", names=listed([each.name for each in board.settlers])
    )
