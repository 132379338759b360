"""What tables hold that nobody meant: empty cells read as NaN, words for numbers, identical effects."""

import math

import pytest

from core.errors import InputError
from core.pooling import (
    cumulative,
    effect_sizes,
    leave_one_out,
    meta_regression,
    pool,
    predict,
    regression_test,
    subgroups,
    subgroups_common_tau2,
)

Y, V = [0.1, 0.3, 0.5, 0.2, 0.9, -0.1, 0.4, 0.3], [0.1, 0.2, 0.1, 0.3, 0.2, 0.1, 0.1, 0.05]
EFFECTS = effect_sizes("GEN", yi=Y, vi=V)


@pytest.mark.parametrize("analysis", [subgroups, subgroups_common_tau2])
class TestNamesOfSubgroups:
    def test_spaces_and_ways_of_writing_a_number_make_no_group_of_their_own(self, analysis):
        found = analysis(EFFECTS, ["a", "a ", 1, 1.0, " a", "1", "a", "1 "])
        assert [(group.label, group.rows) for group in found.groups] == [("a", (0, 1, 4, 6)), ("1", (2, 3, 5, 7))]

    @pytest.mark.parametrize("empty", [None, math.nan, "", "  "])
    def test_an_empty_cell_is_no_subgroup(self, analysis, empty):
        with pytest.raises(InputError, match="Study 2 belongs to no subgroup"):
            analysis(EFFECTS, ["a", empty, *"bbbbbb"])


def test_a_moderator_far_from_zero_keeps_its_digits():
    # Adding a number changes the intercept only.
    near, far = (meta_regression(EFFECTS, {"x": [a + x for x in (1, 2, 3, 4, 5, 6, 7, 9)]}) for a in (0, 1e9))
    slopes = near.coefficients[1], far.coefficients[1]
    assert slopes[1].estimate == pytest.approx(slopes[0].estimate, rel=1e-12)
    assert slopes[1].se == pytest.approx(slopes[0].se, rel=1e-12)
    first, second = predict(near, {"x": 4})[0], predict(far, {"x": 1e9 + 4})[0]
    assert second.estimate == pytest.approx(first.estimate, rel=1e-6)


@pytest.mark.parametrize("order", [[0, 1, 2, 3, 4, 5, 6, math.nan], [0.5, *range(1, 8)], [*"abcdefgh"]])
def test_an_order_that_is_none_is_refused(order):
    with pytest.raises(InputError, match="each of the 8 rows once"):
        cumulative(EFFECTS, order=order)


def test_sizes_that_are_words_are_refused():
    with pytest.raises(InputError, match="The input ni holds something that is not a number"):
        regression_test(EFFECTS, predictor="ni", ni=["a", *range(1, 8)])


def test_a_prediction_needs_a_number():
    with pytest.raises(InputError, match="needs a number to predict at, not None"):
        predict(meta_regression(EFFECTS, {"x": Y}, ci="wald"), {"x": None})


def test_identical_effects_give_hartung_and_knapp_nothing_to_test():
    alike = effect_sizes("GEN", yi=[0.3] * 5, vi=V[:5])
    pooled = pool(alike, ci="hksj")
    assert (pooled.se, pooled.stat, pooled.p) == (0, None, None)
    assert "ci.zero-width" in {entry.code for entry in pooled.notes}
    assert all("significance" not in refit.changes for refit in leave_one_out(alike, ci="hksj").refits)
    assert [one.p for one in meta_regression(alike, {"x": Y[:5]}).coefficients] == [None, None]


@pytest.mark.parametrize("tau2", ["REML", "ML"])
def test_effects_that_hardly_differ_have_no_variance_between_them(tau2):
    assert pool(effect_sizes("GEN", yi=[0.0, 1.4e-157, 0.0], vi=[1, 1, 2]), tau2=tau2).tau2 == 0
