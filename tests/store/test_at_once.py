"""Two at the same file, or at the same moment: what was checked still holds when it is written."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest
from filelock import FileLock
from sqlalchemy import Connection

from core.errors import NotAllowed
from core.model import Verdict
from core.review import Review
from core.store import files, staging
from core.store.database import Database
from core.store.staging_process import stage_in_process
from tests.reviews import new_review, record_ids, ris_file, sessions, titles


@pytest.fixture(autouse=True)
def _own_register(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COPSE_DATA_DIR", str(tmp_path / "data"))


def test_a_right_that_is_taken_while_one_waits_to_write_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    review = new_review(tmp_path, records=1)
    asha, tom, _ = sessions(review)
    (record,) = record_ids(review)
    usual, begun, taken = Database.transaction, threading.Event(), threading.Event()

    @contextmanager
    def waiting(self: Database) -> Generator[Connection]:
        if threading.current_thread().name == "tom":
            begun.set()
            assert taken.wait(10)
        with usual(self) as connection:
            yield connection

    refused: list[BaseException] = []

    def decide() -> None:
        try:
            tom.screening.decide(record, Verdict.INCLUDE)
        except NotAllowed as error:
            refused.append(error)

    monkeypatch.setattr(Database, "transaction", waiting)
    thread = threading.Thread(target=decide, name="tom")
    thread.start()
    assert begun.wait(10)
    asha.protocol.set_roles(tom.reviewer.id, is_lead=False, is_adjudicator=True, is_screener=False)
    taken.set()
    thread.join(10)
    assert [type(one) for one in refused] == [NotAllowed]
    assert tom.screening.my_decision(record) is None
    review.close()


def test_two_imports_read_at_once_know_of_each_other(tmp_path: Path) -> None:
    review = new_review(tmp_path)
    lead = sessions(review)[0]
    staged = [
        staging.stage_file(ris_file(tmp_path / name, titles(3)), tmp_path / f"{name}.sqlite", review=review.path)
        for name in ("one.ris", "two.ris")
    ]
    reports = [lead.references.import_staged(one).value for one in staged]
    assert [(one.new, one.duplicates) for one in reports] == [(3, 0), (0, 3)]
    assert lead.references.count() == 3
    review.close()


def test_reading_a_file_beside_the_window_leaves_the_review_alone(tmp_path: Path) -> None:
    """Also when something in this process has read the review, which makes the system forget SQLite's locks."""
    review = new_review(tmp_path, records=3)
    lead = sessions(review)[0]
    with review.path.open("rb") as anyone:
        anyone.read(16)
    with staging.scratch_file() as scratch:
        staged = stage_in_process(ris_file(tmp_path / "more.ris", titles(4)), scratch, review=review.path)
        assert staged is not None
        report = lead.references.import_staged(staged).value
    assert (report.new, report.duplicates) == (1, 3)
    crashed = tmp_path / "crashed"
    crashed.mkdir()
    for ending in ("", "-wal"):
        shutil.copy(f"{review.path}{ending}", crashed)
    review.close()
    after = Review.open(crashed / review.path.name)
    assert sessions(after)[0].references.count() == 4
    after.close()


def test_letting_go_of_a_file_does_not_let_two_have_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another takes the file in the very moment it is released."""
    path = tmp_path / "review.copse"
    first = files.lock(path)
    held: list[FileLock] = []
    usual = FileLock.release

    def release(self: FileLock, force: bool = False) -> None:
        usual(self, force)
        if not held:
            held.append(files.lock(path))

    monkeypatch.setattr(FileLock, "release", release)
    files.release(first)
    monkeypatch.undo()
    with pytest.raises(files.FileProblem):
        files.lock(path)
    files.release(held[0])
    assert not list(tmp_path.glob("*.lock"))


def test_a_file_left_by_a_killed_program_opens(tmp_path: Path) -> None:
    new_review(tmp_path, records=2).close()
    code = (
        "import sys; from core.review import Review; from core.model import Verdict\n"
        "r = Review.open(sys.argv[1]); s = r.session(r.reviewers()[0].id)\n"
        "s.screening.decide(s.references.ids()[0], Verdict.INCLUDE); print('decided', flush=True); sys.stdin.read()"
    )
    other = subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path / "review.copse")],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": os.getcwd()},
    )  # fmt: skip
    assert other.stdout is not None
    assert other.stdout.readline() == "decided\n"
    with pytest.raises(files.FileProblem, match="already open"):
        Review.open(tmp_path / "review.copse")
    other.send_signal(signal.SIGKILL)
    other.communicate()
    assert (tmp_path / "review.copse.lock").exists()
    review = Review.open(tmp_path / "review.copse")
    assert len(sessions(review)[0].screening.decided()) == 1
    assert review.check() == []
    review.close()
