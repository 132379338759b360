"""Generalised linear mixed models and the bivariate model of test accuracy, as rma.glmm and lme4 print them."""

from __future__ import annotations

from core import pooling
from tests.reference.runners.values import Case, Values, effects_of


def glmm(case: Case) -> Values:
    model = case["options"]["model"]
    one_group = case["measure"] in ("PLO", "IRLN")
    fit = pooling.glmm(effects_of(case), likelihood=None if one_group else model, pi=None)
    low, high = fit.ci or (None, None)
    # rma.glmm 3.8 takes the log-likelihood given the predicted effects for what lme4 fits with several nodes.
    marginal = model == "UM.RS" or (model == "CM.EL" and case["measure"] == "OR")
    shown = fit.display()
    return {
        "k": fit.k,
        "beta": fit.estimate,
        "se": fit.se,
        "pval": fit.p,
        "ci_lb": low,
        "ci_ub": high,
        "tau2": fit.tau2,
        "I2": fit.i2,
        "H2": fit.h2,
        "QE_Wld": fit.q_wald,
        "QEp_Wld": fit.q_wald_p,
        "QE_LRT": fit.q_lrt,
        "QEp_LRT": fit.q_lrt_p,
        "logLik": fit.log_likelihood if marginal else fit.conditional_log_likelihood,
        "prop": None if shown is None else [shown.estimate, *shown.ci],
    }


def _accuracy(case: Case, method: str) -> Values:
    fit = pooling.accuracy(method=method, **case["data"])
    sensitivity, specificity = fit.sensitivity, fit.specificity
    if sensitivity is None or specificity is None:
        return {}
    return {
        "logit_sens": sensitivity.value,
        "logit_spec": specificity.value,
        "se_logit_sens": sensitivity.se,
        "se_logit_spec": specificity.se,
        "sens": [sensitivity.estimate, *sensitivity.ci],
        "spec": [specificity.estimate, *specificity.ci],
        "var_sens": fit.sensitivity_variance,
        "var_spec": fit.specificity_variance,
        "cor": fit.correlation,
        "logLik": fit.log_likelihood,
    }


def bivariate_binomial(case: Case) -> Values:
    return _accuracy(case, "binomial")


def bivariate_normal(case: Case) -> Values:
    return _accuracy(case, "normal")


METHODS = {"glmm": glmm, "dta_bivariate_glmm": bivariate_binomial, "dta_bivariate_normal": bivariate_normal}
