"""Fields: a label above, the control, an error line below; combos that do not push panels wide; segmented control."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAccessible, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QComboBox,
    QLineEdit,
    QSizePolicy,
    QStyle,
    QStyleOptionComboBox,
    QStylePainter,
    QWidget,
)
from typing_extensions import override

from gui import icons, theme
from gui.theme import Type
from gui.widgets.labels import Label
from gui.widgets.messages import Glyph
from gui.widgets.panes import column, row

V = TypeVar("V")
_AROUND = 24
"""Border and padding left and right of the text of a field."""


def _mark_wrong(control: QWidget, wrong: bool) -> None:
    """Give a control the outline of an error, or take it off."""
    control.setProperty("error", wrong)
    control.style().unpolish(control)
    control.style().polish(control)


class Combo(QComboBox):
    """A combo box whose width is given by its place, not by its longest entry."""

    def __init__(
        self, entries: Sequence[tuple[str, object]] = (), name: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._whole = ""
        self._values: list[object] = []
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(60)
        self.setAccessibleName(name)
        self.set_entries(entries)

    def set_entries(self, entries: Sequence[tuple[str, object]]) -> None:
        """Replace the entries (text, value), keeping the current value when it is still there. Emits no change."""
        was = self.value()
        self.blockSignals(True)
        self.clear()
        # Kept here: Qt would hand a StrEnum back as the text it is.
        self._values = [value for _text, value in entries]
        self.addItems([text for text, _value in entries])
        self.set_value(was)
        self.blockSignals(False)

    def value(self) -> object:
        """The value of the current entry."""
        index = self.currentIndex()
        return self._values[index] if 0 <= index < len(self._values) else None

    def member(self, kind: type[V]) -> V | None:
        """The value of the current entry if it is one of `kind`, else None."""
        value = self.value()
        return value if isinstance(value, kind) else None

    def set_value(self, value: object) -> None:
        """Make the entry with `value` current, if there is one."""
        if value in self._values:
            self.setCurrentIndex(self._values.index(value))

    def set_error(self, wrong: bool) -> None:
        """Outline the combo as wrong, or as right again."""
        _mark_wrong(self, wrong)

    @override
    def event(self, event: QEvent) -> bool:
        """Alt+Down opens the list, as everywhere, also on pages where it is a shortcut."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            arrow = event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down)
            if arrow and event.modifiers() & Qt.KeyboardModifier.AltModifier:
                event.accept()
                return True
        return super().event(event)

    @override
    def paintEvent(self, e: QPaintEvent) -> None:
        """As Qt paints it, but a text that is too long ends in an ellipsis instead of being cut."""
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        painter = QStylePainter(self)
        complex_control, part = QStyle.ComplexControl.CC_ComboBox, QStyle.SubControl.SC_ComboBoxEditField
        painter.drawComplexControl(complex_control, option)
        room = self.style().subControlRect(complex_control, option, part, self).width() - 2
        shown = self.fontMetrics().elidedText(option.currentText, Qt.TextElideMode.ElideRight, room)
        if self.toolTip() in ("", self._whole):  # a tip that says something else stays
            self._whole = option.currentText if shown != option.currentText else ""
            self.setToolTip(self._whole)
        option.currentText = shown
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)
        painter.end()


class LineEdit(QLineEdit):
    """A line edit with a placeholder and an accessible name, and optionally an icon inside at the left."""

    def __init__(self, placeholder: str = "", name: str = "", *, icon: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setPlaceholderText(placeholder)
        self.setAccessibleName(name or placeholder)
        if icon:
            self.addAction(icons.icon(icon), QLineEdit.ActionPosition.LeadingPosition)
            self.setProperty("leading", True)  # Qt gives the icon room of its own

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        """A placeholder that is cut can be read in the tooltip, unless there is one that says more."""
        super().resizeEvent(event)
        hint = self.placeholderText()
        if self.toolTip() in ("", hint):
            self.setToolTip(hint if self.fontMetrics().horizontalAdvance(hint) > self.width() - _AROUND else "")

    def set_error(self, wrong: bool) -> None:
        """Outline the field as wrong, or as right again."""
        _mark_wrong(self, wrong)


class Field(QWidget):
    """A control under its label, with room for one line saying what is wrong with it."""

    def __init__(self, label: str, control: QWidget, hint: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.control = control
        self._label = Label(label, Type.SMALL_LABEL)
        self._label.setBuddy(control)
        if not control.accessibleName():
            control.setAccessibleName(label)
        self._sign = Glyph("circle-x", "danger", 14)
        self._error = Label("", Type.SMALL, "danger", wrap=True)
        self._below = QWidget()
        beside = row(self._sign, self._error, spacing=6)
        beside.setAlignment(self._sign, Qt.AlignmentFlag.AlignTop)
        self._below.setLayout(beside)
        self._below.hide()
        self._hint = Label(hint, Type.SMALL, "muted", wrap=True)
        if not hint:
            self._hint.hide()
        box = column(self._label, control, self._hint, self._below, spacing=4)
        box.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.setLayout(box)

    def set_error(self, text: str) -> None:
        """Say what is wrong; "" when nothing is."""
        self._error.setText(text)
        self._below.setVisible(bool(text))
        if isinstance(self.control, (LineEdit, Combo)):
            self.control.set_error(bool(text))

    def error(self) -> str:
        """What the field now says is wrong."""
        return self._error.text()


class SegmentedControl(QWidget):
    """Two to four exclusive views of one thing."""

    ACCESSIBLE_ROLE = QAccessible.Role.RadioButton

    chosen = Signal(str)

    _PADDING = 11

    def __init__(self, segments: Sequence[tuple[str, str]], name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._segments = list(segments)
        self._current = self._segments[0][0]
        self._name = name
        self._hover: str | None = None
        self.setMouseTracking(True)
        self.setProperty("movesByKeys", True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._announce()

    def current(self) -> str:
        """The id of the chosen segment."""
        return self._current

    def set_current(self, segment: str) -> None:
        """Choose a segment and say so."""
        if segment != self._current:
            self._current = segment
            self._announce()
            self.update()
            self.chosen.emit(segment)

    def segment_rect(self, segment: str) -> QRect:
        """Where a segment stands, in this widget's coordinates."""
        return dict(self._rects())[segment]

    def _announce(self) -> None:
        self.setAccessibleName(f"{self._name}: {dict(self._segments)[self._current]}")

    def _rects(self) -> list[tuple[str, QRect]]:
        result: list[tuple[str, QRect]] = []
        x = 2
        for segment, text in self._segments:
            width = theme.metrics(Type.SMALL_STRONG).horizontalAdvance(text) + 2 * self._PADDING
            result.append((segment, QRect(x, 2, width, theme.scaled(26) - 4)))
            x += width
        return result

    @override
    def sizeHint(self) -> QSize:
        return QSize(self._rects()[-1][1].right() + 3, theme.scaled(26))

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        hit = self._at(event.position().toPoint())
        if hit is not None:
            self.set_current(hit)

    def _at(self, point: QPoint) -> str | None:
        return next((segment for segment, rect in self._rects() if rect.contains(point)), None)

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover = self._at(event.position().toPoint())
        self.update()

    @override
    def leaveEvent(self, event: QEvent) -> None:
        self._hover = None
        self.update()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
            return
        ids = [segment for segment, _ in self._segments]
        self.set_current(ids[(ids.index(self._current) + step) % len(ids)])

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("hover" if theme.tokens().scheme == "light" else "window"))
        painter.drawRoundedRect(QRectF(self.rect()), 6, 6)
        for (segment, rect), (_, text) in zip(self._rects(), self._segments, strict=True):
            current = segment == self._current
            if current:
                painter.setPen(
                    QPen(theme.color("focus"), theme.focus_width())
                    if self.hasFocus()
                    else QPen(theme.color("outline"), 1)
                )
                painter.setBrush(theme.color("raised"))
                painter.drawRoundedRect(QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5), 5, 5)
            painter.setFont(theme.font(Type.SMALL_STRONG if current else Type.SMALL_LABEL))
            ink = "text" if current or segment == self._hover else "muted"
            painter.setPen(theme.color(ink if self.isEnabled() else "disabled"))
            painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, text)
        painter.end()
