"""Estimators that stop where metafor 3.8-1 stops by default. Expected numbers: rma() with its default control."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import InputError
from core.pooling import TAU2_ESTIMATORS, combinations, effect_sizes, meta_regression, pool
from tests.pooling.published import BCG

BCG_LATITUDE = [44, 55, 42, 52, 13, 44, 19, 13, 27, 42, 18, 33, 33]
STUDY = st.tuples(st.floats(-3, 3), st.floats(0.01, 2))


def test_the_bcg_trials_have_metafors_digits():
    effects = effect_sizes("RR", **BCG)
    reml = pool(effects, tau2="REML-metafor", ci="wald")
    assert (reml.tau2, reml.estimate, reml.se) == pytest.approx(
        (0.31324332598089, -0.7145323483651, 0.17978153178036), rel=1e-12
    )
    pm = pool(effects, tau2="PM-metafor", ci="wald")
    assert (pm.tau2, pm.estimate, pm.se) == pytest.approx(
        (0.31809371186302, -0.71497040563245, 0.18089798412584), rel=1e-12
    )


@pytest.mark.parametrize(
    ("key", "tau2", "estimates"),
    [
        ("REML-metafor", 0.07635469470566, (0.25146429437429, -0.029101660928015)),
        ("PM-metafor", 0.14213126335464, (0.22191619990638, -0.028564530541052)),
    ],
)
def test_so_has_their_regression_on_latitude(key, tau2, estimates):
    fit = meta_regression(effect_sizes("RR", **BCG), {"latitude": BCG_LATITUDE}, tau2=key)
    assert fit.tau2 == pytest.approx(tau2, rel=1e-12)
    assert tuple(one.estimate for one in fit.coefficients) == pytest.approx(estimates, rel=1e-12)


def test_effects_that_agree_have_no_variance_between_them():
    effects = effect_sizes("GEN", yi=[0.1, 0.12, 0.09, 0.11], vi=[0.2, 0.1, 0.3, 0.05])
    assert pool(effects, tau2="PM-metafor").tau2 == 0
    # Half a step and half of that: scoring creeps towards 0 and stops before it.
    assert 0 <= pool(effects, tau2="REML-metafor").tau2 < 1e-4


def test_a_root_beyond_metafors_bound_is_found_as_well():
    effects = effect_sizes("MD", m1i=[150, 90, 30], sd1i=[4, 9, 5], n1i=[9, 12, 15],
                           m2i=[10, 12, 14], sd2i=[4, 5, 6], n2i=[9, 12, 15])  # fmt: skip
    assert pool(effects, tau2="PM-metafor").tau2 == pytest.approx(pool(effects, tau2="PM").tau2, abs=1e-3)


@given(st.lists(STUDY, min_size=2, max_size=9))
def test_what_stops_early_is_near_what_runs_to_the_end(studies):
    y, v = zip(*studies, strict=True)
    effects = effect_sizes("GEN", yi=y, vi=v)
    assert pool(effects, tau2="PM-metafor").tau2 == pytest.approx(pool(effects, tau2="PM").tau2, abs=2e-4)


def test_they_are_offered_nowhere_and_refused_under_revman5():
    keys = {"REML-metafor", "PM-metafor"}
    assert not keys & {entry.key for entry in TAU2_ESTIMATORS}
    assert not keys & {key for entry in combinations("OR") for key in entry.tau2}
    with pytest.raises(InputError, match="DL"):
        pool(effect_sizes("OR", compatibility="revman5", **BCG), tau2="REML-metafor")
