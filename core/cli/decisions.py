"""Decisions that reference files carry, taken in as they are imported: whose they become is said by name."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from core.errors import InputError
from core.interchange.screening_exports import CovidenceList, decisions_of, is_unnamed_list
from core.model import Id, Reviewer, Stage
from core.policy import Right, require

if TYPE_CHECKING:
    from core.review import Review, Session
    from core.session.exchange import DecisionsReport

EPILOG: Final = """\
--decisions takes in what Rayyan, Covidence or Copse's own table says of who decided what. The names in the file are
matched with the team; if one is not in it, nothing is imported. --whose "Asha M=Asha Menon" says who is meant,
--whose "Noa=" leaves those of Noa out, --whose "=EACH" gives what is said without a name to each who screens."""

Whose = Mapping[str, Sequence[Id | str]]
"""For each name in a file the reviewers whose decisions those become."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """How decisions are to be taken in."""

    stage: Stage
    listed: CovidenceList | None
    whose: Mapping[str, str]


def add_options(one: argparse.ArgumentParser) -> None:
    """What can be said of decisions."""
    one.add_argument("--decisions", action="store_true", help="take in the decisions that the files carry")
    one.add_argument("--whose", action="append", default=[], metavar="NAME=REVIEWER",
                     help="whose decisions those of NAME become; may be given several times")  # fmt: skip
    one.add_argument("--stage", choices=("title-abstract", "full-text"), default="title-abstract",
                     help="of decisions that do not say theirs")  # fmt: skip
    one.add_argument("--list", choices=[str(each) for each in CovidenceList],
                     help="what a list of Covidence holds, where its name does not say it")  # fmt: skip


def wanted(one: argparse.ArgumentParser, options: argparse.Namespace) -> Wanted | None:
    """What was said of decisions; None where they are not to be taken in."""
    if not options.decisions:
        if options.whose or options.list:
            one.error("--whose and --list go with --decisions")
        return None
    if any("=" not in said for said in options.whose):
        one.error('say --whose "NAME=REVIEWER"')
    whose = {name.strip(): of.strip() for name, _, of in (said.partition("=") for said in options.whose)}
    listed = CovidenceList(options.list) if options.list else None
    return Wanted(Stage(options.stage.replace("-", "_")), listed, whose)


def whose(review: Review, session: Session, path: Path, how: Wanted) -> Whose:
    """Whose the decisions in a file are; empty where it carries none.

    Asked before the file is imported. Raises NotAllowed for somebody who does not lead, InputError where a name is of
    nobody in the team.
    """
    from core.references.reading import read_file
    from core.session.exchange import match_people

    require(session.reviewer, Right.LEAD)
    records = read_file(path).records
    names = list(dict.fromkeys(one.reviewer for one in decisions_of(records, path.name, how.listed)))
    if not names and is_unnamed_list(records, path.name):
        raise InputError(
            "decisions.list",
            "{file} is a list of Covidence that does not say what came of its records. Say it with --list. Nothing was "
            "imported.",
            file=path.name,
        )
    judges = [one for one in review.reviewers() if one.is_screener]
    meant = match_people([name for name in names if name not in how.whose], judges)
    missing = [name for name in names if name not in how.whose and meant[name] is None]
    if missing:
        raise InputError(
            "decisions.not_in_team",
            "{file} carries decisions of {names}, and nobody who screens in this review has such a name. Who screens: "
            '{team}. Say whose they are with --whose "NAME=REVIEWER". Nothing was imported.',
            file=path.name,
            names=", ".join(name or "somebody who is not named" for name in missing),
            team=", ".join(one.name for one in judges),
        )
    return {name: _said(review, judges, how.whose[name]) if name in how.whose else _one(meant[name]) for name in names}


def _said(review: Review, judges: Sequence[Reviewer], of: str) -> list[Id | str]:
    if of == "EACH":
        return [one.id for one in judges]
    return [review.reviewer_named(of).id] if of else []


def _one(found: Id | None) -> list[Id | str]:
    return [] if found is None else [found]


def take_in(session: Session, source_id: Id, people: Whose, how: Wanted) -> DecisionsReport | None:
    """Take in the decisions of a source; None where it carries none, or all are left out."""
    if not any(people.values()):
        return None
    return session.references.import_decisions(source_id, people, stage=how.stage, listed=how.listed).value


def sentence(report: DecisionsReport) -> str:
    """What came of the decisions, in a line."""
    said = f"  {report.taken:,} decisions on {report.records:,} records taken in"
    if report.not_taken:
        said += f", {len(report.not_taken):,} left out, because the reviewer has decided already"
    if report.reasons_added:
        said += f"; new exclusion reasons: {', '.join(report.reasons_added)}"
    return said
