"""Effect sizes: escalc and RevMan."""

from __future__ import annotations

from core import pooling
from tests.reference.runners.values import STOPPED, Case, Values, effects_of, metafor_values, numbers, study_values

OPTIONS = ("add", "to", "drop00", "vtype")
SMALL_SAMPLES = {"cohen_d": "none", "hedges_approxJ": "approximate"}
# Two measurements of the same people: which column of the data each input is, unless the case's options say.
PAIRED = {"m1i": "m_post", "m2i": "m_pre", "sd1i": "sd_post", "sd2i": "sd_pre"}
# Measures that metafor does not correct unless asked, although its own default says add = 1/2 for all.
UNCORRECTED = ("AS", "PHI", "RTET", "IRSD", "PAS", "PFT", "IRS", "IRFT")


def renamed(case: Case, measure: str | None = None) -> Case:
    """The case with metafor's names of the columns, as another measure when given."""
    places = {key: case["options"].get(key, usual) for key, usual in PAIRED.items()}
    if case["measure"] == "SMCR" and places["sd1i"] == "sd_post":
        # Divided by the standard deviation before treatment, as the note of these cases says.
        places |= {"sd1i": places["sd2i"], "sd2i": places["sd1i"]}
    names = {column: key for key, column in places.items()}
    data = {names.get(key, key): values for key, values in case["data"].items()}
    return case | {"measure": measure or case["measure"], "data": data}


def effects_by_metafor(case: Case) -> pooling.EffectSizes:
    """With metafor's defaults where Copse has others: double-zero studies count."""
    options = {key: case["options"][key] for key in OPTIONS if key in case["options"]}
    if case["measure"] in UNCORRECTED and (options.get("add"), options.get("to")) == (0.5, "only0"):
        del options["add"], options["to"]
    if pooling.measure(case["measure"]).drops_double_zeros:
        options.setdefault("drop00", False)
    return effects_of(renamed(case), **options)


def escalc(case: Case) -> Values:
    effects = effects_by_metafor(case)
    return {"yi": numbers(effects.yi), "vi": numbers(effects.vi)}


def escalc_closed(case: Case) -> Values:
    variant = case["options"]["variant"]
    if variant in SMALL_SAMPLES:
        effects = effects_of(case, small_sample=SMALL_SAMPLES[variant])
        return {"yi": numbers(effects.yi), "vi": numbers(effects.vi)}
    if variant == "crossover":
        difference, standardised = (effects_of(renamed(case, measure)) for measure in ("MC", "SMDX"))
        (yi, sei), (smd_yi, smd_sei) = study_values(difference), study_values(standardised)
        return {"yi": yi, "sei": sei, "smd_yi": smd_yi, "smd_sei": smd_sei}
    effects = effects_of(renamed(case, "MPORC"), drop00=False)
    return {"yi": numbers(effects.yi), "vi": numbers(effects.vi)}


def escalc_revman(case: Case) -> Values:
    effects = effects_of(case, compatibility="revman5")
    yi, sei = study_values(effects)
    return {"yi": yi, "sei": sei, "estimable": [bool(flag) for flag in effects.estimable]}


def display(case: Case) -> Values:
    effects, kind = effects_by_metafor(case), case["options"]["tau2_method"]
    fit = pooling.pool(effects, tau2=STOPPED.get(kind, kind), ci="wald", pi=None)
    shown = fit.display()
    rows = [effects.display(row) for row in range(len(effects))]
    return {
        "theta": None if fit.ci is None else [fit.estimate, *fit.ci],
        "display": None if shown is None else [shown.estimate, *shown.ci],
        "study_display": [None if row is None else row.estimate for row in rows],
        "harmonic_mean_n": fit.size,
    }


def mh_rate(case: Case) -> Values:
    # rma.mh leaves double-zero studies out of Q.
    fit = pooling.pool(effects_of(case, drop00=True), model="common", method="MH")
    return metafor_values(fit) | {"k": fit.k_listed}


METHODS = {
    "escalc": escalc,
    "escalc_closed": escalc_closed,
    "escalc_revman": escalc_revman,
    "display": display,
    "mh_rate": mh_rate,
}
