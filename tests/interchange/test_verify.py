"""A file's results beside ours: what agrees, what differs and why, and what cannot be compared."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core import pooling
from core.interchange.formats import read_review_file
from core.interchange.model import DataKind, DataRow, Numbers, Outcome, ReviewFile, Totals
from core.interchange.stored import filled
from core.interchange.verify import Count, Difference, State, Verification, VerifyCancelled, verify
from core.interchange.verify_reasons import EDITED, NO_EXPLANATION, ROUNDED
from tests.interchange.made import continuous, dichotomous, file_of, in_subgroups, study_id, with_results


def checked(outcome: Outcome, decimals: int | None = None) -> Verification:
    return verify(file_of(outcome, decimals=decimals))


def with_row(outcome: Outcome, number: int, change: Callable[[DataRow], DataRow]) -> Outcome:
    rows = list(outcome.rows)
    rows[number] = change(rows[number])
    return replace(outcome, rows=tuple(rows))


def with_data(**data: float | None) -> Callable[[DataRow], DataRow]:
    return lambda row: replace(row, data={**row.data, **data})


def with_stored(**stored: float | None) -> Callable[[DataRow], DataRow]:
    return lambda row: replace(row, stored={**row.stored, **stored})


def reasons(found: Verification) -> set[str]:
    return {difference.reason for difference in found.differences}


def at_total(found: Verification) -> list[Difference]:
    return [one for one in found.differences if not one.where.study and not one.where.subgroup]


@pytest.mark.parametrize(
    "outcome",
    [
        dichotomous("OR"),
        dichotomous("RR", "MH", "random"),
        dichotomous("RD", "IV", "random"),
        dichotomous("PETO", "Peto"),
        continuous("MD"),
        continuous("SMD", "common"),
        replace(dichotomous(), swap_events=True),
        replace(continuous(), ci_total=0.9, ci_study=0.99),
        in_subgroups(dichotomous()),
        in_subgroups(replace(dichotomous(), totals=Totals.SUBTOTALS)),
    ],
)
def test_a_file_whose_results_belong_to_its_numbers_matches(outcome: Outcome) -> None:
    found = checked(with_results(outcome))
    groups = len(outcome.subgroups)
    assert found.differences == found.unchecked == ()
    assert found.matches
    assert found.outcomes == Count(1, 1)
    assert found.subgroups == Count(groups, groups)
    assert found.rows == Count(len(outcome.all_rows), len(outcome.all_rows))
    assert found.values.agree == found.values.total > 10 * len(outcome.all_rows) // 2
    assert [one.state for one in found.analyses] == [State.AGREES]


def test_a_difference_says_where_it_is_and_shows_both_numbers() -> None:
    outcome = with_results(in_subgroups(dichotomous()))
    groups = list(outcome.subgroups)
    rows = list(groups[1].rows)
    rows[0] = with_stored(se=0.5)(rows[0])
    groups[1] = replace(groups[1], rows=tuple(rows))
    found = checked(replace(outcome, subgroups=tuple(groups)))
    assert not found.matches
    assert found.outcomes == Count(0, 1)
    assert found.rows == Count(3, 4)
    assert found.subgroups == Count(2, 2)
    (difference,) = found.differences
    assert difference.where.text == "1.1 Relapse, subgroup Children, Copse 2007"
    assert (difference.where.outcome_id, difference.where.subgroup_id) == ("CMP-001.01", "CMP-001.01.02")
    assert (difference.where.number, difference.where.study_id) == ("1.1", "STD-Copse-2007")
    assert (difference.name, difference.what) == ("se", "Standard error")
    assert difference.stored == 0.5
    assert difference.computed == pytest.approx(math.sqrt(1 / 30 - 1 / 120 + 1 / 41 - 1 / 118))
    assert (difference.stored_text, difference.computed_text) == ("0.50", "0.20")


def test_a_number_with_its_logarithm_is_one_difference_with_decimals_enough_to_see_it() -> None:
    outcome = with_results(dichotomous())
    effect = outcome.rows[0].stored["effect_size"]
    assert effect is not None
    wrong = effect * 1.00001
    found = checked(with_row(outcome, 0, with_stored(effect_size=wrong, log_effect_size=math.log10(wrong))))
    (difference,) = found.differences
    assert difference.name == "effect_size"
    assert difference.stored_text != difference.computed_text
    assert difference.stored_text == "0.615006"
    assert difference.computed_text == "0.615000"
    assert found.values.total - found.values.agree == 2


@pytest.mark.parametrize(
    ("stored_as", "read_as", "words"),
    [
        (dichotomous("OR", "MH", "random"), {"model": "common"}, "random effects"),
        (continuous("MD", "common"), {"model": "random"}, "fixed effects"),
        (dichotomous("RR", "IV"), {"method": "MH"}, "inverse variance"),
        (dichotomous("RR", "MH"), {"method": "IV"}, "Mantel-Haenszel's method"),
        (dichotomous("PETO", "Peto"), {"measure": "OR", "method": "MH"}, "Peto's odds ratio"),
        (dichotomous("OR", "MH"), {"measure": "PETO", "method": "Peto"}, "Mantel-Haenszel's odds ratio"),
        (dichotomous("OR"), {"measure": "RR"}, "odds ratio"),
        (continuous("SMD"), {"measure": "MD"}, "standardised mean difference"),
        (replace(dichotomous(), swap_events=True), {"swap_events": False}, "events and non-events exchanged"),
        (replace(continuous(), ci_total=0.9), {"ci_total": 0.95}, "confidence intervals of 90%"),
        (replace(continuous(), ci_study=0.99, ci_total=0.99), {"ci_study": 0.95, "ci_total": 0.95}, "of 99%"),
        (
            dichotomous("RR", "IV", "random"),
            {"method": "MH", "model": "common"},
            "inverse variance and random effects",
        ),
    ],
)
def test_results_of_other_settings_are_recognised(stored_as: Outcome, read_as: dict[str, object], words: str) -> None:
    outcome = replace(with_results(stored_as), **read_as)  # pyright: ignore[reportArgumentType]
    found = checked(outcome)
    (reason,) = reasons(found)
    assert reason.startswith("Copse's value agrees when the analysis is read with ")
    assert words in reason
    assert "the file's settings and its results do not belong together" in reason


@pytest.mark.parametrize("totals", list(Totals)[:2])
def test_a_logarithm_of_a_total_or_subtotal_alone_is_compared_too(totals: Totals) -> None:
    outcome = filled(replace(in_subgroups(dichotomous("RR", "MH", "random")), totals=totals))
    group = outcome.subgroups[0]
    for place, logarithm in (("", outcome.stored["log_effect_size"]), (group.id, group.stored["log_effect_size"])):
        assert logarithm is not None
        wrong = {"log_effect_size": logarithm + 0.01}
        groups = (replace(group, stored={**group.stored, **wrong}), *outcome.subgroups[1:])
        changed = replace(outcome, subgroups=groups) if place else replace(outcome, stored={**outcome.stored, **wrong})
        assert checked(outcome).matches
        assert [(d.where.subgroup_id, d.name) for d in checked(changed).differences] == [(place, "log_effect_size")]


def test_subtotals_that_are_not_shown_are_not_estimable_in_the_file() -> None:
    outcome = filled(replace(in_subgroups(dichotomous("RR", "MH", "random")), totals=Totals.NONE))
    assert {group.estimable for group in outcome.subgroups} == {False}
    assert checked(outcome).matches


def test_a_variance_beside_the_effect_of_counts_is_compared() -> None:
    outcome = filled(dichotomous("OR"))
    wrong = with_row(outcome, 1, with_stored(var=0.3))
    assert checked(outcome).matches
    assert [(d.where.study_id, d.name) for d in checked(wrong).differences] == [(wrong.rows[1].study_id, "var")]


def test_exchanged_groups_are_recognised() -> None:
    outcome = with_results(dichotomous())
    for number, row in enumerate(outcome.rows):
        data: Numbers = row.data
        turned = {"events_1": data["events_2"], "total_1": data["total_2"]}
        turned |= {"events_2": data["events_1"], "total_2": data["total_1"]}
        outcome = with_row(outcome, number, with_data(**turned))
    rows = [one for one in checked(outcome).differences if one.where.study]
    assert rows
    assert all("the two groups exchanged" in one.reason for one in rows)


def test_weights_of_the_subtotals_are_recognised() -> None:
    subtotals = with_results(in_subgroups(replace(dichotomous("RR", "IV"), totals=Totals.SUBTOTALS)))
    (reason,) = reasons(checked(replace(subtotals, totals=Totals.ALL)))
    assert reason == "The weights that the file holds are percent of the subtotal, not of the total."


def test_weights_of_the_total_are_recognised_where_subtotals_alone_are_shown() -> None:
    whole = with_results(in_subgroups(dichotomous("RR", "IV")))
    (reason,) = reasons(checked(replace(whole, totals=Totals.SUBTOTALS)))
    assert reason == "The weights that the file holds are percent of the total, not of what the file shows."


def test_a_total_that_an_impossible_row_is_missing_from_names_that_row() -> None:
    outcome = with_row(with_results(continuous()), 0, with_data(sd_1=-3.0))
    outcome = with_row(outcome, 0, lambda row: replace(row, stored={}, estimable=None))
    (reason,) = {one.reason for one in at_total(checked(outcome))}
    assert reason.startswith("Ahorn 2001, experimental group: ")
    assert "cannot be negative (-3)" in reason


def test_a_row_edited_after_the_results_is_named_where_it_is_and_in_the_total() -> None:
    outcome = with_row(with_results(continuous()), 1, with_data(mean_1=11.7, sd_1=2.2))
    found = checked(outcome)
    rows = {one.where.study: one.reason for one in found.differences if one.where.study and one.name != "weight"}
    assert rows == {"Birke 2004": EDITED}
    assert {one.reason for one in at_total(found)} == {
        "The file's results are from before a row was edited: the effect that it holds for Birke 2004 differs too."
    }


def test_an_edited_row_goes_before_the_sums_that_it_changes() -> None:
    outcome = with_row(with_results(dichotomous()), 2, with_data(events_1=33.0))
    (reason,) = {one.reason for one in at_total(checked(outcome))}
    assert "the effect that it holds for Copse 2007 differs too" in reason


def test_a_total_of_other_studies_than_the_rows_is_recognised() -> None:
    whole = with_results(continuous())
    fewer = with_results(replace(continuous(), rows=continuous().rows[:2]))
    found = checked(replace(whole, stored=fewer.stored))
    assert {one.reason for one in at_total(found)} == {
        "The file's total is of other studies than its rows: it is the total without Copse 2007."
    }
    assert all(not one.where.study for one in found.differences)


def test_sums_that_are_not_those_of_the_rows_are_shown() -> None:
    outcome = with_results(dichotomous())
    found = checked(replace(outcome, stored={**outcome.stored, "events_1": 12.0}))
    assert reasons(found) == {
        "The file's total is of other studies than its rows, or of other numbers (events 12 v 58)."
    }


def test_results_and_weights_of_another_row_are_recognised() -> None:
    outcome = with_results(dichotomous())
    first, second = outcome.rows[0].stored, outcome.rows[1].stored
    effects = {name: value for name, value in second.items() if name != "weight"}
    found = checked(with_row(outcome, 0, with_stored(**effects)))
    assert reasons(found) == {"The results that the file holds for this row are those of Birke 2004."}
    found = checked(with_row(outcome, 1, with_stored(weight=first["weight"])))
    assert reasons(found) == {"The weight that the file holds for this row is that of Ahorn 2001."}


def test_a_rounded_number_is_recognised() -> None:
    outcome = with_results(dichotomous())
    effect = outcome.stored["effect_size"]
    assert effect is not None
    found = checked(replace(outcome, stored={**outcome.stored, "effect_size": round(effect, 3)}))
    assert reasons(found) == {ROUNDED}


def test_what_nothing_explains_is_said_to_be_unexplained() -> None:
    outcome = with_results(dichotomous())
    found = checked(replace(outcome, stored={**outcome.stored, "chi2": 1.2345678912}))
    assert reasons(found) == {NO_EXPLANATION}


def test_a_total_that_the_file_calls_not_estimable_has_no_reason_made_up_for_it() -> None:
    outcome = with_results(in_subgroups(dichotomous()))
    found = checked(replace(outcome, estimable=False, stored={}))
    (difference,) = found.differences
    assert (difference.stored_text, difference.computed_text) == ("not estimable", "estimable")
    assert difference.reason == NO_EXPLANATION


def test_where_a_file_rounds_its_numbers_half_a_unit_of_the_last_decimal_agrees() -> None:
    outcome = with_results(in_subgroups(continuous()))

    def rounded(stored: Numbers) -> Numbers:
        return {name: None if value is None else round(value, 3) for name, value in stored.items()}

    groups = tuple(
        replace(
            group,
            stored=rounded(group.stored),
            rows=tuple(replace(row, stored=rounded(row.stored), estimable=None) for row in group.rows),
        )
        for group in outcome.subgroups
    )
    outcome = replace(outcome, stored=rounded(outcome.stored), subgroups=groups, estimable=None)
    assert checked(outcome, decimals=3).matches
    assert not checked(outcome).matches
    assert not checked(outcome, decimals=4).matches


def test_zeros_without_an_interval_are_no_results() -> None:
    """RevMan Web writes them where it has computed nothing."""
    empty = {"effect_size": 0.0, "ci_start": 0.0, "ci_end": 0.0, "weight": 0.0, "z": 0.0, "p_z": 0.0, "chi2": 0.0}
    outcome = continuous()
    rows = tuple(replace(row, stored={**empty}) for row in outcome.rows)
    blank = replace(outcome, id="CMP-001.03", rows=rows, stored={**empty, "df": 2.0, "q": 0.0, "p_q": 0.0})
    found = verify(file_of(with_results(dichotomous()), blank, decimals=6))
    assert found.matches
    assert found.rows == Count(4, 4)


def of_revman_web(**changed: float) -> Outcome:
    """Three differences under REML with Hartung and Knapp's interval, as RevMan Web stores them."""
    effects, errors = [1.0, 3.0, 6.0], [0.5, 0.7, 0.6]
    found = pooling.effect_sizes("GEN", yi=effects, sei=errors)
    fit = pooling.pool(found, tau2="REML", ci="hksj", pi="t(k-1)")
    spread = pooling.tau2_interval(found).tau2
    assert fit.ci is not None
    assert fit.pi is not None
    assert fit.stat is not None
    assert fit.q is not None
    assert spread is not None
    stored: dict[str, float | None] = {
        "effect_size": fit.estimate, "ci_start": fit.ci.low, "ci_end": fit.ci.high, "t": fit.stat, "p_z": fit.p,
        "tau2": fit.tau2, "chi2": fit.q, "df": 2.0, "i2": 100 * (fit.q - 2) / fit.q, "pi_start": fit.pi.low,
        "pi_end": fit.pi.high, "tau2_ci_start": spread.ci.low, "tau2_ci_end": spread.ci.high,
    }  # fmt: skip
    rows = tuple(
        DataRow(study_id(name), {"estimate": effect, "se": se})
        for name, effect, se in zip(("Ahorn 2001", "Birke 2004", "Copse 2007"), effects, errors, strict=True)
    )
    return Outcome(
        "CMP-001.04", "4", "Pain", DataKind.GENERIC, "GEN", "IV", "random", "REML", "hksj", "t(k-1)", rows=rows,
        stored={**stored, **changed},
    )  # fmt: skip


def test_estimator_interval_and_prediction_interval_of_revman_web_are_followed() -> None:
    found = checked(of_revman_web())
    assert found.matches
    assert found.values == Count(13, 13)


@pytest.mark.parametrize("name", ["t", "pi_start", "pi_end", "tau2_ci_start", "tau2_ci_end", "i2"])
def test_what_revman_web_adds_is_compared_as_well(name: str) -> None:
    value = of_revman_web().stored[name]
    assert value is not None
    assert [one.name for one in checked(of_revman_web(**{name: value + 0.01})).differences] == [name]


def test_another_interval_of_revman_web_is_recognised() -> None:
    found = checked(replace(of_revman_web(), ci="wald", pi=""))
    assert found.differences
    assert {one.reason for one in found.differences if one.name in ("ci_start", "ci_end")} == {
        "Copse's value agrees when the analysis is read with the estimator REML and Hartung-Knapp's interval: the "
        "file's settings and its results do not belong together."
    }


# --- what cannot be compared ------------------------------------------------------------------------------------------


def test_a_file_without_results_has_nothing_to_compare() -> None:
    found = checked(dichotomous())
    assert not found.holds_results
    assert found.matches
    assert found.outcomes == found.rows == found.values == Count(0, 0)
    assert [(one.state, one.reason) for one in found.analyses] == [(State.NOTHING, "The file holds no results of it.")]


def test_an_analysis_of_texts_is_nothing_to_check() -> None:
    texts = Outcome("CMP-001.09", "9", "Said", DataKind.OTHER, "", rows=(DataRow("STD-A", texts=("yes",)),))
    found = verify(file_of(with_results(dichotomous()), texts))
    assert found.matches
    assert found.outcomes == Count(1, 1)
    assert [one.state for one in found.analyses] == [State.AGREES, State.NOTHING]
    assert found.analyses[1].reason == "It holds texts only."


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"sd_1": None}, "SD"),
        ({"sd_1": -1.0}, "cannot be negative"),
        ({"total_1": -4.0}, "cannot be negative"),
        ({"mean_1": math.inf}, "infinite"),
        ({"mean_1": math.nan}, "Mean"),
    ],
)
def test_a_row_that_cannot_be_computed_is_listed_and_its_total_counts_as_not_checked(
    data: dict[str, float | None], said: str
) -> None:
    found = checked(with_row(with_results(continuous()), 1, with_data(**data)))
    assert not found.matches
    assert found.differences == ()
    assert found.outcomes == Count(0, 1)
    assert found.rows == Count(2, 3)
    (entry,) = found.unchecked
    assert entry.where.study == "Birke 2004"
    assert said in entry.reason
    assert found.analyses[0].state is State.UNCHECKED


def test_more_events_than_participants_do_not_stop_the_other_analyses() -> None:
    wrong = with_row(with_results(dichotomous()), 0, with_data(events_1=50.0))
    found = verify(file_of(replace(wrong, id="CMP-001.05"), with_results(dichotomous())))
    assert found.outcomes == Count(1, 2)
    assert [one.state for one in found.analyses] == [State.UNCHECKED, State.AGREES]
    assert "More events (50) than participants (40)" in found.unchecked[0].reason


def test_a_row_without_spread_that_the_file_estimates_differs() -> None:
    wrong = with_row(with_results(continuous()), 0, with_data(sd_1=0.0, sd_2=0.0))
    found = checked(wrong)
    row = next(one for one in found.differences if one.name == "estimable")
    assert (row.stored_text, row.computed_text) == ("estimable", "not estimable")
    assert row.where.study == "Ahorn 2001"
    assert "standard deviation" in row.reason.lower() or "SD" in row.reason


def test_an_incomplete_row_that_the_file_leaves_out_too_is_no_matter() -> None:
    whole = with_results(continuous())
    kept = with_results(replace(continuous(), rows=continuous().rows[:2]))
    left_out = replace(continuous().rows[2], estimable=False, stored={"weight": 0.0})
    outcome = replace(kept, rows=(*kept.rows, with_data(sd_1=None, total_1=0.0, total_2=0.0)(left_out)))
    outcome = replace(outcome, stored={**outcome.stored, "studies": 3.0})
    assert whole.rows[2].data["sd_1"] == 5.0
    assert checked(outcome).matches


@pytest.mark.parametrize(
    "change",
    [{"measure": "NNT"}, {"model": "mixed"}, {"model": "random", "tau2": "XX"}, {"model": "random", "ci": "bayes"}],
)
def test_an_analysis_that_pooling_refuses_is_listed_with_the_reason(change: dict[str, str]) -> None:
    found = checked(replace(with_results(dichotomous()), **change))  # pyright: ignore[reportArgumentType]
    assert not found.matches
    assert found.outcomes == Count(0, 1)
    assert found.rows == Count(0, 4)
    assert found.values == Count(0, 0)
    (entry,) = found.unchecked
    assert entry.where.text == "1.1 Relapse"
    assert len(entry.reason) > 20


numbers = st.one_of(st.none(), st.floats(), st.integers(-3, 60).map(float))
rows = st.lists(
    st.builds(
        DataRow,
        st.sampled_from([study_id("Ahorn 2001"), study_id("Birke 2004"), "STD-unknown"]),
        st.fixed_dictionaries(dict.fromkeys(("events_1", "total_1", "events_2", "total_2", "mean_1", "sd_1"), numbers)),
        st.fixed_dictionaries(dict.fromkeys(("effect_size", "ci_start", "ci_end", "se", "weight"), numbers)),
        estimable=st.sampled_from([True, False, None]),
    ),
    max_size=4,
)


@settings(max_examples=60)
@given(
    rows,
    st.sampled_from(["OR", "RR", "RD", "PETO"]),
    st.sampled_from(["common", "random"]),
    st.fixed_dictionaries(dict.fromkeys(("effect_size", "ci_start", "ci_end", "z", "chi2", "df"), numbers)),
)
def test_no_numbers_stop_the_comparison(rows: list[DataRow], measure: str, model: str, stored: Numbers) -> None:
    outcome = Outcome(
        "CMP-001.01", "1", "Any", DataKind.DICHOTOMOUS, measure, "Peto" if measure == "PETO" else "MH", model,
        rows=tuple(rows), stored=stored,
    )  # fmt: skip
    found = checked(outcome)
    assert found.values.agree <= found.values.total
    assert found.matches == (not found.differences and not found.unchecked)


# --- real files -------------------------------------------------------------------------------------------------------


def test_everything_that_revman_stored_in_real_files_matches(reference_data: Path) -> None:
    paths = sorted((reference_data / "revman" / "files").glob("*.rm5"))
    outcomes = subgroups = rows = values = Count()
    for path in paths:
        found = verify(read_review_file(path))
        assert found.matches, (path.name, found.differences[:3], found.unchecked[:3])
        outcomes, subgroups = outcomes + found.outcomes, subgroups + found.subgroups
        rows, values = rows + found.rows, values + found.values
    assert (outcomes, subgroups, rows) == (Count(226, 226), Count(195, 195), Count(1329, 1329))
    assert values == Count(18_812, 18_812)


@pytest.mark.parametrize(
    ("pattern", "outcomes", "rows"),
    [("meta_Fleiss1993_CR.csv", 2, 12), ("meta_Fleiss1993.zip", 2, 7)],
)
def test_rounded_numbers_of_other_formats_match(reference_data: Path, pattern: str, outcomes: int, rows: int) -> None:
    found = verify(read_review_file(reference_data / "revman" / "files" / pattern))
    assert found.matches, (found.differences[:3], found.unchecked[:3])
    assert found.outcomes == Count(outcomes, outcomes)
    assert found.rows == Count(rows, rows)


# --- on the way -------------------------------------------------------------------------------------------------------


def many() -> ReviewFile:
    return file_of(*(replace(with_results(dichotomous()), id=f"CMP-001.{n:02}") for n in range(1, 5)))


def test_progress_runs_to_the_end() -> None:
    told: list[float] = []
    verify(many(), told.append)
    assert told == [0.25, 0.5, 0.75, 1.0]


def test_it_can_be_stopped() -> None:
    told: list[float] = []
    with pytest.raises(VerifyCancelled, match=r"made\.rm5"):
        verify(many(), told.append, lambda: len(told) == 2)
    assert told == [0.25, 0.5]
