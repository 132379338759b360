"""The rows that a review file becomes, collected before they are written.

Ids follow from the content of the file and the ids in it, so that the same file taken in on two machines gives rows
that meet when the reviews are merged, and so that the way back knows which row is which element.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from core.extraction.compare import Value, basis
from core.model import Id, Reviewer, Settlement, ValueStatus, derived_id
from core.store.clock import milliseconds
from core.store.log import Row, Transaction


class Rows:
    """Rows to be written, by table and id; a row put twice keeps its first fields."""

    def __init__(self, content_hash: str, file_name: str, lead: Reviewer, stamp: int) -> None:
        self.content_hash = content_hash
        self.file_name = file_name
        self.lead_id = lead.id
        self._lead_judges = lead.is_screener
        self.now = milliseconds(stamp)
        self._rows: dict[str, dict[Id, Row]] = defaultdict(dict)
        self.finished: dict[Id, None] = {}

    def id(self, kind: str, *parts: str | int | Id) -> Id:
        """The id of the row that an element of the file becomes."""
        return element_id(self.content_hash, kind, *parts)

    def put(self, table: str, row_id: Id, **fields: Any) -> Id:
        """Collect a row."""
        self._rows[table].setdefault(row_id, fields)
        return row_id

    def count(self, table: str) -> int:
        """How many rows of a table there are so far."""
        return len(self._rows[table])

    def settle(self, study_id: Id, subject_id: Id, field: str, value: Value) -> None:
        """A value as the file has it: settled, and entered by who takes the file in, if they extract at all."""
        self.finished[study_id] = None
        given = {
            "study_id": study_id,
            "subject_id": subject_id,
            "field": field,
            "number": value.number,
            "text": value.text,
            "status": ValueStatus.PUBLISHED.value,
            "source": self.file_name,
        }
        self.put(
            "consensus",
            derived_id("consensus", subject_id, field),
            **given,
            how=Settlement.IMPORTED.value,
            settled_by=self.lead_id,
            basis=basis({self.lead_id: value} if self._lead_judges else {}),
            settled_at=self.now,
        )
        if self._lead_judges:
            entry_id = derived_id("entry", subject_id, field, self.lead_id)
            self.put("entry", entry_id, **given, reviewer_id=self.lead_id, entered_at=self.now)

    def write(self, tx: Transaction) -> None:
        """Put all of them."""
        for table, rows in self._rows.items():
            tx.preload(table, rows)
            for row_id, fields in rows.items():
                tx.put(table, row_id, **fields)


def element_id(content_hash: str, kind: str, *parts: str | int | Id) -> Id:
    """The id of the row that an element of a file with this content becomes."""
    return derived_id("adopted", content_hash, kind, *parts)
