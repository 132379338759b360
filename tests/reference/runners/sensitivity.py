"""Leave-one-out, cumulative meta-analysis and influence, as metafor names them."""

from __future__ import annotations

from typing import Any

from core import pooling
from tests.reference.runners.values import Case, Values, effects_of, plain

INFLUENCE = {
    "rstudent": "rstudent",
    "dffits": "dffits",
    "cook.d": "cooks_distance",
    "cov.r": "cov_ratio",
    "hat": "hat",
    "weight": "weight",
    "dfbs": "dfbetas",
}


def settings_of(case: Case) -> dict[str, Any]:
    kind = case["options"]["tau2_method"]
    return {"model": "common"} if kind == "EE" else {"tau2": kind, "ci": "wald"}


def refitted(refits: tuple[pooling.Refit, ...]) -> Values:
    """The columns of a table of refits; metafor prints no heterogeneity of a single study as Q = 0 and so on."""
    fits = [refit.pooled for refit in refits]
    return {
        "estimate": [fit.estimate for fit in fits],
        "se": [fit.se for fit in fits],
        "zval": [plain(fit.stat) for fit in fits],
        "pval": [fit.p for fit in fits],
        "ci.lb": [None if fit.ci is None else fit.ci.low for fit in fits],
        "ci.ub": [None if fit.ci is None else fit.ci.high for fit in fits],
        "Q": [fit.q or 0.0 for fit in fits],
        "Qp": [1.0 if fit.q_p is None else fit.q_p for fit in fits],
        "tau2": [fit.tau2 or 0.0 for fit in fits],
        "I2": [fit.i2 or 0.0 for fit in fits],
        "H2": [1.0 if fit.h2 is None else fit.h2 for fit in fits],
    }


def leave1out(case: Case) -> Values:
    return refitted(pooling.leave_one_out(effects_of(case), **settings_of(case)).refits)


def cumul(case: Case) -> Values:
    return refitted(pooling.cumulative(effects_of(case), **settings_of(case)).steps)


def influence(case: Case) -> Values:
    studies = pooling.influence(effects_of(case), **settings_of(case)).studies
    values: Values = {key: [getattr(study, name) for study in studies] for key, name in INFLUENCE.items()}
    values["tau2.del"] = [study.tau2_deleted or 0.0 for study in studies]
    values["QE.del"] = [study.q_deleted or 0.0 for study in studies]
    values["inf"] = ["*" if study.influential else "" for study in studies]
    return values


def baujat(case: Case) -> Values:
    points = pooling.baujat(effects_of(case), **settings_of(case)).points
    return {"x": [point.x for point in points], "y": [point.y for point in points]}


METHODS = {
    "leave1out": leave1out,
    "cumul": cumul,
    "influence": influence,
    "baujat": baujat,
}
