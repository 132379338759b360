"""Taking back what others have built on since: nobody's work goes with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.errors import Conflict
from core.model import ArmRole, OutcomeKind, Verdict
from core.review import Review
from tests.reviews import new_review, record_ids, sessions
from tests.session.undoing import live_rows


@pytest.fixture(autouse=True)
def _own_register(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COPSE_DATA_DIR", str(tmp_path / "data"))


@pytest.fixture
def review(tmp_path: Path) -> Review:
    return new_review(tmp_path, records=4)


def test_an_import_that_others_have_screened_stays(review: Review) -> None:
    asha, tom, _ = sessions(review)
    ids = record_ids(review)
    tom.screening.decide(ids[2], Verdict.INCLUDE)
    before = live_rows(review)
    with pytest.raises(Conflict, match="“Import of search.ris” cannot be taken back: .*Nothing was changed"):
        asha.undo()
    assert live_rows(review) == before
    assert record_ids(review) == ids
    tom.undo()
    asha.undo()
    assert record_ids(review) == []
    asha.redo()
    assert record_ids(review) == ids
    review.close()


def test_a_study_that_others_have_worked_on_stays(review: Review) -> None:
    asha, tom, _ = sessions(review)
    outcome = asha.protocol.add_outcome("Response", OutcomeKind.DICHOTOMOUS).value
    study = asha.studies.create(label="Okafor 2019").value
    arm = tom.studies.add_arm(study, "Ketamine", ArmRole.EXPERIMENTAL).value
    place = tom.extraction.add_result(study, outcome, arm_id=arm).value
    tom.extraction.enter(place, "events", 4)
    before = live_rows(review)
    with pytest.raises(Conflict, match="New study Okafor 2019"):
        asha.undo()
    assert live_rows(review) == before
    for _ in range(3):
        tom.undo()
    asha.undo()
    assert asha.studies.list() == ()
    review.close()


def test_a_reviewer_who_has_judged_stays(review: Review) -> None:
    asha, *_ = sessions(review)
    mina = review.session(asha.protocol.add_reviewer("Mina Osei").value)
    mina.screening.decide(record_ids(review)[0], Verdict.MAYBE)
    with pytest.raises(Conflict, match="New reviewer Mina Osei"):
        asha.undo()
    assert "Mina Osei" in [one.name for one in review.reviewers()]
    review.close()


def test_a_removal_is_not_done_again_under_new_work(review: Review) -> None:
    asha, tom, _ = sessions(review)
    study = asha.studies.create(label="Okafor 2019").value
    asha.studies.remove(study)
    asha.undo()
    tom.riskofbias.judge(study, "sequence", "low")
    with pytest.raises(Conflict, match="cannot be"):
        asha.redo()
    assert [s.id for s in asha.studies.list()] == [study]
    review.close()


def test_ones_own_work_does_not_stand_in_ones_way(review: Review) -> None:
    asha, tom, _ = sessions(review)
    tom.screening.decide(record_ids(review)[0], Verdict.INCLUDE)
    study = asha.studies.create(label="Okafor 2019").value
    asha.riskofbias.judge(study, "sequence", "low")
    asha.undo()
    asha.undo()
    assert asha.studies.list() == ()
    review.close()


def test_a_review_is_never_without_a_lead(review: Review) -> None:
    asha, tom, _ = sessions(review)
    asha.protocol.set_roles(tom.reviewer.id, is_lead=True, is_adjudicator=False, is_screener=True)
    tom.protocol.set_roles(asha.reviewer.id, is_lead=False, is_adjudicator=False, is_screener=True)
    asha.undo()  # Tom does not lead any more
    assert [one.is_lead for one in review.reviewers()] == [True, False, False]
    assert review.reviewer_named("LEAD").id == asha.reviewer.id
    asha.protocol.set_roles(tom.reviewer.id, is_lead=True, is_adjudicator=False, is_screener=True)
    assert [one.is_lead for one in review.reviewers()] == [False, True, False]
    review.close()
