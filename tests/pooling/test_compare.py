"""The table of all legal analyses of the same data."""

from __future__ import annotations

import itertools
import pickle
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import InputError
from core.pooling import INTERVALS, MEASURES, TAU2_ESTIMATORS, combinations, compare, effect_sizes, glmm, pool
from core.pooling.compare import SOURCES, ComparedRow
from tests.pooling.published import BCG, NORMAND, SAD, YUSUF, ZEROS
from tests.pooling.test_rules import example

NUMBERS = ("k", "estimate", "se", "ci", "ci_method", "p", "tau2", "i2", "pi", "notes")


def found(comparison, **keys) -> list[ComparedRow]:
    return [row for row in comparison.rows if all(getattr(row, key) == value for key, value in keys.items())]


def one(comparison, **keys) -> ComparedRow:
    (row,) = found(comparison, refusal=None, **keys)
    return row


@pytest.mark.parametrize("definition", MEASURES, ids=lambda entry: entry.key)
def test_every_legal_combination_has_a_row_with_the_result_of_pool(definition):
    effects = example(definition)
    comparison = compare(effects)
    assert (comparison.measure, comparison.level) == (definition.key, 0.95)
    count = 0
    for conventions in definition.compatibility:
        own = example(definition, conventions)
        for entry in combinations(definition.key, conventions):
            for tau2, ci in itertools.product(entry.tau2 or (None,), entry.ci):
                keys = {"compatibility": conventions, "method": entry.method, "model": entry.model}
                row = one(comparison, **keys, tau2_estimator=tau2, ci_kind=ci)
                pooled = pool(own, method=entry.method, model=entry.model, tau2=tau2, ci=ci)
                assert all(getattr(row, name) == getattr(pooled, name) for name in NUMBERS)
                assert (row.shown, row.pi_kind) == (pooled.display(), pooled.settings.pi)
                assert row.zero_cells is None
                count += 1
    mixed = [row for row in comparison.rows if row.method.startswith("GLMM")]
    assert count == len(found(comparison, refusal=None)) - len(mixed)
    assert len({row.label for row in comparison.rows}) == len(comparison.rows)


def test_mixed_models_for_counts_have_their_rows():
    effects = effect_sizes("OR", **BCG)
    rows = {row.method: row for row in compare(effects, level=0.9).rows if row.method.startswith("GLMM")}
    assert list(rows) == ["GLMM UM.FS", "GLMM UM.RS", "GLMM CM.EL", "GLMM CM.AL"]
    exact, row = glmm(effects, likelihood="CM.EL", level=0.9), rows["GLMM CM.EL"]
    assert all(getattr(row, name) == getattr(exact, name) for name in NUMBERS)
    assert (row.shown, row.tau2_estimator) == (exact.display(), "ML")
    assert row.words[:2] == ("Generalised linear mixed model", "Conditional on the total of events, exact")


def test_a_mixed_model_that_refuses_says_why():
    halves = {**BCG, "ai": [value + 0.5 for value in BCG["ai"]]}
    rows = [row for row in compare(effect_sizes("OR", **halves)).rows if row.method.startswith("GLMM")]
    assert [row.method for row in rows if row.refusal] == ["GLMM CM.EL"]
    assert "whole" in next(row.refusal for row in rows if row.refusal)


def test_what_exists_elsewhere_only_comes_last_with_the_reason():
    rows = compare(effect_sizes("OR", **BCG)).rows
    refused = [row for row in rows if row.refusal]
    assert refused == list(rows[-len(refused) :])
    assert [(row.compatibility, row.method, row.model) for row in refused] == [
        (None, "MH", "random"),
        (None, "Peto", "random"),
        ("revman5", "Peto", "random"),
    ]
    assert "It exists under RevMan 5's conventions." in (refused[0].refusal or "")
    assert {(row.k, row.estimate, row.ci, row.shown) for row in refused} == {(0, None, None, None)}
    assert refused[0].label == "Mantel-Haenszel, Random effects, Current recommendations (as metafor)"


def test_without_zero_cells_no_correction_is_named():
    comparison = compare(effect_sizes("OR", **BCG))
    assert {row.zero_cells for row in comparison.rows} == {None}
    assert len(found(comparison, compatibility=None, refusal=None)) == 9 * 5 + 1 + 1 + 1 + 4  # the last: mixed models
    assert len(found(comparison, compatibility="revman5", refusal=None)) == 5


def test_zero_cells_bring_the_corrections_that_make_a_difference():
    """Zero cells, but no double-zero study."""
    comparison = compare(effect_sizes("OR", **SAD))
    ways = {row.zero_cells for row in found(comparison, compatibility=None, method="IV")}
    assert {(way.add, way.to, way.drop00) for way in ways} == {(0.5, "only0", None), (0.0, "none", None)}
    third = {"ai": [8, 6, 9], "n1i": [12, 18, 20], "ci": [0, 0, 9], "n2i": [12, 17, 20]}
    rows = found(compare(effect_sizes("OR", **third)), compatibility=None, method="IV", model="common")
    ways = {(row.zero_cells.add, row.zero_cells.to) for row in rows}
    assert ways == {(0.5, "only0"), (0.5, "if0all"), (0.0, "none")}


def test_double_zero_studies_may_stay_or_go():
    comparison = compare(effect_sizes("OR", **YUSUF))
    rows = {
        (row.zero_cells.to, row.zero_cells.drop00): row
        for row in found(comparison, compatibility=None, method="IV", model="common")
    }
    assert {key: row.k for key, row in rows.items()} == {
        ("only0", True): 18,
        ("if0all", True): 18,
        ("none", True): 17,
        ("only0", False): 21,
    }
    kept = pool(effect_sizes("OR", drop00=False, **YUSUF), model="common")
    assert rows["only0", False].estimate == kept.estimate
    assert rows["only0", False].words[2:] == (
        "0.5 added in studies with a zero cell",
        "with double-zero studies",
        "Current recommendations (as metafor)",
    )
    assert "without double-zero studies" in rows["if0all", True].label


def test_mantel_haenszel_exact_and_corrected_and_peto():
    effects = effect_sizes("OR", **YUSUF)
    comparison = compare(effects)
    exact, corrected = found(comparison, compatibility=None, method="MH", refusal=None)
    assert exact.estimate == pool(effects, model="common", method="MH").estimate
    assert exact.label.split(", ")[2] == "no correction of zero cells"
    with_half = pool(effects, model="common", method="MH", add=0.5, to="only0")
    assert (corrected.estimate, corrected.k) == (with_half.estimate, with_half.k)
    assert (corrected.zero_cells.add, corrected.zero_cells.to, corrected.zero_cells.drop00) == (0.5, "only0", False)
    peto = one(comparison, compatibility=None, method="Peto")
    assert (peto.estimate, peto.zero_cells) == (pool(effects, model="common", method="Peto").estimate, None)
    revman = one(comparison, compatibility="revman5", method="MH", model="common")
    assert revman.zero_cells == one(comparison, compatibility="revman5", method="IV", model="common").zero_cells
    assert (revman.zero_cells.add, revman.zero_cells.to, revman.zero_cells.drop00) == (0.5, "only0", True)


def test_revman_keeps_double_zero_studies_in_risk_differences():
    comparison = compare(effect_sizes("RD", **YUSUF))
    row = one(comparison, compatibility="revman5", method="MH", model="common")
    assert (row.k, row.zero_cells.drop00) == (21, False)


def test_the_correction_given_comes_first():
    effects = effect_sizes("OR", add=0.25, to="all", **SAD)
    row = found(compare(effects), method="IV", model="common")[0]
    assert (row.zero_cells.add, row.zero_cells.to) == (0.25, "all")
    assert row.estimate == pool(effects, model="common").estimate


def test_effects_under_revman_s_conventions_are_compared_with_current_ones():
    both = [compare(effect_sizes("RR", compatibility=each, **YUSUF)) for each in (None, "revman5")]
    assert [row.label for row in both[0].rows] == [row.label for row in both[1].rows]
    assert [row.estimate for row in both[0].rows] == [row.estimate for row in both[1].rows]


def test_the_variance_formula_stays():
    effects = effect_sizes("SMD", vtype="UB", **NORMAND)
    comparison = compare(effects)
    assert one(comparison, compatibility=None, model="common").se == pool(effects, model="common").se
    revman = effect_sizes("SMD", compatibility="revman5", **NORMAND)
    assert one(comparison, compatibility="revman5", model="common").se == pool(revman, model="common").se


def test_a_row_that_cannot_be_estimated_says_why():
    one_arm = {"ai": [0, 0], "n1i": [10, 20], "ci": [3, 4], "n2i": [11, 19]}
    comparison = compare(effect_sizes("OR", **one_arm))
    exact = found(comparison, compatibility=None, method="MH", refusal=None)[0]
    assert (exact.estimate, exact.shown) == (None, None)
    assert "no study has an event" in exact.notes[0].message
    for row in compare(effect_sizes("OR", ai=[], n1i=[], ci=[], n2i=[])).rows:
        assert row.refusal or [entry.code for entry in row.notes] == ["pool.no-studies"]


def test_the_level_holds_for_all_rows():
    effects = effect_sizes("MD", **NORMAND)
    comparison = compare(effects, level=0.8)
    assert comparison.level == 0.8
    row = one(comparison, compatibility=None, tau2_estimator="SJ", ci_kind="t")
    assert row.ci == pool(effects, tau2="SJ", ci="t", level=0.8).ci
    with pytest.raises(InputError, match=r"0\.95 for 95%"):
        compare(effects, level=95)


def test_an_estimator_runs_once_for_all_its_intervals(monkeypatch):
    from core.pooling import fit

    fits = []
    original = fit.FITS["IV", "random"]
    monkeypatch.setitem(fit.FITS, ("IV", "random"), lambda *given: fits.append(given[1].tau2) or original(*given))
    compare(effect_sizes("MD", **NORMAND))
    assert sorted(fits) == sorted([entry.key for entry in TAU2_ESTIMATORS] + ["DL"])
    assert len(INTERVALS) == 5


def test_other_analyses_can_add_rows(monkeypatch):
    row = ComparedRow(None, "GLMM", "random", "ML", None, None, None, ("own",), k=3, estimate=0.5)
    monkeypatch.setattr(sys.modules["core.pooling.compare"], "SOURCES", [*SOURCES, lambda effects, level: iter([row])])
    rows = compare(effect_sizes("OR", **BCG)).rows
    assert row in rows
    assert rows[-1].refusal is not None


def test_a_comparison_travels_between_processes():
    comparison = compare(effect_sizes("OR", **ZEROS))
    copy = pickle.loads(pickle.dumps(comparison))
    assert [row.label for row in copy.rows] == [row.label for row in comparison.rows]


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.tuples(*(st.integers(0, 9) for _ in range(4))), min_size=0, max_size=5),
    st.sampled_from(["OR", "RR", "RD"]),
)
def test_whatever_the_tables_every_row_has_a_result_or_a_reason(rows, measure):
    columns = {"ai": [a for a, *_ in rows], "n1i": [a + b for a, b, *_ in rows],
               "ci": [c for _, _, c, _ in rows], "n2i": [c + d for *_, c, d in rows]}  # fmt: skip
    for row in compare(effect_sizes(measure, **columns)).rows:
        if row.estimate is None:
            assert row.refusal or row.notes
            assert (row.se, row.ci, row.p, row.tau2, row.i2, row.pi, row.shown) == (None,) * 7
        else:
            assert row.k > 0
            assert row.se > 0 or "ci.zero-width" in {entry.code for entry in row.notes}
            assert row.shown.ci.low <= row.shown.estimate <= row.shown.ci.high
