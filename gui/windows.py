"""The open windows of this program: each shows one review at most, and no review is shown twice."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication

from gui.recovery import OpenReviews

if TYPE_CHECKING:
    from gui.main_window import MainWindow


class Windows:
    """See the module. Windows enter when they are made and leave when they are closed."""

    def __init__(self) -> None:
        self._open: list[MainWindow] = []
        self._account: OpenReviews | None = None

    def keep_account(self, account: OpenReviews) -> None:
        """Note there from now on which reviews are open."""
        self._account = account
        self.note()

    def note(self) -> None:
        """A review was opened or closed."""
        if self._account is not None:
            self._account.note([path for window in self._open if (path := window.open_path()) is not None])

    def enter(self, window: MainWindow) -> None:
        """A window was made."""
        self._open.append(window)

    def leave(self, window: MainWindow) -> None:
        """A window was closed."""
        if window in self._open:
            self._open.remove(window)
            self.note()

    def all(self) -> list[MainWindow]:
        """The open windows, the oldest first."""
        return list(self._open)

    def showing(self, review: Path) -> MainWindow | None:
        """The window in which the file `review` is open or being opened."""
        wanted = review.resolve()
        for window in self._open:
            shown = window.review_path()
            if shown is not None and shown.resolve() == wanted:
                return window
        return None

    def in_front(self) -> MainWindow | None:
        """The window one works in; the newest when none is active."""
        active = QApplication.activeWindow()
        front = [window for window in self._open if window is active]
        return (front or self._open[-1:] or [None])[0]
