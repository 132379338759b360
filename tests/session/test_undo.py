"""Undo and redo over every operation the program has."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import Conflict
from core.model import ArmRole, OutcomeKind, Reveal, Stage, Verdict
from core.review import Review, Session, all_operations
from tests.reviews import new_review, record_ids, sessions
from tests.session.any_operation import World, live_state

KINDS = sorted(all_operations())


@pytest.fixture(autouse=True)
def _own_register(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COPSE_DATA_DIR", str(tmp_path / "data"))


def furnished(folder: Path) -> Review:
    """A small review in which every kind of row exists and work of every stage is under way."""
    review = new_review(folder, records=5, notes='RAYYAN-INCLUSION: {"Asha"=>"Maybe", "Noa"=>"Maybe"}')
    asha, tom, rosa = sessions(review)
    asha.protocol.add_criterion("include", "Adults")
    asha.protocol.add_term("include", "ketamine")
    reasons = [asha.protocol.add_reason(stage, "Wrong population").value for stage in Stage]
    outcome = asha.protocol.add_outcome("Response", OutcomeKind.DICHOTOMOUS).value
    form_field = asha.extraction.add_field("Funding").value
    asha.extraction.add_field("Country")
    ids = record_ids(review)
    for one in ids[:3]:
        asha.screening.decide(one, Verdict.INCLUDE)
        tom.screening.decide(one, Verdict.INCLUDE)
    asha.protocol.settings(reveal_screening=Reveal.AT_ONCE)
    asha.screening.decide(ids[3], Verdict.INCLUDE)
    tom.screening.decide(ids[3], Verdict.EXCLUDE, reasons[0])
    rosa.screening.resolve(ids[3], Verdict.INCLUDE)
    for one in ids[:2]:
        asha.fulltext.decide(one, Verdict.INCLUDE)
        tom.fulltext.decide(one, Verdict.INCLUDE)
    comparison = asha.synthesis.add_comparison("Ketamine v control").value
    for record_id in ids[:2]:
        study = asha.studies.create([record_id]).value
        arms = [asha.studies.add_arm(study, str(role), role).value for role in (ArmRole.EXPERIMENTAL, ArmRole.CONTROL)]
        asha.studies.add_population(study, "GAD")
        asha.studies.add_measurement(study, outcome, "HAM-A")
        results = [asha.extraction.add_result(study, outcome, arm_id=arm).value for arm in arms]
        for person in (asha, tom):
            for number, result in enumerate(results):
                person.extraction.enter(result, "events", 4.0 + number)
                person.extraction.enter(result, "total", 22.0)
            person.extraction.enter(study, form_field.hex(), text="University" if person is asha else "Hospital")
            person.extraction.finish(study)
            for cell in person.riskofbias.cells():
                person.riskofbias.judge(study, cell.domain, "low", outcome_group=cell.group)
            person.riskofbias.finish(study)
        if record_id == ids[0]:
            rosa.extraction.settle_equal(study)
            rosa.riskofbias.settle_equal(study)
    analysis = asha.synthesis.add_analysis(comparison, outcome_id=outcome, fill=True).value
    asha.synthesis.add_analysis(comparison, outcome_id=outcome)
    for label in ("SAD", "PTSD"):
        asha.synthesis.add_subgroup(analysis, label)
    row = asha.synthesis.grid(analysis).rows[0]
    asha.synthesis.override(row.id, "ai", 5.0, "corrected in an erratum")
    _unfinished_study(asha, tom, outcome)
    letter = folder / "letter.txt"
    letter.write_text("Dear reviewers", encoding="utf-8")
    asha.attachments.attach(ids[0], letter)
    return review


def _unfinished_study(asha: Session, tom: Session, outcome: bytes) -> None:
    """A study that both are still at work on, and an empty one."""
    study = asha.studies.create(label="Under way 2020").value
    empty = asha.studies.create(label="Empty 2021").value
    asha.studies.add_overlap(study, empty)
    arms = [asha.studies.add_arm(study, str(role), role).value for role in ArmRole]
    results = [asha.extraction.add_result(study, outcome, arm_id=arm).value for arm in arms[:2]]
    asha.extraction.add_result(study, outcome, arm_id=arms[0], time_point="24 h")
    for person in (asha, tom):
        for result in results:
            person.extraction.enter(result, "events", 4.0)
            person.extraction.enter(result, "total", 22.0)
        for cell in person.riskofbias.cells():
            person.riskofbias.judge(study, cell.domain, "low", outcome_group=cell.group)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The furnished review as a file to copy."""
    folder = tmp_path_factory.mktemp("template")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COPSE_DATA_DIR", str(folder))
        furnished(folder).close()
    return folder / "review.copse"


def copy_of(template: Path, folder: Path) -> Review:
    path = folder / "copy.copse"
    path.write_bytes(template.read_bytes())
    return Review.open(path)


@pytest.mark.parametrize("kind", KINDS)
def test_undo_and_redo_restore_the_exact_state(kind: str, template: Path, tmp_path: Path) -> None:
    review = copy_of(template, tmp_path)
    world = World(review, tmp_path, random.Random(kind))
    for attempt in range(400):
        session = world.people[attempt % len(world.people)]
        before = live_state(review)
        result = world.attempt(kind, session)
        if result is None or result.operation is None:
            # Now and then the review must first move on for this operation to make sense.
            if attempt % 3 == 2:
                world.attempt(world.choice.choice(KINDS), world.choice.choice(world.people))
            continue
        after = live_state(review)
        assert after != before
        assert session.undo_state().undo_label == result.label
        session.undo()
        assert live_state(review) == before
        session.redo()
        assert live_state(review) == after
        break
    else:
        pytest.fail(f"no arguments were found with which {kind} does something")
    assert review.check() == []
    review.close()


@settings(max_examples=4, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32), steps=st.lists(st.sampled_from(KINDS), min_size=5, max_size=12))
def test_undoing_everything_returns_to_the_start(
    seed: int, steps: list[str], template: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """One person's random sequence of operations, taken back one by one and done again."""
    folder = tmp_path_factory.mktemp("undo")
    review = copy_of(template, folder)
    world = World(review, folder, random.Random(seed))
    person = world.people[0]
    states = [live_state(review)]
    for kind in steps:
        result = world.attempt(kind, person)
        if result is not None and result.operation is not None:
            states.append(live_state(review))
    for state in reversed(states[:-1]):
        person.undo()
        assert live_state(review) == state
    for state in states[1:]:
        person.redo()
        assert live_state(review) == state
    with pytest.raises(Conflict):
        person.redo()
    assert review.check() == []
    review.close()


def test_a_later_change_by_someone_else_stands_in_the_way(tmp_path: Path) -> None:
    review = furnished(tmp_path)
    asha, tom, _ = sessions(review)
    source = asha.references.sources()[0]
    asha.references.put_source(source.id, name="MEDLINE (Ovid)")
    tom.references.put_source(source.id, name="MEDLINE (PubMed)")
    before = live_state(review)
    with pytest.raises(Conflict, match="cannot be taken back: a later change by someone else touches the same source"):
        asha.undo()
    assert live_state(review) == before
    tom.undo()
    asha.undo()
    assert asha.references.sources()[0].name == source.name
    review.close()
