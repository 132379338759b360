"""What is done on a worker with a review of another program; core is imported here, when it is first needed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.interchange.contents import Content
    from core.interchange.model import ReviewFile
    from core.review import Review


@dataclass(frozen=True)
class Arrived:
    """A file that was read, and what it holds."""

    file: ReviewFile
    contents: Sequence[Content]


def read(path: Path) -> Arrived:
    """Read the file at `path`."""
    from core.interchange.contents import contents
    from core.interchange.formats import read_review_file

    file = read_review_file(path)
    return Arrived(file, contents(file))


def adopt(target: Path, arrived: Arrived, names: Sequence[str]) -> Review:
    """Make a review of it."""
    from core.review import Review

    return Review.adopt(target, arrived.file, reviewers=names)
