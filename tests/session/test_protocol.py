"""The protocol: what is particular to its outcomes."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.errors import InputError, NotAllowed
from core.model import ArmRole, Direction, OutcomeKind, Verdict
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
