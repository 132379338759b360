"""Bringing a file of an earlier version up to this one: what it lacks is added, nothing of it is changed.

A copy of the file as it was is kept beside it, so that an earlier program can still be used.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import Column, Table
from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateColumn, CreateIndex, CreateTable

from core.store.database import problem_of
from core.store.schema import SCHEMA_VERSION, metadata


def version_of(path: Path) -> int:
    """The version of the tables in a review's file, from its header."""
    with path.open("rb") as stream:
        return int.from_bytes(stream.read(64)[60:64], "big")


def copy_name(path: Path, version: int) -> Path:
    """Where the copy of a file of an earlier version is kept; never one that exists."""
    wanted = path.with_name(f"{path.stem} (version {version}){path.suffix}")
    number = 2
    while wanted.exists():
        wanted = path.with_name(f"{path.stem} (version {version}, {number}){path.suffix}")
        number += 1
    return wanted


def migrate(path: Path) -> Path | None:
    """Bring the file up to this version, in one transaction; where the copy of the earlier one is, None if there was
    nothing to do. FileProblem when it cannot be written, and then the file is as it was."""
    version = version_of(path)
    if version >= SCHEMA_VERSION:
        return None
    kept = copy_name(path, version)
    try:
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            with closing(sqlite3.connect(kept)) as copy:
                connection.backup(copy)
            connection.execute("BEGIN IMMEDIATE")
            for statement in _missing(connection):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version={SCHEMA_VERSION}")
            connection.execute("COMMIT")
    except sqlite3.Error as error:
        kept.unlink(missing_ok=True)
        raise problem_of(error, path) from error
    return kept


def _missing(connection: sqlite3.Connection) -> list[str]:
    """The statements that add the tables, columns and indexes that the file lacks."""
    found: list[str] = []
    for table in metadata.sorted_tables:
        known = {row[1] for row in connection.execute(f"PRAGMA table_info({table.name})")}
        if not known:
            found += _made(table)
        found += [_added(table, column) for column in table.c if known and column.name not in known]
    return found


def _made(table: Table) -> list[str]:
    dialect = sqlite.dialect()
    indexes = sorted(table.indexes, key=lambda index: str(index.name))
    made = [str(CreateTable(table).compile(dialect=dialect))]
    return [*made, *(str(CreateIndex(index).compile(dialect=dialect)) for index in indexes)]


def _added(table: Table, column: Column[object]) -> str:
    return f"ALTER TABLE {table.name} ADD COLUMN {CreateColumn(column).compile(dialect=sqlite.dialect())}"
