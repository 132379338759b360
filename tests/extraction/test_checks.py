"""What is refused, and what is warned of, about the numbers of a result."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.extraction.checks import check_result, plain
from core.extraction.compare import Value, agreed, basis
from core.extraction.statistics import CONTRAST_MEASURES, statistics_for
from core.model import OutcomeKind

ARM = statistics_for(OutcomeKind.DICHOTOMOUS, contrast=False)
MEANS = statistics_for(OutcomeKind.CONTINUOUS, contrast=False)
CONTRAST = statistics_for(OutcomeKind.GENERIC, contrast=True)


def codes(statistics: tuple[object, ...], measure: str = "", **values: float) -> dict[str, bool]:
    """{code: refused}."""
    found = check_result(statistics, values, measure)  # type: ignore[arg-type]
    return {f.code.removeprefix("extraction."): f.refused for f in found}


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"events": 9, "total": 22}, {}),
        ({"events": 22, "total": 22}, {}),
        ({"events": 31, "total": 22}, {"events": True}),
        ({"events": -1, "total": 22}, {"negative": True}),
        ({"events": 8.4, "total": 21.5}, {"not_whole": False}),
        ({"total": 0}, {"no_participants": True}),
        ({"events": math.nan}, {"not_a_number": True}),
        ({"total": math.inf}, {"not_a_number": True}),
        ({"events": math.inf, "total": 22}, {"not_a_number": True, "events": True}),
    ],
)
def test_counts(values: dict[str, float], expected: dict[str, bool]) -> None:
    assert codes(ARM, **values) == expected


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"mean": -3.2, "sd": 1.5, "total": 12}, {}),
        ({"sd": -1.5}, {"negative": True}),
        ({"sd": 0}, {"no_spread": False}),
    ],
)
def test_means(values: dict[str, float], expected: dict[str, bool]) -> None:
    assert codes(MEANS, **values) == expected


@pytest.mark.parametrize(
    ("measure", "values", "expected"),
    [
        ("MD", {"effect": 12.7, "se": 5.18}, {}),
        ("MD", {"se": 0}, {"standard_error": True}),
        ("MD", {"se": -1}, {"standard_error": True}),
        ("MD", {"ci_lower": 3, "ci_upper": 2}, {"interval": True}),
        ("MD", {"effect": 5, "ci_lower": 6}, {"outside": True}),
        ("MD", {"effect": 5, "ci_upper": 4}, {"outside": True}),
        ("OR", {"effect": 0}, {"ratio": True}),
        ("OR", {"ci_lower": -0.2}, {"ratio": True}),
        ("OR", {"effect": 0.4, "ci_lower": 0, "ci_upper": 3.1}, {"lower_zero": False}),
        ("RD", {"effect": -0.1, "ci_lower": -0.3, "ci_upper": 0.1}, {}),
    ],
)
def test_contrasts(measure: str, values: dict[str, float], expected: dict[str, bool]) -> None:
    assert codes(CONTRAST, measure, **values) == expected


PUBLISHED = [
    # Whittaker et al., Ther Adv Psychopharmacol 2021;11, doi 10.1177/20451253211056743: every interval of the paper.
    ("OR", 28.94, 3.45, 242.57),
    ("OR", 2.03, 0.67, 6.15),
    ("OR", 30.33, 1.39, 660.76),
    ("OR", 14.22, 2.53, 79.98),
    ("OR", 8.65, 1.40, 53.49),
    ("MD", 12.7, 2.5, 22.8),
    ("MD", -0.34, -11.95, 11.27),
    ("MD", -5.79, -11.94, 0.36),
    ("MD", -2.50, -5.19, 0.19),
]


@pytest.mark.parametrize(("measure", "effect", "lower", "upper"), PUBLISHED)
def test_published_intervals_are_not_suspected(measure: str, effect: float, lower: float, upper: float) -> None:
    assert codes(CONTRAST, measure, effect=effect, ci_lower=lower, ci_upper=upper) == {}


def test_the_misprinted_interval_is_flagged() -> None:
    """Spaced out, the same paper: 104.13 [13.92, 799.06]."""
    values = {"effect": 104.13, "ci_lower": 13.92, "ci_upper": 799.06}
    (finding,) = check_result(CONTRAST, values, "OR")
    assert not finding.refused
    assert (
        finding.message("Glue 2017")
        == "The interval 13.92 to 799.06 is not symmetric around 104.13 on the log scale. Check the paper."
    )


@given(
    measure=st.sampled_from(sorted(CONTRAST_MEASURES)),
    effect=st.floats(-4, 4),
    half=st.floats(0.01, 4),
    places=st.integers(0, 4),
)
def test_a_rounded_wald_interval_is_never_suspected(measure: str, effect: float, half: float, places: int) -> None:
    """Whatever the paper rounds to, an interval computed from estimate and standard error is symmetric enough."""
    back = math.exp if CONTRAST_MEASURES[measure].ratio else float
    shown = [round(back(v), places) for v in (effect, effect - half, effect + half)]
    found = codes(CONTRAST, measure, effect=shown[0], ci_lower=shown[1], ci_upper=shown[2])
    assert found.keys() <= {"ratio", "lower_zero"}, shown


@given(effect=st.floats(-4, 4), half=st.floats(0.5, 4), shift=st.floats(0.5, 0.9), log=st.booleans())
def test_a_shifted_estimate_is_flagged(effect: float, half: float, shift: float, log: bool) -> None:
    back = math.exp if log else float
    shown = [round(back(v), 6) for v in (effect + shift * half, effect - half, effect + half)]
    found = codes(CONTRAST, "OR" if log else "MD", effect=shown[0], ci_lower=shown[1], ci_upper=shown[2])
    assert found == {"asymmetric": False}


@pytest.mark.parametrize(
    ("value", "text"), [(22.0, "22"), (-3.5, "−3.5"), (3127, "3,127"), (0.1, "0.1"), (1e300, "1e+300")]
)
def test_numbers_in_sentences(value: float, text: str) -> None:
    assert plain(value) == text


def test_values_agree_when_they_say_the_same() -> None:
    assert Value(8.0).same_as(Value(8))
    assert Value(text=" US ").same_as(Value(text="US"))
    assert not Value(0.0).same_as(Value(not_reported=True))
    assert not Value(text="us").same_as(Value(text="US"))
    assert agreed([Value(8), Value(8)], 2)
    assert not agreed([Value(8)], 2)
    assert not agreed([], 0)
    assert not agreed([Value(8), Value(8), Value(9)], 2)


def test_the_basis_changes_with_any_answer_and_nothing_else() -> None:
    one = basis({b"a": Value(8), b"b": Value(text="x")})
    assert one == basis({b"b": Value(text=" x"), b"a": Value(8.0)})
    assert one != basis({b"a": Value(text="x"), b"b": Value(8)})
    assert one != basis({b"a": Value(8)})
    assert basis({b"a": Value(0.0)}) == basis({b"a": Value(-0.0)})
    assert basis({b"a": Value(0.0)}) != basis({b"a": Value(not_reported=True)})
