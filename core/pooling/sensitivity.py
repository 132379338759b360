"""One study more or less: leave-one-out and cumulative meta-analysis, every refit by ``pool`` itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from core.errors import InputError
from core.pooling.fit import pool
from core.pooling.mantel_haenszel import mantel_haenszel
from core.pooling.measures import measure as measure_of
from core.pooling.measures.base import Correction
from core.pooling.models import o_minus_e_and_variance
from core.pooling.notes import Note, note
from core.pooling.results import EffectSizes, Pooled, PoolSettings
from core.pooling.rules import AUTO, resolve

Change = Literal["significance", "direction", "estimability"]


@dataclass(frozen=True, slots=True)
class Refit:
    """The pooled result after one step. ``row`` is the study left out or added (its row in the whole table);
    ``changes`` says in what the conclusion differs: from the result of all studies when a study is left out, from the
    step before when one is added."""

    row: int
    label: str
    pooled: Pooled
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class LeaveOneOut:
    """All studies together, and the result without each study that contributes, in the order given."""

    overall: Pooled
    refits: tuple[Refit, ...]
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class Cumulative:
    """The result after each study that contributes is added. The weights of a step are those of ``order`` so far."""

    order: tuple[int, ...]
    steps: tuple[Refit, ...]
    notes: tuple[Note, ...]


def leave_one_out(
    effects: EffectSizes,
    *,
    model: str = "random",
    method: str = "IV",
    tau2: str | None = None,
    ci: str | None = None,
    pi: str | None = AUTO,
    level: float = 0.95,
    add: float = 0.0,
    to: Correction = "none",
) -> LeaveOneOut:
    """Pool again without each study in turn; tau2 is estimated anew every time. Settings and errors as for ``pool``.

    Studies that do not contribute are not left out, as that changes nothing. The notes name the studies without which
    the conclusion (P below 1 - level, the sign of the estimate) would be another.
    """
    settings = resolve(effects, model=model, method=method, tau2=tau2, ci=ci, pi=pi, level=level, add=add, to=to)

    def pooled(part: EffectSizes) -> Pooled:
        return pool(part, model=model, method=method, tau2=tau2, ci=ci, pi=pi, level=level, add=add, to=to)

    overall = pooled(effects)
    rows = list(range(len(effects)))
    refits: list[Refit] = []
    for row in contributing(effects, settings):
        without = pooled(effects.select(rows[:row] + rows[row + 1 :]))
        refits.append(Refit(row, effects.labels[row], without, changes(overall, without)))
    return LeaveOneOut(overall, tuple(refits), tuple(_left_out_notes(refits, overall)))


def cumulative(
    effects: EffectSizes,
    *,
    order: Sequence[int] | str = "given",
    model: str = "random",
    method: str = "IV",
    tau2: str | None = None,
    ci: str | None = None,
    pi: str | None = AUTO,
    level: float = 0.95,
    add: float = 0.0,
    to: Correction = "none",
) -> Cumulative:
    """Pool the first study, the first two, and so on; tau2 is estimated anew at every step (Lau et al. 1992).

    ``order`` is "given", "precision" (smallest standard error first), "effect" (smallest first), or the rows of all
    studies in the order wanted, for instance by year. Rows that do not contribute make no step of their own; the last
    step is ``pool`` of all studies. Raises ``InputError`` for an order that is not one, else as ``pool``.
    """
    settings = resolve(effects, model=model, method=method, tau2=tau2, ci=ci, pi=pi, level=level, add=add, to=to)
    rows = _ordered(effects, order)
    counted = set(contributing(effects, settings))
    added = [position for position, row in enumerate(rows) if row in counted]
    steps: list[Refit] = []
    for position, following in zip(added, [*added, len(rows)][1:], strict=True):
        part = effects.select(rows[:following])
        now = pool(part, model=model, method=method, tau2=tau2, ci=ci, pi=pi, level=level, add=add, to=to)
        changed = changes(steps[-1].pooled, now) if steps else ()
        steps.append(Refit(rows[position], effects.labels[rows[position]], now, changed))
    notes = () if steps else (note("pool.none-estimable" if len(effects) else "pool.no-studies"),)
    return Cumulative(tuple(rows), tuple(steps), notes)


def contributing(effects: EffectSizes, settings: PoolSettings) -> list[int]:
    """The rows that have a part in the pooled result, or in the heterogeneity reported with it."""
    if settings.method == "Peto":
        variance = o_minus_e_and_variance(effects)[1]
        counts = np.where(np.isnan(variance), 0.0, variance) > 0
    elif settings.method == "MH" and len(effects):
        counts = mantel_haenszel(effects, settings).used | effects.estimable
    else:
        counts = effects.estimable
    return [int(row) for row in np.flatnonzero(counts)]


def changes(before: Pooled, after: Pooled) -> tuple[Change, ...]:
    """In what the conclusion of two results differs; nothing when neither is estimable. Measures of one group know no
    effect of 0, so only estimability can change."""
    if before.estimate is None or after.estimate is None:
        return () if before.estimable == after.estimable else ("estimability",)
    found: list[Change] = []
    if measure_of(after.measure).null is None:
        return ()
    if significant(before) != significant(after):
        found.append("significance")
    if before.estimate * after.estimate < 0:
        found.append("direction")
    return tuple(found)


def significant(pooled: Pooled) -> bool:
    """Whether the result differs from no effect at its level of confidence."""
    return pooled.p is not None and pooled.p < 1 - pooled.settings.level


def _left_out_notes(refits: list[Refit], overall: Pooled) -> list[Note]:
    if not refits:
        return [entry for entry in overall.notes if entry.code != "pool.left-out"] or [note("pool.none-estimable")]
    if len(refits) == 1:
        return [note("leave-one-out.one")]
    kinds: tuple[Change, ...] = ("significance", "direction", "estimability")
    named = {kind: [refit.label for refit in refits if kind in refit.changes] for kind in kinds}
    notes = [note(f"leave-one-out.{kind}", studies=", ".join(labels)) for kind, labels in named.items() if labels]
    if not notes and measure_of(overall.measure).null is not None:
        notes.append(note("leave-one-out.stable"))
    return notes


def _ordered(effects: EffectSizes, order: Sequence[int] | str) -> list[int]:
    rows = list(range(len(effects)))
    keys: dict[str, Callable[[int], float]] = {
        "given": float,
        "precision": lambda row: float(effects.vi[row]) if effects.estimable[row] else np.inf,
        "effect": lambda row: float(effects.yi[row]) if effects.estimable[row] else np.inf,
    }
    if isinstance(order, str):
        if order not in keys:
            raise InputError(
                "pooling.order",
                "There is no order {asked}. Choose one of: {known}; or give the rows of all studies in order.",
                asked=order,
                known=", ".join(keys),
            )
        return sorted(rows, key=keys[order])
    # What is not a whole number, or no number at all, is none of the rows.
    found = [int(row) for row in order if row in rows]
    if len(found) != len(order) or sorted(found) != rows:
        raise InputError(
            "pooling.order-rows",
            "The order must name each of the {count} rows once, counted from 0.",
            count=len(rows),
        )
    return found
