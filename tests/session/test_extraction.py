"""Extraction by two reviewers: what can be entered, what stays hidden, what is settled and how."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import Conflict, CopseError, InputError, NotAllowed
from core.extraction.compare import Value
from core.extraction.forms import FieldKind
from core.model import ArmRole, Id, OutcomeKind, Period, Reveal, Settlement, ValueKind, ValueStatus
from core.review import NewReviewer, Review, Session
from core.session.extraction import NewEntry
from core.store.queries.comparison import RowState
from tests.reviews import new_review, sessions
from tests.session.undoing import each_step_can_be_undone, kinds_done, kinds_there_are


@pytest.fixture(autouse=True)
def _own_register(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COPSE_DATA_DIR", str(tmp_path / "data"))


@dataclass(frozen=True)
class Trial:
    """Feder 2014 as it is set up: two arms, response, a symptom scale, an odds ratio, one field of the form."""

    review: Review
    study: Id
    response: Id
    ketamine_arm: Id
    ketamine: Id
    control: Id
    scale: Id
    contrast: Id
    country: Id

    @property
    def sessions(self) -> list[Session]:
        return sessions(self.review)


def set_up(review: Review) -> Trial:
    lead = sessions(review)[0]
    outcomes = {
        kind: lead.protocol.add_outcome(label, kind).value
        for kind, label in (
            (OutcomeKind.DICHOTOMOUS, "Response"),
            (OutcomeKind.CONTINUOUS, "Symptoms"),
            (OutcomeKind.GENERIC, "Dizzy"),
        )
    }
    study = lead.studies.create(label="Feder 2014").value
    ketamine = lead.studies.add_arm(study, "ketamine", ArmRole.EXPERIMENTAL).value
    control = lead.studies.add_arm(study, "midazolam", ArmRole.CONTROL).value
    add = lead.extraction.add_result
    return Trial(
        review,
        study,
        outcomes[OutcomeKind.DICHOTOMOUS],
        ketamine,
        add(study, outcomes[OutcomeKind.DICHOTOMOUS], arm_id=ketamine, time_point="24 h").value,
        add(study, outcomes[OutcomeKind.DICHOTOMOUS], arm_id=control, time_point="24 h").value,
        add(study, outcomes[OutcomeKind.CONTINUOUS], arm_id=ketamine, kind=ValueKind.CHANGE).value,
        add(study, outcomes[OutcomeKind.GENERIC], effect_measure="OR").value,
        lead.extraction.add_field("Country").value,
    )


@pytest.fixture
def trial(tmp_path: Path) -> Any:
    made = set_up(new_review(tmp_path))
    yield made
    assert made.review.check() == []
    made.review.close()


def states(session: Session, trial: Trial) -> dict[str, RowState]:
    return {row.cell.label: row.state for row in session.extraction.comparison(trial.study).rows}


def both_finish(trial: Trial) -> None:
    asha, tom, _ = trial.sessions
    asha.extraction.finish(trial.study)
    tom.extraction.finish(trial.study)


# --- results and form ------------------------------------------------------------------------------------------------


def test_a_result_needs_the_statistics_of_its_outcome(trial: Trial) -> None:
    tom = trial.sessions[1].extraction
    needed = {r.id: [s.id for s in r.statistics] for r in tom.results(trial.study)}
    assert needed == {
        trial.ketamine: ["events", "total"],
        trial.control: ["events", "total"],
        trial.scale: ["mean", "sd", "total"],
        trial.contrast: ["effect", "se", "ci_lower", "ci_upper", "log_effect", "total_1", "total_2"],
    }
    ketamine = tom.result(trial.ketamine)
    assert (ketamine.label, ketamine.kind, ketamine.period) == (
        "Response, 24 h, ketamine",
        ValueKind.RESPONDER,
        Period.ONLY,
    )
    assert tom.result(trial.contrast).kind is ValueKind.DIFFERENCE
    assert [c.label for c in tom.cells(trial.study)] == [
        "Country", "ketamine: Events", "ketamine: Total", "midazolam: Events", "midazolam: Total",
        "ketamine: Mean", "ketamine: SD", "ketamine: Total", "Odds ratio", "SE", "95% CI, lower", "95% CI, upper",
        "Logarithm", "Total, exp.", "Total, control",
    ]  # fmt: skip


def test_a_result_is_told_apart_by_population_period_and_time(trial: Trial) -> None:
    asha = trial.sessions[0]
    gad = asha.studies.add_population(trial.study, "GAD").value
    key: dict[str, Any] = {"arm_id": trial.ketamine_arm, "time_point": "24 h"}
    add = asha.extraction.add_result
    with pytest.raises(InputError, match="Feder 2014 has this result already: Response, 24 h, ketamine"):
        add(trial.study, trial.response, **key)
    add(trial.study, trial.response, population_id=gad, **key)
    first = add(trial.study, trial.response, period=Period.FIRST, **key).value
    with pytest.raises(InputError, match="has this result already"):
        asha.extraction.change_result(first, period=Period.ONLY)
    asha.extraction.change_result(first, time_point="7 days", population_id=gad)
    view = asha.extraction.result(first)
    assert (view.time_point, view.period, view.population_label) == ("7 days", Period.FIRST, "GAD")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"arm_id": None, "effect_measure": ""}, "says in which effect measure"),
        ({"arm_id": None, "effect_measure": "XR"}, "not “XR”"),
        ({"effect_measure": "OR"}, "has no effect measure"),
        ({"study": "other"}, "belongs to another study"),
        ({"outcome": "generic"}, "reported as a contrast"),
    ],
)
def test_results_that_make_no_sense_are_refused(trial: Trial, change: dict[str, Any], reason: str) -> None:
    asha = trial.sessions[0]
    study, outcome = trial.study, trial.response
    fields: dict[str, Any] = {"arm_id": trial.ketamine_arm, "time_point": "7 days", **change}
    if fields.pop("study", ""):
        study = asha.studies.create(label="Glue 2017").value
    if fields.pop("outcome", ""):
        outcome = asha.extraction.result(trial.contrast).outcome_id
    with pytest.raises(InputError, match=reason):
        asha.extraction.add_result(study, outcome, **fields)


def test_what_was_entered_in_a_removed_result_comes_back_with_it(trial: Trial) -> None:
    asha, tom, _ = trial.sessions
    asha.extraction.enter(trial.ketamine, "events", 9)
    tom.extraction.remove_result(trial.ketamine)
    assert asha.studies.work()[trial.study].entries == 0
    with pytest.raises(InputError, match="no longer in the review"):
        asha.extraction.enter(trial.ketamine, "total", 22)
    again = tom.extraction.add_result(trial.study, trial.response, arm_id=trial.ketamine_arm, time_point="24 h").value
    assert again == trial.ketamine
    assert asha.studies.work()[trial.study].entries == 1


def test_the_form_is_the_leads(trial: Trial) -> None:
    asha, tom, _ = trial.sessions
    with pytest.raises(NotAllowed):
        tom.extraction.add_field("Funding")
    with pytest.raises(InputError, match="two different options"):
        asha.extraction.add_field("Funding", FieldKind.CHOICE, options=["Public", " "])
    funding = asha.extraction.add_field("Funding", FieldKind.CHOICE, options=["Public", "Industry"]).value
    size = asha.extraction.add_field("Sites", FieldKind.NUMBER, unit="sites").value
    asha.extraction.order_fields([size, funding, trial.country])
    assert [f.label for f in tom.extraction.fields()] == ["Sites", "Funding", "Country"]
    tom.extraction.enter(trial.study, funding.hex(), text="Public")
    tom.extraction.enter(trial.study, size.hex(), 3)
    with pytest.raises(InputError, match="“Charity” is not one of the choices of “Funding”"):
        tom.extraction.enter(trial.study, funding.hex(), text="Charity")
    with pytest.raises(InputError, match="“Sites” of Feder 2014 takes a number"):
        tom.extraction.enter(trial.study, size.hex(), text="three")
    with pytest.raises(InputError, match="takes a text"):
        tom.extraction.enter(trial.study, trial.country.hex(), 3)
    tom.extraction.enter(trial.study, size.hex(), not_reported=True)
    assert tom.extraction.my_entries(trial.study)[trial.study, size.hex()].value == Value(not_reported=True)


# --- entering --------------------------------------------------------------------------------------------------------


def test_impossible_numbers_name_study_arm_and_cell_and_change_nothing(trial: Trial) -> None:
    asha = trial.sessions[0].extraction
    asha.enter(trial.ketamine, "total", 22)
    with pytest.raises(InputError, match=r"More events \(31\) than participants \(22\) in Feder 2014, ketamine\."):
        asha.enter(trial.ketamine, "events", 31)
    with pytest.raises(InputError, match=r"Events cannot be below 0 \(−1\) in Feder 2014, ketamine"):
        asha.enter(trial.ketamine, "events", -1)
    with pytest.raises(InputError, match="SD cannot be below 0"):
        asha.enter(trial.scale, "sd", -2)
    with pytest.raises(InputError, match="SE must be more than 0, not 0, in Feder 2014, Dizzy"):
        asha.enter(trial.contrast, "se", 0)
    with pytest.raises(InputError, match="takes a number, not “nine”"):
        asha.enter(trial.ketamine, "events", text="nine")
    with pytest.raises(InputError, match="nothing to enter"):
        asha.enter(trial.ketamine, "events")
    with pytest.raises(InputError, match="no longer in the review"):
        asha.enter(trial.ketamine, "mean", 3)
    assert [e.field for e in asha.entries(trial.study)] == ["total"]


def test_a_pasted_grid_is_one_step_and_all_or_nothing(trial: Trial) -> None:
    asha = trial.sessions[0]
    grid = [
        NewEntry(trial.ketamine, "events", 9),
        NewEntry(trial.ketamine, "total", 22),
        NewEntry(trial.control, "events", 4),
        NewEntry(trial.control, "total", 19),
    ]
    with pytest.raises(InputError, match=r"More events \(40\)"):
        asha.extraction.enter_many([replace(grid[0], number=40), *grid[1:]])
    assert asha.extraction.entries(trial.study) == ()
    asha.extraction.enter_many(grid)
    assert asha.undo_state().undo_label == "4 entries of Feder 2014"
    # Both numbers of an arm grow past the old total: no order of single cells would do, one step does.
    asha.extraction.enter_many([NewEntry(trial.ketamine, "events", 30), NewEntry(trial.ketamine, "total", 41)])
    asha.undo()
    asha.extraction.enter_many([replace(grid[3], number=None)])
    assert (trial.control, "total") not in asha.extraction.my_entries(trial.study)
    assert len(asha.extraction.my_entries(trial.study)) == 3


def test_unlikely_numbers_are_kept_with_a_warning(trial: Trial) -> None:
    asha = trial.sessions[0].extraction
    assert asha.enter(trial.ketamine, "events", 8.5).value == (
        "Events of Feder 2014, ketamine is 8.5, not a whole number. Check it, unless it is an adjusted sample size.",
    )
    asha.enter(trial.contrast, "effect", 104.13)
    asha.enter(trial.contrast, "ci_lower", 13.92)
    warning = "The interval 13.92 to 799.06 is not symmetric around 104.13 on the log scale. Check the paper."
    assert asha.enter(trial.contrast, "ci_upper", 799.06).value == (warning,)
    assert asha.enter(trial.ketamine, "total", 22).value == ()
    assert [c.text for c in asha.cautions(trial.study)][1] == warning
    assert asha.my_entries(trial.study)[trial.contrast, "ci_upper"].value == Value(799.06)


def test_an_entry_says_where_it_comes_from(trial: Trial) -> None:
    asha = trial.sessions[0].extraction
    asha.enter(trial.ketamine, "events", 9, status=ValueStatus.RECONSTRUCTED, source="Table 2", note="solved")
    (entry,) = asha.entries_of_cell(trial.ketamine, "events")
    assert (entry.status, entry.source, entry.note) == (ValueStatus.RECONSTRUCTED, "Table 2", "solved")
    asha.clear(trial.ketamine, "events")
    assert asha.entries(trial.study) == ()


def test_only_reviewers_enter(trial: Trial) -> None:
    with pytest.raises(NotAllowed):
        trial.sessions[2].extraction.enter(trial.ketamine, "events", 9)


# --- finishing and comparing -----------------------------------------------------------------------------------------


def test_required_fields_are_filled_before_finishing(trial: Trial) -> None:
    asha, tom, _ = trial.sessions
    required = asha.extraction.add_field("Design", required=True).value
    with pytest.raises(InputError, match="Feder 2014 is not finished: “Design” must be filled in"):
        tom.extraction.finish(trial.study)
    tom.extraction.enter(trial.study, required.hex(), not_reported=True)
    tom.extraction.enter(trial.ketamine, "events", 9)
    warnings = tom.extraction.finish(trial.study).value
    assert "Nothing is entered for “Response, 24 h, midazolam” of Feder 2014." in warnings
    assert len(warnings) == 3
    assert tom.extraction.is_finished(trial.study)


def test_a_finished_study_is_reopened_to_change_it(trial: Trial) -> None:
    asha = trial.sessions[0].extraction
    asha.finish(trial.study)
    for change in (
        lambda: asha.enter(trial.ketamine, "events", 9),
        lambda: asha.clear(trial.ketamine, "events"),
        lambda: asha.finish(trial.study),
    ):
        with pytest.raises(Conflict, match="marked Feder 2014 as finished"):
            change()
    asha.reopen(trial.study)
    asha.enter(trial.ketamine, "events", 9)


def test_others_entries_show_when_all_have_finished(trial: Trial) -> None:
    asha, tom, rosa = trial.sessions
    asha.extraction.enter(trial.ketamine, "events", 9)
    tom.extraction.enter(trial.ketamine, "events", 8)
    asha.extraction.finish(trial.study)
    for session in (asha, tom, rosa):
        assert not session.extraction.comparison(trial.study).revealed
        assert {e.reviewer_id for e in session.extraction.entries(trial.study)} <= {session.reviewer.id}
        assert session.extraction.revealed() == ()
    assert states(asha, trial)["ketamine: Events"] is RowState.BLINDED
    tom.extraction.finish(trial.study)
    for session in (asha, tom, rosa):
        found = session.extraction.comparison(trial.study)
        assert found.revealed
        assert found.reviewers == (asha.reviewer.id, tom.reviewer.id)
        row = next(r for r in found.rows if r.entries)
        assert [e.value.number for e in row.entries] == [9, 8]
        assert (row.state, row.equal) == (RowState.DIFFERS, False)


def test_revealing_at_once_shows_the_cells_one_has_filled_in(trial: Trial) -> None:
    asha, tom, _ = trial.sessions
    asha.protocol.settings(reveal_extraction=Reveal.AT_ONCE)
    tom.extraction.enter(trial.ketamine, "events", 8)
    tom.extraction.enter(trial.ketamine, "total", 22)
    asha.extraction.enter(trial.ketamine, "events", 8)
    seen = asha.extraction.entries(trial.study)
    assert {(e.reviewer_id, e.field) for e in seen} == {(asha.reviewer.id, "events"), (tom.reviewer.id, "events")}
    rows = {
        r.cell.field: r for r in asha.extraction.comparison(trial.study).rows if r.cell.subject_id == trial.ketamine
    }
    assert (rows["events"].state, rows["total"].state) == (RowState.EQUAL, RowState.BLINDED)
    with pytest.raises((Conflict, NotAllowed)):
        asha.extraction.settle_equal(trial.study)


def test_equal_fields_are_settled_in_one_step(trial: Trial) -> None:
    asha, tom, rosa = trial.sessions
    for session, events in ((asha, 9), (tom, 8)):
        session.extraction.enter_many([
            NewEntry(trial.ketamine, "events", events),
            NewEntry(trial.ketamine, "total", 22, source=f"p. {events}"),
            NewEntry(trial.study, trial.country.hex(), text=" US " if session is tom else "US"),
        ])  # fmt: skip
    asha.extraction.enter(trial.control, "events", 4)
    with pytest.raises(Conflict, match="stay hidden"):
        rosa.extraction.settle_equal(trial.study)
    both_finish(trial)
    with pytest.raises(NotAllowed):
        tom.extraction.settle_equal(trial.study)
    assert rosa.extraction.settle_equal(trial.study).value == 2
    found = rosa.extraction.comparison(trial.study)
    assert (found.count(RowState.SETTLED), found.count(RowState.DIFFERS), found.count(RowState.WAITING)) == (2, 1, 1)
    total = tom.extraction.value(trial.ketamine, "total")
    assert total is not None
    assert (total.value, total.how, total.settled_by, total.source) == (
        Value(22.0),
        Settlement.EQUAL,
        rosa.reviewer.id,
        "p. 9",
    )
    assert {v.field for v in tom.extraction.values(trial.study)} == {"total", trial.country.hex()}
    assert rosa.extraction.settle_equal(trial.study).value == 0
    rosa.undo()
    assert tom.extraction.values(trial.study) == ()


def test_differences_are_settled_by_the_adjudicator(trial: Trial) -> None:
    asha, tom, rosa = trial.sessions
    for session, events in ((asha, 9), (tom, 8)):
        session.extraction.enter(trial.ketamine, "events", events, status=ValueStatus.FIGURE, source="Figure 3")
        session.extraction.enter(trial.ketamine, "total", 22)
    both_finish(trial)
    rosa.extraction.settle(trial.ketamine, "events", tom.reviewer.id, note="Text says 8")
    settled = asha.extraction.value(trial.ketamine, "events")
    assert settled is not None
    assert (settled.value.number, settled.how, settled.status, settled.source, settled.note) == (
        8, Settlement.ADJUDICATED, ValueStatus.FIGURE, "Figure 3", "Text says 8",
    )  # fmt: skip
    rosa.extraction.settle(trial.ketamine, "events", number=10)
    rosa.extraction.settle(trial.ketamine, "total", number=22)
    values = rosa.extraction.consensus_for([trial.ketamine, trial.control])
    assert {f: (v.value.number, v.how) for f, v in values[trial.ketamine].items()} == {
        "events": (10, Settlement.ADJUDICATED),
        "total": (22, Settlement.EQUAL),
    }
    assert values[trial.control] == {}
    with pytest.raises(InputError, match=r"More events \(23\) than participants \(22\)"):
        rosa.extraction.settle(trial.ketamine, "events", number=23)
    with pytest.raises(InputError, match="no entry here"):
        rosa.extraction.settle(trial.control, "events", tom.reviewer.id)
    with pytest.raises(InputError, match="Choose an entry"):
        rosa.extraction.settle(trial.control, "events")
    with pytest.raises(InputError, match="takes a number"):
        rosa.extraction.settle(trial.control, "events", text="few")
    rosa.extraction.unsettle(trial.ketamine, "events")
    assert states(rosa, trial)["ketamine: Events"] is RowState.DIFFERS
    with pytest.raises(InputError, match="not settled"):
        rosa.extraction.unsettle(trial.ketamine, "events")


def test_settling_equal_leaves_what_cannot_go_with_the_rest(trial: Trial) -> None:
    asha, tom, rosa = trial.sessions
    for session, total in ((asha, 40), (tom, 22)):
        session.extraction.enter_many([
            NewEntry(trial.ketamine, "events", 31 if total == 40 else 22),
            NewEntry(trial.ketamine, "total", total),
            NewEntry(trial.control, "events", 19),
            NewEntry(trial.control, "total", 19 + total),
        ])  # fmt: skip
    both_finish(trial)
    rosa.extraction.settle(trial.control, "total", number=19)
    assert rosa.extraction.settle_equal(trial.study).value == 1
    rosa.extraction.unsettle(trial.control, "events")
    rosa.extraction.settle(trial.control, "total", number=11)
    with pytest.raises(InputError, match=r"More events \(19\) than participants \(11\)"):
        rosa.extraction.settle(trial.control, "events", asha.reviewer.id)
    assert rosa.extraction.settle_equal(trial.study).value == 0
    assert rosa.extraction.value(trial.control, "events") is None


def test_an_entry_changed_after_settlement_shows(trial: Trial) -> None:
    asha, tom, rosa = trial.sessions
    asha.extraction.enter(trial.ketamine, "events", 9)
    tom.extraction.enter(trial.ketamine, "events", 8)
    both_finish(trial)
    rosa.extraction.settle(trial.ketamine, "events", asha.reviewer.id)
    tom.extraction.reopen(trial.study)
    assert states(rosa, trial)["ketamine: Events"] is RowState.SETTLED
    tom.extraction.enter(trial.ketamine, "events", 9)
    tom.extraction.finish(trial.study)
    settled = rosa.extraction.value(trial.ketamine, "events")
    assert settled is not None
    assert settled.value.number == 9
    assert states(rosa, trial)["ketamine: Events"] is RowState.CHANGED
    # The entry was brought in line: the same value now rests on agreement.
    assert rosa.extraction.settle_equal(trial.study).value == 1
    settled = rosa.extraction.value(trial.ketamine, "events")
    assert settled is not None
    assert settled.how is Settlement.EQUAL
    assert states(rosa, trial)["ketamine: Events"] is RowState.SETTLED


def test_one_reviewer_alone_settles_single(tmp_path: Path) -> None:
    trial = set_up(new_review(tmp_path, team=("Asha Menon",)))
    (asha,) = trial.sessions
    asha.extraction.enter(trial.ketamine, "events", 9)
    with pytest.raises(Conflict, match="stay hidden"):
        asha.extraction.settle_equal(trial.study)
    asha.extraction.finish(trial.study)
    assert asha.extraction.settle_equal(trial.study).value == 1
    settled = asha.extraction.value(trial.ketamine, "events")
    assert settled is not None
    assert settled.how is Settlement.SINGLE
    trial.review.close()


def test_a_third_reviewer_finds_a_study_closed_that_two_have_finished(tmp_path: Path) -> None:
    people = [NewReviewer(n, is_lead=n == "Ann Ash") for n in ("Ann Ash", "Ben Birch", "Cem Cedar")]
    trial = set_up(Review.create(tmp_path / "three.copse", title="T", reviewers=people))
    ann, ben, cem = trial.sessions
    cem.extraction.enter(trial.ketamine, "events", 7)
    for session in (ann, ben):
        session.extraction.enter(trial.ketamine, "events", 9)
        session.extraction.finish(trial.study)
    with pytest.raises(Conflict, match="as many reviewers as it needs"):
        cem.extraction.enter(trial.ketamine, "events", 9)
    # What Cem began is no answer that counts.
    assert states(ann, trial)["ketamine: Events"] is RowState.EQUAL
    assert ann.extraction.settle_equal(trial.study).value == 1
    trial.review.close()


def test_a_result_in_an_analysis_is_not_removed(trial: Trial) -> None:
    asha, _, rosa = trial.sessions
    both_finish(trial)
    rosa.extraction.settle(trial.contrast, "effect", number=8.65)
    asha.extraction.remove_result(trial.contrast)
    assert asha.extraction.values(trial.study) == ()
    asha.undo()
    assert len(asha.extraction.values(trial.study)) == 1

    def use(tx: Any) -> None:
        comparison = tx.put("comparison", b"c" * 16, label="Ketamine v control")
        analysis = tx.put("analysis", b"a" * 16, comparison_id=comparison)
        tx.put("analysis_row", b"r" * 16, analysis_id=analysis, study_id=trial.study, contrast_id=trial.contrast)

    trial.review.store.write(asha.reviewer.id, "test.use", "Use", use)
    with pytest.raises(Conflict, match="“Dizzy, OR” of Feder 2014 is used in an analysis"):
        asha.extraction.remove_result(trial.contrast)


# --- undo ------------------------------------------------------------------------------------------------------------


def test_every_operation_of_extraction_can_be_undone(trial: Trial) -> None:
    asha, tom, rosa = trial.sessions
    a, t, r = asha.extraction, tom.extraction, rosa.extraction
    made: dict[str, Id] = {}

    def keep(name: str, result: Any) -> None:
        made[name] = result.value

    each_step_can_be_undone(trial.review, [
        (tom, lambda: keep("later", t.add_result(trial.study, trial.response, arm_id=trial.ketamine_arm))),
        (tom, lambda: t.change_result(made["later"], time_point="7 days", notice="Table 3")),
        (asha, lambda: keep("field", a.add_field("Sites", FieldKind.NUMBER))),
        (asha, lambda: a.change_field(made["field"], label="Number of sites", required=True)),
        (asha, lambda: a.order_fields([made["field"], trial.country])),
        (asha, lambda: a.enter(trial.ketamine, "events", 9)),
        (asha, lambda: a.enter(trial.ketamine, "events", not_reported=True, note="Not in the paper")),
        (asha, lambda: a.enter_many([NewEntry(trial.ketamine, "events", 9), NewEntry(trial.ketamine, "total", 22),
                                     NewEntry(trial.study, made["field"].hex(), 3)])),
        (tom, lambda: t.enter_many([NewEntry(trial.ketamine, "events", 8), NewEntry(trial.ketamine, "total", 22),
                                    NewEntry(trial.study, made["field"].hex(), 3)])),
        (asha, lambda: a.enter(trial.control, "total", 19)),
        (asha, lambda: a.clear(trial.control, "total")),
        (asha, lambda: a.finish(trial.study)),
        (tom, lambda: t.finish(trial.study)),
        (rosa, lambda: r.settle_equal(trial.study)),
        (rosa, lambda: r.settle(trial.ketamine, "events", asha.reviewer.id)),
        (rosa, lambda: r.settle(trial.ketamine, "events", number=10, note="Neither")),
        (rosa, lambda: r.unsettle(trial.ketamine, "events")),
        (tom, lambda: t.reopen(trial.study)),
        (asha, lambda: a.remove_field(made["field"])),
        (tom, lambda: t.remove_result(trial.ketamine)),
        (tom, lambda: t.add_result(trial.study, trial.response, arm_id=trial.ketamine_arm, time_point="24 h")),
    ])  # fmt: skip
    assert kinds_done(trial.review, "extraction.") == kinds_there_are("extraction.")


# --- blinding: what A can read does not depend on what B has answered -------------------------------------------------


def everything_readable(session: Session, trial: Trial) -> list[Any]:
    """Every read that extraction and studies have, and whether settling is possible."""
    e = session.extraction
    cells = [(c.subject_id, c.field) for c in e.cells(trial.study)]
    return [
        e.results(),
        e.fields(),
        cells,
        e.entries(trial.study),
        e.my_entries(trial.study),
        [e.entries_of_cell(*cell) for cell in cells],
        e.cautions(trial.study),
        e.is_finished(trial.study),
        e.revealed(),
        e.comparison(trial.study),
        e.values(trial.study),
        [e.value(*cell) for cell in cells],
        e.consensus_for([trial.ketamine, trial.contrast]),
        session.studies.list(),
        session.studies.work(),
        session.undo_state(),
        refusal(lambda: e.settle_equal(trial.study)),
        refusal(lambda: e.settle(trial.ketamine, "events", number=1)),
        refusal(lambda: e.unsettle(trial.ketamine, "events")),
    ]


def refusal(act: Callable[[], Any]) -> str:
    try:
        act()
    except CopseError as error:
        return error.message
    return "done"


CELLS = ("events", "total")
ANSWERS = st.lists(
    st.one_of(st.none(), st.just("not reported"), st.integers(0, 30)), min_size=len(CELLS), max_size=len(CELLS)
)


def answer(session: Session, trial: Trial, answers: list[Any], country: str) -> None:
    """Give these answers, whatever was there before; an impossible pair is given without its events."""
    new = [
        NewEntry(
            trial.ketamine,
            field,
            value if isinstance(value, int) else None,
            not_reported=value == "not reported",
            note=f"written by {session.reviewer.name}",
        )
        for field, value in zip(CELLS, answers, strict=True)
    ]
    try:
        session.extraction.enter_many([*new, NewEntry(trial.study, trial.country.hex(), text=country)])
    except InputError:
        session.extraction.enter_many([replace(new[0], number=None), NewEntry(trial.study, trial.country.hex())])


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    mine=ANSWERS,
    theirs=ANSWERS,
    swapped=ANSWERS,
    lead=st.booleans(),
    at_once=st.booleans(),
    finish=st.booleans(),
    adjudicator=st.booleans(),
)
def test_what_one_reads_does_not_depend_on_hidden_entries(
    tmp_path_factory: pytest.TempPathFactory,
    mine: list[Any],
    theirs: list[Any],
    swapped: list[Any],
    lead: bool,
    at_once: bool,
    finish: bool,
    adjudicator: bool,
) -> None:
    """A reads everything while B answers one thing, then another: A, who has not finished, may notice nothing."""
    team = ("Asha Menon", "Tom Brandt", "Rosa Lindqvist") if adjudicator else ("Asha Menon", "Tom Brandt")
    trial = set_up(new_review(tmp_path_factory.mktemp("blind"), team=team))
    asha, tom = trial.sessions[:2]
    a, b = (asha, tom) if lead else (tom, asha)
    name = b.reviewer.name
    if at_once:
        # What A has answered is open to A at once: only the rest must not matter.
        asha.protocol.settings(reveal_extraction=Reveal.AT_ONCE)
        mine = [None, None]
    answer(a, trial, mine, country="" if at_once else "US")
    seen = []
    for answers, country in ((theirs, "US"), (swapped, "France")):
        answer(b, trial, answers, country)
        if finish:
            b.extraction.finish(trial.study)
        seen.append(everything_readable(a, trial))
        if finish:
            b.extraction.reopen(trial.study)
    if finish and not lead:
        # Nor whether B has finished, unless A leads.
        seen.append(everything_readable(a, trial))
    trial.review.close()
    assert all(one == seen[0] for one in seen)
    assert f"written by {name}" not in repr(seen)
