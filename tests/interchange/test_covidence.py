"""The four study files of RevMan Web and Covidence."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from core.errors import InputError
from core.interchange import covidence
from core.interchange.formats import read_review_file, recognised
from core.interchange.model import DataKind, RobLevel

RESULTS = (
    "Study,Outcome,Data type,Effect measure,Arm,Reference arm,Sample size,Cases,Mean,SD,SE,Variance,CI level,CI start,"
    "CI end,Exp mean,Exp CI start,Exp CI end,t-test,z-test,P value,Footnotes"
)


def line(**cells: object) -> str:
    """A line of study results."""
    names = [heading.lower().replace(" ", "_").replace("-", "_") for heading in RESULTS.split(",")]
    return ",".join(str(cells.pop(name, "")) for name in names) + ("" if not cells else f"?{cells}")


@pytest.fixture
def export(tmp_path: Path) -> Path:
    """A folder with the four files of an export."""
    files = {
        "study-information": "\ufeffStudy,Year,Data source,Char: Methods,Char: Country\nSmith 2001,2001,PUB,RCT,Chile\n"
        "Jones 2002,2002,MIX,,\n",
        "study-arms": "Study,Arm,Description,Intervention\nSmith 2001,A,100 mg,Aspirin\nSmith 2001,B,,Placebo\n"
        "Jones 2002,X,,Placebo\nJones 2002,Y,,Aspirin\n",
        "study-results": "\n".join((
            RESULTS,
            line(study="Smith 2001", outcome="Death", data_type="Dichotomous", arm="A", sample_size=50, cases=5,
                 footnotes="one lost"),
            line(study="Smith 2001", outcome="Death", data_type="Dichotomous", arm="B", sample_size=51, cases=9),
            line(study="Jones 2002", outcome="Death", data_type="Dichotomous", arm="X", sample_size=40, cases=8),
            line(study="Jones 2002", outcome="Death", data_type="Dichotomous", arm="Y", sample_size=41, cases=3),
            line(study="Smith 2001", outcome="Pain", data_type="Continuous", arm="A", sample_size=49, mean=3.5, sd=1.2),
            line(study="Smith 2001", outcome="Pain", data_type="Continuous", arm="B", sample_size=49, mean=4.5, se=0.2),
            line(study="Jones 2002", outcome="Survival", data_type="Dichotomous", effect_measure="HR", arm="Y",
                 reference_arm="X", ci_level=0.95, exp_mean=0.5, exp_ci_start=0.25, exp_ci_end=1),
            line(study="Jones 2002", outcome="Weight", data_type="Continuous", effect_measure="MD", arm="Y",
                 reference_arm="X", mean=-2, variance=0.25),
        )),
        "risk-of-bias": "Study,Domain (judgement): Blinding,Domain (support): Blinding,Domain (judgement): Overall\n"
        "Smith 2001,Low risk,Matched pills,Some concerns\nJones 2002,Unclear risk,,Not applicable\n",
    }  # fmt: skip
    for name, text in files.items():
        (tmp_path / f"review_9-{name}.csv").write_text(text, encoding="utf-8")
    return tmp_path


def test_they_are_among_the_formats_that_copse_opens(export: Path) -> None:
    for path in export.glob("*.csv"):
        assert recognised(path)
    file = read_review_file(export / "review_9-study-results.csv")
    assert (file.format, len(file.outcomes)) == ("study_csv", 4)


@pytest.mark.parametrize("first", ["study-results", "study-information", "study-arms", "risk-of-bias"])
def test_any_of_the_four_brings_the_others(export: Path, first: str) -> None:
    (export / "other-study-information.csv").write_text("Study,Year,Char: X\nStranger,1,2\n", encoding="utf-8")
    file = covidence.read(export / f"review_9-{first}.csv")
    assert [study.name for study in file.studies] == ["Smith 2001", "Jones 2002"]
    assert len(file.outcomes) == 4
    assert len(file.risk_of_bias) == 2
    assert file.remarks == ()


def test_studies_have_their_characteristics(export: Path) -> None:
    smith, jones = covidence.read(export / "review_9-study-information.csv").studies
    assert (smith.year, smith.data_source, jones.data_source) == ("2001", "PUB", "MIX")
    assert [(c.key, c.label, c.text) for c in smith.characteristics] == [
        ("methods", "Methods", "RCT"),
        ("country", "Country", "Chile"),
        ("a", "A", "100 mg"),
    ]


def test_arms_are_paired_by_what_was_given_in_them(export: Path) -> None:
    file = covidence.read(export / "review_9-study-results.csv")
    assert [comparison.name for comparison in file.comparisons] == ["Aspirin versus Placebo"]
    death, pain, survival, weight = file.outcomes
    assert death.kind is DataKind.DICHOTOMOUS
    assert [dict(row.data) for row in death.rows] == [
        {"events_1": 5, "total_1": 50, "events_2": 9, "total_2": 51},
        {"events_1": 3, "total_1": 41, "events_2": 8, "total_2": 40},
    ]
    assert death.rows[0].footnote == "one lost"
    assert death.group_labels == ("Aspirin", "Placebo")
    assert pain.rows[0].data["sd_2"] == pytest.approx(1.4)
    assert "computed" in pain.rows[0].footnote
    assert (survival.measure, survival.effect_label) == ("GENLOG", "Hazard Ratio")
    assert survival.rows[0].data["estimate"] == pytest.approx(-0.693147, abs=1e-6)
    assert survival.rows[0].data["se"] == pytest.approx(1.386294 / 3.919928, abs=1e-6)
    assert (weight.measure, weight.effect_label) == ("GEN", "Mean Difference")
    assert (weight.rows[0].data["estimate"], weight.rows[0].data["se"]) == (-2, 0.5)


def test_risk_of_bias(export: Path) -> None:
    blinding, overall = covidence.read(export / "review_9-risk-of-bias.csv").risk_of_bias
    assert [(j.study_id, j.level, j.support) for j in blinding.judgements] == [
        ("STD-Smith-2001", RobLevel.LOW, "Matched pills"),
        ("STD-Jones-2002", RobLevel.UNCLEAR, ""),
    ]
    assert [(j.level, j.word) for j in overall.judgements] == [(None, "Some concerns")]


def test_lines_that_cannot_be_used_are_told(tmp_path: Path) -> None:
    path = tmp_path / "study-results.csv"
    path.write_text(
        "\n".join((
            RESULTS,
            line(study="A", outcome="Death", data_type="Dichotomous", arm="x", sample_size=5, cases="many"),
            line(study="A", outcome="Death", data_type="Dichotomous", arm="control", sample_size=5, cases=1),
            line(outcome="Death", arm="x"),
            line(study="A", arm="x"),
        )),
        encoding="utf-8",
    )  # fmt: skip
    file = covidence.read(path)
    said = sorted(f"{remark.where}: {remark.what}" for remark in file.remarks)
    assert len(said) == 4
    assert any("line 2" in one and "“many” is not a number" in one for one in said)
    assert file.outcomes == ()
    assert [study.name for study in file.studies] == ["A"]


def test_other_tables_are_not_taken_for_one(tmp_path: Path) -> None:
    path = tmp_path / "references.csv"
    path.write_text("Title,Authors,Study\nA,B,C\n", encoding="utf-8")
    assert not covidence.recognise(path.read_bytes(), path)
    with pytest.raises(InputError, match="none of the study files"):
        covidence.read(path)
    with pytest.raises(InputError, match="could not be read"):
        covidence.read(tmp_path / "absent.csv")


def test_the_files_of_a_real_package(reference_data: Path, tmp_path: Path) -> None:
    for path in (reference_data / "revman").rglob("*-study-data/*.csv"):
        shutil.copy(path, tmp_path / path.name)
    paths = sorted(tmp_path.glob("*.csv"))
    assert [covidence.kind_of(path.read_bytes()) for path in paths] == ["bias", "information"]
    file = covidence.read(paths[0])
    assert [(study.name, study.year, study.data_source) for study in file.studies][:2] == [
        ("AMIS", "1980", "PUB"),
        ("CDP", "1976", "PUB"),
    ]
    assert len(file.studies) == 12
    assert file.risk_of_bias == ()


def results(folder: Path, *lines: str) -> Path:
    path = folder / "my-study-results.csv"
    path.write_text("\n".join((RESULTS, *lines)), encoding="utf-8")
    return path


def test_thousands_shares_and_what_was_not_reported(tmp_path: Path) -> None:
    death = {"study": "A", "outcome": "Death", "data_type": "Dichotomous"}
    pain = {"study": "B", "outcome": "Pain", "data_type": "Continuous", "sample_size": 50}
    file = covidence.read(
        results(
            tmp_path,
            line(**death, arm="Drug", sample_size='"1,234"', cases="12 (1%)"),
            line(**death, arm="Placebo", sample_size="1.300", cases=20),
            line(**pain, arm="Drug", mean=1.5, sd="NR", se=0.2),
            line(**pain, arm="Placebo", mean='"1,234.5"', sd=0.5),
        )
    )
    first, second = file.outcomes
    assert dict(first.rows[0].data) == {"events_1": 12, "total_1": 1234, "events_2": 20, "total_2": 1300}
    assert second.rows[0].data["mean_2"] == 1234.5
    assert file.remarks == ()


def test_decimal_commas_beside_points_for_thousands(tmp_path: Path) -> None:
    path = tmp_path / "my-study-results.csv"
    pain = "B;Pain;Continuous;;{};;1.100;;{};0,4" + ";" * 12
    path.write_text(
        "\n".join((RESULTS.replace(",", ";"), pain.format("Drug", "1,5"), pain.format("Placebo", "1.234,5")))
    )
    row = covidence.read(path).outcomes[0].rows[0]
    assert (row.data["mean_1"], row.data["mean_2"], row.data["total_1"], row.data["sd_1"]) == (1.5, 1234.5, 1100, 0.4)


@pytest.mark.parametrize(
    "numbers", [{"sample_size": 50, "cases": 60}, {"sample_size": 50, "cases": -1}, {"sample_size": -50, "cases": 1}]
)
def test_numbers_that_cannot_be_are_left_out_and_listed(tmp_path: Path, numbers: dict[str, int]) -> None:
    death = {"study": "A", "outcome": "Death", "data_type": "Dichotomous"}
    placebo = line(**death, arm="Placebo", sample_size=50, cases=5)
    file = covidence.read(results(tmp_path, line(**death, arm="Drug", **numbers), placebo))
    assert file.outcomes == ()
    assert "cannot be" in str(file.remarks[0].what)
    assert "line 2" in file.remarks[0].where
