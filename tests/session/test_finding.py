"""Searching the whole review by a few words: what is found, and what comes first."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.review import Review
from core.session.overview import Found
from tests.reviews import new_review, record_ids, ris_file, sessions
from tests.session.trials import add_outcome

TITLES = (
    "Ketamine for generalised anxiety",
    "Placebo response in trials of midazolam",
    "Sleep after surgery",
    "Crossover designs and their pitfalls",
)


@pytest.fixture
def review(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Review]:
    monkeypatch.setenv("COPSE_DATA_DIR", str(tmp_path / "data"))
    made = new_review(tmp_path)
    lead = sessions(made)[0]
    lead.references.import_file(ris_file(tmp_path / "a.ris", TITLES, year=2019))
    lead.references.import_file(ris_file(tmp_path / "b.ris", ["Dose and phobia"], year=2004))
    lead.studies.create(label="Taylor 2018", registration="NCT02083926")
    lead.studies.create(label="Glue 2017")
    outcome = add_outcome(made, "Response")
    comparison = lead.synthesis.add_comparison("Ketamine v midazolam").value
    lead.synthesis.add_analysis(comparison, "Response at one week", outcome_id=outcome)
    lead.synthesis.add_analysis(comparison, "Anxiety, odds of response", outcome_id=outcome)
    yield made
    made.close()


def find(review: Review, text: str) -> Found:
    return sessions(review)[0].overview.find(text)


def found_titles(review: Review, text: str) -> list[str]:
    return [record.title for record in find(review, text).records]


def test_all_words_may_be_begun_only_and_stand_in_any_order(review: Review) -> None:
    assert found_titles(review, "anx keta") == [TITLES[0]]
    assert found_titles(review, "anx zebra") == []


def test_words_in_the_title_come_before_words_in_the_abstract(review: Review, tmp_path: Path) -> None:
    path = tmp_path / "c.ris"
    path.write_text("TY  - JOUR\nTI  - Of trees\nPY  - 2001\nAB  - Sleep sleep sleep.\nER  - \n", encoding="utf-8")
    sessions(review)[0].references.import_file(path)
    assert found_titles(review, "sleep") == [TITLES[2], "Of trees"]


def test_a_number_finds_its_record_first(review: Review) -> None:
    for typed in ("4", "#4", " 4 "):
        assert found_titles(review, typed) == [TITLES[3]]
    assert found_titles(review, "4,000") == []


def test_author_and_year_find_the_records_of_that_year(review: Review) -> None:
    assert found_titles(review, "okafor 2004") == ["Dose and phobia"]
    assert len(find(review, "okafor").records) == 5


def test_merged_and_withdrawn_records_are_not_found(review: Review, tmp_path: Path) -> None:
    lead = sessions(review)[0]
    ids = record_ids(review)
    lead.references.merge(ids[0], ids[2])
    assert found_titles(review, "sleep") == []
    assert found_titles(review, "3") == []
    lead.references.import_file(ris_file(tmp_path / "d.ris", ["Zebras of the plain"]))
    assert found_titles(review, "zebras") == ["Zebras of the plain"]
    lead.undo()
    assert found_titles(review, "zebras") == []


def test_studies_are_found_by_label_and_registration(review: Review) -> None:
    assert [label for _, label in find(review, "glu").studies] == ["Glue 2017"]
    assert [label for _, label in find(review, "nct0208").studies] == ["Taylor 2018"]
    assert [label for _, label in find(review, "20").studies] == ["Taylor 2018", "Glue 2017"]


def test_analyses_are_found_by_number_label_and_comparison(review: Review) -> None:
    def numbers(text: str) -> list[str]:
        return [analysis.number for analysis in find(review, text).analyses]

    assert numbers("1.2") == ["1.2"]
    assert numbers("one week") == ["1.1"]
    assert numbers("midaz") == ["1.1", "1.2"]
    assert numbers("ketamine anxiety") == ["1.2"]
    assert find(review, "1.1").analyses[0].comparison == "Ketamine v midazolam"


def test_analyses_are_numbered_as_in_the_tree(review: Review) -> None:
    lead = sessions(review)[0]
    first = lead.synthesis.tree()[0]
    second = lead.synthesis.add_comparison("Ketamine v saline").value
    lead.synthesis.add_analysis(second, "Response at one month", outcome_id=first.analyses[0].outcome_id)
    lead.synthesis.order_analyses(first.id, [each.id for each in reversed(first.analyses)])
    lead.synthesis.remove_analysis(first.analyses[0].id)
    tree = {each.id: each.number for comparison in lead.synthesis.tree() for each in comparison.analyses}
    found = {each.id: each.number for each in find(review, "ketamine").analyses}
    assert found == tree
    assert sorted(found.values()) == ["1.1", "2.1"]


def test_a_removed_study_or_analysis_is_not_found(review: Review) -> None:
    lead = sessions(review)[0]
    lead.studies.remove(find(review, "glue").studies[0][0])
    assert find(review, "glue").studies == ()
    lead.synthesis.remove_analysis(find(review, "1.2").analyses[0].id)
    assert find(review, "1.2").analyses == ()


@pytest.mark.parametrize("typed", ["", "  ", '"', "AND", "* OR (", "k"])
def test_nothing_typed_breaks_the_search(review: Review, typed: str) -> None:
    found = find(review, typed)
    assert len(found.records) <= 6
    if not typed.strip():
        assert found == Found((), (), ())


def test_no_more_than_asked_for(review: Review) -> None:
    assert len(sessions(review)[0].overview.find("okafor", 2).records) == 2
