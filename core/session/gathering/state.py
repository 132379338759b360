"""The review as it stands beside what the file it was made from had put there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from sqlalchemy import Connection, select

from core.interchange import snapshot
from core.interchange.model import ReviewFile
from core.model import Id
from core.session.adoption import KIND
from core.session.adoption.rows import element_id
from core.store.attachments import read_chunks
from core.store.log import Row, fold
from core.store.log_tables import change, operation
from core.store.schema import STATE_TABLES, attachment, origin


class State:
    """Live rows by table, and the same as the file had put them. ``base`` is the file, None where there is none."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.base, self.content_hash = kept_file(connection)
        self._now: dict[str, dict[Id, Row]] = {}
        self._placed_by: dict[tuple[str, str], dict[Id, set[Id]]] = {}
        self._by: dict[tuple[str, str], dict[Id, list[Row]]] = {}
        self._placed: dict[str, dict[Id, Row]] = defaultdict(dict)
        if self.base is not None:
            statement = (
                select(change.c.table_name, change.c.row_id, change.c.fields)
                .join(operation, operation.c.id == change.c.operation_id)
                .where(operation.c.kind == KIND)
                .order_by(operation.c.hlc, operation.c.device)
            )
            for table, row_id, fields in connection.execute(statement):
                if table in STATE_TABLES:
                    self._placed[table][row_id] = fold(table, row_id, [fields])

    def live(self, table: str) -> Mapping[Id, Row]:
        """The rows of a table that are there, in their order."""
        if table not in self._now:
            source = STATE_TABLES[table]
            order = (source.c.position, source.c.id) if "position" in source.c else (source.c.id,)
            found = self.connection.execute(select(source).where(source.c.deleted.is_(False)).order_by(*order))
            self._now[table] = {row["id"]: dict(row) for row in found.mappings()}
        return self._now[table]

    def by(self, table: str, column: str) -> Mapping[Id, list[Row]]:
        """The rows of a table by the value of one of their columns."""
        if (table, column) not in self._by:
            found: dict[Id, list[Row]] = defaultdict(list)
            for row in self.live(table).values():
                found[row[column]].append(row)
            self._by[table, column] = dict(found)
        return self._by[table, column]

    def placed(self, table: str, row_id: Id) -> Row | None:
        """The row as the file had put it; None when it is not the file's."""
        return self._placed[table].get(row_id)

    def placed_by(self, table: str, column: str) -> Mapping[Id, set[Id]]:
        """The rows of a table that the file had put, by the value of one of their columns."""
        key = (table, column)
        if key not in self._placed_by:
            found: dict[Id, set[Id]] = defaultdict(set)
            for row_id, row in self._placed[table].items():
                found[row[column]].add(row_id)
            self._placed_by[key] = dict(found)
        return self._placed_by[key]

    def same(self, table: str, row_id: Id, fields: Iterable[str] = ()) -> bool:
        """Whether a row is there with the values (of these fields, else all) that the file had put in it."""
        before, now = self.placed(table, row_id), self.live(table).get(row_id)
        if before is None or now is None:
            return False
        return all(before.get(name) == now[name] for name in (fields or now))

    def id(self, kind: str, *parts: str | int | Id) -> Id:
        """The id of the row that an element of the file became."""
        return element_id(self.content_hash, kind, *parts)


def kept_file(connection: Connection) -> tuple[ReviewFile | None, str]:
    """The file a review was made from as it was read, and the hash that the ids of its rows follow from."""
    row = connection.execute(select(origin).where(origin.c.deleted.is_(False)).order_by(origin.c.id)).first()
    if row is None:
        return None, ""
    packed = _kept(connection, row.id, snapshot.MEDIA_TYPE)
    if not packed:
        return None, ""
    return snapshot.load(packed, original_of(connection, row.id)), row.content_hash


def original_of(connection: Connection, row_id: Id) -> bytes:
    """The bytes of the file itself; empty where they are not kept."""
    return _kept(connection, row_id, ORIGINAL)


ORIGINAL = "application/octet-stream"


def _kept(connection: Connection, row_id: Id, media_type: str) -> bytes:
    statement = select(attachment.c.content_hash).where(
        attachment.c.subject_id == row_id, attachment.c.media_type == media_type, attachment.c.deleted.is_(False)
    )
    content_hash = connection.execute(statement).scalar()
    return b"" if content_hash is None else b"".join(read_chunks(connection, content_hash))
