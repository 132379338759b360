"""Studies: their reports, arms, populations and measurements, and how far the work on them is."""

from __future__ import annotations

import enum
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import ColumnElement, Connection, Table, and_, func, or_, select

from core.model import ArmRole, Direction, Id, Stage, Standing, StudyStatus
from core.store.log_tables import change, operation
from core.store.queries import extraction, screening, team
from core.store.schema import (
    arm,
    assessment_finish,
    entry,
    extraction_finish,
    judgement,
    measurement,
    overlap,
    population,
    record,
    result,
    study,
    study_report,
)
from core.store.sight import Sight


@dataclass(frozen=True, slots=True)
class ReportLink:
    """A report of a study; ``number`` is the record's number in the table of references."""

    record_id: Id
    number: int
    title: str
    first_author: str
    year: int | None
    journal: str
    is_main: bool


@dataclass(frozen=True, slots=True)
class ArmView:
    """A group of participants that got one intervention."""

    id: Id
    study_id: Id
    label: str
    role: ArmRole
    description: str
    position: int


@dataclass(frozen=True, slots=True)
class PopulationView:
    """A part of a study's participants for whom results are given apart."""

    id: Id
    study_id: Id
    label: str
    description: str
    position: int


@dataclass(frozen=True, slots=True)
class MeasurementView:
    """How a study measured an outcome of the review; ``better`` is None where the outcome's own direction holds."""

    id: Id
    study_id: Id
    outcome_id: Id
    instrument: str
    better: Direction | None
    definition: str
    rank: int


@dataclass(frozen=True, slots=True)
class OverlapView:
    """Another study with which participants are shared."""

    other_id: Id
    other_label: str
    note: str


@dataclass(frozen=True, slots=True)
class StudyView:
    """A study with all that belongs to it; reports with the main one first."""

    id: Id
    label: str
    status: StudyStatus
    design: str
    randomised: int | None
    registration: str
    notice: str
    risk_of_bias_applies: bool
    position: int
    reports: tuple[ReportLink, ...]
    arms: tuple[ArmView, ...]
    populations: tuple[PopulationView, ...]
    measurements: tuple[MeasurementView, ...]
    overlaps: tuple[OverlapView, ...]


class WorkState(enum.StrEnum):
    """How far a colleague is with a study, as far as one may know."""

    LOCKED = "locked"
    OPEN = "open"
    FINISHED = "finished"


@dataclass(frozen=True, slots=True)
class ColleagueWork:
    """A colleague's state of work on a study."""

    reviewer_id: Id
    extraction: WorkState
    assessment: WorkState


@dataclass(frozen=True, slots=True)
class FinishState:
    """Whether the viewer has finished a study, and how far each colleague is, as far as one may know."""

    finished: bool
    others: Mapping[Id, WorkState]


@dataclass(frozen=True, slots=True)
class StudyWork:
    """The viewer's own work on a study, and what they may know of the others'.

    ``entries`` of ``cells`` are filled in; ``judgements`` are those given, by whatever tool. ``came_extracted``: its
    values came settled with a review from another program, so nobody has to extract it.
    """

    study_id: Id
    entries: int
    cells: int
    judgements: int
    extraction_finished: bool
    assessment_finished: bool
    came_extracted: bool
    others: tuple[ColleagueWork, ...]


def labels(connection: Connection) -> dict[Id, str]:
    """The labels of all studies, in order."""
    rows = connection.execute(
        select(study.c.id, study.c.label).where(study.c.deleted.is_(False)).order_by(study.c.position, study.c.id)
    )
    return {r.id: r.label for r in rows}


def studies(connection: Connection, ids: Sequence[Id] | None = None) -> tuple[StudyView, ...]:
    """The studies (all, or those with these ids) in their order."""
    statement = select(study).where(study.c.deleted.is_(False)).order_by(study.c.position, study.c.id)
    if ids is not None:
        statement = statement.where(study.c.id.in_(list(ids)))
    rows = connection.execute(statement).all()
    found = [r.id for r in rows]
    reports, links = _reports(connection, found), _overlaps(connection, found)
    of_arms, of_populations = _grouped(arms(connection, found)), _grouped(populations(connection, found))
    of_measurements = _grouped(measurements(connection, found))
    return tuple(
        StudyView(
            r.id,
            r.label,
            StudyStatus(r.status or StudyStatus.INCLUDED),
            r.design,
            r.randomised,
            r.registration,
            r.notice,
            r.risk_of_bias_applies,
            r.position,
            tuple(reports[r.id]),
            of_arms[r.id],
            of_populations[r.id],
            of_measurements[r.id],
            tuple(links[r.id]),
        )
        for r in rows
    )


V = TypeVar("V", ArmView, PopulationView, MeasurementView)


def _grouped(views: Iterable[V]) -> dict[Id, tuple[V, ...]]:
    grouped: dict[Id, tuple[V, ...]] = defaultdict(tuple)
    for view in views:
        grouped[view.study_id] = (*grouped[view.study_id], view)
    return grouped


def _of_studies(connection: Connection, table: Table, study_ids: Sequence[Id]):
    statement = select(table).where(table.c.deleted.is_(False), table.c.study_id.in_(list(study_ids)))
    order = (table.c.rank,) if "rank" in table.c else (table.c.position,)
    return connection.execute(statement.order_by(*order, table.c.id)).all()


def arms(connection: Connection, study_ids: Sequence[Id]) -> tuple[ArmView, ...]:
    """The arms of these studies in their order."""
    rows = _of_studies(connection, arm, study_ids)
    return tuple(
        ArmView(r.id, r.study_id, r.label, ArmRole(r.role or ArmRole.OTHER), r.description, r.position) for r in rows
    )


def populations(connection: Connection, study_ids: Sequence[Id]) -> tuple[PopulationView, ...]:
    """The populations of these studies in their order."""
    rows = _of_studies(connection, population, study_ids)
    return tuple(PopulationView(r.id, r.study_id, r.label, r.description, r.position) for r in rows)


def measurements(connection: Connection, study_ids: Sequence[Id]) -> tuple[MeasurementView, ...]:
    """The measurements of these studies, the preferred ones first."""
    rows = _of_studies(connection, measurement, study_ids)
    return tuple(
        MeasurementView(
            r.id,
            r.study_id,
            r.outcome_id,
            r.instrument,
            Direction(r.better) if r.better else None,
            r.definition,
            r.rank,
        )
        for r in rows
    )


def _reports(connection: Connection, study_ids: Sequence[Id]) -> dict[Id, list[ReportLink]]:
    rows = connection.execute(
        select(
            study_report.c.study_id, study_report.c.is_main, record.c.id, record.c.n, record.c.title,
            record.c.authors, record.c.year, record.c.journal,
        )
        .join(record, record.c.id == study_report.c.record_id)
        .where(study_report.c.deleted.is_(False), study_report.c.study_id.in_(list(study_ids)))
        .order_by(study_report.c.is_main.desc(), record.c.n)
    )  # fmt: skip
    found: dict[Id, list[ReportLink]] = defaultdict(list)
    for r in rows:
        first = r.authors[0] if r.authors else ""
        found[r.study_id].append(ReportLink(r.id, r.n, r.title, first, r.year, r.journal, r.is_main))
    return found


def _overlaps(connection: Connection, study_ids: Sequence[Id]) -> dict[Id, list[OverlapView]]:
    names = labels(connection)
    wanted = set(study_ids)
    found: dict[Id, list[OverlapView]] = defaultdict(list)
    for r in connection.execute(select(overlap).where(overlap.c.deleted.is_(False)).order_by(overlap.c.id)):
        for one, other in ((r.study_id, r.other_id), (r.other_id, r.study_id)):
            if one in wanted and other in names:
                found[one].append(OverlapView(other, names[other], r.note))
    return found


def studies_of(connection: Connection, record_id: Id) -> tuple[Id, ...]:
    """The studies that a report is linked to."""
    rows = connection.execute(
        select(study.c.id)
        .join(study_report, and_(study_report.c.study_id == study.c.id, study_report.c.deleted.is_(False)))
        .where(study_report.c.record_id == record_id, study.c.deleted.is_(False))
        .order_by(study.c.position, study.c.id)
    )
    return tuple(rows.scalars())


def awaiting_study(connection: Connection, sight: Sight) -> list[Id]:
    """Records included at full text, as far as the viewer may see, that no study has as a report."""
    linked = set(
        connection.execute(
            select(study_report.c.record_id)
            .join(study, study.c.id == study_report.c.study_id)
            .where(study_report.c.deleted.is_(False), study.c.deleted.is_(False))
        ).scalars()
    )
    included = screening.with_standing(connection, sight, Stage.FULL_TEXT, Standing.INCLUDED)
    return [i for i in included if i not in linked]


def results_using(connection: Connection, column: str, row_id: Id) -> int:
    """How many live results have this study, arm, population or measurement in the named column."""
    statement = select(func.count()).where(result.c[column] == row_id, result.c.deleted.is_(False))
    return connection.execute(statement).scalar_one()


def main_links(connection: Connection, study_id: Id) -> list[Id]:
    """Ids of the live links of a study that are marked as its main report."""
    statement = select(study_report.c.id).where(
        study_report.c.study_id == study_id, study_report.c.is_main, study_report.c.deleted.is_(False)
    )
    return list(connection.execute(statement).scalars())


def links_of(connection: Connection, study_id: Id) -> list[tuple[str, Id]]:
    """(table, id) of all that hangs on a study's set-up: reports, overlaps, arms, populations, measurements."""
    found: list[tuple[str, Id]] = []
    for table in (study_report, arm, population, measurement):
        rows = connection.execute(select(table.c.id).where(table.c.study_id == study_id, table.c.deleted.is_(False)))
        found += [(table.name, i) for i in rows.scalars()]
    either = or_(overlap.c.study_id == study_id, overlap.c.other_id == study_id)
    rows = connection.execute(select(overlap.c.id).where(either, overlap.c.deleted.is_(False)))
    return found + [("overlap", i) for i in rows.scalars()]


def work(connection: Connection, sight: Sight) -> dict[Id, StudyWork]:
    """The viewer's work on every study, and what they may know of the others'."""
    me = sight.viewer.id
    extracted = finish_states(connection, sight, extraction_finish)
    assessed = finish_states(connection, sight, assessment_finish)
    wanted = _cells(connection)
    entries = _own_entries(connection, me)
    judged = _own_judgements(connection, me)
    extracted_elsewhere = set(connection.execute(select(study.c.id).where(came_extracted())).scalars())
    return {
        study_id: StudyWork(
            study_id,
            len(entries[study_id] & wanted[study_id]),
            len(wanted[study_id]),
            judged.get(study_id, 0),
            extracted[study_id].finished,
            assessed[study_id].finished,
            study_id in extracted_elsewhere,
            tuple(
                ColleagueWork(other, state, assessed[study_id].others[other])
                for other, state in extracted[study_id].others.items()
            ),
        )
        for study_id in labels(connection)
    }


def came_extracted() -> ColumnElement[bool]:
    """Condition on ``study``: it came with a review from another program, so nobody has to extract it."""
    came = select(change.c.row_id).join(operation, operation.c.id == change.c.operation_id)
    return study.c.id.in_(came.where(change.c.table_name == study.name, operation.c.role == "base"))


def is_extracted_elsewhere(connection: Connection, study_id: Id) -> bool:
    """Whether a study's values came settled with a review from another program."""
    found = connection.execute(select(study.c.id).where(study.c.id == study_id, came_extracted()))
    return found.first() is not None


def finish_states(connection: Connection, sight: Sight, finish: Table) -> dict[Id, FinishState]:
    """Who has marked each study finished, by the table of these marks. Others' marks show once one's own is set, or to
    who leads or does not judge."""
    me = sight.viewer.id
    others = [p.id for p in team.reviewers(connection) if p.is_screener and p.id != me]
    always = sight.viewer.is_lead or not sight.viewer.is_screener
    marks = _finish_marks(connection, sight, finish)

    def state(study_id: Id, reviewer_id: Id) -> WorkState:
        if not always and (study_id, me) not in marks:
            return WorkState.LOCKED
        return WorkState.FINISHED if (study_id, reviewer_id) in marks else WorkState.OPEN

    return {
        study_id: FinishState((study_id, me) in marks, {other: state(study_id, other) for other in others})
        for study_id in labels(connection)
    }


def _finish_marks(connection: Connection, sight: Sight, table: Table) -> set[tuple[Id, Id]]:
    rows = connection.execute(select(table.c.study_id, table.c.reviewer_id).where(sight.marks(table)))
    return {(study_id, reviewer_id) for study_id, reviewer_id in rows}


def _cells(connection: Connection) -> dict[Id, set[tuple[Id, str]]]:
    """What is to be filled in for each study: {study: {(result or study, field)}}."""
    form = [f.key for f in extraction.form_fields(connection)]
    wanted = {study_id: {(study_id, key) for key in form} for study_id in labels(connection)}
    for place in extraction.results(connection):
        wanted[place.study_id] |= {(place.id, each.id) for each in place.statistics if not each.optional}
    return wanted


def _own_entries(connection: Connection, reviewer_id: Id) -> dict[Id, set[tuple[Id, str]]]:
    found: dict[Id, set[tuple[Id, str]]] = defaultdict(set)
    for r in connection.execute(
        select(entry.c.study_id, entry.c.subject_id, entry.c.field).where(
            entry.c.reviewer_id == reviewer_id, entry.c.deleted.is_(False)
        )
    ):
        found[r.study_id].add((r.subject_id, r.field))
    return found


def _own_judgements(connection: Connection, reviewer_id: Id) -> dict[Id, int]:
    rows = connection.execute(
        select(judgement.c.study_id, func.count())
        .where(judgement.c.reviewer_id == reviewer_id, judgement.c.deleted.is_(False))
        .group_by(judgement.c.study_id)
    )
    return {r[0]: r[1] for r in rows}
