"""Which format a file is in, and what is said of those in none."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.errors import FileProblem, InputError
from core.interchange.formats import read_review_file, recognised
from tests.interchange.rm5_files import full


@pytest.mark.parametrize("name", ["tea.rm5", "tea.xml", "tea", "Tee für alle.RM5"])
def test_rm5_by_its_content(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(full())
    assert recognised(path)
    file = read_review_file(path)
    assert (file.format, file.file_name) == ("rm5", name)


def test_rm5_in_utf16(tmp_path: Path) -> None:
    path = tmp_path / "tea.rm5"
    path.write_bytes(full().decode().replace("UTF-8", "UTF-16").encode("utf-16"))
    assert recognised(path)
    assert read_review_file(path).title == "Tea for the common cold"


def test_other_files_are_refused_with_what_can_be_opened(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("COCHRANE_REVIEW of tea")
    assert not recognised(path)
    with pytest.raises(InputError) as caught:
        read_review_file(path)
    assert "notes.txt" in caught.value.message
    assert ".rm5" in caught.value.message


def test_wrong_file_under_the_right_name_is_explained(tmp_path: Path) -> None:
    path = tmp_path / "tea.rm5"
    path.write_bytes(b"PK\x03\x04 word/document.xml")
    assert not recognised(path)
    with pytest.raises(InputError, match="Word document"):
        read_review_file(path)


def test_file_that_is_not_there(tmp_path: Path) -> None:
    path = tmp_path / "gone.rm5"
    assert not recognised(path)
    with pytest.raises(FileProblem, match=r"gone\.rm5"):
        read_review_file(path)


def test_folder_is_no_rm5(tmp_path: Path) -> None:
    folder = tmp_path / "tea.rm5"
    folder.mkdir()
    assert not recognised(folder)
    with pytest.raises(InputError, match="in no format"):
        read_review_file(folder)
