"""Ctrl+C in the terminal the program was started from closes its windows as one closes them by hand.

Python's own way, an exception wherever the program happens to be, would leave a painter open in the middle of a
picture, and the toolkit then ends in a segmentation fault.
"""

from __future__ import annotations

import signal
import socket
from types import FrameType

from PySide6.QtCore import QObject, QSocketNotifier, QTimer
from PySide6.QtWidgets import QApplication


class Interrupt(QObject):
    """From now on an interrupt closes all windows; `give_back` leaves it to Python again. On the main thread only."""

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._app = app
        # Python handles a signal when it runs next, and while nothing happens only the toolkit does: a byte wakes it.
        self._sent, self._heard = socket.socketpair()
        for end in (self._sent, self._heard):
            end.setblocking(False)
        self._notifier = QSocketNotifier(self._heard.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._drain)
        self._wakeup = signal.set_wakeup_fd(self._sent.fileno(), warn_on_full_buffer=False)
        self._before = signal.signal(signal.SIGINT, self._interrupted)

    def _drain(self) -> None:
        self._heard.recv(64)

    def _interrupted(self, _number: int, _frame: FrameType | None) -> None:
        QTimer.singleShot(0, self._app, self._app.closeAllWindows)

    def give_back(self) -> None:
        """Undo what was set up."""
        signal.signal(signal.SIGINT, self._before)
        signal.set_wakeup_fd(self._wakeup)
        self._notifier.setEnabled(False)
        self._sent.close()
        self._heard.close()
