"""The operation log: how the review changes.

An operation is one thing a person did; it consists of changes, each a row of a state table with
``{field: [before, after]}``. State and log are written in one transaction. The same log gives undo, the history of any
cell, change notices and merging: the value of a field is what the change with the latest stamp wrote, so state can be
rebuilt from the log.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from sqlalchemy import BindParameter, Connection, LargeBinary, Table, bindparam, select

from core.model import Id
from core.store.log_tables import change, operation
from core.store.schema import STATE_TABLES, column_type

Row: TypeAlias = dict[str, Any]
Fields: TypeAlias = dict[str, list[Any]]
"""What a change says: {field: [before, after]}, as stored (binary values in hexadecimal)."""


def encode(table: str, field: str, value: Any) -> Any:
    """A column's value as the log's JSON holds it."""
    return value.hex() if isinstance(value, bytes) else value


def decode(table: str, field: str, value: Any) -> Any:
    """The inverse of `encode`."""
    if value is not None and isinstance(column_type(table, field), LargeBinary):
        return bytes.fromhex(value)
    return value


def default_row(table: Table) -> Row:
    """A row of a state table in which nothing has been filled in."""
    row: Row = {}
    for column in table.c:
        default: Any = column.default
        row[column.name] = default.arg if default is not None else None
    return row


@dataclass(frozen=True, slots=True)
class Stamp:
    """When, where and by whom an operation is made; its place in the order of all operations is (hlc, device)."""

    operation_id: Id
    hlc: int
    device: Id
    sequence: int
    reviewer_id: Id


class Transaction:
    """The writing half of an operation: rows are read, put and deleted here, and written with their log at the end.

    Writes are held back until `flush` so that hundreds of rows cost a few statements; `connection` flushes first, so a
    query through it sees them.
    """

    def __init__(self, connection: Connection, stamp: Stamp) -> None:
        self._connection = connection
        self.stamp = stamp
        self._loaded: dict[tuple[str, Id], Row | None] = {}
        self._before: dict[tuple[str, Id], Row | None] = {}
        self._unwritten: set[tuple[str, Id]] = set()
        self._written: set[tuple[str, Id]] = set()
        self.label_words: dict[str, str] = {}

    @property
    def connection(self) -> Connection:
        """The connection, with everything put so far written."""
        self.flush()
        return self._connection

    @property
    def reviewer_id(self) -> Id:
        """Whose operation this is."""
        return self.stamp.reviewer_id

    @property
    def tables(self) -> set[str]:
        """The state tables in which something really changed."""
        return {key[0] for key, before in self._before.items() if before is None or self._fields(key)}

    def name(self, **words: str) -> None:
        """Fill the words of the operation's label, e.g. the title of the record decided on."""
        self.label_words.update(words)

    def preload(self, table: str, ids: Iterable[Id]) -> None:
        """Read many rows at once before putting them."""
        wanted = [i for i in ids if (table, i) not in self._loaded]
        source = STATE_TABLES[table]
        for start in range(0, len(wanted), 500):
            part = wanted[start : start + 500]
            rows = self._connection.execute(select(source).where(source.c.id.in_(part))).mappings()
            found = {r["id"]: dict(r) for r in rows}
            for row_id in part:
                self._loaded[table, row_id] = found.get(row_id)

    def get(self, table: str, row_id: Id) -> Row | None:
        """The row as it now stands, tombstones included; None when it has never existed."""
        key = (table, row_id)
        if key not in self._loaded:
            self.preload(table, [row_id])
        row = self._loaded[key]
        return None if row is None else dict(row)

    def live(self, table: str, row_id: Id) -> Row | None:
        """The row as it now stands; None when it does not exist or is deleted."""
        row = self.get(table, row_id)
        return None if row is None or row["deleted"] else row

    def put(self, table: str, row_id: Id, /, **fields: Any) -> Id:
        """Make the row exist with these fields; what is not named keeps its value, or its default in a new row."""
        key = (table, row_id)
        current = self.get(table, row_id)
        row = {**(current or default_row(STATE_TABLES[table])), "id": row_id, "deleted": False, **fields}
        unknown = row.keys() - STATE_TABLES[table].c.keys()
        if unknown:
            raise KeyError(f"{table} has no {', '.join(sorted(unknown))}")
        if row != current:
            self._before.setdefault(key, current)
            self._loaded[key] = row
            self._unwritten.add(key)
        return row_id

    def delete(self, table: str, row_id: Id) -> None:
        """Mark the row deleted; its values stay, so that undo and history have them."""
        if self.live(table, row_id) is not None:
            self.put(table, row_id, deleted=True)

    def changes(self) -> list[tuple[tuple[str, Id], Fields]]:
        """What has changed so far, a row at a time."""
        return [(key, self._fields(key)) for key in self._before]

    def _fields(self, key: tuple[str, Id]) -> Fields:
        table, before, after = key[0], self._before[key], self._loaded[key]
        assert after is not None
        if before is None:
            return {f: [None, encode(table, f, v)] for f, v in after.items() if f != "id"}
        changed = {f for f, v in after.items() if v != before[f]}
        together = set(STATE_TABLES[table].info["together"])
        if changed & together:
            changed |= together | {"deleted"}
        return {f: [encode(table, f, before[f]), encode(table, f, after[f])] for f in sorted(changed)}

    def flush(self) -> None:
        """Write the state rows put so far."""
        inserts: dict[str, list[Row]] = defaultdict(list)
        updates: dict[str, list[Row]] = defaultdict(list)
        for key in self._unwritten:
            row = self._loaded[key]
            assert row is not None
            existed = self._before[key] is not None or key in self._written
            (updates if existed else inserts)[key[0]].append(row)
            self._written.add(key)
        self._unwritten.clear()
        write_rows(self._connection, inserts, updates)

    def commit_log(self, kind: str, label: str, role: str, target: Id | None) -> bool:
        """Write state and log rows; False when nothing changed, and then nothing is written."""
        self.flush()
        rows = [
            {"operation_id": self.stamp.operation_id, "table_name": key[0], "row_id": key[1], "fields": fields}
            for key, fields in self.changes()
            if fields
        ]
        if not rows:
            return False
        stamp = self.stamp
        self._connection.execute(
            operation.insert(),
            {
                "id": stamp.operation_id,
                "hlc": stamp.hlc,
                "device": stamp.device,
                "sequence": stamp.sequence,
                "reviewer_id": stamp.reviewer_id,
                "kind": kind,
                "label": label,
                "role": role,
                "target": target,
            },
        )
        self._connection.execute(change.insert(), rows)
        return True


def write_rows(connection: Connection, inserts: Mapping[str, list[Row]], updates: Mapping[str, list[Row]]) -> None:
    """Insert and update whole state rows, a statement per table."""
    for name, rows in inserts.items():
        connection.execute(STATE_TABLES[name].insert(), rows)
    for name, rows in updates.items():
        table = STATE_TABLES[name]
        values: dict[str, BindParameter[Any]] = {c.name: bindparam(f"v_{c.name}") for c in table.c if c.name != "id"}
        statement = table.update().where(table.c.id == bindparam("row_id")).values(values)
        connection.execute(
            statement, [{"row_id": r["id"], **{f"v_{f}": v for f, v in r.items() if f != "id"}} for r in rows]
        )


def fold(table: str, row_id: Id, changes: Iterable[Fields]) -> Row:
    """The row that results from its changes in the order of their stamps."""
    row = {**default_row(STATE_TABLES[table]), "id": row_id}
    for fields in changes:
        for field, (_, after) in fields.items():
            row[field] = decode(table, field, after)
    return row


def stored_state(connection: Connection) -> dict[str, dict[Id, Row]]:
    """The whole state as the state tables hold it: {table: {id: row}}, tombstones included."""
    return {name: _stored_rows(connection, table) for name, table in STATE_TABLES.items()}


def _stored_rows(connection: Connection, table: Table) -> dict[Id, Row]:
    result = connection.execute(select(table))
    names = tuple(result.keys())  # asked for once: each mapping of a row would look them up again
    rows = (dict(zip(names, row, strict=True)) for row in result)
    return {row["id"]: row for row in rows}
