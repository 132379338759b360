"""From moderators as they are given to a design matrix: kinds, levels, what is missing, what is redundant."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from numbers import Real

import numpy as np

from core.errors import InputError
from core.pooling.measures.base import BoolArray, FloatArray
from core.pooling.notes import Note, note
from core.pooling.regression.space import IntArray

ModeratorValue = str | float | int | bool | None
Moderators = Mapping[str, Sequence[ModeratorValue]]

CONSTANT, COLLINEAR = 1e-11, 1e-7


@dataclass(frozen=True, slots=True)
class Moderator:
    """One moderator. ``levels`` are sorted, the ``reference`` first; a continuous moderator has none. ``missing`` marks
    the rows without a value."""

    name: str
    values: tuple[ModeratorValue, ...]
    missing: BoolArray
    levels: tuple[str, ...] = ()

    @property
    def categorical(self) -> bool:
        return bool(self.levels)


@dataclass(frozen=True, slots=True)
class Term:
    """One column of a design: the intercept (``moderator`` None), a continuous moderator, or one level of a categorical
    one against its reference."""

    name: str
    moderator: str | None = None
    level: str | None = None


@dataclass(frozen=True, slots=True)
class Design:
    """Columns that are linearly independent. ``basis`` (k, p) is orthonormal with matrix = basis @ triangle, so that
    its first j columns span the first j terms. ``dropped`` were redundant."""

    terms: tuple[Term, ...]
    matrix: FloatArray
    basis: FloatArray
    triangle: FloatArray
    dropped: tuple[Term, ...]
    notes: tuple[Note, ...]

    @property
    def intercept(self) -> bool:
        return bool(self.terms) and self.terms[0].moderator is None

    def columns_of(self, moderator: str) -> list[int]:
        """The positions of its terms."""
        return [i for i, term in enumerate(self.terms) if term.moderator == moderator]


def read(
    moderators: Moderators,
    labels: Sequence[str],
    categorical: Collection[str],
    reference: Mapping[str, str | float],
) -> tuple[Moderator, ...]:
    """The moderators, checked. Texts are categories, numbers are continuous unless named in ``categorical``."""
    for name in (*categorical, *reference):
        if name not in moderators:
            raise InputError(
                "regression.unknown-moderator",
                "There is no moderator {name}. The moderators are {known}.",
                name=name,
                known=", ".join(moderators),
            )
    return tuple(
        _moderator(str(name), values, labels, name in categorical, reference.get(name))
        for name, values in moderators.items()
    )


def _moderator(
    name: str,
    values: Sequence[ModeratorValue],
    labels: Sequence[str],
    as_category: bool,
    reference: str | float | None,
) -> Moderator:
    if len(values) != len(labels):
        raise InputError(
            "pooling.lengths",
            "All inputs need one value per study, but they differ in length: {lengths}.",
            lengths=f"effects {len(labels)}, {name} {len(values)}",
        )
    cleaned = tuple(_cleaned(value) for value in values)
    missing = np.array([value is None for value in cleaned], dtype=np.bool_)
    texts = [isinstance(value, str) for value in cleaned if value is not None]
    if any(texts) and not all(texts):
        raise InputError(
            "regression.mixed-moderator",
            "The moderator {name} holds both numbers and words. Give numbers only, or make it categorical.",
            name=name,
        )
    if not any(texts) and not as_category and reference is None:
        _check_finite(name, cleaned, labels)
        return Moderator(name, cleaned, missing)
    named = tuple(None if value is None else level_name(value) for value in cleaned)
    texts_of = sorted(value for value in set(cleaned) if isinstance(value, str))
    numbers = sorted(value for value in set(cleaned) if isinstance(value, float))
    levels = [level_name(value) for value in (*texts_of, *numbers)]
    if reference is not None:
        first = level_name(reference)
        if first not in levels:
            raise InputError(
                "regression.unknown-reference",
                "The moderator {name} has no level {level} to compare with. Its levels are {known}.",
                name=name,
                level=first,
                known=", ".join(levels),
            )
        levels.sort(key=lambda level: level != first)
    return Moderator(name, named, missing, tuple(levels) or ("",))


def _cleaned(value: ModeratorValue) -> str | float | None:
    """None for what is empty or NaN; numbers as floats."""
    if isinstance(value, str):
        return value.strip() or None
    if value is None:
        return None
    number = float(value)
    return None if math.isnan(number) else number


def level_name(value: str | float) -> str:
    """A level as a person writes it: 4.0 is "4"."""
    return f"{float(value):.15g}" if isinstance(value, Real) else str(value)


def _check_finite(name: str, values: Sequence[ModeratorValue], labels: Sequence[str]) -> None:
    for row, value in enumerate(values):
        if isinstance(value, float) and (math.isinf(value) or abs(value) > 1e100):
            raise InputError(
                "regression.not-finite",
                "{study}: the moderator {name} is infinite or too large to compute with. Enter a sensible number.",
                study=labels[row],
                name=name,
                row=row,
            )


def build(moderators: Sequence[Moderator], rows: IntArray, intercept: bool) -> Design:
    """The design for the studies in ``rows``. Categories are coded against their reference level; without an intercept
    the first categorical moderator keeps all its levels. A column that is constant, or follows from those before it, is
    dropped and named in a note."""
    terms: list[Term] = [Term("intercept")] if intercept else []
    columns: list[FloatArray] = [np.ones(len(rows))] if intercept else []
    notes: list[Note] = []
    whole = intercept
    for moderator in moderators:
        values: list[ModeratorValue] = [moderator.values[int(row)] for row in rows]
        if not moderator.categorical:
            terms.append(Term(moderator.name, moderator.name))
            columns.append(np.array(values, dtype=np.float64))
            continue
        levels = [level for level in moderator.levels if level in values]
        if levels and levels[0] != moderator.levels[0]:
            first, other = moderator.levels[0], levels[0]
            notes.append(note("regression.reference-missing", name=moderator.name, level=first, other=other))
        for level in levels if not whole else levels[1:] or levels:
            terms.append(Term(f"{moderator.name}: {level}", moderator.name, level))
            columns.append(np.array([value == level for value in values], dtype=np.float64))
        whole = True
    design = independent(terms, columns, intercept)
    return replace(design, notes=(*notes, *design.notes))


def independent(terms: Sequence[Term], columns: Sequence[FloatArray], intercept: bool) -> Design:
    """Gram and Schmidt's orthogonalisation, each column twice, in the order given."""
    k = len(columns[0]) if columns else 0
    basis = np.empty((k, 0))
    kept: list[int] = []
    parts: list[FloatArray] = []
    notes: list[Note] = []
    for i, column in enumerate(columns):
        size = float(np.linalg.norm(column))
        centred = column - column.mean() if kept and intercept else column
        own = float(np.linalg.norm(centred))
        rest = centred.copy()
        for _ in range(2):
            rest -= basis @ (basis.T @ rest)
        left = float(np.linalg.norm(rest))
        name = terms[i].name
        if own <= CONSTANT * size:
            notes.append(note("regression.constant", term=name))
        elif left <= COLLINEAR * own:
            others = ", ".join(terms[j].name for j in kept)
            notes.append(note("regression.collinear", term=name, others=others))
        else:
            basis = np.column_stack([basis, rest / left])
            kept.append(i)
            # Without the column's mean, which is a matter of the intercept: a year or a large number keeps its digits.
            part = basis.T @ centred
            if centred is not column:
                part[0] = float(basis[:, 0] @ column)
            parts.append(part)
    matrix = np.column_stack([columns[i] for i in kept]) if kept else np.empty((k, 0))
    dropped = tuple(term for i, term in enumerate(terms) if i not in kept)
    triangle = np.zeros((len(kept), len(kept)))
    for i, part in enumerate(parts):
        triangle[: len(part), i] = part
    return Design(tuple(terms[i] for i in kept), matrix, basis, triangle, dropped, tuple(notes))
