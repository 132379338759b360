"""Run reference cases through the public API of core.pooling and write what it computes.

    python tests/reference/conform.py CASES.json --values OUT.json [--methods re,knha] [--measures OR,RR]
                                      [--estimators DL,REML] [--cases-out CHOSEN.json]

Each case is {id, method, measure, data, options}; its "expected" is never looked at. OUT.json maps case ids to values
under metafor's names, or to {"error": ...} where a method or measure is not built. ``--cases-out`` writes the chosen
cases, so that a comparison counts just those.

Copse and metafor sometimes *report* differently what they compute alike; the translation is here and nowhere else:
metafor prints Q = 0, I2 = 0, H2 = 1, tau2 = 0 for a single study and tau2 = 0 for a common effect, where Copse has "not
applicable" (None); rma.mh and rma.peto count every table with data in k and Q's degrees of freedom.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from core import pooling
from core.errors import InputError

Case = dict[str, Any]
Values = dict[str, Any]

# Reference names that are not metafor's.
COLUMNS = {"OmE": "oei", "V": "vi"}
INTERVALS = {"z": "wald", "t": "t", "knha": "hksj", "adhoc": "hksj-adhoc"}
REVMAN_MODELS = {"fixed": "common", "random": "random"}
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
    return common_values(fit) | {
        "stat": plain(fit.stat),
        "pval": fit.p,
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


def escalc(case: Case) -> Values:
    options = {key: case["options"][key] for key in ("add", "to", "drop00", "vtype") if key in case["options"]}
    effects = effects_of(case, **options)
    return {"yi": numbers(effects.yi), "vi": numbers(effects.vi)}


def escalc_revman(case: Case) -> Values:
    effects = effects_of(case, compatibility="revman5")
    yi, sei = study_values(effects)
    return {"yi": yi, "sei": sei, "estimable": [bool(flag) for flag in effects.estimable]}


def rma_uni(case: Case) -> Values:
    options = case["options"]
    effects = effects_of(case)
    level = options.get("level", 95) / 100
    if options["tau2_method"] == "EE":
        return metafor_values(pooling.pool(effects, model="common", level=level))
    fit = pooling.pool(effects, tau2=options["tau2_method"], ci=INTERVALS[options["test"]], pi=None, level=level)
    values = metafor_values(fit)
    own = "z" if fit.test == "z" else "t(k-1)"
    for key, kind in (("pi_metafor", own), ("pi_t_kminus1", "t(k-1)"), ("pi_t_kminus2", "t(k-2)")):
        if fit.estimate is not None and fit.se is not None:
            values[key] = pooling.prediction_interval(fit.estimate, fit.se, fit.tau2 or 0.0, fit.k, kind, level)
    criteria = pooling.fit_statistics(effects, fit)
    if criteria is not None:
        values |= {
            "logLik": criteria.log_likelihood,
            "deviance": criteria.deviance,
            "AIC": criteria.aic,
            "BIC": criteria.bic,
            "AICc": criteria.aicc,
        }
    return values


def rma_mh(case: Case) -> Values:
    options = case["options"]
    effects = effects_of(case, add=options["add"][0], to=options["to"][0], drop00=options["drop00"])
    fit = pooling.pool(effects, model="common", method="MH", add=options["add"][1], to=options["to"][1])
    values = metafor_values(fit, df=fit.k_listed - 1) | {"k": fit.k_listed, "k_pos": None}
    if case["measure"] == "OR":
        odds_ratio = None if fit.estimate is None else math.exp(fit.estimate)
        tests = pooling.odds_ratio_tests(effects, odds_ratio, correct=options["correct"])
        values |= {"CMH_stat": tests.cmh, "CMH_p": tests.cmh_p, "k_pos": tests.tables}
        values |= {"TA_stat": tests.tarone, "TA_p": tests.tarone_p, "TA_df": tests.tarone_df}
    return values


def rma_peto(case: Case) -> Values:
    effects = effects_of(case)
    fit = pooling.pool(effects, model="common", method="Peto")
    difference, variance = pooling.o_minus_e_and_variance(effects)
    values = metafor_values(fit, df=fit.k_listed - 1) | {"k": fit.k_listed}
    return values | {"O_minus_E": numbers(difference), "V": numbers(variance)}


def peto_oe(case: Case) -> Values:
    effects = effects_of(case)
    yi, sei = study_values(effects)
    fit = pooling.pool(effects, model="common", method="Peto")
    return revman_values(fit) | {"study_yi": yi, "study_sei": sei}


def revman_mh(case: Case) -> Values:
    effects = effects_of(case, compatibility="revman5")
    values = with_studies(revman_values(pooling.pool(effects, model="common", method="MH")), case, effects)
    if "origin" in case["options"] and values["display"] is not None:
        # Numbers that RevMan wrote into its own file are on the scale of the measure, its z without a sign.
        values["ci_lb"], values["ci_ub"] = values["display"][1:]
    return values


def with_studies(values: Values, case: Case, effects: pooling.EffectSizes) -> Values:
    values["study_yi"], values["study_sei"] = study_values(effects)
    if case["measure"] == "RD":
        values["se_uncorrected_variance"] = pooling.risk_difference_se(effects, "Greenland-Robins")
    if values["display"] is not None:
        values["OR"], values["z_abs"] = values["display"][0], abs(values["z"])
    values["study_OR"] = [None if yi is None else math.exp(yi) for yi in values["study_yi"]]
    return values


def revman_mh_random(case: Case) -> Values:
    return revman_values(pooling.pool(effects_of(case, compatibility="revman5"), method="MH"))


def revman_iv_common(case: Case) -> Values:
    return revman_values(pooling.pool(effects_of(case, compatibility="revman5"), model="common"))


def revman_iv_random(case: Case) -> Values:
    return revman_values(pooling.pool(effects_of(case, compatibility="revman5")))


def difference_values(found: pooling.Subgroups) -> Values:
    test = found.difference
    return {} if test is None else {"Q": test.q, "df": test.df, "p": test.p, "I2": test.i2}


def subgroup_revman(case: Case) -> Values:
    effects = effects_of(case, compatibility="revman5")
    model, method = REVMAN_MODELS[case["options"]["model"]], case["options"]["weighting"]
    found = pooling.subgroups(effects, case["data"]["group"], model=model, method=method)
    groups = {
        group.label: with_studies(revman_values(group.pooled), case, effects.select(group.rows))
        for group in found.groups
    }
    total = with_studies(revman_values(found.overall), case, effects)
    return {"subgroups": groups, "total": total, "between": difference_values(found)}


def subgroup_separate_tau2(case: Case) -> Values:
    kind = case["options"]["tau2_method"]
    settings = {"model": "common"} if kind == "EE" else {"tau2": kind, "ci": "wald", "pi": None}
    found = pooling.subgroups(effects_of(case), case["data"][case["options"]["group"]], **settings)
    groups = sorted(found.groups, key=lambda group: group.label)
    each = [metafor_values(group.pooled) for group in groups]
    columns = {key: [values[key] for values in each] for key in ("k", "beta", "se", "tau2", "Q", "I2")}
    overall = metafor_values(found.overall)
    levels = [group.label for group in groups]
    return {"levels": levels, **columns, "overall": overall, "between": difference_values(found)}


def degenerate(case: Case) -> Values:
    """What the user is told: refused, not estimable, a note, or nothing at all."""
    options = case["options"]
    if (
        "mods" in options
        or options.get("method", "").startswith("trimfill")
        or options.get("test", "z") not in INTERVALS
    ):
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


METHODS: dict[str, Callable[[Case], Values]] = {
    "escalc": escalc,
    "escalc_revman": escalc_revman,
    "iv_common": rma_uni,
    "re": rma_uni,
    "re_t": rma_uni,
    "knha": rma_uni,
    "knha_adhoc": rma_uni,
    "mh": rma_mh,
    "mh_cc": rma_mh,
    "mh_revman": revman_mh,
    "peto": rma_peto,
    "peto_oe": peto_oe,
    "iv_fixed_revman": revman_iv_common,
    "re_mh_revman": revman_mh_random,
    "re_iv_revman": revman_iv_random,
    "subgroup_revman": subgroup_revman,
    "subgroup_separate_tau2": subgroup_separate_tau2,
    "degenerate": degenerate,
}


def compute(case: Case) -> Values:
    """The values of one case, or {"error": ...} when Copse does not have the method, or refuses the input."""
    run = METHODS.get(case["method"])
    if run is None:
        return {"error": f"the method {case['method']} is not built yet"}
    try:
        return run({key: value for key, value in case.items() if key != "expected"})
    except InputError as refusal:
        return {"error": refusal.message}


def chosen(case: Case, methods: str | None, measures: str | None, estimators: str | None) -> bool:
    kind = case["options"].get("tau2_method")
    return (
        (methods is None or case["method"] in methods.split(","))
        and (measures is None or case["measure"] in measures.split(","))
        and (estimators is None or kind is None or kind in estimators.split(","))
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cases", type=Path)
    parser.add_argument("--values", type=Path, required=True)
    parser.add_argument("--methods", help="comma-separated methods; all when left out")
    parser.add_argument("--measures", help="comma-separated measures; all when left out")
    parser.add_argument("--estimators", help="comma-separated tau2 estimators; all when left out")
    parser.add_argument("--cases-out", type=Path, help="write the chosen cases here")
    args = parser.parse_args()
    document = json.loads(args.cases.read_text(encoding="utf-8"))
    cases = [case for case in document["cases"] if chosen(case, args.methods, args.measures, args.estimators)]
    values = {case["id"]: compute(case) for case in cases}
    args.values.write_text(json.dumps(values, allow_nan=False), encoding="utf-8")
    if args.cases_out:
        args.cases_out.write_text(json.dumps(document | {"cases": cases}), encoding="utf-8")
    errors = sum("error" in found for found in values.values())
    print(f"{len(cases)} cases, {len(cases) - errors} computed, {errors} not built or refused")
    return 0


if __name__ == "__main__":
    sys.exit(main())
