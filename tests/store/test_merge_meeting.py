"""What two copies made of one review that does not go together, and what becomes of it when they meet."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from core.errors import Conflict, FileProblem
from core.model import ArmRole, OutcomeKind, Verdict
from core.review import Review
from tests.reviews import record_ids, ris_file, sessions, titles
from tests.store.test_merge import merged_both_ways, two_copies


@pytest.fixture(autouse=True)
def _own_register(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COPSE_DATA_DIR", str(tmp_path / "data"))


def close(*reviews: Review) -> None:
    for review in reviews:
        review.close()


# --- duplicates ------------------------------------------------------------------------------------------------------


def test_two_records_merged_in_opposite_directions_are_screened_once(tmp_path: Path) -> None:
    first, second = two_copies(tmp_path)
    ids = record_ids(first)
    sessions(first)[0].references.merge(ids[0], ids[1])
    sessions(second)[0].references.merge(ids[1], ids[0])
    one, two = merged_both_ways(tmp_path, first, second)
    assert one == two
    first.merge(second.path)
    assert len(set(record_ids(first)) & {ids[0], ids[1]}) == 1
    assert len(record_ids(first)) == 5
    sessions(first)[0].references.merge(ids[2], ids[3])  # does not go round for ever
    assert len(record_ids(first)) == 4
    assert first.check() == []
    second.merge(first.path)
    assert record_ids(second) == record_ids(first)
    close(first, second)


def test_a_ring_of_four_made_by_both_sides_is_one_group(tmp_path: Path) -> None:
    first, second = two_copies(tmp_path)
    a, b, c, d, *rest = record_ids(first)
    sessions(first)[0].references.merge(b, a)
    sessions(first)[0].references.merge(d, c)
    sessions(second)[0].references.merge(c, b)
    sessions(second)[0].references.merge(a, d)
    one, two = merged_both_ways(tmp_path, first, second)
    assert one == two
    first.merge(second.path)
    assert len(record_ids(first)) == len(rest) + 1
    (group,) = sessions(first)[0].references.duplicate_groups()
    assert set(group) == {a, b, c, d}
    close(first, second)


def test_a_chain_made_by_both_sides_has_one_primary(tmp_path: Path) -> None:
    first, second = two_copies(tmp_path)
    a, b, c, *_ = record_ids(first)
    sessions(first)[0].references.merge(b, a)
    sessions(second)[0].references.merge(c, b)
    report = first.merge(second.path)
    assert report.operations == 1
    assert sessions(first)[0].references.duplicate_groups() == ((c, a, b),)
    assert first.check() == []
    close(first, second)


def test_redo_does_not_make_records_follow_each_other(tmp_path: Path) -> None:
    first, second = two_copies(tmp_path)
    asha, tom, _ = sessions(first)
    a, b, *_ = record_ids(first)
    asha.references.merge(a, b)
    asha.undo()
    tom.references.merge(b, a)
    with pytest.raises(Conflict, match="touches the same duplicate. Nothing was changed"):
        asha.redo()
    assert b in record_ids(first)
    close(first, second)


# --- what is known of the other side's work --------------------------------------------------------------------------


def test_older_decisions_that_come_in_end_the_stage(tmp_path: Path) -> None:
    first, second = two_copies(tmp_path, records=2)
    ids = record_ids(first)
    for one in ids:
        sessions(second)[1].screening.decide(one, Verdict.EXCLUDE)
    for one in ids:
        sessions(first)[0].screening.decide(one, Verdict.INCLUDE)
    asha = sessions(first)[0]
    assert not asha.screening.is_over()
    first.merge(second.path)
    assert asha.screening.is_over()
    assert asha.screening.conflicts() == ids
    close(first, second)


def test_an_older_import_that_comes_in_closes_the_eyes_again(tmp_path: Path) -> None:
    first, second = two_copies(tmp_path, records=2)
    ids = record_ids(first)
    sessions(second)[0].references.import_file(ris_file(tmp_path / "more.ris", titles(2, start=50)))
    for person in sessions(first)[:2]:
        for one in ids:
            person.screening.decide(one, Verdict.INCLUDE)
    asha = sessions(first)[0]
    assert len(asha.screening.decisions(ids[0])) == 2
    first.merge(second.path)
    assert not asha.screening.is_over()
    assert len(asha.screening.decisions(ids[0])) == 1
    close(first, second)


# --- deleted on one side ---------------------------------------------------------------------------------------------


def test_a_later_answer_is_not_lost_to_an_earlier_taking_back(tmp_path: Path) -> None:
    first, second = two_copies(tmp_path)
    record_id = record_ids(first)[0]
    sessions(first)[0].screening.decide(record_id, Verdict.INCLUDE)
    second.merge(first.path)
    sessions(first)[0].screening.take_back(record_id)
    sessions(second)[0].screening.decide(record_id, Verdict.EXCLUDE)
    one, two = merged_both_ways(tmp_path, first, second)
    assert one == two
    report = first.merge(second.path)
    mine = sessions(first)[0].screening.my_decision(record_id)
    assert mine is not None
    assert mine.verdict is Verdict.EXCLUDE
    assert [(f.table, f.field) for f in report.findings] == [("decision", "deleted")]
    assert first.check() == []
    close(first, second)


def test_a_row_deleted_here_and_changed_there_is_listed(tmp_path: Path) -> None:
    first, second = two_copies(tmp_path)
    study = sessions(first)[0].studies.create(label="Okafor 2019").value
    second.merge(first.path)
    sessions(first)[0].studies.remove(study)
    sessions(second)[0].studies.describe(study, notice="Retracted")
    assert [(f.table, f.field) for f in first.merge(second.path).findings] == [("study", "deleted")]
    close(first, second)


@pytest.mark.parametrize("removed_here", [True, False])
def test_a_study_deleted_on_one_side_and_worked_on_at_the_other_is_listed(tmp_path: Path, removed_here: bool) -> None:
    first, second = two_copies(tmp_path)
    study = sessions(first)[0].studies.create(label="Okafor 2019").value
    outcome = sessions(first)[0].protocol.add_outcome("Response", OutcomeKind.DICHOTOMOUS).value
    second.merge(first.path)
    here, there = (first, second) if removed_here else (second, first)
    sessions(here)[0].studies.remove(study)
    arm = sessions(there)[1].studies.add_arm(study, "Ketamine", ArmRole.EXPERIMENTAL).value
    result = sessions(there)[1].extraction.add_result(study, outcome, arm_id=arm).value
    sessions(there)[1].extraction.enter(result, "events", 4.0)
    report = first.merge(second.path)
    assert [(f.table, f.row_id, f.field) for f in report.findings] == [("study", study, "deleted")]
    assert first.merge(second.path).findings == ()
    close(first, second)


# --- the other file --------------------------------------------------------------------------------------------------


def test_the_other_file_is_only_read(tmp_path: Path) -> None:
    first, second = two_copies(tmp_path)
    sessions(second)[1].screening.decide(record_ids(second)[0], Verdict.EXCLUDE)
    second.close()
    stick = tmp_path / "stick"
    stick.mkdir()
    other = stick / "Tom's copy? #2.copse"
    other.write_bytes((tmp_path / "second.copse").read_bytes())
    before = other.read_bytes()
    other.chmod(stat.S_IRUSR)
    stick.chmod(stat.S_IRUSR | stat.S_IXUSR)
    try:
        assert first.merge(other).operations == 1
        assert [p.name for p in stick.iterdir()] == [other.name]
    finally:
        stick.chmod(stat.S_IRWXU)
    assert other.read_bytes() == before
    first.close()


def test_a_damaged_other_file_is_named_and_nothing_merged(tmp_path: Path) -> None:
    first, second = two_copies(tmp_path, records=40)
    second.close()
    content = bytearray((tmp_path / "second.copse").read_bytes())
    content[100:30_000] = b"\xff" * 29_900
    (tmp_path / "second.copse").write_bytes(content)
    with pytest.raises(FileProblem, match="second.copse is damaged"):
        first.merge(tmp_path / "second.copse")
    assert first.check() == []
    first.close()


def test_an_attachment_comes_along(tmp_path: Path) -> None:
    first, second = two_copies(tmp_path)
    letter = tmp_path / "letter.txt"
    letter.write_bytes(b"Dear reviewers, " * 100_000)
    record_id = record_ids(second)[0]
    attached = sessions(second)[0].attachments.attach(record_id, letter).value
    first.merge(second.path)
    written = sessions(first)[0].attachments.write_to(attached, tmp_path / "again.txt")
    assert written.read_bytes() == letter.read_bytes()
    close(first, second)


def test_undo_does_not_drop_what_came_in_from_the_other_copy(tmp_path: Path) -> None:
    first, second = two_copies(tmp_path)
    asha, tom = sessions(first)[0], sessions(second)[1]
    source = asha.references.sources()[0].id
    tom.references.put_source(source, name="PubMed")
    asha.references.put_source(source, name="Ovid")
    first.merge(second.path)
    assert asha.references.sources()[0].name == "Ovid"
    with pytest.raises(Conflict, match="came in when two copies were merged, and would be lost with it"):
        asha.undo()
    assert asha.references.sources()[0].name == "Ovid"
    assert first.check() == []
    first.close()
    second.close()


def test_undo_does_not_drop_the_same_thing_done_on_the_other_copy(tmp_path: Path) -> None:
    first, second = two_copies(tmp_path)
    asha, tom = sessions(first)[0], sessions(second)[1]
    one, other = record_ids(first)[:2]
    tom.references.merge(one, other)
    asha.references.merge(one, other)
    first.merge(second.path)
    with pytest.raises(Conflict, match="cannot be taken back"):
        asha.undo()
    assert asha.references.count() == 5
    first.close()
    second.close()
