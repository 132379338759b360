"""Leave-one-out, cumulative meta-analysis, influence and Baujat plots. Numbers typed in are metafor 3.8-1's."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import InputError
from core.pooling import baujat, cumulative, effect_sizes, influence, leave_one_out, pool
from tests.pooling.published import BCG, MOLLOY, ZEROS
from tests.pooling.test_properties import generic, numbers, studies, tables

ESTIMATORS = ["REML", "DL", "PM", "ML", "HE", "SJ"]


@pytest.fixture(scope="module")
def molloy():
    return effect_sizes("ZCOR", **MOLLOY)


@pytest.fixture(scope="module")
def bcg():
    return effect_sizes("OR", **BCG)


def codes(found) -> set[str]:
    return {entry.code for entry in found.notes}


def column(rows, name: str) -> list[float]:
    return [getattr(row, name) for row in rows]


# Leave-one-out.


def test_leave_one_out_of_molloy(molloy):
    found = leave_one_out(molloy, tau2="REML", ci="wald")
    fits = [refit.pooled for refit in found.refits]
    assert column(fits, "estimate")[:4] == pytest.approx(
        [0.1483472932221, 0.1500235020671, 0.1418116038665, 0.1379431136461], rel=1e-10
    )
    assert column(fits, "tau2")[:4] == pytest.approx(
        [0.009059613648121, 0.009997125080184, 0.007540458808629, 0.006768736237779], rel=1e-9
    )
    assert fits[9].p == pytest.approx(1.504453719469e-08, rel=1e-9)
    assert codes(found) == {"leave-one-out.stable"}


def test_leave_one_out_by_mantel_haenszel_and_peto(bcg):
    found = [refit.pooled for refit in leave_one_out(bcg, model="common", method="MH").refits]
    assert found[7].estimate == pytest.approx(-0.8332598189417, rel=1e-12)
    assert found[7].se == pytest.approx(0.05520687434491, rel=1e-12)
    found = [refit.pooled for refit in leave_one_out(bcg, model="common", method="Peto").refits]
    assert found[7].estimate == pytest.approx(-0.8161336550689, rel=1e-12)


def test_studies_that_decide_are_named():
    effects = effect_sizes("GEN", labels=["A", "B", "C"], yi=[2.0, 0.3, -0.2], sei=[0.4, 0.3, 0.35])
    found = leave_one_out(effects, model="common")
    assert found.overall.p < 0.05
    assert [refit.changes for refit in found.refits] == [("significance",), (), ()]
    assert [entry.params["studies"] for entry in found.notes] == ["A"]
    turned = leave_one_out(effect_sizes("GEN", labels=["A", "B"], yi=[0.7, -0.2], sei=[0.5, 0.5]), model="common")
    assert turned.refits[0].changes == ("direction",)
    assert codes(turned) == {"leave-one-out.direction"}


def test_a_measure_of_one_group_has_no_direction():
    effects = effect_sizes("PLO", xi=[1, 40, 45], ni=[50, 60, 60])
    found = leave_one_out(effects)
    assert [refit.changes for refit in found.refits] == [(), (), ()]
    assert found.notes == ()


def test_the_only_table_with_events_in_both_groups_decides_whether_there_is_an_estimate():
    effects = effect_sizes("OR", ai=[3, 0], n1i=[20, 20], ci=[2, 3], n2i=[20, 20])
    found = leave_one_out(effects, model="common", method="MH")
    assert found.overall.estimable
    assert [refit.changes for refit in found.refits] == [("estimability",), ("direction",)]
    assert codes(found) == {"leave-one-out.estimability", "leave-one-out.direction"}


def test_studies_that_do_not_contribute_are_not_left_out():
    effects = effect_sizes("OR", **ZEROS)
    found = leave_one_out(effects, model="common")
    assert [refit.row for refit in found.refits] == [0, 2, 4]
    peto = leave_one_out(effects, model="common", method="Peto")
    assert [refit.row for refit in peto.refits] == [0, 2, 4]
    kept = effect_sizes("OR", drop00=False, **ZEROS)
    assert len(leave_one_out(kept, model="common", method="MH").refits) == 6


def test_nothing_to_leave_out():
    for rows, code in ((0, "pool.no-studies"), (1, "leave-one-out.one")):
        found = leave_one_out(effect_sizes("GEN", yi=[0.3] * rows, vi=[0.04] * rows))
        assert codes(found) == {code}
        assert len(found.refits) == rows
    assert not found.refits[0].pooled.estimable
    missing = leave_one_out(effect_sizes("GEN", yi=[None, 0.2], vi=[0.1, None]))
    assert missing.refits == ()
    assert "pool.none-estimable" in codes(missing)


@given(studies, st.sampled_from(ESTIMATORS), st.sampled_from(["handbook", "hksj", "t"]))
@settings(max_examples=15)
def test_each_refit_is_pool_of_the_others(rows, tau2, ci):
    found = leave_one_out(generic(rows), tau2=tau2, ci=ci)
    for refit in found.refits:
        rest = rows[: refit.row] + rows[refit.row + 1 :]
        assert numbers(refit.pooled) == pytest.approx(numbers(pool(generic(rest), tau2=tau2, ci=ci)), nan_ok=True)


@given(tables(), st.sampled_from([("MH", None), ("MH", "revman5"), ("Peto", None)]))
@settings(max_examples=15)
def test_tables_left_out_are_pool_of_the_others(table, combination):
    method, compatibility = combination
    effects = effect_sizes("OR", compatibility=compatibility, **table)
    found = leave_one_out(effects, model="common", method=method)
    assert numbers(found.overall) == numbers_or_nan(pool(effects, model="common", method=method))
    for refit in found.refits:
        rest = {key: values[: refit.row] + values[refit.row + 1 :] for key, values in table.items()}
        alone = pool(effect_sizes("OR", compatibility=compatibility, **rest), model="common", method=method)
        assert numbers(refit.pooled) == pytest.approx(numbers(alone), nan_ok=True)


def numbers_or_nan(pooled):
    return pytest.approx(numbers(pooled), nan_ok=True, rel=1e-15)


# Cumulative.


def test_cumulative_by_precision(molloy):
    found = cumulative(molloy, order="precision", tau2="REML", ci="wald")
    fits = [step.pooled for step in found.steps]
    assert found.order[:4] == (9, 1, 13, 7)
    assert column(fits, "estimate")[:3] == pytest.approx(
        [0.010000333353335, 0.086594997701923, 0.107031087232967], rel=1e-9
    )
    assert fits[-1].estimate == pytest.approx(0.14991714851737, rel=1e-10)
    assert column(fits, "tau2")[1:4] == pytest.approx(
        [0.0104505701860727, 0.0060101188576475, 0.0044049032108916], rel=1e-9
    )
    assert fits[0].tau2 is None
    assert found.steps[0].changes == ()
    assert found.notes == ()


def test_orders():
    effects = effect_sizes("GEN", yi=[0.5, None, -0.2, 0.1], vi=[0.1, 0.01, 0.3, 0.2])
    assert cumulative(effects, order="given").order == (0, 1, 2, 3)
    assert cumulative(effects, order="precision").order == (0, 3, 2, 1)
    assert cumulative(effects, order="effect").order == (2, 3, 0, 1)
    found = cumulative(effects, order=np.array([3, 1, 0, 2]))
    assert [step.row for step in found.steps] == [3, 0, 2]
    assert found.steps[-1].pooled.k_listed == pool(effects).k_listed == 3
    with pytest.raises(InputError, match="no order year"):
        cumulative(effects, order="year")
    for wrong in ([0, 1, 2], [0, 1, 2, 2], [1, 2, 3, 4]):
        with pytest.raises(InputError, match="4 rows once"):
            cumulative(effects, order=wrong)


def test_steps_say_what_they_change():
    effects = effect_sizes("GEN", yi=[0.1, 2.0, -2.4], sei=[0.3, 0.3, 0.3])
    assert [step.changes for step in cumulative(effects, model="common").steps] == [
        (),
        ("significance",),
        ("significance", "direction"),
    ]


def test_nothing_to_add():
    assert codes(cumulative(effect_sizes("GEN", yi=[], vi=[]))) == {"pool.no-studies"}
    assert codes(cumulative(effect_sizes("GEN", yi=[None], vi=[1.0]))) == {"pool.none-estimable"}


@given(studies, st.randoms(use_true_random=False), st.sampled_from(ESTIMATORS))
@settings(max_examples=15)
def test_the_last_step_is_pool(rows, random, tau2):
    order = list(range(len(rows)))
    random.shuffle(order)
    effects = generic(rows)
    found = cumulative(effects, order=order, tau2=tau2)
    assert numbers(found.steps[-1].pooled) == pytest.approx(numbers(pool(effects, tau2=tau2)), rel=1e-6, abs=1e-7)
    given_order = cumulative(effects, tau2=tau2).steps[-1].pooled
    assert numbers(given_order) == numbers(pool(effects, tau2=tau2))


# Influence.

INFLUENCE = {
    "rstudent": [0.291830010288798, 0.119560071042431, 1.274059302122900, 1.471231216878945],
    "dffits": [0.048447473636235, -0.003076604938403, 0.259545489537086, 0.394625326595019],
    "cooks_distance": [2.474265796932e-03, 1.135614911526e-05, 6.596165022678e-02, 1.439488316784e-01],
    "cov_ratio": [1.1331372194007, 1.2595658171215, 0.9942005307510, 0.9543254039672],
    "tau2_deleted": [0.009059613648121, 0.009997125080184, 0.007540458808629, 0.006768736237779],
    "q_deleted": [37.71092198156, 36.76721033508, 35.39302145690, 33.58864000298],
    "hat": [0.05677486105014, 0.10539963085160, 0.03643083619208, 0.05619374621298],
    "dfbetas": [0.048133284755806, -0.003164424677718, 0.262298581895822, 0.399486313686786],
}


def test_influence_of_molloy(molloy):
    found = influence(molloy, tau2="REML")
    for name, expected in INFLUENCE.items():
        assert column(found.studies, name)[:4] == pytest.approx(expected, rel=1e-8), name
    assert not any(study.influential for study in found.studies)
    assert found.notes == ()
    assert found.studies[0].weight == 100 * found.studies[0].hat


def test_hartung_knapp_scales_the_measures_of_influence(bcg):
    found = influence(bcg, tau2="DL", ci="hksj").studies
    expected = {
        "rstudent": [-0.2275040862584, -1.3255900370580],
        "dffits": [-0.05154539845833, -0.34994460464885],
        "cooks_distance": [0.00287757199968, 0.11555934636228],
        "cov_ratio": [1.145259416031, 1.003112289909],
        "dfbetas": [-0.05146209814816, -0.35082852209126],
    }
    for name, values in expected.items():
        assert column(found, name)[:2] == pytest.approx(values, rel=1e-10), name


def test_a_study_far_off_is_influential():
    effects = effect_sizes(
        "GEN", labels=["A", "B", "C", "E", "D"], yi=[0.1, 0.2, 0.15, 0.18, 0.9], sei=[0.2, 0.2, 0.25, 0.2, 0.22]
    )
    found = influence(effects, model="common")
    assert [study.label for study in found.studies if study.influential] == ["D"]
    assert found.studies[4].reasons == ("cooks_distance", "dfbetas")
    assert [entry.params.get("studies") for entry in found.notes] == ["D"]
    heavy = influence(effect_sizes("GEN", yi=[0.1] * 5, vi=[1, 1, 1, 1, 0.1]), model="common")
    assert heavy.studies[4].reasons == ("hat",)


def test_one_and_two_studies():
    one = influence(effect_sizes("GEN", yi=[0.3], vi=[0.04]))
    assert (one.studies[0].hat, one.studies[0].rstudent, one.studies[0].dfbetas) == (1, None, None)
    assert codes(one) == {"influence.one"}
    two = influence(effect_sizes("GEN", yi=[-0.9386941408704, -1.6661907290265], vi=[0.3571249522536, 0.2081323936572]))
    assert column(two.studies, "rstudent") == pytest.approx([0.9676, -0.9676], abs=5e-5)
    assert column(two.studies, "cov_ratio") == pytest.approx([1.5828, 2.7159], abs=5e-5)
    assert column(two.studies, "tau2_deleted") == [None, None]
    assert "influence.two" in codes(two)
    assert codes(influence(effect_sizes("GEN", yi=[], vi=[]))) == {"pool.no-studies"}
    assert codes(influence(effect_sizes("GEN", yi=[None], vi=[1]))) == {"pool.none-estimable"}


def test_no_standard_error_to_measure_in():
    """Without the second study all effects are the same, so Hartung-Knapp's standard error is 0 there."""
    found = influence(effect_sizes("GEN", yi=[-0.1, 0.5, -0.1], vi=[0.7, 0.5, 0.1]), ci="hksj", tau2="DL")
    assert column(found.studies, "rstudent") == [
        pytest.approx(-0.145864991497895),
        None,
        pytest.approx(-1.021054940485),
    ]
    assert [study.influential for study in found.studies] == [False, True, True]
    assert "influence.undefined" in codes(found)
    same = influence(effect_sizes("GEN", yi=[0.2, 0.2, 0.2], vi=[0.7, 0.5, 0.1]), ci="hksj")
    assert column(same.studies, "cooks_distance") == [None, None, None]
    assert [study.influential for study in same.studies] == [False, False, False]


def test_influence_needs_inverse_variance(bcg):
    with pytest.raises(InputError, match="Leave-one-out works"):
        influence(bcg, model="common", method="MH")


@given(studies, st.randoms(use_true_random=False), st.sampled_from(ESTIMATORS))
@settings(max_examples=15)
def test_influence_does_not_depend_on_the_order(rows, random, tau2):
    order = list(range(len(rows)))
    random.shuffle(order)
    first = influence(generic(rows), tau2=tau2).studies
    second = influence(generic([rows[row] for row in order]), tau2=tau2).studies
    for new, old in enumerate(order):
        for name in ("rstudent", "dffits", "hat", "cov_ratio"):
            assert getattr(second[new], name) == pytest.approx(getattr(first[old], name), rel=1e-5, abs=1e-6)


# Baujat.


def test_baujat_of_molloy(molloy):
    points = baujat(molloy, tau2="REML").points
    assert column(points, "x")[:3] == pytest.approx([0.0880801599441550, 0.0193507372775, 1.5247652788411852], rel=1e-9)
    assert column(points, "y")[:3] == pytest.approx([2.183553549005e-03, 9.015923551509e-06, 6.634642427414e-02])


def test_baujat_of_tables(bcg):
    for method in ("MH", "Peto"):
        found = baujat(bcg, model="common", method=method)
        without = leave_one_out(bcg, model="common", method=method).refits[7].pooled
        shift = (found.overall.estimate - without.estimate) / without.se
        assert found.points[7].y == pytest.approx(shift**2, rel=1e-12)
        assert sum(point.x for point in found.points) == pytest.approx(found.overall.q, rel=1e-10)


def test_baujat_without_points():
    nothing = baujat(effect_sizes("GEN", yi=[None], vi=[1]))
    assert (nothing.points, codes(nothing)) == ((), {"pool.none-estimable"})
    one = baujat(effect_sizes("GEN", yi=[0.2], vi=[1]))
    assert (one.points[0].x, one.points[0].y, codes(one)) == (0, None, {"influence.one"})
    undefined = baujat(effect_sizes("GEN", yi=[0.2, 0.2, 0.3], vi=[1, 2, 3]), ci="hksj")
    assert undefined.points[2].y is None
    assert codes(undefined) == {"influence.undefined"}


@given(studies)
@settings(max_examples=15)
def test_baujat_adds_up_to_q(rows):
    found = baujat(generic(rows), model="common")
    assert math.fsum(point.x for point in found.points) == pytest.approx(found.overall.q, rel=1e-9, abs=1e-12)
