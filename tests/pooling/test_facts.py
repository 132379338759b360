"""Pinned facts: published results, and what metafor 3.8-1 and RevMan computed, each with its source."""

from __future__ import annotations

import math

import pytest

from core.pooling import (
    effect_sizes,
    fit_statistics,
    o_minus_e_and_variance,
    odds_ratio_tests,
    pool,
    risk_difference_se,
    subgroups,
)
from tests.pooling.published import BCG, BCG_ALLOCATION, FLEISS, NORMAND, PTSD, SAD, YUSUF, ZEROS, joined


def shown(pooled) -> str:
    display = pooled.display()
    return f"{display.estimate:.2f} [{display.ci.low:.2f}, {display.ci.high:.2f}]"


def revman(measure: str = "OR", **columns):
    return effect_sizes(measure, compatibility="revman5", **columns)


# Whittaker et al. 2021, figure 3 and text; OCD from the same counts.
EXAMPLE = [
    (SAD, "28.94 [3.45, 242.57]", 0.002),
    (PTSD, "2.03 [0.67, 6.15]", 0.21),
    ({"ai": [6], "n1i": [10], "ci": [0], "n2i": [10]}, "30.33 [1.39, 660.76]", 0.03),
    ({"ai": [4], "n1i": [8], "ci": [0], "n2i": [7]}, "15.00 [0.64, 348.93]", None),
    (joined(SAD, PTSD), "4.73 [1.10, 20.22]", None),
    (SAD | {"ai": [7, 6]}, "24.74 [2.97, 206.26]", None),
]


@pytest.mark.parametrize(("table", "expected", "p"), EXAMPLE)
def test_the_example_review_is_reproduced_to_the_digits_it_prints(table, expected, p):
    pooled = pool(revman(**table), method="MH")
    assert shown(pooled) == expected
    if p is not None:
        assert pooled.p == pytest.approx(p, abs=0.005)


def test_a_study_where_all_have_the_event_is_named_and_left_out():
    effects = revman(**PTSD)
    pooled = pool(effects, method="MH")
    assert effects.estimable.tolist() == [True, True, False]
    assert [entry.code for entry in effects.row_notes(2)] == ["row.all-events"]
    assert effects.display(2) is None
    assert pooled.k == 2
    assert pooled.weights[2] == 0
    assert any(entry.code == "pool.left-out" and "Pradhan 2017" in entry.message for entry in pooled.notes)


def test_subgroups_of_the_example():
    found = subgroups(revman(**joined(SAD, PTSD)), ["SAD", "SAD", "PTSD", "PTSD", "PTSD"], method="MH")
    assert [group.label for group in found.groups] == ["SAD", "PTSD"]
    assert [shown(group.pooled) for group in found.groups] == ["28.94 [3.45, 242.57]", "2.03 [0.67, 6.15]"]
    assert shown(found.overall) == "4.73 [1.10, 20.22]"
    assert found.difference is not None
    assert found.difference.df == 1


def test_bcg_random_effects_as_published_by_viechtbauer_2010():
    """J Stat Softw 36(3), page 17: -0.7145 (SE 0.1798), tau2 0.3132 (SE 0.1664), I2 92.22 %, H2 12.86, Q 152.2330."""
    pooled = pool(effect_sizes("RR", **BCG), ci="wald", pi=None)
    found = (pooled.estimate, pooled.se, pooled.tau2, pooled.tau2_se, pooled.q)
    assert found == pytest.approx((-0.7145, 0.1798, 0.3132, 0.1664, 152.2330), abs=5e-5)
    assert (pooled.i2, pooled.h2) == pytest.approx((92.22, 12.86), abs=5e-3)
    assert (pooled.i2_kind, pooled.df, pooled.test) == ("tau2", 12, "z")
    assert pooled.tau == pytest.approx(0.5597, abs=5e-5)


# metafor 3.8-1 on the BCG data, measure OR: estimate, SE, tau2, SE of tau2, I2.
BCG_OR = {
    "DL": (-0.7473923497321375, 0.19226284897113902, 0.36634340672559945, 0.2659387105576324, 92.64547774458558),
    "REML": (-0.745177770843775, 0.18602791275141017, 0.3377720331132444, 0.17840082558845421, 92.07269129328247),
}


@pytest.mark.parametrize("tau2", BCG_OR)
def test_bcg_odds_ratio_by_estimator(tau2):
    pooled = pool(effect_sizes("OR", **BCG), tau2=tau2, ci="wald")
    found = (pooled.estimate, pooled.se, pooled.tau2, pooled.tau2_se, pooled.i2)
    assert found == pytest.approx(BCG_OR[tau2], rel=1e-6)
    assert pooled.weights.sum() == pytest.approx(100)


def test_bcg_hartung_knapp_and_prediction_interval():
    """metafor 3.8-1, REML with test="knha"; the prediction interval uses t with k - 1 degrees of freedom."""
    pooled = pool(effect_sizes("OR", **BCG), ci="hksj", pi="t(k-1)")
    assert pooled.se == pytest.approx(0.18672618766208515, rel=1e-6)
    assert pooled.ci == pytest.approx((-1.1520191841567768, -0.33833635753077324), rel=1e-6)
    assert pooled.pi == pytest.approx((-2.075215323921022, 0.584859782233472), rel=1e-6)
    assert (pooled.test, pooled.ddf) == ("t", 12)


def test_level_of_90_percent():
    """metafor 3.8-1, REML, level=90."""
    pooled = pool(effect_sizes("OR", **BCG), ci="wald", level=0.90)
    assert pooled.ci == pytest.approx((-1.051166457847144, -0.4391890838404059), rel=1e-6)


def test_likelihood_of_two_studies():
    """metafor 3.8-1 on log odds ratios -0.668 (v 0.291) and 1.099 (v 1.439): ML at tau2 = 0, REML at 0.696."""
    effects = effect_sizes(
        "GEN", yi=[-0.6682082322126933, 1.0986122886681093], vi=[0.29097626511419616, 1.43859649122807]
    )
    reml = fit_statistics(effects, pool(effects, tau2="REML"))
    ml = fit_statistics(effects, pool(effects, tau2="ML"))
    assert reml is not None
    assert ml is not None
    assert (reml.log_likelihood, reml.aic, reml.aicc) == pytest.approx((-1.64154655831, 7.28309311663, 19.28309311663))
    assert (ml.log_likelihood, ml.deviance, ml.bic) == pytest.approx((-2.30488949022, 1.80487044651, 5.99607334156))
    assert fit_statistics(effects, pool(effects, tau2="DL")) is None


def test_revman_s_own_numbers_for_fleiss_1993():
    """The file that RevMan 5.0.23 wrote: M-H, fixed effect, odds ratio."""
    effects = revman(**FLEISS)
    pooled = pool(effects, model="common", method="MH")
    display = pooled.display()
    assert display is not None
    assert (display.estimate, *display.ci) == pytest.approx(
        (0.8968655609130709, 0.8405144008917793, 0.9569947088336491)
    )
    assert (pooled.q, pooled.i2, abs(pooled.stat or 0)) == pytest.approx(
        (9.946055983220074, 39.67458045558399, 3.28763306)
    )
    assert pooled.weights[6] == pytest.approx(72.87984024392564, rel=1e-12)
    first = effects.effect(0)
    assert first is not None
    assert math.exp(first[0]) == pytest.approx(0.7197141500975687, rel=1e-12)
    assert first[1] == pytest.approx(0.1972198088133556, rel=1e-12)


# Mantel-Haenszel without a correction (metafor 3.8-1) and with RevMan's 0.5, on Yusuf's table with double-zero trials.
MH_YUSUF = [
    ("OR", None, -0.06896174118632852, 0.11918808417902023, 9.423318051078798),
    ("OR", "revman5", -0.06875030966249422, 0.1190046944901661, 9.423128257226292),
    ("RR", None, -0.05887450635252037, 0.10144127552362421, 9.276335770974242),
    ("RR", "revman5", -0.05869644476101335, 0.10129075990995633, 9.27608483142942),
    ("RD", "revman5", -0.0054545951863566875, 0.009490086606637135, 10.564248122445271),
]


@pytest.mark.parametrize(("measure", "compatibility", "estimate", "se", "q"), MH_YUSUF)
def test_mantel_haenszel_exact_and_as_revman(measure, compatibility, estimate, se, q):
    effects = effect_sizes(measure, compatibility=compatibility, **YUSUF)
    pooled = pool(effects, model="common", method="MH")
    assert (pooled.estimate, pooled.se, pooled.q) == pytest.approx((estimate, se, q), rel=1e-7)
    assert pooled.k == (21 if measure == "RD" else 18)


def test_exact_risk_difference_has_sato_s_standard_error():
    """metafor 3.8-1 on Yusuf's table."""
    effects = effect_sizes("RD", **YUSUF)
    pooled = pool(effects, model="common", method="MH")
    assert pooled.se == pytest.approx(0.009436504186408257, rel=1e-10)
    assert risk_difference_se(effects, "Sato") == pytest.approx(pooled.se)


def test_mantel_haenszel_random_differs_from_inverse_variance_where_revman_does():
    """tau2 around the M-H and around the IV estimate, on the table with every kind of zero (risk ratio)."""
    effects = revman("RR", **ZEROS)
    assert pool(effects, method="MH").tau2 == pytest.approx(3.5438252193449076)
    assert pool(effects, method="IV").tau2 == pytest.approx(0.7438082833776403)
    assert effects.estimable.tolist() == [True, False, True, True, True, False]


def test_peto_without_any_correction():
    """metafor 3.8-1: rma.peto on Yusuf's table."""
    for measure in ("OR", "PETO"):
        effects = effect_sizes(measure, **YUSUF)
        pooled = pool(effects, model="common", method="Peto")
        assert (pooled.estimate, pooled.se) == pytest.approx((-0.06916763223649615, 0.11938080585426815), rel=1e-10)
        assert (pooled.measure, pooled.k, pooled.k_listed) == ("PETO", 18, 21)


def test_observed_minus_expected_entered_directly_gives_the_same():
    counts = effect_sizes("PETO", **YUSUF)
    difference, variance = o_minus_e_and_variance(counts)
    keep = variance > 0
    entered = effect_sizes("O-E", oei=difference[keep], vi=variance[keep])
    again = pool(entered, model="common", method="Peto")
    assert again.estimate == pytest.approx(pool(counts, model="common", method="Peto").estimate, rel=1e-12)


def test_association_and_homogeneity_tests():
    """metafor 3.8-1: Cochran-Mantel-Haenszel (with continuity correction) and Tarone, on the table with zeros."""
    effects = effect_sizes("OR", **ZEROS)
    tests = odds_ratio_tests(effects, math.exp(pool(effects, model="common", method="MH").estimate or 0))
    assert (tests.cmh, tests.tarone) == pytest.approx((0.87862188955211, 9.644137489052504))
    assert (tests.tarone_df, tests.tables) == (2, 3)


# metafor 3.8-1 (exact J) and RevMan's formulas (approximate J) on Normand's data.
SMD_NORMAND = [
    (None, "REML", -0.5371082584329774, 0.790842913751706),
    ("revman5", "DL", -0.5292846833142382, 0.534736800172706),
]


@pytest.mark.parametrize(("compatibility", "tau2", "estimate", "expected_tau2"), SMD_NORMAND)
def test_standardised_mean_difference(compatibility, tau2, estimate, expected_tau2):
    effects = effect_sizes("SMD", compatibility=compatibility, **NORMAND)
    pooled = pool(effects, tau2=tau2, ci="wald", pi=None)
    assert (pooled.estimate, pooled.tau2) == pytest.approx((estimate, expected_tau2), rel=1e-6)


def test_mean_difference():
    """RevMan's formulas on Normand's data: inverse variance, random effects."""
    pooled = pool(revman("MD", **NORMAND))
    assert (pooled.estimate, pooled.se) == pytest.approx((-13.981721817043937, 5.126698339231326), rel=1e-10)
    assert pooled.i2 == pytest.approx(96.65154015084396, rel=1e-10)


@pytest.mark.parametrize(("model", "q"), [("common", 21.549878412988395), ("random", 1.4648030069145632)])
def test_subgroup_differences_as_revman(model, q):
    """The BCG trials by allocation; formula of Deeks & Higgins 2010."""
    found = subgroups(revman(**BCG), BCG_ALLOCATION, model=model, method="MH")
    assert found.difference is not None
    assert (found.difference.q, found.difference.df) == pytest.approx((q, 2), rel=1e-9)
    assert [group.pooled.k for group in found.groups] == [7, 2, 4]
