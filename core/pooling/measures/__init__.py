"""The effect measures Copse knows: one entry each, gathered here. To add one, add its entry to a family's module."""

from __future__ import annotations

from core.errors import InputError
from core.pooling.measures import continuous, dichotomous, generic
from core.pooling.measures.base import Column, Computed, EffectOptions, Measure, Registry

MEASURES: tuple[Measure, ...] = (*dichotomous.MEASURES, *continuous.MEASURES, *generic.MEASURES)
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


__all__ = ["MEASURES", "Column", "Computed", "EffectOptions", "Measure", "measure"]
