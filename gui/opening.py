"""How a review comes from its file: called on a worker, since the database library is loaded by the first of them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.review import Review


def open_file(path: Path) -> Review:
    """The review kept at `path`."""
    # Imported here, on the worker: the start page is on screen before the database library is loaded.
    from core.review import Review

    return Review.open(path)


def create_file(path: Path, title: str, names: list[str]) -> Review:
    """A new review at `path`."""
    from core.review import Review

    return Review.create(path, title=title, reviewers=names)


def open_example(folder: Path) -> Review:
    """The example review, made in `folder` if it is not there."""
    from core.example import open_example
    from core.review import Review

    return Review.open(open_example(folder))
