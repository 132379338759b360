"""Works on a review without pause and says so on standard output, until it is killed (see test_kill.py).

Before each write it prints ``begin KIND``; after the commit has returned, ``done KIND OPERATION-ID``.
"""

from __future__ import annotations

import random
import sys
from pathlib import Path

from core.errors import Conflict
from core.model import OpResult, Verdict
from core.review import Review, Session
from core.store import staging
from tests.reviews import ris_file, titles


def say(text: str) -> None:
    """One line, at once."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def work(session: Session, choice: random.Random, folder: Path, number: int) -> tuple[str, OpResult[object] | None]:
    """One random write; the kind, and what it gave back."""
    kind = choice.choices(["decide", "many", "undo", "import", "checkpoint"], [6, 4, 4, 3, 3])[0]
    if kind == "import":
        # Reading the file writes nothing to the review yet, so it does not count as a write in flight.
        path = ris_file(folder / f"search-{number}.ris", titles(60, start=number * 100), year=1990 + number % 30)
        with staging.scratch_file() as scratch:
            staged = staging.stage_file(path, scratch, review=session.review.path)
            say(f"begin {kind}")
            return kind, session.references.import_staged(staged)
    waiting = session.screening.queue(limit=40)
    say(f"begin {kind}")
    if kind == "checkpoint":
        session.review.store.checkpoint()
        return kind, None
    if kind == "undo":
        try:
            return kind, session.undo()
        except Conflict:
            return kind, None
    if kind == "many":
        return kind, session.screening.decide_many([(i, Verdict.EXCLUDE, None) for i in waiting])
    if not waiting:
        return kind, None
    return kind, session.screening.decide(choice.choice(waiting), choice.choice(list(Verdict)))


def main() -> None:
    """Open the review named on the command line and never stop."""
    path, seed = Path(sys.argv[1]), int(sys.argv[2])
    review = Review.open(path)
    choice = random.Random(seed)
    people = [review.session(one.id) for one in review.reviewers() if one.is_screener]
    say(f"synchronous {review.store.database.pragma('synchronous')}")
    number = seed * 1000
    while True:
        number += 1
        kind, result = work(choice.choice(people), choice, path.parent, number)
        done = result.operation.hex() if result is not None and result.operation is not None else "-"
        say(f"done {kind} {done}")


if __name__ == "__main__":
    main()
