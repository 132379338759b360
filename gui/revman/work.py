"""What is done on a worker with a review of another program; core is imported here, when it is first needed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.interchange.contents import Content
    from core.interchange.model import ReviewFile
    from core.review import Review

Progress = Callable[[str, float], None]
"""Is told what is being done, and the share that is done (0 to 1)."""
Stopped = Callable[[], bool]


class GivenUp(Exception):
    """The review is not wanted any more; nothing of it was left behind."""


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


def adopt(target: Path, arrived: Arrived, names: Sequence[str], progress: Progress, stopped: Stopped) -> Review:
    """Make a review of it at `target`. Raises GivenUp as soon as `stopped` says so."""
    from core.review import Review

    def tell(what: str, done: int, total: int) -> None:
        if stopped():
            raise GivenUp
        progress(what, done / total)

    review = Review.adopt(target, arrived.file, reviewers=names, progress=tell)
    if stopped():
        discard(review)
        raise GivenUp
    return review


def discard(review: Review) -> None:
    """Take away a review that was made and is not wanted any more."""
    review.close()
    review.path.unlink(missing_ok=True)


def reviews_among(tables: Iterable[Path]) -> frozenset[Path]:
    """Which of these tables hold the analyses or studies of a review, by their first lines."""
    from core.interchange.formats import recognised

    return frozenset(path for path in tables if recognised(path))
