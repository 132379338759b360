"""Every page and tab looks right with no, few and many rows, at each size, in both schemes.

`make test` leaves out the 50,000 rows; `make screenshots` takes them in, runs all again at two device pixels for one,
and keeps the pictures. A page that is wrong leaves its picture in any case.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from gui.tokens import Scheme
from tests.gui.layout_checks import faults
from tests.looks.pictures import picture_faults
from tests.looks.stage import PAGE_IDS, SCHEMES, SIZES, Stage, save

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
    found: dict[str, None] = {}
    for view in stage.views(page):
        for size in SIZES:
            stage.dress(scheme, size)
            picture = stage.picture()
            wrong = [*faults(stage.window), *picture_faults(stage.window, picture)]
            if stage.window.size() != size:
                wrong.append(f"the window is {stage.window.width()} × {stage.window.height()}")
            wrong = [each for each in wrong if not any(words in each for words in KNOWN)]
            found |= dict.fromkeys(f"{view.name} at {size.width()} × {size.height()}: {each}" for each in wrong)
            if wrong or PICTURES_WANTED in os.environ:
                save(picture, PICTURES, f"{view.name}-{rows}-{scheme}")
    assert not found, "\n".join(["", *found])
