"""What the judging pages read, put together on a worker thread and handed over as plain values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from core.model import Id, Reviewer, Stage, Standing, Verdict
from core.policy import Right, may
from core.review import Session
from core.session.protocol import Criterion, Protocol, Reason
from core.session.screening import DecisionView, Order, Pace, Progress, RecordView, ResolutionView, ScreeningPart
from gui.pages.screening.deck import Entry

DECIDED_KEPT = 200
"""How far back one can browse among one's own decisions."""
RECENT_KEPT = 14
AHEAD = 24
"""Records fetched before one gets to them."""

PartOf = Callable[[Session], ScreeningPart]


@dataclass(frozen=True)
class Setting:
    """What surrounds every judgement at a stage: protocol, team, and what this reviewer may do."""

    stage: Stage
    protocol: Protocol
    criteria: tuple[Criterion, ...]
    reasons: tuple[Reason, ...]
    terms: tuple[tuple[str, str], ...]
    people: tuple[Reviewer, ...]
    me: Reviewer
    is_blinded: bool
    came_settled: int = 0
    """Where nothing of the stage is to be judged: how many records came settled with an imported review."""

    @property
    def may_judge(self) -> bool:
        """Whether this reviewer decides on records."""
        return may(self.me, Right.JUDGE)

    @property
    def may_settle(self) -> bool:
        """Whether this reviewer settles conflicts."""
        return may(self.me, Right.SETTLE, has_adjudicator=any(each.is_adjudicator for each in self.people))

    @property
    def may_lead(self) -> bool:
        """Whether this reviewer may change the protocol."""
        return may(self.me, Right.LEAD)

    @property
    def judges(self) -> list[Reviewer]:
        """Those who decide on records."""
        return [each for each in self.people if may(each, Right.JUDGE)]

    @property
    def settlers(self) -> list[Reviewer]:
        """Those who settle conflicts."""
        has_adjudicator = any(each.is_adjudicator for each in self.people)
        named = [each for each in self.people if each.is_adjudicator] if has_adjudicator else []
        return named or [each for each in self.people if may(each, Right.SETTLE, has_adjudicator=has_adjudicator)]

    def person(self, reviewer_id: Id) -> Reviewer | None:
        """The reviewer with this id, None for one who has left the team."""
        return next((each for each in self.people if each.id == reviewer_id), None)

    def reason(self, number: int) -> Reason | None:
        """The exclusion reason on this number key."""
        return next((each for each in self.reasons if each.number == number), None)


@dataclass(frozen=True)
class Conflicted:
    """A record in conflict, or one whose conflict was settled."""

    view: RecordView
    decisions: tuple[DecisionView, ...]
    resolution: ResolutionView | None


@dataclass(frozen=True)
class ScreenState:
    """What the Screen tab starts from."""

    setting: Setting
    progress: Progress
    decided: tuple[Id, ...]
    waiting: tuple[Id, ...]
    entries: tuple[Entry, ...]
    is_complete: bool
    conflicts: int | None
    """How many conflicts one may know of; None while that is hidden."""
    pace: Pace | None = None


def read_setting(session: Session, part: ScreeningPart) -> Setting:
    """Protocol, team, rights and blinding."""
    protocol = session.protocol
    came_settled = (
        0
        if part.progress().total
        else len(part.with_standing(Standing.INCLUDED)) + len(part.with_standing(Standing.EXCLUDED))
    )
    return Setting(
        part.stage,
        protocol.protocol(),
        protocol.criteria(),
        protocol.reasons(part.stage),
        tuple((term.kind, term.text) for term in protocol.terms()),
        session.review.reviewers(),
        session.reviewer,
        part.is_blinded(),
        came_settled,
    )


def read_screen(session: Session, part_of: PartOf, order: Order, at_least: int) -> ScreenState:
    """Progress, the latest decisions, and the first `at_least` (or AHEAD) records that wait, in their order."""
    part = part_of(session)
    setting = read_setting(session, part)
    limit = max(AHEAD, at_least)
    judges = setting.may_judge
    waiting = part.queue(order, limit) if judges else []
    decided = part.decided(DECIDED_KEPT)
    entries = read_entries(session, part, waiting[:AHEAD], waits=True)
    entries += read_entries(session, part, decided[:RECENT_KEPT])
    return ScreenState(
        setting,
        part.progress(),
        tuple(decided),
        tuple(waiting),
        tuple(entries),
        len(waiting) < limit,
        conflict_count(setting, part),
        part.pace(),
    )


def conflict_count(setting: Setting, part: ScreeningPart) -> int | None:
    """How many conflicts wait, None while this reviewer may not know."""
    number = len(part.conflicts())
    return None if setting.is_blinded and number == 0 else number


def read_more(
    session: Session, part_of: PartOf, order: Order, limit: int, known: frozenset[Id]
) -> tuple[list[Id], list[Entry]]:
    """The first `limit` records that wait, with those of them that are not `known` yet."""
    part = part_of(session)
    waiting = part.queue(order, limit)
    return waiting, read_entries(session, part, [i for i in waiting if i not in known], waits=True)


def read_entries(session: Session, part: ScreeningPart, ids: Sequence[Id], *, waits: bool = False) -> list[Entry]:
    """These records with one's own judgements; `waits` says that there are none, which saves asking."""
    views = session.references.rows(ids)
    result: list[Entry] = []
    for record_id in ids:
        view = views.get(record_id)
        if view is None:
            continue
        mine = None if waits else part.my_decision(record_id)
        note = part.my_note(record_id)
        if mine is None:
            result.append(Entry(view, note=note))
        else:
            result.append(Entry(view, mine.verdict, mine.reason_id, mine.reason, note))
    return result


def read_verdicts(part: ScreeningPart) -> dict[Id, Verdict]:
    """All one's own verdicts, the latest first."""
    everything = 2**31
    verdicts = {i: verdict for verdict in Verdict for i in part.decided(everything, verdict)}
    return {i: verdicts[i] for i in part.decided(everything) if i in verdicts}


def read_conflicts(session: Session, part: ScreeningPart, ids: Sequence[Id]) -> list[Conflicted]:
    """These records with the judgements on them, as far as one may see."""
    views = session.references.rows(ids)
    return [Conflicted(views[i], part.decisions(i), part.resolution(i)) for i in ids if i in views]
