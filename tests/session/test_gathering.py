"""The review as it stands, in the terms of exchange files."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings

from core.example import open_example
from core.interchange.formats import read_review_file
from core.interchange.model import Outcome, ReviewFile, RobLevel, Totals
from core.interchange.rm5.read import read
from core.interchange.rm5.write import write
from core.interchange.verify import verify
from core.model import Direction, Id, OutcomeKind, StudyStatus
from core.review import Review, Session
from core.session.adoption.analyses import row_id
from core.store.queries.synthesis import RowPlaces
from core.synthesis.compute import AnalysisResult, PoolResult
from tests.interchange import rm5_files
from tests.interchange.review_files import review_files
from tests.session.adopted import TEAM, adopt, hash_of, lead, review_file, row_of

FIRST, LAST = "CMP-001.01", "CMP-002.03"


@pytest.fixture
def file() -> ReviewFile:
    return review_file()


@pytest.fixture
def session(tmp_path: Path, file: ReviewFile) -> Session:
    return lead(adopt(tmp_path, file))


def outcome(file: ReviewFile, outcome_id: str) -> Outcome:
    return next(one for one in file.outcomes if one.id == outcome_id)


def unchanged_but(file: ReviewFile, before: ReviewFile, *changed: str) -> None:
    """All analyses but these are the same objects of thought: ids, numbers, stored results."""
    kept = {one.id: one for one in file.outcomes if one.id not in changed}
    assert kept == {one.id: one for one in before.outcomes if one.id not in changed}


def first_row(file: ReviewFile) -> Id:
    return row_id(hash_of(file), FIRST, row_of(file, "subgroup", f"{FIRST}.01"), 0)


# --- what is unchanged -----------------------------------------------------------------------------------------------


def test_a_file_that_nobody_has_changed_is_gathered_as_it_was(session: Session, file: ReviewFile) -> None:
    assert session.interchange.gathered() == file
    assert session.interchange.gathered(classic=False) == file


@pytest.mark.parametrize("document", ["full", "stats_only", "old"])
def test_files_of_our_own_making_come_back_whole(document: str, tmp_path: Path) -> None:
    file = read(getattr(rm5_files, document)(), f"{document}.rm5")
    review = adopt(tmp_path, file)
    assert lead(review).interchange.gathered() == file
    assert review.check() == []


@settings(max_examples=15)
@given(review_files())
def test_whatever_a_file_holds_comes_back(file: ReviewFile) -> None:
    with tempfile.TemporaryDirectory() as folder:
        review = adopt(Path(folder), file)
        try:
            assert lead(review).interchange.gathered() == file
            assert review.check() == []
        finally:
            review.close()


def test_a_changed_review_is_written_into_the_file_it_came_from(tmp_path: Path) -> None:
    file = read(rm5_files.full(), "full.rm5")
    session = lead(adopt(tmp_path, file))
    first = session.synthesis.snapshot(session.synthesis.find("1.1")).rows[0]
    session.synthesis.override(first.id, "ai", 9)
    session.studies.rename(first.study.id, "Smith and Jones 2001")
    session.synthesis.add_analysis(row_of(file, "comparison", "CMP-002"), "Harm again", kind=OutcomeKind.DICHOTOMOUS)
    gathered = session.interchange.gathered()
    again = read(write(gathered), "full.rm5")
    assert again.studies == gathered.studies
    assert [o.id for o in again.outcomes] == [o.id for o in gathered.outcomes]
    assert again.outcomes[0].stored == gathered.outcomes[0].stored
    assert [r.data for r in again.outcomes[0].all_rows] == [r.data for r in gathered.outcomes[0].all_rows]
    assert again.outcomes[1:5] == file.outcomes[1:5]
    assert [part.id for part in again.parts] == [part.id for part in file.parts]
    assert verify(again).matches


def test_the_real_files_come_back_whole(reference_data: Path, tmp_path: Path) -> None:
    for path in sorted((reference_data / "revman" / "files").glob("*.rm5")):
        file = read_review_file(path)
        review = adopt(tmp_path, file, f"{path.stem}.copse")
        assert lead(review).interchange.gathered() == file, path.name
        review.close()


def test_work_that_the_file_says_nothing_of_changes_nothing(session: Session, file: ReviewFile) -> None:
    session.protocol.describe(comparator="Water")
    session.synthesis.change_analysis(row_of(file, "analysis", FIRST), show_weights=False, notice="To be discussed.")
    session.studies.describe(row_of(file, "study", "STD-Diaz-2003"), design="parallel")
    assert session.interchange.gathered() == file


# --- analyses --------------------------------------------------------------------------------------------------------


def test_a_number_that_was_typed_over_is_in_the_row_and_in_the_results(session: Session, file: ReviewFile) -> None:
    session.synthesis.override(first_row(file), "ai", 15, "misprint")
    found = session.interchange.gathered()
    unchanged_but(found, file, FIRST)
    before, after = outcome(file, FIRST), outcome(found, FIRST)
    rows = after.subgroups[0].rows
    assert rows[0].data["events_1"] == 15
    assert rows[0].footnote == "After a week."
    assert rows[1].data == before.subgroups[0].rows[1].data
    assert after.stored["effect_size"] != before.stored["effect_size"]
    assert replace(after, stored={}, subgroups=()) == replace(before, stored={}, subgroups=())
    assert verify(found).matches
    session.undo()
    assert session.interchange.gathered() == file


def test_a_number_that_was_emptied_is_not_there(session: Session, file: ReviewFile) -> None:
    for number in (0, None):
        session.synthesis.override(first_row(file), "ai", number)
        found = session.interchange.gathered()
        assert outcome(found, FIRST).subgroups[0].rows[0].data["events_1"] == number
        assert verify(found).matches


def test_a_settled_value_that_was_changed_reaches_every_analysis_that_has_it(tmp_path: Path, file: ReviewFile) -> None:
    session = lead(Review.adopt(tmp_path / "one.copse", file, reviewers=["Asha Menon"]))
    study = row_of(file, "study", "STD-Diaz-2003")
    place = next(p for p in session.extraction.results(study) if p.arm_label == "Tea" and not p.time_point)
    session.extraction.settle(place.id, "events", number=6)
    found = session.interchange.gathered()
    for outcome_id in (FIRST, "CMP-002.01"):
        row = next(r for r in outcome(found, outcome_id).all_rows if r.study_id == "STD-Diaz-2003")
        assert row.data["events_1"] == 6
    unchanged_but(found, file, FIRST, "CMP-002.01")
    assert verify(found).matches


def test_settings_that_were_changed_are_given_the_others_kept(session: Session, file: ReviewFile) -> None:
    analysis = row_of(file, "analysis", FIRST)
    session.synthesis.change_analysis(
        analysis, measure="OR", model="common", favours_left="Worse", level=0.9, show_total=False, footnote="A\nB"
    )
    after = outcome(session.interchange.gathered(), FIRST)
    assert (after.measure, after.method, after.model, after.ci_total) == ("OR", "MH", "common", 0.9)
    assert after.graph_labels == ("Worse", "Favours tea")
    assert after.group_labels == ("Tea", "Water")
    assert after.totals is Totals.SUBTOTALS
    assert after.footnotes == ("A", "B")
    assert (after.scale, after.sort_by) == (50, "study")


def test_rows_and_subgroups_may_go_move_and_be_renamed(session: Session, file: ReviewFile) -> None:
    part = session.synthesis
    adults, children = (row_of(file, "subgroup", f"{FIRST}.0{n}") for n in (1, 2))
    part.rename_subgroup(children, "Young people")
    part.move_row(first_row(file), children)
    after = outcome(session.interchange.gathered(), FIRST)
    assert [(g.id, g.name) for g in after.subgroups] == [(f"{FIRST}.01", "Adults"), (f"{FIRST}.02", "Young people")]
    assert [r.study_id for r in after.subgroups[1].rows] == ["STD-Berg-2001", "STD-Berg-2001"]
    part.remove_subgroup(adults)
    part.remove_row(first_row(file))
    after = outcome(session.interchange.gathered(), FIRST)
    assert [(g.id, g.name) for g in after.subgroups] == [
        (f"{FIRST}.02", "Young people"),
        (f"{FIRST}.03", "In no subgroup"),
    ]
    assert [r.study_id for r in after.subgroups[1].rows] == ["STD-Diaz-2003"]
    assert verify(session.interchange.gathered()).matches


def test_rows_in_no_subgroup_beside_others_get_one_of_their_own(session: Session, file: ReviewFile) -> None:
    part, plain = session.synthesis, "CMP-002.01"
    part.move_row(first_row(file), None)
    part.add_subgroup(row_of(file, "analysis", plain), "Adults")
    found = session.interchange.gathered()
    after = outcome(found, FIRST)
    assert after.rows == outcome(found, plain).rows == ()
    assert [(g.name, len(g.rows)) for g in after.subgroups] == [("Adults", 1), ("Children", 1), ("In no subgroup", 1)]
    assert [(g.name, len(g.rows)) for g in outcome(found, plain).subgroups] == [("Adults", 0), ("In no subgroup", 2)]
    told = [(r.where, r.kept) for r in found.remarks if "“In no subgroup”" in r.what]
    assert told == [(FIRST, False), (plain, False)]
    assert verify(found).matches


def test_petos_odds_ratio_with_random_effects_is_written_with_fixed_ones_and_told(
    session: Session, file: ReviewFile
) -> None:
    session.synthesis.change_analysis(row_of(file, "analysis", FIRST), measure="PETO")
    found = session.interchange.gathered()
    after = outcome(found, FIRST)
    assert (after.measure, after.method, after.model) == ("PETO", "Peto", "common")
    assert [(r.where, r.kept) for r in found.remarks] == [(FIRST, False)]
    assert verify(found).matches
    assert outcome(session.interchange.gathered(classic=False), FIRST).model == "random"


def test_what_copse_does_not_pool_is_told(session: Session, file: ReviewFile) -> None:
    analysis = row_of(file, "analysis", FIRST)
    session.protocol.change_outcome(
        session.protocol.outcomes()[0].id, kind=OutcomeKind.DICHOTOMOUS, better=Direction.HIGHER
    )
    session.synthesis.change_analysis(analysis, better=Direction.LOWER)
    refusal = session.synthesis.result(analysis).refusal
    assert refusal is not None
    (told,) = [r for r in session.interchange.gathered().remarks if r.where == FIRST]
    assert not told.kept
    assert "is not pooled in Copse" in told.what
    assert refusal.message in told.what


def test_a_footnote_of_an_analysis_is_not_lost_in_silence(session: Session, file: ReviewFile) -> None:
    session.synthesis.change_analysis(row_of(file, "analysis", FIRST), footnote="By hand.")
    told = [(r.where, r.kept) for r in session.interchange.gathered().remarks if "footnote" in r.what]
    assert told == [(FIRST, False)]


def test_an_order_of_the_teams_own_is_told(session: Session, file: ReviewFile) -> None:
    analysis = row_of(file, "analysis", "CMP-002.01")
    rows = [row.id for row in session.synthesis.snapshot(analysis).rows]
    session.synthesis.order_rows(analysis, rows[::-1])
    after = outcome(session.interchange.gathered(), "CMP-002.01")
    assert after.sort_by == "user"
    assert [(r.study_id, r.order) for r in after.rows] == [("STD-Berg-2001", "1"), ("STD-Diaz-2003", "2")]


def test_new_comparisons_and_analyses_get_the_next_ids(session: Session, file: ReviewFile) -> None:
    part = session.synthesis
    first = row_of(file, "comparison", "CMP-001")
    cure = session.protocol.outcomes()[0].id
    made = part.add_analysis(first, "Cure again", outcome_id=cure, measure="RR").value
    group = part.add_subgroup(made, "All").value
    places = {p.population_label or p.time_point: p for p in
              session.extraction.results(row_of(file, "study", "STD-Berg-2001")) if p.arm_label == "Tea"}  # fmt: skip
    water = {p.population_label or p.time_point: p for p in
             session.extraction.results(row_of(file, "study", "STD-Berg-2001")) if p.arm_label == "Water"}  # fmt: skip
    row = RowPlaces(row_of(file, "study", "STD-Berg-2001"), places["Adults"].id, water["Adults"].id)
    part.add_rows(made, [row], group)
    part.add_comparison("Milk versus water", "Milk", "Water")
    found = session.interchange.gathered()
    assert [c.id for c in found.comparisons] == ["CMP-001", "CMP-002", "CMP-003"]
    new = found.comparisons[0].outcomes[1]
    assert (new.id, new.number, new.name, new.sort_by) == ("CMP-001.02", "2", "Cure again", "user")
    assert new.subgroups[0].id == "CMP-001.02.01"
    assert new.subgroups[0].rows[0].data["events_1"] == 12
    assert new.stored["effect_size"] == pytest.approx((12 / 20) / (5 / 21))
    unchanged_but(found, file, new.id)
    part.remove_analysis(row_of(file, "analysis", FIRST))
    assert [o.id for o in session.interchange.gathered().comparisons[0].outcomes] == ["CMP-001.02"]


def test_what_revman_5_cannot_hold_is_pooled_as_it_can_and_told(session: Session, file: ReviewFile) -> None:
    analysis = row_of(file, "analysis", FIRST)
    session.synthesis.change_analysis(analysis, compatibility="", method="IV", tau2="REML", ci="hksj")
    classic, modern = session.interchange.gathered(), session.interchange.gathered(classic=False)
    assert outcome(classic, FIRST).tau2 == outcome(classic, FIRST).ci == ""
    assert [(remark.where, remark.kept) for remark in classic.remarks] == [(FIRST, False)]
    assert "REML" in classic.remarks[0].what or "likelihood" in classic.remarks[0].what
    assert (outcome(modern, FIRST).tau2, outcome(modern, FIRST).ci) == ("REML", "hksj")
    assert modern.remarks == ()
    assert verify(classic).matches
    assert outcome(classic, FIRST).stored["effect_size"] != outcome(modern, FIRST).stored["effect_size"]


def test_means_that_the_analysis_turns_are_written_turned(tmp_path: Path, file: ReviewFile) -> None:
    session = lead(adopt(tmp_path, file))
    days = session.protocol.outcomes()[1]
    session.protocol.change_outcome(days.id, kind=OutcomeKind.CONTINUOUS, unit="days", better=Direction.LOWER)
    session.synthesis.change_analysis(row_of(file, "analysis", LAST), better=Direction.HIGHER)
    row = session.synthesis.snapshot(row_of(file, "analysis", LAST)).rows[0]
    session.synthesis.override(row.id, "sd2i", 3.6)
    after = session.interchange.gathered()
    assert (outcome(after, LAST).rows[0].data["mean_1"], outcome(after, LAST).rows[0].data["mean_2"]) == (-5.5, -6.5)
    assert outcome(after, LAST).rows[0].data["sd_2"] == 3.6
    assert any(remark.where == LAST for remark in after.remarks)


# --- studies ---------------------------------------------------------------------------------------------------------


def test_a_study_has_what_was_changed_and_keeps_the_rest(session: Session, file: ReviewFile) -> None:
    study = row_of(file, "study", "STD-Berg-2001")
    session.studies.rename(study, "Berg and Li 2001")
    session.studies.describe(study, status=StudyStatus.EXCLUDED, registration="ISRCTN12345678; NCT00000001")
    session.studies.unlink(study, row_of(file, "record", "STD-Berg-2001.1"))
    found = session.interchange.gathered()
    before, after = file.studies[0], found.studies[0]
    assert (after.id, after.name, after.status, after.year) == (
        "STD-Berg-2001", "Berg and Li 2001", StudyStatus.EXCLUDED, "2001",
    )  # fmt: skip
    assert [i.value for i in after.identifiers] == ["ISRCTN12345678", "NCT00000001"]
    assert after.references == before.references[1:]
    assert after.characteristics == before.characteristics
    assert found.studies[1:] == file.studies[1:]
    assert found.comparisons == file.comparisons


def test_a_characteristic_that_was_changed_loses_its_formatting_only(tmp_path: Path, file: ReviewFile) -> None:
    session = lead(Review.adopt(tmp_path / "one.copse", file, reviewers=["Asha Menon"]))
    study = row_of(file, "study", "STD-Berg-2001")
    methods = session.extraction.fields()[0]
    session.extraction.settle(study, methods.key, text="Cluster trial.")
    (after,) = session.interchange.gathered().studies[0].characteristics
    assert (after.key, after.label, after.text, after.html) == ("methods", "Methods", "Cluster trial.", "")
    session.extraction.unsettle(study, methods.key)
    assert session.interchange.gathered().studies[0].characteristics == ()


def test_a_new_study_gets_an_id_of_revmans_form(session: Session, file: ReviewFile) -> None:
    old = row_of(file, "record", "STD-Old-1950.1")
    session.studies.create([old], "El-Daher 2024", status=StudyStatus.AWAITING)
    found = session.interchange.gathered().studies
    assert found[:4] == file.studies
    assert (found[4].id, found[4].name, found[4].status) == (
        "STD-El_x002d_Daher-2024", "El-Daher 2024", StudyStatus.AWAITING,
    )  # fmt: skip
    assert [(r.id, r.title, r.primary) for r in found[4].references] == [
        ("STD-El_x002d_Daher-2024.01", "Tea of old", True)
    ]


def test_a_removed_study_is_gone(session: Session, file: ReviewFile) -> None:
    session.studies.remove(row_of(file, "study", "STD-New-2030"))
    assert session.interchange.gathered().studies == file.studies[:3]


# --- risk of bias ----------------------------------------------------------------------------------------------------


def test_judgements_changed_taken_back_and_new_are_given(session: Session, file: ReviewFile) -> None:
    berg, diaz = (row_of(file, "study", f"STD-{name}") for name in ("Berg-2001", "Diaz-2003"))
    part = session.riskofbias
    tasters = part.tool.domains[1].id
    part.settle(berg, "sequence", "high", "By computer.")
    part.unsettle(berg, tasters, "Days")
    items = session.interchange.gathered().risk_of_bias
    sequence, blinding = items
    before = file.risk_of_bias[0].judgements
    assert sequence.judgements == (replace(before[0], level=RobLevel.HIGH), before[1])
    assert blinding.judgements == file.risk_of_bias[1].judgements[:1]
    assert replace(blinding, judgements=()) == replace(file.risk_of_bias[1], judgements=())
    assert diaz not in {j.study_id for j in blinding.judgements}


def test_groups_follow_their_analyses(session: Session, file: ReviewFile) -> None:
    session.synthesis.change_analysis(row_of(file, "analysis", FIRST), outcome_group="Days")
    session.synthesis.remove_analysis(row_of(file, "analysis", LAST))
    groups = session.interchange.gathered().risk_of_bias[1].groups
    assert [(g.name, g.outcome_ids) for g in groups] == [("Cure", ()), ("Days", (FIRST,))]


# --- a review of Copse's own ------------------------------------------------------------------------------------------


def _numbers(pool: PoolResult | None) -> list[float] | None:
    if pool is None or pool.effect is None:
        return None
    return [pool.effect.estimate, pool.effect.lower, pool.effect.upper, pool.pooled.tau2 or 0.0, pool.pooled.q or 0.0]


def _results(result: AnalysisResult) -> tuple[list[str], list[list[float]]]:
    """The studies, and every number of the pools and rows."""
    numbers = [_numbers(result.overall) or [], *(_numbers(group.pool) or [] for group in result.subgroups)]
    rows = [[n for n in (row.effect and row.effect.estimate, row.weight) if n is not None] for row in result.rows]
    return [row.study for row in result.rows], [*numbers, *rows]


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Session:
    review = Review.open(open_example(tmp_path_factory.mktemp("example")))
    return review.session(review.reviewers()[0].id)


def test_the_example_written_read_and_placed_gives_the_same_results(example: Session, tmp_path: Path) -> None:
    gathered = example.interchange.gathered()
    assert verify(gathered).matches
    again = lead(adopt(tmp_path, read(write(gathered), "example.rm5")))
    here, there = ([a for c in s.synthesis.tree() for a in c.analyses] for s in (example, again))
    assert [a.label for a in here] == [a.label for a in there]
    assert len(here) == 14
    for one, other in zip(here, there, strict=True):
        names, wanted = _results(example.synthesis.result(one.id))
        assert _results(again.synthesis.result(other.id)) == (
            names, [pytest.approx(numbers, rel=1e-9, abs=1e-12) for numbers in wanted],
        ), one.label  # fmt: skip


def test_studies_of_copses_own_bring_their_references_set_up_and_answers(example: Session) -> None:
    file = example.interchange.gathered()
    glue = file.studies[0]
    assert (glue.id, glue.name, glue.year) == ("STD-Glue-2017", "Glue 2017", "2017")
    assert glue.references[0].primary
    assert glue.references[0].title
    texts = {c.key: c.text for c in glue.characteristics}
    assert "crossover" in texts["methods"]
    assert "randomised" in texts["participants"]
    assert len({c.key for c in glue.characteristics}) == len(glue.characteristics)
    excluded = [s for s in file.studies if s.characteristics and s.characteristics[-1].key == "reason_for_exclusion"]
    assert len(excluded) > 20
    assert all(s.status is StudyStatus.EXCLUDED and s.references for s in excluded)


def test_judgements_of_copses_own_tool_are_items_of_revman(example: Session) -> None:
    items = example.interchange.gathered().risk_of_bias
    assert [item.id for item in items] == [f"QIT-0{n}" for n in range(1, 8)]
    assert all(item.core and not item.by_group and len(item.judgements) == 6 for item in items)
    assert items[0].name == "Random sequence generation (selection bias)"


def test_an_empty_review_is_gathered(tmp_path: Path) -> None:
    file = lead(Review.create(tmp_path / "new.copse", title="New", reviewers=TEAM)).interchange.gathered()
    assert (file.title, file.studies, file.comparisons, file.risk_of_bias) == ("New", (), (), ())
    assert [author.name for author in file.authors] == list(TEAM)
    assert read(write(file), "new.rm5").title == "New"
