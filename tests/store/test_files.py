"""The review's file: made, opened, locked, copied; and what is said when that cannot be."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from core.errors import FileProblem, InputError
from core.model import Verdict
from core.review import Review
from core.store.staging import stage_file
from tests.reviews import new_review, record_ids, ris_file, sessions, titles


@pytest.fixture(autouse=True)
def _own_register(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COPSE_DATA_DIR", str(tmp_path / "data"))


def _bytes_of(folder: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in folder.iterdir() if p.is_file()}


def test_a_closed_review_is_one_file(tmp_path: Path) -> None:
    review = new_review(tmp_path, records=3)
    review.close()
    assert {p.name for p in tmp_path.iterdir() if p.is_file()} == {"review.copse", "search.ris"}


def test_every_commit_reaches_the_disk(tmp_path: Path) -> None:
    review = new_review(tmp_path)
    assert review.store.database.pragma("synchronous") == 2  # FULL
    assert review.store.database.pragma("journal_mode") == "wal"
    assert review.store.database.pragma("secure_delete") == 1
    assert review.store.database.pragma("foreign_keys") == 1
    review.close()


def test_a_file_that_is_no_review(tmp_path: Path) -> None:
    path = tmp_path / "notes.copse"
    path.write_text("shopping list", encoding="utf-8")
    before = _bytes_of(tmp_path)
    with pytest.raises(FileProblem, match="notes.copse is not a Copse review. Nothing was changed"):
        Review.open(path)
    assert _bytes_of(tmp_path) == before


def test_another_programs_database(tmp_path: Path) -> None:
    path = tmp_path / "library.copse"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE books (title TEXT)")
    connection.close()
    before = _bytes_of(tmp_path)
    with pytest.raises(FileProblem, match="is not a Copse review"):
        Review.open(path)
    assert _bytes_of(tmp_path) == before


def test_a_file_of_a_newer_version(tmp_path: Path) -> None:
    new_review(tmp_path).close()
    path = tmp_path / "review.copse"
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version=99")
    connection.close()
    before = _bytes_of(tmp_path)
    with pytest.raises(FileProblem, match="review.copse was written by a newer Copse .*Update Copse to open it"):
        Review.open(path)
    assert _bytes_of(tmp_path) == before


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(FileProblem, match="There is no file"):
        Review.open(tmp_path / "gone.copse")


def test_a_folder_named_like_a_review(tmp_path: Path) -> None:
    (tmp_path / "review.copse").mkdir()
    with pytest.raises(FileProblem, match="review.copse is a folder, not a review"):
        Review.open(tmp_path / "review.copse")


def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    new_review(tmp_path).close()

    def refused(_path: Path, *_mode: str) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refused)
    with pytest.raises(FileProblem, match="review.copse cannot be read: permission denied. Nothing was changed"):
        Review.open(tmp_path / "review.copse")


def test_a_review_deleted_before_the_first_change(tmp_path: Path) -> None:
    new_review(tmp_path).close()
    review = Review.open(tmp_path / "review.copse")
    review.path.unlink()
    with pytest.raises(FileProblem, match="is no longer in .* Put it back there"):
        sessions(review)[0].protocol.describe(title="Lost?")
    review.close()


def test_a_damaged_file(tmp_path: Path) -> None:
    new_review(tmp_path, records=40).close()
    path = tmp_path / "review.copse"
    content = bytearray(path.read_bytes())
    content[100:30_000] = b"\xff" * 29_900
    path.write_bytes(content)
    with pytest.raises(FileProblem, match="review.copse is damaged"):
        Review.open(path)
    assert path.read_bytes() == bytes(content)


def test_a_read_only_folder(tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    folder.mkdir()
    new_review(folder).close()
    before = _bytes_of(folder)
    folder.chmod(stat.S_IRUSR | stat.S_IXUSR)
    try:
        with pytest.raises(FileProblem, match="in a folder that cannot be written .*Copy the file to a folder"):
            Review.open(folder / "review.copse")
        with pytest.raises(FileProblem, match="in a folder that cannot be written"):
            new_review(folder, name="second.copse")
    finally:
        folder.chmod(stat.S_IRWXU)
    assert _bytes_of(folder) == before


def test_a_read_only_file(tmp_path: Path) -> None:
    new_review(tmp_path).close()
    (tmp_path / "review.copse").chmod(stat.S_IRUSR)
    with pytest.raises(FileProblem, match=r"review.copse is marked read-only"):
        Review.open(tmp_path / "review.copse")


def test_a_review_that_is_open_elsewhere(tmp_path: Path) -> None:
    review = new_review(tmp_path)
    with pytest.raises(FileProblem, match="already open in another Copse window"):
        Review.open(tmp_path / "review.copse")
    code = (
        "import sys; from core.review import Review; from core.errors import FileProblem\n"
        "try: Review.open(sys.argv[1])\n"
        "except FileProblem as problem: print(problem.code)"
    )
    other = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "review.copse")],
        capture_output=True, text=True, check=True, env={**os.environ, "PYTHONPATH": os.getcwd()},
    )  # fmt: skip
    assert other.stdout.strip() == "file.open_elsewhere"
    review.close()
    Review.open(tmp_path / "review.copse").close()


def test_a_new_review_overwrites_nothing(tmp_path: Path) -> None:
    path = tmp_path / "review.copse"
    path.write_text("mine", encoding="utf-8")
    with pytest.raises(InputError, match="exists already and was not touched"):
        new_review(tmp_path)
    assert path.read_text(encoding="utf-8") == "mine"


def test_a_new_review_without_title_leaves_no_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="needs a title"):
        Review.create(tmp_path / "review.copse", title="  ", reviewers=["Asha Menon"])
    with pytest.raises(InputError, match="same name"):
        Review.create(tmp_path / "review.copse", title="T", reviewers=["Asha Menon", "asha menon"])
    assert not list(tmp_path.glob("review*"))


def test_a_copy_gets_an_id_of_its_own(tmp_path: Path) -> None:
    review = new_review(tmp_path, records=2)
    review.save_copy(tmp_path / "copy.copse")
    device = review.store.device
    review.close()
    again = Review.open(tmp_path / "review.copse")
    assert again.store.device == device
    again.close()
    copy = Review.open(tmp_path / "copy.copse")
    assert copy.store.device != device
    assert copy.check() == []
    copy.close()


def test_a_file_copied_by_hand_gets_an_id_of_its_own(tmp_path: Path) -> None:
    review = new_review(tmp_path)
    device = review.store.device
    review.close()
    (tmp_path / "by hand.copse").write_bytes((tmp_path / "review.copse").read_bytes())
    copy = Review.open(tmp_path / "by hand.copse")
    assert copy.store.device != device
    copy.close()


def test_an_older_backup_put_back_gets_an_id_of_its_own(tmp_path: Path) -> None:
    review = new_review(tmp_path)
    device = review.store.device
    review.close()
    backup = (tmp_path / "review.copse").read_bytes()
    review = Review.open(tmp_path / "review.copse")
    sessions(review)[0].protocol.describe(title="Another title")
    review.close()
    (tmp_path / "review.copse").write_bytes(backup)
    restored = Review.open(tmp_path / "review.copse")
    assert restored.store.device != device
    restored.close()


def test_a_full_disk_keeps_what_was_there(tmp_path: Path) -> None:
    review = new_review(tmp_path, records=5)
    lead = sessions(review)[0]
    before = lead.protocol.protocol()
    pages = review.store.database.pragma("page_count")
    review.store.database.pragma(f"max_page_count={pages}")
    with pytest.raises(FileProblem, match="The disk is full, so the last change to review.copse was not kept"):
        lead.protocol.describe(notice="x" * 2_000_000)
    review.store.database.pragma("max_page_count=1073741823")
    assert lead.protocol.protocol() == before
    lead.protocol.add_term("include", "after all")
    assert "after all" in [t.text for t in lead.protocol.terms()]
    assert review.check() == []
    review.close()


STRANGE = "Wörk? 100% #1 & 'more' 试验.copse"


def test_a_strange_file_name_is_a_file_name(tmp_path: Path) -> None:
    review = new_review(tmp_path, records=3, name=STRANGE)
    review.save_copy(tmp_path / f"copy of {STRANGE}")
    # Read again while the review is looked at for duplicates.
    assert sessions(review)[0].references.import_file(tmp_path / "search.ris").value.duplicates == 3
    review.close()
    Review.open(tmp_path / f"copy of {STRANGE}").close()
    names = {p.name for p in tmp_path.iterdir() if p.is_file()}
    assert names == {STRANGE, f"copy of {STRANGE}", "search.ris"}


def test_a_place_for_settings_that_cannot_be_written_keeps_nobody_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "data").write_text("a file where a folder should be", encoding="utf-8")
    review = new_review(tmp_path, records=1)
    device = review.store.device
    review.store.checkpoint()
    review.close()
    again = Review.open(tmp_path / "review.copse")
    assert again.store.device != device  # nobody can say that it is the same copy
    assert again.check() == []
    again.close()


@pytest.mark.parametrize("content", ["[]", "{", "\x00"])
def test_a_damaged_register_of_copies_is_begun_anew(tmp_path: Path, content: str) -> None:
    new_review(tmp_path).close()
    (tmp_path / "data" / "copies.json").write_text(content, encoding="utf-8")
    Review.open(tmp_path / "review.copse").close()


def test_a_new_review_that_cannot_be_finished_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise FileProblem("file.full", "The disk is full.")

    monkeypatch.setattr("core.store.search.create", full)
    with pytest.raises(FileProblem, match="disk is full"):
        new_review(tmp_path)
    monkeypatch.undo()
    assert not [p.name for p in tmp_path.iterdir() if p.is_file()]


def test_a_copy_that_cannot_be_finished_leaves_no_file(tmp_path: Path) -> None:
    review = new_review(tmp_path, records=3)
    (tmp_path / "copy.copse-journal").mkdir()  # SQLite cannot write its journal
    with pytest.raises(FileProblem):
        review.save_copy(tmp_path / "copy.copse")
    assert not (tmp_path / "copy.copse").exists()
    review.close()


def test_a_closed_review_is_not_read_again(tmp_path: Path) -> None:
    review = new_review(tmp_path, records=3)
    lead = sessions(review)[0]
    review.close()
    review.close()
    with pytest.raises(FileProblem, match="review.copse has been closed"):
        lead.references.count()
    assert {p.name for p in tmp_path.iterdir() if p.is_file()} == {"review.copse", "search.ris"}


def test_a_full_disk_at_the_last_moment_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    review = new_review(tmp_path, records=3)
    sessions(review)[0].protocol.describe(title="Kept")

    def full(_self: object) -> None:
        raise FileProblem("file.full", "The disk is full.")

    monkeypatch.setattr("core.store.database.Database.checkpoint", full)
    with pytest.raises(FileProblem):
        review.close()
    monkeypatch.undo()
    again = Review.open(tmp_path / "review.copse")  # not still locked
    assert again.title == "Kept"
    again.close()


def test_two_writers_never_use_one_number(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between the commit of one and its next step another may write."""
    from collections.abc import Generator
    from contextlib import contextmanager

    from sqlalchemy import Connection

    from core.store.database import Database

    review = new_review(tmp_path)
    lead, second, _ = sessions(review)
    usual = Database.transaction
    waiting = [lambda: second.studies.create(label="Second")]

    @contextmanager
    def interrupted(self: Database) -> Generator[Connection]:
        with usual(self) as connection:
            yield connection
        if waiting:
            waiting.pop()()

    monkeypatch.setattr(Database, "transaction", interrupted)
    lead.studies.create(label="First")
    lead.studies.create(label="Third")
    assert [s.label for s in lead.studies.list()] == ["First", "Second", "Third"]
    assert review.check() == []
    review.close()


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="file names are text there")
def test_a_name_that_is_no_text_is_a_file_name(tmp_path: Path) -> None:
    """Names from old archives may be in an encoding that nobody told the system."""
    name = os.fsdecode(b"M\xfcller.copse")
    review = new_review(tmp_path, name=name)
    asha = sessions(review)[0]
    search = ris_file(tmp_path / os.fsdecode(b"Gr\xf6\xdfe.ris"), titles(3))
    asha.references.import_file(search)
    letter = tmp_path / os.fsdecode(b"Br\xefef.txt")
    letter.write_text("Dear reviewers", encoding="utf-8")
    kept = asha.attachments.attach(record_ids(review)[0], letter).value
    assert asha.attachments.of(record_ids(review)[0])[0].name == "Br\ufffdef.txt"
    assert (
        asha.attachments.write_to(kept, tmp_path / os.fsdecode(b"Br\xefef 2.txt")).read_bytes() == letter.read_bytes()
    )
    assert asha.references.sources()[0].name == "MEDLINE"
    copy = tmp_path / os.fsdecode(b"K\xf6pie.copse")
    review.save_copy(copy)
    review.merge(copy)
    assert review.check() == []
    review.close()
    device = review.store.device
    again = Review.open(review.path)
    assert again.store.device == device
    with pytest.raises(FileProblem, match="already open") as problem:
        Review.open(review.path)
    assert problem.value.message.encode("utf-8")
    again.close()


def test_no_room_for_what_was_read_is_said_and_nothing_imported(tmp_path: Path) -> None:
    review = new_review(tmp_path)
    with pytest.raises(FileProblem, match="staged.sqlite cannot be written"):
        stage_file(ris_file(tmp_path / "one.ris", titles(2)), tmp_path / "gone" / "staged.sqlite", review=review.path)
    assert sessions(review)[0].references.count() == 0
    review.close()


def test_a_full_disk_beside_the_review_stops_no_decision(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    review = new_review(tmp_path, records=1)

    def full(self: Path, *_: object, **__: object) -> int:
        self.touch()
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    asha = sessions(review)[0]
    asha.screening.decide(record_ids(review)[0], Verdict.INCLUDE)
    review.store.checkpoint()
    review.close()
    again = Review.open(review.path)
    assert len(sessions(again)[0].screening.decided()) == 1
    assert [p.name for p in (tmp_path / "data").iterdir()] == ["copies.json"]
    again.close()
