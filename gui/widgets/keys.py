"""Key-caps: how a shortcut is written, and the small outlined key that stands inside buttons and beside labels."""

from __future__ import annotations

import sys
from enum import Enum

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from core.language import mark, tr
from gui import theme
from gui.theme import Type

_SIGNS = {"Shift": "⇧", "Return": "↵", "Enter": "↵", "Left": "←", "Right": "→", "Up": "↑", "Down": "↓"}
_NAMES = {
    "Ctrl": mark("Ctrl"),
    "PgUp": mark("PgUp"),
    "PgDown": mark("PgDown"),
    "Home": mark("Home"),
    "End": mark("End"),
    "Space": mark("Space"),
    "Del": mark("Del"),
}
"""What keyboards have another word on in other languages."""
_MAC_SIGNS = {"Ctrl": "⌘", "Alt": "⌥", "Meta": "⌃"}
_PADDING = 5


class CapTone(Enum):
    """What the key-cap stands on: tokens of its outline and its text."""

    PLAIN = ("outline", "muted")
    ON_ACCENT = ("on_accent", "on_accent")
    INCLUDE = ("include_border", "include")
    EXCLUDE = ("exclude_border", "exclude")
    MAYBE = ("maybe_border", "maybe")
    DISABLED = ("border", "disabled")


def cap_text(shortcut: str) -> str:
    """`Ctrl+Shift+I` as it stands on a key-cap: `Ctrl ⇧ I`."""
    signs = _SIGNS | _MAC_SIGNS if sys.platform == "darwin" else _SIGNS
    keys = ["+"] if shortcut == "+" else [key for key in shortcut.replace("++", "+Plus").split("+") if key]
    return " ".join(signs.get(key) or ("+" if key == "Plus" else tr(_NAMES.get(key, key))) for key in keys)


def cap_size(text: str) -> QSize:
    """The size of a key-cap with `text` (already in key-cap form)."""
    height = theme.scaled(18)
    return QSize(max(height, theme.metrics(Type.CAPTION).horizontalAdvance(text) + 2 * _PADDING), height)


def paint_cap(painter: QPainter, rect: QRect, text: str, tone: CapTone = CapTone.PLAIN) -> None:
    """Draw a key-cap filling `rect`."""
    outline, ink = (theme.color(name) for name in tone.value)
    if tone is CapTone.ON_ACCENT:
        outline = QColor(outline)
        outline.setAlphaF(0.45)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(outline, 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
    painter.setPen(ink)
    face = theme.font(Type.CAPTION)
    face.setWeight(face.Weight.Medium)
    painter.setFont(face)
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, text)
    painter.restore()


class KeyCap(QWidget):
    """A key-cap on its own, for lists of keys."""

    def __init__(self, shortcut: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = cap_text(shortcut)
        self.setAccessibleName(shortcut)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    @override
    def sizeHint(self) -> QSize:
        return cap_size(self._text)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_cap(painter, self.rect(), self._text)
        painter.end()
