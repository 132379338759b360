"""What the operation log says, as far as one reviewer may read it.

A row that a reviewer has authored (a decision, an entry, a judgement) has no history for a colleague who may not see
the row itself, and an operation that touched such a row is not listed for them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Table, and_, exists, func, or_, select

from core.model import Id, Settlement, Stage
from core.store.clock import milliseconds
from core.store.log import decode
from core.store.log_tables import MERGES, change, in_order, meta, operation
from core.store.schema import (
    STATE_TABLES,
    assessment_finish,
    consensus,
    decision,
    entry,
    extraction_finish,
    judgement,
    screening_note,
)
from core.store.sight import Sight


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One change of one field: who, when (milliseconds since 1970), in what operation, from what to what.

    ``role`` is 'do', 'undo', 'redo' or 'base'; ``before`` is None for a row that was new.
    """

    operation_id: Id
    reviewer_id: Id
    at: int
    kind: str
    label: str
    role: str
    field: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class OperationView:
    """One operation."""

    id: Id
    reviewer_id: Id
    at: int
    kind: str
    label: str
    role: str


@dataclass(frozen=True, slots=True)
class SettledView:
    """A settled value with the operation that settled it; ``how`` says what it rests on."""

    subject_id: Id
    field: str
    number: float | None
    text: str
    not_reported: bool
    status: str
    source: str
    how: Settlement
    note: str
    settled_by: Id
    settled_at: int
    operation: str


def _visible_rows(connection: Connection, sight: Sight) -> dict[str, Select[tuple[Id]]]:
    """For each table of authored rows the ids of those the viewer may see; own rows also when taken back."""

    def ids(table: Table, shown: ColumnElement[bool]) -> Select[tuple[Id]]:
        own: ColumnElement[bool] = table.c[str(table.info["author"])] == sight.viewer.id
        return select(table.c.id).where(or_(own, and_(table.c.deleted.is_(False), shown)))

    note = screening_note.c
    notes = [and_(note.stage == s.value, sight.others_shown(connection, s, note.record_id)) for s in Stage]
    found = {
        "decision": ids(decision, or_(*(sight.decisions(connection, stage) for stage in Stage))),
        "screening_note": ids(screening_note, or_(*notes)),
        "entry": ids(entry, sight.entries()),
        "judgement": ids(judgement, sight.judgements()),
        "extraction_finish": ids(extraction_finish, sight.extraction_shown(extraction_finish.c.study_id)),
        "assessment_finish": ids(
            assessment_finish, sight.assessment_shown(assessment_finish.c.study_id, assessment_finish.c.tool)
        ),
    }
    authored = {name for name, table in STATE_TABLES.items() if table.info["author"]}
    if found.keys() != authored:
        raise AssertionError(f"no rule for the history of {sorted(authored ^ found.keys())}")
    return found


def history(
    connection: Connection, sight: Sight, table: str, row_id: Id, field: str | None = None
) -> tuple[FieldChange, ...]:
    """The changes of a row (of one field), the latest first; nothing of a row that the viewer may not see.

    Raises KeyError for a table that is not a state table.
    """
    if STATE_TABLES[table].info["author"]:
        visible = _visible_rows(connection, sight)[table].where(STATE_TABLES[table].c.id == row_id)
        if connection.execute(visible).first() is None:
            return ()
    rows = connection.execute(
        select(operation, change.c.fields)
        .join(change, change.c.operation_id == operation.c.id)
        .where(change.c.table_name == table, change.c.row_id == row_id)
        .order_by(operation.c.hlc.desc(), operation.c.device.desc())
    )
    found: list[FieldChange] = []
    for r in rows:
        for name, (before, after) in r.fields.items():
            if field in (None, name):
                values = decode(table, name, before), decode(table, name, after)
                found.append(
                    FieldChange(r.id, r.reviewer_id, milliseconds(r.hlc), r.kind, r.label, r.role, name, *values)
                )
    return tuple(found)


def _visible(connection: Connection, sight: Sight) -> ColumnElement[bool]:
    """Condition on ``operation``: an own one, or one that touched nothing hidden."""
    hidden = exists().where(
        change.c.operation_id == operation.c.id,
        or_(
            *(
                and_(change.c.table_name == table, change.c.row_id.not_in(ids))
                for table, ids in _visible_rows(connection, sight).items()
            )
        ),
    )
    return or_(operation.c.reviewer_id == sight.viewer.id, ~hidden)


def recent(
    connection: Connection, sight: Sight, limit: int, since: int = 0, *, seen: Mapping[Id, int] | None = None
) -> tuple[OperationView, ...]:
    """The latest operations, own and others' that touched nothing hidden, after ``since`` (milliseconds).

    With ``seen``, the last number of each copy's operations that was known once, only others' that came in since then.
    """
    rows = connection.execute(
        select(operation)
        .where(_visible(connection, sight), *_news(sight, seen))
        .order_by(operation.c.hlc.desc(), operation.c.device.desc())
        .limit(limit)
    )
    found = (OperationView(r.id, r.reviewer_id, milliseconds(r.hlc), r.kind, r.label, r.role) for r in rows)
    return tuple(one for one in found if one.at > since)


def _news(sight: Sight, seen: Mapping[Id, int] | None) -> list[ColumnElement[bool]]:
    if seen is None:
        return []
    known = [and_(operation.c.device == device, operation.c.sequence > last) for device, last in seen.items()]
    return [operation.c.reviewer_id != sight.viewer.id, or_(operation.c.device.not_in(list(seen)), *known)]


def seen(connection: Connection, sight: Sight) -> dict[Id, int]:
    """For each copy of the review the number of its last operation that the viewer may see."""
    found: dict[Id, int] = {}
    for device in connection.execute(select(operation.c.device).distinct()).scalars().all():
        last = connection.execute(
            select(operation.c.sequence)
            .where(operation.c.device == device, _visible(connection, sight))
            .order_by(operation.c.sequence.desc())
            .limit(1)
        ).scalar()
        if last is not None:
            found[device] = last
    return found


def state(connection: Connection) -> tuple[int, str]:
    """Changes whenever the review does: the latest stamp, and how often copies were merged, which may bring older ones.

    Quick enough to be asked before every row of a table.
    """
    latest = connection.execute(select(func.max(operation.c.hlc))).scalar_one()
    merges = connection.execute(select(meta.c.value).where(meta.c.key == MERGES)).scalar()
    return latest, merges or ""


def began(connection: Connection) -> int:
    """When the first operation of the review was (milliseconds)."""
    return milliseconds(connection.execute(select(func.min(operation.c.hlc))).scalar_one())


def settled_values(connection: Connection, places: Iterable[tuple[Id, str]]) -> dict[tuple[Id, str], SettledView]:
    """The settled values of these cells (result, statistic); those not settled are absent."""
    wanted = set(places)
    rows = connection.execute(
        select(consensus).where(
            consensus.c.subject_id.in_({subject for subject, _ in wanted}), consensus.c.deleted.is_(False)
        )
    ).all()
    rows = [r for r in rows if (r.subject_id, r.field) in wanted]
    settling = _last_operations(connection, "consensus", [r.id for r in rows])
    return {
        (r.subject_id, r.field): SettledView(
            r.subject_id, r.field, r.number, r.text, r.not_reported, r.status, r.source, Settlement(r.how), r.note,
            r.settled_by, r.settled_at, settling.get(r.id, ""),
        )
        for r in rows
    }  # fmt: skip


def _last_operations(connection: Connection, table: str, row_ids: list[Id]) -> dict[Id, str]:
    """The label of the operation that last wrote each row."""
    found: dict[Id, str] = {}
    for start in range(0, len(row_ids), 500):
        rows = connection.execute(
            select(change.c.row_id, operation.c.label)
            .join(operation, operation.c.id == change.c.operation_id)
            .where(change.c.table_name == table, change.c.row_id.in_(row_ids[start : start + 500]))
            .order_by(*in_order())
        )
        found.update((r[0], r[1]) for r in rows)
    return found
