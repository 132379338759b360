"""Subgroups: each pooled on its own, all together, and RevMan's test for subgroup differences."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from core.errors import InputError
from core.pooling.fit import pool
from core.pooling.heterogeneity import i2_from_q
from core.pooling.inference import chi_squared_p
from core.pooling.measures.base import Correction
from core.pooling.notes import Note, note
from core.pooling.regression.design import level_name
from core.pooling.results import Difference, EffectSizes, Pooled, Subgroup, Subgroups
from core.pooling.rules import AUTO
from core.pooling.tau2 import generalised_q


def subgroups(
    effects: EffectSizes,
    by: Sequence[str | None],
    *,
    model: str = "random",
    method: str = "IV",
    tau2: str | None = None,
    ci: str | None = None,
    pi: str | None = AUTO,
    level: float = 0.95,
    add: float = 0.0,
    to: Correction = "none",
) -> Subgroups:
    """Pool each subgroup with its own tau2, and all studies together; settings as for ``pool``.

    ``by`` names the subgroup of every study. The test takes the subgroup results as studies:
    Q = sum (b_j - mean)^2 / SE_j^2 with J - 1 degrees of freedom (Deeks & Higgins 2010). Subgroups in which nothing is
    estimable drop out of it. Raises ``InputError`` when a study has no subgroup.
    """
    rows = rows_by_group(effects, by)

    def pooled(part: EffectSizes) -> Pooled:
        return pool(part, model=model, method=method, tau2=tau2, ci=ci, pi=pi, level=level, add=add, to=to)

    groups = tuple(Subgroup(name, tuple(found), pooled(effects.select(found))) for name, found in rows.items())
    difference, notes = _difference(groups)
    return Subgroups(groups, pooled(effects), difference, notes)


def rows_by_group(effects: EffectSizes, by: Sequence[str | None]) -> dict[str, list[int]]:
    """The rows of every subgroup, in order of first appearance. Spaces around a name do not count, and 1.0 is the same
    subgroup as 1. Raises ``InputError`` when a study has none."""
    if len(by) != len(effects):
        raise InputError(
            "pooling.lengths",
            "All inputs need one value per study, but they differ in length: {lengths}.",
            lengths=f"effects {len(effects)}, subgroups {len(by)}",
        )
    rows: dict[str, list[int]] = {}
    for row, value in enumerate(by):
        # NaN, an empty cell of a table, is the one value that differs from itself.
        name = "" if value is None or value != value else level_name(value).strip()
        if not name:
            raise InputError(
                "pooling.no-subgroup",
                "{study} belongs to no subgroup. Give it one, or leave it out of the analysis.",
                study=effects.labels[row],
                row=row,
            )
        rows.setdefault(name, []).append(row)
    return rows


def _difference(groups: tuple[Subgroup, ...]) -> tuple[Difference | None, tuple[Note, ...]]:
    notes: list[Note] = []
    dropped = [group.label for group in groups if not group.pooled.estimable]
    if dropped:
        notes.append(note("subgroups.dropped", groups=", ".join(dropped)))
    flat = [group.label for group in groups if group.pooled.se == 0]
    if flat:
        return None, (*notes, note("subgroups.zero-se", groups=", ".join(flat)))
    found = [
        (group.pooled.estimate, group.pooled.se)
        for group in groups
        if group.pooled.estimate is not None and group.pooled.se is not None
    ]
    if len(found) < 2:
        return None, (*notes, note("subgroups.one"))
    estimates, errors = np.array(found).T
    q, df = generalised_q(estimates - estimates[0], errors**2), len(found) - 1
    return Difference(q, df, chi_squared_p(q, df), i2_from_q(q, df)), tuple(notes)
