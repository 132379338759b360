"""Screening at one stage: decide, take back, note, settle conflicts, and what one may read meanwhile."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil

from core.errors import Conflict, InputError
from core.model import Id, RetrievalState, Stage, Standing, Verdict, derived_id
from core.policy import Right
from core.session.base import Context, Part, operation
from core.store.clock import milliseconds
from core.store.log import Transaction
from core.store.queries import records, screening
from core.store.queries.records import RecordView
from core.store.queries.screening import DecisionView, Order, Progress, ResolutionView, Standings
from core.store.sight import stage_is_over

_TITLE_LENGTH = 60


_PACE_OVER_MS = 14 * 24 * 3_600_000
_BREAK_MS = 5 * 60_000
_ENOUGH = 20


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast somebody judges: decisions in an hour of work, and in a day, days without work counted too."""

    per_hour: float
    per_day: float

    def days_for(self, records: int) -> int:
        """In how many days so many records are judged at this pace."""
        return ceil(records / self.per_day)


def pace_of(times: Sequence[int], now: int) -> Pace | None:
    """The pace behind these moments (milliseconds, in order); more than five minutes without a decision is a break."""
    gaps = [gap for gap in (after - before for before, after in pairwise(times)) if gap <= _BREAK_MS]
    if len(gaps) < _ENOUGH:
        return None
    days = max(1.0, (now - times[0]) / (24 * 3_600_000))
    return Pace(len(gaps) / (sum(gaps) / 3_600_000), len(times) / days)


def short_title(title: str) -> str:
    """A title cut to the length of an undo label."""
    return title if len(title) <= _TITLE_LENGTH else title[: _TITLE_LENGTH - 1].rstrip() + "…"


class ScreeningPart(Part):
    """Screening of records at title/abstract, or of their reports at full text."""

    def __init__(self, context: Context, stage: Stage) -> None:
        super().__init__(context)
        self.stage = stage

    # --- reading -----------------------------------------------------------------------------------------------------

    def queue(self, order: Order = Order.IMPORTED, limit: int = 50, skip: Sequence[Id] = ()) -> list[Id]:
        """The next records that wait for one's own decision."""
        return screening.queue(self._reader, self._sight, self.stage, order, limit, skip)

    def record(self, record_id: Id) -> RecordView:
        """One record; InputError when its import has been taken back for good."""
        view = records.record_views(self._reader, [record_id]).get(record_id)
        if view is None:
            raise InputError("record.gone", "This record is no longer in the review. Go on with the next one.")
        return view

    def progress(self) -> Progress:
        """One's own progress."""
        return screening.progress(self._reader, self._sight, self.stage)

    def pace(self) -> Pace | None:
        """How fast one has screened in the last two weeks; None while there is too little to tell."""
        now = time.time_ns() // 1_000_000
        return pace_of(screening.decided_at(self._reader, self._sight, self.stage, now - _PACE_OVER_MS), now)

    def decided(self, limit: int = 200, verdict: Verdict | None = None) -> list[Id]:
        """Records one has decided on, the latest first."""
        return screening.decided(self._reader, self._sight, self.stage, limit, verdict)

    def my_decision(self, record_id: Id) -> DecisionView | None:
        """One's own decision on a record."""
        me = self._context.reviewer.id
        return next((d for d in self.decisions(record_id) if d.reviewer_id == me), None)

    def decisions(self, record_id: Id) -> tuple[DecisionView, ...]:
        """The decisions on a record that one may see, own first."""
        return screening.decisions(self._reader, self._sight, self.stage, record_id)

    def my_note(self, record_id: Id) -> str:
        """One's own note on a record."""
        return screening.own_note(self._reader, self._sight, self.stage, record_id)

    def resolution(self, record_id: Id) -> ResolutionView | None:
        """How a conflict on the record was settled."""
        return screening.resolution_of(self._reader, self.stage, record_id)

    def standing(self, record_id: Id) -> Standing:
        """Where the record stands, as far as one may see."""
        return screening.standing(self._reader, self._sight, self.stage, record_id)

    def standings(self) -> Standings:
        """How many records stand where, as far as one may see."""
        return screening.standings(self._reader, self._sight, self.stage)

    def with_standing(self, standing: Standing, limit: int | None = None) -> list[Id]:
        """Records that stand so, as far as one may see."""
        return screening.with_standing(self._reader, self._sight, self.stage, standing, limit)

    def conflicts(self) -> list[Id]:
        """Records in conflict that one may see."""
        return self.with_standing(Standing.CONFLICT)

    def settled(self) -> list[Id]:
        """Records whose conflict was settled, the latest first."""
        return screening.settled_conflicts(self._reader, self.stage)

    def excluded_by_reason(self) -> tuple[tuple[str, int], ...]:
        """Exclusions counted by reason, as far as one may see."""
        return screening.excluded_by_reason(self._reader, self._sight, self.stage)

    def retrieval(self, record_id: Id) -> tuple[RetrievalState, str]:
        """Whether the full text was retrieved, and the note on it."""
        return screening.retrieval(self._reader, record_id)

    def is_over(self) -> bool:
        """Whether every record has the judgements it needs."""
        return stage_is_over(self._reader, self.stage, self._sight.needed)

    def is_blinded(self) -> bool:
        """Whether others' judgements at this stage are still hidden from this reviewer."""
        sight = self._sight
        return sight.viewer.is_screener and sight.judges > 1 and not stage_is_over(
            self._reader, self.stage, sight.needed
        )  # fmt: skip

    # --- deciding ----------------------------------------------------------------------------------------------------

    @operation("screening.decide", "{verdict} “{title}”", Right.JUDGE)
    def decide(self, tx: Transaction, record_id: Id, verdict: Verdict, reason_id: Id | None = None) -> None:
        """Give one's decision on a record, or change it. A reason belongs to an exclusion."""
        title = self._check_judgeable(tx, [record_id])[record_id]
        tx.name(verdict=verdict.value.capitalize(), title=short_title(title))
        self._put_decision(tx, record_id, verdict, reason_id)

    @operation("screening.decide_many", "{verdict} {number} records", Right.JUDGE)
    def decide_many(self, tx: Transaction, judgements: Iterable[tuple[Id, Verdict, Id | None]]) -> int:
        """Decide on many records in one step; the number decided."""
        todo = list(judgements)
        self._check_judgeable(tx, [record_id for record_id, _, _ in todo])
        verdicts = {verdict for _, verdict, _ in todo}
        word = next(iter(verdicts)).value.capitalize() if len(verdicts) == 1 else "Decide on"
        tx.name(verdict=word, number=f"{len(todo):,}")
        tx.preload("decision", [self._decision_id(tx, record_id) for record_id, _, _ in todo])
        for record_id, verdict, reason_id in todo:
            self._put_decision(tx, record_id, verdict, reason_id)
        return len(todo)

    @operation("screening.take_back", "Taking back the decision on “{title}”", Right.JUDGE)
    def take_back(self, tx: Transaction, record_id: Id) -> None:
        """Take one's decision on a record back; it waits again."""
        row_id = self._decision_id(tx, record_id)
        if tx.live("decision", row_id) is None:
            raise InputError("screening.no_decision", "You have no decision on this record, so nothing was taken back.")
        tx.name(title=short_title(self._check_judgeable(tx, [record_id])[record_id]))
        tx.delete("decision", row_id)

    @operation("screening.note", "Note on “{title}”", Right.JUDGE)
    def set_note(self, tx: Transaction, record_id: Id, text: str) -> None:
        """Write one's note on a record; an empty text removes it."""
        view = records.record_views(tx.connection, [record_id])[record_id]
        tx.name(title=short_title(view.title))
        row_id = derived_id("screening_note", record_id, self.stage.value, tx.reviewer_id)
        if text.strip():
            tx.put(
                "screening_note",
                row_id,
                record_id=record_id,
                stage=self.stage.value,
                reviewer_id=tx.reviewer_id,
                text=text.strip(),
            )
        else:
            tx.delete("screening_note", row_id)

    # --- settling ----------------------------------------------------------------------------------------------------

    @operation("screening.resolve", "Settling “{title}”", Right.SETTLE)
    def resolve(
        self, tx: Transaction, record_id: Id, verdict: Verdict, reason_id: Id | None = None, note: str = ""
    ) -> None:
        """Settle a conflict. Conflict (the error) when the record is not in conflict, or not in one's sight."""
        view = records.record_views(tx.connection, [record_id]).get(record_id)
        title = "" if view is None else view.title
        row_id = derived_id("resolution", record_id, self.stage.value)
        settled = tx.live("resolution", row_id) is not None
        standing = screening.standing(tx.connection, self._sight, self.stage, record_id)
        if not settled and standing is not Standing.CONFLICT:
            raise Conflict(
                "screening.no_conflict",
                "“{title}” is not in conflict (any more), so there is nothing to settle. Nothing was changed.",
                title=short_title(title),
            )
        if verdict is Verdict.MAYBE:
            raise InputError("screening.settle_maybe", "A conflict is settled with include or exclude.")
        tx.name(title=short_title(title))
        tx.put(
            "resolution",
            row_id,
            record_id=record_id,
            stage=self.stage.value,
            resolver_id=tx.reviewer_id,
            verdict=verdict.value,
            reason_id=self._checked_reason(tx, verdict, reason_id),
            note=note.strip(),
            resolved_at=milliseconds(tx.stamp.hlc),
        )

    @operation("screening.retrieval", "Retrieval of “{title}”")
    def set_retrieval(self, tx: Transaction, record_id: Id, state: RetrievalState, note: str = "") -> None:
        """Say whether a report's full text was retrieved, and if not why."""
        view = records.record_views(tx.connection, [record_id])[record_id]
        tx.name(title=short_title(view.title))
        row_id = derived_id("report", record_id)
        tx.put("report", row_id, record_id=record_id, retrieval=state.value, note=note.strip())

    # --- rules -------------------------------------------------------------------------------------------------------

    def _decision_id(self, tx: Transaction, record_id: Id) -> Id:
        return derived_id("decision", record_id, self.stage.value, tx.reviewer_id)

    def _put_decision(self, tx: Transaction, record_id: Id, verdict: Verdict, reason_id: Id | None) -> None:
        tx.put(
            "decision",
            self._decision_id(tx, record_id),
            record_id=record_id,
            stage=self.stage.value,
            reviewer_id=tx.reviewer_id,
            verdict=verdict.value,
            reason_id=self._checked_reason(tx, verdict, reason_id),
            decided_at=milliseconds(tx.stamp.hlc),
        )

    def _checked_reason(self, tx: Transaction, verdict: Verdict, reason_id: Id | None) -> Id | None:
        if reason_id is None:
            if self.stage is Stage.FULL_TEXT and verdict is Verdict.EXCLUDE:
                raise InputError(
                    "screening.reason_needed",
                    "A report excluded at full text carries one reason: choose it with the decision. "
                    "Nothing was changed.",
                )
            return None
        if verdict is not Verdict.EXCLUDE:
            raise InputError("screening.reason_without_exclusion", "A reason belongs to an exclusion only.")
        reason = tx.live("exclusion_reason", reason_id)
        if reason is None or reason["stage"] != self.stage.value:
            raise InputError(
                "screening.reason_gone",
                "This exclusion reason is no longer in the protocol. Choose another; nothing was changed.",
            )
        return reason_id

    def _check_judgeable(self, tx: Transaction, ids: Sequence[Id]) -> dict[Id, str]:
        """Titles of the records, all of which the reviewer may judge now; InputError or Conflict otherwise."""
        titles = records.titles(tx.connection, ids)
        if len(titles) < len(set(ids)):
            raise InputError("record.gone", "This record is no longer in the review. Go on with the next one.")
        closed = screening.not_judgeable(tx.connection, self._sight, self.stage, ids)
        if closed:
            raise Conflict(
                "screening.closed",
                "“{title}” is not (or no longer) to be screened at this stage: it was settled, merged with another "
                "record, or its import was taken back. Nothing was changed. Go on with the next one.",
                title=short_title(titles[closed[0]]),
            )
        return titles
