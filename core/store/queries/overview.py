"""Counts for the overview: studies and what is left to do, as one reviewer may see them."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, Table, and_, exists, func, or_, select

from core.model import Id, StudyStatus
from core.store.queries import records
from core.store.queries.riskofbias import came_settled
from core.store.queries.studies import came_extracted
from core.store.schema import (
    analysis,
    analysis_row,
    assessment_finish,
    comparison,
    consensus,
    entry,
    extraction_finish,
    judgement,
    judgement_consensus,
    origin,
    record,
    study,
    study_report,
)
from core.store.sight import Sight


@dataclass(frozen=True, slots=True)
class Included:
    """Included studies, their reports, how many of them stand in an analysis beside another study, and of how many the
    team assesses risk of bias and extracts data."""

    studies: int
    reports: int
    in_meta_analysis: int
    to_assess: int
    to_extract: int


def _is_included() -> ColumnElement[bool]:
    return and_(study.c.deleted.is_(False), study.c.status.in_((StudyStatus.INCLUDED.value, "")))


def _is_assessed(sight: Sight) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Risk of bias is to be judged: the tool fits the study, which did not come settled with an imported review."""
    return study.c.risk_of_bias_applies, ~came_settled(sight.tool)


def included(connection: Connection, sight: Sight) -> Included:
    """The last box of the flow."""
    count = select(func.count()).select_from(study).where(_is_included())
    studies = connection.execute(count).scalar_one()
    to_assess = connection.execute(count.where(*_is_assessed(sight))).scalar_one()
    reports = connection.execute(
        select(func.count(func.distinct(study_report.c.record_id)))
        .join(study, study.c.id == study_report.c.study_id)
        .where(study_report.c.deleted.is_(False), _is_included())
    ).scalar_one()
    pools = (
        select(analysis_row.c.analysis_id)
        .join(analysis, analysis.c.id == analysis_row.c.analysis_id)
        .join(comparison, comparison.c.id == analysis.c.comparison_id)
        .where(analysis_row.c.deleted.is_(False), analysis.c.deleted.is_(False), comparison.c.deleted.is_(False))
        .group_by(analysis_row.c.analysis_id)
        .having(func.count(func.distinct(analysis_row.c.study_id)) > 1)
    )
    pooled = connection.execute(
        select(func.count(func.distinct(analysis_row.c.study_id)))
        .join(study, study.c.id == analysis_row.c.study_id)
        .where(analysis_row.c.deleted.is_(False), analysis_row.c.analysis_id.in_(pools), _is_included())
    ).scalar_one()
    to_extract = connection.execute(count.where(~came_extracted())).scalar_one()
    return Included(studies, reports, pooled, to_assess, to_extract)


def is_update(connection: Connection) -> bool:
    """Whether there is an earlier version of the review: a source of that kind, or the file that the review was made
    from, which may hold studies without a reference."""
    found = select(records.from_previous().exists() | exists().where(origin.c.deleted.is_(False)))
    return connection.execute(found).scalar_one()


def previously_included(connection: Connection) -> tuple[int, int]:
    """Of the included studies and their reports, how many came with an earlier version of the review: a study does when
    one of its reports did, or when it has none, since new studies begin with a report."""
    reports = (
        select(study_report.c.study_id, study_report.c.record_id, record.c.batch_id)
        .join(record, record.c.id == study_report.c.record_id)
        .where(study_report.c.deleted.is_(False))
        .subquery()
    )
    came = reports.c.batch_id.in_(records.from_previous())
    known = exists().where(reports.c.study_id == study.c.id)
    studies = connection.execute(
        select(func.count())
        .select_from(study)
        .where(_is_included(), or_(exists().where(reports.c.study_id == study.c.id, came), ~known))
    ).scalar_one()
    counted = connection.execute(
        select(func.count(func.distinct(reports.c.record_id)))
        .join(study, study.c.id == reports.c.study_id)
        .where(_is_included(), came)
    ).scalar_one()
    return studies, counted


@dataclass(frozen=True, slots=True)
class StudyWork:
    """Work on studies: included ones, those one has to do, and cells that wait to be settled in revealed ones."""

    studies: int
    to_extract: int
    to_assess: int
    values_to_settle: int
    judgements_to_settle: int


def study_work(connection: Connection, sight: Sight) -> StudyWork:
    """What is left on the included studies, as far as the viewer may see."""

    def left(finish: Table, shown: ColumnElement[bool], *concerned: ColumnElement[bool]) -> int:
        mine = exists().where(
            finish.c.study_id == study.c.id, finish.c.reviewer_id == sight.viewer.id, sight.marks(finish)
        )
        statement = select(func.count()).select_from(study).where(_is_included(), *concerned, ~mine)
        if sight.judges > sight.needed:
            # In a larger team a study that enough others have finished is closed to the rest.
            statement = statement.where(~shown)
        return connection.execute(statement).scalar_one()

    is_judge = sight.viewer.is_screener
    return StudyWork(
        connection.execute(select(func.count()).select_from(study).where(_is_included())).scalar_one(),
        left(extraction_finish, sight.extraction_shown(study.c.id), ~came_extracted()) if is_judge else 0,
        left(assessment_finish, sight.assessment_shown(study.c.id), *_is_assessed(sight)) if is_judge else 0,
        sum(unsettled_values(connection, sight).values()),
        _unsettled_judgements(connection, sight),
    )


def unsettled_values(connection: Connection, sight: Sight) -> dict[Id, int]:
    """How many cells wait to be settled, by study: of the included studies the viewer may see into, those with any."""
    settled = exists().where(
        consensus.c.subject_id == entry.c.subject_id, consensus.c.field == entry.c.field, consensus.c.deleted.is_(False)
    )
    open_cells = (
        select(entry.c.study_id, entry.c.subject_id, entry.c.field)
        .join(study, study.c.id == entry.c.study_id)
        .where(_is_included(), entry.c.deleted.is_(False), sight.extraction_shown(entry.c.study_id), ~settled)
        .distinct()
        .subquery()
    )
    counts = select(open_cells.c.study_id, func.count()).group_by(open_cells.c.study_id)
    return {row[0]: row[1] for row in connection.execute(counts)}


def _unsettled_judgements(connection: Connection, sight: Sight) -> int:
    j, c = judgement.c, judgement_consensus.c
    settled = exists().where(
        c.study_id == j.study_id,
        c.tool == j.tool,
        c.domain == j.domain,
        c.outcome_group == j.outcome_group,
        c.deleted.is_(False),
    )
    open_cells = (
        select(j.study_id, j.tool, j.domain, j.outcome_group)
        .join(study, study.c.id == j.study_id)
        .where(
            _is_included(),
            study.c.risk_of_bias_applies,
            j.deleted.is_(False),
            j.tool == sight.tool,
            sight.assessment_shown(j.study_id),
            ~settled,
        )
        .distinct()
        .subquery()
    )
    return connection.execute(select(func.count()).select_from(open_cells)).scalar_one()


def finished(connection: Connection, sight: Sight) -> tuple[dict[Id, int], dict[Id, int]]:
    """Included studies each reviewer has finished, extraction and risk of bias: counts only (the lead's figures)."""

    def count(finish: Table, *concerned: ColumnElement[bool]) -> dict[Id, int]:
        rows = connection.execute(
            select(finish.c.reviewer_id, func.count())
            .join(study, study.c.id == finish.c.study_id)
            .where(sight.marks(finish), _is_included(), *concerned)
            .group_by(finish.c.reviewer_id)
        )
        return {r[0]: r[1] for r in rows}

    return count(extraction_finish, ~came_extracted()), count(assessment_finish, *_is_assessed(sight))
