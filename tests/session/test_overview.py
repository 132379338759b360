"""The overview: the flow as far as one may see, what is left to do, the lead's figures."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.errors import NotAllowed
from core.figures.prisma_model import PreviousReview
from core.model import RetrievalState, SourceKind, Stage, Verdict
from core.review import Review
from tests.interchange.made import dichotomous, file_of
from tests.reviews import new_review, record_ids, ris_file, sessions, titles
from tests.session.trials import PTSD, SAD, add_outcome, analysis, counts


@pytest.fixture
def review(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Review]:
    """Six records from two sources, four of them found twice."""
    monkeypatch.setenv("COPSE_DATA_DIR", str(tmp_path / "data"))
    made = new_review(tmp_path, records=4)
    lead = sessions(made)[0]
    register = lead.references.put_source(name="ClinicalTrials.gov", kind=SourceKind.REGISTER).value
    lead.references.import_file(ris_file(tmp_path / "register.ris", titles(6)), register)
    yield made
    made.close()


def codes(review: Review, person: int) -> dict[str, int]:
    return {one.code: one.count for one in sessions(review)[person].overview.todo()}


def screen_all(review: Review) -> None:
    """Both screen: three included (one after a conflict), three excluded."""
    asha, tom, rosa = sessions(review)
    ids = record_ids(review)
    for person in (asha, tom):
        person.screening.decide_many(
            [(one, Verdict.INCLUDE if n < 3 else Verdict.EXCLUDE, None) for n, one in enumerate(ids)]
        )
    tom.screening.decide(ids[2], Verdict.EXCLUDE)
    rosa.screening.resolve(ids[2], Verdict.INCLUDE)


def test_the_flow_adds_up_from_the_sources_to_the_included_studies(review: Review) -> None:
    asha, tom, _ = sessions(review)
    ids = record_ids(review)
    screen_all(review)
    reason = asha.protocol.add_reason(Stage.FULL_TEXT, "No ketamine").value
    asha.fulltext.set_retrieval(ids[2], RetrievalState.NOT_RETRIEVED)
    for person in (asha, tom):
        person.fulltext.decide(ids[0], Verdict.INCLUDE)
        person.fulltext.decide(ids[1], Verdict.EXCLUDE, reason)
        person.fulltext.decide(ids[2], Verdict.INCLUDE)
    asha.studies.create([ids[0]], "Okafor 2019")
    flow = tom.overview.flow()
    assert [(count.label, count.n) for count in flow.databases] == [("MEDLINE", 4)]
    assert [(count.label, count.n) for count in flow.registers] == [("ClinicalTrials.gov", 6)]
    assert flow.removed[0].n == 4
    assert (flow.identified - 4, flow.screened, flow.excluded, flow.sought) == (6, 6, 3, 3)
    assert (flow.not_retrieved, flow.assessed) == (1, 2)
    assert [(count.label, count.n) for count in flow.reports_excluded] == [("No ketamine", 1)]
    assert (flow.included_studies, flow.included_reports, flow.meta_analysis_studies) == (1, 1, 0)
    assert flow.live == ()


def test_what_an_earlier_version_brought_is_counted_apart_and_in_the_total(review: Review, tmp_path: Path) -> None:
    asha, tom, _ = sessions(review)
    earlier = asha.references.put_source(name="Review of 2015", kind=SourceKind.PREVIOUS).value
    asha.references.import_file(ris_file(tmp_path / "earlier.ris", titles(4, start=20)), earlier)
    ids = record_ids(review)
    new, old = ids[:6], ids[6:]
    reason = asha.protocol.add_reason(Stage.FULL_TEXT, "No ketamine").value
    assert len(old) == 4
    for person in (asha, tom):
        person.screening.decide_many([(one, Verdict.INCLUDE, None) for one in (*new[:2], *old)])
        person.screening.decide_many([(one, Verdict.EXCLUDE, None) for one in new[2:]])
    for person in (asha, tom):
        for one in (*new[:2], *old[:3]):
            person.fulltext.decide(one, Verdict.INCLUDE)
        person.fulltext.decide(old[3], Verdict.EXCLUDE, reason)
    asha.studies.create([new[0]], "Okafor 2019")
    asha.studies.create(old[:2], "Marsh 2012")
    asha.studies.create([old[2], new[1]], "Linde 2014")
    flow = tom.overview.flow()
    assert [count.label for count in (*flow.databases, *flow.registers)] == ["MEDLINE", "ClinicalTrials.gov"]
    assert (flow.identified, flow.removed[0].n) == (10, 4)
    assert (flow.screened, flow.excluded, flow.sought, flow.assessed) == (6, 4, 2, 2)
    assert flow.reports_excluded == ()
    assert flow.previous == PreviousReview(studies=2, reports=3)
    assert (flow.included_studies, flow.included_reports) == (3, 5)


def test_a_record_that_an_earlier_version_had_is_a_duplicate_among_the_new_ones(tmp_path: Path) -> None:
    review = new_review(tmp_path)
    lead = sessions(review)[0]
    earlier = lead.references.put_source(name="Review of 2015", kind=SourceKind.PREVIOUS).value
    lead.references.import_file(ris_file(tmp_path / "earlier.ris", titles(2)), earlier)
    assert lead.overview.flow().previous == PreviousReview(0, 0)
    lead.references.import_file(ris_file(tmp_path / "search.ris", titles(5)), source_name="MEDLINE")
    flow = lead.overview.flow()
    assert (flow.identified, flow.removed[0].n, flow.screened) == (5, 2, 3)
    review.close()


def test_studies_of_an_opened_file_without_references_are_those_of_an_earlier_version(tmp_path: Path) -> None:
    review = Review.adopt(tmp_path / "made.copse", file_of(dichotomous()), reviewers=("Asha Menon",))
    flow = sessions(review)[0].overview.flow()
    assert flow.previous == PreviousReview(studies=4, reports=0)
    assert (flow.included_studies, flow.included_reports) == (4, 0)
    review.close()


def test_a_blinded_reviewer_sees_no_exclusion_of_the_other(review: Review) -> None:
    asha, tom, _ = sessions(review)
    ids = record_ids(review)
    asha.screening.decide_many([(one, Verdict.EXCLUDE, None) for one in ids])
    before = (tom.overview.flow(), tom.overview.todo(), asha.overview.flow(), asha.overview.todo())
    tom.screening.decide(ids[0], Verdict.EXCLUDE)
    asha.screening.decide_many([(one, Verdict.INCLUDE, None) for one in ids])
    assert asha.overview.flow() == before[2]
    assert asha.overview.todo() == before[3]
    assert tom.overview.flow().excluded == 0
    assert before[0].live[0].done == 0
    assert tom.overview.flow().live[0].done == 1


def test_studies_beside_others_in_an_analysis_are_in_the_meta_analysis(review: Review) -> None:
    outcome = add_outcome(review, "Response")
    for trial in SAD:
        counts(review, outcome, *trial)
    analysis(review, outcome)
    alone = add_outcome(review, "Remission")
    counts(review, alone, *PTSD[0])
    analysis(review, alone)
    flow = sessions(review)[0].overview.flow()
    assert (flow.included_studies, flow.meta_analysis_studies) == (3, 2)


def test_what_is_left_follows_the_review(review: Review) -> None:
    asha, tom, _ = sessions(review)
    ids = record_ids(review)
    assert codes(review, 0) == {"screening.decide": 6}
    assert codes(review, 2) == {}
    for person in (asha, tom):
        person.screening.decide_many([(one, Verdict.INCLUDE, None) for one in ids])
    tom.screening.decide(ids[5], Verdict.EXCLUDE)
    assert codes(review, 0) == {"screening.resolve": 1, "fulltext.decide": 5}
    assert codes(review, 1) == {"fulltext.decide": 5}
    assert codes(review, 2) == {"screening.resolve": 1}
    sessions(review)[2].screening.resolve(ids[5], Verdict.EXCLUDE)
    for person in (asha, tom):
        for one in ids[:5]:
            person.fulltext.decide(one, Verdict.INCLUDE)
    assert codes(review, 1) == {"studies.create": 5}
    study = asha.studies.create(ids[:5], "Okafor 2019").value
    assert codes(review, 1) == {"extraction.enter": 1, "riskofbias.judge": 1}
    arm = asha.studies.add_arm(study, "Ketamine").value
    place = asha.extraction.add_result(study, add_outcome(review, "Response"), arm_id=arm).value
    for person, events in ((asha, 3), (tom, 4)):
        person.extraction.enter(place, "events", events)
        person.extraction.enter(place, "total", 10)
        assert "extraction.settle" not in codes(review, 2)
        person.extraction.finish(study)
    assert codes(review, 1) == {"riskofbias.judge": 1}
    assert codes(review, 2) == {"extraction.settle": 2}
    sessions(review)[2].extraction.settle_equal(study)
    assert codes(review, 2) == {"extraction.settle": 1}


def test_every_reminder_says_its_number_and_its_page(review: Review) -> None:
    (one,) = sessions(review)[0].overview.todo()
    assert (one.text, one.page) == ("6 records to screen", "screening")


def test_an_empty_review_asks_for_search_results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COPSE_DATA_DIR", str(tmp_path / "data"))
    made = new_review(tmp_path)
    assert [one.page for one in sessions(made)[0].overview.todo()] == ["references"]
    made.close()


def test_progress_of_each_reviewer_is_the_leads_and_counts_only(review: Review) -> None:
    asha, tom, rosa = sessions(review)
    ids = record_ids(review)
    tom.screening.decide(ids[0], Verdict.INCLUDE)
    progress = asha.overview.team()
    assert [(one.name, one.title_abstract.done, one.title_abstract.total) for one in progress] == [
        ("Asha Menon", 0, 6),
        ("Tom Brandt", 1, 6),
    ]
    tom.screening.decide(ids[0], Verdict.EXCLUDE)
    assert asha.overview.team() == progress
    for person in (tom, rosa):
        with pytest.raises(NotAllowed):
            person.overview.team()
