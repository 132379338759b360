"""What the pooling module returns: frozen results on the analysis scale, each saying how it was computed.

Nothing here holds NaN: a quantity that cannot be estimated, or does not apply, is None and a note says why. The one
exception are the arrays ``EffectSizes.yi`` and ``vi``, whose rows have a meaning only where ``estimable`` is True.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from core.pooling.inference import Interval, normal_interval
from core.pooling.measures import measure as measure_of
from core.pooling.measures.base import BoolArray, Compatibility, Correction, EffectOptions, FloatArray, Measure
from core.pooling.notes import Note

Model = Literal["common", "random"]


@dataclass(frozen=True, slots=True)
class Displayed:
    """A result on the scale that readers see (ratios as ratios)."""

    estimate: float
    ci: Interval
    pi: Interval | None = None


def displayed(
    definition: Measure, estimate: float, ci: Interval, pi: Interval | None = None, size: float | None = None
) -> Displayed:
    """Estimate and intervals, end by end, on the scale that readers see."""

    def both(limits: Interval) -> Interval:
        return Interval(definition.shown(limits.low, size), definition.shown(limits.high, size))

    return Displayed(definition.shown(estimate, size), both(ci), None if pi is None else both(pi))


@dataclass(frozen=True, slots=True, eq=False)
class EffectSizes:
    """Effects of all studies in the order given, with the raw table they came from.

    ``yi`` and ``vi`` are on the analysis scale (log for ratios); ``estimable`` says which rows count. ``table`` keeps
    the raw numbers by metafor's names, NaN where a number was not given.
    """

    measure: str
    labels: tuple[str, ...]
    yi: FloatArray
    vi: FloatArray
    estimable: BoolArray
    table: Mapping[str, FloatArray]
    options: EffectOptions
    notes: tuple[Note, ...]

    def __len__(self) -> int:
        return len(self.labels)

    @property
    def definition(self) -> Measure:
        """The registry entry of the measure."""
        return measure_of(self.measure)

    @property
    def compatibility(self) -> Compatibility:
        """Whose conventions were followed."""
        return self.options.compatibility

    def row_notes(self, row: int) -> tuple[Note, ...]:
        """The notes about one study."""
        return tuple(entry for entry in self.notes if entry.row == row)

    def effect(self, row: int, level: float = 0.95) -> tuple[float, float, Interval] | None:
        """(estimate, standard error, Wald interval) of one study; None when it is not estimable."""
        if not self.estimable[row]:
            return None
        estimate, se = float(self.yi[row]), float(np.sqrt(self.vi[row]))
        return estimate, se, normal_interval(estimate, se, level)

    def display(self, row: int, level: float = 0.95) -> Displayed | None:
        """One study's effect and Wald interval on the scale that readers see; None when it is not estimable."""
        effect = self.effect(row, level)
        if effect is None:
            return None
        estimate, _, ci = effect
        column = self.definition.size
        return displayed(self.definition, estimate, ci, None, float(self.table[column][row]) if column else None)

    def typical_size(self, rows: BoolArray) -> float | None:
        """The harmonic mean of how large these studies are, where the measure needs it to be shown, otherwise None
        (Miller 1978)."""
        column = self.definition.size
        return float(rows.sum() / (1 / self.table[column][rows]).sum()) if column and rows.any() else None

    def select(self, rows: Sequence[int]) -> EffectSizes:
        """The same effects for some of the studies. Corrections that depend on the other studies stay as computed."""
        index = np.asarray(rows, dtype=np.intp)
        position = {int(row): new for new, row in enumerate(index)}
        notes = tuple(
            Note(entry.code, entry.text, entry.level, entry.params, None if entry.row is None else position[entry.row])
            for entry in self.notes
            if entry.row is None or entry.row in position
        )
        table = {key: values[index] for key, values in self.table.items()}
        labels = tuple(self.labels[row] for row in rows)
        return EffectSizes(
            self.measure, labels, self.yi[index], self.vi[index], self.estimable[index], table, self.options, notes
        )


@dataclass(frozen=True, slots=True)
class PoolSettings:
    """What was asked of ``pool``, with every default filled in. ``add`` and ``to`` concern the Mantel-Haenszel sums."""

    model: Model
    method: str
    tau2: str | None
    ci: str
    pi: str | None
    level: float
    compatibility: Compatibility
    add: float = 0.0
    to: Correction = "none"


@dataclass(frozen=True, slots=True, eq=False)
class Pooled:
    """A pooled result on the analysis scale.

    ``estimate``, ``se``, ``ci``, ``stat`` and ``p`` are None together when nothing can be estimated. ``test`` is "z" or
    "t" (then with ``ddf``); ``ci_method`` the interval that was really used. ``tau2`` and ``tau2_se`` are None under a
    common-effect model. ``q``, ``q_p``, ``i2`` (percent), ``h2`` and ``tau2`` are None with a single study.
    ``i2_kind`` is "q" for (Q - df) / Q and "tau2" for tau2 / (tau2 + typical variance). ``weights`` are percent, one
    per row of the effect sizes, 0 where a study does not contribute. ``k`` counts contributing studies, ``k_listed``
    those with complete data. ``size`` is the harmonic mean of how large the contributing studies are, for measures
    whose back-transformation needs it (None for all others).
    """

    measure: str
    settings: PoolSettings
    k: int
    k_listed: int
    weights: FloatArray
    notes: tuple[Note, ...]
    estimate: float | None = None
    se: float | None = None
    ci: Interval | None = None
    ci_method: str | None = None
    test: Literal["z", "t"] | None = None
    stat: float | None = None
    ddf: int | None = None
    p: float | None = None
    pi: Interval | None = None
    tau2: float | None = None
    tau2_se: float | None = None
    q: float | None = None
    df: int | None = None
    q_p: float | None = None
    i2: float | None = None
    i2_kind: Literal["q", "tau2"] | None = None
    h2: float | None = None
    size: float | None = None

    @property
    def estimable(self) -> bool:
        """Whether there is a pooled estimate."""
        return self.estimate is not None

    @property
    def tau(self) -> float | None:
        """Between-study standard deviation."""
        return None if self.tau2 is None else self.tau2**0.5

    def display(self) -> Displayed | None:
        """Estimate, interval and prediction interval on the scale that readers see; None when not estimable."""
        if self.estimate is None or self.ci is None:
            return None
        return displayed(measure_of(self.measure), self.estimate, self.ci, self.pi, self.size)


@dataclass(frozen=True, slots=True)
class Subgroup:
    """One subgroup: its rows in the whole table and its own pooled result (weights over its own studies)."""

    label: str
    rows: tuple[int, ...]
    pooled: Pooled


@dataclass(frozen=True, slots=True)
class Difference:
    """Test for subgroup differences: Q of the subgroup results, its degrees of freedom, P, and I2 in percent."""

    q: float
    df: int
    p: float
    i2: float


@dataclass(frozen=True, slots=True)
class Subgroups:
    """Subgroups in order of first appearance, all studies together, and the test of differences (None: see notes)."""

    groups: tuple[Subgroup, ...]
    overall: Pooled
    difference: Difference | None
    notes: tuple[Note, ...]
