"""Degenerate input: explicit and explained, never NaN and never a silent zero."""

from __future__ import annotations

import math

import pytest

from core.errors import InputError
from core.pooling import TAU2_ESTIMATORS, effect_sizes, odds_ratio_tests, pool, risk_difference_se, subgroups
from core.pooling.measures.dichotomous import COLUMNS

DOUBLE_ZERO = {"ai": [0, 0], "n1i": [10, 20], "ci": [0, 0], "n2i": [11, 19]}
ONE_ARM = {"ai": [0, 0], "n1i": [10, 20], "ci": [3, 4], "n2i": [11, 19]}


def codes(pooled) -> set[str]:
    return {entry.code for entry in pooled.notes}


def blank(pooled) -> bool:
    """Nothing is shown that was not estimated."""
    values = (pooled.estimate, pooled.se, pooled.ci, pooled.pi, pooled.stat, pooled.p, pooled.tau2, pooled.q, pooled.i2)
    return all(value is None for value in values) and pooled.display() is None and not pooled.weights.any()


def test_no_studies():
    for measure, columns in (("GEN", ("yi", "vi")), ("OR", [column.key for column in COLUMNS])):
        pooled = pool(effect_sizes(measure, **{key: [] for key in columns}))
        assert blank(pooled)
        assert codes(pooled) == {"pool.no-studies"}


@pytest.mark.parametrize("ci", ["wald", "t", "hksj", "hksj-adhoc", "handbook"])
def test_one_study_shows_itself_and_no_heterogeneity(ci):
    pooled = pool(effect_sizes("GEN", yi=[0.3], vi=[0.04]), ci=ci)
    assert (pooled.estimate, pooled.se) == pytest.approx((0.3, 0.2))
    assert (pooled.ci_method, pooled.test) == ("wald", "z")
    assert (pooled.tau2, pooled.i2, pooled.q, pooled.q_p, pooled.h2, pooled.pi) == (None,) * 6
    assert pooled.weights.tolist() == [100]
    assert "pool.one-study" in codes(pooled)
    assert ("ci.one-study" in codes(pooled)) == (ci in ("t", "hksj", "hksj-adhoc"))


@pytest.mark.parametrize("compatibility", [None, "revman5"])
@pytest.mark.parametrize(
    ("measure", "method"), [("OR", "MH"), ("RR", "MH"), ("OR", "IV"), ("OR", "Peto"), ("PETO", "Peto")]
)
def test_only_double_zero_studies_are_not_estimable(measure, method, compatibility):
    effects = effect_sizes(measure, compatibility=compatibility, **DOUBLE_ZERO)
    assert not effects.estimable.any()
    pooled = pool(effects, model="common", method=method)
    assert blank(pooled)
    assert codes(pooled) <= {"pool.none-estimable", "pool.no-information"}
    assert "Not estimable" in pooled.notes[0].message


@pytest.mark.parametrize("compatibility", [None, "revman5"])
def test_only_double_zero_studies_have_a_risk_difference_of_zero_with_a_standard_error(compatibility):
    pooled = pool(effect_sizes("RD", compatibility=compatibility, **DOUBLE_ZERO), model="common", method="MH")
    assert pooled.estimate == 0
    assert pooled.se is not None
    assert pooled.se > 0.01
    assert pooled.ci is not None
    assert pooled.ci.low < 0 < pooled.ci.high


@pytest.mark.parametrize(
    ("measure", "table", "group", "what"),
    [
        ("OR", ONE_ARM, "experimental", "an event"),
        ("RR", ONE_ARM, "experimental", "an event"),
        ("OR", {"ai": [3, 4], "n1i": [11, 19], "ci": [0, 0], "n2i": [10, 20]}, "control", "an event"),
        ("OR", {"ai": [3, 4], "n1i": [11, 19], "ci": [9, 8], "n2i": [9, 8]}, "control", "a participant without"),
        ("OR", {"ai": [9, 8], "n1i": [9, 8], "ci": [3, 4], "n2i": [11, 19]}, "experimental", "a participant without"),
    ],
)
def test_nothing_in_one_arm_of_all_studies_is_explained_and_other_ways_offered(measure, table, group, what):
    pooled = pool(effect_sizes(measure, **table), model="common", method="MH")
    assert blank(pooled)
    message = pooled.notes[0].message
    assert f"no study has {what}" in message
    assert f"{group} group" in message
    assert "RevMan 5" in message
    assert ("Peto" in message) == (measure == "OR")
    assert pool(effect_sizes(measure, compatibility="revman5", **table), model="common", method="MH").estimable


def test_opposite_zeros_are_undefined_too():
    """No arm is empty over all studies, yet in each one the same diagonal has a zero."""
    table = {"ai": [0, 8], "n1i": [10, 10], "ci": [3, 10], "n2i": [10, 10]}
    pooled = pool(effect_sizes("OR", **table), model="common", method="MH")
    assert blank(pooled)
    assert codes(pooled) == {"mh.undefined"}


@pytest.mark.parametrize("compatibility", [None, "revman5"])
def test_everyone_has_the_event_in_every_study(compatibility):
    """Without a correction a risk ratio of exactly 1 would have no error; RevMan 5 corrects and shows it with one."""
    table = {"ai": [10, 20], "n1i": [10, 20], "ci": [11, 19], "n2i": [11, 19]}
    pooled = pool(effect_sizes("RR", compatibility=compatibility, **table), model="common", method="MH")
    if compatibility is None:
        assert blank(pooled)
        assert codes(pooled) == {"pool.no-information"}
    else:
        assert pooled.se is not None
        assert pooled.se > 0


def test_tests_of_tables_that_say_nothing():
    effects = effect_sizes("OR", **DOUBLE_ZERO)
    tests = odds_ratio_tests(effects, None)
    assert (tests.cmh, tests.cmh_p, tests.tarone, tests.tables) == (None, None, None, 0)
    one_arm = odds_ratio_tests(effect_sizes("OR", **ONE_ARM), None)
    assert one_arm.cmh is not None
    assert one_arm.tarone is None
    nobody = effect_sizes("RD", ai=[0], n1i=[0], ci=[1], n2i=[5])
    assert risk_difference_se(nobody, "Sato") is None
    with pytest.raises(InputError, match="Generic effect has none"):
        odds_ratio_tests(effect_sizes("GEN", yi=[1], sei=[1]), 1.0)


def test_every_study_needs_a_subgroup():
    effects = effect_sizes("GEN", labels=["A", "B"], yi=[0.1, 0.2], sei=[1, 1])
    with pytest.raises(InputError, match="B belongs to no subgroup"):
        subgroups(effects, ["x", " "])
    with pytest.raises(InputError, match="effects 2, subgroups 1"):
        subgroups(effects, ["x"])


def test_equal_effects_and_hartung_knapp():
    effects = effect_sizes("GEN", yi=[0.5, 0.5, 0.5], vi=[0.1, 0.2, 0.3])
    pooled = pool(effects, ci="hksj")
    assert (pooled.se, pooled.tau2, pooled.q, pooled.i2) == (0, 0, 0, 0)
    assert pooled.notes[-1].code == "ci.zero-width"
    adhoc = pool(effects, ci="hksj-adhoc")
    assert f"it is {adhoc.ci.low:.4g} to {adhoc.ci.high:.4g}." in pooled.notes[-1].message
    for safe in ("hksj-adhoc", "handbook", "wald"):
        pooled = pool(effects, ci=safe)
        assert pooled.se == pytest.approx(0.23354968324845682)  # metafor 3.8-1
        assert pooled.ci is not None
        assert pooled.ci.low < 0.5 < pooled.ci.high


def test_the_interval_shown_in_place_of_one_without_width_is_on_the_scale_that_readers_see():
    logs = {"yi": [0.5, 0.5, 0.5], "vi": [0.1, 0.2, 0.3]}
    pooled, adhoc = (pool(effect_sizes("GENLOG", **logs), ci=ci) for ci in ("hksj", "hksj-adhoc"))
    assert adhoc.display().ci.low == pytest.approx(math.exp(adhoc.ci.low))
    assert pooled.notes[-1].params == adhoc.display().ci._asdict()


def test_zero_effects_without_spread_have_no_test():
    pooled = pool(effect_sizes("GEN", yi=[0, 0, 0], vi=[0.1, 0.2, 0.3]), ci="hksj")
    assert (pooled.estimate, pooled.se, pooled.stat, pooled.p) == (0, 0, None, None)


def test_proportional_tables_differ_by_rounding_only_and_have_no_heterogeneity():
    table = {"ai": [10, 20, 30, 40], "n1i": [100, 200, 300, 400], "ci": [20, 40, 60, 80], "n2i": [100, 200, 300, 400]}
    for measure in ("OR", "RR", "RD"):
        effects = effect_sizes(measure, **table)
        for method in ("IV", "MH"):
            pooled = pool(effects, model="common", method=method)
            assert (pooled.q, pooled.i2) == (0, 0)
        assert pool(effects).tau2 == 0


def test_fewer_than_three_studies_have_no_prediction_interval():
    pooled = pool(effect_sizes("GEN", yi=[0.1, 0.9], vi=[0.01, 0.02]))
    assert pooled.pi is None
    assert "pi.few" in codes(pooled)
    assert pool(effect_sizes("GEN", yi=[0.1, 0.9, 0.4], vi=[0.01, 0.02, 0.03])).pi is not None


def test_heterogeneity_over_fewer_studies_than_pooled_is_said():
    """An all-events table enters the exact Mantel-Haenszel risk ratio but has no effect of its own."""
    table = {"ai": [5, 7, 20], "n1i": [20, 20, 20], "ci": [9, 4, 20], "n2i": [20, 20, 20]}
    pooled = pool(effect_sizes("RR", **table), model="common", method="MH")
    assert (pooled.k, pooled.df) == (3, 1)
    assert "pool.heterogeneity-of-fewer" in codes(pooled)


def test_subgroups_without_a_result_drop_out_of_the_test():
    table = {key: [*ONE_ARM[key], *DOUBLE_ZERO[key]] for key in ONE_ARM}
    effects = effect_sizes("OR", compatibility="revman5", **table)
    found = subgroups(effects, ["a", "b", "empty", "empty"], method="MH")
    assert found.difference is not None
    assert found.difference.df == 1
    assert [entry.code for entry in found.notes] == ["subgroups.dropped"]
    assert found.groups[2].pooled.estimate is None
    alone = subgroups(effects, ["a", "a", "empty", "empty"], method="MH")
    assert alone.difference is None
    assert {entry.code for entry in alone.notes} == {"subgroups.dropped", "subgroups.one"}


def test_a_subgroup_result_without_a_standard_error_makes_the_test_undefined():
    effects = effect_sizes("GEN", yi=[0.5, 0.5, 0.1, 0.9], vi=[0.1, 0.2, 0.1, 0.2])
    found = subgroups(effects, ["flat", "flat", "other", "other"], ci="hksj")
    assert found.difference is None
    assert [entry.code for entry in found.notes] == ["subgroups.zero-se"]
    assert "flat" in found.notes[0].message


@pytest.mark.parametrize("tau2", [entry.key for entry in TAU2_ESTIMATORS])
@pytest.mark.parametrize(
    ("yi", "vi"),
    [
        ([0.0, 5.0], [1e-12, 1.0]),
        ([1.0, 2.0, 50.0], [1e-12, 1e-6, 1.0]),
        ([0.0, 1e-9, 2e-9], [1.0, 2.0, 3.0]),
        ([-1e6, 1e6, 0.0], [1e-6, 1e-6, 1e6]),
        ([1e20, -1e20, 3.0], [1e-40, 1.0, 1e40]),
        ([1e25, -1e25, 3.0, 0.0], [2e-50, 2e-50, 1.0, 9e49]),
        ([1e-25, -1e-25, 3e-25, 0.0], [2e-50, 2e-50, 9e49, 9e49]),
    ],
)
def test_extreme_scales_stay_finite(yi, vi, tau2):
    effects = effect_sizes("GEN", yi=yi, vi=vi)
    for ci in ("wald", "t", "hksj", "hksj-adhoc", "handbook"):
        pooled = pool(effects, tau2=tau2, ci=ci)
        found = (pooled.estimate, pooled.se, pooled.tau2, pooled.tau2_se, pooled.q, pooled.i2, pooled.h2, pooled.p)
        for value in (*found, *pooled.ci):
            assert value is not None
            assert math.isfinite(value)


def test_counts_of_a_billion():
    table = {"ai": [10**9, 9 * 10**8], "n1i": [2 * 10**9] * 2, "ci": [10**9 + 5, 10**9], "n2i": [2 * 10**9] * 2}
    for measure, method in (("OR", "MH"), ("OR", "Peto"), ("RR", "MH"), ("RD", "MH"), ("OR", "IV")):
        pooled = pool(effect_sizes(measure, **table), model="common", method=method)
        assert pooled.se is not None
        assert 0 < pooled.se < 1e-3
