"""The effect measures Copse knows: one entry each, gathered here. To add one, add its entry to a family's module."""

from __future__ import annotations

from core.errors import InputError
from core.pooling.measures import (
    association,
    change,
    continuous,
    correlations,
    dichotomous,
    generic,
    matched,
    proportions,
    rates,
    single_means,
    two_means,
)
from core.pooling.measures.base import Column, Compatibility, Computed, EffectOptions, Measure, Registry

MEASURES: tuple[Measure, ...] = (
    *dichotomous.MEASURES,
    *continuous.MEASURES,
    *generic.MEASURES,
    *association.MEASURES,
    *two_means.MEASURES,
    *rates.MEASURES,
    *proportions.MEASURES,
    *correlations.MEASURES,
    *single_means.MEASURES,
    *change.MEASURES,
    *matched.MEASURES,
)
_BY_KEY: Registry = {entry.key: entry for entry in MEASURES}


def measure(key: str) -> Measure:
    """The measure with this key; ``InputError`` naming the known ones when there is none."""
    if key not in _BY_KEY:
        raise InputError(
            "pooling.unknown-measure",
            "There is no effect measure {measure}. Known measures: {known}.",
            measure=key,
            known=", ".join(_BY_KEY),
        )
    return _BY_KEY[key]


_CONVENTIONS: dict[str | None, str] = {None: "current conventions", "revman5": "RevMan 5's conventions (revman5)"}


def check_compatibility(definition: Measure, compatibility: Compatibility) -> None:
    """``InputError`` naming the conventions there are when the measure does not exist under these."""
    if compatibility not in definition.compatibility:
        raise InputError(
            "pooling.compatibility",
            "{measure} does not exist under {asked}. Choose {known}.",
            measure=definition.label,
            asked=_CONVENTIONS.get(compatibility, f"conventions {compatibility}"),
            known=" or ".join(_CONVENTIONS[entry] for entry in definition.compatibility),
        )


__all__ = ["MEASURES", "Column", "Computed", "EffectOptions", "Measure", "check_compatibility", "measure"]
