"""RevMan Web's data packages, written so that they are read again; and the real ones."""

from __future__ import annotations

import csv
import io
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.interchange import revman_csv, revman_web
from core.interchange.formats import read_review_file
from core.interchange.model import (
    Characteristic,
    DataKind,
    DataRow,
    Identifier,
    OtherReference,
    Outcome,
    Reference,
    ReviewFile,
    RobGroup,
    RobItem,
    RobJudgement,
    RobLevel,
    Totals,
)
from core.interchange.revman_web.headings import OVERALL_RESULTS, ROW_DATA, ROW_RESULTS
from core.interchange.tables import key_of
from core.interchange.verify import verify
from core.model import StudyStatus
from tests.interchange import made
from tests.interchange.test_revman_csv import NAMES


def again(file: ReviewFile, folder: Path) -> ReviewFile:
    path = folder / "again.zip"
    path.write_bytes(revman_web.write_package(file, "77"))
    return read_review_file(path)


# --- there and back ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", ["1", ""])
def test_analyses_of_one_number_stay_two(number: str, tmp_path: Path) -> None:
    outcomes = [made.with_results(replace(made.dichotomous(m), id=f"CMP-001.{m}", number=number)) for m in ("RR", "OR")]
    found = again(made.file_of(*outcomes), tmp_path).outcomes
    assert [len(one.all_rows) for one in found] == [len(one.all_rows) for one in outcomes]


@pytest.mark.parametrize("outcome", [
    made.dichotomous("OR", "MH", "random"), made.dichotomous("RD", "MH"), made.continuous("SMD"),
    made.in_subgroups(made.dichotomous("RR")),
    replace(made.in_subgroups(made.dichotomous()), totals=Totals.SUBTOTALS),
    replace(made.dichotomous(), swap_events=True, scale=20.0, sort_by="weight", graph_labels=("a", "b"), units="h"),
])  # fmt: skip
def test_analyses_come_back_as_they_were_written(outcome: Outcome, tmp_path: Path) -> None:
    before = made.with_results(outcome)
    (after,) = again(made.file_of(before), tmp_path).outcomes
    for setting in (
        "id", "name", "kind", "measure", "method", "model", "totals", "has_subgroups", "swap_events", "scale",
        "sort_by", "group_labels", "graph_labels", "units", "estimable",
    ):  # fmt: skip
        assert getattr(after, setting) == getattr(before, setting), setting
    for one, other in zip(before.all_rows, after.all_rows, strict=True):
        assert (other.study_id, other.data) == (one.study_id, one.data)
        assert other.stored == pytest.approx({key: one.stored[key] for key in ROW_RESULTS.values()}, abs=0.51e-6)
    shared = {
        key: value for key, value in before.stored.items() if key in OVERALL_RESULTS.values() and value is not None
    }
    assert after.stored == pytest.approx(shared, abs=0.51e-6)
    assert [(group.name, len(group.rows)) for group in after.subgroups] == [
        (group.name, len(group.rows)) for group in before.subgroups
    ]
    assert verify(again(made.file_of(before), tmp_path)).matches


@pytest.mark.parametrize("outcome", [made.dichotomous(), made.in_subgroups(made.dichotomous())])
def test_results_of_rows_alone_do_not_say_that_there_can_be_no_total(outcome: Outcome, tmp_path: Path) -> None:
    whole = made.with_results(outcome)
    groups = tuple(replace(group, stored={}, estimable=None) for group in whole.subgroups)
    file = made.file_of(replace(whole, stored={}, estimable=None, subgroups=groups))
    for back in (again(file, tmp_path), revman_csv.read_bytes(revman_csv.write(file), "a.csv")):
        (after,) = back.outcomes
        assert (after.estimable, {group.estimable for group in after.subgroups} - {None}) == (None, set())
        assert verify(back).matches


def test_a_level_of_its_own_for_studies_is_found_from_their_intervals(tmp_path: Path) -> None:
    before = made.with_results(replace(made.dichotomous(), ci_study=0.99, ci_total=0.9))
    (after,) = again(made.file_of(before), tmp_path).outcomes
    assert (after.ci_study, after.ci_total) == (0.99, 0.9)


def test_effects_and_events_come_back_as_they_were_written(tmp_path: Path) -> None:
    rows = (DataRow("STD-Ahorn-2001", {"estimate": -0.123456789012345, "se": 1e-9, "total_1": 4, "total_2": 5}),)
    generic = Outcome("CMP-001.01", "1", "A", DataKind.GENERIC, "GENLOG", "IV", "random", tau2="REML", ci="hksj",
                      pi="t(k-1)", effect_label="Hazard Ratio", rows=rows)  # fmt: skip
    events = ({"events_1": 1, "total_1": 4, "events_2": 2, "total_2": 5, "o_e": -0.5, "var": 0.75},)
    expected = Outcome("CMP-001.02", "2", "B", DataKind.O_E, "O-E", "Peto", "common", effect_label="Hazard Ratio",
                       rows=(DataRow("STD-Ahorn-2001", events[0]),))  # fmt: skip
    one, other = again(made.file_of(generic, expected), tmp_path).outcomes
    assert (one.measure, one.tau2, one.ci, one.pi, one.effect_label) == (
        "GENLOG", "REML", "hksj", "t(k-1)", "Hazard Ratio",
    )  # fmt: skip
    assert one.rows[0].data == rows[0].data
    assert (other.kind, other.method, other.rows[0].data) == (DataKind.O_E, "Peto", events[0])


def judged() -> tuple[RobItem, ...]:
    """An item per study, one per group, one per result with a subgroup of its own mind."""
    per_study = RobItem("QIT-01", "1", "Concealment", judgements=(
        RobJudgement("STD-Ahorn-2001", "", RobLevel.LOW, "=Envelopes"),
        RobJudgement("STD-Birke-2004", "", RobLevel.HIGH),
    ))  # fmt: skip
    per_group = RobItem(
        "QIT-02", "2", "Blinding", by_group=True,
        groups=(RobGroup("QIG-02.01", "Deaths"), RobGroup("QIG-02.02", "Moods")),
        judgements=(RobJudgement("STD-Ahorn-2001", "QIG-02.02", RobLevel.UNCLEAR, "Why"),),
    )  # fmt: skip
    return per_study, per_group


def test_studies_and_risk_of_bias_come_back_as_they_were_written(tmp_path: Path) -> None:
    file = made.file_of(made.with_results(made.dichotomous()))
    reference = Reference(
        "REF-Ahorn-2001-1", "journal_article", primary=True, name="Ahorn 2001", authors="Ahorn A, Blatt B",
        title="Tea and sleep", source="Journal of Tea", year="2001", volume="4", issue="2", pages="10-19",
        identifiers=(Identifier("DOI", "10.1000/tea.1"), Identifier("MEDLINE", "12345678"), Identifier("X", "Y-1")),
    )  # fmt: skip
    texts = (Characteristic("methods", "Methods", "Random & <p> blind"), Characteristic("Season", "Season", "-3 °C"))
    ahorn, birke, copse, *others = file.studies
    studies = (
        replace(ahorn, year="2001", data_source="PUB", references=(reference,), characteristics=texts),
        replace(birke, status=StudyStatus.EXCLUDED),
        replace(copse, status=StudyStatus.ONGOING),
        *(replace(study, status=StudyStatus.AWAITING) for study in others),
    )
    other = OtherReference("pending", replace(reference, id="REF-1", name="Later", primary=False))
    before = replace(file, studies=studies, other_references=(other,), risk_of_bias=judged())
    after = again(before, tmp_path)
    assert [(one.name, one.status, one.references) for one in after.studies] == [
        (one.name, one.status, one.references) for one in studies
    ]
    assert [(one.key, one.text) for one in after.studies[0].characteristics] == [(one.key, one.text) for one in texts]
    assert after.other_references == (other,)
    assert after.risk_of_bias == before.risk_of_bias


def test_risk_of_bias_of_results_comes_back_as_it_was_written(tmp_path: Path) -> None:
    outcome = made.in_subgroups(made.with_results(made.dichotomous()))
    item = RobItem(
        "QIT-01", "1", "Overall bias", by_group=True,
        groups=(
            RobGroup("QIG-01.01", "Relapse: Adults", (outcome.id,)),
            RobGroup("QIG-01.02", "Relapse: Children", (outcome.id,)),
        ),
        judgements=(
            RobJudgement("STD-Ahorn-2001", "QIG-01.01", RobLevel.LOW, "Early"),
            RobJudgement("STD-Ahorn-2001", "QIG-01.02", RobLevel.UNCLEAR, "Late", word="Some concerns"),
        ),
    )  # fmt: skip
    adults, children = outcome.subgroups
    twice = replace(children, rows=(replace(children.rows[0], study_id="STD-Ahorn-2001"), *children.rows[1:]))
    file = made.file_of(replace(outcome, subgroups=(adults, twice)))
    assert again(replace(file, risk_of_bias=(item,)), tmp_path).risk_of_bias == (item,)


def test_a_judgement_without_a_row_to_stand_beside_is_written_with_the_studies(tmp_path: Path) -> None:
    outcome = made.with_results(made.dichotomous())
    item = RobItem(
        "QIT-01", "1", "Blinding", by_group=True, groups=(RobGroup("QIG-01.01", "Relapse", (outcome.id,)),),
        judgements=(RobJudgement(made.study_id("Erle 2020"), "QIG-01.01", RobLevel.HIGH, "Open"),),
    )  # fmt: skip
    file = made.file_of(outcome)
    erle = replace(file.studies[0], id=made.study_id("Erle 2020"), name="Erle 2020")
    (found,) = again(replace(file, studies=(*file.studies, erle), risk_of_bias=(item,)), tmp_path).risk_of_bias
    assert found.judgements[0].level is RobLevel.HIGH
    assert found.judgements[0].support == "Open"


@given(names=st.lists(NAMES, min_size=4, max_size=4, unique=True), title=NAMES)
def test_any_names_come_back_and_none_is_a_formula(
    names: list[str], title: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    file = made.file_of(replace(made.dichotomous(), name=title))
    studies = tuple(replace(study, name=name) for study, name in zip(file.studies, names, strict=False))
    data = revman_web.write_package(replace(file, studies=studies), "../77 x")
    path = tmp_path_factory.mktemp("names") / "names.zip"
    path.write_bytes(data)
    found = read_review_file(path)
    assert [study.name for study in found.studies] == names
    assert found.outcomes[0].name == title
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        text = archive.read("77-x-analysis-data/77-x-data-rows.csv").decode("utf-8-sig")
    assert not [row["Study"] for row in csv.DictReader(io.StringIO(text)) if row["Study"][0] in "=+-@\t\r"]


def test_a_package_is_written_the_same_each_time() -> None:
    file = made.file_of(made.with_results(made.dichotomous()))
    assert revman_web.write_package(file, "77") == revman_web.write_package(file, "77")


# --- real files -------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def files(reference_data: Path) -> Path:
    return reference_data / "revman" / "files"


def lines_of(path: Path) -> list[dict[str, str]]:
    rows = csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig")))
    return [{key_of(key): value for key, value in row.items()} for row in rows]


def test_every_value_of_the_sample_is_in_the_review(files: Path) -> None:
    file = read_review_file(files / "meta_Fleiss1993.zip")
    assert file.comparisons == read_review_file(files / "revman_web_Fleiss1993").comparisons
    folder = next((files / "revman_web_Fleiss1993").rglob("*-analysis-data"))
    first, second = file.outcomes
    totals = lines_of(next(folder.glob("*-overall-*.csv")))
    for outcome, line in zip((first, second), totals, strict=True):
        assert (outcome.name, outcome.number) == (line["analysisname"], line["analysisnumber"])
        for heading, name in OVERALL_RESULTS.items():
            text = line.get(key_of(heading), "")
            if outcome is first or name.startswith("total"):
                assert outcome.stored.get(name) == (float(text) if text else None), heading
            else:  # nothing was computed
                assert text in ("", "0", "4")
                assert outcome.stored.get(name) is None
    names = {study.id: study for study in file.studies}
    for outcome in (first, second):
        rows = lines_of(next(folder.glob("*-data-rows.csv")))
        lines = [line for line in rows if line["analysisnumber"] == outcome.number]
        for row, line in zip(outcome.rows, lines, strict=True):
            assert (names[row.study_id].name, names[row.study_id].year) == (line["study"], line["studyyear"])
            for heading, name in ROW_DATA.items():
                assert row.data.get(name, 0.0) == float(line[key_of(heading)]), heading
            for heading, name in ROW_RESULTS.items():
                assert row.stored.get(name, 0.0) == float(line[key_of(heading)]), heading
    assert all(study.data_source == "PUB" for study in file.studies)
    assert [one.word for one in file.risk_of_bias[0].judgements] == ["Not applicable"] * 12


def test_the_sample_agrees_with_our_own_results(files: Path) -> None:
    checked = verify(read_review_file(files / "meta_Fleiss1993.zip"))
    assert (checked.outcomes.agree, checked.outcomes.total) == (2, 2)
    assert checked.values.agree == checked.values.total >= 40


def test_rows_of_real_reviews_agree_with_our_own_results(files: Path) -> None:
    outcomes = values = 0
    for path in sorted((files / "rda_percase").glob("*.csv")):
        file = read_review_file(path)
        assert sum(len(outcome.all_rows) for outcome in file.outcomes) == len(lines_of(path))
        assert not [remark for remark in file.remarks if "No measure" in remark.what]
        checked = verify(file)
        assert checked.matches, (path.name, checked.differences[:3])
        outcomes += checked.outcomes.total
        values += checked.values.total
    assert (outcomes, values > 6000) == (260, True)


def test_real_reviews_written_as_a_package_agree_with_our_own_results(files: Path, tmp_path: Path) -> None:
    for name in ("iebh_antibiotics_a", "tBNMA_CD007868StatsDataOnly", "hpru_CD008521StatsDataOnly"):
        before = read_review_file(files / f"{name}.rm5")
        after = again(before, tmp_path)
        assert [(one.id, one.measure, one.totals) for one in after.outcomes] == [
            (one.id, one.measure, one.totals) for one in before.outcomes
        ]
        for outcome, back in zip(before.outcomes, after.outcomes, strict=True):
            for one, other in zip(outcome.all_rows, back.all_rows, strict=True):
                assert (other.study_id, other.data) == (one.study_id, one.data)
        assert {study.name: study.status for study in after.studies} == {
            study.name: study.status for study in before.studies
        }
        assert [len(study.references) for study in after.studies] == [len(study.references) for study in before.studies]
        checked = verify(after)
        assert checked.matches, (name, checked.differences[:3])
        assert checked.outcomes.total == len(before.outcomes)
