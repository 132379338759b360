"""Quantiles of the normal and t distributions, as conversions ask for them."""

from __future__ import annotations

import math

from core.errors import InputError
from core.language import mark
from core.pooling.conversions.base import Field, Option, choice, shown
from core.pooling.conversions.notes import note
from core.pooling.notes import Note

SMALL_GROUP = 60
"""Below this many participants in a group intervals were probably computed with t (Cochrane Handbook, 6.5.2.2)."""


def distribution() -> Field:
    """Whether the paper used t or the normal distribution."""
    return choice(
        "distribution",
        mark("Distribution of the interval"),
        Option("auto", mark("t when a group has fewer than 60 participants, else normal")),
        Option("t", mark("t")),
        Option("z", mark("normal")),
    )


def of_test() -> Field:
    """Whether a P value comes from a t test or from a normal approximation."""
    return choice("distribution", mark("Distribution of the test"), Option("t", mark("t")), Option("z", mark("normal")))


def central(level: float, df: float | None) -> float:
    """Half the width, in standard errors, of an interval at ``level``; normal when ``df`` is None."""
    from scipy.special import ndtri, stdtrit

    tail = (1 - level) / 2
    return -float(ndtri(tail) if df is None else stdtrit(df, tail))


def of_p(p: float, df: float | None) -> float:
    """The statistic, without its sign, that has this two-sided P value; normal when ``df`` is None."""
    from scipy.special import ndtri, stdtrit

    found = -float(ndtri(p / 2) if df is None else stdtrit(df, p / 2))
    if not 0 < found < math.inf:
        raise InputError(
            "conversion.p-extreme", "No statistic can be computed for a P value of {p}. Check it.", p=shown(p)
        )
    return found


def degrees(distribution: str, sizes: tuple[float | None, ...]) -> float | None:
    """Degrees of freedom (participants minus groups) when t is to be used, None for the normal distribution."""
    known = [size for size in sizes if size is not None]
    if len(known) < len(sizes):
        if distribution == "t":
            raise InputError(
                "conversion.t-needs-sizes",
                "The t distribution needs the numbers of participants. Enter them, or choose the normal distribution.",
            )
        return None
    if distribution == "z" or (distribution == "auto" and min(known) >= SMALL_GROUP):
        return None
    df = sum(known) - len(known)
    if df <= 0:
        raise InputError("conversion.no-degrees", "The t distribution needs more participants than there are groups.")
    return df


def choice_notes(
    distribution: str, df: float | None, sizes: tuple[float | None, ...], other: float
) -> tuple[Note, ...]:
    """What was chosen where it was left to Copse; ``other`` is the result under the other choice."""
    if distribution != "auto":
        return ()
    if None in sizes:
        return (note("conversion.z-without-sizes"),)
    if df is not None:
        return (note("conversion.t-chosen", df=shown(df), other=f"{other:.4g}"),)
    return ()
