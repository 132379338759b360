"""Subgroups that share one between-study variance: a meta-regression on the subgroup alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.pooling.inference import Interval
from core.pooling.measures import measure as measure_of
from core.pooling.notes import Note, note
from core.pooling.regression.fit import meta_regression
from core.pooling.regression.results import Coefficient, MetaRegression, ModeratorTest
from core.pooling.results import Displayed, EffectSizes
from core.pooling.subgroups import rows_by_group


@dataclass(frozen=True, slots=True)
class GroupEstimate:
    """The pooled effect of one subgroup with the tau2 of all; ``rows`` are its studies in the whole table, ``k`` of
    them contribute."""

    label: str
    rows: tuple[int, ...]
    k: int
    estimate: float
    se: float
    stat: float | None
    ddf: int | None
    p: float | None
    ci: Interval
    measure: str

    def display(self) -> Displayed:
        """Estimate and interval on the scale that readers see."""
        back = measure_of(self.measure).back
        return Displayed(back(self.estimate), Interval(back(self.ci.low), back(self.ci.high)))


@dataclass(frozen=True, slots=True)
class CommonTau2Subgroups:
    """Subgroups in order of first appearance, those without an estimable study left out; ``difference`` tests whether
    they differ (QM; None with a single subgroup), ``regression`` holds tau2 and the residual heterogeneity (QE)."""

    groups: tuple[GroupEstimate, ...]
    difference: ModeratorTest | None
    regression: MetaRegression
    notes: tuple[Note, ...]


def subgroups_common_tau2(
    effects: EffectSizes,
    by: Sequence[str | None],
    *,
    model: str = "random",
    tau2: str | None = None,
    ci: str | None = None,
    level: float = 0.95,
) -> CommonTau2Subgroups:
    """Pool subgroups with one tau2 for all, and test whether they differ (Borenstein et al. 2009, chapter 19; Cochrane
    Handbook 10.11.3). Steadier than a tau2 of their own where subgroups are small, and right only when they scatter
    alike. Settings as for ``meta_regression``. Raises ``InputError`` when a study has no subgroup, and when there are
    not more studies than subgroups.
    """
    rows = rows_by_group(effects, by)
    group_of = {row: name for name, found in rows.items() for row in found}
    names = [group_of[row] for row in range(len(effects))]
    counts = {name: int(effects.estimable[found].sum()) for name, found in rows.items()}
    present = [name for name, k in counts.items() if k]
    kind = "subgroup"
    several = {kind: names} if len(present) > 1 else {}
    compared = meta_regression(effects, several, model=model, tau2=tau2, ci=ci, level=level)
    if several:
        each = meta_regression(effects, several, model=model, tau2=tau2, ci=ci, level=level, intercept=False)
        estimates = {one.level or "": one for one in each.coefficients}
    else:
        estimates = dict.fromkeys(present, compared.coefficients[0])
    groups = tuple(_group(name, rows[name], counts[name], estimates[name], effects.measure) for name in present)
    return CommonTau2Subgroups(groups, compared.omnibus, compared, _notes(compared, rows, present))


def _group(name: str, rows: list[int], k: int, one: Coefficient, measure: str) -> GroupEstimate:
    return GroupEstimate(name, tuple(rows), k, one.estimate, one.se, one.stat, one.ddf, one.p, one.ci, measure)


def _notes(fit: MetaRegression, rows: dict[str, list[int]], present: list[str]) -> tuple[Note, ...]:
    notes = [entry for entry in fit.notes if entry.code != "regression.few"]
    dropped = [name for name in rows if name not in present]
    if dropped:
        notes.append(note("subgroups.dropped", groups=", ".join(dropped)))
    if len(present) < 2:
        notes.append(note("subgroups.one"))
    return tuple(notes)
