"""The words of extraction: how roles, statuses, periods and kinds are called on screen."""

from __future__ import annotations

from collections.abc import Sequence

from core.extraction.forms import FieldKind
from core.model import ArmRole, Direction, OutcomeKind, Period, StudyStatus, ValueKind, ValueStatus
from core.store.queries.extraction import ResultView
from core.store.queries.studies import ArmView, StudyView

ROLES = {ArmRole.EXPERIMENTAL: "Experimental", ArmRole.CONTROL: "Control", ArmRole.OTHER: "Other"}
STATUSES = {
    ValueStatus.PUBLISHED: "Published",
    ValueStatus.AUTHORS: "From the authors",
    ValueStatus.RAW_DATA: "From raw data",
    ValueStatus.FIGURE: "Read from a figure",
    ValueStatus.COMPUTED: "Computed",
    ValueStatus.IMPUTED: "Imputed",
    ValueStatus.RECONSTRUCTED: "Reconstructed",
    ValueStatus.ILLUSTRATIVE: "Illustrative",
}
STUDY_STATUSES = {
    StudyStatus.INCLUDED: "Included",
    StudyStatus.EXCLUDED: "Excluded",
    StudyStatus.AWAITING: "Awaiting classification",
    StudyStatus.ONGOING: "Ongoing",
}
PERIODS = {
    Period.ONLY: "Not a crossover",
    Period.FIRST: "First period",
    Period.BOTH: "Both periods",
    Period.PAIRED: "Paired analysis",
}
KINDS = {
    ValueKind.POST: "At the time point",
    ValueKind.CHANGE: "Change from baseline",
    ValueKind.PERCENT_CHANGE: "Percent change from baseline",
    ValueKind.RESPONDER: "Participants with the event",
    ValueKind.DIFFERENCE: "Difference between arms",
}
KINDS_OF_ARM = {
    OutcomeKind.DICHOTOMOUS: (ValueKind.RESPONDER,),
    OutcomeKind.CONTINUOUS: (ValueKind.POST, ValueKind.CHANGE, ValueKind.PERCENT_CHANGE),
    OutcomeKind.GENERIC: (),
}
KINDS_OF_CONTRAST = (ValueKind.DIFFERENCE, ValueKind.CHANGE, ValueKind.PERCENT_CHANGE)
OUTCOME_KINDS = {
    OutcomeKind.DICHOTOMOUS: "Events (counts)",
    OutcomeKind.CONTINUOUS: "Means and SDs",
    OutcomeKind.GENERIC: "Reported effects",
}
DIRECTIONS = {Direction.LOWER: "Lower is better", Direction.HIGHER: "Higher is better"}
FIELD_KINDS = {FieldKind.TEXT: "Text", FieldKind.NUMBER: "Number", FieldKind.CHOICE: "Choice"}
NOT_REPORTED = "NR"


def lower_direction(better: Direction | None) -> str:
    """“lower is better”, "" when no direction is known."""
    return DIRECTIONS[better].lower() if better else ""


def study_facts(study: StudyView) -> str:
    """“crossover, n = 41”."""
    number = f"n = {study.randomised:,}" if study.randomised is not None else ""
    return ", ".join(filter(None, (study.design, number)))


def contrast_name(arms: Sequence[ArmView]) -> str:
    """“Ketamine v midazolam”, when the study has one experimental and one control arm; else "Contrast"."""
    sides = [[a.label for a in arms if a.role is role] for role in (ArmRole.EXPERIMENTAL, ArmRole.CONTROL)]
    if all(len(side) == 1 for side in sides):
        return f"{sides[0][0]} v {sides[1][0]}"
    return "Contrast"


def result_facts(result: ResultView) -> str:
    """What belongs to a result besides outcome, arm and time: “IES-R, with GAD, first period, lower is better”."""
    usual = ValueKind.DIFFERENCE if result.is_contrast else ValueKind.RESPONDER
    if not result.is_contrast and result.outcome_kind is OutcomeKind.CONTINUOUS:
        usual = ValueKind.POST
    kind = "" if result.kind is usual else KINDS[result.kind].lower()
    period = "" if result.period is Period.ONLY else PERIODS[result.period].lower()
    parts = (result.instrument, result.population_label, kind, period, lower_direction(result.better))
    return ", ".join(filter(None, parts))


def counted(number: int, thing: str) -> str:
    """“1 arm”, “2 arms”."""
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"
