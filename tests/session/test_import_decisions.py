"""Decisions made in another program become those of the reviewers who made them."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.errors import Conflict, InputError, NotAllowed
from core.interchange.screening_exports import CovidenceList
from core.model import Id, Reveal, Stage, Standing, Verdict
from core.review import Review, Session
from core.session.exchange import match_people
from tests.reviews import new_review, ris_file, sessions, titles
from tests.session.any_operation import live_state

INCLUDE, EXCLUDE, MAYBE = Verdict.INCLUDE, Verdict.EXCLUDE, Verdict.MAYBE


@pytest.fixture(autouse=True)
def _own_register(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COPSE_DATA_DIR", str(tmp_path / "data"))


def rayyan_file(path: Path, notes: list[str]) -> Path:
    """A file of Rayyan with a record for each of these notes."""
    rows = [
        f'r-{n},"{title}",2019,"Okafor, N and Marsh, P","Abstract","{note.replace(chr(34), chr(34) * 2)}"'
        for n, (title, note) in enumerate(zip(titles(len(notes)), notes, strict=True))
    ]
    path.write_text("\n".join(("key,title,year,authors,abstract,notes", *rows)), encoding="utf-8")
    return path


BOTH = 'RAYYAN-INCLUSION: {"Asha"=>"Included", "Tom"=>"Excluded"} | RAYYAN-EXCLUSION-REASONS: wrong population'
AGREED = 'RAYYAN-INCLUSION: {"Asha"=>"Maybe", "Tom"=>"Included"} | USER-NOTES: {"Tom"=>["good"]}'
ONE = 'RAYYAN-INCLUSION: {"Asha"=>"Excluded"} | RAYYAN-EXCLUSION-REASONS: Wrong Population,too old'


def brought(folder: Path, notes: list[str]) -> tuple[Review, Id, Session, Session, Session]:
    """A review into which such a file has been imported, its source, and the three sessions."""
    review = new_review(folder)
    asha, tom, rosa = sessions(review)
    report = asha.references.import_file(rayyan_file(folder / "articles.csv", notes)).value
    return review, report.source_id, asha, tom, rosa


def people_of(review: Review) -> dict[str, list[Id | str]]:
    ids = [one.id for one in review.reviewers()]
    return {"Asha": [ids[0]], "Tom": [ids[1]]}


def test_an_import_says_that_decisions_came_and_takes_none(tmp_path: Path) -> None:
    review = new_review(tmp_path)
    asha = sessions(review)[0]
    report = asha.references.import_file(rayyan_file(tmp_path / "articles.csv", [BOTH, ONE, ""])).value
    assert (report.new, report.decisions) == (3, 3)
    assert asha.screening.progress().done == 0
    review.close()


def test_what_came_is_told_in_numbers_and_names_only(tmp_path: Path) -> None:
    review, source, asha, *_ = brought(tmp_path, [BOTH, AGREED, ONE, ""])
    found = asha.references.decisions_in(source)
    ids = [one.id for one in review.reviewers()]
    assert [(p.name, p.decisions, p.notes, p.reviewer_id) for p in found.people] == [
        ("Asha", 3, 0, ids[0]),
        ("Tom", 2, 1, ids[1]),
    ]
    assert (found.records, found.says_stage, found.is_unnamed_list) == (3, False, False)
    review.close()


def test_decisions_become_those_of_the_reviewers_with_their_reasons_and_notes(tmp_path: Path) -> None:
    review, source, asha, tom, _ = brought(tmp_path, [BOTH, AGREED, ONE, ""])
    asha.protocol.add_reason(Stage.TITLE_ABSTRACT, "Wrong population")
    report = asha.references.import_decisions(source, people_of(review)).value
    assert (report.taken, report.records, report.notes, report.not_taken) == (5, 3, 2, ())
    assert (report.people_added, report.reasons_added) == ((), ())
    first, second, third, fourth = asha.references.ids()
    mine = [asha.screening.my_decision(one) for one in (first, second, third, fourth)]
    assert [one and one.verdict for one in mine] == [INCLUDE, MAYBE, EXCLUDE, None]
    assert mine[2] is not None
    assert (mine[2].reason, mine[2].note) == ("Wrong population", "Further reasons: too old")
    his = tom.screening.my_decision(first)
    assert his is not None
    assert (his.verdict, his.reason) == (EXCLUDE, "Wrong population")
    assert tom.screening.my_note(second) == "good"
    assert tom.screening.my_decision(third) is None
    assert [r.text for r in asha.protocol.reasons(Stage.TITLE_ABSTRACT)] == ["Wrong population"]
    review.close()


def test_somebody_not_in_the_team_is_added_and_a_name_may_be_left_out(tmp_path: Path) -> None:
    review, source, asha, *_ = brought(tmp_path, [BOTH, ONE])
    report = asha.references.import_decisions(source, {"Tom": ["Thomas Young"], "Asha": []}).value
    assert (report.taken, report.people_added, report.reasons_added) == (1, ("Thomas Young",), ("wrong population",))
    added = review.reviewers()[-1]
    assert (added.name, added.is_screener, added.is_lead) == ("Thomas Young", True, False)
    assert review.session(added.id).screening.progress().excluded == 1
    assert asha.screening.progress().done == 0
    review.close()


def test_a_decision_made_here_is_kept_and_listed(tmp_path: Path) -> None:
    review, source, asha, tom, _ = brought(tmp_path, [BOTH, AGREED])
    first = asha.references.ids()[0]
    asha.screening.decide(first, MAYBE)
    report = asha.references.import_decisions(source, people_of(review)).value
    assert report.taken == 3
    assert [(one.record_id, one.reviewer) for one in report.not_taken] == [(first, "Asha Menon")]
    assert "kept" in report.not_taken[0].why
    kept = asha.screening.my_decision(first)
    assert kept is not None
    assert kept.verdict is MAYBE
    again = asha.references.import_decisions(source, people_of(review))
    assert (again.value.taken, len(again.value.not_taken), again.operation) == (0, 4, None)
    assert tom.screening.progress().done == 2
    review.close()


def test_a_duplicate_hands_its_decisions_to_the_record_that_stands_for_it(tmp_path: Path) -> None:
    review = new_review(tmp_path, records=2)
    asha, tom, _ = sessions(review)
    before = asha.references.ids()
    path = tmp_path / "again.ris"
    search = (tmp_path / "search.ris").read_text(encoding="utf-8")
    path.write_text(search.replace("ER  - ", f"N1  - {BOTH}\nER  - "), encoding="utf-8")
    report = asha.references.import_file(path, source_name="Rayyan").value
    assert (report.duplicates, report.decisions) == (2, 4)
    assert asha.references.import_decisions(report.source_id, people_of(review)).value.taken == 4
    assert asha.references.ids() == before
    assert tom.screening.progress().excluded == 2
    review.close()


def test_a_file_that_is_imported_again_brings_no_second_decision(tmp_path: Path) -> None:
    review = new_review(tmp_path)
    asha = sessions(review)[0]
    for name in ("one.ris", "two.ris"):
        asha.references.import_file(ris_file(tmp_path / name, titles(2), notes=BOTH), source_name="Rayyan")
    source_id = asha.references.sources()[0].id
    assert [person.decisions for person in asha.references.decisions_in(source_id).people] == [2, 2]
    report = asha.references.import_decisions(source_id, people_of(review)).value
    assert (report.taken, report.not_taken) == (4, ())
    review.close()


def test_it_is_one_operation_that_can_be_taken_back_and_done_again(tmp_path: Path) -> None:
    review, source, asha, *_ = brought(tmp_path, [BOTH, AGREED, ONE])
    before = live_state(review)
    result = asha.references.import_decisions(source, {**people_of(review), "Tom": ["Noa Levi"]})
    assert result.label == "Decisions that came with articles"
    after = live_state(review)
    assert after != before
    asha.undo()
    assert live_state(review) == before
    asha.redo()
    assert live_state(review) == after
    assert review.check() == []
    review.close()


def test_what_a_reviewer_has_decided_anew_is_not_swept_away_by_undo(tmp_path: Path) -> None:
    review, source, asha, tom, _ = brought(tmp_path, [BOTH])
    asha.references.import_decisions(source, people_of(review))
    tom.screening.decide(tom.references.ids()[0], INCLUDE)
    with pytest.raises(Conflict):
        asha.undo()
    assert tom.screening.progress().included == 1
    review.close()


def test_only_the_lead_may(tmp_path: Path) -> None:
    review, source, _, tom, rosa = brought(tmp_path, [BOTH])
    for session in (tom, rosa):
        with pytest.raises(NotAllowed):
            session.references.import_decisions(source, people_of(review))
        with pytest.raises(NotAllowed):
            session.references.decisions_in(source)
    review.close()


def test_refusals_change_nothing(tmp_path: Path) -> None:
    review, source, asha, _, rosa = brought(tmp_path, [BOTH])
    before = live_state(review)
    refused_with: list[tuple[dict[str, list[Id | str]], str]] = [
        ({}, "decisions.nobody"),
        ({"Asha": []}, "decisions.nobody"),
        ({"Asha": [rosa.reviewer.id]}, "decisions.no_screener"),
        ({"Asha": [b"x" * 16]}, "team.unknown"),
        ({"Asha": ["Tom Brandt"]}, "team.name_taken"),
    ]
    for people, code in refused_with:
        if code == "decisions.no_screener":
            asha.protocol.set_roles(rosa.reviewer.id, is_lead=False, is_adjudicator=True, is_screener=False)
            before = live_state(review)
        with pytest.raises(InputError) as refused:
            asha.references.import_decisions(source, people)
        assert refused.value.code == code
        assert live_state(review) == before
    with pytest.raises(InputError, match="no longer in the review"):
        asha.references.import_decisions(b"y" * 16, people_of(review))
    review.close()


# --- blinding --------------------------------------------------------------------------------------------------------


def seen_by(session: Session) -> list[list[tuple[Id, Verdict]]]:
    """What somebody sees of decisions, record by record."""
    return [[(d.reviewer_id, d.verdict) for d in session.screening.decisions(one)] for one in session.references.ids()]


def test_nobody_sees_more_than_the_stage_allows(tmp_path: Path) -> None:
    review, source, asha, tom, rosa = brought(tmp_path, [BOTH, AGREED, ONE])
    asha.references.import_decisions(source, people_of(review))
    lead, second = asha.reviewer.id, tom.reviewer.id
    assert seen_by(asha) == [[(lead, INCLUDE)], [(lead, MAYBE)], [(lead, EXCLUDE)]]
    assert seen_by(tom) == [[(second, EXCLUDE)], [(second, INCLUDE)], []]
    assert [asha.screening.standing(one) for one in asha.references.ids()] == [Standing.OPEN] * 3
    assert [one.kind for one in tom.history.recent()].count("references.decisions") == 0
    for row_id in live_state(review)["decision"]:
        row = live_state(review)["decision"][row_id]
        assert bool(asha.history.history("decision", row_id)) == (row["reviewer_id"] == lead)
    tom.screening.decide(tom.references.ids()[2], INCLUDE)
    assert len(seen_by(asha)[0]) == 2
    assert asha.screening.standing(asha.references.ids()[0]) is Standing.CONFLICT
    assert rosa.screening.conflicts() != []
    review.close()


def test_where_the_lead_reveals_at_once_one_sees_the_other_after_ones_own(tmp_path: Path) -> None:
    review, source, asha, tom, _ = brought(tmp_path, [BOTH, AGREED, ONE])
    asha.protocol.settings(reveal_screening=Reveal.AT_ONCE)
    asha.references.import_decisions(source, people_of(review))
    assert [len(one) for one in seen_by(asha)] == [2, 2, 1]
    assert [len(one) for one in seen_by(tom)] == [2, 2, 0]
    review.close()


def test_the_notes_of_the_file_are_nowhere_to_be_read_or_found(tmp_path: Path) -> None:
    review, _, asha, tom, _ = brought(tmp_path, [BOTH, AGREED])
    for session in (asha, tom):
        ids = session.references.ids()
        assert "RAYYAN" not in repr(session.references.rows(ids))
    review.close()


# --- lists of Covidence ----------------------------------------------------------------------------------------------


def covidence_file(path: Path, notes: list[str]) -> Path:
    rows = [f'"{title}",A,Text,#{n},"{note}"' for n, (title, note) in enumerate(zip(titles(2), notes, strict=True))]
    path.write_text("\n".join(("Title,Authors,Abstract,Covidence #,Notes", *rows)), encoding="utf-8")
    return path


def test_a_list_without_names_becomes_the_decisions_of_those_who_are_chosen(tmp_path: Path) -> None:
    review = new_review(tmp_path)
    asha, tom, _ = sessions(review)
    path = covidence_file(tmp_path / "review_1_excluded_csv_1.csv", ["Exclusion reason: Wrong outcomes; ", ""])
    source = asha.references.import_file(path).value.source_id
    found = asha.references.decisions_in(source)
    assert [(p.name, p.decisions, p.reviewer_id) for p in found.people] == [("", 4, None)]
    assert found.says_stage
    assert not found.is_unnamed_list
    report = asha.references.import_decisions(source, {"": [asha.reviewer.id, tom.reviewer.id]}).value
    assert (report.taken, report.reasons_added) == (8, ("Wrong outcomes", "No reason given"))
    assert asha.fulltext.standings().excluded == 2
    assert dict(asha.fulltext.excluded_by_reason()) == {"Wrong outcomes": 1, "No reason given": 1}
    review.close()


def test_what_an_unnamed_list_holds_can_be_said(tmp_path: Path) -> None:
    review = new_review(tmp_path)
    asha, tom, _ = sessions(review)
    source = asha.references.import_file(covidence_file(tmp_path / "export.csv", ["", ""])).value.source_id
    found = asha.references.decisions_in(source)
    assert (found.people, found.is_unnamed_list) == ((), True)
    assert asha.references.decisions_in(source, CovidenceList.SELECT).people[0].decisions == 2
    both: list[Id | str] = [asha.reviewer.id, tom.reviewer.id]
    asha.references.import_decisions(source, {"": both}, listed=CovidenceList.SELECT)
    assert asha.screening.standings().included == 2
    review.close()


# --- who is meant ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("names", "meant"),
    [
        (["asha menon"], [0]),
        (["Tom"], [1]),
        (["tom.brandt"], [1]),
        (["Dr Asha Menon"], [0]),
        (["AM", "TB"], [0, 1]),
        (["Noa"], [None]),
        ([""], [None]),
        (["Tom", "Tom Brandt"], [None, 1]),
    ],
)
def test_who_a_name_means(tmp_path: Path, names: list[str], meant: list[int | None]) -> None:
    review = new_review(tmp_path)
    people = review.reviewers()
    expected = [None if index is None else people[index].id for index in meant]
    assert list(match_people(names, people).values()) == expected
    review.close()


def test_a_name_that_may_be_two_people_is_asked(tmp_path: Path) -> None:
    review = new_review(tmp_path, team=("Tom Brandt", "Tom Young"))
    assert match_people(["Tom"], review.reviewers()) == {"Tom": None}
    review.close()


def test_the_surname_may_come_first_and_accents_be_written_apart(tmp_path: Path) -> None:
    review = new_review(tmp_path, team=("Li Wei", "Wei Li", "\u00c5sa Berg"))
    ids = [one.id for one in review.reviewers()]
    assert list(match_people(["Wei Li", "Li Wei", "BERG, A\u030asa"], review.reviewers()).values()) == [
        ids[1],
        ids[0],
        ids[2],
    ]
    review.close()


def test_a_reason_that_lost_its_comma_on_the_way_is_the_reason_of_the_review(tmp_path: Path) -> None:
    """Rayyan parts reasons by commas, so Copse writes a semicolon within one."""
    review, source, asha, *_ = brought(
        tmp_path, ['RAYYAN-INCLUSION: {"Asha"=>"Excluded"} | RAYYAN-EXCLUSION-REASONS: Wrong population; or age']
    )
    asha.protocol.add_reason(Stage.TITLE_ABSTRACT, "Wrong population, or age")
    report = asha.references.import_decisions(source, people_of(review)).value
    assert report.reasons_added == ()
    decision = asha.screening.my_decision(asha.references.ids()[0])
    assert decision is not None
    assert decision.reason == "Wrong population, or age"
    review.close()
