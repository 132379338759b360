"""Study tables printed in published Cochrane reviews; the name of a case's method says measure, method and model."""

from __future__ import annotations

from itertools import product

from core import pooling
from tests.reference.runners.values import Case, Values, effects_of, numbers

MODELS = {"fixed": "common", "random": "random"}


def reported(case: Case) -> Values:
    """Effects and limits on the natural scale as RevMan prints them, weights in percent, the pooled result."""
    method, model = named(case["method"])
    effects = effects_of(case, compatibility="revman5")
    fit = pooling.pool(effects, method=method, model=model)
    rows = [effects.display(row) for row in range(len(effects))]
    pooled = {"beta": fit.estimate, "se": fit.se, "Q": 0.0 if fit.q is None else fit.q}
    if model == "random":
        pooled["tau2"] = fit.tau2 or 0.0
    return {
        "effect": [row and row.estimate for row in rows],
        "ci_lb": [row and row.ci.low for row in rows],
        "ci_ub": [row and row.ci.high for row in rows],
        "weights_pct": numbers(fit.weights),
        "pooled_from_verified_formula": pooled,
    }


def named(method: str) -> tuple[str, str]:
    """("MH", "random") of revman_real_OR_MHrandom_zero."""
    words = method.split("_")[3]
    model = next(model for model in MODELS if words.endswith(model))
    return words.removesuffix(model), MODELS[model]


METHODS = {
    f"revman_real_{measure}_{method}{model}{zero}": reported
    for measure, method, model, zero in product(
        ("OR", "RR", "RD", "PETO", "MD", "SMD"), ("IV", "MH", "Peto"), MODELS, ("", "_zero")
    )
}
