"""When a painted control shows its focus ring: only when the keyboard brought the focus."""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import Qt
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QWidget

_BY_KEYBOARD = (
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.ShortcutFocusReason,
)


class FocusRing:
    """Mixed into a widget, before its Qt class: `shows_ring` says whether to paint the ring."""

    _ring = False

    @property
    def shows_ring(self) -> bool:
        """Whether the focus ring is to be painted now."""
        return self._ring and cast("QWidget", self).hasFocus()

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """Remember what brought the focus; coming back to the window changes nothing."""
        if event.reason() != Qt.FocusReason.ActiveWindowFocusReason:
            self._ring = event.reason() in _BY_KEYBOARD
        super().focusInEvent(event)  # pyright: ignore[reportAttributeAccessIssue] - the Qt class comes next
