"""The example review, built through the public door, says what the published review says."""

from __future__ import annotations

import math
import shutil
from pathlib import Path
from typing import Any

import pytest

from core.errors import FileProblem, InputError
from core.example import build_example, data, open_example
from core.model import Id, Settlement, Standing, StudyStatus, ValueStatus, Verdict
from core.review import Review, Session
from core.store.queries.records import RecordFilter
from core.synthesis.compute import AnalysisResult, PoolResult


def shown(pool: PoolResult | None, digits: int = 2) -> tuple[float, float, float]:
    """Estimate and limits of a pool as a figure shows them."""
    assert pool is not None
    assert pool.effect is not None
    effect = pool.effect
    return tuple(round(x, digits) for x in (effect.shown_estimate, effect.shown_lower, effect.shown_upper))


def result(session: Session, number: str) -> AnalysisResult:
    return session.synthesis.result(session.synthesis.find(number))


def study_id(session: Session, label: str) -> Id:
    return next(s.id for s in session.studies.list() if s.label == label)


# --- what the review reports ----------------------------------------------------------------------------------------


def test_response_is_pooled_as_published(lead: Session) -> None:
    found = result(lead, "1.1")
    assert shown(found.overall) == (4.73, 1.10, 20.22)
    pools = {s.subgroup.label: s.pool for s in found.subgroups}
    assert shown(pools["SAD"]) == (28.94, 3.45, 242.57)
    assert shown(pools["PTSD"]) == (2.03, 0.67, 6.15)
    tests = {label: pool.pooled.p for label, pool in pools.items() if pool}
    assert tests == {"SAD": pytest.approx(0.002, abs=5e-4), "PTSD": pytest.approx(0.21, abs=5e-3)}
    assert [row.study for row in found.rows if row.effect is None] == ["Pradhan 2017"]


@pytest.mark.parametrize(
    ("number", "digits", "expected"), [("1.2", 2, (30.33, 1.39, 660.76)), ("1.3", 1, (15.0, 0.6, 348.9))]
)
def test_response_in_one_trial(lead: Session, number: str, digits: int, expected: tuple[float, float, float]) -> None:
    assert shown(result(lead, number).overall, digits) == expected


LIMITS = {
    # from the stored standard errors; the reported intervals are in analyses.toml
    "1.4": (12.7, 2.55, 22.85),
    "1.5": (-0.34, -11.95, 11.27),
    "1.6": (-5.79, -11.94, 0.36),
    "1.7": (-2.5, -5.19, 0.19),
    "1.8": (-4.52, -6.93, -2.11),
    "1.9": (-3.84, -6.96, -0.72),
    "1.10": (-3.67, -6.34, -1.0),
    "1.11": (8.0, -17.07, 33.07),
    "1.12": (104.13, 13.74, 788.94),
    "1.13": (14.22, 2.53, 79.95),
    "1.14": (8.65, 1.40, 53.47),
}


@pytest.mark.parametrize("number", LIMITS)
def test_single_effects_are_as_reported(lead: Session, number: str) -> None:
    found = result(lead, number)
    assert shown(found.overall) == pytest.approx(LIMITS[number], abs=0.0051)
    (analysis,) = (a for a in data.toml("analyses")["analysis"] if a["number"] == number)
    assert shown(found.overall)[0] == analysis["reported"]["estimate"]


def test_intervals_that_do_not_fit_are_flagged(lead: Session) -> None:
    flagged = {
        number: {a.code for a in result(lead, number).advice} & {"interval.differs", "interval.asymmetric"}
        for number in LIMITS
    }
    assert {n for n, codes in flagged.items() if codes} == {"1.4", "1.12", "1.13", "1.14"}
    assert [n for n, codes in flagged.items() if "interval.asymmetric" in codes] == ["1.12"]


def test_crossover_patients_counted_twice_are_pointed_out(lead: Session) -> None:
    (advice,) = (a for a in result(lead, "1.1").advice if a.code == "unit.crossover")
    assert "Glue 2017, Taylor 2018" in advice.message
    assert "Rodriguez" not in advice.message


def test_one_responder_less_changes_the_pool(built_example: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.copse"
    shutil.copyfile(built_example, copy)
    review = Review.open(copy)
    rosa = review.session(review.reviewer_named("Rosa Lindqvist").id)
    events = next(
        r for r in rosa.extraction.results(study_id(rosa, "Glue 2017")) if r.population_label.startswith("Soc")
    )
    rosa.extraction.settle(events.id, "events", number=7, note="Counted again.")
    pools = {s.subgroup.label: s.pool for s in result(rosa, "1.1").subgroups}
    assert shown(pools["SAD"]) == (24.74, 2.97, 206.26)
    rosa.undo()
    assert shown(result(rosa, "1.1").overall) == (4.73, 1.10, 20.22)
    review.close()


# --- the state of the review ----------------------------------------------------------------------------------------


def test_flow(lead: Session) -> None:
    flow = lead.overview.flow()
    assert (flow.screened, flow.assessed, flow.included_studies) == (3127, 37, 8)
    assert flow.excluded == 3090
    assert sum(c.n for c in flow.databases) - sum(c.n for c in flow.removed) == 3127
    assert flow.not_retrieved == 0
    assert sum(c.n for c in flow.reports_excluded) == 29
    assert flow.included_reports == 8


def test_every_record_has_two_decisions_and_no_conflict_is_open(review: Review, lead: Session) -> None:
    judges = {r.id for r in review.reviewers() if r.is_screener}
    for part, number in ((lead.screening, 3127), (lead.fulltext, 37)):
        standings = part.standings()
        assert standings.total == number
        assert (standings.open, standings.conflict) == (0, 0)
    for record_id in lead.references.ids()[::97]:
        assert {d.reviewer_id for d in lead.screening.decisions(record_id)} == judges
    assert len(lead.screening.settled()) == 38
    assert len(lead.fulltext.settled()) == 7


def test_only_two_values_are_left_to_settle(lead: Session) -> None:
    open_cells = [
        (study.label, row.cell.label)
        for study in lead.studies.list()
        for row in lead.extraction.comparison(study.id).rows
        if row.entries and row.consensus is None
    ]
    assert open_cells == [("Taylor 2018", "Mean age"), ("Glue 2018", "Funding")]
    todo = {t.code: t.count for t in lead.overview.todo()}
    assert todo["extraction.settle"] == 2
    assert "riskofbias.settle" not in todo


def test_values_say_how_they_are_known(lead: Session) -> None:
    found = {
        value.status
        for result in lead.extraction.results(outcome_id=_outcome(lead, "Response"))
        for value in lead.extraction.consensus_for([result.id])[result.id].values()
        if value.field == "events"
    }
    assert found == {ValueStatus.RECONSTRUCTED}
    course = lead.extraction.results(outcome_id=_outcome(lead, "Change in symptoms from baseline"))
    assert course
    for values in lead.extraction.consensus_for([r.id for r in course]).values():
        assert {v.status for v in values.values()} == {ValueStatus.ILLUSTRATIVE}


def _outcome(lead: Session, label: str) -> Id:
    return next(o.id for o in lead.protocol.outcomes() if o.label == label)


def test_risk_of_bias_of_the_randomised_trials_is_settled(lead: Session) -> None:
    settled = {row.label: row.consensus for row in lead.riskofbias.table() if row.consensus}
    assert len(settled) == 6
    assert all(len(cells) == 7 for cells in settled.values())
    assert Settlement.ADJUDICATED in {j.how for cells in settled.values() for j in cells.values()}
    other = {label: next(j.level for c, j in cells.items() if c.domain == "other") for label, cells in settled.items()}
    assert {label for label, level in other.items() if level == "low"} == {"Dadabayev 2020"}
    left_out = {row.label for row in lead.riskofbias.table() if not row.applies}
    assert left_out == {"Glue 2018", "Truppman Lattie 2021"}
    assert "riskofbias.judge" not in {t.code for t in lead.overview.todo()}


def test_studies_share_participants_and_the_holder_of_pooled_values_is_no_included_study(lead: Session) -> None:
    assert len(lead.studies.list(StudyStatus.INCLUDED)) == 8
    assert [s.label for s in lead.studies.list(StudyStatus.EXCLUDED)] == ["All trials, as reported"]
    assert lead.studies.awaiting_study() == ()


def test_file_is_sound(review: Review) -> None:
    assert review.check() == []


# --- the file that ships --------------------------------------------------------------------------------------------


def picture(review: Review) -> dict[str, Any]:
    """Everything in a review that does not depend on when, where and under which ids it was made."""
    lead = review.session(review.reviewer_named("LEAD").id)
    names = {r.id: r.name for r in review.reviewers()}
    views = lead.references.rows(lead.references.ids(RecordFilter(duplicates=True)))
    title = {i: (v.title, v.year, v.sources) for i, v in views.items()}
    included = lead.screening.with_standing(Standing.INCLUDED)
    return {
        "team": [(r.name, r.is_lead, r.is_adjudicator, r.is_screener) for r in review.reviewers()],
        "protocol": [getattr(lead.protocol.protocol(), f) for f in ("title", "registration", "notice", "designs")],
        "sources": [(s.name, s.kind, s.hits, s.records, s.duplicates) for s in lead.references.sources()],
        "records": sorted((*title[i], title[v.primary_id] if v.primary_id else ()) for i, v in views.items()),
        "included": sorted(title[i] for i in included),
        "reasons": [lead.screening.excluded_by_reason(), lead.fulltext.excluded_by_reason()],
        "fulltext": sorted(
            (*title[i], sorted((names[d.reviewer_id], d.verdict, d.reason) for d in lead.fulltext.decisions(i)))
            for i in included
        ),
        "values": [_values(lead, names, s.id) for s in lead.studies.list()],
        "bias": [
            (row.label, row.applies, sorted((c.domain, j.level, j.support, j.how) for c, j in row.consensus.items()))
            for row in lead.riskofbias.table()
        ],
        "results": [_analysis(lead, a.id) for c in lead.synthesis.tree() for a in c.analyses],
    }


def _values(lead: Session, names: dict[Id, str], study: Id) -> list[Any]:
    return [
        (
            row.cell.label,
            sorted((names[e.reviewer_id], e.value, e.status) for e in row.entries),
            row.consensus and (row.consensus.value, row.consensus.how, row.consensus.note, row.consensus.status),
        )
        for row in lead.extraction.comparison(study).rows
    ]


def _analysis(lead: Session, analysis: Id) -> Any:
    found = lead.synthesis.snapshot(analysis)
    pooled = lead.synthesis.result(analysis)
    return found.number, found.label, found.settings, found.look, found.better, [shown(pooled.overall, 12)]


def test_finished_file_equals_one_built_from_the_exports(review: Review, tmp_path: Path) -> None:
    shipped = Review.open(open_example(tmp_path))
    try:
        made, kept = picture(review), picture(shipped)
        assert made.keys() == kept.keys()
        for name, part in made.items():
            assert part == kept[name], f"{name}: pack the example again (resources/example/README.md)"
        assert shipped.check() == []
    finally:
        shipped.close()


def test_opening_again_keeps_what_was_done(tmp_path: Path) -> None:
    review = Review.open(open_example(tmp_path))
    lead = review.session(review.reviewer_named("LEAD").id)
    lead.protocol.add_term("include", "tried out")
    review.close()
    again = Review.open(open_example(tmp_path))
    assert "tried out" in {t.text for t in again.session(again.reviewer_named("LEAD").id).protocol.terms()}
    again.close()


def test_a_place_where_nothing_can_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file, not a folder")
    with pytest.raises(FileProblem, match="taken"):
        open_example(tmp_path / "taken")
    assert (tmp_path / "taken").read_text() == "a file, not a folder"


def test_an_existing_file_is_not_built_over(tmp_path: Path) -> None:
    target = tmp_path / "mine.copse"
    target.write_text("mine")
    with pytest.raises(InputError):
        build_example(target)
    assert target.read_text() == "mine"


def test_a_build_that_fails_leaves_no_file(tmp_path: Path) -> None:
    def stop(_what: str, _done: int, _total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build_example(tmp_path / "half.copse", stop)
    assert not (tmp_path / "half.copse").exists()


def test_effects_entered_as_ratios_are_analysed_as_logarithms(lead: Session) -> None:
    pool = result(lead, "1.13").overall
    assert pool is not None
    assert pool.effect is not None
    assert pool.effect.estimate == pytest.approx(math.log(14.22))


def test_disputes_rest_on_answers_that_differ(lead: Session) -> None:
    for record_id in lead.screening.settled():
        verdicts = {d.verdict is Verdict.EXCLUDE for d in lead.screening.decisions(record_id)}
        assert verdicts == {True, False}
