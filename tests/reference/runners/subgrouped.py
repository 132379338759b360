"""Subgroups."""

from __future__ import annotations

from core import pooling
from tests.reference.runners.values import Case, Values, difference_values, effects_of, metafor_values


def subgroup_separate_tau2(case: Case) -> Values:
    kind = case["options"]["tau2_method"]
    settings = {"model": "common"} if kind == "EE" else {"tau2": kind, "ci": "wald", "pi": None}
    found = pooling.subgroups(effects_of(case), case["data"][case["options"]["group"]], **settings)
    groups = sorted(found.groups, key=lambda group: group.label)
    each = [metafor_values(group.pooled) for group in groups]
    columns = {key: [values[key] for values in each] for key in ("k", "beta", "se", "tau2", "Q", "I2")}
    overall = metafor_values(found.overall)
    levels = [group.label for group in groups]
    return {"levels": levels, **columns, "overall": overall, "between": difference_values(found)}


METHODS = {
    "subgroup_separate_tau2": subgroup_separate_tau2,
}
