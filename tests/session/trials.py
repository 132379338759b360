"""Trials extracted twice and settled, for tests of what is made from them."""

from __future__ import annotations

from collections.abc import Mapping

from core.model import ArmRole, Direction, Id, OutcomeKind, Period, ValueKind, ValueStatus
from core.review import Review
from core.session.extraction import NewEntry
from tests.reviews import sessions

Numbers = Mapping[str, float]

SAD = (("Glue 2017", 8, 12, 0, 12), ("Taylor 2018", 6, 18, 0, 17))
PTSD = (("Feder 2014", 9, 22, 4, 19), ("Dadabayev 2020", 4, 11, 3, 10), ("Pradhan 2017", 5, 5, 5, 5))
"""Responders and participants, ketamine then control, from the example review."""


def settle(
    review: Review, study: Id, values: Mapping[Id, Numbers], status: ValueStatus = ValueStatus.PUBLISHED
) -> None:
    """Two reviewers enter the same, finish, and a third settles."""
    asha, tom, rosa = sessions(review)
    entries = [NewEntry(i, name, n, status=status) for i, numbers in values.items() for name, n in numbers.items()]
    for person in (asha, tom):
        person.extraction.enter_many(entries)
        person.extraction.finish(study)
    rosa.extraction.settle_equal(study)


def add_outcome(
    review: Review, label: str, kind: OutcomeKind = OutcomeKind.DICHOTOMOUS, better: Direction | None = Direction.HIGHER
) -> Id:
    """An outcome of the protocol."""
    return sessions(review)[0].protocol.add_outcome(label, kind, better=better).value


def two_arms(
    review: Review,
    outcome: Id,
    label: str,
    experimental: Numbers,
    control: Numbers,
    *,
    design: str = "parallel",
    period: Period = Period.ONLY,
    instrument: str = "",
    better: Direction | None = None,
    definition: str = "",
    status: ValueStatus = ValueStatus.PUBLISHED,
) -> Id:
    """A study with one result in each of two arms, settled; its id."""
    lead = sessions(review)[0]
    study = lead.studies.create(label=label, design=design).value
    measurement = None
    if instrument:
        measurement = lead.studies.add_measurement(
            study, outcome, instrument, better=better, definition=definition
        ).value
    values: dict[Id, Numbers] = {}
    for role, numbers in ((ArmRole.EXPERIMENTAL, experimental), (ArmRole.CONTROL, control)):
        arm = lead.studies.add_arm(study, role.value.capitalize(), role).value
        place = lead.extraction.add_result(study, outcome, arm_id=arm, measurement_id=measurement, period=period).value
        values[place] = numbers
    settle(review, study, values, status)
    return study


def counts(review: Review, outcome: Id, label: str, a: int, n1: int, c: int, n2: int, design: str = "parallel") -> Id:
    """A study with counts of events."""
    return two_arms(review, outcome, label, {"events": a, "total": n1}, {"events": c, "total": n2}, design=design)


def contrast(
    review: Review,
    outcome: Id,
    label: str,
    measure: str,
    numbers: Numbers,
    *,
    instrument: str = "",
    better: Direction | None = None,
) -> Id:
    """A study that reports a comparison of its arms, settled; its id."""
    lead = sessions(review)[0]
    study = lead.studies.create(label=label).value
    measurement = None
    if instrument:
        measurement = lead.studies.add_measurement(study, outcome, instrument, better=better).value
    place = lead.extraction.add_result(
        study, outcome, measurement_id=measurement, effect_measure=measure, kind=ValueKind.DIFFERENCE
    ).value
    settle(review, study, {place: numbers})
    return study


def told(review: Review, outcome: Id, label: str, *words: str) -> Id:
    """A study that tells of an outcome in words, settled; its id."""
    asha, tom, rosa = sessions(review)
    study = asha.studies.create(label=label).value
    place = asha.extraction.add_result(study, outcome).value
    for person in (asha, tom):
        for n, text in enumerate(words, start=1):
            person.extraction.enter(place, f"text_{n}", text=text)
        person.extraction.finish(study)
    rosa.extraction.settle_equal(study)
    return study


def analysis(review: Review, outcome: Id, **settings: object) -> Id:
    """An analysis of an outcome with all the rows the extraction offers."""
    part = sessions(review)[0].synthesis
    found = part.tree()
    comparison = found[0].id if found else part.add_comparison("Ketamine v control", "Ketamine", "Control").value
    made = part.add_analysis(comparison, outcome_id=outcome, fill=True).value
    if settings:
        part.change_analysis(made, **settings)
    return made
