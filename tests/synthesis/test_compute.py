"""Results of analyses as a pure function of a frozen picture."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.model import OutcomeKind, new_id
from core.synthesis.cells import shown_number
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
        subgroups, tuple(rows), (), "rob1",
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


@pytest.mark.parametrize("kind", OutcomeKind)
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
    assert len(seen) > 10


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
