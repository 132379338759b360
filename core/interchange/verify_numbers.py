"""The numbers that a file holds for an analysis, each beside what `core.pooling` computes from the file's own rows.

How RevMan stores what it does not show, found in its files: ratios have logarithms to the base 10; z has no sign; a
single study has tau2 = 0 and chi2 = 0, or what rounding leaves of it (then with I2 = 100 and P = 0), where it shows
"not applicable" and Copse has nothing; a fixed-effect model has tau2 = 0; the test of differences is 0 with P = 1 when
one subgroup is estimable. Totals that are not to be shown (none, or subtotals only without subgroups) and results
without an estimable study are marked as not estimable and hold nothing but zeros and remains. With subtotals only,
weights are percent of the subtotal, and the stored total (never shown) is the common-effect mean of the subtotals.
RevMan Web writes zeros, an interval without width among them, where it has computed nothing.
"""

from __future__ import annotations

import enum
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from core import pooling
from core.interchange.model import DataKind, Numbers, SubgroupItem, Totals
from core.interchange.verify_effects import Recomputed, has_effect

Unit = Literal["outcome", "subgroup", "row"]
LN10: Final = math.log(10)
SUMS: Final = ("events_1", "total_1", "events_2", "total_2")


class What(enum.StrEnum):
    """What is compared; how closely depends on it."""

    ESTIMABLE = "estimable"
    EFFECT = "study effect"
    SE = "study standard error"
    O_E = "study O - E"
    WEIGHT = "weight"
    ESTIMATE = "estimate as shown"
    LIMITS = "confidence limits"
    PREDICTION = "prediction limits"
    Z = "z"
    T = "t"
    P_EFFECT = "P of effect"
    TAU2 = "tau2"
    TAU2_LIMITS = "limits of tau2"
    CHI2 = "chi2"
    DF = "degrees of freedom"
    P_CHI2 = "P of chi2"
    I2 = "I2"
    Q = "Q of differences"
    P_Q = "P of differences"
    I2_Q = "I2 of differences"
    STUDIES = "studies"
    SUMS = "sums"


_EXACT = frozenset({What.ESTIMABLE, What.STUDIES, What.DF})
_CLOSE = frozenset({What.EFFECT, What.SE, What.O_E})
_P_VALUES = frozenset({What.P_EFFECT, What.P_CHI2, What.P_Q})


@dataclass(frozen=True, slots=True)
class Place:
    """An analysis, a subgroup of it (its place among them from 0 on) or a row (its place among all rows)."""

    unit: Unit
    outcome: str
    group: int | None = None
    row: int | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """A stored number and Copse's, None where Copse has none. ``name`` is the stored number's in `Numbers`."""

    place: Place
    what: What
    name: str
    stored: float
    computed: float | None
    decimals: int | None = None

    @property
    def agrees(self) -> bool:
        """Study effects and standard errors to 1e-8, P values to 1e-6, counts exactly, all else to 1e-6 of its size.

        Where the file rounds, half a unit of its last decimal is enough as well.
        """
        if self.computed is None or not math.isfinite(self.computed):
            return False
        distance, size = abs(self.stored - self.computed), abs(self.stored)
        if self.what in _EXACT:
            return distance == 0
        if self.decimals is not None and distance <= 0.5 * 10.0**-self.decimals + 1e-9:
            return True
        if self.what in _CLOSE:
            return distance <= 1e-8 * max(size, 1.0)
        if self.what in _P_VALUES:
            return distance <= 1e-6
        return distance <= max(1e-6 * size, 1e-9)


_Pair = tuple[What, str, float | None]
"""What, the name of the stored number, and what is computed."""


def _not_computed(stored: Numbers, estimable: bool | None, name: str) -> bool:
    """Whether a stored zero says that nothing was computed: RevMan Web's way, which does not say so otherwise."""
    return estimable is None and not stored.get(name) and not has_effect(stored)


def checks(computed: Recomputed, decimals: int | None = None, *, own: bool = True) -> tuple[Check, ...]:
    """Every number stored for the analysis, its subgroups and its rows, beside Copse's; ``decimals`` are the file's.

    ``own`` False leaves out what a row's numbers alone decide: all of a row but its weight. Raises ``InputError`` for
    settings that do not go together.
    """
    return tuple(_Comparer(computed, decimals).all(own))


@dataclass(frozen=True, slots=True)
class _Found:
    """A pooled result as a file stores it."""

    shown: pooling.Displayed | None
    estimate: float | None
    limits: pooling.Interval | None
    fit: pooling.Pooled
    stat: float | None
    p: float | None


class _Comparer:
    def __init__(self, computed: Recomputed, decimals: int | None) -> None:
        self.computed = computed
        self.outcome = computed.outcome
        self.decimals = decimals
        self.whole = computed.pool()
        self.members = [computed.rows_of(group) for group in range(len(self.outcome.subgroups))]
        self.groups = [computed.pool(rows) for rows in self.members]
        self.weights = self._weights()

    def all(self, own: bool) -> Iterator[Check]:
        for row in range(len(self.computed.rows)):
            yield from self._row(row) if own else self._row_weight(row)
        for number, group in enumerate(self.outcome.subgroups):
            yield from self._subgroup(number, group)
        place, stored, estimable = self._place("outcome"), self.outcome.stored, self.outcome.estimable
        yield from self._pool(place, stored, estimable, self._shown_total(), range(len(self.computed.rows)))
        yield from self._weight(place, stored, estimable, range(len(self.computed.rows)))
        yield from self._sums(place, stored, range(len(self.computed.rows)))
        if self.outcome.has_subgroups or self.outcome.subgroups:
            yield from self._differences(place)

    def _place(self, unit: Unit, group: int | None = None, row: int | None = None) -> Place:
        return Place(unit, self.outcome.id, group, row)

    def _weights(self) -> list[float]:
        """Percent of the total, or of each subtotal when those alone are shown; 0 when nothing is."""
        if self.outcome.totals is Totals.ALL:
            return [float(weight) for weight in self.whole.weights]
        found = [0.0] * len(self.computed.rows)
        if self.outcome.totals is Totals.SUBTOTALS:
            for rows, fit in zip(self.members, self.groups, strict=True):
                for row, weight in zip(rows, fit.weights, strict=True):
                    found[row] = float(weight)
        return found

    # --- rows --------------------------------------------------------------------------------------------------------

    def _row(self, row: int) -> Iterator[Check]:
        data, effects = self.computed.rows[row], self.computed.effects
        place, stored = self._place("row", self.computed.group_of[row], row), data.stored
        ours = bool(effects.estimable[row])
        theirs = has_effect(stored) if data.estimable is None else data.estimable
        if data.estimable is not None or (theirs and not ours):
            yield Check(place, What.ESTIMABLE, "estimable", float(theirs), float(ours))
        level = self.outcome.ci_study
        found, shown = effects.effect(row, level), effects.display(row, level)
        if not theirs or found is None or shown is None:
            return
        estimate, se, limits = found
        pairs: list[_Pair] = [(What.SE, "se", None if effects.measure == "O-E" else se)]
        if effects.measure == "PETO":
            difference, variance = pooling.o_minus_e_and_variance(effects)
            pairs += [(What.O_E, "o_e", float(difference[row])), (What.O_E, "var", float(variance[row]))]
        elif self.outcome.kind is DataKind.DICHOTOMOUS and self.decimals is None:
            pairs.append((What.O_E, "var", se * se))
        yield from self._study_effect(place, stored, estimate)
        yield from self._checks(place, stored, [pair for pair in pairs if pair[2] is not None])
        yield from self._row_weight(row)
        yield from self._limits(place, stored, shown, limits)

    def _row_weight(self, row: int) -> Iterator[Check]:
        data = self.computed.rows[row]
        theirs = has_effect(data.stored) if data.estimable is None else data.estimable
        if theirs and self.computed.effects.estimable[row]:
            place = self._place("row", self.computed.group_of[row], row)
            yield from self._checks(place, data.stored, [(What.WEIGHT, "weight", self.weights[row])])

    def _study_effect(self, place: Place, stored: Numbers, estimate: float) -> Iterator[Check]:
        """The effect on the scale on which it is pooled; where the file rounds, what it shows is compared instead."""
        if self.decimals is not None:
            return
        effect, name = stored.get("effect_size"), "effect_size"
        if self.computed.log_scale and effect is not None:
            logarithm = stored.get("log_effect_size")
            name = "log_effect_size"
            shown = math.log(effect) if effect > 0 else None
            effect = shown if logarithm is None else logarithm * LN10
        if effect is not None and math.isfinite(effect):
            yield Check(place, What.EFFECT, name, effect, estimate)

    def _limits(
        self, place: Place, stored: Numbers, shown: pooling.Displayed, limits: pooling.Interval | None
    ) -> Iterator[Check]:
        pairs: list[_Pair] = [
            (What.ESTIMATE, "effect_size", shown.estimate),
            (What.LIMITS, "ci_start", shown.ci.low),
            (What.LIMITS, "ci_end", shown.ci.high),
        ]
        if has_effect(stored):
            yield from self._checks(place, stored, pairs)
        if self.computed.log_scale and limits is not None and self.decimals is None:
            for name, limit in (("log_ci_start", limits.low), ("log_ci_end", limits.high)):
                value = stored.get(name)
                if value is not None and math.isfinite(value):
                    yield Check(place, What.LIMITS, name, value * LN10, limit)

    # --- subtotals and totals ----------------------------------------------------------------------------------------

    def _subgroup(self, number: int, group: SubgroupItem) -> Iterator[Check]:
        place, rows, fit = self._place("subgroup", number), self.members[number], self.groups[number]
        yield from self._pool(place, group.stored, group.estimable, self._found(fit), rows)
        yield from self._weight(place, group.stored, group.estimable, rows)
        yield from self._sums(place, group.stored, rows)

    def _weight(self, place: Place, stored: Numbers, estimable: bool | None, rows: Sequence[int]) -> Iterator[Check]:
        if not _not_computed(stored, estimable, "weight"):
            yield from self._checks(place, stored, [(What.WEIGHT, "weight", sum(self.weights[row] for row in rows))])

    def _found(self, fit: pooling.Pooled) -> _Found:
        return _Found(fit.display(), fit.estimate, fit.ci, fit, fit.stat, fit.p)

    def _mean_of_subtotals(self) -> pooling.Pooled | None:
        """The common-effect mean of the subtotals; its Q is the test of their differences."""
        subtotals = [(fit.estimate, fit.se) for fit in self.groups if fit.estimable and fit.se]
        if not subtotals:
            return None
        generic = pooling.effect_sizes(
            "GENLOG" if self.computed.log_scale else "GEN",
            yi=[estimate for estimate, _ in subtotals],
            sei=[se for _, se in subtotals],
        )
        return pooling.pool(generic, model="common", level=self.outcome.ci_total)

    def _shown_total(self) -> _Found:
        """The total of all studies; estimate and interval those of the subtotals' mean when subtotals alone are
        shown."""
        found = self._found(self.whole)
        if self.outcome.totals is Totals.SUBTOTALS and self.computed.model == "random":
            mean = self._mean_of_subtotals()
            if mean is not None:
                found = replace(self._found(mean), fit=self.whole)
        return found

    def _pool(
        self, place: Place, stored: Numbers, estimable: bool | None, found: _Found, rows: Sequence[int]
    ) -> Iterator[Check]:
        shown, fit = found.shown, found.fit
        if estimable is False:
            shown_units = {Totals.ALL: ("outcome", "subgroup"), Totals.SUBTOTALS: ("subgroup",), Totals.NONE: ()}
            hidden = place.unit not in shown_units[self.outcome.totals]
            yield Check(place, What.ESTIMABLE, "estimable", 0.0, 0.0 if hidden else float(shown is not None))
            return
        if estimable or (shown is None and has_effect(stored)):
            yield Check(place, What.ESTIMABLE, "estimable", 1.0, float(shown is not None))
        if shown is None:
            return
        logarithm = stored.get("log_effect_size")
        if self.computed.log_scale and has_effect(stored) and logarithm is not None and math.isfinite(logarithm):
            yield Check(place, What.ESTIMATE, "log_effect_size", logarithm * LN10, found.estimate, self.decimals)
        yield from self._limits(place, stored, shown, found.limits)
        size = None if found.stat is None else abs(found.stat)
        pairs: list[_Pair] = [(What.DF, "df", fit.df)]
        if has_effect(stored):
            pairs += [
                (What.Z, "z", size),
                (What.P_EFFECT, "p_z", found.p),
                (What.TAU2, "tau2", fit.tau2 or 0.0),
                (What.CHI2, "chi2", fit.q or 0.0),
            ]
            if fit.df:
                pairs += [(What.P_CHI2, "p_chi2", fit.q_p), (What.I2, "i2", fit.i2)]
            pairs += self._of_revman_web(stored, found, rows)
        yield from self._checks(place, stored, pairs)

    def _of_revman_web(self, stored: Numbers, found: _Found, rows: Sequence[int]) -> Iterator[_Pair]:
        """What RevMan Web adds to RevMan 5's results."""
        if found.fit.test == "t":
            yield What.T, "t", None if found.stat is None else abs(found.stat)
        pi = None if found.shown is None else found.shown.pi
        if stored.get("pi_start") is not None and found.fit.settings.pi:
            yield What.PREDICTION, "pi_start", None if pi is None else pi.low
            yield What.PREDICTION, "pi_end", None if pi is None else pi.high
        if stored.get("tau2_ci_start") is not None:
            part = self.computed.effects.select(rows)
            spread = pooling.tau2_interval(part, level=self.outcome.ci_total).tau2
            yield What.TAU2_LIMITS, "tau2_ci_start", None if spread is None else spread.ci.low
            yield What.TAU2_LIMITS, "tau2_ci_end", None if spread is None else spread.ci.high

    def _differences(self, place: Place) -> Iterator[Check]:
        estimable = [fit for fit in self.groups if fit.estimable]
        q, p, i2 = (0.0, 1.0, 0.0) if len(estimable) == 1 else (None, None, None)
        mean = self._mean_of_subtotals()
        if len(estimable) > 1 and mean is not None and mean.k == len(estimable):
            q, p, i2 = mean.q, mean.q_p, mean.i2
        stored, said = self.outcome.stored, self.outcome.estimable
        hidden = said is False and self.outcome.totals is not Totals.SUBTOTALS
        if not hidden and not _not_computed(stored, said, "q"):
            pairs: list[_Pair] = [(What.Q, "q", q), (What.P_Q, "p_q", p), (What.I2_Q, "i2_q", i2)]
            yield from self._checks(place, stored, pairs)

    def _sums(self, place: Place, stored: Numbers, rows: Sequence[int]) -> Iterator[Check]:
        """Different studies, and the sums of participants and events."""
        found = [self.computed.rows[row] for row in rows]
        pairs: list[_Pair] = [(What.STUDIES, "studies", len({row.study_id for row in found}))]
        pairs += [(What.SUMS, key, sum(row.data.get(key) or 0.0 for row in found)) for key in SUMS]
        yield from self._checks(place, stored, pairs)

    def _checks(self, place: Place, stored: Numbers, pairs: Sequence[_Pair]) -> Iterator[Check]:
        """What is stored as a number; empty and NaN mean that the file's program had not computed it."""
        for what, name, computed in pairs:
            value = stored.get(name)
            if value is not None and math.isfinite(value):
                yield Check(place, what, name, value, None if computed is None else float(computed), self.decimals)
