"""History of rows, recent operations and the trace of an analysis, each as far as one may read it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.model import OutcomeKind, Verdict, derived_id
from core.review import Review
from core.session.history import Trace
from tests.reviews import new_review, record_ids, sessions
from tests.session.trials import SAD, add_outcome, analysis, contrast, counts


@pytest.fixture
def review(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Review]:
    monkeypatch.setenv("COPSE_DATA_DIR", str(tmp_path / "data"))
    made = new_review(tmp_path, records=2)
    yield made
    made.close()


def test_a_row_tells_who_changed_what_and_from_what(review: Review) -> None:
    asha, tom, _ = sessions(review)
    outcome = add_outcome(review, "Response")
    made = analysis(review, outcome)
    tom.synthesis.change_analysis(made, measure="RR")
    tom.undo()
    found = asha.history.history("analysis", made, "measure")
    assert [(one.role, one.before, one.after) for one in found] == [
        ("undo", "RR", "OR"),
        ("do", "OR", "RR"),
        ("do", None, "OR"),
    ]
    assert [one.reviewer_id for one in found] == [tom.reviewer.id, tom.reviewer.id, asha.reviewer.id]
    assert found[0].label == "Change of analysis “Response”"
    assert found[0].at >= found[2].at > 1_600_000_000_000


def test_a_hidden_decision_has_no_history_for_the_other_until_it_is_revealed(review: Review) -> None:
    asha, tom, _ = sessions(review)
    ids = record_ids(review)
    asha.screening.decide_many([(one, Verdict.INCLUDE, None) for one in ids])
    row = derived_id("decision", ids[0], "title_abstract", asha.reviewer.id)
    assert asha.history.history("decision", row, "verdict")[0].after == "include"
    assert tom.history.history("decision", row) == ()
    for one in ids:
        tom.screening.decide(one, Verdict.EXCLUDE)
    assert [one.after for one in tom.history.history("decision", row, "verdict")] == ["include"]


def test_recent_operations_do_not_show_a_colleagues_judgements(review: Review) -> None:
    asha, tom, rosa = sessions(review)
    ids = record_ids(review)
    asha.screening.decide(ids[0], Verdict.INCLUDE)
    asha.screening.set_note(ids[0], "Dose?")
    before = tom.history.recent()
    assert asha.history.recent(1)[0].label.startswith("Note on")
    assert not any(one.kind.startswith("screening.") for one in before)
    asha.screening.decide(ids[0], Verdict.EXCLUDE)
    assert tom.history.recent() == before
    tom.screening.decide(ids[0], Verdict.INCLUDE)
    assert [one.reviewer_id for one in tom.history.recent(1)] == [tom.reviewer.id]
    # The adjudicator, who does not screen, may see what is complete.
    assert any(one.kind == "screening.decide" for one in rosa.history.recent())
    tom.protocol.outcomes()
    latest = tom.history.recent()[0].at
    assert tom.history.recent(since=latest) == ()


def linked_trial(review: Review) -> bytes:
    """Glue 2017 with its report screened by both, and an analysis of it."""
    asha, tom, rosa = sessions(review)
    ids = record_ids(review)
    for person in (asha, tom):
        person.screening.decide_many([(one, Verdict.INCLUDE, None) for one in ids])
    reason = asha.protocol.add_reason(asha.fulltext.stage, "No control").value
    for person in (asha, tom):
        person.fulltext.decide(ids[1], Verdict.INCLUDE)
    asha.fulltext.decide(ids[0], Verdict.INCLUDE)
    tom.fulltext.decide(ids[0], Verdict.EXCLUDE, reason)
    rosa.fulltext.resolve(ids[0], Verdict.INCLUDE, note="Midazolam is the control")
    outcome = add_outcome(review, "Response")
    study = counts(review, outcome, *SAD[0])
    asha.studies.link(study, ids[0])
    return analysis(review, outcome)


def trace_of(review: Review, made: bytes, person: int = 0) -> Trace:
    return sessions(review)[person].history.trace(made)


def test_the_trace_leads_from_the_cell_to_the_record(review: Review) -> None:
    made = linked_trial(review)
    (row,) = trace_of(review, made).rows
    (report,) = row.reports
    assert report.sources == ("MEDLINE",)
    assert [(d.stage.value, d.reviewer, d.verdict, d.settled) for d in report.decisions] == [
        ("title_abstract", "Asha Menon", "include", False),
        ("title_abstract", "Tom Brandt", "include", False),
        ("full_text", "Asha Menon", "include", False),
        ("full_text", "Tom Brandt", "exclude", False),
        ("full_text", "Rosa Lindqvist", "include", True),
    ]
    events = row.cells[0]
    assert (events.title, events.shown, events.origin) == ("Events, experimental", "8", "consensus")
    (value,) = events.values
    assert [(entry.reviewer, entry.shown) for entry in value.entries] == [("Asha Menon", "8"), ("Tom Brandt", "8")]
    assert value.settled is not None
    assert (value.settled.reviewer, value.settled.how.value) == ("Rosa Lindqvist", "equal")
    assert value.settled.operation == "Settling what is equal in Glue 2017"


def test_the_trace_keeps_the_settled_value_under_one_typed_over(review: Review) -> None:
    made = linked_trial(review)
    part = sessions(review)[1].synthesis
    part.override(part.grid(made).rows[0].id, "ai", 7, "Recount")
    cell = trace_of(review, made).rows[0].cells[0]
    assert (cell.shown, cell.origin) == ("7", "override")
    assert cell.override is not None
    assert (cell.override.reviewer, cell.override.reason) == ("Tom Brandt", "Recount")
    assert cell.values[0].settled is not None
    assert cell.values[0].settled.shown == "8"


def test_a_computed_number_is_traced_to_what_it_was_computed_from(review: Review) -> None:
    outcome = add_outcome(review, "Nausea", OutcomeKind.GENERIC)
    contrast(review, outcome, "All trials", "OR", {"effect": 14.22, "ci_lower": 2.53, "ci_upper": 79.98})
    effect, error = trace_of(review, analysis(review, outcome)).rows[0].cells
    assert "logarithm of the reported OR 14.22" in effect.conversion
    assert [value.statistic for value in error.values] == ["95% CI, lower", "95% CI, upper"]
    assert [value.settled.shown for value in error.values if value.settled] == ["2.53", "79.98"]
    assert "from the reported 95% interval" in error.conversion


def test_news_is_what_others_did_since_the_bookmark_also_when_it_came_in_late(tmp_path: Path, review: Review) -> None:
    asha, tom, _ = sessions(review)
    review.save_copy(tmp_path / "copy.copse")
    asha.protocol.add_criterion("include", "Adults")
    with_tom = Review.open(tmp_path / "copy.copse")
    sessions(with_tom)[1].references.put_source(name="Embase")
    with_tom.close()
    assert tom.history.news(tom.history.bookmark()) == ()
    before = asha.history.bookmark()
    asha.protocol.add_criterion("include", "Trials")
    review.merge(tmp_path / "copy.copse")
    assert [one.label for one in asha.history.news(before)] == ["Source “Embase”"]
    assert [one.label for one in tom.history.news(before)] == ["New criterion “Trials”"]


def test_a_hidden_decision_is_no_news(review: Review) -> None:
    asha, tom, _ = sessions(review)
    before = asha.history.bookmark()
    tom.screening.decide(record_ids(review)[0], Verdict.EXCLUDE)
    assert asha.history.news(before) == ()
    assert asha.history.began() <= asha.history.recent()[-1].at
