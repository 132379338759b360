"""What the user is told about input that allows no ordinary result."""

from __future__ import annotations

from core import pooling
from core.errors import InputError
from tests.reference.runners.values import INTERVALS, Case, Values, effects_of


def degenerate(case: Case) -> Values:
    """What the user is told: refused, not estimable, a note, or nothing at all."""
    options = case["options"]
    if "mods" in options or options.get("test", "z") not in INTERVALS:
        return {"error": "this method is not built yet"}
    try:
        effects = effects_of(case)
        if options.get("method", "").startswith("trimfill"):
            return trimmed(effects, options["method"].split()[1])
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


def trimmed(effects: pooling.EffectSizes, estimator: str) -> Values:
    found = pooling.trim_and_fill(effects, estimator=estimator)
    message = " ".join(entry.message for entry in found.notes)
    return {"status": "not-estimable" if found.adjusted is None else "note", "message": message}


METHODS = {
    "degenerate": degenerate,
}
