"""Small-study effects: rank test, score tests, trim and fill, fail-safe N."""

from __future__ import annotations

from core import pooling
from tests.reference.runners.sensitivity import settings_of
from tests.reference.runners.values import STOPPED, Case, Values, effects_of, metafor_values


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


def trimfill(case: Case) -> Values:
    options, settings = case["options"], settings_of(case)
    trimming = settings | ({"tau2": STOPPED.get(settings["tau2"], settings["tau2"])} if "tau2" in settings else {})
    found = pooling.trim_and_fill(effects_of(case), estimator=options["estimator"], side=options["side"], **trimming)
    # Where nothing is filled in, trimfill hands back the fit it was given, which was made with strict control.
    adjusted = found.adjusted if found.k0 else pooling.pool(effects_of(case), **settings)
    assert adjusted is not None
    about = {"k0": found.k0, "side": found.side, "se_k0": found.k0_se, "p_k0": found.k0_p}
    filled = {"yi_filled": [each.yi for each in found.filled], "vi_filled": [each.vi for each in found.filled]}
    return metafor_values(adjusted) | about | filled


METHODS = {
    "trimfill": trimfill,
    "ranktest": ranktest,
    "harbord": harbord,
    "peters": peters,
    "fsn": fsn,
}
