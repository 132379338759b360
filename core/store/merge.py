"""Bringing two copies of one review together.

The result is the union of both logs; a field's value is the one with the later stamp (the file that a review was made
from comes before all, on whichever side it was taken in later). What both sides changed without
knowing of each other is listed for the lead. Merging twice, or in the other direction, gives the same review.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, func, select

from core.errors import FileProblem
from core.model import Area, Id
from core.store import files, search
from core.store.clock import milliseconds
from core.store.database import Database
from core.store.log import Fields, Row, fold, write_rows
from core.store.log_tables import ADOPTION, MERGES, change, in_order, merge_finding, meta, operation
from core.store.mending import mend_duplicates
from core.store.schema import STATE_TABLES, area_of, attachment_chunk, record, rejected_entry, review

if TYPE_CHECKING:
    from core.store.store import Store


@dataclass(frozen=True, slots=True)
class Finding:
    """A field that both sides changed without knowing of each other; ``kept`` is the operation whose value stands."""

    table: str
    row_id: Id
    field: str
    kept: Id
    other: Id


@dataclass(frozen=True, slots=True)
class MergeReport:
    """What a merge brought."""

    operations: int
    records: int
    findings: tuple[Finding, ...]
    areas: Area


def version_vector(connection: Connection) -> dict[Id, int]:
    """How far this copy has seen each copy's operations: {device: last sequence}."""
    rows = connection.execute(select(operation.c.device, func.max(operation.c.sequence)).group_by(operation.c.device))
    return {row[0]: row[1] for row in rows}


def merge(store: Store, other_path: Path) -> MergeReport:
    """Bring the operations of the copy at ``other_path`` into ``store``; the other file is only read.

    FileProblem when it is no review, another review, or when both copies hold different operations under one number.
    """
    files.check_is_review(other_path)
    with Database.snapshot(other_path) as theirs:
        return _merge(store, theirs, other_path)


def _merge(store: Store, theirs: Connection, path: Path) -> MergeReport:
    _check_same_review(store.reader, theirs, path)
    their_vector = version_vector(theirs)
    with store.database.transaction() as ours:
        our_vector = version_vector(ours)
        _check_no_fork(ours, theirs, path)
        incoming = [o for o in _operations(theirs) if o["sequence"] > our_vector.get(o["device"], 0)]
        ids = [o["id"] for o in incoming]
        records = _copy_immutable(ours, theirs)
        changes = _changes(theirs, ids)
        if incoming:
            ours.execute(operation.insert(), incoming)
            store.observe(max(o["hlc"] for o in incoming))
        if changes:
            ours.execute(change.insert(), changes)
        touched = {(c["table_name"], c["row_id"]) for c in changes}
        findings = _rebuild(ours, touched, set(ids), their_vector)
        findings += _worked_on_though_deleted(ours, set(ids), their_vector)
        store.observe(mend_duplicates(ours))
        if findings:
            now = max(milliseconds(o["hlc"]) for o in incoming)
            ours.execute(
                merge_finding.insert(),
                [
                    {
                        "found_at": now,
                        "table_name": f.table,
                        "row_id": f.row_id,
                        "field": f.field,
                        "kept": f.kept,
                        "other": f.other,
                    }
                    for f in findings
                ],
            )
        if incoming:
            _count(ours)
        while search.index_slice(ours):
            pass
    return MergeReport(len(incoming), records, tuple(findings), area_of({t for t, _ in touched}))


def _count(connection: Connection) -> None:
    """Note that operations came in, which may be older than the last one that was here."""
    before = connection.execute(select(meta.c.value).where(meta.c.key == MERGES)).scalar()
    connection.execute(meta.delete().where(meta.c.key == MERGES))
    connection.execute(meta.insert(), {"key": MERGES, "value": str(int(before or 0) + 1)})


def _check_same_review(ours: Connection, theirs: Connection, path: Path) -> None:
    first = select(review.c.id).order_by(review.c.id).limit(1)
    if ours.execute(first).scalar() != theirs.execute(first).scalar():
        raise FileProblem(
            "merge.other_review",
            "{name} is a copy of another review, so nothing was merged. Choose a copy of this one.",
            name=path.name,
        )


def _check_no_fork(ours: Connection, theirs: Connection, path: Path) -> None:
    """Two operations under one (device, sequence) mean that a file was copied behind Copse's back and both edited."""
    columns = (operation.c.device, operation.c.sequence, operation.c.id)
    mine = {(d, s): i for d, s, i in ours.execute(select(*columns))}
    for device, sequence, row_id in theirs.execute(select(*columns)):
        if mine.get((device, sequence), row_id) != row_id:
            raise FileProblem(
                "merge.forked",
                "{name} and this review both hold an operation number {number} of the same copy, with different "
                "content: one of them was copied outside Copse and edited twice. Nothing was merged. Keep both files "
                "and use Save a copy from now on.",
                name=path.name,
                number=sequence,
            )


def _operations(connection: Connection) -> list[dict[str, Any]]:
    statement = select(operation).order_by(operation.c.hlc, operation.c.device)
    return [dict(r) for r in connection.execute(statement).mappings()]


def _changes(connection: Connection, operation_ids: Sequence[Id]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for start in range(0, len(operation_ids), 500):
        part = operation_ids[start : start + 500]
        found += [dict(r) for r in connection.execute(select(change).where(change.c.operation_id.in_(part))).mappings()]
    return found


def _copy_immutable(ours: Connection, theirs: Connection) -> int:
    """Bring over records, rejected entries and attachments that this copy lacks; the number of records."""
    have = set(ours.execute(select(record.c.id)).scalars())
    new = [dict(r) for r in theirs.execute(select(record).order_by(record.c.n)).mappings() if r["id"] not in have]
    for row in new:
        del row["n"]
    if new:
        ours.execute(record.insert(), new)
    for table in (rejected_entry, attachment_chunk):
        keys = tuple(table.primary_key.columns)
        known = {tuple(k) for k in ours.execute(select(*keys))}
        for key in [tuple(k) for k in theirs.execute(select(*keys)) if tuple(k) not in known]:
            # One by one: attachments may be larger than the memory there is.
            this = (column == value for column, value in zip(keys, key, strict=True))
            ours.execute(table.insert(), dict(theirs.execute(select(table).where(*this)).mappings().one()))
    return len(new)


def _rebuild(
    connection: Connection, touched: set[tuple[str, Id]], incoming: set[Id], their_vector: dict[Id, int]
) -> list[Finding]:
    """Set every touched row to what its whole history says; the fields changed on both sides independently."""
    inserts: dict[str, list[Row]] = defaultdict(list)
    updates: dict[str, list[Row]] = defaultdict(list)
    findings: list[Finding] = []
    for table, row_id in sorted(touched):
        rows = connection.execute(
            select(change.c.fields, operation.c.id, operation.c.device, operation.c.sequence, operation.c.kind)
            .join(operation, operation.c.id == change.c.operation_id)
            .where(change.c.table_name == table, change.c.row_id == row_id)
            .order_by(*in_order())
        ).all()
        row = fold(table, row_id, [r.fields for r in rows])
        columns = STATE_TABLES[table].c
        exists = connection.execute(select(columns.id).where(columns.id == row_id)).first() is not None
        (updates if exists else inserts)[table].append(row)
        made = [r for r in rows if r.kind != ADOPTION]
        unknown_to_them = [r for r in made if r.sequence > their_vector.get(r.device, 0)]
        from_them = [r for r in made if r.id in incoming]
        findings += _concurrent(table, row_id, unknown_to_them, from_them, [r.id for r in rows])
    write_rows(connection, inserts, updates)
    return findings


def _concurrent(table: str, row_id: Id, ours: Sequence[Any], theirs: Sequence[Any], order: list[Id]) -> list[Finding]:
    last_ours = _last_writers(ours)
    findings: list[Finding] = []
    for field, (operation_id, value) in _last_writers(theirs).items():
        if field in last_ours and last_ours[field][1] != value:
            pair = sorted((last_ours[field][0], operation_id), key=order.index)
            findings.append(Finding(table, row_id, field, kept=pair[1], other=pair[0]))
    for deleting, changing in ((ours, theirs), (theirs, ours)):
        end = _last_writers(deleting).get("deleted")
        if end is not None and end[1] and changing and "deleted" not in _last_writers(changing):
            findings.append(Finding(table, row_id, "deleted", kept=end[0], other=changing[-1].id))
    return findings


def _worked_on_though_deleted(connection: Connection, incoming: set[Id], their_vector: dict[Id, int]) -> list[Finding]:
    """Rows that one side deleted while the other, not knowing, wrote rows that belong to them (a study's entries)."""
    findings: dict[tuple[str, Id], Finding] = {}
    for table in STATE_TABLES.values():
        for key in table.foreign_keys:
            owner, child = key.column.table, table.alias()
            pairs = connection.execute(
                select(child.c.id, owner.c.id.label("owner_id"))
                .join(owner, owner.c.id == child.c[key.parent.name])
                .where(child.c.deleted.is_(False), owner.c.deleted)
                .order_by(child.c.id)
            ).all()
            for child_id, owner_id in pairs:
                written = _last_operation(connection, table.name, child_id)
                deleted = _last_operation(connection, owner.name, owner_id)
                sides = {_side(one, incoming, their_vector) for one in (written, deleted)}
                if sides == {"ours", "theirs"}:
                    findings.setdefault(
                        (owner.name, owner_id),
                        Finding(owner.name, owner_id, "deleted", kept=deleted.id, other=written.id),
                    )
    return list(findings.values())


def _last_operation(connection: Connection, table: str, row_id: Id) -> Any:
    return connection.execute(
        select(operation.c.id, operation.c.device, operation.c.sequence, operation.c.kind)
        .join(change, change.c.operation_id == operation.c.id)
        .where(change.c.table_name == table, change.c.row_id == row_id)
        .order_by(operation.c.kind == ADOPTION, operation.c.hlc.desc(), operation.c.device.desc())
        .limit(1)
    ).one()


def _side(one: Any, incoming: set[Id], their_vector: dict[Id, int]) -> str:
    """Which side alone knew of an operation; 'both' when both did, and of what both began with."""
    if one.kind == ADOPTION:
        return "both"
    if one.id in incoming:
        return "theirs"
    return "ours" if one.sequence > their_vector.get(one.device, 0) else "both"


def _last_writers(rows: Sequence[Any]) -> dict[str, tuple[Id, Any]]:
    last: dict[str, tuple[Id, Any]] = {}
    for row in rows:
        fields: Fields = row.fields
        for field, (before, after) in fields.items():
            if before != after or field not in last:
                last[field] = (row.id, after)
    return last
