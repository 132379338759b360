"""The cautions of conversions, as data: a code, its level and the English sentence."""

from __future__ import annotations

from core.language import mark
from core.pooling.notes import Level, Note

TEXTS: dict[str, tuple[Level, str]] = {
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
    "conversion.prevalence-rounded": (
        "caution",
        mark(
            "Prevalence × participants lies {off} away from a whole number. Check both: all four cells depend on how "
            "many have the condition."
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
}


def note(code: str, **params: object) -> Note:
    """The note of this code with its sentence from ``TEXTS``."""
    level, text = TEXTS[code]
    return Note(code, text, level, params)
