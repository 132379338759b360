"""Buttons: primary, default, quiet, danger, the three decisions, icon only. The key-cap is part of the button."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QMenu, QPushButton, QSizePolicy, QWidget
from typing_extensions import override

from gui import icons, theme
from gui.theme import Type
from gui.widgets.focus import FocusRing
from gui.widgets.keys import CapTone, cap_size, cap_text, paint_cap

_ICON = 16
_RADIUS = 5


class Kind(Enum):
    """What a button is for. One primary button per page; dangerous is never the default."""

    PRIMARY = "primary"
    DEFAULT = "default"
    QUIET = "quiet"
    DANGER = "danger"
    INCLUDE = "include"
    EXCLUDE = "exclude"
    MAYBE = "maybe"

    @property
    def is_decision(self) -> bool:
        """Decisions are 40 high and keep their tint while chosen."""
        return self in (Kind.INCLUDE, Kind.EXCLUDE, Kind.MAYBE)


class Button(FocusRing, QPushButton):
    """A painted push button. `key` is the shortcut shown on its key-cap (it does not install the shortcut); a chevron
    tells that it `opens` something below it, as one with a menu does."""

    def __init__(
        self,
        text: str = "",
        *,
        icon: str = "",
        kind: Kind = Kind.DEFAULT,
        key: str = "",
        tip: str = "",
        small: bool = False,
        height: int | None = None,
        menu: QMenu | None = None,
        opens: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._icon_name = icon
        self._kind = kind
        self._cap = cap_text(key) if key else ""
        self._height = height or (40 if kind.is_decision else 24 if small else 28)
        self._key = key
        self._loading = False
        self._opens = opens
        self._label = ""
        self.set_label(text)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setToolTip(tip or (f"{text} ({cap_text(key)})" if key and not text else ""))
        if not text and tip:
            self.setAccessibleName(tip)
        if menu is not None:
            self.setMenu(menu)

    def set_label(self, text: str) -> None:
        """Change the text; the accessible name follows, with the key."""
        self._label = text
        self.setText(text.replace("&", "&&"))
        if text:
            self.setAccessibleName(f"{text} ({self._key})" if self._key else text)
        self.updateGeometry()

    def set_icon_name(self, name: str) -> None:
        """Change the icon ("" for none)."""
        self._icon_name = name
        self.updateGeometry()
        self.update()

    def set_kind(self, kind: Kind) -> None:
        """Change what the button stands for; its height stays."""
        self._kind = kind
        self.update()

    def set_opens(self, opens: bool) -> None:
        """Whether a chevron tells that something opens below."""
        self._opens = opens
        self.updateGeometry()
        self.update()

    @property
    def _has_chevron(self) -> bool:
        return self._opens or self.menu() is not None

    def set_loading(self, loading: bool) -> None:
        """Disabled, with a ring in place of the icon, while its work runs."""
        self._loading = loading
        self.setDisabled(loading)
        self.updateGeometry()
        self.update()

    # size

    def _face(self) -> Type:
        return Type.STRONG if self._kind.is_decision else Type.LABEL

    def _parts_width(self) -> int:
        width = QFontMetrics(theme.font(self._face())).horizontalAdvance(self._label)
        if self._icon_name or self._loading:
            width += _ICON + (6 if self._label else 0)
        if self._cap:
            width += cap_size(self._cap).width() + 8
        if self._has_chevron:
            width += 14 + 4
        return width

    @override
    def sizeHint(self) -> QSize:
        height = theme.scaled(self._height)
        only_icon = not self._label and not self._cap and not self._has_chevron
        padding = 18 if self._kind.is_decision else 10
        return QSize(height if only_icon else self._parts_width() + 2 * padding, height)

    @override
    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    # paint

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        look = self._look()
        box = QRectF(self.rect())
        if self.shows_ring:
            painter.setPen(QPen(theme.color("focus"), theme.focus_width()))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), _RADIUS, _RADIUS)
            box = box.adjusted(3, 3, -3, -3) if self._kind is Kind.PRIMARY else box.adjusted(2, 2, -2, -2)
            look = _Look(look.fill, None, look.ink, look.cap)
        painter.setPen(QPen(look.edge, 1) if look.edge else Qt.PenStyle.NoPen)
        painter.setBrush(look.fill if look.fill else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), _RADIUS, _RADIUS)
        self._paint_contents(painter, look)
        painter.end()

    def _look(self) -> _Look:
        held = self.isDown()
        over = self.underMouse() and self.isEnabled()
        if not self.isEnabled():
            fill = None if self._kind is Kind.QUIET else theme.color("sunken")
            edge = None if self._kind is Kind.QUIET else theme.color("border")
            return _Look(fill, edge, theme.color("disabled"), CapTone.DISABLED)
        if self._kind is Kind.PRIMARY:
            fill = "accent_press" if held else "accent_hover" if over else "accent"
            return _Look(theme.color(fill), None, theme.color("on_accent"), CapTone.ON_ACCENT)
        if self._kind.is_decision:
            name = self._kind.value
            chosen = held or over or self.isChecked()
            edge = theme.color(name) if held or self.isChecked() else theme.color(f"{name}_border")
            fill = theme.color(f"{name}_soft" if chosen else "raised")
            return _Look(fill, edge, theme.color(name), CapTone[name.upper()])
        if self._kind is Kind.DANGER:
            fill = theme.color("danger_soft" if held or over else "raised")
            edge = theme.color("danger" if held else "danger_border")
            return _Look(fill, edge, theme.color("danger"), CapTone.PLAIN)
        if self.isChecked():
            return _Look(theme.color("accent_soft"), theme.color("accent_border"), theme.color("text"), CapTone.PLAIN)
        state = "press" if held else "hover" if over else None
        if self._kind is Kind.QUIET:
            return _Look(theme.color(state) if state else None, None, theme.color("text"), CapTone.PLAIN)
        return _Look(theme.color(state or "raised"), theme.color("outline"), theme.color("text"), CapTone.PLAIN)

    def _paint_contents(self, painter: QPainter, look: _Look) -> None:
        x = (self.width() - self._parts_width()) // 2
        middle = self.height() // 2
        name = "loader" if self._loading else self._icon_name
        if name:
            icons.paint(painter, name, QRect(x, middle - _ICON // 2, _ICON, _ICON), self._icon_ink(look))
            x += _ICON + 6
        if self._label:
            face = theme.font(self._face())
            painter.setFont(face)
            painter.setPen(look.ink)
            width = QFontMetrics(face).horizontalAdvance(self._label)
            painter.drawText(QRect(x, 0, width + 2, self.height()), Qt.AlignmentFlag.AlignVCenter, self._label)
            x += width
        if self._cap:
            size = cap_size(self._cap)
            x += 8
            paint_cap(painter, QRect(x, middle - size.height() // 2, size.width(), size.height()), self._cap, look.cap)
            x += size.width()
        if self._has_chevron:
            icons.paint(painter, "chevron-down", QRect(x + 4, middle - 7, 14, 14), look.ink)

    def _icon_ink(self, look: _Look) -> QColor:
        only_icon = not self._label and self._kind in (Kind.QUIET, Kind.DEFAULT) and self.isEnabled()
        return theme.color("muted") if only_icon and not self.isChecked() else look.ink


@dataclass(frozen=True)
class _Look:
    """What one state of a button paints with."""

    fill: QColor | None
    edge: QColor | None
    ink: QColor
    cap: CapTone


def icon_button(icon: str, tip: str, *, small: bool = False, parent: QWidget | None = None) -> Button:
    """A quiet button with an icon only; `tip` is its tooltip and accessible name."""
    return Button(icon=icon, kind=Kind.QUIET, tip=tip, small=small, parent=parent)
