"""What the risk-of-bias page reads, put together on a worker thread and handed over as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from core.model import Id, Reviewer
from core.policy import Right, may
from core.review import Session
from core.riskofbias.summary import DomainCounts
from core.riskofbias.tools import Cell, Tool
from core.session.riskofbias import StudyAssessment
from core.store.queries.comparison import RowState
from core.store.queries.riskofbias import AssessmentComparison, AssessmentRow

TO_SETTLE = (RowState.EQUAL, RowState.DIFFERS, RowState.CHANGED)
"""States of a domain that waits for who settles."""


@dataclass(frozen=True)
class Board:
    """All studies with what one may see of their assessment. ``comparisons`` holds those that are revealed, and those
    that came settled with an imported review."""

    tool: Tool
    cells: tuple[Cell, ...]
    rows: tuple[StudyAssessment, ...]
    my_bars: tuple[DomainCounts, ...]
    settled_bars: tuple[DomainCounts, ...]
    comparisons: Mapping[Id, AssessmentComparison]
    me: Reviewer
    people: tuple[Reviewer, ...]

    @property
    def may_judge(self) -> bool:
        """Whether this reviewer judges."""
        return may(self.me, Right.JUDGE)

    @property
    def may_settle(self) -> bool:
        """Whether this reviewer settles differences."""
        return may(self.me, Right.SETTLE, has_adjudicator=self._has_adjudicator)

    @property
    def settlers(self) -> list[Reviewer]:
        """Those who settle differences: the adjudicators, where there are any."""
        named = [each for each in self.people if each.is_adjudicator]
        return named or [each for each in self.people if may(each, Right.SETTLE, has_adjudicator=False)]

    @property
    def other_judges(self) -> list[Reviewer]:
        """The others who judge."""
        return [each for each in self.people if may(each, Right.JUDGE) and each.id != self.me.id]

    @property
    def assessed(self) -> list[StudyAssessment]:
        """The studies that are assessed with this tool."""
        return [row for row in self.rows if row.applies]

    @property
    def to_judge(self) -> list[StudyAssessment]:
        """Those one judges: what came settled only where one has begun to judge it anew."""
        return [row for row in self.assessed if not row.imported or row.mine or row.finished]

    def may_settle_at(self, study_id: Id | None, cell: Cell | None) -> bool:
        """Whether this reviewer may settle a domain now: of a study that is revealed, or where it came settled."""
        found = self.comparisons.get(study_id) if study_id is not None else None
        row = self.compared(study_id, cell)
        if found is None or row is None or not self.may_settle:
            return False
        return found.revealed or (row.consensus is not None and row.consensus.alone)

    @property
    def to_settle(self) -> int:
        """How many judgements wait to be settled, as far as one may see."""
        return sum(found.count(*TO_SETTLE) for found in self.comparisons.values())

    @property
    def _has_adjudicator(self) -> bool:
        return any(each.is_adjudicator for each in self.people)

    def person(self, reviewer_id: Id) -> Reviewer | None:
        """The reviewer with this id, None for one who has left the team."""
        return next((each for each in self.people if each.id == reviewer_id), None)

    def row(self, study_id: Id | None) -> StudyAssessment | None:
        """The study's row, None when it is not there any more."""
        return next((row for row in self.rows if row.study_id == study_id), None)

    def compared(self, study_id: Id | None, cell: Cell | None) -> AssessmentRow | None:
        """A domain of a revealed study side by side."""
        found = self.comparisons.get(study_id) if study_id is not None else None
        return next((row for row in found.rows if row.cell == cell), None) if found else None

    def number(self, cell: Cell) -> int:
        """The number of the cell's domain in the tool."""
        return [domain.id for domain in self.tool.domains].index(cell.domain) + 1

    def mark(self, cell: Cell) -> str:
        """“D3”, or “D3b” for the second group of outcomes that a domain is judged for."""
        columns = [each for each in self.cells if each.domain == cell.domain]
        letter = chr(ord("a") + columns.index(cell) % 26) if len(columns) > 1 and cell in columns else ""
        return f"D{self.number(cell)}{letter}"


def read_board(session: Session) -> Board:
    """Everything the page shows."""
    part = session.riskofbias
    rows = part.table()
    ids = [row.study_id for row in rows if row.applies]
    return Board(
        part.tool,
        part.cells(),
        rows,
        part.my_counts(ids),
        part.counts(ids),
        part.comparisons(),
        session.reviewer,
        session.review.reviewers(),
    )
