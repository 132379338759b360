"""Whether a review's file is what it should be: the log whole, the state what it says, imports untouched.

What is found is said in sentences, for a person to read or to send to somebody who can help. Nothing is mended here.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterator

from sqlalchemy import Connection, func, select

from core.errors import FileProblem
from core.model import Id
from core.store import search
from core.store.attachments import read_chunks
from core.store.database import Database
from core.store.log import Fields, Row, fold, stored_state
from core.store.log_tables import change, in_order, operation
from core.store.schema import STATE_TABLES, attachment, import_batch, record
from core.store.staging import reference


def check(database: Database) -> list[str]:
    """What is wrong with the file, in sentences; empty when all is well."""
    found: list[str] = []
    try:
        verdict = database.pragma("integrity_check")
        if verdict != "ok":
            return [f"The database reports: {verdict}"]
        reader = database.reader
        for part in (_references, _log, _state, _imports, _attachments):
            found.extend(part(reader))
        found.extend(search.check(reader))
        with database.transaction() as connection:
            found.extend(search.check_structure(connection))
    except FileProblem as problem:
        found.append(f"The database reports: {problem.message}")
    return found


def _references(connection: Connection) -> Iterator[str]:
    """Rows that point to a row that is not there."""
    rows = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    for (table, owner), number in sorted(Counter((row[0], row[2]) for row in rows).items()):
        those = f"1 row of {table} belongs" if number == 1 else f"{number} rows of {table} belong"
        yield f"{those} to a row of {owner} that is gone."


def _log(connection: Connection) -> Iterator[str]:
    """Operations that are missing, or have lost their changes."""
    runs = connection.execute(
        select(operation.c.device, func.count(), func.min(operation.c.sequence), func.max(operation.c.sequence))
        .group_by(operation.c.device)
        .order_by(operation.c.device)
    )
    for device, number, first, last in runs:
        missing = last - number
        if first < 1 or missing:
            yield f"The log lacks {missing} operation{'s' * (missing != 1)} of copy {device.hex()}."
    without = select(operation.c.kind, operation.c.id).where(operation.c.id.not_in(select(change.c.operation_id)))
    for kind, row_id in connection.execute(without.order_by(operation.c.hlc)):
        yield f"An operation ({kind}, {row_id.hex()}) has lost all its changes."


def _state(connection: Connection) -> Iterator[str]:
    """Rows that are not what their changes made them, and changes that rest on one that is missing."""
    history: dict[tuple[str, Id], list[Fields]] = defaultdict(list)
    rows = connection.execute(
        select(change.c.table_name, change.c.row_id, change.c.fields)
        .join(operation, operation.c.id == change.c.operation_id)
        .order_by(*in_order())
    )
    for table, row_id, fields in rows:
        history[table, row_id].append(fields)
    for table in sorted({table for table, _ in history} - STATE_TABLES.keys()):
        yield f"The log speaks of {table}, which a review does not have."
    stored = stored_state(connection)
    keys = {(table, row_id) for table, kept in stored.items() for row_id in kept}
    for table, row_id in sorted(keys | {key for key in history if key[0] in STATE_TABLES}):
        changes = history[table, row_id]
        if _replayed(table, row_id, changes) != stored[table].get(row_id):
            yield f"{table} {row_id.hex()} differs from what its history says."
        if _has_gap(changes):
            yield f"The history of {table} {row_id.hex()} has a gap: a value was replaced that nobody had written."


def _replayed(table: str, row_id: Id, changes: list[Fields]) -> Row | None:
    try:
        return fold(table, row_id, changes) if changes else None
    except (KeyError, ValueError, TypeError):  # a field there is not, or a value that is none
        return None


def _has_gap(changes: list[Fields]) -> bool:
    """Whether a change replaced a value that no earlier one wrote.

    It need not be the last one before: copies that were merged did not know of each other's changes.
    """
    written: dict[str, set[str]] = defaultdict(set)
    for fields in changes:
        for field, (before, after) in fields.items():
            if before is not None and json.dumps(before) not in written[field]:
                return True
            written[field].add(json.dumps(after))
    return False


def _imports(connection: Connection) -> Iterator[str]:
    """Imports whose records are not those that were read, in number or in a word."""
    batches = connection.execute(
        select(import_batch.c.id, import_batch.c.file_name, import_batch.c.content_hash).order_by(import_batch.c.id)
    )
    for batch_id, file_name, content_hash in batches.all():
        digest = hashlib.sha256()
        rows = connection.execute(select(record).where(record.c.batch_id == batch_id).order_by(record.c.position))
        for part in rows.partitions(1000):
            for row in part:
                digest.update(reference(row).content_hash().encode())
        if digest.hexdigest() != content_hash:
            yield f"The records of {file_name} (import {batch_id.hex()}) are not what was imported."


def _attachments(connection: Connection) -> Iterator[str]:
    """Kept files whose content is not what was kept."""
    rows = connection.execute(select(attachment.c.content_hash, attachment.c.name).order_by(attachment.c.id)).all()
    for content_hash, name in {row.content_hash: row.name for row in rows}.items():
        digest = hashlib.sha256()
        for part in read_chunks(connection, content_hash):
            digest.update(part)
        if digest.hexdigest() != content_hash:
            yield f"The file {name} kept in the review is damaged ({content_hash})."
