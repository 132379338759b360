"""What the tabs of a judging page share: the page they work for, and what its actions may ask of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QScrollArea, QWidget

if TYPE_CHECKING:
    from gui.pages.screening.judging import JudgingPage


_LINE = 50
_LEVELS = 3
LIST_KEYS = {"up": "previous", "down": "next"}
"""What up and down mean on a tab with a list of records."""


class JudgingTab(QWidget):
    """One tab. The page hands its actions to the tab in front; what a tab cannot do, it says it cannot."""

    def __init__(self, page: JudgingPage) -> None:
        super().__init__()
        self.page = page

    def reload(self) -> None:
        """Read the present state and show it."""
        raise NotImplementedError

    def panes(self) -> list[QWidget]:
        """The panes F6 goes through."""
        return []

    def leave(self) -> None:
        """Another tab or page comes to the front: keep what is typed."""

    def is_at_rest(self) -> bool:
        """Whether nothing typed waits to be kept."""
        return True

    # what the page's actions ask; `can` with the same words says whether they may be tried

    def can(self, what: str) -> bool:
        """Whether the action "include", "maybe", "exclude", "reason_3" ... makes sense now."""
        return False

    def do(self, what: str) -> None:
        """Do it."""
        raise NotImplementedError(what)

    def lay_out_now(self) -> None:
        """Give what was just shown its place before it is painted; left to itself, Qt takes a frame for each level."""
        for _ in range(_LEVELS):
            QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)

    def scroll_record(self, area: QScrollArea, what: str) -> None:
        """Scroll the record for "up", "down", "page_up" and "page_down"."""
        bar = area.verticalScrollBar()
        step = bar.pageStep() - _LINE if what.startswith("page") else _LINE
        bar.setValue(bar.value() + (step if what.endswith("down") else -step))
