"""Every step of a script, taken back and put in place again."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from core.model import Id
from core.review import Review, Session
from core.session.base import OPERATIONS
from core.store.log import Row, stored_state

Step = tuple[Session, Callable[[], Any]]


def live_rows(review: Review) -> dict[str, dict[Id, Row]]:
    """The state without tombstones: {table: {id: row}}."""
    return {
        table: {row_id: row for row_id, row in rows.items() if not row["deleted"]}
        for table, rows in stored_state(review.store.reader).items()
    }


def kinds_done(review: Review, prefix: str) -> set[str]:
    """The kinds of operation the log holds."""
    from sqlalchemy import select

    from core.store.log_tables import operation

    return {k for k in review.store.reader.execute(select(operation.c.kind)).scalars() if k.startswith(prefix)}


def kinds_there_are(prefix: str) -> set[str]:
    """The kinds of operation of one part of the session."""
    return {kind for kind in OPERATIONS if kind.startswith(prefix)}


def each_step_can_be_undone(review: Review, steps: Iterable[Step]) -> None:
    """Do each step, undo it, redo it, and compare the whole state each time."""
    for session, act in steps:
        before = live_rows(review)
        act()
        after = live_rows(review)
        assert after != before, "a step that changes nothing tests nothing"
        session.undo()
        assert live_rows(review) == before
        session.redo()
        assert live_rows(review) == after
    assert review.check() == []
