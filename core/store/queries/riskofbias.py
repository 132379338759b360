"""Risk-of-bias judgements and their consensus, as one reviewer may see them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, Select, case, exists, select

from core.extraction.compare import Value, basis
from core.model import Id, Settlement
from core.riskofbias.tools import Cell, Tool
from core.store.queries import team
from core.store.queries.comparison import RowState
from core.store.schema import assessment_finish, judgement, judgement_consensus, study
from core.store.sight import Sight


@dataclass(frozen=True, slots=True)
class JudgementView:
    """One reviewer's judgement on one domain of a study; ``level`` is the id of one of the tool's levels."""

    study_id: Id
    cell: Cell
    reviewer_id: Id
    level: str
    support: str
    judged_at: int


@dataclass(frozen=True, slots=True)
class JudgementConsensus:
    """The settled judgement on one domain of a study."""

    study_id: Id
    cell: Cell
    level: str
    support: str
    how: Settlement
    settled_by: Id
    settled_at: int
    basis: str


@dataclass(frozen=True, slots=True)
class AssessmentRow:
    """One domain with the judgements one may see, in the order of the team, and the settled one."""

    cell: Cell
    judgements: tuple[JudgementView, ...]
    consensus: JudgementConsensus | None
    state: RowState

    @property
    def basis(self) -> str:
        """A digest of the levels."""
        return basis({j.reviewer_id: Value(text=j.level) for j in self.judgements})


@dataclass(frozen=True, slots=True)
class AssessmentComparison:
    """A study's domains side by side. Unless ``revealed``, own and settled judgements only."""

    study_id: Id
    revealed: bool
    reviewers: tuple[Id, ...]
    rows: tuple[AssessmentRow, ...]

    def count(self, *states: RowState) -> int:
        """How many rows are in one of these states."""
        return sum(row.state in states for row in self.rows)


def judgements(
    connection: Connection, sight: Sight, tool: Tool, study_id: Id | None = None
) -> tuple[JudgementView, ...]:
    """The judgements by this tool (on one study) that the viewer may see, own first."""
    statement = select(judgement).where(
        sight.judgements(), judgement.c.tool == tool.id, judgement.c.study_id.in_(_live_studies())
    )
    if study_id is not None:
        statement = statement.where(judgement.c.study_id == study_id)
    mine = case((judgement.c.reviewer_id == sight.viewer.id, 0), else_=1)
    rows = connection.execute(statement.order_by(mine, judgement.c.reviewer_id, judgement.c.id))
    return tuple(
        JudgementView(r.study_id, Cell(r.domain, r.outcome_group), r.reviewer_id, r.level, r.support, r.judged_at)
        for r in rows
    )


def consensus(connection: Connection, tool: Tool, study_id: Id | None = None) -> tuple[JudgementConsensus, ...]:
    """The settled judgements by this tool (on one study): open to all."""
    table = judgement_consensus
    statement = select(table).where(
        table.c.deleted.is_(False), table.c.tool == tool.id, table.c.study_id.in_(_live_studies())
    )
    if study_id is not None:
        statement = statement.where(table.c.study_id == study_id)
    return tuple(
        JudgementConsensus(
            r.study_id,
            Cell(r.domain, r.outcome_group),
            r.level,
            r.support,
            Settlement(r.how),
            r.settled_by,
            r.settled_at,
            r.basis,
        )
        for r in connection.execute(statement.order_by(table.c.id))
    )


def _live_studies() -> Select[tuple[bytes]]:
    return select(study.c.id).where(study.c.deleted.is_(False))


def has_finished(connection: Connection, sight: Sight, tool: Tool, study_id: Id) -> bool:
    """Whether the viewer has marked their assessment of the study finished."""
    done = assessment_finish
    statement = select(done.c.id).where(
        done.c.study_id == study_id,
        done.c.tool == tool.id,
        done.c.reviewer_id == sight.viewer.id,
        done.c.deleted.is_(False),
    )
    return connection.execute(statement).first() is not None


def revealed_studies(connection: Connection, sight: Sight) -> tuple[Id, ...]:
    """Studies whose judgements the viewer may compare, in order."""
    rows = connection.execute(
        select(study.c.id)
        .where(study.c.deleted.is_(False), sight.assessment_shown(study.c.id))
        .order_by(study.c.position, study.c.id)
    )
    return tuple(rows.scalars())


def finished_reviewers(connection: Connection, sight: Sight, tool: Tool, study_id: Id) -> tuple[Id, ...]:
    """Who has finished a study that is revealed to the viewer; empty before."""
    done = assessment_finish
    rows = connection.execute(
        select(done.c.reviewer_id).where(
            done.c.study_id == study_id,
            done.c.tool == tool.id,
            done.c.deleted.is_(False),
            exists().where(study.c.id == study_id, sight.assessment_shown(study.c.id)),
        )
    )
    return tuple(rows.scalars())


def groups_of(cells: Iterable[Cell]) -> tuple[str, ...]:
    """The groups of outcomes that these cells tell apart, in alphabetical order."""
    return tuple(sorted({cell.group for cell in cells if cell.group}))


def comparison(connection: Connection, sight: Sight, tool: Tool, study_id: Id) -> AssessmentComparison:
    """The study's domains as the viewer may compare them."""
    finished = finished_reviewers(connection, sight, tool, study_id)
    visible = judgements(connection, sight, tool, study_id)
    if finished:
        visible = tuple(j for j in visible if j.reviewer_id in finished)
    settled = {c.cell: c for c in consensus(connection, tool, study_id)}
    order = [p.id for p in team.reviewers(connection)]
    shown: Collection[Id] = finished or {j.reviewer_id for j in visible}
    reviewers = sorted(shown, key=lambda i: (order.index(i) if i in order else len(order), i))
    given: dict[Cell, list[JudgementView]] = defaultdict(list)
    for one in sorted(visible, key=lambda j: reviewers.index(j.reviewer_id)):
        given[one.cell].append(one)
    cells = tool.cells(groups_of([*given, *settled]))
    # Where some judgements tell no groups apart, their cells are kept beside those of the groups.
    extra = sorted(({*given, *settled}) - set(cells), key=lambda c: (c.domain, c.group))
    rows = tuple(
        _row(cell, tuple(given[cell]), settled.get(cell), revealed=bool(finished), needed=sight.needed)
        for cell in (*cells, *extra)
    )
    return AssessmentComparison(study_id, bool(finished), tuple(reviewers), rows)


def _row(
    cell: Cell, found: tuple[JudgementView, ...], value: JudgementConsensus | None, *, revealed: bool, needed: int
) -> AssessmentRow:
    levels = {j.level for j in found}
    if value is not None:
        row = AssessmentRow(cell, found, value, RowState.SETTLED)
        changed = revealed and row.basis != value.basis
        return AssessmentRow(cell, found, value, RowState.CHANGED) if changed else row
    if not revealed and len(found) < max(2, needed):
        state = RowState.BLINDED
    elif len(found) < needed:
        state = RowState.WAITING if found else RowState.EMPTY
    else:
        state = RowState.EQUAL if len(levels) == 1 else RowState.DIFFERS
    return AssessmentRow(cell, found, None, state)
