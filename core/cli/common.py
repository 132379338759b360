"""What the commands share: parsers, the reviewer who acts, files that are written."""

from __future__ import annotations

import argparse
import json
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from core.review import Review, Session


def parser(command: str, description: str, epilog: str = "") -> argparse.ArgumentParser:
    """The parser of a command."""
    return argparse.ArgumentParser(
        f"main.py {command}",
        description=description,
        epilog=epilog,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )


def takes_review(one: argparse.ArgumentParser) -> None:
    """Add the review and the reviewer who acts."""
    one.add_argument("project", type=Path, metavar="PROJECT", help="the review's file (.copse)")
    one.add_argument(
        "--as", dest="reviewer", metavar="NAME", default="", help="the reviewer who acts: name, initials, or LEAD"
    )


@contextmanager
def session_of(one: argparse.ArgumentParser, options: argparse.Namespace) -> Generator[tuple[Review, Session]]:
    """Open the review for the reviewer who acts; usage error when there are several and none was named."""
    from core.review import Review

    review = Review.open(options.project)
    try:
        people = review.reviewers()
        if not options.reviewer and len(people) != 1:
            one.error(f"say who acts with --as NAME. In the team: {', '.join(p.name for p in people)}")
        who = review.reviewer_named(options.reviewer or people[0].name)
        yield review, review.session(who.id)
    finally:
        review.close()


def write_text(path: Path, text: str) -> None:
    """Write a text file in one step; FileProblem when that is not possible."""
    from core.store.files import write_whole

    write_whole(path, text.encode())


def as_json(value: Any) -> str:
    """JSON with full precision; what is not defined is null, never NaN."""
    return json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def columns(rows: Sequence[Sequence[str]], right: Sequence[int] = ()) -> str:
    """Rows of text, all equally long, in aligned columns; ``right`` are the columns aligned at their right end."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = (
        "  ".join(cell.rjust(widths[n]) if n in right else cell.ljust(widths[n]) for n, cell in enumerate(row))
        for row in rows
    )
    return "\n".join(line.rstrip() for line in lines)
