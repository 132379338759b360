"""One open review as stored: read connection, operations, undo, search and attachments behind one object."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection, func, select

from core.errors import Conflict
from core.model import Id, OpResult, UndoState, new_id
from core.store import files, integrity, migration, search
from core.store.clock import Clock
from core.store.database import Database
from core.store.log import Stamp, Transaction
from core.store.log_tables import meta, operation
from core.store.schema import APPLICATION_ID, SCHEMA_VERSION, area_of, metadata
from core.store.undo import redo_target, turn_around, undo_state, undo_target

T = TypeVar("T")
logger = logging.getLogger(__name__)


class Store:
    """The open file of one review. Make one with `Store.create` or `Store.open`."""

    def __init__(self, path: Path, guard: files.FileLock) -> None:
        self.path = path
        self._guard = guard
        self._register = files.CopyRegister()
        self.database = Database(path)
        self._clock = Clock()
        self.device: Id = b""

    @classmethod
    def create(cls, path: Path) -> Store:
        """A new, empty file; InputError when there is one already, FileProblem when the folder cannot be written."""
        files.check_writable(path)
        files.check_is_free(path)
        guard = files.lock(path)
        try:
            path.touch(exist_ok=False)
        except BaseException:
            files.release(guard)
            raise
        store = cls(path, guard)
        try:
            store.database.pragma(f"application_id={APPLICATION_ID}")
            store.database.pragma(f"user_version={SCHEMA_VERSION}")
            with store.database.transaction() as connection:
                metadata.create_all(connection)
                search.create(connection)
            store._begin()
            store.database.checkpoint()
        except BaseException:
            store.abandon()
            raise
        return store

    def abandon(self) -> None:
        """Take away a new file that could not be finished."""
        self.database.disconnect()
        self.path.unlink(missing_ok=True)
        files.release(self._guard)

    @classmethod
    def open(cls, path: Path) -> Store:
        """An existing review; FileProblem says why it cannot be opened, and then nothing was changed."""
        files.check_is_review(path)
        files.check_writable(path)
        guard = files.lock(path)
        try:
            files.check_readable(path)
            migration.migrate(path)
        except BaseException:
            files.release(guard)
            raise
        store = cls(path, guard)
        try:
            store._begin()
        except BaseException:
            store.database.disconnect()
            files.release(guard)
            raise
        return store

    def _begin(self) -> None:
        reader = self.database.reader
        self._clock.observe(reader.execute(select(func.max(operation.c.hlc))).scalar() or 0)
        stored = reader.execute(select(meta.c.value).where(meta.c.key == "device")).scalar()
        device = bytes.fromhex(stored) if stored else b""
        if not device or not self._register.agrees(device, self.path, self._last_sequence(reader, device)):
            self._take_new_device()
        else:
            self.device = device
        self._finish_indexing()

    def _finish_indexing(self) -> None:
        """Index for search what a crash right after an import has left out."""
        more = search.is_behind(self.database.reader)
        while more:
            with self.database.transaction() as connection:
                more = search.index_slice(connection)

    def _take_new_device(self) -> None:
        self.device = new_id()
        with self.database.transaction() as connection:
            connection.execute(meta.delete().where(meta.c.key == "device"))
            connection.execute(meta.insert(), {"key": "device", "value": self.device.hex()})
        self._register.remember(self.device, self.path, 0)

    @staticmethod
    def _last_sequence(connection: Connection, device: Id) -> int:
        statement = select(func.max(operation.c.sequence)).where(operation.c.device == device)
        return connection.execute(statement).scalar() or 0

    # --- operations --------------------------------------------------------------------------------------------------

    def write(
        self,
        reviewer_id: Id,
        kind: str,
        label: str,
        work: Callable[[Transaction], T],
        *,
        role: str = "do",
    ) -> OpResult[T]:
        """Run ``work`` as one operation: state and log in one transaction, committed when this returns.

        ``label`` may hold {words} that the work names through `Transaction.name`.
        """
        with self.database.transaction() as connection:
            tx = Transaction(connection, self._next_stamp(connection, reviewer_id))
            value = work(tx)
            full_label = label.format(**tx.label_words) if tx.label_words else label
            changed = tx.commit_log(kind, full_label, role, None)
        return self._done(tx, value, full_label, changed=changed)

    def undo(self, reviewer_id: Id) -> OpResult[None]:
        """Take back the reviewer's last operation; Conflict when there is none or a later change stands in the way."""
        return self._turn(reviewer_id, forward=False)

    def redo(self, reviewer_id: Id) -> OpResult[None]:
        """Put in place again what was last undone."""
        return self._turn(reviewer_id, forward=True)

    def _turn(self, reviewer_id: Id, *, forward: bool) -> OpResult[None]:
        with self.database.transaction() as connection:
            find = redo_target if forward else undo_target
            target = find(connection, reviewer_id)
            if target is None:
                raise Conflict("undo.nothing", "There is nothing to redo." if forward else "There is nothing to undo.")
            tx = Transaction(connection, self._next_stamp(connection, reviewer_id))
            turn_around(tx, target, forward=forward)
            changed = tx.commit_log(target.kind, target.label, "redo" if forward else "undo", target.id)
        return self._done(tx, None, target.label, changed=changed)

    def _next_stamp(self, connection: Connection, reviewer_id: Id) -> Stamp:
        # The number is read inside the transaction: none is used up by work that is rolled back, and none given twice.
        sequence = self._last_sequence(connection, self.device) + 1
        return Stamp(new_id(), self._clock.tick(), self.device, sequence, reviewer_id)

    @staticmethod
    def _done(tx: Transaction, value: T, label: str, *, changed: bool) -> OpResult[T]:
        return OpResult(value, area_of(tx.tables), label, tx.stamp.operation_id if changed else None)

    def undo_state(self, reviewer_id: Id) -> UndoState:
        """Labels of what undo and redo would do for this reviewer."""
        return undo_state(self.database.reader, reviewer_id)

    # --- the file ----------------------------------------------------------------------------------------------------

    @property
    def reader(self) -> Connection:
        """This thread's reading connection."""
        return self.database.reader

    def observe(self, stamp: int) -> None:
        """Take note of a time stamp that came with a merge."""
        self._clock.observe(stamp)

    def save_copy(self, target: Path) -> None:
        """Write a whole copy of the review; it takes an id of its own when it is first opened."""
        files.check_writable(target)
        files.check_is_free(target)
        self.database.copy_to(target)

    def check(self) -> list[str]:
        """What is wrong with the file, in sentences; empty when log, state, imports, files and index all agree."""
        return integrity.check(self.database)

    def checkpoint(self) -> None:
        """Bring everything into the one file (when idle)."""
        self.database.checkpoint()
        self._register.remember(self.device, self.path, self._last_sequence(self.reader, self.device))

    def close(self) -> None:
        """Close the file and let others open it."""
        if self.database.closed:
            return
        try:
            sequence = self._last_sequence(self.reader, self.device)
            self.database.close()
            self._register.remember(self.device, self.path, sequence)
        finally:
            self.database.disconnect()
            files.release(self._guard)
