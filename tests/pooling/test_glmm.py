"""Generalised linear mixed models: pinned facts, hard input, true properties."""

from __future__ import annotations

import math
import sys
from time import process_time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import InputError
from core.pooling import Glmm, effect_sizes, glmm
from core.pooling.glmm.hypergeometric import Tables, listed, maxima, tables
from core.pooling.glmm.kernels import Binomial, Poisson
from core.pooling.glmm.search import Peak, first_standard_error, highest
from tests.pooling.published import BCG

# Niel-Weise et al. 2007, J Antimicrob Chemother 59:6, catheter-related bloodstream infections; the data of Stijnen,
# Hamza & Ozdemir 2010 (dat.nielweise2007 of the R package metadat).
CATHETERS = {
    "ai": [0, 1, 2, 0, 5, 1, 1, 1, 1, 1, 0, 0, 3, 6, 0, 0, 1, 4],
    "n1i": [116, 44, 208, 130, 151, 98, 174, 74, 97, 113, 66, 70, 188, 187, 118, 252, 345, 64],
    "ci": [3, 3, 9, 7, 6, 4, 3, 2, 19, 2, 7, 1, 5, 11, 0, 1, 3, 1],
    "n2i": [117, 35, 195, 136, 157, 139, 177, 39, 103, 122, 64, 58, 175, 180, 105, 262, 362, 69],
}
# Hart et al. 1999, Ann Intern Med 131:492: strokes and person-years, warfarin against placebo (dat.hart1999).
STROKES = {
    "x1i": [9, 8, 3, 6, 7, 20],
    "t1i": [413, 263, 487, 237, 489, 507],
    "x2i": [19, 19, 13, 9, 23, 50],
    "t2i": [398, 245, 435, 241, 483, 405],
}
# Pritz 1997 (dat.pritz1997): successes of hyperdynamic therapy.
PRITZ = {
    "xi": [16, 10, 4, 43, 10, 25, 13, 12, 22, 4, 5, 18, 58, 6],
    "ni": [17, 12, 8, 58, 10, 42, 14, 12, 41, 5, 6, 23, 68, 10],
}
HINE = {
    "ai": [2, 4, 6, 7, 7, 11],
    "n1i": [39, 44, 107, 103, 110, 154],
    "ci": [1, 4, 4, 5, 3, 4],
    "n2i": [43, 44, 110, 100, 106, 146],
}


def fit(measure: str, columns: dict[str, list[float]], likelihood: str | None = None, **options) -> Glmm:
    return glmm(effect_sizes(measure, **columns), likelihood=likelihood, **options)


# metafor 3.8-1 (rma.glmm): k, estimate, SE, tau2, likelihood-ratio Q, log-likelihood (for lme4's models with several
# nodes the one given the predicted effects).
FACTS = [
    ("OR", CATHETERS, "UM.FS", (17, -1.2365, 0.2803, 0.3195, 28.7359, -49.5184)),
    ("OR", HINE, "UM.RS", (6, 0.581663, 0.280113, 0.0, 0.813120, -21.858499)),
    ("OR", CATHETERS, "CM.EL", (17, -1.353158, 0.351041, 0.693459, 28.609268, -24.944457)),
    ("OR", CATHETERS, "CM.AL", (17, -1.302653, 0.338641, 0.600685, 27.391730, -17.975834)),
    ("OR", BCG, "UM.FS", (13, -0.745013, 0.175566, 0.294894, 176.954448, -70.967687)),
    ("OR", BCG, "CM.AL", (13, -0.722117, 0.174402, 0.288710, 161.820963, -31.506307)),
    ("IRR", STROKES, "UM.FS", (6, -1.032695, 0.162587, 0.0, 2.966047, -27.520920)),
    ("IRR", STROKES, "CM.EL", (6, -1.032695, 0.162587, 0.0, 2.966047, -12.107309)),
    ("PLO", PRITZ, None, (14, 1.376604, 0.288387, 0.589331, 42.232398, -21.660731)),
]


@pytest.mark.parametrize(("measure", "columns", "likelihood", "expected"), FACTS)
def test_metafor_agrees(measure, columns, likelihood, expected):
    columns = {key: columns[key] for key in columns if key != "labels"}
    found = fit(measure, columns, likelihood)
    marginal = likelihood == "UM.RS" or (likelihood == "CM.EL" and measure == "OR")
    height = found.log_likelihood if marginal else found.conditional_log_likelihood
    values = (found.k, found.estimate, found.se, found.tau2, found.q_lrt, height)
    assert values == pytest.approx(expected, rel=3e-4, abs=3e-4)


def test_random_study_effects_are_what_lme4_finds_with_a_tight_tolerance():
    """glmer(cbind(a, b) ~ g + (1 | s) + (g - 1 | s), nAGQ = 1, tolPwrss = 1e-11) of lme4 1.1; with its default
    tolerance, as in rma.glmm, its standard error is 0.18146."""
    found = fit("OR", {key: BCG[key] for key in ("ai", "n1i", "ci", "n2i")}, "UM.RS")
    assert found.estimate == pytest.approx(-0.761648584, abs=1e-6)
    assert found.se == pytest.approx(0.182140956, abs=2e-6)
    assert found.tau2 == pytest.approx(0.319858122, rel=2e-5)
    assert found.sigma2 == pytest.approx(1.86161369, rel=2e-5)
    assert found.log_likelihood == pytest.approx(-126.296277, abs=1e-5)
    assert found.q_lrt == pytest.approx(174.13168, abs=1e-4)


def test_extreme_proportions_are_what_lme4_finds_with_a_tight_tolerance():
    """glmer(cbind(x, n - x) ~ 1 + (1 | s), nAGQ = 7, tolPwrss = 1e-13)."""
    found = fit("PLO", {"xi": [0, 0, 3, 10, 5], "ni": [10, 25, 30, 10, 40]})
    assert found.estimate == pytest.approx(-2.47196, abs=2e-5)
    assert found.se == pytest.approx(2.21038, abs=2e-5)
    assert found.tau2 == pytest.approx(18.91361, rel=1e-5)


def test_the_standard_error_at_the_border_is_that_of_the_common_effect():
    """At tau2 = 0 rma.glmm 3.8-1 prints a standard error of 6e-7 for this model, from a singular Hessian."""
    random, common = fit("OR", HINE, "CM.EL"), fit("OR", HINE, "CM.EL", model="common")
    assert random.tau2 == 0.0
    assert common.tau2 is None
    assert (random.estimate, random.se) == (common.estimate, common.se)
    columns = (np.array(HINE[key], dtype=float) for key in ("ai", "n1i", "ci", "n2i"))
    information = -tables(*columns).slopes(np.full((6, 1), random.estimate))[1].sum()
    assert random.se == pytest.approx(1 / math.sqrt(information), rel=1e-5)
    assert random.se == pytest.approx(0.279842, abs=1e-6)
    assert [entry.code for entry in random.notes if entry.code.startswith("glmm")] == ["glmm.no-spread"]


def test_heterogeneity_and_intervals_follow_from_the_fit():
    """I2, H2 and Wald's Q as metafor 3.8-1; the interval with Student's t and the prediction interval likewise."""
    found = fit("OR", CATHETERS, ci="t")
    assert found.i2 == pytest.approx(24.37, abs=0.02)
    assert found.h2 == pytest.approx(1.3222, abs=5e-4)
    assert (found.q_wald, found.df) == (pytest.approx(11.93825, abs=1e-4), 16)
    assert found.q_lrt_p == pytest.approx(0.025778913, rel=1e-5)
    assert found.ci == pytest.approx((-1.8314, -0.6425), abs=1e-3)
    assert found.p == pytest.approx(0.000437, abs=2e-6)
    assert found.pi == pytest.approx((-2.575, 0.1012), abs=2e-3)
    assert (found.test, found.ddf, found.ci_method) == ("t", 16, "t")
    assert found.tau == pytest.approx(math.sqrt(found.tau2))
    shown = found.display()
    assert shown.estimate == pytest.approx(math.exp(found.estimate))
    assert shown.pi.low == pytest.approx(math.exp(found.pi.low))


def test_proportions_are_shown_as_proportions():
    shown = fit("PLO", PRITZ, pi=None).display()
    assert (shown.estimate, *shown.ci) == pytest.approx((0.7984451, 0.6924026, 0.8745534), abs=1e-5)
    assert shown.pi is None


def test_rates_of_one_group():
    """rma.glmm(measure = "IRLN") of metafor 3.8-1, lme4's tolPwrss = 1e-12."""
    found = fit("IRLN", {"xi": STROKES["x2i"], "ti": STROKES["t2i"]})
    values = (found.estimate, found.se, found.tau2, found.q_lrt, found.conditional_log_likelihood)
    assert values == pytest.approx((-2.906006, 0.204701, 0.1941252, 34.76803, -14.87618), abs=5e-5)
    assert found.k == 6


def test_double_zero_studies_count_with_random_study_effects_only():
    """rma.glmm with drop00 = FALSE: -1.2784, 0.3268, 0.7133."""
    kept = effect_sizes("OR", drop00=False, **CATHETERS)
    random = glmm(kept, likelihood="UM.RS")
    assert random.k == 18
    assert (random.estimate, random.se, random.tau2) == pytest.approx((-1.278404, 0.326766, 0.713313), abs=3e-4)
    for likelihood in ("CM.EL", "CM.AL"):
        found = glmm(kept, likelihood=likelihood)
        assert found.k == 17
        assert found.estimate == fit("OR", CATHETERS, likelihood).estimate
        assert "Study 15" in next(entry.message for entry in found.notes if entry.code == "pool.left-out")


def test_incomplete_studies_are_left_out():
    with_gap = {key: [*values, None if key == "ai" else 50.0] for key, values in CATHETERS.items()}
    found = fit("OR", with_gap)
    assert (found.k, found.k_listed) == (17, 18)
    assert found.estimate == pytest.approx(fit("OR", CATHETERS).estimate, abs=1e-9)


ONE_SIDED = [
    ("OR", {"ai": [0, 0, 0], "n1i": [20, 30, 40], "ci": [3, 2, 5], "n2i": [20, 30, 40]}),
    ("OR", {"ai": [20, 30, 0], "n1i": [20, 30, 40], "ci": [3, 2, 0], "n2i": [20, 30, 40]}),
    ("IRR", {"x1i": [3, 2], "t1i": [20, 30], "x2i": [0, 0], "t2i": [20, 30]}),
    ("PLO", {"xi": [0, 0], "ni": [9, 12]}),
    ("PLO", {"xi": [9, 12], "ni": [9, 12]}),
    ("IRLN", {"xi": [0, 0], "ti": [9, 12]}),
]


@pytest.mark.parametrize(("measure", "columns"), ONE_SIDED)
@pytest.mark.parametrize("model", ["random", "common"])
def test_separated_data_are_not_estimable(measure, columns, model):
    for likelihood in ("UM.FS", "UM.RS", "CM.EL") if measure in ("OR", "IRR") else (None,):
        found = fit(measure, columns, likelihood, model=model)
        assert (found.estimate, found.se, found.tau2, found.display()) == (None, None, None, None)
        assert not found.estimable
        assert found.notes[-1].code == "glmm.one-sided"


def test_no_study_with_a_finite_effect_has_no_between_study_variance():
    columns = {"ai": [0, 4, 0], "n1i": [20, 30, 40], "ci": [3, 0, 5], "n2i": [20, 30, 40]}
    assert fit("OR", columns).notes[-1].code == "glmm.all-extreme"
    common = fit("OR", columns, model="common")
    assert common.estimable
    assert math.isfinite(common.se)
    assert fit("PLO", {"xi": [0, 5], "ni": [6, 5]}).notes[-1].code == "glmm.all-extreme"


def test_a_likelihood_that_keeps_rising_has_no_peak():
    flat = Peak(np.zeros(2), 0.0, np.ones(2))
    assert highest(lambda at: abs(float(at[1])) - float(at[0]) ** 2, flat, 1, 0.1, 8.0) is None


def test_between_study_variances_that_grow_without_limit_are_not_estimable():
    columns = {"ai": [0, 20, 0, 30], "n1i": [20, 20, 30, 30], "ci": [20, 0, 30, 0], "n2i": [20, 20, 30, 30]}
    found = fit("OR", columns, "UM.RS")
    assert (found.estimate, found.notes[-1].code) == (None, "glmm.unbounded")


def test_no_standard_error_is_said(monkeypatch):
    monkeypatch.setattr(sys.modules["core.pooling.glmm.fit"], "first_standard_error", lambda information: None)
    found = fit("PLO", PRITZ)
    assert (found.estimate, found.notes[-1].code) == (None, "glmm.flat")


def test_effects_of_minus_infinity_have_no_part_in_walds_test():
    columns = {"ai": [0, 0, 4], "n1i": [20, 30, 40], "ci": [3, 2, 5], "n2i": [20, 30, 40]}
    for likelihood in ("UM.FS", "UM.RS", "CM.EL"):
        found = fit("OR", columns, likelihood)
        assert (found.q_wald, found.q_wald_p) == (None, None)
        assert found.q_lrt > 0


def test_flat_likelihoods_have_no_standard_error():
    assert first_standard_error(np.zeros((1, 1))) is None
    assert first_standard_error(np.ones((2, 2))) is None
    assert first_standard_error(np.diag([4.0, 1.0])) == pytest.approx(0.5)


def test_few_studies():
    none = fit("PLO", {"xi": [], "ni": []})
    assert (none.k, none.notes[-1].code) == (0, "pool.no-studies")
    empty = fit("OR", {"ai": [0], "n1i": [5], "ci": [0], "n2i": [5]})
    assert (empty.k, empty.estimate, empty.notes[-1].code) == (0, None, "pool.none-estimable")
    one = fit("PLO", {"xi": [3], "ni": [10]}, ci="t")
    assert (one.k, one.tau2, one.q_lrt, one.i2, one.pi, one.ci_method) == (1, None, None, None, None, "wald")
    assert one.estimate == pytest.approx(math.log(3 / 7), abs=1e-7)
    assert one.se == pytest.approx(math.sqrt(1 / 3 + 1 / 7), rel=1e-5)
    assert {"pool.one-study", "ci.one-study", "pi.few"} <= {entry.code for entry in one.notes}
    assert fit("PLO", {"xi": [3], "ni": [10]}, model="common").notes[-1].code == "pool.one-study"
    two = fit("PLO", {"xi": [3, 30], "ni": [10, 40]})
    assert two.pi is None
    assert two.tau2 > 0


@pytest.mark.parametrize(
    ("measure", "columns", "options", "code"),
    [
        ("MD", {key: [2.0] for key in ("m1i", "sd1i", "n1i", "m2i", "sd2i", "n2i")}, {}, "glmm.measure"),
        ("OR", CATHETERS, {"likelihood": "UM"}, "glmm.likelihood"),
        ("IRR", STROKES, {"likelihood": "CM.AL"}, "glmm.likelihood"),
        ("PLO", PRITZ, {"likelihood": "UM.FS"}, "glmm.likelihood"),
        ("PLO", PRITZ, {"model": "fixed"}, "glmm.choice"),
        ("PLO", PRITZ, {"ci": "hksj"}, "glmm.choice"),
        ("PLO", PRITZ, {"pi": "t"}, "glmm.choice"),
        ("PLO", PRITZ, {"level": 95}, "pooling.level"),
        ("PLO", PRITZ, {"model": "common", "pi": "z"}, "glmm.no-prediction"),
    ],
)
def test_settings_that_make_no_sense_are_refused(measure, columns, options, code):
    with pytest.raises(InputError) as refused:
        fit(measure, columns, **options)
    assert refused.value.code == code


def test_revman_rules_have_no_mixed_models():
    with pytest.raises(InputError, match="RevMan 5"):
        glmm(effect_sizes("OR", compatibility="revman5", **CATHETERS))


def test_possible_tables_need_whole_numbers():
    columns = {key: [float(value) for value in values] for key, values in HINE.items()} | {"ai": [2.5, 4, 6, 7, 7, 11]}
    with pytest.raises(InputError, match="Study 1"):
        fit("OR", columns, "CM.EL")
    assert fit("OR", columns, "UM.FS").estimable


def test_the_approximate_model_warns_of_common_events():
    codes = [entry.code for entry in fit("OR", FREQUENT, "CM.AL").notes]
    assert "glmm.not-rare" in codes
    assert "glmm.not-rare" not in [entry.code for entry in fit("OR", CATHETERS, "CM.AL").notes]


FREQUENT = {"ai": [10, 20, 15], "n1i": [40, 50, 60], "ci": [15, 22, 25], "n2i": [42, 48, 61]}


def test_the_exact_conditional_likelihood_is_the_noncentral_hypergeometric():
    """Against the definition, with whole-number binomial coefficients."""
    a, n1, c, n2 = 3, 9, 5, 12
    low, high = max(0, a + c - n2), min(n1, a + c)
    for d in (-2.0, 0.0, 0.7):
        weights = [math.comb(n1, s) * math.comb(n2, a + c - s) * math.exp(s * d) for s in range(low, high + 1)]
        kernel = tables(*(np.array([float(value)]) for value in (a, n1, c, n2)))
        expected = math.log(weights[a - low] / sum(weights))
        assert kernel.value(np.array([[d]]))[0, 0] == pytest.approx(expected, abs=1e-12)


def test_large_tables_are_as_exact_as_listed_ones():
    """The saddlepoint form beside the plain sum over 2001 possible tables, and both kinds in one fit."""
    numbers = [np.array([value]) for value in (900.0, 2500.0, 1100.0, 2400.0)]
    large, plain = tables(*numbers), listed(*numbers)
    at = np.array([[-0.6, -0.3, 0.0]])
    assert large.large is not None
    assert large.value(at) == pytest.approx(plain.value(at), abs=2e-7)
    assert large.slopes(at)[0] == pytest.approx(plain.slopes(at)[0], abs=0.3)
    both: Tables = tables(*(np.array([first[0], second]) for first, second in zip(numbers, (3, 9, 5, 12), strict=True)))
    estimates, information, heights = maxima(both, np.zeros(2), np.array([True, True]))
    assert estimates[0] == pytest.approx(math.log(900 / 1600 * 1300 / 1100), abs=1e-3)
    assert information[0] == pytest.approx(1 / (1 / 900 + 1 / 1600 + 1 / 1100 + 1 / 1300), rel=1e-3)
    assert heights[0] < 0


def test_wald_of_the_exact_model_agrees_with_inverse_variance_for_large_studies():
    """For the BCG data metafor 3.8-1 prints 268.6, from a numerical Hessian; the sum over studies by ordinary log odds
    ratios and variances is 163.16."""
    columns = {key: BCG[key] for key in ("ai", "n1i", "ci", "n2i")}
    exact, plain = fit("OR", columns, "CM.EL"), fit("OR", columns, "UM.FS", model="common")
    values = (exact.estimate, exact.se, exact.tau2, exact.q_lrt, exact.log_likelihood)
    assert values == pytest.approx((-0.753810, 0.180072, 0.311635, 176.873839, -48.374791), abs=5e-6)
    assert plain.q_wald == pytest.approx(163.16491518506965, rel=1e-9)
    assert exact.q_wald == pytest.approx(plain.q_wald, rel=2e-3)


def test_huge_counts_stay_finite():
    big = {"ai": [4e8, 3e8, 5e8], "n1i": [1e9] * 3, "ci": [3e8, 3.1e8, 4e8], "n2i": [1e9] * 3}
    rough = effect_sizes("OR", **big)
    for likelihood in ("UM.FS", "CM.EL"):
        found = glmm(rough, likelihood=likelihood)
        assert found.estimate == pytest.approx(float(rough.yi.mean()), abs=1e-6)
        assert found.tau2 == pytest.approx(float(rough.yi.var()), rel=1e-6)
        assert found.se == pytest.approx(math.sqrt(float(rough.yi.var()) / 3), rel=1e-4)


def test_a_fit_of_twenty_studies_takes_well_under_a_second():
    rng = np.random.default_rng(5)
    n = rng.integers(40, 300, 20).astype(float)
    columns = {"ai": rng.binomial(n.astype(int), 0.1), "n1i": n, "ci": rng.binomial(n.astype(int), 0.15), "n2i": n}
    effects = effect_sizes("OR", **columns)
    for likelihood in ("UM.FS", "CM.EL"):
        start = process_time()
        assert glmm(effects, likelihood=likelihood).estimable
        assert process_time() - start < 1, likelihood


@st.composite
def two_groups(draw):
    size = draw(st.integers(2, 5))
    n = draw(st.lists(st.tuples(st.integers(8, 60), st.integers(8, 60)), min_size=size, max_size=size))
    return {
        "ai": [draw(st.integers(1, one - 1)) for one, _ in n],
        "n1i": [one for one, _ in n],
        "ci": [draw(st.integers(1, two - 1)) for _, two in n],
        "n2i": [two for _, two in n],
    }


@settings(max_examples=3, deadline=None)
@given(two_groups(), st.randoms(), st.sampled_from(["UM.FS", "CM.EL"]))
def test_order_and_direction_do_not_matter(columns, random, likelihood):
    found = fit("OR", columns, likelihood)
    order = list(range(len(columns["ai"])))
    random.shuffle(order)
    shuffled = fit("OR", {key: [values[row] for row in order] for key, values in columns.items()}, likelihood)
    turned = {"ai": columns["ci"], "n1i": columns["n2i"], "ci": columns["ai"], "n2i": columns["n1i"]}
    other = fit("OR", turned, likelihood)
    assert (shuffled.estimate, shuffled.tau2) == pytest.approx((found.estimate, found.tau2), abs=2e-4)
    assert (-other.estimate, other.tau2) == pytest.approx((found.estimate, found.tau2), abs=2e-4)
    assert found.log_likelihood >= fit("OR", columns, likelihood, model="common").log_likelihood - 1e-9


@settings(max_examples=3, deadline=None)
@given(two_groups())
def test_without_spread_conditional_rates_equal_fixed_study_effects(columns):
    """With a common effect, Poisson with study effects and binomial given the total are the same likelihood."""
    rates = {"x1i": columns["ai"], "t1i": columns["n1i"], "x2i": columns["ci"], "t2i": columns["n2i"]}
    one, other = (fit("IRR", rates, key, model="common") for key in ("UM.FS", "CM.EL"))
    assert (one.estimate, one.se, one.q_lrt) == pytest.approx(
        (other.estimate, other.se, other.q_lrt), rel=1e-4, abs=1e-6
    )


@given(st.integers(0, 40), st.integers(1, 40), st.floats(-30, 30))
def test_kernels_are_their_textbook_log_likelihoods(x, rest, at):
    from scipy.special import gammaln

    n, where = x + rest, np.array([[at]])
    arm = Binomial(np.array([float(x)]), np.array([float(n)]))
    p = [-np.logaddexp(0, -at), -np.logaddexp(0, at)]
    plain = math.log(math.comb(n, x)) + x * p[0] + rest * p[1]
    assert arm.value(where)[0, 0] + arm.saturated()[0] == pytest.approx(plain, abs=1e-8, rel=1e-10)
    rate = Poisson(np.array([float(x)]), np.array([float(rest)]))
    plain = x * (at + math.log(rest)) - rest * math.exp(at) - float(gammaln(x + 1))
    assert rate.value(where)[0, 0] + rate.saturated()[0] == pytest.approx(plain, abs=1e-8, rel=1e-10)


@pytest.mark.parametrize(
    ("events", "sizes"),
    [
        ([50_000, 300, 12, 800], [60_000, 40_000, 60, 30_000]),
        ([100_000, 400_000], [10_000_000, 600_000]),
        ([1e9, 2e9, 5], [3e9, 3e9, 10]),
    ],
)
def test_a_common_effect_of_one_group_is_that_of_all_participants_together(events, sizes):
    """Closed forms, however far apart the studies lie for their size: the logit and the logarithm of the totals."""
    x, n = sum(events), sum(sizes)
    logit = glmm(effect_sizes("PLO", xi=events, ni=sizes), model="common")
    assert logit.estimate == pytest.approx(math.log(x / (n - x)), abs=1e-7)
    assert logit.se == pytest.approx(math.sqrt(1 / x + 1 / (n - x)), rel=1e-4)
    rate = glmm(effect_sizes("IRLN", xi=events, ti=sizes), model="common")
    assert rate.estimate == pytest.approx(math.log(x / n), abs=1e-7)
    assert rate.se == pytest.approx(1 / math.sqrt(x), rel=1e-4)
    deviance = sum(
        2 * (a * math.log(a / (b * x / n)) + (b - a) * math.log((b - a) / (b - b * x / n)))
        for a, b in zip(events, sizes, strict=True)
    )
    assert logit.q_lrt == pytest.approx(deviance, rel=1e-9)
    assert glmm(effect_sizes("PLO", xi=events, ni=sizes)).q_lrt == pytest.approx(deviance, rel=1e-9)


@pytest.mark.parametrize("likelihood", ["UM.FS", "UM.RS", "CM.EL"])
def test_the_standard_error_of_a_common_rate_ratio_of_very_many_events(likelihood):
    """Given the totals N the information is sum N p (1 - p), with the same p everywhere for equal times."""
    first, second = [1e9, 2e9, 1.2e9], [1.1e9, 1.8e9, 1.2e9]
    effects = effect_sizes("IRR", x1i=first, t1i=[1e10] * 3, x2i=second, t2i=[1e10] * 3)
    total = sum(first) + sum(second)
    p = sum(first) / total
    found = glmm(effects, likelihood=likelihood, model="common")
    assert found.se == pytest.approx(1 / math.sqrt(total * p * (1 - p)), rel=1e-4)


def test_the_standard_error_does_not_depend_on_where_the_search_began():
    """Two exact proportions and one of ten: nearly a mean of logits with the variances tau2, tau2 and tau2 + 4 / 10."""
    found = glmm(effect_sizes("PLO", xi=[1e9, 2e9, 5], ni=[3e9, 3e9, 10]))
    weights = [1 / (found.tau2 + v) for v in (0, 0, 0.4)]
    assert found.se == pytest.approx(1 / math.sqrt(sum(weights)), rel=0.01)


def test_no_spread_of_the_study_effects_is_exactly_none():
    found = glmm(effect_sizes("OR", ai=[3, 9], n1i=[20, 30], ci=[5, 2], n2i=[22, 28]), likelihood="UM.RS")
    assert found.sigma2 == 0
