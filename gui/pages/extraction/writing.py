"""Changes of the extraction page that take several operations of the core, one after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from core.errors import CopseError
from core.model import Area, Id, OpResult
from core.store.queries.studies import StudyView

if TYPE_CHECKING:
    from core.review import Session
    from gui.pages.extraction.result_panel import WantedMeasurement, WantedResults

T = TypeVar("T")
InTurn = tuple[tuple[T, ...], CopseError | None]
"""What the steps gave, and why the next one was refused."""


def in_turn(steps: Iterable[Callable[[], OpResult[T]]]) -> OpResult[InTurn[T]]:
    """Do one step after the other; stop at the first that is refused and say why beside what was done.

    When the very first is refused, nothing was done and the refusal is raised.
    """
    done: list[OpResult[T]] = []
    refused: CopseError | None = None
    for step in steps:
        try:
            done.append(step())
        except CopseError as error:
            if not done:
                raise
            refused = error
            break
    areas = Area.NONE
    for each in done:
        areas |= each.areas
    values = tuple(each.value for each in done)
    last = done[-1] if done else None
    label, operation = (last.label, last.operation) if last is not None else ("", None)
    return OpResult((values, refused), areas, label, operation)


def add_results(session: Session, study: StudyView, wanted: WantedResults) -> OpResult[InTurn[Id]]:
    """A result for each arm that is wanted (or the contrast), with its instrument."""
    measurement, first = _measurement(session, study, wanted)

    def one(arm_id: Id | None) -> Callable[[], OpResult[Id]]:
        return lambda: session.extraction.add_result(
            study.id,
            wanted.outcome_id,
            arm_id=arm_id,
            population_id=wanted.population_id,
            measurement_id=measurement,
            time_point=wanted.time_point,
            period=wanted.period,
            kind=wanted.kind,
            effect_measure=wanted.effect_measure,
        )

    added = in_turn(one(arm_id) for arm_id in wanted.arm_ids)
    return OpResult(added.value, added.areas | first, added.label, added.operation)


def change_results(session: Session, study: StudyView, wanted: WantedResults) -> OpResult[InTurn[None]]:
    """What is wanted, for each of the results that are to be changed."""
    measurement, first = _measurement(session, study, wanted)
    places = {place.id: place for place in session.extraction.results(study.id)}
    several_times = len({places[i].time_point for i in wanted.changes if i in places}) > 1

    def one(result_id: Id) -> Callable[[], OpResult[None]]:
        contrast = result_id in places and places[result_id].is_contrast
        return lambda: session.extraction.change_result(
            result_id,
            population_id=wanted.population_id,
            measurement_id=measurement,
            time_point=None if several_times else wanted.time_point,
            period=wanted.period,
            kind=wanted.kind,
            effect_measure=wanted.effect_measure if contrast else None,
        )

    changed = in_turn(one(result_id) for result_id in wanted.changes)
    return OpResult(changed.value, changed.areas | first, changed.label, changed.operation)


def remove_results(session: Session, result_ids: Sequence[Id]) -> OpResult[InTurn[None]]:
    """Remove these results."""
    return in_turn([_removal(session, result_id) for result_id in result_ids])


def _removal(session: Session, result_id: Id) -> Callable[[], OpResult[None]]:
    return lambda: session.extraction.remove_result(result_id)


def _measurement(session: Session, study: StudyView, wanted: WantedResults) -> tuple[Id | None, Area]:
    """The wanted instrument: made when it is new, changed when it is to be called or read otherwise."""
    asked: WantedMeasurement | None = wanted.measurement
    if asked is None:
        return None, Area.NONE
    known = next((m for m in study.measurements if m.id == asked.id), None)
    done: OpResult[Any]
    if known is None:
        done = session.studies.add_measurement(
            study.id, wanted.outcome_id, asked.instrument, better=asked.better, definition=asked.definition
        )
        return done.value, done.areas
    if (known.instrument, known.better, known.definition) == (asked.instrument, asked.better, asked.definition):
        return known.id, Area.NONE
    done = session.studies.change_measurement(
        known.id, instrument=asked.instrument, better=asked.better, definition=asked.definition
    )
    return known.id, done.areas
