"""Peto's method beyond its estimate: heterogeneity, studies with missing numbers, and what is said."""

from __future__ import annotations

import pytest

from core.pooling import effect_sizes, o_minus_e_and_variance, pool
from tests.pooling.published import YUSUF


def codes(pooled) -> set[str]:
    return {entry.code for entry in pooled.notes}


@pytest.mark.parametrize(("measure", "noted"), [("OR", True), ("PETO", False)])
def test_heterogeneity_of_yusuf_1985(measure, noted):
    """metafor 3.8-1: rma.peto on the beta blocker trials of table 6."""
    pooled = pool(effect_sizes(measure, **YUSUF), model="common", method="Peto")
    found = (pooled.estimate, pooled.se, pooled.q, pooled.df, pooled.q_p, pooled.i2, pooled.h2)
    expected = (-0.0691676322365, 0.1193808058543, 10.82748467937, 17, 0.8653902592907, 0, 0.6369108634926)
    assert found == pytest.approx(expected, rel=1e-11)
    assert pooled.k == 18
    assert ("peto.study-effects" in codes(pooled)) == noted


def test_equal_peto_odds_ratios_have_no_heterogeneity():
    table = {"ai": [10, 20, 30], "n1i": [100, 200, 300], "ci": [20, 40, 60], "n2i": [100, 200, 300]}
    pooled = pool(effect_sizes("PETO", **table), model="common", method="Peto")
    assert pooled.q == pytest.approx(0, abs=1e-3)
    entered = effect_sizes("O-E", oei=[1.2, 2.4, 0.4], vi=[3.0, 6.0, 1.0])
    assert pool(entered, model="common", method="Peto").q == 0


@pytest.mark.parametrize("column", ["ai", "n1i", "ci", "n2i"])
def test_a_study_with_a_missing_number_is_left_out(column):
    table = {"ai": [4, 6, 3], "n1i": [20, 30, 23], "ci": [11, 9, 1], "n2i": [19, 30, 22]}
    missing = {key: [None if (key, row) == (column, 1) else value for row, value in enumerate(values)]
               for key, values in table.items()}  # fmt: skip
    effects = effect_sizes("PETO", **missing)
    pooled = pool(effects, model="common", method="Peto")
    two = pool(effect_sizes("PETO", **{key: [values[0], values[2]] for key, values in table.items()}),
               model="common", method="Peto")  # fmt: skip
    assert (pooled.k, pooled.estimate, pooled.se, pooled.q) == (2, two.estimate, two.se, two.q)
    difference, variance = o_minus_e_and_variance(effects)
    assert [value != value for value in difference] == [False, True, False]
    assert [value != value for value in variance] == [False, True, False]


def test_a_study_with_little_information_counts():
    """V = 0.25 for one event among two participants; two such studies by hand: O - E = 0.5 each."""
    pooled = pool(effect_sizes("PETO", ai=[1, 1], n1i=[1, 1], ci=[0, 0], n2i=[1, 1]), model="common", method="Peto")
    assert (pooled.k, pooled.estimate, pooled.se) == (2, pytest.approx(2), pytest.approx(2**0.5))


@pytest.mark.parametrize("missing", ["oei", "vi"])
def test_a_study_without_one_of_its_two_numbers_is_left_out(missing):
    columns = {"oei": [2.0, 3.0, -1.0], "vi": [4.0, 5.0, 6.0]}
    whole = pool(
        effect_sizes("O-E", **{key: values[:2] for key, values in columns.items()}), method="Peto", model="common"
    )
    columns[missing] = [*columns[missing][:2], None]
    pooled = pool(effect_sizes("O-E", **columns), method="Peto", model="common")
    assert (pooled.k, pooled.estimate, pooled.se, pooled.q) == (2, whole.estimate, whole.se, whole.q)
    assert pooled.weights[2] == 0
