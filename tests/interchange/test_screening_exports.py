"""Decisions that came with the references of other screening programs."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.interchange.screening_exports import (
    CovidenceList,
    Decision,
    decisions_of,
    listed_in,
    rayyan_notes,
    without_decisions,
)
from core.model import Stage, Verdict
from core.references.reading import read_bytes, read_file
from core.references.record import ReferenceRecord

INCLUDE, EXCLUDE, MAYBE = Verdict.INCLUDE, Verdict.EXCLUDE, Verdict.MAYBE
AT_ABSTRACT, AT_TEXT = Stage.TITLE_ABSTRACT, Stage.FULL_TEXT


def of_notes(notes: str) -> tuple[Decision, ...]:
    return decisions_of([ReferenceRecord(title="A", notes=notes)])


def said(notes: str) -> list[tuple[str, Verdict | None]]:
    return [(one.reviewer, one.verdict) for one in of_notes(notes)]


# --- Rayyan ----------------------------------------------------------------------------------------------------------


def test_rayyan_names_reviewers_with_verdict_reason_labels_and_notes() -> None:
    found = of_notes(
        'Cited By :5 | RAYYAN-INCLUSION: {"Asha"=>"Included", "Tom"=>"Excluded"} | RAYYAN-LABELS: ML,Hospital | '
        'RAYYAN-EXCLUSION-REASONS: wrong population,foreign language | USER-NOTES: {"Asha"=>["check later", "again"]}'
    )
    assert found == (
        Decision(0, "Asha", None, INCLUDE, (), ("ML", "Hospital"), "check later\nagain"),
        Decision(0, "Tom", None, EXCLUDE, ("wrong population", "foreign language"), ("ML", "Hospital"), ""),
    )


@pytest.mark.parametrize(
    ("notes", "expected"),
    [
        ('RAYYAN-INCLUSION: {"Emily"=>"Maybe"}', [("Emily", MAYBE)]),
        (' RAYYAN-INCLUSION: {"Nicole"=>"Excluded"}', [("Nicole", EXCLUDE)]),
        ('RAYYAN-INCLUSION: {"juergen.schneider"=>"Included"}', [("juergen.schneider", INCLUDE)]),
        ('RAYYAN-INCLUSION: {"Ann \\"Al\\" Oe"=>"Included"}', [('Ann "Al" Oe', INCLUDE)]),
        ('RAYYAN-INCLUSION: {"Zo\\u00eb"=>"Included"}', [("Zoë", INCLUDE)]),
        ('RAYYAN-INCLUSION: {"俊"=>"Excluded","Fei"=>"Included"}', [("俊", EXCLUDE), ("Fei", INCLUDE)]),
        ('RAYYAN-INCLUSION: {""Emily""=>""Included""}', [("Emily", INCLUDE)]),
        ("RAYYAN-INCLUSION: {&quot;Ann&quot;=&gt;&quot;Maybe&quot;}", [("Ann", MAYBE)]),
        ("RAYYAN-INCLUSION: {&amp;quot;Ann&amp;quot;=&amp;gt;&amp;quot;Maybe&amp;quot;}", [("Ann", MAYBE)]),
        ('RAYYAN-INCLUSION: {"Asha"=>"Undecided", "Tom"=>nil}', []),
        ("RAYYAN-INCLUSION: {}", []),
        ("RAYYAN-LABELS: later", []),
        ('RAYYAN-INCLUSION: {"Asha"=>"Incl', []),
        ("Nothing of the kind", []),
    ],
)
def test_forms_of_rayyan(notes: str, expected: list[tuple[str, Verdict]]) -> None:
    assert said(notes) == expected


def test_a_reason_that_was_picked_as_a_label_is_a_reason() -> None:
    (one,) = of_notes('RAYYAN-INCLUSION: {"Asha"=>"Excluded"} | RAYYAN-LABELS: __EXR__wrong age,later')
    assert (one.reasons, one.labels) == (("wrong age",), ("later",))


def test_a_note_without_a_decision_is_kept_as_a_note() -> None:
    assert of_notes('USER-NOTES: {"Asha"=>["look again"]}') == (Decision(0, "Asha", None, None, (), (), "look again"),)


def test_what_the_database_noted_stays_and_the_decisions_go() -> None:
    notes = 'Cited By :5 | RAYYAN-INCLUSION: {"Asha"=>"Included"} | RAYYAN-LABELS: a | Export Date: 1 May'
    assert without_decisions(notes) == "Cited By :5\nExport Date: 1 May"
    assert without_decisions("Cited By :5") == "Cited By :5"
    assert without_decisions("Exclusion reason: Wrong outcomes; ") == ""


NAMES = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=12).map(str.strip).filter(bool)
LABELS = st.text("abc xyz-é", min_size=1, max_size=8).map(str.strip).filter(bool)
PROSE = st.text(st.characters(exclude_categories=("Cs", "Cc"), include_characters="\n"), max_size=20).map(str.strip)


@given(
    people=st.dictionaries(NAMES, st.tuples(st.sampled_from(list(Verdict)), PROSE), min_size=1, max_size=4),
    reasons=st.lists(LABELS, max_size=2, unique=True),
    labels=st.lists(LABELS, max_size=2, unique=True),
)
def test_what_is_written_for_rayyan_is_read_back(
    people: dict[str, tuple[Verdict, str]], reasons: list[str], labels: list[str]
) -> None:
    written = [
        Decision(0, name, None, verdict, tuple(reasons) if verdict is EXCLUDE else (), tuple(labels), note)
        for name, (verdict, note) in people.items()
    ]
    if any("&" in name or '""' in name + note for name, (_, note) in people.items()):
        return  # taken for text that another program has escaped
    assert of_notes(rayyan_notes("Cited By :5", written)) == tuple(written)
    assert without_decisions(rayyan_notes("Cited By :5", written)) == "Cited By :5"


@given(st.text(max_size=200), st.text(max_size=60))
def test_no_note_whatever_makes_it_stumble(front: str, inside: str) -> None:
    of_notes(f"{front} RAYYAN-INCLUSION: {{{inside}")
    without_decisions(f"{front} RAYYAN-LABELS: {inside}")


# --- Covidence -------------------------------------------------------------------------------------------------------

HEADING = "Title,Authors,Abstract,Published Year,Covidence #,Study,Notes,Tags\n"
TWO = HEADING + "First,A,Text,2020,#1,A 2020,,\nSecond,B,Text,2021,#2,B 2021,Exclusion reason: Wrong outcomes; ,late\n"


def covidence(name: str, listed: CovidenceList | None = None) -> list[tuple[int, Stage | None, Verdict | None]]:
    parsed = read_bytes(TWO.encode(), name)
    return [(one.position, one.stage, one.verdict) for one in decisions_of(parsed.records, name, listed)]


def test_a_list_of_covidence_says_by_its_name_what_came_of_its_records() -> None:
    assert covidence("review_12_irrelevant_csv_2024.csv") == [(0, AT_ABSTRACT, EXCLUDE), (1, AT_ABSTRACT, EXCLUDE)]
    assert covidence("review_12_select_csv_2024.csv") == [(0, AT_ABSTRACT, INCLUDE), (1, AT_ABSTRACT, INCLUDE)]
    both = [(0, AT_ABSTRACT, INCLUDE), (0, AT_TEXT, INCLUDE), (1, AT_ABSTRACT, INCLUDE), (1, AT_TEXT, INCLUDE)]
    assert covidence("review_12_included_csv_2024.csv") == both
    assert covidence("export.csv", CovidenceList.INCLUDED) == both


def test_an_exclusion_reason_tells_an_unnamed_list_of_covidence() -> None:
    found = decisions_of(read_bytes(TWO.encode(), "export.csv").records)
    assert found == (
        Decision(1, "", AT_ABSTRACT, INCLUDE, (), ("late",)),
        Decision(1, "", AT_TEXT, EXCLUDE, ("Wrong outcomes",)),
    )


def test_only_the_name_of_a_list_tells_a_list() -> None:
    assert listed_in("preselected.csv") is None
    assert listed_in("review_9_excluded_csv_20240303130126.csv") is CovidenceList.EXCLUDED
    assert covidence("search.csv") == [(1, AT_ABSTRACT, INCLUDE), (1, AT_TEXT, EXCLUDE)]
    plain = read_bytes(b"Title,Authors\nFirst,A\n", "irrelevant.csv")
    assert decisions_of(plain.records, "irrelevant.csv") == ()


# --- a column for each reviewer --------------------------------------------------------------------------------------


def in_table(heading: str, *rows: str) -> tuple[Decision, ...]:
    return decisions_of(read_bytes("\n".join((f"Title,{heading}", *rows)).encode(), "t.csv").records)


def test_reviewers_named_in_a_column() -> None:
    found = in_table(
        "Authors,Reviewer 1,Reviewer 1 title/abstract decision,Reviewer 1 title/abstract reason,Reviewer 1 full text "
        "decision,Reviewer 2,Reviewer 2 title/abstract decision,Reviewer 2 title/abstract note",
        "First,A,Asha Menon,include,,exclude,Tom Brandt,maybe,why not",
        "Second,B,Asha Menon,exclude,Wrong age; too old,,Tom Brandt,,",
    )
    assert found == (
        Decision(0, "Asha Menon", AT_ABSTRACT, INCLUDE),
        Decision(0, "Asha Menon", AT_TEXT, EXCLUDE),
        Decision(0, "Tom Brandt", AT_ABSTRACT, MAYBE, (), (), "why not"),
        Decision(1, "Asha Menon", AT_ABSTRACT, EXCLUDE, ("Wrong age", "too old")),
    )


@pytest.mark.parametrize(
    ("heading", "row", "expected"),
    [
        ("Authors,Reviewer A vote", "T,A,Yes", ("Reviewer A", None, INCLUDE)),
        ("Authors,Decision (Asha Menon)", "T,A,excluded", ("Asha Menon", None, EXCLUDE)),
        ("Authors,Reviewer,Full text decision", "T,A,Asha,No", ("Asha", AT_TEXT, EXCLUDE)),
        ("Authors,Title and abstract screening vote", "T,A,maybe", ("", AT_ABSTRACT, MAYBE)),
    ],
)
def test_columns_of_votes(heading: str, row: str, expected: tuple[str, Stage | None, Verdict]) -> None:
    (one,) = in_table(heading, row)
    assert (one.reviewer, one.stage, one.verdict) == expected


def test_a_column_called_decision_with_other_words_in_it_is_no_decision() -> None:
    assert in_table("Authors,Decision", "T,A,to be discussed at the board") == ()


# --- files of the programs themselves --------------------------------------------------------------------------------


def test_samples(reference_data: Path) -> None:
    samples = reference_data / "references" / "samples"
    rayyan = read_file(samples / "rayyan.csv")
    assert [(one.position, one.reviewer, one.verdict) for one in decisions_of(rayyan.records)] == [
        (position, "Emily", verdict) for position, verdict in enumerate([INCLUDE] * 2 + [MAYBE] * 2 + [EXCLUDE] * 2)
    ]
    assert {without_decisions(record.notes) for record in rayyan.records} == {""}
    for name in ("covidence.csv", "derived_utf16le_covidence.csv", "covidence_zotero.ris"):
        records = read_file(samples / name).records
        assert decisions_of(records) == ()
        listed = decisions_of(records, "review_1_irrelevant_csv.csv")
        assert len(listed) == (10 if name.endswith(".csv") else 0)


def test_no_sample_of_a_database_is_taken_for_decisions(reference_data: Path) -> None:
    samples = reference_data / "references" / "samples"
    for path in sorted(samples.glob("*.ris")) + sorted(samples.glob("*.csv")):
        if "rayyan" not in path.name and "issue_992" not in path.name:
            assert decisions_of(read_file(path).records, path.name) == (), path.name


def test_a_note_on_a_decision_is_no_decision() -> None:
    text = "Title,Authors,Asha decision,Asha decision notes,Tom decision reason\nX,Li A,include,n,too old\n"
    found = decisions_of(read_bytes(text.encode(), "a.csv").records)
    assert [(one.reviewer, one.verdict, one.note) for one in found] == [("Asha", Verdict.INCLUDE, "n")]


def test_rayyan_may_write_its_decisions_as_json() -> None:
    found = decisions_of([ReferenceRecord(notes='RAYYAN-INCLUSION: {"Asha": "Included", "Tom:": "Excluded"}')])
    assert [(one.reviewer, one.verdict) for one in found] == [("Asha", Verdict.INCLUDE), ("Tom:", Verdict.EXCLUDE)]
