"""The log of a review: its operations with their changes, and what belongs to one copy of the file alone."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    ColumnElement,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
)

from core.store.columns import metadata

operation = Table(
    "operation",
    metadata,
    Column("id", LargeBinary(16), primary_key=True),
    Column("hlc", BigInteger, nullable=False),
    Column("device", LargeBinary(16), nullable=False),
    Column("sequence", BigInteger, nullable=False),
    Column("reviewer_id", LargeBinary(16), nullable=False),
    Column("kind", Text, nullable=False),
    Column("label", Text, nullable=False),
    # 'base' (not to be undone), 'do', 'undo' or 'redo'; the last two name the 'do' whose changes they turn around.
    Column("role", Text, nullable=False),
    Column("target", LargeBinary(16), nullable=True, index=True),
    UniqueConstraint("device", "sequence"),
    Index("operation_by_time", "hlc", "device"),
    Index("operation_by_reviewer", "reviewer_id", "hlc"),
)

change = Table(
    "change",
    metadata,
    Column("operation_id", LargeBinary(16), ForeignKey("operation.id"), primary_key=True),
    Column("table_name", Text, primary_key=True),
    Column("row_id", LargeBinary(16), primary_key=True),
    # {field: [before, after]}, binary values in hexadecimal.
    Column("fields", JSON, nullable=False),
    Index("change_by_row", "table_name", "row_id"),
)

meta = Table("meta", metadata, Column("key", Text, primary_key=True), Column("value", Text, nullable=False))

ADOPTION = "review.adopt"
"""The kind of the operation that makes a review of a file of another program."""


def in_order() -> tuple[ColumnElement[Any], ...]:
    """What operations are ordered by to give the state: their stamps, but adoptions first.

    The same file taken in on two computers is one beginning: the later of the two is no change of what has been done
    with the earlier.
    """
    return (operation.c.kind == ADOPTION).desc(), operation.c.hlc, operation.c.device


MERGES = "merges"
"""The key in ``meta`` under which this copy counts the merges that brought it something."""

merge_finding = Table(
    "merge_finding",
    metadata,
    # What both sides of a merge had changed without knowing of each other: for the lead to look at.
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("found_at", BigInteger, nullable=False),
    Column("table_name", Text, nullable=False),
    Column("row_id", LargeBinary(16), nullable=False),
    Column("field", Text, nullable=False),
    Column("kept", LargeBinary(16), nullable=False),
    Column("other", LargeBinary(16), nullable=False),
)
