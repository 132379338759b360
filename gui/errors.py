"""What a failure looks like: a sentence in the place it concerns, and for defects a log file and copyable details."""

from __future__ import annotations

import faulthandler
import logging
import re
import sys
import time
import traceback
from collections import deque
from collections.abc import Callable
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType
from typing import Protocol, TextIO, runtime_checkable

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from core import __version__
from core.errors import CopseError
from core.language import tr
from gui import about
from gui.widgets.messages import Choice, Level, Message

logger = logging.getLogger(__name__)

_ROOT = Path(__file__).resolve().parent.parent
_TAIL_LINES = 40
_PLACE_IN_CODE = re.compile(r'File "([^"]+)"')
_SAME_WITHIN_S = 5.0


@runtime_checkable
class MessagePlace(Protocol):
    """A part of the window with room for messages."""

    def show_message(self, text: str, level: Level = Level.INFO, choices: tuple[Choice, ...] = ()) -> object:
        """Show the sentences in `text` with at most two buttons."""
        ...


def present(
    error: BaseException, place: QWidget | None, doing: str = "", retry: Callable[[], None] | None = None
) -> Message | None:
    """Show `error` at the nearest place for messages around `place`, and give back the message.

    A CopseError is shown as it is; anything else is a defect: it is logged, and the message offers its details.
    `doing` names what was going on ("saving a decision").
    """
    where = _nearest(place)
    if isinstance(error, CopseError):
        logger.info("refused: %s", error.code)
        return _show_refusal(where, error, retry) if where is not None else None
    details = details_of(error)
    logger.error("defect while %s", doing or "working", exc_info=error)
    if where is None:
        return None
    copy: Choice = (tr("Copy details"), lambda: QGuiApplication.clipboard().setText(details))
    text = tr("Something went wrong in {what}. Your last saved work is safe.", what=doing or tr("the window"))
    shown = where.show_message(text, Level.DANGER, (copy,))
    return shown if isinstance(shown, Message) else None


def details_of(error: BaseException) -> str:
    """What a report of a defect needs: versions, where in the program it was, and what was logged before.

    Nothing of the review: the values in an error's sentence may be titles or numbers of it, so only its kind is named.
    """
    return "\n".join(
        [
            f"Copse {__version__}",
            about.platform_line(),
            "",
            *_trace(error),
            "",
            "Before that:",
            *_tail.lines(),
        ]
    )


def _trace(error: BaseException) -> list[str]:
    """The kinds of error and the places in the code, from the first cause on."""
    cause = error.__cause__ or error.__context__
    lines = [*_trace(cause), "then"] if cause is not None else []
    lines.append(f"{type(error).__module__}.{type(error).__qualname__}")
    lines += [f"  {_short(at.filename)}:{at.lineno} {at.name}" for at in traceback.extract_tb(error.__traceback__)]
    return lines


def _short(file: str) -> str:
    """A path as it is the same on every computer: it would name its user otherwise."""
    path = Path(file)
    if path.is_relative_to(_ROOT) and "site-packages" not in path.parts:
        return path.relative_to(_ROOT).as_posix()
    parts = path.parts
    return "/".join(parts[parts.index("site-packages") + 1 :] if "site-packages" in parts else parts[-2:])


class _Tail(logging.Handler):
    """The last lines of the log, without what was filled into them."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self._lines: deque[str] = deque(maxlen=_TAIL_LINES)

    @override
    def emit(self, record: logging.LogRecord) -> None:
        # What this module fills in is a code or what was going on; what others do may be a file's name or its content.
        said = record.getMessage() if record.name == __name__ else str(record.msg)
        when = time.strftime("%H:%M:%S", time.localtime(record.created))
        self._lines.append(f"{when} {record.levelname} {record.name} {said.splitlines()[0] if said else ''}")

    def lines(self) -> list[str]:
        """The lines, the oldest first."""
        return list(self._lines)


_tail = _Tail()


def _show_refusal(where: MessagePlace, error: CopseError, retry: Callable[[], None] | None) -> Message | None:
    def again() -> None:
        if isinstance(shown, Message):
            shown.dismiss()
        if retry is not None:
            retry()

    shown = where.show_message(error.message, Level.DANGER, ((tr("Try again"), again),) if retry else ())
    return shown if isinstance(shown, Message) else None


def _nearest(place: QWidget | None) -> MessagePlace | None:
    candidate = place
    while candidate is not None:
        if isinstance(candidate, MessagePlace):
            return candidate
        candidate = candidate.parentWidget()
    return None


def install_excepthook(window: Callable[[], QWidget | None]) -> None:
    """Show defects that reach the top in the window in front instead of on a terminal nobody sees; the program goes on.

    One that comes back at once, such as in painting, is shown and logged only the first time: the message itself has
    the window painted again.
    """
    seen: dict[tuple[str, ...], float] = {}

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        error = error.with_traceback(trace)
        place = tuple(_trace(error))
        known = time.monotonic() - seen.get(place, -_SAME_WITHIN_S) < _SAME_WITHIN_S
        seen[place] = time.monotonic()
        if not known:
            present(error, window())

    sys.excepthook = hook


def catch_fatal(folder: Path) -> str:
    """Let a fatal error, one that ends the program at once, leave in `folder` where it happened. Returns the details
    of the one that ended the program last time, "" if none did."""
    file = folder / "fatal.log"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        details = details_of_fatal(file)
        # Open as long as the program runs: there is no opening of files once it has happened.
        _Fatal.file = file.open("a", encoding="utf-8")
    except OSError:
        return ""  # no place for it: the program runs as well without
    faulthandler.enable(_Fatal.file)
    return details


def details_of_fatal(file: Path) -> str:
    """What a fatal error has left in `file`, which goes with that: versions and places in the code, no data."""
    told = file.read_text(encoding="utf-8", errors="replace") if file.exists() else ""
    file.unlink(missing_ok=True)
    if not told.strip():
        return ""
    lines = [_PLACE_IN_CODE.sub(lambda found: f'File "{_short(found[1])}"', line) for line in told.splitlines()]
    return "\n".join([f"Copse {__version__}", about.platform_line(), "", *lines])


class _Fatal:
    """The file for fatal errors, kept open."""

    file: TextIO | None = None


def log_to(folder: Path) -> None:
    """Write warnings and defects to `folder`/copse.log, three files of 1 MB at most, and keep the last for details."""
    folder.mkdir(parents=True, exist_ok=True)
    handler = RotatingFileHandler(folder / "copse.log", maxBytes=1_000_000, backupCount=2, encoding="utf-8", delay=True)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    logging.getLogger().addHandler(handler)
    logging.getLogger().addHandler(_tail)
    logging.getLogger().setLevel(logging.INFO)
