"""From raw numbers to effect sizes: the checks every measure shares, then the measure's own formula."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import replace
from typing import SupportsFloat

import numpy as np

from core.errors import InputError
from core.language import Phrase, mark, phrase
from core.pooling.measures import check_compatibility
from core.pooling.measures import measure as measure_of
from core.pooling.measures.base import (
    CORRECTIONS,
    SMALL_SAMPLES,
    Column,
    Compatibility,
    Correction,
    EffectOptions,
    FloatArray,
    Kind,
    Measure,
    SmallSample,
    Table,
)
from core.pooling.notes import Note, note
from core.pooling.results import EffectSizes

Values = Sequence[SupportsFloat | None] | FloatArray

GROUPS = {1: mark("experimental group"), 2: mark("control group")}
# Beyond these the sums of cubes that the estimators need would leave the range of double precision, and counts would
# no longer be exact.
LARGEST, SMALLEST, LARGEST_COUNT = 1e25, 1e-25, 1e15
# Cautions about rows that count; they are no reason for leaving a row out.
USED_ALL_THE_SAME = ("row.not-integer", "row.negative-means")
# Between these there is nothing to look into; beyond, the limits of the column itself decide.
ORDINARY: dict[Kind, tuple[float, float]] = {
    "count": (0.0, LARGEST_COUNT),
    "total": (0.0, LARGEST_COUNT),
    "size": (0.0, LARGEST_COUNT),
    "mean": (-1e20, 1e20),
    "sd": (SMALLEST, LARGEST),
    "number": (-1e20, 1e20),
    "positive": (SMALLEST, LARGEST),
    "correlation": (-1.0, 1.0),
}


def effect_sizes(
    measure: str,
    *,
    labels: Sequence[str] | None = None,
    compatibility: Compatibility = None,
    add: float | None = None,
    to: Correction | None = None,
    drop00: bool | None = None,
    vtype: str | None = None,
    small_sample: SmallSample | None = None,
    **columns: Values,
) -> EffectSizes:
    """Effect sizes of all studies, on the analysis scale (ratios as logarithms), with the raw table kept.

    ``columns`` are metafor's names: ``ai n1i ci n2i`` (or ``ai bi ci di``), ``m1i sd1i n1i m2i sd2i n2i``,
    ``yi`` with ``sei`` or ``vi``, and so on (see ``measure(key).columns``); group 1 is experimental. None or NaN is a
    number that was not given: the row is kept, not estimable, and a note says so.

    ``add`` / ``to`` are the zero-cell correction (None: 0.5 to studies with a zero cell or count; none for PETO and the
    measures that need none, AS PHI RTET IRSD PAS PFT IRS IRFT), ``drop00`` whether double-zero studies are dropped
    (None: dropped for ratios and what comes from an odds ratio, kept for differences and matched pairs).
    ``compatibility="revman5"`` follows RevMan 5 instead, which fixes all three. ``vtype`` is one of the measure's
    ``vtypes``, the first by default. ``small_sample``: standardised mean differences are corrected by the exact J
    ("exact", the default), by its approximation 1 - 3 / (4 df - 1) ("approximate"), or not ("none": Cohen's d). Raises
    ``InputError`` for what no study can report (more events than participants, a negative SD, a variance of 0), naming
    study and cell.
    """
    definition = measure_of(measure)
    options = _options(definition, compatibility, add, to, drop00, vtype)
    if small_sample is not None:
        options = _with_small_sample(definition, options, small_sample)
    table, names = _table(definition, labels, columns)
    notes = _check_rows(definition, table, names)
    computed = definition.compute(table, names, options)
    estimable = np.isfinite(computed.yi) & np.isfinite(computed.vi)
    estimable &= np.where(estimable, computed.vi, 0.0) > 0
    for values in (computed.yi, computed.vi, estimable, *table.values()):
        values.setflags(write=False)
    notes += computed.notes
    if np.count_nonzero(estimable) < len(estimable):
        told = {entry.row for entry in notes if entry.level == "caution" and entry.code not in USED_ALL_THE_SAME}
        undefined = [row for row in np.flatnonzero(~estimable) if int(row) not in told]
        notes += [note("row.undefined", int(row), study=names[row], measure=definition.label) for row in undefined]
    return EffectSizes(measure, names, computed.yi, computed.vi, estimable, table, options, tuple(notes))


def _options(
    definition: Measure,
    compatibility: Compatibility,
    add: float | None,
    to: Correction | None,
    drop00: bool | None,
    vtype: str | None,
) -> EffectOptions:
    """The options with the measure's defaults filled in; ``InputError`` when they make no sense together."""
    check_compatibility(definition, compatibility)
    if to is not None and to not in CORRECTIONS:
        raise InputError(
            "pooling.correction",
            "There is no zero-cell correction {asked}. Choose one of: {known}.",
            asked=to,
            known=", ".join(CORRECTIONS),
        )
    if vtype is not None and vtype not in definition.vtypes:
        raise InputError(
            "pooling.vtype",
            "{measure} has no variance formula {asked}. Known: {known}.",
            measure=definition.label,
            asked=vtype,
            known=", ".join(definition.vtypes) or "only one",
        )
    if not definition.corrects_zero_cells and (add, to, drop00) != (None, None, None):
        raise InputError(
            "pooling.no-zero-cells",
            "{measure} has no cells to correct. Leave out add, to and drop00.",
            measure=definition.label,
        )
    if drop00 is not None and not definition.drops_double_zeros:
        raise InputError(
            "pooling.one-group",
            "{measure} has one group only, so that there are no double-zero studies. Leave out drop00.",
            measure=definition.label,
        )
    if add is not None and not 0 <= add <= 1:
        raise InputError("pooling.add", "The zero-cell correction must lie between 0 and 1; it is {add}.", add=add)
    filled = EffectOptions(
        definition.add if add is None else float(add),
        definition.to if to is None else to,
        definition.drop00 if drop00 is None else drop00,
        vtype,
        compatibility,
    )
    asked = (filled.add, filled.to, filled.drop00, vtype)
    if compatibility == "revman5" and asked != (definition.add, definition.to, definition.drop00, None):
        raise InputError(
            "pooling.revman5-fixed",
            "RevMan 5's conventions fix the zero-cell correction, the handling of double-zero studies and the variance "
            "formula of {measure}. Leave out add, to, drop00 and vtype, or choose another compatibility.",
            measure=definition.label,
        )
    return filled


def _with_small_sample(definition: Measure, options: EffectOptions, asked: SmallSample) -> EffectOptions:
    """The options with another correction for small samples; ``InputError`` where there is none to choose."""
    if asked not in SMALL_SAMPLES:
        raise InputError(
            "pooling.small-sample",
            "There is no small-sample correction {asked}. Choose one of: {known}.",
            asked=asked,
            known=", ".join(SMALL_SAMPLES),
        )
    if asked != "exact" and (not definition.small_sample or options.compatibility or options.vtype == "UB"):
        raise InputError(
            "pooling.small-sample-fixed",
            "The small-sample correction of {measure} cannot be chosen here: it exists for standardised mean "
            "differences under current conventions, and the variance UB needs the exact one. Leave out small_sample.",
            measure=definition.label,
        )
    return replace(options, small_sample=asked)


def _table(
    definition: Measure, labels: Sequence[str] | None, columns: dict[str, Values]
) -> tuple[Table, tuple[str, ...]]:
    """The columns as arrays of equal length, each value possible in itself, and a label for each row."""
    accepted = {column.key: column for column in (*definition.columns, *definition.other_inputs)}
    unknown = [key for key in columns if key not in accepted]
    if unknown:
        raise InputError(
            "pooling.unknown-column",
            "{measure} has no input {columns}. Its inputs are {known}.",
            measure=definition.label,
            columns=", ".join(unknown),
            known=", ".join(accepted),
        )
    table = {key: _array(accepted[key], values) for key, values in columns.items()}
    sizes = {key: len(values) for key, values in table.items()}
    if labels is not None:
        sizes["labels"] = len(labels)
    if len(set(sizes.values())) > 1:
        raise InputError(
            "pooling.lengths",
            "All inputs need one value per study, but they differ in length: {lengths}.",
            lengths=", ".join(f"{key} {size}" for key, size in sizes.items()),
        )
    size = next(iter(sizes.values()), 0)
    names = _numbered(size) if labels is None else tuple(str(label) for label in labels)
    if not _are_counts([accepted[key] for key in table], list(table.values())):
        for key, values in table.items():
            _check_values(accepted[key], values, names)
    definition.derive(table)
    for column in definition.columns:
        if column.kind == "count" and column.key in table and column.key not in columns:
            _check_values(column, table[column.key], names)
    absent = [column.key for column in definition.columns if column.key not in table]
    if absent:
        raise InputError(
            "pooling.missing-column",
            "{measure} needs {columns} as well.",
            measure=definition.label,
            columns=", ".join(absent),
        )
    return table, names


def _are_counts(columns: list[Column], values: list[FloatArray]) -> bool:
    """Whether a glance at all columns together shows that they are whole tables of possible counts."""
    if not values or not len(values[0]) or any(column.kind not in ("count", "total", "size") for column in columns):
        return False
    block = np.array(values)
    return float(block.min()) >= 0 and float(block.max()) <= LARGEST_COUNT


@functools.lru_cache(maxsize=16)
def _numbered(size: int) -> tuple[str, ...]:
    """The names of studies that were given none."""
    return tuple(f"Study {i + 1}" for i in range(size))


def _array(column: Column, values: Values) -> FloatArray:
    """The values as numbers, None as NaN; always a copy."""
    try:
        array = np.array(values, dtype=np.float64)
    except (TypeError, ValueError) as problem:
        raise InputError(
            "pooling.not-a-number", "The input {column} holds something that is not a number.", column=column.key
        ) from problem
    if array.ndim != 1:
        raise InputError("pooling.not-a-column", "The input {column} must be one row of numbers.", column=column.key)
    return array


def place(column: Column, study: str) -> str:
    """Where a cell is, for a message: "Feder 2014, experimental group: Events"."""
    return phrase("{study}, {group}", study=study, group=GROUPS[column.arm]) if column.arm else study


def _refuse(code: str, text: str, column: Column, row: int, names: tuple[str, ...], **params: object) -> InputError:
    where = {"study": names[row], "column": column.key, "title": column.title, "row": row}
    said = Phrase(text, {**where, **params})
    return InputError(code, "{place}: {said}", place=place(column, names[row]), said=said, **where, **params)


def number(value: float) -> str:
    """A number as a person would write it."""
    return f"{value:.15g}"


def _check_values(column: Column, values: FloatArray, names: tuple[str, ...]) -> None:
    """Refuse what cannot be in this column, whatever stands in the others. Empty (NaN) cells pass."""
    least, most = ORDINARY[column.kind]
    if not len(values) or not (np.fmin.reduce(values) < least or np.fmax.reduce(values) > most):
        return
    infinite = np.flatnonzero(np.isinf(values))
    if len(infinite):
        raise _refuse(
            "pooling.not-finite", mark("{title} is infinite. Enter a number."), column, int(infinite[0]), names
        )
    negative = np.flatnonzero(values < 0)
    if len(negative) and column.kind in ("count", "total", "size", "sd"):
        row = int(negative[0])
        what = {"sd": mark("A standard deviation")}.get(column.kind, mark("A number of participants or events"))
        text = mark("{what} cannot be negative ({value}). Correct the cell {title}.")
        raise _refuse("pooling.negative", text, column, row, names, what=what, value=number(values[row]))
    not_positive = np.flatnonzero(values <= 0)
    if len(not_positive) and column.kind == "positive":
        row = int(not_positive[0])
        text = mark("{title} must be greater than 0; it is {value}. Correct the cell.")
        raise _refuse("pooling.not-positive", text, column, row, names, value=number(values[row]))
    size = np.abs(values)
    beyond = np.flatnonzero(size > 1)
    if len(beyond) and column.kind == "correlation":
        row = int(beyond[0])
        text = mark("A correlation lies between -1 and 1; it is {value}. Correct the cell {title}.")
        raise _refuse("pooling.correlation", text, column, row, names, value=number(values[row]))
    largest = LARGEST_COUNT if column.kind in ("count", "total", "size") else LARGEST
    smallest = SMALLEST if column.kind in ("sd", "positive") else 0.0
    if column.key == "vi":
        largest, smallest = largest**2, smallest**2
    outside = np.flatnonzero((size > largest) | ((size < smallest) & (size > 0)))
    if len(outside):
        row = int(outside[0])
        text = mark("{title} ({value}) is beyond what can be computed reliably. Use a sensible unit.")
        raise _refuse("pooling.out-of-range", text, column, row, names, value=number(values[row]))


def _check_rows(definition: Measure, table: Table, names: tuple[str, ...]) -> list[Note]:
    """Refuse what cannot stand in one row together; note what is missing and what is not a whole number."""
    notes: list[Note] = []
    for column in definition.columns:
        values = table[column.key]
        if column.within is not None:
            over = values > table[column.within]
            if np.count_nonzero(over):
                row = int(over.argmax())
                total = number(table[column.within][row])
                text = mark("More events ({events}) than participants ({total}). Correct one of the two cells.")
                params = {"events": number(values[row]), "total": total}
                raise _refuse("pooling.events-exceed-total", text, column, row, names, **params)
        if column.kind in ("count", "total", "size") and np.count_nonzero(values == np.floor(values)) < len(values):
            for row in np.flatnonzero(np.isfinite(values) & (values != np.floor(values))):
                title = (
                    phrase("{column} ({group})", column=column.title, group=GROUPS[column.arm])
                    if column.arm
                    else column.title
                )
                params = {"study": names[row], "column": title, "value": number(values[row])}
                notes.append(note("row.not-integer", int(row), **params))
    empty = np.isnan(np.array([table[column.key] for column in definition.columns]))
    if not np.count_nonzero(empty):
        return notes
    for row in np.flatnonzero(empty.any(axis=0)):
        absent = [column for column, flags in zip(definition.columns, empty, strict=True) if flags[row]]
        missing = functools.reduce(_both, map(_absent, absent))
        code = "row.missing-sd" if all(column.kind == "sd" for column in absent) else "row.missing"
        is_or_are = mark("{missing} is") if len(absent) == 1 else mark("{missing} are")
        notes.append(note(code, int(row), study=names[row], missing=Phrase(is_or_are, {"missing": missing})))
    return notes


def _absent(column: Column) -> str:
    if not column.arm:
        return column.title
    return phrase("{column} of the {group}", column=column.title, group=GROUPS[column.arm])


def _both(one: str, other: str) -> str:
    return phrase("{one} and {other}", one=one, other=other)
