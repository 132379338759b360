"""Two copies of one review, edited apart and brought together."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from core.errors import FileProblem
from core.model import Stage, Verdict
from core.review import Review
from core.store.log import stored_state
from core.store.log_tables import operation
from core.store.schema import record
from tests.reviews import new_review, record_ids, ris_file, sessions, titles


@pytest.fixture(autouse=True)
def _own_register(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COPSE_DATA_DIR", str(tmp_path / "data"))


def whole(review: Review) -> dict[str, Any]:
    """State, records and log: all that two merged copies must agree on."""
    reader = review.store.reader
    return {
        "state": stored_state(reader),
        "records": {r["id"]: {**r, "n": 0} for r in reader.execute(select(record)).mappings()},
        "log": {r["id"]: dict(r) for r in reader.execute(select(operation)).mappings()},
    }


def two_copies(folder: Path, records: int = 6) -> tuple[Review, Review]:
    first = new_review(folder, records=records)
    lead = sessions(first)[0]
    lead.protocol.add_reason(Stage.TITLE_ABSTRACT, "Wrong population")
    first.save_copy(folder / "second.copse")
    return first, Review.open(folder / "second.copse")


def merged_both_ways(folder: Path, first: Review, second: Review) -> tuple[dict[str, Any], dict[str, Any]]:
    """Merge second into a copy of first, and first into a copy of second."""
    first.save_copy(folder / "first-base.copse")
    second.save_copy(folder / "second-base.copse")
    one, two = Review.open(folder / "first-base.copse"), Review.open(folder / "second-base.copse")
    first.store.checkpoint()
    second.store.checkpoint()
    one.merge(second.path)
    two.merge(first.path)
    assert one.check() == []
    assert two.check() == []
    result = whole(one), whole(two)
    for review in (one, two):
        review.close()
        review.path.unlink()
    return result


def test_both_sides_decisions_are_kept(tmp_path: Path) -> None:
    first, second = two_copies(tmp_path)
    ids = record_ids(first)
    asha, _, _ = sessions(first)
    _, tom, rosa = sessions(second)
    asha.screening.decide(ids[0], Verdict.INCLUDE)
    tom.screening.decide(ids[0], Verdict.EXCLUDE)
    tom.screening.decide(ids[1], Verdict.EXCLUDE)
    report = first.merge(second.path)
    assert report.operations == 2
    assert report.findings == ()
    assert [s.screening.progress().done for s in sessions(first)[:2]] == [1, 2]
    assert sessions(first)[2].screening.conflicts() == [ids[0]]
    assert rosa.screening.conflicts() == []
    assert first.check() == []
    assert first.merge(second.path).operations == 0
    first.close()
    second.close()


def test_imports_on_both_sides_are_kept(tmp_path: Path) -> None:
    first, second = two_copies(tmp_path, records=3)
    sessions(second)[0].references.import_file(ris_file(tmp_path / "more.ris", titles(4, start=50)))
    report = first.merge(second.path)
    assert report.records == 4
    assert len(record_ids(first)) == 7
    assert first.check() == []
    first.close()
    second.close()


def test_a_field_changed_on_both_sides_is_listed_and_the_later_value_stands(tmp_path: Path) -> None:
    first, second = two_copies(tmp_path)
    sessions(first)[0].protocol.describe(title="Earlier title")
    sessions(second)[0].protocol.describe(title="Later title")
    report = first.merge(second.path)
    assert [(f.table, f.field) for f in report.findings] == [("review", "title")]
    assert first.title == "Later title"
    sessions(first)[0].protocol.describe(title="Agreed title")
    assert second.merge(first.path).findings == ()  # the first already knew of both
    assert second.title == "Agreed title"
    first.close()
    second.close()


def test_knowing_of_each_other_is_no_conflict(tmp_path: Path) -> None:
    first, second = two_copies(tmp_path)
    sessions(first)[0].protocol.describe(title="One")
    second.merge(first.path)
    sessions(second)[0].protocol.describe(title="Two")
    assert first.merge(second.path).findings == ()
    assert first.title == "Two"
    first.close()
    second.close()


def test_a_copy_made_behind_copses_back_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same device id and number with different content: neither side may silently win."""
    first = new_review(tmp_path, records=2)
    first.close()
    (tmp_path / "elsewhere").mkdir()
    clone = tmp_path / "elsewhere" / "review.copse"
    clone.write_bytes((tmp_path / "review.copse").read_bytes())
    # On another installation that remembers the same copy as its own: what a synchronised home folder does.
    monkeypatch.setattr("core.store.files.CopyRegister.agrees", lambda *_: True)
    first, second = Review.open(tmp_path / "review.copse"), Review.open(clone)
    assert first.store.device == second.store.device
    sessions(first)[0].protocol.describe(title="One")
    sessions(second)[0].protocol.describe(title="Two")
    before = whole(first)
    with pytest.raises(FileProblem, match="copied outside Copse and edited twice. Nothing was merged"):
        first.merge(second.path)
    assert whole(first) == before
    first.close()
    second.close()


def test_another_review_is_refused(tmp_path: Path) -> None:
    first = new_review(tmp_path)
    second = new_review(tmp_path, name="other.copse")
    with pytest.raises(FileProblem, match="copy of another review, so nothing was merged"):
        first.merge(second.path)
    first.close()
    second.close()


STEPS = st.lists(
    st.tuples(
        st.integers(0, 1),
        st.sampled_from(
            ["include", "exclude", "take_back", "note", "undo", "redo", "title", "resolve", "same", "meet"]
        ),
        st.integers(0, 3),
    ),
    max_size=14,
)


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_merging_in_either_order_gives_the_same_review(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[int, str, int]]
) -> None:
    from core.errors import CopseError

    folder = tmp_path_factory.mktemp("merge")
    copies = two_copies(folder, records=4)
    ids = record_ids(copies[0])
    for side, what, number in steps:
        # Both people work on both copies: the hard case.
        session = sessions(copies[side])[number % 2]
        adjudicator = sessions(copies[side])[2]
        record_id = ids[number]
        try:
            if what in ("include", "exclude"):
                session.screening.decide(record_id, Verdict(what))
            elif what == "take_back":
                session.screening.take_back(record_id)
            elif what == "note":
                session.screening.set_note(record_id, f"note {number}")
            elif what == "title":
                sessions(copies[side])[0].protocol.describe(title=f"Title {side} {number}")
            elif what == "resolve":
                adjudicator.screening.resolve(record_id, Verdict.INCLUDE)
            elif what == "same":
                session.references.merge(record_id, ids[(number + 1 + side) % len(ids)])
            elif what == "undo":
                session.undo()
            elif what == "redo":
                session.redo()
            else:
                copies[side].merge(copies[1 - side].path)
        except CopseError:
            continue
    one, two = merged_both_ways(folder, *copies)
    assert one == two
    for review in copies:
        review.close()
