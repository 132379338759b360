"""The protocol: what is particular to its outcomes."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.errors import InputError, NotAllowed
from core.model import ArmRole, Direction, OutcomeKind, Stage, Verdict
from tests.reviews import new_review, record_ids, sessions


def test_an_outcome_is_changed_by_the_lead_only(tmp_path: Path) -> None:
    review = new_review(tmp_path)
    asha, tom, _ = sessions(review)
    outcome = asha.protocol.add_outcome("Response", OutcomeKind.CONTINUOUS).value
    with pytest.raises(NotAllowed):
        tom.protocol.change_outcome(outcome, kind=OutcomeKind.DICHOTOMOUS)
    asha.protocol.change_outcome(
        outcome, kind=OutcomeKind.DICHOTOMOUS, unit=" patients ", better=Direction.HIGHER, time_window="24 h"
    )
    (found,) = tom.protocol.outcomes()
    assert (found.kind, found.unit, found.better, found.time_window) == ("dichotomous", "patients", "higher", "24 h")
    asha.undo()
    assert tom.protocol.outcomes()[0].kind == "continuous"
    review.close()


def test_the_kind_of_an_outcome_with_results_stays(tmp_path: Path) -> None:
    review = new_review(tmp_path, records=1)
    asha, tom, _ = sessions(review)
    outcome = asha.protocol.add_outcome("Response", OutcomeKind.DICHOTOMOUS).value
    (record,) = record_ids(review)
    for one in (asha, tom):
        one.screening.decide(record, Verdict.INCLUDE)
    for one in (asha, tom):
        one.fulltext.decide(record, Verdict.INCLUDE)
    study = asha.studies.create([record]).value
    arm = asha.studies.add_arm(study, "Ketamine", ArmRole.EXPERIMENTAL).value
    asha.extraction.add_result(study, outcome, arm_id=arm)
    with pytest.raises(InputError) as refused:
        asha.protocol.change_outcome(outcome, kind=OutcomeKind.CONTINUOUS)
    assert refused.value.message.startswith("“Response” has dichotomous results in the extraction")
    assert asha.protocol.outcomes()[0].kind == "dichotomous"
    asha.protocol.change_outcome(outcome, kind=OutcomeKind.DICHOTOMOUS, unit="patients")
    assert asha.protocol.outcomes()[0].unit == "patients"
    review.close()


def test_a_reason_is_moved_among_those_of_its_stage_and_back_by_undo(tmp_path: Path) -> None:
    review = new_review(tmp_path)
    asha, tom, _ = sessions(review)
    ids = [asha.protocol.add_reason(Stage.TITLE_ABSTRACT, text).value for text in ("One", "Two", "Three")]
    asha.protocol.add_reason(Stage.FULL_TEXT, "Other stage")

    def reasons() -> list[tuple[int, str]]:
        return [(one.number, one.text) for one in tom.protocol.reasons(Stage.TITLE_ABSTRACT)]

    asha.protocol.move("exclusion_reason", ids[2], -1)
    assert reasons() == [(1, "One"), (2, "Three"), (3, "Two")]
    asha.protocol.move("exclusion_reason", ids[2], -1)
    asha.protocol.move("exclusion_reason", ids[2], -1)
    assert reasons() == [(1, "Three"), (2, "One"), (3, "Two")]
    asha.undo()
    asha.undo()
    assert reasons() == [(1, "One"), (2, "Two"), (3, "Three")]
    with pytest.raises(NotAllowed):
        tom.protocol.move("exclusion_reason", ids[0], 1)
    assert [one.text for one in tom.protocol.reasons(Stage.FULL_TEXT)] == ["Other stage"]
    review.close()


def test_what_is_added_after_a_removal_comes_last(tmp_path: Path) -> None:
    review = new_review(tmp_path)
    asha, tom, _ = sessions(review)
    ids = [asha.protocol.add_criterion("include", text).value for text in ("One", "Two", "Three")]
    for one in ids[:2]:
        asha.protocol.remove("criterion", one)
    asha.protocol.add_criterion("include", "Four")
    assert [one.text for one in tom.protocol.criteria() if one.kind == "include"] == ["Three", "Four"]
    review.close()
