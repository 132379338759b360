"""Meta-regression, subgroups with one tau2, regression tests for small-study effects."""

from __future__ import annotations

import math
from typing import Any

from core import pooling
from tests.reference.runners.values import INTERVALS, STOPPED, Case, Values, numbers, plain


def generic(case: Case, *others: str) -> pooling.EffectSizes:
    columns = {key: values for key, values in case["data"].items() if key in ("yi", "vi", "sei", *others)}
    return pooling.effect_sizes(case["measure"], **columns)


def moderators_of(case: Case) -> tuple[dict[str, Any], list[str]]:
    """The moderators of the formula, and those that factor() makes categorical."""
    terms = [term.strip() for term in case["options"]["formula"].lstrip("~").split("+")]
    plain_names = [term.removeprefix("factor(").removesuffix(")") for term in terms]
    categorical = [name for name, term in zip(plain_names, terms, strict=True) if name != term]
    return {name: case["data"][name] for name in plain_names if name not in ("1", "0")}, categorical


def settings_of(options: dict[str, Any]) -> dict[str, Any]:
    if options["tau2_method"] in ("EE", "FE", "CE"):
        return {"model": "common"}
    # The strict control of these cases was strict for scoring, not for the root of Paule-Mandel.
    kind = options["tau2_method"]
    return {"tau2": STOPPED[kind] if kind == "PM" else kind, "ci": INTERVALS[options.get("test", "z")]}


def metareg(case: Case) -> Values:
    moderators, categorical = moderators_of(case)
    fit = pooling.meta_regression(generic(case), moderators, categorical=categorical, **settings_of(case["options"]))
    each = fit.coefficients
    tau2 = fit.tau2 or 0.0
    values = {
        "k": fit.k,
        "beta": [one.estimate for one in each],
        "se": [one.se for one in each],
        "stat": [plain(one.stat) for one in each],
        "pval": [one.p for one in each],
        "ci_lb": [one.ci.low for one in each],
        "ci_ub": [one.ci.high for one in each],
        "Q": fit.q,
        "Q_df": fit.df,
        "Q_p": fit.q_p,
        "tau2": tau2,
        "tau": math.sqrt(tau2),
        "se_tau2": fit.tau2_se,
        "I2": fit.i2,
        "H2": fit.h2,
        "R2": fit.r2,
        "ddf": fit.ddf,
        "vcov": [numbers(row) for row in fit.vcov],
        "fitted": numbers(fit.fitted),
    }
    if fit.omnibus is not None:
        values |= {"QM": fit.omnibus.stat, "QM_df": [fit.omnibus.df, fit.omnibus.ddf], "QM_p": fit.omnibus.p}
    return values


def subgroup_common_tau2(case: Case) -> Values:
    names = [str(name) for name in case["data"][case["options"]["group"]]]
    found = pooling.subgroups_common_tau2(generic(case), names, **settings_of(case["options"]))
    groups = sorted(found.groups, key=lambda group: group.label)
    fit = found.regression
    values: Values = {
        "levels": [group.label for group in groups],
        "beta": [group.estimate for group in groups],
        "se": [group.se for group in groups],
        "tau2": fit.tau2 or 0.0,
        "QE": fit.q,
        "QE_p": fit.q_p,
    }
    if found.difference is not None:
        values |= {"QM": found.difference.stat, "QM_df": found.difference.df, "QM_p": found.difference.p}
    return values


def regtest(case: Case) -> Values:
    options = case["options"]
    chosen = {"tau2": STOPPED.get(options["tau2_method"], options["tau2_method"])} if options["model"] == "rma" else {}
    test = pooling.regression_test(
        generic(case), model=options["model"], predictor=options["predictor"], ni=case["data"].get("ni"), **chosen
    )
    low, high = test.limit_ci or (None, None)
    return {
        "stat": plain(test.stat),
        "df": test.df,
        "pval": test.p,
        "limit_est": test.limit,
        "limit_lb": low,
        "limit_ub": high,
        "slope": test.slope,
        "slope_se": test.slope_se,
        "intercept": test.intercept,
        "intercept_se": test.intercept_se,
    }


def pet_peese(case: Case) -> Values:
    found = pooling.pet_peese(generic(case))
    return {
        name: {
            "intercept": line.intercept,
            "intercept_se": line.intercept_se,
            "slope": line.slope,
            "slope_se": line.slope_se,
            "t0": plain(line.stat),
            "p0": line.p,
            "df": line.df,
        }
        for name, line in (("PET", found.pet), ("PEESE", found.peese))
        if line is not None
    }


METHODS = {
    "metareg": metareg,
    "subgroup_common_tau2": subgroup_common_tau2,
    "regtest": regtest,
    "pet_peese": pet_peese,
}
