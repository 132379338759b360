"""What was open when Copse ended without being closed: noted while it runs, opened again when it starts next."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from PySide6.QtCore import QLockFile, QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication

from core.errors import CopseError
from core.language import tr
from gui.widgets.messages import Choice, Level

if TYPE_CHECKING:
    from gui.main_window import MainWindow

_STEADY_AFTER_MS = 20_000


@dataclass(frozen=True)
class LeftBehind:
    """The reviews of runs that ended without closing them; `again` when they had been opened again just before."""

    reviews: tuple[Path, ...] = ()
    again: bool = False


class OpenReviews:
    """The reviews this run of the program has open, in a file that is there only while there are any.

    A lock beside the file tells whether its run is still at work: the system gives it up however the run ends.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file = folder / f"{uuid4().hex}.json"
        self._lock: QLockFile | None = None
        self._reopening: tuple[Path, ...] = ()
        self._open: tuple[Path, ...] = ()

    def left_behind(self) -> LeftBehind:
        """What earlier runs had open when they ended without closing; told once."""
        reviews: dict[Path, None] = {}
        again = False
        for note in sorted(self._folder.glob("*.json")):
            lock = _lock_of(note)
            if not lock.tryLock(0):
                continue  # that run is still at work
            try:
                said = json.loads(note.read_text(encoding="utf-8"))
                reviews |= dict.fromkeys(Path(each) for each in said["reviews"])
                again = again or bool(said["again"])
            except (OSError, ValueError, TypeError, KeyError):
                pass  # half a note tells nothing
            note.unlink(missing_ok=True)
            lock.unlock()
        return LeftBehind(tuple(reviews), again)

    def note(self, reviews: Sequence[Path]) -> None:
        """From now on these are open."""
        if tuple(reviews) != self._open:
            closed = set(self._open) - set(reviews)
            self._reopening = tuple(each for each in self._reopening if each not in closed)
            self._open = tuple(reviews)
            self._write()

    def reopening(self, reviews: Sequence[Path]) -> None:
        """These are being opened again: should the run end over that, they are not opened by themselves once more."""
        self._reopening = tuple(reviews)
        self._write()

    def is_steady(self) -> None:
        """What was opened again has done no harm."""
        self.reopening(())

    def _write(self) -> None:
        reviews = dict.fromkeys([*self._open, *self._reopening])
        if not reviews:
            self.close()
            return
        said = json.dumps({"reviews": [str(each.absolute()) for each in reviews], "again": bool(self._reopening)})
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            if self._lock is None:
                self._lock = _lock_of(self._file)
                self._lock.tryLock(0)
            fresh = self._file.with_suffix(".new")
            with fresh.open("w", encoding="utf-8") as out:
                out.write(said)
                out.flush()
                os.fsync(out.fileno())
            fresh.replace(self._file)
        except OSError:
            return  # a full disk: what is open works as well without a note of it

    def close(self) -> None:
        """Nothing is open any more."""
        self._file.unlink(missing_ok=True)
        if self._lock is not None:
            self._lock.unlock()
            self._lock = None


def _lock_of(note: Path) -> QLockFile:
    lock = QLockFile(str(note.with_suffix(".lock")))
    lock.setStaleLockTime(0)  # however long a run lasts, it is at work as long as its process is there
    return lock


class Reopening(QObject):
    """Opens what was left behind, one review after the other, and says so in one message.

    `crash` are the details a fatal error has left, "" when there are none.
    """

    def __init__(self, window: MainWindow, account: OpenReviews, crash: str = "") -> None:
        super().__init__(window)
        self._window, self._account, self._crash = window, account, crash
        self._waiting: list[Path] = []
        self._opened: list[str] = []
        self._missed: list[str] = []

    def start(self) -> None:
        """Begin; what was opened again and ended the program once more is only offered."""
        left = self._account.left_behind()
        if not left.reviews:
            return
        if left.again:
            self._offer(left.reviews)
            return
        self._waiting = list(left.reviews)
        self._account.reopening(left.reviews)
        QTimer.singleShot(_STEADY_AFTER_MS, self, self._account.is_steady)
        self._next()

    def _offer(self, reviews: Sequence[Path]) -> None:
        text = tr(
            "Copse ended twice in a row while {names} was open, so it was not opened by itself again. "
            "Nothing that was saved is lost.",
            names=_listed([path.name for path in reviews]),
        )
        first = reviews[0]
        again: Choice = (tr("Open {name}", name=first.name), lambda: self._window.open_review(first))
        self._window.show_message(text, Level.WARN, (again, *self._details()))

    def _next(self) -> None:
        if not self._waiting:
            self._say()
            return
        path = self._waiting.pop(0)
        if self._window.windows.showing(path) is not None:
            self._opened.append(path.name)
            self._next()
        elif not path.exists():
            self._missed.append(
                tr("{name} is no longer in {folder}, so it was not opened.", name=path.name, folder=str(path.parent))
            )
            self._next()
        else:
            self._open(path)

    def _open(self, path: Path) -> None:
        is_first = self._window.review_path() is None
        target = self._window if is_first else self._window.window_beside(path)

        def shown() -> None:
            self._opened.append(path.name)
            self._next()

        def refused(error: BaseException) -> None:
            target.review_shown.disconnect(shown)
            if not isinstance(error, CopseError):
                raise error
            self._missed.append(error.message)
            if target is not self._window:
                target.close()
            self._next()

        if is_first:
            target.restore_geometry(path)
        target.review_shown.connect(shown, Qt.ConnectionType.SingleShotConnection)
        target.open_review(path, refused)

    def _say(self) -> None:
        parts = [tr("Copse was not closed properly last time.")]
        if len(self._opened) == 1:
            opened = tr("{name} was reopened where you were; nothing that was saved is lost.", name=self._opened[0])
            parts.append(opened)
        elif self._opened:
            parts.append(
                tr(
                    "{names} were reopened where you were; nothing that was saved is lost.",
                    names=_listed(self._opened),
                )
            )
        self._window.show_message(" ".join([*parts, *self._missed]), Level.INFO, self._details())

    def _details(self) -> tuple[Choice, ...]:
        if not self._crash:
            return ()
        return ((tr("Copy details"), lambda: QGuiApplication.clipboard().setText(self._crash)),)


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else tr("{some} and {last}", some=", ".join(names[:-1]), last=names[-1])
