"""What the tabs of a judging page share: the page they work for, and what its actions may ask of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from gui.pages.screening.judging import JudgingPage


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
