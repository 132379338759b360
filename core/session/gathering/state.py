"""The review as it stands beside what the file it was made from had put there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from sqlalchemy import Connection

from core.interchange import snapshot
from core.interchange.model import ReviewFile
from core.model import Id
from core.session.adoption import KIND, ORIGINAL
from core.session.adoption.rows import element_id
from core.store.log import Row
from core.store.queries import whole


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
            for table, row_id, row in whole.rows_written_by(connection, KIND):
                self._placed[table][row_id] = row

    def live(self, table: str) -> Mapping[Id, Row]:
        """The rows of a table that are there, in their order."""
        if table not in self._now:
            self._now[table] = whole.live_rows(self.connection, table)
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
    row = whole.origin_of(connection)
    packed = whole.kept_with(connection, row.id, snapshot.MEDIA_TYPE) if row is not None else b""
    if row is None or not packed:
        return None, ""
    return snapshot.load(packed, whole.kept_with(connection, row.id, ORIGINAL)), row.content_hash
