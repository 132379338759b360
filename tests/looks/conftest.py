"""The reviews whose pages are looked at, made once in each worker, and the one window they are shown in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from core.example import open_example
from core.interchange.formats import read_review_file
from core.review import Review
from gui.theme import Theme
from tests.gui.arrivals import rm5
from tests.looks.stage import Stage
from tests.reviews import new_review

MANY = 50_000


@pytest.fixture(scope="module")
def review_with(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The file of a review with "no" records, with a "few" (the example, 3,127, all stages done), or "many"; one that
    came from a RevMan file ("revman")."""

    @cache
    def make(rows: str) -> Path:
        folder = tmp_path_factory.mktemp(rows)
        if rows == "few":
            return open_example(folder)
        if rows == "revman":
            review = Review.adopt(folder / "tea.copse", read_review_file(rm5(folder)), reviewers=["Ada Byron"])
        else:
            review = new_review(folder, MANY if rows == "many" else 0)
        review.close()
        return review.path

    return make


@pytest.fixture(scope="module")
def stage(qapp: QApplication, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """The window, at rest."""
    made = Stage(Theme(qapp, "light"), tmp_path_factory.mktemp("looks"))
    yield made
    made.close()
