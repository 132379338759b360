"""Finds what is to be explained and shows it: what has the focus, else what the pointer is on, else the list."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QWidget

from core.explain import find
from gui.explaining import spot_of, topic_of, under_pointer
from gui.explanations.panel import ExplainPanel


class Explainer:
    """One for a window; at most one explanation is open."""

    def __init__(self, window: QWidget) -> None:
        self._window = window
        self.panel: ExplainPanel | None = None

    def ask(self, page: str, focused: QWidget | None, pointer: QPoint | None = None) -> None:
        """Explain what is meant, on the page with this id; again closes the explanation.

        `focused` has the focus; where it says nothing, what lies under the pointer does (`pointer` for tests).
        """
        if self.close():
            return
        place = QCursor.pos() if pointer is None else pointer
        hovered = under_pointer(self._window, place)
        for widget, at in ((focused, None), (hovered, place)):
            found = find(topic_of(widget, at)) if widget is not None else None
            if widget is not None and found is not None:
                self._open(page, spot_of(widget, self._window) if at is None else _around(widget, at, self._window))
                assert self.panel is not None
                self.panel.show_topic(found.id)
                self.panel.open()
                return
        self.show_list(page, focused)

    def show_topic(self, page: str, topic_id: str) -> None:
        """Show one explanation, beside nothing in particular."""
        self.close()
        self._open(page, self._corner())
        assert self.panel is not None
        self.panel.show_topic(topic_id)
        self.panel.open()

    def show_list(self, page: str, beside: QWidget | None = None) -> None:
        """Show all explanations, those of the page first; below `beside` where that is a small thing."""
        self.close()
        spot = spot_of(beside, self._window) if beside is not None else QRect()
        self._open(page, spot if 0 < spot.height() < self._window.height() // 4 else self._corner())
        assert self.panel is not None
        self.panel.show_list()
        self.panel.open()

    def close(self) -> bool:
        """Close what is open; whether something was."""
        panel = self.panel
        if panel is None:
            return False
        panel.close_popover()
        return True

    def _open(self, page: str, spot: QRect) -> None:
        self.panel = ExplainPanel(page, spot, self._window)
        self.panel.closed.connect(self._forget)

    def _forget(self) -> None:
        self.panel = None

    def _corner(self) -> QRect:
        """The right end of the page's header."""
        return QRect(self._window.width() - 44, 52, 28, 28)


def _around(widget: QWidget, place: QPoint, window: QWidget) -> QRect:
    """What lies under the pointer, of something large the place itself."""
    spot = spot_of(widget, window)
    if spot.height() < window.height() // 4:
        return spot
    here = window.mapFromGlobal(place)
    return QRect(here.x() - 12, here.y() - 12, 24, 24)
