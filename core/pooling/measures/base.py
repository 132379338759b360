"""What an effect measure is: one ``Measure`` entry says all that pooling, grids, axes and figures need to know."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from core.pooling.notes import Note, note

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
Table = dict[str, FloatArray]
Compatibility = Literal["revman5"] | None
Correction = Literal["only0", "if0all", "all", "none"]
CORRECTIONS: tuple[Correction, ...] = ("only0", "if0all", "all", "none")
SmallSample = Literal["exact", "approximate", "none"]
SMALL_SAMPLES: tuple[SmallSample, ...] = ("exact", "approximate", "none")
LARGEST_LOG = 709.0
Kind = Literal["count", "total", "mean", "sd", "size", "number", "positive", "correlation"]
# The first four are what the analyses of a review offer for their kinds of data.
Family = Literal[
    "dichotomous",
    "continuous",
    "generic",
    "o-e",
    "association",
    "two means",
    "rates",
    "proportion",
    "rate",
    "mean",
    "correlation",
    "change",
    "matched",
]


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a measure's data grid. ``key`` is metafor's argument name, ``arm`` 1 (experimental), 2 (control) or
    None when the number belongs to the comparison. ``within`` names the column that this one may not exceed."""

    key: str
    title: str
    kind: Kind
    arm: Literal[1, 2] | None = None
    within: str | None = None


@dataclass(frozen=True, slots=True)
class EffectOptions:
    """How effects were computed: the zero-cell correction, double-zero studies, the variance formula, whose rules, and
    how standardised mean differences were corrected for small samples (exact J, its approximation, or not)."""

    add: float
    to: Correction
    drop00: bool
    vtype: str | None
    compatibility: Compatibility
    small_sample: SmallSample = "exact"


@dataclass(slots=True)
class Computed:
    """What a measure computes for all rows at once. Values of rows that are not estimable carry no meaning."""

    yi: FloatArray
    vi: FloatArray
    notes: list[Note] = field(default_factory=list[Note])


def identity(value: float) -> float:
    """The back-transformation of measures that are analysed as they are read."""
    return value


def exponential(value: float) -> float:
    """The back-transformation of logarithms; infinite rather than an error for limits beyond double precision."""
    return math.exp(value) if value < LARGEST_LOG else math.inf


def no_derived_columns(table: Table) -> None:
    """Most measures have exactly one set of input columns."""


NAMES = ("Peto", "Yule", "Fisher")
"""What a measure is called after, and so begins with a capital letter everywhere."""


@dataclass(frozen=True, slots=True)
class Measure:
    """One effect measure.

    ``compute`` gives (yi, vi) on the analysis scale from a checked table; group 1 (experimental) comes first: ratios
    are experimental / control, differences experimental - control. ``back`` turns a value of the analysis scale into
    the scale that readers see; where that depends on how large a study is, ``back_with(value, size)`` does it, and
    ``size`` names the column. ``null`` is no effect on the analysis scale, None for measures of one group. ``caution``
    is the code of the note that every pooled result of several studies gets. ``methods`` are the pooling methods that
    have a meaning for the measure (``rules`` says with which model, estimator and interval).
    ``corrects_zero_cells``, ``drops_double_zeros`` and ``small_sample`` say whether add / to, drop00 and the
    small-sample correction can be chosen. ``other_inputs`` are accepted in place of columns and turned into them by
    ``derive``, or beside them without being needed.
    """

    key: str
    label: str
    short_label: str
    family: Family
    columns: tuple[Column, ...]
    compute: Callable[[Table, tuple[str, ...], EffectOptions], Computed]
    methods: tuple[str, ...]
    log_scale: bool = False
    back: Callable[[float], float] = identity
    back_with: Callable[[float, float], float] | None = None
    size: str = ""
    null: float | None = 0.0
    caution: str = ""
    compatibility: tuple[Compatibility, ...] = (None, "revman5")
    add: float = 0.0
    to: Correction = "none"
    drop00: bool = False
    corrects_zero_cells: bool = False
    drops_double_zeros: bool = False
    small_sample: bool = False
    vtypes: tuple[str, ...] = ()
    other_inputs: tuple[Column, ...] = ()
    derive: Callable[[Table], None] = no_derived_columns

    @property
    def inside(self) -> str:
        """The label inside a sentence: "odds ratio", but "Peto odds ratio"."""
        return self.label if self.label.startswith(NAMES) else self.label[:1].lower() + self.label[1:]

    @property
    def null_value(self) -> float | None:
        """No effect, on the scale that readers see (1 for ratios, 0 for differences); None for one group."""
        return None if self.null is None else self.back(self.null)

    def shown(self, value: float, size: float | None = None) -> float:
        """A value on the scale that readers see. ``size`` is that of the study, or the typical size of those pooled."""
        if self.back_with is None or size is None:
            return self.back(value)
        return self.back_with(value, size)

    def column(self, key: str) -> Column:
        """The input column with this key (``KeyError`` when the measure has none)."""
        return {column.key: column for column in (*self.columns, *self.other_inputs)}[key]


def labelled(notes: list[Note], make: Callable[[int], Note], rows: BoolArray) -> None:
    """Append ``make(row)`` for every row that is True."""
    if np.count_nonzero(rows):
        notes.extend(make(int(row)) for row in np.flatnonzero(rows))


def row_notes(notes: list[Note], labels: tuple[str, ...], code: str, rows: BoolArray, **params: object) -> None:
    """Append the note of this code for every row that is True."""
    labelled(notes, lambda row: note(code, row, study=labels[row], **params), rows)


Registry = Mapping[str, Measure]
