"""What is done on a worker with a review of another program; core is imported here, when it is first needed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from core.errors import InputError
from core.language import counted, figure, tr

if TYPE_CHECKING:
    from core.interchange.contents import Content
    from core.interchange.model import ReviewFile
    from core.interchange.targets import Columns
    from core.references.sheets import Sheet
    from core.review import Review

Progress = Callable[[str, float], None]
"""Is told what is being done, and the share that is done (0 to 1)."""
Stopped = Callable[[], bool]


class GivenUp(Exception):
    """The review is not wanted any more; nothing of it was left behind."""


_TRIED = 200
"""So many rows are tried out while the columns are being described."""


@dataclass(frozen=True)
class Arrived:
    """A file that was read, and what it holds."""

    file: ReviewFile
    contents: Sequence[Content]


@dataclass(frozen=True)
class Asked:
    """A table of studies, and what its columns seem to mean: somebody has to say whether they do."""

    sheet: Sheet
    columns: Columns


def read(path: Path) -> Arrived | Asked:
    """Read the file at `path`; of a table that is in no known format its rows."""
    from core.interchange import mapping
    from core.interchange.formats import read_review_file, recognised

    if not recognised(path) and mapping.is_table(path):
        sheet = mapping.read_sheet(path)
        asked = Asked(sheet, mapping.guess(sheet))
        judged(asked, asked.columns.targets)  # loads on the worker what the window would wait for at the first choice
        return asked
    return _arrived(read_review_file(path))


def read_table(asked: Asked, targets: tuple[str, ...]) -> Arrived:
    """The studies of a table whose columns mean this."""
    from core.interchange import mapping

    return _arrived(mapping.apply(asked.sheet, replace(asked.columns, targets=targets)))


def judged(asked: Asked, targets: tuple[str, ...]) -> tuple[str, bool]:
    """What the table holds with these meanings, in a sentence, and whether it can be read."""
    from core.interchange import mapping

    columns = replace(asked.columns, targets=targets)
    problems = mapping.lacking(columns)
    if problems:
        return tr(problems[0]), False
    tried = replace(asked.sheet, rows=asked.sheet.rows[:_TRIED], numbers=asked.sheet.numbers[:_TRIED])
    try:
        file = mapping.apply(tried, columns)
    except InputError as error:
        return error.message, False
    rows = sum(len(outcome.all_rows) for outcome in file.outcomes)
    parts = [
        counted("{n} study", "{n} studies", len(file.studies)),
        counted("{n} analysis", "{n} analyses", len(file.outcomes)),
        counted("{n} row of data", "{n} rows of data", rows),
    ]
    if file.risk_of_bias:
        parts.append(counted("{n} domain of risk of bias", "{n} domains of risk of bias", len(file.risk_of_bias)))
    said = ", ".join(parts)
    if len(asked.sheet.rows) > _TRIED:
        tried_rows = _TRIED - columns.heading - 1
        return tr("{what} in the first {n} of {all} rows.", what=said, n=figure(tried_rows),
                  all=figure(len(asked.sheet.rows) - columns.heading - 1)), True  # fmt: skip
    return said + ".", True


def _arrived(file: ReviewFile) -> Arrived:
    from core.interchange.contents import contents

    return Arrived(file, contents(file))


def get_ready() -> None:
    """Load what making a review needs, while what was read is being looked at."""
    for name in ("core.review", "core.session.adoption"):
        import_module(name)


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
    """Which of these tables hold the analyses or the studies of a review, by their first lines."""
    from core.interchange import mapping
    from core.interchange.formats import recognised

    return frozenset(path for path in tables if recognised(path) or mapping.recognise(path))
