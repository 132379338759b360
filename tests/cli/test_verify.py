"""`verify` on files of RevMan: what it prints, writes and says by its exit code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from core.cli import main
from tests.interchange import rm5_files


@pytest.fixture
def right(tmp_path: Path) -> Path:
    path = tmp_path / "tea.rm5"
    path.write_bytes(rm5_files.full())
    return path


@pytest.fixture
def wrong(tmp_path: Path) -> Path:
    """The mean of one row was changed after the results were stored."""
    path = tmp_path / "edited.rm5"
    path.write_bytes(rm5_files.full().replace(b'MEAN_1="5.5"', b'MEAN_1="5.75"'))
    return path


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    path = tmp_path / "bare.rm5"
    path.write_bytes(rm5_files.full(analyses=""))
    return path


def test_a_file_that_matches_is_counted_and_exits_0(right: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", str(right)]) == 0
    told = capsys.readouterr().out
    assert "tea.rm5: outcomes 5 of 5, subgroups 3 of 3, study rows 6 of 6, values 159 of 159" in told
    assert "  matches RevMan: 5 of 5\n" in told
    assert "  without results to compare: 1\n" in told


def test_a_difference_is_shown_with_both_values_and_the_reason(wrong: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", str(wrong)]) == 1
    told = capsys.readouterr().out
    assert "  matches RevMan: 4 of 5\n" in told
    assert "  1.3 Duration, Smith 2001\n    Effect: -1.00 in the file, -0.75 computed\n" in told
    assert "they were changed after the results were computed" in told
    assert "  1.3 Duration\n    Effect: -1.00 in the file, -0.75 computed\n" in told
    assert "the effect that it holds for Smith 2001 differs too" in told


def test_few_differences_are_listed_unless_all_are_asked_for(
    wrong: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.cli.verify_command.SHOWN", 2)
    assert main(["verify", str(wrong)]) == 1
    few = capsys.readouterr().out
    assert few.count(" in the file, ") == 2
    assert "more differences; --all lists them" in few
    assert main(["verify", str(wrong), "--all"]) == 1
    everything = capsys.readouterr().out
    assert everything.count(" in the file, ") > 4
    assert "--all" not in everything


def test_a_file_without_results_says_so_and_exits_0(bare: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", str(bare)]) == 0
    assert capsys.readouterr().out == "bare.rm5: holds no results to compare\n"


def test_several_files_are_all_looked_at_and_one_that_cannot_be_read_is_named(
    right: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = tmp_path / "broken.rm5"
    broken.write_text("<COCHRANE_REVIEW><COVER_SHEET>", encoding="utf-8")
    assert main(["verify", str(broken), str(right)]) == 1
    told = capsys.readouterr()
    assert "broken.rm5: not read\n" in told.out
    assert "matches RevMan: 5 of 5" in told.out
    assert "broken.rm5" in told.err


def test_json_has_every_number(wrong: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", str(wrong), "--json", "-"]) == 1
    (printed,) = json.loads(capsys.readouterr().out)
    assert printed["outcomes"] == {"agree": 4, "total": 5}
    assert [one["state"] for one in printed["analyses"]].count("differs") == 1
    first = printed["differences"][0]
    assert first["where"] | {"study_id": "", "study": ""} == {
        "outcome_id": "CMP-001.03", "number": "1.3", "outcome": "Duration", "subgroup_id": "", "subgroup": "",
        "study_id": "", "study": "",
    }  # fmt: skip
    assert {one["stored"] for one in printed["differences"]} >= {-1.0}
    assert not printed["matches"]
    written = tmp_path / "found.json"
    assert main(["verify", str(wrong), "--json", str(written)]) == 1
    assert json.loads(written.read_text(encoding="utf-8")) == [printed]
    assert "matches RevMan: 4 of 5" in capsys.readouterr().out


def test_without_a_file_it_is_used_wrongly(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify"]) == 2
    assert "usage" in capsys.readouterr().err
