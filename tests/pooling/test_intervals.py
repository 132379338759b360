"""Which interval is drawn, and what is said about it."""

from __future__ import annotations

import math

import pytest

from core.pooling import effect_sizes, pool, prediction_interval

SPREAD = {"yi": [0.1, 0.9, 0.4, 1.6], "vi": [0.04, 0.05, 0.03, 0.06]}


def codes(pooled) -> set[str]:
    return {entry.code for entry in pooled.notes}


def test_handbook_is_hartung_knapp_with_three_studies_and_heterogeneity():
    effects = effect_sizes("GEN", **SPREAD)
    handbook, hksj = pool(effects, ci="handbook"), pool(effects, ci="hksj")
    assert handbook.ci_method == "hksj"
    assert (handbook.ci, handbook.p, handbook.ddf) == (hksj.ci, hksj.p, 3)


@pytest.mark.parametrize(
    ("yi", "vi", "why"),
    [
        ([0.1, 1.9], [0.04, 0.05], "ci.handbook-few"),
        ([0.1, 0.11, 0.12], [0.04, 0.05, 0.03], "ci.handbook-homogeneous"),
    ],
)
def test_handbook_is_wald_otherwise_and_says_why(yi, vi, why):
    effects = effect_sizes("GEN", yi=yi, vi=vi)
    handbook, wald = pool(effects, ci="handbook"), pool(effects, ci="wald")
    assert (handbook.ci_method, handbook.ci) == ("wald", wald.ci)
    assert why in codes(handbook)


def test_handbook_says_when_the_two_disagree_on_significance():
    effects = effect_sizes("GEN", yi=[0.2, 0.9, 0.3], vi=[0.04, 0.05, 0.03])
    handbook = pool(effects, ci="handbook")
    assert pool(effects, ci="wald").p < 0.05 < handbook.p
    assert "ci.disagree" in codes(handbook)
    assert "ci.disagree" not in codes(pool(effect_sizes("GEN", yi=[5.2, 5.9, 5.3], vi=[0.04, 0.05, 0.03])))


def test_handbook_says_when_hartung_knapp_is_narrower():
    """DerSimonian-Laird above Paule-Mandel leaves q below 1 while tau2 > 0."""
    yi, vi = [-0.1, -0.1, 0.1, -0.3, 0.4, 0.0, -0.1, -0.4], [0.22, 0.03, 0.17, 0.02, 0.02, 0.11, 0.03, 1.18]
    effects = effect_sizes("GEN", yi=yi, vi=vi)
    handbook, wald = pool(effects, ci="handbook", tau2="DL"), pool(effects, ci="wald", tau2="DL")
    assert handbook.ci_method == "hksj"
    assert handbook.ci.high - handbook.ci.low < wald.ci.high - wald.ci.low
    assert "ci.narrower" in codes(handbook)
    assert "ci.narrower" not in codes(pool(effect_sizes("GEN", **SPREAD), ci="handbook"))


def test_ad_hoc_is_never_narrower_than_t():
    effects = effect_sizes("GEN", yi=[0.1, 0.11, 0.12], vi=[0.04, 0.05, 0.03])
    assert pool(effects, ci="hksj").se < pool(effects, ci="hksj-adhoc").se
    assert pool(effects, ci="hksj-adhoc").ci == pytest.approx(pool(effects, ci="t").ci)


def test_prediction_interval_by_its_formula_and_kinds():
    """Higgins, Thompson & Spiegelhalter 2009; quantiles of t from tables: t(2) 4.302653, t(3) 3.182446."""
    effects = effect_sizes("GEN", **SPREAD)
    for kind, quantile in (("z", 1.959964), ("t(k-1)", 3.182446), ("t(k-2)", 4.302653)):
        pooled = pool(effects, ci="wald", pi=kind)
        half = quantile * math.sqrt(pooled.tau2 + pooled.se**2)
        assert pooled.pi == pytest.approx((pooled.estimate - half, pooled.estimate + half), rel=1e-6)
    assert pool(effects, pi=None).pi is None
    assert prediction_interval(0.5, 0.1, 0.2, 2, "t(k-2)") is None


def test_display_turns_every_limit_back():
    pooled = pool(effect_sizes("GENLOG", **SPREAD))
    display = pooled.display()
    assert display.estimate == pytest.approx(math.exp(pooled.estimate))
    assert display.ci == pytest.approx([math.exp(limit) for limit in pooled.ci])
    assert display.pi == pytest.approx([math.exp(limit) for limit in pooled.pi])


def test_a_limit_beyond_double_precision_is_infinite():
    display = pool(effect_sizes("GENLOG", yi=[300, 900], vi=[1e4, 1e4])).display()
    assert display.ci.high == math.inf


def test_study_rows_on_both_scales():
    effects = effect_sizes("OR", ai=[10], n1i=[20], ci=[5], n2i=[20])
    estimate, se, interval = effects.effect(0, level=0.90)
    assert (estimate, se) == pytest.approx((math.log(3), math.sqrt(1 / 10 + 1 / 10 + 1 / 5 + 1 / 15)))
    assert interval.low == pytest.approx(estimate - 1.6448536 * se, rel=1e-6)
    assert effects.display(0, level=0.90).ci.low == pytest.approx(math.exp(interval.low))
