"""The table of legal combinations: everything in it works, everything else is refused and told what would work."""

from __future__ import annotations

import itertools
import pickle

import pytest

from core.errors import InputError
from core.pooling import (
    COMPATIBILITIES,
    INTERVALS,
    LEGAL,
    MEASURES,
    METHODS,
    MODELS,
    PREDICTION_INTERVALS,
    TAU2_ESTIMATORS,
    combinations,
    effect_sizes,
    measure,
    pool,
    recommended,
)
from tests.pooling.published import SAD

# A value for each kind of input column, three studies.
EXAMPLES = {
    "count": [3, 7, 5],
    "total": [20, 31, 25],
    "mean": [1.5, 2.5, 4.0],
    "sd": [1.0, 1.2, 0.9],
    "size": [20, 31, 25],
    "number": [0.4, -0.1, 1.7],
    "positive": [0.2, 0.3, 0.25],
    "correlation": [0.2, 0.5, -0.1],
}
CONVENTIONS = [(entry, found) for entry in MEASURES for found in entry.compatibility]
NAMES = [f"{entry.key}-{found}" for entry, found in CONVENTIONS]


def example(definition, compatibility=None):
    """Effects of the measure; the second arm differs, or nothing could be seen."""
    columns = {
        column.key: [value + (column.arm == 2) for value in EXAMPLES[column.kind]] for column in definition.columns
    }
    return effect_sizes(definition.key, compatibility=compatibility, **columns)


@pytest.mark.parametrize("definition", MEASURES, ids=lambda entry: entry.key)
def test_every_measure_says_all_that_a_window_needs(definition):
    assert definition.label
    assert definition.short_label
    assert definition.columns
    one_group = definition.family in ("proportion", "rate", "mean")
    assert definition.null_value == (None if one_group else 1 if definition.log_scale else 0)
    assert measure(definition.key) is definition
    for column in definition.columns:
        assert column.title
        assert definition.column(column.key) is column
    assert set(definition.methods) <= {method.key for method in METHODS}
    assert example(definition).estimable.all()


@pytest.mark.parametrize(("definition", "compatibility"), CONVENTIONS, ids=NAMES)
def test_every_legal_combination_gives_a_result(definition, compatibility):
    effects = example(definition, compatibility)
    for entry in combinations(definition.key, compatibility):
        for tau2, ci, pi in itertools.product(entry.tau2 or [None], entry.ci, entry.pi or [None]):
            pooled = pool(effects, method=entry.method, model=entry.model, tau2=tau2, ci=ci, pi=pi)
            assert pooled.estimate is not None
            assert pooled.ci is not None
            assert pooled.ci.low <= pooled.estimate <= pooled.ci.high
            assert (pooled.pi is not None) == (pi is not None)
            assert pooled.weights.sum() == pytest.approx(100)
            assert (pooled.settings.tau2, pooled.settings.ci, pooled.settings.pi) == (tau2, ci, pi)
            assert (pooled.settings.method, pooled.settings.model) == (entry.method, entry.model)
            display = pooled.display()
            assert display is not None
            assert display.estimate == pytest.approx(definition.shown(pooled.estimate, pooled.size))


@pytest.mark.parametrize(("definition", "compatibility"), CONVENTIONS, ids=NAMES)
def test_every_other_method_and_model_is_refused_naming_what_works(definition, compatibility):
    effects = example(definition, compatibility)
    legal = {(entry.method, entry.model) for entry in combinations(definition.key, compatibility)}
    assert legal
    for method, model in itertools.product((entry.key for entry in METHODS), (entry.key for entry in MODELS)):
        if (method, model) in legal:
            continue
        with pytest.raises(InputError) as caught:
            pool(effects, method=method, model=model)
        assert caught.value.code == "pooling.combination"
        assert "What works: " in caught.value.message
        for works, _ in legal:
            assert next(entry.label for entry in METHODS if entry.key == works) in caught.value.message


def test_mantel_haenszel_random_is_revman_s_only_and_the_refusal_says_so():
    with pytest.raises(InputError) as caught:
        pool(effect_sizes("OR", **SAD), method="MH", model="random")
    assert caught.value.message == (
        "Mantel-Haenszel with random effects is not available for odds ratio under current conventions. What "
        "works: Inverse variance (random effects or common effect); Mantel-Haenszel (common effect); "
        "Peto (common effect). It exists under RevMan 5's conventions."
    )


REFUSED = [
    ({"tau2": "REML"}, "revman5", "pooling.option", "takes DL as between-study variance estimator, not REML"),
    ({"ci": "hksj"}, "revman5", "pooling.option", "takes wald as confidence interval"),
    ({"pi": "t(k-1)"}, "revman5", "pooling.option", "takes none as prediction interval"),
    ({"model": "common", "tau2": "DL"}, None, "pooling.option", "takes none"),
    ({"model": "common", "ci": "hksj"}, None, "pooling.option", "takes wald"),
    ({"tau2": "XX"}, None, "pooling.unknown-tau2", "REML, DL"),
    ({"ci": "exact"}, None, "pooling.unknown-choice", "handbook, wald"),
    ({"pi": "t(k)"}, None, "pooling.unknown-choice", "t(k-1), t(k-2), z"),
    ({"method": "GIV"}, None, "pooling.unknown-choice", "IV, MH, Peto"),
    ({"model": "fixed"}, None, "pooling.unknown-choice", "common, random"),
    ({"level": 95}, None, "pooling.level", "0.95 for 95%"),
    ({"add": 0.5, "to": "only0"}, None, "pooling.mh-correction", "Mantel-Haenszel"),
    ({"method": "MH", "model": "common", "add": 3, "to": "only0"}, None, "pooling.add", "between 0 and 1"),
    ({"method": "MH", "model": "common", "add": 0.5, "to": "now"}, None, "pooling.correction", "if0all"),
]


@pytest.mark.parametrize(("settings", "compatibility", "code", "says"), REFUSED)
def test_other_settings_that_do_not_go_together(settings, compatibility, code, says):
    with pytest.raises(InputError) as caught:
        pool(effect_sizes("OR", compatibility=compatibility, **SAD), **settings)
    assert caught.value.code == code
    assert says in caught.value.message


def test_recommended_settings():
    new = recommended("OR")
    assert (new.method, new.model, new.tau2, new.ci, new.pi) == ("IV", "random", "REML", "handbook", "t(k-1)")
    revman = recommended("OR", "revman5")
    assert (revman.method, revman.model, revman.tau2, revman.ci, revman.pi) == ("MH", "random", "DL", "wald", None)
    assert recommended("MD", "revman5").method == "IV"
    assert recommended("PETO").method == "Peto"


def test_defaults_are_the_recommended_settings_of_new_work():
    assert pool(example(measure("MD"))).settings == recommended("MD")


def test_choices_have_labels_and_cover_the_table():
    for choices in (METHODS, MODELS, TAU2_ESTIMATORS, INTERVALS, PREDICTION_INTERVALS, COMPATIBILITIES):
        assert all(choice.label and choice.short for choice in choices)
        assert len({choice.key for choice in choices}) == len(choices)
    assert {entry.method for entry in LEGAL} == {method.key for method in METHODS}


def test_results_travel_between_processes():
    effects = effect_sizes("OR", **SAD)
    pooled = pickle.loads(pickle.dumps(pool(effects)))
    assert pooled.estimate == pool(pickle.loads(pickle.dumps(effects))).estimate
