"""Decisions of another screening program, taken in on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from core.cli import main
from core.model import Verdict
from core.review import Review
from tests.reviews import new_review, ris_file, sessions, titles

NOTES = 'RAYYAN-INCLUSION: {"Tom"=>"Excluded", "Noa"=>"Included"} | RAYYAN-EXCLUSION-REASONS: wrong population'


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("COPSE_DATA_DIR", str(tmp_path / "data"))
    review = new_review(tmp_path)
    review.close()
    return review.path


def screened(project: Path) -> list[tuple[str, int, int]]:
    """How many records each of the team has decided on, and how many of them excluded."""
    review = Review.open(project)
    found = [(one.reviewer.name, one.screening.progress().done, one.screening.progress().excluded)
             for one in sessions(review)]  # fmt: skip
    review.close()
    return found


def test_names_are_matched_with_the_team(project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    notes = 'RAYYAN-INCLUSION: {"Tom"=>"Excluded", "Menon, Asha"=>"Included"}'
    file = ris_file(tmp_path / "rayyan.ris", titles(3), notes=notes)
    assert main(["import", str(project), str(file), "--as", "LEAD", "--decisions"]) == 0
    assert "6 decisions on 3 records taken in" in capsys.readouterr().out
    assert screened(project)[:2] == [("Asha Menon", 3, 0), ("Tom Brandt", 3, 3)]


def test_without_the_option_they_are_told_of_and_left(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = ris_file(tmp_path / "rayyan.ris", titles(2), notes=NOTES)
    assert main(["import", str(project), str(file), "--as", "LEAD"]) == 0
    assert "4 decisions came with it and were not taken in (--decisions)" in capsys.readouterr().out
    assert [done for _, done, _ in screened(project)] == [0, 0, 0]


def test_a_name_that_is_not_in_the_team_is_refused_and_nothing_is_imported(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plain = ris_file(tmp_path / "plain.ris", titles(1))
    file = ris_file(tmp_path / "rayyan.ris", titles(2, 5), notes=NOTES)
    arguments = ["import", str(project), str(plain), str(file), "--as", "LEAD", "--decisions"]
    assert main(arguments) == 1
    refusal = capsys.readouterr().err
    assert "rayyan.ris carries decisions of Noa" in refusal
    assert "Who screens: Asha Menon, Tom Brandt" in refusal
    review = Review.open(project)
    assert sessions(review)[0].references.count() == 0
    review.close()
    assert main([*arguments, "--whose", "Noa=", "--json"]) == 0
    reports = json.loads(capsys.readouterr().out)
    assert [(one["new"], one.get("decisions_taken")) for one in reports] == [(1, None), (2, 2)]
    assert [done for _, done, _ in screened(project)] == [0, 2, 0]


def test_it_is_said_whose_they_are_and_at_which_stage(project: Path, tmp_path: Path) -> None:
    file = ris_file(tmp_path / "rayyan.ris", titles(1), notes=NOTES)
    said = ["--decisions", "--stage", "full-text", "--whose", "Noa=Asha Menon"]
    assert main(["import", str(project), str(file), "--as", "LEAD", *said]) == 0
    review = Review.open(project)
    asha = sessions(review)[0]
    decision = asha.fulltext.my_decision(asha.references.ids()[0])
    assert decision is not None
    assert decision.verdict is Verdict.INCLUDE
    review.close()


def test_a_list_of_covidence_goes_to_each_who_screens(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "export.csv"
    file.write_text("Title,Authors,Abstract,Covidence #\nKetamine,A,Text,#1\n", encoding="utf-8")
    arguments = ["import", str(project), str(file), "--as", "LEAD", "--decisions"]
    assert main(arguments) == 1
    assert "Say it with --list" in capsys.readouterr().err
    assert main([*arguments, "--list", "irrelevant"]) == 1
    assert "somebody who is not named" in capsys.readouterr().err
    assert main([*arguments, "--list", "irrelevant", "--whose", "=EACH"]) == 0
    assert screened(project)[:2] == [("Asha Menon", 1, 1), ("Tom Brandt", 1, 1)]


def test_only_the_lead_takes_decisions_in(project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = ris_file(tmp_path / "rayyan.ris", titles(1), notes=NOTES)
    assert main(["import", str(project), str(file), "--as", "Tom Brandt", "--decisions", "--whose", "Noa="]) == 1
    assert "Only the lead" in capsys.readouterr().err
    review = Review.open(project)
    assert sessions(review)[0].references.count() == 0
    review.close()


@pytest.mark.parametrize("said", [["--whose", "Noa=Tom Brandt"], ["--decisions", "--whose", "Noa"]])
def test_what_makes_no_sense_is_refused(project: Path, tmp_path: Path, said: list[str]) -> None:
    file = ris_file(tmp_path / "rayyan.ris", titles(1), notes=NOTES)
    assert main(["import", str(project), str(file), "--as", "LEAD", *said]) == 2
