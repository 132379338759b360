"""How the columns of the review's tables are written down, and what makes a table a state table."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, Float, ForeignKey, Index, LargeBinary, MetaData, Table, Text

from core.model import Area

metadata = MetaData()


def ref(table: str) -> ForeignKey:
    """A reference to a row of another table."""
    # Merging applies rows of all tables in one transaction in no particular order, hence deferred.
    return ForeignKey(f"{table}.id", deferrable=True, initially="DEFERRED")


def text(name: str) -> Column[str]:
    """A text, empty when nothing was said."""
    return Column(name, Text, nullable=False, default="", server_default="")


def link(name: str, table: str, *, optional: bool = False) -> Column[bytes]:
    """The id of a row of another table."""
    return Column(name, LargeBinary(16), ref(table), nullable=optional, index=True)


def number(name: str) -> Column[float]:
    """A number, or none."""
    return Column(name, Float, nullable=True)


def whole(name: str, default: int = 0) -> Column[int]:
    """A whole number."""
    return Column(name, BigInteger, nullable=False, default=default, server_default=str(default))


def flag(name: str, default: bool = False) -> Column[bool]:
    """Yes or no."""
    return Column(name, Boolean, nullable=False, default=default, server_default="1" if default else "0")


def state(
    name: str,
    area: Area,
    *columns: Column[Any] | Index,
    author: str | None = None,
    together: tuple[str, ...] = (),
) -> Table:
    """A state table.

    ``author`` names the column holding the reviewer whose judgement a row is (blinding). ``together`` names fields that
    mean something only jointly: a change to one stamps them all, so that merging never mixes two people's answers, and
    the mark of deletion too, so that a later answer is not lost to an earlier taking back.
    """
    return Table(
        name,
        metadata,
        Column("id", LargeBinary(16), primary_key=True),
        flag("deleted"),
        *columns,
        info={"area": area, "author": author, "state": True, "together": together},
    )
