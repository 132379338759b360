"""Properties that hold for all data: permutation, scale, tau2 = 0, double-zero studies, likelihood."""

from __future__ import annotations

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from core.pooling import INTERVALS, TAU2_ESTIMATORS, effect_sizes, fit_statistics, pool, subgroups
from core.pooling.results import Pooled

ESTIMATORS = [entry.key for entry in TAU2_ESTIMATORS]
CI = [entry.key for entry in INTERVALS]
effect = st.floats(-3, 3).map(lambda value: round(value, 6))
variance = st.floats(0.005, 4).map(lambda value: round(value, 6))
studies = st.lists(st.tuples(effect, variance), min_size=2, max_size=12)


@st.composite
def tables(draw, least: int = 2) -> dict[str, list[int]]:
    rows = draw(st.lists(st.tuples(st.integers(1, 60), st.integers(1, 60)), min_size=least, max_size=8))
    return {
        "ai": [draw(st.integers(0, n1)) for n1, _ in rows],
        "n1i": [n1 for n1, _ in rows],
        "ci": [draw(st.integers(0, n2)) for _, n2 in rows],
        "n2i": [n2 for _, n2 in rows],
    }


def generic(rows):
    return effect_sizes("GEN", yi=[y for y, _ in rows], vi=[v for _, v in rows])


def numbers(pooled: Pooled) -> list[float]:
    values = (pooled.estimate, pooled.se, *(pooled.ci or ()), pooled.tau2, pooled.q, pooled.i2)
    return [math.nan if value is None else value for value in values]


@given(studies, st.randoms(use_true_random=False), st.sampled_from(ESTIMATORS), st.sampled_from(CI))
def test_the_order_of_studies_does_not_matter(rows, random, tau2, ci):
    shuffled = list(rows)
    random.shuffle(shuffled)
    first, second = (pool(generic(each), tau2=tau2, ci=ci) for each in (rows, shuffled))
    assert numbers(first) == pytest.approx(numbers(second), rel=1e-6, abs=1e-7)


@given(
    tables(), st.randoms(use_true_random=False), st.sampled_from([None, "revman5"]), st.sampled_from(["OR", "RR", "RD"])
)
def test_the_order_of_tables_does_not_matter(table, random, compatibility, measure):
    order = list(range(len(table["ai"])))
    random.shuffle(order)
    shuffled = {key: [values[i] for i in order] for key, values in table.items()}
    first, second = (
        pool(effect_sizes(measure, compatibility=compatibility, **each), model="common", method="MH")
        for each in (table, shuffled)
    )
    assert numbers(first) == pytest.approx(numbers(second), rel=1e-9, abs=1e-9, nan_ok=True)


@given(studies, st.sampled_from([0.001, 0.5, 3.0, 1000.0]), st.sampled_from(ESTIMATORS), st.sampled_from(CI))
def test_a_change_of_unit_scales_everything(rows, factor, tau2, ci):
    first = pool(generic(rows), tau2=tau2, ci=ci)
    second = pool(generic([(y * factor, v * factor**2) for y, v in rows]), tau2=tau2, ci=ci)
    assume(first.ci_method == second.ci_method)  # "handbook": tau2 may be 0 in one unit and 1e-20 in the other
    scaled = [first.estimate * factor, first.se * factor, first.ci.low * factor, first.ci.high * factor]
    found = [second.estimate, second.se, second.ci.low, second.ci.high]
    assert found == pytest.approx(scaled, rel=1e-6, abs=1e-6 * factor)
    assert second.tau2 == pytest.approx(first.tau2 * factor**2, rel=1e-6, abs=1e-7 * factor**2)
    assert second.i2 == pytest.approx(first.i2, rel=1e-6, abs=1e-4)


@given(studies, effect, st.sampled_from(ESTIMATORS))
def test_a_shift_of_all_effects_shifts_the_estimate_only(rows, shift, tau2):
    first = pool(generic(rows), tau2=tau2, ci="wald")
    second = pool(generic([(y + shift, v) for y, v in rows]), tau2=tau2, ci="wald")
    assert second.estimate == pytest.approx(first.estimate + shift, abs=1e-6)
    assert (second.se, second.tau2) == pytest.approx((first.se, first.tau2), rel=1e-5, abs=1e-7)


@given(studies, st.sampled_from(ESTIMATORS))
def test_without_heterogeneity_random_effects_are_the_common_effect(rows, tau2):
    effects = generic(rows)
    random, common = pool(effects, tau2=tau2, ci="wald"), pool(effects, model="common")
    assume(random.tau2 == 0)
    assert (random.estimate, random.se, random.ci, random.p) == (common.estimate, common.se, common.ci, common.p)


@given(
    tables(least=1), st.booleans(), st.sampled_from([("IV", None), ("IV", "revman5"), ("MH", None), ("MH", "revman5")])
)
def test_a_double_zero_study_changes_no_odds_ratio(table, full, combination):
    method, compatibility = combination
    extra = (9, 9, 11, 11) if full else (0, 9, 0, 11)
    wider = {key: [*values, value] for (key, values), value in zip(table.items(), extra, strict=True)}
    first, second = (
        pool(effect_sizes("OR", compatibility=compatibility, **each), model="common", method=method)
        for each in (table, wider)
    )
    assert numbers(first) == pytest.approx(numbers(second), rel=1e-12, nan_ok=True)
    assert first.k == second.k
    assert second.weights[-1] == 0


@given(tables(least=1))
def test_a_double_zero_study_changes_no_peto_odds_ratio(table):
    wider = {key: [*values, value] for (key, values), value in zip(table.items(), (0, 9, 0, 11), strict=True)}
    first, second = (pool(effect_sizes("PETO", **each), model="common", method="Peto") for each in (table, wider))
    assert numbers(first) == pytest.approx(numbers(second), rel=1e-12, nan_ok=True)


@given(tables(), st.sampled_from(["OR", "PETO"]))
def test_turning_the_groups_round_turns_the_sign(table, measure):
    turned = {"ai": table["ci"], "n1i": table["n2i"], "ci": table["ai"], "n2i": table["n1i"]}
    method = "Peto" if measure == "PETO" else "MH"
    first, second = (pool(effect_sizes(measure, **each), model="common", method=method) for each in (table, turned))
    assert first.estimable == second.estimable
    if first.estimate is not None:
        assert second.estimate == pytest.approx(-first.estimate, rel=1e-9, abs=1e-9)
        assert second.se == pytest.approx(first.se, rel=1e-9)


@given(studies, st.sampled_from(["REML", "ML"]))
def test_no_other_tau2_is_more_likely(rows, tau2):
    """The estimate against a fine grid that the algorithm does not use."""
    effects = generic(rows)
    fitted = pool(effects, tau2=tau2, ci="wald")
    found = fit_statistics(effects, fitted)
    spread = max(y for y, _ in rows) - min(y for y, _ in rows)
    for step in range(61):
        other = Pooled(
            fitted.measure,
            fitted.settings,
            fitted.k,
            fitted.k_listed,
            fitted.weights,
            (),
            tau2=(spread * step / 50) ** 2,
        )
        assert fit_statistics(effects, other).log_likelihood <= found.log_likelihood + 1e-9


@given(studies)
def test_paule_mandel_makes_q_equal_its_expectation(rows):
    effects = generic(rows)
    tau2 = pool(effects, tau2="PM", ci="wald").tau2
    shifted = effect_sizes("GEN", yi=[y for y, _ in rows], vi=[v + tau2 for _, v in rows])
    q = pool(shifted, model="common").q
    if tau2 > 0:
        assert q == pytest.approx(len(rows) - 1, rel=1e-7)
    else:
        assert q <= len(rows) - 1 + 1e-9


@given(tables(), st.sampled_from(["OR", "RR", "RD", "PETO"]), st.sampled_from([None, "revman5"]))
def test_nothing_public_is_ever_not_a_number(table, measure, compatibility):
    effects = effect_sizes(measure, compatibility=compatibility, **table)
    method = "Peto" if measure == "PETO" else "MH"
    for pooled in (
        pool(effects, model="common", method=method),
        pool(effects, model="common"),
        subgroups(effects, ["a"] * len(effects), model="common", method=method).overall,
    ):
        for value in (*numbers(pooled), *pooled.weights):
            if value is not None and not math.isnan(value):
                assert math.isfinite(value)
        optional = (pooled.estimate, pooled.se, pooled.stat, pooled.p, pooled.q, pooled.q_p, pooled.i2, pooled.h2)
        assert not any(value is not None and math.isnan(value) for value in optional)
        assert (pooled.estimate is None) == (pooled.ci is None)
        assert pooled.estimate is not None or pooled.notes
    for row in range(len(effects)):
        shown = effects.display(row)
        assert (shown is not None) == bool(effects.estimable[row])
        assert shown is not None or effects.row_notes(row)


@given(st.lists(st.tuples(st.floats(-1e3, 1e3), st.floats(-6, 6)), min_size=2, max_size=6),
       st.sampled_from(ESTIMATORS), st.sampled_from(CI))  # fmt: skip
def test_variances_over_a_ratio_of_a_trillion_stay_finite(rows, tau2, ci):
    pooled = pool(effect_sizes("GEN", yi=[y for y, _ in rows], vi=[10**e for _, e in rows]), tau2=tau2, ci=ci)
    for value in (pooled.estimate, pooled.se, pooled.tau2, pooled.tau2_se, pooled.i2, *pooled.ci):
        assert value is not None
        assert math.isfinite(value)
    assert 0 <= pooled.i2 <= 100
    # Identical effects leave Hartung and Knapp nothing to test with.
    assert pooled.p is None if pooled.se == 0 else 0 <= pooled.p <= 1


@given(studies, st.lists(st.sampled_from("abc"), min_size=12, max_size=12))
def test_subgroups_partition_the_studies(rows, names):
    found = subgroups(generic(rows), names[: len(rows)], tau2="DL", ci="wald")
    assert sorted(row for group in found.groups for row in group.rows) == list(range(len(rows)))
    assert found.overall.k == sum(group.pooled.k for group in found.groups)
    for group in found.groups:
        alone = pool(generic([rows[row] for row in group.rows]), tau2="DL", ci="wald")
        assert group.pooled.estimate == pytest.approx(alone.estimate, abs=1e-12)
