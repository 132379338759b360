"""Properties of the further measures that hold for all data: arms exchanged, units changed, counts of any size."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.pooling import MEASURES, effect_sizes, measure, pool

ARMS = {"ai": "ci", "n1i": "n2i", "m1i": "m2i", "sd1i": "sd2i", "x1i": "x2i", "t1i": "t2i"}
PAIRS = {"m1i": "m2i", "sd1i": "sd2i"}
SIGNED = ("OR", "RR", "RD", "PETO", "AS", "PHI", "YUQ", "YUY", "OR2DN", "OR2DL", "PBIT", "MD", "SMD", "SMDH", "ROM",
          "CVR", "VR", "IRR", "IRD", "IRSD")  # fmt: skip
SIGNED_PAIRS = ("MC", "SMCC", "SMDX", "ROMC")
MATCHED = ("MPRR", "MPOR", "MPRD", "MPORC", "MPPETO")

amounts = {
    "count": st.one_of(st.integers(0, 12), st.integers(0, 10**9)),
    "total": st.one_of(st.integers(0, 12), st.integers(0, 10**9)),
    "size": st.one_of(st.integers(0, 12), st.integers(0, 10**9)),
    "mean": st.floats(-1e6, 1e6).map(lambda value: round(value, 4)),
    "sd": st.floats(0, 1e6).map(lambda value: round(value, 4)),
    "number": st.floats(-1e6, 1e6),
    "positive": st.floats(1e-6, 1e6),
    "correlation": st.one_of(st.floats(-1, 1), st.sampled_from([-1.0, 0.0, 1.0])),
}

# The first example waits for scipy.
LIGHT = settings(max_examples=60)


@st.composite
def tables(draw, key: str, rows: int = 3) -> dict[str, list[float]]:
    """Numbers that a study can report, zeros and huge counts included."""
    definition = measure(key)
    table = {column.key: [draw(amounts[column.kind]) for _ in range(rows)] for column in definition.columns}
    for column in definition.columns:
        if column.within is not None:
            pairs = zip(table[column.key], table[column.within], strict=True)
            table[column.key] = [min(events, total) for events, total in pairs]
    return table


def exchanged(table, names):
    back = names | {other: one for one, other in names.items()}
    return {back.get(key, key): values for key, values in table.items()}


@LIGHT
@given(st.data(), st.sampled_from([entry.key for entry in MEASURES]))
def test_an_effect_is_finite_or_there_is_a_reason(data, key):
    definition = measure(key)
    table = data.draw(tables(key))
    vtype = data.draw(st.sampled_from(definition.vtypes)) if definition.vtypes else None
    options = (
        {"to": data.draw(st.sampled_from(["only0", "if0all", "all", "none"]))} if definition.corrects_zero_cells else {}
    )
    effects = effect_sizes(key, vtype=vtype, **options, **table)
    for row in range(3):
        shown = effects.display(row)
        if shown is None:
            assert effects.row_notes(row)
            continue
        assert effects.vi[row] > 0
        assert not any(math.isnan(value) for value in (shown.estimate, *shown.ci))
        assert shown.ci.low <= shown.estimate <= shown.ci.high


@LIGHT
@given(st.data(), st.sampled_from(SIGNED + SIGNED_PAIRS))
def test_exchanging_the_arms_turns_the_sign(data, key):
    table = data.draw(tables(key))
    turned = exchanged(table, PAIRS if key in SIGNED_PAIRS else ARMS)
    first, second = effect_sizes(key, **table), effect_sizes(key, **turned)
    assert first.estimable.tolist() == second.estimable.tolist()
    for row in range(3):
        if first.estimable[row]:
            assert second.yi[row] == pytest.approx(-first.yi[row], rel=1e-9, abs=1e-12)
            assert second.vi[row] == pytest.approx(first.vi[row], rel=1e-7)


@LIGHT
@given(st.data(), st.sampled_from(MATCHED))
def test_exchanging_the_treatments_of_pairs_turns_the_sign(data, key):
    table = data.draw(tables(key))
    first, second = effect_sizes(key, **table), effect_sizes(key, **exchanged(table, {"bi": "ci"}))
    assert first.estimable.tolist() == second.estimable.tolist()
    for row in range(3):
        if first.estimable[row]:
            assert second.yi[row] == pytest.approx(-first.yi[row], rel=1e-9, abs=1e-12)
            assert second.vi[row] == pytest.approx(first.vi[row], rel=1e-6)


@LIGHT
@given(st.data(), st.sampled_from(["SMDH", "SMD1", "ROM", "CVR", "VR", "SMCC", "SMCR", "SMCRH", "SMDX", "ROMC"]))
def test_the_unit_of_the_instrument_does_not_matter(data, key):
    table = data.draw(tables(key))
    units = {name: [value * 1024 for value in values] if name[0] in "ms" else values for name, values in table.items()}
    first, second = effect_sizes(key, **table), effect_sizes(key, **units)
    assert first.estimable.tolist() == second.estimable.tolist()
    found = [(first.yi[row], first.vi[row]) for row in range(3) if first.estimable[row]]
    other = [(second.yi[row], second.vi[row]) for row in range(3) if second.estimable[row]]
    assert [y for y, _ in other] == pytest.approx([y for y, _ in found], rel=1e-9, abs=1e-9)
    assert [v for _, v in other] == pytest.approx([v for _, v in found], rel=1e-9)


cells = st.lists(st.tuples(*[st.integers(1, 200)] * 4), min_size=1, max_size=4)


@LIGHT
@given(cells)
def test_correlations_of_a_table_agree_on_the_sign_and_keep_their_order(rows):
    """Y <= phi-like measures <= Q, and the tetrachoric correlation lies between phi and 1 in size."""
    table = {key: [row[place] for row in rows] for place, key in enumerate(("ai", "bi", "ci", "di"))}
    phi, q, y, r = (effect_sizes(key, **table).yi for key in ("PHI", "YUQ", "YUY", "RTET"))
    for row, (a, b, c, d) in enumerate(rows):
        sign = (a * d > b * c) - (a * d < b * c)
        for value in (phi[row], q[row], y[row], r[row]):
            assert abs(value) < 1
            assert value * sign > 0 or (sign == 0 and abs(value) < 1e-15)
        assert abs(y[row]) <= abs(q[row]) + 1e-12
        assert abs(phi[row]) <= abs(r[row]) + 1e-12


@LIGHT
@given(cells)
def test_exchanging_rows_and_columns_changes_no_correlation(rows):
    table = {key: [row[place] for row in rows] for place, key in enumerate(("ai", "bi", "ci", "di"))}
    for key in ("PHI", "YUQ", "YUY", "RTET"):
        first, second = effect_sizes(key, **table), effect_sizes(key, **exchanged(table, {"bi": "ci"}))
        assert second.yi.tolist() == pytest.approx(first.yi.tolist(), rel=1e-9, abs=1e-12)
        assert second.vi.tolist() == pytest.approx(first.vi.tolist(), rel=1e-8)


counts = st.integers(1, 10**6)
rates = st.lists(st.tuples(counts, st.floats(0.5, 1e6), counts, st.floats(0.5, 1e6)), min_size=1, max_size=6)


@LIGHT
@given(rates, st.sampled_from([0.001, 12.0, 365.25]))
def test_the_unit_of_time_scales_rates_and_leaves_their_ratio(rows, factor):
    table = {key: [row[place] for row in rows] for place, key in enumerate(("x1i", "t1i", "x2i", "t2i"))}
    other = table | {key: [value * factor for value in table[key]] for key in ("t1i", "t2i")}
    for key, scale in (("IRR", 1.0), ("IRD", 1 / factor)):
        first, second = (pool(effect_sizes(key, **each), model="common", method="MH") for each in (table, other))
        assert second.se == pytest.approx(first.se * scale, rel=1e-9)
        assert second.estimate == pytest.approx(first.estimate * scale, rel=1e-7, abs=1e-9 * first.se * scale)
        assert second.q == (None if first.q is None else pytest.approx(first.q, rel=1e-6, abs=1e-6))


@LIGHT
@given(rates)
def test_one_study_by_mantel_haenszel_is_its_own_rate_ratio(rows):
    table = {key: [rows[0][place]] for place, key in enumerate(("x1i", "t1i", "x2i", "t2i"))}
    for key in ("IRR", "IRD"):
        effects = effect_sizes(key, **table)
        fit = pool(effects, model="common", method="MH")
        assert fit.estimate == pytest.approx(effects.yi[0], rel=1e-9, abs=1e-12)
        assert fit.se == pytest.approx(math.sqrt(effects.vi[0]), rel=1e-9)


@LIGHT
@given(st.lists(st.integers(1, 10**6), min_size=2, max_size=6), st.floats(0.02, 0.98))
def test_a_pooled_proportion_lies_among_its_studies_when_they_agree(sizes, share):
    """With one proportion for all, every scale gives it back."""
    whole = [max(1, round(n * share)) for n in sizes]
    totals = [max(n, x + 1) for n, x in zip(sizes, whole, strict=True)]
    low = min(x / n for x, n in zip(whole, totals, strict=True))
    high = max(x / n for x, n in zip(whole, totals, strict=True))
    for key in ("PR", "PLN", "PLO", "PAS"):
        shown = pool(effect_sizes(key, xi=whole, ni=totals), model="common").display()
        assert low - 1e-9 <= shown.estimate <= high + 1e-9
