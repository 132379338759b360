"""Every page and tab looks right with no, few and many rows, at each size, in both schemes.

`make test` leaves out the 50,000 rows; `make screenshots` takes them in, runs all again at two device pixels for one,
and keeps the pictures. A page that is wrong leaves its picture in any case.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from gui.tokens import Scheme
from tests.gui.accessible_checks import accessible_faults
from tests.gui.layout_checks import faults
from tests.looks.pictures import picture_faults
from tests.looks.stage import ARRIVAL, PAGE_IDS, SCHEMES, SIZES, Stage, save

PICTURES_WANTED = "COPSE_PICTURES"
PICTURES = Path(__file__).parents[2] / "build" / "screenshots"
ROWS = ("no", "few", pytest.param("many", marks=pytest.mark.looks))
KNOWN: dict[str, str] = {}
"""Words of a fault that is meant to be, and why."""


@pytest.mark.parametrize("page", PAGE_IDS)
@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("rows", ROWS)
def test_a_page_looks_right(
    rows: str, scheme: Scheme, page: str, stage: Stage, review_with: Callable[[str], Path]
) -> None:
    assert stage.open(review_with(rows)) == []
    look_at(stage, page, scheme, rows)


@pytest.mark.parametrize("page", [ARRIVAL, "report"])
@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_review_of_another_program_looks_right(
    scheme: Scheme, page: str, stage: Stage, review_with: Callable[[str], Path]
) -> None:
    assert stage.open(review_with("revman")) == []
    look_at(stage, page, scheme, "revman")


def look_at(stage: Stage, page: str, scheme: Scheme, rows: str) -> None:
    """Look at each tab of a page at each size."""
    found: dict[str, None] = {}
    for view in stage.views(page):
        for size in SIZES:
            stage.dress(scheme, size)
            picture = stage.picture()
            wrong = [*faults(stage.window), *picture_faults(stage.window, picture)]
            if (scheme, size) == ("light", SIZES[1]):
                wrong += accessible_faults(stage.window)
            if stage.window.size() != size:
                wrong.append(f"the window is {stage.window.width()} × {stage.window.height()}")
            wrong = [each for each in wrong if not any(words in each for words in KNOWN)]
            found |= dict.fromkeys(f"{view.name} at {size.width()} × {size.height()}: {each}" for each in wrong)
            if wrong or PICTURES_WANTED in os.environ:
                save(picture, PICTURES, f"{view.name}-{rows}-{scheme}")
    assert not found, "\n".join(["", *found])


def test_every_page_fits_with_text_twice_as_large(stage: Stage, review_with: Callable[[str], Path]) -> None:
    _fits_twice_as_large(stage, review_with("few"), PAGE_IDS[1:], "few")


def test_a_review_of_another_program_fits_with_text_twice_as_large(
    stage: Stage, review_with: Callable[[str], Path]
) -> None:
    _fits_twice_as_large(stage, review_with("revman"), (ARRIVAL, "report"), "revman")


def _fits_twice_as_large(stage: Stage, review: Path, pages: Sequence[str], rows: str) -> None:
    assert stage.open(review) == []
    found: dict[str, None] = {}
    stage.enlarge(200)
    try:
        for page in pages:
            for view in stage.views(page):
                stage.dress("light", SIZES[1])
                wrong = faults(stage.window)
                found |= dict.fromkeys(f"{view.name}: {each}" for each in wrong)
                if wrong or PICTURES_WANTED in os.environ:
                    save(stage.picture(), PICTURES, f"{view.name}-{rows}-200")
    finally:
        stage.enlarge(100)
    assert not found, "\n".join(["", *found])
