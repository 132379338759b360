"""Files kept in the review."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import func, select

from core.errors import FileProblem, InputError
from core.review import Review
from core.store.log_tables import change
from core.store.schema import attachment_chunk
from tests.reviews import new_review, record_ids, sessions


@pytest.fixture(autouse=True)
def _own_register(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COPSE_DATA_DIR", str(tmp_path / "data"))


def test_a_file_comes_back_as_it_was(tmp_path: Path) -> None:
    review = new_review(tmp_path, records=2)
    asha = sessions(review)[0]
    first, second = record_ids(review)
    article = tmp_path / "article.pdf"
    article.write_bytes(bytes(range(256)) * 10_000)  # more than two chunks
    kept = asha.attachments.attach(first, article).value
    view = asha.attachments.of(first)[0]
    assert (view.name, view.media_type, view.size) == ("article.pdf", "application/pdf", 2_560_000)
    assert asha.attachments.write_to(kept, tmp_path / "out.pdf").read_bytes() == article.read_bytes()
    asha.attachments.attach(second, article)
    chunks = select(func.count()).select_from(attachment_chunk)
    assert review.store.reader.execute(chunks).scalar() == 3  # the same content is kept once
    logged = str(review.store.reader.execute(select(change.c.fields)).all())
    assert len(logged) < 50_000  # the log holds the hash, not the content
    review.close()


def test_removal_is_undone_and_copies_bring_files_along(tmp_path: Path) -> None:
    review = new_review(tmp_path, records=1)
    review.save_copy(tmp_path / "copy.copse")
    asha = sessions(review)[0]
    record_id = record_ids(review)[0]
    letter = tmp_path / "letter.txt"
    letter.write_text("Dear reviewers", encoding="utf-8")
    kept = asha.attachments.attach(record_id, letter).value
    asha.attachments.detach(kept)
    assert asha.attachments.of(record_id) == ()
    asha.undo()
    review.store.checkpoint()
    copy = Review.open(tmp_path / "copy.copse")
    copy.merge(review.path)
    there = sessions(copy)[0].attachments
    assert there.write_to(kept, tmp_path / "out.txt").read_text(encoding="utf-8") == "Dear reviewers"
    copy.close()
    review.close()


def test_what_cannot_be_read_or_written_is_named(tmp_path: Path) -> None:
    review = new_review(tmp_path, records=1)
    asha = sessions(review)[0]
    record_id = record_ids(review)[0]
    with pytest.raises(InputError, match="gone.pdf could not be read"):
        asha.attachments.attach(record_id, tmp_path / "gone.pdf")
    letter = tmp_path / "letter.txt"
    letter.write_text("Dear reviewers", encoding="utf-8")
    kept = asha.attachments.attach(record_id, letter).value
    with pytest.raises(FileProblem, match="letter.txt could not be written"):
        asha.attachments.write_to(kept, tmp_path / "no folder" / "letter.txt")
    review.close()
