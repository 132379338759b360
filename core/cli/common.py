"""What the commands share: parsers, the reviewer who acts, files that are written."""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Generator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.errors import FileProblem

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
    """Write a text file; FileProblem when that is not possible."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise FileProblem(
            "cli.not_written",
            "{path} could not be written ({reason}). Choose another folder or name.",
            path=str(path),
            reason=error.strerror or type(error).__name__,
        ) from error


def write_bytes(path: Path, data: bytes) -> None:
    """Write a file in one step: what was there before stays until all is written. FileProblem when not possible."""
    draft = path.with_name(f"{path.name}.part{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft.write_bytes(data)
        draft.replace(path)
    except OSError as error:
        with suppress(OSError):
            draft.unlink()
        raise FileProblem(
            "cli.not_written",
            "{path} could not be written ({reason}). Choose another folder or name.",
            path=str(path),
            reason=error.strerror or type(error).__name__,
        ) from error


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
