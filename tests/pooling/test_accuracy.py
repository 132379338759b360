"""Test accuracy: pinned facts, hard input, true properties."""

from __future__ import annotations

import math
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import InputError
from core.pooling import ACCURACY_METHODS, Accuracy, accuracy
from core.pooling.accuracy.models import Bivariate
from core.pooling.accuracy.summary import area, curve, hsroc, region
from core.pooling.accuracy.tables import clopper_pearson, wilson

# Kearon et al. 1998, Ann Intern Med 128:663: venous ultrasonography for deep vein thrombosis in symptomatic patients
# (dat.kearon1998 of the R package metadat); the study with one group gives a specificity only.
KEARON = {
    "tp": [325, None, 20, 25, 22, 70, 40, 27, 25, 40, 39, 75, 49, 33, 20, 94, 22, None],
    "np": [333, None, 25, 28, 25, 77, 46, 34, 29, 40, 41, 97, 50, 34, 23, 121, 25, None],
    "tn": [483, 47, 29, 23, 24, 142, 18, 36, 28, 27, 29, 59, 50, 75, 64, 346, 45, None],
    "nn": [505, 49, 29, 23, 25, 143, 19, 41, 35, 37, 36, 60, 50, 75, 64, 353, 47, None],
}
SMALL = {"tp": [20, 15, 30, 9, 40], "fp": [5, 3, 12, 2, 20], "fn": [4, 6, 5, 3, 8], "tn": [40, 30, 60, 25, 70]}


def codes(found: Accuracy) -> list[str]:
    return [entry.code for entry in found.notes]


def numbers(found: Accuracy) -> tuple[float, ...]:
    return (
        found.sensitivity.value,
        found.specificity.value,
        found.sensitivity.se,
        found.specificity.se,
        found.sensitivity_variance,
        found.specificity_variance,
        found.correlation,
        found.log_likelihood,
    )


def test_the_normal_model_is_that_of_reitsma():
    """rma.mv(y, v, mods = ~ g - 1, random = ~ g | study, struct = "UN") of metafor 3.8-1, 0.5 added to tables with a
    zero."""
    found = accuracy(method="normal", **KEARON)
    expected = (2.110042294, 3.008982014, 0.221418815, 0.350489488, 0.488157703, 1.253836240, -0.256637552)
    assert numbers(found) == pytest.approx((*expected, -45.665055959), rel=1e-6)
    assert (found.k, found.settings.estimator) == (16, "REML")
    assert {"accuracy.incomplete", "accuracy.corrected"} <= set(codes(found))


def test_the_binomial_model_is_that_of_chu_and_cole():
    """glmer(cbind(x, n - x) ~ g - 1 + (g - 1 | study), nAGQ = 1) of lme4 1.1."""
    found = accuracy(**KEARON)
    expected = (2.297307, 3.496434, 0.242792, 0.419605, 0.611777, 1.811705, -0.254887, -82.511567)
    assert numbers(found) == pytest.approx(expected, abs=2e-4)
    assert (found.sensitivity.estimate, *found.sensitivity.ci) == pytest.approx(
        (0.908654, 0.860739, 0.941209), abs=1e-5
    )
    assert (found.k, found.settings.estimator) == (17, "ML")
    assert [entry.row for entry in found.notes] == [17, 1]


def test_maximum_likelihood_of_the_normal_model():
    """rma.mv with method = "ML"; data simulated once."""
    found = accuracy(method="normal", estimator="ML", **TWELVE)
    assert numbers(found) == pytest.approx(TWELVE_ML, abs=2e-5)


TWELVE = {
    "tp": [26, 15, 59, 30, 44, 12, 77, 31, 9, 41, 22, 35],
    "np": [40, 18, 90, 33, 60, 19, 88, 50, 14, 47, 36, 39],
    "tn": [80, 62, 55, 40, 150, 33, 61, 118, 44, 73, 95, 28],
    "nn": [92, 66, 90, 58, 160, 47, 104, 125, 49, 99, 103, 51],
}
TWELVE_ML = (1.0986000, 1.4923557, 0.1930923, 0.2809368, 0.2861582, 0.8376859, -0.6465183, -27.4753708)


def test_ratios_follow_from_the_summary_point():
    found = accuracy(method="normal", **SMALL)
    sens, spec = found.sensitivity.estimate, found.specificity.estimate
    assert found.positive_ratio.estimate == pytest.approx(sens / (1 - spec))
    assert found.negative_ratio.estimate == pytest.approx((1 - sens) / spec)
    assert found.odds_ratio.estimate == pytest.approx(sens * spec / ((1 - sens) * (1 - spec)))
    variance = found.sensitivity.se**2 + found.specificity.se**2 + 2 * found.covariance
    assert found.odds_ratio.se == pytest.approx(math.sqrt(variance))
    # The delta method by differences.
    gradient = ((1 - sens), spec)
    wanted = gradient[0] ** 2 * found.sensitivity.se**2 + gradient[1] ** 2 * found.specificity.se**2
    wanted += 2 * gradient[0] * gradient[1] * found.covariance
    assert found.positive_ratio.se == pytest.approx(math.sqrt(wanted))
    low, high = found.negative_ratio.ci
    assert low < found.negative_ratio.estimate < high
    assert math.log(high / low) == pytest.approx(2 * 1.959963985 * found.negative_ratio.se)


def test_hsroc_parameters_give_back_the_bivariate_model():
    """The inverse relations of Harbord et al. 2007, Biostatistics 8:239."""
    found = accuracy(**KEARON)
    h, root = found.hsroc, math.exp(found.hsroc.shape / 2)
    assert found.sensitivity.value == pytest.approx((h.threshold + h.accuracy / 2) / root)
    assert found.specificity.value == pytest.approx(-root * (h.threshold - h.accuracy / 2))
    spread = h.threshold_variance + h.accuracy_variance / 4
    assert found.sensitivity_variance == pytest.approx(spread / root**2)
    assert found.specificity_variance == pytest.approx(spread * root**2)
    shared = h.accuracy_variance / 4 - h.threshold_variance
    assert found.correlation == pytest.approx(shared / spread)


def test_the_curve_passes_through_the_summary_point_and_its_area_is_that_of_constant_odds():
    symmetric = Bivariate(np.array([1.2, 0.8]), None, np.array([[0.5, -0.2], [-0.2, 0.5]]), 0.0)
    found = hsroc(symmetric)
    line = curve(found, np.array([1 / (1 + math.exp(-0.8)), 0.2]))
    assert line.sensitivity[0] == pytest.approx(1 / (1 + math.exp(-1.2)))
    assert np.all(np.diff(line.sensitivity) > 0)
    odds = math.exp(2.0)
    # Walter 2002, Stat Med 21:1237: the area under a curve with a constant odds ratio.
    assert area(found) == pytest.approx(odds / (odds - 1) ** 2 * (odds - 1 - math.log(odds)), abs=1e-9)
    with pytest.raises(ValueError, match="read-only"):
        line.sensitivity[0] = 0


def test_regions_are_ellipses_on_the_logit_scale():
    found = accuracy(method="normal", **SMALL)
    logit = lambda p: np.log(p / (1 - p))  # noqa: E731
    covariance = np.array([[found.sensitivity.se**2, found.covariance], [found.covariance, found.specificity.se**2]])
    shared = found.correlation * math.sqrt(found.sensitivity_variance * found.specificity_variance)
    between = np.array([[found.sensitivity_variance, shared], [shared, found.specificity_variance]])
    for line, matrix in ((found.confidence_region, covariance), (found.prediction_region, covariance + between)):
        away = np.array(
            [logit(line.sensitivity) - found.sensitivity.value, logit(line.specificity) - found.specificity.value]
        )
        distance = (away * np.linalg.solve(matrix, away)).sum(axis=0)
        # 2 F(2, 3) at 0.95, F = 9.552094.
        assert distance == pytest.approx(2 * 9.552094, rel=1e-5)
    assert region(np.zeros(2), np.eye(2), 2, 0.95) is None
    assert region(np.zeros(2), np.diag([1.0, 0.0]), 9, 0.95) is None


def test_study_results_have_exact_or_wilson_intervals():
    """Clopper-Pearson 81 of 263 and Wilson: Newcombe 1998, Stat Med 17:857, table I."""
    assert clopper_pearson(81, 263, 0.95) == pytest.approx((0.2527, 0.3676), abs=5e-5)
    assert wilson(81, 263, 0.95) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert clopper_pearson(0, 20, 0.95) == pytest.approx((0.0, 0.1684), abs=5e-5)
    assert wilson(0, 20, 0.95) == pytest.approx((0.0, 0.1611), abs=5e-5)
    assert clopper_pearson(29, 29, 0.95) == pytest.approx((0.8806, 1.0), abs=5e-5)
    assert wilson(29, 29, 0.95).high == 1.0
    found = accuracy(ci="wilson", **KEARON)
    assert found.studies[1].sensitivity is None
    assert found.studies[1].specificity.estimate == pytest.approx(47 / 49)
    assert found.studies[17].specificity is None
    assert found.studies[0].sensitivity.ci == wilson(325, 333, 0.95)


def test_both_sets_of_columns_mean_the_same():
    totals = {
        "tp": SMALL["tp"],
        "np": [a + b for a, b in zip(SMALL["tp"], SMALL["fn"], strict=True)],
        "tn": SMALL["tn"],
        "nn": [a + b for a, b in zip(SMALL["tn"], SMALL["fp"], strict=True)],
    }
    assert numbers(accuracy(method="normal", **SMALL)) == numbers(accuracy(method="normal", **totals))


@pytest.mark.parametrize("method", [choice.key for choice in ACCURACY_METHODS])
def test_equal_studies_have_no_spread(method):
    found = accuracy(method=method, tp=[20] * 6, fp=[5] * 6, fn=[4] * 6, tn=[40] * 6)
    assert found.sensitivity.estimate == pytest.approx(20 / 24, abs=1e-6)
    assert found.sensitivity.se == pytest.approx(math.sqrt((1 / 20 + 1 / 4) / 6), rel=1e-4)
    assert (found.sensitivity_variance, found.specificity_variance) == (0.0, 0.0)
    assert (found.correlation, found.hsroc, found.curve, found.auc) == (None, None, None, None)
    assert found.confidence_region is not None
    assert codes(found) == ["accuracy.no-spread"] * 2


@pytest.mark.parametrize("method", [choice.key for choice in ACCURACY_METHODS])
def test_one_variance_may_be_zero(method):
    counts = {"tp": [20] * 6, "fn": [5] * 6, "tn": [90, 60, 80, 95, 50, 70], "fp": [10, 40, 20, 5, 50, 30]}
    found = accuracy(method=method, **counts)
    assert found.sensitivity_variance == 0.0
    assert found.specificity_variance > 0.3
    turned = accuracy(method=method, tp=counts["tn"], fn=counts["fp"], tn=counts["tp"], fp=counts["fn"])
    assert turned.specificity_variance == 0.0
    assert turned.sensitivity_variance == pytest.approx(found.specificity_variance, rel=1e-3)
    assert turned.sensitivity.se == pytest.approx(found.specificity.se, rel=1e-3)


@pytest.mark.parametrize("method", [choice.key for choice in ACCURACY_METHODS])
def test_a_perfect_trade_off_has_a_correlation_of_minus_one(method):
    up = [200, 400, 600, 800, 900]
    down = [1000 - value for value in up]
    found = accuracy(method=method, tp=up, fn=down, tn=down, fp=up)
    assert found.correlation == -1.0
    assert "accuracy.correlation" in codes(found)
    assert found.hsroc.accuracy_variance == pytest.approx(0, abs=1e-6)
    assert found.sensitivity.se > 0
    assert np.all(np.isfinite(found.prediction_region.sensitivity))


def test_too_few_studies_have_no_summary():
    none = accuracy(tp=[], fp=[], fn=[], tn=[])
    assert (none.k, none.sensitivity, codes(none)) == (0, None, ["pool.no-studies"])
    two = accuracy(tp=[9, 8], fp=[1, 2], fn=[3, 2], tn=[20, 30])
    assert not two.estimable
    assert codes(two) == ["accuracy.few"]
    assert two.studies[0].sensitivity.estimate == pytest.approx(0.75)
    three = accuracy(method="normal", tp=[9, 8, 30], fp=[1, 2, 9], fn=[3, 2, 8], tn=[20, 30, 50])
    assert three.estimable
    assert "accuracy.weak" in codes(three)


@pytest.mark.parametrize("cell", ["tp", "fp", "fn", "tn"])
def test_perfect_tests_need_the_normal_model(cell):
    table = SMALL | {cell: [0] * 5}
    exact = accuracy(**table)
    assert (exact.estimable, codes(exact)) == (False, ["accuracy.perfect"])
    assert accuracy(method="normal", **table).estimable


@pytest.mark.parametrize(
    ("columns", "code"),
    [
        ({"tp": [1]}, "accuracy.columns"),
        (SMALL | {"tp": [1]}, "pooling.lengths"),
        (SMALL | {"labels": ["one"]}, "pooling.lengths"),
        (SMALL | {"tp": [20, -1, 30, 9, 40]}, "accuracy.impossible"),
        (SMALL | {"tp": [20, math.inf, 30, 9, 40]}, "accuracy.impossible"),
        (SMALL | {"tp": ["many"] * 5}, "pooling.not-a-number"),
        (SMALL | {"tp": [[1, 2, 3, 4, 5]]}, "pooling.not-a-column"),
        ({"tp": [5], "np": [4], "tn": [3], "nn": [9]}, "accuracy.exceeds"),
        (SMALL | {"method": "hsroc"}, "accuracy.choice"),
        (SMALL | {"estimator": "REML"}, "accuracy.choice"),
        (SMALL | {"ci": "wald"}, "accuracy.choice"),
        (SMALL | {"level": 1}, "pooling.level"),
    ],
)
def test_input_that_makes_no_sense_is_refused(columns, code):
    with pytest.raises(InputError) as refused:
        accuracy(**columns)
    assert refused.value.code == code


def test_fractions_are_noted_and_labels_kept():
    found = accuracy(method="normal", labels=list("abcde"), **(SMALL | {"tp": [20.5, 15, 30, 9, 40]}))
    assert codes(found)[0] == "row.not-integer"
    assert "a:" in found.notes[0].message or "a" in str(found.notes[0].params["study"])
    assert found.studies[0].label == "a"


@pytest.mark.parametrize("size", [0.0, 1.0])
def test_no_standard_error_is_said(monkeypatch, size):
    """Information that is nothing, or singular."""
    models = sys.modules["core.pooling.accuracy.models"]
    monkeypatch.setattr(models, "observed_information", lambda f, peak, free: np.full((len(free), len(free)), size))
    found = accuracy(**SMALL)
    assert (found.sensitivity, codes(found)) == (None, ["accuracy.flat"])


@st.composite
def diagnostic(draw):
    size = draw(st.integers(4, 8))
    cells = st.lists(st.integers(1, 60), min_size=size, max_size=size)
    return {key: draw(cells) for key in ("tp", "fp", "fn", "tn")}


@settings(max_examples=4, deadline=None)
@given(diagnostic(), st.randoms())
def test_order_and_the_names_of_the_groups_do_not_matter(columns, random):
    found = accuracy(method="normal", **columns)
    order = list(range(len(columns["tp"])))
    random.shuffle(order)
    shuffled = accuracy(method="normal", **{key: [values[row] for row in order] for key, values in columns.items()})
    turned = accuracy(method="normal", tp=columns["tn"], fn=columns["fp"], tn=columns["tp"], fp=columns["fn"])
    assert shuffled.log_likelihood == pytest.approx(found.log_likelihood, abs=1e-6)
    assert turned.log_likelihood == pytest.approx(found.log_likelihood, abs=1e-6)
    assert found.sensitivity_variance >= 0
    assert found.sensitivity.ci.low < found.sensitivity.estimate < found.sensitivity.ci.high


# Glas et al. 2003, J Urol 169:1975: telomerase for bladder cancer (with a study without false positives).
TELOMERASE = {
    "tp": [25, 17, 88, 16, 40, 38, 23, 27, 14, 37],
    "fp": [1, 3, 16, 3, 1, 6, 0, 2, 3, 22],
    "fn": [8, 4, 16, 10, 17, 9, 19, 6, 3, 7],
    "tn": [25, 11, 31, 80, 137, 24, 12, 18, 29, 7],
}
# The dementia data of Nyaga & Arbyn 2023, section 5.2: a biomarker of Alzheimer's disease, 14 studies.
DEMENTIA = {
    "tp": [18, 18, 15, 24, 17, 53, 9, 4, 32, 47, 9, 5, 32, 62],
    "fp": [17, 43, 12, 10, 2, 36, 9, 4, 113, 33, 10, 11, 16, 41],
    "fn": [4, 2, 7, 5, 6, 4, 5, 7, 5, 5, 2, 0, 10, 29],
    "tn": [25, 99, 19, 13, 16, 41, 5, 40, 46, 75, 16, 37, 42, 82],
}


@pytest.mark.parametrize(
    ("columns", "points", "ratios", "spread", "parameters"),
    [
        (
            TELOMERASE,
            (1.19234, 2.340719, 0.1802975, 0.6343648),
            (8.736948, 0.2552535, 34.22851),
            (0.1829838, 3.313294, -1.0),
            (3.594303, 0.6624347, 1.44815, 0.0, 0.7786393),
        ),
        (
            DEMENTIA,
            (1.370958, 0.6368034, 0.2128247, 0.2075006),
            (2.305218, 0.3095652, 7.446631),
            (0.3590741, 0.4824725, -0.598757),
            (2.067505, 0.4422817, 0.1476976, 0.3340148, 0.3327214),
        ),
    ],
)
def test_published_reviews_as_statas_metandi_prints_them(columns, points, ratios, spread, parameters):
    """Nyaga & Arbyn 2023, Res Synth Methods 14:544, tables 2 and 3, with the digits of their log (quadrature with
    several nodes where this is Laplace's approximation: variances differ by one to three percent)."""
    found = accuracy(**columns)
    summary = (found.sensitivity.value, found.specificity.value, found.sensitivity.se, found.specificity.se)
    assert summary == pytest.approx(points, rel=0.007)
    shown = (found.positive_ratio, found.negative_ratio, found.odds_ratio)
    assert [each.estimate for each in shown] == pytest.approx(ratios, rel=0.004)
    assert (found.sensitivity_variance, found.specificity_variance, found.correlation) == pytest.approx(
        spread, rel=0.015
    )
    h = found.hsroc
    theirs = (h.accuracy, h.threshold, h.shape, h.accuracy_variance, h.threshold_variance)
    assert theirs == pytest.approx(parameters, rel=0.03)


def test_a_perfect_correlation_leaves_exactly_no_variance_of_accuracy():
    for method in ("normal", "binomial"):
        found = accuracy(method=method, **TELOMERASE)
        assert found.correlation == -1
        assert found.hsroc.accuracy_variance == 0


def test_the_normal_model_of_telomerase():
    """rma.mv of metafor 3.8-1 as for ``KEARON``; 0.5 added to one table."""
    found = accuracy(method="normal", **TELOMERASE)
    expected = (1.16618657, 2.05775190, 0.18612392, 0.55346912, 0.20219108, 2.58353755, -1.0, -22.11338306)
    assert numbers(found) == pytest.approx(expected, rel=1e-5)
