"""Cautions as data: a code, the parameters of the sentence and its English text, never a log line or a silent choice.

Every note the pooling module can give stands in ``TEXTS``; the command line prints ``Note.message``, the window says it
in its language.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from core.language import Phrase, mark

Level = Literal["info", "caution"]


@dataclass(frozen=True, slots=True)
class Note:
    """Something a reader of the result should know. ``row`` is the study it concerns, None when it is about all."""

    code: str
    text: str
    level: Level
    params: Mapping[str, object] = field(default_factory=dict[str, object])
    row: int | None = None

    @property
    def message(self) -> Phrase:
        """The English sentence with its parameters filled in."""
        return Phrase(self.text, self.params)


TEXTS: dict[str, tuple[Level, str]] = {
    # About one study.
    "row.missing": ("caution", mark("{study}: not estimable, because {missing} missing.")),
    "row.missing-sd": (
        "caution",
        mark(
            "{study}: not estimable, because {missing} missing. It may be computed from a standard error, a confidence "
            "interval, a P value or an interquartile range, or be imputed."
        ),
    ),
    "row.no-participants": ("caution", mark("{study}: not estimable, because a group has no participants.")),
    "row.double-zero": ("caution", mark("{study}: not estimable, because neither group has an event.")),
    "row.all-events": (
        "caution",
        mark("{study}: not estimable, because every participant of both groups has the event."),
    ),
    "row.zero-cell": (
        "caution",
        mark(
            "{study}: not estimable, because a cell is zero and no correction is made. Add 0.5 to studies with a zero "
            "cell."
        ),
    ),
    "row.no-variation": (
        "caution",
        mark("{study}: adds nothing to Peto's method, because all its outcomes are alike."),
    ),
    "row.zero-variance": ("caution", mark("{study}: not estimable, because its standard error is zero.")),
    "row.zero-sd": ("caution", mark("{study}: not estimable, because the standard deviation is zero in both groups.")),
    "row.few-participants": (
        "caution",
        mark("{study}: not estimable, because a standard deviation needs at least two participants in each group."),
    ),
    "row.corrected": ("info", mark("{study}: {add} was added to each of the four cells, because one of them is zero.")),
    "row.corrected-se": (
        "info",
        mark("{study}: for the standard error 0.5 was added to each of the four cells, because one of them is zero."),
    ),
    "row.not-integer": (
        "caution",
        mark("{study}: {column} is not a whole number ({value}). That is right only for adjusted (effective) counts."),
    ),
    # About the pooled result.
    "pool.no-studies": ("caution", mark("There are no studies to pool.")),
    "pool.none-estimable": ("caution", mark("Not estimable: no study has an estimable effect.")),
    "pool.no-information": (
        "caution",
        mark("Not estimable: in every study all outcomes are alike, so that none tells the groups apart."),
    ),
    "pool.left-out": ("caution", mark("{count} of {total} studies do not contribute to the pooled result: {studies}.")),
    "pool.one-study": ("info", mark("One study: its own result is shown; heterogeneity is not applicable.")),
    "pool.heterogeneity-of-fewer": (
        "caution",
        mark("Heterogeneity is computed from the {count} studies that have an effect of their own, of {total} pooled."),
    ),
    "mh.one-arm": (
        "caution",
        mark(
            "Not estimable: Mantel-Haenszel without a correction is not defined, because no study has {what} in the "
            "{group} group. RevMan 5's conventions (0.5 added to studies with a zero cell){peto} give an estimate."
        ),
    ),
    "mh.undefined": (
        "caution",
        mark(
            "Not estimable: Mantel-Haenszel without a correction is not defined for these tables (one of its two sums "
            "is 0). RevMan 5's conventions (0.5 added to studies with a zero cell){peto} give an estimate."
        ),
    ),
    "mh.corrected-se": (
        "caution",
        mark(
            "No study has both events and non-events, so the standard error was computed with 0.5 added to each cell, "
            "as RevMan 5 does."
        ),
    ),
    "peto.study-effects": (
        "info",
        mark(
            "Peto's method was applied to the counts; the studies' own rows show ordinary odds ratios. Choose the "
            "measure Peto odds ratio to see Peto's there too."
        ),
    ),
    "ci.one-study": (
        "caution",
        mark("With one study {asked} is not defined; the interval is Wald's (normal quantile)."),
    ),
    "ci.zero-width": (
        "caution",
        mark(
            "All studies have the same effect, so the Hartung-Knapp interval has no width. Use Wald's interval, or "
            "Hartung-Knapp with the ad hoc correction."
        ),
    ),
    "ci.handbook-few": ("info", mark("The interval is Wald's, because Hartung-Knapp needs three studies or more.")),
    "ci.handbook-homogeneous": (
        "info",
        mark("The interval is Wald's, because the between-study variance is estimated as 0."),
    ),
    "ci.disagree": (
        "caution",
        mark(
            "The Hartung-Knapp interval and Wald's disagree on whether the result is significant (P = {p_hksj:.3g} and "
            "P = {p_wald:.3g})."
        ),
    ),
    "ci.narrower": ("caution", mark("The Hartung-Knapp interval is narrower than Wald's here; take it with care.")),
    "pi.few": ("info", mark("No prediction interval: it needs three studies or more.")),
    "subgroups.dropped": ("caution", mark("The test of differences leaves out {groups}: nothing estimable in it.")),
    "subgroups.one": ("info", mark("The test of differences needs at least two subgroups with an estimable result.")),
    "subgroups.zero-se": (
        "caution",
        mark("The test of differences is not defined, because the standard error of {groups} is zero."),
    ),
    # About measures.
    "row.undefined": (
        "caution",
        mark("{study}: not estimable; with its numbers {measure} has no value, or no standard error above zero."),
    ),
    "row.nobody": ("caution", mark("{study}: not estimable, because it has no participants.")),
    "row.few-in-group": (
        "caution",
        mark("{study}: not estimable, because a standard deviation needs at least two participants."),
    ),
    "row.few-pairs": ("caution", mark("{study}: not estimable, because it needs at least {least} participants.")),
    "row.small-sample": (
        "caution",
        mark("{study}: not estimable, because the control group needs at least {least} participants."),
    ),
    "row.small-correlation": (
        "caution",
        mark("{study}: not estimable, because a correlation needs at least {least} participants."),
    ),
    "row.flat": (
        "caution",
        mark("{study}: not estimable, because the standard deviation that it needs is zero."),
    ),
    "row.one-zero-sd": (
        "caution",
        mark("{study}: not estimable, because a standard deviation is zero that the measure divides by."),
    ),
    "row.perfect-correlation": (
        "caution",
        mark("{study}: not estimable, because a correlation of exactly 1 or -1 has no standard error."),
    ),
    "row.opposite-means": (
        "caution",
        mark("{study}: not estimable, because the ratio of two means of opposite sign is undefined."),
    ),
    "row.zero-mean": ("caution", mark("{study}: not estimable, because a ratio with a mean of zero is undefined.")),
    "row.negative-means": (
        "caution",
        mark("{study}: both means are negative. A ratio of means is meant for scales on which all values are above 0."),
    ),
    "row.mean-not-positive": (
        "caution",
        mark("{study}: not estimable, because only a mean above zero has a logarithm."),
    ),
    "row.cv-means": (
        "caution",
        mark("{study}: not estimable, because a coefficient of variation needs a mean above 0 in both groups."),
    ),
    "row.zero-count": (
        "caution",
        mark(
            "{study}: not estimable, because a count is zero and no correction is made. Add 0.5 to studies with a zero "
            "count."
        ),
    ),
    "row.zero-proportion": (
        "caution",
        mark(
            "{study}: not estimable, because none or all have the event and no correction is made. Add 0.5 to such "
            "studies."
        ),
    ),
    "row.corrected-counts": (
        "info",
        mark("{study}: {add} was added to both numbers of events."),
    ),
    "row.corrected-count": ("info", mark("{study}: {add} was added to the number of events.")),
    "row.corrected-proportion": ("info", mark("{study}: {add} was added to events and to non-events.")),
    "row.double-zero-pairs": (
        "caution",
        mark("{study}: left out as asked, because no pair has the event under treatment 2."),
    ),
    "row.all-events-pairs": (
        "caution",
        mark("{study}: left out as asked, because every pair has the event under treatment 2."),
    ),
    "pool.freeman-tukey": (
        "caution",
        mark(
            "The Freeman-Tukey proportion is turned back with one typical sample size (the harmonic mean) and can "
            "mislead when samples differ much in size. Compare the logit (PLO) or a generalised linear mixed model."
        ),
    ),
    "mh.rates-one-arm": (
        "caution",
        mark(
            "Not estimable: the Mantel-Haenszel rate ratio is not defined, because no study has an event in the "
            "{group} group. Inverse variance (0.5 added where a count is zero) gives an estimate."
        ),
    ),
    "mh.rates-none": ("caution", mark("Not estimable: no study has an event in either group.")),
    # About the interval of tau2.
    # About comparing methods.
    # About meta-regression.
    # About leave-one-out, cumulative, influence.
    # About small-study effects.
    # About conversions.
    # About generalised linear mixed models.
    # About diagnostic accuracy.
    # About multilevel models.
    # About selection models.
}


def note(code: str, row: int | None = None, **params: object) -> Note:
    """The note of this code with its sentence from ``TEXTS``."""
    level, text = TEXTS[code]
    return Note(code, text, level, params, row)
