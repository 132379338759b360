"""What a file does not say of an analysis, found from the numbers it holds: kind of data, measure, level, model.

A table of rows alone (RevMan Web's data rows, RevMan 5's export with few columns) names no measure and no method. But
it holds each study's counts with the effect and weight that its program computed, and these fit one measure and model.
Nothing is guessed where no candidate fits all rows.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from core import pooling
from core.errors import InputError
from core.interchange.model import DataKind, DataRow, Numbers
from core.pooling.inference import quantile
from core.pooling.measures.base import Compatibility

LEVELS: Final = (0.95, 0.9, 0.99)
"""Confidence levels that RevMan knows, the usual one first."""

COLUMNS: Final = {
    DataKind.DICHOTOMOUS: {"ai": "events_1", "n1i": "total_1", "ci": "events_2", "n2i": "total_2"},
    DataKind.CONTINUOUS: {
        "m1i": "mean_1",
        "sd1i": "sd_1",
        "n1i": "total_1",
        "m2i": "mean_2",
        "sd2i": "sd_2",
        "n2i": "total_2",
    },
    DataKind.GENERIC: {"yi": "estimate", "sei": "se"},
    DataKind.O_E: {"oei": "o_e", "vi": "var"},
}
CANDIDATES: Final = {
    DataKind.DICHOTOMOUS: ("RR", "OR", "RD", "PETO"),
    DataKind.CONTINUOUS: ("MD", "SMD"),
    DataKind.GENERIC: ("GEN", "GENLOG"),
    DataKind.O_E: ("O-E",),
}
_LARGEST_LOGARITHM: Final = 700.0
_COUNTS: Final = ("events_1", "total_1", "events_2", "total_2")


@dataclass(frozen=True, slots=True)
class Inferred:
    """What fits: ``method`` and ``model`` are empty where the weights fit none, or are not there. ``fits`` says whether
    the measure is one that fits, or only the usual one, ``swapped`` whether it does with non-events for events."""

    measure: str
    level: float
    method: str = ""
    model: str = ""
    tau2: str = ""
    fits: bool = False
    swapped: bool = False


def kinds_of_data(rows: Sequence[Numbers]) -> list[DataKind]:
    """The kinds of data that these rows may hold, the likeliest first; a 0 may stand for a number that is not there.

    Effects with standard errors may stand beside the counts or means they were made from.
    """

    def given(*names: str) -> bool:
        return any(row.get(name) for row in rows for name in names)

    kinds = [DataKind.CONTINUOUS] if given("sd_1", "sd_2") else []
    kinds += [DataKind.O_E] if given("o_e") else []
    kinds += [DataKind.DICHOTOMOUS] if given("events_1", "events_2") else []
    kinds += [DataKind.GENERIC] if given("se") else []
    return kinds or [DataKind.DICHOTOMOUS]


def settings_of(
    kind: DataKind, parts: Sequence[Sequence[DataRow]], decimals: int, measures: Sequence[str] = ()
) -> Inferred:
    """The measure (of ``measures``, or of all of the kind) and level that give every row's effect and interval, and the
    method and model that give the weights. Where none fits, the kind's first measure and no model.

    ``parts`` are the rows of each subgroup: weights are percent of all of them together, or of their own subgroup's.
    """
    measures = measures or CANDIDATES.get(kind, ("",))
    if kind is DataKind.OTHER or not any(parts):
        return Inferred(measures[0], LEVELS[0])
    ways = [(parts, False)]
    if kind is DataKind.DICHOTOMOUS:
        ways.append(([[_swapped(row) for row in part] for part in parts], True))
    for counted, swapped in ways:
        rows = [row for part in counted for row in part]
        for measure in measures:
            effects = effects_of(measure, kind, rows)
            level = _level(effects, rows, decimals) if effects else None
            if level:
                way = _pooling_of(measure, kind, counted, decimals)
                return Inferred(measure, level, *way, fits=True, swapped=swapped)
    return Inferred(measures[0], LEVELS[0])


def _swapped(row: DataRow) -> DataRow:
    """The row with non-events for events."""
    data = dict(row.data)
    for events, total in (("events_1", "total_1"), ("events_2", "total_2")):
        found, whole = data.get(events), data.get(total)
        data[events] = None if found is None or whole is None else whole - found
    return replace(row, data=data)


def _level(effects: pooling.EffectSizes, rows: Sequence[DataRow], decimals: int) -> float | None:
    """The confidence level at which effects and limits are those stored; None where they are not at any."""
    return next((level for level in LEVELS if _effects_fit(effects, rows, level, decimals)), None)


def was_computed(numbers: Numbers) -> bool:
    """Whether an effect is there. RevMan leaves zeros where nothing was computed: an effect that is both its limits."""
    shown = [numbers.get(name) for name in ("effect_size", "ci_start", "ci_end")]
    return shown[0] is not None and any(shown)


def is_estimable(numbers: Numbers, rows: Sequence[DataRow]) -> bool | None:
    """Whether rows have a result together, by the results that a file holds for them: None where it holds none though
    some row has an effect, for then nobody computed or kept it."""
    if was_computed(numbers):
        return True
    return False if rows and all(row.estimable is False for row in rows) else None


def without_remains(numbers: Numbers, estimable: bool | None = None) -> Numbers:
    """The results of an analysis, subgroup or row without what a program leaves behind where nothing was, or could be,
    computed; how many took part stays."""
    if estimable is not False and was_computed(numbers):
        return numbers
    return {name: value for name, value in numbers.items() if name in _COUNTS and value}


def shown_effect(measure: str, row: DataRow) -> float | None:
    """The effect of a row of effects and standard errors as it is shown: not as a logarithm."""
    estimate = row.data.get("estimate")
    if estimate is None or measure != "GENLOG":
        return estimate
    return math.exp(estimate) if abs(estimate) < _LARGEST_LOGARITHM else None


def effects_of(
    measure: str, kind: DataKind, rows: Sequence[DataRow], conventions: Compatibility = "revman5"
) -> pooling.EffectSizes | None:
    """The effects of these rows, under RevMan's conventions; None where a row holds what no study can report."""
    columns: dict[str, Any] = {key: [row.data.get(name) for row in rows] for key, name in COLUMNS[kind].items()}
    try:
        return pooling.effect_sizes(measure, compatibility=conventions, **columns)
    except InputError:
        return None


def level_of(width: float, se: float) -> float | None:
    """The confidence level of an interval that is this wide, around an estimate with this standard error."""
    if not (width > 0 and se > 0):
        return None
    ratio = width / se / 2
    return next((level for level in LEVELS if math.isclose(ratio, quantile(level, None), rel_tol=1e-3)), None)


def _effects_fit(effects: pooling.EffectSizes, rows: Sequence[DataRow], level: float, decimals: int) -> bool:
    """Whether effects and limits are those stored, as far as these were written; at least one must be there."""
    compared = 0
    for n, row in enumerate(rows):
        stored = [row.stored.get(name) for name in ("effect_size", "ci_start", "ci_end")]
        if all(value is None for value in stored):
            continue
        shown = effects.display(n, level)
        if shown is None:
            return False
        for value, computed in zip(stored, (shown.estimate, *shown.ci), strict=True):
            if value is not None and not _same(value, computed, decimals):
                return False
            compared += value is not None
    return compared > 0


def _same(stored: float, computed: float, decimals: int) -> bool:
    return math.isfinite(computed) and abs(stored - computed) <= 0.51 * 10**-decimals + 1e-6 * abs(stored)


def _pooling_of(
    measure: str, kind: DataKind, parts: Sequence[Sequence[DataRow]], decimals: int
) -> tuple[str, str, str]:
    """The method, model and estimator of tau2 under which the weights are those stored; empty when there are none."""
    rows = [row for part in parts for row in part]
    wholes = [rows] if _sums_up(rows) else [part for part in parts if _sums_up(part)]
    if not any(len(_weights(whole)) > 1 for whole in wholes):
        return "", "", ""
    for way in _ways(measure):
        if all(_weights_fit(measure, kind, whole, way, min(decimals, 5)) for whole in wholes):
            return way
    return "", "", ""


def _weights(rows: Sequence[DataRow]) -> list[float]:
    return [weight for row in rows if (weight := row.stored.get("weight"))]


def _sums_up(rows: Sequence[DataRow]) -> bool:
    return math.isclose(sum(_weights(rows)), 100, abs_tol=0.01)


def _weights_fit(
    measure: str, kind: DataKind, rows: Sequence[DataRow], way: tuple[str, str, str], decimals: int
) -> bool:
    method, model, tau2 = way
    # RevMan 5's conventions know DerSimonian and Laird's estimator only.
    effects = effects_of(measure, kind, rows, None if tau2 == "REML" else "revman5")
    if effects is None:
        return False
    try:
        found = pooling.pool(effects, method=method, model=model, tau2=tau2 or None, ci="wald", pi=None)
    except InputError:
        return False
    pairs = zip(rows, found.weights, strict=True)
    return all(_same(row.stored.get("weight") or 0.0, float(computed), decimals) for row, computed in pairs)


def _ways(measure: str) -> Iterator[tuple[str, str, str]]:
    """How RevMan can pool a measure."""
    if measure in ("PETO", "O-E"):
        yield "Peto", "common", ""
    if measure in ("OR", "RR", "RD"):
        yield "MH", "common", ""
        yield "MH", "random", "DL"
    if measure != "PETO":
        yield "IV", "common", ""
        yield "IV", "random", "DL"
        yield "IV", "random", "REML"
