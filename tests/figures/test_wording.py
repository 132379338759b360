"""Printed numbers follow RevMan's rules."""

from __future__ import annotations

import pytest

from core.figures.wording import (
    effect_text,
    format_i2,
    format_p,
    format_weight,
    heterogeneity_line,
    interval_text,
    overall_line,
    subgroup_line,
)


@pytest.mark.parametrize(
    ("p", "text"),
    [
        (1.0, "P = 1.00"),
        (0.126942, "P = 0.13"),
        (0.01, "P = 0.01"),
        (0.0099, "P = 0.010"),
        (0.00101, "P = 0.001"),
        (0.00042, "P = 0.0004"),
        (0.000042, "P = 0.00004"),
        (0.00001, "P = 0.00001"),
        (0.0000099, "P < 0.00001"),
        (0.0, "P < 0.00001"),
    ],
)
def test_p(p: float, text: str) -> None:
    assert format_p(p) == text


def test_lines_as_revman_web_wrote_them() -> None:
    # Fleiss 1993 as exported by RevMan Web: the numbers of its table, the words of its picture.
    assert heterogeneity_line(9.946056, 6, 0.126942, 39.67458) == (
        "Heterogeneity: Chi² = 9.95, df = 6 (P = 0.13); I² = 40%"
    )
    assert overall_line(3.287633, 0.00101) == "Test for overall effect: Z = 3.29 (P = 0.001)"
    assert subgroup_line() == "Test for subgroup differences: Not applicable"
    assert effect_text(0.719714, 0.488975, 1.059336, web=True) == "0.72 [0.49 , 1.06]"


def test_other_lines() -> None:
    assert heterogeneity_line(85.89, 14, 0, 84, 0.06) == (
        "Heterogeneity: Tau² = 0.06; Chi² = 85.89, df = 14 (P < 0.00001); I² = 84%"
    )
    assert heterogeneity_line(0, 0, 1, 0) == "Heterogeneity: Not applicable"
    assert overall_line(-2.5, 0.04, df=5) == "Test for overall effect: T = 2.50, df = 5 (P = 0.04)"
    assert overall_line(None, None) == "Test for overall effect: Not applicable"
    assert subgroup_line(1.23, 2, 0.54, 0) == ("Test for subgroup differences: Chi² = 1.23, df = 2 (P = 0.54), I² = 0%")
    assert effect_text(28.9412, 3.4527, 242.5701) == "28.94 [3.45, 242.57]"
    assert effect_text(-5.79, -11.94, 0.36) == "-5.79 [-11.94, 0.36]"
    assert interval_text(0.541, 7.9) == "[0.54, 7.90]"
    assert (format_i2(45.6), format_weight(16.24)) == ("46%", "16.2%")
