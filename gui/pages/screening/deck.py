"""The records one goes through while judging: those decided, oldest first, then those that wait for a decision.

A plain list with a place in it. It knows nothing of the window or the file; the page fills it and moves in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from core.model import Id, Verdict
from core.session.screening import RecordView


@dataclass(frozen=True)
class Entry:
    """A record with one's own judgement on it; `verdict` is None while it waits."""

    view: RecordView
    verdict: Verdict | None = None
    reason_id: Id | None = None
    reason: str = ""
    note: str = ""

    @property
    def id(self) -> Id:
        """The record's id."""
        return self.view.id


class Deck:
    """Where one is, what lies before and behind."""

    def __init__(self) -> None:
        self._ids: list[Id] = []
        self._known: set[Id] = set()
        self._at = 0
        self._entries: dict[Id, Entry] = {}
        self.recent: list[Id] = []
        """Records decided on, the latest first."""
        self.is_exhausted = False
        """Whether no record waits but those in the deck."""

    def load(self, decided: Sequence[Id], waiting: Sequence[Id], entries: Iterable[Entry], *, complete: bool) -> None:
        """Start anew from what the review now holds (`decided` with the latest first), staying where it makes sense.

        A decision taken back brings its record to the front; a record just decided elsewhere gives way to the next.
        """
        before, current = set(self.recent), self.current_id()
        returned = [i for i in self.recent if i not in set(decided)]
        waiting = list(waiting)
        focus = next((i for i in returned if i in waiting), None)
        if focus is None and current is not None and (current in waiting or (current in before and current in decided)):
            focus = current
        self.recent = list(decided)
        self._ids = [*reversed(decided), *waiting]
        self._known = set(self._ids)
        self._entries = {entry.id: entry for entry in entries}
        self.is_exhausted = complete
        self._at = self._ids.index(focus) if focus is not None else len(decided)

    def current_id(self) -> Id | None:
        """The record one is at; None past the last."""
        return self._ids[self._at] if self._at < len(self._ids) else None

    def current(self) -> Entry | None:
        """The record one is at, once it is known."""
        here = self.current_id()
        return None if here is None else self._entries.get(here)

    def entry(self, record_id: Id) -> Entry | None:
        """A record that has been put in."""
        return self._entries.get(record_id)

    def put(self, *entries: Entry) -> None:
        """Keep records for when one gets there."""
        self._entries |= {entry.id: entry for entry in entries}

    def append(self, waiting: Iterable[Id], *, complete: bool) -> None:
        """More records that wait; those there already stay where they are."""
        new = [i for i in waiting if i not in self._known]
        self._ids += new
        self._known |= set(new)
        self.is_exhausted = complete
        self._pick_up()

    # moving

    def can_step(self, step: int) -> bool:
        """Whether there is a record before (-1) or after (1)."""
        return 0 <= self._at + step < len(self._ids)

    def step(self, step: int) -> None:
        """Go to the record before or after."""
        if self.can_step(step):
            self._at += step

    def go_to(self, record_id: Id) -> None:
        """Go to a record, which is put in here if it was not in the deck."""
        if record_id not in self._known:
            self._ids.insert(self._at, record_id)
            self._known.add(record_id)
        self._at = self._ids.index(record_id)

    def waiting(self) -> list[Id]:
        """All records in the deck without a decision."""
        decided = set(self.recent)
        return [i for i in self._ids if i not in decided]

    def ahead(self) -> list[Id]:
        """The records after the present one that wait for a decision."""
        decided = set(self.recent)
        return [i for i in self._ids[self._at + 1 :] if i not in decided]

    # deciding

    def decide(self, record_id: Id, verdict: Verdict, reason_id: Id | None, reason: str) -> None:
        """Note a decision that has been kept, and go on from its record if one is still there.

        From a record that waited to the next that waits, those passed over last; from one decided before, which one
        had gone back to, to the next in the deck.
        """
        waited = record_id not in self.recent
        entry = self._entries[record_id]
        self._entries[record_id] = replace(entry, verdict=verdict, reason_id=reason_id, reason=reason)
        self.recent = [record_id, *(i for i in self.recent if i != record_id)]
        if record_id != self.current_id():
            return
        ahead = self.ahead() if waited else []
        if ahead:
            self._at = self._ids.index(ahead[0])
        else:
            self._at = len(self._ids) if waited else self._at + 1
        self._pick_up()

    def _pick_up(self) -> None:
        """At the end, go back to the first record that was passed over."""
        if self._at >= len(self._ids) and self.is_exhausted:
            left = self.waiting()
            if left:
                self._at = self._ids.index(left[0])

    def take_back(self, record_id: Id) -> None:
        """Note that a decision was taken back, and go to its record."""
        self.recent = [i for i in self.recent if i != record_id]
        entry = self._entries.get(record_id)
        if entry is not None:
            self._entries[record_id] = replace(entry, verdict=None, reason_id=None, reason="")
        self.go_to(record_id)

    def note(self, record_id: Id, text: str) -> None:
        """Note what was written on a record."""
        entry = self._entries.get(record_id)
        if entry is not None:
            self._entries[record_id] = replace(entry, note=text)
