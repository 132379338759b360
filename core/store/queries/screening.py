"""Screening as one reviewer may see it: what to decide next, what was decided, what is in conflict."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, and_, case, exists, func, not_, or_, select, true

from core.model import Id, RetrievalState, Stage, Standing, Verdict
from core.store.queries import history
from core.store.queries.records import in_stage, is_new, standing_of
from core.store.schema import decision, exclusion_reason, record, report, resolution, screening_note
from core.store.sight import Sight, decision_count


class Order(enum.StrEnum):
    """In which order records come up for screening."""

    IMPORTED = "imported"
    RANDOM = "random"
    NEWEST = "newest"
    ALPHABETICAL = "alphabetical"


@dataclass(frozen=True, slots=True)
class DecisionView:
    """One reviewer's decision on one record."""

    record_id: Id
    reviewer_id: Id
    verdict: Verdict
    reason_id: Id | None
    reason: str
    note: str
    decided_at: int


@dataclass(frozen=True, slots=True)
class ResolutionView:
    """How a conflict was settled."""

    record_id: Id
    resolver_id: Id
    verdict: Verdict
    reason_id: Id | None
    reason: str
    note: str
    resolved_at: int


@dataclass(frozen=True, slots=True)
class Progress:
    """One reviewer's own progress at a stage."""

    done: int
    total: int
    included: int
    maybe: int
    excluded: int

    @property
    def left(self) -> int:
        """Records without the reviewer's decision."""
        return self.total - self.done


@dataclass(frozen=True, slots=True)
class Standings:
    """How many records stand where at a stage, as far as the viewer may see."""

    open: int
    conflict: int
    included: int
    excluded: int

    @property
    def total(self) -> int:
        """Records in the stage."""
        return self.open + self.conflict + self.included + self.excluded


def _stage_condition(connection: Connection, sight: Sight, stage: Stage) -> ColumnElement[bool]:
    shown = None
    if stage is Stage.FULL_TEXT:
        shown = sight.others_shown(connection, Stage.TITLE_ABSTRACT, record.c.id)
    return in_stage(stage, sight.needed, shown)


def _asked(only_new: bool) -> ColumnElement[bool]:
    """Condition on ``record``: all, or those that came by a search."""
    return is_new() if only_new else true()


def _settled(stage: Stage) -> ColumnElement[bool]:
    """Condition on ``record``: what comes of it at this stage is settled, so it waits for nobody's judgement."""
    return record.c.id.in_(
        select(resolution.c.record_id).where(resolution.c.stage == stage.value, resolution.c.deleted.is_(False))
    )


def queue(
    connection: Connection, sight: Sight, stage: Stage, order: Order, limit: int, skip: Sequence[Id] = ()
) -> list[Id]:
    """The next records that wait for the viewer's decision."""
    mine = select(decision.c.record_id).where(
        decision.c.reviewer_id == sight.viewer.id,
        decision.c.stage == stage.value,
        decision.c.deleted.is_(False),
    )
    statement = select(record.c.id).where(
        _stage_condition(connection, sight, stage), record.c.id.not_in(mine), ~_settled(stage)
    )
    if sight.judges > sight.needed:
        # A record with all the judgements it needs is closed to the others of a larger team.
        statement = statement.where(decision_count(stage, record.c.id) < sight.needed)
    if skip:
        statement = statement.where(record.c.id.not_in(list(skip)))
    keys = {
        Order.IMPORTED: (record.c.n,),
        # An id is a digest of batch and position, so its order is random, yet the same on every copy.
        Order.RANDOM: (record.c.id,),
        Order.NEWEST: (record.c.year.desc(), record.c.n),
        Order.ALPHABETICAL: (record.c.sort_title, record.c.n),
    }[order]
    return list(connection.execute(statement.order_by(*keys).limit(limit)).scalars())


def decided(connection: Connection, sight: Sight, stage: Stage, limit: int, verdict: Verdict | None = None) -> list[Id]:
    """Records the viewer has decided on, the latest first."""
    statement = select(decision.c.record_id).where(
        decision.c.reviewer_id == sight.viewer.id, decision.c.stage == stage.value, decision.c.deleted.is_(False)
    )
    if verdict is not None:
        statement = statement.where(decision.c.verdict == verdict.value)
    statement = statement.order_by(decision.c.decided_at.desc(), decision.c.id).limit(limit)
    return list(connection.execute(statement).scalars())


def decided_at(connection: Connection, sight: Sight, stage: Stage, since: int) -> list[int]:
    """When the viewer decided after ``since`` (milliseconds), in order; decisions made together count once."""
    when = decision.c.decided_at
    return list(
        connection.execute(
            select(when)
            .where(
                decision.c.reviewer_id == sight.viewer.id,
                decision.c.stage == stage.value,
                decision.c.deleted.is_(False),
                when > since,
            )
            .distinct()
            .order_by(when)
        ).scalars()
    )


def progress(connection: Connection, sight: Sight, stage: Stage) -> Progress:
    """The viewer's own progress: of the records of the stage but those that were settled without them."""
    mine = select(decision.c.record_id).where(
        decision.c.reviewer_id == sight.viewer.id, decision.c.stage == stage.value, decision.c.deleted.is_(False)
    )
    total = connection.execute(
        select(func.count())
        .select_from(record)
        .where(_stage_condition(connection, sight, stage), or_(~_settled(stage), record.c.id.in_(mine)))
    ).scalar_one()
    of_stage = select(record.c.id).where(_stage_condition(connection, sight, stage))
    rows = connection.execute(
        select(decision.c.verdict, func.count())
        .where(
            decision.c.reviewer_id == sight.viewer.id,
            decision.c.stage == stage.value,
            decision.c.deleted.is_(False),
            decision.c.record_id.in_(of_stage),
        )
        .group_by(decision.c.verdict)
    )
    counts = {row[0]: row[1] for row in rows}
    return Progress(
        sum(counts.values()),
        total,
        counts.get(Verdict.INCLUDE, 0),
        counts.get(Verdict.MAYBE, 0),
        counts.get(Verdict.EXCLUDE, 0),
    )


def number_to_judge(connection: Connection, sight: Sight, stage: Stage) -> int:
    """How many records of a stage the team has judged or is to judge: not those that came settled."""
    judged = exists().where(
        decision.c.record_id == record.c.id, decision.c.stage == stage.value, decision.c.deleted.is_(False)
    )
    condition = and_(_stage_condition(connection, sight, stage), or_(~_settled(stage), judged))
    return connection.execute(select(func.count()).select_from(record).where(condition)).scalar_one()


def team_progress(connection: Connection, sight: Sight, stage: Stage) -> dict[Id, int]:
    """How many records each reviewer has decided (the lead's figure): counts only, never what."""
    of_stage = select(record.c.id).where(_stage_condition(connection, sight, stage))
    rows = connection.execute(
        select(decision.c.reviewer_id, func.count())
        .where(decision.c.stage == stage.value, decision.c.deleted.is_(False), decision.c.record_id.in_(of_stage))
        .group_by(decision.c.reviewer_id)
    )
    return {row[0]: row[1] for row in rows}


def decisions(connection: Connection, sight: Sight, stage: Stage, record_id: Id) -> tuple[DecisionView, ...]:
    """The decisions on a record that the viewer may see, own first."""
    note = (
        select(screening_note.c.text)
        .where(
            screening_note.c.record_id == decision.c.record_id,
            screening_note.c.stage == stage.value,
            screening_note.c.reviewer_id == decision.c.reviewer_id,
            screening_note.c.deleted.is_(False),
        )
        .scalar_subquery()
    )
    rows = connection.execute(
        select(decision, exclusion_reason.c.text.label("reason"), note.label("note"))
        .join(exclusion_reason, exclusion_reason.c.id == decision.c.reason_id, isouter=True)
        .where(decision.c.record_id == record_id, sight.decisions(connection, stage))
        .order_by(case((decision.c.reviewer_id == sight.viewer.id, 0), else_=1), decision.c.reviewer_id)
    )
    return tuple(
        DecisionView(
            r.record_id, r.reviewer_id, Verdict(r.verdict), r.reason_id, r.reason or "", r.note or "", r.decided_at
        )
        for r in rows
    )


def own_note(connection: Connection, sight: Sight, stage: Stage, record_id: Id) -> str:
    """The viewer's note on a record, empty when there is none."""
    found = connection.execute(
        select(screening_note.c.text).where(
            screening_note.c.record_id == record_id,
            screening_note.c.stage == stage.value,
            screening_note.c.reviewer_id == sight.viewer.id,
            screening_note.c.deleted.is_(False),
        )
    ).scalar()
    return found or ""


def resolution_of(connection: Connection, stage: Stage, record_id: Id) -> ResolutionView | None:
    """How a conflict on the record was settled: settled figures are open to all."""
    r = connection.execute(
        select(resolution, exclusion_reason.c.text.label("reason"))
        .join(exclusion_reason, exclusion_reason.c.id == resolution.c.reason_id, isouter=True)
        .where(resolution.c.record_id == record_id, resolution.c.stage == stage.value, resolution.c.deleted.is_(False))
    ).first()
    if r is None:
        return None
    return ResolutionView(
        r.record_id, r.resolver_id, Verdict(r.verdict), r.reason_id, r.reason or "", r.note, r.resolved_at
    )


def _standing(connection: Connection, sight: Sight, stage: Stage) -> ColumnElement[str]:
    return standing_of(stage, sight.needed, record.c.id, sight.others_shown(connection, stage, record.c.id))


def standing(connection: Connection, sight: Sight, stage: Stage, record_id: Id) -> Standing:
    """Where the record stands as far as the viewer may see."""
    found = connection.execute(select(_standing(connection, sight, stage)).where(record.c.id == record_id)).scalar_one()
    return Standing(found)


def shown_verdict(connection: Connection, sight: Sight) -> ColumnElement[str]:
    """Of ``record``: what came of it at title and abstract as far as the viewer may see ("include", "exclude",
    "conflict"), else their own verdict, else ""."""
    # The reviewer within the aggregate, not the condition: else all their decisions are gone through for each record.
    mine = (
        select(func.max(case((decision.c.reviewer_id == sight.viewer.id, decision.c.verdict))))
        .where(
            decision.c.record_id == record.c.id,
            decision.c.stage == Stage.TITLE_ABSTRACT.value,
            decision.c.deleted.is_(False),
        )
        .scalar_subquery()
    )
    words = {
        Standing.INCLUDED.value: Verdict.INCLUDE.value,
        Standing.EXCLUDED.value: Verdict.EXCLUDE.value,
        Standing.CONFLICT.value: "conflict",
    }
    return case(words, value=_standing(connection, sight, Stage.TITLE_ABSTRACT), else_=func.coalesce(mine, ""))


class Verdicts:
    """The `shown_verdict` of records for one viewer, who may see other records after each change of the review."""

    def __init__(self) -> None:
        self._known: tuple[object, ColumnElement[str]] | None = None

    def shown(self, connection: Connection, sight: Sight) -> ColumnElement[str]:
        """`shown_verdict` as the review now is."""
        state = history.state(connection)
        if self._known is None or self._known[0] != state:
            self._known = state, shown_verdict(connection, sight)
        return self._known[1]

    def of(self, connection: Connection, sight: Sight, ids: Sequence[Id]) -> dict[Id, str]:
        """Those of the records with these ids that have one."""
        verdict = self.shown(connection, sight).label("verdict")
        rows = connection.execute(select(record.c.id, verdict).where(record.c.id.in_(ids)))
        return {row.id: row.verdict for row in rows if row.verdict}


def standings(connection: Connection, sight: Sight, stage: Stage, *, only_new: bool = False) -> Standings:
    """How many records stand where; ``only_new`` leaves out those of an earlier version of the review."""
    where = _standing(connection, sight, stage).label("standing")
    inner = select(where).where(_stage_condition(connection, sight, stage), _asked(only_new)).subquery()
    rows = connection.execute(select(inner.c.standing, func.count()).group_by(inner.c.standing))
    counts = {row[0]: row[1] for row in rows}
    return Standings(*(counts.get(s.value, 0) for s in (
        Standing.OPEN, Standing.CONFLICT, Standing.INCLUDED, Standing.EXCLUDED
    )))  # fmt: skip


def with_standing(
    connection: Connection, sight: Sight, stage: Stage, wanted: Standing, limit: int | None = None
) -> list[Id]:
    """Records of a stage that stand so, in import order."""
    statement = (
        select(record.c.id)
        .where(_stage_condition(connection, sight, stage), _standing(connection, sight, stage) == wanted.value)
        .order_by(record.c.n)
    )
    return list(connection.execute(statement if limit is None else statement.limit(limit)).scalars())


def settled_conflicts(connection: Connection, stage: Stage) -> list[Id]:
    """Records whose conflict has been resolved, the latest first; not those that came settled with a review."""
    judged = exists().where(
        decision.c.record_id == resolution.c.record_id,
        decision.c.stage == resolution.c.stage,
        decision.c.deleted.is_(False),
    )
    statement = (
        select(resolution.c.record_id)
        .where(resolution.c.stage == stage.value, resolution.c.deleted.is_(False), judged)
        .order_by(resolution.c.resolved_at.desc(), resolution.c.id)
    )
    return list(connection.execute(statement).scalars())


def excluded_by_reason(
    connection: Connection, sight: Sight, stage: Stage, *, only_new: bool = False
) -> tuple[tuple[str, int], ...]:
    """How many records were excluded for each reason, most frequent first; '' stands for no reason given.
    ``only_new`` leaves out records of an earlier version of the review."""
    d = decision.alias()
    first = (
        select(d.c.reason_id)
        .where(d.c.record_id == record.c.id, d.c.stage == stage.value, d.c.deleted.is_(False))
        .order_by(d.c.reviewer_id)
        .limit(1)
        .scalar_subquery()
    )
    settled = (
        select(resolution.c.reason_id)
        .where(
            resolution.c.record_id == record.c.id, resolution.c.stage == stage.value, resolution.c.deleted.is_(False)
        )
        .scalar_subquery()
    )
    reason_id = func.coalesce(settled, first).label("reason_id")
    inner = (
        select(reason_id)
        .where(
            _stage_condition(connection, sight, stage),
            _standing(connection, sight, stage) == Standing.EXCLUDED.value,
            _asked(only_new),
        )
        .subquery()
    )
    rows = connection.execute(
        select(exclusion_reason.c.text, func.count())
        .select_from(inner.join(exclusion_reason, exclusion_reason.c.id == inner.c.reason_id, isouter=True))
        .group_by(exclusion_reason.c.text)
        .order_by(func.count().desc(), exclusion_reason.c.text)
    )
    return tuple((text or "", number) for text, number in rows)


def retrieval(connection: Connection, record_id: Id) -> tuple[RetrievalState, str]:
    """Whether the full text was retrieved, and the note on it."""
    r = connection.execute(
        select(report.c.retrieval, report.c.note).where(report.c.record_id == record_id, report.c.deleted.is_(False))
    ).first()
    return (RetrievalState.SOUGHT, "") if r is None else (RetrievalState(r.retrieval or RetrievalState.SOUGHT), r.note)


def retrieval_counts(connection: Connection, sight: Sight, *, only_new: bool = False) -> dict[RetrievalState, int]:
    """How many reports of the full-text stage are sought, retrieved, not retrieved; ``only_new`` leaves out those of
    an earlier version of the review."""
    state = func.coalesce(func.nullif(report.c.retrieval, ""), RetrievalState.SOUGHT.value).label("state")
    inner = (
        select(state)
        .select_from(record.join(report, and_(report.c.record_id == record.c.id, not_(report.c.deleted)), isouter=True))
        .where(_stage_condition(connection, sight, Stage.FULL_TEXT), _asked(only_new))
        .subquery()
    )
    rows = connection.execute(select(inner.c.state, func.count()).group_by(inner.c.state))
    return {RetrievalState(name): number for name, number in rows}


def not_judgeable(connection: Connection, sight: Sight, stage: Stage, ids: Sequence[Id]) -> list[Id]:
    """Those of the records that the viewer may not (any more) judge at this stage."""
    closed: list[Id] = []
    for start in range(0, len(ids), 500):
        part = list(ids[start : start + 500])
        settled = select(resolution.c.record_id).where(
            resolution.c.stage == stage.value, resolution.c.deleted.is_(False), resolution.c.record_id.in_(part)
        )
        allowed = set(
            connection.execute(
                select(record.c.id).where(
                    record.c.id.in_(part), _stage_condition(connection, sight, stage), record.c.id.not_in(settled)
                )
            ).scalars()
        )
        closed += [i for i in part if i not in allowed]
    return closed
