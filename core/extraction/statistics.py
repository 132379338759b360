"""The statistics that a result is made of, as data: what is asked for, by the outcome's kind."""

from __future__ import annotations

import enum
from collections.abc import Sequence
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
    """A standard error, or a variance: more than 0."""
    TEXT = "text"
    """Words."""


@dataclass(frozen=True, slots=True)
class Statistic:
    """One number or text of a result; ``id`` is the ``field`` of its entries. An ``optional`` one is not waited for."""

    id: str
    label: str
    nature: Nature
    optional: bool = False


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
LOG_EFFECT = Statistic("log_effect", mark("Logarithm"), Nature.NUMBER, optional=True)
O_E = Statistic("o_e", mark("O − E"), Nature.NUMBER)
VARIANCE = Statistic("variance", mark("Variance"), Nature.ERROR)
EVENTS_1 = Statistic("events_1", mark("Events, exp."), Nature.COUNT, optional=True)
TOTAL_1 = Statistic("total_1", mark("Total, exp."), Nature.PARTICIPANTS, optional=True)
EVENTS_2 = Statistic("events_2", mark("Events, control"), Nature.COUNT, optional=True)
TOTAL_2 = Statistic("total_2", mark("Total, control"), Nature.PARTICIPANTS, optional=True)

ARM_STATISTICS: dict[OutcomeKind, tuple[Statistic, ...]] = {
    OutcomeKind.DICHOTOMOUS: (EVENTS, TOTAL),
    OutcomeKind.CONTINUOUS: (MEAN, SD, TOTAL),
}
"""What one arm's result needs. The other kinds of outcome have contrasts only."""

CONTRAST_STATISTICS = (EFFECT, SE, CI_LOWER, CI_UPPER)
"""What a contrast needs: effect and interval on the scale of the paper, the standard error on the scale of analysis
(the logarithm for ratios)."""

GENERIC_STATISTICS = (EFFECT, SE, CI_LOWER, CI_UPPER, TOTAL_1, TOTAL_2)
"""A contrast of a generic outcome may say how many participants stand on the experimental and the control side."""

RATIO_STATISTICS = (EFFECT, SE, CI_LOWER, CI_UPPER, LOG_EFFECT, TOTAL_1, TOTAL_2)
"""A ratio of a generic outcome may be given as its natural logarithm, which is then analysed to its last digit."""

O_E_STATISTICS = (EVENTS_1, TOTAL_1, EVENTS_2, TOTAL_2, O_E, VARIANCE)
"""Observed minus expected events with their variance; events and participants of both sides where they are given."""

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
        ContrastMeasure("GENLOG", mark("Ratio"), True),
        ContrastMeasure("O-E", mark("O − E and variance"), False),
    )
}
"""The measures a contrast may be reported in, by key."""


def measures_for(kind: OutcomeKind) -> tuple[ContrastMeasure, ...]:
    """The measures that a contrast of such an outcome may be reported in; texts have none."""
    if kind is OutcomeKind.OTHER:
        return ()
    return tuple(m for m in CONTRAST_MEASURES.values() if (m.key == "O-E") == (kind is OutcomeKind.O_E))


def statistics_for(
    kind: OutcomeKind, *, contrast: bool, measure: str = "", headings: Sequence[str] = ()
) -> tuple[Statistic, ...]:
    """The statistics of a result: of a contrast (in this effect measure), or of one arm where the outcome has such.

    The texts of an outcome of texts are text_1, text_2 ... under these headings, one at least.
    """
    if not contrast:
        return ARM_STATISTICS.get(kind, ())
    if kind is OutcomeKind.OTHER:
        named = headings or (mark("Text"),)
        return tuple(Statistic(f"text_{n}", heading, Nature.TEXT) for n, heading in enumerate(named, start=1))
    if kind is OutcomeKind.O_E:
        return O_E_STATISTICS
    if kind is not OutcomeKind.GENERIC:
        return CONTRAST_STATISTICS
    ratio = measure in CONTRAST_MEASURES and CONTRAST_MEASURES[measure].ratio
    return RATIO_STATISTICS if ratio else GENERIC_STATISTICS


def statistic_topic(statistic: str) -> str:
    """What the explanation of a statistic is about: those of both sides, and both limits, share theirs."""
    name, _, number = statistic.rpartition("_")
    shared = name if number.isdigit() else {"ci_upper": "ci_lower"}.get(statistic, statistic)
    return f"statistic.{shared}"


def known_statistics() -> dict[str, str]:
    """The label of every statistic by its id, but for those of texts."""
    groups = (*ARM_STATISTICS.values(), RATIO_STATISTICS, O_E_STATISTICS)
    return {statistic.id: statistic.label for group in groups for statistic in group}
