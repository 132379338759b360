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


def cluster_robust(case: Case) -> Values:
    effects, clusters = effects_and_clusters(case)
    kind = case["options"]["type"]
    if "rma.uni" in kind:
        fit = pooling.pool(effects, tau2="DL", ci="wald", pi=None)
    else:
        fit = pooling.three_level(effects, clusters)
    found = pooling.robust(effects, fit, clusters, kind=kind[:3])
    return {
        "beta": found.estimate,
        "se": found.se,
        "t": found.stat,
        "df": found.df,
        "pval": found.p,
        "n_clusters": found.clusters,
    }


def selection(case: Case) -> Values:
    data, options = case["data"], case["options"]
    effects = pooling.effect_sizes(case["measure"], yi=data["yi"], vi=data["vi"])
    kind = {"stepfun": "step", "beta": "beta"}[options["type"]]
    steps = {} if options.get("steps") is None else {"steps": [options["steps"]]}
    found = pooling.selection_model(effects, kind=kind, **steps)
    if not found.estimable:
        return {"error": " ".join(entry.message for entry in found.notes)}
    return {
        "alternative": found.side,
        "beta": found.estimate,
        "se": found.se,
        "pval": found.p,
        "tau2": found.tau2,
        "delta": [entry.delta for entry in found.weights],
        "LRT": found.selection.stat,
        "LRT_p": found.selection.p,
        "logLik": found.log_likelihood,
    }


METHODS = {
    "mv_3level": three_level,
    "robust_cr": cluster_robust,
    "selmodel": selection,
}
