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
    # About the interval of tau2.
    # About comparing methods.
    # About meta-regression.
    # About leave-one-out, cumulative, influence.
    # About small-study effects.
    # About conversions.
    "conversion.t-chosen": (
        "info",
        mark(
            "The t distribution with {df} degrees of freedom was taken, because a group has fewer than 60 "
            "participants; the normal distribution would give {other}. Take the one that the paper used."
        ),
    ),
    "conversion.z-without-sizes": (
        "caution",
        mark(
            "The normal distribution was taken, because the numbers of participants are not given. In small studies "
            "the t distribution gives a smaller standard error."
        ),
    ),
    "conversion.lopsided-ratio": (
        "caution",
        mark(
            "On the logarithmic scale {estimate} is not in the middle of its interval, {lower} to {upper}. Look for a "
            "misprint, or for limits of another kind (exact, rounded)."
        ),
    ),
    "conversion.change-varies-more": (
        "info",
        mark(
            "With a correlation of {r} changes vary more than final values, so that an analysis of final values is "
            "more precise."
        ),
    ),
    "conversion.skewed": (
        "caution",
        mark(
            "The numbers suggest a skewed distribution (Shi’s test: {statistic}, critical value {critical}), so this "
            "mean and SD may mislead. Ask the authors for them, or leave the study out in a sensitivity analysis."
        ),
    ),
    "conversion.fitted": ("info", mark("The best fit was the {name} distribution.")),
    "conversion.no-count": (
        "caution",
        mark("No whole number of {n} participants is {percent}% as printed. Check the number of participants."),
    ),
    "conversion.several-counts": (
        "caution",
        mark("{percent}% of {n} participants may be any number from {least} to {most}; the nearest was taken."),
    ),
    "conversion.table-rounded": (
        "caution",
        mark(
            "A cell lies {off} away from a whole number. Check the printed proportions and the numbers of participants."
        ),
    ),
    "conversion.arm-few": (
        "caution",
        mark("{group}: no standard deviation, because fewer than two participants have a value."),
    ),
    "conversion.without-value": (
        "info",
        mark("{group}: {missing} of {rows} participants have no value at follow-up and are not counted in n."),
    ),
    "conversion.percent-of-zero": (
        "caution",
        mark(
            "{group}: for {count} participants a change in percent has no meaning, because the baseline is not above "
            "0. They are left out of it."
        ),
    ),
    "conversion.unpaired": (
        "caution",
        mark("{count} participants have a value under one of the two treatments only and are not in the paired row."),
    ),
    # About generalised linear mixed models.
    # About diagnostic accuracy.
    # About multilevel models.
    # About selection models.
}


def note(code: str, row: int | None = None, **params: object) -> Note:
    """The note of this code with its sentence from ``TEXTS``."""
    level, text = TEXTS[code]
    return Note(code, text, level, params, row)
