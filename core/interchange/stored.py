"""What RevMan stores as the results of an analysis, computed from its rows by RevMan's conventions.

How RevMan writes results is told in `core.interchange.verify_numbers`, which compares them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Final, TypeVar

from core import pooling
from core.errors import InputError
from core.interchange.model import DataKind, DataRow, Outcome, SubgroupItem, Totals
from core.interchange.verify_effects import Recomputed, recomputed

_LN10: Final = math.log(10)
_SUMS: Final = ("events_1", "total_1", "events_2", "total_2")
_P: Final = 1e-6
"""How closely RevMan stores P values."""
Stored = dict[str, float | None]
T = TypeVar("T", DataRow, SubgroupItem, Outcome)


def filled(outcome: Outcome) -> Outcome:
    """The analysis with its results, those of its subgroups and rows; without any where nothing can be pooled.

    Where what is stored is the same as what is computed but for the last digits, it stays.
    """
    if outcome.kind is DataKind.OTHER:
        return outcome
    try:
        return _Filler(recomputed(outcome)).outcome()
    except InputError:
        return _without(outcome)


def _without(outcome: Outcome) -> Outcome:
    def bare(rows: tuple[DataRow, ...]) -> tuple[DataRow, ...]:
        return tuple(replace(row, stored={}, estimable=None) for row in rows)

    groups = tuple(replace(g, rows=bare(g.rows), stored={}, estimable=None) for g in outcome.subgroups)
    return replace(outcome, rows=bare(outcome.rows), subgroups=groups, stored={}, estimable=None)


def _with_results(item: T, stored: Stored, *, estimable: bool) -> T:
    def is_same(name: str) -> bool:
        before, now = item.stored.get(name) or 0.0, stored[name] or 0.0
        return math.isclose(before, now, rel_tol=1e-9, abs_tol=_P if name.startswith("p_") else 1e-12)

    if item.stored and item.estimable == estimable and all(map(is_same, stored)):
        return item
    return replace(item, stored=stored, estimable=estimable)


class _Filler:
    def __init__(self, computed: Recomputed) -> None:
        self._computed = computed
        self._outcome = computed.outcome
        self._whole = computed.pool()
        self._members = [computed.rows_of(n) for n in range(len(self._outcome.subgroups))]
        self._groups = [computed.pool(rows) for rows in self._members]
        self._weights = self._all_weights()

    def outcome(self) -> Outcome:
        outcome, first = self._outcome, len(self._outcome.rows)
        rows = tuple(self._row(n, row) for n, row in enumerate(outcome.rows))
        groups: list[SubgroupItem] = []
        for number, group in enumerate(outcome.subgroups):
            found = tuple(self._row(first + n, row) for n, row in enumerate(group.rows))
            first += len(group.rows)
            fit, members = self._groups[number], self._members[number]
            shown = outcome.totals is not Totals.NONE
            stored = self._pool(fit, fit) | self._sums(members)
            groups.append(_with_results(replace(group, rows=found), stored, estimable=shown and fit.estimable))
        return self._with_total(replace(outcome, rows=rows, subgroups=tuple(groups)))

    def _with_total(self, outcome: Outcome) -> Outcome:
        shown = self._whole
        mean = self._mean_of_subtotals()
        if outcome.totals is Totals.SUBTOTALS and self._computed.model == "random" and mean is not None:
            shown = mean
        stored = self._pool(shown, self._whole) | self._sums(range(len(self._computed.rows)))
        if stored.get("effect_size") is not None or outcome.subgroups:
            stored |= self._differences(mean)
        visible = outcome.totals is Totals.ALL or (outcome.totals is Totals.SUBTOTALS and bool(outcome.subgroups))
        return _with_results(outcome, stored, estimable=visible and self._whole.estimable)

    def _all_weights(self) -> list[float]:
        """Percent of the total, or of each subtotal when those alone are shown; 0 when nothing is."""
        if self._outcome.totals is Totals.ALL:
            return [float(weight) for weight in self._whole.weights]
        found = [0.0] * len(self._computed.rows)
        if self._outcome.totals is Totals.SUBTOTALS:
            for rows, fit in zip(self._members, self._groups, strict=True):
                for row, weight in zip(rows, fit.weights, strict=True):
                    found[row] = float(weight)
        return found

    def _row(self, index: int, row: DataRow) -> DataRow:
        effects, level = self._computed.effects, self._outcome.ci_study
        found, shown = effects.effect(index, level), effects.display(index, level)
        if found is None or shown is None:
            return _with_results(row, {"weight": 0.0}, estimable=False)
        _, se, limits = found
        stored = self._effect(shown, found[0], limits) | {"weight": self._weights[index]}
        if self._outcome.kind in (DataKind.DICHOTOMOUS, DataKind.CONTINUOUS):
            stored["se"] = se
        if self._outcome.kind is DataKind.DICHOTOMOUS:
            stored |= {"o_e": 0.0, "var": se * se}
        if effects.measure == "PETO":
            difference, variance = pooling.o_minus_e_and_variance(effects)
            stored |= {"o_e": float(difference[index]), "var": float(variance[index])}
        return _with_results(row, stored, estimable=True)

    def _effect(self, shown: pooling.Displayed, estimate: float, limits: pooling.Interval) -> Stored:
        stored: Stored = {"effect_size": shown.estimate, "ci_start": shown.ci.low, "ci_end": shown.ci.high}
        if self._computed.log_scale:
            stored |= {
                "log_effect_size": estimate / _LN10,
                "log_ci_start": limits.low / _LN10,
                "log_ci_end": limits.high / _LN10,
            }
        return stored

    def _pool(self, shown: pooling.Pooled, fit: pooling.Pooled) -> Stored:
        """A pool: estimate, interval and test of one fit, heterogeneity of the other."""
        display = shown.display()
        if display is None or shown.estimate is None or shown.ci is None:
            return {}
        stored = self._effect(display, shown.estimate, shown.ci)
        stored |= {
            "z": None if shown.stat is None else abs(shown.stat),
            "p_z": shown.p,
            "tau2": fit.tau2 or 0.0,
            "chi2": fit.q or 0.0,
            "df": fit.df,
            "p_chi2": 1.0 if fit.q_p is None else fit.q_p,
            "i2": fit.i2 or 0.0,
        }
        if display.pi is not None:
            stored |= {"pi_start": display.pi.low, "pi_end": display.pi.high}
        return stored

    def _sums(self, members: Sequence[int]) -> Stored:
        rows = [self._computed.rows[n] for n in members]
        given = {key for row in rows for key in _SUMS if row.data.get(key) is not None}
        sums: Stored = {key: sum(row.data.get(key) or 0.0 for row in rows) for key in _SUMS if key in given}
        return sums | {
            "studies": len({row.study_id for row in rows}),
            "weight": sum(self._weights[n] for n in members),
        }

    def _mean_of_subtotals(self) -> pooling.Pooled | None:
        subtotals = [(fit.estimate, fit.se) for fit in self._groups if fit.estimable and fit.se]
        if not subtotals:
            return None
        generic = pooling.effect_sizes(
            "GENLOG" if self._computed.log_scale else "GEN",
            yi=[estimate for estimate, _ in subtotals],
            sei=[se for _, se in subtotals],
        )
        return pooling.pool(generic, model="common", level=self._outcome.ci_total)

    def _differences(self, mean: pooling.Pooled | None) -> Stored:
        estimable = [fit for fit in self._groups if fit.estimable]
        if len(estimable) < 2 or mean is None or mean.k != len(estimable):
            return {"q": 0.0, "p_q": 1.0, "i2_q": 0.0}
        return {"q": mean.q, "p_q": mean.q_p, "i2_q": mean.i2}
