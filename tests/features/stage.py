"""Opens the window, plays the story in it and collects what went wrong."""

from __future__ import annotations

import gc
import json
import sys
import traceback
from dataclasses import asdict
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

from gui.app import make_application, make_window, settle
from gui.settings import Settings
from tests.features.hand import Hand
from tests.features.keys import Keys
from tests.features.mouse import Mouse
from tests.features.searches import write_searches
from tests.features.story import tell
from tests.gui.conftest import Answers
from tests.tools.stalls import WATCH

HANDS = {"keys": Keys, "mouse": Mouse}
REVIEW = "review.copse"
STALLS = "stalls.json"
"""The longest turns of the event loop, the worst first, and how many were too long: see `tests.tools.stalls`."""
_HARMLESS = ("This plugin does not support",)
"""The offscreen platform cannot raise windows or grab the keyboard."""


def play(which: str, folder: Path) -> list[str]:
    """Play the story with one of HANDS and print its longest stalls; what went wrong, [] if nothing."""
    complaints = _listen()
    gc.disable()  # as main.py does
    app = make_application()
    answers = Answers(files=write_searches(folder), target=folder / REVIEW)
    window = make_window(Settings(folder / "settings.ini"), answers)
    window.show()
    window.activateWindow()
    settle(window)
    hand: Hand = HANDS[which](window)
    try:
        hand.eyes.until(window.isActiveWindow, "the window is active")
        WATCH.start()
        tell(hand, answers, folder)
    except Exception:  # noqa: BLE001 - whatever went wrong, the picture of it is wanted
        complaints.append(traceback.format_exc())
        window.grab().save(str(folder / "failed.png"))
    stalls = WATCH.take()
    print("\n".join(map(str, stalls)))
    noted = {
        "worst": [asdict(stall) for stall in stalls],
        "over_goal": WATCH.over_goal,
        "worked_over_goal": WATCH.worked_over_goal,
    }
    (folder / STALLS).write_text(json.dumps(noted), encoding="utf-8")
    window.close()
    app.processEvents()
    return complaints


def _listen() -> list[str]:
    """A list to which warnings of Qt and exceptions that nothing caught are added from now on."""
    complaints: list[str] = []

    def said(kind: QtMsgType, _context: QMessageLogContext, text: str) -> None:
        if kind not in (QtMsgType.QtDebugMsg, QtMsgType.QtInfoMsg) and not text.startswith(_HARMLESS):
            complaints.append(f"Qt: {text}")

    def raised(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        complaints.append("".join(traceback.format_exception(kind, error, trace)))

    qInstallMessageHandler(said)
    sys.excepthook = raised
    return complaints
