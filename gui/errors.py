"""What a failure looks like: a sentence in the place it concerns, and for defects a log file and copyable details."""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import Callable
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType
from typing import Protocol, runtime_checkable

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from core.errors import CopseError
from gui.widgets.messages import Choice, Level, Message

logger = logging.getLogger(__name__)


@runtime_checkable
class MessagePlace(Protocol):
    """A part of the window with room for messages."""

    def show_message(self, text: str, level: Level = Level.INFO, choices: tuple[Choice, ...] = ()) -> object:
        """Show the sentences in `text` with at most two buttons."""
        ...


def present(
    error: BaseException, place: QWidget | None, doing: str = "", retry: Callable[[], None] | None = None
) -> None:
    """Show `error` at the nearest place for messages around `place`.

    A CopseError is shown as it is; anything else is a defect: it is logged, and the message offers its details.
    `doing` names what was going on ("saving a decision").
    """
    where = _nearest(place)
    if isinstance(error, CopseError):
        logger.info("refused: %s", error.code)
        if where is not None:
            _show_refusal(where, error, retry)
        return
    details = "".join(traceback.format_exception(error))
    logger.error("defect while %s", doing or "working", exc_info=error)
    if where is not None:
        text = f"Something went wrong in {doing or 'the window'}. Your last saved work is safe."
        where.show_message(
            text, Level.DANGER, (("Copy details", lambda: QGuiApplication.clipboard().setText(details)),)
        )


def _show_refusal(where: MessagePlace, error: CopseError, retry: Callable[[], None] | None) -> None:
    def again() -> None:
        if isinstance(shown, Message):
            shown.dismiss()
        if retry is not None:
            retry()

    shown = where.show_message(error.message, Level.DANGER, (("Try again", again),) if retry else ())


def _nearest(place: QWidget | None) -> MessagePlace | None:
    candidate = place
    while candidate is not None:
        if isinstance(candidate, MessagePlace):
            return candidate
        candidate = candidate.parentWidget()
    return None


def install_excepthook(window: QWidget) -> None:
    """Show defects that reach the top in `window` instead of on a terminal nobody sees."""

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        present(error.with_traceback(trace), window)

    sys.excepthook = hook


def log_to(folder: Path) -> None:
    """Write warnings and defects to `folder`/copse.log, three files of 1 MB at most."""
    folder.mkdir(parents=True, exist_ok=True)
    handler = RotatingFileHandler(folder / "copse.log", maxBytes=1_000_000, backupCount=2, encoding="utf-8", delay=True)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    logging.getLogger().addHandler(handler)
    logging.getLogger().setLevel(logging.INFO)
