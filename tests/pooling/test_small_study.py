"""Rank test, Harbord's and Peters' tests, fail-safe N. Numbers typed in are metafor 3.8-1's unless said otherwise."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import InputError
from core.pooling import effect_sizes, fail_safe_n, harbord_test, peters_test, pool, rank_test
from tests.pooling.published import BCG, FLEISS, MOLLOY, RAUDENBUSH, YUSUF
from tests.pooling.test_properties import generic, studies, tables


def codes(found) -> set[str]:
    return {entry.code for entry in found.notes}


def molloy():
    return effect_sizes("ZCOR", **MOLLOY)


# The rank test.


def test_ranks_without_ties_have_an_exact_p():
    found = rank_test(effect_sizes("OR", **BCG))
    assert (found.tau, found.p) == (pytest.approx(0.0256410256410256), pytest.approx(0.952361907960866, rel=1e-12))
    assert found.exact
    assert found.notes == ()


def test_ties_lead_to_the_normal_approximation():
    for effects, tau, p in (
        (molloy(), 0.158997207663587, 0.391834001993708),
        (effect_sizes("GEN", **RAUDENBUSH), 0.300005190446119, 0.0740260891579305),
    ):
        found = rank_test(effects)
        assert (found.tau, found.p) == (pytest.approx(tau, rel=1e-12), pytest.approx(p, rel=1e-12))
        assert not found.exact


def test_fifty_studies_are_enough_for_the_normal_approximation():
    random = np.random.default_rng(5)
    yi, vi = random.normal(size=50), random.uniform(0.1, 1, 50)
    assert not rank_test(effect_sizes("GEN", yi=yi, vi=vi)).exact
    exact = rank_test(effect_sizes("GEN", yi=yi[:49], vi=vi[:49]))
    assert exact.exact
    # Kendall's score has the variance k (k - 1) (2 k + 5) / 18.
    z = exact.tau * 49 * 48 / 2 / math.sqrt(49 * 48 * 103 / 18)
    assert exact.p == pytest.approx(math.erfc(abs(z) / math.sqrt(2)), rel=0.05)


@given(st.permutations(range(5)))
@settings(max_examples=20)
def test_the_exact_p_counts_permutations(order):
    """Kendall's score of all 120 orders of five: those at least as far from 0."""

    def score(places):
        return sum(1 if places[i] < places[j] else -1 for i, j in itertools.combinations(range(5), 2))

    vi = [1 + place / 1e6 for place in order]
    found = rank_test(effect_sizes("GEN", yi=[10.0 * row for row in range(5)], vi=vi))
    at_least = sum(abs(score(each)) >= abs(score(order)) for each in itertools.permutations(range(5)))
    assert found.tau * 10 == pytest.approx(score(order))
    assert found.p == pytest.approx(at_least / 120)


@given(studies, st.randoms(use_true_random=False), st.sampled_from([0.01, 7.0]))
@settings(max_examples=20)
def test_neither_order_nor_unit_matters(rows, random, factor):
    shuffled = [(y * factor, v * factor**2) for y, v in rows]
    random.shuffle(shuffled)
    first, second = rank_test(generic(rows)), rank_test(generic(shuffled))
    if len({v for _, v in rows}) == len(rows) and first.exact and second.exact:
        assert (first.tau, first.p) == (pytest.approx(second.tau), pytest.approx(second.p))
    assert first.k == second.k == len(rows)
    assert (first.tau is None) == (first.p is None)


def test_one_study_with_all_the_weight():
    found = rank_test(effect_sizes("GEN", yi=[0.1, 0.5, 0.3], vi=[1e-20, 1.0, 2.0]))
    assert found.tau is not None
    assert found.p == pytest.approx(1.0)


def test_no_rank_test():
    for count, code in ((0, "asymmetry.unavailable"), (2, "asymmetry.unavailable")):
        found = rank_test(effect_sizes("GEN", yi=[0.1, 0.2][:count], vi=[1.0, 2.0][:count]))
        assert (found.k, found.tau, found.p, codes(found)) == (count, None, None, {code})
    equal = rank_test(effect_sizes("GEN", yi=[0.1, 0.2, 0.3], vi=[1.0, 1.0, 1.0]))
    assert (equal.tau, codes(equal)) == (None, {"asymmetry.few", "asymmetry.equal"})
    same = rank_test(effect_sizes("GEN", yi=[0.1, 0.1, 0.1], vi=[1.0, 2.0, 3.0]))
    assert (same.p, codes(same)) == (None, {"asymmetry.few", "asymmetry.equal-effects"})


def test_advice():
    sparse = rank_test(effect_sizes("OR", **YUSUF))
    assert codes(sparse) == {"pool.left-out", "asymmetry.sparse"}
    counted = next(entry for entry in sparse.notes if entry.code == "asymmetry.sparse")
    assert counted.params == {"count": 1, "total": 18}
    assert codes(rank_test(effect_sizes("OR", **FLEISS))) == {"asymmetry.few"}


# Harbord and Peters.


def test_harbord_of_bcg():
    """Least squares of Z / sqrt(V) on sqrt(V) by R 4.2.2's lm."""
    found = harbord_test(effect_sizes("OR", **BCG))
    assert (found.k, found.df) == (13, 11)
    assert (found.bias, found.se) == pytest.approx((-2.092991540794237, 1.6657654417806171), rel=1e-10)
    assert (found.t, found.p) == pytest.approx((-1.2564743440450639, 0.23497195212206576), rel=1e-10)
    assert found.other == pytest.approx(-0.23084262324944066, rel=1e-10)
    # Student's t with 11 degrees of freedom: 2.2009851600827 at 97.5 %.
    assert found.ci == pytest.approx((found.bias - 2.2009851600827 * found.se, found.bias + 2.2009851600827 * found.se))
    assert found.notes == ()
    assert harbord_test(effect_sizes("PETO", **BCG)).bias == found.bias
    wide = harbord_test(effect_sizes("OR", **BCG), level=0.99)
    assert wide.ci.high - wide.ci.low > found.ci.high - found.ci.low


def test_peters_of_bcg():
    """Weighted least squares of ln OR on 1 / N by R 4.2.2's lm."""
    found = peters_test(effect_sizes("OR", **BCG))
    assert (found.k, found.df) == (13, 11)
    assert (found.bias, found.se) == pytest.approx((-563.6882039133435, 413.72334002077565), rel=1e-9)
    assert (found.t, found.p) == pytest.approx((-1.3624761993970105, 0.2002917922841355), rel=1e-10)
    assert found.other == pytest.approx(-0.4293084258019742, rel=1e-10)


def test_double_zero_studies_tell_nothing():
    effects = effect_sizes("OR", **YUSUF)
    plain = [row for row in range(len(effects)) if effects.table["ai"][row] + effects.table["ci"][row] > 0]
    for test in (harbord_test, peters_test):
        found = test(effects)
        assert found.k == len(plain) == 18
        assert found.bias == test(effects.select(plain)).bias
        assert codes(found) == {"pool.left-out", "asymmetry.sparse"}
    assert peters_test(effect_sizes("OR", drop00=False, **YUSUF)).bias == peters_test(effects).bias


@pytest.mark.parametrize("test", [harbord_test, peters_test])
def test_no_regression(test):
    two = test(effect_sizes("OR", ai=[3, 4], n1i=[10, 20], ci=[2, 3], n2i=[10, 20]))
    assert (two.k, two.bias, two.se, two.ci, two.t, two.df, two.p, two.other) == (2, *[None] * 7)
    assert codes(two) == {"asymmetry.unavailable"}
    alike = test(effect_sizes("OR", ai=[3, 2, 3], n1i=[10] * 3, ci=[2, 3, 2], n2i=[10] * 3))
    assert (alike.p, codes(alike)) == (None, {"asymmetry.few", "asymmetry.equal"})
    with pytest.raises(InputError, match="between 0 and 1"):
        test(effect_sizes("OR", **BCG), level=95)
    with pytest.raises(InputError, match="not for Risk ratio"):
        test(effect_sizes("RR", **BCG))


def test_studies_on_one_line():
    """No effect anywhere: nothing is left over to test against."""
    none = effect_sizes("OR", ai=[5, 10, 20], n1i=[20, 40, 80], ci=[5, 10, 20], n2i=[20, 40, 80])
    for test in (harbord_test, peters_test):
        found = test(none)
        assert (found.bias, codes(found)) == (None, {"asymmetry.few", "asymmetry.perfect-fit"})


@given(tables(least=3), st.randoms(use_true_random=False))
@settings(max_examples=20)
def test_turning_groups_and_order(table, random):
    """The order of tables changes nothing, turning the groups round turns the sign."""
    order = list(range(len(table["ai"])))
    random.shuffle(order)
    swap = {"ai": "ci", "n1i": "n2i", "ci": "ai", "n2i": "n1i"}
    turned = {key: [table[swap[key]][row] for row in order] for key in table}
    for test in (harbord_test, peters_test):
        first, second = test(effect_sizes("OR", **table)), test(effect_sizes("OR", **turned))
        if first.bias is not None and second.bias is not None and first.se > 1e-6:
            assert second.bias == pytest.approx(-first.bias, rel=1e-6, abs=1e-6)
            assert second.p == pytest.approx(first.p, rel=1e-6, abs=1e-9)
        else:
            assert first.notes


# Fail-safe N.


def test_fail_safe_of_molloy():
    rosenthal = fail_safe_n(molloy())
    assert (rosenthal.n, rosenthal.mean, rosenthal.target) == (316, None, None)
    assert rosenthal.p == pytest.approx(3.49834487748323e-14, rel=1e-10)
    orwin = fail_safe_n(molloy(), kind="Orwin")
    assert (orwin.n, orwin.p) == (16, None)
    assert (orwin.mean, orwin.target) == pytest.approx((0.159522207827519, 0.0797611039137593), rel=1e-12)
    rosenberg = fail_safe_n(molloy(), kind="Rosenberg")
    assert (rosenberg.n, rosenberg.target) == (210, None)
    assert (rosenberg.mean, rosenberg.p) == pytest.approx((0.125176663755514, 1.78244116516938e-13), rel=1e-9)
    assert codes(rosenthal) == codes(orwin) == codes(rosenberg) == {"fail-safe.about"}


def test_options_of_fail_safe():
    effects = effect_sizes("GEN", yi=[0.5, -0.1, 0.2], vi=[0.1, 0.1, 0.1])
    for target, needed in ((0.1, 3), (-0.1, 3), (0.05, 9), (0.5, 0)):
        assert fail_safe_n(effects, kind="Orwin", target=target).n == needed
    assert "fail-safe.within-target" in codes(fail_safe_n(effects, kind="Orwin", target=0.5))
    strict = fail_safe_n(effect_sizes("GEN", yi=[-0.5, -0.1, -0.2], vi=[0.01, 0.1, 0.1]), alpha=0.01)
    assert (strict.n, strict.p) == (4, pytest.approx(0.000296852617782318, rel=1e-10))
    weak = fail_safe_n(effect_sizes("GEN", yi=[0.01, -0.02, 0.015], vi=[0.1, 0.1, 0.1]))
    assert (weak.n, codes(weak)) == (0, {"fail-safe.about", "fail-safe.not-significant"})
    even = fail_safe_n(effect_sizes("GEN", yi=[0.2, -0.4, 0.2], vi=[0.1, 0.1, 0.1]), kind="Orwin")
    assert (even.n, even.mean) == (0, 0)


@given(studies, st.sampled_from([0.05, 0.01]))
@settings(max_examples=20)
def test_that_many_studies_are_enough_and_no_fewer(rows, alpha):
    """With n studies of no effect and mean weight the result is not significant; with one fewer it still is."""
    effects = generic(rows)
    found = fail_safe_n(effects, kind="Rosenberg", alpha=alpha)
    weight = sum(1 / v for _, v in rows) / len(rows)

    def p(extra: int) -> float:
        return pool(generic([*rows, *[(0.0, 1 / weight)] * extra]), model="common").p or 1.0

    if found.n < 500:
        assert p(found.n) >= alpha * (1 - 1e-9)
        assert found.n == 0 or p(found.n - 1) < alpha * (1 + 1e-9)


def test_fail_safe_without_studies():
    for rows, code in (([], "pool.no-studies"), ([None], "pool.none-estimable")):
        found = fail_safe_n(effect_sizes("GEN", yi=rows, vi=rows))
        assert (found.n, found.p, codes(found)) == (None, None, {code})
    partly = fail_safe_n(effect_sizes("GEN", yi=[3.0, None], vi=[0.1, 0.1]))
    assert (partly.k, codes(partly)) == (1, {"fail-safe.about", "pool.left-out"})


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"kind": "Rosen"}, "no fail-safe N Rosen"),
        ({"alpha": 0.5}, "between 0 and 0.5"),
        ({"target": 0.1}, "Only Orwin's"),
        ({"kind": "Orwin", "target": 0.0}, "other than none"),
        ({"kind": "Orwin", "target": math.inf}, "other than none"),
    ],
)
def test_fail_safe_refuses(options, message):
    with pytest.raises(InputError, match=message):
        fail_safe_n(molloy(), **options)


def test_a_measure_of_one_group_has_no_fail_safe_n():
    with pytest.raises(InputError, match="no value that means no effect"):
        fail_safe_n(effect_sizes("PLO", xi=[3, 4], ni=[10, 20]))
