"""Analyses from settled values: the published results, directions, settings, values typed over, advice."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.errors import InputError
from core.figures.forest import layout_forest
from core.figures.svg import svg_document
from core.model import ArmRole, Direction, OutcomeKind, Period, StudyStatus, ValueStatus
from core.report.figure import analysis_figure
from core.report.tables import results_table, rows_table
from core.review import Review
from core.session.synthesis import SynthesisPart
from core.store.queries.synthesis import RowPlaces
from core.synthesis.compute import Effect, PoolResult
from tests.reviews import new_review, sessions
from tests.session.trials import PTSD, SAD, add_outcome, analysis, contrast, counts, told, two_arms
from tests.session.undoing import each_step_can_be_undone, kinds_done, kinds_there_are


@pytest.fixture
def review(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Review]:
    monkeypatch.setenv("COPSE_DATA_DIR", str(tmp_path / "data"))
    made = new_review(tmp_path)
    yield made
    assert made.check() == []
    made.close()


@pytest.fixture
def lead(review: Review) -> SynthesisPart:
    return sessions(review)[0].synthesis


def shown(effect: Effect | None) -> str:
    assert effect is not None
    return f"{effect.shown_estimate:.2f} [{effect.shown_lower:.2f}, {effect.shown_upper:.2f}]"


def pooled(result: PoolResult | None) -> str:
    assert result is not None
    return shown(result.effect)


def overall(part: SynthesisPart, made: bytes) -> str:
    result = part.result(made)
    assert result.refusal is None, result.refusal
    return pooled(result.overall)


# --- the published review --------------------------------------------------------------------------------------------


def test_the_published_subgroups_come_out_to_the_digit(review: Review, lead: SynthesisPart) -> None:
    """Whittaker et al. 2021, figure 3."""
    outcome = add_outcome(review, "Response")
    for trial in (*SAD, *PTSD):
        counts(review, outcome, *trial)
    made = analysis(review, outcome)
    groups = [lead.add_subgroup(made, label).value for label in ("SAD", "PTSD")]
    for row in lead.grid(made).rows:
        lead.move_row(row.id, groups[row.study not in ("Glue 2017", "Taylor 2018")])
    result = lead.result(made)
    assert [pooled(group.pool) for group in result.subgroups] == ["28.94 [3.45, 242.57]", "2.03 [0.67, 6.15]"]
    assert [round(g.pool.pooled.p or 0, 3) for g in result.subgroups if g.pool] == [0.002, 0.209]
    assert pooled(result.overall) == "4.73 [1.10, 20.22]"
    assert result.difference is not None
    assert result.difference.df == 1
    pradhan = result.rows[-1]
    assert (pradhan.study, pradhan.effect, pradhan.weight) == ("Pradhan 2017", None, None)
    assert "every participant" in pradhan.reason
    text = svg_document(layout_forest(lead.forest_plot(made)))
    for words in ("28.94 [3.45, 242.57]", "2.03 [0.67, 6.15]", "Not estimable", "1.1.2 PTSD", "Favours Ketamine"):
        assert words in text


def test_a_single_study_is_shown_and_heterogeneity_is_not(review: Review, lead: SynthesisPart) -> None:
    outcome = add_outcome(review, "Response in GAD")
    counts(review, outcome, "Glue 2017", 6, 10, 0, 10)
    made = analysis(review, outcome)
    assert overall(lead, made) == "30.33 [1.39, 660.76]"
    assert "Heterogeneity: Not applicable" in lead.forest_plot(made).overall_lines


def test_a_corrected_and_resettled_value_flows_into_the_result(review: Review, lead: SynthesisPart) -> None:
    """8 responders become 7: metafor 3.8-1 gives 24.74 [2.97, 206.26]."""
    outcome = add_outcome(review, "Response")
    for trial in SAD:
        counts(review, outcome, *trial)
    made = analysis(review, outcome)
    cell = lead.grid(made).rows[0].cells[0]
    place = lead.snapshot(made).rows[0].experimental
    assert place is not None
    asha, tom, rosa = sessions(review)
    study = lead.snapshot(made).rows[0].study.id
    for person in (asha, tom):
        person.extraction.reopen(study)
        person.extraction.enter(place.id, "events", 7)
        person.extraction.finish(study)
    assert overall(lead, made) == "28.94 [3.45, 242.57]"
    rosa.extraction.settle(place.id, "events", take_from=asha.reviewer.id)
    assert cell.value_ids == lead.grid(made).rows[0].cells[0].value_ids
    assert overall(lead, made) == "24.74 [2.97, 206.26]"
    rosa.undo()
    assert overall(lead, made) == "28.94 [3.45, 242.57]"


# --- directions ------------------------------------------------------------------------------------------------------


def opposite_scales(review: Review) -> bytes:
    outcome = add_outcome(review, "Anxiety", OutcomeKind.CONTINUOUS, None)
    two_arms(
        review, outcome, "Abel 2010", {"mean": 10, "sd": 4, "total": 30}, {"mean": 14, "sd": 4, "total": 30},
        instrument="HAM-A", better=Direction.LOWER,
    )  # fmt: skip
    two_arms(
        review, outcome, "Baker 2012", {"mean": 24, "sd": 4, "total": 30}, {"mean": 20, "sd": 4, "total": 30},
        instrument="Calm scale", better=Direction.HIGHER,
    )  # fmt: skip
    return outcome


def test_opposite_directions_are_refused_and_the_studies_named(review: Review, lead: SynthesisPart) -> None:
    made = analysis(review, opposite_scales(review))
    result = lead.result(made)
    assert result.overall is None
    assert result.refusal is not None
    assert result.refusal.code == "analysis.opposite_directions"
    for words in ("Abel 2010 (HAM-A)", "Baker 2012 (Calm scale)", "Set the direction of the analysis"):
        assert words in result.refusal.message
    assert [shown(row.effect) for row in result.rows] == ["-4.00 [-6.02, -1.98]", "4.00 [1.98, 6.02]"]
    assert lead.forest_plot(made).overall is None


@pytest.mark.parametrize(("better", "estimate"), [("lower", -4), ("higher", 4)])
def test_a_direction_turns_the_other_scale(review: Review, lead: SynthesisPart, better: str, estimate: int) -> None:
    made = analysis(review, opposite_scales(review), better=better)
    result = lead.result(made)
    assert result.overall is not None
    assert result.overall.effect is not None
    assert result.overall.effect.estimate == pytest.approx(estimate)
    assert [row.turned for row in result.rows] == [better == "higher", better == "lower"]
    assert any(advice.code == "direction.turned" for advice in result.advice)
    favours = lead.forest_plot(made).favours
    assert favours == (
        ("Favours Ketamine", "Favours Control") if better == "lower" else ("Favours Control", "Favours Ketamine")
    )


def test_an_effect_reported_as_improvement_is_turned_too(review: Review, lead: SynthesisPart) -> None:
    """+12.7 as an improvement and -5.79 as a change of symptoms both favour the experimental arm."""
    outcome = add_outcome(review, "Symptoms", OutcomeKind.GENERIC, Direction.LOWER)
    contrast(
        review, outcome, "Feder 2014", "MD", {"effect": 12.7, "se": 5.2}, instrument="IES-R", better=Direction.HIGHER
    )
    contrast(review, outcome, "Rodriguez 2013", "MD", {"effect": -5.79, "se": 3.1}, instrument="Y-BOCS")
    made = analysis(review, outcome)
    refusal = lead.result(made).refusal
    assert refusal is not None
    assert "Feder 2014 (IES-R)" in refusal.message
    lead.change_analysis(made, better="lower")
    assert [row.effect.estimate for row in lead.result(made).rows if row.effect] == [-12.7, -5.79]


def test_an_unknown_direction_is_refused_beside_other_measurements_only(review: Review, lead: SynthesisPart) -> None:
    outcome = add_outcome(review, "Function", OutcomeKind.CONTINUOUS, None)
    numbers = ({"mean": 10, "sd": 4, "total": 30}, {"mean": 14, "sd": 4, "total": 30})
    two_arms(review, outcome, "Abel 2010", *numbers, instrument="SF-36")
    made = analysis(review, outcome)
    assert lead.result(made).refusal is None
    two_arms(review, outcome, "Baker 2012", *numbers, instrument="SDS")
    lead.fill_rows(made)
    refusal = lead.result(made).refusal
    assert refusal is not None
    assert refusal.code == "analysis.unknown_direction"
    assert "Abel 2010 (SF-36), Baker 2012 (SDS)" in refusal.message


def test_a_responder_is_a_responder_whichever_way_the_scale_runs(review: Review, lead: SynthesisPart) -> None:
    outcome = add_outcome(review, "Response")
    one, other = ({"events": 8, "total": 12}, {"events": 2, "total": 12})
    two_arms(review, outcome, "Abel 2010", one, other, instrument="HAM-A", better=Direction.LOWER)
    two_arms(review, outcome, "Baker 2012", one, other, instrument="Calm scale", better=Direction.HIGHER)
    assert lead.result(analysis(review, outcome)).refusal is None


# --- generic effects -------------------------------------------------------------------------------------------------


def test_a_ratio_keeps_its_reported_interval_and_a_misprint_is_flagged(review: Review, lead: SynthesisPart) -> None:
    """The published odds ratio of feeling spaced out is not symmetric on the log scale."""
    outcome = add_outcome(review, "Spaced out", OutcomeKind.GENERIC, Direction.LOWER)
    contrast(review, outcome, "All trials", "OR", {"effect": 104.13, "ci_lower": 13.92, "ci_upper": 799.06})
    made = analysis(review, outcome)
    result = lead.result(made)
    assert result.effect_measure == "OR"
    assert overall(lead, made) == "104.13 [13.74, 788.94]"
    reported = result.rows[0].reported
    assert reported is not None
    assert (reported.lower, reported.upper) == (13.92, 799.06)
    assert reported.differs
    assert reported.asymmetric
    assert any(a.code == "interval.asymmetric" and "799.06" in a.message for a in result.advice)
    sei = lead.grid(made).rows[0].cells[1]
    assert sei.origin == "computed"
    assert len(sei.value_ids) == 2


def test_an_interval_that_fits_its_standard_error_is_not_flagged(review: Review, lead: SynthesisPart) -> None:
    outcome = add_outcome(review, "OCD-VAS", OutcomeKind.GENERIC, Direction.LOWER)
    contrast(review, outcome, "Rodriguez 2013", "MD", {"effect": -2.5, "ci_lower": -5.19, "ci_upper": 0.19})
    reported = lead.result(analysis(review, outcome)).rows[0].reported
    assert reported is not None
    assert not reported.differs
    assert not reported.asymmetric


def test_ratios_and_differences_are_not_pooled(review: Review, lead: SynthesisPart) -> None:
    outcome = add_outcome(review, "Mixed", OutcomeKind.GENERIC)
    contrast(review, outcome, "Abel 2010", "OR", {"effect": 2.0, "se": 0.4})
    contrast(review, outcome, "Baker 2012", "MD", {"effect": 2.0, "se": 0.4})
    refusal = lead.result(analysis(review, outcome)).refusal
    assert refusal is not None
    assert "OR from Abel 2010; MD from Baker 2012" in refusal.message


# --- settings --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "settings"),
    [
        (OutcomeKind.DICHOTOMOUS, ("OR", "MH", "random", "DL", "wald", "", "revman5")),
        (OutcomeKind.CONTINUOUS, ("MD", "IV", "random", "REML", "handbook", "t(k-1)", "")),
        (OutcomeKind.GENERIC, ("GEN", "IV", "random", "REML", "handbook", "t(k-1)", "")),
    ],
)
def test_new_analyses_start_with_the_usual_settings(
    review: Review, lead: SynthesisPart, kind: OutcomeKind, settings: tuple[str, ...]
) -> None:
    made = lead.snapshot(analysis(review, add_outcome(review, "Outcome", kind))).settings
    found = (made.measure, made.method, made.model, made.tau2, made.ci, made.pi, made.compatibility)
    assert found == settings


def test_a_measure_moves_what_does_not_exist_with_it_and_says_so(review: Review, lead: SynthesisPart) -> None:
    made = analysis(review, add_outcome(review, "Response"))
    moved = lead.change_analysis(made, measure="PETO").value
    settings = lead.snapshot(made).settings
    assert (settings.measure, settings.method, settings.model) == ("PETO", "IV", "random")
    assert [note.message.split(":")[0] for note in moved] == ["Method"]
    moved = lead.change_analysis(made, method="Peto").value
    assert lead.snapshot(made).settings.model == "common"
    assert [note.message.split(":")[0] for note in moved] == ["Model"]
    lead.change_analysis(made, measure="RR", model="random")
    moved = lead.change_analysis(made, compatibility="").value
    settings = lead.snapshot(made).settings
    assert (settings.model, settings.tau2) == ("random", "DL")


def test_what_is_asked_for_itself_is_refused_when_it_does_not_exist(review: Review, lead: SynthesisPart) -> None:
    made = analysis(review, add_outcome(review, "Anxiety", OutcomeKind.CONTINUOUS))
    before = lead.snapshot(made)
    with pytest.raises(InputError, match="Mantel-Haenszel .* is not available for mean difference"):
        lead.change_analysis(made, method="MH")
    with pytest.raises(InputError, match="no effect measure OR for continuous data"):
        lead.change_analysis(made, measure="OR")
    with pytest.raises(InputError, match="confidence level"):
        lead.change_analysis(made, level=95)
    with pytest.raises(InputError, match="left end of the axis"):
        lead.change_analysis(made, axis_lower=5.0, axis_upper=1.0)
    assert lead.snapshot(made) == before


def test_changing_settings_is_one_step_to_undo(review: Review, lead: SynthesisPart) -> None:
    made = analysis(review, add_outcome(review, "Response"))
    before = lead.snapshot(made)
    lead.change_analysis(made, measure="RD", method="IV", model="common", label="Response, difference")
    assert lead.snapshot(made).settings.measure == "RD"
    sessions(review)[0].undo()
    assert lead.snapshot(made) == before


# --- rows and values typed over --------------------------------------------------------------------------------------


def test_a_value_typed_over_counts_until_it_is_taken_back(review: Review, lead: SynthesisPart) -> None:
    outcome = add_outcome(review, "Response")
    for trial in SAD:
        counts(review, outcome, *trial)
    made = analysis(review, outcome)
    row = lead.grid(made).rows[0]
    lead.override(row.id, "ai", 7, "Recount")
    cell = lead.grid(made).rows[0].cells[0]
    assert (cell.number, cell.origin, cell.replaced, cell.reason) == (7, "override", 8, "Recount")
    assert overall(lead, made) == "24.74 [2.97, 206.26]"
    sessions(review)[0].undo()
    assert overall(lead, made) == "28.94 [3.45, 242.57]"
    sessions(review)[0].redo()
    lead.remove_override(row.id, "ai")
    assert lead.grid(made).rows[0].cells[0].origin == "consensus"
    assert overall(lead, made) == "28.94 [3.45, 242.57]"


@pytest.mark.parametrize(
    ("cell", "number", "words"),
    [
        ("ai", 13, "More events"),
        ("n1i", -1, "cannot be negative"),
        ("ai", float("inf"), "infinite"),
        ("sd", 1, "no column sd"),
    ],
)
def test_impossible_values_are_refused_and_nothing_is_changed(
    review: Review, lead: SynthesisPart, cell: str, number: float, words: str
) -> None:
    outcome = add_outcome(review, "Response")
    counts(review, outcome, *SAD[0])
    made = analysis(review, outcome)
    before = lead.snapshot(made)
    with pytest.raises(InputError, match=words):
        lead.override(before.rows[0].id, cell, number)
    assert lead.snapshot(made) == before


def test_rows_are_proposed_from_studies_with_both_arms(review: Review, lead: SynthesisPart) -> None:
    outcome = add_outcome(review, "Response")
    counts(review, outcome, *SAD[0])
    session = sessions(review)[0]
    left_out = counts(review, outcome, *SAD[1])
    session.studies.describe(left_out, status=StudyStatus.EXCLUDED)
    half = session.studies.create(label="Half 2020").value
    arm = session.studies.add_arm(half, "Ketamine", ArmRole.EXPERIMENTAL).value
    session.extraction.add_result(half, outcome, arm_id=arm)
    made = session.synthesis.add_analysis(lead.add_comparison("A").value, outcome_id=outcome).value
    offered = lead.proposals(made)
    assert [(p.study, p.settled, p.used) for p in offered] == [("Glue 2017", True, False)]
    lead.add_rows(made, [offered[0].places])
    assert [p.used for p in lead.proposals(made)] == [True]


def test_a_row_that_does_not_fit_is_refused(review: Review, lead: SynthesisPart) -> None:
    outcome = add_outcome(review, "Response")
    counts(review, outcome, *SAD[0])
    made = analysis(review, outcome)
    row = lead.snapshot(made).rows[0]
    assert row.experimental is not None
    with pytest.raises(InputError, match="two different arms"):
        lead.add_rows(made, [RowPlaces(row.study.id, row.experimental.id, row.experimental.id)])
    assert len(lead.grid(made).rows) == 1


def test_every_operation_can_be_undone(review: Review, lead: SynthesisPart) -> None:
    outcome = add_outcome(review, "Response")
    for trial in SAD:
        counts(review, outcome, *trial)
    made = analysis(review, outcome)
    asha = sessions(review)[0]
    rows = [row.id for row in lead.grid(made).rows]
    places = [p.places for p in lead.proposals(made)]
    group, other = (lead.add_subgroup(made, name).value for name in ("SAD", "GAD"))
    comparison = lead.tree()[0].id
    second = lead.add_analysis(comparison, "Second", kind=OutcomeKind.CONTINUOUS).value
    each_step_can_be_undone(
        review,
        [
            (asha, lambda: lead.add_comparison("Dose", "High", "Low")),
            (asha, lambda: lead.change_comparison(comparison, label="Ketamine")),
            (asha, lambda: lead.add_analysis(comparison, outcome_id=outcome)),
            (asha, lambda: lead.change_analysis(made, measure="RR", footnote="Note")),
            (asha, lambda: lead.order_analyses(comparison, [a.id for a in reversed(lead.tree()[0].analyses)])),
            (asha, lambda: lead.add_subgroup(made, "PTSD")),
            (asha, lambda: lead.rename_subgroup(group, "Social anxiety")),
            (asha, lambda: lead.move_row(rows[0], group)),
            (asha, lambda: lead.order_subgroups(made, [s.id for s in reversed(lead.snapshot(made).subgroups)])),
            (asha, lambda: lead.order_rows(made, rows[::-1])),
            (asha, lambda: lead.set_footnote(rows[0], "Ascending doses")),
            (asha, lambda: lead.override(rows[0], "ai", 5, "Recount")),
            (asha, lambda: lead.remove_override(rows[0], "ai")),
            (asha, lambda: lead.add_rows(made, places[:1], other)),
            (asha, lambda: lead.remove_subgroup(group)),
            (asha, lambda: lead.remove_row(rows[1])),
            (asha, lambda: lead.fill_rows(made)),
            (asha, lambda: lead.remove_analysis(second)),
            (asha, lambda: lead.remove_comparison(comparison)),
        ],
    )
    assert kinds_done(review, "synthesis.") == kinds_there_are("synthesis.")


# --- advice ----------------------------------------------------------------------------------------------------------


def codes(part: SynthesisPart, made: bytes) -> set[str]:
    return {advice.code for advice in part.result(made).advice}


@pytest.mark.parametrize(
    ("design", "period", "warned"),
    [("crossover", Period.BOTH, True), ("Cross-over trial", Period.BOTH, True), ("crossover", Period.FIRST, False),
     ("parallel", Period.ONLY, False)],
)  # fmt: skip
def test_crossover_trials_counted_as_parallel_are_pointed_out(
    review: Review, lead: SynthesisPart, design: str, period: Period, warned: bool
) -> None:
    outcome = add_outcome(review, "Response")
    two_arms(
        review,
        outcome,
        "Glue 2017",
        {"events": 8, "total": 12},
        {"events": 0, "total": 12},
        design=design,
        period=period,
    )
    made = analysis(review, outcome)
    assert ("unit.crossover" in codes(lead, made)) is warned
    assert any("counted in both arms" in text for text in lead.forest_plot(made).footnotes) is warned


def test_shared_participants_in_one_pool_are_pointed_out(review: Review, lead: SynthesisPart) -> None:
    outcome = add_outcome(review, "Response")
    one, other = (counts(review, outcome, *trial) for trial in SAD)
    made = analysis(review, outcome)
    assert "overlap.participants" not in codes(lead, made)
    sessions(review)[0].studies.add_overlap(one, other, "maintenance of the first trial")
    assert "overlap.participants" in codes(lead, made)
    groups = [lead.add_subgroup(made, name).value for name in ("A", "B")]
    for row, group in zip(lead.grid(made).rows, groups, strict=True):
        lead.move_row(row.id, group)
    lead.change_analysis(made, show_total=False)
    assert "overlap.participants" not in codes(lead, made)


def test_doubtful_values_carry_a_footnote(review: Review, lead: SynthesisPart) -> None:
    outcome = add_outcome(review, "Response")
    two_arms(
        review, outcome, "Glue 2017", {"events": 8, "total": 12}, {"events": 0, "total": 12},
        status=ValueStatus.RECONSTRUCTED, instrument="FQ", definition="More than 50 % fall",
    )  # fmt: skip
    plot = lead.forest_plot(analysis(review, outcome))
    assert plot.footnotes == ("More than 50 % fall", "Values are reconstructed from other reported results.")
    assert plot.studies[0].footnotes == (1, 2)


def test_numbers_of_the_tree_find_the_analysis(review: Review, lead: SynthesisPart) -> None:
    first = analysis(review, add_outcome(review, "Response"))
    second = analysis(review, add_outcome(review, "Remission"))
    assert (lead.find("1.1"), lead.find("1.2")) == (first, second)
    with pytest.raises(InputError, match=r"no analysis 2.1 .* There are: 1.1, 1.2"):
        lead.find("2.1")


def test_a_row_without_subgroup_is_named(review: Review, lead: SynthesisPart) -> None:
    outcome = add_outcome(review, "Response")
    for trial in SAD:
        counts(review, outcome, *trial)
    made = analysis(review, outcome)
    lead.move_row(lead.grid(made).rows[0].id, lead.add_subgroup(made, "SAD").value)
    refusal = lead.result(made).refusal
    assert refusal is not None
    assert "Taylor 2018 belongs to no subgroup" in refusal.message
    assert len([row for row in lead.result(made).rows if row.effect]) == 2


# --- what analyses of RevMan have ------------------------------------------------------------------------------------


def test_an_analysis_has_what_those_of_revman_have(review: Review, lead: SynthesisPart) -> None:
    made = analysis(review, add_outcome(review, "Response"))
    wanted = {
        "swap_events": True,
        "study_level": 0.99,
        "show_subtotals": False,
        "experimental": "Esketamine",
        "control": " Midazolam ",
        "effect_label": "Hazard Ratio",
        "outcome_group": "Mortality",
        "columns": ["Findings", " ", "Comments "],
    }
    lead.change_analysis(made, **wanted)
    data = lead.snapshot(made)
    assert (data.settings.swap_events, data.settings.study_level) == (True, 0.99)
    assert (data.experimental, data.control) == ("Esketamine", "Midazolam")
    assert data.sides == ("Ketamine", "Control")
    look = data.look
    assert (look.show_subtotals, look.effect_label, look.outcome_group) == (False, "Hazard Ratio", "Mortality")
    assert look.columns == ("Findings", "Comments")
    review_undo = lead.change_analysis(made, experimental="", study_level=None)
    assert review_undo.value == ()
    data = lead.snapshot(made)
    assert (data.experimental, data.settings.study_level) == ("Ketamine", None)


@pytest.mark.parametrize(
    ("group", "expected"), [("", None), ("Mortality", "low"), ("Quality of life", "high"), ("Pain", None)]
)
def test_the_risk_of_bias_of_the_analysis_own_group_stands_beside_the_studies(
    review: Review, lead: SynthesisPart, group: str, expected: str | None
) -> None:
    outcome = add_outcome(review, "Response")
    study = counts(review, outcome, *SAD[0])
    made = analysis(review, outcome, outcome_group=group)
    tool = sessions(review)[0].riskofbias.tool
    for person in sessions(review)[:2]:
        for cell in tool.cells(("Mortality", "Quality of life")):
            level = "high" if cell.group == "Quality of life" else "low"
            person.riskofbias.judge(study, cell.domain, level, outcome_group=cell.group)
        person.riskofbias.finish(study)
    sessions(review)[2].riskofbias.settle_equal(study)
    data = lead.snapshot(made)
    assert data.rows[0].levels.get("blinding_assessment") == expected
    assert data.rows[0].levels["sequence"] == "low"
    assert data.outcome_groups == ("Mortality", "Quality of life")


def test_observed_minus_expected_come_from_what_is_extracted(review: Review, lead: SynthesisPart) -> None:
    outcome = add_outcome(review, "Survival", OutcomeKind.O_E, better=Direction.LOWER)
    sides = {"events_1": 8, "total_1": 20, "events_2": 12, "total_2": 22}
    contrast(review, outcome, "Okafor 2011", "O-E", {"o_e": -3.5, "variance": 4.2, **sides})
    contrast(review, outcome, "Marsh 2014", "O-E", {"o_e": -1.0, "variance": 2.5})
    made = analysis(review, outcome)
    data = lead.snapshot(made)
    assert (data.settings.kind, data.settings.method, data.settings.model) == (OutcomeKind.O_E, "Peto", "common")
    assert overall(lead, made) == "0.51 [0.24, 1.09]"  # exp(-4.5 / 6.7) and 1.96 / sqrt(6.7)
    view = lead.grid(made)
    assert [column.key for column in view.columns] == ["ai", "n1i", "ci", "n2i", "oei", "vi"]
    assert [cell.number for cell in view.rows[0].cells] == [8, 20, 12, 22, -3.5, 4.2]
    plot = lead.forest_plot(made)
    assert [group.columns for group in plot.columns] == [("Events", "Total")] * 2 + [("O-E",), ("Variance",)]
    assert plot.studies[1].cells == ("", "", "", "", "-1", "2.5")
    assert plot.overall is not None
    assert plot.overall.events == ("8", "", "12", "", "", "")
    assert plot.favours == ("Favours Ketamine", "Favours Control")
    traced = sessions(review)[0].history.trace(made).rows[0].cells
    assert [value.statistic for cell in traced for value in cell.values] == [
        "Events, exp.", "Total, exp.", "Events, control", "Total, control", "O − E", "Variance",
    ]  # fmt: skip
    lead.change_analysis(made, model="random")
    assert lead.snapshot(made).settings.method == "IV"


def test_o_e_without_counts_has_columns_of_its_own_only(review: Review, lead: SynthesisPart) -> None:
    outcome = add_outcome(review, "Survival", OutcomeKind.O_E)
    contrast(review, outcome, "Marsh 2014", "O-E", {"o_e": -1.0, "variance": 2.5})
    made = analysis(review, outcome)
    assert [column.key for column in lead.grid(made).columns] == ["oei", "vi"]
    assert layout_forest(lead.forest_plot(made)).width > 0


@pytest.mark.parametrize(
    ("numbers", "words"),
    [
        ({"o_e": 1.0, "variance": 0.0}, "must be more than 0"),
        ({"events_1": 21, "total_1": 20}, "More events"),
        ({"total_2": 0}, "without participants"),
    ],
)
def test_impossible_numbers_of_o_e_are_refused(review: Review, numbers: dict[str, float], words: str) -> None:
    outcome = add_outcome(review, "Survival", OutcomeKind.O_E)
    with pytest.raises(InputError, match=words):
        contrast(review, outcome, "Okafor 2011", "O-E", numbers)


def test_an_outcome_of_o_e_takes_nothing_else(review: Review) -> None:
    survival = add_outcome(review, "Survival", OutcomeKind.O_E)
    effect = add_outcome(review, "Effect", OutcomeKind.GENERIC)
    with pytest.raises(InputError, match="O-E"):
        contrast(review, survival, "Okafor 2011", "HR", {"effect": 0.5})
    with pytest.raises(InputError, match="effect measure"):
        contrast(review, effect, "Marsh 2014", "O-E", {"o_e": 0.5})


@pytest.mark.parametrize("measure", ["HR", "GENLOG"])
def test_a_logarithm_that_is_given_is_analysed_to_its_last_digit(
    review: Review, lead: SynthesisPart, measure: str
) -> None:
    outcome = add_outcome(review, "Survival", OutcomeKind.GENERIC)
    given = -0.2231435513142097
    contrast(review, outcome, "Okafor 2011", measure, {"log_effect": given, "se": 0.1, "total_1": 20, "total_2": 22})
    contrast(review, outcome, "Marsh 2014", measure, {"effect": 0.5, "se": 0.2})
    made = analysis(review, outcome)
    assert lead.snapshot(made).settings.measure == "GENLOG"
    cells = lead.grid(made).rows[0].cells
    assert (cells[0].number, cells[0].origin) == (given, "consensus")
    result = lead.result(made)
    assert result.refusal is None
    assert result.rows[0].effect is not None
    assert result.rows[0].effect.estimate == given
    traced = sessions(review)[0].history.trace(made).rows[0].cells[0]
    assert [value.statistic for value in traced.values] == ["Logarithm"]
    assert "as it was given" in traced.conversion


def test_participants_of_generic_effects_stand_in_the_figure_when_they_are_wanted(
    review: Review, lead: SynthesisPart
) -> None:
    outcome = add_outcome(review, "Survival", OutcomeKind.GENERIC)
    contrast(review, outcome, "Okafor 2011", "HR", {"effect": 0.8, "se": 0.1, "total_1": 20, "total_2": 22})
    made = analysis(review, outcome, effect_label="Hazard ratio, adjusted")
    plot = lead.forest_plot(made)
    assert [group.columns for group in plot.columns] == [
        ("log[Hazard ratio, adjusted]",), ("SE",), ("Total",), ("Total",),
    ]  # fmt: skip
    assert plot.overall is not None
    assert plot.overall.cells == ("", "", "20", "22")
    lead.change_analysis(made, show_events=False)
    assert len(lead.forest_plot(made).columns) == 2


def test_participants_beside_an_effect_can_be_typed_over(review: Review, lead: SynthesisPart) -> None:
    outcome = add_outcome(review, "Survival", OutcomeKind.O_E)
    sides = {"events_1": 8, "total_1": 20, "events_2": 12, "total_2": 22}
    contrast(review, outcome, "Okafor 2011", "O-E", {"o_e": -3.5, "variance": 4.2, **sides})
    made = analysis(review, outcome)
    row = lead.grid(made).rows[0]
    lead.override(row.id, "n1i", 25)
    assert [cell.number for cell in lead.grid(made).rows[0].cells][:2] == [8, 25]
    with pytest.raises(InputError, match="More events"):
        lead.override(row.id, "n1i", 5)


def test_texts_are_shown_side_by_side_and_not_pooled(review: Review, lead: SynthesisPart) -> None:
    outcome = add_outcome(review, "Adverse effects in words", OutcomeKind.OTHER)
    made = analysis(review, outcome, columns=("Findings", "Comments"))
    told(review, outcome, "Okafor 2011", "Three had nausea", "Passed within a day")
    told(review, outcome, "Marsh 2014", "None")
    lead.fill_rows(made)
    view = lead.grid(made)
    assert view.of_texts
    assert [column.title for column in view.columns] == ["Findings", "Comments"]
    assert [[cell.shown for cell in row.cells] for row in view.rows] == [
        ["Three had nausea", "Passed within a day"], ["None", ""],
    ]  # fmt: skip
    result = lead.result(made)
    assert (result.refusal, result.overall, result.notes, result.advice) == (None, None, (), ())
    picture = svg_document(analysis_figure(lead.snapshot(made), result))
    assert "Three had nausea" in picture
    traced = sessions(review)[0].history.trace(made).rows[0].cells
    assert [cell.shown for cell in traced] == ["Three had nausea", "Passed within a day"]
    assert traced[0].values[0].settled is not None
    lines = rows_table(lead.snapshot(made), result)
    assert lines[0] == {
        "study": "Okafor 2011", "subgroup": None, "Findings": "Three had nausea", "Comments": "Passed within a day",
    }  # fmt: skip
    assert results_table([(lead.snapshot(made), result)]) == []


def test_texts_are_neither_typed_over_nor_given_a_measure(review: Review, lead: SynthesisPart) -> None:
    outcome = add_outcome(review, "In words", OutcomeKind.OTHER)
    told(review, outcome, "Okafor 2011", "Three had nausea")
    made = analysis(review, outcome)
    row = lead.grid(made).rows[0]
    for act in (
        lambda: lead.override(row.id, "text_1", 3),
        lambda: lead.change_analysis(made, measure="OR"),
        lambda: lead.forest_plot(made),
    ):
        with pytest.raises(InputError):
            act()
    lead.change_analysis(made, label="Told in words", favours_left="x")
    assert lead.snapshot(made).label == "Told in words"


def test_a_text_takes_no_number_and_a_number_no_text(review: Review) -> None:
    asha = sessions(review)[0]
    study = asha.studies.create(label="Okafor 2011").value
    words = asha.extraction.add_result(study, add_outcome(review, "In words", OutcomeKind.OTHER)).value
    with pytest.raises(InputError, match="takes a text"):
        asha.extraction.enter(words, "text_1", 3)
    with pytest.raises(InputError, match="effect measure"):
        asha.extraction.add_result(study, add_outcome(review, "More", OutcomeKind.OTHER), effect_measure="OR")
