"""A review of another program placed in a new review of Copse's."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import pytest

from core.errors import Conflict, InputError
from core.interchange import snapshot
from core.interchange.formats import read_review_file
from core.interchange.model import (
    Characteristic,
    ComparisonItem,
    DataKind,
    DataRow,
    Outcome,
    Part,
    PartKind,
    Reference,
    Remark,
    ReviewFile,
    StudyItem,
    Totals,
)
from core.interchange.stored import filled
from core.interchange.verify_effects import has_effect
from core.language import phrase
from core.model import ArmRole, OutcomeKind, Settlement, SourceKind, Stage, Standing, StudyStatus, ValueKind, Verdict
from core.review import NewReviewer, Review
from core.session.adoption.analyses import row_id, settings_of
from core.session.adoption.publications import record_of, split_authors
from core.synthesis.compute import AnalysisResult
from tests.session.adopted import REFERENCES, TEAM, adopt, counts, lead, response, review_file, row_of, studies


@pytest.fixture
def file() -> ReviewFile:
    return review_file()


@pytest.fixture
def review(tmp_path: Path, file: ReviewFile) -> Review:
    return adopt(tmp_path, file)


# --- the review ------------------------------------------------------------------------------------------------------


def test_the_file_becomes_a_review_with_its_team_and_title(review: Review) -> None:
    assert review.title == "Tea for the common cold"
    assert [(one.name, one.is_lead) for one in review.reviewers()] == [(TEAM[0], True), (TEAM[1], False)]
    assert lead(review).protocol.protocol().population == "Adults & children."
    assert review.check() == []


def test_the_review_is_whole_when_it_is_opened_again(review: Review, file: ReviewFile) -> None:
    review.close()
    again = Review.open(review.path)
    assert lead(again).interchange.gathered() == file


def test_taking_the_file_in_cannot_be_undone(review: Review) -> None:
    with pytest.raises(Conflict):
        lead(review).undo()


def test_where_it_came_from_is_kept_with_the_file_itself(tmp_path: Path, file: ReviewFile) -> None:
    remark = Remark("EXTENSIONS", phrase("{number} elements are not known.", number=3), kept=True)
    session = lead(adopt(tmp_path, replace(file, remarks=(remark,))))
    origin = session.interchange.origin()
    assert origin is not None
    assert (origin.format, origin.file_name, origin.version) == ("rm5", "tea.rm5", "5.4.1")
    assert ("included", 2) in origin.counts
    assert ("rows", 7) in origin.counts
    assert origin.remarks == (remark,)
    assert getattr(origin.remarks[0].what, "template", "") == "{number} elements are not known."
    assert session.interchange.original() == b"the bytes of the file"


def test_a_review_of_copses_own_came_from_nowhere(tmp_path: Path) -> None:
    session = lead(Review.create(tmp_path / "own.copse", title="Own", reviewers=TEAM))
    assert session.interchange.origin() is None
    assert session.interchange.original() == b""


def test_nothing_is_left_behind_when_a_name_is_missing_or_the_file_is_there(tmp_path: Path, file: ReviewFile) -> None:
    for team in ([], [NewReviewer("  ")]):
        with pytest.raises(InputError):
            Review.adopt(tmp_path / "a.copse", file, reviewers=team)
    (tmp_path / "there.copse").write_bytes(b"somebody's")
    with pytest.raises(InputError):
        Review.adopt(tmp_path / "there.copse", file, reviewers=TEAM)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"there.copse": b"somebody's"}


def test_nothing_is_left_behind_when_placing_fails(
    tmp_path: Path, file: ReviewFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr("core.store.search.index_slice", fail)
    with pytest.raises(OSError, match="the disk is full"):
        adopt(tmp_path, file)
    assert list(tmp_path.iterdir()) == []


def test_the_same_file_taken_in_twice_meets_when_merged(tmp_path: Path, file: ReviewFile) -> None:
    one, other = adopt(tmp_path, file), adopt(tmp_path, file, "other.copse")
    study = row_of(file, "study", "STD-Berg-2001")
    lead(other).studies.rename(study, "Berg and Li 2001")
    other.close()
    one.merge(tmp_path / "other.copse")
    session = lead(one)
    assert [s.label for s in session.studies.list()] == ["Berg and Li 2001", "Díaz 2003", "Old 1950", "New 2030"]
    assert len(session.references.ids()) == 4
    assert one.check() == []
    assert session.interchange.gathered().comparisons == file.comparisons


def test_a_file_taken_in_later_elsewhere_takes_no_work_away(tmp_path: Path, file: ReviewFile) -> None:
    one = adopt(tmp_path, file)
    first, second, third = (row_of(file, "study", f"STD-{name}") for name in ("Berg-2001", "Diaz-2003", "Old-1950"))
    lead(one).studies.rename(first, "Berg and Li 2001")
    lead(one).studies.rename(third, "Older 1950")
    other = adopt(tmp_path, file, "other.copse")
    lead(other).studies.rename(third, "Oldest 1950")
    lead(other).studies.rename(second, "Díaz 2004")
    other.close()
    found = one.merge(tmp_path / "other.copse")
    assert [(f.table, f.row_id, f.field) for f in found.findings] == [("study", third, "label")]
    session = lead(one)
    assert [s.label for s in session.studies.list()] == ["Berg and Li 2001", "Díaz 2004", "Oldest 1950", "New 2030"]
    assert one.check() == []
    one.close()
    other = Review.open(tmp_path / "other.copse")
    other.merge(one.path)
    assert [s.label for s in lead(other).studies.list()] == [
        "Berg and Li 2001", "Díaz 2004", "Oldest 1950", "New 2030",
    ]  # fmt: skip
    lead(other).undo()
    assert lead(other).studies.list()[1].label == "Díaz 2003"
    assert other.check() == []


def test_what_two_took_from_the_same_file_was_changed_by_neither(tmp_path: Path, file: ReviewFile) -> None:
    one = adopt(tmp_path, file)
    lead(one).studies.rename(row_of(file, "study", "STD-Diaz-2003"), "Díaz 2004")
    lead(one).synthesis.remove_analysis(row_of(file, "analysis", "CMP-002.01"))
    other = Review.adopt(tmp_path / "other.copse", file, reviewers=tuple(reversed(TEAM)))
    lead(other).studies.rename(row_of(file, "study", "STD-Berg-2001"), "Berg and Li 2001")
    other.close()
    assert one.merge(tmp_path / "other.copse").findings == ()
    assert [s.label for s in lead(one).studies.list()][:2] == ["Berg and Li 2001", "Díaz 2004"]
    assert [len(c.analyses) for c in lead(one).synthesis.tree()] == [1, 2]
    assert one.check() == []


# --- studies and references ------------------------------------------------------------------------------------------


def test_studies_keep_order_status_year_and_registration(review: Review) -> None:
    found = lead(review).studies.list()
    assert [(s.label, s.status) for s in found] == [
        ("Berg 2001", StudyStatus.INCLUDED),
        ("Díaz 2003", StudyStatus.INCLUDED),
        ("Old 1950", StudyStatus.EXCLUDED),
        ("New 2030", StudyStatus.ONGOING),
    ]
    assert found[0].registration == "ISRCTN12345678"
    assert [(r.title, r.is_main) for r in found[0].reports] == [("Tea again", True), ("Tea and colds", False)]


def test_two_studies_of_one_name_are_told_apart(tmp_path: Path, file: ReviewFile) -> None:
    twins = tuple(StudyItem(f"STD-{n}", "Berg 2001", StudyStatus.INCLUDED) for n in (1, 2))
    session = lead(adopt(tmp_path, replace(file, studies=(*file.studies, *twins))))
    assert [s.label for s in session.studies.list()][-2:] == ["Berg 2001 (2)", "Berg 2001 (3)"]


def test_references_are_one_import_from_an_earlier_version_of_the_review(review: Review) -> None:
    part = lead(review).references
    (source,) = part.sources()
    assert (source.name, source.kind, source.records) == ("RevMan: tea.rm5", SourceKind.PREVIOUS.value, 4)
    views = part.rows(part.ids())
    tea = next(v for v in views.values() if v.title == "Tea and colds")
    assert (tea.authors, tea.doi, tea.year, tea.pages) == (("Berg AB", "Li C"), "10.1000/tea.1", 2001, "1-9")
    from core.store.queries.records import RecordFilter

    assert len(part.ids(RecordFilter(text="tomorrow"))) == 1


def test_the_number_in_pubmed_is_found_in_the_notes() -> None:
    assert record_of(REFERENCES[1]).pmid == "11223344"


def test_a_reference_without_a_title_can_still_be_told_from_others() -> None:
    assert record_of(Reference("R1", authors="Ito K", source="Tea Letters", year="1999")).title == (
        "Ito K. Tea Letters. 1999"
    )


@pytest.mark.parametrize(
    ("text", "authors"),
    [
        ("Berg AB, Li C, et al", ("Berg AB", "Li C")),
        ("Berg, A.B.; Li, C.", ("Berg, A.B.", "Li, C.")),
        ("Berg, A., Li, C. and van Dam, J.M.", ("Berg, A.", "Li, C.", "van Dam, J.M.")),
        ("Berg AB & Li C.", ("Berg AB", "Li C.")),
        ("Berg AB, WHO", ("Berg AB", "WHO")),
        ("Tea Study Group", ("Tea Study Group",)),
        ("", ()),
    ],
)
def test_authors_are_split_however_they_are_written(text: str, authors: tuple[str, ...]) -> None:
    assert split_authors(text) == authors


# --- screening -------------------------------------------------------------------------------------------------------


def test_reports_stand_where_their_studies_say_without_a_decision_of_anybody(review: Review) -> None:
    session = lead(review)
    titles = session.references.rows(session.references.ids())
    standing = {view.title: session.fulltext.standing(i) for i, view in titles.items()}
    assert standing == {
        "Tea and colds": Standing.INCLUDED,
        "Tea again": Standing.INCLUDED,
        "Tea of old": Standing.EXCLUDED,
        "Tea of tomorrow": Standing.OPEN,
    }
    for record_id in titles:
        assert session.screening.standing(record_id) is Standing.INCLUDED
        assert session.screening.decisions(record_id) == ()
    assert session.screening.queue() == []
    assert session.screening.is_over()
    assert session.screening.progress().left == 0
    assert [titles[i].title for i in session.fulltext.queue()] == ["Tea of tomorrow"]
    assert session.screening.conflicts() == []
    assert session.fulltext.settled() == []


def test_few_short_reasons_become_the_reasons_of_the_protocol(review: Review) -> None:
    session = lead(review)
    assert [r.text for r in session.protocol.reasons(Stage.FULL_TEXT)] == ["Not randomised"]
    assert session.fulltext.excluded_by_reason() == (("Not randomised", 1),)


def test_long_or_many_reasons_become_one_that_points_to_them(tmp_path: Path, file: ReviewFile) -> None:
    def excluded(number: int, text: str) -> StudyItem:
        said = (Characteristic("reason_for_exclusion", "Reason for exclusion", text),) if text else ()
        references = (Reference(f"X{number}.1", title=f"Excluded {number}"),)
        return StudyItem(f"STD-X{number}", f"X {number}", StudyStatus.EXCLUDED, references=references,
                         characteristics=said)  # fmt: skip

    many = tuple(excluded(n, f"Reason number {n}") for n in range(11))
    session = lead(adopt(tmp_path, replace(file, studies=many, comparisons=(), risk_of_bias=())))
    assert [r.text for r in session.protocol.reasons(Stage.FULL_TEXT)] == [
        "Reason given in the characteristics of excluded studies"
    ]
    notes = {session.fulltext.resolution(i).note for i in session.references.ids()}  # pyright: ignore[reportOptionalMemberAccess]
    assert notes == {f"Reason number {n}" for n in range(11)}

    both = (excluded(1, ""), excluded(2, "Short."))
    session = lead(adopt(tmp_path, replace(file, studies=both, comparisons=(), risk_of_bias=()), "two.copse"))
    assert {session.fulltext.resolution(i).reason for i in session.references.ids()} == {  # pyright: ignore[reportOptionalMemberAccess]
        "Short",
        "Reason given in the characteristics of excluded studies",
    }


def test_an_import_afterwards_opens_a_round_of_its_own(review: Review, tmp_path: Path) -> None:
    from tests.reviews import ris_file, titles

    session = lead(review)
    session.references.import_file(ris_file(tmp_path / "update.ris", titles(3)))
    waiting = session.screening.queue()
    assert len(waiting) == 3
    session.screening.decide(waiting[0], Verdict.INCLUDE)
    assert session.screening.progress().left == 2


# --- extraction ------------------------------------------------------------------------------------------------------


def test_characteristics_are_settled_answers_of_a_form(review: Review, file: ReviewFile) -> None:
    part = lead(review).extraction
    form = {f.label: f for f in part.fields()}
    assert list(form) == ["Methods", "Reason for exclusion"]
    assert {f.section for f in form.values()} == {"Characteristics of studies"}
    study = row_of(file, "study", "STD-Berg-2001")
    value = part.value(study, form["Methods"].key)
    assert value is not None
    assert (value.value.text, value.how, value.source) == ("Trial.\nTwo arms.", Settlement.IMPORTED, "tea.rm5")
    assert part.is_finished(study)


def test_equal_numbers_are_shared_and_others_get_a_place_of_their_own(review: Review, file: ReviewFile) -> None:
    session = lead(review)
    (cure, _) = session.protocol.outcomes()
    assert (cure.label, cure.kind) == ("Cure", "dichotomous")
    by_study = {s.label: s.id for s in session.studies.list()}
    events: dict[str, list[tuple[str, str, str, float | None]]] = {}
    for label, study_id in by_study.items():
        for place in session.extraction.results(study_id):
            value = session.extraction.value(place.id, "events")
            if value is not None:
                told = (place.population_label, place.time_point, place.arm_label, value.value.number)
                events.setdefault(label, []).append(told)
    assert events["Berg 2001"] == [
        ("Adults", "", "Tea", 12),
        ("Adults", "", "Water", 5),
        ("Children", "", "Tea", 7),
        ("Children", "", "Water", 2),
        ("", "", "Tea", 19),
        ("", "", "Water", 7),
    ]
    # The totals of analysis 2.2 differ from those of 1.1 and 2.1, which share theirs.
    assert events["Díaz 2003"] == [
        ("", "", "Tea", 3),
        ("", "", "Water", 4),
        ("", "Analysis 2.2", "Tea", 3),
        ("", "Analysis 2.2", "Water", 4),
    ]
    arms = {(a.label, a.role) for s in session.studies.list() for a in s.arms}
    assert {("Tea", ArmRole.EXPERIMENTAL), ("Water", ArmRole.CONTROL), ("Control", ArmRole.CONTROL)} <= arms
    assert row_of(file, "study", "STD-Diaz-2003") in session.extraction.revealed() or len(review.reviewers()) > 1


def test_counts_are_kept_as_counts_and_means_as_values_at_their_time(review: Review) -> None:
    session = lead(review)
    results = [each for study in session.studies.list() for each in session.extraction.results(study.id)]
    found = {(each.outcome_kind, each.kind) for each in results if not each.is_contrast}
    assert found == {
        (OutcomeKind.DICHOTOMOUS, ValueKind.RESPONDER),
        (OutcomeKind.CONTINUOUS, ValueKind.POST),
    }


def test_a_missing_number_stays_missing(review: Review, file: ReviewFile) -> None:
    session = lead(review)
    study = row_of(file, "study", "STD-Diaz-2003")
    control = next(p for p in session.extraction.results(study) if p.arm_label == "Control")
    assert session.extraction.value(control.id, "mean") is not None
    assert session.extraction.value(control.id, "sd") is None


@pytest.mark.parametrize(
    ("kind", "measure", "rows"),
    [
        (DataKind.GENERIC, "GENLOG", [(0.5, 0.2), (0, 0), (-0.3, 0.3)]),
        (DataKind.O_E, "O-E", [(-2.0, 3.0), (0, 0), (1.0, 2.5)]),
    ],
)
def test_an_effect_without_an_error_is_not_estimable_and_the_others_are_pooled(
    tmp_path: Path, file: ReviewFile, kind: DataKind, measure: str, rows: list[tuple[float, float]]
) -> None:
    names = ("estimate", "se") if kind is DataKind.GENERIC else ("o_e", "var")
    studies = ("STD-Berg-2001", "STD-Diaz-2003", "STD-New-2030")
    given = tuple(DataRow(s, dict(zip(names, row, strict=True))) for s, row in zip(studies, rows, strict=True))
    wanted = filled(Outcome("CMP-001.01", "1", "Relief", kind, measure, "", "common", rows=given))
    changed = replace(file, comparisons=(ComparisonItem("CMP-001", "1", "Tea", (wanted,)),))
    session = lead(adopt(tmp_path, changed))
    result = session.synthesis.result(session.synthesis.find("1.1"))
    assert result.refusal is None
    assert [row.effect is None for row in result.rows] == [False, True, False]
    assert result.overall is not None
    assert result.overall.effect is not None
    assert result.overall.effect.shown_estimate == pytest.approx(wanted.stored["effect_size"])
    session.synthesis.change_analysis(session.synthesis.find("1.1"), label="Comfort")
    (after,) = session.interchange.gathered().outcomes
    assert after.rows == wanted.rows
    assert after.stored == wanted.stored


def test_a_second_reviewer_can_extract_for_themselves(review: Review, file: ReviewFile) -> None:
    second = review.session(review.reviewers()[1].id)
    study = row_of(file, "study", "STD-Diaz-2003")
    place = second.extraction.results(study)[0]
    assert second.extraction.entries(study) == ()
    second.extraction.enter(place.id, "events", 5)
    second.extraction.finish(study)
    assert study in lead(review).extraction.revealed()


def test_a_lead_who_does_not_extract_has_entered_nothing(tmp_path: Path, file: ReviewFile) -> None:
    team = [NewReviewer("Asha", is_lead=True, is_screener=False), NewReviewer("Tom"), NewReviewer("Rosa")]
    session = lead(Review.adopt(tmp_path / "three.copse", file, reviewers=team))
    study = row_of(file, "study", "STD-Berg-2001")
    assert session.extraction.entries(study) == ()
    assert len(session.extraction.values(study)) > 10
    assert not session.extraction.is_finished(study)


def test_a_value_that_came_settled_is_mended_without_extracting_the_study_anew(
    review: Review, file: ReviewFile
) -> None:
    first, second = (review.session(each.id) for each in review.reviewers()[:2])
    study = row_of(file, "study", "STD-Diaz-2003")
    place = next(p for p in first.extraction.results(study) if p.outcome_label == "Cure")
    first.extraction.settle(place.id, "events", number=4)
    first.extraction.settle(place.id, "total", number=12)
    mended = second.extraction.value(place.id, "events")
    assert mended is not None
    assert (mended.value.number, mended.how) == (4, Settlement.ADJUDICATED)
    with pytest.raises(Conflict, match="stay hidden"):
        first.extraction.unsettle(place.id, "events")


def test_a_study_added_afterwards_is_settled_only_when_both_have_finished(review: Review) -> None:
    first = lead(review)
    study = first.studies.create(label="Ng 2031").value
    arm = first.studies.add_arm(study, "Tea").value
    outcome = next(each for each in first.protocol.outcomes() if each.label == "Cure")
    place = first.extraction.add_result(study, outcome.id, arm_id=arm).value
    with pytest.raises(Conflict, match="stay hidden"):
        first.extraction.settle(place, "events", number=4)


def test_an_arm_that_stands_on_both_sides_has_no_side(tmp_path: Path, file: ReviewFile) -> None:
    turned = replace(response(), id="CMP-001.02", group_labels=("Water", "Tea"), subgroups=())
    turned = replace(turned, rows=(counts("STD-Diaz-2003", 4, 8, 3, 9),))
    first = file.comparisons[0]
    wanted = replace(file, comparisons=(replace(first, outcomes=(*first.outcomes, turned)), file.comparisons[1]))
    arms = {a.label: a.role for s in lead(adopt(tmp_path, wanted)).studies.list() for a in s.arms}
    assert arms["Tea"] is arms["Water"] is ArmRole.OTHER


# --- analyses --------------------------------------------------------------------------------------------------------


def test_analyses_have_the_settings_of_the_file(review: Review) -> None:
    part = lead(review).synthesis
    assert [(c.number, c.label, [a.label for a in c.analyses]) for c in part.tree()] == [
        ("1", "Tea versus water", ["Cure"]),
        ("2", "Sensitivity", ["Cure", "Cure", "Days"]),
    ]
    first = part.snapshot(part.find("1.1"))
    assert (first.experimental, first.control) == ("Tea", "Water")
    settings = first.settings
    assert (settings.measure, settings.method, settings.model, settings.tau2) == ("RR", "MH", "random", "DL")
    assert settings.compatibility == "revman5"
    assert (first.look.axis_lower, first.look.axis_upper) == (0.02, 50)
    assert (first.look.favours_left, first.look.favours_right) == ("Favours water", "Favours tea")
    assert [group.label for group in first.subgroups] == ["Adults", "Children"]
    assert first.rows[0].footnote == "After a week."
    peto = part.snapshot(part.find("2.1"))
    assert (peto.settings.measure, peto.settings.method) == ("OR", "Peto")
    assert peto.footnote == "By Peto's method."
    days = part.snapshot(part.find("2.3"))
    assert (days.experimental, days.control) == ("Experimental", "Control")
    assert (days.look.axis_lower, days.look.axis_upper) == (-10, 10)
    assert not part.snapshot(part.find("2.2")).look.show_total


def test_a_way_of_pooling_that_there_is_not_is_told(tmp_path: Path, file: ReviewFile) -> None:
    odd = replace(response(), method="Peto", model="random")
    settings, remarks = settings_of(odd)
    assert (settings.model, len(remarks)) == ("random", 1)
    wanted = replace(file, comparisons=(replace(file.comparisons[0], outcomes=(odd,)),))
    origin = lead(adopt(tmp_path, wanted)).interchange.origin()
    assert origin is not None
    assert [remark.where for remark in origin.remarks] == ["CMP-001.01"]


def test_an_effect_measure_that_there_is_not_is_told(tmp_path: Path, file: ReviewFile) -> None:
    odd = replace(response(), measure="NNT")
    session = lead(adopt(tmp_path, replace(file, comparisons=(replace(file.comparisons[0], outcomes=(odd,)),))))
    origin = session.interchange.origin()
    assert origin is not None
    assert any("NNT" in remark.what for remark in origin.remarks)
    assert session.synthesis.snapshot(session.synthesis.find("1.1")).settings.measure == "OR"
    assert session.interchange.gathered().outcomes == (odd,)


def test_the_estimators_of_revman_web_are_kept(tmp_path: Path, file: ReviewFile) -> None:
    modern = replace(response(), method="IV", tau2="REML", ci="hksj", pi="")
    session = lead(adopt(tmp_path, replace(file, comparisons=(replace(file.comparisons[0], outcomes=(modern,)),))))
    settings = session.synthesis.snapshot(session.synthesis.find("1.1")).settings
    assert (settings.tau2, settings.ci, settings.compatibility) == ("REML", "hksj", "")
    assert session.interchange.gathered().outcomes == (modern,)


def test_a_row_of_a_study_that_is_not_there_is_left_out_and_told(tmp_path: Path, file: ReviewFile) -> None:
    lone = replace(file, studies=studies()[:1])
    session = lead(adopt(tmp_path, lone))
    origin = session.interchange.origin()
    assert origin is not None
    assert {remark.where for remark in origin.remarks} >= {"CMP-001.01", "CMP-002.01"}
    data = session.synthesis.snapshot(session.synthesis.find("1.1"))
    assert {row.study.label for row in data.rows} == {"Berg 2001"}


def test_rows_stand_as_revman_shows_them(tmp_path: Path, file: ReviewFile) -> None:
    rows = (
        counts("STD-Diaz-2003", 3, 9, 4, 8, order="2"),
        counts("STD-Berg-2001", 12, 20, 5, 21, order="10"),
        counts("STD-Old-1950", 1, 9, 4, 8, order="1"),
    )
    plain = replace(response(), subgroups=(), has_subgroups=False)
    shown: dict[str, list[str]] = {}
    for sort_by in ("study", "year", "user", ""):
        outcome = replace(plain, rows=rows, sort_by=sort_by)
        wanted = replace(file, comparisons=(replace(file.comparisons[0], outcomes=(outcome,)),))
        session = lead(adopt(tmp_path, wanted, f"{sort_by}.copse"))
        shown[sort_by] = [r.study.label for r in session.synthesis.snapshot(session.synthesis.find("1.1")).rows]
    assert shown == {
        "study": ["Berg 2001", "Díaz 2003", "Old 1950"],
        "year": ["Old 1950", "Berg 2001", "Díaz 2003"],
        "user": ["Old 1950", "Díaz 2003", "Berg 2001"],
        "": ["Díaz 2003", "Berg 2001", "Old 1950"],
    }


# --- risk of bias ----------------------------------------------------------------------------------------------------


def test_judgements_are_settled_with_a_tool_of_their_own(review: Review, file: ReviewFile) -> None:
    part = lead(review).riskofbias
    assert [d.name for d in part.tool.domains] == ["Random sequence generation", "Blinding of tasters"]
    berg = part.consensus()[row_of(file, "study", "STD-Berg-2001")]
    assert {(c.domain, c.group): (j.level, j.support) for c, j in berg.items()} == {
        ("sequence", ""): ("low", "By computer."),
        (part.tool.domains[1].id, "Cure"): ("high", "Tea tastes of tea."),
        (part.tool.domains[1].id, "Days"): ("low", ""),
    }
    assert lead(review).synthesis.snapshot(row_of(file, "analysis", "CMP-001.01")).look.outcome_group == "Cure"


# --- files of RevMan -------------------------------------------------------------------------------------------------


def _close(found: float | None, stored: float | None, kind: str) -> bool:
    if stored is None:
        return True
    if found is None:
        return False
    if kind.startswith("p_"):
        return abs(found - stored) <= 1e-6
    return abs(found - stored) <= max(1e-6 * abs(stored), 1e-9)


def _stored_numbers(file: ReviewFile, result: AnalysisResult, at: int):
    """(place, kind, stored, computed) of every result of an analysis that RevMan shows."""
    outcome = file.outcomes[at]
    pools = [(outcome, result.overall)] if outcome.totals is Totals.ALL else []
    if outcome.totals is not Totals.NONE:
        pools += list(zip(outcome.subgroups, [group.pool for group in result.subgroups], strict=True))
    for item, pool in pools:
        if not item.estimable or not has_effect(item.stored):
            continue
        assert pool is not None
        assert pool.effect is not None
        pooled, effect = pool.pooled, pool.effect
        found = {
            "effect_size": effect.shown_estimate, "ci_start": effect.shown_lower, "ci_end": effect.shown_upper,
            "z": abs(pooled.stat or 0), "p_z": pooled.p, "tau2": pooled.tau2 or 0.0, "chi2": pooled.q or 0.0,
            "df": pooled.df,
        }  # fmt: skip
        if pooled.df:
            found |= {"p_chi2": pooled.q_p, "i2": pooled.i2}
        for kind, number in found.items():
            yield item.id, kind, item.stored.get(kind), number
    groups = [("", outcome.rows), *((group.id, group.rows) for group in outcome.subgroups)]
    for group_id, rows in groups:
        subgroup = row_of(file, "subgroup", group_id) if group_id else None
        for index, row in enumerate(rows):
            one = result.row(row_id_of(file, outcome.id, subgroup, index))
            assert bool(row.estimable) == (one.effect is not None), (outcome.id, row.study_id)
            if one.effect is not None and has_effect(row.stored):
                yield row.study_id, "effect_size", row.stored.get("effect_size"), one.effect.shown_estimate
                yield row.study_id, "ci_start", row.stored.get("ci_start"), one.effect.shown_lower
                yield row.study_id, "ci_end", row.stored.get("ci_end"), one.effect.shown_upper
                yield row.study_id, "weight", row.stored.get("weight"), one.weight or 0.0
    if outcome.subgroups and outcome.estimable and result.difference is not None:
        yield outcome.id, "q", outcome.stored.get("q"), result.difference.q


def row_id_of(file: ReviewFile, outcome: str, subgroup: bytes | None, index: int) -> bytes:
    from core.session.adoption import hash_of

    return row_id(hash_of(file), outcome, subgroup, index)


def test_every_analysis_of_the_real_files_gives_revmans_results(reference_data: Path, tmp_path: Path) -> None:
    analyses = numbers = 0
    wrong: list[object] = []
    for path in sorted((reference_data / "revman" / "files").glob("*.rm5")):
        file = read_review_file(path)
        review = adopt(tmp_path, file, f"{path.stem}.copse")
        session = lead(review)
        for at, outcome in enumerate(file.outcomes):
            result = session.synthesis.result(row_of(file, "analysis", outcome.id))
            assert result.refusal is None, (path.name, outcome.id, result.refusal)
            for place, kind, stored, found in _stored_numbers(file, result, at):
                numbers += 1
                if not _close(found, stored, kind):
                    wrong.append((path.name, outcome.id, place, kind, stored, found))
            analyses += 1
        assert review.check() == []
        review.close()
    assert wrong == []
    assert analyses == 226
    assert numbers > 8000


def test_a_full_review_is_placed_at_once(reference_data: Path, tmp_path: Path) -> None:
    file = read_review_file(reference_data / "revman" / "files" / "iebh_antibiotics_a.rm5")
    best = 9.0
    for attempt in range(3):
        start = time.process_time()
        adopt(tmp_path, file, f"{attempt}.copse").close()
        best = min(best, time.process_time() - start)
    assert best < 1


# --- the snapshot ----------------------------------------------------------------------------------------------------


def test_what_was_read_is_kept_to_the_last_digit(file: ReviewFile) -> None:
    assert snapshot.load(snapshot.dump(file), file.original) == file


def test_large_figures_are_kept_as_they_are(file: ReviewFile) -> None:
    figure = Part(PartKind.FIGURE, "FIG-01", "Forest plot", 1, "x" * 6_000_000)
    large = replace(file, parts=(figure,))
    assert snapshot.load(snapshot.dump(large), file.original) == large
