"""Calls of the core, off the main thread.

    self.write(lambda s: s.screening.decide(record, Verdict.INCLUDE)).done(self._advance).run(initiator=self)

- `write`: one thread, in the order asked. Its function takes the session and returns an OpResult; nothing in it may
  touch a widget. When it comes back, `done` gets the OpResult's value on the main thread, then the hub is told.
- `read`: a pool, for whatever is not bounded by a page of rows.
- `task`: a pool, for work of seconds; shown in the status bar with its progress and a cancel button. For heavy
  computation the function may itself start a process.
- A failure goes to `failed` if given, else to the message place around `parent`. Once `parent` is gone, neither
  `done` nor `failed` is called, but the hub still is.
"""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar, cast

import shiboken6
from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QWidget

from core.errors import CopseError, FileProblem
from core.language import counted
from core.model import OpResult
from gui import errors
from gui.hub import Hub
from gui.widgets.buttons import Button

if TYPE_CHECKING:
    from core.review import Session

T = TypeVar("T")
Report = Callable[..., None]
Cancelled = Callable[[], bool]
_BUSY_AFTER_MS = 300


class Cancel(Exception):
    """Raised by a task's function that has stopped because it was asked to."""


@dataclass(frozen=True)
class TaskState:
    """What the status bar shows of one task."""

    id: int
    name: str
    done: int = 0
    total: int | None = None
    detail: str = ""

    @property
    def share(self) -> float | None:
        """0 to 1, None while the length is unknown."""
        return min(1.0, self.done / self.total) if self.total else None

    @property
    def figure(self) -> str:
        """The figure beside the bar."""
        if self.detail:
            return self.detail
        if self.total:
            return f"{self.done / self.total:.0%}"
        return counted("{n} so far", "{n} so far", self.done) if self.done else ""


class Call(Generic[T]):
    """A call being put together: `.done(f).failed(f).busy(button).run()`. It starts with `run`."""

    def __init__(self, runner: Runner, parent: QWidget, work: Callable[[], Any], doing: str) -> None:
        self._runner = runner
        self._parent = parent
        self._work = work
        self._doing = doing
        self._done: Callable[[T], object] | None = None
        self._failed: Callable[[CopseError], object] | None = None
        self._broken: Callable[[], object] | None = None
        self._button: Button | None = None
        self._over = False
        self.initiator: object = None
        self.task: TaskState | None = None
        self.is_write = False

    def done(self, callback: Callable[[T], object]) -> Self:
        """Call `callback(value)` on the main thread when it has worked."""
        self._done = callback
        return self

    def failed(self, callback: Callable[[CopseError], object]) -> Self:
        """Call `callback(error)` on the main thread when it was refused, instead of showing the message."""
        self._failed = callback
        return self

    def broken(self, callback: Callable[[], object]) -> Self:
        """Call `callback()` on the main thread when a defect ended it; the defect's message is shown as well."""
        self._broken = callback
        return self

    def busy(self, button: Button) -> Self:
        """Disable `button` and show its ring while this runs, from 300 ms on."""
        self._button = button
        return self

    def run(self, initiator: object = None) -> None:
        """Start. `initiator` is the view that already shows the result; the hub skips it."""
        self.initiator = initiator
        if self._button is not None:
            # A function, not the method: Qt's binding does not keep what a bound method belongs to.
            QTimer.singleShot(_BUSY_AFTER_MS, self._button, lambda: self._show_busy())
        self._runner.start(self)

    def work(self) -> Any:
        """Do it; called on the worker."""
        return self._work()

    def finish(self, outcome: object, error: BaseException | None) -> None:
        """Hand over what came back; called on the main thread."""
        self._over = True
        if self._button is not None and shiboken6.isValid(self._button):
            self._button.set_loading(False)
        alive = shiboken6.isValid(self._parent)
        if error is None:
            if alive and self._done is not None:
                self._done(cast("T", outcome.value if isinstance(outcome, OpResult) else outcome))
        elif isinstance(error, CopseError) and self._failed is not None:
            if alive:
                self._failed(error)
        elif not isinstance(error, Cancel):
            # A full disk can be emptied: what was asked for is kept until it works or is given up.
            retry = self.again if self.is_write and isinstance(error, FileProblem) else None
            errors.present(error, self._parent if alive else self._runner.window, self._doing, retry)
            if alive and self._broken is not None and not isinstance(error, CopseError):
                self._broken()

    def again(self) -> None:
        """Start once more what could not be done."""
        self._over = False
        self._runner.start(self)

    def _show_busy(self) -> None:
        if not self._over and self._button is not None:
            self._button.set_loading(True)


class Runner(QObject):
    """Runs calls for one open review. Signals arrive on the main thread."""

    task_changed = Signal(object)
    task_ended = Signal(int)
    saved = Signal()
    not_saved = Signal(str)
    """The file could not be written (a refusal is no failure to save)."""
    wrote = Signal(object)
    """An OpResult has been committed."""
    idle = Signal()
    """No call is under way any more."""

    _back = Signal(object, object, object)
    _report = Signal(object)

    def __init__(self, session: Session, hub: Hub, window: QWidget) -> None:
        super().__init__(window)
        self.window = window
        self._session = session
        self._hub = hub
        self._writer = ThreadPoolExecutor(1, "copse-writer")
        self._readers = ThreadPoolExecutor(3, "copse-reader")
        self._ids = itertools.count(1)
        self._cancels: dict[int, threading.Event] = {}
        self._pending = 0
        self._closed = False
        self._back.connect(self._receive, Qt.ConnectionType.QueuedConnection)
        self._report.connect(self.task_changed, Qt.ConnectionType.QueuedConnection)

    def write(self, parent: QWidget, fn: Callable[[Session], OpResult[T]], doing: str = "saving") -> Call[T]:
        """An undoable change, run in order on the writer thread."""
        call: Call[T] = Call(self, parent, lambda: fn(self._session), doing)
        call.is_write = True
        return call

    def read(self, parent: QWidget, fn: Callable[[Session], T], doing: str = "reading") -> Call[T]:
        """A read that may take long."""
        return Call(self, parent, lambda: fn(self._session), doing)

    def task(
        self,
        parent: QWidget,
        name: str,
        fn: Callable[[Session, Report, Cancelled], OpResult[T] | T],
    ) -> Call[T]:
        """Long work. `fn(session, report, cancelled)` calls `report(done, total, detail="")` and asks `cancelled()`."""
        state = TaskState(next(self._ids), name)
        wish = threading.Event()
        self._cancels[state.id] = wish

        def report(done: int, total: int | None = None, detail: str = "") -> None:
            self._report.emit(TaskState(state.id, name, done, total, detail))

        call: Call[T] = Call(self, parent, lambda: fn(self._session, report, wish.is_set), name)
        call.task = state
        return call

    def cancel(self, task: int) -> None:
        """Ask a task to stop; it ends when its function notices."""
        if task in self._cancels:
            self._cancels[task].set()

    @property
    def pending(self) -> int:
        """Calls under way."""
        return self._pending

    def start(self, call: Call[Any]) -> None:
        """Queue a call; `Call.run` does this."""
        if self._closed:
            return  # the desk is going; what is left of its timers asks in vain
        self._pending += 1
        if call.task is not None:
            self.task_changed.emit(call.task)
        (self._writer if call.is_write else self._readers).submit(self._run, call)

    def _run(self, call: Call[Any]) -> None:
        try:
            outcome, error = call.work(), None
        except BaseException as raised:  # noqa: BLE001 - every failure is carried to the main thread and shown there
            outcome, error = None, raised
        self._back.emit(call, outcome, error)

    def _receive(self, call: Call[Any], outcome: object, error: BaseException | None) -> None:
        if self._closed:
            return
        self._pending -= 1
        if call.task is not None:
            self._cancels.pop(call.task.id, None)
            self.task_ended.emit(call.task.id)
        if isinstance(outcome, OpResult):
            self.saved.emit()
        elif call.is_write and isinstance(error, FileProblem):
            self.not_saved.emit(error.message)
        try:
            call.finish(outcome, error)
        finally:
            if isinstance(outcome, OpResult):
                self._hub.changed(outcome.areas, call.initiator)
                self.wrote.emit(outcome)
            if not self._pending:
                self.idle.emit()

    @property
    def is_closed(self) -> bool:
        """Whether it takes no more work."""
        return self._closed

    def close(self) -> None:
        """Let writes end, ask tasks to stop, and wait for both. Nothing that was asked to be saved is dropped.

        Afterwards nothing is started any more and nothing comes back.
        """
        self._closed = True
        for wish in self._cancels.values():
            wish.set()
        self._readers.shutdown(wait=True, cancel_futures=True)
        self._writer.shutdown(wait=True)


class Background(QObject):
    """One call at a time outside any review: opening, making and the like. Not undoable, not cancelled."""

    _back = Signal(object, object, object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._worker = ThreadPoolExecutor(1, "copse-background")
        self._under_way = 0
        self._back.connect(self._receive, Qt.ConnectionType.QueuedConnection)

    @property
    def is_busy(self) -> bool:
        """Whether something is under way."""
        return self._under_way > 0

    def run(
        self, work: Callable[[], T], done: Callable[[T], object], failed: Callable[[BaseException], object]
    ) -> None:
        """Do `work` on a thread, then call `done(value)` or `failed(error)` on the main thread."""

        def job() -> None:
            try:
                value, error = work(), None
            except BaseException as raised:  # noqa: BLE001 - carried to the main thread and shown there
                value, error = None, raised
            self._back.emit((done, failed), value, error)

        self._under_way += 1
        self._worker.submit(job)

    def _receive(
        self, callbacks: tuple[Callable[..., object], Callable[..., object]], value: object, error: object
    ) -> None:
        self._under_way -= 1
        done, failed = callbacks
        if error is None:
            done(value)
        else:
            failed(error)

    def close(self) -> None:
        """Wait for what is under way."""
        self._worker.shutdown(wait=True, cancel_futures=True)
