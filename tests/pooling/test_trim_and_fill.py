"""Trim and fill. Numbers typed in are metafor 3.8-1's (with a threshold of 1e-14 for REML)."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import InputError
from core.pooling import effect_sizes, pool, trim_and_fill
from tests.pooling.published import BCG, MOLLOY, YUSUF
from tests.pooling.test_properties import effect, generic, numbers, variance

# Rounded effects with ties, small studies larger.
TIES = {"yi": [0.1, 0.1, 0.1, 0.5, 0.5, -0.2, 0.9, 0.9, 1.1], "vi": [0.1, 0.2, 0.05, 0.3, 0.1, 0.2, 0.4, 0.2, 0.6]}
several = st.lists(st.tuples(effect, variance), min_size=3, max_size=12, unique_by=lambda row: row[0])


def codes(found) -> set[str]:
    return {entry.code for entry in found.notes}


def test_molloy_by_reml():
    effects = effect_sizes("ZCOR", **MOLLOY)
    found = trim_and_fill(effects, tau2="REML", ci="wald")
    assert (found.k0, found.side, found.k0_p) == (2, "left", None)
    assert found.k0_se == pytest.approx(2.71179421267511, rel=1e-12)
    adjusted = found.adjusted
    assert (adjusted.estimate, adjusted.se, adjusted.tau2) == pytest.approx(
        (0.12881273967452, 0.03334455531468, 0.01124483666193), rel=1e-10
    )
    assert [each.yi for each in found.filled] == pytest.approx([-0.1001208879185, -0.1344514586746], rel=1e-10)
    assert [effects.labels[each.row] for each in found.filled] == ["Study 3", "Study 12"]
    assert found.filled[0].label == "Filled: Study 3"
    assert adjusted.k == len(found.effects) == 18
    assert codes(found) == {"trim-and-fill.about"}
    other = trim_and_fill(effects, estimator="R0", tau2="REML", ci="wald")
    assert (other.k0, other.k0_se, other.k0_p) == (0, pytest.approx(2**0.5), 0.5)
    assert codes(other) == {"trim-and-fill.about", "trim-and-fill.none"}


def test_bcg_with_a_common_effect():
    effects = effect_sizes("OR", **BCG)
    for estimator, se, p in (("L0", 2.38532559119295, None), ("R0", 3.16227766016838, 0.03125)):
        found = trim_and_fill(effects, estimator=estimator, model="common")
        assert (found.k0, found.side, found.k0_p) == (4, "right", p)
        assert found.k0_se == pytest.approx(se, rel=1e-12)
        assert (found.adjusted.estimate, found.adjusted.se) == pytest.approx(
            (-0.284106828417612, 0.0397939409565117), rel=1e-12
        )
        assert found.original.estimate == pool(effects, model="common").estimate
        assert found.adjusted.display().estimate == pytest.approx(0.7527, abs=1e-4)


@pytest.mark.parametrize(
    ("estimator", "side", "k0", "se", "filled"),
    [
        ("L0", "auto", 2, 2.08208520821674, [-0.491044776119403, -0.691044776119403]),
        ("R0", "left", 2, 2.44948974278318, [-0.491044776119403, -0.691044776119403]),
        ("L0", "right", 0, None, []),
        ("R0", "right", 0, 1.4142135623731, []),
    ],
)
def test_ties(estimator, side, k0, se, filled):
    found = trim_and_fill(effect_sizes("GEN", **TIES), estimator=estimator, side=side, tau2="DL")
    assert (found.k0, found.k0_se) == (k0, se if se is None else pytest.approx(se, rel=1e-12))
    assert [each.yi for each in found.filled] == pytest.approx(filled, rel=1e-12)
    assert ("trim-and-fill.no-se" in codes(found)) == (se is None)
    assert "trim-and-fill.few" in codes(found)


def test_the_filled_studies_are_rows_that_can_be_drawn():
    effects = effect_sizes("OR", **YUSUF)
    found = trim_and_fill(effects, model="common")
    assert (found.k0, found.side) == (1, "right")
    assert effects.labels[found.filled[0].row] == "Study 16"
    assert found.effects.labels[: len(effects)] == effects.labels
    last = len(found.effects) - 1
    assert found.effects.display(last).estimate > found.adjusted.display().estimate
    assert found.effects.yi[last] == found.filled[-1].yi
    assert found.adjusted.k == found.original.k + found.k0
    assert not found.effects.yi.flags.writeable


def test_sizes_are_mirrored_where_the_measure_needs_them():
    effects = effect_sizes("PFT", xi=[4, 12, 9, 15, 16, 20, 20], ni=[5, 20, 25, 45, 60, 80, 100])
    found = trim_and_fill(effects, model="common", side="left")
    assert found.k0 == 3
    assert found.adjusted.display().estimate == pytest.approx(0.23, abs=0.02)
    mirrored = [each.row for each in found.filled]
    assert found.effects.table["ni"][len(effects) :].tolist() == effects.table["ni"][mirrored].tolist()


def test_identical_effects_have_nothing_missing():
    for estimator in ("L0", "R0"):
        found = trim_and_fill(
            effect_sizes("GEN", yi=[0.3] * 4, vi=[0.1, 0.2, 0.3, 0.4]), estimator=estimator, side="right", ci="wald"
        )
        assert (found.k0, found.adjusted.estimate) == (0, pytest.approx(0.3))


def test_trimming_in_a_circle():
    """metafor 3.8-1: "Trim and fill algorithm did not converge"."""
    effects = effect_sizes("GEN", yi=[2.0, -0.5, 1.5, 2.0, 0.5], vi=[0.5, 8.0, 2.0, 4.0, 0.125])
    found = trim_and_fill(effects, side="left", tau2="DL")
    assert (found.k0, found.adjusted) == (None, None)
    assert "trim-and-fill.not-settled" in codes(found)
    assert trim_and_fill(effects, side="left", tau2="DL", estimator="R0").adjusted


def test_nothing_below_the_centre_to_compare_with():
    effects = effect_sizes("GEN", yi=[0.0, 1.0, 2.0], vi=[1e-20, 1.0, 2.0])
    found = trim_and_fill(effects, estimator="R0", side="left", model="common")
    assert (found.k0, found.k0_se, found.adjusted, found.filled) == (None, None, None, ())
    assert found.original.estimable
    assert "trim-and-fill.not-settled" in codes(found)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"estimator": "Q0"}, "no estimator Q0"),
        ({"side": "top"}, "no side top"),
        ({"model": "common", "method": "MH"}, "inverse variance"),
    ],
)
def test_refusals(options, message):
    with pytest.raises(InputError, match=message):
        trim_and_fill(effect_sizes("OR", **BCG), **options)


def test_too_few_and_equal_standard_errors():
    with pytest.raises(InputError, match="three studies"):
        trim_and_fill(effect_sizes("GEN", yi=[0.1, 0.2, None], vi=[0.1, 0.2, 0.1]))
    equal = effect_sizes("GEN", yi=[0.1, 0.2, 0.9], vi=[0.1, 0.1, 0.1])
    with pytest.raises(InputError, match="same standard error"):
        trim_and_fill(equal)
    assert trim_and_fill(equal, side="left").side == "left"


@given(several, st.sampled_from(["L0", "R0"]), st.sampled_from(["DL", "REML"]))
@settings(max_examples=20)
def test_mirrored_data_have_the_mirrored_result(rows, estimator, tau2):
    turned = [(-y, v) for y, v in rows]
    first = trim_and_fill(generic(rows), estimator=estimator, side="left", tau2=tau2, ci="wald")
    second = trim_and_fill(generic(turned), estimator=estimator, side="right", tau2=tau2, ci="wald")
    assert first.k0 == second.k0
    if first.k0 is None:
        return
    assert second.adjusted.estimate == pytest.approx(-first.adjusted.estimate, rel=1e-9, abs=1e-12)
    if first.k0 == 0:
        assert numbers(first.adjusted) == numbers(pool(generic(rows), tau2=tau2, ci="wald"))
    centre = (first.filled[0].yi + rows[first.filled[0].row][0]) / 2 if first.k0 else 0.0
    for each in first.filled:
        assert each.yi + rows[each.row][0] == pytest.approx(2 * centre)
        assert each.vi == rows[each.row][1]


@given(several, st.randoms(use_true_random=False))
@settings(max_examples=20)
def test_the_order_of_studies_does_not_matter(rows, random):
    shuffled = list(rows)
    random.shuffle(shuffled)
    first, second = (trim_and_fill(generic(each), side="left", tau2="DL", ci="wald") for each in (rows, shuffled))
    assert first.k0 == second.k0
    if first.k0 is not None:
        assert first.adjusted.estimate == pytest.approx(second.adjusted.estimate, rel=1e-9, abs=1e-9)
