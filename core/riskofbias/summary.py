"""What follows from judgements: the overall one, the counts of the summary bars, and where two reviewers differ."""

from __future__ import annotations

import enum
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from core.riskofbias.tools import Cell, Level, Tool

Judgements = Mapping[Cell, str]
"""The judgements on one study: cell -> id of a level. A cell that nobody has judged yet is absent."""


def overall(tool: Tool, judgements: Judgements, group: str = "", key_domains: Collection[str] = ()) -> Level | None:
    """The overall judgement on one study for one group of outcomes: the most serious one among the key domains.

    For RoB 1 that reads: any High gives High, else any Unclear gives Unclear, else Low (Cochrane Handbook 5.1, section
    8.7, which leaves the choice of key domains to the review; none named means all). ``None`` says that it is not yet
    decided: a key domain is still to be judged, and no judgement so far is of the most serious level.
    """
    wanted = [cell for cell in tool.cells([group]) if not key_domains or cell.domain in key_domains]
    given = [tool.level(judgements[cell]) for cell in wanted if cell in judgements]
    worst = max(given, key=lambda level: level.rank, default=None)
    return worst if len(given) == len(wanted) or worst == tool.levels[-1] else None


@dataclass(frozen=True, slots=True)
class DomainCounts:
    """One summary bar: how many studies got each level (in the tool's order), and how many are not judged yet."""

    cell: Cell
    counts: tuple[tuple[Level, int], ...]
    unjudged: int

    @property
    def judged(self) -> int:
        """How many studies the bar stands on."""
        return sum(number for _, number in self.counts)


def count(tool: Tool, studies: Collection[Judgements], groups: Iterable[str] = ()) -> tuple[DomainCounts, ...]:
    """The bars of the summary figure, one for each cell; every study counts the same."""
    bars: list[DomainCounts] = []
    for cell in tool.cells(groups):
        found = Counter(tool.level(judgements[cell]) for judgements in studies if cell in judgements)
        counts = tuple((level, found[level]) for level in tool.levels)
        bars.append(DomainCounts(cell, counts, len(studies) - found.total()))
    return tuple(bars)


class Agreement(enum.StrEnum):
    """Where two reviewers stand on one cell."""

    SETTLED = "settled"
    DIFFERS = "differs"
    WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two reviewers' judgements on one cell, ids of levels; ``None`` for one that is not given yet."""

    cell: Cell
    first: str | None
    second: str | None

    @property
    def agreement(self) -> Agreement:
        """Equal judgements are settled, different ones need the reviewers to talk, a missing one is waited for."""
        if self.first is None or self.second is None:
            return Agreement.WAITING
        return Agreement.SETTLED if self.first == self.second else Agreement.DIFFERS


def compare(tool: Tool, first: Judgements, second: Judgements, groups: Iterable[str] = ()) -> tuple[Comparison, ...]:
    """Two reviewers' judgements on one study side by side, for every cell of the tool. Support texts play no part."""
    return tuple(Comparison(cell, first.get(cell), second.get(cell)) for cell in tool.cells(groups))
