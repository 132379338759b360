"""Commands on a review: who acts, what is written, what is refused."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest

from core.cli import COMMANDS, is_command, main
from core.model import OutcomeKind
from core.review import Review
from tests.architecture.source import ROOT
from tests.reviews import new_review, ris_file, sessions, titles
from tests.session.trials import SAD, add_outcome, analysis, contrast, counts, told


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A review with records and one analysis."""
    monkeypatch.setenv("COPSE_DATA_DIR", str(tmp_path / "data"))
    review = new_review(tmp_path, records=3)
    outcome = add_outcome(review, "Response")
    for trial in SAD:
        counts(review, outcome, *trial)
    analysis(review, outcome)
    review.close()
    return str(review.path)


@pytest.fixture
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A review of one reviewer."""
    monkeypatch.setenv("COPSE_DATA_DIR", str(tmp_path / "data"))
    review = new_review(tmp_path, records=2, team=("Asha Menon",), name="alone.copse")
    review.close()
    return str(review.path)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert is_command([command])
    assert main([command, "--help"]) == 0
    assert f"usage: main.py {command}" in capsys.readouterr().out


def test_what_is_no_command_is_for_the_window(capsys: pytest.CaptureFixture[str]) -> None:
    assert not is_command([])
    assert not is_command(["review.copse"])
    assert is_command(["--help"])
    assert main(["--help"]) == 0
    out = capsys.readouterr().out
    assert [command for command in COMMANDS if f"  {command} " not in out] == []
    assert main(["fly"]) == 2


@pytest.mark.parametrize("arguments", [["trace", "1.1"], ["export", "1.1", "--out", "x.svg"], ["import", "x.ris"]])
def test_with_several_reviewers_one_must_be_named(
    project: str, arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    command, *rest = arguments
    assert main([command, project, *rest]) == 2
    assert "--as NAME. In the team: Asha Menon, Tom Brandt, Rosa Lindqvist" in capsys.readouterr().err


def test_somebody_who_is_not_in_the_team(project: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["trace", project, "1.1", "--as", "Nobody"]) == 1
    assert "Nobody named Nobody is in this review" in capsys.readouterr().err


def test_a_review_of_one_needs_no_name(alone: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["import", alone, str(ris_file(tmp_path / "more.ris", titles(4)))]) == 0
    assert "into MEDLINE: 4 read, 2 new, 2 duplicates, 0 set aside" in capsys.readouterr().out


def test_import_takes_several_files_into_a_named_source(
    project: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = [str(ris_file(tmp_path / f"{n}.ris", titles(5, start=n))) for n in (100, 200)]
    assert main(["import", project, *files, "--source", "Embase", "--as", "Tom Brandt", "--json"]) == 0
    reports = json.loads(capsys.readouterr().out)
    assert [(r["source_name"], r["read"], r["new"]) for r in reports] == [("Embase", 5, 5), ("Embase", 5, 5)]
    review = Review.open(project)
    assert sessions(review)[0].references.count() == 13
    assert review.check() == []
    review.close()


def test_a_file_that_is_no_reference_file_is_refused(
    project: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "paper.ris").write_bytes(b"%PDF-1.7\n\x00\x01")
    assert main(["import", project, str(tmp_path / "paper.ris"), "--as", "LEAD"]) == 1
    assert "PDF" in capsys.readouterr().err
    assert main(["check", project]) == 0


def test_trace_prints_every_cell_with_entries_and_settlement(project: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["trace", project, "1.1", "--as", "LEAD"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("1.1 Response\n")
    for words in (
        "Glue 2017",
        "Events, experimental = 8  [consensus, published]",
        "Asha Menon entered 8, published",
        "Tom Brandt entered 8, published",
        "settled as 8 (equal) by Rosa Lindqvist",
        "Settling what is equal in Glue 2017",
    ):
        assert words in out
    assert main(["trace", project, "1.1", "--as", "LEAD", "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["rows"][0]["cells"]) == 4
    assert main(["trace", project, "3.1", "--as", "LEAD"]) == 1
    assert "no analysis 3.1" in capsys.readouterr().err


def test_export_writes_what_the_ending_says(project: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def export(*arguments: str) -> Path:
        out = tmp_path / arguments[-1]
        assert main(["export", project, *arguments[:-1], "--out", str(out), "--as", "LEAD"]) == 0
        assert capsys.readouterr().out.strip() == str(out)
        return out

    assert "28.94 [3.45, 242.57]" in export("1.1", "forest.svg").read_text(encoding="utf-8")
    assert export("1.1", "--dpi", "96", "forest.png").read_bytes().startswith(b"\x89PNG")
    assert export("--prisma", "flow.pdf").read_bytes().startswith(b"%PDF")
    with export("1.1", "rows.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["study"], row["ai"], row["n2i"]) for row in rows] == [
        ("Glue 2017", "8.0", "12.0"),
        ("Taylor 2018", "6.0", "17.0"),
    ]
    (line,) = json.loads(export("1.1", "results.json").read_text(encoding="utf-8"))
    keys = [
        "analysis",
        "subgroup",
        "measure",
        "method",
        "model",
        "k",
        "estimate",
        "ci_lower",
        "ci_upper",
        "p",
        "tau2",
        "i2",
    ]
    assert list(line) == keys
    assert (line["analysis"], line["subgroup"], line["k"]) == ("1.1 Response", None, 2)
    with export("--records", "records.csv").open(encoding="utf-8", newline="") as file:
        assert len(list(csv.DictReader(file))) == 3


def test_a_table_holds_no_formula(project: str, tmp_path: Path) -> None:
    """Titles come from files of others; a spreadsheet runs what looks like a formula."""
    strange = ['=HYPERLINK("http://example.org", "Ketamine for anxiety in adults")', "@SUM(1+1) in a cohort of adults"]
    found = ris_file(tmp_path / "strange.ris", strange)
    assert main(["import", project, str(found), "--source", "Other", "--as", "LEAD"]) == 0
    assert main(["export", project, "--records", "--out", str(tmp_path / "records.csv"), "--as", "LEAD"]) == 0
    with (tmp_path / "records.csv").open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    assert [line["title"] for line in lines[3:]] == [f"'{title}" for title in strange]
    assert not [value for line in lines for value in line.values() if value.startswith(("=", "+", "-", "@"))]
    assert lines[0]["title"] == titles(1)[0]


def test_export_of_everything_fills_a_folder(project: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "all"
    assert main(["export", project, "--all", "--out", str(folder), "--dpi", "72", "--as", "LEAD"]) == 0
    assert {path.name for path in folder.iterdir()} == {
        "results.json", "records.csv", "prisma.svg", "prisma.png", "prisma.pdf", "1.1-response.svg", "1.1-response.png",
        "1.1-response.pdf", "1.1-response.csv",
    }  # fmt: skip
    assert len(capsys.readouterr().out.splitlines()) == 9


def test_an_analysis_of_texts_is_exported_as_a_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COPSE_DATA_DIR", str(tmp_path / "data"))
    review = new_review(tmp_path)
    outcome = add_outcome(review, "Adverse effects", OutcomeKind.OTHER)
    told(review, outcome, "Okafor 2011", "Three had nausea")
    analysis(review, outcome)
    review.close()
    for command in (["trace", str(review.path), "1.1"], ["export", str(review.path), "--all", "--out", str(tmp_path)]):
        assert main([*command, "--as", "LEAD"]) == 0
    assert "Three had nausea" in capsys.readouterr().out
    assert "Three had nausea" in (tmp_path / "1.1-adverse-effects.svg").read_text(encoding="utf-8")
    with (tmp_path / "1.1-adverse-effects.csv").open(encoding="utf-8", newline="") as file:
        assert list(csv.DictReader(file)) == [{"study": "Okafor 2011", "subgroup": "", "Text": "Three had nausea"}]
    assert json.loads((tmp_path / "results.json").read_text(encoding="utf-8")) == []


def test_export_refuses_an_ending_it_cannot_write(
    project: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["export", project, "1.1", "--out", str(tmp_path / "forest.docx"), "--as", "LEAD"]) == 1
    assert "must end in .svg or .png or .pdf or .csv or .json. Nothing was written" in capsys.readouterr().err
    assert main(["export", project, "--out", str(tmp_path / "forest.svg"), "--as", "LEAD"]) == 2


def test_an_undefined_number_is_null_not_nan(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COPSE_DATA_DIR", str(tmp_path / "data"))
    review = new_review(tmp_path, team=("Asha Menon", "Tom Brandt", "Rosa Lindqvist"))
    outcome = add_outcome(review, "Response")
    counts(review, outcome, "Pradhan 2017", 5, 5, 5, 5)
    analysis(review, outcome)
    review.close()
    out = tmp_path / "results.json"
    assert main(["export", str(review.path), "1.1", "--out", str(out), "--as", "LEAD"]) == 0
    (line,) = json.loads(out.read_text(encoding="utf-8"))
    assert (line["k"], line["estimate"], line["p"], line["tau2"]) == (0, None, None, None)


def test_check_tells_a_damaged_history(project: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", project]) == 0
    assert "all is well" in capsys.readouterr().out
    import sqlite3

    with sqlite3.connect(project) as connection:
        connection.execute("UPDATE study SET label = 'Other' WHERE label = 'Glue 2017'")
    connection.close()
    assert main(["check", project]) == 1
    assert "differs from what its history says" in capsys.readouterr().out


def test_a_file_that_is_no_review(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "notes.copse").write_text("hello", encoding="utf-8")
    assert main(["check", str(tmp_path / "notes.copse")]) == 1
    assert "notes.copse" in capsys.readouterr().err


def test_a_misprinted_interval_is_flagged_in_the_printed_results(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from core.cli.results import analysed, result_lines
    from core.model import OutcomeKind

    monkeypatch.setenv("COPSE_DATA_DIR", str(tmp_path / "data"))
    review = new_review(tmp_path)
    outcome = add_outcome(review, "Spaced out", OutcomeKind.GENERIC)
    contrast(review, outcome, "All trials", "OR", {"effect": 104.13, "ci_lower": 13.92, "ci_upper": 799.06})
    analysis(review, outcome)
    line = result_lines(analysed(sessions(review)[0]))[1]
    assert line[0] == "1.1 Spaced out"
    assert line[3:] == ["104.13 [13.74, 788.94]", "P < 0.00001", "[13.92, 799.06]  DIFFERS, not symmetric"]
    review.close()


def test_the_program_itself_passes_commands_on_and_exits_with_their_code(tmp_path: Path) -> None:
    (tmp_path / "data.csv").write_text("study,ai,n1i,ci,n2i\nGlue 2017,8,12,0,12\n", encoding="utf-8")
    base = [sys.executable, "main.py", "pool", str(tmp_path / "data.csv"), "--measure"]
    done = subprocess.run([*base, "OR"], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    assert "47.2222" in done.stdout
    wrong = subprocess.run([*base, "XX"], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert wrong.returncode == 1
    assert "There is no effect measure XX" in wrong.stderr
    assert "Traceback" not in wrong.stderr
