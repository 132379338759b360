"""Pooled results as metafor has them: rma.uni, rma.mh, rma.peto."""

from __future__ import annotations

import math

from core import pooling
from tests.reference.runners.values import (
    INTERVALS,
    Case,
    Values,
    effects_of,
    metafor_values,
    numbers,
    revman_values,
    study_values,
)


def rma_uni(case: Case) -> Values:
    options = case["options"]
    effects = effects_of(case)
    level = options.get("level", 95) / 100
    if options["tau2_method"] == "EE":
        return metafor_values(pooling.pool(effects, model="common", level=level))
    fit = pooling.pool(effects, tau2=options["tau2_method"], ci=INTERVALS[options["test"]], pi=None, level=level)
    values = metafor_values(fit)
    own = "z" if fit.test == "z" else "t(k-1)"
    for key, kind in (("pi_metafor", own), ("pi_t_kminus1", "t(k-1)"), ("pi_t_kminus2", "t(k-2)")):
        if fit.estimate is not None and fit.se is not None:
            values[key] = pooling.prediction_interval(fit.estimate, fit.se, fit.tau2 or 0.0, fit.k, kind, level)
    criteria = pooling.fit_statistics(effects, fit)
    if criteria is not None:
        values |= {
            "logLik": criteria.log_likelihood,
            "deviance": criteria.deviance,
            "AIC": criteria.aic,
            "BIC": criteria.bic,
            "AICc": criteria.aicc,
        }
    return values


def rma_mh(case: Case) -> Values:
    options = case["options"]
    effects = effects_of(case, add=options["add"][0], to=options["to"][0], drop00=options["drop00"])
    fit = pooling.pool(effects, model="common", method="MH", add=options["add"][1], to=options["to"][1])
    values = metafor_values(fit, df=fit.k_listed - 1) | {"k": fit.k_listed, "k_pos": None}
    if case["measure"] == "OR":
        odds_ratio = None if fit.estimate is None else math.exp(fit.estimate)
        tests = pooling.odds_ratio_tests(effects, odds_ratio, correct=options["correct"])
        values |= {"CMH_stat": tests.cmh, "CMH_p": tests.cmh_p, "k_pos": tests.tables}
        values |= {"TA_stat": tests.tarone, "TA_p": tests.tarone_p, "TA_df": tests.tarone_df}
    return values


def rma_peto(case: Case) -> Values:
    effects = effects_of(case)
    fit = pooling.pool(effects, model="common", method="Peto")
    difference, variance = pooling.o_minus_e_and_variance(effects)
    values = metafor_values(fit, df=fit.k_listed - 1) | {"k": fit.k_listed}
    return values | {"O_minus_E": numbers(difference), "V": numbers(variance)}


def peto_oe(case: Case) -> Values:
    effects = effects_of(case)
    yi, sei = study_values(effects)
    fit = pooling.pool(effects, model="common", method="Peto")
    return revman_values(fit) | {"study_yi": yi, "study_sei": sei}


METHODS = {
    "iv_common": rma_uni,
    "re": rma_uni,
    "re_t": rma_uni,
    "knha": rma_uni,
    "knha_adhoc": rma_uni,
    "mh": rma_mh,
    "mh_cc": rma_mh,
    "peto": rma_peto,
    "peto_oe": peto_oe,
}
