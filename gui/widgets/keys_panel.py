"""F1: the keys of this page, and whether single letters act."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QFrame, QGraphicsDropShadowEffect, QGridLayout, QWidget
from typing_extensions import override

from core.language import tr
from gui import theme
from gui.actions import GLOBAL, Action, is_single, key_here
from gui.settings import Settings
from gui.theme import Type
from gui.widgets.buttons import icon_button
from gui.widgets.fields import SegmentedControl
from gui.widgets.focus import chain_of, first_to_focus
from gui.widgets.keys import KeyCap
from gui.widgets.labels import Label, Line, section_label
from gui.widgets.panes import Scroll, column, paint_rounded, row

_WIDTH = 380
_HEAD = 28
_SHADOW_BLUR = 28
_SHADOW_DROP = 8
_STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_PageUp: -10, Qt.Key.Key_PageDown: 10}


def cast_shadow(panel: QWidget) -> None:
    """Let what lies over the page cast its shadow, as deep as the scheme in force wants it."""
    shadow = QGraphicsDropShadowEffect(panel)
    shadow.setBlurRadius(_SHADOW_BLUR)
    shadow.setOffset(0, _SHADOW_DROP)
    black = QColor(Qt.GlobalColor.black)
    black.setAlphaF(0.60 if theme.tokens().scheme == "dark" else 0.20)
    shadow.setColor(black)
    panel.setGraphicsEffect(shadow)


class Popover(QFrame):
    """A raised frame over the page that takes the focus; Esc closes it and gives the focus back."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("popover", True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._came_from: list[QWidget] = []
        self.hide()

    def open_at(self, corner: QPoint) -> None:
        """Show with the top left corner at `corner` of the parent."""
        self._came_from = chain_of(self.window().focusWidget())
        self.move(corner)
        cast_shadow(self)
        self.show()
        self.raise_()
        self.setFocus(Qt.FocusReason.PopupFocusReason)

    def close_popover(self) -> None:
        """Hide, and give the focus back to where it was."""
        target = first_to_focus(self._came_from)
        self.hide()
        if target is not None:
            target.setFocus(Qt.FocusReason.PopupFocusReason)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_popover()
            return
        super().keyPressEvent(event)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        paint_rounded(self, "raised", "outline")


class KeysPanel(Popover):
    """Lists actions with their keys: those of the page first."""

    def __init__(self, actions: Sequence[Action], settings: Settings, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Keys of this page"))
        self._settings = settings
        close = icon_button("x", tr("Close (Esc)"), small=True)
        close.clicked.connect(self.close_popover)
        content = QWidget()
        grid = QGridLayout(content)
        grid.setContentsMargins(0, 0, 12, 0)
        grid.setVerticalSpacing(6)
        self._fill(grid, actions)
        self._list = Scroll(content)
        modes = SegmentedControl((("on", tr("On")), ("alt", tr("With Alt")), ("off", tr("Off"))), tr("Single keys"))
        modes.set_current(settings.single_keys)
        modes.chosen.connect(self._set_mode)
        self.setLayout(
            column(
                row(Label(tr("Keys of this page"), Type.SECTION), None, close),
                self._list,
                Line(),
                row(Label(tr("Single keys"), Type.BODY, "muted"), None, modes),
                spacing=12,
                margins=(16, 14, 16, 14),
            )
        )
        self.resize(theme.scaled(_WIDTH), min(parent.height() - 80, content.sizeHint().height() + theme.scaled(130)))

    def _fill(self, grid: QGridLayout, actions: Sequence[Action]) -> None:
        line = 0
        for title, group in (
            (tr("On this page"), [a for a in actions if a.scope != GLOBAL and a.key]),
            (tr("Everywhere"), [a for a in actions if a.scope == GLOBAL and a.key]),
        ):
            if not group:
                continue
            grid.addWidget(section_label(title), line, 0, 1, 2, Qt.AlignmentFlag.AlignBottom)
            grid.setRowMinimumHeight(line, theme.scaled(_HEAD) if line else 0)
            line += 1
            for action in sorted(group, key=lambda a: not is_single(a.key)) if title == tr("On this page") else group:
                grid.addWidget(Label(action.text), line, 0)
                grid.addWidget(KeyCap(key_here(action, actions)), line, 1, Qt.AlignmentFlag.AlignRight)
                line += 1
        grid.setRowStretch(line, 1)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        lines = _STEPS.get(Qt.Key(event.key()))
        if lines is None:
            super().keyPressEvent(event)
            return
        bar = self._list.verticalScrollBar()
        bar.setValue(bar.value() + lines * theme.scaled(_HEAD))

    def _set_mode(self, mode: str) -> None:
        self._settings.single_keys = "alt" if mode == "alt" else "off" if mode == "off" else "on"
