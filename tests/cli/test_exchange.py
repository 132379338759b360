"""Whole reviews in and out on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from core.cli import main
from core.interchange.rm5.read import read
from core.review import Review
from tests.interchange import rm5_files


@pytest.fixture
def rm5(tmp_path: Path) -> Path:
    path = tmp_path / "tea.rm5"
    path.write_bytes(rm5_files.full())
    return path


def test_a_review_file_makes_a_new_review(rm5: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "tea.copse"
    assert main(["import", str(target), str(rm5), "--as", "Asha Menon", "--reviewer", "Tom Brandt"]) == 0
    assert "Included studies: " in capsys.readouterr().out
    review = Review.open(target)
    assert [one.name for one in review.reviewers()] == ["Asha Menon", "Tom Brandt"]
    review.close()


def test_without_a_name_the_contact_author_leads(rm5: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "tea.copse"
    assert main(["import", str(target), str(rm5), "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert (report["format"], report["read"]["comparisons"]) == ("rm5", 2)
    review = Review.open(target)
    assert "Berg" in review.reviewers()[0].name
    review.close()


def test_a_review_file_is_not_put_into_a_review_that_is_there(
    rm5: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "tea.copse"
    assert main(["import", str(target), str(rm5)]) == 0
    before = target.read_bytes()
    assert main(["import", str(target), str(rm5), "--as", "LEAD"]) != 0
    assert "is there already" in capsys.readouterr().err
    assert target.read_bytes() == before


@pytest.mark.parametrize("content", [None, b"no review"])
def test_what_is_wrong_is_said_of_the_file_and_not_of_the_review_to_be_made(
    content: bytes | None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, target = tmp_path / "lost.rm5", tmp_path / "new.copse"
    if content is not None:
        path.write_bytes(content)
    assert main(["import", str(target), str(path), "--as", "Asha Menon"]) == 1
    told = capsys.readouterr().err
    assert "lost.rm5" in told
    assert "new.copse" not in told
    assert not target.exists()


def test_a_review_is_written_for_revman(rm5: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target, out = tmp_path / "tea.copse", tmp_path / "new" / "again.rm5"
    main(["import", str(target), str(rm5)])
    assert main(["export", str(target), "--rm5", str(out)]) == 0
    file = read(rm5.read_bytes(), "tea.rm5")
    again = read(out.read_bytes(), "tea.rm5")
    assert (again.studies, again.comparisons) == (file.studies, file.comparisons)
    assert [path.name for path in out.parent.iterdir()] == ["again.rm5"]
    assert main(["export", str(target), "--rm5", str(tmp_path / "again.doc")]) != 0
    assert ".rm5" in capsys.readouterr().err


def test_a_folder_that_cannot_be_written_is_named(
    rm5: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "tea.copse"
    main(["import", str(target), str(rm5)])
    (tmp_path / "file").write_bytes(b"")
    assert main(["export", str(target), "--rm5", str(tmp_path / "file" / "out.rm5")]) != 0
    assert "could not be written" in capsys.readouterr().err
    assert (tmp_path / "file").read_bytes() == b""


def test_export_wants_to_know_where(tmp_path: Path, rm5: Path) -> None:
    target = tmp_path / "tea.copse"
    main(["import", str(target), str(rm5)])
    assert main(["export", str(target), "1.1"]) == 2
