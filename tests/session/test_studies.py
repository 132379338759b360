"""Studies: reports, labels, arms, populations, measurements, shared participants, and who may know what of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from core.errors import Conflict, InputError
from core.model import ArmRole, Direction, Id, OutcomeKind, StudyStatus, Verdict
from core.review import Review
from core.session.studies import base_label, free_label
from core.store.queries.records import RecordView
from core.store.queries.studies import WorkState
from tests.reviews import new_review, record_ids, sessions
from tests.session.undoing import each_step_can_be_undone, kinds_done, kinds_there_are


@pytest.fixture(autouse=True)
def _own_register(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COPSE_DATA_DIR", str(tmp_path / "data"))


@pytest.fixture
def review(tmp_path: Path) -> Any:
    """Four records: two included at full text by both, one excluded, one with Asha's decision only."""
    made = new_review(tmp_path, records=4)
    asha, tom, _ = sessions(made)
    reason = asha.protocol.add_reason(asha.fulltext.stage, "No ketamine").value
    for session in (asha, tom):
        session.screening.decide_many([(one, Verdict.INCLUDE, None) for one in record_ids(made)])
    for index, one in enumerate(record_ids(made)):
        asha.fulltext.decide(one, Verdict.EXCLUDE if index == 2 else Verdict.INCLUDE, reason if index == 2 else None)
        if index < 3:
            tom.fulltext.decide(one, Verdict.EXCLUDE if index == 2 else Verdict.INCLUDE, reason if index == 2 else None)
    yield made
    assert made.check() == []
    made.close()


def settle_full_text(review: Review) -> list[Id]:
    ids = record_ids(review)
    sessions(review)[1].fulltext.decide(ids[3], Verdict.INCLUDE)
    return ids


def test_included_reports_wait_for_a_study_once_full_text_is_settled(review: Review) -> None:
    asha, tom, rosa = sessions(review)
    ids = record_ids(review)
    assert asha.studies.awaiting_study() == ()
    assert rosa.studies.awaiting_study() == tuple(ids[:2])
    settle_full_text(review)
    assert tom.studies.awaiting_study() == (ids[0], ids[1], ids[3])
    study = tom.studies.create([ids[0]]).value
    assert asha.studies.awaiting_study() == (ids[1], ids[3])
    assert asha.studies.of_report(ids[0]) == (study,)
    tom.studies.remove(study)
    assert asha.studies.awaiting_study() == (ids[0], ids[1], ids[3])


def test_a_report_that_is_still_judged_is_not_linked(review: Review) -> None:
    """A link would tell Tom what Asha said."""
    asha = sessions(review)[0]
    ids = record_ids(review)
    with pytest.raises(Conflict, match="not settled at full text yet"):
        asha.studies.create([ids[3]])
    assert asha.studies.list() == ()
    waiting = asha.studies.create([ids[3]], status=StudyStatus.AWAITING).value
    assert [s.id for s in asha.studies.list(StudyStatus.AWAITING)] == [waiting]


def test_the_label_is_proposed_from_the_report_and_stays_unique(review: Review) -> None:
    asha = sessions(review)[0]
    ids = settle_full_text(review)
    assert asha.studies.propose_label(ids[0]) == "Okafor 2019"
    first = asha.studies.create([ids[0]]).value
    second = asha.studies.create([ids[1]]).value
    assert [s.label for s in asha.studies.list()] == ["Okafor 2019", "Okafor 2019b"]
    assert asha.studies.propose_label(ids[3]) == "Okafor 2019c"
    with pytest.raises(InputError, match="called “Okafor 2019” already"):
        asha.studies.rename(second, "Okafor 2019")
    asha.studies.rename(first, "Okafor 2019a")
    assert asha.studies.one(first).label == "Okafor 2019a"
    with pytest.raises(InputError, match="needs a label or a report"):
        asha.studies.create()


@pytest.mark.parametrize(
    ("authors", "year", "title", "label"),
    [
        (("Glue, Paul",), 2017, "T", "Glue 2017"),
        (("Glue P",), 2017, "T", "Glue 2017"),
        (("Paul Glue",), 2017, "T", "Glue 2017"),
        (("van Dam JM",), None, "T", "van Dam"),
        (("Truppman Lattie, D.",), 2021, "T", "Truppman Lattie 2021"),
        ((), 2018, "Ketamine for social anxiety disorder", "Ketamine for social 2018"),
        ((), None, "", "Untitled"),
    ],
)
def test_labels_come_from_all_shapes_of_names(
    authors: tuple[str, ...], year: int | None, title: str, label: str
) -> None:
    view = RecordView(b"", 1, title, "", authors, "", year, "", "", "", "", "", "", "", "", (), (), (), None)
    assert base_label(view) == label


def test_labels_never_run_out() -> None:
    taken: set[str] = set()
    for _ in range(40):
        label = free_label("Li 2020", taken)
        assert label not in taken
        taken.add(label)
    assert free_label("Li 2021", {"Li 2021a"}) == "Li 2021b"


def test_reports_and_studies_are_many_to_many(review: Review) -> None:
    asha = sessions(review)[0]
    ids = settle_full_text(review)
    one = asha.studies.create([ids[0], ids[1]], "Glue 2017").value
    two = asha.studies.create([ids[1]], "Glue 2018").value
    assert asha.studies.of_report(ids[1]) == (one, two)
    assert [(r.record_id, r.is_main) for r in asha.studies.one(one).reports] == [(ids[0], True), (ids[1], False)]
    asha.studies.link(one, ids[3], is_main=True)
    assert [r.record_id for r in asha.studies.one(one).reports] == [ids[3], ids[0], ids[1]]
    assert [r.is_main for r in asha.studies.one(one).reports] == [True, False, False]
    asha.studies.unlink(one, ids[1])
    assert asha.studies.of_report(ids[1]) == (two,)
    assert ids[1] not in asha.studies.awaiting_study()


def test_an_excluded_report_may_belong_to_a_study(review: Review) -> None:
    asha = sessions(review)[0]
    ids = settle_full_text(review)
    study = asha.studies.create([ids[2]], status=StudyStatus.EXCLUDED, notice="No ketamine").value
    view = asha.studies.one(study)
    assert (view.status, view.notice, view.reports[0].record_id) == (StudyStatus.EXCLUDED, "No ketamine", ids[2])


def test_a_study_is_described(review: Review) -> None:
    asha = sessions(review)[0]
    study = asha.studies.create(label="Feder 2014", design="crossover", randomised=41).value
    asha.studies.describe(study, randomised=None, status=StudyStatus.ONGOING)
    view = asha.studies.one(study)
    assert (view.design, view.randomised, view.status) == ("crossover", None, StudyStatus.ONGOING)
    with pytest.raises(InputError, match="fewer than 0"):
        asha.studies.describe(study, randomised=-1)


def test_arms_populations_and_measurements(review: Review) -> None:
    asha, tom, _ = sessions(review)
    outcome = asha.protocol.add_outcome("Anxiety", OutcomeKind.CONTINUOUS, better=Direction.LOWER).value
    study = asha.studies.create(label="Glue 2017").value
    ketamine = tom.studies.add_arm(study, "Ketamine", ArmRole.EXPERIMENTAL).value
    control = asha.studies.add_arm(study, "Midazolam", ArmRole.CONTROL).value
    with pytest.raises(InputError, match="arm called “Midazolam” already"):
        asha.studies.add_arm(study, "Midazolam")
    asha.studies.order_arms(study, [control, ketamine])
    assert [a.id for a in tom.studies.one(study).arms] == [control, ketamine]
    with pytest.raises(InputError, match="order was not changed"):
        asha.studies.order_arms(study, [control])
    gad = asha.studies.add_population(study, "GAD").value
    hama = asha.studies.add_measurement(study, outcome, "HAM-A", definition="> 50% fall").value
    asha.studies.change_measurement(hama, better=Direction.HIGHER)
    view = asha.studies.one(study)
    assert [p.label for p in view.populations] == ["GAD"]
    assert (view.measurements[0].better, view.measurements[0].definition) == (Direction.HIGHER, "> 50% fall")
    place = asha.extraction.add_result(study, outcome, arm_id=ketamine, population_id=gad, measurement_id=hama).value
    for remove, thing in (
        (asha.studies.remove_arm, ketamine),
        (asha.studies.remove_population, gad),
        (asha.studies.remove_measurement, hama),
        (asha.studies.remove, study),
    ):
        with pytest.raises(Conflict, match="has 1 results"):
            remove(thing)
    asha.extraction.remove_result(place)
    asha.studies.remove(study)
    with pytest.raises(InputError, match="no longer in the review"):
        asha.studies.one(study)


def test_shared_participants_are_symmetrical(review: Review) -> None:
    asha, tom, _ = sessions(review)
    one, two = (asha.studies.create(label=label).value for label in ("Glue 2017", "Truppman Lattie 2021"))
    asha.studies.add_overlap(two, one, "Same patients")
    assert [(o.other_id, o.note) for o in tom.studies.one(one).overlaps] == [(two, "Same patients")]
    assert [o.other_label for o in tom.studies.one(two).overlaps] == ["Glue 2017"]
    with pytest.raises(InputError, match="with itself"):
        asha.studies.add_overlap(one, one)
    tom.studies.remove_overlap(one, two)
    assert asha.studies.one(two).overlaps == ()


def test_colleagues_states_are_locked_until_one_has_finished(review: Review) -> None:
    asha, tom, rosa = sessions(review)
    study = asha.studies.create(label="Feder 2014").value

    def seen_by(session: Any, reviewer: Any) -> WorkState:
        others = {o.reviewer_id: o.extraction for o in session.studies.work()[study].others}
        return others[reviewer.reviewer.id]

    asha.extraction.finish(study)
    assert seen_by(tom, asha) is WorkState.LOCKED
    assert seen_by(rosa, asha) is WorkState.FINISHED
    assert seen_by(rosa, tom) is WorkState.OPEN
    assert seen_by(asha, tom) is WorkState.OPEN
    tom.extraction.finish(study)
    assert seen_by(tom, asha) is WorkState.FINISHED
    assert tom.studies.work()[study].extraction_finished


def test_every_operation_on_studies_can_be_undone(review: Review) -> None:
    asha, tom, _ = sessions(review)
    ids = settle_full_text(review)
    outcome = asha.protocol.add_outcome("Anxiety", OutcomeKind.CONTINUOUS).value
    made: dict[str, Id] = {}

    def keep(name: str, result: Any) -> None:
        made[name] = result.value

    s = asha.studies
    each_step_can_be_undone(review, [
        (asha, lambda: keep("one", s.create([ids[0], ids[1]], design="parallel"))),
        (tom, lambda: keep("two", tom.studies.create(label="Glue 2017"))),
        (asha, lambda: s.rename(made["one"], "Okafor 2019a")),
        (asha, lambda: s.describe(made["one"], randomised=12, notice="Counted twice")),
        (asha, lambda: s.link(made["one"], ids[3], is_main=True)),
        (asha, lambda: s.unlink(made["one"], ids[3])),
        (asha, lambda: s.add_overlap(made["one"], made["two"])),
        (tom, lambda: tom.studies.remove_overlap(made["two"], made["one"])),
        (asha, lambda: keep("arm", s.add_arm(made["one"], "Ketamine"))),
        (asha, lambda: keep("other", s.add_arm(made["one"], "Saline"))),
        (asha, lambda: s.change_arm(made["arm"], label="Ketamine IV", role=ArmRole.EXPERIMENTAL)),
        (asha, lambda: s.order_arms(made["one"], [made["other"], made["arm"]])),
        (asha, lambda: s.remove_arm(made["other"])),
        (asha, lambda: keep("population", s.add_population(made["one"], "GAD"))),
        (asha, lambda: s.change_population(made["population"], description="10 patients")),
        (asha, lambda: s.remove_population(made["population"])),
        (asha, lambda: keep("measurement", s.add_measurement(made["one"], outcome, "HAM-A"))),
        (asha, lambda: s.change_measurement(made["measurement"], rank=2)),
        (asha, lambda: s.remove_measurement(made["measurement"])),
        (asha, lambda: s.remove(made["one"])),
    ])  # fmt: skip
    assert kinds_done(review, "studies.") == kinds_there_are("studies.")
