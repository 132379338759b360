"""Undo and redo as operations of their own: history only grows.

What undo would do next is read from the log: the reviewer's latest operation that is in effect. Redo takes the earliest
of those undone since the reviewer last did something new.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from sqlalchemy import ColumnElement, Connection, Select, and_, bindparam, func, select

from core.errors import Conflict
from core.model import Id, UndoState
from core.store.log import Fields, Transaction, decode
from core.store.mending import knots
from core.store.queries.records import live_parents
from core.store.schema import change, operation


@dataclass(frozen=True, slots=True)
class Target:
    """An operation that undo or redo would turn around."""

    id: Id
    kind: str
    label: str


def undo_target(connection: Connection, reviewer_id: Id) -> Target | None:
    """The reviewer's latest operation that is in effect."""
    row = connection.execute(_undo_statement(), {"reviewer": reviewer_id}).first()
    return None if row is None else Target(*row)


def redo_target(connection: Connection, reviewer_id: Id) -> Target | None:
    """The earliest operation undone since the reviewer last did something new."""
    last_new = connection.execute(_last_new_statement(), {"reviewer": reviewer_id}).scalar()
    if last_new is None:
        return None
    row = connection.execute(_redo_statement(), {"reviewer": reviewer_id, "last_new": last_new}).first()
    return None if row is None else Target(*row)


# Asked after every write, so the statements are put together once.


@cache
def _undo_statement() -> Select[Id, str, str]:
    return (
        select(operation.c.id, operation.c.kind, operation.c.label)
        .where(operation.c.reviewer_id == bindparam("reviewer"), operation.c.role == "do", ~_is_undone())
        .order_by(operation.c.hlc.desc(), operation.c.device.desc())
        .limit(1)
    )


@cache
def _last_new_statement() -> Select[int]:
    return select(func.max(operation.c.hlc)).where(
        operation.c.reviewer_id == bindparam("reviewer"), operation.c.role == "do"
    )


@cache
def _redo_statement() -> Select[Id, str, str]:
    undo = operation.alias("undo")
    undone_since = select(undo.c.target).where(
        undo.c.reviewer_id == bindparam("reviewer"), undo.c.role == "undo", undo.c.hlc > bindparam("last_new")
    )
    return (
        select(operation.c.id, operation.c.kind, operation.c.label)
        .where(operation.c.reviewer_id == bindparam("reviewer"), operation.c.id.in_(undone_since), _is_undone())
        .order_by(operation.c.hlc, operation.c.device)
        .limit(1)
    )


def undo_state(connection: Connection, reviewer_id: Id) -> UndoState:
    """Labels of what undo and redo would do."""
    undo, redo = undo_target(connection, reviewer_id), redo_target(connection, reviewer_id)
    return UndoState(undo.label if undo else None, redo.label if redo else None)


def turn_around(tx: Transaction, target: Target, *, forward: bool) -> None:
    """Put back what ``target`` changed (or, ``forward``, put its changes in place again).

    Raises Conflict when a field no longer holds what the operation left in it, or when somebody else has written it
    since; then nothing is changed.
    """
    rows = tx.connection.execute(
        select(change.c.table_name, change.c.row_id, change.c.fields).where(change.c.operation_id == target.id)
    ).all()
    for table, row_id, fields in rows:
        now = tx.get(table, row_id)
        wanted = _wanted(table, fields, forward=forward)
        for field, (expected, _) in wanted.items():
            if now is None or now[field] != expected or _written_by_others(tx, table, row_id, field, target.id):
                raise _moved_on(target, table)
        tx.put(table, row_id, **{field: value for field, (_, value) in wanted.items()})
    if any(table == "duplicate" for table, _, _ in rows) and knots(live_parents(tx.connection)):
        raise _moved_on(target, "duplicate")


def _moved_on(target: Target, table: str) -> Conflict:
    return Conflict(
        "undo.moved_on",
        "“{label}” cannot be taken back: a later change by someone else touches the same {thing}. "
        "Nothing was changed. Change it by hand instead.",
        label=target.label,
        thing=table.replace("_", " "),
    )


def _wanted(table: str, fields: Fields, *, forward: bool) -> dict[str, tuple[object, object]]:
    """{field: (what must be there now, what to put)}."""
    if fields.get("deleted", [0])[0] is None:
        # The operation made the row. A row is never removed, it is marked deleted and keeps its values.
        return {"deleted": (True, False) if forward else (False, True)}
    pairs = {f: (decode(table, f, b), decode(table, f, a)) for f, (b, a) in fields.items()}
    return pairs if forward else {f: (a, b) for f, (b, a) in pairs.items()}


def _is_undone() -> ColumnElement[bool]:
    turn = operation.alias("turn")
    last_role = (
        select(turn.c.role)
        .where(turn.c.target == operation.c.id)
        .order_by(turn.c.hlc.desc(), turn.c.device.desc())
        .limit(1)
        .correlate(operation)
        .scalar_subquery()
    )
    return func.coalesce(last_role, "do") == "undo"


def _written_by_others(tx: Transaction, table: str, row_id: Id, field: str, target: Id) -> bool:
    """Whether another reviewer's operation that is in effect wrote this field after the target did."""
    made = select(operation.c.hlc).where(operation.c.id == target).scalar_subquery()
    statement = (
        select(change.c.fields)
        .join(operation, operation.c.id == change.c.operation_id)
        .where(
            and_(
                change.c.table_name == table,
                change.c.row_id == row_id,
                operation.c.hlc > made,
                operation.c.reviewer_id != tx.reviewer_id,
                operation.c.role.in_(("do", "base")),
                ~_is_undone(),
            )
        )
    )
    return any(field in fields for (fields,) in tx.connection.execute(statement))
