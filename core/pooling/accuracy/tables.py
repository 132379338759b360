"""Two-by-two tables of test accuracy: the checks, and each study's own sensitivity and specificity."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import SupportsFloat

import numpy as np

from core.errors import InputError
from core.language import mark
from core.pooling.inference import Interval, quantile
from core.pooling.measures.base import BoolArray, FloatArray
from core.pooling.notes import Note, note

Values = Sequence[SupportsFloat | None] | FloatArray

TITLES = {
    "tp": mark("True positives"),
    "fp": mark("False positives"),
    "fn": mark("False negatives"),
    "tn": mark("True negatives"),
    "np": mark("Participants with the condition"),
    "nn": mark("Participants without the condition"),
}
FORMS = (("tp", "fp", "fn", "tn"), ("tp", "np", "tn", "nn"))
LARGEST_COUNT = 1e15


@dataclass(frozen=True, slots=True)
class Proportion:
    """An observed proportion with its interval."""

    estimate: float
    ci: Interval


@dataclass(frozen=True, slots=True)
class StudyAccuracy:
    """One study's own results; None where its table does not give them."""

    label: str
    sensitivity: Proportion | None
    specificity: Proportion | None


@dataclass(frozen=True, slots=True, eq=False)
class Tables:
    """The counts of all studies in the order given, NaN where a number was not given. ``used`` marks those with both
    groups, ``partial`` those with one of them."""

    labels: tuple[str, ...]
    tp: FloatArray
    fn: FloatArray
    tn: FloatArray
    fp: FloatArray
    used: BoolArray
    partial: BoolArray
    notes: tuple[Note, ...]


def tables(labels: Sequence[str] | None, columns: dict[str, Values]) -> Tables:
    """The tables from one of the two sets of columns; ``InputError`` for what no study can report."""
    form = next((form for form in FORMS if set(form) == set(columns)), None)
    if form is None:
        raise InputError(
            "accuracy.columns",
            "Test accuracy needs the inputs tp, fp, fn, tn, or tp, np, tn, nn; given were {given}.",
            given=", ".join(columns) or "none",
        )
    table = {key: _numbers(key, columns[key]) for key in form}
    sizes = {key: len(values) for key, values in table.items()}
    if labels is not None:
        sizes["labels"] = len(labels)
    if len(set(sizes.values())) > 1:
        raise InputError(
            "pooling.lengths",
            "All inputs need one value per study, but they differ in length: {lengths}.",
            lengths=", ".join(f"{key} {size}" for key, size in sizes.items()),
        )
    k = sizes["tp"]
    names = tuple(f"Study {i + 1}" for i in range(k)) if labels is None else tuple(str(label) for label in labels)
    notes = [entry for key in form for entry in _check(key, table[key], names)]
    if "np" in table:
        _within(table, "tp", "np", names)
        _within(table, "tn", "nn", names)
        fn, fp = table["np"] - table["tp"], table["nn"] - table["tn"]
    else:
        fn, fp = table["fn"], table["fp"]
    tp, tn = table["tp"], table["tn"]
    diseased, healthy = np.nan_to_num(tp + fn) > 0, np.nan_to_num(tn + fp) > 0
    return Tables(names, tp, fn, tn, fp, diseased & healthy, diseased != healthy, tuple(notes))


def _numbers(key: str, values: Values) -> FloatArray:
    try:
        array = np.array(values, dtype=np.float64)
    except (TypeError, ValueError) as problem:
        raise InputError(
            "pooling.not-a-number", "The input {column} holds something that is not a number.", column=key
        ) from problem
    if array.ndim != 1:
        raise InputError("pooling.not-a-column", "The input {column} must be one row of numbers.", column=key)
    return array


def _check(key: str, values: FloatArray, names: tuple[str, ...]) -> list[Note]:
    with np.errstate(invalid="ignore"):
        impossible = np.flatnonzero((values < 0) | (np.abs(values) > LARGEST_COUNT))
        parts = np.flatnonzero(np.isfinite(values) & (values != np.floor(values)))
    if len(impossible):
        row = int(impossible[0])
        raise InputError(
            "accuracy.impossible",
            "{study}: {title} cannot be {value}. Correct the cell.",
            study=names[row],
            title=TITLES[key],
            value=f"{values[row]:.15g}",
        )
    return [
        note("row.not-integer", int(row), study=names[row], column=TITLES[key], value=f"{values[row]:.15g}")
        for row in parts
    ]


def _within(table: dict[str, FloatArray], part: str, whole: str, names: tuple[str, ...]) -> None:
    over = np.flatnonzero(table[part] > table[whole])
    if len(over):
        row = int(over[0])
        raise InputError(
            "accuracy.exceeds",
            "{study}: {part} ({value}) exceed {whole} ({total}). Correct one of the two cells.",
            study=names[row],
            part=TITLES[part],
            whole=TITLES[whole],
            value=f"{table[part][row]:.15g}",
            total=f"{table[whole][row]:.15g}",
        )


def clopper_pearson(x: float, n: float, level: float) -> Interval:
    """The exact interval of a proportion from beta quantiles (Clopper & Pearson 1934, Biometrika 26:404)."""
    from scipy.special import betaincinv

    tail = (1 - level) / 2
    low = 0.0 if x == 0 else float(betaincinv(x, n - x + 1, tail))
    high = 1.0 if x == n else float(betaincinv(x + 1, n - x, 1 - tail))
    return Interval(low, high)


def wilson(x: float, n: float, level: float) -> Interval:
    """The score interval of a proportion (Wilson 1927, J Am Stat Assoc 22:209)."""
    z2 = quantile(level, None) ** 2
    centre, half = (x + z2 / 2) / (n + z2), (z2 * (x * (n - x) / n + z2 / 4)) ** 0.5 / (n + z2)
    return Interval(0.0 if x == 0 else centre - half, 1.0 if x == n else centre + half)


PROPORTION_INTERVALS = {"exact": clopper_pearson, "wilson": wilson}


def of_studies(found: Tables, ci: str, level: float) -> tuple[StudyAccuracy, ...]:
    """Each study's own sensitivity and specificity."""

    def proportion(x: float, rest: float) -> Proportion | None:
        if not x + rest > 0:
            return None
        return Proportion(x / (x + rest), PROPORTION_INTERVALS[ci](x, x + rest, level))

    rows = zip(found.labels, found.tp.tolist(), found.fn.tolist(), found.tn.tolist(), found.fp.tolist(), strict=True)
    return tuple(StudyAccuracy(label, proportion(tp, fn), proportion(tn, fp)) for label, tp, fn, tn, fp in rows)
