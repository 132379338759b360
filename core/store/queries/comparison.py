"""Reviewers' entries side by side, and what was settled from them."""

from __future__ import annotations

import enum
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection

from core.extraction.compare import agreed, basis
from core.model import Id
from core.store.queries import team
from core.store.queries.extraction import (
    Cell,
    ConsensusView,
    EntryView,
    cells,
    consensus_values,
    entries,
    finished_reviewers,
)
from core.store.sight import Sight


class RowState(enum.StrEnum):
    """Where a cell stands, as far as the viewer may see."""

    BLINDED = "blinded"
    """Not settled, and others' entries are not to be seen yet."""
    EMPTY = "empty"
    WAITING = "waiting"
    """Fewer reviewers than needed have answered."""
    EQUAL = "equal"
    DIFFERS = "differs"
    SETTLED = "settled"
    CHANGED = "changed"
    """Settled, but an entry has changed since."""


@dataclass(frozen=True, slots=True)
class ComparisonRow:
    """One cell with the entries one may see, in the order of the team, and its settled value."""

    cell: Cell
    entries: tuple[EntryView, ...]
    consensus: ConsensusView | None
    state: RowState

    @property
    def equal(self) -> bool:
        """Whether the entries one may see are more than one and say the same."""
        return len(self.entries) > 1 and agreed([e.value for e in self.entries], len(self.entries))

    @property
    def basis(self) -> str:
        """A digest of the entries."""
        return basis({e.reviewer_id: e.value for e in self.entries})


@dataclass(frozen=True, slots=True)
class Comparison:
    """A study's cells side by side. ``reviewers`` are those whose entries are compared, in the order of the team.

    Unless ``revealed``, only own and settled values are in it (and, where the lead reveals at once, the colleague's
    entries in the cells one has filled in).
    """

    study_id: Id
    revealed: bool
    reviewers: tuple[Id, ...]
    rows: tuple[ComparisonRow, ...]

    def count(self, *states: RowState) -> int:
        """How many rows are in one of these states."""
        return sum(row.state in states for row in self.rows)


def comparison(connection: Connection, sight: Sight, study_id: Id) -> Comparison:
    """The study's cells as the viewer may compare them."""
    finished = finished_reviewers(connection, sight, study_id)
    visible = entries(connection, sight, study_id)
    if finished:
        # In a larger team somebody may have begun without finishing: not an answer that counts.
        visible = tuple(e for e in visible if e.reviewer_id in finished)
    order = [p.id for p in team.reviewers(connection)]
    shown: Collection[Id] = finished or {e.reviewer_id for e in visible}
    reviewers = sorted(shown, key=lambda i: (order.index(i) if i in order else len(order), i))
    given: dict[tuple[Id, str], list[EntryView]] = defaultdict(list)
    for one in sorted(visible, key=lambda e: reviewers.index(e.reviewer_id)):
        given[one.subject_id, one.field].append(one)
    settled = {(c.subject_id, c.field): c for c in consensus_values(connection, study_id)}
    rows: list[ComparisonRow] = []
    for cell in cells(connection, study_id):
        key = (cell.subject_id, cell.field)
        found, value = tuple(given[key]), settled.get(key)
        if cell.optional and not found and value is None:
            continue
        state = _state(found, value, revealed=bool(finished), needed=sight.needed)
        rows.append(ComparisonRow(cell, found, value, state))
    return Comparison(study_id, bool(finished), tuple(reviewers), tuple(rows))


def _state(found: tuple[EntryView, ...], value: ConsensusView | None, *, revealed: bool, needed: int) -> RowState:
    values = [e.value for e in found]
    if value is not None:
        changed = revealed and basis({e.reviewer_id: e.value for e in found}) != value.basis
        return RowState.CHANGED if changed else RowState.SETTLED
    if not revealed and len(values) < max(2, needed):
        return RowState.BLINDED
    if len(values) < needed:
        return RowState.WAITING if values else RowState.EMPTY
    return RowState.EQUAL if agreed(values, needed) else RowState.DIFFERS
