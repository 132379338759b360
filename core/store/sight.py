"""What a reviewer may see of the others' judgements, as conditions in the query (blinding).

Screening: a colleague's decision on a record shows once one's own is in and the stage allows it: by default when the
round of imports it came with is over, or at once if the lead set it so. Extraction and risk of bias: when all who work
on the study have marked it finished. A reviewer who does not judge (an adjudicator) sees what is complete. The same
condition guards every read, so counts, orders, searches and exports follow it too.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, FromClause, Table, and_, exists, false, func, or_, select, true

from core.model import Reveal, Reviewer, Stage
from core.riskofbias.tools import USUAL_TOOL
from core.store.log_tables import MERGES, meta, operation
from core.store.queries import records
from core.store.schema import (
    assessment_finish,
    decision,
    entry,
    extraction_finish,
    import_batch,
    judgement,
    resolution,
    review,
    reviewer,
)


@dataclass(frozen=True, slots=True)
class Sight:
    """One reviewer's view on the review at this moment."""

    viewer: Reviewer
    needed: int
    """Judgements each record, study or cell needs: the review's setting, but never more than there are judges."""
    judges: int
    reveal_screening: Reveal
    reveal_extraction: Reveal
    tool: str
    """The risk-of-bias tool in use; what was marked finished by another one says nothing about this one."""

    @classmethod
    def of(cls, connection: Connection, viewer: Reviewer) -> Sight:
        """Read the settings that decide what this reviewer may see."""
        settings = connection.execute(
            select(
                review.c.screeners_per_record,
                review.c.reveal_screening,
                review.c.reveal_extraction,
                review.c.risk_of_bias_tool,
            ).limit(1)
        ).one()
        judges = connection.execute(
            select(func.count()).where(reviewer.c.is_screener, reviewer.c.deleted.is_(False))
        ).scalar_one()
        return cls(
            viewer,
            max(1, min(settings.screeners_per_record, judges)),
            judges,
            Reveal(settings.reveal_screening or Reveal.AT_END),
            Reveal(settings.reveal_extraction or Reveal.AT_END),
            settings.risk_of_bias_tool or USUAL_TOOL,
        )

    # --- screening ---------------------------------------------------------------------------------------------------

    def decisions(self, connection: Connection, stage: Stage) -> ColumnElement[bool]:
        """Condition on ``decision``: the rows of a stage that the viewer may see."""
        own = decision.c.reviewer_id == self.viewer.id
        live = and_(decision.c.stage == stage.value, decision.c.deleted.is_(False))
        return and_(live, or_(own, self.others_shown(connection, stage, decision.c.record_id)))

    def others_shown(
        self, connection: Connection, stage: Stage, record_id: ColumnElement[bytes]
    ) -> ColumnElement[bool]:
        """Condition on a record: others' decisions on it at this stage may be seen."""
        if not self.viewer.is_screener:
            return self._complete(stage, record_id)
        over = rounds_over(connection, stage, self.needed)
        if over and over == last_round(connection):
            return true()
        of_finished_round: ColumnElement[bool] = false()
        if over:
            done = records.record.alias("done_record")
            of_finished_round = exists().where(done.c.id == record_id, _in_rounds(done.c.batch_id, 1, over))
        if self.reveal_screening is Reveal.AT_ONCE:
            mine = decision.alias()
            own = exists().where(
                mine.c.record_id == record_id,
                mine.c.stage == stage.value,
                mine.c.reviewer_id == self.viewer.id,
                mine.c.deleted.is_(False),
            )
            return or_(of_finished_round, own)
        return of_finished_round

    def _complete(self, stage: Stage, record_id: ColumnElement[bytes]) -> ColumnElement[bool]:
        return decision_count(stage, record_id) >= self.needed

    # --- extraction and risk of bias ---------------------------------------------------------------------------------

    def entries(self) -> ColumnElement[bool]:
        """Condition on ``entry``: the rows the viewer may see."""
        return self._answers(entry, ("subject_id", "field"), self.extraction_shown(entry.c.study_id))

    def judgements(self) -> ColumnElement[bool]:
        """Condition on ``judgement``: the rows the viewer may see."""
        cell = ("study_id", "tool", "domain", "outcome_group")
        return self._answers(judgement, cell, self.assessment_shown(judgement.c.study_id, judgement.c.tool))

    def extraction_shown(self, study_id: ColumnElement[bytes]) -> ColumnElement[bool]:
        """Condition on a study: extraction is finished by all who do it, so entries may be compared."""
        return self._finished(extraction_finish, study_id)

    def assessment_shown(
        self, study_id: ColumnElement[bytes], tool: ColumnElement[str] | None = None
    ) -> ColumnElement[bool]:
        """Condition on a study: risk of bias is finished, by the tool in use or this one, by all who assess it."""
        return self._finished(assessment_finish, study_id, tool)

    def marks(self, finish: FromClause, tool: ColumnElement[str] | None = None) -> ColumnElement[bool]:
        """Condition on a table of finish marks: those that stand, and were made with the tool in use (or this one)."""
        standing = finish.c.deleted.is_(False)
        if "tool" not in finish.c:
            return standing
        return and_(standing, finish.c.tool == (self.tool if tool is None else tool))

    def _answers(self, table: Table, cell: tuple[str, ...], shown: ColumnElement[bool]) -> ColumnElement[bool]:
        """Own rows and those that are shown; where the lead reveals at once, also of a cell that one has answered."""
        if self.reveal_extraction is Reveal.AT_ONCE and self.viewer.is_screener:
            mine = table.alias()
            answered = exists().where(
                *(mine.c[name] == table.c[name] for name in cell),
                mine.c.reviewer_id == self.viewer.id,
                mine.c.deleted.is_(False),
            )
            shown = or_(shown, answered)
        return and_(table.c.deleted.is_(False), or_(table.c.reviewer_id == self.viewer.id, shown))

    def _finished(
        self, finish: Table, study_id: ColumnElement[bytes], tool: ColumnElement[str] | None = None
    ) -> ColumnElement[bool]:
        """All judges needed have marked the study finished; a viewer who judges, too."""
        done, mine = finish.alias(), finish.alias()
        count = select(func.count()).where(done.c.study_id == study_id, self.marks(done, tool)).scalar_subquery()
        complete = count >= self.needed
        if not self.viewer.is_screener or self.judges > self.needed:
            return complete
        own = exists().where(mine.c.study_id == study_id, mine.c.reviewer_id == self.viewer.id, self.marks(mine, tool))
        return and_(complete, own)


def decision_count(stage: Stage, record_id: ColumnElement[bytes]) -> ColumnElement[int]:
    """How many reviewers have decided on the record at this stage."""
    counted = decision.alias()
    return (
        select(func.count())
        .where(counted.c.record_id == record_id, counted.c.stage == stage.value, counted.c.deleted.is_(False))
        .scalar_subquery()
    )


def rounds_over(connection: Connection, stage: Stage, needed: int) -> int:
    """Up to which round of imports every record of the stage has the judgements it needs; 0 when not even the first.

    A round is over at full text only when it is at title/abstract: records may still come. The record last found
    lacking is remembered with the connection and looked at first, and the answer until something is written, because
    this is asked at every read and rarely changes.
    """
    # A merge brings operations that may be older than the last one here, so merges count too.
    merges = select(meta.c.value).where(meta.c.key == MERGES).scalar_subquery()
    version = tuple(connection.execute(select(func.max(operation.c.hlc), merges)).one())
    answers: dict[tuple[Stage, int], tuple[tuple[Any, ...], int]] = connection.info.setdefault("rounds_over", {})
    key = (stage, needed)
    if key in answers and answers[key][0] == version:
        return answers[key][1]
    last = last_round(connection)
    if stage is Stage.FULL_TEXT:
        last = min(last, rounds_over(connection, Stage.TITLE_ABSTRACT, needed))
    over = 0
    while over < last and not _first_lacking(connection, stage, needed, over + 1):
        over += 1
    if connection.info.get("reader"):
        # Only what is committed has a version; a transaction under way may yet be rolled back.
        answers[key] = (version, over)
    return over


def last_round(connection: Connection) -> int:
    """The latest round of imports; 0 when there is no record."""
    return connection.execute(
        select(func.max(import_batch.c.round)).where(import_batch.c.deleted.is_(False))
    ).scalar() or 0  # fmt: skip


def stage_is_over(connection: Connection, stage: Stage, needed: int) -> bool:
    """Whether every record of the stage has the judgements it needs (and there is at least one record)."""
    last = last_round(connection)
    return last > 0 and rounds_over(connection, stage, needed) == last


def _first_lacking(connection: Connection, stage: Stage, needed: int, number: int) -> bool:
    """Whether a record of this round still lacks judgements."""
    r = records.record
    lacking = (
        select(r.c.n)
        .where(
            records.in_stage(stage, needed),
            _in_rounds(r.c.batch_id, number, number),
            decision_count(stage, r.c.id) < needed,
            # What came settled with an imported review needs no judgement.
            r.c.id.not_in(
                select(resolution.c.record_id).where(resolution.c.stage == stage.value, resolution.c.deleted.is_(False))
            ),
        )
        .order_by(r.c.n)
        .limit(1)
    )
    known: dict[tuple[Stage, int, int], int] = connection.info.setdefault("lacking", {})
    key = (stage, needed, number)
    found = connection.execute(lacking.where(r.c.n >= known[key])).scalar() if key in known else None
    if found is None:
        found = connection.execute(lacking).scalar()
    if found is not None:
        known[key] = found
    return found is not None


def _in_rounds(batch_id: ColumnElement[bytes], first: int, last: int) -> ColumnElement[bool]:
    return batch_id.in_(select(import_batch.c.id).where(import_batch.c.round.between(first, last)))
