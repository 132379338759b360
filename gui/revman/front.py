"""A review of another program, in front of what a window shows until it is opened or given up."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QStackedWidget

from gui.actions import Registry
from gui.pages.base import Ask
from gui.settings import Settings

if TYPE_CHECKING:
    from core.interchange.verify import Verification
    from core.review import Review
    from gui.revman.arrival_page import ArrivalPage

SUFFIXES = (".rm5", ".zip", ".mtv")
"""Files that can be nothing but a review of another program."""
TABLES = (".csv", ".tsv", ".txt", ".xlsx")
"""Tables of analyses, of studies or of search results: only their content tells (`work.reviews_among`)."""


def is_review_file(path: Path) -> bool:
    """Whether the file is a review of another program, by its name alone."""
    return path.suffix.lower() in SUFFIXES


def may_be_review_file(path: Path) -> bool:
    """Whether the file may be a review of another program, which its content tells."""
    return path.suffix.lower() in TABLES


class ArrivalFront:
    """See the module. `entered` gets the review that was made and what came of the check (None while it was not done),
    `back` puts what was in front before there again."""

    def __init__(
        self,
        stack: QStackedWidget,
        settings: Settings,
        registry: Registry,
        ask: Ask,
        entered: Callable[[Review, Verification | None], None],
        back: Callable[[], None],
    ) -> None:
        self._stack, self._settings, self._registry, self._ask = stack, settings, registry, ask
        self._entered, self._back = entered, back
        self.page: ArrivalPage | None = None

    def show(self, path: Path) -> None:
        """Read the file at `path` and show what it holds; a file that is shown already stays as it is."""
        path = path.absolute()
        if self.page is not None and self.page.path == path and not self.page.failed:
            self.bring()
            return
        # Imported here: most windows never show one.
        from gui.revman.arrival_page import ArrivalPage

        self.leave()
        self.page = page = ArrivalPage(path, self._settings, self._ask)
        page.left.connect(self.give_up)
        page.made.connect(self._enter)
        self._stack.addWidget(page)
        self._registry.set_scope("")
        self.bring()
        page.start()

    def bring(self) -> None:
        """Put the page in front again."""
        if self.page is not None:
            self._stack.setCurrentWidget(self.page)
            self.page.take_focus()

    def is_making(self) -> bool:
        """Whether a review is just being made."""
        return self.page is not None and self.page.is_making

    def build_anew(self) -> None:
        """Lay the page out again, for another size of text; what was typed stays."""
        old = self.page
        if old is not None and not old.is_making:
            typed = old.form.typed()
            self.leave()
            self.show(old.path)
            self.page.form.take(typed)  # type: ignore[union-attr]

    def leave(self) -> None:
        """Take the page away; nothing is waited for."""
        page, self.page = self.page, None
        if page is not None:
            self._stack.removeWidget(page)
            page.close_page()

    def give_up(self) -> None:
        """Back to what was in front before; the file stays as it is."""
        if self.page is not None:
            self.leave()
            self._back()

    def _enter(self, review: Review, verification: Verification | None) -> None:
        self.leave()
        self._entered(review, verification)
