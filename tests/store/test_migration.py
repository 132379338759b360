"""A review's file of an earlier version is brought up to this one when it is opened."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from core.errors import FileProblem
from core.review import Review
from core.store.schema import SCHEMA_VERSION

LATER_COLUMNS = {
    "study": ("year", "data_source"),
    "analysis": (
        "experimental",
        "control",
        "effect_label",
        "show_subtotals",
        "swap_events",
        "study_level",
        "outcome_group",
        "columns",
    ),
}
LATER_TABLES = ("own_tool", "origin")


@pytest.fixture
def version_1(tmp_path: Path) -> Path:
    """A review as version 1 wrote it, with one study."""
    path = tmp_path / "old.copse"
    review = Review.create(path, title="Old", reviewers=["Ada Byron"])
    review.session(review.reviewers()[0].id).studies.create(label="Smith 2001")
    review.close()
    with closing(sqlite3.connect(path)) as connection:
        for table, columns in LATER_COLUMNS.items():
            for column in columns:
                connection.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
        for table in LATER_TABLES:
            connection.execute(f"DROP TABLE {table}")
        connection.execute("PRAGMA user_version=1")
        connection.commit()
    return path


def dumped(path: Path) -> list[str]:
    """All that the file holds, as SQL."""
    with closing(sqlite3.connect(path)) as connection:
        return [*connection.iterdump(), str(connection.execute("PRAGMA user_version").fetchone())]


def test_an_earlier_file_opens_whole_and_a_copy_of_it_is_kept(version_1: Path) -> None:
    before = dumped(version_1)
    review = Review.open(version_1)
    assert review.check() == []
    session = review.session(review.reviewers()[0].id)
    assert [study.label for study in session.studies.list()] == ["Smith 2001"]
    comparison = session.synthesis.add_comparison("Drug v placebo").value
    assert session.synthesis.tree()[0].id == comparison
    session.undo()
    session.undo()
    assert session.studies.list() == ()
    review.close()
    kept = version_1.with_name("old (version 1).copse")
    assert dumped(kept) == before


def test_it_is_done_once(version_1: Path) -> None:
    for _ in range(2):
        Review.open(version_1).close()
    assert sorted(p.name for p in version_1.parent.glob("*.copse")) == ["old (version 1).copse", "old.copse"]
    with closing(sqlite3.connect(version_1)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (SCHEMA_VERSION,)


def test_no_earlier_copy_is_overwritten(version_1: Path) -> None:
    other = version_1.with_name("old (version 1).copse")
    other.write_text("mine")
    Review.open(version_1).close()
    assert other.read_text() == "mine"
    assert version_1.with_name("old (version 1, 2).copse").exists()


def test_an_earlier_copy_of_a_review_still_merges(version_1: Path, tmp_path: Path) -> None:
    new = tmp_path / "new.copse"
    old = tmp_path / "colleague.copse"
    old.write_bytes(version_1.read_bytes())
    new.write_bytes(version_1.read_bytes())
    review = Review.open(new)
    report = review.merge(old)
    assert report.operations == 0
    assert review.check() == []
    review.close()


def test_a_damaged_earlier_file_is_refused_and_left_alone(version_1: Path) -> None:
    with closing(sqlite3.connect(version_1)) as connection:
        connection.execute("CREATE VIEW own_tool AS SELECT 1 AS id")
        connection.commit()
    before = version_1.read_bytes()
    with pytest.raises((FileProblem, sqlite3.Error)):
        Review.open(version_1)
    assert version_1.read_bytes() == before
