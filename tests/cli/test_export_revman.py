"""`export` for RevMan's programs: what is written is read back with the same results."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.cli import main
from core.interchange.formats import read_review_file
from core.interchange.verify import verify
from tests.interchange import rm5_files


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("export")
    (folder / "tea.rm5").write_bytes(rm5_files.full())
    assert main(["import", str(folder / "tea.copse"), str(folder / "tea.rm5"), "--as", "Ann"]) == 0
    return folder / "tea.copse"


@pytest.mark.parametrize(("option", "name"), [("--revman-csv", "tea.csv"), ("--revman-web", "CD1-data.zip")])
def test_the_analyses_of_a_review_are_written_with_their_results(
    option: str, name: str, project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["export", str(project), option, str(tmp_path / name)]) == 0
    assert capsys.readouterr().out == f"{tmp_path / name}\n"
    before, after = read_review_file(project.with_suffix(".rm5")), read_review_file(tmp_path / name)
    assert [(one.id, one.name, one.measure) for one in after.outcomes] == [
        (one.id, one.name, one.measure) for one in before.outcomes
    ]
    assert [len(one.all_rows) for one in after.outcomes] == [len(one.all_rows) for one in before.outcomes]
    checked = verify(after)
    assert checked.matches, checked.differences
    assert checked.outcomes.total > 0


@pytest.mark.parametrize(("option", "name"), [("--revman-csv", "tea.rm5"), ("--revman-web", "tea.csv")])
def test_a_name_with_another_ending_is_refused(option: str, name: str, project: Path, tmp_path: Path) -> None:
    assert main(["export", str(project), option, str(tmp_path / name)]) == 1
    assert not (tmp_path / name).exists()
