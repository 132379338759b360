"""Results, entries and consensus, as one reviewer may see them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, and_, case, exists, or_, select, true

from core.extraction.compare import Value
from core.extraction.forms import FieldKind
from core.extraction.statistics import CONTRAST_MEASURES, Nature, Statistic, statistics_for
from core.language import phrase
from core.model import ArmRole, Direction, Id, OutcomeKind, Period, Settlement, ValueKind, ValueStatus
from core.store.schema import (
    analysis,
    analysis_row,
    arm,
    consensus,
    entry,
    extraction_finish,
    form_field,
    measurement,
    outcome,
    population,
    result,
    study,
)
from core.store.sight import Sight


@dataclass(frozen=True, slots=True)
class ResultView:
    """A place for values: study, arm (None for a contrast), population, outcome, time point, period and kind.

    ``better`` is the measurement's direction, else the outcome's; None where neither says.
    """

    id: Id
    study_id: Id
    study_label: str
    outcome_id: Id
    outcome_label: str
    outcome_kind: OutcomeKind
    arm_id: Id | None
    arm_label: str
    arm_role: ArmRole | None
    population_id: Id | None
    population_label: str
    measurement_id: Id | None
    instrument: str
    better: Direction | None
    time_point: str
    period: Period
    kind: ValueKind
    effect_measure: str
    notice: str
    position: int
    headings: tuple[str, ...] = ()
    """Of texts: what an analysis of the outcome heads them with."""

    @property
    def is_contrast(self) -> bool:
        """Whether it compares arms instead of describing one."""
        return self.arm_id is None

    @property
    def statistics(self) -> tuple[Statistic, ...]:
        """The statistics it needs."""
        return statistics_for(
            self.outcome_kind, contrast=self.is_contrast, measure=self.effect_measure, headings=self.headings
        )

    @property
    def heading(self) -> str:
        """What is measured, in whom and when: "Response, with GAD, 24 h"."""
        return ", ".join(filter(None, (self.outcome_label, self.instrument, self.population_label, self.time_point)))

    @property
    def column(self) -> str:
        """The arm, or the measure of the contrast."""
        return self.arm_label if self.arm_id is not None else self.effect_measure

    @property
    def label(self) -> str:
        """Heading and arm: "Response, 24 h, ketamine"."""
        return ", ".join(filter(None, (self.heading, self.column)))


@dataclass(frozen=True, slots=True)
class FormField:
    """A field of the team's form, answered once per study."""

    id: Id
    section: str
    label: str
    kind: FieldKind
    options: tuple[str, ...]
    unit: str
    help: str
    required: bool
    position: int

    @property
    def key(self) -> str:
        """The ``field`` of its entries."""
        return self.id.hex()


@dataclass(frozen=True, slots=True)
class Cell:
    """One thing to fill in for a study: a statistic of a result, or a field of the form. An ``optional`` one is not
    waited for; ``takes_text`` says that a statistic is words."""

    study_id: Id
    subject_id: Id
    field: str
    section: str
    label: str
    required: bool
    optional: bool = False
    takes_text: bool = False


@dataclass(frozen=True, slots=True)
class EntryView:
    """One reviewer's value in one cell."""

    study_id: Id
    subject_id: Id
    field: str
    reviewer_id: Id
    value: Value
    status: ValueStatus
    source: str
    note: str
    entered_at: int


@dataclass(frozen=True, slots=True)
class ConsensusView:
    """The settled value of one cell."""

    study_id: Id
    subject_id: Id
    field: str
    value: Value
    status: ValueStatus
    source: str
    how: Settlement
    settled_by: Id
    note: str
    settled_at: int
    basis: str


def results(
    connection: Connection,
    *,
    study_id: Id | None = None,
    outcome_id: Id | None = None,
    ids: Sequence[Id] | None = None,
) -> tuple[ResultView, ...]:
    """The results of the review (of a study, of an outcome, or with these ids), by study and in their order."""
    statement = (
        select(
            result,
            study.c.label.label("study_label"),
            outcome.c.label.label("outcome_label"),
            outcome.c.kind.label("outcome_kind"),
            arm.c.label.label("arm_label"),
            arm.c.role.label("arm_role"),
            population.c.label.label("population_label"),
            measurement.c.instrument,
            case((measurement.c.better != "", measurement.c.better), else_=outcome.c.better).label("better"),
        )
        .join(study, and_(study.c.id == result.c.study_id, study.c.deleted.is_(False)))
        .join(outcome, and_(outcome.c.id == result.c.outcome_id, outcome.c.deleted.is_(False)))
        .join(arm, arm.c.id == result.c.arm_id, isouter=True)
        .join(population, population.c.id == result.c.population_id, isouter=True)
        .join(measurement, measurement.c.id == result.c.measurement_id, isouter=True)
        .where(result.c.deleted.is_(False))
        .order_by(study.c.position, study.c.id, result.c.position, result.c.id)
    )
    if study_id is not None:
        statement = statement.where(result.c.study_id == study_id)
    if outcome_id is not None:
        statement = statement.where(result.c.outcome_id == outcome_id)
    if ids is not None:
        statement = statement.where(result.c.id.in_(list(ids)))
    headings = _headings(connection)
    return tuple(
        ResultView(
            id=r.id,
            study_id=r.study_id,
            study_label=r.study_label,
            outcome_id=r.outcome_id,
            outcome_label=r.outcome_label,
            outcome_kind=OutcomeKind(r.outcome_kind),
            arm_id=r.arm_id,
            arm_label=r.arm_label or "",
            arm_role=ArmRole(r.arm_role) if r.arm_role else None,
            population_id=r.population_id,
            population_label=r.population_label or "",
            measurement_id=r.measurement_id,
            instrument=r.instrument or "",
            better=Direction(r.better) if r.better else None,
            time_point=r.time_point,
            period=Period(r.period),
            kind=ValueKind(r.kind),
            effect_measure=r.effect_measure,
            notice=r.notice,
            position=r.position,
            headings=headings.get(r.outcome_id, ()),
        )
        for r in connection.execute(statement)
    )


def _headings(connection: Connection) -> dict[Id, tuple[str, ...]]:
    """What the texts of outcomes are headed with: as in the first analysis of each that has headings."""
    rows = connection.execute(
        select(analysis.c.outcome_id, analysis.c.columns)
        .where(analysis.c.kind == OutcomeKind.OTHER.value, analysis.c.deleted.is_(False))
        .order_by(analysis.c.position.desc(), analysis.c.id.desc())
    )
    return {outcome_id: tuple(columns) for outcome_id, columns in rows if columns}


def used_in_analyses(connection: Connection, result_id: Id) -> bool:
    """Whether an analysis takes a row from this result."""
    columns = (analysis_row.c.experimental_id, analysis_row.c.control_id, analysis_row.c.contrast_id)
    statement = select(analysis_row.c.id).where(
        analysis_row.c.deleted.is_(False), or_(*(c == result_id for c in columns))
    )
    return connection.execute(statement.limit(1)).first() is not None


def form_fields(connection: Connection) -> tuple[FormField, ...]:
    """The form in its order."""
    rows = connection.execute(
        select(form_field).where(form_field.c.deleted.is_(False)).order_by(form_field.c.position, form_field.c.id)
    )
    return tuple(
        FormField(r.id, r.section, r.label, FieldKind(r.kind), tuple(r.options), r.unit, r.help, r.required, r.position)
        for r in rows
    )


def cells(connection: Connection, study_id: Id) -> tuple[Cell, ...]:
    """All that is to be filled in for a study: the form first, then the results, in their order."""
    form = [Cell(study_id, study_id, f.key, f.section, f.label, f.required) for f in form_fields(connection)]
    places = results(connection, study_id=study_id)
    return (*form, *(cell for place in places for cell in cells_of(place)))


def cells_of(place: ResultView) -> tuple[Cell, ...]:
    """The cells of one result."""

    def label(statistic: Statistic) -> str:
        if not place.is_contrast:
            return phrase("{column}: {statistic}", column=place.column, statistic=statistic.label)
        if statistic.id == "effect" and place.effect_measure in CONTRAST_MEASURES:
            return CONTRAST_MEASURES[place.effect_measure].label
        return statistic.label

    return tuple(
        Cell(place.study_id, place.id, s.id, place.heading, label(s), False, s.optional, s.nature is Nature.TEXT)
        for s in place.statistics
    )


# --- entries ---------------------------------------------------------------------------------------------------------


def entries(connection: Connection, sight: Sight, study_id: Id, *, own: bool = False) -> tuple[EntryView, ...]:
    """The entries on a study that the viewer may see (or only their own), own first."""
    return _entries(connection, sight, entry.c.study_id == study_id, own=own)


def entries_of_cell(connection: Connection, sight: Sight, subject_id: Id, field: str) -> tuple[EntryView, ...]:
    """The entries in one cell that the viewer may see, own first."""
    return _entries(connection, sight, and_(entry.c.subject_id == subject_id, entry.c.field == field), own=False)


def own_numbers(connection: Connection, sight: Sight, result_ids: Sequence[Id]) -> dict[Id, dict[str, float]]:
    """The viewer's own numbers in these results: {result: {statistic: number}}."""
    found: dict[Id, dict[str, float]] = {i: {} for i in result_ids}
    for one in _entries(connection, sight, entry.c.subject_id.in_(list(result_ids)), own=True):
        if one.value.number is not None:
            found[one.subject_id][one.field] = one.value.number
    return found


def _entries(connection: Connection, sight: Sight, where: ColumnElement[bool], *, own: bool) -> tuple[EntryView, ...]:
    mine = entry.c.reviewer_id == sight.viewer.id
    rows = connection.execute(
        select(entry)
        .where(where, sight.entries(), mine if own else true())
        .order_by(case((mine, 0), else_=1), entry.c.reviewer_id, entry.c.subject_id, entry.c.field)
    )
    return tuple(
        EntryView(
            r.study_id,
            r.subject_id,
            r.field,
            r.reviewer_id,
            Value(r.number, r.text, r.not_reported),
            ValueStatus(r.status or ValueStatus.PUBLISHED),
            r.source,
            r.note,
            r.entered_at,
        )
        for r in rows
    )


# --- finishing -------------------------------------------------------------------------------------------------------


def has_finished(connection: Connection, sight: Sight, study_id: Id) -> bool:
    """Whether the viewer has marked their extraction of the study finished."""
    statement = select(extraction_finish.c.id).where(
        extraction_finish.c.study_id == study_id,
        extraction_finish.c.reviewer_id == sight.viewer.id,
        extraction_finish.c.deleted.is_(False),
    )
    return connection.execute(statement).first() is not None


def revealed_studies(connection: Connection, sight: Sight) -> tuple[Id, ...]:
    """Studies whose entries the viewer may compare, in order."""
    rows = connection.execute(
        select(study.c.id)
        .where(study.c.deleted.is_(False), sight.extraction_shown(study.c.id))
        .order_by(study.c.position, study.c.id)
    )
    return tuple(rows.scalars())


def finished_reviewers(connection: Connection, sight: Sight, study_id: Id) -> tuple[Id, ...]:
    """Who has finished a study that is revealed to the viewer; empty before."""
    done = extraction_finish
    rows = connection.execute(
        select(done.c.reviewer_id).where(
            done.c.study_id == study_id,
            done.c.deleted.is_(False),
            exists().where(study.c.id == study_id, sight.extraction_shown(study.c.id)),
        )
    )
    return tuple(rows.scalars())


# --- consensus: settled figures are open to all ----------------------------------------------------------------------


def consensus_values(connection: Connection, study_id: Id) -> tuple[ConsensusView, ...]:
    """All settled values of a study."""
    return _consensus(connection, consensus.c.study_id == study_id)


def consensus_of_results(connection: Connection, result_ids: Sequence[Id]) -> dict[Id, dict[str, ConsensusView]]:
    """The settled values of these results: {result: {statistic: value}}; results without any are there, empty."""
    found: dict[Id, dict[str, ConsensusView]] = {i: {} for i in result_ids}
    for one in _consensus(connection, consensus.c.subject_id.in_(list(result_ids))):
        found[one.subject_id][one.field] = one
    return found


def consensus_value(connection: Connection, subject_id: Id, field: str) -> ConsensusView | None:
    """The settled value of a cell, None while it is open."""
    found = _consensus(connection, and_(consensus.c.subject_id == subject_id, consensus.c.field == field))
    return found[0] if found else None


def _consensus(connection: Connection, where: ColumnElement[bool]) -> tuple[ConsensusView, ...]:
    rows = connection.execute(
        select(consensus)
        .where(where, consensus.c.deleted.is_(False))
        .order_by(consensus.c.subject_id, consensus.c.field)
    )
    return tuple(
        ConsensusView(
            r.study_id,
            r.subject_id,
            r.field,
            Value(r.number, r.text, r.not_reported),
            ValueStatus(r.status or ValueStatus.PUBLISHED),
            r.source,
            Settlement(r.how),
            r.settled_by,
            r.note,
            r.settled_at,
            r.basis,
        )
        for r in rows
    )
