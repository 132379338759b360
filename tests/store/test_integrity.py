"""What `Review.check` finds in a file that was tampered with or damaged, and what reading such a file says."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable
from pathlib import Path

import pytest

from core.errors import FileProblem
from core.model import Verdict
from core.review import Review
from core.store import search
from core.store.queries.records import RecordFilter
from tests.reviews import new_review, record_ids, ris_file, sessions


@pytest.fixture(autouse=True)
def _own_register(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COPSE_DATA_DIR", str(tmp_path / "data"))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A review with records, decisions, a file of several chunks, and a title that was changed twice."""
    review = new_review(tmp_path, records=5)
    asha, tom, _ = sessions(review)
    ids = record_ids(review)
    asha.screening.decide_many([(one, Verdict.INCLUDE, None) for one in ids])
    tom.screening.decide(ids[0], Verdict.EXCLUDE)
    asha.studies.create(label="Okafor 2019")
    letter = tmp_path / "letter.bin"
    letter.write_bytes(bytes(range(256)) * 10_000)
    asha.attachments.attach(ids[0], letter)
    (tmp_path / "empty.txt").touch()
    asha.attachments.attach(ids[1], tmp_path / "empty.txt")
    for title in ("Second title", "Third title"):
        asha.protocol.describe(title=title)
    assert review.check() == []
    review.close()
    return review.path


def tampered(path: Path, statements: Iterable[str]) -> list[str]:
    """What the check says after these statements were run behind Copse's back."""
    connection = sqlite3.connect(path)
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()
    review = Review.open(path)
    found = review.check()
    review.close()
    return found


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("UPDATE study SET label = 'Okafor 2020'", "study .* differs from what its history says"),
        ("DELETE FROM decision WHERE verdict = 'exclude'", "decision .* differs from what its history says"),
        ("DELETE FROM change WHERE fields LIKE '%Third title%'", "review .* differs from what its history says"),
        (
            'DELETE FROM change WHERE fields LIKE \'%["Ketamine for anxiety", "Second title"]%\'',
            "The history of review .* has a gap",
        ),
        ("DELETE FROM change WHERE table_name = 'attachment'", "An operation .* lost all its changes"),
        ("DELETE FROM operation WHERE kind = 'studies.create'", "The log lacks 1 operation of copy"),
        (
            "DELETE FROM reviewer WHERE name = 'Tom Brandt'",
            "1 row of decision belongs to a row of reviewer that is gone",
        ),
        ("DELETE FROM record WHERE position = 2", "records of search.ris .* not what was imported"),
        ("UPDATE record SET abstract = 'Another' WHERE position = 2", "search.ris .* not what was imported"),
        ("DELETE FROM attachment_chunk WHERE number = 1", "letter.bin .* damaged"),
        ("UPDATE attachment_chunk SET data = zeroblob(1000000) WHERE number = 1", "letter.bin .* damaged"),
        ("DELETE FROM record_search_docsize WHERE id = 3", "search index"),
        ("DELETE FROM record_search_data WHERE id > 10", "search index"),
    ],
)
def test_what_was_tampered_with_is_found(path: Path, statement: str, found: str) -> None:
    sentences = tampered(path, [statement])
    assert any(re.search(found, one) for one in sentences), sentences


def test_a_merged_review_is_in_order(path: Path, tmp_path: Path) -> None:
    """Changes made apart do not follow one another as changes of one copy do."""
    first = Review.open(path)
    first.save_copy(tmp_path / "second.copse")
    second = Review.open(tmp_path / "second.copse")
    for review in (first, second):
        for title in ("Here", "There"):
            sessions(review)[0].protocol.describe(title=f"{title} {review.path.stem}")
    first.merge(second.path)
    sessions(first)[0].protocol.describe(title="Both")
    assert first.check() == []
    first.close()
    second.close()


def test_reading_a_damaged_file_says_so(path: Path) -> None:
    connection = sqlite3.connect(path)
    (root,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'highlight_term'").fetchone()
    (size,) = connection.execute("PRAGMA page_size").fetchone()
    connection.close()
    with path.open("r+b") as stream:
        stream.seek((root - 1) * size)
        stream.write(b"\xff" * size)
    review = Review.open(path)
    with pytest.raises(FileProblem, match="review.copse is damaged"):
        sessions(review)[0].protocol.terms()
    assert any("database reports" in one for one in review.check())
    review.close()


def test_what_was_not_indexed_before_a_crash_is_found_after_opening(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_: object) -> bool:
        raise KeyboardInterrupt

    review = new_review(tmp_path)
    file = ris_file(tmp_path / "one.ris", ["Esketamine in one cohort"])
    with monkeypatch.context() as patch:
        patch.setattr(search, "index_slice", crash)
        with pytest.raises(KeyboardInterrupt):
            sessions(review)[0].references.import_file(file)
    review.close()
    again = Review.open(review.path)
    assert len(sessions(again)[0].references.ids(RecordFilter(text="esketamine"))) == 1
    again.close()
