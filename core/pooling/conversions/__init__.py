"""Conversions: from the numbers that papers print to those that an analysis needs, each with its source.

    from core.pooling import conversions
    found = conversions.convert("sd_from_ci", lower=30.0, upper=34.2, n=25)
    found["sd"], found.method, found.citation, found.assumptions, found.notes

``CONVERSIONS`` is the registry: a calculator page or a command line is built from its entries, and a new conversion
is one entry more. An ``InputError`` names the input that cannot be and says what to do.
"""

from __future__ import annotations

from core.errors import InputError
from core.language import mark
from core.pooling.conversions import (
    accuracy,
    between_measures,
    change,
    cluster,
    crossover,
    fitted,
    groups,
    participants,
    proportions,
    quantiles,
    rates,
    spread,
    survival,
)
from core.pooling.conversions.base import Conversion, Converted, Field, Group, Input, Option, Output

GROUPS = (
    Option(spread.GROUP, mark("Standard deviations and standard errors")),
    Option(groups.GROUP, mark("Combining and splitting groups")),
    Option(change.GROUP, mark("Change from baseline")),
    Option(quantiles.GROUP, mark("Medians, quartiles and ranges")),
    Option(crossover.GROUP, mark("Crossover trials")),
    Option(cluster.GROUP, mark("Cluster-randomised trials")),
    Option(survival.GROUP, mark("Hazard ratios")),
    Option(rates.GROUP, mark("Rates")),
    Option(between_measures.GROUP, mark("From one measure to another")),
    Option(proportions.GROUP, mark("Percentages and proportions")),
    Option(accuracy.GROUP, mark("Test accuracy")),
    Option(participants.GROUP, mark("Data of each participant")),
)
"""The kinds of conversions, in the order in which a page lists them."""

CONVERSIONS: tuple[Conversion, ...] = (
    *spread.CONVERSIONS,
    *groups.CONVERSIONS,
    *change.CONVERSIONS,
    *quantiles.CONVERSIONS,
    *fitted.CONVERSIONS,
    *crossover.CONVERSIONS,
    *cluster.CONVERSIONS,
    *survival.CONVERSIONS,
    *rates.CONVERSIONS,
    *between_measures.CONVERSIONS,
    *proportions.CONVERSIONS,
    *accuracy.CONVERSIONS,
    *participants.CONVERSIONS,
)
_BY_ID = {each.id: each for each in CONVERSIONS}


def conversion(conversion_id: str) -> Conversion:
    """The entry with this id; ``InputError`` when there is none."""
    if conversion_id not in _BY_ID:
        raise InputError(
            "conversion.unknown",
            "There is no conversion {asked}. Known: {known}.",
            asked=conversion_id,
            known=", ".join(_BY_ID),
        )
    return _BY_ID[conversion_id]


def convert(conversion_id: str, /, **inputs: Input) -> Converted:
    """Convert by the entry with this id; ``inputs`` by the keys of its fields, None where one is not known.

    Numbers are in the units that the fields name, proportions and levels between 0 and 1, standard errors of ratios on
    the logarithmic scale, P values two-sided. Raises ``InputError`` for what cannot be.
    """
    return conversion(conversion_id).run(inputs)


__all__ = [
    "CONVERSIONS",
    "GROUPS",
    "Conversion",
    "Converted",
    "Field",
    "Group",
    "Option",
    "Output",
    "conversion",
    "convert",
]
