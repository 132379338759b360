"""The same data analysed in every legal way: models, methods, estimators, intervals, zero cells, conventions.

Rows come from ``SOURCES``; a method of its own kind (a generalised linear mixed model, say) adds a function there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

import numpy as np

from core.errors import InputError
from core.language import Phrase, mark
from core.pooling.effects import effect_sizes
from core.pooling.fit import finish, fitted
from core.pooling.glmm import LIKELIHOODS, OFFERED, glmm
from core.pooling.inference import Interval
from core.pooling.measures.base import Compatibility, Correction
from core.pooling.notes import Note
from core.pooling.results import Displayed, EffectSizes, Pooled
from core.pooling.rules import (
    COMPATIBILITIES,
    INTERVALS,
    METHODS,
    MODELS,
    TAU2_ESTIMATORS,
    Combination,
    combinations,
    label,
    resolve,
)

ZERO_CELLS: dict[Correction, str] = {
    "none": mark("no correction of zero cells"),
    "only0": mark("{add:g} added in studies with a zero cell"),
    "if0all": mark("{add:g} added in all studies, because one has a zero cell"),
    "all": mark("{add:g} added in all studies"),
}
DOUBLE_ZEROS = {True: mark("without double-zero studies"), False: mark("with double-zero studies")}


@dataclass(frozen=True, slots=True)
class ZeroCells:
    """What was done about zero cells: ``add`` and ``to`` as in ``effect_sizes`` or, for Mantel-Haenszel, ``pool``.
    ``drop00``: whether double-zero studies were left out; None where that makes no difference."""

    add: float
    to: Correction
    drop00: bool | None


@dataclass(frozen=True, slots=True)
class ComparedRow:
    """One analysis: its settings as keys and as ``words`` (texts to be joined), and its results.

    ``zero_cells`` is None where no cell is zero or nothing can be chosen. Numbers are on the analysis scale, ``shown``
    on the scale that readers see. They are None where the notes say why, or where ``refusal`` does: then these settings
    do not go together at all. ``ci_method`` is the interval that was really drawn.
    """

    compatibility: Compatibility
    method: str
    model: str
    tau2_estimator: str | None
    ci_kind: str | None
    pi_kind: str | None
    zero_cells: ZeroCells | None
    words: tuple[str, ...]
    k: int = 0
    estimate: float | None = None
    se: float | None = None
    ci: Interval | None = None
    ci_method: str | None = None
    p: float | None = None
    tau2: float | None = None
    i2: float | None = None
    pi: Interval | None = None
    shown: Displayed | None = None
    notes: tuple[Note, ...] = ()
    refusal: str | None = None

    @property
    def label(self) -> str:
        """The settings in English."""
        return ", ".join(self.words)


@dataclass(frozen=True, slots=True)
class Comparison:
    """All analyses of the same data, those under current conventions first."""

    measure: str
    level: float
    rows: tuple[ComparedRow, ...]


Source = Callable[[EffectSizes, float], Iterator[ComparedRow]]


def compare(effects: EffectSizes, *, level: float = 0.95) -> Comparison:
    """Every legal way to pool these studies, one row each, under current conventions and RevMan 5's.

    Effect sizes are computed anew from the same numbers for other conventions and, where a cell is zero, for other
    corrections of it; a correction that changes nothing gets no row of its own. Each model is fitted once, whatever the
    number of intervals. A row that cannot be estimated says why; methods that exist with another model or under other
    conventions only come last, with the reason. Raises ``InputError`` for a level that makes no sense.
    """
    resolve(effects, model="common", method=effects.definition.methods[0], level=level)
    rows = [row for source in SOURCES for row in source(effects, level)]
    rows.sort(key=lambda row: row.refusal is not None)
    return Comparison(effects.measure, level, tuple(rows))


def pooled_rows(effects: EffectSizes, level: float) -> Iterator[ComparedRow]:
    """What ``pool`` can do."""
    methods = effects.definition.methods
    for conventions in effects.definition.compatibility:
        ways = _ways(effects, conventions)
        legal = combinations(effects.measure, conventions)
        for entry in legal:
            if entry.method == "IV":
                for zero_cells, way in ways:
                    yield from _rows(way, entry, zero_cells, level)
            else:
                for zero_cells in _in_the_sums(ways[0][0], entry, conventions):
                    yield from _rows(ways[0][1], entry, zero_cells, level)
        for method, model in product(methods, ("random", "common")):
            if not any((entry.method, entry.model) == (method, model) for entry in legal):
                yield _refused(ways[0][1], method, model)


def mixed_rows(effects: EffectSizes, level: float) -> Iterator[ComparedRow]:
    """The mixed models for counts, which need no correction of zero cells."""
    own = effects if effects.compatibility is None else _again(effects, None)
    for likelihood in OFFERED.get(effects.measure, ()):
        kind = () if likelihood is None else (label(LIKELIHOODS, likelihood),)
        words = (mark("Generalised linear mixed model"), *kind, label(COMPATIBILITIES, ""))
        row = ComparedRow(None, f"GLMM {likelihood or ''}".strip(), "random", "ML", "wald", None, None, words)
        try:
            found = glmm(own, likelihood=likelihood, level=level)
        except InputError as refusal:
            yield replace(row, refusal=refusal.message)
            continue
        yield replace(
            row,
            pi_kind=found.settings.pi,
            k=found.k,
            estimate=found.estimate,
            se=found.se,
            ci=found.ci,
            ci_method=found.ci_method,
            p=found.p,
            tau2=found.tau2,
            i2=found.i2,
            pi=found.pi,
            shown=found.display(),
            notes=found.notes,
        )


SOURCES: list[Source] = [pooled_rows, mixed_rows]


def _ways(effects: EffectSizes, conventions: Compatibility) -> list[tuple[ZeroCells | None, EffectSizes]]:
    """The effect sizes under these conventions, as given or usual, then with the other corrections that make a
    difference. Without a zero cell there is one way, without a correction to name."""
    definition = effects.definition
    first = effects if effects.compatibility == conventions else _again(effects, conventions)
    if not definition.corrects_zero_cells or definition.to == "none":
        return [(None, first)]
    usual = ZeroCells(definition.add, definition.to, definition.drop00)
    other_zeros = replace(usual, drop00=not usual.drop00)
    without = replace(usual, add=0.0, to="none")
    ways = {each: _again(effects, None, each) for each in (usual, other_zeros, without)}
    if _alike(ways[usual], ways[without]):
        return [(None, first)]
    double_zeros = not _alike(ways[usual], ways[other_zeros])
    options = first.options
    given = ZeroCells(options.add, options.to, options.drop00)
    found = {given if double_zeros else replace(given, drop00=None): first}
    if conventions is None:
        if0all, to_all = replace(usual, to="if0all"), replace(usual, to="all")
        for each in (usual, if0all, to_all, without, other_zeros):
            way = ways.get(each) or _again(effects, None, each)
            if not any(_alike(way, known) for known in found.values()):
                found[each if double_zeros else replace(each, drop00=None)] = way
    return list(found.items())


def _again(effects: EffectSizes, conventions: Compatibility, zero_cells: ZeroCells | None = None) -> EffectSizes:
    """The effect sizes of the same numbers, otherwise computed."""
    columns: dict[str, Any] = {column.key: effects.table[column.key] for column in effects.definition.columns}
    if conventions is None:
        columns |= {"vtype": effects.options.vtype, "small_sample": effects.options.small_sample}
    if zero_cells is not None:
        columns |= {"add": zero_cells.add, "to": zero_cells.to}
        if effects.definition.drops_double_zeros:
            columns["drop00"] = zero_cells.drop00
    return effect_sizes(effects.measure, labels=effects.labels, compatibility=conventions, **columns)


def _alike(one: EffectSizes, other: EffectSizes) -> bool:
    rows = one.estimable
    return (
        np.array_equal(rows, other.estimable)
        and np.array_equal(one.yi[rows], other.yi[rows])
        and np.array_equal(one.vi[rows], other.vi[rows])
    )


def _in_the_sums(
    effect_cells: ZeroCells | None, entry: Combination, conventions: Compatibility
) -> tuple[ZeroCells | None, ...]:
    """The corrections inside the sums of a method that pools tables: Mantel-Haenszel's exact form and the one with 0.5,
    of which RevMan 5 has the second only; Peto needs none."""
    if effect_cells is None or entry.method != "MH":
        return (None,)
    if conventions is not None:
        return (effect_cells,)
    return ZeroCells(0.0, "none", None), ZeroCells(0.5, "only0", None if effect_cells.drop00 is None else False)


def _rows(
    effects: EffectSizes, entry: Combination, zero_cells: ZeroCells | None, level: float
) -> Iterator[ComparedRow]:
    """The rows of one combination: the model is fitted once for each estimator."""
    sums = entry.method == "MH" and effects.compatibility is None and zero_cells is not None
    add, to = (zero_cells.add, zero_cells.to) if zero_cells and sums else (0.0, "none")
    for tau2 in entry.tau2 or (None,):
        fit = None
        for ci in entry.ci:
            settings = resolve(
                effects, model=entry.model, method=entry.method, tau2=tau2, ci=ci, level=level, add=add, to=to
            )
            fit = fit or fitted(effects, settings)
            yield _row(finish(effects, settings, fit), zero_cells)


def _row(pooled: Pooled, zero_cells: ZeroCells | None) -> ComparedRow:
    settings = pooled.settings
    words = [label(METHODS, settings.method), label(MODELS, settings.model)]
    if settings.tau2 is not None:
        words += [label(TAU2_ESTIMATORS, settings.tau2), label(INTERVALS, settings.ci)]
    return ComparedRow(
        settings.compatibility,
        settings.method,
        settings.model,
        settings.tau2,
        settings.ci,
        settings.pi,
        zero_cells,
        (*words, *_said(zero_cells), label(COMPATIBILITIES, settings.compatibility or "")),
        pooled.k,
        pooled.estimate,
        pooled.se,
        pooled.ci,
        pooled.ci_method,
        pooled.p,
        pooled.tau2,
        pooled.i2,
        pooled.pi,
        pooled.display(),
        pooled.notes,
    )


def _said(zero_cells: ZeroCells | None) -> tuple[str, ...]:
    if zero_cells is None:
        return ()
    said = Phrase(ZERO_CELLS[zero_cells.to], {"add": zero_cells.add})
    return (said,) if zero_cells.drop00 is None else (said, DOUBLE_ZEROS[zero_cells.drop00])


def _refused(effects: EffectSizes, method: str, model: str) -> ComparedRow:
    """A row for settings that do not go together, with the reason."""
    conventions = effects.compatibility
    words = (label(METHODS, method), label(MODELS, model), label(COMPATIBILITIES, conventions or ""))
    try:
        resolve(effects, method=method, model=model)
    except InputError as refusal:
        return ComparedRow(conventions, method, model, None, None, None, None, words, refusal=refusal.message)
    raise ValueError("these settings go together")
