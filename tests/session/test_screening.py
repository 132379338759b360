"""Screening by two judges and an adjudicator: deciding, blinding, conflicts, full text."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import Conflict, InputError, NotAllowed
from core.model import RetrievalState, Reveal, Stage, Standing, Verdict
from core.review import Review, Session
from core.session.screening import pace_of
from core.store.queries.records import RecordFilter
from core.store.queries.screening import Order
from tests.reviews import new_review, record_ids, ris_file, sessions, titles


@pytest.fixture(autouse=True)
def _own_register(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COPSE_DATA_DIR", str(tmp_path / "data"))


@pytest.fixture
def review(tmp_path: Path) -> Any:
    made = new_review(tmp_path, records=4)
    yield made
    assert made.check() == []
    made.close()


def test_a_decision_brings_the_next_record(review: Review) -> None:
    asha, tom, _ = sessions(review)
    ids = record_ids(review)
    assert asha.screening.queue() == ids
    asha.screening.decide(ids[0], Verdict.INCLUDE)
    assert asha.screening.queue() == ids[1:]
    assert tom.screening.queue() == ids
    progress = asha.screening.progress()
    assert (progress.done, progress.total, progress.included, progress.left) == (1, 4, 1, 3)
    assert asha.screening.decided() == [ids[0]]


def test_orders(review: Review) -> None:
    asha = sessions(review)[0]
    ids = record_ids(review)
    rows = asha.references.rows(ids)
    alphabetical = asha.screening.queue(Order.ALPHABETICAL)
    assert [rows[i].title for i in alphabetical] == sorted(rows[i].title for i in ids)
    assert sorted(asha.screening.queue(Order.RANDOM)) == sorted(ids)
    assert asha.screening.queue(Order.RANDOM) == asha.screening.queue(Order.RANDOM)


def test_undo_takes_back_ones_own_last_decision_only(review: Review) -> None:
    asha, tom, _ = sessions(review)
    ids = record_ids(review)
    asha.screening.decide(ids[0], Verdict.INCLUDE)
    asha.screening.decide(ids[1], Verdict.EXCLUDE)
    tom.screening.decide(ids[0], Verdict.EXCLUDE)
    assert asha.undo_state().undo_label is not None
    assert str(asha.undo_state().undo_label).startswith("Exclude “")
    asha.undo()
    assert asha.screening.decided() == [ids[0]]
    assert tom.screening.decided() == [ids[0]]
    asha.redo()
    assert set(asha.screening.decided()) == set(ids[:2])
    with pytest.raises(Conflict, match="nothing to redo"):
        asha.redo()


def test_reasons(review: Review) -> None:
    asha = sessions(review)[0]
    ids = record_ids(review)
    reason = asha.protocol.add_reason(Stage.TITLE_ABSTRACT, "Wrong population").value
    other = asha.protocol.add_reason(Stage.FULL_TEXT, "No data").value
    asha.screening.decide(ids[0], Verdict.EXCLUDE, reason)
    decision = asha.screening.my_decision(ids[0])
    assert decision is not None
    assert decision.reason == "Wrong population"
    with pytest.raises(InputError, match="belongs to an exclusion"):
        asha.screening.decide(ids[1], Verdict.INCLUDE, reason)
    with pytest.raises(InputError, match="no longer in the protocol"):
        asha.screening.decide(ids[1], Verdict.EXCLUDE, other)


def test_a_conflict_is_settled_by_the_adjudicator(review: Review) -> None:
    asha, tom, rosa = sessions(review)
    first = record_ids(review)[0]
    asha.screening.decide(first, Verdict.INCLUDE)
    assert rosa.screening.conflicts() == []
    tom.screening.decide(first, Verdict.EXCLUDE)
    assert rosa.screening.conflicts() == [first]
    with pytest.raises(NotAllowed):
        tom.screening.resolve(first, Verdict.INCLUDE)
    with pytest.raises(NotAllowed):
        rosa.screening.decide(first, Verdict.INCLUDE)
    with pytest.raises(InputError, match="include or exclude"):
        rosa.screening.resolve(first, Verdict.MAYBE)
    rosa.screening.resolve(first, Verdict.INCLUDE, note="Population fits")
    assert rosa.screening.conflicts() == []
    assert rosa.screening.settled() == [first]
    assert rosa.fulltext.queue() == [first]
    with pytest.raises(Conflict, match="settled, merged"):
        tom.screening.decide(first, Verdict.INCLUDE)
    rosa.undo()
    assert rosa.screening.conflicts() == [first]


def test_a_lead_who_judges_settles_nothing_while_blinded(review: Review) -> None:
    asha, tom, _ = sessions(review)
    first = record_ids(review)[0]
    asha.screening.decide(first, Verdict.INCLUDE)
    tom.screening.decide(first, Verdict.EXCLUDE)
    assert asha.screening.is_blinded()
    with pytest.raises(Conflict):
        asha.screening.resolve(first, Verdict.INCLUDE)


def finish_stage(review: Review, tom_excludes: int) -> list[bytes]:
    asha, tom, _ = sessions(review)
    ids = record_ids(review)
    for index, one in enumerate(ids):
        asha.screening.decide(one, Verdict.INCLUDE if index < 2 else Verdict.EXCLUDE)
        tom.screening.decide(one, Verdict.EXCLUDE if index >= tom_excludes else Verdict.MAYBE)
    return ids


def test_full_text_follows_title_and_abstract(review: Review) -> None:
    ids = finish_stage(review, tom_excludes=1)
    asha, tom, rosa = sessions(review)
    assert not asha.screening.is_blinded()
    standings = tom.screening.standings()
    assert (standings.included, standings.conflict, standings.excluded, standings.open) == (1, 1, 2, 0)
    assert tom.fulltext.queue() == [ids[0]]
    rosa.screening.resolve(ids[1], Verdict.INCLUDE)
    assert set(tom.fulltext.queue()) == set(ids[:2])
    with pytest.raises(InputError, match="carries one reason"):
        tom.fulltext.decide(ids[0], Verdict.EXCLUDE)
    with pytest.raises(Conflict):
        tom.fulltext.decide(ids[3], Verdict.INCLUDE)
    population, design = (asha.protocol.add_reason(Stage.FULL_TEXT, t).value for t in ("Population", "Design"))
    asha.fulltext.decide(ids[0], Verdict.EXCLUDE, population)
    tom.fulltext.decide(ids[0], Verdict.EXCLUDE, design)
    asha.fulltext.decide(ids[1], Verdict.INCLUDE)
    tom.fulltext.decide(ids[1], Verdict.INCLUDE)
    assert asha.fulltext.conflicts() == [ids[0]]
    rosa.fulltext.resolve(ids[0], Verdict.EXCLUDE, design)
    assert asha.fulltext.excluded_by_reason() == (("Design", 1),)
    assert asha.fulltext.with_standing(Standing.INCLUDED) == [ids[1]]


def test_an_updated_search_leaves_what_was_revealed_as_it_is(review: Review, tmp_path: Path) -> None:
    ids = finish_stage(review, tom_excludes=1)
    asha, tom, _ = sessions(review)
    assert tom.fulltext.queue() == [ids[0]]
    asha.references.import_file(ris_file(tmp_path / "update.ris", titles(2, start=90)))
    assert asha.screening.is_blinded()
    assert tom.fulltext.queue() == [ids[0]]
    assert (tom.screening.standings().excluded, tom.screening.standings().open) == (2, 2)
    new = tom.screening.queue()
    asha.screening.decide(new[0], Verdict.INCLUDE)
    tom.screening.decide(new[0], Verdict.INCLUDE)
    assert tom.fulltext.queue() == [ids[0]]
    for session in (asha, tom):
        session.screening.decide(new[1], Verdict.EXCLUDE)
    assert tom.fulltext.queue() == [ids[0], new[0]]


def test_retrieval(review: Review) -> None:
    asha = sessions(review)[0]
    first = record_ids(review)[0]
    assert asha.fulltext.retrieval(first) == (RetrievalState.SOUGHT, "")
    asha.fulltext.set_retrieval(first, RetrievalState.NOT_RETRIEVED, "No answer from the library")
    assert asha.fulltext.retrieval(first) == (RetrievalState.NOT_RETRIEVED, "No answer from the library")


def test_deciding_on_many_is_one_step(review: Review) -> None:
    asha = sessions(review)[0]
    ids = record_ids(review)
    asha.screening.decide_many([(i, Verdict.EXCLUDE, None) for i in ids])
    assert asha.undo_state().undo_label == "Exclude 4 records"
    asha.undo()
    assert asha.screening.queue() == ids


def test_an_import_is_undone_and_redone_unless_others_have_decided(review: Review, tmp_path: Path) -> None:
    asha, tom, _ = sessions(review)
    asha.references.import_file(ris_file(tmp_path / "more.ris", titles(3, start=90), database="Embase"))
    ids = record_ids(review)
    assert len(ids) == 7
    tom.screening.decide(ids[6], Verdict.INCLUDE)
    with pytest.raises(Conflict, match="somebody else has worked on this import since"):
        asha.undo()
    assert tom.screening.decided() == [ids[6]]
    tom.undo()
    asha.undo()
    assert len(record_ids(review)) == 4
    with pytest.raises(Conflict):
        tom.screening.decide(ids[6], Verdict.EXCLUDE)
    asha.redo()
    assert record_ids(review) == ids
    tom.redo()
    assert tom.screening.decided() == [ids[6]]


def test_duplicates_merge_on_import_and_decisions_keep(review: Review, tmp_path: Path) -> None:
    asha = sessions(review)[0]
    ids = record_ids(review)
    asha.screening.decide(ids[2], Verdict.INCLUDE)
    again = ris_file(tmp_path / "again.ris", titles(4), database="Embase")
    report = asha.references.import_file(again).value
    assert (report.read, report.duplicates, report.new) == (4, 4, 0)
    assert record_ids(review) == ids
    assert asha.screening.decided() == [ids[2]]
    follower = asha.references.duplicate_groups()[0][1]
    asha.references.split(follower)
    assert len(record_ids(review)) == 5
    asha.undo()
    assert len(record_ids(review)) == 4
    assert asha.references.rows([ids[0]])[ids[0]].sources == ("MEDLINE", "Embase")


def test_search_finds_words_in_any_field_and_prefixes(review: Review) -> None:
    asha = sessions(review)[0]
    ids = asha.references.ids()
    rows = asha.references.rows(ids)
    word = rows[ids[0]].title.split()[0]
    found = asha.references.ids(RecordFilter(text=word[:4]))
    titled = {i: [w.casefold() for w in rows[i].title.split()] for i in ids}
    assert found == [i for i, words in titled.items() if any(w.startswith(word[:4].casefold()) for w in words)]
    assert asha.references.ids(RecordFilter(text="okafor NOT (")) == []
    assert len(asha.references.ids(RecordFilter(text="okafor"))) == 4
    assert asha.references.ids(RecordFilter(text='"')) == []


# --- blinding: what A can read does not depend on what B has answered -------------------------------------------------


def everything_readable(session: Session, ids: list[bytes]) -> list[Any]:
    """Every read the screening part of a session has, but for ids and times of rows."""
    seen: list[Any] = []
    for part in (session.screening, session.fulltext):
        seen += [
            part.progress(),
            [part.queue(order) for order in Order],
            part.standings(),
            part.conflicts(),
            part.settled(),
            part.decided(),
            [part.decided(verdict=v) for v in Verdict],
            part.excluded_by_reason(),
            part.is_over(),
            part.is_blinded(),
            [part.with_standing(s) for s in Standing],
        ]
        for one in ids:
            own = part.my_decision(one)
            seen.append([
                None if own is None else (own.verdict, own.reason, own.note),
                [(d.reviewer_id == session.reviewer.id, d.verdict, d.reason, d.note) for d in part.decisions(one)],
                part.my_note(one),
                part.standing(one),
                part.resolution(one),
                part.retrieval(one),
            ])  # fmt: skip
    seen += [session.undo_state(), session.references.ids(), session.references.ids(RecordFilter(text="secret"))]
    return seen


VERDICTS = st.lists(st.sampled_from([*Verdict, None]), min_size=4, max_size=4)


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(mine=VERDICTS, theirs=VERDICTS, swapped=VERDICTS, at_once=st.booleans())
def test_what_one_reads_does_not_depend_on_hidden_answers(
    tmp_path_factory: pytest.TempPathFactory, mine: list[Any], theirs: list[Any], swapped: list[Any], at_once: bool
) -> None:
    """Run A's script twice with B's verdicts exchanged; A may notice nothing until A's own view allows it."""
    # The same records must be answered, else B's progress itself differs; what they say is free.
    other = [None if t is None else (s or Verdict.MAYBE) for t, s in zip(theirs, swapped, strict=True)]
    complete = all(v is not None for v in mine) and all(v is not None for v in theirs)
    if complete:
        mine = [*mine[:3], None]
    if at_once:
        # What A has answered is open to A at once: only the rest must not matter.
        other = [t if m is not None else o for t, o, m in zip(theirs, other, mine, strict=True)]
    folder = tmp_path_factory.mktemp("blind")
    review = new_review(folder, records=4)
    asha, tom, _ = sessions(review)
    ids = record_ids(review)
    if at_once:
        asha.protocol.settings(reveal_screening=Reveal.AT_ONCE)
    for one, verdict in zip(ids, mine, strict=True):
        if verdict is not None:
            asha.screening.decide(one, verdict)
    seen = []
    for answers in (theirs, other):
        for one, verdict in zip(ids, answers, strict=True):
            if verdict is not None:
                tom.screening.decide(one, verdict)
                tom.screening.set_note(one, f"secret {verdict}")
        seen.append(everything_readable(asha, ids))
    review.close()
    assert seen[0] == seen[1]


def test_the_pace_leaves_breaks_out_of_the_hours_and_counts_days_off() -> None:
    minute, day = 60_000, 24 * 3_600_000
    morning = [n * minute for n in range(31)]
    later = [2 * day + n * minute for n in range(31)]
    pace = pace_of([*morning, *later], 4 * day)
    assert pace is not None
    assert (pace.per_hour, pace.per_day, pace.days_for(31)) == (60.0, 15.5, 2)


def test_a_few_decisions_tell_no_pace(tmp_path: Path) -> None:
    assert pace_of([n * 60_000 for n in range(20)], 1_200_000) is None
    review = new_review(tmp_path, 3)
    sessions(review)[0].screening.decide(record_ids(review)[0], Verdict.INCLUDE)
    assert sessions(review)[0].screening.pace() is None
    review.close()
