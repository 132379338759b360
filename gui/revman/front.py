"""A review of another program, in front of what a window shows until it is opened or given up."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QStackedWidget

from gui.pages.base import Ask
from gui.settings import Settings

if TYPE_CHECKING:
    from core.review import Review
    from gui.revman.arrival_page import ArrivalPage

SUFFIXES = (".rm5", ".zip", ".mtv")
"""Files that can be nothing but a review of another program; a .csv is looked into (`is_review_file`)."""

_TABLES = (".csv", ".tsv", ".txt", ".xlsx")


def is_review_file(path: Path) -> bool:
    """Whether the file is a review of another program, or a table of studies: by its name, a table by its first
    lines."""
    if path.suffix.lower() in SUFFIXES:
        return True
    if path.suffix.lower() not in _TABLES:
        return False
    from core.interchange import mapping
    from core.interchange.formats import recognised

    return recognised(path) or mapping.recognise(path)


def may_be_review_file(path: Path) -> bool:
    """Whether somebody who opens the file means a review of another program: also a table of which the headings do not
    say that it is of studies."""
    return path.suffix.lower() in (*SUFFIXES, *_TABLES)


class ArrivalFront:
    """See the module. `entered` gets the review that was made, `back` puts what was in front before there again."""

    def __init__(
        self,
        stack: QStackedWidget,
        settings: Settings,
        ask: Ask,
        entered: Callable[[Review], None],
        back: Callable[[], None],
    ) -> None:
        self._stack, self._settings, self._ask = stack, settings, ask
        self._entered, self._back = entered, back
        self.page: ArrivalPage | None = None

    def show(self, path: Path) -> None:
        """Read the file at `path` and show what it holds."""
        # Imported here: most windows never show one.
        from gui.revman.arrival_page import ArrivalPage

        self.leave()
        self.page = page = ArrivalPage(path, self._settings, self._ask)
        page.left.connect(self._give_up)
        page.made.connect(self._enter)
        self._stack.addWidget(page)
        self._stack.setCurrentWidget(page)
        page.start()

    def leave(self) -> None:
        """Take the page away."""
        page, self.page = self.page, None
        if page is not None:
            page.close_page()
            self._stack.removeWidget(page)
            page.deleteLater()

    def _give_up(self) -> None:
        self.leave()
        self._back()

    def _enter(self, review: Review) -> None:
        self.leave()
        self._entered(review)
