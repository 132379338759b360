"""The example review, built once from its exports for all tests of a run."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock

from core.example import build_example
from core.review import Review, Session


@pytest.fixture(scope="session")
def built_example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example's file. Tests only read it; workers of one run share it."""
    base = tmp_path_factory.getbasetemp()
    shared = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "built-example"
    target = shared / "example.copse"
    shared.mkdir(exist_ok=True)
    with FileLock(shared / "building"):
        if not target.exists():
            build_example(shared / "new" / "example.copse").replace(target)
    return target


@pytest.fixture(scope="module")
def review(built_example: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Review]:
    """A copy of the built example, open."""
    copy = tmp_path_factory.mktemp("example") / "example.copse"
    shutil.copyfile(built_example, copy)
    opened = Review.open(copy)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def lead(review: Review) -> Session:
    """The lead's session."""
    return review.session(review.reviewer_named("LEAD").id)
