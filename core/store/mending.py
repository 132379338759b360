"""Duplicates after changes made apart: each group of records has one primary, and no record follows in a ring.

Each copy keeps its own groups in order, but two orders may not go together: A was said to follow B here, and B to
follow A there, so that neither would be screened. What is mended is an operation like any other. It is derived from
the operations it rests on alone, so that every copy that has them makes the very same one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from sqlalchemy import Connection, select

from core.model import Id, derived_id
from core.store.log import Stamp, Transaction
from core.store.log_tables import change, operation
from core.store.queries.records import live_parents


def knots(parents: Mapping[Id, Id]) -> dict[Id, set[Id]]:
    """{who stands for the group: its members} for the groups in which a record follows one that follows another.

    Of a ring the record with the smallest id stands for the group.
    """
    heads = {_head(r, parents) for r, primary in parents.items() if primary in parents}
    found: dict[Id, set[Id]] = defaultdict(set)
    for record_id in parents if heads else ():
        head = _head(record_id, parents)
        if head in heads:
            found[head] |= {record_id, head}
    return found


def _head(record_id: Id, parents: Mapping[Id, Id]) -> Id:
    path: list[Id] = []
    while record_id in parents and record_id not in path:
        path.append(record_id)
        record_id = parents[record_id]
    return min(path[path.index(record_id) :]) if record_id in path else record_id


def mend_duplicates(connection: Connection) -> int:
    """Put every group under one primary; the stamp of the last operation written, 0 when there was nothing to mend."""
    parents = live_parents(connection)
    stamps = [_mend(connection, head, members) for head, members in sorted(knots(parents).items())]
    return max(stamps, default=0)


def _mend(connection: Connection, head: Id, members: Iterable[Id]) -> int:
    rows = {record_id: derived_id("duplicate", record_id) for record_id in sorted(members)}
    basis = connection.execute(
        select(operation.c.id, operation.c.hlc, operation.c.reviewer_id)
        .join(change, change.c.operation_id == operation.c.id)
        .where(change.c.table_name == "duplicate", change.c.row_id.in_(list(rows.values())))
        .order_by(operation.c.hlc, operation.c.device)
    ).all()
    last = basis[-1]
    operation_id = derived_id("mending", head, *(one.id for one in basis))
    stamp = Stamp(operation_id, last.hlc + 1, derived_id("mending of", operation_id), 1, last.reviewer_id)
    tx = Transaction(connection, stamp)
    for record_id, row_id in rows.items():
        if record_id == head:
            tx.delete("duplicate", row_id)
        else:
            tx.put("duplicate", row_id, primary_id=head)
    tx.commit_log("references.mend", "Duplicates brought together after merging", "base", None)
    return stamp.hlc
