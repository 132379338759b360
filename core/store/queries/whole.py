"""The whole review for the way back to other programs: its rows, what a file had put in it, and the file itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from core.model import Id
from core.store.attachments import read_chunks
from core.store.log import Row, fold
from core.store.log_tables import change, operation
from core.store.schema import STATE_TABLES, attachment, origin, record


@dataclass(frozen=True, slots=True)
class OriginRow:
    """The file of another program that a review was made from; ``report`` is what was read, as it is kept."""

    id: Id
    format: str
    file_name: str
    version: str
    content_hash: str
    report: list[Any]


def origin_of(connection: Connection) -> OriginRow | None:
    """Where the review came from; None when it was made in Copse."""
    row = connection.execute(select(origin).where(origin.c.deleted.is_(False)).order_by(origin.c.id)).first()
    if row is None:
        return None
    return OriginRow(row.id, row.format, row.file_name, row.version, row.content_hash, row.report)


def kept_with(connection: Connection, subject_id: Id, media_type: str) -> bytes:
    """The content of the file of this type that is kept with a row; empty where there is none."""
    statement = select(attachment.c.content_hash).where(
        attachment.c.subject_id == subject_id, attachment.c.media_type == media_type, attachment.c.deleted.is_(False)
    )
    content_hash = connection.execute(statement.order_by(attachment.c.id).limit(1)).scalar()
    return b"" if content_hash is None else b"".join(read_chunks(connection, content_hash))


def live_rows(connection: Connection, table: str) -> dict[Id, Row]:
    """The rows of a state table that are not deleted, in their order."""
    source = STATE_TABLES[table]
    order = (source.c.position, source.c.id) if "position" in source.c else (source.c.id,)
    found = connection.execute(select(source).where(source.c.deleted.is_(False)).order_by(*order))
    return {row["id"]: dict(row) for row in found.mappings()}


def is_live(connection: Connection, table: str, row_id: Id) -> bool:
    """Whether there is such a row, and it is not deleted."""
    source = STATE_TABLES[table]
    statement = select(source.c.id).where(source.c.id == row_id, source.c.deleted.is_(False))
    return connection.execute(statement).first() is not None


def rows_written_by(connection: Connection, kind: str) -> Iterator[tuple[str, Id, Row]]:
    """(table, id, row as it was written) of each row that operations of a kind have made."""
    statement = (
        select(change.c.table_name, change.c.row_id, change.c.fields)
        .join(operation, operation.c.id == change.c.operation_id)
        .where(operation.c.kind == kind)
        .order_by(operation.c.hlc, operation.c.device)
    )
    for table, row_id, fields in connection.execute(statement):
        if table in STATE_TABLES:
            yield table, row_id, fold(table, row_id, [fields])


def records_with(connection: Connection, ids: Iterable[Id]) -> dict[Id, Any]:
    """The records with these ids, with all their columns."""
    listed, found = sorted(ids), dict[Id, Any]()
    for start in range(0, len(listed), 500):
        rows = connection.execute(select(record).where(record.c.id.in_(listed[start : start + 500])))
        found.update({row.id: row for row in rows})
    return found
