"""Effect sizes: escalc and RevMan."""

from __future__ import annotations

from tests.reference.runners.values import Case, Values, effects_of, numbers, study_values


def escalc(case: Case) -> Values:
    options = {key: case["options"][key] for key in ("add", "to", "drop00", "vtype") if key in case["options"]}
    effects = effects_of(case, **options)
    return {"yi": numbers(effects.yi), "vi": numbers(effects.vi)}


def escalc_revman(case: Case) -> Values:
    effects = effects_of(case, compatibility="revman5")
    yi, sei = study_values(effects)
    return {"yi": yi, "sei": sei, "estimable": [bool(flag) for flag in effects.estimable]}


METHODS = {
    "escalc": escalc,
    "escalc_revman": escalc_revman,
}
