"""What the extraction page reads, put together on a worker thread and handed over as plain values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.extraction.compare import Value
from core.model import Id, Reviewer, StudyStatus, ValueStatus
from core.policy import Right, may
from core.review import Session
from core.session.extraction import Caution
from core.store.queries.comparison import Comparison
from core.store.queries.extraction import ConsensusView, EntryView, FormField, ResultView
from core.store.queries.studies import StudyView, StudyWork, WorkState
from core.store.queries.team import Outcome

AWAITING_SHOWN = 6
CellKey = tuple[Id, str]
"""A cell: the result (or the study, for a field of the form) and the statistic (or field)."""


@dataclass(frozen=True)
class Team:
    """Who looks, and what they may do."""

    me: Reviewer
    people: tuple[Reviewer, ...]

    @property
    def may_judge(self) -> bool:
        """Whether this reviewer extracts."""
        return may(self.me, Right.JUDGE)

    @property
    def may_settle(self) -> bool:
        """Whether this reviewer settles differences."""
        return may(self.me, Right.SETTLE, has_adjudicator=self._has_adjudicator)

    @property
    def may_lead(self) -> bool:
        """Whether this reviewer may change the form and the outcomes."""
        return may(self.me, Right.LEAD)

    @property
    def _has_adjudicator(self) -> bool:
        return any(each.is_adjudicator for each in self.people)

    @property
    def judges(self) -> list[Reviewer]:
        """Those who extract."""
        return [each for each in self.people if may(each, Right.JUDGE)]

    @property
    def other_judges(self) -> list[Reviewer]:
        """Those who extract but for oneself."""
        return [each for each in self.judges if each.id != self.me.id]

    @property
    def leads(self) -> list[Reviewer]:
        """Those who lead the review."""
        return [each for each in self.people if may(each, Right.LEAD)]

    @property
    def settlers(self) -> list[Reviewer]:
        """Those one turns to with a difference: the adjudicators, else whoever may settle."""
        named = [each for each in self.people if each.is_adjudicator]
        return named or [each for each in self.people if may(each, Right.SETTLE, has_adjudicator=False)]

    def person(self, reviewer_id: Id) -> Reviewer | None:
        """The reviewer with this id, None for one who has left the team."""
        return next((each for each in self.people if each.id == reviewer_id), None)


@dataclass(frozen=True)
class Board:
    """The list of studies, with how far the work is, and reports that wait to become a study."""

    team: Team
    studies: tuple[StudyView, ...]
    work: Mapping[Id, StudyWork]
    revealed: frozenset[Id]
    awaiting: tuple[tuple[Id, str], ...]
    """(record, proposed label) of the first included reports without a study."""
    awaiting_count: int
    """How many there are in all."""
    to_settle: Mapping[Id, int]
    """How many values wait to be settled, for each revealed study with any."""

    def finished(self) -> int:
        """Studies finished by oneself, or for who does not extract, by all who do."""
        if self.team.may_judge:
            done = (self.work[study.id] for study in self.included())
            return sum(work.extraction_finished or work.came_extracted for work in done)
        return sum(study.id in self.revealed for study in self.included())

    def included(self) -> list[StudyView]:
        """The studies that are extracted."""
        return [study for study in self.studies if study.status is StudyStatus.INCLUDED]


@dataclass(frozen=True)
class Held:
    """What a cell holds for the reader: their own entry, or for who does not extract, the settled value."""

    value: Value
    status: ValueStatus
    source: str
    note: str
    by: Id


@dataclass(frozen=True)
class Sheet:
    """All that is entered on one study, as one reviewer sees it."""

    study: StudyView
    outcomes: tuple[Outcome, ...]
    fields: tuple[FormField, ...]
    results: tuple[ResultView, ...]
    held: Mapping[CellKey, Held]
    cautions: tuple[Caution, ...]
    is_finished: bool
    is_closed: bool
    """As many others as are needed have finished, so that one's own entries are no longer wanted."""
    came_extracted: bool = False
    """Its values came settled with a review from another program, so that nobody has to extract it."""

    @property
    def is_extracted(self) -> bool:
        """Whether arms and outcomes are wanted of the study: it is included, or has some."""
        return self.study.status is StudyStatus.INCLUDED or bool(self.study.arms or self.results)


@dataclass(frozen=True)
class Settled:
    """What the Compare tab shows of one study."""

    study: StudyView
    comparison: Comparison
    fields: tuple[FormField, ...]
    results: tuple[ResultView, ...]


@dataclass(frozen=True)
class State:
    """What the page shows: always the list of studies and the form; of the study one is at, what the tab in front
    needs."""

    board: Board
    fields: tuple[FormField, ...]
    study_id: Id | None
    sheet: Sheet | None
    settled: Settled | None


def read_state(session: Session, wanted: Id | None, tab: str) -> State:
    """The state for a tab; the first study when the wanted one is gone."""
    board = read_board(session)
    studies = {study.id: study for study in board.studies}
    study = studies.get(wanted) if wanted is not None else None
    study = study or next(iter(board.studies), None)
    fields = session.extraction.fields()
    sheet = read_sheet(session, study, board, fields) if study is not None and tab == "extract" else None
    settled = None
    if study is not None and tab == "compare":
        comparison = session.extraction.comparison(study.id)
        settled = Settled(study, comparison, fields, session.extraction.results(study.id))
    return State(board, fields, study.id if study else None, sheet, settled)


_ORDER = (StudyStatus.INCLUDED, StudyStatus.AWAITING, StudyStatus.ONGOING, StudyStatus.EXCLUDED)


def read_board(session: Session) -> Board:
    """Studies, work and reports that wait."""
    studies = session.studies
    waiting = studies.awaiting_study()
    awaiting = tuple((record, studies.propose_label(record)) for record in waiting[:AWAITING_SHOWN])
    team = Team(session.reviewer, session.review.reviewers())
    extraction = session.extraction
    # Those that are extracted first, then the others as the review lists them.
    listed = sorted(studies.list(), key=lambda study: _ORDER.index(study.status))
    return Board(
        team, tuple(listed), studies.work(), frozenset(extraction.revealed()), awaiting, len(waiting),
        extraction.to_settle(),
    )  # fmt: skip


def read_sheet(session: Session, study: StudyView, board: Board, fields: Sequence[FormField]) -> Sheet:
    """One study with one's own entries; with the settled values for who does not extract."""
    part = session.extraction
    judges = board.team.may_judge
    held = _of_entries(part.my_entries(study.id)) if judges else _of_settled(part.values(study.id))
    finished = board.work[study.id].extraction_finished
    return Sheet(
        study,
        session.protocol.outcomes(),
        tuple(fields),
        part.results(study.id),
        held,
        part.cautions(study.id) if judges else (),
        finished,
        judges and not finished and study.id in board.revealed,
        board.work[study.id].came_extracted,
    )


def _of_entries(entries: Mapping[CellKey, EntryView]) -> dict[CellKey, Held]:
    return {key: Held(e.value, e.status, e.source, e.note, e.reviewer_id) for key, e in entries.items()}


def _of_settled(values: Sequence[ConsensusView]) -> dict[CellKey, Held]:
    return {(v.subject_id, v.field): Held(v.value, v.status, v.source, v.note, v.settled_by) for v in values}


def is_locked(work: StudyWork) -> bool:
    """Whether colleagues' progress on a study is hidden from the reader."""
    return any(other.extraction is WorkState.LOCKED for other in work.others)
