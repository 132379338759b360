"""The statistics that a result is made of, as data: what is asked for, by the outcome's kind."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from core.language import mark
from core.model import OutcomeKind


class Nature(enum.StrEnum):
    """What a statistic can be; `core.extraction.checks` holds the rules."""

    COUNT = "count"
    PARTICIPANTS = "participants"
    NUMBER = "number"
    SPREAD = "spread"
    """A standard deviation: 0 or more."""
    ERROR = "error"
    """A standard error: more than 0."""


@dataclass(frozen=True, slots=True)
class Statistic:
    """One number of a result; ``id`` is the ``field`` of its entries."""

    id: str
    label: str
    nature: Nature


@dataclass(frozen=True, slots=True)
class ContrastMeasure:
    """An effect measure in which papers report a contrast; a ratio is analysed as its logarithm."""

    key: str
    label: str
    ratio: bool


EVENTS = Statistic("events", mark("Events"), Nature.COUNT)
TOTAL = Statistic("total", mark("Total"), Nature.PARTICIPANTS)
MEAN = Statistic("mean", mark("Mean"), Nature.NUMBER)
SD = Statistic("sd", mark("SD"), Nature.SPREAD)
EFFECT = Statistic("effect", mark("Effect"), Nature.NUMBER)
SE = Statistic("se", mark("SE"), Nature.ERROR)
CI_LOWER = Statistic("ci_lower", mark("95% CI, lower"), Nature.NUMBER)
CI_UPPER = Statistic("ci_upper", mark("95% CI, upper"), Nature.NUMBER)

ARM_STATISTICS: dict[OutcomeKind, tuple[Statistic, ...]] = {
    OutcomeKind.DICHOTOMOUS: (EVENTS, TOTAL),
    OutcomeKind.CONTINUOUS: (MEAN, SD, TOTAL),
}
"""What one arm's result needs. A generic outcome has contrasts only."""

CONTRAST_STATISTICS = (EFFECT, SE, CI_LOWER, CI_UPPER)
"""What a contrast needs: effect and interval on the scale of the paper, the standard error on the scale of analysis
(the logarithm for ratios)."""

CONTRAST_MEASURES: dict[str, ContrastMeasure] = {
    m.key: m
    for m in (
        ContrastMeasure("MD", mark("Mean difference"), False),
        ContrastMeasure("SMD", mark("Standardised mean difference"), False),
        ContrastMeasure("ROM", mark("Ratio of means"), True),
        ContrastMeasure("OR", mark("Odds ratio"), True),
        ContrastMeasure("RR", mark("Risk ratio"), True),
        ContrastMeasure("RD", mark("Risk difference"), False),
        ContrastMeasure("HR", mark("Hazard ratio"), True),
        ContrastMeasure("IRR", mark("Rate ratio"), True),
        ContrastMeasure("GEN", mark("Effect"), False),
    )
}
"""The measures a contrast may be reported in, by key."""


def statistics_for(kind: OutcomeKind, *, contrast: bool) -> tuple[Statistic, ...]:
    """The statistics of a result: of a contrast, or of one arm (none for a generic outcome)."""
    return CONTRAST_STATISTICS if contrast else ARM_STATISTICS.get(kind, ())
