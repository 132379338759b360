"""Results of analyses as a pure function of a frozen picture."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import InputError
from core.model import OutcomeKind, new_id
from core.report.forest import forest_plot
from core.report.tables import results_table, rows_table
from core.riskofbias.tools import tool
from core.synthesis.cells import grid, shown_number
from core.synthesis.compute import compute
from core.synthesis.model import AnalysisData, Look, Override, Row, Study, Subgroup
from core.synthesis.settings import changed, default_settings, measures_of, options

Counts = tuple[int, int, int, int]


def row(label: str, numbers: dict[str, float], subgroup: bytes | None = None) -> Row:
    over = {key: Override(number, "", b"", 0) for key, number in numbers.items()}
    return Row(new_id(), Study(new_id(), label, "", ""), subgroup, None, None, None, "", over, {})


def data(rows: list[Row], subgroups: tuple[Subgroup, ...] = (), **wanted: object) -> AnalysisData:
    chosen, _ = changed(default_settings(OutcomeKind.DICHOTOMOUS), wanted)
    return AnalysisData(
        new_id(), "1.1", "Response", "Ketamine v control", "Ketamine", "Control", None, chosen, "", Look(), "", "",
        subgroups, tuple(rows), (), tool("rob1"),
    )  # fmt: skip


def trials(tables: list[Counts]) -> list[Row]:
    return [row(f"Trial {n}", dict(zip(("ai", "n1i", "ci", "n2i"), t, strict=True))) for n, t in enumerate(tables)]


def table() -> st.SearchStrategy[Counts]:
    def counts(totals: tuple[int, int]) -> st.SearchStrategy[Counts]:
        n1, n2 = totals
        return st.tuples(st.integers(0, n1), st.just(n1), st.integers(0, n2), st.just(n2))

    return st.tuples(st.integers(1, 80), st.integers(1, 80)).flatmap(counts)


@given(st.lists(table(), min_size=1, max_size=8), st.randoms())
@settings(max_examples=50)
def test_the_order_of_rows_changes_nothing_but_their_order(tables: list[Counts], random: object) -> None:
    rows = trials(tables)
    mixed = rows[:]
    random.shuffle(mixed)  # type: ignore[attr-defined]
    one, other = compute(data(rows)), compute(data(mixed))
    assert one.overall is not None
    assert other.overall is not None
    if one.overall.effect is None:
        assert other.overall.effect is None
        return
    assert other.overall.effect is not None
    assert other.overall.effect.estimate == pytest.approx(one.overall.effect.estimate, abs=1e-9)
    for found in one.rows:
        twin = other.row(found.row_id)
        assert (twin.effect is None) == (found.effect is None)
        assert twin.weight == (None if found.weight is None else pytest.approx(found.weight))


@given(st.lists(table(), min_size=1, max_size=6))
@settings(max_examples=50)
def test_weights_add_up_and_belong_to_estimable_rows(tables: list[Counts]) -> None:
    result = compute(data(trials(tables)))
    weights = [found.weight for found in result.rows if found.weight is not None]
    assert [found.reason != "" for found in result.rows] == [found.effect is None for found in result.rows]
    if weights:
        assert sum(weights) == pytest.approx(100)


def test_subgroups_have_their_own_weights_when_there_is_no_total() -> None:
    groups = (Subgroup(new_id(), "1.1.1", "A"), Subgroup(new_id(), "1.1.2", "B"))
    rows = [replace(one, subgroup_id=groups[n // 2].id) for n, one in enumerate(trials([(4, 20, 2, 20)] * 4))]
    whole = compute(data(rows, groups))
    assert [found.weight for found in whole.rows] == [pytest.approx(25)] * 4
    parts = compute(replace(data(rows, groups), look=Look(show_total=False)))
    assert [found.weight for found in parts.rows] == [pytest.approx(50)] * 4
    assert parts.overall is None
    assert [group.pool is not None for group in parts.subgroups] == [True, True]


def test_an_impossible_row_refuses_the_pool_and_is_named() -> None:
    result = compute(data(trials([(4, 20, 2, 20), (30, 20, 2, 20)])))
    assert result.overall is None
    assert result.refusal is not None
    assert "Trial 1" in result.refusal.message


def test_an_analysis_without_rows_has_no_result_and_no_refusal() -> None:
    result = compute(data([]))
    assert (result.rows, result.overall, result.refusal) == ((), None, None)


def test_a_picture_can_be_computed_on_another_thread() -> None:
    one = data(trials([(4, 20, 2, 20), (9, 30, 3, 30)]))
    with ThreadPoolExecutor(1) as pool:
        elsewhere = pool.submit(compute, one).result()
    here = compute(one)
    assert elsewhere.rows == here.rows
    assert elsewhere.overall is not None
    assert here.overall is not None
    assert elsewhere.overall.effect == here.overall.effect


@pytest.mark.parametrize("kind", [kind for kind in OutcomeKind if kind is not OutcomeKind.OTHER])
def test_every_option_that_is_offered_is_accepted(kind: OutcomeKind) -> None:
    """Walk through all settings that the combo boxes would ever show."""
    seen: set[object] = set()
    waiting = [default_settings(kind, option.key) for option in measures_of(kind)]
    while waiting:
        now = waiting.pop()
        if now in seen:
            continue
        seen.add(now)
        for setting, choices in options(now).items():
            for choice in choices:
                after, _ = changed(now, {setting: choice.key})
                assert getattr(after, setting) == choice.key
                waiting.append(after)
    assert len(seen) > 5


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (None, ""),
        (8.0, "8"),
        (12.7, "12.7"),
        (-5.79, "−5.79"),
        (5.178663, "5.1787"),
        (0.0, "0"),
        (0.00001234, "1.23e−05"),
    ],
)
def test_numbers_are_shown_in_the_digits_they_have(number: float | None, text: str) -> None:
    assert shown_number(number) == text


# --- what analyses of RevMan have ------------------------------------------------------------------------------------


def grouped(**look: object) -> AnalysisData:
    groups = (Subgroup(new_id(), "1.1.1", "A"), Subgroup(new_id(), "1.1.2", "B"))
    rows = [replace(one, subgroup_id=groups[n // 2].id) for n, one in enumerate(trials([(4, 20, 2, 20)] * 4))]
    return replace(data(rows, groups), look=Look(**look))  # type: ignore[arg-type]


def test_those_without_the_event_are_analysed_in_place_of_those_with_it() -> None:
    counts = [(4, 20, 2, 25), (9, 30, 3, 40)]
    swapped = compute(data(trials(counts), swap_events=True))
    turned = compute(data(trials([(n1 - a, n1, n2 - c, n2) for a, n1, c, n2 in counts])))
    assert swapped.overall is not None
    assert turned.overall is not None
    assert swapped.overall.effect == turned.overall.effect
    assert swapped.rows[0].cells == {"ai": 16, "n1i": 20, "ci": 23, "n2i": 25}
    assert swapped.overall.totals == {"ai": 37, "n1i": 50, "ci": 60, "n2i": 65}


def test_the_grid_shows_events_as_extracted_and_the_figure_what_is_analysed() -> None:
    one = data(trials([(4, 20, 2, 25)]), swap_events=True)
    assert [cell.number for cell in grid(one).rows[0].cells] == [4, 20, 2, 25]
    plot = forest_plot(one, compute(one))
    assert plot.columns[0].columns == ("Non-events", "Total")
    assert plot.studies[0].cells == ("16", "20", "23", "25")
    assert plot.overall is not None
    assert plot.overall.events_label == "Total non-events:"
    assert {"bi", "di"} <= rows_table(one, compute(one))[0].keys()


def test_only_counts_have_participants_without_the_event() -> None:
    with pytest.raises(InputError) as caught:
        changed(default_settings(OutcomeKind.CONTINUOUS), {"swap_events": True})
    assert caught.value.code == "analysis.no_events"


def test_without_totals_nothing_is_pooled_and_nothing_weighs() -> None:
    one = grouped(show_total=False, show_subtotals=False)
    result = compute(one)
    assert (result.overall, [group.pool for group in result.subgroups], result.difference) == (None, [None, None], None)
    assert [found.weight for found in result.rows] == [None] * 4
    assert all(found.effect is not None for found in result.rows)
    plot = forest_plot(one, result)
    assert (plot.show_weights, plot.overall, plot.overall_lines) == (False, None, ())
    assert len(results_table([(one, result)])) == 0


def test_a_total_can_stand_without_subtotals() -> None:
    one = grouped(show_subtotals=False)
    result = compute(one)
    assert result.overall is not None
    assert [group.pool for group in result.subgroups] == [None, None]
    assert sum(found.weight or 0 for found in result.rows) == pytest.approx(100)
    assert result.difference is not None


def test_studies_can_have_a_level_of_their_own() -> None:
    rows = trials([(4, 20, 2, 20), (9, 30, 3, 30)])
    one, same = data(rows, study_level=0.99), data(rows)
    narrow, wide = compute(same), compute(one)
    assert narrow.overall is not None
    assert wide.overall is not None
    assert wide.overall.effect == narrow.overall.effect
    assert wide.rows[0].effect is not None
    assert narrow.rows[0].effect is not None
    assert wide.rows[0].effect.lower < narrow.rows[0].effect.lower
    assert forest_plot(one, wide).effect_header[1] == "M-H, Random, 99% CI (total 95%)"
    assert forest_plot(same, narrow).effect_header[1] == "M-H, Random, 95% CI"


@pytest.mark.parametrize("level", [0.0, 1.0, 95.0])
def test_an_impossible_level_of_the_studies_is_refused(level: float) -> None:
    with pytest.raises(InputError) as caught:
        changed(default_settings(OutcomeKind.CONTINUOUS), {"study_level": level})
    assert caught.value.code == "pooling.level"


def test_a_generic_effect_goes_by_the_name_it_is_given() -> None:
    rows = [row("A", {"yi": 0.5, "sei": 0.2}), row("B", {"yi": 0.2, "sei": 0.1})]
    settings = default_settings(OutcomeKind.GENERIC, "GENLOG")
    one = replace(data(rows), settings=settings, look=Look(effect_label="Rate ratio of falls"))
    result = compute(one)
    plot = forest_plot(one, result)
    assert plot.effect_header[0] == "Rate ratio of falls"
    assert plot.columns[0].columns == ("log[Rate ratio of falls]",)
    assert result.effect_label == "Rate ratio of falls"
    assert results_table([(one, result)])[0]["measure"] == "Rate ratio of falls"


def test_a_measure_that_copse_computes_keeps_its_name() -> None:
    one = replace(data(trials([(4, 20, 2, 20)])), look=Look(effect_label="Something else"))
    assert forest_plot(one, compute(one)).effect_header[0] == "Odds Ratio"
