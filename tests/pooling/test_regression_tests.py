"""Permutation tests of meta-regressions, Egger's family of regression tests, PET-PEESE."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import InputError
from core.pooling import (
    PREDICTORS,
    REGRESSION_TEST_MODELS,
    effect_sizes,
    meta_regression,
    permutation_test,
    pet_peese,
    regression_test,
)
from core.pooling.regression import permutation
from core.pooling.regression.asymmetry import sample_sizes
from tests.pooling.published import BCG, BCG_ALLOCATION, NORMAND, YUSUF
from tests.pooling.test_regression import LATITUDE


def bcg(measure="OR", rows=range(13)):
    return effect_sizes(measure, **{key: [values[row] for row in rows] for key, values in BCG.items()})


def generic(y, v):
    return effect_sizes("GEN", yi=y, vi=v)


def close(want, rel=1e-9):
    return pytest.approx(want, rel=rel, abs=1e-12)


# metafor 3.8-1 on odds ratios of the BCG trials: statistic, P, limit, its lower bound; sizes from the groups.
@pytest.mark.parametrize(
    ("predictor", "stat", "p", "limit", "low"),
    [
        ("sei", -1.50695069669431, 0.159991485084265, -0.157098862735564, -0.679111908365067),
        ("vi", -0.883158384120683, 0.396041818824929, -0.378614455120768, -0.753336067409265),
        ("ni", 4.7114857245961, 0.000638170187086762, None, None),
        ("ninv", -1.47737858615361, 0.167623875728861, -0.357268114109525, -0.704998491546773),
        ("sqrtni", 4.78096727466002, 0.000570526163187099, None, None),
        ("sqrtninv", -2.83620592768853, 0.0161913964581052, -0.116246253065715, -0.484715967812258),
    ],
)
def test_eggers_regression_on_every_predictor(predictor, stat, p, limit, low):
    test = regression_test(bcg(), predictor=predictor)
    assert (test.k, test.df, test.tau2) == (13, 11, None)
    assert [test.stat, test.p] == close([stat, p])
    assert test.notes == ()
    if limit is None:
        assert (test.limit, test.limit_ci, test.display_limit()) == (None, None, None)
        return
    assert [test.limit, test.limit_ci.low, test.intercept] == close([limit, low, limit])
    shown = test.display_limit()
    assert [shown.estimate, shown.ci.low] == close([math.exp(limit), math.exp(low)])


@pytest.mark.parametrize(
    ("ci", "predictor", "stat", "p", "low"),
    [
        ("wald", "sei", -0.771850048517161, 0.440203245230839, -1.17581542930562),
        ("wald", "sqrtninv", -1.93556294774514, 0.0529212520752101, -0.873887310765959),
        ("hksj", "vi", -0.414635585014867, 0.686379829420541, -1.22522835274828),
        ("t", "ninv", -1.27975855935329, 0.226962434063909, -1.0745763861986),
        ("wald", "ni", 2.40897107234295, 0.0159975659279538, None),
        ("hksj", "sqrtni", 2.50510034044212, 0.02924006939989, None),
    ],
)
def test_the_mixed_effects_test_with_dersimonian_laird(ci, predictor, stat, p, low):
    test = regression_test(bcg(), model="rma", predictor=predictor, tau2="DL", ci=ci)
    assert [test.stat, test.p] == close([stat, p])
    assert test.df == (None if ci == "wald" else 11)
    assert test.tau2 == test.fit.tau2 > 0
    assert (None if test.limit_ci is None else test.limit_ci.low) == (None if low is None else close(low))


def test_reml_and_wald_are_the_mixed_effects_defaults():
    default = regression_test(bcg(), model="rma")
    # metafor 3.8-1 with a convergence threshold of 1e-13.
    assert default.stat == close(-0.774290904413906)
    assert default.stat == regression_test(bcg(), model="rma", tau2="REML", ci="wald").stat


def test_sizes_can_be_given_and_who_has_none_is_left_out():
    sizes = [sum(pair) for pair in zip(BCG["n1i"], BCG["n2i"], strict=True)]
    effects = bcg()
    plain = effect_sizes("GEN", yi=effects.yi, vi=effects.vi)
    assert regression_test(plain, predictor="ni", ni=sizes).stat == close(regression_test(effects, predictor="ni").stat)
    some = regression_test(plain, predictor="ninv", ni=[None, *sizes[1:]])
    assert (some.k, [(entry.code, entry.row) for entry in some.notes]) == (12, [("regtest.no-size", 0)])
    assert regression_test(effect_sizes("MD", **NORMAND), predictor="sqrtni").k == 9


@pytest.mark.parametrize(
    ("measure", "columns", "sizes"),
    [
        ("IRR", {"x1i": [5, 9, 2], "t1i": [100, 150, 80.5], "x2i": [7, 8, 9], "t2i": [120, 90, 70]}, [220, 240, 150.5]),
        ("MPOR", {"ai": [5, 9, 2], "bi": [10, 11, 12], "ci": [3, 4, 9], "di": [7, 8, 1]}, [25, 32, 24]),
        ("COR", {"ri": [0.1, 0.2, 0.4], "ni": [30, 40, 55]}, [30, 40, 55]),
    ],
)
def test_the_size_of_a_study_is_read_from_its_data(measure, columns, sizes):
    assert sample_sizes(effect_sizes(measure, **columns)).tolist() == sizes


@pytest.mark.parametrize(
    ("code", "chosen"),
    [
        ("pooling.unknown-choice", {"model": "glm"}),
        ("pooling.unknown-choice", {"predictor": "n"}),
        ("pooling.unknown-choice", {"model": "rma", "ci": "handbook"}),
        ("pooling.unknown-tau2", {"model": "rma", "tau2": "REM"}),
        ("pooling.level", {"level": 0}),
        ("regtest.lm", {"tau2": "DL"}),
        ("regtest.lm", {"ci": "wald"}),
        ("regtest.no-sizes", {"predictor": "ni"}),
        ("pooling.lengths", {"predictor": "ni", "ni": [1, 2]}),
        ("regtest.bad-size", {"predictor": "ni", "ni": [1, 2, 0, 4]}),
        ("regtest.equal-sizes", {"predictor": "sqrtninv", "ni": [7, 7, 7, 7]}),
    ],
)
def test_settings_that_make_no_sense_are_refused(code, chosen):
    with pytest.raises(InputError) as caught:
        regression_test(generic([0.1, 0.3, 0.2, 0.5], [0.1, 0.2, 0.3, 0.4]), **chosen)
    assert caught.value.code == code


@pytest.mark.parametrize("model", [choice.key for choice in REGRESSION_TEST_MODELS])
def test_equal_standard_errors_are_refused(model):
    for predictor in ("sei", "vi"):
        with pytest.raises(InputError) as caught:
            regression_test(generic([0.1, 0.2, 0.5], [0.1, 0.1, 0.1]), model=model, predictor=predictor)
        assert caught.value.code == "regtest.equal-se"
    with pytest.raises(InputError):
        pet_peese(generic([0.1, 0.2, 0.5], [0.1, 0.1, 0.1]))


@pytest.mark.parametrize("k", [0, 1, 2])
def test_fewer_than_three_studies_have_no_test(k):
    effects = generic([0.1, 0.2][:k], [0.1, 0.2][:k])
    for model in ("lm", "rma"):
        test = regression_test(effects, model=model)
        assert (test.k, test.stat, test.p, test.slope, test.limit, test.fit) == (k, None, None, None, None, None)
        assert [entry.code for entry in test.notes] == ["regtest.too-few"]
    found = pet_peese(effects)
    assert (found.pet, found.peese, found.chosen, found.line, found.display()) == (None, None, None, None, None)
    assert [entry.code for entry in found.notes] == ["regtest.too-few"]


def test_few_studies_are_a_caution_and_those_without_an_effect_are_named():
    effects = effect_sizes("OR", **{key: values[:12] for key, values in YUSUF.items()})
    test = regression_test(effects)
    assert test.k == 11
    assert [entry.code for entry in test.notes] == ["pool.left-out"]
    few = regression_test(effects.select(range(9)))
    assert [(entry.code, entry.params["k"]) for entry in few.notes] == [("regtest.few", 9)]


def test_a_perfect_fit_has_no_test():
    v = [0.04, 0.09, 0.16, 0.25, 0.0121]
    for y in ([0.3] * 5, [0.1 + 2 * math.sqrt(value) for value in v], [1 - 0.3 * math.sqrt(value) for value in v]):
        test = regression_test(generic(y, v))
        assert (test.stat, test.p, test.limit) == (None, None, None)
        assert "regtest.perfect-fit" in [entry.code for entry in test.notes]
        assert pet_peese(generic(y, v)).line is None
    assert regression_test(generic([0.1 + 2 * value for value in v], v)).stat is not None
    one_line = pet_peese(generic([0.1 + 2 * value for value in v], v))
    assert ([entry.code for entry in one_line.notes], one_line.line) == (["regtest.perfect-fit"], None)
    flat = regression_test(generic([0.3] * 5, v), model="rma")
    assert (flat.slope, flat.p, flat.tau2) == (0, 1, 0)


def test_pet_and_peese_of_the_bcg_trials():
    found = pet_peese(bcg())
    # R 4.2.2: lm(yi ~ sei, weights = 1 / vi) and lm(yi ~ vi, weights = 1 / vi).
    pet, peese = found.pet, found.peese
    assert [pet.intercept, pet.intercept_se, pet.slope, pet.slope_se, pet.stat, pet.p] == close(
        [-0.15709886273556414, 0.23717245127076106, -2.345341242079756, 1.5563490213877385, -0.6623824221313831,
         0.5213624143326324]
    )  # fmt: skip
    assert [peese.intercept, peese.intercept_se, peese.slope, peese.slope_se, peese.stat, peese.p] == close(
        [-0.3786144551207679, 0.17025176683739915, -2.477075680871125, 2.8047921249566437, -2.223850372621201,
         0.0480406634308174]
    )  # fmt: skip
    assert (pet.df, peese.df, found.chosen) == (11, 11, "PET")
    assert [entry.code for entry in found.notes] == ["pet-peese.pet"]
    assert found.display().estimate == close(math.exp(pet.intercept))


def test_peese_is_chosen_when_pet_finds_an_effect():
    v = np.linspace(0.01, 0.4, 12)
    y = 0.8 + 0.5 * v + 0.1 * np.sqrt(v) * np.array([1, -1] * 6)
    found = pet_peese(generic(y, v))
    assert found.pet.p < 0.1
    assert (found.chosen, found.line) == ("PEESE", found.peese)
    assert found.notes[-1].code == "pet-peese.peese"
    assert found.display().ci == found.peese.ci


@settings(max_examples=15, deadline=None)
@given(
    st.lists(st.tuples(st.floats(-2, 2), st.floats(0.01, 3)), min_size=4, max_size=10, unique_by=lambda row: row[1]),
    st.sampled_from([choice.key for choice in PREDICTORS]),
)
def test_the_sign_of_the_effects_is_that_of_the_slope(rows, predictor):
    y, v = np.array(rows).round(3).T
    if len(set(v)) == 1:
        return
    sizes = np.arange(len(y)) ** 2 + 5
    one, other = (regression_test(generic(sign * y, v), predictor=predictor, ni=sizes) for sign in (1, -1))
    assert other.p == (None if one.p is None else pytest.approx(one.p, rel=1e-6, abs=1e-9))
    if one.slope is not None:
        assert other.slope == pytest.approx(-one.slope, rel=1e-6, abs=1e-9)


# metafor 3.8-1, permutest(exact = TRUE), on risk ratios of BCG trials.
def test_an_exact_permutation_test_of_one_moderator():
    for ci, p in (("wald", 0.184126984126984), ("hksj", 0.200396825396825)):
        fit = meta_regression(bcg("RR", range(7)), {"latitude": LATITUDE[:7]}, ci=ci)
        test = permutation_test(fit)
        # Two of the seven latitudes are alike, so half of the 5040 arrangements differ.
        assert (test.exact, test.permutations, test.seed) == (True, 2520, None)
        assert [test.coefficients[0].p, test.omnibus.p, test.moderators[0].p] == close([p, p, p])
        assert [test.coefficients[0].stat, test.omnibus.stat] == [fit.coefficients[1].stat, fit.omnibus.stat]
        assert test.notes == ()


def test_an_exact_permutation_test_of_a_number_and_a_factor():
    rows = [1, 2, 4, 5, 6, 10]
    fit = meta_regression(
        bcg("RR", rows),
        {"latitude": [LATITUDE[row] for row in rows], "allocation": [BCG_ALLOCATION[row] for row in rows]},
        tau2="DL",
        ci="wald",
    )
    test = permutation_test(fit, exact=True)
    assert [each.name for each in test.coefficients] == ["latitude", "allocation: random", "allocation: systematic"]
    assert [each.p for each in test.coefficients] == close([0.233333333333333, 0.116666666666667, 0.9])
    assert test.omnibus.p == close(0.123611111111111)
    assert test.omnibus.name is None
    assert [each.name for each in test.moderators] == ["latitude", "allocation"]
    assert test.moderators[0].p == test.coefficients[0].p


def test_without_moderators_the_signs_change():
    fit = meta_regression(bcg("RR", range(7)), {}, tau2="DL", ci="wald")
    test = permutation_test(fit)
    assert (test.exact, test.permutations, test.omnibus, test.moderators) == (True, 128, None, ())
    assert [each.name for each in test.coefficients] == ["intercept"]
    assert test.coefficients[0].p == close(0.015625)
    drawn = permutation_test(fit, exact=False, iterations=400)
    assert drawn.coefficients[0].p == pytest.approx(0.015625, abs=0.025)


def test_random_permutations_follow_their_seed_and_approach_the_exact_test():
    fit = meta_regression(bcg("RR", range(7)), {"latitude": LATITUDE[:7]}, tau2="DL", model="random")
    exact = permutation_test(fit).omnibus.p
    one, again, other = (permutation_test(fit, exact=False, iterations=1500, seed=seed) for seed in (4, 4, 5))
    assert one == again
    assert one != other
    assert (one.exact, one.permutations, one.seed) == (False, 1500, 4)
    assert abs(one.omnibus.p - exact) < 4 * math.sqrt(exact * (1 - exact) / 1500)
    assert round(one.omnibus.p * 1501) == pytest.approx(one.omnibus.p * 1501)


def test_many_arrangements_are_drawn_and_a_common_effect_can_be_tested():
    fit = meta_regression(bcg(), {"latitude": LATITUDE, "allocation": BCG_ALLOCATION}, model="common")
    test = permutation_test(fit, iterations=300)
    assert (test.exact, test.permutations) == (False, 300)
    assert 1 / 301 <= test.omnibus.p < 0.1
    with pytest.raises(InputError) as caught:
        permutation_test(fit, exact=True)
    assert caught.value.code == "permutation.too-many"
    with pytest.raises(InputError) as caught:
        permutation_test(fit, iterations=0)
    assert caught.value.code == "permutation.iterations"


def test_progress_is_told_and_can_cancel():
    fit = meta_regression(bcg("RR", range(7)), {"latitude": LATITUDE[:7]}, tau2="DL")
    told: list[tuple[int, int]] = []
    assert permutation_test(fit, progress=lambda done, total: told.append((done, total))) is not None
    assert told[-1] == (2520, 2520)
    assert [done for done, _ in told] == sorted({done for done, _ in told})
    assert len(told) == math.ceil(2520 / permutation.AT_ONCE)
    assert permutation_test(fit, progress=lambda done, total: done < 1000) is None


def test_few_arrangements_and_perfect_fits_say_so():
    fit = meta_regression(generic([0.1, 0.5, 0.3, 0.9], [0.1, 0.2, 0.1, 0.3]), {"g": ["a", "a", "a", "b"]}, tau2="DL")
    test = permutation_test(fit)
    assert test.permutations == 4
    assert [(entry.code, entry.params["least"]) for entry in test.notes] == [("permutation.few", 0.25)]
    x = [1, 2, 3, 4, 6]
    perfect = meta_regression(generic([0.5 * value for value in x], [0.1, 0.2, 0.1, 0.3, 0.2]), {"x": x})
    nothing = permutation_test(perfect)
    assert (nothing.coefficients, nothing.omnibus, nothing.permutations) == ((), None, 0)
    assert [entry.code for entry in nothing.notes] == ["permutation.perfect-fit"]
    wald = meta_regression(generic([0.5 * value for value in x], [0.1, 0.2, 0.1, 0.3, 0.2]), {"x": x}, ci="wald")
    assert permutation_test(wald).omnibus.p == close(1 / 120)


@settings(max_examples=4, deadline=None)
@given(
    st.integers(0, 10**6), st.sampled_from(["REML", "DL", "SJ", "ML", "PM"]), st.sampled_from(["hksj", "hksj-adhoc"])
)
def test_every_arrangement_has_the_statistic_of_its_own_regression(seed, key, ci):
    rng = np.random.default_rng(seed)
    y, v, x = rng.normal(size=4), rng.uniform(0.05, 1, 4), rng.normal(size=4)
    effects = generic(y, v)
    fit = meta_regression(effects, {"x": x}, tau2=key, ci=ci)
    test = permutation_test(fit)
    dealer = permutation.Rows(fit)
    refitted = []
    for dealt in dealer.every():
        moved = np.empty(4)
        moved[dealer.prepared.order] = x[dealer.prepared.order][dealt]
        refitted.append(abs(meta_regression(effects, {"x": moved}, tau2=key, ci=ci).coefficients[1].stat))
    observed = abs(fit.coefficients[1].stat)
    assert len(refitted) == 24
    assert test.coefficients[0].p == close(sum(stat >= observed * (1 - 1e-7) for stat in refitted) / 24)
