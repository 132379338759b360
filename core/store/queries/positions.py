"""Where a new row goes in a list that people put in order."""

from __future__ import annotations

from sqlalchemy import Connection, func, select

from core.model import Id
from core.store.schema import STATE_TABLES


def next_position(connection: Connection, table: str, **of: Id | str) -> int:
    """The place after the last live row of a table, of those whose columns hold these values."""
    source = STATE_TABLES[table]
    where = (source.c[name] == value for name, value in of.items())
    statement = select(func.max(source.c.position)).where(source.c.deleted.is_(False), *where)
    return (connection.execute(statement).scalar() or 0) + 1
