"""`import`: reference files into a review, or a whole review of another program into a new one."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from core.cli import decisions
from core.cli.common import as_json, parser, session_of, takes_review
from core.errors import InputError
from core.interchange.formats import meant, read_review_file, recognised

if TYPE_CHECKING:
    from core.interchange.model import ReviewFile

_EPILOG = (
    """\
A whole review, such as RevMan's .rm5, makes a new one: name a PROJECT that does not exist yet. --as names the lead,
--reviewer the others of the team; without names the review is led by the contact author.

"""
    + decisions.EPILOG
)


def run(arguments: Sequence[str]) -> int:
    """Import files one after the other; what was imported before one is refused stays."""
    one = parser("import", "Import reference files (RIS and others) or a whole review (.rm5 and others).", _EPILOG)
    takes_review(one)
    one.add_argument("files", nargs="+", type=Path, metavar="FILE", help="what a database or another program exported")
    one.add_argument("--source", default="", metavar="NAME", help="the source, such as MEDLINE; else guessed")
    one.add_argument("--reviewer", dest="others", action="append", default=[], metavar="NAME",
                     help="another member of the team of a new review; may be given several times")  # fmt: skip
    decisions.add_options(one)
    one.add_argument("--json", action="store_true", help="print the reports as JSON")
    options = one.parse_args(arguments)
    how = decisions.wanted(one, options)
    if not options.project.exists() and (named := [path for path in options.files if meant(path)]):
        return _adopt(one, options, named[0])
    reviews = [path for path in options.files if recognised(path)]
    if reviews:
        raise InputError(
            "import.whole_review",
            "{file} is a whole review, which makes a new one, and {project} is there already. Nothing was imported. "
            "Name a file that does not exist yet.",
            file=reviews[0].name,
            project=options.project.name,
        )
    return _import_references(one, options, how)


def _import_references(one: argparse.ArgumentParser, options: argparse.Namespace, how: decisions.Wanted | None) -> int:
    reports: list[dict[str, object]] = []
    with session_of(one, options) as (review, session):
        people = {path: decisions.whose(review, session, path, how) for path in options.files} if how else {}
        for path in options.files:
            report = session.references.import_file(path, source_name=options.source).value
            reports.append({**asdict(report), "source_id": report.source_id.hex(), "new": report.new})
            taken = decisions.take_in(session, report.source_id, people[path], how) if how else None
            if taken is not None:
                reports[-1] |= {"decisions_taken": taken.taken, "decisions_left_out": len(taken.not_taken)}
            if not options.json:
                print(
                    f"{report.file_name} ({report.format}) into {report.source_name}: {report.read:,} read, "
                    f"{report.new:,} new, {report.duplicates:,} duplicates, {report.rejected:,} set aside"
                )
                if taken is not None:
                    print(decisions.sentence(taken))
                elif report.decisions:
                    print(f"  {report.decisions:,} decisions came with it and were not taken in (--decisions)")
    if options.json:
        print(as_json(reports), end="")
    return 0


def _adopt(one: argparse.ArgumentParser, options: argparse.Namespace, path: Path) -> int:
    """Make a new review of a whole one."""
    from core.interchange.contents import contents
    from core.review import Review

    if len(options.files) > 1:
        one.error("a whole review is imported by itself: name one FILE")
    file = read_review_file(path)
    names = [name for name in (options.reviewer, *options.others) if name]
    review = Review.adopt(options.project, file, reviewers=names or _contact(one, file))
    try:
        origin = review.session(review.reviewers()[0].id).interchange.origin()
    finally:
        review.close()
    remarks = origin.remarks if origin else ()
    if options.json:
        found = {
            "file_name": file.file_name,
            "format": file.format,
            "title": file.title,
            "read": {content.key: content.number for content in contents(file)},
            "remarks": [{"where": r.where, "what": str(r.what), "kept": r.kept} for r in remarks],
        }
        print(as_json(found), end="")
        return 0
    print(f"{file.file_name} into {options.project}: {file.title}")
    for content in contents(file):
        print(f"  {content.title}: {content.number:,}")
    for remark in remarks:
        print(f"  {remark.where}: {remark.what}")
    return 0


def _contact(one: argparse.ArgumentParser, file: ReviewFile) -> list[str]:
    """The author of the file whom to write to, as the one who leads the review."""
    authors = sorted(file.authors, key=lambda author: not author.is_contact)
    if not authors:
        one.error("the file names no author: say who leads the review with --as NAME")
    return [authors[0].name]
