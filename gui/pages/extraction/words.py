"""The words of extraction: how roles, statuses, periods and kinds are called on screen."""

from __future__ import annotations

from collections.abc import Sequence

from core.extraction.forms import FieldKind
from core.language import figure, inside, tr
from core.model import ArmRole, Direction, OutcomeKind, Period, StudyStatus, ValueKind, ValueStatus
from core.store.queries.extraction import ResultView
from core.store.queries.studies import ArmView, StudyView

ROLES = {ArmRole.EXPERIMENTAL: tr("Experimental"), ArmRole.CONTROL: tr("Control"), ArmRole.OTHER: tr("Other")}
STATUSES = {
    ValueStatus.PUBLISHED: tr("Published"),
    ValueStatus.AUTHORS: tr("From the authors"),
    ValueStatus.RAW_DATA: tr("From raw data"),
    ValueStatus.FIGURE: tr("Read from a figure"),
    ValueStatus.COMPUTED: tr("Computed"),
    ValueStatus.IMPUTED: tr("Imputed"),
    ValueStatus.RECONSTRUCTED: tr("Reconstructed"),
    ValueStatus.ILLUSTRATIVE: tr("Illustrative"),
}
STUDY_STATUSES = {
    StudyStatus.INCLUDED: tr("Included"),
    StudyStatus.EXCLUDED: tr("Excluded"),
    StudyStatus.AWAITING: tr("Awaiting classification"),
    StudyStatus.ONGOING: tr("Ongoing"),
}
PERIODS = {
    Period.ONLY: tr("Not a crossover"),
    Period.FIRST: tr("First period"),
    Period.BOTH: tr("Both periods"),
    Period.PAIRED: tr("Paired analysis"),
}
KINDS = {
    ValueKind.POST: tr("At the time point"),
    ValueKind.CHANGE: tr("Change from baseline"),
    ValueKind.PERCENT_CHANGE: tr("Percent change from baseline"),
    ValueKind.RESPONDER: tr("Participants with the event"),
    ValueKind.DIFFERENCE: tr("Difference between arms"),
}
KINDS_OF_ARM = {
    OutcomeKind.DICHOTOMOUS: (ValueKind.RESPONDER,),
    OutcomeKind.CONTINUOUS: (ValueKind.POST, ValueKind.CHANGE, ValueKind.PERCENT_CHANGE),
    OutcomeKind.GENERIC: (),
    OutcomeKind.O_E: (),
    OutcomeKind.OTHER: (),
}
KINDS_OF_CONTRAST = (ValueKind.DIFFERENCE, ValueKind.CHANGE, ValueKind.PERCENT_CHANGE)
OUTCOME_KINDS = {
    OutcomeKind.DICHOTOMOUS: tr("Events (counts)"),
    OutcomeKind.CONTINUOUS: tr("Means and SDs"),
    OutcomeKind.GENERIC: tr("Reported effects"),
    OutcomeKind.O_E: tr("O − E and variance"),
    OutcomeKind.OTHER: tr("Texts, not pooled"),
}
DIRECTIONS = {Direction.LOWER: tr("Lower is better"), Direction.HIGHER: tr("Higher is better")}
FIELD_KINDS = {FieldKind.TEXT: tr("Text"), FieldKind.NUMBER: tr("Number"), FieldKind.CHOICE: tr("Choice")}
NOT_REPORTED = "NR"


def lower_direction(better: Direction | None) -> str:
    """“lower is better”, "" when no direction is known."""
    return inside(DIRECTIONS[better]) if better else ""


def study_facts(study: StudyView) -> str:
    """“crossover, n = 41”."""
    number = tr("n = {n}", n=figure(study.randomised)) if study.randomised is not None else ""
    return ", ".join(filter(None, (study.design, number)))


def contrast_name(arms: Sequence[ArmView]) -> str:
    """“Ketamine v midazolam”, when the study has one experimental and one control arm; else "Contrast"."""
    sides = [[a.label for a in arms if a.role is role] for role in (ArmRole.EXPERIMENTAL, ArmRole.CONTROL)]
    if all(len(side) == 1 for side in sides):
        return tr("{one} v {other}", one=sides[0][0], other=sides[1][0])
    return tr("Contrast")


def result_facts(result: ResultView) -> str:
    """What belongs to a result besides outcome, arm and time: “IES-R, with GAD, first period, lower is better”."""
    usual = ValueKind.DIFFERENCE if result.is_contrast else ValueKind.POST
    if not result.is_contrast and result.outcome_kind is OutcomeKind.DICHOTOMOUS:
        usual = ValueKind.RESPONDER
    kind = "" if result.kind is usual else inside(KINDS[result.kind])
    period = "" if result.period is Period.ONLY else inside(PERIODS[result.period])
    parts = (result.instrument, result.population_label, kind, period, lower_direction(result.better))
    return ", ".join(filter(None, parts))
