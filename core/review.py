"""The one door: open or make a review, take a reviewer's session, act and read through it.

Window, command line and tests use nothing else. Parts of a session are imported when first used, so that opening a
window does not wait for the statistics.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from core.errors import InputError
from core.model import Id, OpResult, Reviewer, Stage, UndoState, new_id
from core.riskofbias.tools import USUAL_TOOL
from core.session.base import OPERATIONS, Context, Operation, import_parts, in_words
from core.session.protocol import ProtocolPart, put_reviewer
from core.session.screening import ScreeningPart
from core.store.log import Transaction
from core.store.queries import team
from core.store.store import Store

if TYPE_CHECKING:
    from core.interchange.model import ReviewFile
    from core.session.attachments import AttachmentsPart
    from core.session.extraction import ExtractionPart
    from core.session.history import HistoryPart
    from core.session.interchange import InterchangePart
    from core.session.overview import OverviewPart
    from core.session.references import ReferencesPart
    from core.session.riskofbias import RiskOfBiasPart
    from core.session.studies import StudiesPart
    from core.session.synthesis import SynthesisPart
    from core.store.merge import MergeReport


@dataclass(frozen=True, slots=True)
class NewReviewer:
    """A person a new review starts with."""

    name: str
    is_lead: bool = False
    is_adjudicator: bool = False
    is_screener: bool = True


def usual_team(names: Sequence[str]) -> list[NewReviewer]:
    """The team as reviews usually have it: the first leads, the first two judge, a third settles their differences.

    With two people the lead settles too; from the third on, all adjudicate and do not judge.
    """
    return [
        NewReviewer(name, is_lead=i == 0, is_adjudicator=i >= 2, is_screener=i < 2)
        for i, name in enumerate(n for n in names if n.strip())
    ]


def _team_of(reviewers: Sequence[str | NewReviewer]) -> list[NewReviewer]:
    """The team of a new review; InputError when nobody is in it, or two have the same name."""
    names = [r for r in reviewers if isinstance(r, str)]
    people = usual_team(names) if names else [r for r in reviewers if isinstance(r, NewReviewer)]
    if not people:
        raise InputError("review.no_reviewer", "A review needs at least your own name. Nothing was made.")
    if len({p.name.strip().casefold() for p in people}) < len(people):
        raise InputError("review.same_names", "Two reviewers have the same name. Nothing was made.")
    return people


class Review:
    """An open review."""

    def __init__(self, store: Store) -> None:
        self.store = store

    @classmethod
    def create(cls, path: Path | str, *, title: str, reviewers: Sequence[str | NewReviewer]) -> Review:
        """A new review in a new file; names alone get the roles of `usual_team`.

        InputError when title or names are missing or the file exists, FileProblem when the folder cannot be written.
        """
        if not title.strip():
            raise InputError("review.no_title", "A review needs a title. Nothing was made.")
        people = _team_of(reviewers)
        store = Store.create(Path(path))
        try:
            review_id, first = new_id(), new_id()

            def begin(tx: Transaction) -> None:
                tx.put("review", review_id, title=title.strip(), risk_of_bias_tool=USUAL_TOOL)
                for person in people:
                    put_reviewer(
                        tx,
                        person.name,
                        is_lead=person.is_lead,
                        is_adjudicator=person.is_adjudicator,
                        is_screener=person.is_screener,
                    )

            store.write(first, "review.create", "New review", begin, role="base")
        except BaseException:
            store.close()
            Path(path).unlink(missing_ok=True)
            raise
        return cls(store)

    @classmethod
    def adopt(
        cls,
        target: Path | str,
        file: ReviewFile,
        *,
        reviewers: Sequence[str | NewReviewer],
        progress: Callable[[str, int, int], None] | None = None,
    ) -> Review:
        """A new review made from one of another program; the lead takes it in, and its values are settled.

        InputError when names are missing or the file exists, FileProblem when the folder cannot be written; nothing is
        left behind then. ``progress`` is told what is being done, how far, and out of how many steps.
        """
        from core.session.adoption import adopt, members

        people = members(file, _team_of(reviewers))
        title = file.title.strip() or Path(file.file_name).stem or "Review"
        store = Store.create(Path(target))
        try:
            adopt(store, file, title, people, progress)
        except BaseException:
            store.abandon()
            raise
        return cls(store)

    @classmethod
    def open(cls, path: Path | str) -> Review:
        """An existing review; FileProblem says why not, and then nothing was changed."""
        return cls(Store.open(Path(path)))

    @property
    def path(self) -> Path:
        """The review's file."""
        return self.store.path

    @property
    def title(self) -> str:
        """The review's title."""
        return team.protocol(self.store.reader).title

    def reviewers(self) -> tuple[Reviewer, ...]:
        """The team in its order."""
        return team.reviewers(self.store.reader)

    def reviewer_named(self, name: str) -> Reviewer:
        """The reviewer with this name or these initials, or the lead for 'LEAD'; InputError names who there is."""
        people = self.reviewers()
        for one in people:
            if name.casefold() in (one.name.casefold(), one.initials.casefold()):
                return one
        if name == "LEAD":
            return next(p for p in people if p.is_lead)
        raise InputError(
            "reviewer.unknown",
            "Nobody named {name} is in this review. In the team: {team}.",
            name=name,
            team=", ".join(p.name for p in people),
        )

    def session(self, reviewer_id: Id) -> Session:
        """What this reviewer can do and may see."""
        for one in self.reviewers():
            if one.id == reviewer_id:
                return Session(self, Context(self.store, one))
        raise InputError("reviewer.gone", "This reviewer is no longer in the team. Choose another one.")

    def save_copy(self, target: Path) -> None:
        """Write a whole copy of the review to a new file."""
        self.store.save_copy(target)

    def merge(self, other: Path) -> MergeReport:
        """Bring in what another copy of this review holds; the other file is only read."""
        from core.store.merge import merge

        return merge(self.store, other)

    def check(self) -> list[str]:
        """What is wrong with the file, in sentences; empty when all is well."""
        return self.store.check()

    def close(self) -> None:
        """Close the file; the one file then is the whole review."""
        self.store.close()


class Session:
    """One reviewer at work on a review. Parts are made when first used."""

    def __init__(self, review: Review, context: Context) -> None:
        self.review = review
        self._context = context

    @property
    def reviewer(self) -> Reviewer:
        """Who acts."""
        return self._context.reviewer

    @cached_property
    def protocol(self) -> ProtocolPart:
        """Protocol and team."""
        return ProtocolPart(self._context)

    @cached_property
    def references(self) -> ReferencesPart:
        """Sources, imports, records, duplicates."""
        from core.session.references import ReferencesPart

        return ReferencesPart(self._context)

    @cached_property
    def screening(self) -> ScreeningPart:
        """Screening at title and abstract."""
        return ScreeningPart(self._context, Stage.TITLE_ABSTRACT)

    @cached_property
    def fulltext(self) -> ScreeningPart:
        """Screening of full texts."""
        return ScreeningPart(self._context, Stage.FULL_TEXT)

    @cached_property
    def studies(self) -> StudiesPart:
        """Studies, their reports, arms and populations."""
        from core.session.studies import StudiesPart

        return StudiesPart(self._context)

    @cached_property
    def extraction(self) -> ExtractionPart:
        """Results, entries and consensus."""
        from core.session.extraction import ExtractionPart

        return ExtractionPart(self._context)

    @cached_property
    def riskofbias(self) -> RiskOfBiasPart:
        """Risk-of-bias judgements and their consensus."""
        from core.session.riskofbias import RiskOfBiasPart

        return RiskOfBiasPart(self._context)

    @cached_property
    def synthesis(self) -> SynthesisPart:
        """Comparisons, analyses and their results."""
        from core.session.synthesis import SynthesisPart

        return SynthesisPart(self._context)

    @cached_property
    def attachments(self) -> AttachmentsPart:
        """Files kept with records, reports and studies."""
        from core.session.attachments import AttachmentsPart

        return AttachmentsPart(self._context)

    @cached_property
    def interchange(self) -> InterchangePart:
        """Where the review came from, and the way back."""
        from core.session.interchange import InterchangePart

        return InterchangePart(self._context)

    @cached_property
    def overview(self) -> OverviewPart:
        """The flow, what is left to do, what changed."""
        from core.session.overview import OverviewPart

        return OverviewPart(self._context)

    @cached_property
    def history(self) -> HistoryPart:
        """The history of any row."""
        from core.session.history import HistoryPart

        return HistoryPart(self._context)

    def undo(self) -> OpResult[None]:
        """Take back one's own last operation; Conflict when there is none or a later change stands in the way."""
        return self._context.store.undo(self.reviewer.id)

    def redo(self) -> OpResult[None]:
        """Put in place again what one last took back."""
        return self._context.store.redo(self.reviewer.id)

    def undo_state(self) -> UndoState:
        """Labels of what undo and redo would do."""
        state = self._context.store.undo_state(self.reviewer.id)
        undo, redo = state.undo_label, state.redo_label
        return replace(
            state,
            undo_label=None if undo is None else in_words(state.undo_kind, undo),
            redo_label=None if redo is None else in_words(state.redo_kind, redo),
        )


def all_operations() -> dict[str, Operation]:
    """Every kind of operation the program has (imports all parts)."""
    import_parts()
    return dict(OPERATIONS)
