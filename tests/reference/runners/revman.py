"""Pooled results as RevMan 5 has them."""

from __future__ import annotations

import math

from core import pooling
from tests.reference.runners.values import Case, Values, difference_values, effects_of, revman_values, study_values

REVMAN_MODELS = {"fixed": "common", "random": "random"}


def revman_mh(case: Case) -> Values:
    effects = effects_of(case, compatibility="revman5")
    values = with_studies(revman_values(pooling.pool(effects, model="common", method="MH")), case, effects)
    if "origin" in case["options"] and values["display"] is not None:
        # Numbers that RevMan wrote into its own file are on the scale of the measure, its z without a sign.
        values["ci_lb"], values["ci_ub"] = values["display"][1:]
    return values


def with_studies(values: Values, case: Case, effects: pooling.EffectSizes) -> Values:
    values["study_yi"], values["study_sei"] = study_values(effects)
    if case["measure"] == "RD":
        values["se_uncorrected_variance"] = pooling.risk_difference_se(effects, "Greenland-Robins")
    if values["display"] is not None:
        values["OR"], values["z_abs"] = values["display"][0], abs(values["z"])
    values["study_OR"] = [None if yi is None else math.exp(yi) for yi in values["study_yi"]]
    return values


def revman_mh_random(case: Case) -> Values:
    return revman_values(pooling.pool(effects_of(case, compatibility="revman5"), method="MH"))


def revman_iv_common(case: Case) -> Values:
    return revman_values(pooling.pool(effects_of(case, compatibility="revman5"), model="common"))


def revman_iv_random(case: Case) -> Values:
    return revman_values(pooling.pool(effects_of(case, compatibility="revman5")))


def subgroup_revman(case: Case) -> Values:
    effects = effects_of(case, compatibility="revman5")
    model, method = REVMAN_MODELS[case["options"]["model"]], case["options"]["weighting"]
    found = pooling.subgroups(effects, case["data"]["group"], model=model, method=method)
    groups = {
        group.label: with_studies(revman_values(group.pooled), case, effects.select(group.rows))
        for group in found.groups
    }
    total = with_studies(revman_values(found.overall), case, effects)
    return {"subgroups": groups, "total": total, "between": difference_values(found)}


METHODS = {
    "mh_revman": revman_mh,
    "iv_fixed_revman": revman_iv_common,
    "re_mh_revman": revman_mh_random,
    "re_iv_revman": revman_iv_random,
    "subgroup_revman": subgroup_revman,
}
