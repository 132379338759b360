"""Undo and redo as operations of their own: history only grows.

What undo would do next is read from the log: the reviewer's latest operation that is in effect. Redo takes the earliest
of those undone since the reviewer last did something new.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Table, and_, bindparam, func, select

from core.errors import Conflict
from core.language import mark
from core.model import Id, UndoState
from core.store.log import Fields, Transaction, decode, fold
from core.store.log_tables import change, in_order, operation
from core.store.mending import knots
from core.store.queries.records import live_parents
from core.store.schema import STATE_TABLES, record

_CHUNK = 500


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
    return UndoState(
        undo.label if undo else None,
        redo.label if redo else None,
        undo.kind if undo else "",
        redo.kind if redo else "",
    )


def turn_around(tx: Transaction, target: Target, *, forward: bool) -> None:
    """Put back what ``target`` changed (or, ``forward``, put its changes in place again).

    Raises Conflict when a field no longer holds what the operation left in it, when somebody else has written it since
    or at the same time on another copy, or when a row would go on which somebody else has built; then nothing is
    changed.
    """
    rows = tx.connection.execute(
        select(change.c.table_name, change.c.row_id, change.c.fields).where(change.c.operation_id == target.id)
    ).all()
    histories = _histories(tx, [(table, row_id) for table, row_id, _ in rows], target.id)
    for table, row_id, fields in rows:
        now = tx.get(table, row_id)
        wanted = _wanted(table, fields, forward=forward)
        earlier, later = histories[table, row_id]
        by_others = {field for one in later if _stands_by_another(tx, one) for field in one.fields}
        if now is None or any(now[field] != expected for field, (expected, _) in wanted.items()):
            raise _moved_on(target, table)
        if by_others & wanted.keys():
            raise _moved_on(target, table)
        if not forward and _met(table, row_id, fields, earlier):
            raise _met_another(target, table)
        if wanted.get("deleted") == (False, True):
            _refuse_if_built_on(tx, target, table, row_id)
        tx.put(table, row_id, **{field: value for field, (_, value) in wanted.items()})
    if any(table == "duplicate" for table, _, _ in rows) and knots(live_parents(tx.connection)):
        raise _moved_on(target, "duplicate")


def _moved_on(target: Target, table: str) -> Conflict:
    return Conflict(
        "undo.moved_on",
        "“{label}” cannot be taken back: a later change by someone else touches the same {thing}. "
        "Nothing was changed. Change it by hand instead.",
        label=target.label,
        thing=_thing(table),
    )


def _met_another(target: Target, table: str) -> Conflict:
    return Conflict(
        "undo.met",
        "“{label}” cannot be taken back: another change of the same {thing} came in when two copies were merged, and "
        "would be lost with it. Nothing was changed. Change it by hand instead.",
        label=target.label,
        thing=_thing(table),
    )


def _thing(table: str) -> str:
    return mark("import" if table == "import_batch" else table.replace("_", " "))


def _histories(
    tx: Transaction, rows: Sequence[tuple[str, Id]], target: Id
) -> dict[tuple[str, Id], tuple[list[Any], list[Any]]]:
    """The changes of each row before and after those of ``target``, in the order of their stamps."""
    found: dict[tuple[str, Id], list[Any]] = {row: [] for row in rows}
    for table in {table for table, _ in rows}:
        ids = [row_id for of, row_id in rows if of == table]
        tx.preload(table, ids)
        for start in range(0, len(ids), _CHUNK):
            changes = tx.connection.execute(
                select(
                    change.c.row_id, change.c.fields, operation.c.id, operation.c.reviewer_id, operation.c.role,
                    _is_undone().label("undone"),
                )
                .join(operation, operation.c.id == change.c.operation_id)
                .where(change.c.table_name == table, change.c.row_id.in_(ids[start : start + _CHUNK]))
                .order_by(*in_order())
            )  # fmt: skip
            for one in changes:
                found[table, one.row_id].append(one)
    parted: dict[tuple[str, Id], tuple[list[Any], list[Any]]] = {}
    for row, changes in found.items():
        place = next(i for i, one in enumerate(changes) if one.id == target)
        parted[row] = changes[:place], changes[place + 1 :]
    return parted


def _stands_by_another(tx: Transaction, one: Any) -> bool:
    """Whether an operation is somebody else's and in effect."""
    return one.reviewer_id != tx.reviewer_id and one.role in ("do", "base") and not one.undone


def _met(table: str, row_id: Id, fields: Fields, earlier: Sequence[Any]) -> bool:
    """Whether the row was not what the operation found, because a merge brought an earlier change from elsewhere."""
    if not earlier:
        return False
    row = fold(table, row_id, [one.fields for one in earlier])
    if _made(fields):
        return not row["deleted"]
    return any(row[field] != decode(table, field, before) for field, (before, _) in fields.items())


def _refuse_if_built_on(tx: Transaction, target: Target, table: str, row_id: Id) -> None:
    """Conflict when somebody else has, since the operation, written rows that belong to one that would go.

    One's own later work is taken back before; another's would be out of sight, and for good once something new is done.
    """
    made = select(operation.c.hlc).where(operation.c.id == target.id).scalar_subquery()
    for child, belongs in _belonging(table, row_id):
        statement = (
            select(child.c.id)
            .join(change, and_(change.c.table_name == child.name, change.c.row_id == child.c.id))
            .join(operation, operation.c.id == change.c.operation_id)
            .where(belongs, child.c.deleted.is_(False), operation.c.hlc > made)
            .where(operation.c.reviewer_id != tx.reviewer_id)
            .limit(1)
        )
        if tx.connection.execute(statement).first() is not None:
            raise Conflict(
                "undo.built_on",
                "“{label}” cannot be taken back: somebody else has worked on this {thing} since, and that would "
                "go with it. Nothing was changed. Ask them to take theirs back first.",
                label=target.label,
                thing=_thing(table),
            )


def _belonging(table: str, row_id: Id) -> Iterator[tuple[Table, ColumnElement[bool]]]:
    """The state tables whose rows may belong to a row, with the condition that they do."""
    for child in STATE_TABLES.values():
        for key in child.foreign_keys:
            if key.column.table.name == table:
                yield child, child.c[key.parent.name] == row_id
        if table == "import_batch" and "record_id" in child.c and child.name != "duplicate":
            yield child, child.c.record_id.in_(select(record.c.id).where(record.c.batch_id == row_id))
        # Nothing is said of what a reviewer has said; thousands of decisions may be taken back at once.
        if "subject_id" in child.c and not STATE_TABLES[table].info["author"]:
            yield child, child.c.subject_id == row_id


def _wanted(table: str, fields: Fields, *, forward: bool) -> dict[str, tuple[object, object]]:
    """{field: (what must be there now, what to put)}."""
    if _made(fields):
        # The operation made the row. A row is never removed, it is marked deleted and keeps its values.
        return {"deleted": (True, False) if forward else (False, True)}
    pairs = {f: (decode(table, f, b), decode(table, f, a)) for f, (b, a) in fields.items()}
    return pairs if forward else {f: (a, b) for f, (b, a) in pairs.items()}


def _made(fields: Fields) -> bool:
    """Whether a change made its row."""
    return fields.get("deleted", [0])[0] is None


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
