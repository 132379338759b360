"""Files on their way in: one after the other, each read in a process of its own and then taken in by the writer.

One after the other, because a file is compared with the records that are there when it is read.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from core.errors import CopseError
from core.language import tr
from core.model import OpResult
from gui.operations import Cancelled, Report, TaskState

if TYPE_CHECKING:
    from core.references.columns import ReferenceColumns
    from core.review import Session
    from core.session.references import ImportReport
    from core.store.staging import StagedFile
    from gui.pages.base import Page


_UNKNOWN_TABLE = frozenset(("import.no-heading", "import.excel"))
"""What reading says of a table whose columns somebody must explain."""


class FileState(Enum):
    """Where a file stands: icon and ink of its sign, and the word for it."""

    WAITING = ("clock", "muted", "waits")
    READING = ("loader", "muted", tr("is read"))
    SAVING = ("loader", "muted", tr("is taken in"))
    DONE = ("circle-check", "success", "imported")
    FAILED = ("circle-x", "danger", tr("not imported"))
    CANCELLED = ("circle-minus", "muted", "cancelled")

    @property
    def is_over(self) -> bool:
        """Whether nothing more happens to the file."""
        return self in (FileState.DONE, FileState.FAILED, FileState.CANCELLED)


@dataclass
class FileItem:
    """One file of the queue."""

    path: Path
    state: FileState = FileState.WAITING
    task: TaskState | None = None
    report: ImportReport | None = None
    problem: str = ""
    columns: ReferenceColumns | None = None
    """What the columns of a table mean, once somebody has said it."""
    is_unknown_table: bool = False
    """Whether it is a table whose headings are not known."""


class ImportQueue(QObject):
    """See the module. `changed` after every step, `finished` with the files of a batch when none is left."""

    changed = Signal()
    finished = Signal(list)

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        self._page = page
        self._items: list[FileItem] = []
        self._told = 0
        self._folder: Path | None = None
        page.workspace.runner.task_changed.connect(self._moved_on)

    def items(self) -> Sequence[FileItem]:
        """All files since the page was opened, in order."""
        return tuple(self._items)

    @property
    def is_busy(self) -> bool:
        """Whether a file is under way or waits."""
        return any(not item.state.is_over for item in self._items)

    def add(self, paths: Sequence[Path]) -> None:
        """Import these files after those that wait."""
        self.add_items([FileItem(path) for path in paths])

    def add_items(self, items: Sequence[FileItem]) -> None:
        """As `add`, for files of which something is known already."""
        was_busy = self.is_busy
        self._items += items
        if was_busy:
            self.changed.emit()
        else:
            self._next()

    def _next(self) -> None:
        item = next((each for each in self._items if each.state is FileState.WAITING), None)
        if item is None:
            batch, self._told = self._items[self._told :], len(self._items)
            self.changed.emit()
            self.finished.emit(batch)
            return
        item.state = FileState.READING
        scratch = self._scratch_folder() / f"{self._items.index(item)}.sqlite"
        call = self._page.task(
            tr("Reading {name}", name=item.path.name),
            lambda session, report, cancelled: _read(session, item, scratch, report, cancelled),
        )
        item.task = call.task
        call.done(lambda outcome: self._read(item, outcome)).broken(lambda: self._broken(item)).run()
        self.changed.emit()

    def _scratch_folder(self) -> Path:
        """Where staged rows wait; gone when the page is."""
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="copse-import-"))
            # Bound to nothing of this object: it is gone when the signal comes.
            self.destroyed.connect(partial(shutil.rmtree, self._folder, ignore_errors=True))
        return self._folder

    def _moved_on(self, state: TaskState) -> None:
        for item in self._items:
            if item.task is not None and item.task.id == state.id and item.state is FileState.READING:
                item.task = state
                self.changed.emit()

    def _read(self, item: FileItem, outcome: StagedFile | CopseError | None) -> None:
        if outcome is None:
            item.state = FileState.CANCELLED
            self._next()
        elif isinstance(outcome, CopseError):
            self._failed(item, outcome)
        else:
            item.state = FileState.SAVING
            self.changed.emit()
            call = self._page.write(
                lambda session: _take_in(session, outcome), tr("importing {name}", name=item.path.name)
            )
            call.done(lambda report: self._saved(item, report)).failed(lambda error: self._failed(item, error))
            call.broken(lambda: self._broken(item)).run()

    def _saved(self, item: FileItem, report: ImportReport) -> None:
        item.state, item.report = FileState.DONE, report
        self._next()

    def _failed(self, item: FileItem, error: CopseError) -> None:
        item.state, item.problem = FileState.FAILED, error.message
        item.is_unknown_table = error.code in _UNKNOWN_TABLE
        self._next()

    def _broken(self, item: FileItem) -> None:
        # The defect has been shown; it is no reason to leave the files behind this one waiting for ever.
        item.state = FileState.FAILED
        self._next()


def _read(
    session: Session, item: FileItem, scratch: Path, report: Report, cancelled: Cancelled
) -> StagedFile | CopseError | None:
    """The file read and compared; why not; or None when it was not wanted any more."""
    from core.store.staging_process import stage_in_process

    def progress(what: str, done: int, total: int) -> None:
        report(done, total or None, f"{done / total:.0%}" if what == "Reading" and total else tr(what))

    staged: StagedFile | None = None
    try:
        staged = stage_in_process(
            item.path,
            scratch,
            review=session.review.path,
            columns=item.columns,
            progress=progress,
            cancelled=cancelled,
        )
        return staged
    except CopseError as error:
        return error
    finally:
        if staged is None:
            scratch.unlink(missing_ok=True)


def _take_in(session: Session, staged: StagedFile) -> OpResult[ImportReport]:
    try:
        return session.references.import_staged(staged)
    finally:
        Path(staged.scratch).unlink(missing_ok=True)
