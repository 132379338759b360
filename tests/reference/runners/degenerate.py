"""What the user is told about input that allows no ordinary result."""

from __future__ import annotations

from core import pooling
from core.errors import InputError
from tests.reference.runners.values import INTERVALS, Case, Values, effects_of


def degenerate(case: Case) -> Values:
    """What the user is told: refused, not estimable, a note, or nothing at all."""
    options = case["options"]
    if "mods" in options:
        return meta_regression(case)
    if options.get("test", "").startswith("egger"):
        return regression_test(case)
    if options.get("method", "").startswith("trimfill"):
        return trim_and_fill(case)
    if options.get("test", "z") not in INTERVALS:
        return {"error": "this method is not built yet"}
    try:
        effects = effects_of(case)
        if case["measure"] == "PETO":
            fit = pooling.pool(effects, model="common", method="Peto")
        elif case["measure"] in ("OR", "RR", "RD"):
            fit = pooling.pool(effects, model="common", method="MH")
        else:
            interval = INTERVALS[options.get("test", "z")]
            fit = pooling.pool(effects, tau2=options.get("method", "REML"), ci=interval, pi=None)
    except InputError as refusal:
        return {"status": "refused", "message": refusal.message}
    notes = [entry.message for entry in (*effects.notes, *fit.notes)]
    status = "not-estimable" if not fit.estimable or not effects.estimable.all() else "note" if notes else "ok"
    return {"status": status, "message": " ".join(notes), "beta": fit.estimate, "se": fit.se, "k": fit.k}


def told(effects: pooling.EffectSizes, notes: tuple[pooling.Note, ...], estimable: bool, **values: object) -> Values:
    messages = [entry.message for entry in (*effects.notes, *notes)]
    status = "not-estimable" if not estimable else "note" if messages else "ok"
    return {"status": status, "message": " ".join(messages), **values}


def meta_regression(case: Case) -> Values:
    """The moderators of "mods" (a sum of names)."""
    options = case["options"]
    names = [name.strip() for name in options["mods"].lstrip("~").split("+")]
    try:
        effects = pooling.effect_sizes(case["measure"], yi=case["data"]["yi"], vi=case["data"]["vi"])
        fit = pooling.meta_regression(
            effects,
            {name: case["data"][name] for name in names},
            tau2=options.get("method", "REML"),
            ci=INTERVALS[options.get("test", "z")],
        )
    except InputError as refusal:
        return {"status": "refused", "message": refusal.message}
    first = fit.coefficients[0]
    return told(effects, fit.notes, True, beta=first.estimate, se=first.se, k=fit.k)


def regression_test(case: Case) -> Values:
    """Egger's test, "egger lm" or "egger rma"."""
    try:
        effects = pooling.effect_sizes(case["measure"], yi=case["data"]["yi"], vi=case["data"]["vi"])
        test = pooling.regression_test(effects, model=case["options"]["test"].split()[-1])
    except InputError as refusal:
        return {"status": "refused", "message": refusal.message}
    return told(effects, test.notes, test.slope is not None, k=test.k)


def trim_and_fill(case: Case) -> Values:
    """Trim and fill, "trimfill L0" or "trimfill R0"."""
    try:
        effects = effects_of(case)
        found = pooling.trim_and_fill(effects, estimator=case["options"]["method"].split()[-1])
    except InputError as refusal:
        return {"status": "refused", "message": refusal.message}
    return told(effects, found.notes, found.adjusted is not None)


METHODS = {
    "degenerate": degenerate,
}
