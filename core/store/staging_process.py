"""Staging in a process of its own: a window stays smooth, and stopping is certain at any moment.

The process is started afresh ("spawn"), so it holds nothing of the window. It works in the folder of the scratch
database alone; when it is stopped there is nothing to mend. It never opens the review: whatever reads a few bytes of
that file within this process (a file dialog looking for its icon does) makes the system forget SQLite's locks on it,
and another process would then take the review for closed and remove its write-ahead log from under us.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from core.errors import CopseError, InputError
from core.store.staging import ProgressReport, StagedFile, copy_known, stage_file

if TYPE_CHECKING:
    from core.references.columns import ReferenceColumns

_LISTEN_SECONDS = 0.05

logger = logging.getLogger(__name__)


class _Ear(Protocol):
    """The receiving end of a pipe; its class differs between systems."""

    def poll(self, timeout: float, /) -> bool: ...
    def recv(self) -> Any: ...


def stage_in_process(
    path: Path,
    scratch: Path,
    *,
    review: Path | None = None,
    columns: ReferenceColumns | None = None,
    progress: ProgressReport | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> StagedFile | None:
    """As `stage_file`, but None when ``cancelled`` said so; the scratch file is then the caller's to remove."""
    known = scratch.with_name(f"{scratch.stem}-known.sqlite") if review is not None else None
    if review is not None and known is not None:
        copy_known(review, known)
    spawn = get_context("spawn")
    ours, theirs = spawn.Pipe(duplex=False)
    process = spawn.Process(target=_stage, args=(theirs, path, scratch, known, columns), daemon=True)
    process.start()
    theirs.close()
    try:
        return _listen(ours, path, progress, cancelled)
    finally:
        ours.close()
        process.terminate()
        process.join()
        process.close()
        if known is not None:
            known.unlink(missing_ok=True)


def _listen(
    ours: _Ear, path: Path, progress: ProgressReport | None, cancelled: Callable[[], bool] | None
) -> StagedFile | None:
    """What the process says, until it has finished or is no longer wanted."""
    while not (cancelled and cancelled()):
        if not ours.poll(_LISTEN_SECONDS):
            continue
        try:
            kind, *said = ours.recv()
        except EOFError:
            raise _stopped(path) from None
        if kind == "progress" and progress:
            progress(*said)
        elif kind == "refused":
            code, text, params = said
            raise InputError(code, text, **params)
        elif kind == "defect":
            logger.error("defect while reading %s\n%s", path.name, said[0])
            raise _stopped(path)
        elif kind == "staged":
            return said[0]
    return None


def _stopped(path: Path) -> InputError:
    return InputError(
        "import.stopped",
        "Reading {file} ended before it was done. Nothing of it was imported. Import it again; if it stops once more, "
        "export the search anew.",
        file=path.name,
    )


def _stage(theirs: Any, path: Path, scratch: Path, known: Path | None, columns: ReferenceColumns | None) -> None:
    """What the process does."""

    def report(what: str, done: int, total: int) -> None:
        theirs.send(("progress", what, done, total))

    answer: tuple[Any, ...]
    try:
        answer = ("staged", stage_file(path, scratch, review=known, columns=columns, progress=report))
    except CopseError as error:
        answer = ("refused", error.code, error.text, error.params)
    except Exception:  # noqa: BLE001 - carried to the process that asked, which logs it
        answer = ("defect", traceback.format_exc())
    theirs.send(answer)
    theirs.close()
