"""Connections to a review's database: one writer at a time, readers that never wait for it.

SQLite is opened in WAL mode with ``synchronous=FULL``: a commit that has returned survives a power cut. Transactions
begin with ``BEGIN IMMEDIATE`` by our own hand, because the driver's implicit ones start late and end at DDL.
"""

from __future__ import annotations

import os
import sqlite3
import sys
import threading
from collections.abc import Generator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, Engine, ExceptionContext, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from core.errors import CopseError, FileProblem


class Database:
    """The open database of one review."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.RLock()
        self._local = threading.local()
        self._readers: list[Connection] = []
        self._write_engine = self._engine(readonly=False)
        self._read_engine = self._engine(readonly=True)
        self._writer: Connection | None = None
        self.closed = False

    def _engine(self, *, readonly: bool) -> Engine:
        uri = f"file:{quote(os.fsencode(self.path))}?mode=rw"

        def connect() -> sqlite3.Connection:
            raw = sqlite3.connect(uri, uri=True, check_same_thread=False, isolation_level=None, timeout=10)
            for pragma in _PRAGMAS + (("query_only=ON",) if readonly else ()):
                raw.execute(f"PRAGMA {pragma}")
            return raw

        engine = create_engine("sqlite://", creator=connect, poolclass=NullPool)
        if readonly:
            explain_errors(engine, self.path)
        else:
            event.listen(engine, "begin", _begin_immediate)
        return engine

    @contextmanager
    def transaction(self) -> Generator[Connection]:
        """One write transaction: committed (and on disk) when the block ends, rolled back when it raises."""
        with self._lock:
            try:
                writer = self._connected()
                with writer.begin():
                    yield writer
            except DBAPIError as error:
                raise problem_of(error.orig, self.path) from error

    @property
    def reader(self) -> Connection:
        """This thread's connection for reading; each statement sees the last commit."""
        connection: Connection | None = getattr(self._local, "connection", None)
        if self.closed:
            raise FileProblem(
                "file.closed", "{name} has been closed, so it cannot be read. Open it again.", name=self.path.name
            )
        if connection is None or connection.closed:
            connection = self._connect(self._read_engine).execution_options(isolation_level="AUTOCOMMIT")
            connection.info["reader"] = True
            self._local.connection = connection
            with self._lock:
                self._readers.append(connection)
        return connection

    def _connected(self) -> Connection:
        if self._writer is None:
            self._writer = self._connect(self._write_engine)
        return self._writer

    def _connect(self, engine: Engine) -> Connection:
        try:
            return engine.connect()
        except DBAPIError as error:
            raise problem_of(error.orig, self.path) from error

    def pragma(self, name: str) -> Any:
        """The value of a PRAGMA on the writing connection (for integrity checks and tests)."""
        with self._lock:
            raw = self._connected().connection.driver_connection
            assert isinstance(raw, sqlite3.Connection)
            try:
                row = raw.execute(f"PRAGMA {name}").fetchone()
            except sqlite3.Error as error:
                raise problem_of(error, self.path) from error
            return None if row is None else row[0]

    def checkpoint(self) -> None:
        """Bring everything from the write-ahead log into the one file."""
        self.pragma("wal_checkpoint(TRUNCATE)")

    def copy_to(self, target: Path) -> None:
        """Write a consistent copy by SQLite's backup API, also while others read."""
        with self._lock:
            self.checkpoint()
            assert self._writer is not None
            raw = self._writer.connection.driver_connection
            assert isinstance(raw, sqlite3.Connection)
            try:
                with closing(sqlite3.connect(target)) as destination:
                    raw.backup(destination)
            except sqlite3.Error as error:
                # A piece of a copy would look like one.
                target.unlink(missing_ok=True)
                raise problem_of(error, target, is_new=True) from error

    @staticmethod
    @contextmanager
    def snapshot(path: Path) -> Generator[Connection]:
        """One state of another file, which is only read: nothing is written to it or left beside it."""
        # Without a write-ahead log nobody has it open. SQLite would make one to read it, which a folder may not allow.
        alone = not path.with_name(f"{path.name}-wal").exists()
        uri = f"file:{quote(os.fsencode(path))}?mode=ro{'&immutable=1' if alone else ''}"
        engine = create_engine(
            "sqlite://",
            creator=lambda: sqlite3.connect(uri, uri=True, isolation_level=None, timeout=10),
            poolclass=NullPool,
        )

        explain_errors(engine, path)
        with engine.connect() as connection:
            connection.exec_driver_sql("BEGIN")
            yield connection

    def close(self) -> None:
        """Close every connection; the last one out leaves a single file behind."""
        with self._lock:
            self.closed = True
            self._close_readers()
            try:
                if self.path.exists():  # else there is no file to bring anything into
                    self.checkpoint()
            finally:
                self.disconnect()

    def disconnect(self) -> None:
        """Close every connection and leave the write-ahead log as it is."""
        with self._lock:
            self.closed = True
            self._close_readers()
            if self._writer is not None:
                self._writer.close()
                self._writer = None
            self._write_engine.dispose()
            self._read_engine.dispose()

    def _close_readers(self) -> None:
        for connection in self._readers:
            connection.close()
        self._readers.clear()


_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "secure_delete=ON",
    "cache_size=-32000",
    *(("fullfsync=ON", "checkpoint_fullfsync=ON") if sys.platform == "darwin" else ()),
)


def _begin_immediate(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def explain_errors(engine: Engine, path: Path, *, is_new: bool = False) -> None:
    """Raise what goes wrong on a connection for reading as `problem_of` says it."""

    @event.listens_for(engine, "handle_error")
    def explain(context: ExceptionContext) -> None:  # pyright: ignore[reportUnusedFunction]
        problem = problem_of(context.original_exception, path, is_new=is_new)
        if isinstance(problem, CopseError):
            raise problem


def problem_of(error: BaseException | None, path: Path, *, is_new: bool = False) -> CopseError | BaseException:
    """The message for a database error that the user can mend; a defect of ours is given back as it is.

    `is_new` says that the file is just being made: where it cannot be, it has not gone.
    """
    name = getattr(error, "sqlite_errorname", "") or ""
    if name.startswith("SQLITE_FULL"):
        return FileProblem(
            "file.full",
            "The disk is full, so the last change to {name} was not kept. Everything before it is safe. "
            "Free some space and try again.",
            name=path.name,
        )
    if name.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN")) and not is_new and not path.exists():
        return FileProblem(
            "file.gone",
            "{name} is no longer in {folder}: it was moved, renamed or deleted while it was open. The last change was "
            "not kept. Put it back there, or look where it went and open it again.",
            name=path.name,
            folder=str(path.parent),
        )
    if name.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM")):
        return FileProblem(
            "file.readonly",
            "{name} cannot be written, so the last change was not kept. Everything before it is safe. "
            "Copy the file to a folder of your own and open that copy.",
            name=path.name,
        )
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return FileProblem(
            "file.busy",
            "{name} is in use by another program, so the last change was not kept. Everything before it is safe. "
            "Close the other program and try again.",
            name=path.name,
        )
    if name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
        return FileProblem(
            "file.damaged",
            "{name} is damaged and cannot be read further. Nothing was changed. "
            "Open your latest copy of it, and keep this file for repair.",
            name=path.name,
        )
    if name.startswith("SQLITE_IOERR"):
        return FileProblem(
            "file.io",
            "The disk or network folder that holds {name} stopped answering, so the last change was not kept. "
            "Everything before it is safe. Check the connection and try again.",
            name=path.name,
        )
    return error if error is not None else RuntimeError("database error without a cause")
