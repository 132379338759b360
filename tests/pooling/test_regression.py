"""Meta-regression: pinned results, exact arithmetic, predictions, and what cannot be fitted."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import InputError
from core.pooling import effect_sizes, meta_regression, pool, predict, predict_line, subgroups_common_tau2
from core.pooling.regression.estimators import ESTIMATORS, log_likelihood
from core.pooling.regression.fit import prepare
from tests.pooling.published import BCG, BCG_ALLOCATION

KEYS = [entry.key for entry in ESTIMATORS]
LATITUDE = [44, 55, 42, 52, 13, 44, 19, 13, 27, 42, 18, 33, 33]
YEAR = [1948, 1949, 1960, 1977, 1973, 1953, 1973, 1980, 1968, 1961, 1974, 1969, 1976]

# Teacher expectancy: Raudenbush & Bryk (1985) J Educ Stat 10:75; Raudenbush (1984) J Educ Psychol 76:85.
TEACHERS = {
    "yi": [0.03, 0.12, -0.14, 1.18, 0.26, -0.06, -0.02, -0.32, 0.27, 0.8, 0.54, 0.18, -0.02, 0.23, -0.18, -0.06, 0.3,
           0.07, -0.07],
    "vi": [0.0156, 0.0216, 0.0279, 0.1391, 0.1362, 0.0106, 0.0106, 0.0484, 0.0269, 0.063, 0.0912, 0.0497, 0.0835,
           0.0841, 0.0253, 0.0279, 0.0193, 0.0088, 0.0303],
}  # fmt: skip
WEEKS = [2, 21, 19, 0, 0, 3, 17, 24, 0, 1, 0, 0, 1, 2, 17, 5, 1, 2, 7]
SETTING = ["indiv" if i in (9, 12, 13) else "group" for i in range(19)]
TESTER = ["blind" if i in (4, 6, 9, 10, 11, 12, 13, 15, 17) else "aware" for i in range(19)]


def bcg(measure="RR"):
    return effect_sizes(measure, **BCG)


def teachers(**chosen):
    columns = {"weeks": WEEKS, "setting": SETTING, "tester": TESTER}
    return meta_regression(effect_sizes("GEN", **TEACHERS), columns, **chosen)


def generic(y, v, **columns):
    return effect_sizes("GEN", yi=y, vi=v, **columns)


def close(want, rel=1e-9):
    return pytest.approx(want, rel=rel, abs=1e-12)


# metafor 3.8-1 (tolerances at 1e-13) on risk ratios of the BCG trials, ~ latitude + year.
@pytest.mark.parametrize(
    ("key", "tau2", "se", "r2"),
    [
        ("DL", 0.0790389578091283, 0.0739352391461771, 74.4011884572),
        ("HE", 0.235610760816534, 0.192028695739493, 28.2907248978),
        ("HS", 0.0251355173590155, 0.0130793109403581, 88.9931677356),
        ("HSk", 0.0390727532382591, 0.0218739101401573, 84.3188328567),
        ("SJ", 0.253226123181914, 0.133261729344786, 26.7106756624),
        ("ML", 0.0268731993169453, 0.0235843667194384, 90.4033931807),
        ("REML", 0.110784696947975, 0.0844607754600954, 64.6330147352),
        ("PM", 0.171637115724534, 0.117639938382481, 46.037680085952687),
        ("EB", 0.171637115724687, 0.11763993838256, 46.0376800859),
    ],
)
def test_every_estimator_with_its_standard_error_and_r2(key, tau2, se, r2):
    fit = meta_regression(bcg(), {"latitude": LATITUDE, "year": YEAR}, tau2=key, ci="wald")
    assert [fit.tau2, fit.tau2_se, fit.r2] == [close(tau2), close(se), close(r2)]


def test_a_regression_with_numbers_and_categories():
    fit = teachers(ci="hksj")
    assert [each.name for each in fit.coefficients] == ["intercept", "weeks", "setting: indiv", "tester: blind"]
    assert [each.estimate for each in fit.coefficients] == close(
        [0.16435061310142113, -0.01404695343212006, 0.23188387208434633, -0.00159516424216905]
    )
    assert [each.se for each in fit.coefficients] == close(
        [0.09090682262098559, 0.00675643687569097, 0.21801938141208843, 0.11536462634927987]
    )
    assert [fit.tau2, fit.tau2_se, fit.q, fit.q_p] == close(
        [0.01057099324063867, 0.01363401849114557, 25.13794112414821313, 0.04812129325031246]
    )
    omnibus = fit.omnibus
    assert (omnibus.df, omnibus.ddf, fit.df) == (3, 15, 15)
    assert [omnibus.stat, omnibus.p] == close([2.32169897644453638, 0.11654709321997853])
    assert [fit.i2, fit.h2, fit.r2] == close([27.6287960555524, 1.38176504672717404, 43.82595716558225973])
    assert fit.hat[:3].tolist() == close([0.198127650535233, 0.271800551895326, 0.186973692699381])
    assert [each.moderator for each in fit.tests] == ["weeks", "setting", "tester"]
    assert fit.tests[0].p == close(0.0551851273527847) == close(fit.coefficient("weeks").p)
    assert fit.coefficient("weeks").stat ** 2 == close(fit.tests[0].stat)
    assert fit.tau == close(math.sqrt(fit.tau2))
    assert [entry.code for entry in fit.notes] == ["regression.few"]
    assert fit.weights.sum() == close(100)
    assert fit.hat.sum() == close(4)
    assert np.allclose(fit.fitted + fit.residuals, fit.y, rtol=0, atol=1e-15)


def test_a_common_effect_regression():
    after = [float(weeks > 0) for weeks in WEEKS]
    fit = meta_regression(effect_sizes("GEN", **TEACHERS), {"after": after, "setting": SETTING}, model="common")
    assert [each.estimate for each in fit.coefficients] == close(
        [0.362017766563982324, -0.361660022591341390, 0.381973844120288064]
    )
    assert [each.se for each in fit.coefficients] == close(
        [0.109902337499322711, 0.116907364065178140, 0.163562159374625204]
    )
    assert [fit.q, fit.omnibus.stat, fit.omnibus.p, fit.i2, fit.h2, fit.r2] == close(
        [21.910056737465865, 13.919479562126913, 0.000949343579578477, 26.974173587418232, 1.3693785460916166,
         31.205322827665995]
    )  # fmt: skip
    assert (fit.tau2, fit.tau2_se, fit.tau, fit.i2_kind, fit.omnibus.ddf) == (None, None, None, "q", None)
    assert predict(fit)[0].pi is None


def test_a_joint_test_of_one_factor_beside_a_number():
    fit = meta_regression(bcg("OR"), {"latitude": LATITUDE, "allocation": BCG_ALLOCATION})
    assert fit.settings.ci == "hksj"
    assert [fit.tests[1].stat, fit.tests[1].p] == close([0.529171222857631, 0.606348648255687])
    assert [fit.omnibus.stat, fit.r2] == close([3.842797880013888, 58.50227332898888])
    at = predict(fit, {"latitude": [10, 30], "allocation": ["systematic", "systematic"]})
    assert at[0].estimate == close(fit.coefficients[0].estimate + 10 * fit.coefficients[1].estimate
                                   + fit.coefficients[3].estimate)  # fmt: skip
    # metafor's predict(f, newmods = cbind(c(10, 30), 0, 1)).
    want = [
        [0.112712303483, 0.312411039154, -0.594010566475, 0.819435173442, -0.990349424879, 1.215774031846],
        [-0.475983332618, 0.249642638672, -1.040714215828, 0.088747550593, -1.493926814402, 0.541960149167],
    ]
    assert [[one.estimate, one.se, *one.ci, *one.pi] for one in at] == [close(row, 1e-10) for row in want]


def test_predictions_as_readers_see_them():
    fit = meta_regression(bcg("OR"), {"latitude": LATITUDE})
    shown = predict(fit, {"latitude": 30})[0].display()
    assert [shown.estimate, *shown.ci, *shown.pi] == close(
        [0.524678811171, 0.409696291926, 0.671931526639, 0.301889076224, 0.911884120936], 1e-10
    )
    wide, higgins, normal = (predict(fit, {"latitude": 30}, pi=kind)[0] for kind in ("t(k-p)", "t(k-p-1)", "z"))
    assert higgins.pi.high > wide.pi.high > normal.pi.high > normal.ci.high
    assert predict(fit, {"latitude": 30}, pi=None)[0].pi is None
    assert predict(fit, {"latitude": 30}, level=0.5)[0].ci.high < wide.ci.high


def test_a_line_over_one_moderator_with_the_others_at_their_means():
    fit = teachers()
    line = predict_line(fit, "weeks", points=5, at={"setting": "indiv"})
    assert [one.values["weeks"] for one in line] == [0, 6, 12, 18, 24]
    blind = sum(each == "blind" for each in TESTER) / 19
    names = ("intercept", "weeks", "setting: indiv", "tester: blind")
    b = [fit.coefficient(name).estimate for name in names]
    assert line[2].estimate == close(b[0] + 12 * b[1] + b[2] + blind * b[3])
    row = np.array([1, 12, 1, blind])
    assert line[2].se == close(math.sqrt(row @ fit.vcov @ row))
    assert [one.values["weeks"] for one in predict_line(fit, "weeks", over=(2, 3), points=2)] == [2, 3]
    assert predict(fit)[0].estimate == close(float(fit.x.mean(axis=0) @ b))


def test_without_an_intercept_a_factor_keeps_all_levels():
    fit = meta_regression(bcg("OR"), {"allocation": BCG_ALLOCATION}, intercept=False)
    assert [each.level for each in fit.coefficients] == ["alternate", "random", "systematic"]
    assert [each.estimate for each in fit.coefficients] == close(
        [-0.6069419587790830, -0.9921477972252275, -0.4325043042822916]
    )
    assert (fit.omnibus.df, fit.omnibus.ddf, fit.r2) == (3, 10, None)
    assert [fit.omnibus.stat, fit.omnibus.p] == close([5.8247245590424912, 0.0144246445172925])
    # R 4.2.2: lm(yi ~ latitude - 1, weights = 1 / vi), coefficient and deviance.
    slope = meta_regression(bcg("OR"), {"latitude": LATITUDE}, intercept=False, model="common")
    assert [slope.coefficients[0].estimate, slope.q] == close([-0.02151019717, 48.0679239188], 1e-9)


def test_no_moderators_is_the_pooled_result():
    for key, ci in (("REML", "hksj"), ("DL", "wald"), ("PM", "t"), ("ML", "hksj-adhoc")):
        fit, pooled = meta_regression(bcg(), {}, tau2=key, ci=ci), pool(bcg(), tau2=key, ci=ci)
        mean = fit.coefficients[0]
        assert [mean.estimate, mean.se, *mean.ci, fit.tau2, fit.tau2_se, fit.q, fit.i2, fit.h2] == close(
            [pooled.estimate, pooled.se, *pooled.ci, pooled.tau2, pooled.tau2_se, pooled.q, pooled.i2, pooled.h2]
        )
        assert (fit.omnibus, fit.tests, fit.r2) == (None, (), None)


def test_the_reference_level_can_be_chosen_and_numbers_be_categories():
    one = meta_regression(bcg(), {"allocation": BCG_ALLOCATION})
    other = meta_regression(bcg(), {"allocation": BCG_ALLOCATION}, reference={"allocation": "random"})
    assert [each.level for each in other.coefficients] == [None, "alternate", "systematic"]
    assert other.coefficients[1].estimate == close(-one.coefficients[1].estimate)
    assert [other.omnibus.stat, other.tau2] == close([one.omnibus.stat, one.tau2])
    grades = [4, 2, 10, 2, 4, 10, 4, 2, 2, 4, 10, 2, 4]
    fit = meta_regression(bcg(), {"grade": grades}, categorical=["grade"])
    assert [each.name for each in fit.coefficients] == ["intercept", "grade: 4", "grade: 10"]
    assert predict(fit, {"grade": 2})[0].estimate == close(fit.coefficients[0].estimate)
    assert predict(fit, {"grade": "10"})[0].estimate == close(
        fit.coefficients[0].estimate + fit.coefficients[2].estimate
    )
    asked = meta_regression(bcg(), {"grade": grades}, reference={"grade": 10})
    assert [each.level for each in asked.coefficients] == [None, "2", "4"]


def test_a_reference_that_no_study_has_is_replaced_and_said():
    latitude = [None if each == "random" else value for each, value in zip(BCG_ALLOCATION, LATITUDE, strict=True)]
    moderators = {"latitude": latitude, "allocation": BCG_ALLOCATION}
    fit = meta_regression(bcg(), moderators, reference={"allocation": "random"})
    assert [each.level for each in fit.coefficients] == [None, None, "systematic"]
    assert "No study used has allocation random, so the other levels are compared with alternate." in [
        entry.message for entry in fit.notes
    ]
    with pytest.raises(InputError) as caught:
        predict(fit, {"allocation": "random"})
    assert caught.value.code == "regression.unknown-level"


def test_redundant_terms_are_dropped_and_named():
    double = [2 * value + 1 for value in LATITUDE]
    fit = meta_regression(bcg(), {"same": [3] * 13, "latitude": LATITUDE, "double": double})
    assert fit.dropped == ("same", "double")
    assert {entry.code: entry.params["term"] for entry in fit.notes if "term" in entry.params} == {
        "regression.constant": "same",
        "regression.collinear": "double",
    }
    alone = meta_regression(bcg(), {"latitude": LATITUDE})
    assert [each.estimate for each in fit.coefficients] == close([each.estimate for each in alone.coefficients])
    north = ["north" if each == "random" else "south" for each in BCG_ALLOCATION]
    factors = meta_regression(bcg(), {"allocation": BCG_ALLOCATION, "where": north})
    assert factors.dropped == ("where: south",)
    for name, value in (("double", 3.0), ("same", 3)):
        with pytest.raises(InputError) as caught:
            predict(fit, {name: value})
        assert caught.value.code == "regression.dropped-term"
    with pytest.raises(InputError, match="where: south was dropped"):
        predict(factors, {"where": "south"})


def test_a_constant_moderator_leaves_the_pooled_result():
    effects = generic([0.1, 0.2, 0.4, 0.1], [0.1, 0.1, 0.2, 0.1])
    fit = meta_regression(effects, {"x": [1, 1, 1, 1]}, ci="wald")
    assert [fit.coefficients[0].estimate, fit.coefficients[0].se, fit.q] == close(
        [0.1714285714285713, 0.16903085094570325, 0.37142857142857144]
    )
    assert [entry.message for entry in fit.notes] == ["x was dropped: it is the same in all studies."]


def test_studies_without_a_moderator_or_an_effect_are_left_out_and_named():
    table = {key: list(values) for key, values in BCG.items()}
    table["ai"][0] = None
    latitude, allocation = [*LATITUDE[:12], None], list(BCG_ALLOCATION)
    allocation[3] = " "
    allocation[12] = None
    effects = effect_sizes("RR", **table)
    fit = meta_regression(effects, {"latitude": latitude, "allocation": allocation})
    assert fit.rows == (1, 2, 4, 5, 6, 7, 8, 9, 10, 11)
    assert [(entry.code, entry.row) for entry in fit.notes] == [
        ("pool.left-out", None),
        ("regression.missing", 3),
        ("regression.missing", 12),
        ("regression.few", None),
    ]
    assert fit.notes[2].params["moderators"] == "latitude, allocation"
    kept = {key: [values[row] for row in fit.rows] for key, values in BCG.items()}
    alone = meta_regression(
        effect_sizes("RR", **kept),
        {"latitude": [latitude[r] for r in fit.rows], "allocation": [allocation[r] for r in fit.rows]},
    )
    assert [each.estimate for each in fit.coefficients] == close([each.estimate for each in alone.coefficients])


@pytest.mark.parametrize(
    ("code", "moderators", "chosen"),
    [
        ("regression.too-few", {"x": [1, 2, 4]}, {"categorical": ["x"]}),
        ("regression.too-few", {"x": [1, None, 4]}, {}),
        ("regression.nothing-to-fit", {}, {"intercept": False}),
        ("pooling.lengths", {"x": [1, 2]}, {}),
        ("regression.mixed-moderator", {"x": [1, "b", 2]}, {}),
        ("regression.not-finite", {"x": [1, math.inf, 2]}, {}),
        ("regression.unknown-moderator", {"x": [1, 2, 3]}, {"categorical": ["z"]}),
        ("regression.unknown-reference", {"x": ["a", "b", "a"]}, {"reference": {"x": "c"}}),
        ("regression.common", {"x": [1, 2, 3]}, {"model": "common", "tau2": "DL"}),
        ("regression.common", {"x": [1, 2, 3]}, {"model": "common", "ci": "hksj"}),
        ("pooling.unknown-choice", {"x": [1, 2, 3]}, {"model": "mixed"}),
        ("pooling.unknown-choice", {"x": [1, 2, 3]}, {"ci": "handbook"}),
        ("pooling.unknown-tau2", {"x": [1, 2, 3]}, {"tau2": "XX"}),
        ("pooling.level", {"x": [1, 2, 3]}, {"level": 95}),
    ],
)
def test_what_makes_no_sense_is_refused(code, moderators, chosen):
    with pytest.raises(InputError) as caught:
        meta_regression(generic([0.1, 0.2, 0.4], [0.1, 0.1, 0.2]), moderators, **chosen)
    assert caught.value.code == code


def test_no_studies_are_too_few():
    with pytest.raises(InputError, match="too few studies: 0 "):
        meta_regression(generic([], []), {"x": []})


@pytest.mark.parametrize(
    ("code", "at", "chosen"),
    [
        ("regression.unknown-moderator", {"height": 3}, {}),
        ("regression.unknown-level", {"setting": "school"}, {}),
        ("regression.not-a-number", {"weeks": "two"}, {}),
        ("regression.not-a-number", {"weeks": math.nan}, {}),
        ("regression.prediction-lengths", {"weeks": [1, 2], "tester": ["aware", "blind", "blind"]}, {}),
        ("pooling.unknown-choice", {}, {"pi": "t(k-1)"}),
        ("pooling.level", {}, {"level": 1}),
    ],
)
def test_predictions_that_make_no_sense_are_refused(code, at, chosen):
    with pytest.raises(InputError) as caught:
        predict(teachers(), at, **chosen)
    assert caught.value.code == code


def test_there_is_no_line_over_a_category():
    with pytest.raises(InputError, match="setting is not a continuous moderator"):
        predict_line(teachers(), "setting")


def test_a_perfect_fit_says_so():
    x = [0.1, 0.2, 0.3, 0.4, 0.55]
    for y in ([0.3] * 5, [1 + 3 * value for value in x]):
        fit = meta_regression(generic(y, [0.1, 0.2, 0.1, 0.3, 0.5]), {"x": x})
        assert (fit.q, fit.tau2, fit.residuals.tolist(), fit.omnibus.stat) == (0, 0, [0] * 5, None)
        assert "regression.perfect-fit" in [entry.code for entry in fit.notes]
        wald = meta_regression(generic(y, [0.1, 0.2, 0.1, 0.3, 0.5]), {"x": x}, ci="wald")
        assert all(each.se > 0 and math.isfinite(each.p) for each in wald.coefficients)
    nearly = meta_regression(generic([1 + 3 * value + 1e-9 * (value > 0.3) for value in x], [0.1] * 5), {"x": x})
    assert nearly.q > 0
    assert nearly.omnibus.stat > 0


def test_no_heterogeneity_leaves_nothing_to_explain():
    fit = meta_regression(generic([0.1, 0.12, 0.1, 0.11], [0.1, 0.2, 0.1, 0.3]), {"x": [1, 2, 3, 5]})
    assert (fit.tau2, fit.r2) == (0, None)
    flat = meta_regression(generic([0.1] * 4, [0.1, 0.2, 0.1, 0.3]), {"x": [1, 2, 3, 5]}, model="common")
    assert flat.r2 is None
    same = meta_regression(generic([0.1] * 4, [0.1, 0.2, 0.1, 0.3]), {"x": [1, 2, 3, 5]}, tau2="SJ")
    assert (same.tau2, same.tau2_se) == (0, None)


def exact_projection(x, w):
    """P of the design x at weights w, in rational arithmetic."""
    k, p = len(w), len(x[0])
    table = [
        [sum(w[i] * x[i][a] * x[i][b] for i in range(k)) for b in range(p)] + [x[i][a] * w[i] for i in range(k)]
        for a in range(p)
    ]
    for a in range(p):
        pivot = next(b for b in range(a, p) if table[b][a] != 0)
        table[a], table[pivot] = table[pivot], table[a]
        table[a] = [value / table[a][a] for value in table[a]]
        for b in range(p):
            if b != a:
                table[b] = [one - table[b][a] * other for one, other in zip(table[b], table[a], strict=True)]
    return [
        [(w[i] if i == j else 0) - w[i] * sum(x[i][a] * table[a][p + j] for a in range(p)) for j in range(k)]
        for i in range(k)
    ]


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from([1, 4, 8, 12]), st.booleans())
def test_moments_and_roots_agree_with_exact_arithmetic(seed, decades, years):
    rng = np.random.default_rng(seed)
    k = 7
    v = 10 ** rng.uniform(-decades / 2, decades / 2, k)
    slope = rng.normal(size=k) + 2000 * years
    y = slope / 2 + rng.normal(size=k) * np.sqrt(v + 0.5)
    group = ["solo", "a", "a", "b", "b", "a", "b"]
    fits = {
        key: meta_regression(generic(y, v), {"x": slope, "g": group}, tau2=key) for key in ("DL", "REML", "PM", "HE")
    }
    x = [[Fraction(float(value)) for value in row] for row in fits["DL"].x]
    y, v = ([Fraction(float(value)) for value in values] for values in (y, v))

    def at(tau2):
        m = exact_projection(x, [1 / (each + Fraction(tau2)) for each in v])
        residual = [sum(row[j] * y[j] for j in range(k)) for row in m]
        trace = sum(m[i][i] for i in range(k))
        q = sum(one * other for one, other in zip(y, residual, strict=True))
        return q, trace, sum(each * each for row in m for each in row), sum(each * each for each in residual)

    df = fits["DL"].df
    q, trace, trace2, _ = at(0)
    tau2 = max(Fraction(0), (q - df) / trace)
    assert fits["DL"].q == close(float(q))
    assert fits["DL"].tau2 == pytest.approx(float(tau2), rel=1e-8, abs=1e-12 * float(df / trace))
    error = math.sqrt(2 * df + 4 * tau2 * trace + 2 * tau2 * tau2 * trace2) / trace
    assert fits["DL"].tau2_se == pytest.approx(error, rel=1e-7)
    restricted, moments = fits["REML"].tau2, fits["PM"].tau2
    assert fits["REML"].tau2_se == pytest.approx(math.sqrt(2 / at(restricted)[2]), rel=1e-7)
    if restricted > 0:
        below, above = at(restricted * (1 - 1e-7)), at(restricted * (1 + 1e-7))
        assert below[3] - below[1] > 0 > above[3] - above[1]
    if moments > 0:
        assert at(moments * (1 - 1e-7))[0] > df > at(moments * (1 + 1e-7))[0]


def test_the_highest_of_several_maxima_of_the_likelihood_is_taken():
    # Two far effects with large variances and a tight cluster: the score of REML has three roots.
    y = [0.0, 0.02, -0.02, 0.01, 3.0, -3.5, 0.0, 2.0]
    v = [1e-4, 1e-4, 1e-4, 1e-4, 0.5, 0.5, 1e-4, 0.6]
    for key, restricted in (("REML", True), ("ML", False)):
        fit = meta_regression(generic(y, v), {"x": [0, 1, 2, 3, 4, 5, 6, 7]}, tau2=key)
        space = prepare(fit.y, fit.v, fit.design).residual
        grid = np.concatenate([[fit.tau2, 0.0], np.geomspace(1e-7, 50, 400)])
        found = log_likelihood(space.take(np.zeros(len(grid), dtype=np.intp)), grid, restricted)
        assert found[0] >= found.max() - 1e-9


effect = st.floats(-3, 3).map(lambda value: round(value, 4))
variance = st.floats(0.005, 4).map(lambda value: round(value, 4))
number = st.floats(-9, 9).map(lambda value: round(value, 3))
rows = st.lists(st.tuples(effect, variance, number, st.sampled_from("abc")), min_size=7, max_size=12)


@settings(max_examples=15, deadline=None)
@given(rows, st.sampled_from(KEYS), st.sampled_from(["wald", "hksj", "hksj-adhoc", "t"]), st.randoms())
def test_order_unit_and_coding_of_the_studies_do_not_matter(data, key, ci, random):
    def fitted(part, size=1.0, unit=1.0, shift=0.0):
        moderators = {"x": [unit * x + shift for _, _, x, _ in part], "g": [g for *_, g in part]}
        effects = generic([size * y for y, *_ in part], [size**2 * v for _, v, *_ in part])
        return meta_regression(effects, moderators, tau2=key, ci=ci)

    whole = fitted(data)
    mixed = data.copy()
    random.shuffle(mixed)
    moved = fitted(data, unit=-4, shift=100)
    larger = fitted(data, size=16)
    # A power of two scales exactly; tau2 near its bound at 0 is as uncertain as a unit in the last place of Q.
    bound = 1e-7 * (1 + whole.tau2)
    for other, factor in ((fitted(mixed), 1), (moved, 1), (larger, 256)):
        assert other.tau2 / factor == pytest.approx(whole.tau2, rel=1e-7, abs=bound * 1e-3)
        assert other.q == pytest.approx(whole.q, rel=1e-8, abs=1e-9)
        if whole.omnibus is not None and whole.omnibus.stat is not None:
            assert other.omnibus.stat == pytest.approx(whole.omnibus.stat, rel=1e-6, abs=1e-9)
    assert np.allclose(np.sort(fitted(mixed).fitted), np.sort(whole.fitted), atol=1e-6)
    assert larger.vcov == pytest.approx(256 * whole.vcov, rel=1e-6, abs=1e-12)


def test_subgroups_with_one_tau2():
    found = subgroups_common_tau2(bcg("OR"), BCG_ALLOCATION)
    assert [(group.label, group.k) for group in found.groups] == [("random", 7), ("alternate", 2), ("systematic", 4)]
    assert [group.estimate for group in found.groups] == close(
        [-0.9921477972252275, -0.6069419587790830, -0.4325043042822916]
    )
    assert [group.se for group in found.groups] == close([0.2654634601614117, 0.4398128866466436, 0.3417663701969553])
    fit = meta_regression(bcg("OR"), {"g": BCG_ALLOCATION})
    assert [found.difference.stat, found.regression.tau2] == [fit.omnibus.stat, fit.tau2]
    shown = found.groups[0].display()
    assert [shown.estimate, *shown.ci] == close(
        [math.exp(value) for value in (found.groups[0].estimate, *found.groups[0].ci)]
    )
    assert [entry.code for entry in found.notes] == []


def test_subgroups_without_an_estimable_study_drop_out():
    effects = generic([0.1, 0.3, None, 0.2], [0.1, 0.1, 0.1, 0.2])
    found = subgroups_common_tau2(effects, ["a", "a", "b", "a"], ci="wald")
    assert [group.label for group in found.groups] == ["a"]
    assert found.difference is None
    assert [entry.code for entry in found.notes] == ["pool.left-out", "subgroups.dropped", "subgroups.one"]
    alone = pool(effects.select([0, 1, 3]), ci="wald")
    assert found.groups[0].estimate == close(alone.estimate)
    for names, code in ((["a", None, "b", "a"], "pooling.no-subgroup"), (["a"], "pooling.lengths")):
        with pytest.raises(InputError) as caught:
            subgroups_common_tau2(effects, names)
        assert caught.value.code == code
    with pytest.raises(InputError) as caught:
        subgroups_common_tau2(effects, ["a", "b", "c", "d"])
    assert caught.value.code == "regression.too-few"
