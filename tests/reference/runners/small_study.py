"""Small-study effects: rank test, score tests, trim and fill, fail-safe N."""

from __future__ import annotations

from core import pooling
from tests.reference.runners.values import Case, Values, effects_of


def ranktest(case: Case) -> Values:
    found = pooling.rank_test(effects_of(case))
    return {"tau": found.tau, "pval": found.p, "exact": found.exact}


def harbord(case: Case) -> Values:
    found = pooling.harbord_test(effects_of(case))
    common = {"k": found.k, "t": found.t, "df": found.df, "pval": found.p}
    return common | {"bias": found.bias, "bias_se": found.se, "slope": found.other}


def peters(case: Case) -> Values:
    found = pooling.peters_test(effects_of(case))
    common = {"k": found.k, "t": found.t, "df": found.df, "pval": found.p}
    return common | {"slope": found.bias, "slope_se": found.se, "intercept": found.other}


def fsn(case: Case) -> Values:
    options = case["options"]
    found = pooling.fail_safe_n(effects_of(case), kind=options["type"], alpha=options["alpha"])
    # metafor names Orwin's mean and target, Rosenberg's mean, and no mean of Rosenthal's.
    return {"fsnum": found.n, "meanes": found.mean, "target": found.target, "pval": found.p}


METHODS = {
    "ranktest": ranktest,
    "harbord": harbord,
    "peters": peters,
    "fsn": fsn,
}
