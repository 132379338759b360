"""Risk-of-bias judgements and their consensus, as one reviewer may see them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, Select, Table, and_, case, exists, select

from core.extraction.compare import Value, basis
from core.model import Id, Settlement, StudyStatus
from core.riskofbias.tools import Cell, Tool
from core.store.queries import team
from core.store.queries.comparison import RowState
from core.store.schema import assessment_finish, judgement, judgement_consensus, study
from core.store.sight import Sight

ALONE = basis({})
"""The basis of what was settled without judgements in this review: it came with an imported one."""


@dataclass(frozen=True, slots=True)
class IncludedStudy:
    """An included study; unless ``applies``, the review's tool is not made for it and it is not assessed."""

    id: Id
    label: str
    design: str
    applies: bool


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

    @property
    def alone(self) -> bool:
        """Whether it stands without judgements in this review: it came with an imported one, or mends what came so."""
        return self.basis == ALONE


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
        sight.judgements(), _by(judgement, tool), judgement.c.study_id.in_(_assessed_studies())
    )
    if study_id is not None:
        statement = statement.where(judgement.c.study_id == study_id)
    mine = case((judgement.c.reviewer_id == sight.viewer.id, 0), else_=1)
    rows = connection.execute(statement.order_by(mine, judgement.c.reviewer_id, judgement.c.id))
    return tuple(
        JudgementView(r.study_id, Cell(r.domain, r.outcome_group), r.reviewer_id, r.level, r.support, r.judged_at)
        for r in rows
    )


def consensus(connection: Connection, tool: Tool) -> tuple[JudgementConsensus, ...]:
    """The settled judgements by this tool: open to all."""
    table = judgement_consensus
    statement = select(table).where(
        table.c.deleted.is_(False), _by(table, tool), table.c.study_id.in_(_assessed_studies())
    )
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


def _by(table: Table, tool: Tool) -> ColumnElement[bool]:
    """By this tool, as it is now: the text of a tool of the team's own may have had other domains or levels once."""
    return and_(
        table.c.tool == tool.id,
        table.c.domain.in_([domain.id for domain in tool.domains]),
        table.c.level.in_([level.id for level in tool.levels]),
    )


def _assessed_studies() -> Select[tuple[bytes]]:
    # Judgements on a study that was marked as not assessed are kept, and count again when the mark is taken back.
    return select(study.c.id).where(study.c.deleted.is_(False), study.c.risk_of_bias_applies)


def included_studies(connection: Connection) -> tuple[IncludedStudy, ...]:
    """The included studies in order, with those that are not assessed by the review's tool."""
    rows = connection.execute(
        select(study.c.id, study.c.label, study.c.design, study.c.risk_of_bias_applies)
        .where(study.c.deleted.is_(False), study.c.status.in_((StudyStatus.INCLUDED.value, "")))
        .order_by(study.c.position, study.c.id)
    )
    return tuple(IncludedStudy(r.id, r.label, r.design, r.risk_of_bias_applies) for r in rows)


def came_settled(tool_id: str) -> ColumnElement[bool]:
    """Condition on ``study``: judgements by this tool came settled with an imported review; nobody has to judge it."""
    table = judgement_consensus.c
    return exists().where(
        table.study_id == study.c.id, table.tool == tool_id, table.basis == ALONE, table.deleted.is_(False)
    )


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
        .where(study.c.id.in_(_assessed_studies()), sight.assessment_shown(study.c.id))
        .order_by(study.c.position, study.c.id)
    )
    return tuple(rows.scalars())


def finished_reviewers(connection: Connection, sight: Sight, tool: Tool) -> dict[Id, tuple[Id, ...]]:
    """Who has finished each study that is revealed to the viewer; studies that are not are absent."""
    done = assessment_finish
    rows = connection.execute(
        select(done.c.study_id, done.c.reviewer_id)
        .where(
            done.c.tool == tool.id,
            done.c.deleted.is_(False),
            exists().where(study.c.id == done.c.study_id, sight.assessment_shown(study.c.id)),
        )
        .order_by(done.c.id)
    )
    found: dict[Id, tuple[Id, ...]] = {}
    for study_id, reviewer_id in rows:
        found[study_id] = (*found.get(study_id, ()), reviewer_id)
    return found


def groups_of(cells: Iterable[Cell]) -> tuple[str, ...]:
    """The groups of outcomes that these cells tell apart, in alphabetical order."""
    return tuple(sorted({cell.group for cell in cells if cell.group}))


def comparison(connection: Connection, sight: Sight, tool: Tool, study_id: Id) -> AssessmentComparison:
    """The study's domains as the viewer may compare them."""
    return comparisons(connection, sight, tool, [study_id])[study_id]


def comparisons(
    connection: Connection, sight: Sight, tool: Tool, study_ids: Iterable[Id]
) -> dict[Id, AssessmentComparison]:
    """The domains of each of these studies as the viewer may compare them."""
    finished = finished_reviewers(connection, sight, tool)
    order = [p.id for p in team.reviewers(connection)]
    given: dict[Id, list[JudgementView]] = defaultdict(list)
    for one in judgements(connection, sight, tool):
        # In a larger team somebody may have begun without finishing: not an answer that counts.
        if one.study_id not in finished or one.reviewer_id in finished[one.study_id]:
            given[one.study_id].append(one)
    settled: dict[Id, dict[Cell, JudgementConsensus]] = defaultdict(dict)
    for value in consensus(connection, tool):
        settled[value.study_id][value.cell] = value
    found: dict[Id, AssessmentComparison] = {}
    for study_id in study_ids:
        shown: Collection[Id] = finished.get(study_id) or {j.reviewer_id for j in given[study_id]}
        reviewers = sorted(shown, key=lambda i: (order.index(i) if i in order else len(order), i))
        rows = _rows(tool, reviewers, given[study_id], settled[study_id], study_id in finished, sight.needed)
        found[study_id] = AssessmentComparison(study_id, study_id in finished, tuple(reviewers), rows)
    return found


def _rows(
    tool: Tool,
    reviewers: Sequence[Id],
    judged: Iterable[JudgementView],
    settled: Mapping[Cell, JudgementConsensus],
    revealed: bool,
    needed: int,
) -> tuple[AssessmentRow, ...]:
    given: dict[Cell, list[JudgementView]] = defaultdict(list)
    for one in sorted(judged, key=lambda j: reviewers.index(j.reviewer_id)):
        given[one.cell].append(one)
    return tuple(
        _row(cell, tuple(given[cell]), settled.get(cell), revealed=revealed, needed=needed)
        for cell in tool.columns([*given, *settled])
    )


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
