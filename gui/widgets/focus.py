"""When a painted control shows its focus ring, and where the focus goes back to when what had it is gone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import shiboken6
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


def chain_of(focused: QWidget | None) -> list[QWidget]:
    """Where the focus is and all that is around it: an open editor of a cell is gone when one comes back."""
    chain: list[QWidget] = []
    while focused is not None:
        chain.append(focused)
        focused = focused.parentWidget()
    return chain


def first_to_focus(chain: Sequence[QWidget]) -> QWidget | None:
    """The first of a chain that still can take the focus."""
    return next((each for each in chain if _takes_focus(each)), None)


def _takes_focus(widget: QWidget) -> bool:
    if not shiboken6.isValid(widget) or not widget.isVisible() or not widget.isEnabled():
        return False
    return widget.focusPolicy() != Qt.FocusPolicy.NoFocus
