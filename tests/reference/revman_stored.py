"""What RevMan 5 stored in a file beside what core.pooling computes from the same numbers, under its conventions.

An outcome is a dictionary of settings, rows and stored results, by the names of the attributes of an .rm5 file in lower
case (``tests/reference/revman_conform.py`` says where). ``outcome_checks`` gives every number that RevMan stored, each
with Copse's.

How RevMan stores what it does not show, found in its files: ratios have logarithms to the base 10; z has no sign; a
single study has tau2 = 0 and chi2 = 0, or what rounding leaves of it (then with I2 = 100 and P = 0), where it shows
"not applicable" and Copse has nothing; a fixed-effect model has tau2 = 0; the test of differences is 0 with P = 1 when
one subgroup is estimable. Totals that are not to be shown (TOTALS=NO, or SUB without subgroups) and results without an
estimable study have ESTIMABLE=NO and hold nothing but zeros and remains. With subtotals only, weights are percent of
the subtotal, and the stored total (never shown) is the common-effect mean of the subtotals.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from core import pooling

Stored = dict[str, Any]
Unit = Literal["outcome", "subgroup", "study row"]
LN10 = math.log(10)
MEASURES = {"PETO_OR": "PETO", "WMD": "MD"}
METHODS = {"IV": "IV", "MH": "MH", "PETO": "Peto"}
MODELS = {"fixed": "common", "random": "random"}
COLUMNS = {
    "DICH": {"ai": "events_1", "n1i": "total_1", "ci": "events_2", "n2i": "total_2"},
    "CONT": {"m1i": "mean_1", "sd1i": "sd_1", "n1i": "total_1", "m2i": "mean_2", "sd2i": "sd_2", "n2i": "total_2"},
    "IV": {"yi": "estimate", "sei": "se"},
    "IPD": {"oei": "o_e", "vi": "var"},
}


@dataclass(frozen=True, slots=True)
class Check:
    """One stored number and Copse's. ``place`` names the outcome, subgroup or row, ``kind`` what is compared."""

    unit: Unit
    place: str
    kind: str
    stored: float
    computed: float | None

    @property
    def agrees(self) -> bool:
        """Effects and standard errors to 1e-8, P values to 1e-6, counts exactly, all else to 1e-6 of its size."""
        if self.computed is None:
            return False
        distance, size = abs(self.stored - self.computed), abs(self.stored)
        if self.kind in ("study effect", "study standard error", "study O - E"):
            return distance <= 1e-8 * max(size, 1.0)
        if self.kind.startswith("P of"):
            return distance <= 1e-6
        if self.kind in ("estimable", "studies", "degrees of freedom"):
            return distance == 0
        return distance <= max(1e-6 * size, 1e-9)


@dataclass(frozen=True, slots=True)
class Outcome:
    """A stored outcome with its rows in one list, as Copse pools them."""

    stored: Stored
    rows: tuple[Stored, ...]
    group_of: tuple[int | None, ...]
    effects: pooling.EffectSizes
    model: str
    method: str

    @property
    def place(self) -> str:
        return " ".join(str(self.stored[key]) for key in ("file", "outcome_id") if self.stored.get(key))

    @property
    def log_scale(self) -> bool:
        return self.effects.definition.log_scale

    def pool(self, rows: Sequence[int] | None = None) -> pooling.Pooled:
        """All studies, or these rows only, pooled as the outcome's settings say."""
        part = self.effects if rows is None else self.effects.select(rows)
        return pooling.pool(part, model=self.model, method=self.method, level=self.stored["ci_total"] / 100)

    def rows_of(self, group: int) -> list[int]:
        return [row for row, found in enumerate(self.group_of) if found == group]


def measure_of(stored: Stored) -> str:
    """Copse's measure for an outcome."""
    if stored["type"] == "IPD":
        return "O-E"
    if stored["type"] == "IV":
        return "GENLOG" if stored["log_data"] == "YES" else "GEN"
    return MEASURES.get(stored["measure"], stored["measure"])


def outcome_of(stored: Stored) -> Outcome:
    """The rows of an outcome as effect sizes under RevMan's conventions. Exchanged events are the non-events."""
    groups = stored["subgroup_results"]
    rows = [*stored["studies"], *(row for group in groups for row in group["studies"])]
    group_of = [None] * len(stored["studies"]) + [n for n, group in enumerate(groups) for _ in group["studies"]]
    columns = {key: [row[name] for row in rows] for key, name in COLUMNS[stored["type"]].items()}
    if stored.get("swap_events") == "YES":
        for events, total in (("ai", "n1i"), ("ci", "n2i")):
            columns[events] = [whole - found for whole, found in zip(columns[total], columns[events], strict=True)]
    labels = [row["study"] for row in rows]
    effects = pooling.effect_sizes(measure_of(stored), labels=labels, compatibility="revman5", **columns)
    model = MODELS[stored["model"]]
    return Outcome(stored, tuple(rows), tuple(group_of), effects, model, method_of(stored, model))


def method_of(stored: Stored, model: str) -> str:
    """Counts alone have a choice of methods."""
    if stored["type"] == "DICH":
        return METHODS[stored["method"]]
    return "Peto" if stored["type"] == "IPD" and model == "common" else "IV"


def outcome_checks(stored: Stored) -> Iterator[Check]:
    """Every number that RevMan stored for an outcome, its subgroups and its rows, beside Copse's."""
    outcome = outcome_of(stored)
    whole = outcome.pool()
    groups = [outcome.pool(outcome.rows_of(group)) for group in range(len(stored["subgroup_results"]))]
    weights = _weights(outcome, whole, groups)
    for row in range(len(outcome.rows)):
        yield from _row_checks(outcome, row, weights[row])
    for n, (group, fit) in enumerate(zip(stored["subgroup_results"], groups, strict=True)):
        place = f"{outcome.place} {group['subgroup_id']}"
        weight = sum(weights[row] for row in outcome.rows_of(n))
        yield from _pool_checks(outcome, "subgroup", place, group["pooled"], fit)
        yield from _checks("subgroup", place, [("weight", group["pooled"]["weight"], weight)])
        yield from _studies(outcome, "subgroup", place, group["pooled"], outcome.rows_of(n))
    pooled, place = stored["pooled"], outcome.place
    yield from _pool_checks(outcome, "outcome", place, pooled, _shown_total(outcome, whole, groups))
    yield from _checks("outcome", place, [("weight", pooled["weight"], sum(weights))])
    yield from _studies(outcome, "outcome", place, pooled, range(len(outcome.rows)))
    if stored["subgroups"] == "YES":
        yield from _difference_checks(outcome)


def _row_checks(outcome: Outcome, row: int, weight: float) -> Iterator[Check]:
    stored, effects = outcome.rows[row], outcome.effects
    place = f"{outcome.place} row {row + 1}, {stored['study_id']}"
    estimable = bool(effects.estimable[row])
    yield Check("study row", place, "estimable", float(stored["estimable"] == "YES"), float(estimable))
    level = outcome.stored["ci_study"] / 100
    found, shown = effects.effect(row, level), effects.display(row, level)
    if stored["estimable"] != "YES" or found is None or shown is None:
        return
    estimate, se, limits = found
    effect = stored["effect_size"]
    if outcome.log_scale and effect is not None:
        logarithm = stored.get("log_effect_size")
        effect = math.log(effect) if logarithm is None else logarithm * LN10
    yield from _checks(
        "study row",
        place,
        [
            ("study effect", effect, estimate),
            ("study standard error", None if effects.measure == "O-E" else stored["se"], se),
            ("weight", stored["weight"], weight),
            *_limits(outcome, stored, shown, limits),
        ],
    )
    if effects.measure == "PETO":
        difference, variance = pooling.o_minus_e_and_variance(effects)
        pairs = [("study O - E", stored["o_e"], difference[row]), ("study O - E", stored["var"], variance[row])]
        yield from _checks("study row", place, pairs)


def _limits(
    outcome: Outcome, stored: Stored, shown: pooling.Displayed, limits: pooling.Interval
) -> list[tuple[str, float | None, float]]:
    found = [
        ("estimate as shown", stored["effect_size"], shown.estimate),
        ("confidence limits", stored["ci_start"], shown.ci.low),
        ("confidence limits", stored["ci_end"], shown.ci.high),
    ]
    if outcome.log_scale and stored.get("log_ci_start") is not None:
        found += [("confidence limits", stored["log_ci_start"] * LN10, limits.low)]
        found += [("confidence limits", stored["log_ci_end"] * LN10, limits.high)]
    return found


def _weights(outcome: Outcome, whole: pooling.Pooled, groups: Sequence[pooling.Pooled]) -> list[float]:
    """Percent of the total, or of each subtotal when those alone are shown; 0 when nothing is."""
    totals = outcome.stored["totals"]
    if totals == "YES":
        return [float(weight) for weight in whole.weights]
    found = [0.0] * len(outcome.rows)
    if totals == "SUB":
        for n, fit in enumerate(groups):
            for row, weight in zip(outcome.rows_of(n), fit.weights, strict=True):
                found[row] = float(weight)
    return found


def _shown_total(outcome: Outcome, whole: pooling.Pooled, groups: Sequence[pooling.Pooled]) -> Stored:
    """The total of all studies; estimate and interval those of the subtotals' mean when subtotals alone are shown."""
    found = _as_stored(outcome, whole)
    subtotals = [(fit.estimate, fit.se) for fit in groups if fit.estimable]
    if outcome.stored["totals"] == "SUB" and outcome.model == "random" and subtotals:
        generic = pooling.effect_sizes(
            "GENLOG" if outcome.log_scale else "GEN",
            yi=[estimate for estimate, _ in subtotals],
            sei=[se for _, se in subtotals],
        )
        mean = pooling.pool(generic, model="common", level=whole.settings.level)
        found |= {key: _as_stored(outcome, mean)[key] for key in ("shown", "limits", "z", "p_z")}
    return found


def _as_stored(outcome: Outcome, fit: pooling.Pooled) -> Stored:
    """A pooled result as RevMan stores it."""
    return {
        "shown": fit.display(),
        "limits": fit.ci,
        "z": None if fit.stat is None else abs(fit.stat),
        "p_z": fit.p,
        "tau2": fit.tau2 or 0.0,
        "chi2": fit.q or 0.0,
        "df": fit.df,
        "p_chi2": fit.q_p,
        "i2": fit.i2,
    }


def _pool_checks(
    outcome: Outcome, unit: Unit, place: str, stored: Stored, fit: pooling.Pooled | Stored
) -> Iterator[Check]:
    found = fit if isinstance(fit, dict) else _as_stored(outcome, fit)
    shown = found["shown"]
    if stored["estimable"] == "NO":
        hidden = unit == "outcome" and outcome.stored["totals"] != "YES"
        yield Check(unit, place, "estimable", 0.0, 0.0 if hidden else float(shown is not None))
        return
    yield Check(unit, place, "estimable", 1.0, float(shown is not None))
    if shown is None:
        return
    applicable = found["df"] > 0
    yield from _checks(
        unit,
        place,
        [
            *_limits(outcome, stored, shown, found["limits"]),
            ("z", stored["z"], found["z"]),
            ("P of effect", stored["p_z"], found["p_z"]),
            ("tau2", stored["tau2"], found["tau2"]),
            ("chi2", stored["chi2"], found["chi2"]),
            ("degrees of freedom", stored["df"], found["df"]),
            ("P of chi2", stored["p_chi2"] if applicable else None, found["p_chi2"]),
            ("I2", stored["i2"] if applicable else None, found["i2"]),
        ],
    )


def _difference_checks(outcome: Outcome) -> Iterator[Check]:
    names = [str(group) for group in outcome.group_of]
    found = pooling.subgroups(outcome.effects, names, model=outcome.model, method=outcome.method)
    estimable = [group for group in found.groups if group.pooled.estimable]
    q, p, i2 = (0.0, 1.0, 0.0) if len(estimable) == 1 else (None, None, None)
    if found.difference is not None:
        q, p, i2 = found.difference.q, found.difference.p, found.difference.i2
    stored = outcome.stored["pooled"]
    pairs = [
        ("Q of differences", stored["q"], q),
        ("P of differences", stored["p_q"], p),
        ("I2 of differences", stored["i2_q"], i2),
    ]
    if stored["estimable"] == "YES" or outcome.stored["totals"] == "SUB":
        yield from _checks("outcome", outcome.place, pairs)


def _studies(outcome: Outcome, unit: Unit, place: str, stored: Stored, rows: Sequence[int]) -> Iterator[Check]:
    """Different studies, and the sums of participants and events."""
    names = {outcome.rows[row]["study_id"] for row in rows}
    pairs: list[tuple[str, float | None, float]] = [("studies", stored["studies"], len(names))]
    for key in ("events_1", "total_1", "events_2", "total_2"):
        if stored.get(key) is not None:
            pairs.append(("sums", stored[key], sum(outcome.rows[row][key] or 0.0 for row in rows)))
    yield from _checks(unit, place, pairs)


def _checks(unit: Unit, place: str, pairs: Sequence[tuple[str, float | None, float | None]]) -> Iterator[Check]:
    """What was stored as a number; empty and NaN mean that RevMan had not computed it."""
    for kind, stored, computed in pairs:
        if stored is not None and math.isfinite(stored):
            yield Check(unit, place, kind, stored, None if computed is None else float(computed))
