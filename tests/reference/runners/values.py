"""What every runner needs: the effects of a case, and how a pooled result looks under metafor's and RevMan's names."""

from __future__ import annotations

import math
from typing import Any

from core import pooling

Case = dict[str, Any]
Values = dict[str, Any]

# Reference names that are not metafor's.
COLUMNS = {"OmE": "oei", "V": "vi"}
INTERVALS = {"z": "wald", "t": "t", "knha": "hksj", "adhoc": "hksj-adhoc"}
# Cases that metafor computed with its default control stop early (core.pooling.reproduction says where). Most were
# made with strict control: their values agree to 1e-6 with those of estimators that run to the end.
STOPPED = {"REML": "REML-metafor", "PM": "PM-metafor"}
NOT_INPUTS = ("group", "x")


def effects_of(case: Case, **options: Any) -> pooling.EffectSizes:
    columns = {COLUMNS.get(key, key): values for key, values in case["data"].items() if key not in NOT_INPUTS}
    return pooling.effect_sizes(case["measure"], **options, **columns)


def plain(value: Any) -> Any:
    """Numbers as JSON can hold them: NaN is null, infinity a string."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return None
    if isinstance(value, float) and math.isinf(value):
        return "Inf" if value > 0 else "-Inf"
    return value


def numbers(values: Any) -> list[Any]:
    return [plain(float(value)) for value in values]


def study_values(effects: pooling.EffectSizes) -> tuple[list[Any], list[Any]]:
    """Effects and standard errors, null where not estimable."""
    found = [effects.effect(row) for row in range(len(effects))]
    return [None if one is None else one[0] for one in found], [None if one is None else one[1] for one in found]


def common_values(fit: pooling.Pooled) -> Values:
    low, high = fit.ci or (None, None)
    return {
        "k": fit.k,
        "beta": fit.estimate,
        "se": fit.se,
        "ci_lb": low,
        "ci_ub": high,
        "weights_pct": numbers(fit.weights),
    }


def metafor_values(fit: pooling.Pooled, df: int | None = None) -> Values:
    """As rma.uni prints a fit."""
    single = fit.q is None
    tau2 = fit.tau2 or 0.0
    certain = fit.se == 0 and fit.estimate
    return common_values(fit) | {
        # Against a standard error of 0 metafor tests with certainty, and Copse nothing.
        "stat": plain(math.copysign(math.inf, fit.estimate)) if certain else plain(fit.stat),
        "pval": 0.0 if certain else fit.p,
        "Q": 0.0 if single else fit.q,
        "Q_df": fit.df if df is None else df,
        "Q_p": 1.0 if single else fit.q_p,
        "I2": 0.0 if single else fit.i2,
        "H2": 1.0 if single else fit.h2,
        "tau2": tau2,
        "tau": math.sqrt(tau2),
        "se_tau2": fit.tau2_se,
        "ddf": fit.ddf,
    }


def revman_values(fit: pooling.Pooled) -> Values:
    shown = fit.display()
    return common_values(fit) | {
        "z": fit.stat,
        "p": fit.p,
        "Q": 0.0 if fit.q is None else fit.q,
        "Q_df": fit.df,
        "Q_p": fit.q_p,
        "I2": fit.i2,
        "tau2": fit.tau2 or 0.0,
        "display": None if shown is None else [shown.estimate, *shown.ci],
    }


def difference_values(found: pooling.Subgroups) -> Values:
    test = found.difference
    return {} if test is None else {"Q": test.q, "df": test.df, "p": test.p, "I2": test.i2}
