"""The overall judgement, the counts of the summary figure, and two reviewers side by side."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import InputError
from core.riskofbias.summary import Agreement, compare, count, overall
from core.riskofbias.tools import Cell, tool

ROB1 = tool("rob1")
LEVELS = st.sampled_from([level.id for level in ROB1.levels])
ALL_LOW = dict.fromkeys(ROB1.cells(), "low")


@given(st.tuples(*[LEVELS] * 7))
def test_any_high_is_high_else_any_unclear_is_unclear_else_low(levels: tuple[str, ...]) -> None:
    expected = "high" if "high" in levels else "unclear" if "unclear" in levels else "low"
    found = overall(ROB1, dict(zip(ROB1.cells(), levels, strict=True)))
    assert found is not None
    assert found.id == expected


def test_overall_waits_for_the_last_domain_unless_high_has_decided_it() -> None:
    given_so_far = dict(ALL_LOW)
    del given_so_far[Cell("other")]
    assert overall(ROB1, given_so_far) is None
    assert overall(ROB1, {}) is None
    given_so_far[Cell("sequence")] = "unclear"
    assert overall(ROB1, given_so_far) is None
    given_so_far[Cell("sequence")] = "high"
    assert overall(ROB1, given_so_far) == ROB1.level("high")


def test_overall_looks_at_the_key_domains_only() -> None:
    judgements = {**ALL_LOW, Cell("other"): "high", Cell("sequence"): "unclear"}
    assert overall(ROB1, judgements, key_domains=["sequence", "concealment"]) == ROB1.level("unclear")
    assert overall(ROB1, judgements, key_domains=["concealment"]) == ROB1.level("low")


def test_overall_belongs_to_one_group_of_outcomes() -> None:
    judgements = dict.fromkeys(ROB1.cells(["objective", "self-reported"]), "low")
    judgements[Cell("blinding_assessment", "self-reported")] = "high"
    assert overall(ROB1, judgements, "objective") == ROB1.level("low")
    assert overall(ROB1, judgements, "self-reported") == ROB1.level("high")


def test_a_judgement_that_the_tool_does_not_know_is_refused() -> None:
    with pytest.raises(InputError, match="“critical”"):
        overall(ROB1, {**ALL_LOW, Cell("other"): "critical"})


def test_bars_count_every_study_once_and_keep_the_unjudged_apart() -> None:
    studies = [ALL_LOW, {**ALL_LOW, Cell("other"): "high"}, {Cell("sequence"): "unclear"}]
    bars = {bar.cell.domain: bar for bar in count(ROB1, studies)}
    assert [(level.id, number) for level, number in bars["sequence"].counts] == [
        ("low", 2),
        ("unclear", 1),
        ("high", 0),
    ]
    assert [(level.id, number) for level, number in bars["other"].counts] == [("low", 1), ("unclear", 0), ("high", 1)]
    assert (bars["other"].judged, bars["other"].unjudged) == (2, 1)
    assert list(bars) == [domain.id for domain in ROB1.domains]


def test_two_reviewers_side_by_side() -> None:
    first = {Cell("sequence"): "low", Cell("other"): "high", Cell("attrition"): "low"}
    second = {Cell("sequence"): "low", Cell("other"): "unclear"}
    found = {row.cell.domain: row for row in compare(ROB1, first, second)}
    assert len(found) == 7
    assert found["sequence"].agreement is Agreement.SETTLED
    assert found["other"].agreement is Agreement.DIFFERS
    assert (found["other"].first, found["other"].second) == ("high", "unclear")
    assert found["attrition"].agreement is Agreement.WAITING
    assert found["reporting"].agreement is Agreement.WAITING
