"""Three-level models: published results, metafor's, and what must hold for any data."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import InputError
from core.pooling import effect_sizes, pool, three_level
from tests.pooling.clustered import ASSINK, ASSINK_STUDIES, DISTRICTS, SCHOOLS, WRITING


def codes(found) -> list[str]:
    return [entry.code for entry in found.notes]


def test_school_calendars_as_published_by_konstantopoulos_2011():
    """The three-level REML fit of the paper: 0.185 (SE 0.085), variances 0.065 (districts) and 0.033 (schools)."""
    found = three_level(effect_sizes("GEN", **SCHOOLS), DISTRICTS)
    assert (found.estimate, found.se) == pytest.approx((0.185, 0.085), abs=5e-4)
    assert (found.between, found.within) == pytest.approx((0.065, 0.033), abs=5e-4)
    assert (found.k, found.clusters) == (56, 11)


def test_school_calendars_in_full():
    """metafor 3.8-1, rma.mv with its confint (profile likelihood, found to about 1e-4)."""
    found = three_level(effect_sizes("GEN", **SCHOOLS), DISTRICTS)
    assert (found.between, found.within) == pytest.approx((0.06506194, 0.03273652), abs=1e-7)
    assert found.between_ci == pytest.approx((0.02223279, 0.20724173), rel=5e-4)
    assert found.within_ci == pytest.approx((0.01627353, 0.06282546), rel=1e-3)
    assert (found.q, found.df) == (pytest.approx(578.8640, abs=1e-4), 55)
    assert found.log_likelihood == pytest.approx(-7.958724, abs=1e-6)
    assert (found.i2_between, found.i2_within) == pytest.approx((63.324838, 31.862476), abs=1e-4)
    assert found.i2 == pytest.approx(95.187314, abs=1e-4)
    assert (found.test, found.ci_method, found.ddf, found.p) == ("z", "wald", None, pytest.approx(0.0289249, abs=1e-6))


def test_assink_and_wibbelink_2016():
    """Overall effect 0.427 with 0.188 between and 0.112 within studies; further digits and tests: metafor 3.8-1."""
    found = three_level(effect_sizes("GEN", **ASSINK), ASSINK_STUDIES)
    assert (found.estimate, found.se, found.stat) == pytest.approx((0.426799, 0.118429, 3.603836), abs=2e-6)
    assert (found.between, found.within) == pytest.approx((0.187870, 0.111992), abs=1e-6)
    assert found.between_ci == pytest.approx((0.084410, 0.467312), rel=2e-4)
    assert found.within_ci == pytest.approx((0.067086, 0.181011), rel=2e-4)
    assert found.q == pytest.approx(809.461128, abs=1e-6)
    assert found.without_between is not None
    assert found.without_within is not None
    assert found.without_between.stat == pytest.approx(62.802428, abs=1e-5)
    assert found.without_within.stat == pytest.approx(81.865844, abs=1e-5)
    assert found.without_between.p < 1e-6
    assert found.total == pytest.approx(found.between + found.within)


def test_t_intervals_and_the_prediction_interval():
    """rma.mv with test="t": 99 degrees of freedom; the prediction interval counts clusters."""
    effects = effect_sizes("GEN", **ASSINK)
    found = three_level(effects, ASSINK_STUDIES, ci="t", pi="z", level=0.9)
    assert (found.test, found.ddf, found.ci_method) == ("t", 99, "t")
    assert found.p == pytest.approx(0.0004927917, rel=1e-6)
    half = 1.6448536 * math.sqrt(found.total + found.se**2)
    assert found.pi == pytest.approx((found.estimate - half, found.estimate + half))
    half = 2.1199053 * math.sqrt(found.total + found.se**2)
    assert three_level(effects, ASSINK_STUDIES).pi == pytest.approx((found.estimate - half, found.estimate + half))
    assert three_level(effects, ASSINK_STUDIES, pi=None).pi is None


def test_maximum_likelihood():
    """metafor 3.8-1."""
    found = three_level(effect_sizes("GEN", **ASSINK), ASSINK_STUDIES, method="ML")
    assert (found.between, found.within) == pytest.approx((0.1745468, 0.1115655), abs=1e-5)
    assert found.between_ci == pytest.approx((0.07959147, 0.42384985), rel=1e-4)
    assert found.log_likelihood > three_level(effect_sizes("GEN", **ASSINK), ["1"] * 100, method="ML").log_likelihood


def test_a_variance_at_its_border_is_zero_and_its_interval_starts_there():
    clusters = [i // 3 for i in range(48)]
    found = three_level(effect_sizes("GEN", **WRITING), clusters)
    assert found.between == 0
    assert found.between_ci.low == 0
    assert found.between_ci.high > 0
    assert found.without_between.stat == pytest.approx(0, abs=1e-9)
    simple = pool(effect_sizes("GEN", **WRITING), ci="wald")
    assert (found.estimate, found.se, found.within) == pytest.approx((simple.estimate, simple.se, simple.tau2))
    assert found.weights == pytest.approx(simple.weights)


def test_one_effect_per_cluster_is_the_ordinary_model():
    for method in ("REML", "ML"):
        effects = effect_sizes("GEN", **WRITING)
        found, simple = three_level(effects, range(48), method=method), pool(effects, tau2=method, ci="wald")
        assert (found.estimate, found.se, found.total) == pytest.approx((simple.estimate, simple.se, simple.tau2))
        assert (found.i2, found.pi) == (pytest.approx(simple.i2), pytest.approx(simple.pi))
        assert (found.between, found.within, found.i2_between, found.without_between) == (None, None, None, None)
        assert codes(found) == ["multilevel.one-each"]


def test_a_single_cluster_says_what_it_cannot_tell():
    effects = effect_sizes("GEN", **WRITING)
    found, simple = three_level(effects, ["A"] * 48), pool(effects, ci="wald")
    assert (found.estimate, found.se, found.within) == pytest.approx((simple.estimate, simple.se, simple.tau2))
    assert (found.between, found.pi, found.i2_between) == (None, None, None)
    assert codes(found) == ["multilevel.one-cluster", "multilevel.pi-few"]


def test_one_study_and_none():
    one = three_level(effect_sizes("GENLOG", yi=[0.5], vi=[0.04]), ["A"], ci="t")
    assert (one.estimate, one.se, one.ci_method) == pytest.approx((0.5, 0.2, "wald"), abs=1e-12)
    assert (one.q, one.total, one.pi, one.i2, one.log_likelihood) == (None, None, None, None, None)
    assert codes(one) == ["pool.one-study", "ci.one-study", "multilevel.pi-few"]
    assert one.display().estimate == pytest.approx(math.exp(0.5))
    assert one.display().pi is None
    for effects, code in (
        (effect_sizes("GEN", yi=[], vi=[]), "pool.no-studies"),
        (effect_sizes("GEN", yi=[None], vi=[1]), "pool.none-estimable"),
    ):
        found = three_level(effects, ["A"] * len(effects))
        assert (found.estimable, found.display(), codes(found)) == (False, None, [code])


def test_what_cannot_be_estimated_is_left_out_and_named():
    yi, vi = [0.1, None, 0.5, 0.3, -0.2], [0.1, 0.1, 0.2, 0.1, 0.1]
    effects = effect_sizes("GENLOG", yi=yi, vi=vi, labels=["a", "b", "c", "d", "e"])
    found = three_level(effects, ["A", "A", "A", "B", "B"])
    kept = three_level(effects.select([0, 2, 3, 4]), ["A", "A", "B", "B"])
    assert (found.k, found.estimate, found.weights[1]) == (4, kept.estimate, 0)
    assert codes(found) == ["pool.left-out", "multilevel.few-clusters", "multilevel.pi-few"]
    assert found.display().ci.low == pytest.approx(math.exp(found.ci.low))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"clusters": ["A"]}, "pooling.lengths"),
        ({"clusters": ["A", None, "B"]}, "pooling.no-cluster"),
        ({"clusters": ["A", " ", "B"]}, "pooling.no-cluster"),
        ({"clusters": [1.0, float("nan"), 2.0]}, "pooling.no-cluster"),
        ({"method": "DL"}, "pooling.unknown-choice"),
        ({"ci": "hksj"}, "pooling.unknown-choice"),
        ({"pi": "t"}, "pooling.unknown-choice"),
        ({"level": 95}, "pooling.level"),
    ],
)
def test_refusals(change, code):
    effects = effect_sizes("GEN", yi=[1, 2, 3], vi=[1, 1, 1])
    with pytest.raises(InputError) as caught:
        three_level(effects, **({"clusters": ["A", "A", "B"]} | change))
    assert caught.value.code == code


def dense_log_likelihood(y, v, clusters, between, within, restricted=True) -> float:
    """By the definition, with the whole covariance matrix."""
    same = np.asarray(clusters)[:, None] == np.asarray(clusters)[None]
    covariance = np.diag(np.asarray(v) + within) + between * same
    inverse = np.linalg.inv(covariance)
    k, total = len(y), inverse.sum()
    r = np.asarray(y) - (inverse @ y).sum() / total
    value = k * math.log(2 * math.pi) + np.linalg.slogdet(covariance)[1] + r @ inverse @ r
    if restricted:
        value += math.log(total) - math.log(2 * math.pi) - math.log(k)
    return -0.5 * value


EFFECTS = st.lists(
    st.tuples(
        st.floats(-3, 3, allow_subnormal=False), st.floats(-9, 3), st.integers(0, 4)
    ), min_size=3, max_size=12
)  # fmt: skip


@settings(max_examples=12)
@given(EFFECTS, st.sampled_from(["REML", "ML"]))
def test_no_pair_of_variances_near_or_far_is_more_likely(rows, method):
    y, log_v, clusters = map(list, zip(*rows, strict=True))
    v = [math.exp(each) for each in log_v]
    found = three_level(effect_sizes("GEN", yi=y, vi=v), clusters, method=method)
    if found.between is None:
        return
    top = dense_log_likelihood(y, v, clusters, found.between, found.within, method == "REML")
    assert found.log_likelihood == pytest.approx(top, abs=1e-6)
    for between in (0.0, 0.5 * found.between, 1.01 * found.between, 2 * found.between + 0.01, 1.0, 10.0):
        for within in (0.0, 0.5 * found.within, 1.01 * found.within, 2 * found.within + 0.01, 1.0, 10.0):
            other = dense_log_likelihood(y, v, clusters, between, within, method == "REML")
            assert other <= found.log_likelihood + 1e-7 * (1 + abs(top))


@settings(max_examples=8)
@given(EFFECTS, st.randoms(use_true_random=False), st.sampled_from([1e-6, 0.1, 1e5]))
def test_order_and_unit_do_not_matter(rows, random, unit):
    y, log_v, clusters = map(list, zip(*rows, strict=True))
    v = [math.exp(each) for each in log_v]
    found = three_level(effect_sizes("GEN", yi=y, vi=v), clusters)
    order = list(range(len(y)))
    random.shuffle(order)
    yi, vi = [unit * y[i] for i in order], [unit**2 * v[i] for i in order]
    again = three_level(effect_sizes("GEN", yi=yi, vi=vi), [f"c{clusters[i]}" for i in order])
    tolerance = 1e-6 * (1 + max(map(abs, y)))
    assert again.estimate / unit == pytest.approx(found.estimate, abs=tolerance)
    assert again.se / unit == pytest.approx(found.se, rel=1e-5)
    assert again.log_likelihood is None or again.log_likelihood + (len(y) - 1) * math.log(unit) == pytest.approx(
        found.log_likelihood, abs=1e-6
    )


def test_limits_lie_where_the_likelihood_has_fallen_by_the_quantile():
    found = three_level(effect_sizes("GEN", **SCHOOLS), DISTRICTS, level=0.9)
    drop = 2.705543454
    for within in found.within_ci:
        values = [
            dense_log_likelihood(SCHOOLS["yi"], SCHOOLS["vi"], DISTRICTS, between, within)
            for between in np.linspace(0.04, 0.1, 61)
        ]
        assert 2 * (found.log_likelihood - max(values)) == pytest.approx(drop, abs=1e-3)
    for between in found.between_ci:
        values = [
            dense_log_likelihood(SCHOOLS["yi"], SCHOOLS["vi"], DISTRICTS, between, within)
            for within in np.linspace(0.02, 0.06, 61)
        ]
        assert 2 * (found.log_likelihood - max(values)) == pytest.approx(drop, abs=1e-3)


def test_hard_data_stay_finite():
    generator = np.random.default_rng(7)
    clusters = np.repeat(np.arange(5), 4)
    for smallest in (-12, -24):
        v = 10.0 ** generator.uniform(smallest, 0, 20)
        for y in (generator.normal(0, np.sqrt(v)), generator.normal(0, 1, 5)[clusters] + generator.normal(0, 1, 20)):
            found = three_level(effect_sizes("GEN", yi=y, vi=v), clusters)
            assert all(math.isfinite(x) for x in (found.estimate, found.se, *found.between_ci, *found.within_ci))
            assert found.se > 0
    equal = three_level(effect_sizes("GEN", yi=[0.3] * 20, vi=v), clusters)
    assert (equal.estimate, equal.between, equal.within, equal.q) == (0.3, 0, 0, 0)


def test_weights_add_up_and_say_how_the_mean_is_made():
    effects = effect_sizes("GEN", **ASSINK)
    found = three_level(effects, ASSINK_STUDIES)
    assert found.weights.sum() == pytest.approx(100)
    assert float(found.weights @ effects.yi) / 100 == pytest.approx(found.estimate)
    assert not found.weights.flags.writeable


def test_cost_grows_with_the_number_of_effects_only():
    """A k x k matrix of 5,000 effects would take minutes to invert once per step."""
    generator = np.random.default_rng(8)
    clusters = np.arange(5_000) % 1000
    v = generator.uniform(0.5, 2, 5_000)
    y = generator.normal(0, 0.5, 1000)[clusters] + generator.normal(0, np.sqrt(v + 0.3))
    found = three_level(effect_sizes("GEN", yi=y, vi=v), clusters)
    assert found.between == pytest.approx(0.25, abs=0.08)
    assert found.within == pytest.approx(0.3, abs=0.08)
