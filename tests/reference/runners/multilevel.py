"""Three-level models, cluster-robust inference and selection models."""

from __future__ import annotations

from core import pooling
from tests.reference.runners.values import Case, Values


def effects_and_clusters(case: Case) -> tuple[pooling.EffectSizes, list[object]]:
    data = case["data"]
    return pooling.effect_sizes(case["measure"], yi=data["yi"], vi=data["vi"]), data["l3"]


def three_level(case: Case) -> Values:
    found = pooling.three_level(*effects_and_clusters(case), method=case["options"]["method"])
    low, high = found.ci or (None, None)
    return {
        "k": found.k,
        "beta": found.estimate,
        "se": found.se,
        "zval": found.stat,
        "pval": found.p,
        "ci_lb": low,
        "ci_ub": high,
        "sigma2": [found.between, found.within],
        "QE": found.q,
        "QE_p": found.q_p,
        "logLik": found.log_likelihood,
        "I2_levels": [found.i2_between, found.i2_within],
    }


METHODS = {
    "mv_3level": three_level,
}
