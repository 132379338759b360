"""The axis of a forest plot: ranges, ticks, places."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import InputError
from core.figures.forest_model import Axis, Interval
from core.figures.scale import resolve_scale, tick_label


def _labels(axis: Axis) -> list[str]:
    return [tick_label(tick) for tick in resolve_scale(axis, ()).ticks]


@pytest.mark.parametrize(
    ("span", "labels"),
    [
        (2, "0.5 0.7 1 1.5 2"),
        (5, "0.2 0.5 1 2 5"),
        (10, "0.1 0.2 0.5 1 2 5 10"),
        (20, "0.05 0.2 1 5 20"),
        (50, "0.02 0.1 1 10 50"),
        (100, "0.01 0.1 1 10 100"),
        (1000, "0.001 0.1 1 10 1000"),
    ],
)
def test_ticks_of_ratios_are_revmans(span: float, labels: str) -> None:
    assert _labels(Axis(True, 1 / span, span)) == labels.split()


def test_ticks_of_differences_are_the_quarters() -> None:
    assert _labels(Axis(False, -100, 100)) == ["-100", "-50", "0", "50", "100"]
    assert _labels(Axis(False, -4, 10)) == ["-4", "-2", "0", "5", "10"]


def test_ticks_can_be_given_and_those_outside_are_left_out() -> None:
    assert _labels(Axis(True, 0.1, 10, ticks=(0.01, 0.25, 1, 4))) == ["0.25", "1", "4"]


def test_without_no_effect_in_range_there_is_no_line_of_it() -> None:
    assert resolve_scale(Axis(True, 2, 50), ()).no_effect is None
    assert resolve_scale(Axis(False, 0, 50, no_effect=False), ()).no_effect is None


def test_range_chosen_from_the_intervals() -> None:
    narrow = Interval(0.0, math.log(0.6), math.log(1.7))
    wide = Interval(0.0, math.log(0.001), math.log(5000))
    assert (resolve_scale(Axis(True), (narrow,)).lo, resolve_scale(Axis(True), (narrow,)).hi) == (0.5, 2)
    assert resolve_scale(Axis(True), (wide,)).hi == 100
    assert resolve_scale(Axis(True), ()).hi == 100
    assert resolve_scale(Axis(False), (Interval(-2, -3.2, -1),)).lo == -4
    mean = resolve_scale(Axis(False, no_effect=False), (Interval(52, 47, 58),))
    assert mean.lo <= 47
    assert mean.hi >= 58


@pytest.mark.parametrize(
    ("axis", "words"),
    [
        (Axis(True, 10, 0.1), "cannot run from 10 to 0.1"),
        (Axis(True, 0, 10), "above 0"),
        (Axis(False, 5, 5), "smaller than its right end"),
        (Axis(False, -math.inf, 5), "cannot run from -Infinity"),
    ],
)
def test_impossible_axes_are_refused(axis: Axis, words: str) -> None:
    with pytest.raises(InputError) as caught:
        resolve_scale(axis, ())
    assert caught.value.code == "figure.axis"
    assert words in caught.value.message


@given(st.floats(1e-4, 1e6), st.floats(1.01, 1e6))
def test_ticks_ascend_within_any_ratio_range(lo: float, factor: float) -> None:
    scale = resolve_scale(Axis(True, lo, lo * factor), ())
    assert list(scale.ticks) == sorted(scale.ticks)
    assert all(-1e-9 <= scale.fraction_shown(tick) <= 1 + 1e-9 for tick in scale.ticks)
    assert len(scale.ticks) >= 2


@given(st.lists(st.floats(-1e6, 1e6), min_size=3, max_size=3).map(sorted))
def test_chosen_linear_range_holds_the_interval(numbers: list[float]) -> None:
    lo, estimate, hi = numbers
    scale = resolve_scale(Axis(False), (Interval(estimate, lo, hi),))
    assert scale.lo <= lo
    assert hi <= scale.hi
