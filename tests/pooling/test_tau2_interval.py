"""Q-profile intervals of tau2, tau, I2 and H2."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import InputError
from core.pooling import TAU2_ESTIMATORS, effect_sizes, pool, tau2_interval
from core.pooling.inference import chi_squared_p, chi_squared_quantile
from tests.pooling.published import BCG, FLEISS, NORMAND

ESTIMATORS = [entry.key for entry in TAU2_ESTIMATORS]
studies = st.lists(
    st.tuples(st.floats(-3, 3).map(lambda y: round(y, 4)), st.floats(0.005, 4).map(lambda v: round(v, 4))),
    min_size=2,
    max_size=10,
)

# metafor 3.8-1, confint() of a REML fit: lower and upper limit of tau2, tau, I2 and H2.
FACTS = {
    "BCG": (
        ("RR", BCG),
        [(0.1197183611413, 1.111479084061), (0.3460034120370, 1.054267083836)],
        [(81.9205745585963, 97.678074957887), (5.5311492239676, 43.067712430982)],
    ),
    "stroke": (
        ("MD", NORMAND),
        [(292.91812165691, 2889.45134912162), (17.11485090957, 53.75361707943)],
        [(97.62815971385, 99.75431824976), (42.16135487031, 407.03063985569)],
    ),
    "aspirin": (
        ("OR", FLEISS),
        [(0, 0.1145013522529), (0, 0.3383804844445)],
        [(0, 88.6542696019253), (1, 8.8138882638151)],
    ),
    "two": (
        ("GEN", {"yi": [0.1, 0.9], "vi": [0.04, 0.09]}),
        [(0, 325.77764631029), (0, 18.04931151901)],
        [(0, 99.98005172106), (1, 5012.96378938914)],
    ),
}


def generic(rows):
    return effect_sizes("GEN", yi=[y for y, _ in rows], vi=[v for _, v in rows])


@pytest.mark.parametrize("name", FACTS)
def test_published_data(name):
    (measure, table), between, relative = FACTS[name]
    effects = effect_sizes(measure, **table)
    found = tau2_interval(effects)
    pooled = pool(effects)
    assert (found.k, found.estimator, found.level, found.notes) == (pooled.k, "REML", 0.95, ())
    parts = (found.tau2, found.tau, found.i2, found.h2)
    for part, limits in zip(parts, [*between, *relative], strict=True):
        assert part.ci == pytest.approx(limits, rel=1e-9)
    estimates = (pooled.tau2, pooled.tau, pooled.i2, pooled.h2)
    assert tuple(part.estimate for part in parts) == pytest.approx(estimates, rel=1e-12)


def test_the_interval_that_viechtbauer_2010_prints():
    """J Stat Softw 36(3), page 18: tau2 0.1197 to 1.1115, tau 0.3460 to 1.0543, I2 81.92 to 97.68, H2 5.53 to 43.07."""
    found = tau2_interval(effect_sizes("RR", **BCG))
    printed = [f"{part.ci.low:.4f} {part.ci.high:.4f}" for part in (found.tau2, found.tau)]
    assert printed == ["0.1197 1.1115", "0.3460 1.0543"]
    assert [f"{part.ci.low:.2f} {part.ci.high:.2f}" for part in (found.i2, found.h2)] == ["81.92 97.68", "5.53 43.07"]


def test_the_estimator_changes_the_estimate_only():
    effects = effect_sizes("RR", **BCG)
    reml, dl = tau2_interval(effects), tau2_interval(effects, tau2="DL")
    assert (reml.tau2.ci, reml.h2.ci) == (dl.tau2.ci, dl.h2.ci)
    assert dl.tau2.estimate == pytest.approx(0.3087602628624)
    assert dl.estimator == "DL"
    assert tau2_interval(effect_sizes("RR", compatibility="revman5", **BCG)).estimator == "DL"


def test_less_scatter_than_chance_is_the_set_of_zero_and_said():
    found = tau2_interval(effect_sizes("GEN", yi=[0.5, 0.5, 0.5, 0.5], vi=[0.1, 0.2, 0.3, 0.4]))
    assert (found.tau2.estimate, found.tau2.ci, found.tau.ci, found.i2.ci, found.h2.ci) == (
        0,
        (0, 0),
        (0, 0),
        (0, 0),
        (1, 1),
    )
    assert [entry.code for entry in found.notes] == ["tau2.only-zero"]


def test_an_estimate_outside_its_interval_is_said():
    """Sidik and Jonkman's estimate is above 0 whatever Q, Hunter and Schmidt's is too low."""
    effects = effect_sizes("GEN", yi=[0.0, 0.3, -0.2, 1.0], vi=[0.1, 0.3, 0.5, 1.0])
    sj = tau2_interval(effects, tau2="SJ", level=0.5)
    assert sj.tau2.estimate > sj.tau2.ci.high
    assert [entry.code for entry in sj.notes] == ["tau2.outside"]
    low = tau2_interval(effect_sizes("RR", **BCG), tau2="HS", level=0.2)
    assert low.tau2.estimate < low.tau2.ci.low
    assert [entry.code for entry in low.notes] == ["tau2.outside"]


@pytest.mark.parametrize(("rows", "code"), [([], "pool.none-estimable"), ([(0.3, 0.1)], "pool.one-study")])
def test_fewer_than_two_studies_have_none(rows, code):
    found = tau2_interval(generic(rows))
    assert (found.k, found.tau2, found.tau, found.i2, found.h2) == (len(rows), None, None, None, None)
    assert [entry.code for entry in found.notes] == [code]


def test_only_estimable_studies_count():
    effects = effect_sizes("GEN", yi=[0.1, None, 0.9], vi=[0.04, 0.1, 0.09])
    assert tau2_interval(effects).tau2.ci == pytest.approx((0, 325.77764631029), rel=1e-9)


def test_settings_that_make_no_sense_are_refused():
    effects = effect_sizes("RR", **BCG)
    with pytest.raises(InputError, match="no estimator XX"):
        tau2_interval(effects, tau2="XX")
    with pytest.raises(InputError, match=r"0\.95 for 95%"):
        tau2_interval(effects, level=95)
    with pytest.raises(InputError, match="takes DL"):
        tau2_interval(effect_sizes("RR", compatibility="revman5", **BCG), tau2="REML")


@settings(max_examples=50)
@given(studies, st.sampled_from([0.5, 0.8, 0.95, 0.999]))
def test_at_the_limits_q_meets_its_quantiles(rows, level):
    found = tau2_interval(generic(rows), level=level)
    for limit, tail in zip(found.tau2.ci, ((1 - level) / 2, (1 + level) / 2), strict=True):
        q = pool(generic([(y, v + limit) for y, v in rows]), model="common").q
        if limit:
            assert chi_squared_p(q, len(rows) - 1) == pytest.approx(tail, rel=1e-6)
        else:
            assert chi_squared_p(q, len(rows) - 1) >= tail * (1 - 1e-9)


@settings(max_examples=50)
@given(studies)
def test_a_higher_level_makes_a_wider_interval(rows):
    narrow, wide = (tau2_interval(generic(rows), level=level).tau2.ci for level in (0.8, 0.95))
    assert wide.low <= narrow.low
    assert wide.high >= narrow.high


@settings(max_examples=50)
@given(studies, st.randoms(use_true_random=False), st.sampled_from([1e-3, 1.0, 50.0]))
def test_order_and_unit_change_nothing_else(rows, random, factor):
    shuffled = [(y * factor, v * factor**2) for y, v in rows]
    random.shuffle(shuffled)
    first, second = tau2_interval(generic(rows)), tau2_interval(generic(shuffled))
    scaled = tuple(limit * factor**2 for limit in first.tau2.ci)
    assert second.tau2.ci == pytest.approx(scaled, rel=1e-8, abs=1e-9 * factor**2)
    assert second.i2.ci == pytest.approx(first.i2.ci, rel=1e-6, abs=1e-6)


@given(st.lists(st.tuples(st.floats(-1e3, 1e3), st.floats(-6, 6)), min_size=2, max_size=6), st.sampled_from(ESTIMATORS))
def test_variances_over_a_ratio_of_a_trillion_stay_finite(rows, tau2):
    found = tau2_interval(generic([(y, 10**e) for y, e in rows]), tau2=tau2)
    for part in (found.tau2, found.tau, found.i2, found.h2):
        assert 0 <= part.ci.low <= part.ci.high
        assert math.isfinite(part.ci.high)
        assert math.isfinite(part.estimate)
    assert found.i2.ci.high <= 100


def test_quantiles_of_chi_squared_from_tables():
    assert chi_squared_quantile(0.95, 1) == pytest.approx(3.841459, rel=1e-6)
    assert chi_squared_quantile(0.025, 12) == pytest.approx(4.403789, rel=1e-6)
