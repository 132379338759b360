"""The estimators of the between-study variance: pinned numbers, their defining equations, extreme data."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.pooling import TAU2_ESTIMATORS, effect_sizes, pool
from core.pooling.estimators import estimator
from core.pooling.tau2 import (
    generalised_q,
    log_likelihood,
    moment_estimate,
    projection_square_trace,
    projection_trace,
    root,
    score_curve,
    score_on_grid,
    tau2_at_q,
)
from tests.pooling.published import BCG, FLEISS, NORMAND

ESTIMATORS = [entry.key for entry in TAU2_ESTIMATORS]
MEASURES = {"BCG": ("RR", BCG), "stroke": ("MD", NORMAND), "aspirin": ("OR", FLEISS)}
PAIR = {"yi": [0.1, 0.9], "vi": [0.04, 0.09]}

# metafor 3.8-1 with strict convergence: estimate, SE, tau2, SE of tau2, I2. Viechtbauer (2010) prints BCG by REML.
FACTS = {
    ("BCG", "REML"): (-0.7145323421587, 0.1797815161066, 0.3132432581425, 0.1664257528397, 92.22138452141),
    ("BCG", "DL"): (-0.7141172220732, 0.1787420895354, 0.3087602628624, 0.229869992511, 92.11734685456),
    ("BCG", "PM"): (-0.7149681534934, 0.1808921915376, 0.318068452205, 0.1736630274628, 92.33033795415),
    ("BCG", "ML"): (-0.711199135475, 0.1718968087788, 0.2800281372763, 0.1442519493861, 91.37828378966),
    ("BCG", "EB"): (-0.7149681534934, 0.1808921915376, 0.318068452205, 0.1736630274628, 92.33033795415),
    ("BCG", "HE"): (-0.7158785887587, 0.1832799859888, 0.3285638579958, 0.2070871782989, 92.55709740663),
    ("BCG", "SJ"): (-0.7172485925576, 0.1870594584164, 0.3455157015986, 0.1496805113473, 92.89632409554),
    ("BCG", "HS"): (-0.7045353739163, 0.1586520930567, 0.2283628636769, 0.1279045566133, 89.62996666409),
    ("BCG", "HSk"): (-0.7074760517245, 0.1641480199076, 0.249169930281, 0.1507091900757, 90.4129018071),
    ("stroke", "REML"): (-15.10602747348, 8.946552839755, 684.6461519297, 359.7541480118, 98.97127434739),
    ("stroke", "DL"): (-13.98172181704, 5.126698339231, 205.4093754679, 179.7182959003, 96.65154015084),
    ("stroke", "PM"): (-15.1456800341, 9.2142715953, 728.2511285945, 382.0626046438, 99.03227454131),
    ("stroke", "ML"): (-15.01008952484, 8.372000582352, 595.4649476699, 296.6701350453, 98.81902436103),
    ("stroke", "EB"): (-15.1456800341, 9.2142715953, 728.2511285945, 382.0626046438, 99.03227454131),
    ("stroke", "HE"): (-15.18159411538, 9.475037000338, 771.9748176029, 405.9259069058, 99.08658465212),
    ("stroke", "SJ"): (-15.14503132717, 9.209728227934, 727.5002633316, 363.5839144267, 99.03128541116),
    ("stroke", "HS"): (-13.44753402885, 4.259647030186, 134.4918141649, 77.8603005049, 94.97462676223),
    ("stroke", "HSk"): (-13.60688780844, 4.490401033341, 151.9613722148, 98.76645379949, 95.52650200154),
    ("aspirin", "REML"): (-0.1412431434301, 0.07069282052949, 0.01474333641535, 0.01917510649724, 50.15268143313),
    ("aspirin", "DL"): (-0.1320594706912, 0.06313228171293, 0.009637293186617, 0.01530122579315, 39.67456173617),
    ("aspirin", "PM"): (-0.1327061316503, 0.06365426731887, 0.009951134205373, 0.0163754204619, 40.44403238183),
    ("aspirin", "ML"): (-0.1087910852042, 0.0331394751176, 0.0, 0.002093614735245, 0.0),
    ("aspirin", "EB"): (-0.1327061316503, 0.06365426731887, 0.009951134205374, 0.0163754204619, 40.44403238183),
    ("aspirin", "HE"): (-0.1087910852042, 0.0331394751176, 0.0, 0.02034963385255, 0.0),
    ("aspirin", "SJ"): (-0.1425001680979, 0.07177711937002, 0.01557342474175, 0.01135588871446, 51.52157962224),
    ("aspirin", "HS"): (-0.116217975529, 0.04892139524601, 0.003235428386087, 0.004735328573186, 18.08613575916),
    ("aspirin", "HSk"): (-0.121187803031, 0.05397630809109, 0.005055928730016, 0.006202836709231, 25.65224518975),
}
TWO_STUDIES = {
    "REML": (0.46875, 0.3987774285237, 0.255, 0.4525483399594, 79.6875),
    "DL": (0.46875, 0.3987774285237, 0.255, 0.4525483399594, 79.6875),
    "PM": (0.46875, 0.3987774285237, 0.255, 0.4497862040954, 79.6875),
    "ML": (0.4358500574128, 0.2755679711651, 0.09088478487579, 0.1499591746229, 58.30253731832),
    "EB": (0.46875, 0.3987774285237, 0.255, 0.4497862040954, 79.6875),
    "HE": (0.46875, 0.3987774285237, 0.255, 0.4525483399594, 79.6875),
    "SJ": (0.4658184580327, 0.3810637802144, 0.2275555555556, 0.294212291139, 77.78199772123),
    "HS": (0.4314818568822, 0.2661431584855, 0.08094674556213, 0.08793367113011, 55.46320697344),
    "HSk": (0.464573944031, 0.3742084833424, 0.2172781065089, 0.3401480463217, 76.97306362017),
}


def values(pooled) -> tuple[float, ...]:
    return pooled.estimate, pooled.se, pooled.tau2, pooled.tau2_se, pooled.i2


def accuracy(key: str) -> float:
    """metafor stops iterating sooner than its printed digits."""
    return 1e-9 if key in ("REML", "ML") else 1e-11


@pytest.mark.parametrize(("name", "key"), FACTS)
def test_published_data_by_every_estimator(name, key):
    measure, table = MEASURES[name]
    found = values(pool(effect_sizes(measure, **table), tau2=key, ci="wald"))
    assert found == pytest.approx(FACTS[name, key], rel=accuracy(key), abs=1e-12)


@pytest.mark.parametrize("key", ESTIMATORS)
def test_two_studies_by_every_estimator(key):
    found = values(pool(effect_sizes("GEN", **PAIR), tau2=key, ci="wald"))
    assert found == pytest.approx(TWO_STUDIES[key], rel=1e-9)


EQUAL = [0.3, -0.4, 1.1, 0.2, 0.9]


@pytest.mark.parametrize(
    ("key", "tau2"),
    [
        ("DL", 0.357 - 0.1),
        ("HE", 0.357 - 0.1),
        ("PM", 0.357 - 0.1),
        ("EB", 0.357 - 0.1),
        ("REML", 0.357 - 0.1),
        ("ML", 0.357 * 4 / 5 - 0.1),
        ("HS", 0.357 * 4 / 5 - 0.1),
        ("HSk", 0.357 - 0.1),
        ("SJ", 0.357 * (0.357 * 4 / 5) / (0.1 + 0.357 * 4 / 5)),
    ],
)
def test_with_equal_variances_every_estimator_is_a_formula(key, tau2):
    """The sample variance of the five effects is 0.357; each sampling variance is 0.1."""
    pooled = pool(effect_sizes("GEN", yi=EQUAL, vi=[0.1] * 5), tau2=key, ci="wald")
    assert np.var(EQUAL, ddof=1) == pytest.approx(0.357)
    assert pooled.tau2 == pytest.approx(tau2, rel=1e-13)
    assert pooled.se == pytest.approx(math.sqrt((0.1 + tau2) / 5), rel=1e-13)


@pytest.mark.parametrize("key", ["DL", "HE", "HSk", "REML"])
def test_with_equal_variances_the_standard_error_is_that_of_a_sample_variance(key):
    """sqrt(2 / (k - 1)) x total variance."""
    pooled = pool(effect_sizes("GEN", yi=EQUAL, vi=[0.1] * 5), tau2=key)
    assert pooled.tau2_se == pytest.approx(math.sqrt(2 / 4) * 0.357, rel=1e-13)


@pytest.mark.parametrize("key", ["DL", "HE", "HS", "HSk", "SJ"])
def test_standard_errors_against_the_variance_of_a_quadratic_form(key):
    """2 tr(A S A S) with A of each estimator written out as a matrix, S the variances of the effects."""
    y, v = np.array([0.3, -1.4, 2.1, 0.2]), np.array([0.02, 0.1, 0.3, 1.2])
    tau2, se = estimator(key).estimate(y, v)
    k = len(y)
    start = np.var(y)
    w = {"HE": np.ones(k), "SJ": 1 / (v + start)}.get(key, 1 / v)
    projection = np.diag(w) - np.outer(w, w) / w.sum()
    divisor = {
        "DL": np.trace(projection),
        "HE": k - 1,
        "HS": w.sum(),
        "HSk": w.sum() * (k - 1) / k,
        "SJ": (k - 1) / start,
    }[key]
    product = projection @ np.diag(v + tau2)
    assert tau2 > 0
    assert se == pytest.approx(math.sqrt(2 * np.trace(product @ product)) / divisor, rel=1e-12)


@pytest.mark.parametrize("key", [entry for entry in ESTIMATORS if entry != "SJ"])
def test_less_scatter_than_chance_gives_zero(key):
    tau2, se = estimator(key).estimate(np.array([0.1, 0.12, 0.09]), np.array([0.1, 0.2, 0.3]))
    assert tau2 == 0
    assert se > 0


def test_sidik_jonkman_is_zero_for_equal_effects_only():
    v = np.array([0.1, 0.2, 0.3])
    assert estimator("SJ").estimate(np.zeros(3), v) == (0, 0)
    assert estimator("SJ").estimate(np.array([0.0, 1e-3, 0.0]), v)[0] > 0


@pytest.mark.parametrize("key", ESTIMATORS)
def test_equal_effects_give_zero(key):
    assert estimator(key).estimate(np.zeros(3), np.array([0.1, 0.2, 0.3]))[0] == 0


def dense(w):
    return np.diag(w) - np.outer(w, w) / w.sum()


@given(st.lists(st.tuples(st.floats(0.01, 50), st.floats(0.1, 9)), min_size=2, max_size=9))
def test_traces_are_those_of_the_matrices(pairs):
    w, d = np.array(pairs).T
    p = dense(w)
    assert projection_trace(w) == pytest.approx(np.trace(p), rel=1e-11)
    assert projection_square_trace(w) == pytest.approx(np.trace(p @ p), rel=1e-10)
    product = p @ np.diag(d)
    assert projection_square_trace(w, d) == pytest.approx(np.trace(product @ product), rel=1e-10)


def test_traces_keep_their_digits_when_one_study_has_nearly_all_the_weight():
    """tr(P) = 2 w1 w2 / (w1 + w2) for two weights, and tr(PP) its square."""
    for w in (np.array([1e20, 3.0]), np.array([3.0, 1e20])):
        assert projection_trace(w) == pytest.approx(6.0, rel=1e-14)
        assert projection_square_trace(w) == pytest.approx(36.0, rel=1e-14)
        assert projection_square_trace(w, 1 / w) == pytest.approx(1.0, rel=1e-14)


@given(
    st.lists(st.tuples(st.floats(-3, 3), st.floats(0.001, 4)), min_size=2, max_size=12),
    st.floats(0.001, 30),
)
def test_the_root_of_q_is_a_root(rows, target):
    y, v = np.array(rows).T
    y = y - y.mean()
    tau2 = tau2_at_q(y, v, target)
    if tau2:
        assert generalised_q(y, v + tau2) == pytest.approx(target, rel=1e-9)
    else:
        assert generalised_q(y, v) <= target * (1 + 1e-12)


def test_the_root_of_q_with_one_study_far_more_precise_than_the_rest():
    """Q(tau2) = 2e-12 / (1e-12 + tau2) + ... has its root twelve orders above the smallest variance."""
    y, v = np.array([-1.0, 1.0, 0.0, 2.0]), np.array([1e-12, 1e-12, 4.0, 9.0])
    for target in (1e-6, 0.1, 3.0, 1e5, 1e12):
        assert generalised_q(y, v + tau2_at_q(y, v, target)) == pytest.approx(target, rel=1e-10)
    assert tau2_at_q(y, v, 3e12) == 0


def test_paule_mandel_at_the_limit_is_exactly_zero():
    """Two effects 2 apart with variances of 2: Q(0) = 2 x 1 / 2 = 1 = k - 1."""
    y, v = np.array([0.0, 2.0]), np.array([2.0, 2.0])
    assert generalised_q(y, v) == 1
    assert estimator("PM").estimate(y, v)[0] == 0


def test_q_around_another_centre():
    y, v = np.array([1.0, 3.0]), np.array([0.5, 0.25])
    assert generalised_q(y, v, 2.0) == pytest.approx(2 + 4)
    assert generalised_q(y, v) == pytest.approx(4 * (2 * 4) / 6)


def test_the_moment_estimate_takes_any_q():
    """DerSimonian & Laird 1986, eq. 8, by hand: weights 10, 5, 2; S1 - S2 / S1 = 17 - 129 / 17."""
    v = np.array([0.1, 0.2, 0.5])
    tau2, _ = moment_estimate(7.0, v)
    assert tau2 == pytest.approx((7 - 2) / (17 - 129 / 17))
    assert moment_estimate(2.0, v)[0] == 0


@pytest.mark.parametrize("restricted", [True, False])
def test_likelihood_is_that_of_the_normal_distribution(restricted):
    """Against the density of the data, and of their contrasts with an orthonormal basis."""
    y, v, tau2 = np.array([0.3, -0.4, 1.1]), np.array([0.1, 0.2, 0.4]), 0.15
    w = 1 / (v + tau2)
    r = y - (w @ y) / w.sum()
    covariance = np.diag(v + tau2)
    if restricted:
        basis = np.linalg.svd(np.eye(3) - 1 / 3)[0][:, :2]
        r, covariance = basis.T @ y, basis.T @ covariance @ basis
    expected = -0.5 * (
        len(r) * math.log(2 * math.pi) + np.linalg.slogdet(covariance)[1] + r @ np.linalg.solve(covariance, r)
    )
    assert log_likelihood(y, v, tau2, restricted) == pytest.approx(expected, rel=1e-12)


# Likelihoods with two or three maxima: precise studies that nearly agree, imprecise ones far away.
PEAKS = [
    ("REML", [0.027, 0.065, -1.756, -6.467], [0.0006, 0.0008, 1.2008, 3.336]),
    ("REML", [-0.002, -0.031, 0.78, -1.631, 6.136], [0.0006, 0.0005, 1.5121, 0.572, 3.6328]),
    ("REML", [-0.04, -0.009, 0.787, 0.454, 0.028, -2.381, -1.534],
     [0.0008, 0.0002, 0.3289, 1.7172, 1.526, 1.0049, 0.4727]),
    ("REML", [0.053, 0.068, -0.966, -4.871], [0.0002, 0.0016, 0.3675, 1.4303]),
    ("REML", [0.18, 0.005, 0.009, 2.164], [0.0051, 0.0005, 0.0005, 3.7217]),
    ("ML", [0.027, 0.065, -1.756, -6.467], [0.0006, 0.0008, 1.2008, 3.336]),
    ("ML", [0.178, -0.032, -3.821, 2.68, 4.748, -3.751, -1.935],
     [0.0019, 0.0005, 2.2361, 0.6726, 1.2556, 7.1145, 2.4897]),
    ("ML", [0.012, -0.204, -0.078, -3.603, 3.19], [0.0004, 0.0074, 0.0005, 0.789, 4.5381]),
    ("ML", [0.033, -0.02, -0.158, -3.089, -1.212], [0.0029, 0.0002, 0.0023, 7.3331, 0.5058]),
    ("ML", [0.108, -0.022, 1.431, -3.08], [0.0013, 0.0053, 0.4791, 0.6466]),
    ("ML", [-0.01, 0.243, -0.632, -9.202], [0.0004, 0.0066, 2.6067, 4.7686]),
    ("ML", [0.002, 0.219, -0.058, 0.075, 0.065, 5.304, 7.231],
     [0.0004, 0.0067, 0.0051, 0.0074, 0.4698, 1.6448, 5.0643]),
]  # fmt: skip


@pytest.mark.parametrize(("key", "effects", "variances"), PEAKS)
def test_the_highest_of_several_maxima_is_taken(key, effects, variances):
    y, v, restricted = np.array(effects), np.array(variances), key == "REML"
    grid = [0.0, *np.geomspace(v.min() / 100, np.ptp(y) ** 2, 500)]
    heights = [log_likelihood(y, v, float(tau2), restricted) for tau2 in grid]
    maxima = [i for i, height in enumerate(heights) if height == max(heights[max(i - 1, 0) : i + 2])]
    assert len(maxima) >= 2
    found = estimator(key).estimate(y, v)[0]
    assert log_likelihood(y, v, found, restricted) >= max(heights)
    best = grid[max(maxima, key=lambda i: heights[i])]
    assert found == pytest.approx(best, rel=0.05)


def test_one_study_of_nearly_all_the_weight_hides_no_digit():
    """Two studies: REML is max(0, ((y1 - y2)^2 - v1 - v2) / 2), wherever the precise one stands."""
    for v in (np.array([1.0, 1e-18]), np.array([1e-18, 1.0])):
        for difference, tau2 in ((0.7, 0.0), (0.999, 0.0), (1.5, (1.5**2 - 1) / 2), (1.001, 0.0010005)):
            found, _ = estimator("REML").estimate(np.array([0.0, difference]), v)
            assert found == pytest.approx(tau2, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("restricted", [True, False])
def test_the_score_is_the_derivative_of_the_likelihood(restricted):
    """(R - T) / 2 by central differences, its own derivative too, one by one and on a grid."""
    y, v = np.array([0.3, -0.9, 1.4, 0.1]), np.array([0.02, 0.05, 0.3, 1.1])
    grid = np.array([0.0, 0.01, 0.2, 1.0, 7.0])
    score = score_curve(y, v, restricted)
    values = score_on_grid(y, v, grid, restricted)
    for tau2, value in zip(grid.tolist(), values.tolist(), strict=True):
        w = 1 / (v + tau2)
        r = y - (w @ y) / w.sum()
        trace = np.trace(dense(w)) if restricted else w.sum()
        assert value == pytest.approx(1 - trace / ((w * r) @ (w * r)), rel=1e-12)
        assert score(tau2)[0] == pytest.approx(value, rel=1e-12)
        step = 1e-6 * (tau2 + 0.02)
        higher, lower = score(tau2 + step)[0], score(tau2 - step)[0]
        assert score(tau2)[1] == pytest.approx((higher - lower) / (2 * step), rel=1e-6)
        above, below = (log_likelihood(y, v, tau2 + sign * step, restricted) for sign in (1, -1))
        slope = ((w * r) @ (w * r) - trace) / 2
        assert slope == pytest.approx((above - below) / (2 * step), rel=1e-5)


def counted(curve):
    """The curve, and the points at which it was asked."""
    asked: list[float] = []

    def ask(x: float) -> tuple[float, float]:
        asked.append(x)
        return curve(x)

    return ask, asked


def test_a_straight_line_has_its_root_at_once():
    curve, asked = counted(lambda x: (3.0 - x, -1.0))
    assert root(curve, 0.0, 10.0, 1.0) == 3.0
    assert asked == [1.0, 3.0]


def test_a_step_out_of_the_bracket_is_replaced_by_halving_it():
    """Newton's step from 0 leads to 1000; the halves of [0, 4] and [0, 2] follow, then the line of the root itself."""
    curve, asked = counted(lambda x: (1.0 - x, -1.0) if x else (1.0, -0.001))
    assert root(curve, 0.0, 4.0, 0.0) == 1.0
    assert asked == [0.0, 2.0, 1.0]


@pytest.mark.parametrize("slope", [0.0, 1.0, -1e-9])
def test_a_curve_without_a_useful_slope_is_halved_to_the_last_digit(slope):
    curve, asked = counted(lambda x: (1.0 if x < math.pi else -1.0, slope))
    assert root(curve, 0.0, 10.0, 5.0) == pytest.approx(math.pi, rel=1e-15)
    assert len(asked) == 200
    assert asked[:3] == [5.0, 2.5, 3.75]


def test_a_root_of_zero_is_found():
    assert root(lambda x: (-x, -1.0), 0.0, 10.0, 4.0) == 0


def test_the_roots_take_few_steps(monkeypatch):
    """Newton's method with the right slopes: three steps for REML and ML, a dozen where the limit is far off."""
    asked: list[int] = []

    def counting(curve, low, high, start):
        ask, points = counted(curve)
        found = root(ask, low, high, start)
        asked.append(len(points))
        return found

    monkeypatch.setattr("core.pooling.tau2.root", counting)
    rng = np.random.default_rng(8)
    for key, most in (("REML", 4), ("ML", 4), ("PM", 6)):
        asked.clear()
        for _ in range(40):
            v = rng.uniform(0.01, 1, 15)
            estimator(key).estimate(rng.normal(0, np.sqrt(0.5 + v)), v)
        assert len(asked) >= 30
        assert max(asked) <= most
    asked.clear()
    tau2_at_q(np.array([0.0, 3.0, -1.0]), np.array([1e-6, 0.5, 0.2]), 1e-4)
    assert asked[0] <= 12


@pytest.mark.parametrize("key", ["REML", "ML"])
def test_a_maximum_has_no_slope(key):
    """Central differences of the likelihood; data whose most precise study stands last."""
    rng = np.random.default_rng(3)
    for k in (2, 3, 7, 30):
        v = rng.uniform(0.02, 0.5, k)
        v[-1] = 0.01
        y = rng.normal(0.4, 1.2, k)
        tau2 = estimator(key).estimate(y, v)[0]
        step = 1e-5 * tau2
        higher, lower = (log_likelihood(y, v, tau2 + sign * step, key == "REML") for sign in (1, -1))
        assert tau2 > 0
        assert abs(higher - lower) / (2 * step) * tau2 < 1e-6


@pytest.mark.parametrize("key", ESTIMATORS)
@pytest.mark.parametrize("scale", [2.0**-60, 2.0**60])
def test_another_unit_of_a_power_of_two_changes_no_digit(key, scale):
    y, v = np.array([0.3, -0.4, 1.1, 0.2]), np.array([0.02, 0.1, 0.3, 1.2])
    tau2, se = estimator(key).estimate(y, v)
    assert estimator(key).estimate(y * scale, v * scale**2) == (tau2 * scale**2, se * scale**2)


def test_the_data_given_to_an_estimator_are_not_changed():
    y, v = np.array([0.3, -0.4, 1.1]), np.array([0.3, 0.1, 0.02])
    y.flags.writeable = v.flags.writeable = False
    for key in ESTIMATORS:
        assert estimator(key).estimate(y, v)[0] > 0
    assert v.tolist() == [0.3, 0.1, 0.02]


def test_thousands_of_studies_are_no_trouble():
    rng = np.random.default_rng(11)
    v = rng.uniform(0.01, 1, 5000)
    y = rng.normal(0, np.sqrt(0.2 + v))
    for key in ESTIMATORS:
        tau2, se = estimator(key).estimate(y, v)
        # Sidik and Jonkman's is known to be too high when the studies differ little.
        assert tau2 == pytest.approx(0.4 if key == "SJ" else 0.2, abs=0.04)
        assert 0 < se < 0.02
