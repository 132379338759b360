"""Where the keyboard is: focus rings, tooltips, and where the focus goes back to when what had it is gone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import shiboken6
from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QApplication, QToolTip, QWidget

_TIP_AFTER_MS = 700
_BY_KEYBOARD = (
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.ShortcutFocusReason,
)


class FocusTips(QObject):
    """Shows the tooltip of what the keyboard has come to in a window, as the pointer would: it names the key too."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._shown_for: QWidget | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_TIP_AFTER_MS)
        self._timer.timeout.connect(self._show)
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self._moved)

    def _moved(self, _old: QWidget | None, _new: QWidget | None) -> None:
        if self._shown_for is not None:
            QToolTip.hideText()
            self._shown_for = None
        self._timer.start()

    def _show(self) -> None:
        focused = QApplication.focusWidget()
        if focused is None or focused.window() is not self._window or not getattr(focused, "shows_ring", False):
            return
        if focused.toolTip():
            self._shown_for = focused
            QToolTip.showText(focused.mapToGlobal(focused.rect().bottomLeft()), focused.toolTip(), focused)


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
